//! What a live database holds, as the value that the replay makes of a chain.
//!
//! ```text
//! postgres   PgConnection     -> Schema    the catalogue, 10 queries
//! mysql      MySqlConnection  -> Schema    information_schema, 9 queries
//! sqlite     SqliteConnection -> Schema    sqlite_schema and the pragmas as tables, 4 queries
//! ```
//!
//! However many tables there are, the number of queries is the same: each asks for one kind of thing of all of them, and a row
//! of the answer is one column, one part of an index, one value of an enumeration. Names that nobody gave come as the server
//! made them up; what there is by default (a collation, an engine, a method) is left out, as a statement would. This crate
//! never writes, never compares, and never asks about one table.

#[cfg(any(feature = "mysql", feature = "sqlite"))]
mod mentions;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod row;
mod scope;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod tables;

#[cfg(feature = "mysql")]
pub use mysql::mysql;
#[cfg(feature = "postgres")]
pub use postgres::postgres;
pub use scope::Scope;
#[cfg(feature = "sqlite")]
pub use sqlite::sqlite;
