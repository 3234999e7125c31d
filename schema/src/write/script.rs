//! A whole schema as a script, in an order in which it runs: what others are made of comes first, and foreign keys that
//! close a circle come last.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::Writer;
use crate::model::{Column, ForeignKey, Index, Name, ObjectName, Routine, Schema, Table, Taint, UserType, unquoted};

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
    script.sequences();
    let later = script.routines_before();
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
        let (later, before): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(name, routine)| is_of_tables(schema, name, routine));
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
            let parent = self.writer.part_of(table).and_then(|(parent, _)| schema.tables.get(parent));
            let is_of_parent = |key: &&ForeignKey| {
                parent
                    .into_iter()
                    .flat_map(|parent| &parent.foreign_keys)
                    .any(|other| other.columns == key.columns && other.table == key.table)
            };
            let own = table.foreign_keys.iter().filter(|key| !is_of_parent(key));
            let (now, later): (Vec<&ForeignKey>, Vec<&ForeignKey>) =
                own.partition(|key| parent.is_none() && can_be_clause(schema, key, |name| made.contains(name)));
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

/// Whether a function can only be there while a table or a view is: its arguments are rows of it, say. One that a table calls
/// comes first in any case, and a trigger's is of no table. (A table may be called as a word is.)
pub fn is_of_tables(schema: &Schema, name: &ObjectName, routine: &Routine) -> bool {
    let Some(written) = &routine.written else { return false };
    let relations: BTreeSet<&Name> = schema.tables.keys().chain(schema.views.keys()).map(|name| &name.name).collect();
    mentions(&written.text, &relations, schema.dialect) && !is_needed(schema, &name.name)
}

/// Whether a table has a default, a check or the like that calls a function of this name.
fn is_needed(schema: &Schema, routine: &Name) -> bool {
    let of_column = |column: &Column| {
        let generated = column.generated.as_ref().map(|generated| &generated.expression);
        let all = column.default.iter().map(|default| &default.0).chain(generated);
        all.into_iter().any(|one| one.mentions(routine, schema.dialect))
    };
    let of_index = |index: &Index| {
        let all = index.parts.iter().filter_map(|part| part.expression.as_ref()).chain(&index.predicate);
        all.into_iter().any(|one| one.mentions(routine, schema.dialect))
    };
    schema.tables.values().any(|table| {
        table.columns.iter().any(of_column)
            || table.checks.iter().any(|check| check.expression.mentions(routine, schema.dialect))
            || table.indexes.iter().chain(table.exclusions.iter().map(|one| &one.index)).any(of_index)
    })
}

/// The types of a schema, those that others are made of first.
pub fn types_in_order(schema: &Schema) -> Vec<&ObjectName> {
    let needs = |definition: &UserType| match definition {
        UserType::Domain(domain) => vec![domain.data_type.name.clone()],
        UserType::Composite(columns) => {
            columns.iter().filter_map(|column| column.data_type.as_ref()).map(|of| of.name.clone()).collect()
        }
        UserType::Enum(_) | UserType::Other(_) => Vec::new(),
    };
    let all: Vec<(&ObjectName, Vec<String>)> =
        schema.types.iter().map(|(name, definition)| (name, needs(definition))).collect();
    in_order(&all, |other, need| other.name.as_str() == need)
}

/// The tables of a schema that last, those that others refer to first.
pub fn tables_in_order(schema: &Schema) -> Vec<&ObjectName> {
    let lasting = schema.tables.iter().filter(|(_, table)| !table.temporary);
    let writer = Writer::of(schema);
    let needs = |table: &Table| {
        let parents = writer.part_of(table).map(|(parent, _)| parent).into_iter().chain(writer.inherits(table));
        parents.chain(table.foreign_keys.iter().map(|key| &key.table)).cloned().collect()
    };
    let all: Vec<(&ObjectName, Vec<ObjectName>)> = lasting.map(|(name, table)| (name, needs(table))).collect();
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

/// Whether the text of a function, outside of strings, has one of the names.
fn mentions(text: &str, names: &BTreeSet<&Name>, dialect: Dialect) -> bool {
    let mut lexer = Lexer::new(text, dialect);
    let mut tokens = std::iter::from_fn(|| lexer.next_significant()).peekable();
    let mut before = "";
    while let Some(token) = tokens.next() {
        let shown = token.text(text);
        let is = |word: &str| shown.eq_ignore_ascii_case(word);
        let is_before_word = tokens.peek().is_some_and(|next| next.kind == TokenKind::Word);
        let found = match token.kind {
            TokenKind::Word if before.eq_ignore_ascii_case("returns") && is("trigger") => return false,
            // `LANGUAGE sql`.
            TokenKind::Word if is("language") && is_before_word => false,
            TokenKind::Word => names.contains(&Name::new(&shown.to_lowercase(), dialect)),
            TokenKind::QuotedIdentifier => names.contains(&Name::new(&unquoted(shown), dialect)),
            _ => false,
        };
        if found {
            return true;
        }
        before = shown;
    }
    false
}
