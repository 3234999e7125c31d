//! RC316: what a transaction did, and can't use before it is committed. Only PostgreSQL has such things: MySQL commits DDL by
//! itself, and SQLite sees at once what was done. Judged is what is sure to fail; each case was tried on PostgreSQL 15.

use std::collections::BTreeSet;

use revchain_core::revision::Mode;
use revchain_core::sql::TokenKind;
use revchain_core::{Code, Severity};

use super::hits::Hit;
use super::walk::Statement;
use crate::change::{Action, Change, ColumnChange, Constraint, Named, Part};
use crate::model::{Column, ObjectName, Place, Table};
use crate::read::{Cursor, Reading};
use crate::replay::{Relation, Replay};

/// What the open transaction did that its later statements have to wait for.
#[derive(Debug, Default)]
pub(super) struct Uncommitted {
    /// Types that it made. PostgreSQL 17 lets their new values be used at once.
    made: BTreeSet<ObjectName>,
    /// Values that it added to other types.
    added: Vec<Added>,
    /// Tables that it put rows into whose foreign keys are looked at when it commits.
    owing: Vec<(ObjectName, Place)>,
    /// Something ran that nobody could read: it may have made the type.
    unread: bool,
}

#[derive(Debug)]
struct Added {
    to: ObjectName,
    /// As statements write it, with its quotes.
    literal: String,
    place: Place,
}

impl Uncommitted {
    /// Judges a statement of PostgreSQL's, and remembers what it does. `replay` has the schema that it finds.
    pub(super) fn judge(&mut self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) -> Option<Hit> {
        if !matches!(statement.section.mode, Mode::Transaction) {
            // Each statement commits by itself.
            *self = Uncommitted::default();
            return None;
        }
        let hit =
            self.used_early(statement, reading, replay).or_else(|| self.altered_early(statement, reading, replay));
        self.note(statement, reading, replay);
        hit
    }

    fn note(&mut self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) {
        let changes = match reading {
            reading if reading.leaves_schema() => {
                self.note_rows(statement, reading, replay);
                return;
            }
            Reading::Known { changes, .. } => changes,
            Reading::Opaque(_) | Reading::Call(_) => {
                self.unread = true;
                return;
            }
            Reading::Refused(_) | Reading::Neutral | Reading::Rows(_) => return,
        };
        for change in changes {
            match change {
                Change::CreateType { name, .. } => {
                    self.made.insert(replay.target(&name.name));
                }
                Change::RenameType { from, to } => {
                    self.made.insert(from.name.beside(to.clone()));
                }
                Change::AddValue { name, value, .. } if !self.unread => {
                    let Some((full, values)) = replay.enumeration(&name.name) else { continue };
                    if !self.made.contains(&full) && !values.contains(value) {
                        let literal = format!("'{}'", value.replace('\'', "''"));
                        self.added.push(Added { to: full, literal, place: statement.place(name.part) });
                    }
                }
                _ => {}
            }
        }
    }

    /// The literal of a value that isn't committed, where the server is sure to take it for that.
    fn used_early(&self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) -> Option<Hit> {
        let added = self.added.iter().find(|added| statement.text.contains(&added.literal))?;
        let part = match reading {
            reading if reading.leaves_schema() => {
                cast(statement, added, replay).or_else(|| in_data(statement, added, replay))
            }
            Reading::Opaque(_) | Reading::Call(_) | Reading::Refused(_) | Reading::Neutral | Reading::Rows(_) => None,
            Reading::Known { changes, .. } => cast(statement, added, replay)
                .or_else(|| changes.iter().find_map(|change| in_change(statement, change, added, replay))),
        }?;
        Some(Hit {
            code: Code::NeedsCommit,
            severity: Severity::Error,
            span: statement.span(part),
            message: format!(
                "`{}` of type `{}` can't be used before its transaction is committed",
                added.literal, added.to
            ),
            label: String::new(),
            also: added
                .place
                .span
                .map(|span| (span, "it is added here, in the same transaction".to_owned()))
                .into_iter()
                .collect(),
            help: format!(
                "add the value in a revision of its own, before this one; or in a section of its own that runs first, \
                 `-- @{} postgres; no-transaction`",
                statement.section.direction.name()
            ),
        })
    }

