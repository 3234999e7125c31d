//! All chains of this repository, declared as files: at no revision does what they say of themselves differ from them.

use std::path::{Path, PathBuf};

use revchain_autogenerate::{Around, adopt, declare_sql};
use revchain_core::config::ObjectFilter;
use revchain_core::{Dialect, Sources, chain, load};
use revchain_schema::write::{Piece, script};
use revchain_schema::{Schema, apply, compare, replay};

/// The reference chain, and the sound ones of the ui cases.
fn chains() -> Vec<(String, Sources)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![root.join("migrations")];
    for kind in ["warn", "pass"] {
        let cases = std::fs::read_dir(root.join("ui-tests/cases").join(kind)).unwrap();
        let mut cases: Vec<PathBuf> = cases.map(|case| case.unwrap().path().join("migrations")).collect();
        cases.sort();
        folders.extend(cases.into_iter().filter(|folder| folder.is_dir()));
    }
    folders.iter().map(|folder| (folder.display().to_string(), load::load(folder, "migrations"))).collect()
}

/// A schema as a file says it.
fn file(schema: &Schema) -> String {
    let said = script(schema).into_iter().filter_map(|piece| match piece {
        Piece::Statement(statement) => Some(statement + ";\n"),
        Piece::Doubt(..) | Piece::Omitted(_) => None,
    });
    said.collect()
}

/// Declares a schema as a file, and says what differs; nothing where it can't be declared. Gives whether all was compared.
fn declare(name: &str, have: &Schema) -> bool {
    let (text, filter) = (file(have), ObjectFilter::default());
    let (declared, faults) = declare_sql(&text, "schema.sql", Around { have, filter: &filter });
    if !faults.is_empty() && !have.unknown.is_empty() {
        return false;
    }
    assert_eq!(faults, [], "{name}: {text}");
    let Ok(adopted) = adopt(&declared, have, &filter) else { return false };
    let found: Vec<String> = compare(have, &adopted.schema).iter().map(ToString::to_string).collect();
    assert_eq!(found, [""; 0], "{name}: {text}");
    adopted.not_compared.is_empty() && !have.tables.is_empty()
}

#[test]
fn a_chain_is_what_it_says() {
    let mut seen = 0;
    for (name, sources) in chains() {
        let (Some(chain), _) = chain::verify(&sources) else { continue };
        for dialect in Dialect::ALL {
            for last in 0..chain.revisions().len() {
                let have = replay(&sources, &chain, dialect, Some(last));
                seen += usize::from(declare(&format!("{name}, {dialect}, {last}"), &have));
            }
        }
    }
    assert!(seen > 300, "{seen}");
}

/// All that the writer has words for.
#[test]
fn a_schema_of_everything_is_what_it_says() {
    for (dialect, sql) in [
        (Dialect::Postgres, include_str!("../../schema/src/write/tests/postgres.sql")),
        (Dialect::Mysql, include_str!("../../schema/src/write/tests/mysql.sql")),
        (Dialect::Sqlite, include_str!("../../schema/src/write/tests/sqlite.sql")),
    ] {
        declare(dialect.name(), &apply(&Schema::empty(dialect), sql).schema);
    }
}
