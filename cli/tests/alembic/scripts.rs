//! Group D: offline SQL, and transactions. Scripts are compared statement by statement, in a short form:
//!
//! ```text
//! CREATE       CREATE TABLE IF NOT EXISTS alembic_version …, in Alembic's words
//! up:a down:a  what the revision's section says
//! +a a>b -a    INSERT, UPDATE and DELETE of the version row, in Alembic's words
//! ```

use crate::project::Project;
use crate::transcript::{Played, chain, play};
use crate::{IDS, assert_complete, servers, with_ids};

/// Vector, what is typed, the script on PostgreSQL, on MySQL and on SQLite, and what Alembic does where that is something
/// else. Where SQLite's is `""`, it is PostgreSQL's with `BEGIN IMMEDIATE`, and MySQL's is it without transactions.
type Row = (&'static str, &'static str, &'static str, [&'static str; 3], &'static str);

const ONE: &str = "transaction = 'per-run'\n";
const EACH: &str = "transaction = 'per-revision'\n";
const SQLITE: &str = "no BEGIN and no COMMIT on SQLite, so that a script that fails leaves half of itself";
const PER_RUN: &str = "one transaction for all of them unless told otherwise; here one for each on PostgreSQL";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("D-1", "", "upgrade {a}", ["BEGIN CREATE up:a +a COMMIT", "", ""], SQLITE),
    ("D-2", "", "upgrade {b}:{c}", ["BEGIN up:c b>c COMMIT", "", ""], ""),
    ("D-3", ONE, "downgrade {c}:base", ["BEGIN down:c c>b down:b b>a down:a -a COMMIT", "c>b down:c b>a down:b -a down:a", ""], "the row after the statements on MySQL too; here it names the lower revision while a step is under way"),
    ("D-4", ONE, "downgrade {c}:{a}", ["BEGIN down:c c>b down:b b>a COMMIT", "c>b down:c b>a down:b", ""], ""),
    ("D-5", ONE, "upgrade head", ["BEGIN CREATE up:a +a up:b a>b up:c b>c COMMIT", "", ""], ""),
    ("D-5", ONE, "upgrade base:head", ["BEGIN CREATE up:a +a up:b a>b up:c b>c COMMIT", "", ""], ""),
    ("D-6", "", "stamp {a}:head", ["a>c", "a>c", "a>c"], ""),
    ("D-6", "", "stamp e623981:head", ["a>c", "a>c", "a>c"], ""),
    ("D-7", "", "stamp head", ["BEGIN CREATE +c COMMIT", "", ""], ""),
    ("D-7", "", "stamp base", ["", "", ""], ""),
    ("D-8", ONE, "upgrade {c}", ["BEGIN CREATE up:a +a up:b a>b up:c b>c COMMIT", "", ""], ""),
    ("D-9", EACH, "upgrade {c}", ["BEGIN CREATE up:a +a COMMIT BEGIN up:b a>b COMMIT BEGIN up:c b>c COMMIT", "", ""], ""),
    ("D-10", "", "upgrade {a}:{c}", ["BEGIN up:b a>b COMMIT BEGIN up:c b>c COMMIT", "up:b a>b up:c b>c", "BEGIN IMMEDIATE up:b a>b up:c b>c COMMIT"], PER_RUN),
    ("", "", "upgrade {a}:+1", ["BEGIN up:b a>b COMMIT", "", ""], ""),
    ("", "", "upgrade +1", ["BEGIN CREATE up:a +a COMMIT", "", ""], ""),
    ("", "", "upgrade {b}:head", ["BEGIN up:c b>c COMMIT", "", ""], ""),
    ("", "", "upgrade {a}:head-1", ["BEGIN up:b a>b COMMIT", "", ""], ""),
    ("", "", "downgrade head:-1", ["BEGIN down:c c>b COMMIT", "c>b down:c", ""], ""),
    ("", "", "downgrade b7ea:b7ea-1", ["BEGIN down:c c>b COMMIT", "c>b down:c", ""], ""),
    ("", "", "stamp {c}:{a}", ["c>a", "c>a", "c>a"], ""),
    ("", "", "stamp {a}:base", ["-a", "-a", "-a"], ""),
    ("", "", "ensure-version", ["CREATE", "CREATE", "CREATE"], ""),
];

