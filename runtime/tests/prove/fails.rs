//! Chains that must fail, and what is said. Most of them no compiler would let through, or only with a word of the author's that
//! is not true.

use revchain::__private::StepFuture;
use revchain::Dialect::{self, Mysql, Postgres, Sqlite};
use revchain::Op;

use crate::made::{Made, Revision, Rust, Sql, path};

const ALL: [Dialect; 3] = [Sqlite, Postgres, Mysql];
const USERS: Revision = Sql("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20));", "DROP TABLE users;");

/// What is said of the last revision.
#[track_caller]
fn said(dialect: Dialect, name: &str, revisions: &[Revision], expected: &[&str]) {
    let Some(made) = Made::of(dialect, revisions) else { return };
    contains(&made.fails(path(name)), dialect, expected);
}

#[track_caller]
fn contains(text: &str, dialect: Dialect, expected: &[&str]) {
    for part in expected.iter().chain(&[dialect.name()]) {
        assert!(text.contains(part), "{dialect:?}: `{part}` is not in:\n{text}");
    }
}

#[test]
fn an_index_that_the_downgrade_forgets() {
    for dialect in ALL {
        let forgets = Sql("CREATE INDEX named ON users (name);", "SELECT 1;");
        let expected = [
            "revision a00000000001 (migrations/versions/a00000000001_step.sql)",
            "after the downgrade the database is not what it was before the upgrade",
            "index `named` of `users`: left behind, not there before the upgrade",
        ];
        said(dialect, "forgets", &[USERS, forgets], &expected);
    }
}

/// What a function does to the schema, it has to declare.
#[test]
fn an_index_that_a_function_makes() {
    fn up<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
        Box::pin(async move { op.execute("CREATE INDEX named ON users (name)").await.map(drop) })
    }
    fn down<'a>(_: &'a mut Op<'_>) -> StepFuture<'a> {
        Box::pin(async { Ok(()) })
    }
    for dialect in ALL {
        let expected = [
            "a00000000001_step.rs",
            "after the upgrade",
            "index `named` of `users`: in the database, not in the chain",
        ];
        said(dialect, "function", &[USERS, Rust(up, down)], &expected);
    }
}

/// Where the replay can say nothing, what was there before does.
#[test]
fn an_index_that_nobody_could_read() {
    let block = "DO $$ BEGIN EXECUTE 'CREATE TABLE users (id integer, name text)'; END $$;";
    let blocks = [Sql(block, "DROP TABLE users;"), Sql("CREATE INDEX named ON users (name);", "SELECT 1;")];
    let expected = ["index `named` of `users`: left behind, not there before the upgrade"];
    said(Postgres, "block", &blocks, &expected);
}

#[test]
fn a_trigger_that_the_downgrade_forgets() {
    let up = |dialect| match dialect {
        Sqlite => {
            "CREATE TRIGGER touched AFTER UPDATE ON users BEGIN UPDATE users SET name = 'x' WHERE id = new.id; END;"
        }
        Postgres => {
            "CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();"
        }
        _ => "CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW SET NEW.name = 'x';",
    };
    for dialect in ALL {
        let expected = ["trigger `touched` of `users`: left behind, not there before the upgrade"];
        said(dialect, "trigger", &[USERS, Sql(up(dialect), "SELECT 1;")], &expected);
    }
}

#[test]
fn rows_that_an_upgrade_loses() {
    // Made anew, and nobody copied what was in it.
    let up = |dialect| match dialect {
        Sqlite => {
            "; rebuild\nCREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR(20)); DROP TABLE users; ALTER TABLE other RENAME TO users;"
        }
        Postgres => {
            "CREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR(20)); DROP TABLE users; ALTER TABLE other RENAME TO users; \
             ALTER INDEX other_pkey RENAME TO users_pkey;"
        }
        _ => {
            "CREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR(20)); DROP TABLE users; ALTER TABLE other RENAME TO users;"
        }
    };
    for dialect in ALL {
        let up = up(dialect);
        said(
            dialect,
            "rows",
            &[USERS, Sql(up, "SELECT 1;")],
            &["rows are lost", "table `users`: 2 of 2 rows are gone"],
        );
        // And where there is no way back.
        let expected = ["rows are lost that were there before the upgrade:", "table `users`: 2 of 2 rows are gone"];
        said(dialect, "no_way_back", &[USERS, Sql(up, "; irreversible: why")], &expected);
    }
}

/// Nothing in the revision names the table.
#[test]
fn rows_that_a_trigger_takes() {
    for dialect in ALL {
        let trigger = match dialect {
            Postgres => {
                "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN NULL; END $$;\n\
                 CREATE TRIGGER forgets AFTER INSERT ON news FOR EACH ROW EXECUTE FUNCTION forget();"
            }
            Sqlite => "CREATE TRIGGER forgets AFTER INSERT ON news BEGIN DELETE FROM users; END;",
            _ => "CREATE TRIGGER forgets AFTER INSERT ON news FOR EACH ROW DELETE FROM users;",
        };
        let watched = Sql(format!("CREATE TABLE news (id INTEGER);\n{trigger}").leak(), "; irreversible: why");
        let sets_it_off = Sql("INSERT INTO news (id) VALUES (7);", "; irreversible: why");
        // The rows that are made up for `news` set it off, too: those of `users` come behind them.
        let expected = ["rows are lost", "table `users`: 2 of 2 rows are gone"];
        said(dialect, "trigger_takes", &[USERS, watched, sets_it_off], &expected);
    }
}

