//! `prove!`: a test for each revision of a chain and each dialect that it serves, and one for the head. What is written is a line a
//! test; what a test does, `revchain::testing` alone decides. Whether the chain is sound is not said here: who embeds it says that.

mod arguments;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use revchain_core::revision::RevisionFile;
use revchain_core::{Dialect, Sources, VerifiedChain, chain, checksum, load};

use crate::directory;
use crate::table;
use crate::test::arguments::still_named;
use arguments::{Arguments, HEAD};

/// The tests, or every mistake in the parentheses.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let wrong = |error: syn::Error| {
        let (error, named) = (error.into_compile_error(), still_named(input.clone()));
        quote!(#error #named)
    };
    let arguments = match Arguments::parse(input.clone()) {
        Ok(arguments) => arguments,
        Err(error) => return wrong(error),
    };
    let directory = directory::find(&arguments.directory);
    let sources = load::load(&directory.path, &directory.shown);
    let (chain, findings) = chain::verify(&sources);
    let Some(chain) = chain else { return table::errors(&sources, findings, &arguments.directory) };
    let ids: Vec<&str> = chain.revisions().iter().map(id).collect();
    if let Err(error) = arguments.judge(&ids, chain.config().dialects) {
        return wrong(error);
    }
    let mut fresh = String::new();
    let digest = checksum::of_sources(&sources);
    table::write_freshness(&sources, &digest, &directory, &mut fresh);
    let fresh = table::lex(&fresh, &arguments.directory);
    let (path, written) = (&arguments.chain, &directory.written);
    let variables = arguments.variables.iter().map(|(dialect, variable)| {
        let dialect = named(*dialect);
        quote!(.env(::revchain::Dialect::#dialect, #variable))
    });
    let of_dialects = chain.config().dialects.iter().map(|dialect| module(&arguments, &sources, &chain, dialect));
    quote! {
        #[cfg(test)]
        #[doc(hidden)]
        #[allow(dead_code)]
        static REVCHAIN_PROOF: ::revchain::__private::Proof =
            ::revchain::__private::Proof::new(&#path, ::core::env!("CARGO_MANIFEST_DIR"), #written) #(#variables)*;
        #[cfg(test)]
        mod proved {
            #fresh
            #(#of_dialects)*
        }
    }
}

/// The tests on a dialect. There are none without its driver.
fn module(arguments: &Arguments, sources: &Sources, chain: &VerifiedChain, dialect: Dialect) -> TokenStream {
    let (name, variant) = (format_ident!("{}", dialect.name()), named(dialect));
    let let_through = format_ident!("prove_{}", dialect.name());
    let mut tests: Vec<TokenStream> = chain
        .revisions()
        .iter()
        .map(|revision| {
            let id = id(revision);
            let function = function(sources, revision);
            test(arguments, dialect, id, &function, quote!(revision), &quote!(, #id))
        })
        .collect();
    tests.push(test(arguments, dialect, HEAD, "head", quote!(head), &TokenStream::new()));
    quote! {
        ::revchain::__private::#let_through! {
            mod #name {
                const DIALECT: ::revchain::Dialect = ::revchain::Dialect::#variant;
                #(#tests)*
            }
        }
    }
}

fn test(
    arguments: &Arguments,
    dialect: Dialect,
    name: &str,
    function: &str,
    method: TokenStream,
    of: &TokenStream,
) -> TokenStream {
    let ignored = arguments.reason(dialect, name).map(|reason| quote!(#[ignore = #reason]));
    let text = Literal::string(function);
    let function = Ident::new(function, Span::call_site());
    quote! {
        #[::core::prelude::v1::test]
        #ignored
        fn #function() {
            super::super::REVCHAIN_PROOF.#method(::core::concat!(::core::module_path!(), "::", #text), DIALECT #of);
        }
    }
}

/// `r<file's name>`, for the file's name begins with the id, and people look for it.
fn function(sources: &Sources, revision: &RevisionFile) -> String {
    let relative = &sources.file(revision.file).relative;
    let stem = relative.rsplit('/').next().unwrap_or(relative);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).trim_end_matches('_');
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    let name: String = stem.chars().map(letter).collect();
    // A file may be called anything.
    if stem.starts_with(id(revision)) { format!("r{name}") } else { format!("r{}_{name}", id(revision).to_lowercase()) }
}

fn id(revision: &RevisionFile) -> &str {
    revision.id.as_ref().map_or("", |id| id.text.as_str())
}

/// As the runtime calls it.
fn named(dialect: Dialect) -> Ident {
    let name = match dialect {
        Dialect::Postgres => "Postgres",
        Dialect::Mysql => "Mysql",
        Dialect::Sqlite => "Sqlite",
    };
    Ident::new(name, Span::call_site())
}
