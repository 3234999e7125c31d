//! `#[revchain::test]` on MySQL and MariaDB: a script that makes another database like the template. (Who has a password reaches Oracle's
//! MySQL with `--features sqlx/mysql-rsa` only: these tests, and the guide's.)

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "test"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say so when they fail")]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]

#[path = "testing_servers/alike.rs"]
mod alike;
mod common;
#[path = "testing_servers/rollback.rs"]
mod rollback;
#[path = "testing_servers/scenarios.rs"]
mod scenarios;

use common::{Chain, child};
use revchain::Dialect;
use revchain::testing::{Test, roll_back, run};

revchain::embed_migrations!("tests/migrations");

type Driver = sqlx::MySql;
type Pool = sqlx::MySqlPool;
type Connection = sqlx::MySqlConnection;
type PoolOptions = sqlx::mysql::MySqlPoolOptions;
type Options = sqlx::mysql::MySqlConnectOptions;

const DIALECT: Dialect = Dialect::Mysql;
const VARIABLE: &str = "REVCHAIN_TEST_MYSQL";
const CURRENT: &str = "SELECT DATABASE()";
/// Which databases somebody is connected to.
const BUSY: &str = "SELECT db FROM information_schema.processlist WHERE db IS NOT NULL";
const DATABASES: &str = "SELECT schema_name FROM information_schema.schemata";

/// Asks whether the server knows that a process is dead.
fn gone(process: u32) -> String {
    format!("SELECT CAST(IS_FREE_LOCK('revchain_test_{process:08x}') AS CHAR)")
}

#[tokio::test]
async fn a_user_who_may_not_make_databases() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let user = format!("poor_{}", std::process::id());
    let run = async |sql: String| common::select(DIALECT, &server, &sql).await.unwrap();
    run(format!("CREATE USER {user}@'%' IDENTIFIED BY 'secret'")).await;
    let (scheme, rest) = server.split_once("://").unwrap();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let url = format!("{scheme}://{user}:secret@{host}");
    let ended = child::ended("scenarios::child", &[("REVCHAIN_TEST_ROLE", "passes"), (VARIABLE, &url)]);
    run(format!("DROP USER {user}@'%'")).await;
    assert!(!ended.is_success && !ended.output.contains("secret"), "{}", ended.output);
    let help =
        "help: each test gets a database: as an administrator, GRANT ALL ON `revchain\\_%`.* TO the user that it names";
    assert!(ended.output.contains(help), "{}", ended.output);
}

/// A template without its script is one whose maker died. The next maker of any template takes it away; of one that lives, it doesn't.
#[tokio::test]
async fn half_a_template_is_dropped_unless_somebody_makes_it() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let (dead, alive) = (std::process::id(), u32::MAX - std::process::id());
    let template = |number: u32| format!("revchain_template_{number:032x}");
    for number in [dead, alive] {
        common::select(DIALECT, &server, &format!("CREATE DATABASE {}", template(number))).await.unwrap();
    }
    let mut maker = <sqlx::MySqlConnection as sqlx::Connection>::connect(&server).await.unwrap();
    let lock = format!("SELECT GET_LOCK('revchain_template_{alive:016x}', 10)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut maker).await.unwrap();
    let revision = format!("half{dead:x}{:x}", std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos());
    let variables = [("REVCHAIN_TEST_ROLE", "migrates"), ("REVCHAIN_TEST_REVISION", revision.as_str())];
    let ended = child::ended("scenarios::child", &variables);
    assert!(ended.is_success, "{}", ended.output);
    let left = common::select(DIALECT, &server, DATABASES).await.unwrap();
    common::select(DIALECT, &server, &format!("DROP DATABASE {}", template(alive))).await.unwrap();
    assert!(!left.contains(&template(dead)) && left.contains(&template(alive)), "{left:?}");
}

