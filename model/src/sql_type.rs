//! What a Rust type asks of its column.

use crate::PerDialect;

/// A Rust type that a column can have.
///
/// Derived for newtypes and enums: see `#[derive(SqlType)]`. For anything else it is a constant to write:
///
/// ```
/// use revchain_model::{Kind, SqlType, TypeModel};
///
/// struct Point;
///
/// impl SqlType for Point {
///     const SQL_TYPE: TypeModel = TypeModel::on_each(Kind::Exact, Some("POINT"), Some("POINT"), None);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no SQL column type",
    label = "which SQL type has this column?",
    note = "derive or implement `revchain::SqlType` for it, or write `#[column(type = \"…\")]` on the field",
    note = "types of other crates are behind features of `revchain` with sqlx's names: `chrono`, `time`, `uuid`, `json`, `rust_decimal`, `bigdecimal`"
)]
pub trait SqlType {
    /// What it is called on each dialect.
    const SQL_TYPE: TypeModel;
    /// Whether it takes NULL.
    const IS_NULLABLE: bool = false;
    /// Both in one, for generated code: then a type that has none is one error and not two.
    #[doc(hidden)]
    const FIELD: FieldType = FieldType { sql_type: Self::SQL_TYPE, is_nullable: Self::IS_NULLABLE };
}

/// A type whose `Vec` a column can have: an array on PostgreSQL. (`u8` is one, too: its `Vec` is bytes.)
#[diagnostic::on_unimplemented(
    message = "a list of `{Self}` has no SQL column type",
    label = "which SQL type has a column of many of these?",
    note = "implement `revchain::model::ArrayElement` for it, or write `#[column(type = \"…\")]` on the field"
)]
pub trait ArrayElement {
    /// What a list of it is called on each dialect.
    const LIST_TYPE: TypeModel;
}

/// What a field's type says of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldType {
    /// The type.
    pub sql_type: TypeModel,
    /// Whether it takes NULL.
    pub is_nullable: bool,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeModel {
    /// What of it may be another type, and is no difference.
    pub kind: Kind,
    /// As a column of it is declared. `None` where the dialect has none.
    pub sql: PerDialect<Option<&'static str>>,
    /// Where just what [`sql`](TypeModel::sql) says is meant, whatever the kind: somebody wrote it for that dialect.
    pub is_exact: PerDialect<bool>,
    /// The values, in order, of an enum that is a type of its own on PostgreSQL, by the name that `sql` says.
    pub values: &'static [&'static str],
}

impl TypeModel {
    /// JSON, whatever the Rust type that is written as JSON.
    pub const JSON: TypeModel = TypeModel::on_each(Kind::Json, Some("JSONB"), Some("JSON"), Some("TEXT"));

    /// A type that is called the same everywhere.
    pub const fn new(kind: Kind, sql: &'static str) -> TypeModel {
        TypeModel::on_each(kind, Some(sql), Some(sql), Some(sql))
    }

    /// Just this type, on every dialect.
    pub const fn exact(sql: &'static str) -> TypeModel {
        TypeModel::new(Kind::Exact, sql)
    }

    /// A type by its names on PostgreSQL, MySQL and SQLite.
    pub const fn on_each(
        kind: Kind,
        postgres: Option<&'static str>,
        mysql: Option<&'static str>,
        sqlite: Option<&'static str>,
    ) -> TypeModel {
        let sql = PerDialect::each(postgres, mysql, sqlite);
        TypeModel { kind, sql, is_exact: PerDialect::all(false), values: &[] }
    }

    /// Just what is said for each dialect.
    pub const fn said(sql: PerDialect<Option<&'static str>>) -> TypeModel {
        TypeModel { sql, ..TypeModel::exact("") }
    }

    /// An enum: a type of that name on PostgreSQL, MySQL's `ENUM(…)`, and text on SQLite.
    pub const fn enumeration(name: &'static str, mysql: &'static str, values: &'static [&'static str]) -> TypeModel {
        let sql = PerDialect::each(Some(name), Some(mysql), Some("TEXT"));
        TypeModel { kind: Kind::Text, sql, is_exact: PerDialect::each(true, true, false), values }
    }

    /// What is said for some dialects, and this for the others.
    #[must_use]
    pub const fn or_exact(self, said: PerDialect<Option<&'static str>>) -> TypeModel {
        let (sql, is_exact) = (self.sql, self.is_exact);
        let (postgres, is_exact_on_postgres) = chosen(said.postgres, sql.postgres, is_exact.postgres);
        let (mysql, is_exact_on_mysql) = chosen(said.mysql, sql.mysql, is_exact.mysql);
        let (sqlite, is_exact_on_sqlite) = chosen(said.sqlite, sql.sqlite, is_exact.sqlite);
        TypeModel {
            sql: PerDialect::each(postgres, mysql, sqlite),
            is_exact: PerDialect::each(is_exact_on_postgres, is_exact_on_mysql, is_exact_on_sqlite),
            // Who says another type for PostgreSQL doesn't mean the enum.
            values: if said.postgres.is_some() { &[] } else { self.values },
            ..self
        }
    }

    /// The kind on each dialect: [`Kind::Exact`] where just that type is meant.
    pub const fn kinds(&self) -> PerDialect<Kind> {
        let PerDialect { postgres, mysql, sqlite } = self.is_exact;
        PerDialect::each(kind(self.kind, postgres), kind(self.kind, mysql), kind(self.kind, sqlite))
    }
}

const fn chosen(
    said: Option<&'static str>,
    otherwise: Option<&'static str>,
    is_exact: bool,
) -> (Option<&'static str>, bool) {
    match said {
        Some(_) => (said, true),
        None => (otherwise, is_exact),
    }
}

const fn kind(kind: Kind, is_exact: bool) -> Kind {
    if is_exact { Kind::Exact } else { kind }
}

/// What a Rust type asks of its column. Where a chain has a column of another type that holds the same, nothing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `bool`.
    Boolean,
    /// `i16`.
    SmallInteger,
    /// `i32`.
    Integer,
    /// `i64`.
    BigInteger,
    /// `f32`.
    Float,
    /// `f64`.
    Double,
    /// A decimal number.
    Decimal,
    /// `String`: of whatever length.
    Text,
    /// `Vec<u8>`.
    Bytes,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A time without a zone.
    Timestamp,
    /// A moment.
    TimestampTz,
    /// A UUID, also as text or bytes.
    Uuid,
    /// JSON.
    Json,
    /// Just what [`TypeModel::sql`] says.
    Exact,
}
