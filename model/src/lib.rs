//! Tables as an application's structs describe them: constant data, which nobody pays for at run time.
//!
//! `#[derive(Table)]` fills [`TableModel`]; the tool reads it, and compares it with what the chain leads to. Nothing here
//! parses, prints or allocates, and no rule of a database stands here but which SQL types a Rust type stands for (`types`,
//! and for other crates' types `foreign`). Without features it depends on nothing.

mod constraint;
#[doc(hidden)]
pub mod drift;
mod foreign;
mod hash;
mod sql_type;
mod table;
mod types;

pub use constraint::{CheckModel, ForeignKeyModel, IndexModel, IndexPartModel, KeyModel};
pub use hash::hash;
pub use sql_type::{ArrayElement, FieldType, Kind, SqlType, TypeModel};
pub use table::{ColumnModel, Declared, GeneratedModel, IdentityModel, Table, TableModel};

/// Something that may be another for each dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerDialect<T> {
    /// On PostgreSQL.
    pub postgres: T,
    /// On MySQL and MariaDB.
    pub mysql: T,
    /// On SQLite.
    pub sqlite: T,
}

impl<T: Copy> PerDialect<T> {
    /// The same on all three.
    pub const fn all(value: T) -> PerDialect<T> {
        PerDialect { postgres: value, mysql: value, sqlite: value }
    }

    /// One for each.
    pub const fn each(postgres: T, mysql: T, sqlite: T) -> PerDialect<T> {
        PerDialect { postgres, mysql, sqlite }
    }
}

impl PerDialect<Option<&'static str>> {
    /// Nothing on any.
    pub const NOTHING: PerDialect<Option<&'static str>> = PerDialect::all(None);
}
