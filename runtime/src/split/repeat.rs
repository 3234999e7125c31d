//! A `repeat` section's statement: run again and again, until there is nothing left for it to do.

use std::time::{Duration, Instant};

use super::Split;
use crate::atomic::{Atomic, Part};
use crate::connect::Session;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Listener};
use crate::journal::Unit;

impl Split<'_> {
    /// Runs a statement again and again, each time in a transaction of its own, until a round affects fewer rows than the
    /// batch.
    ///
    /// Two rounds in a row that affect *more* than the batch are no progress: the statement has no limit, does the whole
    /// table each time, and would for ever. A round that affects exactly the batch may be progress or not, and no
    /// database tells; but where every round does rows that none before it did, all rounds together can't do more rows
    /// than the table has. The table is counted where it is one UPDATE's, after rounds 2, 4, 8, …; twice its rows and a
    /// batch is too many (on a live table rows come and go).
    pub(super) async fn repeat(
        &mut self,
        session: &mut Session<'_>,
        index: usize,
        unit: &Unit,
        batch: u64,
        listener: &mut Listener<'_>,
    ) -> Result<bool> {
        let Some(statement) = unit.statements.first().copied() else { return Ok(true) };
        let lap = listener.statement_started(self.step, Some(statement.line), statement.sql);
        let before = self.entry.affected;
        let (mut rows, mut rounds, mut over) = (0u64, 0u64, 0u32);
        let started = Instant::now();
        let mut affected = 0;
        loop {
            crash::here("before a round");
            // The rows of the round before are added with this one: what was committed and never added is not missed.
            let parts = [Part::One(self.journal.add(&self.entry, affected)), Part::Round(statement)];
            affected = match self.attempt(session, &parts, false, listener).await? {
                Atomic::Done(affected) => affected,
                Atomic::Fenced => return Ok(false),
                Atomic::Failed(_, error) => {
                    let kept = self.failed(session, &error.to_string(), listener).await;
                    return Err(Error::statement_failed(self.step, statement, kept, error));
                }
            };
            crash::here("after a round");
            rounds += 1;
            rows = rows.saturating_add(affected);
            self.entry.affected = before.saturating_add(rows);
            let rate = rate(rows, started.elapsed());
            listener.say(Event::BatchProgress { step: self.step, rows: self.entry.affected, rounds, rate });
            if affected < batch || affected == 0 {
                break;
            }
            // MySQL counts a row that REPLACE or ON DUPLICATE KEY UPDATE changes twice.
            let twice = session.dialect() == Dialect::Mysql && inserts(statement.sql);
            let most = if twice { batch.saturating_mul(2) } else { batch };
            over = if affected > most { over + 1 } else { 0 };
            let again = rows.saturating_sub(batch) / 2;
            if over == 2 || (rounds.is_power_of_two() && rounds > 1 && exceeds(session, statement.sql, again).await) {
                let kind = ErrorKind::NoProgress { rows: affected, batch, rounds };
                let error = Error::new(kind).at_step(self.step).placed(self.step, statement);
                self.failed(session, &error.to_string(), listener).await;
                return Err(error);
            }
            if !listener.pause().is_zero() {
                tokio::time::sleep(listener.pause()).await;
            }
        }
        listener.statement_done(self.step, Some(statement.line), lap);
        let ended = self.pass(session, (index, unit), Vec::new(), None, listener).await?;
        self.noted(ended)
    }
}

/// Rows a second. `None` before there is something to go by.
fn rate(rows: u64, took: Duration) -> Option<u64> {
    if took < Duration::from_millis(100) {
        return None;
    }
    u128::from(rows).checked_mul(1000)?.checked_div(took.as_millis())?.try_into().ok()
}

/// Whether more rows were affected than the table that an UPDATE changes has. `false` where nobody can tell.
async fn exceeds(session: &mut Session<'_>, sql: &str, affected: u64) -> bool {
    let Some(table) = updated_table(sql) else { return false };
    session.count(table).await.is_some_and(|count| affected > count)
}

fn inserts(sql: &str) -> bool {
    let word = sql.split_whitespace().next().unwrap_or_default();
    ["INSERT", "REPLACE"].iter().any(|insert| insert.eq_ignore_ascii_case(word))
}

/// The table that an UPDATE changes, as it is written there; `None` for anything less plain.
fn updated_table(sql: &str) -> Option<&str> {
    let mut words = sql.split_whitespace();
    if !words.next()?.eq_ignore_ascii_case("UPDATE") {
        return None;
    }
    let name = words.next()?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'"' | b'`'));
    let option = ["ONLY", "OR", "LOW_PRIORITY", "IGNORE"].iter().any(|option| option.eq_ignore_ascii_case(name));
    (plain && !option).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{rate, updated_table};

    #[test]
    fn rates() {
        for (rows, milliseconds, shown) in
            [(10, 99, None), (10, 100, Some(100)), (0, 500, Some(0)), (u64::MAX, 500, None)]
        {
            assert_eq!(rate(rows, Duration::from_millis(milliseconds)), shown);
        }
    }

    #[test]
    fn tables_of_updates() {
        for (sql, table) in [
            ("UPDATE runs SET x = 1", Some("runs")),
            ("update\n \"s\".\"runs\" set x = 1", Some("\"s\".\"runs\"")),
            ("UPDATE ONLY runs SET x = 1", None),
            ("WITH t AS (SELECT 1) UPDATE runs SET x = 1", None),
            ("DELETE FROM runs", None),
            ("UPDATE", None),
        ] {
            assert_eq!(updated_table(sql), table, "{sql}");
        }
    }
}
