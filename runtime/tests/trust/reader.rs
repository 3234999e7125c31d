//! A replica that starts up to date: one statement, no lock, nothing but SELECT on the version table, journal or not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use revchain::{Dialect, ErrorKind};
use sqlx::ConnectOptions;

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
    // One message was all that was sent.
    let options: sqlx::postgres::PgConnectOptions = db.url.parse().unwrap();
    let (port, sent) = counted(options.get_host().to_owned(), options.get_port());
    let mut lent = options.host("127.0.0.1").port(port).connect().await.unwrap();
    let before = sent.load(Ordering::SeqCst);
    chain(Dialect::Postgres).upgrade(&mut lent, "head").await.unwrap();
    assert_eq!(sent.load(Ordering::SeqCst) - before, 1);
    holder.let_go().await;
    db.run(&format!("REVOKE ALL ON alembic_version FROM {role}; DROP ROLE {role}")).await;
    drop(lent);
    db.finish().await;
}

/// Passes on what one client says, and counts how often it says something: each time is a round trip.
fn counted(host: String, port: u16) -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (ours, sent) = (listener.local_addr().unwrap().port(), Arc::new(AtomicU32::new(0)));
    let count = Arc::clone(&sent);
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut server = TcpStream::connect((host, port)).unwrap();
        let (mut answers, mut back) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut answers, &mut back).ok());
        let mut buffer = [0; 65536];
        while let Ok(length @ 1..) = client.read(&mut buffer) {
            count.fetch_add(1, Ordering::SeqCst);
            server.write_all(&buffer[..length]).unwrap();
        }
        server.shutdown(std::net::Shutdown::Both).ok();
    });
    (ours, sent)
}

/// How many statements a session was sent.
const QUESTIONS: &str = "SHOW SESSION STATUS LIKE 'Questions'";

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
        sqlx::Row::get_unchecked::<String, _>(&row, 1).parse().unwrap()
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
