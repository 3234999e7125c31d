//! What dialects have in common stands once: the sections of a revision, from one declaration for all of them.

#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

use revchain_autogenerate::{Around, Renames, Written, adopt, declare, declare_sql, prove, sections, write};
use revchain_core::config::{self, ObjectFilter};
use revchain_core::{Dialect, Findings, Sources};
use revchain_model::{ColumnModel, ForeignKeyModel, KeyModel, SqlType, TableModel};
use revchain_schema::{Schema, apply};

/// The sections that lead from one file of DDL to another, on every dialect.
fn written(before: &str, after: &str) -> String {
    let all = Dialect::ALL.map(|dialect| {
        let have = apply(&Schema::empty(dialect), before);
        assert_eq!(have.problems, [], "{before}");
        let (have, filter) = (have.schema, ObjectFilter::default());
        let (declared, faults) = declare_sql(after, "schema.sql", Around { have: &have, filter: &filter });
        assert_eq!(faults, [], "{after}");
        let want = adopt(&declared, &have, &filter).unwrap().schema;
        let upgrade = write(&have, &want, &Renames::default());
        let there = prove(&have, &upgrade, &want);
        assert!(there.holds(), "{dialect}: {upgrade:#?} {there:#?}");
        let downgrade = write(&there.schema, &have, &Renames::default());
        let back = prove(&there.schema, &downgrade, &have);
        assert!(back.holds(), "{dialect}: {downgrade:#?} {back:#?}");
        Written { dialect, upgrade, downgrade }
    });
    sections(&all, all.len())
}

/// As somebody writes them for all databases: constraints have names.
const FIRST: &str = "
    CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL UNIQUE);
    CREATE TABLE runs (
        id VARCHAR(36) NOT NULL PRIMARY KEY, project_id INTEGER, is_done BOOLEAN NOT NULL, took NUMERIC(10,2) DEFAULT 0,
        seconds DOUBLE PRECISION, note TEXT, day DATE, CONSTRAINT positive CHECK (took >= 0),
        CONSTRAINT fk_runs_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE
    );
    CREATE INDEX ix_runs_day ON runs (day);";

#[test]
fn tables_are_written_once() {
    assert_eq!(
        written("", FIRST),
        "
-- @upgrade
CREATE TABLE projects (
    id INTEGER NOT NULL,
    name VARCHAR(100) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);
CREATE TABLE runs (
    id VARCHAR(36) NOT NULL,
    project_id INTEGER,
    is_done BOOLEAN NOT NULL,
    took NUMERIC(10, 2) DEFAULT 0,
    seconds DOUBLE PRECISION,
    note TEXT,
    day DATE,
    PRIMARY KEY (id),
    CONSTRAINT fk_runs_project_id FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT positive CHECK (took >= 0)
);
CREATE INDEX ix_runs_day ON runs (day);

-- @downgrade
-- What is in `runs` goes with it.
DROP TABLE runs;
-- What is in `projects` goes with it.
DROP TABLE projects;
"
    );
}

#[test]
fn a_column_is() {
    assert_eq!(
        written(FIRST, &FIRST.replace("note TEXT", "note TEXT, state VARCHAR(9) DEFAULT 'new' NOT NULL")),
        "
-- @upgrade
ALTER TABLE runs ADD COLUMN state VARCHAR(9) NOT NULL DEFAULT 'new';

-- @downgrade
-- What is in `runs.state` goes with it.
ALTER TABLE runs DROP COLUMN state;
"
    );
}

/// MySQL's statements commit one by one: what changes in a table is one there.
#[test]
fn what_differs_stands_apart() {
    let after =
        FIRST.replace("note TEXT", "state VARCHAR(9), amount BIGINT").replace("ON runs (day)", "ON runs (day, took)");
    let text = written(FIRST, &after);
    let markers: Vec<&str> = text.lines().filter(|line| line.starts_with("-- @")).collect();
    assert_eq!(
        markers,
        ["-- @upgrade postgres, sqlite", "-- @upgrade mysql", "-- @downgrade postgres, sqlite", "-- @downgrade mysql"]
    );
}

/// `INT` is `INTEGER` wherever one file says it for all databases, but where it is the row's number.
#[test]
fn types_of_two_names_are_one() {
    let table = |integer: &str, more: &str| {
        format!("CREATE TABLE a (id INTEGER PRIMARY KEY, n {integer}, x DOUBLE PRECISION, price NUMERIC(10, 2){more});")
    };
    let (long, short) =
        (table("INTEGER", ""), table("INT", "").replace("NUMERIC", "DECIMAL").replace(" PRECISION", ""));
    for (before, after) in [(&long, &short), (&short, &long)] {
        assert_eq!(
            written(before, after),
            "\n-- @upgrade\n-- Nothing to do here.\n\n-- @downgrade\n-- Nothing to do here.\n"
        );
    }
    assert_eq!(written("", &short), written("", &long));
    let added = written(&long, &table("INT", ", m INT"));
    assert_eq!(
        added,
        "\n-- @upgrade\nALTER TABLE a ADD COLUMN m INTEGER;\n\n\
         -- @downgrade\n-- What is in `a.m` goes with it.\nALTER TABLE a DROP COLUMN m;\n"
    );
    let key = |of: &str| format!("CREATE TABLE b (id {of} PRIMARY KEY);");
    assert!(written(&key("INTEGER"), &key("INT")).contains("-- @upgrade sqlite; rebuild\n"));
    assert!(written("", &key("INT")).contains("id INT"), "SQLite's `INT` is no number of the row");
}

const TEAMS: TableModel = TableModel {
    columns: &[ColumnModel::new("id", i32::SQL_TYPE)],
    primary_key: Some(KeyModel::new(&["id"])),
    ..TableModel::new("teams")
};
const PEOPLE: TableModel = TableModel {
    columns: &[ColumnModel::new("id", i32::SQL_TYPE), ColumnModel::new("team_id", i32::SQL_TYPE)],
    primary_key: Some(KeyModel::new(&["id"])),
    foreign_keys: &[ForeignKeyModel::new(&["team_id"], "teams", &["id"])],
    ..TableModel::new("people")
};

/// Each database calls a foreign key without a name in its own way, and MySQL's has to be said, so that it can be dropped again.
/// A convention gives it one name in all.
#[test]
fn a_foreign_key_is_one_by_the_naming_convention() {
    let markers = |naming: &str| {
        let mut sources = Sources::default();
        let file = sources.add("revchain.toml", "revchain.toml", naming.as_bytes().to_vec());
        let naming = config::read(&sources, file, &mut Findings::default()).naming;
        let all = Dialect::ALL.map(|dialect| {
            let (have, filter) = (Schema::empty(dialect), ObjectFilter::default());
            let (declared, faults) = declare(&[&TEAMS, &PEOPLE], Around { have: &have, filter: &filter }, &naming);
            assert_eq!(faults, []);
            let want = adopt(&declared, &have, &filter).unwrap().schema;
            let upgrade = write(&have, &want, &Renames::default());
            let there = prove(&have, &upgrade, &want);
            assert!(there.holds(), "{dialect}: {upgrade:#?} {there:#?}");
            Written { dialect, upgrade, downgrade: write(&there.schema, &have, &Renames::default()) }
        });
        let text = sections(&all, all.len());
        text.lines().filter(|line| line.starts_with("-- @upgrade")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(markers(""), ["-- @upgrade postgres, sqlite", "-- @upgrade mysql"]);
    assert_eq!(markers("[naming]\nfk = \"fk_%(table_name)s_%(column_0_N_name)s\"\n"), ["-- @upgrade"]);
}
