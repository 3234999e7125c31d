//! `#[derive(SqlType)]`: a newtype is what it holds, an enum without data is text, an integer, or a type of its own.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::case::Style;
use super::expand::{per_dialect, texts, tokens};
use super::meta::{Meta, PerDialect, Value};
use super::problems::Problems;
use super::shape::{Body, Field, Item, Variant};

/// What is said of the whole.
#[derive(Default)]
struct Said {
    sql_type: PerDialect,
    /// sqlx's name of the type on PostgreSQL.
    type_name: Option<String>,
    style: Option<Style>,
    /// The integer that an enum is written as.
    repr: Option<Ident>,
}

/// `impl SqlType` for a newtype or an enum.
pub(crate) fn derive(item: Item) -> TokenStream {
    let mut problems = Problems::default();
    let said = read(&item, &mut problems);
    let (name, parameters) = (&item.name, item.parameters());
    let mut list = TokenStream::new();
    let body = match &item.body {
        Body::Variants(variants) => {
            let (own, model) = enumeration(variants, &said, name, &mut problems);
            if let Some(own) = own.filter(|_| problems.is_empty()) {
                list = array(&own, name);
            }
            model
        }
        Body::Named(fields) => match &fields[..] {
            [Field { rust_type, .. }] => newtype(rust_type, &said),
            _ => not_one(name, &mut problems),
        },
        Body::Tuple(types) => match &types[..] {
            [rust_type] => newtype(rust_type, &said),
            _ => not_one(name, &mut problems),
        },
        Body::Unit => not_one(name, &mut problems),
    };
    let body = match problems.is_empty() {
        true => body,
        false => quote!(
            const SQL_TYPE: ::revchain::model::TypeModel = ::revchain::model::TypeModel::exact("");
        ),
    };
    let errors = problems.into_tokens();
    quote! {
        #errors
        #[automatically_derived]
        impl #parameters ::revchain::SqlType for #name #parameters { #body }
        #list
    }
}

fn read(item: &Item, problems: &mut Problems) -> Said {
    let mut said = Said::default();
    for attribute in &item.attributes {
        match attribute.name.as_str() {
            "column" => {
                for meta in attribute.read(problems) {
                    match meta.name.as_str() {
                        "type" => said.sql_type = meta.sql(problems),
                        other => problems.unknown(meta.span, "key", other, &["type"]),
                    }
                }
            }
            "sqlx" => {
                for meta in attribute.read(problems) {
                    match (meta.name.as_str(), &meta.value) {
                        ("type_name", Value::Is(literal)) => said.type_name = Some(literal.text.clone()),
                        ("rename_all", _) => said.style = Style::of(&meta, problems),
                        _ => {}
                    }
                }
            }
            "repr" => {
                let words = attribute.read(problems);
                let is_integer = |meta: &&Meta| meta.name.starts_with(['i', 'u']);
                said.repr = words.iter().find(is_integer).map(|meta| Ident::new(&meta.name, meta.span));
            }
            _ => {}
        }
    }
    said
}

fn not_one(name: &Ident, problems: &mut Problems) -> TokenStream {
    problems.push(
        name.span(),
        "a column holds one value: a struct with one field, or an enum without data\nhelp: a struct that is kept as JSON is \
         `sqlx::types::Json<…>` in its field",
    );
    TokenStream::new()
}

/// What it holds says what it is, unless something else is said.
fn newtype(rust_type: &TokenStream, said: &Said) -> TokenStream {
    let mut over = said.sql_type.clone();
    if let (Some(name), [postgres @ None, ..]) = (&said.type_name, &mut over.0) {
        *postgres = Some(name.clone());
    }
    let over = match over.is_empty() {
        true => TokenStream::new(),
        false => {
            let over = tokens(&per_dialect(&over).replace("__revchain", "::revchain::model"));
            quote!(.or_exact(#over))
        }
    };
    quote! {
        const SQL_TYPE: ::revchain::model::TypeModel = <#rust_type as ::revchain::SqlType>::SQL_TYPE #over;
        const IS_NULLABLE: bool = <#rust_type as ::revchain::SqlType>::IS_NULLABLE;
    }
}

/// The name of its own type on PostgreSQL, if it is one, and what the trait says.
fn enumeration(
    variants: &[Variant],
    said: &Said,
    name: &Ident,
    problems: &mut Problems,
) -> (Option<String>, TokenStream) {
    let mut values = Vec::new();
    for variant in variants {
        if variant.has_data {
            problems.push(variant.name.span(), "a variant with data is no single value of a column");
        }
        values.push(value(variant, said.style, problems));
    }
    if variants.is_empty() {
        problems.push(name.span(), "an enum without variants has no values");
    }
    let over = tokens(&per_dialect(&said.sql_type).replace("__revchain", "::revchain::model"));
    if let Some(repr) = &said.repr {
        let model = quote! {
            const SQL_TYPE: ::revchain::model::TypeModel = <#repr as ::revchain::SqlType>::SQL_TYPE.or_exact(#over);
        };
        return (None, model);
    }
    let own = said.type_name.clone().filter(|name| !is_text(name));
    let base = match &own {
        Some(own) => {
            let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
            let mysql = format!("ENUM({})", quoted.join(", "));
            let values = tokens(&texts(&values));
            quote!(::revchain::model::TypeModel::enumeration(#own, #mysql, #values))
        }
        None => quote!(<::std::string::String as ::revchain::SqlType>::SQL_TYPE),
    };
    let model = quote!(const SQL_TYPE: ::revchain::model::TypeModel = #base.or_exact(#over););
    (own.filter(|_| said.sql_type.is_empty()), model)
}

/// What a variant is in the database.
fn value(variant: &Variant, style: Option<Style>, problems: &mut Problems) -> String {
    let name = syn::ext::IdentExt::unraw(&variant.name).to_string();
    for attribute in variant.attributes.iter().filter(|attribute| attribute.name == "sqlx") {
        for meta in attribute.read(problems) {
            if let ("rename", Value::Is(literal)) = (meta.name.as_str(), &meta.value) {
                return literal.text.clone();
            }
        }
    }
    style.map_or_else(|| name.clone(), |style| style.apply(&name))
}

/// Whether sqlx is told to read an enum from text.
fn is_text(name: &str) -> bool {
    ["text", "varchar", "char", "citext"].contains(&name.to_ascii_lowercase().as_str())
}

/// A list of an enum that is a type of its own.
fn array(own: &str, name: &Ident) -> TokenStream {
    let list = format!("{own}[]");
    quote! {
        #[automatically_derived]
        impl ::revchain::model::ArrayElement for #name {
            const LIST_TYPE: ::revchain::model::TypeModel = ::revchain::model::TypeModel::on_each(
                ::revchain::model::Kind::Exact, ::core::option::Option::Some(#list), ::core::option::Option::None,
                ::core::option::Option::None,
            );
        }
    }
}
