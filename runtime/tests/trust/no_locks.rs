//! Every queue switched off: a MySQL or MariaDB whose sessions have no locks (Galera's cluster, some proxies). The claim and
//! its epoch are all that is left, and they suffice; but nobody can tell whether whoever has the claim is at it.

use revchain::Dialect;

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};
use crate::cut::polls;
use crate::program::{die_at_with, ends_well, start};

fn without_locks() -> [(&'static str, String); 1] {
    [("REVCHAIN_NO_LOCKS", "1".to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty() {
    let Some(db) = TestDatabase::make(Dialect::Mysql).await else { return };
    let children: Vec<_> = (0..50).map(|_| start(&db.url, "upgrade", &without_locks())).collect();
    for child in children {
        ends_well(child).unwrap();
    }
    let raced = state(&db).await;
    db.finish().await;
    let alone = TestDatabase::make(Dialect::Mysql).await.unwrap();
    chain(Dialect::Mysql).upgrade(&mut alone.open().await, "head").await.unwrap();
    assert_eq!(raced, state(&alone).await);
    alone.finish().await;
}

/// Killed in the middle: who comes next waits for a while, and asks a person, who says that nobody is at it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_tell() {
    let Some(db) = TestDatabase::make(Dialect::Mysql).await else { return };
    let chain = chain(Dialect::Mysql);
    chain.upgrade(&mut db.open().await, "a1").await.unwrap();
    let mut place = 0;
    // The first one that is inside a step which is claimed.
    while chain.under_way(&mut db.open().await).await.unwrap().is_none() {
        die_at_with(place, &db.url, "upgrade", &without_locks()).expect("a place inside a step");
        place += 1;
    }
    assert_eq!(chain.under_way(&mut db.open().await).await.unwrap().unwrap().is_running(), None);
    let impatient = [without_locks(), [("REVCHAIN_PATIENCE", "300".to_owned())]].concat();
    let said = ends_well(start(&db.url, "upgrade", &impatient)).unwrap_err();
    assert!(said.contains("is under way, and may be for a while"), "{said}");
    assert!(said.contains("settle"), "{said}");
    chain.settle(&mut db.open().await, false).await.unwrap();
    ends_well(start(&db.url, "upgrade", &without_locks())).unwrap();
    assert_eq!(db.version().await, "g7");
    db.finish().await;
}

/// Somebody was given up, and their connection lives on, with its lock. Others wait for a while, and then say what to end.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_was_left() {
    let chain = chain(Dialect::Mysql);
    for polled in 10.. {
        let Some(db) = TestDatabase::make(Dialect::Mysql).await else { return };
        let mut lent = <sqlx::MySqlConnection as sqlx::Connection>::connect(&db.url).await.unwrap();
        assert!(polls(polled, chain.upgrade(&mut lent, "head")).await.is_none(), "never between two statements");
        // The server may be busy with what was asked last.
        let mut open = db.open().await;
        let mut found = chain.under_way(&mut open).await.unwrap();
        while found.as_ref().is_some_and(|step| step.is_running() == Some(true)) {
            found = chain.under_way(&mut open).await.unwrap();
        }
        drop(open);
        let is_left = found.is_some_and(|step| step.is_running().is_none());
        if is_left {
            let said = ends_well(start(&db.url, "upgrade", &[("REVCHAIN_PATIENCE", "300".to_owned())])).unwrap_err();
            assert!(said.contains("is under way, and may be for a while: root@localhost, connection "), "{said}");
            drop(lent);
            ends_well(start(&db.url, "upgrade", &[])).unwrap();
            assert_eq!(db.version().await, "g7");
        }
        db.finish().await;
        if is_left {
            break;
        }
    }
}
