//! What PostgreSQL makes of an expression when it stores it, and what people write: casts that change nothing, `= ANY (ARRAY[…])`
//! for IN, `~~` for LIKE.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::model::Expression;

/// A token. Of a quoted name what is in the quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) kind: TokenKind,
    pub(super) text: String,
}

/// The tokens of an expression; what an operator is made of is one.
pub(super) fn words(of: &Expression, dialect: Dialect) -> Vec<Word> {
    let (source, mut lexer) = (of.as_str(), Lexer::new(of.as_str(), dialect));
    let mut words: Vec<Word> = Vec::new();
    let mut end = 0;
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(source);
        let text = match token.kind {
            TokenKind::QuotedIdentifier => unquoted(shown),
            _ => shown.to_owned(),
        };
        let is_adjacent = std::mem::replace(&mut end, token.end) == token.start;
        match words.last_mut() {
            Some(last) if is_adjacent && is_operator(&last.text) && is_operator(shown) => last.text.push_str(shown),
            _ => words.push(Word { kind: token.kind, text }),
        }
    }
    words
}

fn is_operator(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| b"<>=!~@#%^&|?+-*/:".contains(&byte))
}

/// The same as PostgreSQL's users write it. `None` where a cast is left that may change something.
pub(super) fn plain(of: &Expression) -> Option<Vec<Word>> {
    let mut words = without_casts(words(of, Dialect::Postgres))?;
    listed(&mut words);
    for word in words.iter_mut().filter(|word| word.kind == TokenKind::Punctuation) {
        if word.text == "~~" {
            *word = Word { kind: TokenKind::Word, text: "like".to_owned() };
        }
    }
    Some(words)
}

/// Takes casts out: those of constants, and those to text.
fn without_casts(words: Vec<Word>) -> Option<Vec<Word>> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    let mut rest = words.into_iter().peekable();
    while let Some(word) = rest.next() {
        if word.text != "::" {
            kept.push(word);
            continue;
        }
        let mut name = Vec::new();
        while let Some(part) = rest.next_if(|word| word.kind == TokenKind::Word && !ENDS.contains(&word.text.as_str()))
        {
            name.push(part.text);
        }
        if rest.next_if(|word| word.text == "(").is_some() {
            while rest.next_if(|word| word.text != ")").is_some() {}
            rest.next();
            // `timestamp(3) without time zone`.
            while rest.next_if(|word| ["without", "with", "time", "zone"].contains(&word.text.as_str())).is_some() {}
        }
        while rest.next_if(|word| word.text == "[").is_some() {
            rest.next_if(|word| word.kind == TokenKind::Number);
            rest.next_if(|word| word.text == "]")?;
        }
        let is_text = matches!(name.join(" ").as_str(), "text" | "character varying" | "bpchar" | "character");
        if !is_text && !ends_with_constant(&kept) {
            return None;
        }
    }
    Some(kept)
}

/// Words that are no part of a type's name.
const ENDS: [&str; 9] = ["and", "or", "is", "in", "not", "like", "between", "then", "end"];

/// Whether what stands last is a constant, maybe in parentheses.
fn ends_with_constant(words: &[Word]) -> bool {
    let is_constant = |word: &Word| matches!(word.kind, TokenKind::Number | TokenKind::String);
    match words {
        [.., open, sign, value, close] if sign.text == "-" => {
            open.text == "(" && close.text == ")" && is_constant(value)
        }
        [.., open, value, close] if close.text == ")" => open.text == "(" && is_constant(value),
        [.., last] => is_constant(last),
        [] => false,
    }
}

/// `= any (array['a', 'b'])` is `in ('a', 'b')`.
fn listed(words: &mut Vec<Word>) {
    let mut at = 0;
    while at < words.len() {
        let is = |offset: usize, text: &str| words.get(at + offset).is_some_and(|word| word.text == text);
        let inner = usize::from(is(3, "("));
        let begins = is(0, "=") && is(1, "any") && is(2, "(") && is(3 + inner, "array") && is(4 + inner, "[");
        let close = words.iter().skip(at).position(|word| word.text == "]").map(|found| at + found);
        let Some(close) = close.filter(|_| begins) else {
            at += 1;
            continue;
        };
        let mut list = vec![Word { kind: TokenKind::Word, text: "in".to_owned() }];
        let mark = |text: &str| Word { kind: TokenKind::Punctuation, text: text.to_owned() };
        list.push(mark("("));
        list.extend(words.get(at + 5 + inner..close).unwrap_or_default().iter().cloned());
        list.push(mark(")"));
        let end = (close + 2 + inner).min(words.len());
        let length = list.len();
        words.splice(at..end, list);
        at += length;
    }
}

/// What a quoted name says.
fn unquoted(text: &str) -> String {
    let quote = text.chars().next().unwrap_or_default();
    let inner = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)).unwrap_or(text);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_stores_is_what_somebody_wrote() {
        for (stored, expect) in [
            ("((pay >= (0)::numeric) AND (small < 100))", Some("( ( pay >= ( 0 ) ) and ( small < 100 ) )")),
            (
                "((state)::text = ANY ((ARRAY['new'::character varying, 'done'::character varying])::text[]))",
                Some("( ( state ) in ( 'new' , 'done' ) )"),
            ),
            ("(kind = ANY (ARRAY[1, 2]))", Some("( kind in ( 1 , 2 ) )")),
            (
                "lower((name)::text) ~~ 'x%'::text AND a > '-1'::integer",
                Some("lower ( ( name ) ) like 'x%' and a > '-1'"),
            ),
            ("(price)::integer > 3", None),
            ("(data ->> 'a'::text) = 'b'::text", Some("( data ->> 'a' ) = 'b'")),
            ("at > (now())::date", None),
            ("at > '2000-01-01 00:00:00'::timestamp without time zone", Some("at > '2000-01-01 00:00:00'")),
        ] {
            let found = plain(&Expression::new(stored, Dialect::Postgres));
            let found = found.map(|words| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expect, "{stored}");
        }
    }
}
