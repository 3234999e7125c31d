//! `#[revchain::test]`: a function with a body becomes a test that hands it a database. What is written is a few lines, whatever
//! the chain is: it is named, never embedded once more. What a test's database is, `revchain::testing` alone decides.

pub(crate) mod arguments;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};

use arguments::{Arguments, Chain, Fixture};

/// The test, or the one mistake that is found first.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let made = Arguments::parse(arguments.clone()).and_then(|arguments| test(&arguments, item.clone()));
    made.unwrap_or_else(|error| {
        let error = error.into_compile_error();
        let (named, kept) = (arguments::still_named(arguments), kept(item));
        quote!(#error #named #kept)
    })
}

/// What makes no test is there all the same, and is whole: what it uses is not unused because of a mistake, which is said once.
fn kept(item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter().peekable();
    let mut attributes = TokenStream::new();
    while let Some(mark) = tokens.next_if(|token| is_mark(token, '#')) {
        let Some(TokenTree::Group(group)) = tokens.next() else { continue };
        let words = words(&group);
        // Nobody is to run it, or to wonder why nobody does.
        let is_of_tests = |word: &TokenTree| matches!(word, TokenTree::Ident(word) if word == "test" || word == "should_panic" || word == "ignore");
        if !words.last().is_some_and(is_of_tests) && !words.first().is_some_and(is_of_tests) {
            attributes.extend(quote!(#mark #group));
        }
    }
    let is = |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(word) if word == name);
    let mut tokens: Vec<TokenTree> = tokens.collect();
    if let Some(at) = tokens.iter().position(|token| is(token, "fn")) {
        let (before, function) = tokens.split_at(at);
        // Its body may wait, whether it said so or not.
        let waits = if before.iter().any(|token| is(token, "async")) { TokenStream::new() } else { quote!(async) };
        let (function, body) = match function.split_last() {
            Some((end, function)) if is_mark(end, ';') => (function, quote!({ ::core::todo!() })),
            _ => (function, TokenStream::new()),
        };
        tokens = quote!(#(#before)* #waits #(#function)* #body).into_iter().collect();
    }
    quote!(#[allow(dead_code)] #attributes #(#tokens)*)
}

fn test(arguments: &Arguments, item: TokenStream) -> syn::Result<TokenStream> {
    let Function { attributes, name, parameters, output, body } = Function::parse(item)?;
    takes_what_is_there(arguments, &parameters)?;
    let chain = match &arguments.chain {
        Chain::Named(path) => quote!(&#path),
        Chain::Directory(directory) => quote!(::revchain::migrations!(#directory)),
        Chain::None => quote!({
            static EMPTY: ::revchain::Migrations = ::revchain::Migrations::empty();
            &EMPTY
        }),
    };
    let mut said = TokenStream::new();
    if let Some(at) = &arguments.at {
        said.extend(quote!(.at(#at)));
    }
    if !arguments.fixtures.is_empty() {
        let fixtures = arguments.fixtures.iter().map(|Fixture { path, span }| {
            // Where the file is missing, the compiler's own error stands at its name.
            quote_spanned!(*span=> ::revchain::testing::Fixture::new(#path, ::core::include_str!(#path)))
        });
        said.extend(quote!(.fixtures(const { &[#(#fixtures),*] })));
    }
    if let Some(variable) = &arguments.env {
        said.extend(quote!(.env(#variable)));
    }
    if attributes.should_panic {
        said.extend(quote!(.should_panic()));
    }
    let attributes = attributes.tokens;
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    // The types of the parameters are judged where the function is handed over: there the mistake is the author's.
    let run = match arguments.rollback {
        None => quote_spanned!(parameters.span()=> ::revchain::testing::run),
        Some(_) => quote_spanned!(parameters.span()=> ::revchain::testing::roll_back),
    };
    Ok(quote! {
        #attributes
        #[::core::prelude::v1::test]
        fn #name() #output {
            async fn #name #parameters #output #body
            const PATH: &::core::primitive::str = ::core::concat!(::core::module_path!(), "::", #text);
            #run(::revchain::testing::Test::new(PATH, #chain) #said, #name)
        }
    })
}

/// A transaction is one connection's, and a pool has many. The compiler would say so in words that help nobody.
fn takes_what_is_there(arguments: &Arguments, parameters: &Group) -> syn::Result<()> {
    let mut tokens = parameters.stream().into_iter().skip_while(|token| !is_mark(token, ':')).skip(1);
    let is_borrowed = tokens.next().is_some_and(|token| is_mark(&token, '&'));
    match (arguments.rollback, is_borrowed) {
        (Some(_), false) => Err(syn::Error::new(
            parameters.span(),
            "with `rollback` the test runs in a transaction, which is one connection's: another one of a pool would see nothing of it\n\
             help: take `connection: &mut sqlx::PgConnection`, or `MySqlConnection`, `SqliteConnection`; a test that needs a pool has no \
             `rollback`",
        )),
        (None, true) => Err(syn::Error::new(
            parameters.span(),
            "a test that takes a connection of somebody else's runs in a transaction: say so with `#[revchain::test(…, rollback)]`, or \
             take a pool, as in `pool: sqlx::PgPool`",
        )),
        _ => Ok(()),
    }
}

/// What stands behind the attribute. By hand: syn's own needs its largest feature, which costs every user's build more than
/// these lines.
struct Function {
    attributes: Attributes,
    name: Ident,
    parameters: Group,
    /// `-> …`, or nothing.
    output: TokenStream,
    body: Group,
}

#[derive(Default)]
struct Attributes {
    tokens: TokenStream,
    should_panic: bool,
}

impl Function {
    fn parse(item: TokenStream) -> syn::Result<Function> {
        let mut tokens = item.into_iter().peekable();
        let mut attributes = Attributes::default();
        while let Some(mark) = tokens.next_if(|token| is_mark(token, '#')) {
            let Some(TokenTree::Group(group)) = tokens.next() else {
                return Err(no_function(mark.span()));
            };
            attributes.add(mark, group)?;
        }
        let (mut is_async, mut last) = (false, Span::call_site());
        // Visibility, `async`, and what a test can't have.
        let name = loop {
            let Some(token) = tokens.next() else { return Err(no_function(last)) };
            last = token.span();
            match token {
                TokenTree::Ident(word) if word == "fn" => match tokens.next() {
                    Some(TokenTree::Ident(name)) => break name,
                    _ => return Err(no_function(last)),
                },
                TokenTree::Ident(word) if word == "async" => is_async = true,
                TokenTree::Ident(word) if word == "pub" || word == "crate" => {}
                TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {}
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {}
                other => return Err(no_function(other.span())),
            }
        };
        let parameters = match tokens.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => group,
            _ => {
                return Err(syn::Error::new(
                    name.span(),
                    "a test has no parameters of types or lifetimes: name the pool's type, as in `pool: sqlx::PgPool`",
                ));
            }
        };
        if !is_async {
            return Err(syn::Error::new(
                name.span(),
                format!("a test that gets a database waits for it: write `async fn {name}`"),
            ));
        }
        if parameters.stream().is_empty() {
            return Err(syn::Error::new(
                parameters.span(),
                format!(
                    "the test takes no database\nhelp: `async fn {name}(pool: sqlx::PgPool)`, or `MySqlPool`, `SqlitePool`; \
                     a test that needs none is `#[tokio::test]`"
                ),
            ));
        }
        let mut rest: Vec<TokenTree> = tokens.collect();
        match rest.pop().and_then(block) {
            Some(body) => Ok(Function { attributes, name, parameters, output: rest.into_iter().collect(), body }),
            None => Err(no_function(name.span())),
        }
    }
}

impl Attributes {
    fn add(&mut self, mark: TokenTree, group: Group) -> syn::Result<()> {
        let words = words(&group);
        let is = |token: Option<&TokenTree>, name: &str| matches!(token, Some(TokenTree::Ident(word)) if word == name);
        if is(words.last(), "test") {
            return Err(syn::Error::new(
                group.span(),
                "`#[revchain::test]` makes the test: remove this attribute, or the function runs twice, once without a database",
            ));
        }
        self.should_panic |= is(words.first(), "should_panic");
        mark.to_tokens(&mut self.tokens);
        group.to_tokens(&mut self.tokens);
        Ok(())
    }
}

/// The path of an attribute.
fn words(attribute: &Group) -> Vec<TokenTree> {
    attribute.stream().into_iter().take_while(|token| !matches!(token, TokenTree::Group(_))).collect()
}

/// A body. What a `macro_rules!` takes as a `$body:block` it gives in a group that nobody wrote.
fn block(token: TokenTree) -> Option<Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut tokens = group.stream().into_iter();
            let only = tokens.next().filter(|_| tokens.next().is_none())?;
            block(only)
        }
        _ => None,
    }
}

pub(crate) fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn no_function(span: Span) -> syn::Error {
    syn::Error::new(
        span,
        "`#[revchain::test]` stands at an `async fn` that takes a pool: `async fn adds_a_user(pool: sqlx::PgPool) { … }`",
    )
}
