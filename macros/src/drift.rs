//! `models = …`: constants that don't evaluate where models and chain disagree. What differs is decided in `revchain-model`, while
//! the crate that holds the models is compiled: a macro sees only their names.

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use revchain_core::config::Drift;

use crate::input::Models;

/// The models as a constant beside the chain, where they are listed: so that nobody has to list them twice.
pub(crate) fn gather(models: &Models, visibility: &TokenStream, name: &str) -> TokenStream {
    let Models::List(types) = models else { return TokenStream::new() };
    let name = proc_macro2::Ident::new(name, Span::call_site());
    quote! {
        #[doc = "The models that are compared with the chain."]
        #[allow(dead_code)]
        #visibility const #name: &[&::revchain::model::TableModel] = ::revchain::schema![#(#types),*];
    }
}

/// One constant for each model, shown at its name, and one for tables without a model, shown at the chain's. All of them are
/// evaluated, so that one build says everything.
pub(crate) fn check(models: &Models, head: &[u8], level: Drift, chain: Span) -> TokenStream {
    let is_on = match level {
        Drift::Off => return TokenStream::new(),
        Drift::Error => quote!(true),
        Drift::Tests => quote!(::core::cfg!(test)),
    };
    let count = Literal::usize_suffixed(tables(head));
    let head = Literal::byte_string(head);
    let checks: TokenStream = match models {
        Models::List(types) => {
            let each = types.iter().map(|of| {
                located(
                    quote! {
                        #[allow(long_running_const_eval)]
                        const _: () = __revchain::agree(__IS_ON, &<#of as ::revchain::Table>::TABLE, __HEAD);
                    },
                    span(of),
                )
            });
            let all = located(
                quote! {
                    #[allow(long_running_const_eval)]
                    const _: () = __revchain::complete::<#count>(__IS_ON, ::revchain::schema![#(#types),*], __HEAD);
                },
                chain,
            );
            each.chain([all]).collect()
        }
        Models::Constant(constant) => {
            let at = span(constant);
            quote_spanned! {at=>
                #[allow(long_running_const_eval)]
                const _: () = __revchain::agree_all::<#count>(__IS_ON, #constant, __HEAD);
            }
        }
    };
    quote! {
        const _: () = {
            use ::revchain::__private as __revchain;
            // The tool builds the application to ask for its models, drift or none. The compiler tells cargo what it read.
            const __IS_ON: bool = #is_on && ::core::option_env!("REVCHAIN_SUSPEND_DRIFT").is_none();
            const __HEAD: __revchain::Head = __revchain::Head::new(#head);
            #checks
        };
    }
}

/// How many tables the chain leads to.
fn tables(head: &[u8]) -> usize {
    let count = head.get(8..12).and_then(|count| count.try_into().ok()).map(u32::from_le_bytes);
    usize::try_from(count.unwrap_or(0)).unwrap_or(0)
}

/// Where tokens are: the last of them where the whole can't be told.
fn span(tokens: &TokenStream) -> Span {
    let mut tokens = tokens.clone().into_iter();
    let Some(first) = tokens.next() else { return Span::call_site() };
    match tokens.last() {
        Some(last) => first.span().join(last.span()).unwrap_or_else(|| last.span()),
        None => first.span(),
    }
}

/// Tokens that are shown somewhere: what the compiler says of them it says there, as if somebody had written it there.
fn located(tokens: TokenStream, at: Span) -> TokenStream {
    let each = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), located(group.stream(), at)));
        }
        token.set_span(at);
        token
    };
    tokens.into_iter().map(each).collect()
}
