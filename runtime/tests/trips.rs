//! How often a run waits for the server: counted between the two, because far away this is what an upgrade costs.

#![cfg(all(feature = "postgres", feature = "mysql"))]
#![allow(clippy::unwrap_used, reason = "tests say so when they fail")]

mod common;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use common::long::long;
use common::{Chain, TestDatabase};
use revchain::{Database, Dialect, Migrations, Transaction};

const TABLE: &str = "CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))";

fn chain(transaction: Transaction) -> &'static Migrations {
    Chain::new()
        .transaction(transaction)
        .sql("a1", &[TABLE], &["DROP TABLE runs"])
        .sql("b2", &["ALTER TABLE runs ADD COLUMN state VARCHAR(10)"], &["ALTER TABLE runs DROP COLUMN state"])
        .sql("c3", &["INSERT INTO runs (id) VALUES (1)", "UPDATE runs SET name = 'x'"], &["DELETE FROM runs"])
        .sql("d4", &["ALTER TABLE runs ADD COLUMN percent INTEGER"], &["ALTER TABLE runs DROP COLUMN percent"])
        .build()
}

/// Between a program and its server.
struct Wire {
    url: String,
    trips: Arc<AtomicU64>,
}

impl Wire {
    fn new(url: &str) -> Wire {
        let authority = url.split("://").nth(1).unwrap().split('/').next().unwrap();
        let address = authority.rsplit('@').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = url.replace(&address, &listener.local_addr().unwrap().to_string());
        let trips = Arc::new(AtomicU64::new(0));
        let count = trips.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&address).unwrap();
                let answered = Arc::new(AtomicBool::new(true));
                let (heard, count) = (answered.clone(), count.clone());
                carry(client.try_clone().unwrap(), server.try_clone().unwrap(), move || {
                    // What is sent after an answer waits for the next one.
                    count.fetch_add(u64::from(heard.swap(false, Ordering::SeqCst)), Ordering::SeqCst);
                });
                carry(server, client, move || answered.store(true, Ordering::SeqCst));
            }
        });
        Wire { url, trips }
    }

    /// The round trips since the last call.
    fn take(&self) -> u64 {
        self.trips.swap(0, Ordering::SeqCst)
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, passing: impl Fn() + Send + 'static) {
    from.set_nodelay(true).unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            passing();
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
    });
}

/// The round trips of the whole way up, of a start with nothing to do, and of the whole way down.
async fn trips(dialect: Dialect, transaction: Transaction) -> Option<[u64; 3]> {
    let db = TestDatabase::make(dialect).await?;
    let wire = Wire::new(&db.url);
    let mut database = Database::connect(&wire.url).await.unwrap();
    wire.take();
    let chain = chain(transaction);
    chain.upgrade(&mut database, "head").await.unwrap();
    let upgrade = wire.take();
    chain.upgrade(&mut database, "head").await.unwrap();
    let again = wire.take();
    chain.downgrade(&mut database, "base").await.unwrap();
    let downgrade = wire.take();
    drop(database);
    db.finish().await;
    Some([upgrade, again, downgrade])
}

#[tokio::test(flavor = "multi_thread")]
async fn one_for_each_revision_on_postgres() {
    let Some(counted) = trips(Dialect::Postgres, Transaction::PerRevision).await else { return };
    // The first one looks where the database stands, and where that is not the base, another one what was applied there.
    assert_eq!(counted, [1 + 4, 1, 2 + 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_for_a_run_on_postgres() {
    let Some(counted) = trips(Dialect::Postgres, Transaction::PerRun).await else { return };
    assert_eq!(counted, [1 + 1, 1, 2 + 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handful_for_each_revision_on_mysql() {
    let Some(counted) = trips(Dialect::Mysql, Transaction::Default).await else { return };
    // Two for a step of one statement, where such a step came before: its statement, with a look at what the next one names;
    // and the note of its end, which is the next one's claim. A step without DDL is three: a look, the statements, the commit.
    // Both tables are made on the way up. One message sets the limits, and one takes them back. A start that finds work looks
    // twice, unless there was no table.
    assert_eq!(counted, [19, 1, 16]);
}

/// Of 25 the first one finds out what the others need to know; then sixteen are two messages, and of the last eight each is one.
#[tokio::test(flavor = "multi_thread")]
async fn one_for_eight_of_a_long_run_on_postgres() {
    let Some(db) = TestDatabase::make(Dialect::Postgres).await else { return };
    let wire = Wire::new(&db.url);
    let mut database = Database::connect(&wire.url).await.unwrap();
    wire.take();
    long(0, &[]).upgrade(&mut database, "head").await.unwrap();
    assert_eq!(wire.take(), 1 + 1 + 2 + 8);
    drop(database);
    db.finish().await;
}
