//! What goes wrong in Alembic, each tried there, and must not go wrong here. Where a vector's row shows it already, the
//! row is named.

use crate::transcript::{Played, play};
use crate::{chains, messages, paths, scripts, verbs};

/// A revision `a` with everything that SQLite can hang on a table, and a revision `b` that makes the table anew, written as
/// the reference of revision files says. What Alembic does of itself in a batch is written out here, so it is kept.
macro_rules! rebuilt {
    ($check:literal) => {
        concat!(
            "> migrations/versions/a_x.sql; -- a\\n-- revision: a\\n-- down_revision: base\\n-- @upgrade\\n\
             CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, n INTEGER, CHECK (n >= 0));\\n\
             CREATE TABLE child (t INTEGER REFERENCES t (id) ON DELETE CASCADE);\\n\
             CREATE TABLE log (what TEXT);\\n\
             CREATE INDEX by_name ON t (lower(name));\\n\
             CREATE TRIGGER logged AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.name); END;\\n\
             CREATE VIEW v AS SELECT name FROM t;\\n\
             INSERT INTO t (name, n) VALUES ('one', 1), ('two', 2);\\n\
             INSERT INTO child VALUES (1), (2);\\n-- @downgrade\\n\n",
            "> migrations/versions/b_x.sql; -- b\\n-- revision: b\\n-- down_revision: a\\n-- @upgrade sqlite; rebuild\\n\
             DROP VIEW v;\\n\
             CREATE TABLE t_new (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, n BIGINT, CHECK (n >= 0));\\n\
             INSERT INTO t_new SELECT id, name, n FROM t;\\n\
             DROP TABLE t;\\n\
             ALTER TABLE t_new RENAME TO t;\\n\
             CREATE INDEX by_name ON t (lower(name));\\n\
             CREATE TRIGGER logged AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.name); END;\\n\
             CREATE VIEW v AS SELECT name FROM t;\\n-- @downgrade\\n\n",
            $check
        )
    };
}

/// The same `a`, and a `b` that fails after the old table is gone.
macro_rules! broken {
    ($statement:literal, $check:literal) => {
        concat!(
            "> migrations/versions/a_x.sql; -- a\\n-- revision: a\\n-- down_revision: base\\n-- @upgrade\\n\
             CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n INTEGER);\\n\
             CREATE VIEW v AS SELECT name FROM t;\\nINSERT INTO t VALUES (1, 'one', 1);\\n-- @downgrade\\n\n",
            "> migrations/versions/b_x.sql; -- b\\n-- revision: b\\n-- down_revision: a\\n-- @upgrade sqlite; rebuild\\n\
             CREATE TABLE t_new (id INTEGER PRIMARY KEY, name TEXT);\\nINSERT INTO t_new SELECT id, name FROM t;\\n",
            $statement,
            "\\n-- @downgrade\\n\n",
            $check
        )
    };
}

