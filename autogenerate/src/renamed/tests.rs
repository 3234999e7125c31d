use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::{ColumnModel, KeyModel, SqlType, TableModel, TypeModel};
use revchain_schema::{Schema, apply, compare};

use super::{Answers, Candidates, Question, candidates, renamed};
use crate::declared::{Around, Declared, declare, declare_sql};
use crate::{adopt, prove, write};

const INT: TypeModel = i32::SQL_TYPE;
const TEXT: TypeModel = String::SQL_TYPE;
const HAVE: &str = "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, mail text NOT NULL, age int NOT NULL);\
    CREATE INDEX ix_users_mail ON users (mail); CREATE TABLE teams (id int PRIMARY KEY)";

fn table(name: &'static str, columns: &[(&'static str, TypeModel)]) -> TableModel {
    let columns = columns.iter().map(|(name, of)| ColumnModel::new(name, *of)).collect();
    TableModel { columns: Vec::leak(columns), primary_key: Some(KeyModel::new(&["id"])), ..TableModel::new(name) }
}

fn teams() -> TableModel {
    table("teams", &[("id", INT)])
}

fn have() -> Schema {
    apply(&Schema::empty(Dialect::Postgres), HAVE).schema
}

fn of(models: &[TableModel], have: &Schema) -> Declared {
    let models: Vec<&TableModel> = models.iter().collect();
    let filter = ObjectFilter::default();
    declare(&models, Around { have, filter: &filter }, &NamingConvention::default()).0
}

fn found(models: &[TableModel], answers: &Answers) -> Candidates {
    let have = have();
    candidates(&of(models, &have), &have, &ObjectFilter::default(), answers)
}

fn shown(questions: &[Question]) -> Vec<String> {
    questions.iter().map(ToString::to_string).collect()
}

#[test]
fn what_goes_and_what_comes_is_a_question() {
    for (models, expected) in [
        (vec![table("users", &[("id", INT), ("name", TEXT), ("mail", TEXT), ("age", INT)]), teams()], &[][..]),
        // The likeliest first: the name that is nearer.
        (
            vec![table("users", &[("id", INT), ("name", TEXT), ("email", TEXT), ("years", INT)]), teams()],
            &[
                "is column `users.email` the column `mail`, renamed?",
                "is column `users.years` the column `age`, renamed?",
            ],
        ),
        (
            vec![table("users", &[("id", INT), ("label", TEXT), ("email", TEXT), ("age", INT)]), teams()],
            &[
                "is column `users.email` the column `mail`, renamed?",
                "is column `users.label` the column `name`, renamed?",
                "is column `users.email` the column `name`, renamed?",
                "is column `users.label` the column `mail`, renamed?",
            ],
        ),
        // Of another type, it is another column.
        (vec![table("users", &[("id", INT), ("name", TEXT), ("mail", TEXT), ("years", TEXT)]), teams()], &[]),
        (
            vec![table("people", &[("id", INT), ("name", TEXT), ("mail", TEXT), ("age", INT)]), teams()],
            &["is table `people` the table `users`, renamed?"],
        ),
        // That both have an `id` says nothing.
        (vec![table("people", &[("id", INT), ("x", TEXT), ("y", TEXT)]), teams()], &[]),
    ] {
        let mut questions = shown(&found(&models, &Answers::default()).questions);
        let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        assert_eq!(questions.first(), expected.first(), "{models:?}");
        questions.sort();
        expected.sort();
        assert_eq!(questions, expected, "{models:?}");
    }
}

/// A table, then a column of it: the answers lead to a script that renames both, and nothing else.
#[test]
fn answers_lead_to_renames() {
    let models = [table("people", &[("id", INT), ("name", TEXT), ("email", TEXT), ("age", INT)]), teams()];
    let (have, filter) = (have(), ObjectFilter::default());
    let declared = of(&models, &have);
    let mut answers = Answers::default();
    let mut asked = Vec::new();
    loop {
        let found = candidates(&declared, &have, &filter, &answers);
        let Some(question) = found.questions.into_iter().next() else { break };
        asked.push(question.to_string());
        answers.answer(question, true);
    }
    assert_eq!(
        asked,
        ["is table `people` the table `users`, renamed?", "is column `people.email` the column `mail`, renamed?"]
    );
    let certain = candidates(&declared, &have, &filter, &answers).certain;
    let after = renamed(&have, &certain);
    let want = adopt(&declared, &after, &filter).unwrap().schema;
    // The index was not declared.
    let left: Vec<String> = compare(&after, &want).iter().map(ToString::to_string).collect();
    assert_eq!(left, ["index `ix_users_mail` of `people` is missing"]);
    let script = write(&have, &after, &certain);
    let steps: Vec<&str> = script.steps.iter().map(|step| step.sql.as_str()).collect();
    assert_eq!(steps, ["ALTER TABLE users RENAME TO people", "ALTER TABLE people RENAME COLUMN mail TO email"]);
    assert!(prove(&have, &script, &after).holds());
    // And back.
    let script = write(&after, &have, &certain.reversed());
    assert!(prove(&after, &script, &have).holds(), "{script:#?}");
}

