//! Who is in the way, where MySQL or MariaDB tells more than whose transaction is open: servers with their performance schema
//! on, and with MariaDB's plugin for metadata locks.

use std::time::Duration;

use revchain::{Blocker, Dialect, Migrations, TimedOut};

use crate::common::{Holder, TestDatabase, three};
use crate::servers::{Server, open};

/// As short as the servers take it, which is a second.
const SHORT: Duration = Duration::from_millis(20);

/// Whom the error names.
async fn named(chain: &Migrations, db: &TestDatabase) -> Vec<Blocker> {
    let run = chain.migrator().lock_timeout(SHORT).lock_tries(1);
    let error = run.upgrade(&mut db.open().await, "head").await.unwrap_err();
    assert_eq!(error.timed_out(), Some(TimedOut::Lock), "{error}");
    error.blockers().to_vec()
}

async fn pid(holder: &mut Holder) -> Option<u64> {
    let Holder::Mysql(connection) = holder else { panic!("MySQL's") };
    let pid: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(connection).await.unwrap();
    Some(pid)
}

/// Of those with open transactions, who is in the way of a statement; and what is told of them.
async fn told(db: &TestDatabase) -> Blocker {
    let ddl = three().sql("d4", &["ALTER TABLE runs ADD COLUMN more INTEGER"], &[]).build();
    let dml = three().sql("d4", &["UPDATE `runs` SET name = 'x'"], &[]).build();
    ddl.upgrade(&mut db.open().await, "c3").await.unwrap();
    let elsewhere = db.hold("DELETE FROM results").await;
    let mut reader = db.hold("SELECT * FROM runs").await;
    let [blocker] = named(ddl, db).await.try_into().unwrap();
    assert_eq!((blocker.pid(), blocker.mode()), (pid(&mut reader).await, Some("SHARED_READ")));
    // Who only reads is in no UPDATE's way. Of several locks the strongest is shown.
    let mut writer = db.hold("SELECT * FROM runs; UPDATE runs SET state = 'held'").await;
    let [blocker] = named(dml, db).await.try_into().unwrap();
    assert_eq!((blocker.pid(), blocker.mode()), (pid(&mut writer).await, Some("SHARED_WRITE")));
    let name = db.list("SELECT DATABASE()").await;
    assert_eq!(blocker.relation(), Some(&*format!("{name}.runs")));
    assert!(blocker.user().unwrap().starts_with("root@"), "{blocker}");
    assert_eq!(blocker.state(), Some("Sleep"));
    assert!(blocker.since().is_some(), "{blocker}");
    writer.let_go().await;
    // Nobody has a lock that is known to be in the way: rows that somebody reads to keep.
    let mut keeper = db.hold("SELECT * FROM runs LOCK IN SHARE MODE").await;
    let keeper_pid = pid(&mut keeper).await;
    let found = named(dml, db).await;
    assert!(found.iter().any(|blocker| blocker.pid() == keeper_pid), "{found:?}");
    keeper.let_go().await;
    reader.let_go().await;
    elsewhere.let_go().await;
    ddl.upgrade(&mut db.open().await, "head").await.unwrap();
    blocker
}

#[tokio::test]
async fn by_the_performance_schema() {
    if std::env::var("REVCHAIN_TEST_MYSQL").is_err() {
        return;
    }
    let options = &[
        "--performance-schema=ON",
        "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON",
        // What somebody ran last, which MySQL notes by itself.
        "--performance-schema-consumer-events-statements-current=ON",
    ];
    let Some(server) = Server::make(Dialect::Mysql, options) else { return };
    drop(open(&server.url("mysql")).await);
    let db = TestDatabase::make_on(Dialect::Mysql, &server.url("mysql")).await;
    let blocker = told(&db).await;
    assert_eq!(blocker.query(), Some("UPDATE runs SET state = 'held'"));
}

#[tokio::test]
async fn by_the_plugin() {
    if std::env::var("REVCHAIN_TEST_MYSQL").is_err() {
        return;
    }
    let options = &["--performance-schema=OFF", "--plugin-load-add=metadata_lock_info"];
    let Some(server) = Server::make(Dialect::Mysql, options) else { return };
    drop(open(&server.url("mysql")).await);
    let db = TestDatabase::make_on(Dialect::Mysql, &server.url("mysql")).await;
    told(&db).await;
}