    /// A table that is altered while rows of it wait for the commit.
    fn altered_early(&self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) -> Option<Hit> {
        let Reading::Known { changes, .. } = reading else { return None };
        let (named, place) = changes.iter().filter(|_| !self.owing.is_empty()).find_map(|change| {
            let named = match change {
                Change::AlterTable { table, .. } => table,
                Change::CreateIndex(create) if !create.concurrently => &create.table,
                _ => return None,
            };
            let Relation::Table(full) = replay.relation(&named.name) else { return None };
            self.owing.iter().find(|(owing, _)| *owing == full).map(|(_, place)| (named, *place))
        })?;
        Some(Hit {
            code: Code::NeedsCommit,
            severity: Severity::Error,
            span: statement.span(named.part),
            message: format!("`{}` can't be altered while rows of it wait for the commit", named.name),
            label: String::new(),
            also: place
                .span
                .map(|span| {
                    (span, "a deferred foreign key looks at these rows when the transaction commits".to_owned())
                })
                .into_iter()
                .collect(),
            help:
                "put the rows into a revision of their own, or write `SET CONSTRAINTS ALL IMMEDIATE;` between the two"
                    .to_owned(),
        })
    }

    /// `INSERT INTO … VALUES` puts rows in for sure; whether other statements find any nobody knows.
    fn note_rows(&mut self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) {
        let begins = |word: &str| statement.text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word));
        if begins("SET") || begins("ROLLBACK") {
            // `SET CONSTRAINTS`, or rows that are taken back.
            self.owing.clear();
        }
        if !begins("INSERT") {
            return;
        }
        let may_wait = |table: &Table| table.foreign_keys.iter().any(|key| key.deferrable == Some(true));
        // Most are told by their table, without another look at the rows.
        if let Reading::Known { changes, .. } = reading
            && let Some(Change::Writes { table, .. }) = changes.first()
            && !replay.known_table(&table.name).is_some_and(|(_, table)| may_wait(table))
        {
            return;
        }
        let mut cursor = Cursor::new(statement.text, replay.schema.dialect);
        let Some((full, table)) = target(&mut cursor, &["INSERT", "INTO"], replay) else { return };
        // A trigger may keep the row out.
        let is_free = !replay.schema.triggers.keys().any(|(table, _)| *table == full);
        if is_free && may_wait(table) && rows(&mut cursor) && !has_any(&mut cursor, &["CONFLICT", "SELECT"]) {
            self.owing.push((full, statement.place(statement.whole())));
        }
    }
}

/// The table that a statement of data is about, where everything is known about it.
fn target<'r>(cursor: &mut Cursor<'_>, words: &[&str], replay: &'r Replay) -> Option<(ObjectName, &'r Table)> {
    if !cursor.take(words) {
        return None;
    }
    cursor.take(&["ONLY"]);
    let named = cursor.object()?;
    let (full, table) = replay.known_table(&named.name)?;
    Some((full, table))
}

/// Steps up to the rows behind VALUES.
fn rows(cursor: &mut Cursor<'_>) -> bool {
    while cursor.peek(0).is_some() {
        if cursor.take(&["VALUES"]) {
            return true;
        }
        cursor.skip();
    }
    false
}

/// Whether one of the words comes later.
fn has_any(cursor: &mut Cursor<'_>, words: &[&str]) -> bool {
    let start = cursor.position();
    let mut found = false;
    while cursor.peek(0).is_some() && !found {
        found = words.iter().any(|word| cursor.sees(0, word));
        cursor.next();
    }
    cursor.seek(start);
    found
}

/// Where each token begins that is the literal.
fn literals<'c>(cursor: &'c Cursor<'_>, literal: &'c str) -> impl Iterator<Item = (usize, Part)> + 'c {
    (0..).map_while(|at| Some((at, cursor.peek(at)?))).filter_map(move |(at, token)| {
        (token.kind == TokenKind::String && token.text(cursor.source()) == literal)
            .then_some((at, (token.start, token.end)))
    })
}

