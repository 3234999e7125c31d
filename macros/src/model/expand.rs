//! A table, written as a constant.
//!
//! As text wherever nothing of the user's is in it, for the reason that `table` at the top of this crate gives.

use std::fmt::Write;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::column::{Column, RustType};
use super::constraint::{Check, ForeignKey, Index, Key, Part};
use super::meta::PerDialect;
use super::problems::Problems;
use super::shape::Item;
use super::table::Table;

/// `impl Table` for a struct. Where something is wrong the errors, and a table without anything, so that they are all.
pub(crate) fn table(item: Item) -> TokenStream {
    let (name, parameters) = (item.name.clone(), item.parameters());
    let mut problems = Problems::default();
    let table = Table::of(item, &mut problems);
    let (file, line) = place(name.span());
    let head = head(&table, &name.to_string(), &file, line);
    let columns = table.columns.iter().map(|column| write_column(column, &file));
    let body = match problems.is_empty() {
        true => quote!(__revchain::TableModel { columns: &[#(#columns),*], #head }),
        false => quote!(__revchain::TableModel::new("")),
    };
    let errors = problems.into_tokens();
    quote! {
        #errors
        #[automatically_derived]
        impl #parameters ::revchain::Table for #name #parameters {
            const TABLE: ::revchain::model::TableModel = {
                use ::revchain::model as __revchain;
                #body
            };
        }
    }
}

/// All but the columns.
fn head(table: &Table, item: &str, file: &str, line: usize) -> TokenStream {
    let mut text = format!("declared: {},", declared(item, file, line));
    for (key, value) in [("schema", &table.schema), ("comment", &table.comment), ("renamed_from", &table.renamed_from)]
    {
        write_option(&mut text, key, value.as_deref());
    }
    if let Some(only) = table.only {
        let _ = write!(text, "dialects: {},", dialects(only));
    }
    let constraints = &table.constraints;
    if let Some(key) = &constraints.primary_key {
        let _ = write!(text, "primary_key: ::core::option::Option::Some({}),", write_key(key));
    }
    write_list(&mut text, "uniques", &constraints.uniques, write_key);
    write_list(&mut text, "foreign_keys", &constraints.foreign_keys, write_foreign_key);
    write_list(&mut text, "checks", &constraints.checks, write_check);
    write_list(&mut text, "indexes", &constraints.indexes, write_index);
    let _ = write!(text, "..__revchain::TableModel::new({:?})", table.name.as_deref().unwrap_or_default());
    tokens(&text)
}

fn write_column(column: &Column, file: &str) -> TokenStream {
    let (_, line) = place(column.span);
    let place = format!("{:?}, {}", column.name, declared(&column.field, file, line));
    let place = tokens(&place);
    let field = match &column.rust_type {
        RustType::Trait(rust_type) => quote!(<#rust_type as __revchain::SqlType>::FIELD),
        RustType::Json => tokens("__revchain::FieldType { sql_type: __revchain::TypeModel::JSON, is_nullable: false }"),
        RustType::Said => {
            let said = per_dialect(&column.sql_type);
            tokens(&format!(
                "__revchain::FieldType {{ sql_type: __revchain::TypeModel::said({said}), is_nullable: false }}"
            ))
        }
    };
    let base = quote!(__revchain::ColumnModel::of(#field, #place));
    let mut text = String::new();
    let overrides = !column.sql_type.is_empty() && !matches!(column.rust_type, RustType::Said);
    if let Some(nullable) = column.nullable {
        let _ = write!(text, "nullable: {nullable},");
    }
    for (key, value) in [("default", &column.default), ("collation", &column.collation)] {
        if !value.is_empty() {
            let _ = write!(text, "{key}: {},", per_dialect(value));
        }
    }
    if let Some(kind) = column.identity {
        let _ = write!(text, "identity: ::core::option::Option::Some(__revchain::IdentityModel::{kind}),");
    }
    if !column.generated.is_empty() {
        let _ = write!(
            text,
            "generated: ::core::option::Option::Some(__revchain::GeneratedModel {{ expression: {}, is_stored: {} }}),",
            per_dialect(&column.generated),
            !column.is_virtual
        );
    }
    for (key, value) in
        [("comment", &column.comment), ("on_update", &column.on_update), ("renamed_from", &column.renamed_from)]
    {
        write_option(&mut text, key, value.as_deref());
    }
    let base = match overrides {
        true => {
            let said = tokens(&per_dialect(&column.sql_type));
            quote!(#base.typed(#said))
        }
        false => base,
    };
    match text.is_empty() {
        true => base,
        false => {
            let text = tokens(&text);
            quote!(__revchain::ColumnModel { #text ..#base })
        }
    }
}

fn write_key(key: &Key) -> String {
    let base = format!("__revchain::KeyModel::new({})", texts(&key.columns));
    named("KeyModel", key.name.as_deref(), "", &base)
}

fn write_foreign_key(key: &ForeignKey) -> String {
    let base = format!(
        "__revchain::ForeignKeyModel::new({}, {:?}, {})",
        texts(&key.columns),
        key.to.table,
        texts(&key.to.columns)
    );
    let mut text = String::new();
    for (name, value) in [("schema", &key.to.schema), ("on_delete", &key.on_delete), ("on_update", &key.on_update)] {
        write_option(&mut text, name, value.as_deref());
    }
    if let Some(deferred) = key.deferrable {
        let _ = write!(text, "deferrable: ::core::option::Option::Some({deferred}),");
    }
    named("ForeignKeyModel", key.name.as_deref(), &text, &base)
}

fn write_check(check: &Check) -> String {
    let text = format!("expression: {},", per_dialect(&check.expression));
    named("CheckModel", check.name.as_deref(), &text, "__revchain::CheckModel::new(\"\")")
}

fn write_index(index: &Index) -> String {
    let parts: Vec<String> = index.parts.iter().map(write_part).collect();
    let base = format!("__revchain::IndexModel::new(&[{}])", parts.join(","));
    let mut text = String::new();
    if index.is_unique {
        text.push_str("is_unique: true,");
    }
    if !index.method.is_empty() {
        let _ = write!(text, "method: {},", per_dialect(&index.method));
    }
    write_option(&mut text, "predicate", index.predicate.as_deref());
    if !index.include.is_empty() {
        let _ = write!(text, "include: {},", texts(&index.include));
    }
    if let Some(only) = index.only {
        let _ = write!(text, "dialects: {},", dialects(only));
    }
    named("IndexModel", index.name.as_deref(), &text, &base)
}

fn write_part(part: &Part) -> String {
    let kind = if part.is_expression { "expression" } else { "column" };
    let base = format!("__revchain::IndexPartModel::{kind}({:?})", part.text);
    let mut text = String::new();
    if part.is_descending {
        text.push_str("is_descending: true,");
    }
    if let Some(first) = part.nulls_first {
        let _ = write!(text, "nulls_first: ::core::option::Option::Some({first}),");
    }
    write_option(&mut text, "operator_class", part.operator_class.as_deref());
    if let Some(length) = part.length {
        let _ = write!(text, "length: ::core::option::Option::Some({length}),");
    }
    named("IndexPartModel", None, &text, &base)
}

/// A struct of the model: what is said, and what a constructor makes of the rest.
fn named(model: &str, name: Option<&str>, said: &str, base: &str) -> String {
    let mut text = said.to_owned();
    write_option(&mut text, "name", name);
    match text.is_empty() {
        true => base.to_owned(),
        false => format!("__revchain::{model} {{ {text} ..{base} }}"),
    }
}

fn write_list<T>(text: &mut String, key: &str, list: &[T], write: fn(&T) -> String) {
    if !list.is_empty() {
        let written: Vec<String> = list.iter().map(write).collect();
        let _ = write!(text, "{key}: &[{}],", written.join(","));
    }
}

fn write_option(text: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(text, "{key}: ::core::option::Option::Some({value:?}),");
    }
}

fn declared(name: &str, file: &str, line: usize) -> String {
    format!("__revchain::Declared {{ name: {name:?}, file: {file:?}, line: {line} }}")
}

/// A value of `PerDialect<Option<&str>>`.
pub(super) fn per_dialect(said: &PerDialect) -> String {
    let [postgres, mysql, sqlite] = said.0.each_ref().map(|text| match text {
        Some(text) => format!("::core::option::Option::Some({text:?})"),
        None => "::core::option::Option::None".to_owned(),
    });
    if postgres == mysql && mysql == sqlite {
        return format!("__revchain::PerDialect::all({postgres})");
    }
    format!("__revchain::PerDialect::each({postgres}, {mysql}, {sqlite})")
}

fn dialects([postgres, mysql, sqlite]: [bool; 3]) -> String {
    format!("__revchain::PerDialect::each({postgres}, {mysql}, {sqlite})")
}

/// `&["a", "b"]`.
pub(super) fn texts(texts: &[String]) -> String {
    format!("&{texts:?}")
}

/// Text as tokens. What is written here is Rust; were it not, the error would say so.
pub(super) fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| {
        let message = format!("revchain wrote code that is not Rust: {error}");
        syn::Error::new(Span::call_site(), message).into_compile_error()
    })
}

/// The file and the line, as the compiler names them.
fn place(span: Span) -> (String, usize) {
    match proc_macro::is_available() {
        true => {
            let span = span.unwrap();
            (span.file(), span.line())
        }
        false => (String::new(), 0),
    }
}
