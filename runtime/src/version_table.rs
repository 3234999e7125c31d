//! The version table: its name, its shape, and how its rows are read. Alembic's to the letter, so that a database can
//! be taken over from it and handed back. Under which guard it is written is each driver's.

use crate::chain::{Edited, Migrations, Settings};
use crate::error::{Error, ErrorKind, Result};

/// How the version table is named in SQL: `schema.table`, quoted.
#[derive(Debug, Clone)]
pub(crate) struct VersionTable {
    name: &'static str,
    schema: Option<String>,
    quote: char,
    /// Whether the journal is told of every step, so that an edit can be noticed.
    is_recorded: bool,
}

/// A move of the version row: from one level of the chain to another. `None` is the base, no row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Swap<'a> {
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
}

/// What the version table holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// The ids, sorted. None at base, and where there is no table.
    pub(crate) ids: Vec<String>,
}

impl VersionTable {
    pub(crate) fn new(settings: &Settings, quote: char) -> VersionTable {
        let schema = settings.version_table_schema.map(str::to_owned);
        let is_recorded = settings.edited != Edited::Off;
        VersionTable { name: settings.version_table, schema, quote, is_recorded }
    }

    /// Remembers the schema that the first read found the table in.
    pub(crate) fn learn_schema(&mut self, schema: String) {
        self.schema.get_or_insert(schema);
    }

    pub(crate) fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// Whether the journal is told of every step, those included that are one transaction.
    pub(crate) fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    /// The table's bare name.
    pub(crate) fn bare(&self) -> &'static str {
        self.name
    }

    /// The table's name in SQL, with its schema where that is known.
    pub(crate) fn name(&self) -> String {
        let name = identifier(self.name, self.quote);
        match &self.schema {
            Some(schema) => format!("{}.{name}", identifier(schema, self.quote)),
            None => name,
        }
    }

    /// The name, in SQL, of a table that lies beside this one.
    pub(crate) fn beside(&self, name: &str) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{name}", identifier(schema, self.quote)),
            None => name.to_owned(),
        }
    }

    /// The table's name for people.
    pub(crate) fn shown(&self) -> String {
        match &self.schema {
            Some(schema) => format!("`{schema}.{}`", self.name),
            None => format!("`{}`", self.name),
        }
    }

    /// The statement that creates the table where there is none.
    pub(crate) fn create(&self) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {} (version_num VARCHAR(32) NOT NULL, CONSTRAINT {} PRIMARY KEY (version_num))",
            self.name(),
            identifier(&format!("{}_pkc", self.name), self.quote)
        )
    }

    /// The statement that writes a row.
    pub(crate) fn insert(&self, id: &str) -> String {
        format!("INSERT INTO {} (version_num) VALUES ({})", self.name(), self.literal(id))
    }

    /// The statement that moves the row; `None` from base to base. It affects one row, if that is where it should be.
    pub(crate) fn swap(&self, swap: Swap<'_>) -> Option<String> {
        let name = self.name();
        match (swap.from, swap.to) {
            (None, None) => None,
            (None, Some(to)) => Some(self.insert(to)),
            (Some(from), Some(to)) => {
                let (from, to) = (self.literal(from), self.literal(to));
                Some(format!("UPDATE {name} SET version_num = {to} WHERE version_num = {from}"))
            }
            (Some(from), None) => Some(format!("DELETE FROM {name} WHERE version_num = {}", self.literal(from))),
        }
    }

    /// As [`swap`](VersionTable::swap), for a transaction that holds the step's claim: from base, too, only where no row
    /// has appeared.
    pub(crate) fn swap_alone(&self, swap: Swap<'_>) -> Option<String> {
        match (swap.from, swap.to) {
            (None, Some(to)) => {
                let (name, dual) = (self.name(), if self.quote == '`' { "FROM DUAL " } else { "" });
                let to = self.literal(to);
                Some(format!(
                    "INSERT INTO {name} (version_num) SELECT {to} {dual}WHERE NOT EXISTS (SELECT 1 FROM {name})"
                ))
            }
            _ => self.swap(swap),
        }
    }

    /// A string literal. MySQL, whose quote it is that tells, reads backslashes as escapes.
    pub(crate) fn literal(&self, text: &str) -> String {
        match self.quote {
            '`' => literal(&text.replace('\\', "\\\\")),
            _ => literal(text),
        }
    }
}

