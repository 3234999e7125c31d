//! What is drawn: tables with their columns, and foreign keys between them. Knows nothing of places and colours.

use std::collections::BTreeMap;

use revchain_schema::model::{Column, ForeignKey, Name, ObjectName, Table};
use revchain_schema::{Object, Schema};

use crate::tool::changes::{Changes, Sign};

/// Tables in the order of their names, and the edges between them.
pub(super) struct Graph {
    pub(super) title: String,
    pub(super) tables: Vec<Box>,
    pub(super) edges: Vec<Edge>,
    /// Whether it shows changes.
    pub(super) is_diff: bool,
}

/// A table.
pub(super) struct Box {
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
    pub(super) sign: Option<Sign>,
    /// Whether not everything about it is known.
    pub(super) in_doubt: bool,
}

/// A column, or something else that changes.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) is_primary: bool,
    pub(super) is_foreign: bool,
    /// Whether it is a column, and not something else that changes.
    pub(super) is_column: bool,
    pub(super) sign: Option<Sign>,
}

/// A foreign key: positions of tables, and of rows in them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// The table that has it, and its first column.
    pub(super) from: (usize, usize),
    /// The table that it refers to, and the first column there.
    pub(super) to: (usize, usize),
    pub(super) sign: Option<Sign>,
    /// The columns.
    pub(super) label: String,
    /// Whether it may refer to nothing.
    pub(super) is_optional: bool,
    /// Whether no two rows refer to one.
    pub(super) is_unique: bool,
}

impl Graph {
    /// The tables of a schema.
    pub(super) fn of(schema: &Schema, title: String) -> Graph {
        Graph::build(schema, schema, None, title)
    }

    /// The tables of two schemas, and what became of them.
    pub(super) fn between(before: &Schema, after: &Schema, title: String) -> Graph {
        Graph::build(before, after, Some(&Changes::between(before, after)), title)
    }

    fn build(before: &Schema, after: &Schema, changes: Option<&Changes<'_>>, title: String) -> Graph {
        let marks = Marks::of(changes);
        let mut all: BTreeMap<&ObjectName, (Option<&Table>, Option<&Table>)> = BTreeMap::new();
        for (name, table) in before.tables.iter().filter(|(_, table)| !table.temporary) {
            all.entry(name).or_default().0 = Some(table);
        }
        for (name, table) in after.tables.iter().filter(|(_, table)| !table.temporary) {
            all.entry(name).or_default().1 = Some(table);
        }
        let positions: BTreeMap<&ObjectName, usize> = all.keys().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut tables: Vec<Box> = all.iter().map(|(name, (one, other))| marks.table(name, *one, *other)).collect();
        let mut edges = Vec::new();
        for (name, (one, other)) in &all {
            let of = |table: Option<&Table>| table.map_or_else(Vec::new, |table| table.foreign_keys.clone());
            let (old, new) = (of(*one), of(*other));
            let gone = old.iter().filter(|key| !new.contains(key)).map(|key| (key, *one, Sign::Removed));
            let kept = new.iter().map(|key| (key, *other, Sign::Added));
            for (key, table, sign) in gone.chain(kept) {
                let is_new = !old.contains(key) || one.is_none();
                let sign = (sign == Sign::Removed || is_new).then_some(sign).filter(|_| changes.is_some());
                let Some((from, to)) = positions.get(name).copied().zip(positions.get(&key.table).copied()) else {
                    continue;
                };
                edges.extend(edge(&mut tables, (from, to), key, table, sign));
            }
        }
        edges.sort();
        Graph { title, tables, edges, is_diff: changes.is_some() }
    }
}

/// What became of tables and columns.
struct Marks(BTreeMap<Object, Sign>);

impl Marks {
    fn of(changes: Option<&Changes<'_>>) -> Marks {
        let mut marks = BTreeMap::new();
        for change in changes.into_iter().flat_map(|changes| &changes.all).filter(|change| change.is_of_table()) {
            marks.insert(change.object.clone(), change.sign);
            if let Some(table) = change.object.table() {
                marks.entry(Object::Table(table.clone())).or_insert(Sign::Changed);
            }
        }
        for table in changes.into_iter().flat_map(|changes| &changes.not_compared) {
            marks.entry(Object::Table((*table).clone())).or_insert(Sign::Changed);
        }
        Marks(marks)
    }

