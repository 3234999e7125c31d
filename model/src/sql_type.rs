//! Which SQL types a Rust type stands for.

use crate::PerDialect;

/// A Rust type that a column can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no SQL column type",
    label = "which SQL type has this column?",
    note = "implement `revchain::SqlType` for it, or write `#[column(type = \"…\")]`"
)]
pub trait SqlType {
    /// What it is called on each dialect.
    const SQL_TYPE: TypeModel;
    /// Whether it takes NULL.
    const IS_NULLABLE: bool = false;
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeModel {
    /// What of it may be another type, and is no difference.
    pub kind: Kind,
    /// As a column of it is declared. `None` where the dialect has none.
    pub sql: PerDialect<Option<&'static str>>,
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
