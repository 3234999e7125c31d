//! Structs that describe tables. All of it is constant; nothing here runs.

/// A struct that describes a table: its columns are its fields.
///
/// ```
/// use revchain::Table;
///
/// #[derive(Table)]
/// #[table(name = "users", unique(name, email))]
/// struct User {
///     #[column(primary_key, identity)]
///     id: i64,
///     #[column(type(mysql = "VARCHAR(255)"))]
///     name: String,
///     email: Option<String>, // takes NULL
///     #[column(default = "true")]
///     is_active: bool,
///     #[column(references = "users(id)", on_delete = "set null", index)]
///     invited_by: Option<i64>,
/// }
///
/// assert_eq!(User::TABLE.columns[2].name, "email");
/// ```
///
/// It may be the struct that `sqlx::FromRow` is derived for: sqlx's `rename`, `rename_all`, `skip`, `json` and `try_from` are
/// honoured. `docs/models.md` has all attributes, and which SQL types the types of Rust stand for.
pub use revchain_macros::Table;
pub use revchain_model::Table;

/// A type that a column can have. Derived for newtypes, which are what they hold, and for enums without data, which are
/// text, or a type of their own where `#[sqlx(type_name = "…")]` names it.
///
/// ```
/// use revchain::SqlType;
///
/// #[derive(SqlType)]
/// struct UserId(i64);
///
/// #[derive(SqlType)]
/// enum State { Open, Closed }
///
/// assert_eq!(UserId::SQL_TYPE, i64::SQL_TYPE);
/// assert_eq!(State::SQL_TYPE.sql.postgres, Some("TEXT"));
/// ```
pub use revchain_macros::SqlType;
pub use revchain_model::SqlType;

/// Gathers tables: `&'static [&'static TableModel]`, of types for which [`Table`] is derived.
///
/// ```
/// # #[derive(revchain::Table)]
/// # #[table(name = "users")]
/// # struct User { id: i64 }
/// # #[derive(revchain::Table)]
/// # #[table(name = "projects")]
/// # struct Project { id: i64 }
/// const MODELS: &[&revchain::model::TableModel] = revchain::schema![User, Project];
///
/// assert_eq!(MODELS[1].name, "projects");
/// ```
#[macro_export]
macro_rules! schema {
    ($($table:ty),* $(,)?) => {
        const { &[$(&<$table as $crate::Table>::TABLE),*] as &'static [&'static $crate::model::TableModel] }
    };
}

/// Declares tables that no struct of the application stands for: what joins others, for instance. A table is written as the
/// struct that it would be.
///
/// ```
/// revchain::table! {
///     /// Who works on what.
///     #[table(name = "users_projects", primary_key(user_id, project_id))]
///     struct UsersProjects {
///         #[column(references = "users(id)", on_delete = "cascade")]
///         user_id: i64,
///         #[column(references = "projects(id)", on_delete = "cascade", index)]
///         project_id: i64,
///     }
/// }
///
/// assert_eq!(revchain::schema![UsersProjects][0].foreign_keys[1].table, "projects");
/// ```
#[macro_export]
macro_rules! table {
    ($($table:item)*) => {$(
        #[derive($crate::Table)]
        #[allow(dead_code, missing_docs, missing_debug_implementations, unreachable_pub)]
        $table
    )*};
}

/// The examples of `docs/models.md` compile.
#[cfg(doctest)]
#[doc = include_str!("../../docs/models.md")]
mod documented {}
