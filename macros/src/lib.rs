//! The proc macros of revchain. Documented where users meet them: on their re-exports in the `revchain` crate.
//!
//! A door, not a room: a path goes in, tokens come out. What is wrong with a chain is decided in `revchain-core`. The derives
//! (`model`) know attributes, and nothing of chains.

mod directory;
mod drift;
mod input;
mod model;
mod replayed;
mod table;
mod test;

use proc_macro::TokenStream;

/// See `revchain::embed_migrations`.
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    match syn::parse::<input::Item>(input) {
        Ok(item) => table::item(&item).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// See `revchain::migrations`.
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    match syn::parse::<input::Expression>(input) {
        Ok(expression) => table::expression(&expression).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// See `revchain::Table`. (sqlx's attributes are read, and so may stand there without sqlx's own derives.)
#[proc_macro_derive(Table, attributes(table, column, sqlx))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    match syn::parse(input) {
        Ok(item) => model::derive_table(item).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// See `revchain::SqlType`.
#[proc_macro_derive(SqlType, attributes(column, sqlx))]
pub fn derive_sql_type(input: TokenStream) -> TokenStream {
    match syn::parse(input) {
        Ok(item) => model::derive_sql_type(item).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// See `revchain::test`.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(arguments.into(), item.into()).into()
}
