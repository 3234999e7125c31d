//! What a chain leads to, on all its dialects, in the form in which the compiler compares models with it: written here, read by
//! `revchain-model`, whose `drift` has the layout. What is in doubt is marked, and nothing is claimed of it.

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_core::config::Config;
use revchain_model::Kind;
use revchain_model::drift::{KINDS, expression, fact, ordered, size, spelling, table_name, unordered, usual};

use crate::compare::canonical;
use crate::holds::holds;
use crate::model::{Column, DataType, ForeignKey, Identity, Index, Name, ObjectName, ReferentialAction, Schema, Table};

/// The journal's table, which nobody describes.
const JOURNAL: &str = "revchain_journal";

/// What the schemas are, one for each dialect that they are of.
pub fn head(schemas: &[Schema], config: &Config) -> Vec<u8> {
    let mut head = Head { text: Vec::new(), places: BTreeMap::new(), tables: BTreeMap::new() };
    let (mut dialects, mut unsure) = (0, 0);
    for schema in schemas {
        let at = place(schema.dialect);
        dialects |= 1 << at;
        unsure |= u32::from(!schema.unknown.is_empty()) << at;
        head.add(schema, config);
    }
    head.write(dialects, unsure, config)
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

struct Head {
    text: Vec<u8>,
    /// Where each text is that was said before.
    places: BTreeMap<String, Text>,
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
    fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.places.get(text) {
            return *known;
        }
        let place = [self.text.len(), text.len()].map(|number| u32::try_from(number).unwrap_or(0));
        self.text.extend(text.as_bytes());
        self.places.insert(text.to_owned(), place);
        place
    }

    fn add(&mut self, schema: &Schema, config: &Config) {
        let bit = 1 << place(schema.dialect);
        let mut types = Types { schema, known: BTreeMap::new() };
        for (name, table) in &schema.tables {
            let is_own = name.name.as_str() == config.version_table || name.name.as_str() == JOURNAL;
            let shown_schema = name.schema.as_ref().map(Name::as_str);
            let is_left_out = is_own || !config.objects.admits(shown_schema, name.name.as_str());
            let is_unsure = !table.is_known() || table.temporary || schema.unsure.contains(name);
            let of = self.table(name, bit);
            of.silent |= if is_left_out || is_unsure { bit } else { 0 };
            of.quiet |= if table.options.contains_key("partition of") { bit } else { 0 };
            if !is_left_out && !is_unsure {
                self.fill(hash(name), table, &mut types);
            }
        }
        for name in schema.views.keys().chain(&*schema.unsure) {
            self.table(name, bit).silent |= bit;
        }
    }

    fn table(&mut self, name: &ObjectName, bit: u32) -> &mut Of {
        let shown = self.text(&name.to_string());
        let of = self.tables.entry(hash(name)).or_default();
        if of.present == 0 {
            of.name = shown;
        }
        // Two tables of PostgreSQL's that only their case tells apart.
        of.silent |= of.present & bit;
        of.present |= bit;
        of
    }

    fn fill(&mut self, hash: u64, table: &Table, types: &mut Types<'_>) {
        let Some(mut of) = self.tables.remove(&hash) else { return };
        let dialect = types.schema.dialect;
        let at = place(dialect);
        let bit = 1 << at;
        for column in &table.columns {
            let shown = column.data_type.as_ref().map(ToString::to_string).unwrap_or_default();
            let usual = column.data_type.as_ref().map(|of| usually(of, dialect)).unwrap_or_default();
            let spellings = [spelling(&shown), spelling(&usual)];
            let (name, shown) = (self.text(column.name.as_str()), self.text(&shown));
            let hash = ordered_one(&column.name);
            let known = of.columns.iter().position(|(known, _)| *known == hash);
            let known = known.unwrap_or_else(|| {
                of.columns.push((hash, OfColumn::default()));
                of.columns.len() - 1
            });
            let Some((_, of_column)) = of.columns.get_mut(known) else { continue };
            if of_column.facts == [0; 3] {
                of_column.name = name;
            }
            of.silent |= if of_column.facts[at] == 0 { 0 } else { bit };
            of_column.facts[at] = facts(column, table, types);
            of_column.types[at] = shown;
            of_column.spellings[at] = spellings;
        }
        if let Some(key) = &table.primary_key {
            let digest = key.columns.iter().fold(0, |digest, name| ordered(digest, name.as_str()));
            of.primary_keys[at] = (digest, self.text(&listed(&key.columns)));
        }
        for key in &table.uniques {
            let digest = key.columns.iter().fold(0, |digest, name| unordered(digest, name.as_str()));
            let shown = self.text(&format!("unique {}", listed(&key.columns)));
            of.keys.entry((digest, true)).or_insert((0, 0, 0, shown)).1 |= bit;
        }
        for index in &table.indexes {
            let shown = self.text(&shown_index(index));
            let first = index.parts.first().and_then(|part| part.column.as_ref()).map_or(0, ordered_first);
            let entry = of.keys.entry((indexed(index), index.unique)).or_insert((first, 0, 0, shown));
            entry.1 |= bit;
            entry.2 |= if dialect == Dialect::Mysql && serves(index, table) { bit } else { 0 };
        }
        for key in &table.foreign_keys {
            let shown = self.text(&shown_foreign_key(key));
            let columns = |names: &[Name]| names.iter().fold(0, |digest, name| ordered(digest, name.as_str()));
            let digests = [columns(&key.columns), self::hash(&key.table), columns(&key.references)];
            *of.foreign_keys.entry((digests, does(key, dialect), shown)).or_default() |= bit;
        }
        self.tables.insert(hash, of);
    }

    fn write(mut self, dialects: u32, unsure: u32, config: &Config) -> Vec<u8> {
        let patterns: Vec<_> = config
            .objects
            .patterns()
            .map(|(is_looked_at, schema, table)| {
                let (of_schema, of_table) = (self.text(schema.unwrap_or_default()), self.text(table));
                (u32::from(is_looked_at), u32::from(schema.is_some()), of_schema, of_table)
            })
            .collect();
        let sizes = self.tables.values().map(|of| {
            size::TABLE
                + of.columns.len() * size::COLUMN
                + of.keys.len() * size::KEY
                + of.foreign_keys.len() * size::FOREIGN_KEY
        });
        let first = size::HEADER + self.tables.len() * size::ENTRY;
        let behind: usize = first + sizes.clone().sum::<usize>();
        let texts = behind + patterns.len() * size::PATTERN;
        let mut out = Bytes { bytes: Vec::with_capacity(texts + self.text.len()), texts: number(texts) };
        out.words(&[dialects, unsure, number(self.tables.len()), number(patterns.len()), number(behind)]);
        let mut at = first;
        for (hash, size) in self.tables.keys().zip(sizes) {
            out.long(*hash);
            out.words(&[number(at)]);
            at += size;
        }
        for of in self.tables.values() {
            out.words(&[of.present, of.silent, of.quiet]);
            out.text(of.name);
            out.words(&[of.columns.len(), of.keys.len(), of.foreign_keys.len()].map(number));
            of.primary_keys.iter().for_each(|(digest, _)| out.long(*digest));
            of.primary_keys.iter().for_each(|(_, shown)| out.text(*shown));
            for (hash, column) in &of.columns {
                // Half of its hash is enough to find it.
                let [half, _] = halves(*hash);
                out.words(&[half, alike(column.facts, of.present)]);
                out.words(&column.facts);
                out.text(column.name);
                column.types.iter().for_each(|shown| out.text(*shown));
                column.spellings.iter().flatten().for_each(|spelling| out.long(*spelling));
            }
            for ((digest, is_unique), (first, present, spare, shown)) in &of.keys {
                out.long(*digest);
                out.long(*first);
                out.words(&[*present, *spare, u32::from(*is_unique)]);
                out.text(*shown);
            }
            for ((digests, does, shown), present) in &of.foreign_keys {
                digests.iter().for_each(|digest| out.long(*digest));
                out.words(&[*does, *present]);
                out.text(*shown);
            }
        }
        for (is_looked_at, has_schema, schema, table) in patterns {
            out.words(&[is_looked_at, has_schema]);
            out.text(schema);
            out.text(table);
        }
        out.bytes.append(&mut self.text);
        out.bytes
    }
}

