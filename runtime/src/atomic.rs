//! A transaction of several parts: a revision's statements, and what we note beside them. All of it is committed, or
//! nothing.

use crate::packed::Statement;

/// A part.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// A statement of a revision.
    Statement(Statement),
    /// A round of one: whoever watches is told of the rounds, not of each time that it runs.
    Round(Statement),
    /// One of ours, which has to affect one row: otherwise somebody else was here.
    One(String),
    /// One of ours, whatever it affects.
    Ours(String),
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum Atomic {
    /// Committed. How many rows the last statement affected.
    Done(u64),
    /// Rolled back: one of ours did not affect one row.
    Fenced,
    /// Rolled back: the database refused a statement of the revision, or something of ours.
    Failed(Option<Statement>, sqlx::Error),
}

/// Runs the parts in a transaction that is open, up to where one fails. A macro: the drivers' types have no trait in common
/// that tells how many rows were affected.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
macro_rules! run_parts {
    ($transaction:ident, $parts:expr, $step:expr, $listener:expr) => {{
        let mut ended = $crate::atomic::Atomic::Done(0);
        for part in $parts {
            match part {
                $crate::atomic::Part::Statement(statement) => {
                    let lap = $listener.statement_started($step, Some(statement.line), statement.sql);
                    match sqlx::raw_sql(statement.sql).execute(&mut *$transaction).await {
                        Ok(done) => ended = $crate::atomic::Atomic::Done(done.rows_affected()),
                        Err(error) => {
                            ended = $crate::atomic::Atomic::Failed(Some(*statement), error);
                            break;
                        }
                    }
                    $listener.statement_done($step, Some(statement.line), lap);
                    $crate::crash::here("inside a transaction");
                }
                $crate::atomic::Part::Round(statement) => {
                    let lap = $listener.limited();
                    let done = sqlx::raw_sql(statement.sql).execute(&mut *$transaction).await;
                    drop(lap);
                    match done {
                        Ok(done) => ended = $crate::atomic::Atomic::Done(done.rows_affected()),
                        Err(error) => {
                            ended = $crate::atomic::Atomic::Failed(Some(*statement), error);
                            break;
                        }
                    }
                }
                $crate::atomic::Part::Ours(sql) => {
                    if let Err(error) =
                        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *$transaction).await
                    {
                        ended = $crate::atomic::Atomic::Failed(None, error);
                        break;
                    }
                }
                $crate::atomic::Part::One(sql) => {
                    match sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *$transaction).await {
                        Ok(done) if done.rows_affected() == 1 => $crate::crash::here("before a commit"),
                        Ok(_) => {
                            ended = $crate::atomic::Atomic::Fenced;
                            break;
                        }
                        Err(error) => {
                            ended = $crate::atomic::Atomic::Failed(None, error);
                            break;
                        }
                    }
                }
            }
        }
        ended
    }};
}

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
pub(crate) use run_parts;

/// The same, with the transaction's end.
#[cfg(feature = "mysql")]
macro_rules! commit_parts {
    ($transaction:ident, $parts:expr, $step:expr, $listener:expr) => {
        match $crate::atomic::run_parts!($transaction, $parts, $step, $listener) {
            $crate::atomic::Atomic::Done(rows) => match $transaction.commit().await {
                Ok(()) => $crate::atomic::Atomic::Done(rows),
                Err(error) => $crate::atomic::Atomic::Failed(None, error),
            },
            ended => {
                $transaction.rollback().await.ok();
                ended
            }
        }
    };
}

#[cfg(feature = "mysql")]
pub(crate) use commit_parts;