/// `'v'::mood`, `CAST('v' AS mood)`.
fn cast(statement: &Statement<'_>, added: &Added, replay: &Replay) -> Option<Part> {
    let cursor = Cursor::new(statement.text, replay.schema.dialect);
    literals(&cursor, &added.literal).find_map(|(at, part)| {
        let name = match () {
            () if cursor.sees_mark(at + 1, ':') && cursor.sees_mark(at + 2, ':') => at + 3,
            () if cursor.sees(at + 1, "AS")
                && at >= 2
                && cursor.sees_mark(at - 1, '(')
                && cursor.sees(at - 2, "CAST") =>
            {
                at + 2
            }
            () => return None,
        };
        let mut cursor = Cursor::new(statement.text, replay.schema.dialect);
        cursor.seek(name);
        let named = cursor.object()?;
        let is_array = cursor.sees_mark(0, '[') || cursor.sees(0, "ARRAY");
        let (full, _) = replay.enumeration(&named.name)?;
        (full == added.to && !is_array).then_some(part)
    })
}

/// A row that is inserted, a column that is set, a comparison.
fn in_data(statement: &Statement<'_>, added: &Added, replay: &Replay) -> Option<Part> {
    let mut cursor = Cursor::new(statement.text, replay.schema.dialect);
    if cursor.sees(0, "INSERT") {
        let (_, table) = target(&mut cursor, &["INSERT", "INTO"], replay)?;
        let named = match cursor.sees_mark(0, '(') {
            true => cursor.names_in_parentheses()?.into_iter().map(|named| named.name).collect(),
            false => table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>(),
        };
        if !cursor.take(&["VALUES"]) {
            return None;
        }
        return in_rows(&mut cursor, added, |at| {
            named.get(at).and_then(|name| table.column(name)).is_some_and(|column| is_of(column, added, replay))
        });
    }
    let (_, table) = match cursor.sees(0, "UPDATE") {
        true => target(&mut cursor, &["UPDATE"], replay)?,
        false => target(&mut cursor, &["DELETE", "FROM"], replay)?,
    };
    // With a second table a column may be that one's.
    if has_any(&mut cursor, &["SELECT", "FROM", "USING", "JOIN"]) {
        return None;
    }
    compared(statement, table, added, replay)
}

/// The literal in the rows behind VALUES, where it is all of a value for one of these columns.
fn in_rows(cursor: &mut Cursor<'_>, added: &Added, is_column: impl Fn(usize) -> bool) -> Option<Part> {
    while cursor.take_mark('(') {
        let mut column = 0;
        loop {
            let token = cursor.peek(0)?;
            let is_alone = cursor.sees_mark(1, ',') || cursor.sees_mark(1, ')');
            if is_alone && is_column(column) && token.text(cursor.source()) == added.literal {
                return Some((token.start, token.end));
            }
            while !cursor.sees_mark(0, ',') && !cursor.sees_mark(0, ')') {
                cursor.peek(0)?;
                cursor.skip();
            }
            if cursor.take_mark(')') {
                break;
            }
            cursor.next();
            column += 1;
        }
        if !cursor.take_mark(',') {
            break;
        }
    }
    None
}

