//! MySQL and MariaDB, from `information_schema`. Each file here holds a query and what reads its answer. Where the two differ
//! the first answer says which columns there are to ask for.

mod columns;
mod constraints;
mod data_type;
mod indexes;
mod objects;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::model::{Expression, Name, ObjectName};
use sqlx::MySqlConnection;

use crate::row::{self, Row};
use crate::scope::Scope;
use crate::tables::{self, Tables};

/// Reads the session's database, in as many queries as there are calls here (one less where checks are not known; one more for
/// each trigger whose texts may have lost their escapes). Where names are
/// in `"`, in which expressions are shown then, too, the session does without that meanwhile, and has its mode back behind it.
///
/// # Errors
///
/// Where a query fails.
pub async fn mysql(connection: &mut MySqlConnection, scope: &Scope) -> Result<Schema, sqlx::Error> {
    let server = Server::read(row::mysql(connection, SERVER.to_owned()).await?);
    let Some(mode) = server.mode.clone().filter(|mode| mode.contains("ANSI_QUOTES")) else {
        return read(connection, scope, server).await;
    };
    row::mysql(connection, "SET SESSION sql_mode = ''".to_owned()).await?;
    let found = read(connection, scope, server).await;
    row::mysql(connection, format!("SET SESSION sql_mode = '{mode}'")).await?;
    found
}

async fn read(connection: &mut MySqlConnection, scope: &Scope, server: Server) -> Result<Schema, sqlx::Error> {
    let checks = constraints::checks(&server);
    let indexes = indexes::query(&server);
    let mut reading = Reading { scope, server, schema: Schema::empty(Dialect::Mysql), tables: Tables::new() };
    reading.relations(row::mysql(connection, relations::QUERY.to_owned()).await?);
    reading.columns(row::mysql(connection, columns::QUERY.to_owned()).await?);
    reading.indexes(row::mysql(connection, indexes).await?);
    reading.foreign_keys(row::mysql(connection, constraints::FOREIGN_KEYS.to_owned()).await?);
    if let Some(checks) = checks {
        reading.checks(row::mysql(connection, checks).await?);
    }
    reading.views(row::mysql(connection, relations::VIEWS.to_owned()).await?);
    reading.routines(row::mysql(connection, objects::ROUTINES.to_owned()).await?);
    let mut triggers = Vec::new();
    for trigger in row::mysql(connection, objects::TRIGGERS.to_owned()).await? {
        let written = match objects::as_written(&reading.server, &trigger) {
            Some(question) => row::mysql(connection, question).await?,
            None => Vec::new(),
        };
        let [_, _, written] = written.first().map(Row::columns).unwrap_or_default();
        triggers.push((trigger, written.map(str::to_owned)));
    }
    reading.triggers(triggers);
    reading.schema.tables = tables::finish(reading.tables).into_iter().collect();
    Ok(reading.schema)
}

/// What is read so far.
struct Reading<'a> {
    scope: &'a Scope,
    server: Server,
    schema: Schema,
    tables: Tables,
}

/// A row is one thing to know. (The casts are for MySQL 8, whose tables of this kind have several collations, and which won't
/// mix them.)
const SERVER: &str = "SELECT 'version', CAST(VERSION() AS CHAR), NULL \
    UNION ALL SELECT 'database', CAST(DATABASE() AS CHAR), NULL \
    UNION ALL SELECT 'mode', CAST(@@sql_mode AS CHAR), NULL \
    UNION ALL SELECT 'engine', CAST(@@default_storage_engine AS CHAR), NULL \
    UNION ALL SELECT 'character set', CAST(CHARACTER_SET_NAME AS CHAR), CAST(DEFAULT_COLLATE_NAME AS CHAR) \
    FROM information_schema.CHARACTER_SETS \
    UNION ALL SELECT 'column', CAST(TABLE_NAME AS CHAR), CAST(COLUMN_NAME AS CHAR) FROM information_schema.COLUMNS \
    WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN ('STATISTICS', 'CHECK_CONSTRAINTS', 'TABLE_CONSTRAINTS')";

