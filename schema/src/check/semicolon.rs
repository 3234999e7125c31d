//! RC209: two statements with no semicolon between them. The server takes them for one and refuses it; the splitter, which
//! knows no grammar, does so, too. Looked for is a line that begins as DDL does, in a statement that can hold no such line.

use revchain_core::sql::{Lexer, Token, TokenKind};
use revchain_core::{Code, Dialect, Severity};

use super::hits::Hit;
use super::walk::Statement;
use crate::change::Part;

/// What is said of the words before which one is missing.
pub(super) fn hit(statement: &Statement<'_>, words: Part) -> Hit {
    let shown = statement.text.get(words.0..words.1).unwrap_or_default().to_uppercase();
    Hit {
        code: Code::MissingSemicolon,
        severity: Severity::Error,
        span: statement.span(words),
        message: format!("a semicolon is missing before this `{shown}`"),
        label: String::new(),
        also: Vec::new(),
        help: "end the statement above with `;`".to_owned(),
    }
}

/// The first words of a second statement.
pub(super) fn missing_before(statement: &str, dialect: Dialect) -> Option<Part> {
    // Most statements are told by a look at where their lines begin.
    if !has_line_of_ddl(statement) {
        return None;
    }
    let mut tokens = Vec::new();
    let mut lexer = Lexer::new(statement, dialect);
    while let Some(token) = lexer.next_significant() {
        tokens.push(token);
    }
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token: &Token| token.is_word(statement, word));
    let is_any = |at: usize, words: &[&str]| words.iter().any(|word| is(at, word));
    let unique = 1 + usize::from(is(1, "UNIQUE"));
    let alters = is(0, "ALTER") && is(1, "TABLE");
    let holds_none = alters
        || is(0, "CREATE") && (is(1, "TABLE") || is(unique, "INDEX"))
        || is(0, "DROP") && is_any(1, &["TABLE", "INDEX", "VIEW", "TYPE", "SEQUENCE"])
        || is_any(0, &["INSERT", "UPDATE", "DELETE"]);
    if !holds_none {
        return None;
    }
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        match token.text(statement) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let before = tokens.get(at - 1).map_or(0, |before| before.end);
        let gap = statement.get(before..token.start).unwrap_or_default();
        let follows_comma = tokens.get(at - 1).is_some_and(|before| before.text(statement) == ",");
        if depth > 0 || token.kind != TokenKind::Word || !gap.contains('\n') || follows_comma {
            continue;
        }
        let second = at + 1;
        let begins = match () {
            () if is(at, "CREATE") => {
                is_any(second, &["TABLE", "VIEW", "TYPE", "SEQUENCE", "TRIGGER", "FUNCTION"])
                    || is(second + usize::from(is(second, "UNIQUE")), "INDEX")
            }
            () if is_any(at, &["ALTER", "DROP"]) => {
                // `ALTER TABLE t DROP INDEX i` is one statement of MySQL's.
                is_any(second, &["TABLE", "VIEW", "TYPE", "SEQUENCE"]) || is(second, "INDEX") && !alters
            }
            () => false,
        };
        if begins {
            return Some((token.start, tokens.get(second).map_or(token.end, |token| token.end)));
        }
    }
    None
}

/// Whether a line behind the first begins as DDL does. By hand, letter by letter: asked of every statement, in builds without
/// optimisation.
fn has_line_of_ddl(statement: &str) -> bool {
    let bytes = statement.as_bytes();
    if !bytes.contains(&b'\n') {
        return false;
    }
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\n' {
            at += 1;
            continue;
        }
        at += 1;
        while at < bytes.len() && (bytes[at] == b' ' || bytes[at] == b'\t') {
            at += 1;
        }
        let Some(line) = statement.get(at..).filter(|line| !line.is_empty()) else { return false };
        let begins = match bytes[at] {
            b'!'..=b'~' => begins(line),
            // Another blank, or none.
            _ => line.lines().next().is_some_and(|line| begins(line.trim_start())),
        };
        if begins {
            return true;
        }
    }
    false
}

/// Whether a line begins as DDL does.
fn begins(line: &str) -> bool {
    let ddl = match line.as_bytes().first() {
        Some(b'a' | b'A') => "ALTER ",
        Some(b'c' | b'C') => "CREATE ",
        Some(b'd' | b'D') => "DROP ",
        _ => return false,
    };
    line.get(..ddl.len()).is_some_and(|start| start.eq_ignore_ascii_case(ddl))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_statements_are_told_from_one() {
        for (dialect, statement, second) in [
            (Dialect::Postgres, "ALTER TABLE c DROP COLUMN x\nALTER TABLE c DROP COLUMN y", Some("ALTER TABLE")),
            (Dialect::Postgres, "create index i on c (id)\n  create unique index j on c (id)", Some("create unique")),
            (Dialect::Postgres, "DROP INDEX a\n-- and the other\nDROP INDEX b", Some("DROP INDEX")),
            (Dialect::Mysql, "CREATE TABLE a (id INT)\nCREATE TABLE b (id INT)", Some("CREATE TABLE")),
            (Dialect::Sqlite, "UPDATE a SET b = 1\nDROP TABLE c", Some("DROP TABLE")),
            (Dialect::Mysql, "ALTER TABLE t\n  DROP INDEX i,\n  DROP INDEX j", None),
            (Dialect::Mysql, "ALTER TABLE t\nALTER INDEX i INVISIBLE", None),
            (Dialect::Postgres, "ALTER TABLE t\n  ALTER COLUMN a DROP NOT NULL,\n  DROP CONSTRAINT c", None),
            (Dialect::Postgres, "CREATE SCHEMA s\nCREATE TABLE t (a int)", None),
            (Dialect::Postgres, "CREATE FUNCTION f() RETURNS void AS $$\nDROP TABLE a\n$$ LANGUAGE sql", None),
            (Dialect::Sqlite, "INSERT INTO log VALUES ('x\nDROP TABLE a')", None),
            (Dialect::Sqlite, "CREATE TABLE a (\nb INT,\n\"drop\" INT\n)", None),
            (Dialect::Postgres, "DROP TABLE a", None),
        ] {
            let found = missing_before(statement, dialect).and_then(|(start, end)| statement.get(start..end));
            assert_eq!(found, second, "{statement}");
        }
    }
}
