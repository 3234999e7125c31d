//! A whole schema as a script, in an order in which it runs: what others are made of comes first, and foreign keys that
//! close a circle come last.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::Writer;
use crate::model::{ForeignKey, Name, ObjectName, Routine, Schema, Table, Taint, UserType, unquoted};

/// A piece of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A statement, without the semicolon.
    Statement(String),
    /// The next statement is not known for certain, and why.
    Doubt(ObjectName, &'a Taint),
    /// Something that is there and can't be written, for people.
    Omitted(String),
}

/// What is made before tables: they, or their columns, may be of it.
const BEFORE_TABLES: [&str; 5] =
    ["collation", "foreign data wrapper", "server", "text search dictionary", "text search configuration"];

/// The statements that make a schema. What an opaque statement may have made is not there: [`Schema::unknown`] says what
/// nobody understood.
pub fn script(schema: &Schema) -> Vec<Piece<'_>> {
    let mut script = Script { writer: Writer::of(schema), schema, pieces: Vec::new() };
    script.types();
    let later = script.routines_before();
    script.sequences();
    let foreign_keys = script.tables();
    for (table, key) in foreign_keys {
        let statement = script.writer.add_constraint(table, &script.writer.foreign_key(key));
        script.statement(statement);
    }
    for (name, sequence) in &schema.sequences {
        let owned = script.writer.own_sequence(name, sequence);
        script.statements(owned);
    }
    for (name, routine) in later {
        script.routine(name, routine);
    }
    script.views();
    script.triggers();
    script.others(false);
    script.pieces
}

struct Script<'a> {
    writer: Writer<'a>,
    schema: &'a Schema,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Script<'a> {
    fn statement(&mut self, statement: String) {
        self.pieces.push(Piece::Statement(statement));
    }

    fn statements(&mut self, statements: impl IntoIterator<Item = String>) {
        self.pieces.extend(statements.into_iter().map(Piece::Statement));
    }

    fn omitted(&mut self, what: String) {
        self.pieces.push(Piece::Omitted(what));
    }

    fn types(&mut self) {
        let schema = self.schema;
        for name in schema.namespaces.keys() {
            self.statement(self.writer.create_namespace(name));
        }
        for name in schema.extensions.keys() {
            self.statement(self.writer.create_extension(name));
        }
        self.others(true);
        for name in types_in_order(schema) {
            let Some(definition) = schema.types.get(name) else { continue };
            match self.writer.create_type(name, definition) {
                Some(statement) => self.statement(statement),
                None => self.omitted(format!("type {name}: only its name is known")),
            }
        }
    }

    /// The functions that a table may need; the others, which name a table or view themselves, are given back.
    fn routines_before(&mut self) -> Vec<(&'a ObjectName, &'a Routine)> {
        let schema = self.schema;
        let all = schema.routines.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, &**one)));
        let all: Vec<(&ObjectName, &Routine)> = all.collect();
        if self.writer.dialect == Dialect::Postgres && all.iter().any(|(_, routine)| routine.written.is_some()) {
            // What a body names may come later.
            self.statement("SET check_function_bodies = off".to_owned());
        }
        let relations: BTreeSet<&Name> =
            schema.tables.keys().chain(schema.views.keys()).map(|name| &name.name).collect();
        let (later, before): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, routine)| {
            let head = routine.written.as_ref().map_or("", |written| written.text.as_str());
            mentions(head, &relations, schema.dialect)
        });
        for (name, routine) in before {
            self.routine(name, routine);
        }
        later
    }

    fn routine(&mut self, name: &ObjectName, routine: &Routine) {
        match self.writer.create_routine(name, routine) {
            Some(statement) => self.statement(statement),
            None => self.omitted(format!("function {name}({}): its text is not known", routine.arguments)),
        }
    }

    fn sequences(&mut self) {
        for (name, sequence) in &self.schema.sequences {
            self.statement(self.writer.create_sequence(name, sequence));
        }
    }

    /// All tables, each behind those it refers to; gives the foreign keys that have to wait for all of them.
    fn tables(&mut self) -> Vec<(&'a ObjectName, &'a ForeignKey)> {
        let schema = self.schema;
        let (mut made, mut left) = (BTreeSet::new(), Vec::new());
        for name in tables_in_order(schema) {
            let Some(table) = schema.tables.get(name) else { continue };
            made.insert(name);
            let (now, later): (Vec<&ForeignKey>, Vec<&ForeignKey>) =
                table.foreign_keys.iter().partition(|key| can_be_clause(schema, key, |name| made.contains(name)));
            left.extend(later.into_iter().map(|key| (name, key)));
            self.pieces.extend(table.unknown.iter().map(|taint| Piece::Doubt(name.clone(), taint)));
            if self.writer.lacks_partitions(table) {
                self.omitted(format!("the partitions of {name}: they are not kept"));
            }
            self.statement(self.writer.create_table(name, table, &now));
            let after = self.writer.after_table(name, table);
            self.statements(after);
        }
        left
    }

    fn views(&mut self) {
        let schema = self.schema;
        for name in views_in_order(schema) {
            let Some(view) = schema.views.get(name) else { continue };
            self.statement(self.writer.create_view(name, view));
            let after = self.writer.after_view(name, view);
            self.statements(after);
        }
    }

    fn triggers(&mut self) {
        for ((_, name), trigger) in &self.schema.triggers {
            self.statement(self.writer.create_trigger(name, trigger));
        }
    }

    fn others(&mut self, before_tables: bool) {
        let schema = self.schema;
        let chosen = schema.others.iter().filter(|((kind, ..), _)| BEFORE_TABLES.contains(kind) == before_tables);
        for ((kind, on, name), definition) in chosen {
            match self.writer.create_other(kind, on.as_ref(), name, definition) {
                Some(statement) => self.statement(statement),
                None => self.omitted(format!("{kind} {name}: not all of its text is kept")),
            }
        }
    }
}