/// What there is without being said, and what can be asked for.
#[derive(Debug, Default)]
struct Server {
    is_mariadb: bool,
    database: String,
    engine: String,
    /// `sql_mode`: words with commas between them.
    mode: Option<String>,
    /// The collation that comes with a character set.
    collations: BTreeMap<String, String>,
    columns: BTreeSet<(String, String)>,
}

/// A character set, and a collation of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Collation {
    character_set: String,
    collation: String,
}

impl Server {
    fn read(rows: Vec<Row>) -> Server {
        let mut server = Server::default();
        for row in rows {
            let [what, one, other] = row.columns();
            let (one, other) = (one.unwrap_or_default().to_owned(), other.unwrap_or_default().to_owned());
            match what {
                Some("version") => server.is_mariadb = one.contains("MariaDB"),
                Some("database") => server.database = one,
                Some("engine") => server.engine = one,
                Some("mode") => {
                    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "_,".contains(letter);
                    server.mode = one.chars().all(is_word).then_some(one);
                }
                Some("character set") => {
                    server.collations.insert(one, other);
                }
                _ => {
                    server.columns.insert((one.to_uppercase(), other.to_uppercase()));
                }
            }
        }
        server
    }

    /// A column of `information_schema`'s; NULL where this server has none.
    fn column(&self, table: &str, column: &str) -> String {
        match self.columns.contains(&(table.to_owned(), column.to_owned())) {
            true => column.to_owned(),
            false => "NULL".to_owned(),
        }
    }

    /// What has to be said to get this collation where another would be taken: a character set, a collation.
    fn said(&self, collation: &Collation, without: &Collation) -> (Option<String>, Option<String>) {
        let other_set = collation.character_set != without.character_set;
        let unsaid = match other_set {
            true => self.collations.get(&collation.character_set),
            false => Some(&without.collation),
        };
        let other_collation = unsaid != Some(&collation.collation);
        (other_set.then(|| collation.character_set.clone()), other_collation.then(|| collation.collation.clone()))
    }

    /// An expression. MySQL shows it as what would stand in a text: escaped once more.
    fn expression(&self, text: &str) -> Expression {
        match self.is_mariadb {
            true => Expression::new(text, Dialect::Mysql),
            false => Expression::new(&unescaped(text), Dialect::Mysql),
        }
    }
}

/// Takes back what MySQL does to an expression that it shows: `it\\\'s` is `it\'s`, in which the quote is still escaped.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('0') => plain.push('\0'),
            Some(escaped @ ('\'' | '\\')) => plain.push(escaped),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

impl Collation {
    /// A collation whose name begins with its character set's.
    fn named(collation: &str) -> Collation {
        let character_set = collation.split('_').next().unwrap_or_default().to_owned();
        Collation { character_set, collation: collation.to_owned() }
    }
}

fn name(text: Option<&str>) -> Name {
    Name::new(text.unwrap_or_default(), Dialect::Mysql)
}

fn object(text: Option<&str>) -> ObjectName {
    ObjectName::bare(name(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As MySQL 9.7.4 shows it, and what it means.
    #[test]
    fn expressions_that_mysql_shows() {
        let server = Server::default();
        for (shown, meant) in [
            (r"_utf8mb4\'it\\\'s\'", r"_utf8mb4'it\'s'"),
            (r"_utf8mb4\'a\\\\b\'", r"_utf8mb4'a\\b'"),
            (r"(`x` <> _utf8mb4\'\\\\\')", r"(`x` <> _utf8mb4'\\')"),
            (r"(`x` like _utf8mb4\'a\\\\\\\'b\\n\')", r"(`x` like _utf8mb4'a\\\'b\n')"),
            (r#"concat(`x`,_utf8mb4\'q"q\')"#, r#"concat(`x`,_utf8mb4'q"q')"#),
            (r"(`we\'ird` + 1)", "(`we'ird` + 1)"),
            (r"(`two\nlines` + 1)", "(`two\nlines` + 1)"),
            (r"\Z\", r"\Z\"),
        ] {
            assert_eq!(unescaped(shown), meant);
            assert_eq!(server.expression(shown), Expression::new(meant, Dialect::Mysql));
        }
    }
}
