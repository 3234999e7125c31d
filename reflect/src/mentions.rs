//! What a view reads, where the server doesn't tell.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::model::{Expression, Name, ObjectName};

/// The names in a view's query that may be tables or views: those that are some.
pub(crate) fn mentions(body: &Expression, dialect: Dialect, known: &BTreeSet<Name>) -> Vec<ObjectName> {
    let (source, mut lexer) = (body.as_str(), Lexer::new(body.as_str(), dialect));
    let mut found = Vec::new();
    while let Some(token) = lexer.next_significant() {
        let text = token.text(source);
        let written = match token.kind {
            TokenKind::Word => text.to_owned(),
            TokenKind::QuotedIdentifier => unquoted(text),
            _ => continue,
        };
        let named = ObjectName::bare(Name::new(&written, dialect));
        if known.contains(&named.name) && !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// What a quoted name says.
fn unquoted(text: &str) -> String {
    let (mut inner, quote) = (text.chars(), text.chars().next().unwrap_or_default());
    inner.next();
    inner.next_back();
    inner.as_str().replace(&format!("{quote}{quote}"), &quote.to_string())
}
