//! Every queue switched off: a MySQL or MariaDB whose sessions have no locks (Galera's cluster, some proxies). The claim and
//! its epoch are all that is left, and they suffice; but nobody can tell whether whoever has the claim is at it.

use revchain::Dialect;

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};
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
    assert_eq!(db.version().await, "f6");
    db.finish().await;
}
