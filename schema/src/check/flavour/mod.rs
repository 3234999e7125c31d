//! RC324: what only one of MySQL and MariaDB has, where the configuration says that the chain's server is the other one, or both.
//! Judged by a statement's words: never by what stands in quotes, in bodies of routines, or in a comment that one server executes.
//! Claims nothing that a version from MySQL 8.0 or MariaDB 10.6 on takes. What was tried on which server is in docs/databases.md.

mod alter;
mod begin;
mod column;
mod difference;
mod key;
mod option;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use revchain_core::config::Flavour;
use revchain_core::sql::{Token, TokenKind};
use revchain_core::{Code, Dialect, Severity};

use super::hits::Hit;
use super::walk::Statement;
use crate::change::Part;
use crate::read::Cursor;
use crate::write::{is_reserved_by_mariadb_alone, is_reserved_by_mysql_alone};
use difference::{Difference, Server};

/// A part of a statement that one of the servers does not have.
struct Found {
    part: Part,
    difference: &'static Difference,
}

/// What a statement has that a server of the chain's does not know.
pub(super) fn hits<'s>(statement: &'s Statement<'_>, flavour: Flavour) -> impl Iterator<Item = Hit> + use<'s> {
    judge(statement.text, flavour).into_iter().map(|Found { part, difference }| Hit {
        code: Code::OtherFlavour,
        severity: Severity::Error,
        span: statement.span(part),
        message: difference.message.replace("{}", &shown(statement.text, part)),
        label: String::new(),
        also: Vec::new(),
        help: difference.help.to_owned(),
    })
}

/// A part of a statement, for a message.
fn shown(statement: &str, part: Part) -> String {
    statement.get(part.0..part.1).unwrap_or_default().replace('`', "")
}

/// What is found in a statement, what is the same in the same words once.
fn judge(statement: &str, flavour: Flavour) -> Vec<Found> {
    // Who writes these knows the servers apart, and one of them does not see what is in it.
    if statement.contains("/*!") || statement.contains("/*M!") {
        return Vec::new();
    }
    let mut judge = Judge { cursor: Cursor::new(statement, Dialect::Mysql), flavour, found: Vec::new() };
    begin::statement(&mut judge);
    judge.found
}

/// A statement under judgement.
struct Judge<'a> {
    cursor: Cursor<'a>,
    flavour: Flavour,
    found: Vec<Found>,
}

impl Judge<'_> {
    /// Notes what tokens from a position up to the current one are.
    fn say(&mut self, from: usize, difference: &'static Difference) {
        let part = self.cursor.part((from, self.cursor.position()));
        self.note(part, difference);
    }

    fn note(&mut self, part: Part, difference: &'static Difference) {
        let is_served = match difference.lacked_by {
            Server::Mysql => self.flavour.has_mysql(),
            Server::Mariadb => self.flavour.has_mariadb(),
        };
        let text = self.cursor.source();
        let is_same = |found: &Found| {
            std::ptr::eq(found.difference, difference)
                && text.get(found.part.0..found.part.1) == text.get(part.0..part.1)
        };
        if is_served && !self.found.iter().any(is_same) {
            self.found.push(Found { part, difference });
        }
    }

    /// Reads these words, if they come next, and notes what they are.
    fn take(&mut self, words: &[&str], difference: &'static Difference) -> bool {
        let from = self.cursor.position();
        let is_there = self.cursor.take(words);
        if is_there {
            self.say(from, difference);
        }
        is_there
    }

    /// Likewise `IF EXISTS` and `IF NOT EXISTS`.
    fn take_if(&mut self, difference: &'static Difference) {
        let _ = self.take(&["IF", "EXISTS"], difference) || self.take(&["IF", "NOT", "EXISTS"], difference);
    }

    /// Reads a name, of which a word may be that only one server keeps for itself.
    fn name(&mut self) {
        let Some(token) = self.cursor.next() else { return };
        // Behind such a word a dot makes a name of it, as far as one server goes.
        if token.kind != TokenKind::Word || self.cursor.sees_mark(0, '.') {
            return;
        }
        let word = token.text(self.cursor.source()).to_ascii_lowercase();
        let part = (token.start, token.end);
        if is_reserved_by_mysql_alone(&word) {
            self.note(part, &difference::WORD_OF_MYSQL);
        } else if is_reserved_by_mariadb_alone(&word) {
            self.note(part, &difference::WORD_OF_MARIADB);
        }
    }

    /// Reads a name that may have a database before it.
    fn object(&mut self) {
        self.name();
        while self.cursor.take_mark('.') {
            self.cursor.next();
        }
    }

    /// Whether a text stands so many places ahead.
    fn sees_text(&self, ahead: usize) -> bool {
        self.kind(ahead) == Some(TokenKind::String)
    }

    fn kind(&self, ahead: usize) -> Option<TokenKind> {
        self.cursor.peek(ahead).map(|token: Token| token.kind)
    }
}
