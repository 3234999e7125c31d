//! What stands between the parentheses of `#[revchain::test(…)]`. Each mistake is an error where it stands, with what to write
//! instead. Whether a chain, a revision or a file is there, is not asked here.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;

use super::is_mark;

/// The words there are, for those who meant another.
const KEYS: &str = "`at = \"…\"`, `fixtures(\"…\")`, `env = \"…\"`, `migrations = \"…\"` and `rollback`";

pub(crate) struct Arguments {
    pub(crate) chain: Chain,
    pub(crate) at: Option<LitStr>,
    pub(crate) fixtures: Vec<Fixture>,
    pub(crate) env: Option<LitStr>,
    /// Whether the test runs in a transaction that is rolled back; and where that is said.
    pub(crate) rollback: Option<Span>,
}

/// Where the chain comes from.
pub(crate) enum Chain {
    /// An embedded one, by its path.
    Named(TokenStream),
    /// A directory, embedded for this test alone.
    Directory(LitStr),
    /// None: the test starts in an empty database.
    None,
}

/// A script that runs before the test.
pub(crate) struct Fixture {
    /// Relative to the file of the test, as `include_str!` has it.
    pub(crate) path: String,
    pub(crate) span: Span,
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Arguments> {
        let (mut chain, mut rollback) = (None, None);
        let (mut at, mut env, mut fixtures) = (None, None, Vec::new());
        for (place, argument) in arguments(tokens).into_iter().enumerate() {
            match argument {
                Argument::Value(key, value) if key == "at" => once(&mut at, &key, text(&key, value, "a1b2c3d4e5f6")?)?,
                Argument::Value(key, value) if key == "env" => {
                    let variable = variable(&key, value)?;
                    once(&mut env, &key, variable)?;
                }
                Argument::Value(key, value) if key == "migrations" => once(&mut chain, &key, directory(&key, value)?)?,
                Argument::Value(key, _) if key == "migrator" => {
                    return Err(syn::Error::new(
                        key.span(),
                        "the chain stands first, and by its path: `#[revchain::test(crate::MIGRATIONS)]`",
                    ));
                }
                Argument::List(key, list) if key == "fixtures" => fixtures.extend(scripts(&list)?),
                Argument::Value(key, _) | Argument::List(key, _) if key == "rollback" => {
                    return Err(syn::Error::new(
                        key.span(),
                        "`rollback` stands alone, as in `#[revchain::test(crate::MIGRATIONS, rollback)]`",
                    ));
                }
                Argument::Value(key, _) | Argument::List(key, _) => {
                    return Err(syn::Error::new(key.span(), format!("there is no `{key}` here: there are {KEYS}")));
                }
                Argument::Other(tokens, span) if tokens.to_string() == "rollback" => {
                    if rollback.replace(span).is_some() {
                        return Err(syn::Error::new(span, "`rollback` is said twice"));
                    }
                }
                Argument::Other(tokens, span) if syn::parse2::<LitStr>(tokens.clone()).is_ok() => {
                    return Err(syn::Error::new(
                        span,
                        "a chain is named by its path, as in `#[revchain::test(crate::MIGRATIONS)]`; a directory that is embedded for this \
                         test alone is `migrations = \"…\"`",
                    ));
                }
                Argument::Other(tokens, _) if place == 0 => chain = Some(Chain::Named(tokens)),
                Argument::Other(_, span) => {
                    return Err(syn::Error::new(
                        span,
                        format!(
                            "the chain stands first, as in `#[revchain::test(crate::MIGRATIONS, …)]`; behind it there are {KEYS}"
                        ),
                    ));
                }
            }
        }
        let chain = chain.unwrap_or_else(|| Chain::Named(quote!(crate::MIGRATIONS)));
        Ok(Arguments { chain, at, fixtures, env, rollback })
    }
}

/// What stands between two commas.
pub(crate) enum Argument {
    /// `key = …`
    Value(Ident, Vec<TokenTree>),
    /// `key(…)`
    List(Ident, Group),
    /// Anything else: a path.
    Other(TokenStream, Span),
}

pub(crate) fn arguments(tokens: TokenStream) -> Vec<Argument> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parts = tokens.split(|token| is_mark(token, ',')).filter(|part| !part.is_empty());
    parts
        .map(|part| match part {
            [TokenTree::Ident(key), mark, value @ ..] if is_mark(mark, '=') => {
                Argument::Value(key.clone(), value.to_vec())
            }
            [TokenTree::Ident(key), TokenTree::Group(list)] if list.delimiter() == Delimiter::Parenthesis => {
                Argument::List(key.clone(), list.clone())
            }
            other => {
                let span = other.first().map_or(Span::call_site(), TokenTree::span);
                Argument::Other(other.iter().cloned().collect(), span)
            }
        })
        .collect()
}

