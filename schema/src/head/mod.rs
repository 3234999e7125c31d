//! What a chain leads to, on all its dialects, in the form in which the compiler compares models with it: written here, read by
//! `revchain-model`, whose `drift` has the layout. What is in doubt is marked, and nothing is claimed of it.
//!
//! ```text
//! mod       Schemas       -> tables     what the dialects have, side by side
//! types     a column      -> facts      what is known of its type and default
//! words     a key         -> text       how it is shown
//! write     tables        -> bytes      the layout
//! ```

mod types;
mod words;
mod write;

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_core::config::Config;
use revchain_model::drift::{expression, ordered, table_name, unordered};

use crate::model::{ForeignKey, Index, Name, ObjectName, ReferentialAction, Schema, Table};
use types::Types;

/// The journal's table, which nobody describes.
const JOURNAL: &str = "revchain_journal";

/// What the schemas are, one for each dialect that they are of.
pub fn head(schemas: &[Schema], config: &Config) -> Vec<u8> {
    let mut head = Head::default();
    let (mut dialects, mut unsure) = (0, 0);
    for schema in schemas {
        let at = place(schema.dialect);
        dialects |= 1 << at;
        unsure |= u32::from(!schema.unknown.is_empty()) << at;
        head.add(schema, config);
    }
    write::write(head, dialects, unsure, config)
}

/// A dialect's place wherever there is something of each.
fn place(dialect: Dialect) -> usize {
    match dialect {
        Dialect::Postgres => 0,
        Dialect::Mysql => 1,
        Dialect::Sqlite => 2,
    }
}

/// Where a text is.
type Text = [u32; 2];

/// The texts, each once.
#[derive(Default)]
struct Texts {
    text: Vec<u8>,
    places: BTreeMap<String, Text>,
}

impl Texts {
    fn place(&mut self, text: &str) -> Text {
        if let Some(known) = self.places.get(text) {
            return *known;
        }
        let place = [self.text.len(), text.len()].map(|number| u32::try_from(number).unwrap_or(0));
        self.text.extend_from_slice(text.as_bytes());
        self.places.insert(text.to_owned(), place);
        place
    }
}

#[derive(Default)]
struct Head {
    texts: Texts,
    tables: BTreeMap<u64, Of>,
}

/// A table on all dialects.
#[derive(Default)]
struct Of {
    name: Text,
    present: u32,
    silent: u32,
    quiet: u32,
    primary_keys: [(u64, Text); 3],
    columns: Vec<(u64, OfColumn)>,
    /// By digest, and whether it is unique: the first column, where it is, where it may be left out, how it is shown.
    keys: BTreeMap<(u64, bool), (u64, u32, u32, Text)>,
    /// By digests and what it does, and how it is shown: where it is.
    foreign_keys: BTreeMap<([u64; 3], u32, Text), u32>,
}

#[derive(Default)]
struct OfColumn {
    facts: [u32; 3],
    name: Text,
    types: [Text; 3],
    /// As numbers: what the database calls the type, and what people do.
    spellings: [[u64; 2]; 3],
}

impl Head {
    fn add(&mut self, schema: &Schema, config: &Config) {
        let bit = 1 << place(schema.dialect);
        let mut types = Types::new(schema);
        for (name, table) in &schema.tables {
            let is_own = name.name.as_str() == config.version_table || name.name.as_str() == JOURNAL;
            let shown_schema = name.schema.as_ref().map(Name::as_str);
            let is_left_out = is_own || !config.objects.admits(shown_schema, name.name.as_str());
            let is_unsure = !table.is_known() || table.temporary || schema.unsure.contains(name);
            let (of, texts) = self.table(name, bit);
            of.silent |= if is_left_out || is_unsure { bit } else { 0 };
            of.quiet |= if table.options.contains_key("partition of") { bit } else { 0 };
            if !is_left_out && !is_unsure {
                of.add(table, &mut types, texts);
            }
        }
        for name in schema.views.keys().chain(&*schema.unsure) {
            self.table(name, bit).0.silent |= bit;
        }
    }

    fn table(&mut self, name: &ObjectName, bit: u32) -> (&mut Of, &mut Texts) {
        let Head { texts, tables } = self;
        let of = tables.entry(hash(name)).or_default();
        if of.present == 0 {
            of.name = texts.place(&name.to_string());
        }
        // Two tables of PostgreSQL's that only their case tells apart.
        of.silent |= of.present & bit;
        of.present |= bit;
        (of, texts)
    }
}

