//! Scripts that the clients must cut and loop as the runtime does: routine bodies, `repeat` sections, SQLite's check of
//! the foreign keys. Applied by `psql`, `mariadb` and `sqlite3`, where those are installed.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say so when they fail")]

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{Chain, Mode, Script, TestDatabase, Work, batch, work};
use revchain::{Dialect, Direction, Migrations, Transaction};

const NOTHING: [Script; 3] = [const { Script::Batches(Vec::new()) }; 3];

fn client(database: &TestDatabase) -> Command {
    let bare = database.url.split('?').next().unwrap();
    let mut command = match database.dialect {
        Dialect::Postgres => Command::new("psql"),
        Dialect::Mysql => Command::new("mariadb"),
        _ => Command::new("sqlite3"),
    };
    match database.dialect {
        Dialect::Postgres => command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", bare]),
        Dialect::Mysql => {
            let (who, place) = bare.trim_start_matches("mysql://").rsplit_once('@').unwrap();
            let (user, password) = who.split_once(':').unwrap_or((who, ""));
            let (host, name) = place.split_once('/').unwrap();
            let (host, port) = host.split_once(':').unwrap_or((host, "3306"));
            command.env("MYSQL_PWD", password).args(["--no-defaults", "--protocol=tcp", "-h", host, "-P", port]);
            // As the script's first line says.
            command.args(["--comments", "--binary-mode", "-u", user, name])
        }
        _ => command.args(["-bail", "-init", "/dev/null", bare.trim_start_matches("sqlite:")]),
    };
    command
}

/// Writes the script and applies it. `None` where there is no client; under `CI=true` that is a failure.
fn apply(database: &TestDatabase, chain: &Migrations, direction: Direction, range: &str) -> Option<Result<(), String>> {
    let script = chain.script(database.dialect, direction, range).unwrap();
    let spawned = client(database).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the client must be installed where CI=true");
        let _ = writeln!(std::io::stderr(), "SKIPPED: no client for {}", database.dialect.name());
        return None;
    };
    // One that stops at an error closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
    let output = child.wait_with_output().unwrap();
    Some(match output.status.success() {
        true => Ok(()),
        false => Err(format!("{}\n{script}", String::from_utf8_lossy(&output.stderr))),
    })
}

fn only(dialect: Dialect, work: &Work) -> Work {
    let Work::Sql(scripts) = work else { panic!("it is SQL") };
    let mut only = NOTHING;
    only[dialect as usize] = scripts[dialect as usize].clone();
    Work::Sql(only)
}

#[tokio::test]
async fn a_loop_goes_round_until_it_is_done() {
    for (dialect, statement) in [
        (Dialect::Postgres, "UPDATE t SET x = 'it''s' WHERE id IN (SELECT id FROM t WHERE x IS NULL LIMIT 3)"),
        (Dialect::Mysql, "UPDATE t SET x = 'it''s; \\'done\\'' WHERE x IS NULL LIMIT 3"),
    ] {
        let Some(database) = TestDatabase::make(dialect).await else { continue };
        let rounds = only(dialect, &work(&[batch(Mode::Repeat(3), &[statement])]));
        let chain = Chain::new()
            .sql(
                "a1",
                &[
                    "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20))",
                    "INSERT INTO t (id) VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)",
                ],
                &["DROP TABLE t"],
            )
            .work("b2", rounds.clone(), rounds)
            .build();
        if let Some(done) = apply(&database, chain, Direction::Upgrade, "head") {
            done.unwrap();
            assert_eq!(
                database.list("SELECT cast(count(*) AS CHAR(2)) FROM t WHERE x LIKE 'it''s%'").await.trim(),
                "10"
            );
            assert_eq!(database.version().await, "b2");
            apply(&database, chain, Direction::Downgrade, "head:base").unwrap().unwrap();
            assert_eq!(database.version().await, "");
        }
        database.finish().await;
    }
}

/// Twice more rows than the batch: PostgreSQL's loop gives up where the runtime would.
#[tokio::test]
async fn a_loop_without_progress_is_an_error() {
    let Some(database) = TestDatabase::make(Dialect::Postgres).await else { return };
    let endless = only(Dialect::Postgres, &work(&[batch(Mode::Repeat(2), &["UPDATE t SET x = x + 1"])]));
    let chain = Chain::new()
        .sql("a1", &["CREATE TABLE t (x INTEGER)", "INSERT INTO t VALUES (1), (2), (3)"], &[])
        .work("b2", endless, Work::Sql(NOTHING))
        .build();
    if let Some(done) = apply(&database, chain, Direction::Upgrade, "head") {
        let said = done.unwrap_err();
        assert!(said.contains("no progress: a round affected 3 rows where 2 were meant"), "{said}");
        assert_eq!(database.version().await, "a1");
    }
    database.finish().await;
}

