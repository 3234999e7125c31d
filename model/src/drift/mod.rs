//! Whether a struct's table is what the chain leads to: decided while a program is compiled, by constants' evaluation.
//!
//! ```text
//! names     a name                   -> a number             what tells names, keys and indexes apart
//! head      bytes                    -> tables               what the chain leads to, as the chain's side wrote it
//! exact     two types' texts         -> differ, surely       types that somebody wrote
//! compare   TableModel, Head         -> differences          a table: its columns (`column`), its keys (`keys`)
//! quick     TableModel, numbers, Head -> agree, surely       what is asked first
//! words     differences              -> text                 what the compiler shows
//! ```
//!
//! What is not sure to differ is not said: expressions, names of constraints, comments and the like are `check`'s. The test
//! that holds this to `revchain-autogenerate`, which decides what differs, is there (`tests/settled.rs`). For generated code.

mod column;
mod compare;
mod exact;
mod head;
mod keys;
mod names;
pub mod quick;
mod words;

pub use compare::compare;
pub use exact::spelling;
pub use head::{Head, size};
pub use names::{expression, name, ordered, table_name, unordered};
pub use words::Message;

use crate::{Kind, Table, TableModel};

/// Of a column on a dialect, in the chain. The lowest bits are the kinds that its type holds.
pub mod fact {
    /// It is there.
    pub const PRESENT: u32 = 1 << 16;
    /// It takes NULL.
    pub const NULLABLE: u32 = 1 << 17;
    /// It has a default.
    pub const DEFAULT: u32 = 1 << 18;
    /// Whether it has a default can't be said.
    pub const UNSURE_DEFAULT: u32 = 1 << 19;
    /// The database counts.
    pub const COUNTS: u32 = 1 << 20;
    /// `GENERATED ALWAYS AS IDENTITY`.
    pub const ALWAYS: u32 = 1 << 21;
    /// `serial`, or a default that draws from a sequence.
    pub const SERIAL: u32 = 1 << 22;
    /// It is computed.
    pub const GENERATED: u32 = 1 << 23;
    /// It is of the primary key.
    pub const KEY: u32 = 1 << 24;
    /// It is SQLite's `INTEGER`.
    pub const ROW_NUMBER: u32 = 1 << 25;
    /// Its type can't be said.
    pub const UNSURE_TYPE: u32 = 1 << 26;
    /// Not the same on all dialects, but for the kinds. Of those, what holds everywhere.
    pub const MIXED: u32 = 1 << 27;
}

/// The kinds but [`Kind::Exact`]: the bit of each is its place here.
pub const KINDS: [Kind; 15] = [
    Kind::Boolean,
    Kind::SmallInteger,
    Kind::Integer,
    Kind::BigInteger,
    Kind::Float,
    Kind::Double,
    Kind::Decimal,
    Kind::Text,
    Kind::Bytes,
    Kind::Date,
    Kind::Time,
    Kind::Timestamp,
    Kind::TimestampTz,
    Kind::Uuid,
    Kind::Json,
];

/// What is usual to call a type of a kind on PostgreSQL, MySQL and SQLite. Between them the chain's type decides alone.
pub const fn usual(kind: Kind) -> [&'static [&'static str]; 3] {
    match kind {
        Kind::Boolean => [&["BOOLEAN"], &["BOOLEAN"], &["BOOLEAN"]],
        Kind::SmallInteger => [&["SMALLINT"], &["SMALLINT"], &["INTEGER"]],
        Kind::Integer => [&["INTEGER"], &["INTEGER"], &["INTEGER"]],
        Kind::BigInteger => [&["BIGINT"], &["BIGINT"], &["INTEGER"]],
        Kind::Float => [&["REAL"], &["FLOAT"], &["REAL"]],
        Kind::Double => [&["DOUBLE PRECISION"], &["DOUBLE"], &["REAL"]],
        Kind::Decimal => [&["NUMERIC"], &["DECIMAL"], &["NUMERIC"]],
        Kind::Text => [&["TEXT"], &["TEXT"], &["TEXT"]],
        Kind::Bytes => [&["BYTEA"], &["BLOB"], &["BLOB"]],
        Kind::Date => [&["DATE"], &["DATE"], &["DATE"]],
        Kind::Time => [&["TIME"], &["TIME"], &["TIME"]],
        Kind::Timestamp => [&["TIMESTAMP"], &["DATETIME"], &["DATETIME"]],
        Kind::TimestampTz => [&["TIMESTAMPTZ"], &["TIMESTAMP"], &["DATETIME"]],
        Kind::Uuid => [&["UUID"], &["BINARY(16)", "CHAR(36)", "CHAR(32)"], &["BLOB", "TEXT"]],
        Kind::Json => [&["JSONB"], &["JSON"], &["TEXT"]],
        Kind::Exact => [&[], &[], &[]],
    }
}

/// How long a message may be.
const SIZE: usize = 1 << 14;

/// What differs between structs and the chain.
const fn compare_all<const M: usize>(models: &[&TableModel], head: Head) -> Message<M> {
    let (mut message, mut at) = (Message::new(), 0);
    while at < models.len() {
        compare(models[at], head, &mut message);
        at += 1;
    }
    message
}

/// What of the chain has no struct. `N` is its number of tables.
const fn lacking<const N: usize, const M: usize>(models: &[&TableModel], head: Head) -> Message<M> {
    let mut message = Message::new();
    compare::without_model::<N, M>(models, head, &mut message);
    message
}

/// Stops the compiler where structs are not what the chain leads to. That they are is soon said; what differs is put into words
/// only then.
#[track_caller]
pub const fn agree(is_on: bool, models: &[&TableModel], head: Head) {
    if differ(is_on, models, head) {
        compare_all::<SIZE>(models, head).refuse();
    }
}

/// The same of one struct.
#[track_caller]
pub const fn agree_on<T: Table>(is_on: bool, head: Head) {
    if differ_on::<T>(is_on, head) {
        compare_all::<SIZE>(&[&T::TABLE], head).refuse();
    }
}

/// Stops the compiler where a table of the chain has no struct.
#[track_caller]
pub const fn complete<const N: usize>(is_on: bool, models: &[&TableModel], head: Head) {
    if lack::<N>(is_on, models, head) {
        lacking::<N, SIZE>(models, head).refuse();
    }
}

/// Whether structs are something else than what the chain leads to.
pub const fn differ(is_on: bool, models: &[&TableModel], head: Head) -> bool {
    is_on && !compare_all::<0>(models, head).is_empty()
}

/// The same of one struct.
pub const fn differ_on<T: Table>(is_on: bool, head: Head) -> bool {
    if !is_on {
        return false;
    }
    let model = T::TABLE;
    !quick::agrees(&model, T::DIGEST, head) && differ(true, &[&model], head)
}

/// Whether a table of the chain has no struct.
pub const fn lack<const N: usize>(is_on: bool, models: &[&TableModel], head: Head) -> bool {
    is_on && !lacking::<N, 0>(models, head).is_empty()
}
