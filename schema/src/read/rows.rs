//! Statements that change rows: which table, and which of its columns, as far as their first words tell. Reads neither values
//! nor conditions, which may be megabytes.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use crate::change::{Named, Part, Rows};
use crate::model::{Name, ObjectName, unquoted};

/// Reads INSERT, REPLACE, UPDATE or DELETE, from its first word on. `None` where it doesn't tell its table.
pub(super) fn read(statement: &str, dialect: Dialect) -> Option<Rows> {
    let mut reader = Reader { statement, dialect, lexer: Lexer::new(statement, dialect), next: None };
    reader.step();
    let verb = reader.word()?;
    reader.step();
    let mysql = dialect == Dialect::Mysql;
    if mysql {
        while reader.take_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "IGNORE"]) {}
    }
    if dialect == Dialect::Sqlite && reader.take("OR") {
        reader.step();
    }
    match verb {
        "INSERT" | "REPLACE" => {
            if !reader.take("INTO") && !mysql {
                return None;
            }
            let table = reader.object()?;
            if mysql && reader.take("PARTITION") {
                return Some(Rows { table, columns: Vec::new() });
            }
            if reader.take("AS") {
                reader.step();
            }
            let columns = match () {
                () if reader.take_mark(b'(') => reader.list(),
                () if mysql && reader.take("SET") => reader.assigned().into_iter().collect(),
                () => Vec::new(),
            };
            Some(Rows { table, columns })
        }
        "UPDATE" => {
            reader.take("ONLY");
            let table = reader.object()?;
            // Where a second table follows, a column may be its.
            if reader.take("AS") {
                reader.step();
            } else if !reader.is("SET") && !reader.is("JOIN") && reader.name().is_none() {
                return Some(Rows { table, columns: Vec::new() });
            }
            let columns = match reader.take("SET") {
                true => reader.assigned().into_iter().collect(),
                false => Vec::new(),
            };
            Some(Rows { table, columns })
        }
        "DELETE" => {
            if !reader.take("FROM") {
                return None;
            }
            reader.take("ONLY");
            let table = reader.object()?;
            // `DELETE FROM a USING t AS a`, `DELETE FROM a, b USING …`: another name.
            let alone = !mysql || reader.next.is_none() || reader.is_any(&["WHERE", "ORDER", "LIMIT", "RETURNING"]);
            alone.then_some(Rows { table, columns: Vec::new() })
        }
        _ => None,
    }
}

struct Reader<'a> {
    statement: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    next: Option<Token>,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        self.next = self.lexer.next_significant();
    }

    fn is(&self, word: &str) -> bool {
        self.next.is_some_and(|token| token.is_word(self.statement, word))
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.step();
        }
        found
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    fn take_mark(&mut self, mark: u8) -> bool {
        let is_mark = |token: Token| self.statement.as_bytes().get(token.start) == Some(&mark);
        let found = self.next.is_some_and(|token| token.kind == TokenKind::Punctuation && is_mark(token));
        if found {
            self.step();
        }
        found
    }

    fn word(&self) -> Option<&'static str> {
        ["INSERT", "REPLACE", "UPDATE", "DELETE"].into_iter().find(|word| self.is(word))
    }

    /// A name; steps behind it.
    fn name(&mut self) -> Option<Named<Name>> {
        let token = self.next?;
        let text = token.text(self.statement);
        let name = match token.kind {
            TokenKind::Word => Name::unquoted(text, self.dialect),
            TokenKind::QuotedIdentifier => Name::new(&unquoted(text), self.dialect),
            _ => return None,
        };
        let part: Part = (token.start, token.end);
        self.step();
        Some(Named { name, part })
    }

    fn object(&mut self) -> Option<Named> {
        let first = self.name()?;
        if !self.take_mark(b'.') {
            return Some(Named { name: ObjectName::bare(first.name), part: first.part });
        }
        let second = self.name()?;
        // A third part: a database of PostgreSQL's.
        if self.take_mark(b'.') {
            return None;
        }
        let part = (first.part.0, second.part.1);
        Some(Named { name: ObjectName { schema: Some(first.name), name: second.name }, part })
    }

    /// The names of a list, from behind its parenthesis. None where it is something else: a query, a field of a column.
    fn list(&mut self) -> Vec<Named<Name>> {
        let mut found = Vec::new();
        if self.is_any(&["SELECT", "WITH", "VALUES"]) {
            return found;
        }
        while let Some(name) = self.name() {
            found.push(name);
            if self.take_mark(b')') {
                return found;
            }
            if !self.take_mark(b',') {
                break;
            }
        }
        Vec::new()
    }

    /// The first column that SET gives a value.
    fn assigned(&mut self) -> Option<Named<Name>> {
        let name = self.name()?;
        self.take_mark(b'=').then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_and_columns_are_read() {
        for (dialect, statement, expected) in [
            (Dialect::Sqlite, "INSERT INTO \"t\" (a, \"b\") SELECT a, b FROM u", "t a b"),
            (Dialect::Sqlite, "INSERT OR IGNORE INTO t(a) VALUES (1)", "t a"),
            (Dialect::Sqlite, "REPLACE INTO t VALUES (1)", "t"),
            (Dialect::Sqlite, "INSERT INTO t SELECT * FROM u", "t"),
            (Dialect::Sqlite, "UPDATE OR REPLACE main.t AS x SET a = 1, b = 2", "main.t a"),
            (Dialect::Sqlite, "UPDATE t SET (a, b) = (1, 2)", "t"),
            (Dialect::Sqlite, "DELETE FROM t WHERE a = 1", "t"),
            (Dialect::Mysql, "INSERT IGNORE t SET a = 1", "t a"),
            (Dialect::Mysql, "insert into `d`.`t` () values ()", "d.t"),
            (Dialect::Mysql, "INSERT INTO t PARTITION (p0) (a) VALUES (1)", "t"),
            (Dialect::Mysql, "UPDATE t x SET x.a = 1", "t"),
            (Dialect::Mysql, "UPDATE t JOIN u ON t.id = u.id SET b = 1", "t"),
            (Dialect::Mysql, "UPDATE t, u SET b = 1", "t"),
            (Dialect::Mysql, "DELETE FROM x USING t AS x", "-"),
            (Dialect::Mysql, "DELETE x FROM t AS x", "-"),
            (Dialect::Mysql, "DELETE FROM t", "t"),
            (Dialect::Postgres, "INSERT INTO s.T AS x (A, b) VALUES (1, 2)", "s.t a b"),
            (Dialect::Postgres, "INSERT INTO t (a[1], b) VALUES (1, 2)", "t"),
            (Dialect::Postgres, "INSERT INTO t (SELECT a FROM u)", "t"),
            (Dialect::Postgres, "UPDATE ONLY t SET a[1] = 2", "t"),
            (Dialect::Postgres, "DELETE FROM t USING u WHERE t.id = u.id", "t"),
        ] {
            let found = read(statement, dialect).map_or_else(
                || "-".to_owned(),
                |rows| {
                    let columns = rows.columns.iter().map(|column| format!(" {}", column.name));
                    format!("{}{}", rows.table.name, columns.collect::<String>())
                },
            );
            assert_eq!(found, expected, "{statement}");
        }
    }
}
