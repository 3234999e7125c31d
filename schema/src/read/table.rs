//! `CREATE TABLE`: the table as the statement says it. Makes up no names, and looks at no other table.

use std::collections::BTreeMap;

use revchain_core::Dialect;

use super::table_option::{self, TableOption};
use super::{Cursor, Keyword, column, constraint};
use crate::change::{Constraint, CreateTable, Named, Part};
use crate::model::{Identity, Key, Name, Place, Table};

/// The option of a partition: the table that it is a part of.
pub(crate) const PARTITION_OF: &str = "partition of";

/// Reads it from the first word after `CREATE`. Gives the clauses that it doesn't understand, too. `None` where that is all.
pub(crate) fn create(cursor: &mut Cursor<'_>) -> Option<(CreateTable, Vec<Part>)> {
    let mut table = Table::new(Place::NOWHERE);
    let (mut or_replace, mut is_virtual) = (false, false);
    loop {
        match Keyword::at(cursor, 0) {
            "OR" if cursor.sees(1, "REPLACE") => {
                cursor.next();
                or_replace = true;
            }
            "TEMPORARY" | "TEMP" => table.temporary = true,
            "GLOBAL" | "LOCAL" => {}
            "UNLOGGED" => set(&mut table.options, "unlogged", "yes"),
            "FOREIGN" => set(&mut table.options, "foreign", "yes"),
            "VIRTUAL" => is_virtual = true,
            "TABLE" => break,
            _ => return None,
        }
        cursor.next();
    }
    cursor.next();
    let if_not_exists = cursor.take_if_not_exists();
    let mut name = cursor.object()?;
    let temporary = match cursor.dialect() {
        Dialect::Postgres => "pg_temp",
        Dialect::Mysql => "",
        Dialect::Sqlite => "temp",
    };
    if name.name.schema.as_ref().is_some_and(|schema| schema.key() == temporary) {
        name.name.schema = None;
        table.temporary = true;
    }
    let created = CreateTable {
        name,
        if_not_exists,
        or_replace,
        table,
        like: Vec::new(),
        parents: Vec::new(),
        as_query: false,
        column_parts: Vec::new(),
        foreign_key_parts: Vec::new(),
        check_columns: Vec::new(),
        has_two_primary_keys: false,
    };
    let mut reader = Reader { cursor, created, unknown: Vec::new() };
    if is_virtual {
        reader.unknown_until_end();
    } else {
        reader.body();
        while !reader.cursor.is_at_end() {
            reader.option();
        }
        reader.primary_key_is_not_null();
        reader.created.table.is_abridged = reader.cursor.is_abridged();
        reader.created.table.is_annotated = reader.cursor.is_annotated();
        // Engines that read them, and keep none.
        if matches!(reader.created.table.options.get("engine").map(String::as_str), Some("myisam" | "aria" | "memory"))
        {
            reader.created.table.foreign_keys.clear();
            reader.created.foreign_key_parts.clear();
        }
    }
    Some((reader.created, reader.unknown))
}

fn set(options: &mut BTreeMap<String, String>, key: &str, value: impl Into<String>) {
    options.insert(key.to_owned(), value.into());
}

struct Reader<'r, 'a> {
    cursor: &'r mut Cursor<'a>,
    created: CreateTable,
    unknown: Vec<Part>,
}

impl Reader<'_, '_> {
    /// What stands between the name and the options.
    fn body(&mut self) {
        let cursor = &mut *self.cursor;
        if cursor.take(&["PARTITION", "OF"]) {
            let parent = cursor.object();
            let shown = parent.as_ref().map_or_else(String::new, |parent| parent.name.to_string());
            set(&mut self.created.table.options, PARTITION_OF, shown);
            self.created.parents.extend(parent);
        } else if cursor.sees(0, "OF") {
            // The columns are a type's.
            let start = cursor.position();
            cursor.next();
            cursor.object();
            self.unknown.push(cursor.part((start, cursor.position())));
        } else if cursor.sees(0, "LIKE") {
            self.like();
        }
        if self.cursor.sees_mark(0, '(') && !self.cursor.sees(1, "SELECT") {
            self.cursor.next();
            self.elements();
        }
        if !self.created.parents.is_empty() {
            self.bounds();
        }
    }

