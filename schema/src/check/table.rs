//! RC317: what is wrong with a table that could be read, or with a column that is added: a word of the database's own that is no name
//! without quotes, and a second primary key. Claims nothing where a version of the database takes the word.

use revchain_core::Dialect;

use super::first_word::product;
use super::grammar::Wrong;
use crate::change::{Action, Change, CreateTable, Named, Part};
use crate::model::ObjectName;
use crate::read::Reading;
use crate::write::is_always_reserved;

/// What is wrong with a statement, which has been read.
pub(super) fn wrong_with(statement: &str, reading: &Reading, dialect: Dialect) -> Option<Wrong> {
    let Reading::Known { changes, .. } = reading else { return None };
    changes.iter().find_map(|change| match change {
        Change::CreateTable(create) => created(statement, create, dialect),
        Change::AlterTable { actions, .. } => actions.iter().find_map(|(action, part)| match action {
            Action::AddColumn { column, .. } => {
                let is_it = |word: &str| word.eq_ignore_ascii_case(column.name.as_str());
                reserved(statement, find(statement, *part, is_it)?, "column", dialect)
            }
            _ => None,
        }),
        _ => None,
    })
}

fn created(statement: &str, create: &CreateTable, dialect: Dialect) -> Option<Wrong> {
    let Named { name: ObjectName { schema, .. }, part } = &create.name;
    // Behind a dot any word is a name.
    let name = schema.is_none().then_some(*part);
    name.and_then(|part| reserved(statement, part, "table", dialect))
        .or_else(|| create.column_parts.iter().find_map(|part| reserved(statement, *part, "column", dialect)))
        .or_else(|| {
            create.has_two_primary_keys.then(|| Wrong {
                part: *part,
                message: format!("table `{}` has two primary keys", create.name.name),
                help: "keep one of them; of several columns it is one line behind them: `PRIMARY KEY (a, b)`"
                    .to_owned(),
            })
        })
}

/// Says of a name that it is a word of the database's own.
fn reserved(statement: &str, part: Part, what: &str, dialect: Dialect) -> Option<Wrong> {
    let word = statement.get(part.0..part.1)?;
    let is_it = word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && is_always_reserved(&word.to_ascii_lowercase(), dialect)
        // MySQL takes `column.name` for a column's name.
        && statement.as_bytes().get(part.1) != Some(&b'.');
    is_it.then(|| {
        let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
        Wrong {
            part,
            message: format!(
                "`{word}` is a word of {}'s own, and no name of a {what} without quotes",
                product(dialect)
            ),
            help: format!("choose another name, or write it in quotes wherever it stands: {quote}{word}{quote}"),
        }
    })
}

/// The first word of a part of a statement that is it.
fn find(statement: &str, part: Part, is_it: impl Fn(&str) -> bool) -> Option<Part> {
    let text = statement.get(part.0..part.1)?;
    let mut words = text.split([' ', '\n', '\t', '\r', '(', ',']).filter(|word| !word.is_empty()).peekable();
    // A column may be called so, in quotes.
    let adds = words.next_if(|word| word.eq_ignore_ascii_case("ADD")).is_some();
    words.next_if(|word| adds && word.eq_ignore_ascii_case("COLUMN"));
    let word = words.find(|word| is_it(word))?;
    let at = part.0 + (word.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some((at, at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;

    fn said(statement: &str, dialect: Dialect) -> Option<(String, String)> {
        let wrong = wrong_with(statement, &read(statement, dialect), dialect)?;
        Some((statement.get(wrong.part.0..wrong.part.1)?.to_owned(), wrong.message))
    }

    #[test]
    fn what_no_database_takes_is_told() {
        use Dialect::{Mysql, Postgres, Sqlite};
        for (dialect, statement, part, message) in [
            (Postgres, "CREATE TABLE user (a int)", "user", "a word of PostgreSQL's own, and no name of a table"),
            (
                Mysql,
                "CREATE TABLE t (a int, `b` int, Order int)",
                "Order",
                "a word of MySQL's own, and no name of a column",
            ),
            (Sqlite, "CREATE TABLE IF NOT EXISTS group (a int)", "group", "a word of SQLite's own"),
            (Postgres, "ALTER TABLE t ADD COLUMN desc text", "desc", "no name of a column"),
            (Mysql, "ALTER TABLE t ADD b int, ADD COLUMN (desc text)", "desc", "no name of a column"),
            (Postgres, "CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)", "t", "table `t` has two primary keys"),
            (Mysql, "CREATE TABLE t (a int PRIMARY KEY, PRIMARY KEY (a))", "t", "two primary keys"),
            (Sqlite, "CREATE TABLE t (a int, PRIMARY KEY (a), PRIMARY KEY (a))", "t", "two primary keys"),
        ] {
            let (word, found) = said(statement, dialect).unwrap_or_default();
            assert_eq!(word, part, "{statement}");
            assert!(found.contains(message), "{statement}: {found}");
        }
    }

    #[test]
    fn what_one_of_its_versions_takes_is_left_alone() {
        use Dialect::{Mysql, Postgres, Sqlite};
        for (dialect, statement) in [
            (Postgres, "CREATE TABLE \"user\" (\"order\" int, name text, type text, key int, value int, position int)"),
            (Postgres, "CREATE TABLE s.user (a int)"),
            (Postgres, "CREATE TABLE t (LIKE u, CHECK (true))"),
            (
                Mysql,
                "CREATE TABLE user (rank int, `key` int, rows int, system int, offset int, window int, KEY k (rank))",
            ),
            (Mysql, "CREATE TABLE db.order (a int)"),
            (Mysql, "CREATE TABLE t (values (7), (3))"),
            (Mysql, "CREATE TABLE t (column.name int)"),
            (Sqlite, "CREATE TABLE user (key int, [group] int, desc text, returning int, PRIMARY KEY (key))"),
            (Sqlite, "ALTER TABLE t ADD COLUMN desc text"),
            (Mysql, "ALTER TABLE t ADD COLUMN `desc` text AFTER `order`"),
            (Sqlite, "ALTER TABLE t ADD COLUMN \"add\" text"),
            (Mysql, "ALTER TABLE t ADD `column` text"),
        ] {
            assert_eq!(said(statement, dialect), None, "{statement}");
        }
    }
}
