//! A schema of one dialect in the words of another: for a chain that serves several, begun from a database of one.
//!
//! What another dialect hasn't, or has in a way that nobody can be sure of, is left out or written as the nearest thing, and
//! said as a [`Gap`]: never guessed in silence. Views, triggers, routines and the like are written by hand.

mod condition;
mod expressions;
mod settle;
mod stored;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::Object;
use revchain_schema::model::{
    Check, Column, DataType, Default, Expression, Family, ForeignKey, Generated, Identity, Index, IndexPart, Key,
    Match, Name, ObjectName, Order, ReferentialAction, Schema, Storage, Table, UserType,
};

use crate::adopt::unique_columns;
use condition::Place;

/// A schema, translated.
#[derive(Debug, Clone)]
pub struct Translated {
    /// As much of it as there is in the other dialect.
    pub schema: Schema,
    /// What is missing, or is not quite the same.
    pub gaps: Vec<Gap>,
}

/// Something that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What.
    pub object: Object,
    /// What became of it.
    pub what: String,
}

/// The tables of a schema in the words of another dialect.
pub fn translate(schema: &Schema, to: Dialect) -> Translated {
    let keyed = if to == Dialect::Mysql { settle::keyed(schema) } else { BTreeMap::new() };
    let mut translation = Translation { from: schema, to, keyed, gaps: Vec::new() };
    let mut translated = Schema::empty(to);
    // Partitions are said of the whole table.
    let is_one = |table: &Table| !table.temporary && !table.options.contains_key("partition of");
    for (name, table) in schema.tables.iter().filter(|(_, table)| is_one(table)) {
        let named = translation.object(name);
        if translated.tables.contains_key(&named) {
            translation.gap(&Object::Table(name.clone()), "left out: without its schema, another table has its name");
            continue;
        }
        let table = translation.table(name, table);
        translated.tables.insert(named, Arc::new(table));
    }
    translation.gaps.extend(settle::foreign_keys(&mut translated, false));
    if to != Dialect::Sqlite {
        translation.gaps.extend(settle::foreign_types(&mut translated));
    }
    if to == Dialect::Mysql {
        translation.gaps.extend(settle::keys(&mut translated));
        translation.gaps.extend(settle::rows(&mut translated));
    }
    translation.gaps.extend(settle::foreign_keys(&mut translated, true));
    settle::names(&mut translated);
    translation.left_out();
    Translated { schema: translated, gaps: translation.gaps }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.object, self.what)
    }
}

struct Translation<'a> {
    from: &'a Schema,
    to: Dialect,
    /// For MySQL: which columns can't be of any length.
    keyed: BTreeMap<ObjectName, BTreeMap<Name, usize>>,
    gaps: Vec<Gap>,
}

