//! Forms that a database's grammar doesn't have, where everybody who comes from another one writes them. Claims nothing of a
//! form that some version of the database has.

use revchain_core::Dialect;

use super::Cursor;
use crate::change::Part;
use crate::model::ObjectName;

/// Why a statement is no statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The guilty part.
    pub(crate) part: Part,
    /// One sentence.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
    /// The table that it was meant for.
    pub(crate) table: Option<ObjectName>,
}

const REBUILD: &str =
    "make a new table, copy the rows, drop the old one and rename the new one, in a section that says `rebuild`";

/// Looks at what follows ALTER, and goes back to where it was.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Refusal> {
    let start = cursor.position();
    let found = match (cursor.take(&["TABLE"]), cursor.dialect()) {
        (false, _) => None,
        (true, Dialect::Sqlite) => sqlite(cursor),
        (true, Dialect::Postgres | Dialect::Mysql) => without_comma(cursor),
    };
    cursor.seek(start);
    found.map(|refusal| {
        cursor.take(&["TABLE"]);
        cursor.take_if_exists();
        cursor.take(&["ONLY"]);
        let table = cursor.object().map(|named| named.name);
        cursor.seek(start);
        Refusal { table, ..refusal }
    })
}

/// MySQL's `DROP INDEX`, behind its name, where it doesn't say ON.
pub(super) fn drop_index(cursor: &mut Cursor<'_>) -> Refusal {
    Refusal {
        part: cursor.part((0, cursor.position())),
        message: "on MySQL `DROP INDEX` has to name the table".to_owned(),
        help: "add `ON` and the table: an index's name is its table's",
        table: None,
    }
}

/// `ADD COLUMN a INT ADD COLUMN b INT`: two actions, and no comma between them.
fn without_comma(cursor: &mut Cursor<'_>) -> Option<Refusal> {
    let (mut depth, mut open) = (0usize, false);
    while !cursor.is_at_end() {
        match cursor.mark(0) {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => open = false,
            _ => {}
        }
        let at = cursor.position();
        let begins = depth == 0
            && cursor.sees(1, "COLUMN")
            && cursor.is_any(&["ADD", "ALTER", "CHANGE", "DROP", "MODIFY", "RENAME"]);
        // Behind a dropped column's name nothing stands but CASCADE.
        let follows =
            open && cursor.dialect() == Dialect::Mysql && cursor.is_any(&["ALGORITHM", "LOCK"]) && at >= 3 && {
                cursor.seek(at - 3);
                let drops = cursor.sees(0, "DROP") && cursor.sees(1, "COLUMN");
                cursor.seek(at);
                drops
            };
        if begins && open || follows {
            let words = if begins { 2 } else { 1 };
            let part = cursor.part((at, at + words));
            let shown = cursor.source().get(part.0..part.1).unwrap_or_default().to_uppercase();
            let message = format!("a comma is missing before this `{shown}`");
            return Some(Refusal {
                part,
                message,
                help: "the actions of one `ALTER TABLE` have commas between them",
                table: None,
            });
        }
        if begins {
            open = true;
            cursor.next();
        }
        cursor.next();
    }
    None
}

