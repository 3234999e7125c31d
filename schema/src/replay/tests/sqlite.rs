//! SQLite.

use super::make::{LITE, known};
use super::{check, replay, table};
use crate::change::Change;
use crate::read::{Reading, Touches};

fn two() -> Vec<Reading> {
    vec![
        LITE.create("p", "id integer,x integer,s text", vec![LITE.primary("id"), LITE.unique("", "x")]),
        LITE.create(
            "c",
            "id integer,p_id integer,z integer",
            vec![LITE.primary("id"), LITE.foreign("", "p_id", "p(id)")],
        ),
    ]
}

fn after(then: Vec<Reading>) -> Vec<Reading> {
    two().into_iter().chain(then).collect()
}

#[test]
fn what_fails_is_said() {
    check(
        LITE,
        vec![
            ("as it should be", two(), &[]),
            ("drop what others refer to", after(vec![LITE.drop("p")]), &[]),
            ("refer to nothing", vec![LITE.create("c", "a integer", vec![LITE.foreign("", "a", "nope(x)")])], &[]),
            (
                "refer from nothing",
                vec![LITE.create("c", "a integer", vec![LITE.foreign("", "b", "nope(x)")])],
                &["UnknownColumn: table `c` has no column `b`"],
            ),
            (
                "indexed column",
                after(vec![LITE.index("i", "c", "z"), LITE.alter("c", vec![LITE.drop_column("z")])]),
                &["StillNeeded: column `z` is used by index `i`"],
            ),
            (
                "unique column",
                after(vec![LITE.alter("p", vec![LITE.drop_column("x")])]),
                &["StillNeeded: column `x` is used by a unique constraint"],
            ),
            (
                "primary key",
                after(vec![LITE.alter("p", vec![LITE.drop_column("ID")])]),
                &["StillNeeded: column `ID` is used by the primary key"],
            ),
            ("a foreign key's own column", after(vec![LITE.alter("c", vec![LITE.drop_column("p_id")])]), &[]),
            (
                "free column",
                after(vec![LITE.alter("c", vec![LITE.drop_column("z")]), LITE.alter("c", vec![LITE.drop_column("z")])]),
                &["UnknownColumn: table `c` has no column `z`"],
            ),
            (
                "index as a table",
                after(vec![LITE.index("P", "c", "z")]),
                &["DuplicateIndex: relation `P` already exists"],
            ),
            (
                "index twice",
                after(vec![LITE.index("i", "c", "z"), LITE.index("i", "p", "x")]),
                &["DuplicateIndex: index `i` already exists"],
            ),
            (
                "index of a table dropped",
                after(vec![LITE.index("i", "c", "z"), LITE.drop("c"), LITE.drop_index("i", "")]),
                &["UnknownIndex: index `i` does not exist"],
            ),
            (
                "temporary",
                vec![
                    temporary("t"),
                    LITE.index("i", "t", "a"),
                    LITE.drop_index("i", ""),
                    LITE.drop("t"),
                    LITE.create("t", "a integer", vec![]),
                ],
                &[],
            ),
        ],
    );
}

fn temporary(name: &str) -> Reading {
    let mut create = LITE.create_table(name, "a integer", vec![]);
    create.table.temporary = true;
    known(Change::CreateTable(Box::new(create)))
}

#[test]
fn a_rebuilt_table_is_the_one_that_others_refer_to() {
    let (done, said) = replay(
        LITE,
        after(vec![
            LITE.index("i", "p", "s"),
            LITE.create("p_new", "id integer,s text,n text", vec![LITE.primary("id")]),
            LITE.drop("p"),
            LITE.rename("p_new", "p"),
            LITE.index("i", "p", "s"),
        ]),
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(table(&done.schema, LITE, "c").foreign_keys[0].table.to_string(), "p");
    assert_eq!(table(&done.schema, LITE, "p").columns.len(), 3);
}

#[test]
fn a_table_moved_aside_takes_references_along() {
    let aside = |legacy: bool| {
        after(vec![
            known(Change::LegacyAlterTable(legacy)),
            LITE.rename("p", "p_old"),
            LITE.create("p", "id integer", vec![LITE.primary("id")]),
            LITE.drop("p_old"),
        ])
    };
    for (legacy, expected) in [(false, "p_old"), (true, "p")] {
        let (done, said) = replay(LITE, aside(legacy));
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(table(&done.schema, LITE, "c").foreign_keys[0].table.to_string(), expected);
    }
}

#[test]
fn rows_need_their_table_and_its_columns() {
    check(
        LITE,
        vec![
            (
                "as it should be",
                after(vec![LITE.rows("C", "ID,p_id"), LITE.rows("c", "rowid"), LITE.rows("c", "")]),
                &[],
            ),
            (
                "no table",
                after(vec![LITE.rows("_c_tmp", "id"), LITE.rows("_c_tmp", "z")]),
                &["UnknownTable: table `_c_tmp` does not exist"],
            ),
            ("no column", after(vec![LITE.rows("c", "id,y")]), &["UnknownColumn: table `c` has no column `y`"]),
            ("temporary", vec![temporary("t"), LITE.rows("t", "b")], &[]),
            ("the server's own", vec![LITE.rows("sqlite_sequence", "seq")], &[]),
            ("somewhere else", vec![LITE.rows("other.t", "b")], &[]),
            ("of anybody", vec![Reading::Opaque(Touches::Anything), LITE.rows("t", "b")], &[]),
        ],
    );
}
