//! RC323: rows that are written, and DDL behind them in the same revision, on MySQL. DDL there is never part of a transaction, so
//! the rows are committed before it runs: others see the one without the other, and the rows stay if it fails. The journal sees to
//! it that the next run goes on behind them. Whoever mends the rest by hand, or runs a script again that was written down, has them
//! twice; hence nothing is said of what may run twice, of tables that nobody else knows yet, and of what isn't sure:
//!
//! * INSERT IGNORE, ON DUPLICATE KEY UPDATE and REPLACE come to the same, where the columns of a key are given;
//! * so does INSERT … SELECT that leaves out what is there (NOT EXISTS, NOT IN, IS NULL);
//! * DELETE finds nothing the second time;
//! * UPDATE sets the same again, unless it reckons with what it sets (`n = n + 1`), and even then where its WHERE asks for a
//!   column that it sets: that is how one marks what is done.

use revchain_core::revision::Mode;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect, Severity, Span};

use super::hits::Hit;
use super::walk::Statement;
use crate::change::{Change, Named};
use crate::model::{Name, ObjectName, Table};
use crate::read::{Cursor, Reading};
use crate::replay::{Relation, Replay};

/// A statement as long as this is data, and not looked at.
const LONG: usize = 1 << 16;

/// The rows of a revision that are committed by what follows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The first that may not be written twice.
    written: Option<(Name, Span)>,
    /// Something was said: one mistake, one message.
    said: bool,
}

impl Rows {
    /// Judges a statement of MySQL's, and remembers what it writes. `replay` has the schema that it finds.
    pub(super) fn judge(&mut self, statement: &Statement<'_>, reading: &Reading, replay: &Replay) -> Option<Hit> {
        if !matches!(statement.section.mode, Mode::Transaction) {
            // Its author knows that each commits by itself.
            self.written = None;
            return None;
        }
        match reading {
            _ if self.said => None,
            Reading::Neutral | Reading::Rows(_) => {
                if self.written.is_some() {
                    return None;
                }
                // Most are told by their table, without another look at the rows.
                if let Reading::Rows(rows) = reading {
                    live(&rows.table.name, statement, replay)?;
                }
                let table = written(statement, replay)?;
                self.written = Some((table, statement.span(statement.whole())));
                None
            }
            Reading::Known { changes, .. } if changes.iter().any(|change| commits(change, replay)) => {
                let (table, span) = self.written.take()?;
                self.said = true;
                let line = statement.text.lines().next().unwrap_or_default().len();
                Some(Hit {
                    code: Code::SplitByCommit,
                    severity: Severity::Warning,
                    span: statement.span((0, line)),
                    message: format!("what is written to `{table}` is committed before this runs, and stays if it fails"),
                    label: String::new(),
                    also: vec![(span, "this may not run twice".to_owned())],
                    help: "put the rows into a revision of their own, or behind the DDL; or write them so that they may be written \
                           twice: `INSERT IGNORE`, with the columns of a key"
                        .to_owned(),
                })
            }
            Reading::Known { .. } | Reading::Opaque(_) | Reading::Call(_) | Reading::Refused(_) => None,
        }
    }
}

/// Whether MySQL commits before and behind it.
fn commits(change: &Change, replay: &Replay) -> bool {
    let is_temporary = |named: &Named| replay.relation(&named.name) == Relation::Temporary;
    match change {
        Change::SearchPath(_) | Change::ForeignKeyChecks(_) | Change::LegacyAlterTable(_) => false,
        Change::CreateTable(create) => !create.table.temporary,
        Change::DropTable(drops) => !drops.names.iter().all(is_temporary),
        Change::AlterTable { table, .. } => !is_temporary(table),
        _ => true,
    }
}

