//! Offline SQL: a range of the chain as one script, for `psql`, `mariadb` or `sqlite3` to apply where the program itself
//! may not. The script does what a run does, the session's settings, the transactions and the version row included.
//! Writes text and nothing else: no database is asked, and what only a database can answer is refused before anything
//! is written.

use std::fmt::Write as _;

use crate::chain::{Migrations, Mode, Work};
use crate::database::redacted;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::packed::{Batch, Statement};
use crate::plan::{self, Direction, Flight, Step};
use crate::target::Target;
use crate::timeouts::{Timeouts, busy_timeout};
use crate::version_table::{Swap, VersionTable};

impl Migrations {
    /// Writes what an upgrade or a downgrade would run, as SQL. The range is `<target>`, from base, or
    /// `<start>:<end>`, from just after the start; a downgrade needs both. Empty where there is nothing to do.
    ///
    /// ```
    /// # revchain::embed_migrations!("tests/migrations");
    /// use revchain::{Dialect, Direction};
    ///
    /// let script = MIGRATIONS.script(Dialect::Sqlite, Direction::Upgrade, "head")?;
    /// assert!(script.contains("INSERT INTO alembic_version (version_num) VALUES ("));
    /// # Ok::<(), revchain::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A range that is none; and [`ErrorKind::NotOffline`] for a revision that plain SQL can't say: a `.rs` revision,
    /// and on SQLite a `repeat` section.
    pub fn script(&self, dialect: Dialect, direction: Direction, range: &str) -> Result<String> {
        let (start, end) = ends(range)?;
        if start.is_none() && direction == Direction::Downgrade {
            return Err(bad_range(range, "downgrade with --sql requires <fromrev>:<torev>"));
        }
        let from = self.start(range, start)?;
        let target = Target::parse(end)?;
        let to = target.resolve(self, from, direction)?;
        if direction == Direction::Upgrade && to < from {
            return Err(Error::new(ErrorKind::ReversedRange { range: range.to_owned() }));
        }
        if direction == Direction::Downgrade && to > from {
            return Err(bad_range(range, "a downgrade begins at the newer revision and ends at the older one"));
        }
        let (plan, _) = plan::plan(self, dialect, direction, from, &target)?;
        if plan.is_empty() {
            return Ok(String::new());
        }
        let mut script = Writer::new(self, dialect);
        script.session();
        script.steps(&plan.steps, from == 0)?;
        Ok(script.text)
    }

    /// Writes what a stamp would do, as SQL. The range is `<target>`, for a database at base, or `<start>:<end>`.
    /// Empty where there is nothing to do.
    ///
    /// # Errors
    ///
    /// A range that is none.
    pub fn stamp_script(&self, dialect: Dialect, range: &str) -> Result<String> {
        let (start, end) = ends(range)?;
        let from = self.start(range, start)?;
        let to = Target::parse(end)?.resolve_either(self, from)?;
        let mut script = Writer::new(self, dialect);
        if from == to {
            return Ok(script.text);
        }
        let swap = Swap { from: plan::id_at(self, from), to: plan::id_at(self, to) };
        script.comment("stamp_revision", swap);
        if from == 0 {
            script.begin();
            script.create();
            script.row(swap);
            script.commit();
        } else {
            script.row(swap);
        }
        Ok(script.text)
    }

    /// The statement that makes the version table where there is none.
    pub fn version_table_script(&self, dialect: Dialect) -> String {
        let mut script = Writer::new(self, dialect);
        script.create();
        script.text
    }

    /// The level at which a script's range starts.
    fn start(&self, range: &str, start: Option<&str>) -> Result<usize> {
        let Some(start) = start else { return Ok(0) };
        let target = Target::parse(start)?;
        if target.is_relative() {
            return Err(bad_range(range, "there is nothing that its start could be counted from"));
        }
        target.resolve_either(self, 0)
    }
}

/// The two ends of a range, the first of which may be left out together with its colon.
fn ends(range: &str) -> Result<(Option<&str>, &str)> {
    match range.split_once(':') {
        None => Ok((None, range)),
        Some((_, end)) if end.contains(':') => Err(bad_range(range, "it has more than one colon")),
        // In Alembic an AssertionError, and not `base`: a range that lost its start would run everything.
        Some(("", _)) => Err(bad_range(range, "it has no start; write `base` where it starts there")),
        Some((_, "")) => Err(bad_range(range, "it has no end; write `head` where it ends there")),
        Some((start, end)) => Ok((Some(start), end)),
    }
}