/// What SQLite's `ALTER TABLE`, which renames, and adds and drops one column, doesn't do.
fn sqlite(cursor: &mut Cursor<'_>) -> Option<Refusal> {
    if cursor.sees(0, "IF") && cursor.sees(1, "EXISTS") {
        let at = cursor.position();
        return Some(conditional(cursor, at, "`ALTER TABLE`", "IF EXISTS"));
    }
    cursor.object()?;
    let at = cursor.position();
    let column = usize::from(cursor.sees(1, "COLUMN"));
    let sees =
        |cursor: &mut Cursor<'_>, ahead: usize, words: &[&str]| words.iter().any(|word| cursor.sees(ahead, word));
    if cursor.is_any(&["CHANGE", "MODIFY"]) {
        return Some(unheard(cursor, at, 1 + column, REBUILD));
    }
    if cursor.is(&["ALTER"]) {
        let then = 2 + column;
        let is_known = sees(cursor, then, &["TYPE"])
            || sees(cursor, then, &["SET"]) && sees(cursor, then + 1, &["DATA", "DEFAULT"])
            || sees(cursor, then, &["DROP"]) && sees(cursor, then + 1, &["DEFAULT"]);
        return is_known.then(|| unheard(cursor, at, 1 + column, REBUILD));
    }
    if cursor.is(&["DROP"]) {
        if sees(cursor, 1 + column, &["IF"]) && sees(cursor, 2 + column, &["EXISTS"]) {
            return Some(conditional(cursor, at + 1 + column, "`DROP COLUMN`", "IF EXISTS"));
        }
        if sees(cursor, 1, &["FOREIGN", "PRIMARY"]) && sees(cursor, 2, &["KEY"]) {
            return Some(unheard(cursor, at, 3, REBUILD));
        }
        if sees(cursor, 1, &["INDEX"]) {
            return Some(unheard(cursor, at, 2, "write `DROP INDEX` and its name, as a statement of its own"));
        }
    }
    if cursor.is(&["ADD"]) {
        if sees(cursor, 1 + column, &["IF"]) && sees(cursor, 2 + column, &["NOT"]) {
            return Some(conditional(cursor, at + 1 + column, "`ADD COLUMN`", "IF NOT EXISTS"));
        }
        let named = if cursor.sees(1, "CONSTRAINT") { 2 } else { 0 };
        if column == 0 && sees(cursor, 1 + named, &["FOREIGN", "PRIMARY"]) && sees(cursor, 2 + named, &["KEY"]) {
            return Some(unheard(cursor, at, 3 + named, REBUILD));
        }
        if column == 0 && sees(cursor, 1 + named, &["UNIQUE"]) {
            return Some(unheard(cursor, at, 2 + named, "write `CREATE UNIQUE INDEX`, as a statement of its own"));
        }
        if sees(cursor, 1, &["INDEX"]) {
            return Some(unheard(cursor, at, 2, "write `CREATE INDEX`, as a statement of its own"));
        }
    }
    let adds = cursor.is(&["ADD"]);
    cursor.seek(at + 2 + column);
    let mut depth = 0usize;
    while !cursor.is_at_end() {
        let here = cursor.position();
        match cursor.mark(0) {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                return Some(Refusal {
                    part: cursor.part((here, here + 1)),
                    message: "on SQLite an `ALTER TABLE` does one thing at a time".to_owned(),
                    help: "end the statement here, and begin another `ALTER TABLE`",
                    table: None,
                });
            }
            _ => {}
        }
        let unique = cursor.sees(0, "UNIQUE");
        if adds && depth == 0 && (unique || cursor.sees(0, "PRIMARY") && cursor.sees(1, "KEY")) {
            let word = if unique { "UNIQUE" } else { "PRIMARY KEY" };
            return Some(Refusal {
                part: cursor.part((here, here + if unique { 1 } else { 2 })),
                message: format!("on SQLite no column can be added that is `{word}`"),
                help: if unique { "add the column, and make a unique index on it" } else { REBUILD },
                table: None,
            });
        }
        cursor.next();
    }
    None
}

fn unheard(cursor: &mut Cursor<'_>, at: usize, words: usize, help: &'static str) -> Refusal {
    let part = cursor.part((at, at + words));
    let shown = cursor.source().get(part.0..part.1).unwrap_or_default().to_uppercase();
    Refusal { part, message: format!("on SQLite there is no `ALTER TABLE … {shown}`"), help, table: None }
}