#[tokio::test]
async fn a_routine_is_one_statement() {
    for (dialect, routine, drop) in [
        (
            Dialect::Mysql,
            "CREATE TRIGGER filled BEFORE INSERT ON t FOR EACH ROW BEGIN\n  IF NEW.x IS NULL THEN SET NEW.x = 'a;b'; END IF;\n  \
             -- it isn't over yet; not here\n  SET NEW.id = NEW.id + 1; END",
            "DROP TRIGGER filled",
        ),
        (
            Dialect::Postgres,
            "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.x := coalesce(NEW.x, 'a;b'); \
             NEW.id := NEW.id + 1; RETURN NEW; END $$; CREATE TRIGGER filled BEFORE INSERT ON t FOR EACH ROW \
             EXECUTE FUNCTION fill()",
            "DROP TRIGGER filled ON t; DROP FUNCTION fill()",
        ),
        (
            Dialect::Sqlite,
            "CREATE TRIGGER filled AFTER INSERT ON t BEGIN UPDATE t SET x = 'a;b' WHERE x IS NULL; \
             UPDATE t SET id = id + 1 WHERE id = NEW.id; END",
            "DROP TRIGGER filled",
        ),
    ] {
        let Some(database) = TestDatabase::make(dialect).await else { continue };
        let chain = Chain::new()
            .sql("a1", &["CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20))"], &["DROP TABLE t"])
            .sql("b2", &[routine, "INSERT INTO t (id) VALUES (1)"], &[drop])
            .build();
        if let Some(done) = apply(&database, chain, Direction::Upgrade, "head") {
            done.unwrap();
            assert_eq!(database.list("SELECT concat(x) FROM t WHERE id = 2").await, "a;b", "{}", dialect.name());
            apply(&database, chain, Direction::Downgrade, "b2:base").unwrap().unwrap();
            assert_eq!(database.tables().await, "alembic_version");
        }
        database.finish().await;
    }
}

/// The text of a routine is part of the schema: its comments, and the mode in which it was read.
#[tokio::test]
async fn a_routine_keeps_its_text() {
    let (Some(ran), Some(scripted)) =
        (TestDatabase::make(Dialect::Mysql).await, TestDatabase::make(Dialect::Mysql).await)
    else {
        return;
    };
    let routine = "CREATE PROCEDURE p()\r\nBEGIN\r\n  -- one; two\r\n  # three\n  SELECT 1; /* four */\nEND";
    let chain = Chain::new().sql("a1", &[routine], &[]).build();
    chain.upgrade(&mut ran.open().await, "head").await.unwrap();
    if let Some(done) = apply(&scripted, chain, Direction::Upgrade, "head") {
        done.unwrap();
        let text = "SELECT concat(sql_mode, routine_definition) FROM information_schema.routines \
                    WHERE routine_schema = database()";
        let found = scripted.list(text).await;
        assert_eq!(found, ran.list(text).await);
        assert!(found.contains("-- one; two\r\n  # three"), "{found}");
    }
    ran.finish().await;
    scripted.finish().await;
}

/// As in a run: violations that were there may stay, one more fails the revision, and nothing of it is kept.
#[tokio::test]
async fn a_rebuild_that_loses_parents_fails() {
    let database = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let parents = [
        "CREATE TABLE p2 (id INTEGER PRIMARY KEY)",
        "INSERT INTO p2 SELECT id FROM p WHERE id < 3",
        "DROP TABLE p",
        "ALTER TABLE p2 RENAME TO p",
    ];
    let keeps = ["CREATE TABLE p2 (id INTEGER PRIMARY KEY)", "INSERT INTO p2 SELECT id FROM p", parents[2], parents[3]];
    let chain = Chain::new()
        .sql(
            "a1",
            &[
                "CREATE TABLE p (id INTEGER PRIMARY KEY)",
                "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE)",
                "INSERT INTO p VALUES (1), (2), (3)",
                "INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)",
            ],
            &[],
        )
        .batches("b2", &[batch(Mode::Rebuild, &keeps)], &[])
        .batches("c3", &[batch(Mode::Rebuild, &parents)], &[])
        .build();
    let Some(done) = apply(&database, chain, Direction::Upgrade, "a1") else { return };
    done.unwrap();
    // A row whose parent is gone, from before.
    database.run("PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (9, 99)").await;
    apply(&database, chain, Direction::Upgrade, "a1:b2").unwrap().unwrap();
    assert_eq!(database.list("SELECT count(*) || '' FROM c").await, "4", "the children are not deleted");
    let said = apply(&database, chain, Direction::Upgrade, "b2:c3").unwrap().unwrap_err();
    assert!(said.contains("rows_have_a_parent_that_is_gone"), "{said}");
    assert_eq!(database.version().await, "b2");
    assert_eq!(database.list("SELECT id || '' FROM p").await, "1,2,3");
}

