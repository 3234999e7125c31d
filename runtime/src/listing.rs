//! The statements of a step, for people to read before they run. Nothing runs from here.

use crate::chain::{Mode, Script, Work};
use crate::dialect::Dialect;
use crate::plan::Step;

/// A statement that a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedStatement {
    sql: &'static str,
    line: u32,
    runs: Runs,
}

/// How a statement runs: what its section says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runs {
    /// In the revision's transaction, as far as the database has one for it: MySQL commits DDL by itself.
    InTransaction,
    /// In the revision's transaction, with SQLite's foreign keys off and checked before the commit.
    InRebuild,
    /// By itself, outside any transaction.
    WithoutTransaction,
    /// Again and again, each time in a transaction of its own.
    #[non_exhaustive]
    Repeatedly {
        /// It ends when a round affects fewer rows than this.
        batch: u64,
    },
}

impl PlannedStatement {
    /// The text, without its terminator.
    pub const fn sql(&self) -> &'static str {
        self.sql
    }

    /// The line in the revision file, from 1.
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// How it runs.
    pub const fn runs(&self) -> Runs {
        self.runs
    }
}

impl Step {
    /// The statements that the step runs on a dialect, in order. `None` for a `.rs` revision: only running it tells.
    pub fn statements(&self, dialect: Dialect) -> Option<Vec<PlannedStatement>> {
        if let Work::Rust(_) = self.work() {
            return None;
        }
        let mut found = Vec::new();
        for batch in self.batches(dialect).iter() {
            let runs = match batch.mode {
                Mode::Rebuild if dialect == Dialect::Sqlite => Runs::InRebuild,
                Mode::Transaction | Mode::Rebuild => Runs::InTransaction,
                Mode::NoTransaction => Runs::WithoutTransaction,
                Mode::Repeat(batch) => Runs::Repeatedly { batch },
            };
            found.extend(batch.statements().map(|one| PlannedStatement { sql: one.sql, line: one.line, runs }));
        }
        Some(found)
    }

    /// Why the step can't run on a dialect: the reason that the revision gives for having no way back. `None` where it
    /// can, or where the chain does not serve the dialect.
    pub fn irreversible(&self, dialect: Dialect) -> Option<&'static str> {
        self.work().irreversible(dialect)
    }

    /// Whether the chain serves the dialect.
    pub fn serves(&self, dialect: Dialect) -> bool {
        !matches!(self.work().script(dialect), Some(Script::Absent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Direction, steps};

    #[test]
    fn every_statement_has_its_line() {
        #[allow(deprecated, reason = "nobody adds a revision here")]
        mod chain {
            revchain::embed_migrations!("tests/migrations");
        }
        let steps = steps(&chain::MIGRATIONS, Direction::Upgrade, 0, 2);
        let lines = |step: &Step| -> Vec<u32> {
            step.statements(Dialect::Sqlite).unwrap().iter().map(PlannedStatement::line).collect()
        };
        for step in &steps {
            let file = std::fs::read_to_string(step.revision().file()).unwrap();
            for statement in step.statements(Dialect::Sqlite).unwrap() {
                let line = file.lines().nth(statement.line() as usize - 1).unwrap();
                assert_eq!(Some(line.trim_end_matches(';')), statement.sql().lines().next());
                assert_eq!(statement.runs(), Runs::InTransaction);
            }
            assert!(!lines(step).is_empty());
        }
    }
}
