//! MySQL and MariaDB.

use super::make::{MY, known};
use super::{check, names, replay, table};
use crate::change::{Action, Change, Constraint, Kind};
use crate::model::Routine;
use crate::read::Reading;

fn two() -> Vec<Reading> {
    vec![
        MY.create("p", "id int!,x int,s char", vec![MY.primary("id")]),
        MY.create("c", "id int!,p_id int,z int", vec![MY.primary("id"), MY.foreign("fk", "p_id", "p(id)")]),
    ]
}

fn after(then: Vec<Reading>) -> Vec<Reading> {
    two().into_iter().chain(then).collect()
}

fn index(name: &str, parts: &str) -> Action {
    MY.add(Constraint::Index(MY.index_value(name, parts)))
}

#[test]
fn what_fails_is_said() {
    let off = || known(Change::ForeignKeyChecks(false));
    check(
        MY,
        vec![
            ("as it should be", two(), &[]),
            ("no such type", vec![MY.create("t", "a itn", vec![])], &["UnknownType: type `itn` does not exist"]),
            (
                "needed table",
                after(vec![MY.drop("p")]),
                &["StillNeeded: table `p` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "checks are off",
                after(vec![off(), MY.drop("p"), MY.create("d", "a int", vec![MY.foreign("", "a", "nope(id)")])]),
                &[],
            ),
            (
                "needed index",
                after(vec![MY.drop_index("fk", "c")]),
                &["StillNeeded: index `fk` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "with its foreign key",
                after(vec![MY.alter(
                    "c",
                    vec![MY.drop_constraint(Kind::Index, "fk"), MY.drop_constraint(Kind::ForeignKey, "fk")],
                )]),
                &[],
            ),
            (
                "after its foreign key",
                after(vec![MY.alter("c", vec![MY.drop_constraint(Kind::ForeignKey, "fk")]), MY.drop_index("fk", "c")]),
                &[],
            ),
            (
                "another serves",
                after(vec![MY.alter("c", vec![index("i", "p_id,z")]), MY.drop_index("i", "c")]),
                &["StillNeeded: index `i` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "needed column",
                after(vec![MY.alter("c", vec![MY.drop_column("p_id")])]),
                &["StillNeeded: column `p_id` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "needed column there",
                after(vec![MY.alter("p", vec![MY.drop_column("id")])]),
                &["StillNeeded: column `id` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "column with its foreign key",
                after(vec![MY.alter("c", vec![MY.drop_column("p_id"), MY.drop_constraint(Kind::ForeignKey, "fk")])]),
                &[],
            ),
            (
                "needed primary key",
                after(vec![MY.alter("p", vec![MY.drop_constraint(Kind::PrimaryKey, "")])]),
                &["StillNeeded: index `PRIMARY` is needed by foreign key `fk` of table `c`"],
            ),
            (
                "no primary key",
                vec![MY.create("t", "a int", vec![]), MY.alter("t", vec![MY.drop_constraint(Kind::PrimaryKey, "")])],
                &["UnknownConstraint: table `t` has no primary key"],
            ),
            (
                "index twice",
                after(vec![MY.index("i", "c", "z"), MY.index("I", "c", "id")]),
                &["DuplicateIndex: index `I` of table `c` already exists"],
            ),
            ("index in two tables", after(vec![MY.index("i", "c", "z"), MY.index("i", "p", "x")]), &[]),
            ("no such index", after(vec![MY.drop_index("i", "c")]), &["UnknownIndex: table `c` has no index `i`"]),
            (
                "no such foreign key",
                after(vec![MY.alter("c", vec![MY.drop_constraint(Kind::ForeignKey, "fl")])]),
                &["UnknownConstraint: table `c` has no constraint `fl`"],
            ),
            (
                "made-up foreign key",
                after(vec![MY.alter("c", vec![MY.drop_constraint(Kind::ForeignKey, "c_ibfk_7")])]),
                &[],
            ),
            (
                "made-up check",
                vec![
                    MY.create("t", "a int", vec![MY.check("", "a > 0")]),
                    MY.alter("t", vec![MY.drop_constraint(Kind::Check, "t_chk_1")]),
                ],
                &[],
            ),
            (
                "foreign key's name in another table",
                after(vec![MY.create("d", "a int", vec![MY.foreign("fk", "a", "p(id)")])]),
                &["DuplicateConstraint: foreign key `fk` already exists"],
            ),
            ("refers to itself", vec![MY.create("t", "a int", vec![MY.foreign("", "a", "t(a)")])], &[]),
            (
                "no index there",
                after(vec![MY.create("d", "a int", vec![MY.foreign("f", "a", "p(x)")])]),
                &["ForeignKeyTarget: no index of table `p` begins with `x`"],
            ),
            (
                "a plain index there",
                after(vec![MY.index("i", "p", "x,s"), MY.create("d", "a int", vec![MY.foreign("f", "a", "p(x)")])]),
                &[],
            ),
            (
                "a myisam table",
                after(vec![
                    known(Change::AlterTable {
                        table: MY.object("p"),
                        if_exists: false,
                        actions: vec![(Action::SetOption("engine".into(), Some("MyISAM".into())), (0, 1))],
                    }),
                    MY.create("d", "a int", vec![MY.foreign("f", "a", "p(x)")]),
                ]),
                &[],
            ),
            (
                "other size",
                after(vec![MY.create("d", "a bigint", vec![MY.foreign("f", "a", "p(id)")])]),
                &["ForeignKeyType: `a` is `bigint`, and `id` of table `p` is `int`"],
            ),
            (
                "other sign",
                after(vec![MY.create("d", "a int unsigned", vec![MY.foreign("f", "a", "p(id)")])]),
                &["ForeignKeyType: `a` is `int unsigned`, and `id` of table `p` is `int`"],
            ),
            (
                "swapped",
                after(vec![
                    MY.alter("c", vec![MY.change_column("p_id", "z int", ""), MY.change_column("z", "p_id int", "")]),
                ]),
                &[],
            ),
            (
                "no such column to change",
                after(vec![MY.alter("c", vec![MY.change_column("y", "y int", "")])]),
                &["UnknownColumn: table `c` has no column `y`"],
            ),
            (
                "after no column",
                after(vec![MY.alter("c", vec![MY.change_column("z", "z int", "nope")])]),
                &["UnknownColumn: table `c` has no column `nope`"],
            ),
            (
                "unique as a constraint",
                vec![
                    MY.create("t", "a int", vec![MY.unique("u", "a")]),
                    MY.alter("t", vec![MY.drop_constraint(Kind::Constraint, "u")]),
                ],
                &[],
            ),
            (
                "unique as an index",
                vec![MY.create("t", "a int", vec![MY.unique("u", "a")]), MY.drop_index("u", "t")],
                &[],
            ),
            (
                "too long",
                vec![MY.create(&"x".repeat(65), "a int", vec![])],
                &[
                    "OverlongName: the name of table `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 65 characters",
                ],
            ),
            (
                "the session's database",
                vec![
                    MY.create("app.t", "a int", vec![]),
                    MY.alter("t", vec![MY.drop_column("b")]),
                    MY.create("u", "a int", vec![]),
                    MY.alter("app.u", vec![MY.drop_column("b")]),
                    MY.alter("u", vec![MY.drop_column("c")]),
                ],
                &[],
            ),
        ],
    );
}

#[test]
fn an_index_made_for_a_foreign_key_makes_room() {
    let (done, said) = replay(MY, after(vec![MY.alter("c", vec![index("i", "p_id,z")])]));
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(names(table(&done.schema, MY, "c")), ["-", "fk", "i"]);
    let foreign = MY.foreign("", "p_id", "p(id)");
    let unnamed = vec![
        two().remove(0),
        MY.create("d", "p_id int,z int", vec![foreign]),
        MY.index("", "d", "p_id,z"),
        MY.index("", "d", "p_id,z"),
    ];
    let (done, _) = replay(MY, unnamed);
    assert_eq!(names(table(&done.schema, MY, "d")), ["d_ibfk_1", "p_id", "p_id_2"]);
    // One that the statement asks for doesn't.
    let (done, _) = replay(
        MY,
        vec![
            MY.create("p", "id int!", vec![MY.primary("id")]),
            MY.create(
                "c",
                "a int,b int",
                vec![Constraint::Index(MY.index_value("fk", "a")), MY.foreign("fk", "a", "p(id)")],
            ),
            MY.alter("c", vec![index("i", "a,b")]),
        ],
    );
    assert_eq!(names(table(&done.schema, MY, "c")), ["fk", "fk", "i"]);
}

#[test]
fn a_dropped_column_leaves_its_indexes() {
    let (done, said) = replay(
        MY,
        vec![
            MY.create("t", "a int,b int,c int", vec![]),
            MY.index("ab", "t", "a,b"),
            MY.index("only", "t", "a"),
            MY.alter("t", vec![MY.drop_column("a")]),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    let t = table(&done.schema, MY, "t");
    assert_eq!((names(t), t.indexes[0].parts.len()), (vec!["ab".to_owned()], 1));
}

#[test]
fn modify_replaces_and_keeps_the_keys() {
    let (done, said) = replay(
        MY,
        vec![
            MY.create("t", "a int!,b int!,c int", vec![MY.primary("a")]),
            MY.alter("t", vec![MY.change_column("b", "b2 bigint", "c"), MY.change_column("a", "a bigint", "")]),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    let t = table(&done.schema, MY, "t");
    let columns: Vec<(&str, bool)> = t.columns.iter().map(|column| (column.name.as_str(), column.nullable)).collect();
    assert_eq!(columns, [("a", false), ("c", true), ("b2", true)]);
    assert!(t.primary_key.is_some());
}

#[test]
fn an_index_made_for_one_foreign_key_makes_room_for_the_next() {
    for then in [
        vec![MY.alter(
            "c",
            vec![MY.drop_constraint(Kind::ForeignKey, "fk"), MY.add(MY.foreign("other", "p_id", "p(id)"))],
        )],
        vec![
            MY.alter("c", vec![MY.drop_constraint(Kind::ForeignKey, "fk")]),
            MY.alter("c", vec![MY.add(MY.foreign("other", "p_id", "p(id)"))]),
        ],
    ] {
        let (done, said) = replay(MY, after(then));
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(names(table(&done.schema, MY, "c"))[1..], ["other", "other"]);
    }
}

#[test]
fn a_procedure_that_changes_no_schema_leaves_it_known() {
    let procedure = |body: &str| {
        known(Change::CreateRoutine {
            name: MY.object("f"),
            or_replace: false,
            if_not_exists: false,
            routine: Routine { arguments: String::new(), body: MY.expression(body), written: None },
        })
    };
    let call = || Reading::Call(MY.object("f").name);
    for (then, is_known) in [
        (vec![procedure("begin update c set z = 'DROP TABLE p'; end"), call()], true),
        (vec![procedure("begin drop table p; end"), call()], false),
        (vec![procedure("begin call g(); end"), call()], false),
        (vec![call()], false),
    ] {
        let (done, said) = replay(MY, after(then));
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(done.schema.unknown.is_empty(), is_known);
    }
}
