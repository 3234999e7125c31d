//! A table by numbers: what is known here of what `models = …` compares. Which numbers, decides `revchain-schema`.

use revchain_schema::Digest;

use super::column::{Column, RustType};
use super::constraint::ForeignKey;
use super::meta::PerDialect;
use super::table::Table;

/// The numbers; none where they would not be asked for.
pub(crate) fn digest(table: &Table) -> Vec<u64> {
    let (Some(name), None, None) = (&table.name, &table.schema, table.only) else { return Vec::new() };
    let mut digest = Digest::new(name);
    let constraints = &table.constraints;
    if let Some(key) = &constraints.primary_key {
        digest.primary_key(texts(&key.columns));
    }
    for key in &constraints.uniques {
        digest.unique(texts(&key.columns));
    }
    for index in &constraints.indexes {
        let has_expression = index.parts.iter().any(|part| part.is_expression);
        match index.only.is_some() || has_expression {
            true => digest.other_keys(),
            false => digest.index(index.parts.iter().map(|part| part.text.as_str()), index.is_unique),
        }
    }
    for key in &constraints.foreign_keys {
        foreign_key(key, &mut digest);
    }
    for column in &table.columns {
        self::column(column, &mut digest);
    }
    digest.words()
}

fn foreign_key(key: &ForeignKey, digest: &mut Digest) {
    if key.to.schema.is_some() || key.deferrable.is_some() {
        return digest.other_foreign_keys();
    }
    let actions = [key.on_delete.as_deref(), key.on_update.as_deref()];
    digest.foreign_key(texts(&key.columns), &key.to.table, texts(&key.to.columns), actions);
}

fn column(column: &Column, digest: &mut Digest) {
    let has_default = column.default.0.each_ref().map(Option::is_some);
    let is_computed = column.identity.is_some() || !column.generated.is_empty();
    let written = match (&column.rust_type, &column.sql_type) {
        (RustType::Said, PerDialect([Some(one), Some(other), Some(third)])) if one == other && one == third => {
            Some(one)
        }
        _ => None,
    };
    digest.column(&column.name, has_default, is_computed, written.map(String::as_str));
}

fn texts(texts: &[String]) -> impl Iterator<Item = &str> {
    texts.iter().map(String::as_str)
}