#[test]
fn no_is_an_answer() {
    let models = [table("people", &[("id", INT), ("name", TEXT), ("mail", TEXT), ("age", INT)]), teams()];
    let mut answers = Answers::default();
    let question = found(&models, &answers).questions.remove(0);
    assert_eq!(question.as_rename(), "--rename users=people");
    assert_eq!(question.as_drop(), "--drop users");
    assert_eq!(question.as_attribute(), "#[table(renamed_from = \"users\")]");
    answers.answer(question, false);
    assert_eq!(found(&models, &answers), Candidates::default());
}

#[test]
fn hints_are_certain_until_they_are_done() {
    let mut person = table("people", &[("id", INT), ("name", TEXT), ("email", TEXT), ("age", INT)]);
    person.renamed_from = Some("users");
    let mut columns = person.columns.to_vec();
    columns[2].renamed_from = Some("mail");
    person.columns = Vec::leak(columns);
    let models = [person, teams()];
    let first = found(&models, &Answers::default());
    assert_eq!((first.questions.len(), first.problems.len()), (0, 0), "{first:?}");
    assert_eq!((first.certain.tables.len(), first.certain.columns.len()), (1, 1));
    // The next time it is done.
    let have = renamed(&have(), &first.certain);
    let again = candidates(&of(&models, &have), &have, &ObjectFilter::default(), &Answers::default());
    assert_eq!(again, Candidates::default());
}

#[test]
fn a_hint_to_what_is_still_wanted_is_none() {
    let users = table("users", &[("id", INT), ("name", TEXT), ("mail", TEXT), ("age", INT)]);
    let mut people = table("people", &[("id", INT)]);
    people.renamed_from = Some("users");
    let found = found(&[users, people, teams()], &Answers::default());
    let said: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let expected = "table `people` says that it was `users`, which is still declared (take `renamed_from` away, or what declares `users`)";
    assert_eq!(said, [expected]);
    assert!(found.certain.tables.is_empty());
}

