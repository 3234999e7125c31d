//! The DDL of declared tables, and where each piece of it comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::config::{NameNeeded, Named, NamingConvention};
use revchain_model::{ForeignKeyModel, IndexModel, IndexPartModel, TableModel};
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::write::Writer;
use revchain_schema::{Problem, Schema};

use super::column::{counted, kind};
use super::judge::{normal, target};
use super::naming::Naming;
use super::{Fault, Place, Said, of, table_name};

/// DDL, and what it was written for.
pub(super) struct Text<'m> {
    pub(super) sql: String,
    pieces: Vec<(Range<usize>, Place<'m>)>,
    /// What is said of each table.
    pub(super) said: BTreeMap<ObjectName, Said>,
}

/// Writes the tables of one dialect: first all of them, then what may need another to be there.
pub(super) fn write<'m>(
    models: &[&'m TableModel],
    dialect: Dialect,
    convention: &NamingConvention,
    faults: &mut Vec<Fault>,
) -> Text<'m> {
    let schema = Schema::empty(dialect);
    let mut write = Write {
        dialect,
        writer: Writer::of(&schema),
        naming: Naming { dialect, convention, taken: BTreeSet::new() },
        tables: models.iter().map(|model| (table_name(model.schema, model.name, dialect), *model)).collect(),
        is_part: !faults.is_empty(),
        text: Text { sql: String::new(), pieces: Vec::new(), said: BTreeMap::new() },
        faults,
    };
    write.namespaces(models);
    write.enums(models);
    for model in models {
        write.table(model);
    }
    for model in models {
        write.indexes(model);
    }
    for model in models.iter().filter(|_| dialect != Dialect::Sqlite) {
        write.foreign_keys(model);
    }
    write.text
}

/// Writes the tables.
pub(super) struct Write<'m, 'w> {
    pub(super) dialect: Dialect,
    pub(super) writer: Writer<'w>,
    naming: Naming<'w>,
    tables: BTreeMap<ObjectName, &'m TableModel>,
    /// Whether some of the structs are left out: then some foreign keys are, too.
    is_part: bool,
    text: Text<'m>,
    faults: &'w mut Vec<Fault>,
}

