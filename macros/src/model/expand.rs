//! A table, written as a constant.
//!
//! As text wherever nothing of the user's is in it, for the reason that `table` at the top of this crate gives.

use std::fmt::Write;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::column::{Column, RustType};
use super::constraint::{Check, ForeignKey, Index, Key, Part};
use super::digest::digest;
use super::meta::PerDialect;
use super::problems::Problems;
use super::shape::Item;
use super::table::Table;

/// `impl Table` for a struct. Where something is wrong the errors, and a table without anything, so that they are all.
///
/// Whole literals and calls with constants, no `..rest`: rustc checks each moved field, of every column of every table.
pub(crate) fn table(item: Item) -> TokenStream {
    let (name, parameters) = (item.name.clone(), item.parameters());
    let mut problems = Problems::default();
    let table = Table::of(item, &mut problems);
    let (file, line) = place(name.span());
    let rest = rest(&table, &name.to_string(), &file, line);
    let columns = table.columns.iter().map(|column| write_column(column, &file));
    let body = match problems.is_empty() {
        true => quote!(__revchain::TableModel { columns: &[#(#columns),*], #rest }),
        false => quote!(__revchain::TableModel::new("")),
    };
    let digest = tokens(&format!("&{:?}", digest(&table)));
    let errors = problems.into_tokens();
    quote! {
        #errors
        #[automatically_derived]
        impl #parameters ::revchain::Table for #name #parameters {
            const TABLE: ::revchain::model::TableModel = {
                use ::revchain::model as __revchain;
                #body
            };
            const DIGEST: &'static [::core::primitive::u64] = #digest;
        }
    }
}

/// All but the columns.
fn rest(table: &Table, item: &str, file: &str, line: usize) -> TokenStream {
    let constraints = &table.constraints;
    let mut text = format!("declared: __revchain::Declared {{ name: {item:?}, file: {file:?}, line: {line} }},");
    let name = table.name.as_deref().unwrap_or_default();
    let primary_key = match &constraints.primary_key {
        Some(key) => format!("::core::option::Option::Some({})", write_key(key)),
        None => option(None),
    };
    let _ = write!(
        text,
        "name: {name:?}, schema: {}, comment: {}, renamed_from: {}, dialects: {}, primary_key: {primary_key},",
        option(table.schema.as_deref()),
        option(table.comment.as_deref()),
        option(table.renamed_from.as_deref()),
        dialects(table.only)
    );
    write_list(&mut text, "uniques", &constraints.uniques, write_key);
    write_list(&mut text, "foreign_keys", &constraints.foreign_keys, write_foreign_key);
    write_list(&mut text, "checks", &constraints.checks, write_check);
    write_list(&mut text, "indexes", &constraints.indexes, write_index);
    tokens(&text)
}

fn write_column(column: &Column, file: &str) -> TokenStream {
    let (_, line) = place(column.span);
    let mut text = String::new();
    let field = match &column.rust_type {
        RustType::Trait(rust_type) => {
            if !column.sql_type.is_empty() {
                let _ = write!(text, ".typed({})", per_dialect(&column.sql_type));
            }
            quote!(<#rust_type as __revchain::SqlType>::FIELD)
        }
        RustType::Json => {
            if !column.sql_type.is_empty() {
                let _ = write!(text, ".typed({})", per_dialect(&column.sql_type));
            }
            tokens("__revchain::FieldType { sql_type: __revchain::TypeModel::JSON, is_nullable: false }")
        }
        RustType::Said => {
            let said = per_dialect(&column.sql_type);
            tokens(&format!(
                "__revchain::FieldType {{ sql_type: __revchain::TypeModel::said({said}), is_nullable: false }}"
            ))
        }
    };
    let place = tokens(&format!("{:?}, {:?}, {file:?}, {line}", column.name, column.field));
    if let Some(nullable) = column.nullable {
        let _ = write!(text, ".with_nullable({nullable})");
    }
    for (key, value) in [("default", &column.default), ("collation", &column.collation)] {
        if !value.is_empty() {
            let _ = write!(text, ".with_{key}({})", per_dialect(value));
        }
    }
    if let Some(kind) = column.identity {
        let _ = write!(text, ".with_identity(__revchain::IdentityModel::{kind})");
    }
    if !column.generated.is_empty() {
        let _ = write!(text, ".with_generated({}, {})", per_dialect(&column.generated), !column.is_virtual);
    }
    for (key, value) in
        [("comment", &column.comment), ("on_update", &column.on_update), ("renamed_from", &column.renamed_from)]
    {
        if let Some(value) = value {
            let _ = write!(text, ".with_{key}({value:?})");
        }
    }
    let said = tokens(&text);
    quote!(__revchain::ColumnModel::of(#field, #place) #said)
}

fn write_key(key: &Key) -> String {
    let (name, columns) = (option(key.name.as_deref()), texts(&key.columns));
    format!("__revchain::KeyModel {{ name: {name}, columns: {columns} }}")
}

fn write_foreign_key(key: &ForeignKey) -> String {
    format!(
        "__revchain::ForeignKeyModel {{ name: {}, columns: {}, schema: {}, table: {:?}, references: {}, on_delete: {}, \
         on_update: {}, deferrable: {} }}",
        option(key.name.as_deref()),
        texts(&key.columns),
        option(key.to.schema.as_deref()),
        key.to.table,
        texts(&key.to.columns),
        option(key.on_delete.as_deref()),
        option(key.on_update.as_deref()),
        some(key.deferrable)
    )
}

fn write_check(check: &Check) -> String {
    let (name, expression) = (option(check.name.as_deref()), per_dialect(&check.expression));
    format!("__revchain::CheckModel {{ name: {name}, expression: {expression} }}")
}

fn write_index(index: &Index) -> String {
    let parts: Vec<String> = index.parts.iter().map(write_part).collect();
    format!(
        "__revchain::IndexModel {{ name: {}, parts: &[{}], is_unique: {}, method: {}, predicate: {}, include: {}, \
         dialects: {} }}",
        option(index.name.as_deref()),
        parts.join(","),
        index.is_unique,
        per_dialect(&index.method),
        option(index.predicate.as_deref()),
        texts(&index.include),
        dialects(index.only)
    )
}

fn write_part(part: &Part) -> String {
    format!(
        "__revchain::IndexPartModel {{ text: {:?}, is_expression: {}, is_descending: {}, nulls_first: {}, \
         operator_class: {}, length: {} }}",
        part.text,
        part.is_expression,
        part.is_descending,
        some(part.nulls_first),
        option(part.operator_class.as_deref()),
        some(part.length)
    )
}

fn write_list<T>(text: &mut String, key: &str, list: &[T], write: fn(&T) -> String) {
    let written: Vec<String> = list.iter().map(write).collect();
    let _ = write!(text, "{key}: &[{}],", written.join(","));
}

fn option(value: Option<&str>) -> String {
    some(value.map(|text| format!("{text:?}")))
}

fn some(value: Option<impl std::fmt::Display>) -> String {
    match value {
        Some(value) => format!("::core::option::Option::Some({value})"),
        None => "::core::option::Option::None".to_owned(),
    }
}

/// A value of `PerDialect<Option<&str>>`.
pub(super) fn per_dialect(said: &PerDialect) -> String {
    if said.is_empty() {
        return "__revchain::PerDialect::NOTHING".to_owned();
    }
    let [postgres, mysql, sqlite] = said.0.each_ref().map(|text| option(text.as_deref()));
    format!("__revchain::PerDialect {{ postgres: {postgres}, mysql: {mysql}, sqlite: {sqlite} }}")
}

fn dialects(only: Option<[bool; 3]>) -> String {
    let [postgres, mysql, sqlite] = only.unwrap_or([true; 3]);
    format!("__revchain::PerDialect {{ postgres: {postgres}, mysql: {mysql}, sqlite: {sqlite} }}")
}

/// `&["a", "b"]`.
pub(super) fn texts(texts: &[String]) -> String {
    format!("&{texts:?}")
}

/// Text as tokens. What is written here is Rust; were it not, the error would say so.
pub(crate) fn tokens(text: &str) -> TokenStream {
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