#[test]
fn values_that_an_upgrade_loses() {
    let up = "ALTER TABLE users DROP COLUMN name; ALTER TABLE users ADD COLUMN name VARCHAR(20);";
    for dialect in ALL {
        said(
            dialect,
            "values",
            &[USERS, Sql(up, "SELECT 1;")],
            &["table `users`: no row is any more what this one was:", "revchain 1"],
        );
    }
}

#[test]
fn a_downgrade_that_no_row_survives() {
    let strict = Sql("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);", "DROP TABLE users;");
    let drops = Sql("ALTER TABLE users DROP COLUMN name;", "ALTER TABLE users ADD COLUMN name VARCHAR(20) NOT NULL;");
    said(Postgres, "no_row", &[strict, drops], &["the downgrade fails: ", "contains null values"]);
}

#[test]
fn an_upgrade_that_runs_once_only() {
    let up = |dialect| match dialect {
        Postgres => "CREATE TYPE mood AS ENUM ('good');",
        _ => "CREATE TABLE moods (id INTEGER);",
    };
    // The author says that this is meant; running it again is another matter.
    let down = "-- @allow RC320: kept\nSELECT 1;";
    for dialect in ALL {
        said(
            dialect,
            "once",
            &[USERS, Sql(up(dialect), down)],
            &["the upgrade fails after the downgrade: ", "already exists"],
        );
    }
}

#[test]
fn a_replay_that_was_told_what_is_not_so() {
    let up = "-- @replay CREATE INDEX told ON users (name);\nCREATE INDEX made ON users (name);";
    let down = "-- @replay DROP INDEX told;\nDROP INDEX made;";
    for dialect in [Sqlite, Postgres] {
        let expected = [
            "after the upgrade the database is not what the chain says:",
            "index `told` of `users`: in the chain, not in the database",
        ];
        said(dialect, "told", &[USERS, Sql(up, down)], &expected);
        let Some(made) = Made::of(dialect, &[USERS, Sql(up, down)]) else { return };
        let expected = [
            "a database at the head is not what the chain says",
            "index `made` of `users`: in the database, not in the chain",
        ];
        contains(&made.head_fails(path("told_head")), dialect, &expected);
    }
}

#[test]
fn every_type_takes_a_value() {
    let types = |dialect| {
        match dialect {
        Sqlite => "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL UNIQUE, c BLOB NOT NULL, d DECIMAL(4, 2) NOT NULL, e, \
                   f TIMESTAMP NOT NULL, g BOOLEAN NOT NULL CHECK (g IN (0, 1)), h CHAR(1) NOT NULL UNIQUE);",
        Postgres => "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN short AS varchar(3);
                   CREATE TABLE t (a bigint NOT NULL, b text NOT NULL UNIQUE, c bytea NOT NULL, d numeric(4, 4) NOT NULL, e mood NOT NULL,
                   f timestamptz NOT NULL, g boolean NOT NULL, h char NOT NULL UNIQUE, i int[] NOT NULL, j jsonb NOT NULL, k uuid NOT NULL,
                   l inet NOT NULL, m interval NOT NULL, n short NOT NULL, o int4range NOT NULL, p bit(3) NOT NULL, q tsvector NOT NULL,
                   r serial, s int GENERATED ALWAYS AS IDENTITY, u int GENERATED ALWAYS AS (a + 1) STORED, v time NOT NULL, w date NOT NULL);",
        _ => "CREATE TABLE t (a bigint unsigned NOT NULL, b varchar(30) NOT NULL UNIQUE, c blob NOT NULL, d decimal(4, 2) NOT NULL,
                   e enum('good', 'bad') NOT NULL, f timestamp NOT NULL, g boolean NOT NULL, h char(1) NOT NULL UNIQUE, i set('x', 'y') NOT NULL,
                   j json NOT NULL, k year NOT NULL, l bit(3) NOT NULL, m time NOT NULL, n date NOT NULL, o binary(2) NOT NULL, p double NOT NULL,
                   r int NOT NULL AUTO_INCREMENT PRIMARY KEY, s point NOT NULL, t linestring NOT NULL, u polygon NOT NULL, v multipoint NOT NULL,
                   w multilinestring NOT NULL, x multipolygon NOT NULL, y geometrycollection NOT NULL, z time(6) NOT NULL);",
    }
    };
    // What refers to something gets a row after it, and each its own.
    let refers = Sql(
        "CREATE TABLE b (id INTEGER PRIMARY KEY, name VARCHAR(9));
         CREATE TABLE a (b_id INTEGER NOT NULL UNIQUE, FOREIGN KEY (b_id) REFERENCES b (id));",
        "DROP TABLE a;\nDROP TABLE b;",
    );
    for dialect in ALL {
        let loses = Sql(
            "DROP TABLE a; DROP TABLE b; DROP TABLE t; CREATE TABLE b (id INTEGER); CREATE TABLE a (b_id INTEGER); CREATE TABLE t (a INTEGER);",
            "; irreversible: why",
        );
        let expected = ["table `a`: 2 of 2", "table `b`: 2 of 2", "table `t`: 2 of 2"];
        said(dialect, "types", &[Sql(types(dialect), "DROP TABLE t;"), refers.clone(), loses], &expected);
    }
}
