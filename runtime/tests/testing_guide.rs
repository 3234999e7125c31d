//! docs/testing.md: its tests run, its SQL gives the privileges that it says, its messages are those that come out.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "test"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]
#![allow(unnameable_test_items, reason = "those of servers are called by `child`, which has their variables")]

mod common;

use common::child::{self, Child};
use revchain::Dialect;

revchain::embed_migrations!("tests/migrations");

const GUIDE: &str = include_str!("../../docs/testing.md");

mod first {
    use super::MIGRATIONS;

    use sqlx::SqlitePool;

    #[revchain::test(MIGRATIONS)]
    async fn names_may_be_told_twice(pool: SqlitePool) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'Ada')").execute(&pool).await?;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(&pool).await?;
        assert_eq!(count, 2);
        Ok(())
    }

    #[revchain::test(MIGRATIONS, fixtures("users", "fixtures/more/nobody"))]
    async fn fixtures_run_first(pool: SqlitePool) {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(&pool).await.unwrap();
        assert_eq!(count, 0);
    }

    #[revchain::test(MIGRATIONS, at = "a1b2c3d4e5f6")]
    async fn users_keep_their_names(pool: SqlitePool) {
        sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada')").execute(&pool).await.unwrap();
        MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
        let name: String = sqlx::query_scalar("SELECT name FROM users").fetch_one(&pool).await.unwrap();
        assert_eq!(name, "Ada");
    }
}

const ORDERS: &str = "ORDERS_DATABASE_URL";
/// Each server, and the variable that its test in the guide reads.
const SERVERS: [(Dialect, &str, &str); 2] =
    [(Dialect::Postgres, "REVCHAIN_TEST_POSTGRES", "DATABASE_URL"), (Dialect::Mysql, "REVCHAIN_TEST_MYSQL", ORDERS)];
/// Which part a child plays.
const ROLE: &str = "REVCHAIN_TEST_ROLE";

/// Not a test, and nothing where nobody asked for it.
#[test]
fn child() {
    let (Some(_), Ok(role)) = (Child::here(), std::env::var(ROLE)) else { return };
    match role.as_str() {
        "postgres" => {
            use sqlx::PgPool;

            #[revchain::test(MIGRATIONS)]
            async fn names_are_there_at_once(pool: PgPool) {
                sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada')").execute(&pool).await.unwrap();
            }

            names_are_there_at_once();
        }
        "rollback" => {
            use sqlx::{Connection, PgConnection};

            #[revchain::test(MIGRATIONS, rollback)]
            async fn ada_is_there_for_this_test(connection: &mut PgConnection) -> sqlx::Result<()> {
                let mut step = connection.begin().await?;
                sqlx::query("INSERT INTO users (id, name) VALUES (1, 'Ada')").execute(&mut *step).await?;
                step.commit().await?;
                let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(connection).await?;
                assert_eq!(count, 1);
                Ok(())
            }

            // Nobody keeps her.
            ada_is_there_for_this_test().unwrap();
            ada_is_there_for_this_test().unwrap();
        }
        "mysql" => {
            #[revchain::test(MIGRATIONS, env = "ORDERS_DATABASE_URL")]
            async fn orders_are_elsewhere(pool: sqlx::MySqlPool) {
                assert!(MIGRATIONS.current(&pool).await.unwrap().is_head());
            }

            orders_are_elsewhere();
        }
        _ => {
            #[revchain::test(MIGRATIONS)]
            async fn names_may_be_told_twice(_pool: sqlx::SqlitePool) {
                panic!("on purpose");
            }

            names_may_be_told_twice();
        }
    }
}

/// The blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let start = format!("\n```{language}\n");
    GUIDE.split(&start).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

#[test]
fn the_tests_of_the_guide_are_these() {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    // `prove!` is the reference application's.
    let here = squeezed(concat!(include_str!("testing_guide.rs"), include_str!("../../tests/prove.rs")));
    let blocks = blocks("rust");
    assert_eq!(blocks.len(), 7);
    for block in blocks {
        assert!(here.contains(&squeezed(block)), "not a test of this file:\n{block}");
    }
}

#[test]
fn what_is_said_without_a_url() {
    let ended = child::ended("child", &[(ROLE, "postgres"), ("DATABASE_URL", "")]);
    assert!(!ended.is_success);
    // Here the function is in another one.
    let output = ended.output.replace("testing_guide::names", "my_app::names");
    assert!(output.contains(blocks("text")[0]), "{output}");
}

#[test]
fn what_is_said_of_a_failure() {
    let ended = child::ended("child", &[(ROLE, "fails")]);
    let output = ended.output.replace("testing_guide::names", "my_app::names");
    // Up to where the target directory is, and from there to the digest.
    let said = blocks("text")[2];
    let (start, place) = said.split_once(": /").unwrap();
    let line = output.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{output}"));
    let file = place.rsplit('/').next().unwrap().rsplit_once('_').unwrap().0;
    assert!(line.contains("revchain-test/failed/") && line.contains(file), "{line}");
}

#[test]
fn tests_on_servers() {
    for (dialect, server, variable) in SERVERS {
        let Some(url) = common::server(dialect, server) else { continue };
        let roles = if dialect == Dialect::Postgres { vec!["postgres", "rollback"] } else { vec![dialect.name()] };
        for role in roles {
            let ended = child::ended("child", &[(ROLE, role), (variable, &url)]);
            assert!(ended.is_success, "{}", ended.output);
        }
    }
}

/// Somebody with the privileges that the guide gives, and no others, has databases for tests.
#[test]
fn privileges() {
    for ((dialect, server, variable), sql) in SERVERS.into_iter().zip(blocks("sql")) {
        let Some(url) = common::server(dialect, server) else { continue };
        let name = format!("tester{}", std::process::id());
        for statement in sql.replace("tester", &name).split_terminator(';') {
            admin(dialect, &url, statement);
        }
        let (scheme, rest) = url.split_once("://").unwrap();
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let theirs = format!("{scheme}://{name}:secret@{host}");
        let ended = child::ended("child", &[(ROLE, dialect.name()), (variable, &theirs)]);
        match dialect {
            Dialect::Postgres => {
                // Nobody else's template would have been theirs to copy: they have made one.
                let owned = format!("SELECT datname::text FROM pg_database WHERE datdba = '{name}'::regrole");
                for template in admin(dialect, &url, &owned) {
                    admin(dialect, &url, &format!("DROP DATABASE {template}"));
                }
                admin(dialect, &url, &format!("DROP ROLE {name}"));
            }
            _ => drop(admin(dialect, &url, &format!("DROP USER {name}"))),
        }
        assert!(ended.is_success, "{}", ended.output);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn admin(dialect: Dialect, server: &str, sql: &str) -> Vec<String> {
    common::select(dialect, server, sql).await.unwrap()
}
