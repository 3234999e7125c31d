//! One look at a word, for a `match`: in builds without optimisation that costs a fraction of asking for each word in turn.

use std::ops::Deref;

use revchain_core::sql::TokenKind;

use super::Cursor;

/// The longest word that any reader knows is `SECONDARY_ENGINE_ATTRIBUTE`.
const LONGEST: usize = 28;

/// An unquoted word in upper case. Empty where there was none, or one that nobody knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keyword {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Keyword {
    /// The word so many places ahead.
    pub(crate) fn at(cursor: &Cursor<'_>, ahead: usize) -> Keyword {
        let mut keyword = Keyword { bytes: [0; LONGEST], length: 0 };
        if cursor.peek(ahead).is_some_and(|token| token.kind == TokenKind::Word) {
            let text = cursor.text(ahead).as_bytes();
            if text.len() <= LONGEST && text.is_ascii() {
                keyword.length = text.len();
                for (place, byte) in keyword.bytes.iter_mut().zip(text) {
                    *place = byte.to_ascii_uppercase();
                }
            }
        }
        keyword
    }
}

impl Deref for Keyword {
    type Target = str;

    fn deref(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