impl Translation<'_> {
    fn gap(&mut self, object: &Object, what: impl Into<String>) {
        self.gaps.push(Gap { object: object.clone(), what: what.into() });
    }

    fn name(&self, name: &Name) -> Name {
        Name::new(settle::cut(name.as_str(), self.to), self.to)
    }

    /// Says what is called something else there.
    fn renamed(&mut self, object: &Object, name: &Name) {
        let there = self.name(name);
        if there.as_str() != name.as_str() {
            self.gap(object, format!("it is called `{there}`: no name is longer there"));
        }
    }

    fn names(&self, names: &[Name]) -> Vec<Name> {
        names.iter().map(|name| self.name(name)).collect()
    }

    /// A table's name. There are no schemas elsewhere: two of one name are one too many, and said by whoever writes them.
    fn object(&self, name: &ObjectName) -> ObjectName {
        ObjectName::bare(self.name(&name.name))
    }

    fn table(&mut self, name: &ObjectName, table: &Table) -> Table {
        let object = Object::Table(name.clone());
        if let Some(schema) = &name.schema {
            self.gap(&object, format!("the schema `{schema}` is left out"));
        }
        self.renamed(&object, &name.name);
        for taint in &table.unknown {
            self.gap(&object, format!("nobody understood `{}`", taint.what));
        }
        for (option, what) in OPTIONS {
            if table.options.contains_key(option) {
                self.gap(&object, what);
            }
        }
        let mut made = Table::new(table.place);
        made.comment = table.comment.clone().filter(|_| self.to != Dialect::Sqlite);
        made.columns = table.columns.iter().map(|column| self.column(name, table, column)).collect();
        self.computed(name, table, &mut made.columns);
        made.primary_key = table.primary_key.as_ref().map(|key| self.key(key, true));
        made.uniques = table.uniques.iter().map(|key| self.key(key, false)).collect();
        made.foreign_keys = table.foreign_keys.iter().map(|key| self.foreign_key(name, key)).collect();
        let place = Place { from: self.from.dialect, to: self.to, table, made: &made.columns };
        made.checks = table.checks.iter().filter_map(|check| self.check(name, check, &place)).collect();
        for exclusion in &table.exclusions {
            let label = exclusion.name.as_ref().map_or_else(String::new, ToString::to_string);
            self.gap(&Object::Exclusion(name.clone(), label), "left out: there is nothing like it");
        }
        for index in &table.indexes {
            match unique_columns(index).filter(|_| self.from.dialect == Dialect::Mysql) {
                // It doesn't tell the two apart, and others do.
                Some(columns) => made.uniques.push(self.key(&Key::new(index.name.clone(), columns), false)),
                None => made.indexes.extend(self.index(name, index, &place)),
            }
        }
        if self.to == Dialect::Postgres {
            self.once(name, &mut made);
        }
        made
    }

    fn column(&mut self, table: &ObjectName, of: &Table, column: &Column) -> Column {
        let object = Object::Column(table.clone(), column.name.clone());
        let (from, to) = (self.from.dialect, self.to);
        let family = self.family(column);
        self.renamed(&object, &column.name);
        let translated = column.data_type.as_ref().map(|data_type| {
            let named = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, from) };
            match self.from.types.get(&named).map(|of| &**of) {
                Some(UserType::Enum(values)) => types::translate(data_type, Some(&values.values), from, to),
                Some(UserType::Domain(domain)) => types::translate(&domain.data_type, None, from, to),
                _ => types::translate(data_type, None, from, to),
            }
        });
        let mut made = Column::new(self.name(&column.name), None);
        if translated.is_none() && to != Dialect::Sqlite {
            made.data_type = Some(types::any(to));
            self.gap(&object, format!("`{}` stands for no type at all", types::any(to)));
        }
        if let Some(translated) = translated {
            made.data_type = Some(translated.data_type);
            translated.gap.into_iter().for_each(|gap| self.gap(&object, gap));
        }
        if let Some(many) = self.keyed.get(table).and_then(|columns| columns.get(&column.name)) {
            self.shorten(&mut made, *many, &object);
        }
        // SQLite's may be, and nobody means it.
        let is_key = of.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
        made.nullable = column.nullable && !is_key;
        made.comment = column.comment.clone().filter(|_| to != Dialect::Sqlite);
        if counts(from, of, column) {
            self.count(&mut made, &object, of);
        }
        if let Some(default) = &column.default {
            match expressions::default(&default.0, family, made.data_type.as_ref(), (from, to)) {
                Some(expression) => made.default = Some(Default(as_wanted(expression, &made, to))),
                None => self.gap(&object, format!("its default `{}` is left out", default.0)),
            }
        }
        if let Some(collation) = &column.collation {
            self.gap(&object, format!("its collation `{collation}` is left out"));
        }
        if let Some(update) = &column.on_update {
            self.gap(&object, format!("`ON UPDATE {update}` is left out: it takes a trigger"));
        }
        made
    }

    /// What columns are computed from: others, which are there then.
    fn computed(&mut self, name: &ObjectName, table: &Table, made: &mut [Column]) {
        let plain = made.to_vec();
        let place = Place { from: self.from.dialect, to: self.to, table, made: &plain };
        for (column, made) in table.columns.iter().zip(made) {
            let Some(generated) = &column.generated else { continue };
            // PostgreSQL computes from what is stored as it came.
            let is_of_computed = || {
                let others = table.columns.iter().filter(|other| other.generated.is_some());
                others.into_iter().any(|other| generated.expression.mentions(&other.name, self.from.dialect))
            };
            let expression = match self.to == Dialect::Postgres && is_of_computed() {
                true => None,
                false => place.value(&generated.expression, made),
            };
            match expression {
                Some(expression) => {
                    // PostgreSQL had no other for a long time.
                    let storage = if self.to == Dialect::Postgres { Storage::Stored } else { generated.storage };
                    made.generated = Some(Generated { expression, storage });
                }
                None => {
                    let object = Object::Column(name.clone(), column.name.clone());
                    self.gap(&object, format!("`{}`, which it is computed from, is left out", generated.expression));
                }
            }
        }
    }

    /// A key of MySQL's has to be of some length, and so has each of so many columns.
    fn shorten(&mut self, column: &mut Column, many: usize, object: &Object) {
        let Some(of) = &mut column.data_type else { return };
        let name = match of.name.as_str() {
            "text" | "tinytext" | "mediumtext" | "longtext" => "varchar",
            "tinyblob" | "blob" | "mediumblob" | "longblob" => "varbinary",
            _ => return,
        };
        let length = (LONGEST as usize / many.max(1)).min(255);
        let short = DataType { arguments: vec![length.to_string()], ..DataType::named(name) };
        let what = format!("`{short}` stands for `{of}`, which can't be in a key there");
        *of = short;
        self.gap(object, what);
    }

    fn family(&self, column: &Column) -> Family {
        column.data_type.as_ref().map_or(Family::Other, |data_type| data_type.family(self.from.dialect))
    }

    /// A column that counts, as the other dialect counts.
    fn count(&mut self, column: &mut Column, object: &Object, table: &Table) {
        match self.to {
            Dialect::Postgres => column.identity = Some(Identity::ByDefault),
            Dialect::Mysql => {
                // One column, with which a key begins.
                let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.columns.first());
                let of_indexes = table.indexes.iter().filter(|index| index.predicate.is_none() || !index.unique);
                let of_indexes = of_indexes.filter_map(|index| index.parts.first()?.column.as_ref());
                let is_key = keys.chain(of_indexes).any(|first| first.as_str() == column.name.as_str());
                let mut all = table.columns.iter().filter(|other| counts(self.from.dialect, table, other));
                match is_key && all.next().is_some_and(|first| first.name.as_str() == column.name.as_str()) {
                    true => column.identity = Some(Identity::AutoIncrement),
                    false => {
                        self.gap(object, "it does not count: MySQL counts one column of a table, the first of a key")
                    }
                }
            }
            Dialect::Sqlite => {
                let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.len() == 1);
                match is_key {
                    // That of its only column of just this type counts by itself.
                    true => column.data_type = Some(DataType::named("integer")),
                    false => self.gap(object, "it does not count: SQLite counts a primary key of one column alone"),
                }
            }
        }
        column.nullable = false;
    }

    fn key(&mut self, key: &Key, is_primary: bool) -> Key {
        // MySQL calls each primary key PRIMARY; the others' names would mean nothing there.
        let is_made_up = is_primary && (self.from.dialect == Dialect::Mysql || self.to == Dialect::Mysql);
        let name = key.name.as_ref().filter(|_| !is_made_up).map(|name| self.name(name));
        let mut made = Key::new(name, self.names(&key.columns));
        if self.to == Dialect::Sqlite {
            made.deferrable = None;
        }
        made
    }

    /// PostgreSQL makes one of two unique constraints of the same columns.
    fn once(&mut self, table: &ObjectName, made: &mut Table) {
        let mut kept: Vec<Key> = Vec::with_capacity(made.uniques.len());
        for key in std::mem::take(&mut made.uniques) {
            let is_primary = made.primary_key.as_ref().is_some_and(|primary| primary.columns == key.columns);
            if !is_primary && kept.iter().all(|other| other.columns != key.columns) {
                kept.push(key);
                continue;
            }
            let label = key.name.as_ref().map_or_else(String::new, ToString::to_string);
            self.gap(&Object::Unique(table.clone(), label), "left out: there is another of the same columns");
        }
        made.uniques = kept;
    }

    /// A constraint's name, but for one that MySQL or MariaDB made up.
    fn given(&self, table: &ObjectName, name: Option<&Name>) -> Option<Name> {
        let is_made_up = |name: &Name| {
            let name = name.as_str();
            let rest = name.strip_prefix("CONSTRAINT_").or_else(|| {
                let rest = name.strip_prefix(table.name.as_str())?;
                rest.strip_prefix("_chk_").or_else(|| rest.strip_prefix("_ibfk_"))
            });
            rest.is_some_and(|rest| rest.parse::<u32>().is_ok())
        };
        let name = name.filter(|name| self.from.dialect != Dialect::Mysql || !is_made_up(name))?;
        Some(self.name(name))
    }

    fn foreign_key(&mut self, table: &ObjectName, key: &ForeignKey) -> ForeignKey {
        let label = settle::label(key);
        if key.deferrable.is_some() && self.to == Dialect::Mysql {
            let what = "it is not DEFERRABLE: MySQL has no such thing";
            self.gap(&Object::ForeignKey(table.clone(), label.clone()), what);
        }
        if key.matching != Match::default() && self.to != Dialect::Postgres {
            self.gap(
                &Object::ForeignKey(table.clone(), label.clone()),
                "it is not MATCH FULL: nobody has it elsewhere",
            );
        }
        let is_filled = self.from.tables.get(table).is_some_and(|table| {
            let is_filled = |name: &Name| table.column(name).is_some_and(|column| !column.nullable);
            key.columns.iter().any(is_filled)
        });
        let mut action = |action: ReferentialAction, event: &str| match action {
            ReferentialAction::SetNull if self.to == Dialect::Mysql && is_filled => {
                let what = format!("`ON {event} SET NULL` is left out: the column is NOT NULL");
                self.gap(&Object::ForeignKey(table.clone(), label.clone()), what);
                ReferentialAction::NoAction
            }
            ReferentialAction::SetDefault if self.to == Dialect::Mysql => {
                let what = format!("`ON {event} SET DEFAULT` is left out: MySQL's tables have no such thing");
                self.gap(&Object::ForeignKey(table.clone(), label.clone()), what);
                ReferentialAction::NoAction
            }
            action => action,
        };
        let (on_delete, on_update) = (action(key.on_delete, "DELETE"), action(key.on_update, "UPDATE"));
        ForeignKey {
            name: self.given(table, key.name.as_ref()),
            columns: self.names(&key.columns),
            table: self.object(&key.table),
            references: match (key.references.as_slice(), self.from.tables.get(&key.table)) {
                // MySQL wants them said.
                ([], Some(other)) => self.names(other.primary_key.as_ref().map_or(&[], |primary| &primary.columns)),
                (columns, _) => self.names(columns),
            },
            deferrable: key.deferrable.filter(|_| self.to != Dialect::Mysql),
            validated: true,
            matching: if self.to == Dialect::Postgres { key.matching } else { Match::default() },
            on_delete,
            on_update,
        }
    }

    fn check(&mut self, table: &ObjectName, check: &Check, place: &Place<'_>) -> Option<Check> {
        let Some(expression) = place.condition(&check.expression) else {
            let label = check.name.as_ref().map_or_else(|| check.expression.to_string(), ToString::to_string);
            self.gap(&Object::Check(table.clone(), label), format!("left out: `{}`", check.expression));
            return None;
        };
        let name = self.given(table, check.name.as_ref());
        Some(Check { name, expression, no_inherit: false, validated: true })
    }

    fn index(&mut self, table: &ObjectName, index: &Index, place: &Place<'_>) -> Option<Index> {
        let label = index.name.as_ref().map_or_else(String::new, ToString::to_string);
        let object = Object::Index(table.clone(), label);
        let to = self.to;
        let method = index.method.as_deref().unwrap_or("btree");
        if !method.eq_ignore_ascii_case("btree") {
            self.gap(&object, format!("left out: there is no `{method}` elsewhere"));
            return None;
        }
        let mut parts = Vec::with_capacity(index.parts.len());
        let keyed = self.keyed.get(table);
        for part in &index.parts {
            let is_keyed = part.column.as_ref().is_some_and(|name| keyed.is_some_and(|keyed| keyed.contains_key(name)));
            match self.part(part, is_keyed, place) {
                Ok(part) => parts.push(part),
                Err(why) => {
                    self.gap(&object, why);
                    return None;
                }
            }
        }
        let predicate = match (&index.predicate, to) {
            (None, _) => None,
            (Some(predicate), Dialect::Mysql) => {
                // It would hold for all rows.
                if index.unique {
                    self.gap(&object, format!("left out: MySQL has no partial indexes (`WHERE {predicate}`)"));
                    return None;
                }
                self.gap(&object, format!("it is of all rows: MySQL has no partial indexes (`WHERE {predicate}`)"));
                None
            }
            (Some(predicate), _) => match place.condition(predicate) {
                Some(condition) => Some(condition),
                None => {
                    self.gap(&object, format!("left out: `WHERE {predicate}`"));
                    return None;
                }
            },
        };
        let include = if to == Dialect::Postgres { self.names(&index.include) } else { Vec::new() };
        Some(Index {
            name: index.name.as_ref().map(|name| self.name(name)),
            parts,
            unique: index.unique,
            method: None,
            predicate,
            include,
            nulls_not_distinct: index.nulls_not_distinct && to == Dialect::Postgres,
            options: Vec::new(),
            comment: index.comment.clone().filter(|_| to != Dialect::Sqlite),
        })
    }

    fn part(&self, part: &IndexPart, is_keyed: bool, place: &Place<'_>) -> Result<IndexPart, String> {
        let (to, table) = (self.to, place.table);
        let mut made = match (&part.column, &part.expression) {
            (Some(column), _) => IndexPart::column(self.name(column)),
            (None, Some(expression)) => match place.part(expression) {
                // MariaDB has no index of an expression.
                Some(expression) if to != Dialect::Mysql => IndexPart::expression(expression),
                _ => return Err(format!("left out: it is of an expression, `{expression}`")),
            },
            (None, None) => return Err("left out: nobody knows what it is of".to_owned()),
        };
        made.order = part.order;
        if to == Dialect::Postgres {
            made.nulls_first = part.nulls_first.filter(|first| *first != (part.order == Order::Descending));
        } else if to == Dialect::Sqlite {
            // It takes none in an index.
            made.nulls_first = None;
        } else if let Some(at) =
            part.column.as_ref().and_then(|name| table.columns.iter().position(|c| c.name == *name))
        {
            // It has no index of a whole text.
            let is_long = place.made.get(at).and_then(|column| column.data_type.as_ref()).is_some_and(|of| {
                let length = of.arguments.first().and_then(|length| length.parse::<u32>().ok());
                of.name.ends_with("text") || of.name.ends_with("blob") || of.name == "varchar" && length > Some(LONGEST)
            });
            made.length = part.length.or((is_long && !is_keyed).then_some(PREFIX));
        }
        Ok(made)
    }

    /// What stands beside the tables.
    fn left_out(&mut self) {
        let schema = self.from;
        let words = "left out: write it by hand";
        for name in schema.views.keys() {
            self.gap(&Object::View(name.clone()), words);
        }
        for (name, all) in schema.routines.iter() {
            for routine in all {
                self.gap(&Object::Routine(name.clone(), routine.arguments.clone()), words);
            }
        }
        for ((_, name), trigger) in schema.triggers.iter() {
            self.gap(&Object::Trigger(trigger.table.clone(), name.clone()), words);
        }
        for (name, sequence) in schema.sequences.iter() {
            if sequence.owned_by.is_none() {
                self.gap(&Object::Sequence(name.clone()), words);
            }
        }
        for (kind, _, name) in schema.others.keys() {
            self.gap(&Object::Other(kind, name.clone()), words);
        }
        for taint in &schema.unknown {
            let nowhere = ObjectName::bare(Name::new("?", self.to));
            self.gap(&Object::Other("statement", nowhere), format!("nobody understood `{}`", taint.what));
        }
    }
}