const OTHERS: &[Played] = &[
    Played {
        name: "D-11",
        chain: "{a} -> base",
        does: "
            > migrations/revchain.toml; dialects = ['postgres', 'mysql']
            > migrations/versions/{b}_x.sql; -- b\\n-- revision: {b}\\n-- down_revision: {a}\\n-- @upgrade postgres; no-transaction\\nVACUUM t1;\\n-- @upgrade\\nSELECT 2;\\n-- @upgrade postgres; no-transaction\\nVACUUM t3;\\n-- @upgrade\\nSELECT 4;\\n-- @upgrade postgres; no-transaction\\nVACUUM t5;\\n-- @upgrade mysql\\n-- @downgrade\\n
            $ upgrade {a}:{b} --sql --dialect postgres
            | -- For PostgreSQL: psql -X -v ON_ERROR_STOP=1 -f <this file>
            |
            | SET client_encoding = 'UTF8';
            | SET DateStyle = 'ISO, MDY';
            | SET TimeZone = 'UTC';
            |
            | -- Running upgrade {a} -> {b}
            |
            | VACUUM t1;
            |
            | BEGIN;
            |
            | SELECT 2;
            |
            | COMMIT;
            |
            | VACUUM t3;
            |
            | BEGIN;
            |
            | SELECT 4;
            |
            | COMMIT;
            |
            | VACUUM t5;
            |
            | UPDATE alembic_version SET version_num='{b}' WHERE alembic_version.version_num = '{a}';
            |
            $ upgrade {a}:{b} --sql --dialect mysql
            ~ SELECT 2;
            ~ SELECT 4;
            ~ UPDATE alembic_version",
        alembic: "",
    },
    Played {
        name: "D-12",
        chain: "",
        does: "
            > migrations/versions/{a}_x.sql; -- Two lines,\\n-- DROP TABLE everything;\\n--\\n-- revision: {a}\\n-- down_revision: base\\n-- @upgrade\\nSELECT 1;\\n-- @downgrade\\n
            $ history
            | <base> -> {a} (head), Two lines, DROP TABLE everything;
            $ upgrade head --sql
            | -- For SQLite: sqlite3 -bail <database> < <this file>
            |
            | PRAGMA foreign_keys = ON;
            |
            | BEGIN IMMEDIATE;
            |
            | CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
            |
            | -- Running upgrade  -> {a}
            |
            | SELECT 1;
            |
            | INSERT INTO alembic_version (version_num) VALUES ('{a}');
            |
            | COMMIT;
            |
            0 app.db",
        alembic: "",
    },
    Played {
        name: "D-13",
        chain: "{a} -> base, {b} -> {a}",
        does: "
            % downgrade {b} --sql
            = 2
            ! downgrade with --sql requires <fromrev>:<torev>
            % upgrade {a}:{b}
            = 2
            ! Range revision not allowed
            ! write `{b}`; ranges are for `--sql`",
        alembic: "the sentences without a remedy, and 255",
    },
    Played {
        name: "D-14",
        chain: "{a} -> base, {b} -> {a}, {c} -> {b}",
        does: "
            $ upgrade {c} -q
            $ upgrade {a}:{b} --sql --dialect sqlite
            ~ WHERE alembic_version.version_num = '{a}';
            $ upgrade +1 --sql --dialect sqlite
            ~ VALUES ('{a}');
            $ current
            | {c} (head)",
        alembic: "",
    },
    // No operations are here that could take a list: what is inserted is written as SQL, and each statement stands as it is.
    Played {
        name: "D-16",
        chain: "",
        does: "
            > migrations/versions/{a}_x.sql; -- a\\n-- revision: {a}\\n-- down_revision: base\\n-- @upgrade\\nINSERT INTO t VALUES (1, 'it''s; :x');\\nINSERT INTO t VALUES (2, '\\:y');\\n-- @downgrade\\n
            $ upgrade head --sql
            ~ INSERT INTO t VALUES (1, 'it''s; :x');
            ~ INSERT INTO t VALUES (2, '\\:y');
            $ downgrade {a}:base --sql
            ~ DELETE FROM alembic_version",
        alembic: "an INSERT with literals for each row of bulk_insert; `:x` in execute is a parameter, `\\:y` a colon",
    },
    // What Alembic calls a batch is written out here.
    Played {
        name: "D-17",
        chain: "",
        does: "
            > migrations/revchain.toml; dialects = ['sqlite', 'postgres']
            > migrations/versions/{a}_x.sql; -- a\\n-- revision: {a}\\n-- down_revision: base\\n-- @upgrade sqlite; rebuild\\nCREATE TABLE n (x);\\nDROP TABLE t;\\nALTER TABLE n RENAME TO t;\\n-- @upgrade postgres\\nALTER TABLE t DROP COLUMN y;\\n-- @downgrade\\n
            $ upgrade head --sql --dialect sqlite
            ~ PRAGMA foreign_keys = OFF;
            ~ ALTER TABLE n RENAME TO t;
            ~ rows_have_a_parent_that_is_gone
            $ upgrade head --sql --dialect postgres
            ~ ALTER TABLE t DROP COLUMN y;",
        alembic: "on SQLite refuses without a live database to reflect",
    },
    Played {
        name: "ranges that are none",
        chain: "{a} -> base, {b} -> {a}, {c} -> {b}",
        does: "
            % upgrade {a}:{b}:{c} --sql
            = 2
            ! `{a}:{b}:{c}` is not a range that a script can be written for: it has more than one colon
            % upgrade :{b} --sql
            = 2
            ! `:{b}` is not a range that a script can be written for: it has no start; write `base` where it starts there
            % upgrade {b}: --sql
            = 2
            ! it has no end; write `head` where it ends there
            % upgrade --sql -- -1:head
            = 2
            ! there is nothing that its start could be counted from
            % upgrade {c}:{a} --sql
            = 2
            ! Requested range {c}:{a} does not refer to ancestor/descendant revisions along the same branch: it ends before it starts
            % downgrade {a}:{c} --sql
            = 2
            ! a downgrade begins at the newer revision and ends at the older one
            % upgrade nope:head --sql
            = 1
            ! Can't locate revision identified by 'nope': this chain has no such revision
            % upgrade current:head --sql
            = 1
            ! Can't locate revision identified by 'current': this chain has no such revision
            % upgrade {a}:+9 --sql
            = 1
            ! Relative revision +9 didn't produce 9 migrations: there are 2 that way
            % upgrade {b}:{b} --sql
            ! There is nothing to do between these two revisions; the script is empty.
            % upgrade base --sql
            ! the script is empty
            % downgrade {b}:{b} --sql
            ! the script is empty",
        alembic: "`:b` and `a:b:c` are tracebacks; a reversed or empty upgrade is an empty script without a word",
    },
];