/// `m = 'v'`, `m <> 'v'`, `m IN ('a', 'v')`, where `m` is a column of the table.
fn compared(statement: &Statement<'_>, table: &Table, added: &Added, replay: &Replay) -> Option<Part> {
    const BEFORE: [&str; 9] = ["WHERE", "AND", "OR", "NOT", "SET", "CHECK", "WHEN", "ON", "HAVING"];
    const BEHIND: [&str; 8] = ["WHERE", "AND", "OR", "THEN", "RETURNING", "END", "IS", "NOT"];
    let cursor = Cursor::new(statement.text, replay.schema.dialect);
    literals(&cursor, &added.literal).find_map(|(at, part)| {
        let ends = cursor.peek(at + 1).is_none()
            || [',', ')'].into_iter().any(|mark| cursor.sees_mark(at + 1, mark))
            || BEHIND.iter().any(|word| cursor.sees(at + 1, word));
        let mut before = at.checked_sub(1)?;
        if cursor.sees_mark(before, '=') {
            before = before.checked_sub(1)?;
            if cursor.sees_mark(before, '!') {
                before = before.checked_sub(1)?;
            }
        } else if cursor.sees_mark(before, '>') && before > 0 && cursor.sees_mark(before - 1, '<') {
            before = before.checked_sub(2)?;
        } else {
            let is_listed = |at: usize| {
                cursor.sees_mark(at, ',') || cursor.peek(at).is_some_and(|token| token.kind == TokenKind::String)
            };
            while is_listed(before) {
                before = before.checked_sub(1)?;
            }
            if !cursor.sees_mark(before, '(') || !cursor.sees(before.checked_sub(1)?, "IN") {
                return None;
            }
            before = before.checked_sub(2)?;
            if cursor.sees(before, "NOT") {
                before = before.checked_sub(1)?;
            }
        }
        let token = cursor.peek(before)?;
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        let begin = before.checked_sub(1)?;
        // Behind an operator it would be a part of something else.
        let stands_alone = [',', '('].into_iter().any(|mark| cursor.sees_mark(begin, mark))
            || BEFORE.iter().any(|word| cursor.sees(begin, word));
        let column = table.column(&cursor.name_of(token))?;
        (ends && is_name && stands_alone && is_of(column, added, replay)).then_some(part)
    })
}

/// A default, a check, the WHERE of an index.
fn in_change(statement: &Statement<'_>, change: &Change, added: &Added, replay: &Replay) -> Option<Part> {
    let first =
        || literals(&Cursor::new(statement.text, replay.schema.dialect), &added.literal).map(|(_, part)| part).next();
    let has_default = |column: &Column| {
        column.default.as_ref().is_some_and(|default| default.0.as_str() == added.literal)
            && is_of(column, added, replay)
    };
    let table = |named: &Named| replay.known_table(&named.name).map(|(_, table)| table);
    match change {
        Change::CreateTable(create) => create.table.columns.iter().any(has_default).then(first)?,
        Change::AlterTable { table: named, actions, .. } => actions.iter().find_map(|(action, _)| match action {
            Action::AddColumn { column, .. } => has_default(column).then(first)?,
            Action::AlterColumn { name, change: ColumnChange::Default(Some(default)), .. } => {
                let column = table(named)?.column(&name.name)?;
                (default.0.as_str() == added.literal && is_of(column, added, replay)).then(first)?
            }
            Action::Add { constraint: Constraint::Check(_), .. } => compared(statement, table(named)?, added, replay),
            _ => None,
        }),
        Change::CreateIndex(create) => compared(statement, table(&create.table)?, added, replay),
        _ => None,
    }
}

/// Whether a column is of the type that the value was added to.
fn is_of(column: &Column, added: &Added, replay: &Replay) -> bool {
    let Some(data_type) = column.data_type.as_ref().filter(|data_type| !data_type.array) else { return false };
    let name = ObjectName {
        schema: data_type.schema.clone(),
        name: crate::model::Name::new(&data_type.name, replay.schema.dialect),
    };
    replay.enumeration(&name).is_some_and(|(full, _)| full == added.to)
}

#[cfg(test)]
mod tests {
    use revchain_core::{Code, Sources, chain};

    use crate::check::check;