impl<'m> Write<'m, '_> {
    pub(super) fn word(&self, name: &str) -> String {
        self.writer.name(&Name::new(name, self.dialect)).into_owned()
    }

    fn words(&self, names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| self.word(name)).collect();
        format!("({})", names.join(", "))
    }

    fn full(&self, model: &TableModel) -> ObjectName {
        table_name(model.schema, model.name, self.dialect)
    }

    pub(super) fn statement(&mut self, place: Place<'m>, text: &str) {
        let start = self.text.sql.len();
        self.text.sql.push_str(text);
        self.text.pieces.push((start..self.text.sql.len(), place));
        self.text.sql.push_str(";\n");
    }

    fn said(&mut self, model: &TableModel) -> &mut Said {
        let name = self.full(model);
        self.text.said.entry(name).or_default()
    }

    /// The name of a constraint, and `CONSTRAINT` before it.
    pub(super) fn named(
        &mut self,
        (kind, what): (Named, &str),
        given: Option<&str>,
        model: &'m TableModel,
        columns: &[&str],
        referred: Option<(&str, &[&str])>,
    ) -> String {
        let name = match self.naming.constraint(kind, given, model, columns, referred) {
            Ok(Some(name)) => name,
            Ok(None) => return String::new(),
            Err(NameNeeded) => {
                self.nameless(Place::columns(model, columns), what);
                return String::new();
            }
        };
        if given.is_some() {
            Arc::make_mut(&mut self.said(model).names).insert(name.clone());
        }
        format!("CONSTRAINT {} ", self.writer.name(&name))
    }

    fn nameless(&mut self, place: Place<'m>, what: &str) {
        let message = format!("{what} needs a name: the convention makes the whole name of it");
        self.faults.push(Fault::at(&place, message).help("give it one, or change `[naming]` in revchain.toml"));
    }

    /// PostgreSQL's schemas. MySQL's databases and SQLite's files are nobody's to make.
    fn namespaces(&mut self, models: &[&'m TableModel]) {
        let mut seen = BTreeSet::new();
        let models = if self.dialect == Dialect::Postgres { models } else { &[] };
        for model in models {
            if let Some(schema) = self.full(model).schema.filter(|schema| seen.insert(schema.clone())) {
                let text = format!("CREATE SCHEMA IF NOT EXISTS {}", self.writer.name(&schema));
                self.statement(Place::table(model), &text);
            }
        }
    }

    /// PostgreSQL's enums: types of their own, which several columns may be of.
    fn enums(&mut self, models: &[&'m TableModel]) {
        let mut seen: BTreeMap<&str, (&[&str], Place<'m>)> = BTreeMap::new();
        let models = if self.dialect == Dialect::Postgres { models } else { &[] };
        for (model, column) in models.iter().flat_map(|model| model.columns.iter().map(move |column| (*model, column)))
        {
            let values = column.sql_type.values;
            let Some(sql) = of(column.sql_type.sql, self.dialect).filter(|_| !values.is_empty()) else { continue };
            // A list of them is of the same.
            let sql = sql.trim_end_matches("[]");
            let place = Place { model, declared: &column.declared };
            match seen.insert(sql, (values, place)) {
                None => {
                    let list: Vec<String> = values.iter().map(|value| literal(value)).collect();
                    self.statement(place, &format!("CREATE TYPE {sql} AS ENUM ({})", list.join(", ")));
                }
                Some((known, other)) if known != values => {
                    let message = format!("enum `{sql}` is declared with other values than for `{}`", other.shown());
                    self.faults.push(Fault::at(&place, message).help("two enums need two names"));
                }
                Some(_) => {}
            }
        }
    }

    fn table(&mut self, model: &'m TableModel) {
        let (name, dialect) = (self.full(model), self.dialect);
        let renamed_from = model.renamed_from.map(|old| name.beside(Name::new(old, dialect)));
        let mut said = Said { renamed_from, ..Said::default() };
        for column in model.columns {
            let name = Name::new(column.name, dialect);
            if let Some(old) = column.renamed_from {
                said.columns_renamed_from.insert(name.clone(), Name::new(old, dialect));
            }
            if let Some(identity) = column.identity {
                said.identities.insert(name.clone(), identity);
            }
            said.kinds.insert(name, kind(column, dialect));
        }
        self.text.said.insert(name.clone(), said);
        let mut lines: Vec<(String, Place<'m>)> = Vec::new();
        for column in model.columns {
            let text = self.column(model, column);
            lines.push((text, Place { model, declared: &column.declared }));
        }
        let (sqlite, mysql) = (dialect == Dialect::Sqlite, dialect == Dialect::Mysql);
        if let Some(key) = model.primary_key.filter(|_| counted(model, dialect).is_none()) {
            let name = self.named((Named::PrimaryKey, "the primary key"), key.name, model, key.columns, None);
            lines.push((format!("{name}PRIMARY KEY {}", self.words(key.columns)), Place::columns(model, key.columns)));
        }
        let mut later: Vec<(String, Place<'m>)> = Vec::new();
        for key in named_first(model.uniques, |key| key.name) {
            let name = self.named((Named::Unique, "a unique constraint"), key.name, model, key.columns, None);
            let line = (format!("{name}UNIQUE {}", self.words(key.columns)), Place::columns(model, key.columns));
            // PostgreSQL's CREATE TABLE would make one of this and the primary key; and a name is meant.
            let is_the_primary = model.primary_key.is_some_and(|primary| primary.columns == key.columns);
            let waits = dialect == Dialect::Postgres && key.name.is_some() && is_the_primary;
            if waits { &mut later } else { &mut lines }.push(line);
        }
        for key in named_first(model.foreign_keys, |key| key.name).filter(|_| sqlite) {
            lines.push((self.foreign_key(model, key), Place::columns(model, key.columns)));
        }
        for check in named_first(model.checks, |check| check.name) {
            let Some(expression) = of(check.expression, dialect) else { continue };
            let name = self.named((Named::Check, "a check"), check.name, model, &[], None);
            // The line end ends a comment, if there is one.
            lines.push((format!("{name}CHECK ({expression}\n)"), Place::table(model)));
        }
        let start = self.text.sql.len();
        let _ = write!(self.text.sql, "CREATE TABLE {} (", self.writer.object(&name));
        let mut between = "";
        for (line, place) in lines {
            self.text.sql.push_str(between);
            let start = self.text.sql.len();
            self.text.sql.push_str(&line);
            self.text.pieces.push((start..self.text.sql.len(), place));
            between = ",\n";
        }
        self.text.sql.push(')');
        if let Some(comment) = model.comment.filter(|_| mysql) {
            let _ = write!(self.text.sql, " COMMENT={}", literal(&comment.replace('\\', "\\\\")));
        }
        self.text.pieces.push((start..self.text.sql.len(), Place::table(model)));
        self.text.sql.push_str(";\n");
        for (line, place) in later {
            let text = format!("ALTER TABLE {} ADD {line}", self.writer.object(&name));
            self.statement(place, &text);
        }
        if dialect == Dialect::Postgres {
            self.comments(model, &name);
        }
    }

    fn foreign_keys(&mut self, model: &'m TableModel) {
        let table = self.writer.object(&self.full(model));
        for key in named_first(model.foreign_keys, |key| key.name) {
            if self.is_part && target(&self.tables, model, key, self.dialect).is_none() {
                continue;
            }
            let text = format!("ALTER TABLE {table} ADD {}", self.foreign_key(model, key));
            self.statement(Place::columns(model, key.columns), &text);
        }
    }

    fn foreign_key(&mut self, model: &'m TableModel, key: &'m ForeignKeyModel) -> String {
        let name = target(&self.tables, model, key, self.dialect)
            .unwrap_or_else(|| table_name(key.schema, key.table, self.dialect));
        let primary = self.tables.get(&name).and_then(|model| model.primary_key).map(|key| key.columns);
        let references = if key.references.is_empty() { primary.unwrap_or_default() } else { key.references };
        let referred = Some((key.table, references));
        let named = self.named((Named::ForeignKey, "a foreign key"), key.name, model, key.columns, referred);
        let mut text =
            format!("{named}FOREIGN KEY {} REFERENCES {}", self.words(key.columns), self.writer.object(&name));
        if !references.is_empty() {
            let _ = write!(text, " {}", self.words(references));
        }
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if let Some(action) = action {
                let _ = write!(text, " ON {event} {}", normal(action));
            }
        }
        text.push_str(match key.deferrable.filter(|_| self.dialect != Dialect::Mysql) {
            None => "",
            Some(false) => " DEFERRABLE",
            Some(true) => " DEFERRABLE INITIALLY DEFERRED",
        });
        text
    }

    fn indexes(&mut self, model: &'m TableModel) {
        if self.dialect == Dialect::Mysql {
            // Two tables may each have an index of one name.
            self.naming.taken.clear();
        }
        let dialect = self.dialect;
        let all = || model.indexes.iter().filter(|index| of(index.dialects, dialect));
        self.naming.taken.extend(all().filter_map(|index| index.name).map(|name| Name::new(name, dialect)));
        for index in all() {
            self.index(model, index);
        }
    }

    fn index(&mut self, model: &'m TableModel, index: &'m IndexModel) {
        let dialect = self.dialect;
        let named: Vec<&str> = index.parts.iter().filter(|part| !part.is_expression).map(|part| part.text).collect();
        let place = Place::columns(model, &named);
        let Ok(name) = self.naming.index(index.name, model, index.parts) else {
            return self.nameless(place, "an index");
        };
        if let (Some(_), Some(name)) = (index.name, &name) {
            let name = name.clone();
            Arc::make_mut(&mut self.said(model).names).insert(name);
        }
        let name = name.map_or_else(String::new, |name| format!("{} ", self.writer.name(&name)));
        let full = self.full(model);
        let method = of(index.method, dialect);
        let is_kind =
            method.is_some_and(|method| matches!(method.to_ascii_lowercase().as_str(), "fulltext" | "spatial"));
        let kind = match method {
            _ if index.is_unique => "UNIQUE ".to_owned(),
            Some(method) if is_kind && dialect == Dialect::Mysql => format!("{} ", method.to_ascii_uppercase()),
            _ => String::new(),
        };
        // SQLite's index says in which file it is, and its table doesn't.
        let (before, on) = match (dialect, &full.schema) {
            (Dialect::Sqlite, Some(schema)) => (format!("{}.", self.writer.name(schema)), self.word(model.name)),
            _ => (String::new(), self.writer.object(&full)),
        };
        let mut text = format!("CREATE {kind}INDEX {before}{name}ON {on}");
        if let Some(method) = method.filter(|_| !is_kind && dialect != Dialect::Sqlite) {
            let _ = write!(text, " USING {method}");
        }
        let parts: Vec<String> = index.parts.iter().map(|part| self.part(part)).collect();
        let _ = write!(text, " ({})", parts.join(", "));
        if dialect == Dialect::Postgres && !index.include.is_empty() {
            let _ = write!(text, " INCLUDE {}", self.words(index.include));
        }
        if let Some(predicate) = index.predicate.filter(|_| dialect != Dialect::Mysql) {
            let _ = write!(text, " WHERE ({predicate}\n)");
        }
        self.statement(place, &text);
    }

    fn part(&self, part: &IndexPartModel) -> String {
        let mut text = match part.is_expression {
            true => format!("({}\n)", part.text),
            false => self.word(part.text),
        };
        if let Some(length) = part.length.filter(|_| self.dialect == Dialect::Mysql) {
            let _ = write!(text, "({length})");
        }
        if let Some(class) = part.operator_class.filter(|_| self.dialect == Dialect::Postgres) {
            let _ = write!(text, " {class}");
        }
        text.push_str(if part.is_descending { " DESC" } else { "" });
        text.push_str(match part.nulls_first.filter(|_| self.dialect != Dialect::Mysql) {
            None => "",
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
        });
        text
    }
}

impl Text<'_> {
    /// What is said of the text, as something that is said of the piece that it is about.
    pub(super) fn fault(&self, problem: &Problem) -> Fault {
        let holds =
            |(range, _): &&(Range<usize>, Place<'_>)| range.start <= problem.at.start && problem.at.end <= range.end;
        let smallest = self.pieces.iter().filter(holds).min_by_key(|(range, _)| range.len());
        let message = problem.message.clone();
        let mut fault = match smallest {
            Some((_, place)) => Fault::at(place, message),
            None => Fault { declared: String::new(), file: String::new(), line: 0, message, help: None },
        };
        fault.help.clone_from(&problem.help);
        fault
    }

    /// A piece that nobody understood, and that begins like this.
    pub(super) fn unread(&self, table: &ObjectName, what: &str) -> Fault {
        let begins = what.trim_end_matches('…');
        let holds = |(range, _): &&(Range<usize>, Place<'_>)| {
            self.sql.get(range.clone()).is_some_and(|text| text.contains(begins))
        };
        let message = format!("table `{table}`: `{what}` does not read");
        match self.pieces.iter().filter(holds).min_by_key(|(range, _)| range.len()) {
            Some((_, place)) => Fault::at(place, message),
            None => Fault { declared: String::new(), file: String::new(), line: 0, message, help: None },
        }
    }
}

/// Those that have a name before those that get one, which has to be another.
fn named_first<T>(all: &'static [T], name: impl Fn(&T) -> Option<&'static str>) -> impl Iterator<Item = &'static T> {
    let (named, others): (Vec<&T>, Vec<&T>) = all.iter().partition(|one| name(one).is_some());
    named.into_iter().chain(others)
}

/// A text as a string of SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
