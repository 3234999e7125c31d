//! PostgreSQL.

use super::make::{PG, known};
use super::{check, go_on, names, replay, table};
use crate::change::{Action, Change, Kind};
use crate::model::{Name, ObjectName};
use crate::read::{Reading, Touches};

fn two() -> Vec<Reading> {
    vec![
        PG.create("p", "id integer!,x integer,s text", vec![PG.primary("id"), PG.unique("px", "x")]),
        PG.create("c", "id integer!,p_id integer", vec![PG.primary("id"), PG.foreign("", "p_id", "p")]),
    ]
}

fn after(first: Vec<Reading>, then: Vec<Reading>) -> Vec<Reading> {
    first.into_iter().chain(then).collect()
}

fn drop_default(column: &str) -> Action {
    let change = crate::change::ColumnChange::Default(None);
    Action::AlterColumn { name: PG.named(column), if_exists: false, change }
}

#[test]
fn what_fails_is_said() {
    check(
        PG,
        vec![
            ("as it should be", two(), &[]),
            (
                "a table twice",
                after(two(), two()),
                &["DuplicateTable: table `p` already exists", "DuplicateTable: table `c` already exists"],
            ),
            ("no such table, said once", vec![PG.drop("p"), PG.drop("p")], &["UnknownTable: table `p` does not exist"]),
            (
                "dropped twice",
                after(two(), vec![PG.drop("c"), PG.drop("c")]),
                &["UnknownTable: table `c` does not exist"],
            ),
            (
                "needed by another",
                after(two(), vec![PG.drop("p")]),
                &["StillNeeded: table `p` is needed by foreign key `c_p_id_fkey` of table `c`"],
            ),
            ("both at once", after(two(), vec![PG.drop("p, c")]), &[]),
            ("cascade", after(two(), vec![PG.drop_cascade("p"), PG.drop("c")]), &[]),
            (
                "column twice",
                after(two(), vec![PG.alter("p", vec![PG.add_column("x text")])]),
                &["DuplicateColumn: column `x` of table `p` already exists"],
            ),
            (
                "dropped first",
                after(two(), vec![PG.alter("p", vec![PG.add_column("x text"), PG.drop_column("x")])]),
                &[],
            ),
            (
                "no such column",
                after(two(), vec![PG.alter("p", vec![PG.drop_column("y")])]),
                &["UnknownColumn: table `p` has no column `y`"],
            ),
            (
                "a default, and its column",
                after(two(), vec![PG.alter("p", vec![drop_default("s"), PG.drop_column("s")])]),
                &[],
            ),
            (
                "no such column to rename",
                after(two(), vec![PG.alter("p", vec![PG.rename_column("y", "z")])]),
                &["UnknownColumn: table `p` has no column `y`"],
            ),
            (
                "index on no column",
                after(two(), vec![PG.index("i", "p", "y")]),
                &["UnknownColumn: table `p` has no column `y`"],
            ),
            (
                "index twice",
                after(two(), vec![PG.index("i", "p", "x"), PG.index("i", "c", "id")]),
                &["DuplicateIndex: index `i` already exists"],
            ),
            (
                "index as a constraint",
                after(two(), vec![PG.index("c_pkey", "p", "x")]),
                &["DuplicateIndex: index `c_pkey` already exists"],
            ),
            (
                "index as a table",
                after(two(), vec![PG.index("c", "p", "x")]),
                &["DuplicateIndex: relation `c` already exists"],
            ),
            (
                "table as an index",
                after(two(), vec![PG.create("c_pkey", "a integer", vec![])]),
                &["DuplicateTable: index `c_pkey` already exists"],
            ),
            (
                "no such index",
                after(two(), vec![PG.drop_index("nope", "")]),
                &["UnknownIndex: index `nope` does not exist"],
            ),
            (
                "gone with its table",
                after(two(), vec![PG.index("i", "c", "id"), PG.drop("c"), PG.drop_index("i", "")]),
                &["UnknownIndex: index `i` does not exist"],
            ),
            (
                "gone with its column",
                after(
                    two(),
                    vec![
                        PG.index("i", "c", "p_id,id"),
                        PG.alter("c", vec![PG.drop_column("p_id")]),
                        PG.drop_index("i", ""),
                    ],
                ),
                &["UnknownIndex: index `i` does not exist"],
            ),
            (
                "a constraint's index",
                after(two(), vec![PG.drop_index("px", "")]),
                &["StillNeeded: index `px` belongs to a constraint of table `p`"],
            ),
            (
                "needed column",
                after(two(), vec![PG.alter("p", vec![PG.drop_column("id")])]),
                &["StillNeeded: column `id` is needed by foreign key `c_p_id_fkey` of table `c`"],
            ),
            (
                "needed key",
                after(two(), vec![PG.alter("p", vec![PG.drop_constraint(Kind::Constraint, "p_pkey")])]),
                &["StillNeeded: `p_pkey` is needed by foreign key `c_p_id_fkey` of table `c`"],
            ),
            (
                "no such constraint",
                after(two(), vec![PG.alter("c", vec![PG.drop_constraint(Kind::Constraint, "c_pid_fkey")])]),
                &["UnknownConstraint: table `c` has no constraint `c_pid_fkey`"],
            ),
            (
                "constraint twice",
                after(two(), vec![PG.alter("p", vec![PG.add(PG.check("px", "x > 0"))])]),
                &["DuplicateConstraint: constraint `px` of table `p` already exists"],
            ),
            (
                "second primary key",
                after(two(), vec![PG.alter("p", vec![PG.add(PG.primary("x"))])]),
                &["DuplicateConstraint: table `p` already has a primary key"],
            ),
            (
                "foreign key to nothing",
                vec![PG.create("c", "a integer", vec![PG.foreign("", "a", "nope")])],
                &["UnknownTable: table `nope` does not exist"],
            ),
            (
                "foreign key to itself",
                vec![PG.create("c", "a integer,b integer", vec![PG.primary("a"), PG.foreign("", "b", "c")])],
                &[],
            ),
            (
                "not unique",
                after(two(), vec![PG.create("d", "a text", vec![PG.foreign("", "a", "p(s)")])]),
                &["ForeignKeyTarget: no primary key, unique constraint or unique index of table `p` is exactly `s`"],
            ),
            (
                "unique index",
                after(
                    two(),
                    vec![PG.unique_index("u", "p", "s"), PG.create("d", "a text", vec![PG.foreign("", "a", "p(s)")])],
                ),
                &[],
            ),
            (
                "other type",
                after(two(), vec![PG.create("d", "a uuid", vec![PG.foreign("", "a", "p")])]),
                &["ForeignKeyType: `a` is `uuid`, and `id` of table `p` is `integer`"],
            ),
            ("other size", after(two(), vec![PG.create("d", "a bigint", vec![PG.foreign("", "a", "p")])]), &[]),
            (
                "other order",
                vec![
                    PG.create("p", "a integer,b text", vec![PG.unique("", "a,b")]),
                    PG.create("d", "x text,y integer", vec![PG.foreign("", "x,y", "p(b,a)")]),
                ],
                &[],
            ),
            (
                "no such column there",
                after(two(), vec![PG.create("d", "a text", vec![PG.foreign("", "a", "p(idd)")])]),
                &["UnknownColumn: table `p` has no column `idd`"],
            ),
            ("no such type", vec![PG.create("t", "a mood", vec![])], &["UnknownType: type `mood` does not exist"]),
            ("a type", vec![PG.enumeration("mood", "sad,ok"), PG.create("t", "a mood", vec![])], &[]),
            (
                "a type in use",
                vec![
                    PG.enumeration("mood", "sad"),
                    PG.create("t", "a mood", vec![]),
                    known(Change::DropType { drops: PG.drops("mood", false), domain: false }),
                ],
                &["StillNeeded: type `mood` is needed by column `a` of table `t`"],
            ),
            (
                "a view in the way",
                after(two(), vec![PG.view("v", "select * from c", "c"), PG.drop("c")]),
                &["StillNeeded: table `c` is needed by view `v`"],
            ),
            (
                "a view that only says the word",
                after(two(), vec![PG.view("v", "select 1 as c", "c"), PG.drop("c")]),
                &[],
            ),
            (
                "a view is no table",
                after(two(), vec![PG.view("v", "select 1", ""), PG.drop("v")]),
                &["UnknownTable: `v` is a view, no table"],
            ),
            ("cut, and the same wherever it is named", vec![PG.create(&"x".repeat(64), "a integer", vec![])], &[]),
            (
                "a column of its own",
                after(two(), vec![PG.alter("p", vec![PG.add_column("s text!")])]),
                &["DuplicateColumn: column `s` of table `p` already exists"],
            ),
        ],
    );
}