/// The table that a statement writes to, where it was there before the revision and the statement may not run twice.
fn written(statement: &Statement<'_>, replay: &Replay) -> Option<Name> {
    let word = Lexer::new(statement.text, Dialect::Mysql).next_significant()?.text(statement.text);
    let is = |data: &str| word.eq_ignore_ascii_case(data);
    if !(is("INSERT") || is("REPLACE") || is("UPDATE")) || statement.text.len() > LONG {
        return None;
    }
    let mut cursor = Cursor::new(statement.text, Dialect::Mysql);
    cursor.next();
    let mut ignores = is("REPLACE");
    while let Some(word) = cursor.take_any(&["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE", "INTO"]) {
        ignores |= word == "IGNORE";
    }
    let named = cursor.object()?;
    let table = live(&named.name, statement, replay)?;
    let repeats = match is("UPDATE") {
        true => reckons(&mut cursor),
        false => adds(&mut cursor, table, ignores),
    };
    repeats.then_some(named.name.name)
}

/// The table of that name, where everything is known about it and it was there before the revision.
fn live<'r>(name: &ObjectName, statement: &Statement<'_>, replay: &'r Replay) -> Option<&'r Table> {
    let (_, table) = replay.known_table(name)?;
    let is_new = table.temporary || table.place.revision >= statement.position;
    (!is_new).then_some(table)
}

/// Whether an INSERT would write its rows again, or fail.
fn adds(cursor: &mut Cursor<'_>, table: &Table, ignores: bool) -> bool {
    let columns = match cursor.sees_mark(0, '(') && !cursor.sees(1, "SELECT") {
        true => cursor.names_in_parentheses().unwrap_or_default(),
        false => Vec::new(),
    };
    let has = |name: &Name| columns.is_empty() || columns.iter().any(|column| column.name == *name);
    let keys = table.primary_key.iter().chain(&table.uniques).map(|key| key.columns.iter().collect::<Vec<_>>());
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let indexes = indexes.map(|index| index.parts.iter().filter_map(|part| part.column.as_ref()).collect());
    let is_keyed = keys.chain(indexes).any(|key: Vec<&Name>| !key.is_empty() && key.iter().all(|name| has(name)));
    let (mut updates, mut reckons, mut asks) = (false, false, false);
    while cursor.peek(0).is_some() {
        updates |= cursor.take(&["ON", "DUPLICATE", "KEY"]);
        // INSERT … SET names its columns as it goes: which, isn't looked at.
        asks |= cursor.is(&["NOT", "EXISTS"])
            || cursor.is(&["NOT", "IN"])
            || cursor.is(&["IS", "NULL"])
            || cursor.sees(0, "SET");
        reckons |= updates && ['+', '-', '*', '/'].into_iter().any(|mark| cursor.sees_mark(0, mark));
        cursor.next();
    }
    !(asks || (ignores || updates && !reckons) && is_keyed)
}

/// Whether an UPDATE reckons with a column that it sets, and doesn't ask for one.
fn reckons(cursor: &mut Cursor<'_>) -> bool {
    while !cursor.take(&["SET"]) {
        if cursor.next().is_none() {
            return false;
        }
    }
    // Each assignment: the column, and its value as a range of tokens.
    let (mut set, mut values): (Vec<Name>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    loop {
        let Some(column) = cursor.object() else { return false };
        if !cursor.take_mark('=') {
            return false;
        }
        let start = cursor.position();
        while cursor.peek(0).is_some()
            && !cursor.sees_mark(0, ',')
            && !cursor.sees(0, "WHERE")
            && !cursor.sees(0, "LIMIT")
        {
            cursor.skip();
        }
        set.push(column.name.name);
        values.push((start, cursor.position()));
        if !cursor.take_mark(',') {
            break;
        }
    }
    let end = cursor.position();
    let reads = |cursor: &mut Cursor<'_>, from: usize, to: usize| {
        cursor.seek(from);
        let mut found = false;
        while cursor.position() < to
            && let Some(token) = cursor.next()
        {
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
            found |= is_name && set.contains(&cursor.name_of(token));
        }
        found
    };
    let computes = |cursor: &mut Cursor<'_>, from: usize, to: usize| {
        cursor.seek(from);
        let mut found = false;
        while cursor.position() < to && cursor.peek(0).is_some() {
            found |= ['+', '-', '*', '/'].into_iter().any(|mark| cursor.sees_mark(0, mark)) || cursor.sees(0, "CONCAT");
            cursor.next();
        }
        found
    };
    let is_marked = reads(cursor, end, usize::MAX);
    let not_twice = values.iter().any(|(from, to)| reads(cursor, *from, *to) && computes(cursor, *from, *to));
    not_twice && !is_marked
}

