//! Expressions as text that can be compared: tokens, with what means nothing taken out. Never evaluated.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::Name;

/// An expression: a default, a check, an index's part, a generated column.
///
/// Kept are its tokens, unquoted words in lower case, with one blank between two words. Two are equal where that is equal:
/// what a database makes of an expression when it stores it is another text, which
/// [`canonical`](crate::compare::canonical) comes nearer to.
#[derive(Clone)]
pub struct Expression {
    text: String,
    /// The same, with words in the case in which they were written; where that was kept, and differs. Never compared.
    written: Option<Box<str>>,
}

impl Expression {
    /// Reads an expression's source text.
    pub fn new(source: &str, dialect: Dialect) -> Expression {
        Expression { text: tokens_of(source, dialect, false), written: None }
    }

    /// The same, and keeps the case of its words: what a view calls its columns is seen by whoever selects from it, and
    /// MySQL's tables may be files. (PostgreSQL has none but what is quoted.)
    pub fn kept(source: &str, dialect: Dialect) -> Expression {
        let text = tokens_of(source, dialect, false);
        let written = (dialect != Dialect::Postgres).then(|| tokens_of(source, dialect, true));
        let written = written.filter(|written| *written != text).map(String::into_boxed_str);
        Expression { text, written }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text with words in the case in which they were written, where that was [kept](Expression::kept).
    pub fn as_written(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.text)
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
        let text = renamed(&self.text, from, to, dialect);
        let written = self.written.as_deref().map(|written| renamed(written, from, to, dialect).into_boxed_str());
        Expression { text, written }
    }
}

/// Its tokens, with one blank between two words.
fn tokens_of(source: &str, dialect: Dialect, keeps_case: bool) -> String {
    let mut text = String::with_capacity(source.len());
    let mut lexer = Lexer::new(source, dialect);
    let mut after_word = false;
    let mut operator_end = None;
    while let Some(token) = lexer.next_significant() {
        if token.is_executable_mark() {
            continue;
        }
        let shown = token.text(source);
        let is_word = token.kind != TokenKind::Punctuation;
        // `a - -1` is no comment, and `a = -1` no operator `=-`.
        let is_operator = !is_word && shown.bytes().all(|byte| b"<>=!~@#%^&|?+-*/".contains(&byte));
        if (is_word && after_word) || (is_operator && operator_end.is_some_and(|end| end < token.start)) {
            text.push(' ');
        }
        operator_end = is_operator.then_some(token.end);
        match token.kind {
            TokenKind::Word if keeps_case => text.push_str(shown),
            // Character by character, it would be most of what a view costs.
            TokenKind::Word if shown.is_ascii() => text.push_str(&shown.to_ascii_lowercase()),
            TokenKind::Word => text.push_str(&shown.to_lowercase()),
            _ => text.push_str(shown),
        }
        after_word = is_word;
    }
    text
}

/// A text with one name in place of another.
fn renamed(source: &str, from: &Name, to: &Name, dialect: Dialect) -> String {
    let mut text = String::with_capacity(source.len());
    let (mut lexer, mut last) = (Lexer::new(source, dialect), 0);
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(source);
        let is_name = match token.kind {
            TokenKind::Word => shown == from.key() || shown.to_lowercase() == from.key(),
            TokenKind::QuotedIdentifier => Name::new(&unquoted(shown), dialect) == *from,
            _ => false,
        };
        if is_name {
            text.push_str(source.get(last..token.start).unwrap_or_default());
            text.push_str(&written(to, dialect));
            last = token.end;
        }
    }
    text.push_str(source.get(last..).unwrap_or_default());
    text
}

impl PartialEq for Expression {
    fn eq(&self, other: &Expression) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

impl PartialOrd for Expression {
    fn partial_cmp(&self, other: &Expression) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Expression {
    fn cmp(&self, other: &Expression) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_case_of_words_is_kept_beside_what_is_compared() {
        let source = "SELECT userId AS Who, 'X' FROM  Users WHERE Ünit = 1";
        for dialect in Dialect::ALL {
            let kept = Expression::kept(source, dialect);
            assert_eq!(kept, Expression::new(source, dialect));
            let name = |text: &str| Name::new(text, dialect);
            let renamed = kept.with_renamed(&name("users"), &name("people"), dialect);
            let renamed = renamed.with_renamed(&name("ünit"), &name("u"), dialect);
            assert_eq!(renamed.as_str(), "select userid as who,'X' from people where u=1");
            match dialect {
                Dialect::Postgres => assert_eq!(renamed.as_written(), renamed.as_str()),
                _ => assert_eq!(renamed.as_written(), "SELECT userId AS Who,'X' FROM people WHERE u=1"),
            }
        }
    }
}
