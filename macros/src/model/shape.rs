//! What a struct or an enum looks like. syn's own types for this need its largest features, which cost every user's build
//! more than these lines; and a field's type is only handed on.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Lifetime, Token};

use super::meta::{self, Meta};
use super::problems::Problems;
use crate::input::parse_visibility;

/// A struct or an enum.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    /// `'a, 'b`; there are no other parameters.
    pub(crate) lifetimes: Vec<Lifetime>,
    pub(crate) body: Body,
}

/// What it is made of.
pub(crate) enum Body {
    Named(Vec<Field>),
    /// The types.
    Tuple(Vec<TokenStream>),
    Unit,
    Variants(Vec<Variant>),
}

/// A field with a name.
pub(crate) struct Field {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) rust_type: TokenStream,
}

/// A variant of an enum.
pub(crate) struct Variant {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) has_data: bool,
}

/// `#[name(…)]`.
pub(crate) struct Attribute {
    pub(crate) span: Span,
    pub(crate) name: String,
    tokens: TokenStream,
}

impl Attribute {
    /// What stands in it. A mistake in somebody else's attribute is theirs to tell.
    pub(crate) fn read(&self, problems: &mut Problems) -> Vec<Meta> {
        meta::read(self.tokens.clone()).unwrap_or_else(|error| {
            if self.name != "sqlx" {
                problems.add(error);
            }
            Vec::new()
        })
    }
}

impl Item {
    /// `<'a>`.
    pub(crate) fn parameters(&self) -> TokenStream {
        let lifetimes = &self.lifetimes;
        quote::quote!(<#(#lifetimes),*>)
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Item> {
        let attributes = parse_attributes(input)?;
        parse_visibility(input)?;
        let is_enum = input.peek(Token![enum]);
        if is_enum {
            input.parse::<Token![enum]>()?;
        } else {
            input.parse::<Token![struct]>()?;
        }
        let name: Ident = input.parse()?;
        let lifetimes = parse_lifetimes(input)?;
        let body = if is_enum {
            let content;
            syn::braced!(content in input);
            Body::Variants(parse_variants(&content)?)
        } else if input.peek(syn::token::Brace) {
            let content;
            syn::braced!(content in input);
            Body::Named(parse_fields(&content)?)
        } else if input.peek(syn::token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            let types = parse_types(&content)?;
            input.parse::<TokenStream>()?;
            Body::Tuple(types)
        } else {
            if !input.peek(Token![;]) {
                return Err(input.error("a struct with a `where` clause can't be read here"));
            }
            input.parse::<TokenStream>()?;
            Body::Unit
        };
        Ok(Item { attributes, name, lifetimes, body })
    }
}

fn parse_attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let mut attributes = Vec::new();
    while input.peek(Token![#]) {
        input.parse::<Token![#]>()?;
        let content;
        syn::bracketed!(content in input);
        let name = Ident::parse_any(&content)?;
        let mut tokens = TokenStream::new();
        if content.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in content);
            tokens = inner.parse()?;
        }
        // `doc = "…"`, `rustfmt::skip`: nothing that is read here.
        content.parse::<TokenStream>()?;
        attributes.push(Attribute { span: name.span(), name: name.to_string(), tokens });
    }
    Ok(attributes)
}

fn parse_lifetimes(input: ParseStream<'_>) -> syn::Result<Vec<Lifetime>> {
    let mut lifetimes = Vec::new();
    if !input.peek(Token![<]) {
        return Ok(lifetimes);
    }
    input.parse::<Token![<]>()?;
    while !input.peek(Token![>]) {
        if !input.peek(Lifetime) {
            return Err(input.error("a table has one set of columns: its struct takes no parameters but lifetimes"));
        }
        lifetimes.push(input.parse()?);
        // Bounds: `'a: 'b + 'c`.
        while !input.peek(Token![>]) && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?;
        }
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
    }
    input.parse::<Token![>]>()?;
    Ok(lifetimes)
}

fn parse_fields(input: ParseStream<'_>) -> syn::Result<Vec<Field>> {
    let mut fields = Vec::new();
    while !input.is_empty() {
        let attributes = parse_attributes(input)?;
        parse_visibility(input)?;
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        fields.push(Field { attributes, name, rust_type: parse_type(input)? });
    }
    Ok(fields)
}

fn parse_types(input: ParseStream<'_>) -> syn::Result<Vec<TokenStream>> {
    let mut types = Vec::new();
    while !input.is_empty() {
        parse_attributes(input)?;
        parse_visibility(input)?;
        types.push(parse_type(input)?);
    }
    Ok(types)
}

fn parse_variants(input: ParseStream<'_>) -> syn::Result<Vec<Variant>> {
    let mut variants = Vec::new();
    while !input.is_empty() {
        let attributes = parse_attributes(input)?;
        let name = input.parse()?;
        let has_data = input.peek(syn::token::Paren) || input.peek(syn::token::Brace);
        // The data, or a discriminant.
        parse_type(input)?;
        variants.push(Variant { attributes, name, has_data });
    }
    Ok(variants)
}

/// What stands before the next comma that is not between angles, and the comma.
fn parse_type(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut depth = 0_usize;
    let mut is_arrow = false;
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                ',' if depth == 0 => break,
                '<' => depth += 1,
                '>' if !is_arrow => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_arrow = begins_arrow(punct);
        }
        tokens.extend([token]);
    }
    Ok(tokens)
}

fn begins_arrow(punct: &Punct) -> bool {
    punct.as_char() == '-' && punct.spacing() == Spacing::Joint
}
