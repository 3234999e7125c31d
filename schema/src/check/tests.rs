//! The walk itself; what is found in a revision is the business of the cases in `ui-tests`.

use revchain_core::{Code, Severity, Sources, chain};

use super::{ALONE, check};

/// Sound revisions, but that the last but one makes a table on SQLite alone; and a last one that drops a table which no
/// dialect has.
fn said(sound: usize) -> Vec<(Code, String)> {
    let mut sources = Sources::default();
    for position in 0..=sound {
        let sql = match sound - position {
            0 => {
                "-- @upgrade postgres, mysql\nDROP TABLE nothing;\n-- @upgrade sqlite\nDROP TABLE nothing;\n".to_owned()
            }
            1 => "-- @upgrade postgres, mysql\n-- @upgrade sqlite\nCREATE TABLE x (id int);\n".to_owned(),
            _ => format!("-- @upgrade\nCREATE TABLE t{position} (id int);\n"),
        };
        let down = position.checked_sub(1).map_or("base".to_owned(), |before| format!("r{before}"));
        let text = format!(
            "-- m\n-- revision: r{position}\n-- down_revision: {down}\n{sql}-- @downgrade; irreversible: a test\n"
        );
        let path = format!("versions/r{position}.sql");
        sources.add(path.clone(), path, text.into_bytes());
    }
    let (chain, findings) = chain::verify(&sources);
    let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
    check(&sources, &chain).iter().map(|finding| (finding.code, finding.message.clone())).collect()
}

#[test]
fn a_long_chain_is_walked_in_threads_and_says_the_same() {
    let short = said(1);
    let codes: Vec<Code> = short.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [Code::DialectsDiffer, Code::UnknownTable, Code::UnknownTable], "{short:?}");
    assert_eq!(said(ALONE + 1), short);
}

/// What is said of a chain of upgrades on all three dialects.
fn said_of(upgrades: &[&str]) -> Vec<(Code, String)> {
    let mut sources = Sources::default();
    for (position, upgrade) in upgrades.iter().enumerate() {
        let down = position.checked_sub(1).map_or("base".to_owned(), |before| format!("r{before}"));
        let text = format!(
            "-- m\n-- revision: r{position}\n-- down_revision: {down}\n{upgrade}\n-- @downgrade; irreversible: a test\n"
        );
        let path = format!("versions/r{position}.sql");
        sources.add(path.clone(), path, text.into_bytes());
    }
    let (chain, findings) = chain::verify(&sources);
    let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
    let findings = check(&sources, &chain);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.code, finding.message.clone())).collect()
}

#[test]
fn one_mistake_is_one_finding() {
    for (upgrades, expected) in [
        // The dialects differ for it, and what comes behind it needs the table.
        (
            vec![
                "-- @upgrade postgres\nCRAETE TABLE t (id int);\n-- @upgrade mysql, sqlite\nCREATE TABLE t (id int);",
                "-- @upgrade\nCREATE INDEX i ON t (id);\nDROP TABLE t;",
            ],
            vec![(Code::NoSuchForm, "no statement of PostgreSQL's begins with `CRAETE`")],
        ),
        (
            vec![
                "-- @upgrade\nCREATE TABLE t (id int, a int);",
                "-- @upgrade postgres\nALTER TABLE t ALTER COLUMN a SET NOT NULL,,;\n-- @upgrade mysql\nALTER TABLE t MODIFY a int NOT NULL;\n-- @upgrade sqlite; rebuild\nDROP TABLE t;\nCREATE TABLE t (id int, a int NOT NULL);",
                // What differs for it is no news here.
                "-- @upgrade\nALTER TABLE t ADD b int;",
            ],
            vec![(Code::NoSuchForm, "nothing stands between these two commas")],
        ),
        // The comma's column is there all the same.
        (
            vec![
                "-- @upgrade\nCREATE TABLE t (id int);",
                "-- @upgrade\nALTER TABLE t ADD b int,;\nCREATE INDEX i ON t (b);",
            ],
            vec![(Code::NoSuchForm, "nothing follows this comma")],
        ),
        (
            vec!["-- @upgrade\nCREATE TABLE t (id int)\nCREATE TABLE u (id int);\nCREATE INDEX i ON u (id);"],
            vec![(Code::MissingSemicolon, "a semicolon is missing before this `CREATE TABLE`")],
        ),
    ] {
        let found = said_of(&upgrades);
        let found: Vec<(Code, &str)> = found.iter().map(|(code, message)| (*code, message.as_str())).collect();
        assert_eq!(found, expected, "{upgrades:?}");
    }
}

#[test]
fn the_runners_own_tables_are_there() {
    let mut sources = Sources::default();
    let text = "-- m\n-- revision: r0\n-- down_revision: base\n-- @upgrade\nDELETE FROM alembic_version_old;\nUPDATE alembic_version \
                SET version_num = 'x';\nDELETE FROM revchain_journal;\n-- @downgrade\n";
    sources.add("versions/r0.sql", "versions/r0.sql", text.as_bytes().to_vec());
    let (chain, findings) = chain::verify(&sources);
    let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
    let said: Vec<String> = check(&sources, &chain).iter().map(|finding| finding.message.clone()).collect();
    assert_eq!(said, ["table `alembic_version_old` does not exist"]);
}
