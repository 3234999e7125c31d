//! A Galera cluster of two nodes, both of which are written to: a lock of the session's is its node's, what a node has
//! committed comes to the other one later, and who was too late learns so when they commit.

use std::path::Path;

use revchain::Dialect;

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};
use crate::program::{ends_well, start};
use crate::servers::{Server, free_port};

/// Where distributions put it.
const PROVIDERS: [&str; 3] =
    ["/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so", "/usr/lib/libgalera_smm.so"];

/// Two nodes; `None` where there is no Galera.
async fn cluster() -> Option<[Server; 2]> {
    let provider = PROVIDERS.into_iter().find(|path| Path::new(path).exists());
    let is_needed = std::env::var("CI").as_deref() == Ok("true");
    assert!(provider.is_some() || !is_needed, "Galera must be there where CI=true");
    let provider = format!("--wsrep-provider={}", provider?);
    let groups = [free_port(), free_port()];
    let options = |node: usize, others: &str| {
        [
            provider.clone(),
            "--wsrep-on=ON".to_owned(),
            "--binlog-format=ROW".to_owned(),
            "--innodb-autoinc-lock-mode=2".to_owned(),
            format!("--wsrep-node-address=127.0.0.1:{}", groups[node]),
            format!(
                "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{};gcache.size=16M;gcache.page_size=16M",
                groups[node]
            ),
            format!("--wsrep-cluster-address=gcomm://{others}"),
        ]
    };
    let own = options(0, "");
    let mut first = Server::make(Dialect::Mysql, &own.each_ref().map(String::as_str))?;
    is_ready(&first, "1").await;
    let own = options(1, &format!("127.0.0.1:{}", groups[0]));
    let second = first.twice(&own.each_ref().map(String::as_str));
    is_ready(&first, "2").await;
    is_ready(&second, "2").await;
    Some([first, second])
}

/// Waits until a node answers, and knows of so many.
async fn is_ready(node: &Server, count: &str) {
    let sql = "SELECT GROUP_CONCAT(variable_value ORDER BY variable_name) FROM information_schema.global_status \
               WHERE variable_name IN ('wsrep_cluster_size', 'wsrep_ready')";
    let expected = format!("{count},ON");
    loop {
        if let Ok(mut connection) = <sqlx::MySqlConnection as sqlx::Connection>::connect(&node.url("mysql")).await
            && let Ok(found) = sqlx::query_scalar::<_, String>(sql).fetch_one(&mut connection).await
            && found == expected
        {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Starters on both nodes at the same instant: each revision runs once, and all of them end well.
#[tokio::test(flavor = "multi_thread")]
async fn starters_on_both_nodes() {
    let Some(alone) = TestDatabase::make(Dialect::Mysql).await else { return };
    chain(Dialect::Mysql).upgrade(&mut alone.open().await, "head").await.unwrap();
    let expected = state(&alone).await;
    alone.finish().await;
    let Some([first, second]) = cluster().await else { return };
    for _ in 0..10 {
        let db = TestDatabase::make_on(Dialect::Mysql, &first.url("mysql")).await;
        let name = db.url.rsplit('/').next().unwrap();
        let there = second.url(name);
        while revchain::Database::connect(&there).await.is_err() {}
        let starters: Vec<_> =
            (0..6).map(|n| start(if n % 2 == 0 { &db.url } else { &there }, "upgrade", &[])).collect();
        for starter in starters {
            ends_well(starter).unwrap();
        }
        while db.version().await != "g7" {}
        assert_eq!(state(&db).await, expected);
        let steps = "SELECT CONCAT(revision, ' ', COUNT(*)) FROM revchain_journal GROUP BY revision";
        assert_eq!(db.list(steps).await, "a1 1,b2 1,c3 1,d4 1,f6 1,g7 1");
    }
}
