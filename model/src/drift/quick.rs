//! Whether a struct's table is what the chain leads to, asked first and answered soon: nearly always it is. What the derive knows
//! stands in numbers that it wrote, as does what the chain's side knows; compared are a few of them for each column, and only what
//! they leave open is judged as `compare` judges it. A yes is never wrong; a no says nothing, and `compare` is asked.
//!
//! Numbers of 64 bits stand for names, types' texts and sets of keys (FNV-1a; sets as a sum of mixed numbers): two of them that are
//! the same by chance, of all that are ever compared in one table, are less likely than a fault of the machine.
//!
//! ```text
//! digest:   table, primary key, keys, foreign keys; for each column, by its name's number: that, what is expected of its facts with
//!           the field's place; the spellings of the types that are written, in that order
//! quick:    count; for each table, by its name's number: that, where it is (0: not here)
//! a table:  count of columns, primary key, keys, foreign keys; for each column, by its name's number: that, its facts with
//!           its place, the spelling of its type
//! ```
//!
//! `revchain-schema` writes both.

use super::column::OPEN;
use super::compare::Pair;
use super::fact;
use super::head::{Head, size};
use super::words::Message;
use crate::{Kind, TableModel};

/// Beside the facts that are expected of a column: numbers don't say enough.
pub const ASK: u64 = 1 << 28;
/// Beside them: its type is written, and the same on all dialects.
pub const WRITTEN: u64 = 1 << 29;
/// Of what is expected: the field's place.
pub const FIELD: u64 = 0xffff;

const EXPECTED: u64 = !(FIELD | ASK | WRITTEN);

/// Whether they surely agree.
pub const fn agrees(model: &TableModel, digest: &[u64], head: Head) -> bool {
    if digest.is_empty() {
        return false;
    }
    let Some(number) = head.find(digest[0]) else { return false };
    let (quick, at) = (head.quick, head.quick[2 + 2 * number] as usize);
    if at == 0 || quick[at] as usize != model.columns.len() || !have_same_columns(model, digest, head, number, at) {
        return false;
    }
    (digest[1] == quick[at + 1] && digest[2] == quick[at + 2] && digest[3] == quick[at + 3])
        || have_same_keys(model, head, number)
}

const fn have_same_columns(model: &TableModel, digest: &[u64], head: Head, number: usize, at: usize) -> bool {
    let (quick, count) = (head.quick, model.columns.len());
    let (mut here, mut there, mut written) = (4, at + 4, 4 + 2 * count);
    let end = written;
    while here < end {
        if digest[here] != quick[there] {
            return false;
        }
        let (expected, facts) = (digest[here + 1], quick[there + 1]);
        let column = &model.columns[(expected & FIELD) as usize];
        let nullable = if column.nullable { fact::NULLABLE as u64 } else { 0 };
        let is_exact =
            column.sql_type.is_exact.postgres | column.sql_type.is_exact.mysql | column.sql_type.is_exact.sqlite;
        let is_it = if expected & WRITTEN != 0 {
            written += 1;
            facts & OPEN as u64 == (expected & EXPECTED) | nullable && digest[written - 1] == quick[there + 2]
        } else if expected & ASK != 0 || is_exact || matches!(column.sql_type.kind, Kind::Exact) {
            false
        } else {
            let kind = 1 << column.sql_type.kind as u64;
            facts & (OPEN as u64 | kind) == (expected & EXPECTED) | nullable | kind
        };
        if !is_it {
            let pair = Pair::of(model, head, number);
            let mut message = Message::<0>::new();
            pair.column(column, pair.table.further((facts >> 32) as usize * size::COLUMN), &mut message);
            if !message.is_empty() {
                return false;
            }
        }
        here += 2;
        there += 3;
    }
    true
}

const fn have_same_keys(model: &TableModel, head: Head, number: usize) -> bool {
    let (pair, mut message) = (Pair::of(model, head, number), Message::<0>::new());
    pair.primary_key(head.table(number), &mut message);
    pair.keys(&mut message);
    pair.foreign_keys(&mut message);
    message.is_empty()
}
