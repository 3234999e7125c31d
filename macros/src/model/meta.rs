//! What stands between an attribute's parentheses: words, `key = value`, `key(…)` and texts. Knows no key.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Lit, LitStr, Token};

use super::problems::{Problems, listed};

/// The dialects, as attributes name them.
pub(crate) const DIALECTS: [&str; 3] = ["postgres", "mysql", "sqlite"];

/// One of the things between the parentheses.
pub(crate) struct Meta {
    /// Where it begins.
    pub(crate) span: Span,
    /// The key; nothing for a lone text.
    pub(crate) name: String,
    pub(crate) value: Value,
}

/// What is said for a key.
pub(crate) enum Value {
    /// The key alone, or a text alone.
    Nothing,
    /// `= …`: a text, a number, `true` or `false`.
    Is(Literal),
    /// `(…)`.
    List(Vec<Meta>),
    /// A text without a key.
    Text(String),
}

/// A value behind `=`.
pub(crate) struct Literal {
    pub(crate) span: Span,
    pub(crate) text: String,
    is_text: bool,
}

/// A text for each dialect, in the order of [`DIALECTS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PerDialect(pub(crate) [Option<String>; 3]);

impl PerDialect {
    /// The same on all.
    pub(crate) fn all(text: String) -> PerDialect {
        PerDialect([Some(text.clone()), Some(text.clone()), Some(text)])
    }

    /// Whether nothing is said for any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Whether something is said for each.
    pub(crate) fn is_whole(&self) -> bool {
        self.0.iter().all(Option::is_some)
    }
}

/// Reads what stands between parentheses.
pub(crate) fn read(tokens: TokenStream) -> syn::Result<Vec<Meta>> {
    parse_list.parse2(tokens)
}

fn parse_list(input: ParseStream<'_>) -> syn::Result<Vec<Meta>> {
    let mut list = Vec::new();
    while !input.is_empty() {
        list.push(parse(input)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(list)
}

fn parse(input: ParseStream<'_>) -> syn::Result<Meta> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Meta { span: text.span(), name: String::new(), value: Value::Text(text.value()) });
    }
    let name = Ident::parse_any(input)?;
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Value::Is(parse_literal(input)?)
    } else if input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        Value::List(parse_list(&content)?)
    } else {
        Value::Nothing
    };
    Ok(Meta { span: name.span(), name: name.unraw().to_string(), value })
}

fn parse_literal(input: ParseStream<'_>) -> syn::Result<Literal> {
    let minus = input.peek(Token![-]);
    if minus {
        input.parse::<Token![-]>()?;
    }
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let number = |digits: &str| if minus { format!("-{digits}") } else { digits.to_owned() };
    let (text, is_text) = match &literal {
        Lit::Str(text) if !minus => (text.value(), true),
        Lit::Bool(value) if !minus => (value.value.to_string(), false),
        Lit::Int(value) if value.suffix().is_empty() => (number(value.base10_digits()), false),
        Lit::Float(value) if value.suffix().is_empty() => (number(value.base10_digits()), false),
        _ => return Err(syn::Error::new(span, "expected a text, a number, `true` or `false`")),
    };
    Ok(Literal { span, text, is_text })
}

impl Meta {
    /// The text behind `=`.
    pub(crate) fn text(&self, problems: &mut Problems) -> Option<String> {
        match &self.value {
            Value::Is(Literal { text, is_text: true, span }) => {
                if text.trim().is_empty() {
                    problems.push(*span, "this is empty");
                    return None;
                }
                Some(text.clone())
            }
            _ => {
                problems.push(self.span, format!("`{0}` takes a text: `{0} = \"…\"`", self.name));
                None
            }
        }
    }

    /// Whether it stands alone, as it has to.
    pub(crate) fn flag(&self, problems: &mut Problems) -> bool {
        if !matches!(self.value, Value::Nothing) {
            problems.push(self.span, format!("`{0}` takes no value: write `{0}` alone", self.name));
        }
        true
    }

    /// The list in its parentheses.
    pub(crate) fn list(&self, problems: &mut Problems) -> &[Meta] {
        if let Value::List(list) = &self.value {
            return list;
        }
        problems.push(self.span, format!("`{0}` takes a list: `{0}(…)`", self.name));
        &[]
    }

    /// SQL: for all dialects with `=`, or for some in parentheses. Numbers, `true` and `false` are SQL, too.
    pub(crate) fn sql(&self, problems: &mut Problems) -> PerDialect {
        match &self.value {
            Value::Is(_) => self.scalar(problems).map_or_else(PerDialect::default, PerDialect::all),
            Value::List(list) => {
                let mut said = PerDialect::default();
                for meta in list {
                    if let Some(slot) = meta.dialect(problems).and_then(|at| said.0.get_mut(at)) {
                        set(slot, meta.scalar(problems), meta, problems);
                    }
                }
                said
            }
            _ => {
                let example = format!("`{0} = \"…\"`, or `{0}(postgres = \"…\", mysql = \"…\")`", self.name);
                problems.push(self.span, format!("`{}` takes a text: {example}", self.name));
                PerDialect::default()
            }
        }
    }

    /// What is behind `=`, as SQL.
    fn scalar(&self, problems: &mut Problems) -> Option<String> {
        match &self.value {
            Value::Is(Literal { text, is_text: false, .. }) => Some(text.clone()),
            _ => self.text(problems),
        }
    }

    /// The dialects of `only(…)`.
    pub(crate) fn only(&self, problems: &mut Problems) -> [bool; 3] {
        let mut only = [false; 3];
        let list = self.list(problems);
        for meta in list {
            if let Some(slot) = meta.dialect(problems).and_then(|at| only.get_mut(at)) {
                meta.flag(problems);
                *slot = true;
            }
        }
        if only == [false; 3] {
            if list.is_empty() {
                problems.push(self.span, format!("`only` names dialects: {}", listed(&DIALECTS)));
            }
            return [true; 3];
        }
        only
    }

    fn dialect(&self, problems: &mut Problems) -> Option<usize> {
        let at = DIALECTS.iter().position(|dialect| *dialect == self.name);
        if at.is_none() {
            problems.unknown(self.span, "dialect", &self.name, &DIALECTS);
        }
        at
    }
}

/// Sets what may be said once.
pub(crate) fn set<T>(slot: &mut Option<T>, value: Option<T>, meta: &Meta, problems: &mut Problems) {
    if slot.is_some() {
        problems.push(meta.span, format!("`{}` is said twice", meta.name));
    } else {
        *slot = value;
    }
}