/// What is written.
struct Bytes {
    bytes: Vec<u8>,
    /// Where the texts begin.
    texts: u32,
}

impl Bytes {
    fn words(&mut self, words: &[u32]) {
        words.iter().for_each(|word| self.bytes.extend(word.to_le_bytes()));
    }

    fn long(&mut self, number: u64) {
        self.words(&halves(number));
    }

    fn text(&mut self, [begin, length]: Text) {
        self.words(&[self.texts + begin, length]);
    }
}

/// The lower and the upper half of a number.
fn halves(number: u64) -> [u32; 2] {
    [number, number >> 32].map(|half| (half & u64::from(u32::MAX)) as u32)
}

/// No chain has so many that they would not fit.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn hash(name: &ObjectName) -> u64 {
    table_name(name.schema.as_ref().map(Name::as_str), name.name.as_str())
}

fn ordered_one(name: &Name) -> u64 {
    table_name(None, name.as_str())
}

fn ordered_first(name: &Name) -> u64 {
    ordered(0, name.as_str())
}

/// What is known of the types of one dialect: the same few stand in most columns.
struct Types<'a> {
    schema: &'a Schema,
    known: BTreeMap<DataType, u32>,
}

impl Types<'_> {
    /// The kinds that a type holds.
    fn kinds(&mut self, of: &DataType) -> u32 {
        if let Some(known) = self.known.get(of) {
            return *known;
        }
        let (schema, at) = (self.schema, place(self.schema.dialect));
        let mut kinds = 0;
        for (bit, kind) in KINDS.into_iter().enumerate() {
            let names = usual(kind).get(at).copied().unwrap_or_default();
            let is_held = names.iter().any(|name| holds(kind, of, &declared(kind, name, schema.dialect), schema));
            kinds |= u32::from(is_held) << bit;
        }
        self.known.insert(of.clone(), kinds);
        kinds
    }
}

