//! What stands between the parentheses of the macros.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

/// `"migrations"`, or `pub static ORDERS = "orders"`.
pub(crate) struct Item {
    /// The visibility, as tokens.
    pub(crate) visibility: TokenStream,
    pub(crate) name: Option<Ident>,
    pub(crate) directory: LitStr,
}

/// `"migrations"`.
pub(crate) struct Expression {
    pub(crate) directory: LitStr,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Item> {
        let item = if input.peek(LitStr) {
            Item { visibility: quote::quote!(pub), name: None, directory: input.parse()? }
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
            Item { visibility, name: Some(name), directory: input.parse()? }
        };
        finish(input)?;
        Ok(item)
    }
}

impl Parse for Expression {
    fn parse(input: ParseStream<'_>) -> syn::Result<Expression> {
        let directory = input.parse()?;
        finish(input)?;
        Ok(Expression { directory })
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

fn finish(input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
    }
    if input.is_empty() { Ok(()) } else { Err(input.error("nothing may follow the migrations directory")) }
}