fn conditional(cursor: &mut Cursor<'_>, at: usize, of: &str, condition: &str) -> Refusal {
    let words = condition.split(' ').count();
    Refusal {
        part: cursor.part((at, at + words)),
        message: format!("on SQLite {of} knows no `{condition}`"),
        help: "leave it out: which tables and columns there are, the chain tells",
        table: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reading, read};
    use super::*;

    #[test]
    fn forms_of_another_database_are_refused() {
        for (dialect, statement, part) in [
            (Dialect::Mysql, "DROP INDEX i", Some("DROP INDEX i")),
            (Dialect::Mysql, "DROP INDEX i ON t", None),
            (Dialect::Postgres, "DROP INDEX i", None),
            (Dialect::Sqlite, "DROP INDEX i", None),
            (Dialect::Mysql, "ALTER TABLE t ADD COLUMN a INT ADD COLUMN b INT", Some("ADD COLUMN")),
            (Dialect::Postgres, "ALTER TABLE t\n  DROP COLUMN a\n  drop column b", Some("drop column")),
            (Dialect::Mysql, "ALTER TABLE t DROP COLUMN a ALGORITHM = INPLACE, LOCK = NONE", Some("ALGORITHM")),
            (Dialect::Mysql, "ALTER TABLE t DROP COLUMN a, ALGORITHM = INPLACE, LOCK = NONE", None),
            (Dialect::Mysql, "ALTER TABLE t ADD COLUMN (a INT, b INT), DROP COLUMN c", None),
            (Dialect::Mysql, "ALTER TABLE t ADD COLUMN a INT COMMENT 'ADD COLUMN', ENGINE = InnoDB", None),
            (
                Dialect::Postgres,
                "ALTER TABLE t ALTER COLUMN a TYPE int USING (a::int), ALTER COLUMN b DROP DEFAULT",
                None,
            ),
            (Dialect::Sqlite, "ALTER TABLE t ALTER COLUMN a TYPE INTEGER", Some("ALTER COLUMN")),
            (Dialect::Sqlite, "ALTER TABLE t ALTER a SET DEFAULT 1", Some("ALTER")),
            (Dialect::Sqlite, "ALTER TABLE t ALTER COLUMN a SET NOT NULL", None),
            (Dialect::Sqlite, "ALTER TABLE t MODIFY COLUMN a INT", Some("MODIFY COLUMN")),
            (
                Dialect::Sqlite,
                "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id)",
                Some("ADD CONSTRAINT c FOREIGN KEY"),
            ),
            (Dialect::Sqlite, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", None),
            (Dialect::Sqlite, "ALTER TABLE t ADD UNIQUE (a)", Some("ADD UNIQUE")),
            (Dialect::Sqlite, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT", Some("IF NOT EXISTS")),
            (Dialect::Sqlite, "ALTER TABLE t DROP COLUMN IF EXISTS a", Some("IF EXISTS")),
            (Dialect::Sqlite, "ALTER TABLE IF EXISTS t RENAME TO u", Some("IF EXISTS")),
            (Dialect::Sqlite, "ALTER TABLE t ADD a INT, ADD b INT", Some(",")),
            (Dialect::Sqlite, "ALTER TABLE t ADD COLUMN a TEXT UNIQUE", Some("UNIQUE")),
            (Dialect::Sqlite, "ALTER TABLE t ADD a INTEGER PRIMARY KEY", Some("PRIMARY KEY")),
            (
                Dialect::Sqlite,
                "ALTER TABLE t ADD COLUMN a DECIMAL(10, 2) DEFAULT 'unique, key' CHECK (a IN (1, 2))",
                None,
            ),
            (Dialect::Sqlite, "ALTER TABLE main.t ADD \"unique\" TEXT REFERENCES u (id, b)", None),
            (Dialect::Sqlite, "ALTER TABLE t RENAME a TO b", None),
            (Dialect::Sqlite, "ALTER TABLE t DROP COLUMN a", None),
        ] {
            let found = match read(statement, dialect) {
                Reading::Refused(refusal) => statement.get(refusal.part.0..refusal.part.1),
                _ => None,
            };
            assert_eq!(found, part, "{statement}");
        }
    }
}
