//! One statement as words: its tokens without comments, read only as far as somebody asks. What a check decides by,
//! so that no comment, string or quoted name is ever taken for a keyword.

use crate::{
    Dialect,
    sql::{Lexer, Token, TokenKind},
};

/// The significant tokens of a statement, by position.
#[derive(Debug, Clone)]
pub struct Words<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    tokens: Vec<Token>,
}

impl<'a> Words<'a> {
    /// The words of `statement` as `dialect` reads it.
    pub fn new(statement: &'a str, dialect: Dialect) -> Words<'a> {
        Words { text: statement, lexer: Lexer::new(statement, dialect), tokens: Vec::new() }
    }

    /// The token at this position. Positions count significant tokens from 0.
    pub fn token(&mut self, at: usize) -> Option<Token> {
        if at < self.tokens.len() {
            return Some(self.tokens[at]);
        }
        while self.tokens.len() <= at {
            let token = self.lexer.next_significant()?;
            self.tokens.push(token);
        }
        self.tokens.get(at).copied()
    }

    /// The text of the token at this position; empty after the end.
    pub fn text(&mut self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| token.text(self.text))
    }

    /// Whether this unquoted word stands at this position, in any case.
    pub fn is(&mut self, at: usize, word: &str) -> bool {
        match self.token(at) {
            Some(token) => token.is_word(self.text, word),
            None => false,
        }
    }

    /// Whether this word in upper case stands anywhere in the statement, be it in a string or a comment: what has to be so
    /// where one of the tokens is this word, and is answered without reading them.
    pub fn may_hold(&self, word: &str) -> bool {
        let (bytes, word) = (self.text.as_bytes(), word.as_bytes());
        let Some(&first) = word.first() else { return true };
        // By hand: asked in builds without optimisation.
        let mut at = 0;
        while at + word.len() <= bytes.len() {
            if bytes[at] & 0xdf == first && bytes[at..at + word.len()].eq_ignore_ascii_case(word) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether these unquoted words stand here, one after the other.
    pub fn are(&mut self, at: usize, words: &[&str]) -> bool {
        for (offset, word) in words.iter().enumerate() {
            if !self.is(at + offset, word) {
                return false;
            }
        }
        true
    }

    /// Whether this one-byte token stands at this position.
    pub fn is_punctuation(&mut self, at: usize, byte: u8) -> bool {
        self.token(at).is_some_and(|token| {
            matches!(token.kind, TokenKind::Punctuation | TokenKind::Semicolon)
                && self.text.as_bytes().get(token.start) == Some(&byte)
        })
    }

    /// The first position from `from` on that holds this unquoted word.
    pub fn find(&mut self, from: usize, word: &str) -> Option<usize> {
        let mut at = from;
        while self.token(at).is_some() {
            if self.is(at, word) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// The first position from `from` on, outside any parentheses opened from there on, that holds these words.
    pub fn find_outside(&mut self, from: usize, words: &[&str]) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = from;
        while let Some(token) = self.token(at) {
            match token.kind {
                TokenKind::Punctuation => match self.text.as_bytes().get(token.start) {
                    Some(b'(') => depth += 1,
                    Some(b')') => depth = depth.saturating_sub(1),
                    _ => {}
                },
                TokenKind::Word if depth == 0 && self.are(at, words) => return Some(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// The name at this position, without its quotes and in lower case, and the position after it. Of a qualified name
    /// the last part.
    pub fn name(&mut self, mut at: usize) -> Option<(String, usize)> {
        while self.is_punctuation(at + 1, b'.') {
            at += 2;
        }
        let kind = self.token(at)?.kind;
        let text = self.text(at);
        let name = match kind {
            TokenKind::Word => text.to_lowercase(),
            TokenKind::QuotedIdentifier | TokenKind::String => unquoted(text).to_lowercase(),
            _ => return None,
        };
        Some((name, at + 1))
    }

    /// Where the tokens `from..to` are in the statement's text.
    pub fn range(&mut self, from: usize, to: usize) -> (usize, usize) {
        let start = self.token(from).map_or(0, |token| token.start);
        let last = to.saturating_sub(1).max(from);
        let end = self.token(last).or_else(|| self.tokens.last().copied()).map_or(start, |token| token.end);
        (start, end.max(start))
    }
}

/// The content of a quoted name or string, with doubled quotes made single.
fn unquoted(text: &str) -> String {
    let Some(open) = text.find(['"', '`', '[', '\'']) else { return text.to_owned() };
    let inner = &text[open + 1..];
    match text.as_bytes()[open] {
        b'[' => inner.strip_suffix(']').unwrap_or(inner).to_owned(),
        quote => {
            let quote = char::from(quote);
            let inner = inner.strip_suffix(quote).unwrap_or(inner);
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        }
    }
}
