//! What stands between the parentheses of `prove!(…)`. Each mistake is an error where it stands, with what to write instead.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote;
use revchain_core::{Dialect, DialectSet};
use syn::LitStr;

use crate::test::arguments::{self, Argument, arguments, once, text};
use crate::test::is_mark;

/// What the test of the head is switched off by.
pub(crate) const HEAD: &str = "head";
/// The words there are, for those who meant another.
const KEYS: &str = "`migrations = \"…\"`, `env(postgres = \"…\")` and `except(\"…\" = \"…\")`";
const EXCEPT: &str = "as in `except(\"c0ffee12\" = \"takes an hour\", mysql = { head = \"why\" }, sqlite = \"why\")`";

pub(crate) struct Arguments {
    /// The embedded chain's path.
    pub(crate) chain: TokenStream,
    pub(crate) directory: LitStr,
    pub(crate) variables: Vec<(Dialect, LitStr)>,
    exceptions: Vec<Exception>,
}

/// Tests that are switched off.
struct Exception {
    /// On which dialect; on all.
    dialect: Option<Dialect>,
    /// A revision's id, or the head; all.
    name: Option<String>,
    span: Span,
    reason: LitStr,
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Arguments> {
        let (mut chain, mut directory) = (None, None);
        let (mut variables, mut exceptions) = (Vec::new(), Vec::new());
        for (place, argument) in arguments(tokens).into_iter().enumerate() {
            match argument {
                Argument::Value(key, value) if key == "migrations" => {
                    once(&mut directory, &key, text(&key, value, "migrations")?)?;
                }
                Argument::List(key, list) if key == "env" => {
                    for argument in arguments(list.stream()) {
                        variables.push(variable(argument, list.span())?);
                    }
                }
                Argument::List(key, list) if key == "except" => exceptions.extend(on_all(&list)?),
                Argument::Value(key, _) | Argument::List(key, _) => {
                    return Err(syn::Error::new(key.span(), format!("there is no `{key}` here: there are {KEYS}")));
                }
                Argument::Other(tokens, span) if syn::parse2::<LitStr>(tokens.clone()).is_ok() => {
                    return Err(syn::Error::new(
                        span,
                        "a chain is named by its path, as in `prove!(crate::MIGRATIONS)`; where its directory is not called `migrations`, \
                         `migrations = \"…\"` says how",
                    ));
                }
                Argument::Other(tokens, _) if place == 0 => chain = Some(tokens),
                Argument::Other(_, span) => {
                    return Err(syn::Error::new(
                        span,
                        format!(
                            "the chain stands first, as in `prove!(crate::MIGRATIONS, …)`; behind it there are {KEYS}"
                        ),
                    ));
                }
            }
        }
        Ok(Arguments {
            chain: chain.unwrap_or_else(|| quote!(crate::MIGRATIONS)),
            directory: directory.unwrap_or_else(|| LitStr::new("migrations", Span::call_site())),
            variables,
            exceptions,
        })
    }

    /// Whether what is switched off is there.
    pub(crate) fn judge(&self, ids: &[&str], served: DialectSet) -> syn::Result<()> {
        for Exception { dialect, name, span, .. } in &self.exceptions {
            if let Some(dialect) = dialect.filter(|dialect| !served.contains(*dialect)) {
                return Err(syn::Error::new(
                    *span,
                    format!("the chain is not made for {dialect}: there is nothing to switch off"),
                ));
            }
            if let Some(name) = name.as_deref().filter(|name| *name != HEAD && !ids.contains(name)) {
                let begins = ids.iter().find(|id| id.starts_with(name) && !name.is_empty());
                let help = begins.map_or(String::new(), |id| format!("\nhelp: write the whole id, `{id}`"));
                return Err(syn::Error::new(*span, format!("the chain has no revision `{name}`{help}")));
            }
        }
        Ok(())
    }

    /// Why a test is switched off, if it is.
    pub(crate) fn reason(&self, dialect: Dialect, name: &str) -> Option<&LitStr> {
        let is_meant = |exception: &&Exception| {
            exception.dialect.is_none_or(|of| of == dialect) && exception.name.as_deref().is_none_or(|of| of == name)
        };
        self.exceptions.iter().find(is_meant).map(|exception| &exception.reason)
    }
}

/// `postgres = "…"`: the variable that holds a server's URL.
fn variable(argument: Argument, span: Span) -> syn::Result<(Dialect, LitStr)> {
    let wrong = |span| {
        syn::Error::new(
            span,
            "expected a dialect and a variable, as in `env(postgres = \"PG_URL\", mysql = \"MYSQL_URL\")`",
        )
    };
    let Argument::Value(key, value) = argument else { return Err(wrong(span)) };
    match Dialect::from_name(&key.to_string()) {
        Some(Dialect::Sqlite) => Err(syn::Error::new(key.span(), "SQLite needs no server: remove this")),
        Some(dialect) => Ok((dialect, arguments::variable(&key, value)?)),
        None => Err(wrong(key.span())),
    }
}

/// What stands between the parentheses of `except`.
fn on_all(list: &Group) -> syn::Result<Vec<Exception>> {
    let mut exceptions = Vec::new();
    for part in parts(list) {
        let (key, value) = pair(&part, list.span())?;
        let dialect = match key {
            TokenTree::Ident(word) => Dialect::from_name(&word.to_string()),
            _ => None,
        };
        match (dialect, value) {
            (Some(dialect), [TokenTree::Group(group)]) if group.delimiter() == Delimiter::Brace => {
                for part in parts(group) {
                    let (key, value) = pair(&part, group.span())?;
                    exceptions.push(exception(Some(dialect), Some(name(key)?), key, value)?);
                }
            }
            (Some(dialect), value) => exceptions.push(exception(Some(dialect), None, key, value)?),
            (None, value) => exceptions.push(exception(None, Some(name(key)?), key, value)?),
        }
    }
    Ok(exceptions)
}

fn exception(
    dialect: Option<Dialect>,
    name: Option<String>,
    key: &TokenTree,
    value: &[TokenTree],
) -> syn::Result<Exception> {
    let reason: Option<LitStr> = syn::parse2(value.iter().cloned().collect()).ok();
    match reason.filter(|reason| !reason.value().trim().is_empty()) {
        Some(reason) => Ok(Exception { dialect, name, span: key.span(), reason }),
        None => Err(syn::Error::new(key.span(), format!("expected the reason, {EXCEPT}"))),
    }
}

/// A revision's id, as a string, or `head`.
fn name(key: &TokenTree) -> syn::Result<String> {
    let wrong = || syn::Error::new(key.span(), format!("expected a dialect, a revision's id or `head`, {EXCEPT}"));
    match key {
        TokenTree::Ident(word) if word == HEAD => Ok(HEAD.to_owned()),
        TokenTree::Literal(_) => syn::parse2::<LitStr>(key.clone().into()).map(|id| id.value()).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

fn parts(list: &Group) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = list.stream().into_iter().collect();
    let parts = tokens.split(|token| is_mark(token, ','));
    parts.filter(|part| !part.is_empty()).map(<[TokenTree]>::to_vec).collect()
}

/// `key = value`.
fn pair(part: &[TokenTree], span: Span) -> syn::Result<(&TokenTree, &[TokenTree])> {
    match part {
        [key, mark, value @ ..] if is_mark(mark, '=') => Ok((key, value)),
        other => Err(syn::Error::new(
            other.first().map_or(span, TokenTree::span),
            format!("expected what is switched off, and why, {EXCEPT}"),
        )),
    }
}