    /// Where a partition's rows lie: what may be said when it is attached, too.
    fn bounds(&mut self) {
        let cursor = &mut *self.cursor;
        if cursor.take(&["FOR", "VALUES"]) {
            while cursor.take_any(&["IN", "FROM", "TO", "WITH"]).is_some() {
                cursor.skip();
            }
        } else {
            cursor.take(&["DEFAULT"]);
        }
    }

    fn elements(&mut self) {
        while !self.cursor.is_at_end() && !self.cursor.take_mark(')') {
            let start = self.cursor.position();
            if self.element().is_none() {
                self.cursor.seek(start);
            }
            let cursor = &mut *self.cursor;
            // SQLite needs no comma between two constraints.
            let another =
                cursor.dialect() == Dialect::Sqlite && cursor.position() > start && constraint::comes_next(cursor);
            if !another && !cursor.sees_mark(0, ',') && !cursor.sees_mark(0, ')') && !cursor.is_at_end() {
                let from = cursor.position();
                cursor.skip_clause();
                self.unknown.push(cursor.part((from, cursor.position())));
            }
            cursor.take_mark(',');
        }
    }

    /// A column, a constraint, or another table's columns.
    fn element(&mut self) -> Option<()> {
        let start = self.cursor.position();
        let cursor = &mut *self.cursor;
        if constraint::comes_next(cursor) || (cursor.sees(0, "NOT") && cursor.dialect() == Dialect::Postgres) {
            if let Some(not_null) = constraint::not_null(cursor) {
                for column in &mut self.created.table.columns {
                    column.nullable &= column.name != not_null.name;
                }
                return Some(());
            }
            let constraint = constraint::read(cursor)?;
            if cursor.dialect() == Dialect::Sqlite
                && let Constraint::Primary(key) = &constraint
            {
                self.autoincrement(key, start);
            }
            self.constraint(constraint, None);
        } else if cursor.sees(0, "LIKE") && cursor.dialect() != Dialect::Sqlite {
            self.like();
        } else if cursor.dialect() == Dialect::Mysql && cursor.is(&["PERIOD", "FOR"]) {
            // MariaDB's `PERIOD FOR name (from, to)`.
            cursor.skip_clause();
        } else {
            let name = cursor.name()?;
            self.created.column_parts.push(name.part);
            let (column, constraints) = column::definition(cursor, name.name, &mut self.unknown);
            let of = column.name.clone();
            self.created.table.columns.push(column);
            for constraint in constraints {
                self.constraint(constraint, Some(&of));
            }
        }
        Some(())
    }

    /// SQLite's `PRIMARY KEY (id AUTOINCREMENT)`.
    fn autoincrement(&mut self, key: &Key, start: usize) {
        let end = self.cursor.position();
        let [name] = key.columns.as_slice() else { return };
        self.cursor.seek(start);
        let found = (0..end.saturating_sub(start)).any(|ahead| self.cursor.sees(ahead, "AUTOINCREMENT"));
        self.cursor.seek(end);
        if let Some(column) = self.created.table.columns.iter_mut().find(|column| column.name == *name)
            && found
        {
            column.identity = Some(Identity::AutoIncrement);
        }
    }

    /// A constraint; `of` is the column that it is written with.
    fn constraint(&mut self, constraint: Constraint, of: Option<&Name>) {
        let table = &mut self.created.table;
        match constraint {
            Constraint::Primary(key) => {
                self.created.has_two_primary_keys |= table.primary_key.is_some();
                table.primary_key = Some(key);
            }
            Constraint::Unique(key) => table.uniques.push(key),
            Constraint::Foreign(key, part) => {
                table.foreign_keys.push(key);
                self.created.foreign_key_parts.push(part);
            }
            Constraint::Check(check) => {
                table.checks.push(check);
                self.created.check_columns.push(of.cloned());
            }
            Constraint::Exclude(exclusion) => table.exclusions.push(exclusion),
            Constraint::Index(index) => table.indexes.push(index),
        }
    }