/// A dump empties the search path, another schema may have a table of the version table's name, and another role may not
/// write it.
#[tokio::test]
async fn the_version_row_is_found_whatever_is_set() {
    let Some(database) = TestDatabase::make(Dialect::Postgres).await else { return };
    let lost = ["SET LOCAL search_path = ''", "ALTER TABLE public.t ADD COLUMN y int"];
    // Another role's turn comes last: in one transaction it is that of the revisions after it, too.
    let other = [
        "CREATE SCHEMA app",
        "CREATE TABLE app.alembic_version (version_num VARCHAR(32))",
        "SET LOCAL SCHEMA 'app'",
        "INSERT INTO alembic_version VALUES ('b2')",
        "SET LOCAL ROLE pg_database_owner",
    ];
    let chain = |transaction| {
        Chain::new()
            .transaction(transaction)
            .sql("a1", &["CREATE TABLE t (x int)"], &["SET LOCAL search_path = ''", "DROP TABLE public.t"])
            .sql("b2", &lost, &["SELECT set_config('search_path', '', true)", "ALTER TABLE public.t DROP COLUMN y"])
            .sql("c3", &other, &["SET LOCAL search_path = app", "DROP TABLE alembic_version", "DROP SCHEMA app"])
            .build()
    };
    for chain in [chain(Transaction::PerRevision), chain(Transaction::PerRun)] {
        let Some(done) = apply(&database, chain, Direction::Upgrade, "head") else { break };
        done.unwrap();
        assert_eq!(database.list("SELECT version_num FROM public.alembic_version").await, "c3");
        assert_eq!(database.list("SELECT version_num FROM app.alembic_version").await, "b2");
        apply(&database, chain, Direction::Downgrade, "head:base").unwrap().unwrap();
        assert_eq!(database.list("SELECT version_num FROM public.alembic_version").await, "");
    }
    database.finish().await;
}

/// What a statement means depends on the session: the script's is that of a run.
#[tokio::test]
async fn the_session_is_that_of_a_run() {
    for (dialect, statements) in [
        (
            Dialect::Postgres,
            &["INSERT INTO t SELECT concat_ws(' ', current_setting('TimeZone'), current_setting('DateStyle'), \
               current_setting('client_encoding'), 'é')"][..],
        ),
        (
            Dialect::Mysql,
            // A blank before the parenthesis: the driver asks for IGNORE_SPACE when it connects.
            &[
                "INSERT INTO t SELECT concat(@@sql_mode, ' ', @@time_zone, ' ', @@collation_connection, ' ', max ('a' || 'é'))",
            ],
        ),
        (
            Dialect::Sqlite,
            &[
                "CREATE TABLE p (id INTEGER PRIMARY KEY)",
                "CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE)",
                "INSERT INTO p VALUES (1)",
                "INSERT INTO c VALUES (1)",
                "DELETE FROM p",
                "INSERT INTO t SELECT count(*) || ' é' FROM c",
            ],
        ),
    ] {
        let (Some(ran), Some(scripted)) = (TestDatabase::make(dialect).await, TestDatabase::make(dialect).await) else {
            continue;
        };
        let chain =
            Chain::new().sql("a1", &["CREATE TABLE t (x VARCHAR(200))"], &[]).sql("b2", statements, &[]).build();
        chain.upgrade(&mut ran.open().await, "head").await.unwrap();
        if let Some(done) = apply(&scripted, chain, Direction::Upgrade, "head") {
            done.unwrap();
            let found = scripted.list("SELECT x FROM t").await;
            assert_eq!(found, ran.list("SELECT x FROM t").await, "{}", dialect.name());
            assert!(found.ends_with('é'), "{found}");
        }
        ran.finish().await;
        scripted.finish().await;
    }
}
