//! Which statement of a string failed. PostgreSQL runs the string as one message, and says where in it by a position, or
//! not at all. Sends nothing.

use std::sync::Arc;

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::error::{Error, Kept};
use crate::packed::{Batch, Statement};
use crate::run::Pieces;

/// A string in the making, and where each batch begins in it.
pub(super) struct Composed {
    pub(super) sql: Arc<String>,
    /// Completions before the first batch's.
    pub(super) before: usize,
    /// Where each piece begins in the string, in bytes.
    pub(super) starts: Vec<usize>,
}

/// Where in the string the error is, in bytes, counted by the server in characters from 1.
pub(super) fn position(error: &sqlx::Error) -> Option<usize> {
    let sqlx::Error::Database(error) = error else { return None };
    match error.try_downcast_ref::<PgDatabaseError>()?.position()? {
        PgErrorPosition::Original(position) => position.checked_sub(1),
        PgErrorPosition::Internal { .. } => None,
    }
}

/// The byte at which a character stands.
pub(super) fn byte_at(sql: &str, character: usize) -> usize {
    sql.char_indices().nth(character).map_or(sql.len(), |(byte, _)| byte)
}

pub(super) fn before(composed: &Composed, character: usize) -> bool {
    let byte = byte_at(&composed.sql, character);
    composed.starts.first().is_none_or(|start| byte < *start)
}

/// Finds the statement that failed: at the position that the server gives, or after as many as it completed (it gives
/// none for many errors of DDL). A syntax error anywhere fails the string before anything is completed.
pub(super) fn blame(composed: &Composed, pieces: Pieces<'_>, completed: usize, error: sqlx::Error) -> Error {
    let byte = position(&error).map(|character| byte_at(&composed.sql, character));
    let at_position = byte.and_then(|byte| {
        let index = composed.starts.partition_point(|start| *start <= byte).checked_sub(1)?;
        let (piece, start) = (pieces.get(index)?, *composed.starts.get(index)?);
        let statement = statement_at(piece.batch, byte - start)?;
        let into = piece.batch.sql.get(statement.offset..byte - start).unwrap_or_default();
        Some((piece.step, statement, statement.line + lines(into)))
    });
    let by_count = || {
        let mut left = completed.saturating_sub(composed.before);
        for piece in pieces.iter() {
            if left < piece.batch.len() {
                let statement = piece.batch.statement(left)?;
                return Some((piece.step, statement, statement.line));
            }
            left -= piece.batch.len();
        }
        None
    };
    match at_position.or_else(by_count) {
        Some((step, statement, line)) => Error::statement_failed(&step, statement, Kept::Nothing, error).at_line(line),
        // All were completed: the commit failed, as it does where a deferred constraint is broken.
        None => match pieces.last() {
            Some(piece) => Error::step_failed(&piece.step, Kept::Nothing, error),
            None => Error::database(error),
        },
    }
}

pub(super) fn lines(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

/// The statement of a batch that a byte belongs to.
fn statement_at(batch: Batch, byte: usize) -> Option<Statement> {
    batch.statements().take_while(|statement| statement.offset <= byte).last()
}