#[cfg(test)]
mod tests {
    use revchain_core::{Code, Severity, Sources, chain};

    use crate::check::check;

    const BASE: &str = "CREATE TABLE s (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) UNIQUE, n INT, m INT);
        CREATE TABLE l (a INT);";

    /// How often a revision above the base is said to be split.
    fn split(upgrade: &str) -> usize {
        let mut sources = Sources::default();
        let config = "dialects = ['mysql']\n[check]\nRC4 = 'off'";
        sources.add("revchain.toml", "revchain.toml", config.as_bytes().to_vec());
        for (id, down, text) in [("a", "base", BASE), ("b", "a", upgrade)] {
            let text = format!(
                "-- m\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n{text}\n-- @downgrade; irreversible: a test\n"
            );
            sources.add(format!("versions/{id}.sql"), format!("versions/{id}.sql"), text.into_bytes());
        }
        let (linked, findings) = chain::verify(&sources);
        let linked = linked.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
        let findings = check(&sources, &linked);
        let is_it = |code: Code, severity: Severity| code == Code::SplitByCommit && severity == Severity::Warning;
        assert!(findings.iter().all(|finding| is_it(finding.code, finding.severity)), "{upgrade}: {findings:?}");
        findings.len()
    }

    #[test]
    fn what_may_run_twice_is_not_split() {
        for (rows, expect) in [
            ("INSERT INTO s (name) VALUES ('x')", 1),
            ("INSERT INTO s VALUES (1, 'x', 2, 3)", 1),
            ("INSERT INTO l SELECT n FROM s", 1),
            ("INSERT IGNORE INTO l (a) VALUES (1)", 1),
            ("INSERT IGNORE INTO s (n) VALUES (1)", 1),
            ("REPLACE INTO s (n) VALUES (1)", 1),
            ("INSERT INTO s (name, n) VALUES ('x', 1) ON DUPLICATE KEY UPDATE n = n + 1", 1),
            ("UPDATE s SET n = n + 1", 1),
            ("UPDATE s SET m = 1, name = CONCAT(name, '!') WHERE id > 3", 1),
            ("INSERT IGNORE INTO s (name, n) VALUES ('x', -1)", 0),
            ("REPLACE INTO s VALUES (1, 'x', 2, 3)", 0),
            ("INSERT INTO s (name, n) VALUES ('x', 1) ON DUPLICATE KEY UPDATE n = VALUES(n)", 0),
            ("INSERT INTO l SELECT n FROM s WHERE NOT EXISTS (SELECT 1 FROM l WHERE a = n)", 0),
            ("UPDATE s SET n = 0 WHERE n IS NULL", 0),
            ("UPDATE s SET n = m + 1", 0),
            ("UPDATE s SET n = n * 100, m = 1 WHERE m = 0", 0),
            ("UPDATE s SET name = TRIM(name)", 0),
            ("DELETE FROM s WHERE n < 3", 0),
            ("INSERT INTO alembic_version VALUES ('1')", 0),
            ("CREATE TABLE k (a INT); INSERT INTO k VALUES (1)", 0),
        ] {
            assert_eq!(split(&format!("{rows};\nALTER TABLE l ADD COLUMN b INT;\nDROP TABLE l;")), expect, "{rows}");
        }
    }

    #[test]
    fn only_ddl_behind_the_rows_splits() {
        const ROWS: &str = "INSERT INTO s (name) VALUES ('x');";
        for upgrade in [
            format!("ALTER TABLE l ADD COLUMN b INT; {ROWS}"),
            format!("{ROWS} DELETE FROM l;"),
            format!("{ROWS} CREATE TEMPORARY TABLE k (a INT); DROP TEMPORARY TABLE k;"),
            format!("{ROWS} SET foreign_key_checks = 0;"),
            format!("-- @upgrade; no-transaction\n{ROWS} ALTER TABLE l ADD COLUMN b INT;"),
        ] {
            assert_eq!(split(&upgrade), 0, "{upgrade}");
        }
    }
}