#[test]
fn a_command_line_says_it_too() {
    let models = [table("people", &[("id", INT), ("name", TEXT), ("email", TEXT), ("years", INT)]), teams()];
    let have = have();
    let declared = of(&models, &have);
    let say = |renames: &[&str], drops: &[&str]| {
        let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<String>>();
        Answers::of(&owned(renames), &owned(drops), &declared, &have)
    };
    let questions =
        |answers: &Answers| shown(&candidates(&declared, &have, &ObjectFilter::default(), answers).questions);
    for renames in [&["users=people", "users.mail=people.email"][..], &["users.mail=people.email", "users=people"]] {
        let answers = say(renames, &["users.age"]).unwrap();
        assert_eq!(questions(&answers), [""; 0], "{renames:?}");
        assert_eq!(answers.renames.columns.len(), 1);
    }
    assert_eq!(questions(&say(&[], &["users"]).unwrap()), [""; 0]);
    for (renames, drops, expected) in [
        (&["users"][..], &[][..], "`--rename users` has no `=` (write `--rename old=new`)"),
        (&["user=people"], &[], "`--rename user=people`: there is no `user` (did you mean `users`?)"),
        (&["users=peopel"], &[], "`--rename users=peopel`: there is no `peopel` (did you mean `people`?)"),
        (
            &["users=people.email"],
            &[],
            "`--rename users=people.email` makes a table of a column, or a column of a table (write `table=table`, or `table.column=table.column`)",
        ),
        (&[], &["mail"], "`--drop mail`: there is no `mail` (did you mean `users.mail`?)"),
        (&[], &["users.agee"], "`--drop users.agee`: there is no `users.agee` (did you mean `users.age`?)"),
    ] {
        let wrong = say(renames, drops).unwrap_err();
        assert_eq!(wrong.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

/// A table of which some columns say what they were called.
fn table_from(
    name: &'static str,
    from: Option<&'static str>,
    columns: &[(&'static str, Option<&'static str>)],
) -> TableModel {
    let columns =
        columns.iter().map(|(name, from)| ColumnModel { renamed_from: *from, ..ColumnModel::new(name, TEXT) });
    let columns = [ColumnModel::new("id", INT)].into_iter().chain(columns).collect();
    TableModel {
        columns: Vec::leak(columns),
        primary_key: Some(KeyModel::new(&["id"])),
        renamed_from: from,
        ..TableModel::new(name)
    }
}

/// Each is what another was: the names are free one after the other, and done is done.
#[test]
fn hints_may_be_a_chain() {
    let have = apply(
        &Schema::empty(Dialect::Postgres),
        "CREATE TABLE a (id int PRIMARY KEY, x text NOT NULL, y text NOT NULL); CREATE TABLE b (id int PRIMARY KEY)",
    )
    .schema;
    let models = [table_from("b", Some("a"), &[("y", Some("x")), ("z", Some("y"))]), table_from("c", Some("b"), &[])];
    let first = candidates(&of(&models, &have), &have, &ObjectFilter::default(), &Answers::default());
    assert_eq!((first.questions.len(), first.problems.as_slice()), (0, &[][..]), "{first:?}");
    let after = renamed(&have, &first.certain);
    let script = write(&have, &after, &first.certain);
    let steps: Vec<&str> = script.steps.iter().map(|step| step.sql.as_str()).collect();
    assert_eq!(
        steps,
        [
            "ALTER TABLE b RENAME TO c",
            "ALTER TABLE a RENAME TO b",
            "ALTER TABLE b RENAME COLUMN y TO z",
            "ALTER TABLE b RENAME COLUMN x TO y"
        ]
    );
    let want = adopt(&of(&models, &after), &after, &ObjectFilter::default()).unwrap().schema;
    assert_eq!(compare(&after, &want), []);
    let again = candidates(&of(&models, &after), &after, &ObjectFilter::default(), &Answers::default());
    assert_eq!(again, Candidates::default());
}

#[test]
fn two_that_swap_are_for_a_command_line() {
    let have = apply(
        &Schema::empty(Dialect::Postgres),
        "CREATE TABLE a (id int PRIMARY KEY, x text NOT NULL, y text NOT NULL); CREATE TABLE b (id int PRIMARY KEY, n int)",
    )
    .schema;
    let models = [table_from("b", None, &[("y", None), ("x", None)]), table_from("a", None, &[])];
    let declared = of(&models, &have);
    let say = |renames: &[&str]| {
        let renames: Vec<String> = renames.iter().map(ToString::to_string).collect();
        Answers::of(&renames, &[], &declared, &have)
    };
    let answers = say(&["a=b", "b=a", "b.x=b.y", "b.y=b.x"]).unwrap_err();
    // Which table `b` a column is of can't be told from the name alone: its own new one is meant.
    assert_eq!(answers.len(), 2, "{answers:?}");
    let answers = say(&["a=b", "b=a", "a.x=b.y", "a.y=b.x"]).unwrap();
    let after = renamed(&have, &answers.renames);
    let script = write(&have, &after, &answers.renames);
    assert_eq!(script.steps.len(), 6, "{script:#?}");
    assert!(prove(&have, &script, &after).holds());
    let columns = |name: &str| {
        let table = after.tables.iter().find(|(table, _)| table.name.as_str() == name).map(|(_, table)| table);
        table.map(|table| table.columns.iter().map(|column| column.name.to_string()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!((columns("a").as_deref(), columns("b").as_deref()), (Some("id n"), Some("id y x")));
    let wrong = say(&["a=b"]).unwrap_err();
    let expected =
        "`--rename a=b`: there is a `b` already (say what becomes of that one, too, `--rename b=…`, or leave this out)";
    assert_eq!(wrong.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
}

#[test]
fn one_hint_is_for_all_dialects() {
    for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
        let have = apply(&Schema::empty(dialect), "CREATE TABLE users (userName VARCHAR(9))").schema;
        let want = "CREATE TABLE users (loginName VARCHAR(9))";
        let filter = ObjectFilter::default();
        let (declared, _) = declare_sql(want, "schema.sql", Around { have: &have, filter: &filter });
        for hint in ["users.userName=loginName", "users.userName=users.loginName"] {
            let answers = Answers::of(&[hint.to_owned()], &[], &declared, &have).unwrap();
            assert_eq!(candidates(&declared, &have, &filter, &answers).certain.columns.len(), 1, "{dialect}: {hint}");
        }
        assert!(Answers::of(&[], &["users.userName".to_owned()], &declared, &have).is_ok(), "{dialect}");
    }
}
