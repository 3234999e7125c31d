//! Structs that describe a schema: the way back from a chain to models.
//!
//! ```text
//! describe  Schemas            -> models     as the derive would make them, and what a struct has no words for
//! rust_type DataType           -> Rust type  what sqlx reads from such a column
//! names     Schemas, models    -> models     the names that the convention would not make by itself
//! text      models             -> Rust       a module
//! ```
//!
//! What was described is compared with the schemas, as `check` will: what would differ is a gap, and is said. Never looks at a
//! package, and never decides what there should be: that is there already.

mod describe;
mod indexes;
mod names;
mod rust_type;
#[cfg(test)]
mod tests;
mod text;
mod words;

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::{PerDialect, TableModel};
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{Schema, Table, compare};

use crate::{Around, adopt, declare};
use describe::Described;

/// Structs that describe a schema.
#[derive(Debug, Clone, Default)]
pub struct Structs {
    /// A module.
    pub text: String,
    /// What the derive makes of it.
    pub models: Vec<&'static TableModel>,
    /// The features of `revchain` that its types need, and sqlx's of the same names.
    pub features: BTreeSet<&'static str>,
    /// What they don't say, or not as the schema has it.
    pub gaps: Vec<String>,
}

/// The structs that describe what a chain leads to: one schema for each of its dialects. The one at `own` says which Rust types
/// they have. With `has_sqlx` they derive `sqlx::FromRow`, too.
pub fn structs(schemas: &[&Schema], own: usize, naming: &NamingConvention, has_sqlx: bool) -> Structs {
    let Some(own) = schemas.get(own) else { return Structs::default() };
    let known = Known { schemas, own };
    let mut described = describe::describe(&known);
    names::name(&known, &mut described, naming);
    let models: Vec<&'static TableModel> = described.tables.iter().map(|table| table.model()).collect();
    let text = text::text(&described, &known, has_sqlx);
    let Described { features, mut gaps, .. } = described;
    gaps.extend(differences(schemas, &models, naming));
    Structs { text, models, features, gaps }
}

/// What the models would be found to differ in.
fn differences(schemas: &[&Schema], models: &[&TableModel], naming: &NamingConvention) -> Vec<String> {
    let filter = ObjectFilter::default();
    let mut found: Vec<String> = Vec::new();
    let mut add = |what: String| {
        if !found.contains(&what) {
            found.push(what);
        }
    };
    for have in schemas {
        let (declared, faults) = declare(models, Around { have, filter: &filter }, naming);
        for fault in faults {
            add(format!("`{}`: {}", fault.declared, fault.message));
        }
        let Ok(adopted) = adopt(&declared, have, &filter) else { continue };
        for difference in compare(have, &adopted.schema) {
            add(format!("{difference} ({})", have.dialect));
        }
    }
    found
}

/// The schemas, and the one that was there first.
pub(crate) struct Known<'a> {
    schemas: &'a [&'a Schema],
    own: &'a Schema,
}

impl Known<'_> {
    /// That of a dialect, where the chain has it.
    fn of(&self, dialect: Dialect) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.dialect == dialect).copied()
    }

    /// A table on a dialect, by its name on the first one.
    fn table(&self, name: &ObjectName, dialect: Dialect) -> Option<&Table> {
        let schema = self.of(dialect)?;
        let there = match dialect == self.own.dialect {
            true => name.clone(),
            false => ObjectName::bare(Name::new(name.name.as_str(), dialect)),
        };
        schema.tables.get(&there).map(|table| &**table)
    }

    /// Something for each dialect.
    fn each<T: Copy>(&self, of: impl Fn(Dialect) -> T) -> PerDialect<T> {
        PerDialect::each(of(Dialect::Postgres), of(Dialect::Mysql), of(Dialect::Sqlite))
    }

    /// Whether the chain has a dialect.
    fn has(&self, dialect: Dialect) -> bool {
        self.of(dialect).is_some()
    }

    /// Whether something holds on all dialects of the chain.
    fn all(&self, of: impl Fn(Dialect) -> bool) -> bool {
        self.schemas.iter().all(|schema| of(schema.dialect))
    }
}

/// Gives a text the lifetime of the program, which models have. What is described is described once.
fn kept(text: impl Into<String>) -> &'static str {
    text.into().leak()
}