/// A default as MySQL wants it: the present moment with as many digits of a second as the column has.
/// <https://dev.mysql.com/doc/refman/8.0/en/timestamp-initialization.html>
fn as_wanted(default: Expression, column: &Column, to: Dialect) -> Expression {
    // A text of any length has an expression for its default, or none.
    let is_endless = column.data_type.as_ref().is_some_and(|of| {
        to == Dialect::Mysql && (of.name.ends_with("text") || of.name.ends_with("blob") || of.name == "json")
    });
    if is_endless && !default.as_str().starts_with('(') {
        return Expression::new(&format!("({default})"), to);
    }
    let digits = column.data_type.as_ref().and_then(|of| of.arguments.first());
    match digits {
        Some(digits) if to == Dialect::Mysql && default.as_str() == "current_timestamp" => {
            Expression::new(&format!("current_timestamp({digits})"), to)
        }
        _ => default,
    }
}

/// How many characters of a text MySQL indexes: as many as fit into the oldest of its limits.
const PREFIX: u32 = 191;

/// How long a text in an index may be there, at four bytes a character.
const LONGEST: u32 = 768;

/// Properties of a table that change what it is, and that nobody has elsewhere.
const OPTIONS: [(&str, &str); 5] = [
    ("partition by", "its partitions are left out"),
    ("inherits", "what it inherits is left out"),
    ("unlogged", "it is not UNLOGGED"),
    ("row level security", "its row level security is left out"),
    ("system versioning", "its system versioning is left out"),
];

/// Whether the database gives a column its numbers.
fn counts(dialect: Dialect, table: &Table, column: &Column) -> bool {
    let is_only_key = || table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()]);
    let is_integer = || column.data_type.as_ref().is_some_and(|of| of.name == "integer" && of.arguments.is_empty());
    column.identity.is_some() || dialect == Dialect::Sqlite && is_only_key() && is_integer()
}
