//! Expressions as text that can be compared: tokens, with what means nothing taken out. Never evaluated.

use std::fmt;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::Name;

/// An expression: a default, a check, an index's part, a generated column.
///
/// Kept are its tokens, unquoted words in lower case, with one blank between two words. Two are equal where that is equal:
/// what a database makes of an expression when it stores it is another text, which
/// [`canonical`](crate::compare::canonical) comes nearer to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expression {
    text: String,
}

impl Expression {
    /// Reads an expression's source text.
    pub fn new(source: &str, dialect: Dialect) -> Expression {
        let mut text = String::with_capacity(source.len());
        let mut lexer = Lexer::new(source, dialect);
        let mut after_word = false;
        while let Some(token) = lexer.next_significant() {
            if token.is_executable_mark() {
                continue;
            }
            let shown = token.text(source);
            let is_word = token.kind != TokenKind::Punctuation;
            if is_word && after_word {
                text.push(' ');
            }
            match token.kind {
                // Character by character, it would be most of what a view costs.
                TokenKind::Word if shown.is_ascii() => text.push_str(&shown.to_ascii_lowercase()),
                TokenKind::Word => text.push_str(&shown.to_lowercase()),
                _ => text.push_str(shown),
            }
            after_word = is_word;
        }
        Expression { text }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name stands in it, quoted or not.
    pub fn mentions(&self, name: &Name, dialect: Dialect) -> bool {
        let mut lexer = Lexer::new(&self.text, dialect);
        while let Some(token) = lexer.next_significant() {
            let shown = token.text(&self.text);
            let is_name = match token.kind {
                TokenKind::Word => shown == name.key(),
                TokenKind::QuotedIdentifier => Name::new(&unquoted(shown), dialect) == *name,
                _ => false,
            };
            if is_name {
                return true;
            }
        }
        false
    }

    /// The same with one name in place of another.
    #[must_use]
    pub fn with_renamed(&self, from: &Name, to: &Name, dialect: Dialect) -> Expression {
        let mut text = String::with_capacity(self.text.len());
        let (mut lexer, mut last) = (Lexer::new(&self.text, dialect), 0);
        while let Some(token) = lexer.next_significant() {
            let shown = token.text(&self.text);
            let is_name = match token.kind {
                TokenKind::Word => shown == from.key(),
                TokenKind::QuotedIdentifier => Name::new(&unquoted(shown), dialect) == *from,
                _ => false,
            };
            if is_name {
                text.push_str(self.text.get(last..token.start).unwrap_or_default());
                text.push_str(&written(to, dialect));
                last = token.end;
            }
        }
        text.push_str(self.text.get(last..).unwrap_or_default());
        Expression { text }
    }
}

/// A name as an expression holds it: quoted only where it would be read as another without.
pub(crate) fn written(name: &Name, dialect: Dialect) -> String {
    let text = name.as_str();
    let plain = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
        && !text.starts_with(|first: char| first.is_ascii_digit());
    if plain {
        return text.to_owned();
    }
    let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
    format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}")))
}

/// The content of a quoted name, with doubled quotes made single.
pub(crate) fn unquoted(text: &str) -> String {
    let Some(open) = text.find(['"', '`', '[', '\'']) else { return text.to_owned() };
    let (Some(inner), Some(quote)) = (text.get(open + 1..), text.get(open..).and_then(|text| text.chars().next()))
    else {
        return text.to_owned();
    };
    match quote {
        '[' => inner.strip_suffix(']').unwrap_or(inner).to_owned(),
        quote => {
            let inner = inner.strip_suffix(quote).unwrap_or(inner);
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}
