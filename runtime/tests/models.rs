//! What the derives make of structs and enums. (What they refuse is in `ui-tests/cases/models/`.)

#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]
#![allow(clippy::type_complexity, reason = "a type with commas of its own ends no field")]

use std::borrow::Cow;

use revchain::model::{
    CheckModel, ColumnModel, ForeignKeyModel, GeneratedModel, IdentityModel, IndexModel, IndexPartModel, KeyModel,
    Kind, PerDialect, TableModel, TypeModel,
};
use revchain::{SqlType, Table, schema, table};

type Email = Option<String>;

#[derive(SqlType)]
#[allow(dead_code)]
struct UserId(i64);

#[derive(SqlType)]
#[column(type(postgres = "CITEXT"))]
struct Nick<'a> {
    _text: Cow<'a, str>,
}

#[derive(SqlType)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
#[allow(dead_code)]
enum Mood {
    VerySad,
    #[sqlx(rename = "it's ok")]
    Ok,
}

#[derive(SqlType)]
#[allow(dead_code)]
enum State {
    Open,
    Closed,
}

#[derive(SqlType)]
#[repr(i16)]
#[allow(dead_code)]
enum Level {
    Low = 1,
    High = 1 << 4,
}

#[derive(Table)]
#[table(
    name = "users",
    schema = "app",
    comment = "Who may \"log in\"",
    renamed_from = "people",
    only(postgres, sqlite),
    unique(nick, email, name = "uq_users_nick"),
    index(nick, "e-mail", name = "ix_plain"),
    index(
        desc(email, nulls_last),
        expr("lower(nick)"),
        desc(expr("length(nick)")),
        column(nick, operator_class = "text_pattern_ops", length = 10),
        unique,
        method(postgres = "btree"),
        where = "nick IS NOT NULL",
        include(id, r#type),
        only(postgres)
    ),
    foreign_key(
        columns(nick, r#type),
        references = "app.nicks(nick, type)",
        name = "fk_nick",
        on_update = "no_action",
        deferrable = "initially deferred"
    ),
    check("id > 0", name = "ck_id"),
    check(postgres = "nick ~ 'a'")
)]
#[allow(dead_code)]
struct User<'a> {
    #[column(primary_key = "pk_users", identity = "always")]
    id: UserId,
    #[column(name = "e-mail", comment = "as typed", unique = "uq_mail", renamed_from = "mail")]
    email: Email,
    nick: Option<Nick<'a>>,
    #[column(type = "VARCHAR(8)", default = "'plain'", collation(postgres = "C"))]
    r#type: std::option::Option<NotInSql>,
    #[column(type(mysql = "MEDIUMTEXT"), nullable, index(desc, method = "btree", name = "ix_about"))]
    about: &'a str,
    #[column(not_null, default(postgres = "now()", mysql = -1), on_update(mysql = "CURRENT_TIMESTAMP"))]
    seen: Option<i32>,
    #[column(generated = "lower(nick)", virtual, check = "lower <> ''", check("lower <> 'x'", name = "ck_x"))]
    lower: String,
    #[column(generated(postgres = "id + 1"))]
    next: i64,
    #[column(references = "app.users(id)", on_delete = "set null", index)]
    invited_by: Option<UserId>,
    #[column(
        references("teams", on_update = "CASCADE", deferrable, name = "fk_team"),
        unique(name = "uq_team"),
        default = 7
    )]
    team: u64,
    #[sqlx(json(nullable))]
    settings: Vec<(NotInSql, fn(i32, i32) -> i32)>,
    #[sqlx(try_from = "i16")]
    level: NotInSql,
    #[column(skip)]
    cache: NotInSql,
    #[sqlx(skip)]
    other: NotInSql,
    mood: Vec<Mood>,
    bytes: Vec<u8>,
}

#[allow(dead_code)]
struct NotInSql;

const USER: TableModel = User::TABLE;

fn column(name: &str) -> ColumnModel {
    *USER.columns.iter().find(|column| column.name == name).unwrap()
}

