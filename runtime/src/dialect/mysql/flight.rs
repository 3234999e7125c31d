//! A flight on MySQL: the version row, and statements that don't commit by themselves, in one transaction. On a connection of
//! our own, whose transaction ends with it, in as few messages as there can be; on one that was lent, or where somebody
//! watches, one for each statement.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Either, Row, raw_sql};

use super::{Session, deadlock, lost, number};
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, Kept, Result, TimedOut};
use crate::event::Listener;
use crate::journal::Journal;
use crate::packed::Statement;
use crate::run::{Outcome, Piece};
use crate::version_table::{Swap, VersionTable};

/// How long a string of statements gets, in bytes, before another one begins: far from what servers take (16 MiB).
const STRING: usize = 256 * 1024;

/// How a flight at once ended.
enum Flown {
    Done,
    Moved,
    /// The server cut a string otherwise than we did, and so nobody knows what ran: rolled back.
    CutOtherwise,
}

impl Session<'_> {
    /// Moves the version row and runs the pieces, none of which commits by itself, in one transaction.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: &[Piece],
        listener: &mut Listener<'_>,
    ) -> Result<Outcome> {
        if swap.is_some() {
            self.create_missing().await?;
        }
        // Making the table was all there is to it: nobody has to be kept out.
        if let Some(Swap { from: None, to: None }) = swap
            && pieces.is_empty()
        {
            return Ok(Outcome::Done(Vec::new()));
        }
        let started = Instant::now();
        if !self.held.is_lent() && !listener.watches_statements() {
            match flight_at_once(self.held.get_mut(), &self.table, swap, pieces).await? {
                Flown::Done => return Ok(done(pieces, started)),
                Flown::Moved => return Ok(Outcome::Moved),
                Flown::CutOtherwise => {}
            }
        }
        self.will_restore();
        let mut transaction = self.held.get_mut().begin().await?;
        if let Some(swap) = swap
            && !move_row_first(&mut transaction, &self.table, swap).await?
        {
            transaction.rollback().await?;
            return Ok(Outcome::Moved);
        }
        for piece in pieces {
            for statement in piece.batch.statements() {
                let lap = listener.statement_started(&piece.step, Some(statement.line), statement.sql);
                if let Err(error) = raw_sql(statement.sql).execute(&mut *transaction).await {
                    transaction.rollback().await.ok();
                    // Another starter's, who had the version row before: what it did is there to be seen.
                    if deadlock(&error) {
                        return Ok(Outcome::Moved);
                    }
                    return Err(Error::statement_failed(&piece.step, statement, Kept::Nothing, error));
                }
                listener.statement_done(&piece.step, Some(statement.line), lap);
                crash::here("inside a transaction");
            }
        }
        match transaction.commit().await {
            // Galera asks the other nodes only now, and one of them was first.
            Err(error) if deadlock(&error) => Ok(Outcome::Moved),
            committed => {
                committed?;
                Ok(done(pieces, started))
            }
        }
    }
}

/// The outcome of pieces that ran together.
fn done(pieces: &[Piece], started: Instant) -> Outcome {
    let mut laps = vec![Duration::ZERO; pieces.len()];
    if let Some(last) = laps.last_mut() {
        *last = started.elapsed();
    }
    Outcome::Done(laps)
}

/// Three messages: a look at the version row, which locks it, and at the journal; the row's move, and the statements; the
/// commit, once it is known that the row was moved.
async fn flight_at_once(
    connection: &mut MySqlConnection,
    table: &VersionTable,
    swap: Option<Swap<'_>>,
    pieces: &[Piece],
) -> Result<Flown> {
    let flown = match look(connection, table, swap).await {
        Ok(true) => work(connection, table, swap, pieces).await,
        Ok(false) => Ok(Flown::Moved),
        Err(error) => Err(error),
    };
    let end = if matches!(flown, Ok(Flown::Done)) { "COMMIT" } else { "ROLLBACK" };
    let ended = raw_sql(end).execute(connection).await;
    match (flown, ended) {
        // As above.
        (Ok(Flown::Done), Err(error)) if deadlock(&error) => Ok(Flown::Moved),
        (Ok(Flown::Done), Err(error)) => Err(error.into()),
        (flown, _) => flown,
    }
}