fn bad_range(range: &str, reason: &str) -> Error {
    Error::new(ErrorKind::BadScriptRange { range: redacted(range), reason: reason.to_owned() })
}

/// A script in the making.
struct Writer<'m> {
    chain: &'m Migrations,
    dialect: Dialect,
    table: VersionTable,
    text: String,
}

impl<'m> Writer<'m> {
    fn new(chain: &'m Migrations, dialect: Dialect) -> Writer<'m> {
        let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
        Writer { chain, dialect, table: VersionTable::new(&chain.settings, quote), text: String::new() }
    }

    /// What sqlx says to the server when it connects, and the clients don't: it decides what `||`, `now()::date` and
    /// `ON DELETE CASCADE` do.
    fn session(&mut self) {
        self.text.push_str(match self.dialect {
            Dialect::Postgres => {
                "-- For PostgreSQL: psql -X -v ON_ERROR_STOP=1 -f <this file>\n\n\
                 SET client_encoding = 'UTF8';\nSET DateStyle = 'ISO, MDY';\nSET TimeZone = 'UTC';\n\n"
            }
            Dialect::Mysql => {
                // Without the two flags the client drops comments inside routines and turns CRLF into LF.
                "-- For MySQL and MariaDB: mariadb --comments --binary-mode <database> < <this file>\n\n\
                 SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION,IGNORE_SPACE');\n\
                 SET time_zone = '+00:00';\nSET NAMES utf8mb4;\n\n"
            }
            Dialect::Sqlite => "-- For SQLite: sqlite3 -bail <database> < <this file>\n\nPRAGMA foreign_keys = ON;\n\n",
        });
        self.limits();
    }

    /// The limits of `revchain.toml`.
    fn limits(&mut self) {
        let limits = Timeouts::of(&self.chain.settings);
        let statements = match self.dialect {
            Dialect::Postgres => limits.postgres("SET").concat(),
            Dialect::Mysql => limits.mysql().map(|sql| format!("{sql};\n")).unwrap_or_default(),
            Dialect::Sqlite => {
                let lock = limits.lock.map(|limit| format!("{};\n", busy_timeout(limit)));
                // Only whoever calls SQLite can stop a statement there.
                let statement = limits.statement.map(|_| "-- statement_timeout: sqlite3 has no such limit\n");
                [lock.as_deref(), statement].into_iter().flatten().collect()
            }
        };
        if !statements.is_empty() {
            let _ = writeln!(self.text, "{statements}");
        }
    }

    fn steps(&mut self, steps: &[Step], mut create: bool) -> Result {
        let mut left = steps;
        while let Some(flight) = Flight::next(left, self.dialect, self.chain.settings.transaction, false) {
            match flight {
                Flight::Atomic(steps) | Flight::Each(steps) => {
                    // MySQL commits DDL by itself: a transaction would promise what it can't keep.
                    if self.dialect == Dialect::Mysql {
                        steps.iter().try_for_each(|step| self.apart(step, std::mem::take(&mut create)))?;
                    } else {
                        self.begin();
                        self.create_once(&mut create);
                        let batches = |step: &Step| step.batches(self.dialect);
                        let local = steps.iter().any(|step| batches(step).iter().any(|batch| self.is_local(batch)));
                        if local {
                            self.rows_first(steps);
                        }
                        for step in steps {
                            self.comment(step.direction.name(), swap(step));
                            step.batches(self.dialect).iter().for_each(|batch| self.statements(batch));
                            if !local {
                                self.row(swap(step));
                            }
                        }
                        self.commit();
                    }
                }
                Flight::Rebuild(step) => {
                    self.comment(step.direction.name(), swap(step));
                    self.keys_off();
                    self.create_once(&mut create);
                    step.batches(self.dialect).iter().for_each(|batch| self.statements(batch));
                    self.row(swap(step));
                    self.keys_on();
                }
                Flight::Split(step) if !matches!(step.work(), Work::Rust(_)) => {
                    self.apart(step, std::mem::take(&mut create))?;
                }
                Flight::Split(step) | Flight::Function(step, _) => {
                    return Err(not_offline(step, "it is written in Rust, and requires a live database connection"));
                }
            }
            left = left.get(flight.steps().len()..).unwrap_or_default();
        }
        Ok(())
    }

    /// A step that is not one transaction. As in a run, the version row names the lower revision while it is under way.
    fn apart(&mut self, step: &Step, mut create: bool) -> Result {
        self.comment(step.direction.name(), swap(step));
        self.create_once(&mut create);
        let mut moved = step.direction == Direction::Downgrade;
        if moved {
            self.row(swap(step));
        }
        let batches = step.batches(self.dialect);
        for (index, batch) in batches.iter().enumerate() {
            let plain = self.dialect == Dialect::Mysql;
            match batch.mode {
                Mode::NoTransaction => self.statements(batch),
                Mode::Transaction | Mode::Rebuild if plain => self.statements(batch),
                Mode::Transaction | Mode::Rebuild => {
                    let rebuild = batch.mode == Mode::Rebuild && self.dialect == Dialect::Sqlite;
                    if rebuild {
                        self.keys_off()
                    } else {
                        self.begin()
                    }
                    let last = !moved && index + 1 == batches.len();
                    let local = self.is_local(batch);
                    if last && local {
                        self.rows_first(std::slice::from_ref(step));
                    }
                    self.statements(batch);
                    if last && !local {
                        self.row(swap(step));
                    }
                    moved |= last;
                    if rebuild { self.keys_on() } else { self.commit() }
                }
                Mode::Repeat(rows) => {
                    batch.statements().try_for_each(|statement| self.repeat(step, statement, rows))?
                }
            }
        }
        if !moved {
            self.row(swap(step));
        }
        Ok(())
    }

    /// Whether a batch may change, up to the end of the transaction, which table the version row is looked for in, or who
    /// looks: `SET LOCAL search_path` (every dump that pg_dump makes empties it), `SET LOCAL ROLE`.
    fn is_local(&self, batch: Batch) -> bool {
        let text = batch.sql.to_ascii_lowercase();
        self.dialect == Dialect::Postgres
            && (text.contains("set_config") || text.split_ascii_whitespace().any(|word| word == "local"))
    }

    /// The moves of the version row, before the statements of their transaction: where a run has them always.
    fn rows_first(&mut self, steps: &[Step]) {
        self.text.push_str("-- The version row first: what follows changes the session up to COMMIT\n\n");
        steps.iter().for_each(|step| self.row(swap(step)));
    }

    /// The ids and no message: that may have several lines, and the second would be no comment any more.
    fn comment(&mut self, verb: &str, swap: Swap<'_>) {
        let (from, to) = (swap.from.unwrap_or_default(), swap.to.unwrap_or_default());
        let _ = writeln!(self.text, "-- Running {verb} {from} -> {to}\n");
    }

    fn begin(&mut self) {
        match self.dialect {
            Dialect::Postgres => self.text.push_str("BEGIN;\n\n"),
            // The lock first, as in a run.
            Dialect::Sqlite => self.text.push_str("BEGIN IMMEDIATE;\n\n"),
            Dialect::Mysql => {}
        }
    }

    fn commit(&mut self) {
        if self.dialect != Dialect::Mysql {
            self.text.push_str("COMMIT;\n\n");
        }
    }

    fn create_once(&mut self, create: &mut bool) {
        if std::mem::take(create) {
            self.create();
        }
    }

    fn create(&mut self) {
        let create = self.table.create();
        let _ = writeln!(self.text, "{create};\n");
    }

    /// The version row's move, in Alembic's words.
    fn row(&mut self, swap: Swap<'_>) {
        let name = self.table.name();
        let literal = |id| self.table.literal(id);
        let sql = match (swap.from, swap.to) {
            (None, None) => return,
            (None, Some(to)) => self.table.insert(to),
            (Some(from), Some(to)) => {
                let (to, from) = (literal(to), literal(from));
                format!("UPDATE {name} SET version_num={to} WHERE {name}.version_num = {from}")
            }
            (Some(from), None) => format!("DELETE FROM {name} WHERE {name}.version_num = {}", literal(from)),
        };
        let _ = writeln!(self.text, "{sql};\n");
    }

    fn statements(&mut self, batch: Batch) {
        for statement in batch.statements() {
            self.statement(statement.sql);
        }
    }

    fn statement(&mut self, sql: &str) {
        // The client cuts at `;`, wherever it stands in a routine's body.
        let delimiter = (self.dialect == Dialect::Mysql && sql.contains(';')).then(|| delimiter(sql));
        match delimiter {
            Some(delimiter) => {
                let _ = writeln!(self.text, "DELIMITER {delimiter}\n{sql}\n{delimiter}\nDELIMITER ;\n");
            }
            None => {
                self.text.push_str(sql);
                // A comment at the end would swallow the terminator.
                let last = sql.lines().next_back().unwrap_or_default();
                let comment = last.contains("--") || last.contains('#');
                self.text.push_str(if comment { "\n;\n\n" } else { ";\n\n" });
            }
        }
    }

    /// The pragma does nothing inside a transaction, so it stands around it. The check fails the script where it ends
    /// with violations that were not there before; `foreign_key_check` alone would only print them.
    fn keys_off(&mut self) {
        self.text.push_str(
            "PRAGMA foreign_keys = OFF;\n\nBEGIN IMMEDIATE;\n\n\
             CREATE TEMP TABLE revchain_violations AS SELECT \"table\" AS child, parent, count(*) AS found \
             FROM pragma_foreign_key_check GROUP BY 1, 2;\n\n",
        );
    }

    fn keys_on(&mut self) {
        self.text.push_str(
            "CREATE TEMP TABLE revchain_new_violations (found CONSTRAINT rows_have_a_parent_that_is_gone CHECK (found <= 0));\n\n\
             INSERT INTO temp.revchain_new_violations SELECT count(*) - coalesce((SELECT old.found \
             FROM temp.revchain_violations AS old WHERE old.child = new.\"table\" AND old.parent = new.parent), 0) \
             FROM pragma_foreign_key_check AS new GROUP BY new.\"table\", new.parent;\n\n\
             DROP TABLE temp.revchain_new_violations;\n\nDROP TABLE temp.revchain_violations;\n\n\
             COMMIT;\n\nPRAGMA foreign_keys = ON;\n\n",
        );
    }

    /// A loop, each round of which commits, as in a run. No variable of the loop has a name that the statement could
    /// mean: on PostgreSQL it is executed from a string, on MySQL it sees only a session variable.
    fn repeat(&mut self, step: &Step, statement: Statement, rows: u64) -> Result {
        let sql = statement.sql;
        match self.dialect {
            Dialect::Postgres => {
                let (outer, inner) = (tag("repeat", sql), tag("statement", sql));
                let _ = writeln!(
                    self.text,
                    "DO {outer}\nDECLARE\n    affected bigint;\n    excess integer := 0;\nBEGIN\n    LOOP\n        \
                     EXECUTE {inner}\n{sql}\n{inner};\n        GET DIAGNOSTICS affected = ROW_COUNT;\n        COMMIT;\n        \
                     EXIT WHEN affected < {rows} OR affected = 0;\n        \
                     excess := CASE WHEN affected > {rows} THEN excess + 1 ELSE 0 END;\n        IF excess = 2 THEN\n            \
                     RAISE EXCEPTION 'no progress: a round affected % rows where {rows} were meant', affected;\n        \
                     END IF;\n    END LOOP;\nEND\n{outer};\n"
                );
            }
            Dialect::Mysql => {
                let delimiter = delimiter(sql);
                let _ = writeln!(
                    self.text,
                    "DROP PROCEDURE IF EXISTS revchain_repeat;\n\nDELIMITER {delimiter}\n\
                     CREATE PROCEDURE revchain_repeat()\nBEGIN\n    REPEAT\n{sql}\n;\n        \
                     SET @revchain_affected = ROW_COUNT();\n        COMMIT;\n    \
                     UNTIL @revchain_affected < {rows} OR @revchain_affected = 0 END REPEAT;\nEND\n{delimiter}\n\
                     DELIMITER ;\n\nCALL revchain_repeat();\n\nDROP PROCEDURE revchain_repeat;\n"
                );
            }
            Dialect::Sqlite => {
                return Err(not_offline(step, "a `repeat` section is a loop, and SQLite's SQL has none")
                    .placed(step, statement));
            }
        }
        Ok(())
    }
}

fn swap(step: &Step) -> Swap<'static> {
    Swap { from: step.from(), to: step.to() }
}

fn not_offline(step: &Step, reason: &str) -> Error {
    Error::new(ErrorKind::NotOffline { reason: reason.to_owned() }).at_step(step)
}

/// A line that ends a statement of the MySQL client, and does not occur in it.
fn delimiter(sql: &str) -> String {
    let mut delimiter = "$$".to_owned();
    while sql.contains(&delimiter) {
        delimiter.push('$');
    }
    delimiter
}

/// A dollar quote that does not occur in a statement.
fn tag(name: &str, sql: &str) -> String {
    let mut tag = format!("${name}$");
    while sql.contains(&tag) {
        tag.insert(1, '_');
    }
    tag
}

#[cfg(test)]
mod tests;
