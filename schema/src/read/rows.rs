//! Statements that change rows: which table, and which of its columns, as far as their first words tell, and of an INSERT the
//! values of its first row. Reads neither the other rows nor conditions, which may be megabytes.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use super::{Reading, Refusal};
use crate::change::{Inserted, Named, Part, Rows};
use crate::model::{Name, ObjectName, unquoted};

/// A row of more tokens is not counted.
const LONG: usize = 4096;

/// Reads INSERT, REPLACE, UPDATE or DELETE, from its first word on. `None` where it doesn't tell its table.
pub(super) fn read(statement: &str, dialect: Dialect) -> Option<Rows> {
    let mut reader = Reader { statement, dialect, lexer: Lexer::new(statement, dialect), next: None };
    reader.step();
    let verb = reader.word()?;
    reader.step();
    let mysql = dialect == Dialect::Mysql;
    let mut is_lenient = verb == "REPLACE";
    if mysql {
        while reader.take_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK"]) || reader.is("IGNORE") {
            is_lenient |= reader.take("IGNORE");
        }
    }
    if dialect == Dialect::Sqlite && reader.take("OR") {
        is_lenient = true;
        reader.step();
    }
    match verb {
        "INSERT" | "REPLACE" => {
            if !reader.take("INTO") && !mysql {
                return None;
            }
            let table = reader.object()?;
            if mysql && reader.take("PARTITION") {
                return Some(Rows { table, columns: Vec::new(), inserted: None, conflict: Vec::new() });
            }
            if reader.take("AS") {
                reader.step();
            }
            let names_columns = reader.take_mark(b'(');
            let columns = match () {
                () if names_columns => reader.list(),
                () if mysql && reader.take("SET") => reader.assigned().into_iter().collect(),
                () => Vec::new(),
            };
            let inserted = match names_columns == columns.is_empty() {
                true => None,
                false => reader.inserted().map(|row| Inserted {
                    names_columns,
                    is_lenient: is_lenient || row.is_lenient,
                    ..row
                }),
            };
            Some(Rows {
                table,
                columns,
                inserted,
                conflict: conflict(statement, dialect).map_or_else(Vec::new, |(_, columns)| columns),
            })
        }
        "UPDATE" => {
            reader.take("ONLY");
            let table = reader.object()?;
            // Where a second table follows, a column may be its.
            if reader.take("AS") {
                reader.step();
            } else if !reader.is("SET") && !reader.is("JOIN") && reader.name().is_none() {
                return Some(Rows { table, columns: Vec::new(), inserted: None, conflict: Vec::new() });
            }
            let columns = match reader.take("SET") {
                true => reader.assigned().into_iter().collect(),
                false => Vec::new(),
            };
            Some(Rows { table, columns, inserted: None, conflict: Vec::new() })
        }
        "DELETE" => {
            if !reader.take("FROM") {
                return None;
            }
            reader.take("ONLY");
            let table = reader.object()?;
            // `DELETE FROM a USING t AS a`, `DELETE FROM a, b USING …`: another name.
            let alone = !mysql || reader.next.is_none() || reader.is_any(&["WHERE", "ORDER", "LIMIT", "RETURNING"]);
            alone.then_some(Rows { table, columns: Vec::new(), inserted: None, conflict: Vec::new() })
        }
        _ => None,
    }
}

/// What such a statement does to rows, or why it can't.
pub(super) fn reading(statement: &str, dialect: Dialect) -> Reading {
    let Some(rows) = read(statement, dialect) else { return Reading::Neutral };
    match conflict(statement, dialect).filter(|_| dialect == Dialect::Mysql) {
        Some((part, _)) => Reading::Refused(Refusal {
            part,
            message: "on MySQL there is no `ON CONFLICT`".to_owned(),
            help: "say `ON DUPLICATE KEY UPDATE …`, or `INSERT IGNORE` for rows that are left out",
            table: None,
        }),
        None => Reading::Rows(rows),
    }
}