#[test]
fn of_what_is_not_sure_nothing_is_said() {
    let opaque = || Reading::Opaque(Touches::Anything);
    let touches = |name: &str| Reading::Opaque(Touches::Objects(vec![PG.object(name).name]));
    let path = |names: &str| known(Change::SearchPath(PG.names(names)));
    let namespace = |name: &str| known(Change::CreateNamespace { name: PG.named(name), if_not_exists: false });
    check(
        PG,
        vec![
            (
                "anything may be there",
                vec![
                    opaque(),
                    PG.drop("t"),
                    PG.drop_index("i", ""),
                    PG.create("u", "a mood", vec![PG.foreign("", "a", "x")]),
                ],
                &[],
            ),
            ("anything may be gone", after(two(), after(vec![opaque()], two()))[..3].to_vec(), &[]),
            (
                "made since",
                after(vec![opaque()], after(two(), two())),
                &["DuplicateTable: table `p` already exists", "DuplicateTable: table `c` already exists"],
            ),
            (
                "dropped since",
                after(vec![opaque()], after(two(), vec![PG.drop("c"), PG.drop("c")])),
                &["UnknownTable: table `c` does not exist"],
            ),
            (
                "one table only",
                after(
                    two(),
                    vec![
                        touches("p"),
                        PG.alter("p", vec![PG.drop_column("new")]),
                        PG.alter("c", vec![PG.drop_column("new")]),
                    ],
                ),
                &["UnknownColumn: table `c` has no column `new`"],
            ),
            (
                "an action nobody read",
                after(two(), vec![PG.alter("p", vec![Action::Unknown]), PG.alter("p", vec![PG.drop_column("new")])]),
                &[],
            ),
            (
                "another's schema",
                vec![PG.drop("auth.users"), PG.create("t", "a uuid", vec![PG.foreign("", "a", "auth.users(id)")])],
                &[],
            ),
            (
                "our schema",
                vec![namespace("app"), PG.drop("app.users")],
                &["UnknownTable: table `app.users` does not exist"],
            ),
            (
                "search path",
                vec![namespace("app"), path("app"), PG.create("t", "a integer", vec![]), PG.drop("app.t")],
                &[],
            ),
            ("search path of another session", vec![PG.create("app.t", "a integer", vec![]), PG.drop("t")], &[]),
            (
                "extension",
                vec![
                    known(Change::CreateExtension { name: PG.named("postgis"), if_not_exists: true }),
                    PG.drop("spatial_ref_sys"),
                    PG.create("t", "g geometry", vec![]),
                ],
                &[],
            ),
            (
                "harmless extension",
                vec![
                    known(Change::CreateExtension { name: PG.named("citext"), if_not_exists: true }),
                    PG.create("t", "g citext", vec![]),
                    PG.drop("u"),
                ],
                &["UnknownTable: table `u` does not exist"],
            ),
            ("catalog", vec![PG.create("t", "a integer", vec![PG.foreign("", "a", "pg_class(oid)")])], &[]),
        ],
    );
}

