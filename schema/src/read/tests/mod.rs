//! Statements, and what is read in them. Names are shown without their places.

mod blocks;
mod effects;
mod objects;
mod relations;

use proptest::prelude::*;
use revchain_core::Dialect;

use super::{Reading, Touches, read};

/// A reading in few words.
fn shown(sql: &str, dialect: Dialect) -> String {
    match read(sql, dialect) {
        Reading::Neutral => "neutral".to_owned(),
        Reading::Call(name) => format!("calls {name}"),
        Reading::Refused(refusal) => refusal.message,
        Reading::Rows(rows) => format!("rows of {}", rows.table.name),
        Reading::Opaque(Touches::Anything) => "anything".to_owned(),
        Reading::Opaque(Touches::Calls(names)) => {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            format!("calls {}", names.join(" "))
        }
        Reading::Opaque(Touches::More(names)) => {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            format!("touches {}and more", names.iter().map(|name| format!("{name} ")).collect::<String>())
        }
        Reading::Opaque(Touches::Objects(names)) => {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            format!("touches {}", names.join(" "))
        }
        Reading::Known { changes, unknown } => {
            let mut shown: Vec<String> = changes.iter().map(|change| without_parts(&format!("{change:?}"))).collect();
            shown.extend(unknown.iter().map(|(start, end)| format!("unknown {}", &sql[*start..*end])));
            shown.join("; ")
        }
    }
}

fn without_parts(debug: &str) -> String {
    let mut text = debug.replace("Named { name: ", "");
    while let Some(start) = text.find(", part: (") {
        let Some(end) = text[start..].find(") }").map(|end| start + end + 3) else { break };
        if text[start..end].contains("table:") {
            text.replace_range(start..start + 9, ", at: (");
        } else {
            text.replace_range(start..end, "");
        }
    }
    text
}

fn check(table: &[(Dialect, &str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(dialect, sql, expected)| {
            let found = shown(sql, *dialect);
            (found != *expected).then(|| format!("{sql}\n  found    {found}\n  expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn has(table: &[(Dialect, &str, &[&str])]) {
    for (dialect, sql, parts) in table {
        let found = shown(sql, *dialect);
        for part in *parts {
            assert!(found.contains(part), "{sql}\n  found {found}\n  lacks {part}");
        }
        assert!(!found.contains("unknown "), "{sql}\n  found {found}");
    }
}

/// Words and marks that statements are made of.
const WORDS: &[&str] = &[
    "CREATE",
    "ALTER",
    "DROP",
    "RENAME",
    "COMMENT",
    "ON",
    "TABLE",
    "INDEX",
    "UNIQUE",
    "VIEW",
    "MATERIALIZED",
    "TYPE",
    "AS",
    "ENUM",
    "DOMAIN",
    "SEQUENCE",
    "SCHEMA",
    "SET",
    "search_path",
    "TO",
    "=",
    "SELECT",
    "INTO",
    "FROM",
    "WITH",
    "FUNCTION",
    "PROCEDURE",
    "AGGREGATE",
    "TRIGGER",
    "POLICY",
    "RULE",
    "EVENT",
    "STATISTICS",
    "EXTENSION",
    "IF",
    "NOT",
    "EXISTS",
    "OR",
    "REPLACE",
    "TEMP",
    "VIRTUAL",
    "USING",
    "ADD",
    "VALUE",
    "COLUMN",
    "CONSTRAINT",
    "CHECK",
    "DEFAULT",
    "NULL",
    "DO",
    "BEGIN",
    "END",
    "THEN",
    "ELSE",
    "LOOP",
    "EXCEPTION",
    "WHEN",
    "EXECUTE",
    "PERFORM",
    "CASE",
    "DEFINER",
    "ALGORITHM",
    "IN",
    "OUT",
    "RETURNS",
    "RETURN",
    "READS",
    "SQL",
    "DATA",
    "SECURITY",
    "RESTART",
    "INCREMENT",
    "OWNED",
    "BY",
    "NO",
    "CASCADE",
    "set_config",
    "create_hypertable",
    "'search_path'",
    "'a'",
    "'",
    "$$",
    "$$ BEGIN",
    "END $$",
    "(",
    ")",
    "(",
    ")",
    ",",
    ".",
    ";",
    "a",
    "t",
    "public",
    "\"Q\"",
    "`q`",
    "[q]",
    "1",
    "-",
    "*",
    "@",
    ":",
    "/*!50001",
    "*/",
    "--",
    "é",
];

proptest! {
    #[test]
    fn never_panics_on_any_text(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for dialect in Dialect::ALL {
            let _ = read(&text, dialect);
            let _ = read(&String::from_utf8_lossy(&bytes), dialect);
        }
    }

    #[test]
    fn never_panics_on_shuffled_words(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.join(" ");
        for dialect in Dialect::ALL {
            let _ = read(&text, dialect);
            for first in ["CREATE", "ALTER", "DROP", "SELECT", "COMMENT ON", "DO $$ BEGIN"] {
                let _ = read(&format!("{first} {text}"), dialect);
            }
        }
    }
}