    const BASE: &str = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE t (id int, m mood, n text, l mood[], p int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE u (id int, m mood);";

    /// Whether a revision above the base is said to need a commit. Sections but the first come with their markers.
    fn needs_commit(upgrade: &str) -> bool {
        let mut sources = Sources::default();
        let config = "dialects = ['postgres']\n[check]\nRC4 = 'off'";
        sources.add("revchain.toml", "revchain.toml", config.as_bytes().to_vec());
        for (id, down, text) in [("a", "base", BASE), ("b", "a", upgrade)] {
            let text = format!(
                "-- m\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n{text}\n-- @downgrade; irreversible: a test\n"
            );
            sources.add(format!("versions/{id}.sql"), format!("versions/{id}.sql"), text.into_bytes());
        }
        let (linked, findings) = chain::verify(&sources);
        let linked = linked.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
        let said: Vec<Code> = check(&sources, &linked).iter().map(|finding| finding.code).collect();
        assert!(said.iter().all(|code| *code == Code::NeedsCommit) && said.len() < 2, "{upgrade}: {said:?}");
        !said.is_empty()
    }

    /// Each was tried on PostgreSQL 15.
    #[test]
    fn a_new_value_waits_for_the_commit() {
        for (statement, expect) in [
            ("INSERT INTO t (m) VALUES ('v')", true),
            ("INSERT INTO t VALUES (1, 'a'), (2, 'v')", true),
            ("INSERT INTO t (n, m) VALUES (greatest(1, 2), 'v') ON CONFLICT DO NOTHING", true),
            ("UPDATE t SET m = 'v'", true),
            ("UPDATE t SET n = 'b', m = 'v' WHERE id = 1", true),
            ("UPDATE t SET m = 'a' WHERE m = 'v'", true),
            ("DELETE FROM t WHERE m NOT IN ('a', 'v')", true),
            ("DELETE FROM t WHERE m <> 'v' AND id = 1", true),
            ("SELECT 'v'::mood", true),
            ("SELECT * FROM u, t WHERE t.m = CAST('v' AS public.mood)", true),
            ("ALTER TABLE t ADD COLUMN x mood DEFAULT 'v'", true),
            ("ALTER TABLE t ALTER COLUMN m SET DEFAULT 'v'", true),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (m <> 'v')", true),
            ("CREATE INDEX i ON t (id) WHERE m = 'v'", true),
            ("CREATE TABLE x (m mood DEFAULT 'v')", true),
            ("INSERT INTO t (n) VALUES ('v')", false),
            ("INSERT INTO t (m, n) VALUES ('a', 'v')", false),
            ("UPDATE t SET n = 'v'", false),
            ("UPDATE t SET n = n || m = 'v'", false),
            ("ALTER TABLE t ADD CHECK (m = 'a')", false),
            ("ALTER TABLE t ADD COLUMN v text DEFAULT 'v'", false),
            ("CREATE FUNCTION f() RETURNS mood LANGUAGE plpgsql AS $$ BEGIN RETURN 'v'::mood; END $$", false),
        ] {
            assert_eq!(needs_commit(&format!("ALTER TYPE mood ADD VALUE 'v'; {statement};")), expect, "{statement}");
        }
    }

    #[test]
    fn what_is_not_sure_is_not_said() {
        for upgrade in [
            // A type of the same transaction: PostgreSQL 17 takes it.
            "CREATE TYPE k AS ENUM ('a'); ALTER TYPE k ADD VALUE 'v'; SELECT 'v'::k;",
            "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'a'; INSERT INTO t (m) VALUES ('a');",
            "ALTER TYPE mood ADD VALUE 'v'; UPDATE t SET n = 'x' FROM u WHERE m = 'v';",
            "DO $$ BEGIN EXECUTE f(); END $$; ALTER TYPE mood ADD VALUE 'v'; INSERT INTO t (m) VALUES ('v');",
            "-- @upgrade; no-transaction\nALTER TYPE mood ADD VALUE 'v'; INSERT INTO t (m) VALUES ('v');",
            "-- @upgrade; no-transaction\nALTER TYPE mood ADD VALUE 'v';\n-- @upgrade\nINSERT INTO t (m) VALUES ('v');",
            "INSERT INTO t (id, p) VALUES (1, 1); SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE t ADD COLUMN x int;",
            "INSERT INTO t (id, p) SELECT id, id FROM u; ALTER TABLE t ADD COLUMN x int;",
            "INSERT INTO t (id, p) VALUES (1, 1) ON CONFLICT DO NOTHING; ALTER TABLE t ADD COLUMN x int;",
            "INSERT INTO u (id) VALUES (1); ALTER TABLE u ADD COLUMN x int;",
            "INSERT INTO t (id) VALUES (1); ALTER TABLE parent ADD COLUMN x int;",
        ] {
            assert!(!needs_commit(upgrade), "{upgrade}");
        }
    }

    #[test]
    fn rows_that_wait_for_the_commit_hold_their_table() {
        assert!(needs_commit("INSERT INTO t (id, p) VALUES (1, 1); ALTER TABLE t ADD COLUMN x int;"));
        assert!(needs_commit("INSERT INTO t (id, p) VALUES (1, NULL); CREATE INDEX i ON t (id);"));
    }
}
