//! Names that the databases make up. The expected ones are what PostgreSQL 15 and MariaDB 10.11 gave.

use super::make::{MY, PG};
use super::{names, replay, table};

#[test]
fn postgres_names_constraints_and_indexes() {
    let columns = "a integer,b integer,c integer";
    let (done, said) = replay(
        PG,
        vec![
            PG.create(
                "t",
                columns,
                vec![
                    PG.primary("a"),
                    PG.unique("", "a"),
                    PG.unique("", "b,c"),
                    PG.unique("q", "b,c"),
                    PG.check("", "c > b"),
                    PG.check("", "a > 0"),
                    PG.check("", "a > b"),
                    PG.foreign("", "b", "t(a)"),
                    PG.foreign("", "b", "t"),
                ],
            ),
            PG.index("", "t", "a"),
            PG.index("", "t", "a"),
            PG.index("", "t", "(lower(a::text))"),
            PG.index("", "t", "a,(b + c),(b - c)"),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(
        names(table(&done.schema, PG, "t")),
        [
            "t_pkey",
            "q",
            "t_b_fkey",
            "t_b_fkey1",
            "t_check",
            "t_a_check",
            "t_check1",
            "t_a_idx",
            "t_a_idx1",
            "t_lower_idx",
            "t_a_expr_expr1_idx"
        ]
    );
}

#[test]
fn one_name_may_be_a_checks_and_an_indexes() {
    let (done, said) = replay(
        PG,
        vec![
            PG.create("t", "a integer", vec![PG.primary("a"), PG.unique("named", "a"), PG.check("same", "a > 0")]),
            PG.index("same", "t", "a"),
            PG.rename("same", "other"),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(names(table(&done.schema, PG, "t")), ["named", "same", "other"]);
}

#[test]
fn postgres_cuts_long_names() {
    let long = "a".repeat(40);
    let (done, _) = replay(
        PG,
        vec![PG.create(&format!("{long}t"), &format!("{long}1 integer"), vec![PG.unique("", &format!("{long}1"))])],
    );
    let made = names(table(&done.schema, PG, &format!("{long}t")));
    assert_eq!(made, [format!("{}_{}_key", "a".repeat(29), "a".repeat(29))]);
}

#[test]
fn a_renamed_table_keeps_its_names() {
    let (done, said) = replay(
        PG,
        vec![
            PG.create("t", "a integer", vec![PG.primary("a")]),
            PG.rename("t", "u"),
            PG.create("t", "a integer", vec![PG.primary("a")]),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(names(table(&done.schema, PG, "u")), ["t_pkey"]);
    assert_eq!(names(table(&done.schema, PG, "t")), ["t_pkey1"]);
}

#[test]
fn mysql_names_keys_and_foreign_keys() {
    let index = |name: &str, parts: &str| crate::change::Constraint::Index(MY.index_value(name, parts));
    let (done, said) = replay(
        MY,
        vec![
            MY.create("p", "id int!", vec![MY.primary("id")]),
            MY.create(
                "t",
                "a int,b int,c int",
                vec![
                    index("", "a"),
                    index("", "a"),
                    index("", "a,b"),
                    MY.unique("", "b"),
                    MY.foreign("fk", "c", "p(id)"),
                    MY.foreign("", "a", "p(id)"),
                ],
            ),
            MY.rename("t", "t9"),
        ],
    );
    assert_eq!(said, Vec::<String>::new());
    assert_eq!(names(table(&done.schema, MY, "t9")), ["b", "fk", "t9_ibfk_1", "a", "a_2", "a_3", "fk"]);
}