const ROWS: &[Played] = &[
    Played {
        name: "an unnamed CHECK",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; INSERT OR IGNORE INTO t (name, n) VALUES ('three', -1)
            : app.db; SELECT count(*) FROM t
            | 2"
        ),
        alembic: "gone after a batch",
    },
    Played {
        name: "AUTOINCREMENT",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; DELETE FROM t WHERE id = 2; INSERT INTO t (name, n) VALUES ('three', 3)
            : app.db; SELECT max(id) FROM t
            | 3"
        ),
        alembic: "gone after a batch",
    },
    Played {
        name: "COLLATE",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; SELECT id FROM t WHERE name = 'ONE'
            | 1"
        ),
        alembic: "gone after a batch",
    },
    Played {
        name: "an index over an expression",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; SELECT sql FROM sqlite_schema WHERE name = 'by_name'
            | CREATE INDEX by_name ON t (lower(name))"
        ),
        alembic: "gone after a batch",
    },
    Played {
        name: "a trigger",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; DELETE FROM log; INSERT INTO t (name, n) VALUES ('three', 3)
            : app.db; SELECT what FROM log
            | three"
        ),
        alembic: "gone after a batch",
    },
    Played {
        name: "a view",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; SELECT name FROM v ORDER BY 1
            | one
            | two"
        ),
        alembic: "the batch fails at its last step, and leaves the copy behind",
    },
    Played {
        name: "rows that refer to the table",
        chain: "",
        does: rebuilt!(
            "$ upgrade -q
            : app.db; SELECT count(*) FROM child
            | 2
            : app.db; DELETE FROM t WHERE id = 1
            : app.db; SELECT count(*) FROM child
            | 1"
        ),
        alembic: "with foreign keys on, a batch deletes them without a word",
    },
    Played {
        name: "a rebuild that is not said to be one",
        chain: "",
        does: "
            > migrations/versions/a_x.sql; -- a\\n-- revision: a\\n-- down_revision: base\\n-- @upgrade\\nCREATE TABLE t (id INTEGER PRIMARY KEY);\\nCREATE TABLE child (t INTEGER REFERENCES t (id));\\n-- @downgrade\\n
            > migrations/versions/b_x.sql; -- b\\n-- revision: b\\n-- down_revision: a\\n-- @upgrade\\nCREATE TABLE t_new (id INTEGER PRIMARY KEY);\\nINSERT INTO t_new SELECT id FROM t;\\nDROP TABLE t;\\nALTER TABLE t_new RENAME TO t;\\n-- @downgrade\\n
            % verify
            = 1
            ! [RC206]",
        alembic: "runs it",
    },
    Played {
        name: "an index on a column that goes",
        chain: "",
        does: broken!(
            "DROP VIEW v;\\nDROP TABLE t;\\nALTER TABLE t_new RENAME TO t;\\nCREATE INDEX i ON t (n);",
            "$ upgrade
            = 1
            ! revision `b` failed to upgrade at migrations/versions/b_x.sql:
            ! nothing of `b` was kept
            $ upgrade a -q
            : app.db; SELECT name, n FROM t
            | one 1
            : app.db; SELECT name FROM sqlite_schema WHERE name LIKE 't%' OR name = 'v' ORDER BY 1
            | t
            | v"
        ),
        alembic: "the batch fails after the copy has taken the table's place",
    },
    Played {
        name: "a failed rebuild is in nobody's way",
        chain: "",
        does: broken!(
            "DROP TABLE t;\\nALTER TABLE t_new RENAME TO t;",
            "$ upgrade a -q
            $ upgrade
            = 1
            ! error in view v: no such table: main.t
            $ current
            | a
            : app.db; SELECT name, n FROM t
            | one 1
            > migrations/versions/b_x.sql; -- b\\n-- revision: b\\n-- down_revision: a\\n-- @upgrade sqlite; rebuild\\nCREATE TABLE t_new (id INTEGER PRIMARY KEY, name TEXT);\\nINSERT INTO t_new SELECT id, name FROM t;\\nDROP VIEW v;\\nDROP TABLE t;\\nALTER TABLE t_new RENAME TO t;\\nCREATE VIEW v AS SELECT name FROM t;\\n-- @downgrade\\n
            $ upgrade -q
            $ current
            | b (head)"
        ),
        alembic: "the copy that it left blocks every further try",
    },
    Played {
        name: "quiet errors",
        chain: "{a} -> base",
        does: "
            % -q upgrade zzzz
            = 1
            ! Can't locate revision identified by 'zzzz'",
        alembic: "-q swallows the error as well",
    },
    Played {
        name: "errors in a script",
        chain: "{a} -> base, {b} -> {a}",
        does: "
            > migrations/versions/{c}_x.rs; //! c\\n//! revision: {c}\\n//! down_revision: {b}\\npub async fn upgrade() {}\\npub async fn downgrade() {}\\n
            % upgrade head --sql
            = 1
            ! {c}",
        alembic: "prints the error to standard output, behind half of the script",
    },
    Played {
        name: "an id that exists",
        chain: "{a} -> base, {b} -> {a}",
        does: "
            % revision --rev-id {a} -m again
            = 2
            ! there is a revision `{a}` already
            $ verify
            ~ 2 revisions",
        alembic: "writes the file, and the chain is a circle",
    },
    Played {
        name: "a hook that fails",
        chain: "{a} -> base",
        does: "
            > migrations/revchain.toml; dialects = ['sqlite']\\n[[revision.hooks]]\\ncommand = ['false']\\n
            $ revision --rev-id {b}
            = 1
            ! the hook `false` failed
            ! is written
            ? migrations/versions/{b}_.sql",
        alembic: "is not noticed",
    },
    Played {
        name: "a hook that is not there",
        chain: "{a} -> base",
        does: "
            > migrations/revchain.toml; dialects = ['sqlite']\\n[[revision.hooks]]\\ncommand = ['no_such_program_here']\\n
            % revision --rev-id {b}
            = 1
            ! the hook `no_such_program_here` cannot run",
        alembic: "is noticed when the file has been written, with a traceback",
    },
    Played {
        name: "the base, shown",
        chain: "{a} -> base",
        does: "
            % show base
            ! That is the base: there is no revision to show.",
        alembic: "says nothing",
    },
    Played {
        name: "identifiers are the same everywhere",
        chain: "{a} -> base, {b} -> {a}",
        does: "
            $ show head-1
            ~ Rev: {a}
            $ show {a}+1
            ~ Rev: {b}
            $ edit head-1
            ~ {a}_x.sql
            $ stamp head-1 -q
            $ current
            | {a}
            % upgrade current+1
            = 1
            ! Can't locate revision identified by 'current'
            ! `current` is where the database stands; `+1` and `-1` count from there",
        alembic: "show takes no head-1; upgrade current+1 can't be located, and nothing more is said",
    },
];

/// The slip, and the row that shows it.
#[rustfmt::skip]
const SHOWN: &[(&str, &str)] = &[
    ("an upgrade to an older revision is silent", "A-20"),
    ("text behind a number is left out", "text behind a number"),
    ("an unknown id, an ambiguous one and a stale one are one message", "M-6"),
    ("`:current` at base lists everything", "other ranges"),
    ("`-1:current` counts from the head", "other ranges"),
    ("`-9:head` can't locate head", "other ranges"),
    ("`history -r -2:head` is a usage error", "C-2"),
    ("`a:b:c` and `:b` are tracebacks", "ranges that are none"),
    ("a reversed or empty script is nothing at all", "ranges that are none"),
    ("two files with one id are a warning", "B-9"),
    ("a missing parent is a KeyError", "B-8"),
    ("a circle names those that hang on it", "B-6"),
    ("a missing down_revision is an AttributeError", "M-52"),
    ("two rows in the version table are called an overlap", "C-10"),
    ("a stale id stops everything, without a cause", "C-9"),
    ("a place in lower case is no time zone", "M-54"),
    ("a failure half-way leaves half of a revision on SQLite", "A-27"),
    ("not being at head is an error like any other", "C-13"),
];

#[test]
fn none_is_repeated() {
    play(ROWS);
}

#[test]
fn each_is_shown() {
    let known: Vec<&str> =
        [chains::names(), paths::names(), verbs::names(), scripts::names(), messages::names()].concat();
    for (slip, row) in SHOWN {
        assert!(known.contains(row), "{slip}: there is no row {row}");
    }
}
