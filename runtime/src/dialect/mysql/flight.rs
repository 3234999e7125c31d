//! A flight on MySQL: the version row, and statements that don't commit by themselves, in one transaction. On a connection of
//! our own, whose transaction ends with it, in as few messages as there can be; on one that was lent, or where somebody
//! watches, one for each statement.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Either, Row, raw_sql};

use super::look::{is_absent, look as look_at, state as state_in, states};
use super::{Session, committed_at_once, deadlock, each_affects_one, lost, number};
use crate::atomic::Part;
use crate::crash;
use crate::dialect::Dialect;
use crate::error::{Error, Kept, Result, TimedOut};
use crate::event::Listener;
use crate::journal::{Journal, Object};
use crate::packed::Statement;
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::split::Split;
use crate::version_table::{Swap, VersionTable};

/// How long a string of statements gets, in bytes, before another one begins: far from what servers take (16 MiB).
const STRING: usize = 256 * 1024;

/// Where a claim begins.
const SAVEPOINT: &str = "SAVEPOINT revchain";

/// How a flight at once ended.
enum Flown {
    /// What was looked at is like this.
    Done(Option<String>),
    Moved,
    /// The server cut a string otherwise than we did, and so nobody knows what ran: rolled back.
    CutOtherwise,
}

impl Session<'_> {
    /// Moves the version row and runs the pieces, none of which commits by itself, in one transaction. It also claims the step
    /// `ahead`; where that can't be had, there is none left.
    pub(crate) async fn flight(
        &mut self,
        swap: Option<Swap<'_>>,
        pieces: Pieces<'_>,
        ahead: &mut Option<Box<Split<'_>>>,
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
        // Before the transaction, which it would end.
        if self.table.is_recorded() && !self.has_journal && swap.is_some() && !pieces.steps().is_empty() {
            self.create_journal().await?;
        }
        let started = Instant::now();
        if !self.held.is_lent() && !listener.watches_statements() {
            let ours = swap.and_then(|swap| self.table.swap(swap)).map(|swap| {
                [Some(swap), record(&self.journal(), &self.table, pieces.steps())].into_iter().flatten().collect()
            });
            match flight_at_once(self.held.get_mut(), &self.table, swap, ours, pieces, ahead).await? {
                Flown::Done(_) => return Ok(done(pieces, started)),
                Flown::Moved => return Ok(Outcome::Moved),
                Flown::CutOtherwise => {}
            }
        }
        self.will_restore();
        let journal = self.journal();
        let mut transaction = self.held.get_mut().begin().await?;
        if let Some(swap) = swap
            && !move_row_first(&mut transaction, &self.table, swap).await?
        {
            transaction.rollback().await?;
            return Ok(Outcome::Moved);
        }
        if swap.is_some()
            && let Some(sql) = record(&journal, &self.table, pieces.steps())
        {
            raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await?;
        }
        for piece in pieces.iter() {
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
        if let Some(next) = ahead {
            let seen = seen(&mut transaction, &next.first_objects()).await;
            match claim(&mut transaction, &next.claim_ahead(seen)).await? {
                Claimed::Yes => {}
                Claimed::No => *ahead = None,
                Claimed::Lost => {
                    transaction.rollback().await.ok();
                    return Ok(Outcome::Moved);
                }
            }
        }
        crash::here("before a commit");
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
fn done(pieces: Pieces<'_>, started: Instant) -> Outcome {
    let mut laps = vec![Duration::ZERO; pieces.len()];
    if let Some(last) = laps.last_mut() {
        *last = started.elapsed();
    }
    Outcome::Done(laps)
}

/// Three messages: a look at the version row, which locks it, and at the journal; the row's move, and the statements; the
/// commit, once it is known that the row was moved. With a step ahead, a look at what it is about goes with the statements, and
/// its claim with the commit.
async fn flight_at_once(
    connection: &mut MySqlConnection,
    table: &VersionTable,
    swap: Option<Swap<'_>>,
    ours: Option<Vec<String>>,
    pieces: Pieces<'_>,
    ahead: &mut Option<Box<Split<'_>>>,
) -> Result<Flown> {
    let objects = ahead.as_ref().map_or_else(Vec::new, |next| next.first_objects());
    let flown = match look(connection, table, swap).await {
        Ok(true) => work(connection, ours.unwrap_or_default(), pieces, &objects).await,
        Ok(false) => Ok(Flown::Moved),
        Err(error) => Err(error),
    };
    let Ok(Flown::Done(state)) = flown else {
        raw_sql("ROLLBACK").execute(connection).await.ok();
        return flown;
    };
    crash::here("before a commit");
    if let Some(next) = ahead {
        match claim_and_commit(connection, &next.claim_ahead(state)).await? {
            Claimed::Yes => {
                crash::here("claimed ahead");
                return Ok(Flown::Done(None));
            }
            Claimed::No => *ahead = None,
            Claimed::Lost => {
                raw_sql("ROLLBACK").execute(connection).await.ok();
                return Ok(Flown::Moved);
            }
        }
    }
    match raw_sql("COMMIT").execute(connection).await {
        Ok(_) => Ok(Flown::Done(None)),
        // As above.
        Err(error) if deadlock(&error) => Ok(Flown::Moved),
        Err(error) => Err(error.into()),
    }
}

/// What tells the journal of the steps of a flight: on MySQL there is one.
fn record(journal: &Journal, table: &VersionTable, steps: &[Step]) -> Option<String> {
    journal.record(steps).next().filter(|_| table.is_recorded())
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

/// Moves the row, which is the first of `ours`, and runs the statements, in strings of many. Then looks at objects: on the way, where it is one.
async fn work(
    connection: &mut MySqlConnection,
    mut ours: Vec<String>,
    pieces: Pieces<'_>,
    objects: &[Object],
) -> Result<Flown> {
    let each = pieces.iter().flat_map(|piece| piece.batch.statements().map(move |found| (piece.step, found)));
    let mut left = each.peekable();
    // Ours come before the first of them.
    let mut state = None;
    loop {
        let (mut sql, mut sent) = (String::new(), Vec::new());
        let ours = std::mem::take(&mut ours);
        sql.push_str(&ours.join("\n;\n"));
        // A statement may be as long as the server takes: then it goes by itself.
        let fits = |sql: &str, statement: &Statement| sql.is_empty() || sql.len() + statement.sql.len() < STRING;
        while let Some((step, statement)) = left.next_if(|(_, statement)| fits(&sql, statement)) {
            if !sql.is_empty() {
                // On a line of its own: a comment may stand at the end.
                sql.push_str("\n;\n");
            }
            sql.push_str(statement.sql);
            sent.push((step, statement));
        }
        if sql.is_empty() {
            return Ok(Flown::Done(match state {
                Some(state) => Some(state),
                None => seen(connection, objects).await,
            }));
        }
        let looks = match objects {
            [object] if left.peek().is_none() && sql.len() < STRING => {
                sql.push_str(&format!("\n;\n{}", look_at(object)));
                true
            }
            _ => false,
        };
        let before = ours.len();
        let all = before + sent.len();
        let (mut completed, mut is_moved, mut row) = (0, true, None);
        let mut results = raw_sql(AssertSqlSafe(sql)).fetch_many(&mut *connection);
        let failure = loop {
            match results.try_next().await {
                Ok(Some(Either::Left(done))) => {
                    if completed < before {
                        is_moved &= completed > 0 || done.rows_affected() == 1;
                    } else {
                        crash::here("inside a transaction");
                    }
                    completed += 1;
                }
                Ok(Some(Either::Right(found))) if completed == all => row = Some(found),
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        drop(results);
        match failure {
            // Another starter's, who had the version row before: what it did is there to be seen.
            Some(error) if deadlock(&error) || completed < before && lost(&error) => return Ok(Flown::Moved),
            Some(error) if looks && completed == all => state = Some(state_in(Err(error))),
            // Whoever cut it otherwise may have come to the look already.
            Some(error) if looks && is_absent(&error) => return Ok(Flown::CutOtherwise),
            Some(error) => {
                let blamed = completed.checked_sub(before).and_then(|at| sent.get(at).or(sent.last()));
                return Err(match blamed {
                    Some((step, statement)) => Error::statement_failed(step, *statement, Kept::Nothing, error),
                    None => Error::database(error),
                });
            }
            None if !is_moved => return Ok(Flown::Moved),
            None if completed != all + usize::from(looks) => return Ok(Flown::CutOtherwise),
            None if looks => state = Some(state_in(Ok(row))),
            None => {}
        }
    }
}

/// What objects are like; `None` where there are none.
async fn seen(connection: &mut MySqlConnection, objects: &[Object]) -> Option<String> {
    if objects.is_empty() { None } else { Some(states(connection, objects).await.join(",")) }
}

/// How a claim ended, in a transaction that had come to its end but for the commit.
enum Claimed {
    Yes,
    /// The transaction is as it was before.
    No,
    /// The transaction is no more.
    Lost,
}

/// Claims a step in the open transaction, with parts that each affect one row.
async fn claim(connection: &mut MySqlConnection, parts: &[Part]) -> Result<Claimed> {
    raw_sql(SAVEPOINT).execute(&mut *connection).await?;
    for part in parts {
        let Part::One(sql) = part else { continue };
        match raw_sql(AssertSqlSafe(sql.clone())).execute(&mut *connection).await {
            Ok(done) if done.rows_affected() == 1 => {}
            Ok(_) => return unclaimed(connection, None).await,
            Err(error) => return unclaimed(connection, Some(error)).await,
        }
    }
    Ok(Claimed::Yes)
}

/// The same and the commit, in one message: the server stops at what does not affect one row.
async fn claim_and_commit(connection: &mut MySqlConnection, parts: &[Part]) -> Result<Claimed> {
    let mut sql = SAVEPOINT.to_owned();
    each_affects_one(&mut sql, parts);
    match raw_sql(AssertSqlSafe(committed_at_once(&sql))).execute(&mut *connection).await {
        Ok(_) => Ok(Claimed::Yes),
        Err(error) => unclaimed(connection, Some(error)).await,
    }
}

/// Goes back to where the claim began: that the next step can't be claimed is no reason not to end this one. Where the server
/// has rolled all of it back, there is no such place.
async fn unclaimed(connection: &mut MySqlConnection, error: Option<sqlx::Error>) -> Result<Claimed> {
    if error.as_ref().is_some_and(deadlock) {
        return Ok(Claimed::Lost);
    }
    match raw_sql("ROLLBACK TO SAVEPOINT revchain").execute(&mut *connection).await {
        Ok(_) => Ok(Claimed::No),
        Err(gone) => {
            // Nothing may be left to a BEGIN that follows, which commits.
            raw_sql("ROLLBACK").execute(connection).await.ok();
            Err(error.unwrap_or(gone).into())
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