/// The types of a schema, those that others are made of first.
pub fn types_in_order(schema: &Schema) -> Vec<&ObjectName> {
    let needs = |definition: &UserType| match definition {
        UserType::Domain(domain) => vec![domain.data_type.name.clone()],
        UserType::Composite(columns) => {
            columns.iter().filter_map(|column| column.data_type.as_ref()).map(|of| of.name.clone()).collect()
        }
        UserType::Enum(_) | UserType::Other => Vec::new(),
    };
    let all: Vec<(&ObjectName, Vec<String>)> =
        schema.types.iter().map(|(name, definition)| (name, needs(definition))).collect();
    in_order(&all, |other, need| other.name.as_str() == need)
}

/// The tables of a schema that last, those that others refer to first.
pub fn tables_in_order(schema: &Schema) -> Vec<&ObjectName> {
    let lasting = schema.tables.iter().filter(|(_, table)| !table.temporary);
    let all: Vec<(&ObjectName, Vec<ObjectName>)> =
        lasting.map(|(name, table)| (name, table.foreign_keys.iter().map(|key| key.table.clone()).collect())).collect();
    in_order(&all, |other, need| other == need)
}

/// The views of a schema, those that others read first.
pub fn views_in_order(schema: &Schema) -> Vec<&ObjectName> {
    let all: Vec<(&ObjectName, Vec<ObjectName>)> =
        schema.views.iter().map(|(name, view)| (name, view.mentions.clone())).collect();
    in_order(&all, |other, need| other == need || (need.schema.is_none() && other.name == need.name))
}

/// Whether a foreign key can stand in CREATE TABLE, where these tables are there.
pub fn can_be_clause(schema: &Schema, key: &ForeignKey, is_there: impl Fn(&ObjectName) -> bool) -> bool {
    if schema.dialect == Dialect::Sqlite {
        return true;
    }
    // That of an index, which comes behind its table, is unique later.
    let is_key = |table: &Table| {
        let same = |columns: &[Name]| {
            columns.len() == key.references.len() && key.references.iter().all(|name| columns.contains(name))
        };
        key.references.is_empty()
            || schema.dialect == Dialect::Mysql
            || table.primary_key.iter().chain(&table.uniques).any(|unique| same(&unique.columns))
    };
    key.validated && is_there(&key.table) && schema.tables.get(&key.table).is_some_and(|table| is_key(table))
}

/// Things behind what they need, else in the order in which they come. Those of a circle come in that order, too.
fn in_order<'a, N>(all: &[(&'a ObjectName, Vec<N>)], is: impl Fn(&ObjectName, &N) -> bool) -> Vec<&'a ObjectName> {
    let needs: Vec<Vec<usize>> = all
        .iter()
        .enumerate()
        .map(|(at, (_, needs))| {
            let found = |need| all.iter().position(|(other, _)| is(other, need));
            needs.iter().filter_map(found).filter(|found| *found != at).collect()
        })
        .collect();
    let mut done = vec![false; all.len()];
    let mut order = Vec::with_capacity(all.len());
    while order.len() < all.len() {
        let is_left = |at: &usize| done.get(*at) == Some(&false);
        let is_ready = |at: &usize| {
            let mut needs = needs.get(*at).into_iter().flatten();
            needs.all(|need| done.get(*need) == Some(&true))
        };
        let next = (0..all.len()).filter(is_left).find(is_ready).or_else(|| (0..all.len()).find(is_left));
        let Some(next) = next else { break };
        if let Some(done) = done.get_mut(next) {
            *done = true;
        }
        order.extend(all.get(next).map(|(name, _)| *name));
    }
    order
}

/// Whether a text, in strings or not, has one of the names.
fn mentions(text: &str, names: &BTreeSet<&Name>, dialect: Dialect) -> bool {
    let mut lexer = Lexer::new(text, dialect);
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(text);
        let found = match token.kind {
            TokenKind::Word => names.contains(&Name::new(&shown.to_lowercase(), dialect)),
            TokenKind::QuotedIdentifier => names.contains(&Name::new(&unquoted(shown), dialect)),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}
