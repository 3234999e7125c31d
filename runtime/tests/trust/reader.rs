//! A replica that starts up to date: one statement, no lock, nothing but SELECT on the version table, journal or not.

use revchain::{Dialect, ErrorKind};

use crate::common::TestDatabase;
use crate::common::everything::chain;

/// Up to date, and with a journal beside the version table.
async fn at_head(dialect: Dialect) -> Option<TestDatabase> {
    let db = TestDatabase::make(dialect).await?;
    chain(dialect).upgrade(&mut db.open().await, "head").await.unwrap();
    // PostgreSQL's chain has steps for the journal, too; SQLite's has `repeat`.
    assert!(db.tables().await.contains("revchain_journal"));
    Some(db)
}

async fn starts(dialect: Dialect, url: &str) {
    let mut database = revchain::Database::open(url, revchain::Access::Read).await.unwrap();
    let report = chain(dialect).upgrade(&mut database, "head").await.unwrap();
    assert!(report.steps().is_empty());
    assert_eq!(chain(dialect).current(&mut database).await.unwrap().pending(), 0);
    // The journal is somebody else's.
    if dialect != Dialect::Sqlite {
        let error = chain(dialect).under_way(&mut database).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Database { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_postgres() {
    let Some(db) = at_head(Dialect::Postgres).await else { return };
    let role = format!("reader_{}", std::process::id());
    db.run(&format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON alembic_version TO {role}")).await;
    // Somebody has every lock there is but the reader's.
    let holder = db.hold("LOCK TABLE alembic_version, revchain_journal IN EXCLUSIVE MODE").await;
    starts(Dialect::Postgres, &db.url_as(&role)).await;
    // And one string was all that was sent: the connection's last statement is also its first.
    let mut lent = <sqlx::PgConnection as sqlx::Connection>::connect(&db.url).await.unwrap();
    let own: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut lent).await.unwrap();
    db.run("CREATE EXTENSION IF NOT EXISTS plpgsql").await;
    chain(Dialect::Postgres).upgrade(&mut lent, "head").await.unwrap();
    let last = format!("SELECT left(query, 6) FROM pg_stat_activity WHERE pid = {own}");
    assert_eq!(db.list(&last).await, "SELECT");
    holder.let_go().await;
    db.run(&format!("REVOKE ALL ON alembic_version FROM {role}; DROP ROLE {role}")).await;
    drop(lent);
    db.finish().await;
}

/// How many statements a session was sent.
const QUESTIONS: &str = "SELECT CAST(variable_value AS CHAR) FROM information_schema.session_status \
                         WHERE variable_name = 'Questions'";

#[tokio::test(flavor = "multi_thread")]
async fn of_mysql() {
    let Some(db) = at_head(Dialect::Mysql).await else { return };
    let user = format!("reader_{}", std::process::id());
    db.run(&format!("CREATE USER {user}@'%'; GRANT SELECT ON alembic_version TO {user}@'%'")).await;
    let holder = db.hold("SELECT * FROM alembic_version FOR UPDATE").await;
    starts(Dialect::Mysql, &db.url_as(&user)).await;
    let mut lent = <sqlx::MySqlConnection as sqlx::Connection>::connect(&db.url).await.unwrap();
    let asked = async |lent: &mut sqlx::MySqlConnection| -> u64 {
        let row = sqlx::raw_sql(QUESTIONS).fetch_one(lent).await.unwrap();
        sqlx::Row::get_unchecked::<String, _>(&row, 0).parse().unwrap()
    };
    let before = asked(&mut lent).await;
    chain(Dialect::Mysql).upgrade(&mut lent, "head").await.unwrap();
    assert_eq!(asked(&mut lent).await - before, 2, "the run's, and this one");
    holder.let_go().await;
    db.run(&format!("DROP USER {user}@'%'")).await;
    drop(lent);
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sqlite() {
    let Some(db) = at_head(Dialect::Sqlite).await else { return };
    // Somebody writes meanwhile.
    let holder = db.hold("DELETE FROM revchain_journal").await;
    starts(Dialect::Sqlite, &format!("{}?mode=ro", db.url)).await;
    holder.let_go().await;
    db.finish().await;
}