/// What a schema may hold besides tables is there in each copy, and works.
#[test]
fn a_copy_has_everything() {
    let Some(_) = common::server(DIALECT, VARIABLE) else { return };
    let everything = [
        "CREATE TABLE zoo (id INT PRIMARY KEY AUTO_INCREMENT, `a``b` VARCHAR(9) NOT NULL DEFAULT ';', \
         size INT AS (CHAR_LENGTH(`a``b`) * 2) STORED, made DATETIME DEFAULT CURRENT_TIMESTAMP, at TIMESTAMP NULL) CHARACTER SET utf8mb4",
        "CREATE TABLE animals (id INT PRIMARY KEY, zoo INT, kind ENUM('cat', 'dog'), bytes VARBINARY(4), \
         CONSTRAINT lives FOREIGN KEY (zoo) REFERENCES zoo (id) ON DELETE CASCADE)",
        "SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
        "INSERT INTO zoo (id, `a``b`) VALUES (0, '☃'), (7, 'b')",
        "INSERT INTO animals VALUES (1, 0, 'cat', x'00ff27'), (2, 7, NULL, NULL)",
        "CREATE FUNCTION doubled (n INT) RETURNS INT DETERMINISTIC BEGIN DECLARE m INT; SET m = n * 2; RETURN m; END",
        // Named against their order.
        "CREATE VIEW b_view AS SELECT id, doubled(id) AS twice FROM zoo",
        "CREATE VIEW a_view AS SELECT twice FROM b_view",
        "CREATE PROCEDURE empty_it () BEGIN DELETE FROM animals; DELETE FROM zoo; END",
        "CREATE TRIGGER counted BEFORE INSERT ON animals FOR EACH ROW BEGIN SET NEW.bytes = 'x'; END",
    ];
    let chain = Chain::new().sql("a1", &everything, &[]).build();
    for path in ["tests::one", "tests::two"] {
        run(Test::new(path, chain).env(VARIABLE), async |pool: Pool| {
            let texts = async |sql: &'static str| -> Vec<String> {
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap()
            };
            assert_eq!(texts("SELECT CONCAT_WS(' ', id, `a``b`, size) FROM zoo ORDER BY id").await, ["0 ☃ 2", "7 b 2"]);
            assert_eq!(
                texts("SELECT CONCAT_WS(' ', id, zoo, kind, HEX(bytes)) FROM animals").await,
                ["1 0 cat 00FF27", "2 7"]
            );
            assert_eq!(texts("SELECT CAST(twice AS CHAR) FROM a_view").await, ["0", "14"]);
            let views =
                texts("SELECT view_definition FROM information_schema.views WHERE table_schema = DATABASE()").await;
            assert!(!views.concat().contains("revchain_template"), "{views:?}");
            let execute = async |sql: &'static str| sqlx::raw_sql(sql).execute(&pool).await;
            execute("INSERT INTO zoo (`a``b`) VALUES ('next')").await.unwrap();
            assert_eq!(texts("SELECT CAST(id AS CHAR) FROM zoo WHERE `a``b` = 'next'").await, ["8"]);
            execute("INSERT INTO animals (id, zoo) VALUES (3, 99)").await.unwrap_err();
            execute("INSERT INTO animals (id, zoo) VALUES (3, 7)").await.unwrap();
            assert_eq!(texts("SELECT CAST(bytes AS CHAR) FROM animals WHERE id = 3").await, ["x"]);
            execute("CALL empty_it()").await.unwrap();
            assert!(texts("SELECT CAST(id AS CHAR) FROM zoo").await.is_empty());
        });
    }
}

/// Somebody has spoilt the template: what there is of the copy is dropped, and not waited for.
#[test]
fn a_copy_that_breaks_off_is_dropped() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let id: &'static str = child::unique().leak();
    let one = |name: &str| [format!("CREATE TABLE {name} (n INT)"), format!("INSERT INTO {name} VALUES (1)")];
    let (first, last) = (format!("{id}_1"), format!("{id}_2"));
    let statements = [one(&first), one(&last)].concat();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let test = Test::new("tests::breaks_off", Chain::new().sql(id, &statements, &[]).build()).env(VARIABLE);
    run(test, async |_: Pool| {});
    let who_has = async |table: &str| {
        let sql = format!("SELECT table_schema FROM information_schema.tables WHERE table_name = '{table}'");
        common::select(DIALECT, &server, &sql).await.unwrap()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let template = runtime.block_on(who_has(&last)).concat();
    runtime.block_on(common::select(DIALECT, &server, &format!("DROP TABLE {template}.{last}"))).unwrap();
    let message = scenarios::failure(|| run(test, async |_: Pool| {}));
    assert!(message.contains(&format!("{last}' doesn't exist")), "{message}");
    assert_eq!(runtime.block_on(who_has(&first)), [template]);
}

