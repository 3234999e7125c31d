//! Several flights in one message, each a transaction of its own: the server doesn't wait for us in between. Never says what
//! was wrong with one that failed: it is flown again, alone.

use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::{AssertSqlSafe, Either, raw_sql};

use super::Session;
use super::blame::{Composed, blame};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::event::Listener;
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::version_table::Swap;

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
        for step in steps {
            let swap = Swap { from: step.from(), to: step.to() };
            let pieces = Pieces::of(std::slice::from_ref(step), Dialect::Postgres);
            let flight = self.compose(Some(swap), pieces);
            sql.push_str(&flight.sql);
            sql.push_str(";\n");
            starts.push(completions + flight.before);
            completions += flight.before + pieces.iter().map(|piece| piece.batch.len()).sum::<usize>() + 1;
            ends.push(completions);
        }
        let sql = Arc::new(sql);
        let (mut completed, mut laps, mut since) = (0, Vec::with_capacity(ends.len()), Instant::now());
        let mut stream = raw_sql(AssertSqlSafe(Arc::clone(&sql))).fetch_many(self.held.get_mut());
        let failure = loop {
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => completed += 1,
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
            if ends.get(laps.len()).is_some_and(|end| completed >= *end) {
                laps.push(since.elapsed());
                since = Instant::now();
            }
        };
        drop(stream);
        match failure {
            None => Ok(Outcome::Done(laps)),
            // What it left is the connection's state, and nothing else.
            Some(error) if !ends_session(&error) => {
                self.roll_back().await;
                Ok(Outcome::Done(laps))
            }
            Some(error) => {
                let step = steps.get(laps.len()..laps.len() + 1).unwrap_or_default();
                let pieces = Pieces::of(step, Dialect::Postgres);
                let before = starts.get(laps.len()).copied().unwrap_or_default();
                let lost = blame(&Composed { sql, before, starts: Vec::new() }, pieces, completed, error);
                Ok(Outcome::Lost(laps, Box::new(lost)))
            }
        }
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