impl Of {
    fn add<'s>(&mut self, table: &'s Table, types: &mut Types<'s>, texts: &mut Texts) {
        let dialect = types.dialect();
        let at = place(dialect);
        let bit = 1 << at;
        for (number, column) in table.columns.iter().enumerate() {
            let hash = table_name(None, column.name.as_str());
            let of = self.column(number, hash);
            let Some((_, of)) = self.columns.get_mut(of) else { continue };
            if of.facts == [0; 3] {
                of.name = texts.place(column.name.as_str());
            }
            self.silent |= if of.facts[at] == 0 { 0 } else { bit };
            let of_type = types.of(column.data_type.as_ref(), texts);
            of.facts[at] = of_type.facts | types.facts(column, table);
            of.types[at] = of_type.shown;
            of.spellings[at] = of_type.spellings;
        }
        if let Some(key) = &table.primary_key {
            let digest = key.columns.iter().fold(0, |digest, name| ordered(digest, name.as_str()));
            self.primary_keys[at] = (digest, texts.place(&words::listed(&key.columns)));
        }
        for key in &table.uniques {
            let digest = key.columns.iter().fold(0, |digest, name| unordered(digest, name.as_str()));
            let entry = self.keys.entry((digest, true));
            entry.or_insert_with(|| (0, 0, 0, texts.place(&words::unique(key)))).1 |= bit;
        }
        for index in &table.indexes {
            let first = index.parts.first().and_then(|part| part.column.as_ref());
            let first = first.map_or(0, |name| ordered(0, name.as_str()));
            let entry = self.keys.entry((indexed(index), index.unique));
            let entry = entry.or_insert_with(|| (first, 0, 0, texts.place(&words::index(index))));
            entry.1 |= bit;
            entry.2 |= if dialect == Dialect::Mysql && serves(index, table) { bit } else { 0 };
        }
        for key in &table.foreign_keys {
            let shown = texts.place(&words::foreign_key(key));
            let columns = |names: &[Name]| names.iter().fold(0, |digest, name| ordered(digest, name.as_str()));
            let digests = [columns(&key.columns), hash(&key.table), columns(&key.references)];
            *self.foreign_keys.entry((digests, does(key, dialect), shown)).or_default() |= bit;
        }
    }

    /// Where a column is among those of all dialects, which have one order nearly always.
    fn column(&mut self, number: usize, hash: u64) -> usize {
        if self.columns.get(number).is_some_and(|(known, _)| *known == hash) {
            return number;
        }
        self.columns.iter().position(|(known, _)| *known == hash).unwrap_or_else(|| {
            self.columns.push((hash, OfColumn::default()));
            self.columns.len() - 1
        })
    }
}

fn hash(name: &ObjectName) -> u64 {
    table_name(name.schema.as_ref().map(Name::as_str), name.name.as_str())
}

fn indexed(index: &Index) -> u64 {
    index.parts.iter().fold(0, |digest, part| match &part.column {
        Some(name) if index.unique => unordered(digest, name.as_str()),
        Some(name) => ordered(digest, name.as_str()),
        None => expression(digest, !index.unique),
    })
}

/// Whether a foreign key may need an index, which then nobody has to declare.
fn serves(index: &Index, table: &Table) -> bool {
    let leads = |key: &ForeignKey| {
        let columns = index.parts.iter().map(|part| part.column.as_ref());
        index.parts.len() >= key.columns.len() && columns.zip(&key.columns).all(|(one, other)| one == Some(other))
    };
    !index.unique && table.foreign_keys.iter().any(leads)
}

/// What it does, as a number: on delete, on update, whether it is deferrable.
fn does(key: &ForeignKey, dialect: Dialect) -> u32 {
    let action = |action: ReferentialAction| match action {
        ReferentialAction::NoAction => 0,
        ReferentialAction::Restrict if dialect == Dialect::Mysql => 0,
        ReferentialAction::Restrict => 1,
        ReferentialAction::Cascade => 2,
        ReferentialAction::SetNull => 3,
        ReferentialAction::SetDefault => 4,
    };
    let deferrable = match key.deferrable {
        _ if dialect == Dialect::Mysql => 0,
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    };
    action(key.on_delete) | action(key.on_update) << 4 | deferrable << 8
}
