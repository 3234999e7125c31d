//! `models = …`: constants that don't evaluate where models and chain disagree. What differs is decided in `revchain-model`, while
//! the crate that holds the models is compiled: a macro sees only their names.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use revchain_core::VerifiedChain;
use revchain_core::config::Drift;

use crate::input::Models;
use crate::model::tokens;

/// The models as a constant beside the chain, where they are listed: so that nobody has to list them twice.
pub(crate) fn gather(models: &Models, visibility: &TokenStream, name: &str) -> TokenStream {
    let Models::List(types) = models else { return TokenStream::new() };
    let name = Ident::new(name, Span::call_site());
    quote! {
        #[doc = "The models that are compared with the chain."]
        #[allow(dead_code)]
        #visibility const #name: &[&::revchain::model::TableModel] = ::revchain::schema![#(#types),*];
    }
}

/// What a difference is, where models are compared at all.
pub(crate) fn level(models: Option<&Models>, chain: Option<&VerifiedChain>) -> Option<Drift> {
    let level = models.and(chain)?.config().models.drift;
    (level != Drift::Off).then_some(level)
}

/// One constant for each model, shown at its name, and one for tables without a model, shown at the chain's. All of them are
/// evaluated, so that one build says everything.
/// `gathered` is the constant that has them all, where there is one.
pub(crate) fn check(models: &Models, gathered: Option<&str>, head: &[u8], level: Drift, chain: Span) -> TokenStream {
    let is_on = match level {
        Drift::Off => return TokenStream::new(),
        Drift::Error | Drift::Warning => quote!(true),
        Drift::Tests => quote!(::core::cfg!(test)),
    };
    let count = Literal::usize_suffixed(tables(head));
    let quick = tokens(&format!("&{:?}", revchain_schema::quick(head)));
    let head = Literal::byte_string(head);
    let alike = |differ: TokenStream, agree: TokenStream, name: &str, at: Span| match level {
        Drift::Warning => {
            let note = format!("{name} and the chain disagree; `cargo revchain check` says in what");
            warning(&differ, &note, at)
        }
        _ => error(&agree, at),
    };
    let (each, all): (TokenStream, TokenStream) = match models {
        Models::List(types) => {
            let of = |of: &TokenStream| {
                let name = of.to_string().replace(' ', "");
                let [differ, agree] = [quote!(differ_on), quote!(agree_on)]
                    .map(|function| quote!(__revchain::#function::<#of>(__IS_ON, __HEAD)));
                alike(differ, agree, &format!("model `{name}`"), span(of))
            };
            let all = match gathered.map(|name| Ident::new(name, Span::call_site())) {
                Some(name) => quote!(#name),
                None => quote!(::revchain::schema![#(#types),*]),
            };
            (types.iter().map(of).collect(), all)
        }
        Models::Constant(constant) => {
            let [differ, agree] = [quote!(differ), quote!(agree)]
                .map(|function| quote!(__revchain::#function(__IS_ON, #constant, __HEAD)));
            (alike(differ, agree, "models", span(constant)), constant.clone())
        }
    };
    let complete = match level {
        Drift::Warning => {
            let note = "a table of the chain has no model; `cargo revchain check` says which";
            warning(&quote!(__revchain::lack::<#count>(__IS_ON, #all, __HEAD)), note, chain)
        }
        _ => error(&quote!(__revchain::complete::<#count>(__IS_ON, #all, __HEAD)), chain),
    };
    quote! {
        const _: () = {
            use ::revchain::__private as __revchain;
            // The tool builds the application to ask for its models, drift or none. The compiler tells cargo what it read.
            const __IS_ON: bool = #is_on && ::core::option_env!("REVCHAIN_SUSPEND_DRIFT").is_none();
            const __HEAD: __revchain::Head = __revchain::Head::new(#head, #quick);
            #each
            #complete
        };
    }
}

/// A constant that doesn't evaluate where something differs.
fn error(compared: &TokenStream, at: Span) -> TokenStream {
    located(
        quote! {
            #[allow(long_running_const_eval)]
            const _: () = #compared;
        },
        at,
    )
}

/// The compiler warns of what is deprecated, and which of two constants is meant a third one can say.
fn warning(differs: &TokenStream, note: &str, at: Span) -> TokenStream {
    located(
        quote! {
            const _: () = {
                #[allow(long_running_const_eval)]
                const __DIFFERS: bool = #differs;
                #[allow(dead_code)]
                struct __Compared<const DIFFERS: bool>;
                #[allow(dead_code)]
                impl __Compared<true> {
                    #[deprecated(note = #note)]
                    const WITH_THE_CHAIN: () = ();
                }
                #[allow(dead_code)]
                impl __Compared<false> {
                    const WITH_THE_CHAIN: () = ();
                }
                __Compared::<__DIFFERS>::WITH_THE_CHAIN
            };
        },
        at,
    )
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
