//! A flight on SQLite: one transaction, whose statements are sent many at a time, unless somebody follows each.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Either, raw_sql};

use super::{give_up, move_row, new_violations, record, refused, violations};
use crate::crash;
use crate::error::{Error, ErrorKind, Kept, Result};
use crate::event::Listener;
use crate::run::{Outcome, Pieces};
use crate::version_table::{Swap, VersionTable};

/// How long a string of statements gets, in bytes, before another one begins. Long enough that the way to sqlx's worker thread
/// and back no longer counts; not longer, for sqlx keeps every statement of a string prepared until its end, and SQLite looks
/// at all that are prepared whenever the schema changes.
const STRING: usize = 4 * 1024;

/// One transaction: guard, work, and after a rebuild the check of the foreign keys.
pub(super) async fn transact(
    connection: &mut SqliteConnection,
    table: &VersionTable,
    swap: Option<Swap<'_>>,
    pieces: Pieces<'_>,
    rebuild: bool,
    listener: &mut Listener<'_>,
) -> Result<Outcome> {
    // What can't be told apart in a string is run again, statement by statement.
    for at_once in [!listener.follows_statements(), false] {
        if let Some(outcome) = attempt(connection, table, swap, pieces, (rebuild, at_once), listener).await? {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Moved)
}

/// The same, with the statements in strings or one by one. `None` where they have to be one by one; then nothing is kept.
async fn attempt(
    connection: &mut SqliteConnection,
    table: &VersionTable,
    swap: Option<Swap<'_>>,
    pieces: Pieces<'_>,
    (rebuild, at_once): (bool, bool),
    listener: &mut Listener<'_>,
) -> Result<Option<Outcome>> {
    // Rolled back when dropped: at every `?`, and when the caller stops waiting.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
    let before = if rebuild { violations(&mut transaction).await.ok() } else { None };
    if let Some(swap) = swap
        && !move_row(&mut transaction, table, swap).await?
    {
        transaction.rollback().await.map_err(refused)?;
        return Ok(Some(Outcome::Moved));
    }
    if swap.is_some() {
        record(&mut transaction, table, pieces.steps()).await?;
    }
    let ran = match at_once {
        true => run_in_strings(&mut transaction, pieces).await,
        false => run_one_by_one(&mut transaction, pieces, listener).await.map(Some),
    };
    let mut laps = match ran {
        Ok(Some(laps)) => laps,
        Ok(None) => {
            give_up(transaction).await;
            return Ok(None);
        }
        Err(error) => {
            give_up(transaction).await;
            return Err(error);
        }
    };
    let since = Instant::now();
    if let Some(before) = before
        && let Some(piece) = pieces.last()
    {
        let after = violations(&mut transaction).await?;
        let (count, new) = new_violations(&before, after);
        if count > 0 {
            transaction.rollback().await.ok();
            return Err(Error::new(ErrorKind::ForeignKeys { violations: new, count }).at_step(&piece.step));
        }
    }
    if let Err(error) = transaction.commit().await {
        return Err(match pieces.last() {
            Some(piece) => Error::step_failed(&piece.step, Kept::Nothing, error),
            None => refused(error),
        });
    }
    if let Some(last) = laps.last_mut() {
        *last += since.elapsed();
    }
    Ok(Some(Outcome::Done(laps)))
}

/// Runs the statements many at a time, each string of them one way to sqlx's worker thread and back. SQLite cuts a string
/// itself, runs it up to the first error, and tells of each statement that is over; so it is known which one failed, and
/// how long each piece took. `None` where it cut a string otherwise than we did: then nobody knows what ran.
async fn run_in_strings(connection: &mut SqliteConnection, pieces: Pieces<'_>) -> Result<Option<Vec<Duration>>> {
    let (mut laps, mut since) = (vec![Duration::ZERO; pieces.len()], Instant::now());
    let mut left =
        pieces.iter().enumerate().flat_map(|(at, piece)| piece.batch.statements().map(move |found| (at, found)));
    loop {
        let (mut sql, mut sent) = (String::new(), Vec::new());
        while sql.len() < STRING
            && let Some((at, statement)) = left.next()
        {
            sql.push_str(statement.sql);
            // SQLite keeps the text of CREATE as it was sent, blanks at its end included. Where a comment may stand there the
            // terminator needs a line of its own.
            let last = statement.sql.lines().next_back().unwrap_or_default();
            sql.push_str(if last.contains("--") { "\n;\n" } else { ";\n" });
            sent.push((at, statement));
        }
        if sent.is_empty() {
            return Ok(Some(laps));
        }
        let mut results = raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *connection);
        let mut completed = 0;
        let failure = loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => {
                    if let Some(lap) = sent.get(completed).and_then(|(at, _)| laps.get_mut(*at)) {
                        *lap += since.elapsed();
                        since = Instant::now();
                    }
                    completed += 1;
                    crash::here("inside a transaction");
                }
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let Some(error) = failure else {
            if completed != sent.len() {
                return Ok(None);
            }
            continue;
        };
        let blamed = sent.get(completed).or(sent.last());
        return Err(match blamed.and_then(|(at, statement)| Some((pieces.get(*at)?, *statement))) {
            Some((piece, statement)) => Error::statement_failed(&piece.step, statement, Kept::Nothing, error),
            None => refused(error),
        });
    }
}

/// Runs the statements one by one: for who follows each.
async fn run_one_by_one(
    connection: &mut SqliteConnection,
    pieces: Pieces<'_>,
    listener: &mut Listener<'_>,
) -> Result<Vec<Duration>> {
    let mut laps = Vec::with_capacity(pieces.len());
    for piece in pieces.iter() {
        let since = Instant::now();
        for statement in piece.batch.statements() {
            let lap = listener.statement_started(&piece.step, Some(statement.line), statement.sql);
            if let Err(error) = raw_sql(statement.sql).execute(&mut *connection).await {
                return Err(Error::statement_failed(&piece.step, statement, Kept::Nothing, error));
            }
            listener.statement_done(&piece.step, Some(statement.line), lap);
            crash::here("inside a transaction");
        }
        laps.push(since.elapsed());
    }
    Ok(laps)
}
