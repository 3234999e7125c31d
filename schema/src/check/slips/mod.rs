//! RC317: slips of the pen that are no SQL of the database's wherever they stand: an operator, a literal or a clause of another
//! database's, a list that begins or goes on with a comma, a parenthesis that nobody closes. Told by a few tokens beside each
//! other, never by a grammar: what isn't one of these is left alone, and so are bodies of functions and triggers, comments that
//! are executed, and what stands behind the first [`LONGEST`] bytes.

mod ddl;
mod rows;
#[cfg(test)]
mod tests;
mod values;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use super::grammar::Wrong;
use crate::read::Reading;

/// Of a longer statement only the beginning is read: the rest is data.
const LONGEST: usize = 4096;

/// A statement, and its tokens.
struct Text<'a> {
    source: &'a str,
    dialect: Dialect,
    tokens: Box<[Token]>,
    /// Whether that is all of it.
    is_whole: bool,
}

/// What is wrong with a statement, which has been read.
pub(super) fn wrong_with(statement: &str, reading: &Reading, dialect: Dialect) -> Option<Wrong> {
    if matches!(reading, Reading::Refused(_)) || dialect == Dialect::Mysql && has_executable(statement) {
        return None;
    }
    let text = Text::new(statement, dialect);
    if text.tokens.len() < 2 {
        return None;
    }
    let kind = text.kind()?;
    let found = match kind {
        Kind::Body => return ddl::trigger(&text),
        Kind::Privileges => return ddl::privileges(&text),
        Kind::Setting => return ddl::setting(&text),
        Kind::Rows => rows::wrong_with(&text),
        Kind::Ddl => ddl::wrong_with(&text),
        Kind::Query => None,
    };
    found.or_else(|| values::wrong_with(&text))
}

/// What a statement is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It changes rows.
    Rows,
    Query,
    Ddl,
    /// It has, or is, a body of statements.
    Body,
    /// `GRANT`, `REVOKE`.
    Privileges,
    /// `SET`.
    Setting,
}

/// Whether there may be comments that a server executes.
fn has_executable(statement: &str) -> bool {
    statement.contains("/*!") || statement.contains("/*M!")
}

impl<'a> Text<'a> {
    fn new(source: &'a str, dialect: Dialect) -> Text<'a> {
        let mut lexer = Lexer::new(source, dialect);
        let mut tokens = Vec::with_capacity(source.len().min(LONGEST) / 6 + 4);
        let mut is_whole = true;
        while let Some(token) = lexer.next_significant() {
            if token.end > LONGEST {
                is_whole = false;
                break;
            }
            if token.kind != TokenKind::Semicolon {
                tokens.push(token);
            }
        }
        Text { source, dialect, tokens: tokens.into_boxed_slice(), is_whole }
    }

    fn kind(&self) -> Option<Kind> {
        let kind = match () {
            () if self.is(0, "CREATE") => return self.kind_of_created(),
            () if self.is_any(0, &["ALTER", "DROP", "COMMENT"]) => Kind::Ddl,
            () if self.is_any(0, &["INSERT", "UPDATE", "DELETE", "REPLACE"]) => Kind::Rows,
            () if self.is_any(0, &["SELECT", "WITH"]) => Kind::Query,
            () if self.is_any(0, &["GRANT", "REVOKE"]) => Kind::Privileges,
            () if self.is(0, "SET") => Kind::Setting,
            () => return None,
        };
        Some(kind)
    }

    /// What CREATE makes, which stands not far behind it.
    fn kind_of_created(&self) -> Option<Kind> {
        const FAR: usize = 16;
        for at in 1..FAR.min(self.tokens.len()) {
            if self.is_any(at, &["TABLE", "INDEX", "VIEW", "TYPE", "DOMAIN", "POLICY", "SEQUENCE", "SCHEMA"]) {
                // A module of SQLite's reads its own words.
                return (!self.is(1, "VIRTUAL")).then_some(Kind::Ddl);
            }
            if self.is_any(at, &["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "PACKAGE", "RULE"]) {
                return Some(Kind::Body);
            }
        }
        None
    }

    fn is_on(&self, dialect: Dialect) -> bool {
        self.dialect == dialect
    }

    fn is(&self, at: usize, word: &str) -> bool {
        // Most are told apart by their length.
        at < self.tokens.len()
            && self.tokens[at].end - self.tokens[at].start == word.len()
            && self.tokens[at].is_word(self.source, word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        let mut next = 0;
        while next < words.len() {
            if self.is(at, words[next]) {
                return true;
            }
            next += 1;
        }
        false
    }

    /// Whether these words stand one behind the other.
    fn are(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.is(at + ahead, word))
    }

    /// The one byte of a mark. NUL where there is none.
    fn mark(&self, at: usize) -> u8 {
        match at < self.tokens.len() && matches!(self.tokens[at].kind, TokenKind::Punctuation) {
            true => self.source.as_bytes()[self.tokens[at].start],
            false => 0,
        }
    }

    fn kind_at(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn is_string(&self, at: usize) -> bool {
        matches!(self.kind_at(at), Some(TokenKind::String | TokenKind::DollarString))
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.kind_at(at), Some(TokenKind::Word | TokenKind::QuotedIdentifier))
    }

    /// Whether nothing stands between a token and the next one.
    fn touches_next(&self, at: usize) -> bool {
        at + 1 < self.tokens.len() && self.tokens[at].end == self.tokens[at + 1].start
    }

    fn is_end(&self, at: usize) -> bool {
        self.is_whole && at >= self.tokens.len()
    }

    fn shown(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text(self.source))
    }

    /// Behind a name of one or several parts. `None` where there is none.
    fn after_name(&self, mut at: usize) -> Option<usize> {
        loop {
            if !self.is_name(at) {
                return None;
            }
            at += 1;
            if self.mark(at) != b'.' {
                return Some(at);
            }
            at += 1;
        }
    }

    /// Behind the group that is opened here.
    fn after_group(&self, mut at: usize) -> Option<usize> {
        let mut depth = 0usize;
        while at < self.tokens.len() {
            match self.mark(at) {
                b'(' => depth += 1,
                b')' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Says what is wrong with the tokens from one to another.
    fn wrong(&self, from: usize, to: usize, message: impl Into<String>, help: impl Into<String>) -> Option<Wrong> {
        let (first, last) = (self.tokens.get(from)?, self.tokens.get(to)?);
        Some(Wrong { part: (first.start, last.end), message: message.into(), help: help.into() })
    }
}
