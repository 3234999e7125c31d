//! What a step consists of: units, each of which is a transaction, or a statement that commits by itself.

use super::words::{is, words};
use crate::chain::{Mode, StepFn, Work};
use crate::dialect::Dialect;
use crate::packed::Statement;
use crate::plan::Step;

/// A part of a step.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) kind: UnitKind,
    /// The position of its first statement among those of the step.
    pub(crate) first: u32,
    pub(crate) statements: Vec<Statement>,
}

/// How a unit runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum UnitKind {
    /// In one transaction, together with its entry in the journal.
    Transaction,
    /// The same, with SQLite's foreign keys off.
    Rebuild,
    /// A statement that commits by itself: announced before, and noted after.
    Statement,
    /// A statement, again and again, in transactions of this many rows.
    Repeat(u64),
    /// A `.rs` revision, on MySQL. It has no statements, and counts as one.
    Function(StepFn),
}

impl Unit {
    /// The position after its last statement.
    pub(crate) fn end(&self) -> u32 {
        match self.kind {
            UnitKind::Function(_) => self.first + 1,
            _ => self.first + self.statements.len() as u32,
        }
    }
}

/// The units of a step, in order.
pub(crate) fn units(step: &Step, dialect: Dialect) -> Vec<Unit> {
    if let Work::Rust(function) = step.work() {
        return vec![Unit { kind: UnitKind::Function(function), first: 0, statements: Vec::new() }];
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut position = 0;
    for batch in step.batches(dialect).iter() {
        // Two batches are two transactions, as their author wrote them.
        let mut open = false;
        for statement in batch.statements() {
            let kind = match batch.mode {
                Mode::Transaction if commits(dialect, statement.sql) => UnitKind::Statement,
                Mode::Transaction => UnitKind::Transaction,
                Mode::Rebuild => UnitKind::Rebuild,
                // By itself, but together with its entry: nothing is ever in doubt then.
                Mode::NoTransaction if fits_a_transaction(dialect, statement.sql) => UnitKind::Transaction,
                Mode::NoTransaction => UnitKind::Statement,
                Mode::Repeat(rows) => UnitKind::Repeat(rows),
            };
            let joins = |last: &Unit| {
                open && matches!(
                    (last.kind, kind),
                    (UnitKind::Transaction, UnitKind::Transaction) | (UnitKind::Rebuild, UnitKind::Rebuild)
                )
            };
            match units.last_mut() {
                Some(last) if joins(last) => last.statements.push(statement),
                _ => units.push(Unit { kind, first: position, statements: vec![statement] }),
            }
            open = batch.mode != Mode::NoTransaction;
            position += 1;
        }
    }
    units
}

/// Whether a statement can be in a transaction, whatever its section says: where it does nothing but change rows, and on
/// SQLite, where little else can't.
fn fits_a_transaction(dialect: Dialect, sql: &str) -> bool {
    const ROWS: [&str; 6] = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "WITH"];
    const APART: [&str; 4] = ["VACUUM", "PRAGMA", "ATTACH", "DETACH"];
    let words = words(sql);
    let first = words.first().copied().unwrap_or_default();
    let is_one = |known: &[&str]| known.iter().any(|word| is(first, word));
    if dialect == Dialect::Sqlite { !is_one(&APART) } else { is_one(&ROWS) }
}

#[cfg(feature = "mysql")]
fn commits(dialect: Dialect, sql: &str) -> bool {
    dialect == Dialect::Mysql && crate::dialect::mysql::stands_alone(sql)
}

#[cfg(not(feature = "mysql"))]
fn commits(_: Dialect, _: &str) -> bool {
    false
}