/// Servers with MySQL's `sql_require_primary_key`, and clusters, take no other tables.
#[tokio::test]
async fn our_tables_have_primary_keys() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let id: &'static str = child::unique().leak();
    let chain = Chain::new().sql(id, &[&format!("CREATE TABLE {id} (n INT PRIMARY KEY)")], &[]).build();
    let test = Test::new("tests::keyed", chain).env(VARIABLE);
    let ran = std::thread::spawn(move || {
        roll_back(test, async |_: &mut Connection| {});
        run(test, async |_: Pool| Err::<(), _>("and is kept")).unwrap_err();
    });
    ran.join().unwrap();
    let ours = format!(
        "SELECT CONCAT(t.table_name, ' ', COUNT(c.table_name)) FROM information_schema.tables t LEFT JOIN \
         information_schema.table_constraints c ON (c.table_schema, c.table_name, c.constraint_type) = \
         (t.table_schema, t.table_name, 'PRIMARY KEY') WHERE t.table_schema IN \
         (SELECT table_schema FROM information_schema.tables WHERE table_name = '{id}') AND t.table_name <> '{id}' \
         GROUP BY t.table_name ORDER BY 1"
    );
    // The template, the shared database, and the one that is kept.
    let expected =
        ["alembic_version 3", "revchain_failed 1", "revchain_journal 3", "revchain_rollback 1", "revchain_script 1"];
    assert_eq!(common::select(DIALECT, &server, &ours).await.unwrap(), expected);
}

/// Nothing happens behind the tests' backs in what they are copied from, or share.
#[test]
fn events_run_in_no_database_but_a_tests_own() {
    let Some(server) = common::server(DIALECT, VARIABLE) else { return };
    let id: &'static str = child::unique().leak();
    let event = format!("CREATE EVENT `{id}``` ON SCHEDULE EVERY 1 DAY DO SELECT 1");
    let test = Test::new("tests::events", Chain::new().sql(id, &[&event], &[]).build()).env(VARIABLE);
    roll_back(test, async |_: &mut Connection| {});
    run(test, async |pool: Pool| {
        let sql = format!(
            "SELECT CONCAT(event_schema, ' ', status) FROM information_schema.events WHERE event_name = '{id}`'"
        );
        let found = common::select(DIALECT, &server, &sql).await.unwrap();
        assert_eq!(found, [format!("{} ENABLED", pool.connect_options().get_database().unwrap())]);
    });
}

#[test]
fn ddl_ends_a_transaction() {
    let Some(_) = common::server(DIALECT, VARIABLE) else { return };
    let id: &'static str = child::unique().leak();
    let test = Test::new("tests::ddl", Chain::new().sql(id, &["CREATE TABLE a (n INT)"], &[]).build()).env(VARIABLE);
    let test_of = |sql: &'static str| {
        roll_back(test, async |connection: &mut Connection| {
            let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM a").fetch_one(&mut *connection).await.unwrap();
            assert_eq!(rows, 0, "nobody else's");
            sqlx::raw_sql("INSERT INTO a VALUES (1)").execute(&mut *connection).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.map(drop)
        })
        .unwrap();
    };
    let message = scenarios::failure(|| test_of("CREATE TABLE b (n INT)"));
    assert!(
        message.contains("has ended the transaction that it runs in (SAVEPOINT revchain_test does not exist)"),
        "{message}"
    );
    test_of("DROP TEMPORARY TABLE IF EXISTS b");
    test_of("SELECT 1");
}

#[test]
fn what_takes_nothing_back_is_not_shared() {
    let Some(_) = common::server(DIALECT, VARIABLE) else { return };
    let chain =
        Chain::new().sql("a1", &["CREATE TABLE a (n INT)", "CREATE TABLE b (n INT) ENGINE = MyISAM"], &[]).build();
    let test = Test::new("tests::keeps", chain).env(VARIABLE);
    let message = scenarios::failure(|| roll_back(test, async |_: &mut Connection| {}));
    let words = "no database for the test `tests::keeps`\n  `b` is a table of MyISAM, which takes nothing back\n  help: without `rollback` \
                 the test has a database of its own\n";
    assert_eq!(message, words);
    run(test, async |_: Pool| {});
}