pub(crate) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.0).chain(OTHERS.iter().map(|row| row.name)).collect()
}

#[test]
fn every_vector_has_a_row() {
    let rows = ROWS.iter().map(|row| row.0).chain(OTHERS.iter().map(|row| row.name));
    let failing = servers::ROWS.iter().map(|row| row.name);
    assert_complete("D", 1..=17, rows.chain(failing).filter(|name| name.starts_with("D-")));
}

#[test]
fn the_other_rows() {
    play(OTHERS);
}

#[test]
fn each_script_is_written() {
    let project = chain(3);
    let mut wrong = Vec::new();
    for (name, config, typed, expected, _) in ROWS {
        project.write("migrations/revchain.toml", config);
        let [postgres, mysql, sqlite] = *expected;
        let bare = postgres.replace("BEGIN ", "").replace(" COMMIT", "");
        let derive = |given: &str, derived: String| if given.is_empty() { derived } else { given.to_owned() };
        let mysql = derive(mysql, bare);
        let mut begins = postgres.replace("BEGIN", "BEGIN IMMEDIATE");
        if config.is_empty() {
            begins = begins.replace(" COMMIT BEGIN IMMEDIATE", "");
        }
        let sqlite = derive(sqlite, begins);
        for (dialect, expected) in [("postgres", postgres), ("mysql", &mysql), ("sqlite", &sqlite)] {
            let found = script(&project, &with_ids(typed), dialect);
            if found != expected {
                wrong.push(format!("{name}: {typed} on {dialect}:\n  not {expected}\n  but {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the tool prints, in the short form.
fn script(project: &Project, typed: &str, dialect: &str) -> String {
    let words: Vec<&str> = typed.split(' ').chain(["--sql", "--dialect", dialect]).collect();
    let script = project.run(&words).done();
    let session = match dialect {
        "postgres" => {
            "-- For PostgreSQL: psql -X -v ON_ERROR_STOP=1 -f <this file>\n\n\
             SET client_encoding = 'UTF8';\nSET DateStyle = 'ISO, MDY';\nSET TimeZone = 'UTC';\n\n"
        }
        "mysql" => {
            "-- For MySQL and MariaDB: mariadb --comments --binary-mode <database> < <this file>\n\n\
             SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION,IGNORE_SPACE');\n\
             SET time_zone = '+00:00';\nSET NAMES utf8mb4;\n\n"
        }
        _ => "-- For SQLite: sqlite3 -bail <database> < <this file>\n\nPRAGMA foreign_keys = ON;\n\n",
    };
    let runs = !(typed.starts_with("stamp") || typed.starts_with("ensure"));
    let statements = match runs {
        true => script.strip_prefix(session).unwrap(),
        false => &script,
    };
    let mut short = Vec::new();
    for statement in statements.split("\n\n").filter(|statement| !statement.is_empty()) {
        if let Some(comment) = statement.strip_prefix("-- Running ") {
            assert!(comment.contains(" -> ") && !comment.contains("create"), "{comment}");
            continue;
        }
        short.push(shorten(statement));
    }
    short.join(" ")
}

fn shorten(statement: &str) -> String {
    let letters = IDS.iter().fold(statement.to_owned(), |text, (letter, id)| text.replace(id, letter));
    const CREATE: &str = "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, \
                          CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));";
    if letters == CREATE {
        return "CREATE".to_owned();
    }
    let between = |before: &str, after: &str| letters.strip_prefix(before)?.strip_suffix(after).map(str::to_owned);
    let forms: [(&str, &str, &str); 5] = [
        ("BEGIN", ";", "BEGIN"),
        ("CREATE TABLE t_", " (n INTEGER);", "up:"),
        ("DROP TABLE t_", ";", "down:"),
        ("INSERT INTO alembic_version (version_num) VALUES ('", "');", "+"),
        ("DELETE FROM alembic_version WHERE alembic_version.version_num = '", "';", "-"),
    ];
    for (before, after, short) in forms {
        if let Some(found) = between(before, after) {
            return format!("{short}{found}");
        }
    }
    let update = between("UPDATE alembic_version SET version_num='", "';");
    match update.as_deref().and_then(|row| row.split_once("' WHERE alembic_version.version_num = '")) {
        Some((to, from)) => format!("{from}>{to}"),
        None => letters.trim_end_matches(';').to_owned(),
    }
}