/// What is so on all dialects where the table is.
fn alike(facts: [u32; 3], present: u32) -> u32 {
    let kinds = (1 << KINDS.len()) - 1;
    let mut there = facts.into_iter().enumerate().filter(|(at, _)| present & 1 << at != 0).map(|(_, facts)| facts);
    let first = there.next().unwrap_or(0);
    there.fold(first, |all, facts| {
        let is_mixed = (all ^ facts) & !kinds & !fact::MIXED & !fact::ROW_NUMBER & !fact::KEY != 0;
        (all & (facts | !kinds)) | if is_mixed { fact::MIXED } else { 0 }
    })
}

/// What people call a type that the database calls otherwise.
fn usually(of: &DataType, dialect: Dialect) -> String {
    let (name, arguments) = match (dialect, of.name.as_str()) {
        (Dialect::Postgres, "character varying") => ("varchar", None),
        (Dialect::Postgres, "timestamp without time zone") => ("timestamp", None),
        (Dialect::Postgres, "timestamp with time zone") => ("timestamptz", None),
        (Dialect::Postgres, "integer") => ("int", None),
        (Dialect::Postgres, "boolean") => ("bool", None),
        (Dialect::Postgres, "numeric") => ("decimal", None),
        (Dialect::Mysql, "tinyint") if !of.arguments.is_empty() => ("boolean", Some(Vec::new())),
        (Dialect::Mysql, "int") => ("integer", None),
        (Dialect::Mysql, "decimal") => ("numeric", None),
        _ => return of.to_string(),
    };
    let arguments = arguments.unwrap_or_else(|| of.arguments.clone());
    DataType { name: name.to_owned(), arguments, ..of.clone() }.to_string()
}

/// What a field of a kind is declared as: the name as the reader gives it back.
fn declared(kind: Kind, name: &str, dialect: Dialect) -> DataType {
    let lower = name.to_lowercase();
    let (name, argument) = match lower.strip_suffix(')').and_then(|name| name.split_once('(')) {
        Some((name, argument)) => (name, Some(argument)),
        None => (lower.as_str(), None),
    };
    let (name, argument) = match (dialect, kind, name) {
        (Dialect::Postgres, Kind::Time, _) => ("time without time zone", None),
        (Dialect::Postgres, Kind::Timestamp, _) => ("timestamp without time zone", None),
        (Dialect::Postgres, Kind::TimestampTz, _) => ("timestamp with time zone", None),
        (Dialect::Mysql, Kind::Boolean, _) => ("tinyint", Some("1")),
        (Dialect::Mysql, Kind::Integer, _) => ("int", None),
        (_, _, name) => (name, argument),
    };
    DataType { arguments: argument.into_iter().map(str::to_owned).collect(), ..DataType::named(name) }
}

fn facts(column: &Column, table: &Table, types: &mut Types<'_>) -> u32 {
    let dialect = types.schema.dialect;
    let fact = |is_so: bool, fact: u32| if is_so { fact } else { 0 };
    let default = column.default.as_ref().map(|default| default.0.as_str());
    let draws = column.default.as_ref().is_some_and(|default| canonical(&default.0, dialect).starts_with("nextval"));
    let kinds = match &column.data_type {
        Some(of) => types.kinds(of) | fact(of.name == "integer", fact::ROW_NUMBER),
        None => fact::UNSURE_TYPE,
    };
    fact::PRESENT
        | kinds
        | fact(column.nullable, fact::NULLABLE)
        | fact(default.is_some(), fact::DEFAULT)
        | fact(default.is_some_and(|text| text.to_ascii_lowercase().contains("null")), fact::UNSURE_DEFAULT)
        | fact(column.identity.is_some(), fact::COUNTS)
        | fact(column.identity == Some(Identity::Always), fact::ALWAYS)
        | fact(column.identity == Some(Identity::Serial) || draws, fact::SERIAL)
        | fact(column.generated.is_some(), fact::GENERATED)
        | fact(table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name)), fact::KEY)
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

fn listed(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    format!("({})", names.join(", "))
}

fn shown_index(index: &Index) -> String {
    let parts: Vec<&str> = index
        .parts
        .iter()
        .map(|part| match (&part.column, &part.expression) {
            (Some(name), _) => name.as_str(),
            (None, expression) => expression.as_ref().map_or("…", |expression| expression.as_str()),
        })
        .collect();
    // A unique index on one dialect is a unique constraint on another.
    format!("{} ({})", if index.unique { "unique" } else { "index" }, parts.join(", "))
}

fn shown_foreign_key(key: &ForeignKey) -> String {
    let mut text = format!("{} to {}", listed(&key.columns), key.table);
    if !key.references.is_empty() {
        text.push(' ');
        text.push_str(&listed(&key.references));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != ReferentialAction::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    text
}