impl Rows {
    pub(crate) fn new(mut ids: Vec<String>) -> Rows {
        ids.sort();
        Rows { ids }
    }

    /// The one id; `None` at base.
    pub(crate) fn one(&self, table: &VersionTable) -> Result<Option<&str>> {
        match self.ids.as_slice() {
            [] => Ok(None),
            [id] => Ok(Some(id)),
            ids => Err(Error::new(ErrorKind::ManyRows { ids: ids.to_vec(), table: table.shown() })),
        }
    }

    /// The level of the chain that the rows name.
    pub(crate) fn level(&self, chain: &Migrations, table: &VersionTable) -> Result<usize> {
        let Some(id) = self.one(table)? else { return Ok(0) };
        // Letter by letter: what the guards would not match is no id of this chain. (Of a CHAR column the drivers' queries
        // give the text without its padding.)
        let position = chain.position(id);
        position.map(|position| position + 1).ok_or_else(|| {
            Error::new(ErrorKind::UnknownCurrent {
                id: id.to_owned(),
                table: table.shown(),
                head: chain.head().map(|head| head.id().to_owned()),
            })
        })
    }
}

/// An identifier in its quotes. Alembic's own names need none and have none there: SQLite keeps the text of CREATE TABLE.
fn identifier(name: &str, quote: char) -> String {
    match name {
        "alembic_version" | "alembic_version_pkc" => name.to_owned(),
        _ => quoted(name, quote),
    }
}

/// A text in its quotes.
fn quoted(name: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push(quote);
    for (at, part) in name.split(quote).enumerate() {
        if at > 0 {
            quoted.extend([quote, quote]);
        }
        quoted.push_str(part);
    }
    quoted.push(quote);
    quoted
}

/// A string literal of a dialect in which backslashes are no escapes.
pub(crate) fn literal(text: &str) -> String {
    quoted(text, '\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Transaction;

    /// C-17: the constraint is named after the table; the schema is honoured.
    #[test]
    fn the_table_is_alembics() {
        let table = |schema, name, quote| {
            VersionTable::new(&Settings::new([true; 3], name, schema, Transaction::Default), quote).create()
        };
        assert_eq!(
            table(None, "alembic_version", '"'),
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, \
             CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        );
        assert_eq!(
            table(Some("s`x"), "t", '`'),
            "CREATE TABLE IF NOT EXISTS `s``x`.`t` (version_num VARCHAR(32) NOT NULL, \
             CONSTRAINT `t_pkc` PRIMARY KEY (version_num))"
        );
    }

    #[test]
    fn literals() {
        let table = |quote| VersionTable { name: "t", schema: None, quote, is_recorded: false };
        assert_eq!(table('"').literal("a'b\\"), "'a''b\\'");
        assert_eq!(table('`').literal("a'b\\"), "'a''b\\\\'");
        assert_eq!(literal("alembic_version"), "'alembic_version'", "a text, not a name");
    }

    #[test]
    fn the_row_moves() {
        let table = VersionTable { name: "t", schema: None, quote: '"', is_recorded: false };
        for (from, to, sql) in [
            (None, None, None),
            (None, Some("a"), Some("INSERT INTO \"t\" (version_num) VALUES ('a')")),
            (Some("a"), Some("b"), Some("UPDATE \"t\" SET version_num = 'b' WHERE version_num = 'a'")),
            (Some("a"), None, Some("DELETE FROM \"t\" WHERE version_num = 'a'")),
        ] {
            assert_eq!(table.swap(Swap { from, to }).as_deref(), sql);
        }
    }
}
