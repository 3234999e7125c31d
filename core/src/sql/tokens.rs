//! The tokens of a text's statements, one behind the other: what counts as the same SQL. Gathers what it is given, and
//! judges nothing.

use crate::sql::lexer::Token;

/// Behind a token and behind a statement. No token outside quotes holds them.
const END_OF_TOKEN: u8 = 0x1f;
const END_OF_STATEMENT: u8 = 0x1e;

/// From this length on a token is copied as a whole.
const LONG: usize = 12;

/// Tokens, a separator behind each, another behind each statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    /// Made once and long enough; what lies behind `length` is not used.
    bytes: Vec<u8>,
    length: usize,
}

impl Tokens {
    /// Room for all the tokens of `text`: a token has a byte, and a statement a token.
    pub(super) fn of(text: &str) -> Tokens {
        Tokens { bytes: vec![0; 3 * text.len()], length: 0 }
    }

    /// Adds a token of `text`. By hand: asked for each token, in builds without optimisation.
    pub(super) fn add(&mut self, text: &str, token: Token) {
        let (from, bytes) = (text.as_bytes(), self.bytes.as_mut_slice());
        let (mut read, mut write) = (token.start, self.length);
        let end = if token.end < from.len() { token.end } else { from.len() };
        if end.saturating_sub(read) < LONG {
            while read < end && write < bytes.len() {
                bytes[write] = from[read];
                read += 1;
                write += 1;
            }
        } else if let Some(place) = bytes.get_mut(write..write + end - read) {
            place.copy_from_slice(&from[read..end]);
            write += end - read;
        }
        self.length = write;
        self.end(END_OF_TOKEN);
    }

    /// Ends a statement.
    pub(super) fn end_statement(&mut self) {
        self.end(END_OF_STATEMENT);
    }

    fn end(&mut self, separator: u8) {
        let bytes = self.bytes.as_mut_slice();
        if self.length < bytes.len() {
            bytes[self.length] = separator;
            self.length += 1;
        }
    }

    /// The digest of all of them.
    pub(super) fn digest(&self) -> u128 {
        xxhash_rust::xxh3::xxh3_128(self.all())
    }

    fn all(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl PartialEq for Tokens {
    fn eq(&self, other: &Tokens) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Tokens {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dialect, sql::Lexer};

    #[test]
    fn the_smallest_tokens_and_statements_have_room() {
        for text in ["", ";", "a", "a;", "a;b;c", "((((", &"é'".repeat(99)] {
            let mut tokens = Tokens::of(text);
            let mut expect = Vec::new();
            for token in Lexer::new(text, Dialect::Sqlite) {
                tokens.add(text, token);
                tokens.end_statement();
                expect.extend_from_slice(token.text(text).as_bytes());
                expect.extend([END_OF_TOKEN, END_OF_STATEMENT]);
            }
            assert_eq!(tokens.all(), expect, "{text}");
        }
    }
}