/// `ON CONFLICT (a, b) DO`, where it is, and the columns. None where it says more of them, and where it is far away.
fn conflict(statement: &str, dialect: Dialect) -> Option<(Part, Vec<Named<Name>>)> {
    let end = (0..=LONG.min(statement.len())).rev().find(|end| statement.is_char_boundary(*end))?;
    let beginning = statement.get(..end)?;
    let at = ["ON CONFLICT", "on conflict"].into_iter().filter_map(|words| beginning.rfind(words)).max()?;
    let mut reader = Reader { statement, dialect, lexer: Lexer::new(statement, dialect), next: None };
    reader.step();
    // It may stand in a text, or in a query that is a part.
    let mut depth = 0usize;
    while let Some(token) = reader.next.filter(|token| token.start < at) {
        match token.text(statement) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        reader.step();
    }
    let is_there = depth == 0 && reader.next.is_some_and(|token| token.start == at);
    if !is_there || !reader.take("ON") || !reader.take("CONFLICT") {
        return None;
    }
    let columns = if reader.take_mark(b'(') { reader.list() } else { Vec::new() };
    reader.is("DO").then_some(((at, at + "ON CONFLICT".len()), columns))
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

    fn sees_mark(&self, mark: u8) -> bool {
        let is_mark = |token: Token| self.statement.as_bytes().get(token.start) == Some(&mark);
        self.next.is_some_and(|token| token.kind == TokenKind::Punctuation && is_mark(token))
    }

    fn take_mark(&mut self, mark: u8) -> bool {
        let found = self.sees_mark(mark);
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

    /// The first row behind VALUES. None where there is none, and where somebody else may read it otherwise.
    fn inserted(&mut self) -> Option<Inserted> {
        // With it, a column that counts gets its number whatever is said.
        let mut is_lenient = false;
        let is_overriding = self.take("OVERRIDING");
        if is_overriding {
            is_lenient = self.is("USER");
            self.step();
            self.take("VALUE");
        }
        if !self.take_any(&["VALUES", "VALUE"]) {
            return None;
        }
        let start = self.next?.start;
        if !self.take_mark(b'(') {
            return None;
        }
        let mut row = Inserted {
            part: (start, start),
            values: 0,
            nulls: Vec::new(),
            defaults: Vec::new(),
            constants: Vec::new(),
            names_columns: false,
            is_lenient,
            is_overriding,
            is_alone: false,
        };
        // How deep we are, how many tokens the value has so far, and which are its first and last.
        let (mut depth, mut length, mut first, mut last, mut before) = (0usize, 0usize, None, None, 0);
        for _ in 0..LONG {
            let token = self.next?;
            self.step();
            let mark = match token.kind {
                TokenKind::Punctuation => self.statement.as_bytes().get(token.start).copied().unwrap_or(0),
                _ => 0,
            };
            let ends = depth == 0 && matches!(mark, b',' | b')');
            if ends {
                self.note_value(&mut row, length, first, last);
                row.values += usize::from(length > 0 || mark == b',' || row.values > 0);
                if mark == b')' {
                    row.part.1 = token.end;
                    row.is_alone = !self.sees_mark(b',');
                    // One server executes what another takes for a comment.
                    let text = self.statement.get(start..token.end)?;
                    return (!text.contains("/*!") && !text.contains("/*M!")).then_some(row);
                }
                (length, first, last) = (0, None, None);
                continue;
            }
            match mark {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                // `(row).*` is as many values as it has fields.
                b'*' if before == b'.' => return None,
                _ => {}
            }
            before = mark;
            length += 1;
            (first, last) = (first.or(Some(token)), Some(token));
        }
        None
    }

    /// Notes what a value says, where it is one token, or a number with its sign.
    fn note_value(&self, row: &mut Inserted, length: usize, first: Option<Token>, last: Option<Token>) {
        let (Some(first), Some(last)) = (first, last) else { return };
        let is_sign = matches!(self.statement.as_bytes().get(first.start), Some(b'-' | b'+'));
        let is_one = length == 1 || length == 2 && is_sign && last.kind == TokenKind::Number;
        let part = (first.start, last.end);
        match last.kind {
            _ if !is_one => {}
            TokenKind::Word if last.is_word(self.statement, "NULL") => row.nulls.push((row.values, part)),
            TokenKind::Word if last.is_word(self.statement, "DEFAULT") => row.defaults.push(row.values),
            TokenKind::Word | TokenKind::String | TokenKind::Number => row.constants.push((row.values, part)),
            _ => {}
        }
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

    #[test]
    fn a_conflict_names_columns() {
        for (statement, expected) in [
            ("INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a, \"B\") DO NOTHING", "a B"),
            ("insert into t select 1 on conflict(a) do update set a = 1 where true", "a"),
            ("INSERT INTO t VALUES ('ON CONFLICT (a) DO NOTHING')", ""),
            ("INSERT INTO t VALUES (1) ON CONFLICT (a) WHERE b > 1 DO NOTHING", ""),
            ("INSERT INTO t VALUES (1) ON CONFLICT (lower(a)) DO NOTHING", ""),
            ("INSERT INTO t VALUES (1) ON CONFLICT (a COLLATE \"C\") DO NOTHING", ""),
            ("INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT a DO NOTHING", ""),
            ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", ""),
        ] {
            let rows = read(statement, Dialect::Postgres).map_or_else(Vec::new, |rows| rows.conflict);
            let names: Vec<&str> = rows.iter().map(|named| named.name.as_str()).collect();
            assert_eq!(names.join(" "), expected, "{statement}");
        }
    }

    #[test]
    fn constants_are_values_of_one_token() {
        for (statement, expected) in [
            ("INSERT INTO t VALUES (1, 'a', -1.5, TRUE, DEFAULT, NULL)", "1 'a' -1.5 TRUE [4] alone"),
            ("INSERT INTO t VALUES (a + 1, f(1), 'a' || 'b', 'x'::int, (1)), (1)", "[]"),
            ("INSERT INTO t VALUES (- x, -'1', E'x') ON CONFLICT DO NOTHING", "E'x' [] alone"),
        ] {
            let row = read(statement, Dialect::Postgres).and_then(|rows| rows.inserted).unwrap();
            let mut found: Vec<String> =
                row.constants.iter().map(|(_, (from, to))| statement[*from..*to].to_owned()).collect();
            found.push(format!("{:?}", row.defaults));
            found.extend(row.is_alone.then(|| "alone".to_owned()));
            assert_eq!(found.join(" "), expected, "{statement}");
        }
    }

    #[test]
    fn the_first_row_is_counted() {
        for (dialect, statement, expected) in [
            (Dialect::Postgres, "INSERT INTO t VALUES (1, 'a,b', f(1, 2), ARRAY[1, 2], NULL), (1)", "5 [4]"),
            (Dialect::Postgres, "INSERT INTO t (a, b) OVERRIDING SYSTEM VALUE VALUES (NULL, NULL::int)", "2 [0] named"),
            (Dialect::Postgres, "INSERT INTO t (a) OVERRIDING USER VALUE VALUES (NULL)", "1 [0] named lenient"),
            (Dialect::Postgres, "INSERT INTO t (a, b) VALUES ((f(1)).*)", "-"),
            (Dialect::Postgres, "INSERT INTO t (a, b) VALUES (2 * .5, count(*))", "2 [] named"),
            (Dialect::Sqlite, "INSERT OR IGNORE INTO t(a) VALUES (NULL)", "1 [0] named lenient"),
            (Dialect::Sqlite, "REPLACE INTO t VALUES (null)", "1 [0] lenient"),
            (Dialect::Mysql, "INSERT IGNORE t VALUE (1)", "1 [] lenient"),
            (Dialect::Mysql, "INSERT INTO t () VALUES ()", "-"),
            (Dialect::Mysql, "INSERT INTO t VALUES ()", "0 []"),
            (Dialect::Mysql, "INSERT INTO t VALUES (1 /*!50000 , 2 */)", "-"),
            (Dialect::Postgres, "INSERT INTO t (a[1], b) VALUES (1, 2)", "-"),
            (Dialect::Postgres, "INSERT INTO t (SELECT 1)", "-"),
            (Dialect::Postgres, "INSERT INTO t (a) SELECT 1", "-"),
            (Dialect::Postgres, "INSERT INTO t DEFAULT VALUES", "-"),
            (Dialect::Postgres, "INSERT INTO t VALUES (1", "-"),
        ] {
            let found = read(statement, dialect).and_then(|rows| rows.inserted).map_or_else(
                || "-".to_owned(),
                |row| {
                    let nulls: Vec<usize> = row.nulls.iter().map(|(at, _)| *at).collect();
                    let named = if row.names_columns { " named" } else { "" };
                    let lenient = if row.is_lenient { " lenient" } else { "" };
                    format!("{} {nulls:?}{named}{lenient}", row.values)
                },
            );
            assert_eq!(found, expected, "{statement}");
        }
    }
}
