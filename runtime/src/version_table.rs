//! The version table: its name, its shape, and how its rows are read. Alembic's to the letter, so that a database can
//! be taken over from it and handed back. What is written, and under which guard, is each driver's.

use crate::chain::{Migrations, Settings};
use crate::error::{Error, ErrorKind, Result};

/// How the version table is named in SQL: `schema.table`, quoted.
#[derive(Debug, Clone)]
pub(crate) struct VersionTable {
    name: &'static str,
    schema: Option<String>,
    quote: char,
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
        VersionTable { name: settings.version_table, schema, quote }
    }

    /// Remembers the schema that the first read found the table in.
    pub(crate) fn learn_schema(&mut self, schema: String) {
        self.schema.get_or_insert(schema);
    }

    pub(crate) fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// The table's bare name.
    pub(crate) fn bare(&self) -> &'static str {
        self.name
    }

    /// The table's name in SQL, with its schema where that is known.
    pub(crate) fn name(&self) -> String {
        let name = quoted(self.name, self.quote);
        match &self.schema {
            Some(schema) => format!("{}.{name}", quoted(schema, self.quote)),
            None => name,
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
            quoted(&format!("{}_pkc", self.name), self.quote)
        )
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
        // VARCHAR comparison on MySQL ignores trailing spaces, and a CHAR column pads; ids have none.
        let position = chain.position(id.trim_end());
        position.map(|position| position + 1).ok_or_else(|| {
            Error::new(ErrorKind::UnknownCurrent {
                id: id.to_owned(),
                table: table.shown(),
                head: chain.head().map(|head| head.id.to_owned()),
            })
        })
    }
}

/// An identifier in its quotes. Alembic's own names need none and have none there: SQLite keeps the text of CREATE TABLE.
fn quoted(name: &str, quote: char) -> String {
    if matches!(name, "alembic_version" | "alembic_version_pkc") {
        return name.to_owned();
    }
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push(quote);
    for character in name.chars() {
        if character == quote {
            quoted.push(quote);
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}

/// A string literal. Backslashes are doubled where the dialect reads them as escapes.
pub(crate) fn literal(text: &str, backslash_escapes: bool) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for character in text.chars() {
        if character == '\'' || (backslash_escapes && character == '\\') {
            literal.push(character);
        }
        literal.push(character);
    }
    literal.push('\'');
    literal
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
        assert_eq!(literal("a'b\\", false), "'a''b\\'");
        assert_eq!(literal("a'b\\", true), "'a''b\\\\'");
    }
}