/// For an expansion that makes nothing: names the chain all the same, so that its import is not unused.
pub(crate) fn still_named(tokens: TokenStream) -> Option<TokenStream> {
    let is_path = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_mark(token, ':');
    match arguments(tokens).into_iter().next()? {
        Argument::Other(path, _)
            if path.to_string() != "rollback" && path.clone().into_iter().all(|token| is_path(&token)) =>
        {
            Some(quote!(const _: fn() = || { let _ = &#path; };))
        }
        _ => None,
    }
}

pub(crate) fn once<T>(slot: &mut Option<T>, key: &Ident, value: T) -> syn::Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) if key == "migrations" => {
            Err(syn::Error::new(key.span(), "a test has one chain: either its path or `migrations`"))
        }
        Some(_) => Err(syn::Error::new(key.span(), format!("`{key}` is said twice"))),
    }
}

/// The name of a variable.
pub(crate) fn variable(key: &Ident, value: Vec<TokenTree>) -> syn::Result<LitStr> {
    let variable = text(key, value, "ORDERS_DATABASE_URL")?;
    if variable.value().is_empty() || variable.value().contains(['=', '/', ':']) {
        return Err(syn::Error::new(
            variable.span(),
            format!(
                "`{key}` takes the name of a variable that holds the URL of a server, as in `{key} = \"ORDERS_DATABASE_URL\"`: a URL in the \
                 source would be one for all who build it"
            ),
        ));
    }
    Ok(variable)
}

/// The one string behind a key.
pub(crate) fn text(key: &Ident, value: Vec<TokenTree>, example: &str) -> syn::Result<LitStr> {
    let wrong = || syn::Error::new(key.span(), format!("`{key}` takes a string, as in `{key} = \"{example}\"`"));
    syn::parse2(value.into_iter().collect()).map_err(|_| wrong())
}

fn directory(key: &Ident, value: Vec<TokenTree>) -> syn::Result<Chain> {
    match &value[..] {
        [TokenTree::Ident(word)] if word == "false" => Ok(Chain::None),
        [TokenTree::Ident(word)] if word == "true" => Err(syn::Error::new(
            word.span(),
            "without `migrations` the test starts at the head of `crate::MIGRATIONS` already: remove it",
        )),
        _ => text(key, value, "migrations").map(Chain::Directory),
    }
}

/// `fixtures("users", "../posts.sql")`, or `fixtures(path = "…", scripts("users", "posts"))`.
fn scripts(list: &Group) -> syn::Result<Vec<Fixture>> {
    let parts = arguments(list.stream());
    if parts.is_empty() {
        return Err(syn::Error::new(
            list.span(),
            "expected the names of scripts, as in `fixtures(\"users\", \"posts\")`",
        ));
    }
    match &parts[..] {
        [Argument::Value(path, folder), Argument::List(scripts, names)] if path == "path" && scripts == "scripts" => {
            let folder = text(path, folder.clone(), "../fixtures")?.value();
            let names = arguments(names.stream());
            names
                .into_iter()
                .map(|name| name.script(|name| format!("{}/{name}", folder.trim_end_matches('/'))))
                .collect()
        }
        [Argument::Value(path, _), ..] | [Argument::List(path, _), ..] => Err(syn::Error::new(
            path.span(),
            "expected `path` and then `scripts`, as in `fixtures(path = \"../fixtures\", scripts(\"users\", \"posts\"))`",
        )),
        _ => {
            let names = parts.into_iter();
            names
                .map(|name| name.script(|name| if name.contains('/') { name } else { format!("fixtures/{name}") }))
                .collect()
        }
    }
}

impl Argument {
    fn script(self, place: impl Fn(String) -> String) -> syn::Result<Fixture> {
        let (tokens, span) = match self {
            Argument::Other(tokens, span) => (tokens, span),
            Argument::Value(key, _) | Argument::List(key, _) => (TokenStream::new(), key.span()),
        };
        let name: LitStr = syn::parse2(tokens)
            .map_err(|_| syn::Error::new(span, "expected the name of a script, as in `fixtures(\"users\")`"))?;
        let mut path = place(name.value());
        // As sqlx has it: the ending may be left out.
        if !path.rsplit('/').next().is_some_and(|file| file.contains('.')) {
            path.push_str(".sql");
        }
        Ok(Fixture { path, span: name.span() })
    }
}
