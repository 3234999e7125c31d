//! `#[derive(Table)]` and `#[derive(SqlType)]`: a struct or an enum, read and written down as a constant.
//!
//! ```text
//! shape        tokens                -> attributes, fields, types      what the item looks like
//! meta         an attribute's tokens -> words, values, lists           what is written, whatever it means
//! table        a struct's attributes -> keys, indexes, constraints     what `#[table(…)]` means
//! column       a field's attributes  -> a column, its constraints      what `#[column(…)]` and `#[sqlx(…)]` mean
//! digest       all of it             -> numbers, for a quick comparison
//! expand       all of it             -> `impl Table`
//! sql_type     a newtype, an enum    -> `impl SqlType`
//! ```
//!
//! Every mistake is an error of its own, at what is mistaken, and all of them are said at once. What a database makes of
//! what is written (whether a default is SQL, whether a table is there) is not decided here.

mod case;
mod column;
mod constraint;
mod digest;
mod expand;
mod meta;
mod problems;
mod shape;
mod sql_type;
mod table;

pub(crate) use expand::{table as derive_table, tokens};
pub(crate) use sql_type::derive as derive_sql_type;
