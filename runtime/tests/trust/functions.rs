//! Twenty starters, and a revision in Rust whose DDL commits by itself: it runs once.

use revchain::__private::StepFuture;
use revchain::{Dialect, Op};

use crate::common::{Chain, TestDatabase};

fn makes<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("CREATE TABLE made (x INTEGER)").await?;
        op.execute("INSERT INTO made VALUES (1)").await?;
        op.execute("ALTER TABLE made ADD COLUMN y INTEGER").await?;
        Ok(())
    })
}

fn unmakes<'a, 'c>(op: &'a mut Op<'c>) -> StepFuture<'a> {
    Box::pin(async {
        op.execute("DROP TABLE made").await?;
        Ok(())
    })
}

async fn twenty(dialect: Dialect) {
    let Some(db) = TestDatabase::make(dialect).await else { return };
    let chain = Chain::new().functions("a1", makes, unmakes).build();
    let mut starters = Vec::new();
    for _ in 0..20 {
        let mut open = db.open().await;
        starters.push(tokio::spawn(async move {
            chain.upgrade(&mut open, "head").await.map(|report| report.steps().len())
        }));
    }
    let mut steps = 0;
    for starter in starters {
        steps += starter.await.unwrap().unwrap();
    }
    assert_eq!((steps, db.list("SELECT x FROM made").await.as_str()), (1, "1"));
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    twenty(Dialect::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_mysql() {
    twenty(Dialect::Mysql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    twenty(Dialect::Sqlite).await;
}
