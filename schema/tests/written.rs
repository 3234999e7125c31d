//! What is written, read again and replayed, is the same schema: of statements that people would write, in any order.

mod statements;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use revchain_core::{Dialect, Sources, chain};
use revchain_schema::write::{Piece, script};
use revchain_schema::{Object, Schema, compare, replay};

static STATEMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut all = statements::all();
    // Bodies were cut at their first semicolon.
    let has_body =
        |text: &str| ["FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "$"].iter().any(|word| text.contains(word));
    all.retain(|text| (text.starts_with("CREATE") || text.starts_with("ALTER")) && !has_body(text));
    all
});

/// The schema that statements lead to, whatever is wrong with them.
fn replayed(sql: &str, dialect: Dialect) -> Option<Schema> {
    let mut sources = Sources::default();
    let config = format!("dialects = [\"{}\"]\n[check]\nRC2 = 'off'\n", dialect.name());
    sources.add("revchain.toml", "revchain.toml", config.into_bytes());
    let text = format!("-- m\n-- revision: a1\n-- down_revision: base\n-- @upgrade\n{sql}\n-- @downgrade\n");
    sources.add("versions/a1.sql", "versions/a1.sql", text.into_bytes());
    let (chain, _) = chain::verify(&sources);
    Some(replay(&sources, &chain?, dialect, Some(0)))
}

/// Whether a statement has no words that only other databases know.
fn is_of(statement: &str, dialect: Dialect) -> bool {
    let foreign: &[&str] = match dialect {
        Dialect::Postgres => &["AUTOINCREMENT", "AUTO_INCREMENT", "`", "MODIFY", "CHANGE", "ROWID", "STRICT"],
        Dialect::Mysql => {
            &["AUTOINCREMENT", "IDENTITY", "\"", "::", "$$", "TYPE", "INCLUDE", "WHERE", "DEFERR", "CONCURRENTLY"]
        }
        Dialect::Sqlite => {
            &["AUTO_INCREMENT", "IDENTITY", "SERIAL", "`", "::", "$$", "USING", "COMMENT", "INCLUDE", "ARCHIVE."]
        }
    };
    let statement = statement.to_uppercase();
    foreign.iter().all(|word| !statement.contains(&word.to_uppercase()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn it_leads_to_the_same_schema(
        statements in proptest::collection::vec(select(&**STATEMENTS), 1..40),
        dialect in select(Dialect::ALL.to_vec()),
    ) {
        let own: Vec<&str> = statements.iter().map(String::as_str).filter(|text| is_of(text, dialect)).collect();
        let Some(schema) = replayed(&own.join("\n"), dialect) else { return Ok(()) };
        let mut sql = String::new();
        for piece in script(&schema) {
            if let Piece::Statement(statement) = piece {
                sql.push_str(&format!("{statement};\n"));
            }
        }
        let Some(again) = replayed(&sql, dialect) else { panic!("{sql}") };
        // Of what isn't sure nothing is claimed, and what another dialect says of a table this one has no words for.
        let is_known = |object: &Object| {
            let table = object.table().and_then(|table| schema.tables.get(table));
            table.is_none_or(|table| table.is_known() && !table.temporary) && !matches!(object, Object::Option(..))
        };
        let differences: Vec<String> = compare(&schema, &again)
            .iter()
            .filter(|one| is_known(&one.object))
            .map(ToString::to_string)
            .collect();
        prop_assert!(differences.is_empty(), "{differences:#?}\n{sql}");
    }
}