/// Begins the transaction, and locks the version row. `false` where it is not where it should be. Another starter may be at
/// work for longer than a statement waits for a lock: see `move_row_first`.
async fn look(connection: &mut MySqlConnection, table: &VersionTable, swap: Option<Swap<'_>>) -> Result<bool> {
    let Some(swap) = swap else {
        raw_sql("BEGIN").execute(connection).await?;
        return Ok(true);
    };
    let sql = format!("BEGIN;\n{};\n{}", lock_rows(table), find_claim(table));
    loop {
        let (mut completed, mut ids, mut is_claimed) = (0, Vec::new(), false);
        let mut results = raw_sql(AssertSqlSafe(sql.clone())).fetch_many(&mut *connection);
        let failure = loop {
            match results.try_next().await {
                Ok(Some(Either::Left(_))) => completed += 1,
                Ok(Some(Either::Right(_))) if completed > 1 => is_claimed = true,
                Ok(Some(Either::Right(row))) => ids.push(row.try_get_unchecked::<String, _>(0)?),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(results);
        match failure {
            None => {}
            // There is no journal.
            Some(error) if completed > 1 && number(&error) == Some(1146) => {}
            Some(error) if lost(&error) => return Ok(false),
            Some(error) => match Error::database(error) {
                error if error.timed_out() == Some(TimedOut::Lock) => continue,
                error => return Err(error),
            },
        }
        return Ok(!is_claimed && ids.iter().map(String::as_str).eq(swap.from));
    }
}

/// Moves the row and runs the statements, in strings of many.
async fn work(
    connection: &mut MySqlConnection,
    table: &VersionTable,
    swap: Option<Swap<'_>>,
    pieces: &[Piece],
) -> Result<Flown> {
    let each = pieces.iter().flat_map(|piece| piece.batch.statements().map(move |found| (piece, found)));
    let mut left = each.collect::<Vec<_>>().into_iter().peekable();
    // Ours comes before the first of them.
    let mut ours = swap.and_then(|swap| table.swap(swap));
    loop {
        let (mut sql, mut sent) = (String::new(), Vec::new());
        let moves = ours.take().map(|moves| sql.push_str(&moves)).is_some();
        // A statement may be as long as the server takes: then it goes by itself.
        let fits = |sql: &str, statement: &Statement| sql.is_empty() || sql.len() + statement.sql.len() < STRING;
        while let Some((piece, statement)) = left.next_if(|(_, statement)| fits(&sql, statement)) {
            if !sql.is_empty() {
                // On a line of its own: a comment may stand at the end.
                sql.push_str("\n;\n");
            }
            sql.push_str(statement.sql);
            sent.push((piece, statement));
        }
        if sql.is_empty() {
            return Ok(Flown::Done);
        }
        let (mut completed, mut is_moved) = (0, true);
        let mut results = raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *connection);
        let failure = loop {
            match results.try_next().await {
                Ok(Some(Either::Left(done))) => {
                    if moves && completed == 0 {
                        is_moved = done.rows_affected() == 1;
                    } else {
                        crash::here("inside a transaction");
                    }
                    completed += 1;
                }
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(results);
        let before = usize::from(moves);
        match failure {
            // Another starter's, who had the version row before: what it did is there to be seen.
            Some(error) if deadlock(&error) || completed < before && lost(&error) => return Ok(Flown::Moved),
            Some(error) => {
                let blamed = completed.checked_sub(before).and_then(|at| sent.get(at).or(sent.last()));
                return Err(match blamed {
                    Some((piece, statement)) => Error::statement_failed(&piece.step, *statement, Kept::Nothing, error),
                    None => Error::database(error),
                });
            }
            None if !is_moved => return Ok(Flown::Moved),
            None if completed != before + sent.len() => return Ok(Flown::CutOtherwise),
            None => {}
        }
    }
}

/// Other writers wait for these rows (and, in an empty table, for the gap) until the transaction ends.
fn lock_rows(table: &VersionTable) -> String {
    format!("SELECT COALESCE(CAST(version_num AS CHAR), '') FROM {} FOR UPDATE", table.name())
}

/// Gives a row where a step is under way that is no single transaction.
fn find_claim(table: &VersionTable) -> String {
    let journal = Journal::new(Dialect::Mysql, table);
    format!("SELECT 1 FROM {} WHERE {}", journal.name(), journal.is_claimed())
}

/// Whether a step is under way that is no single transaction.
async fn is_claimed(connection: &mut MySqlConnection, table: &VersionTable) -> Result<bool> {
    match raw_sql(AssertSqlSafe(find_claim(table))).fetch_optional(connection).await {
        Ok(row) => Ok(row.is_some()),
        Err(error) if number(&error) == Some(1146) => Ok(false),
        // Of somebody who moved the row.
        Err(error) if deadlock(&error) => Ok(true),
        Err(error) => Err(Error::database(error)),
    }
}

/// Moves the version row at the beginning of a transaction. Another starter may be at work for longer than a statement
/// waits for a lock: that is no lock that someone holds by mistake.
async fn move_row_first(connection: &mut MySqlConnection, table: &VersionTable, swap: Swap<'_>) -> Result<bool> {
    loop {
        match move_row(connection, table, swap).await {
            // With innodb_rollback_on_timeout the server has ended the transaction; there was nothing in it yet.
            Err(error) if error.timed_out() == Some(TimedOut::Lock) => {
                raw_sql("START TRANSACTION").execute(&mut *connection).await?;
            }
            moved => return moved,
        }
    }
}

/// Moves the version row inside an open transaction. `false` where the row is not where it should be.
async fn move_row(connection: &mut MySqlConnection, table: &VersionTable, swap: Swap<'_>) -> Result<bool> {
    let rows = match raw_sql(AssertSqlSafe(lock_rows(table))).fetch_all(&mut *connection).await {
        Err(error) if lost(&error) => return Ok(false),
        rows => rows?,
    };
    let ids: Vec<String> = rows.iter().map(|row| row.try_get_unchecked(0)).collect::<std::result::Result<_, _>>()?;
    if is_claimed(connection, table).await? {
        return Ok(false);
    }
    if ids.iter().map(String::as_str).ne(swap.from) {
        return Ok(false);
    }
    let Some(sql) = table.swap(swap) else { return Ok(true) };
    match raw_sql(AssertSqlSafe(sql)).execute(connection).await {
        // Two starters on an empty table both get the gap; one of the two inserts is the deadlock's victim.
        Err(error) if lost(&error) => Ok(false),
        done => Ok(done?.rows_affected() == 1),
    }
}
