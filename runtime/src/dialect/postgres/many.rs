//! Several flights in one message, each a transaction of its own: the server waits neither for us in between nor, but for the
//! last one's, for its disk. Never says what was wrong with one that failed: it is flown again, alone.
//!
//! Nobody hears of any of them before all are on the disk. A commit that doesn't wait for it
//! ([asynchronous commit](https://www.postgresql.org/docs/current/wal-async-commit.html)) is lost only together with all that
//! came after it, and so a server that crashes stands at one of the revisions, whole.

use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::{AssertSqlSafe, Either, raw_sql};

use super::blame::{Composed, blame};
use super::flight::shares;
use super::{Session, refused};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::event::Listener;
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::version_table::Swap;

/// The commit of this transaction waits for no disk.
const LATER: &str = "SET LOCAL synchronous_commit = off;\n";

impl Session<'_> {
    /// Whether a message may hold several transactions: not on a connection that is handed in, where a message is one (see
    /// `compose`), nor where a guard has something to find out or to make first.
    pub(crate) fn takes_many(&self, listener: &Listener<'_>) -> bool {
        let is_made = !self.missing && (self.has_journal || !self.table.is_recorded());
        self.is_known && is_made && self.table.has_schema() && !self.held.is_lent() && !listener.watches_statements()
    }

    /// Runs a transaction for each of the steps, up to the first that fails.
    pub(crate) async fn flights(&mut self, steps: &[Step]) -> Result<Outcome> {
        // Where in the server's completions each one's own begin, and where it is over.
        let (mut starts, mut ends) = (Vec::with_capacity(steps.len()), Vec::with_capacity(steps.len()));
        let (mut sql, mut completions) = (String::new(), 0);
        for (at, step) in steps.iter().enumerate() {
            let later = (at + 1 < steps.len()).then_some(LATER);
            let swap = Swap { from: step.from(), to: step.to() };
            let pieces = Pieces::of(std::slice::from_ref(step), Dialect::Postgres);
            let flight = self.compose(Some(swap), pieces, later);
            sql.push_str(&flight.sql);
            sql.push_str(";\n");
            starts.push(completions + flight.before);
            completions += flight.before + pieces.iter().map(|piece| piece.batch.len()).sum::<usize>() + 1;
            ends.push(completions);
        }
        let sql = Arc::new(sql);
        let (mut completed, started) = (0, Instant::now());
        let mut stream = raw_sql(AssertSqlSafe(Arc::clone(&sql))).fetch_many(self.held.get_mut());
        let failure = loop {
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => completed += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(stream);
        let mut laps = shares(started.elapsed(), ends.partition_point(|end| *end <= completed));
        match failure {
            None => {}
            Some(error) if !ends_session(&error) => {
                // What it left is the connection's state, and nothing else.
                self.roll_back().await;
                self.flush().await?;
            }
            Some(error) => {
                // What a server that crashed had answered need not be there: then nobody knows of any.
                if !matches!(error, sqlx::Error::Database(_)) {
                    laps.clear();
                }
                let step = steps.get(laps.len()..laps.len() + 1).unwrap_or_default();
                let before = starts.get(laps.len()).copied().unwrap_or_default();
                let composed = Composed { sql, before, starts: Vec::new() };
                let lost = blame(&composed, Pieces::of(step, Dialect::Postgres), completed, error);
                return Ok(Outcome::Lost(laps, Box::new(lost)));
            }
        }
        Ok(Outcome::Done(laps))
    }

    /// Waits until all that was committed is on the disk: a commit that waits, waits for those before it, too.
    async fn flush(&mut self) -> Result {
        let sql = format!("UPDATE {} SET version_num = version_num", self.table.name());
        raw_sql(AssertSqlSafe(sql)).execute(self.held.get_mut()).await.map_err(refused)?;
        Ok(())
    }
}

/// Whether an error is the last that a session hears: the connection is gone, or the server ends it (`FATAL`).
fn ends_session(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let severity = error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::severity);
            matches!(severity, Some(PgSeverity::Fatal | PgSeverity::Panic))
        }
        _ => true,
    }
}
