use revchain_core::Dialect;
use revchain_schema::{Schema, apply};

use super::{LeftOut, baseline, baseline_for};
use crate::sections;

fn made(sql: &str, dialect: Dialect) -> Schema {
    let made = apply(&Schema::empty(dialect), sql);
    assert_eq!(made.problems, [], "{sql}");
    made.schema
}

#[test]
fn what_is_missing_is_said_where_it_would_stand() {
    let schema = made(
        "CREATE TABLE teams (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES people (id));
         CREATE TABLE people (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams (id), name TEXT UNIQUE);
         CREATE VIEW names AS SELECT name FROM people;",
        Dialect::Sqlite,
    );
    let (own, comparison) = baseline(&schema, &LeftOut::new());
    assert_eq!((comparison.differences.len(), comparison.unclear.len(), own.gaps.len()), (0, 0, 0), "{comparison:?}");
    let other = baseline_for(&schema, Dialect::Mysql, &LeftOut::new());
    assert!(own.way_back.holds() && other.way_back.holds());
    let text = sections(&[own.written, other.written], 2);
    for part in [
        "-- @upgrade mysql\n-- gap: column `people.name`: `varchar(255)` stands for `text`, which can't be in a key there\nCREATE TABLE people (",
        "\n-- gap: view `names`: left out: write it by hand\n",
        "-- @downgrade mysql\n-- Drops everything, with all that is in it.\nALTER TABLE people DROP FOREIGN KEY ",
        "-- Drops everything, with all that is in it.\nDROP VIEW names;\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn what_can_not_work_stays_as_a_comment() {
    let mut schema = made(
        "CREATE TABLE a (id integer PRIMARY KEY, b_id integer);
         CREATE TABLE b (id integer PRIMARY KEY);
         ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id);",
        Dialect::Postgres,
    );
    // As where `[objects]` leaves it out.
    let gone = schema.tables.keys().find(|name| name.name.as_str() == "b").cloned().unwrap();
    schema.tables.remove(&gone);
    let (own, comparison) = baseline(&schema, &LeftOut::new());
    let text = sections(&[own.written], 1);
    assert!(
        text.contains("\n-- gap: left out: table `b` does not exist:\n--   ALTER TABLE a ADD CONSTRAINT a_b "),
        "{text}"
    );
    assert_eq!((own.gaps.len(), comparison.differences.len()), (1, 1), "{comparison:?}");
}