    /// `LIKE other [INCLUDING …]`.
    fn like(&mut self) {
        self.cursor.next();
        let Some(other) = self.cursor.object() else { return };
        let mut parts = Vec::new();
        while let Some(word) = self.cursor.take_any(&["INCLUDING", "EXCLUDING"]) {
            parts.push(format!("{word} {}", Keyword::at(self.cursor, 0)));
            self.cursor.next();
        }
        self.created.like.push((other, parts));
    }

    fn option(&mut self) {
        let start = self.cursor.position();
        let mysql = self.cursor.dialect() == Dialect::Mysql;
        let cursor = &mut *self.cursor;
        let options = &mut self.created.table.options;
        match Keyword::at(cursor, 0) {
            "PARTITION" if cursor.take(&["PARTITION", "BY"]) => {
                set(options, "partition by", table_option::partition_by(cursor));
                if mysql {
                    self.partitions();
                }
            }
            "AS" | "SELECT" | "VALUES" | "TABLE" => self.query(),
            "IGNORE" | "REPLACE" if mysql => self.query(),
            "WITH" if cursor.sees_mark(1, '(') => {
                cursor.next();
                cursor.skip();
            }
            "WITH" | "WITHOUT" if cursor.take(&["WITH", "OIDS"]) || cursor.take(&["WITHOUT", "OIDS"]) => {}
            "WITH" if !cursor.sees(1, "SYSTEM") => self.query(),
            "WITHOUT" if cursor.take(&["WITHOUT", "ROWID"]) => set(options, "without rowid", "yes"),
            "STRICT" => {
                cursor.next();
                set(options, "strict", "yes");
            }
            "INHERITS" => {
                cursor.next();
                self.parents();
            }
            "ON" if cursor.take(&["ON", "COMMIT"]) => {
                cursor.take_any(&["PRESERVE", "DELETE"]);
                cursor.next();
                cursor.take(&["ROWS"]);
            }
            "SERVER" => {
                cursor.next();
                let server = cursor.name();
                set(options, "server", server.map_or(String::new(), |name| name.name.as_str().to_owned()));
            }
            "TABLESPACE" | "USING" if !mysql => {
                cursor.next();
                cursor.next();
            }
            "OPTIONS" if !mysql => {
                cursor.next();
                cursor.skip();
            }
            _ if cursor.take_mark(',') => {}
            _ if cursor.sees_mark(0, '(') => self.query(),
            _ => match mysql.then(|| table_option::read(cursor)).flatten() {
                Some(TableOption::Comment(comment)) => self.created.table.comment = comment,
                Some(TableOption::Set(key, value)) => drop(value.map(|value| set(options, key, value))),
                Some(TableOption::Neutral) => {}
                None => self.unknown_until_end(),
            },
        }
        // Every turn reads something.
        if self.cursor.position() == start {
            self.cursor.next();
        }
    }

    /// MySQL's partitions, which may be followed by a query.
    fn partitions(&mut self) {
        while !self.cursor.is_at_end() && !self.cursor.is_any(&["AS", "SELECT", "IGNORE", "REPLACE"]) {
            self.cursor.skip();
        }
    }

    fn parents(&mut self) {
        if self.cursor.take_mark('(') {
            let parents: Vec<Named> = self.cursor.objects();
            self.created.parents.extend(parents);
            self.cursor.take_mark(')');
        }
    }

    fn query(&mut self) {
        self.created.as_query = true;
        self.cursor.seek(usize::MAX);
    }

    fn unknown_until_end(&mut self) {
        let start = self.cursor.position();
        self.cursor.seek(usize::MAX);
        self.unknown.push(self.cursor.part((start, self.cursor.position())));
    }

    /// The columns of a primary key are never NULL; on SQLite only where it is the row's number, or there is none, or the table
    /// is strict.
    fn primary_key_is_not_null(&mut self) {
        let table = &mut self.created.table;
        let Some(key) = &table.primary_key else { return };
        let option = |key: &str| table.options.contains_key(key);
        let always = self.cursor.dialect() != Dialect::Sqlite || option("without rowid") || option("strict");
        for column in &mut table.columns {
            if key.columns.contains(&column.name) && (always || (key.columns.len() == 1 && column::is_row_id(column))) {
                column.nullable = false;
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod shown;
#[cfg(test)]
mod tests;
