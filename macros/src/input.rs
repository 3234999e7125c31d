//! What stands between the parentheses of the macros.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// `"migrations"`, or `pub static ORDERS = "orders"`.
pub(crate) struct Item {
    /// The visibility, as tokens.
    pub(crate) visibility: TokenStream,
    pub(crate) name: Option<Ident>,
    pub(crate) directory: LitStr,
    pub(crate) models: Option<Models>,
}

/// `"migrations"`.
pub(crate) struct Expression {
    pub(crate) directory: LitStr,
    pub(crate) models: Option<Models>,
}

/// What stands behind `models =`.
pub(crate) enum Models {
    /// `[User, app::Project]`, `schema![User, app::Project]`: the types.
    List(Vec<TokenStream>),
    /// A constant.
    Constant(TokenStream),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Item> {
        let item = if input.peek(LitStr) {
            Item { visibility: quote::quote!(pub), name: None, directory: input.parse()?, models: parse_models(input)? }
        } else {
            let visibility = parse_visibility(input)?;
            input.parse::<Token![static]>().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    "expected the migrations directory, as in `embed_migrations!(\"migrations\");`, or a name for it, \
                     as in `embed_migrations!(pub static ORDERS = \"orders\");`",
                )
            })?;
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Item { visibility, name: Some(name), directory: input.parse()?, models: parse_models(input)? }
        };
        Ok(item)
    }
}

impl Parse for Expression {
    fn parse(input: ParseStream<'_>) -> syn::Result<Expression> {
        Ok(Expression { directory: input.parse()?, models: parse_models(input)? })
    }
}

/// syn's own `Visibility` needs its largest feature, which costs every user's build more than these lines.
pub(crate) fn parse_visibility(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut visibility = TokenStream::new();
    if input.peek(Token![pub]) {
        let word = input.parse::<Token![pub]>()?;
        visibility.extend(quote::quote!(#word));
        if input.peek(syn::token::Paren) {
            let group: proc_macro2::Group = input.parse()?;
            visibility.extend(quote::quote!(#group));
        }
    }
    Ok(visibility)
}

/// `, models = …`, if it is there, and the end.
fn parse_models(input: ParseStream<'_>) -> syn::Result<Option<Models>> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    if input.is_empty() {
        return Ok(None);
    }
    let key: Option<Ident> = input.parse().ok();
    if key.is_none_or(|key| key != "models") || !input.peek(Token![=]) {
        return Err(input.error("nothing may follow the migrations directory but `models = [User, …]`"));
    }
    input.parse::<Token![=]>()?;
    let mut tokens: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
    tokens.pop_if(|last| is_mark(last, ','));
    match tokens.split_last() {
        None => Err(input.error("expected the models, as in `models = [User, Project]`")),
        Some((TokenTree::Group(group), before)) if is_list(group.delimiter(), before) => {
            Ok(Some(Models::List(parted(group.stream()))))
        }
        Some(_) => Ok(Some(Models::Constant(tokens.into_iter().collect()))),
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Whether what is in a group are types: in brackets, or the words of `schema!`.
fn is_list(delimiter: Delimiter, before: &[TokenTree]) -> bool {
    match before {
        [] => delimiter == Delimiter::Bracket,
        [path @ .., TokenTree::Ident(name), mark] => {
            name == "schema"
                && is_mark(mark, '!')
                && path.iter().all(|token| matches!(token, TokenTree::Ident(_)) || is_mark(token, ':'))
        }
        _ => false,
    }
}

/// Types, with commas between them; one between `<` and `>` is a type's own.
fn parted(list: TokenStream) -> Vec<TokenStream> {
    let (mut parts, mut part, mut depth) = (Vec::new(), Vec::new(), 0_usize);
    for token in list {
        match &token {
            token if is_mark(token, '<') => depth += 1,
            token if is_mark(token, '>') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && is_mark(&token, ',') {
            parts.push(part.drain(..).collect::<TokenStream>());
        } else {
            part.push(token);
        }
    }
    parts.push(part.into_iter().collect());
    parts.retain(|part| !part.is_empty());
    parts
}