const fn text(text: &'static str) -> PerDialect<Option<&'static str>> {
    PerDialect::all(Some(text))
}

#[test]
fn a_table_is_as_its_struct_says() {
    assert_eq!((USER.schema, USER.name, USER.renamed_from), (Some("app"), "users", Some("people")));
    assert_eq!(USER.comment, Some("Who may \"log in\""));
    assert_eq!(USER.dialects, PerDialect::each(true, false, true));
    assert_eq!(USER.declared.name, "User");
    assert!(USER.declared.file.ends_with("tests/models.rs"), "{}", USER.declared.file);
    let lines: Vec<&str> = include_str!("models.rs").lines().collect();
    assert!(lines[USER.declared.line as usize - 1].starts_with("struct User<"), "{:?}", USER.declared);
    let nick = column("nick").declared;
    assert!(lines[nick.line as usize - 1].contains("nick: Option<Nick"), "{nick:?}");
    let names: Vec<&str> = USER.columns.iter().map(|column| column.name).collect();
    let expected = [
        "id",
        "e-mail",
        "nick",
        "type",
        "about",
        "seen",
        "lower",
        "next",
        "invited_by",
        "team",
        "settings",
        "level",
        "mood",
        "bytes",
    ];
    assert_eq!(names, expected);
}

#[test]
fn columns_are_as_their_fields_say() {
    let id = column("id");
    assert_eq!((id.sql_type, id.nullable, id.identity), (i64::SQL_TYPE, false, Some(IdentityModel::Always)));
    let mail = column("e-mail");
    assert_eq!((mail.nullable, mail.sql_type), (true, String::SQL_TYPE), "an alias is seen through");
    assert_eq!((mail.comment, mail.renamed_from), (Some("as typed"), Some("mail")));
    let nick = column("nick").sql_type;
    assert_eq!((nick.sql.postgres, nick.sql.mysql, nick.kind), (Some("CITEXT"), Some("TEXT"), Kind::Text));
    assert_eq!(nick.kinds(), PerDialect::each(Kind::Exact, Kind::Text, Kind::Text));
    let kind = column("type");
    assert_eq!((kind.sql_type, kind.nullable), (TypeModel::exact("VARCHAR(8)"), true));
    assert_eq!((kind.default, kind.collation), (text("'plain'"), PerDialect::each(Some("C"), None, None)));
    let about = column("about");
    assert_eq!((about.sql_type.sql.mysql, about.nullable), (Some("MEDIUMTEXT"), true));
    let seen = column("seen");
    assert_eq!((seen.nullable, seen.on_update), (false, Some("CURRENT_TIMESTAMP")));
    assert_eq!(seen.default, PerDialect::each(Some("now()"), Some("-1"), None));
    assert_eq!(column("lower").generated, Some(GeneratedModel { expression: text("lower(nick)"), is_stored: false }));
    let next = GeneratedModel { expression: PerDialect::each(Some("id + 1"), None, None), is_stored: true };
    assert_eq!(column("next").generated, Some(next));
    assert_eq!((column("team").default, column("team").sql_type), (text("7"), u64::SQL_TYPE));
    assert_eq!((column("settings").sql_type, column("settings").nullable), (TypeModel::JSON, true));
    assert_eq!(column("level").sql_type, i16::SQL_TYPE);
    assert_eq!(column("mood").sql_type.sql, PerDialect::each(Some("mood[]"), None, None));
    assert_eq!(column("bytes").sql_type.kind, Kind::Bytes);
}

#[test]
fn constraints_are_the_fields_and_then_the_structs() {
    assert_eq!(USER.primary_key, Some(KeyModel { name: Some("pk_users"), columns: &["id"] }));
    assert_eq!(
        USER.uniques,
        [
            KeyModel { name: Some("uq_mail"), columns: &["e-mail"] },
            KeyModel { name: Some("uq_team"), columns: &["team"] },
            KeyModel { name: Some("uq_users_nick"), columns: &["nick", "e-mail"] },
        ]
    );
    assert_eq!(
        USER.foreign_keys,
        [
            ForeignKeyModel {
                schema: Some("app"),
                on_delete: Some("SET NULL"),
                ..ForeignKeyModel::new(&["invited_by"], "users", &["id"])
            },
            ForeignKeyModel {
                name: Some("fk_team"),
                on_update: Some("CASCADE"),
                deferrable: Some(false),
                ..ForeignKeyModel::new(&["team"], "teams", &[])
            },
            ForeignKeyModel {
                name: Some("fk_nick"),
                schema: Some("app"),
                on_update: Some("NO ACTION"),
                deferrable: Some(true),
                ..ForeignKeyModel::new(&["nick", "type"], "nicks", &["nick", "type"])
            },
        ]
    );
    assert_eq!(
        USER.checks,
        [
            CheckModel::new("lower <> ''"),
            CheckModel { name: Some("ck_x"), ..CheckModel::new("lower <> 'x'") },
            CheckModel { name: Some("ck_id"), ..CheckModel::new("id > 0") },
            CheckModel { name: None, expression: PerDialect::each(Some("nick ~ 'a'"), None, None) },
        ]
    );
}

#[test]
fn indexes_have_parts_and_options() {
    let part = IndexPartModel::column;
    let descending = |part: IndexPartModel| IndexPartModel { is_descending: true, ..part };
    let [about, invited_by, plain, large] = USER.indexes else { panic!("{:#?}", USER.indexes) };
    assert_eq!(
        (about.name, about.method, about.parts),
        (Some("ix_about"), text("btree"), &[descending(part("about"))][..])
    );
    const INVITED_BY: IndexModel = IndexModel::new(&[IndexPartModel::column("invited_by")]);
    assert_eq!(*invited_by, INVITED_BY);
    assert_eq!((plain.name, plain.parts), (Some("ix_plain"), &[part("nick"), part("e-mail")][..]));
    let parts = [
        IndexPartModel { nulls_first: Some(false), ..descending(part("e-mail")) },
        IndexPartModel::expression("lower(nick)"),
        descending(IndexPartModel::expression("length(nick)")),
        IndexPartModel { operator_class: Some("text_pattern_ops"), length: Some(10), ..part("nick") },
    ];
    assert_eq!(large.parts, parts);
    assert_eq!((large.is_unique, large.predicate), (true, Some("nick IS NOT NULL")));
    assert_eq!((large.include, large.method.postgres, large.method.mysql), (&["id", "type"][..], Some("btree"), None));
    assert_eq!(large.dialects, PerDialect::each(true, false, false));
}

#[test]
fn enums_are_text_or_integers_or_types_of_their_own() {
    let mood = Mood::SQL_TYPE;
    assert_eq!(mood.sql, PerDialect::each(Some("mood"), Some("ENUM('very_sad', 'it''s ok')"), Some("TEXT")));
    assert_eq!((mood.values, mood.kinds().postgres), (&["very_sad", "it's ok"][..], Kind::Exact));
    assert_eq!(State::SQL_TYPE, String::SQL_TYPE);
    assert_eq!(Level::SQL_TYPE, i16::SQL_TYPE);
}

mod shadowed {
    //! Generated code means the names that it means, whatever they are here.
    #![allow(dead_code, non_camel_case_types)]

    struct Option;
    struct Some;
    mod revchain {}
    mod core {}
    mod std {}

    #[derive(::revchain::Table)]
    #[table(name = "shadowed", comment = "x")]
    pub(super) struct Shadowed {
        #[column(default = "1")]
        id: i32,
        __revchain: i32,
    }

    #[derive(::revchain::SqlType)]
    pub(super) enum Text {
        Some,
        None,
    }
}

table! {
    /// Who works on what.
    #[table(name = "users_projects", primary_key("user_id", project, name = "pk_up"))]
    struct UsersProjects {
        #[column(references = "app.users(id)")]
        user_id: UserId,
        #[column(references = "projects(id)", name = "project_id")]
        project: Option<i64>,
    }

    #[derive(Debug)]
    #[table(name = "nothing")]
    pub struct Nothing {}
}

#[derive(Table)]
#[table(name = "renamed")]
#[sqlx(rename_all = "camelCase")]
#[allow(dead_code)]
struct Renamed {
    #[column(primary_key)]
    first_key: i32,
    #[column(primary_key)]
    #[sqlx(rename = "second")]
    second_key: i32,
    #[column(name = "third_key")]
    #[sqlx(default)]
    third_key: i32,
}

#[test]
fn tables_are_gathered() {
    const MODELS: &[&TableModel] = schema![User<'_>, UsersProjects, shadowed::Shadowed, Nothing, Renamed];
    let names: Vec<&str> = MODELS.iter().map(|table| table.name).collect();
    assert_eq!(names, ["users", "users_projects", "shadowed", "nothing", "renamed"]);
    let joins = MODELS[1];
    assert_eq!(joins.primary_key, Some(KeyModel { name: Some("pk_up"), columns: &["user_id", "project_id"] }));
    assert!(joins.columns.iter().all(|column| !column.nullable), "a primary key takes no NULL");
    let columns: Vec<&str> = MODELS[4].columns.iter().map(|column| column.name).collect();
    assert_eq!(columns, ["firstKey", "second", "third_key"]);
    assert_eq!(MODELS[4].primary_key, Some(KeyModel::new(&["firstKey", "second"])), "of several fields, in order");
    assert_eq!(shadowed::Text::SQL_TYPE.kind, Kind::Text);
}