    fn table(&self, name: &ObjectName, before: Option<&Table>, after: Option<&Table>) -> Box {
        let sign = self.0.get(&Object::Table(name.clone())).copied();
        let row = |table: &Table, column: &Column| {
            let keys = |columns: &[Name]| columns.contains(&column.name);
            let own = self.0.get(&Object::Column(name.clone(), column.name.clone())).copied();
            Row {
                name: column.name.to_string(),
                data_type: self.type_of(before, after, &column.name),
                is_primary: table.primary_key.as_ref().is_some_and(|key| keys(&key.columns)),
                is_foreign: table.foreign_keys.iter().any(|key| keys(&key.columns)),
                is_column: true,
                sign: own.or(sign.filter(|sign| *sign != Sign::Changed)),
            }
        };
        let mut rows: Vec<Row> = Vec::new();
        if let Some(table) = after.or(before) {
            rows.extend(table.columns.iter().map(|column| row(table, column)));
        }
        if let (Some(old), Some(new)) = (before, after) {
            let gone = old.columns.iter().filter(|column| new.column(&column.name).is_none());
            rows.extend(gone.map(|column| row(old, column)));
        }
        rows.extend(self.others(name));
        let in_doubt = before.into_iter().chain(after).any(|table| !table.is_known());
        Box { name: name.to_string(), rows, sign, in_doubt }
    }

    /// What else changes in a table that stays, a row for each: keys, checks, indexes. Foreign keys have lines.
    fn others(&self, table: &ObjectName) -> Vec<Row> {
        if self.0.get(&Object::Table(table.clone())) != Some(&Sign::Changed) {
            return Vec::new();
        }
        let of_table = self.0.iter().filter(|(object, _)| object.table() == Some(table));
        let said = of_table.filter_map(|(object, sign)| {
            let name = match object {
                Object::PrimaryKey(_) => "primary key".to_owned(),
                Object::Unique(_, name) => format!("unique {name}"),
                Object::Check(_, name) => format!("check {name}"),
                Object::Exclusion(_, name) => format!("exclusion {name}"),
                Object::Index(_, name) => format!("index {name}"),
                Object::Option(_, name) => name.clone(),
                _ => return None,
            };
            let (name, data_type) = (cut(&name, 2 * SHOWN), String::new());
            Some(Row { name, data_type, is_primary: false, is_foreign: false, is_column: false, sign: Some(*sign) })
        });
        said.collect()
    }

    /// The type, or both where they differ.
    fn type_of(&self, before: Option<&Table>, after: Option<&Table>, name: &Name) -> String {
        let of = |table: Option<&Table>| table.and_then(|table| table.column(name)).map(short);
        match (of(before), of(after)) {
            (Some(one), Some(other)) if one != other => format!("{one} → {other}"),
            (one, other) => other.or(one).unwrap_or_default(),
        }
    }
}

fn edge(
    tables: &mut [Box],
    (from, to): (usize, usize),
    key: &ForeignKey,
    table: Option<&Table>,
    sign: Option<Sign>,
) -> Option<Edge> {
    let table = table?;
    let row_of = |tables: &[Box], at: usize, name: Option<&str>| {
        let rows = &tables.get(at)?.rows;
        rows.iter().position(|row| name == Some(row.name.as_str()))
    };
    let first = row_of(tables, from, key.columns.first().map(Name::as_str))?;
    let there = row_of(tables, to, key.references.first().map(Name::as_str))
        .or_else(|| tables.get(to)?.rows.iter().position(|row| row.is_primary))
        .unwrap_or(0);
    let same = |columns: &[Name]| {
        columns.len() == key.columns.len() && columns.iter().all(|column| key.columns.contains(column))
    };
    let is_unique = table.primary_key.iter().chain(&table.uniques).any(|unique| same(&unique.columns));
    let is_optional = key.columns.iter().any(|column| table.column(column).is_some_and(|column| column.nullable));
    if let (Some(_), Some(row)) = (sign, tables.get_mut(from).and_then(|table| table.rows.get_mut(first))) {
        // A foreign key that goes or comes is its column's change, too.
        row.sign.get_or_insert(Sign::Changed);
        row.is_foreign = true;
    }
    let label = key.columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    Some(Edge { from: (from, first), to: (to, there), sign, label, is_optional, is_unique })
}

/// Characters of a type that are shown.
const SHOWN: usize = 26;

/// A column's type as people say it.
fn short(column: &Column) -> String {
    let Some(data_type) = &column.data_type else { return String::new() };
    let text = data_type
        .to_string()
        .replace("character varying", "varchar")
        .replace("character set", "charset")
        .replace(" without time zone", "")
        .replace("double precision", "double");
    let text = match text.strip_suffix(" with time zone") {
        Some(head) => head.replacen("timestamp", "timestamptz", 1).replacen("time(", "timetz(", 1),
        None => text,
    };
    cut(&text, SHOWN)
}

/// The beginning of a long text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