#[test]
fn a_statement_not_understood_taints_its_table() {
    let create = PG.create_table("t", "a integer", vec![]);
    let reading = Reading::Known { changes: vec![Change::CreateTable(Box::new(create))], unknown: vec![(4, 13)] };
    let (done, said) = replay(
        PG,
        vec![
            reading,
            PG.alter("t", vec![PG.drop_column("b")]),
            PG.drop_index("statement", ""),
            PG.drop_index("other", ""),
        ],
    );
    assert_eq!(said, ["UnknownIndex: index `other` does not exist"]);
    assert_eq!(table(&done.schema, PG, "t").unknown[0].what, "statement");
}

#[test]
fn a_column_takes_along_what_uses_it() {
    let mut index = PG.index_value("partial", "c");
    index.predicate = Some(PG.expression("a > 0"));
    let (done, said) = replay(
        PG,
        vec![
            PG.create(
                "t",
                "a integer,b integer,c integer",
                vec![PG.primary("a,b"), PG.check("ab", "a > b"), PG.check("cc", "c > 0"), PG.unique("", "c")],
            ),
            PG.index("lowered", "t", "(abs(a))"),
            PG.index("kept", "t", "(exp(c))"),
            PG.index_as(index, "t"),
            PG.alter("t", vec![PG.drop_column("a")]),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(names(table(&done.schema, PG, "t")), ["t_c_key", "cc", "kept"]);
}

#[test]
fn renames_go_where_they_are_used() {
    let (mut done, said) = replay(PG, two());
    assert_eq!(said, Vec::<String>::new());
    let before = done.schema.clone();
    let said = go_on(
        &mut done,
        vec![
            PG.alter("p", vec![PG.rename_column("id", "key")]),
            PG.rename("p", "parents"),
            known(Change::RenameIndex { from: PG.object("px"), to: PG.name("py"), if_exists: false }),
            PG.alter("parents", vec![PG.drop_constraint(Kind::Constraint, "py")]),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    let key = &table(&done.schema, PG, "c").foreign_keys[0];
    assert_eq!((key.table.to_string().as_str(), key.references[0].as_str()), ("parents", "key"));
    // The copy that was taken before is as it was.
    assert_eq!(table(&before, PG, "c").foreign_keys[0].references[0].as_str(), "id");
    let said = go_on(&mut done, vec![PG.rename("parents", "p"), PG.alter("p", vec![PG.rename_column("key", "id")])]);
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(table(&done.schema, PG, "c"), table(&before, PG, "c"));
}

#[test]
fn what_stays_is_shared() {
    let (mut done, _) = replay(PG, two());
    let before = done.schema.clone();
    go_on(&mut done, vec![PG.alter("p", vec![Action::Neutral]), PG.alter("c", vec![PG.column_type("p_id", "bigint")])]);
    let shared = |name: &str| {
        let name = ObjectName::bare(Name::new(name, revchain_core::Dialect::Postgres));
        std::sync::Arc::ptr_eq(&before.tables[&name], &done.schema.tables[&name])
    };
    assert!(shared("p") && !shared("c"));
}

#[test]
fn enum_values_are_known() {
    let add = |value: &str, beside: Option<(bool, &str)>| {
        let beside = beside.map(|(before, value)| (before, value.to_owned()));
        known(Change::AddValue { name: PG.object("m"), value: value.to_owned(), if_not_exists: false, beside })
    };
    check(
        PG,
        vec![
            ("new", vec![PG.enumeration("m", "a,b"), add("c", None), add("d", Some((true, "c")))], &[]),
            (
                "twice",
                vec![PG.enumeration("m", "a,b"), add("b", None)],
                &["DuplicateType: type `m` already has the value `b`"],
            ),
            (
                "beside nothing",
                vec![PG.enumeration("m", "a,b"), add("c", Some((false, "x")))],
                &["UnknownType: type `m` has no value `x`"],
            ),
            ("no type", vec![add("c", None)], &["UnknownType: type `m` does not exist"]),
        ],
    );
}
