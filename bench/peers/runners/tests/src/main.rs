//! What a test costs that has a database: by `#[revchain::test]`, by `#[sqlx::test]`, as both expand, and by the least that a server
//! can do. In turns, on one thread; each test counts rows, writes one and ends. Prints a line for each: who, and how long in nanoseconds.

use std::time::Instant;

use revchain::testing::{Test, roll_back, run};
use sqlx::migrate::Migrator;
use sqlx::testing::{TestArgs, TestFn};
use sqlx::{AssertSqlSafe, Connection, raw_sql};

revchain::embed_migrations!("migrations");

static SQLX: Migrator = sqlx::migrate!("./sqlx");

const COUNT: &str = "SELECT count(*) FROM customer_orders_0000";
const WRITE: &str =
    "INSERT INTO customer_orders_0000 (id, customer_name, reference, priority) VALUES (4, 'Alan Turing', 'A-0004', 1)";

/// What a test does, on whatever runs queries.
macro_rules! test {
    ($on:expr) => {{
        let rows: i64 = sqlx::query_scalar(COUNT).fetch_one($on).await.expect("a count");
        assert_eq!(rows, 3, "nobody else's");
        sqlx::query(WRITE).execute($on).await.expect("a row");
    }};
}

/// Runs who was asked for, and prints how long it took.
macro_rules! measured {
    ($who:expr, $call:expr) => {{
        let since = Instant::now();
        $call;
        println!("{} {}", $who, since.elapsed().as_nanos());
    }};
}

/// In turns: both kinds of revchain's, sqlx's where it is its round, and the floors of this database.
macro_rules! rounds {
    ($pool:ty, $connection:ty, $rounds:expr, $rare:expr, $floors:expr) => {{
        async fn with_pool(pool: $pool) {
            test!(&pool);
        }
        async fn in_transaction(connection: &mut $connection) {
            test!(&mut *connection);
        }
        let test = Test::new("tests::costs", &MIGRATIONS);
        // What is made once, for all tests, is made here.
        run(test, with_pool);
        roll_back(test, in_transaction);
        for round in 0..$rounds {
            measured!("revchain", run(test, with_pool));
            measured!("rollback", roll_back(test, in_transaction));
            if round % $rare == 0 {
                let mut args = TestArgs::new("tests::costs");
                args.migrator(&SQLX);
                measured!("sqlx", TestFn::run_test(with_pool as fn($pool) -> _, args));
            }
            $floors;
        }
    }};
}

/// A rolled-back transaction on a connection of its own.
macro_rules! transaction {
    ($connection:ty, $url:expr) => {
        on_a_runtime(async {
            let mut connection = <$connection>::connect($url).await.expect("a connection");
            let mut transaction = connection.begin().await.expect("a transaction");
            test!(&mut *transaction);
            transaction.rollback().await.expect("its end");
            connection.close().await.expect("a farewell");
        })
    };
}

/// A test in a database that is there already.
macro_rules! alone {
    ($connection:ty, $url:expr) => {{
        let mut connection = <$connection>::connect($url).await.expect("a connection");
        test!(&mut connection);
        connection.close().await.expect("a farewell");
    }};
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("<server or folder> <rounds> <how seldom sqlx>");
    let (base, rounds, rare): (String, usize, usize) =
        (next(), next().parse().expect("a number"), next().parse().expect("a number"));
    match base.split(':').next() {
        Some("postgres") => postgres(&base, rounds, rare),
        Some("mysql") => mysql(&base, rounds, rare),
        _ => sqlite(&base, rounds, rare),
    }
}

fn postgres(base: &str, rounds: usize, rare: usize) {
    use sqlx::{PgConnection, PgPool};
    let admin = format!("{base}/postgres");
    let url = |database: &str| format!("{base}/{database}");
    let execute = async |sql: &'static str| {
        let mut connection = PgConnection::connect(&admin).await.expect("a connection");
        raw_sql(sql).execute(&mut connection).await.expect(sql);
        connection
    };
    on_a_runtime(async {
        execute("DROP DATABASE IF EXISTS revchain_peers WITH (FORCE)").await;
        let mut admin = execute("CREATE DATABASE revchain_peers").await;
        migrate(&url("revchain_peers")).await;
        // Whoever clones holds a connection for that: nobody opens one for each test.
        raw_sql("DROP DATABASE IF EXISTS revchain_peers_clone WITH (FORCE)")
            .execute(&mut admin)
            .await
            .expect("a server");
    });
    let kept = kept();
    let mut admin = kept.block_on(PgConnection::connect(&admin)).expect("a connection");
    rounds!(PgPool, PgConnection, rounds, rare, {
        measured!("floor: template", {
            kept.block_on(async {
                let clone = "CREATE DATABASE revchain_peers_clone TEMPLATE revchain_peers STRATEGY wal_log";
                raw_sql(clone).execute(&mut admin).await.expect("a clone");
                alone!(PgConnection, &url("revchain_peers_clone"));
                let drop = "DROP DATABASE revchain_peers_clone WITH (FORCE)";
                raw_sql(drop).execute(&mut admin).await.expect("its end");
            })
        });
        measured!("floor: transaction", transaction!(PgConnection, &url("revchain_peers")));
    });
}

fn mysql(base: &str, rounds: usize, rare: usize) {
    use sqlx::{MySqlConnection, MySqlPool};
    let kept = kept();
    let mut admin = kept.block_on(MySqlConnection::connect(&format!("{base}/"))).expect("a connection");
    let alike = kept.block_on(async {
        let fresh = "DROP DATABASE IF EXISTS revchain_peers; DROP DATABASE IF EXISTS revchain_peers_alike; CREATE DATABASE revchain_peers";
        raw_sql(fresh).execute(&mut admin).await.expect(fresh);
        migrate(&format!("{base}/revchain_peers")).await;
        alike(&mut admin).await
    });
    let mut message =
        async |sql: &str| raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.map(drop).expect("a server");
    rounds!(MySqlPool, MySqlConnection, rounds, rare, {
        measured!("floor: alike", {
            kept.block_on(async {
                message(&alike).await;
                alone!(MySqlConnection, &format!("{base}/revchain_peers_alike"));
                message("DROP DATABASE revchain_peers_alike").await;
            })
        });
        measured!("floor: transaction", transaction!(MySqlConnection, &format!("{base}/revchain_peers")));
    });
}

/// The least that makes a database like another one, where there are no templates: in one message, its tables without a word of their
/// columns, and their rows in one transaction.
async fn alike(admin: &mut sqlx::MySqlConnection) -> String {
    let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'revchain_peers'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(admin).await.expect("tables");
    let each = |one: fn(&str) -> String| tables.iter().map(|table| one(table)).collect::<String>();
    format!(
        "CREATE DATABASE revchain_peers_alike; USE revchain_peers_alike; {} START TRANSACTION; {} COMMIT; USE information_schema",
        each(|table| format!("CREATE TABLE {table} LIKE revchain_peers.{table}; ")),
        each(|table| format!("INSERT INTO {table} SELECT * FROM revchain_peers.{table}; ")),
    )
}

fn sqlite(folder: &str, rounds: usize, rare: usize) {
    use sqlx::{SqliteConnection, SqlitePool};
    // In memory, where the system has a folder there.
    let memory = if std::path::Path::new("/dev/shm").is_dir() { "/dev/shm" } else { folder };
    let clone = format!("{memory}/revchain-peers-{}.db", std::process::id());
    let image = format!("{folder}/image.db");
    let _ = std::fs::remove_file(&image);
    on_a_runtime(async {
        drop(SqliteConnection::connect(&format!("sqlite:{image}?mode=rwc")).await.expect("a file"));
        migrate(&format!("sqlite:{image}")).await;
    });
    let bytes = std::fs::read(&image).expect("an image");
    rounds!(SqlitePool, SqliteConnection, rounds, rare, {
        measured!("floor: image", {
            std::fs::write(&clone, &bytes).expect("a file");
            on_a_runtime(async { alone!(SqliteConnection, &format!("sqlite:{clone}")) });
            std::fs::remove_file(&clone).expect("its end");
        });
        measured!("floor: transaction", transaction!(SqliteConnection, &format!("sqlite:{image}")));
    });
}

async fn migrate(url: &str) {
    let mut database = revchain::Database::connect(url).await.expect("a connection");
    MIGRATIONS.upgrade(&mut database, "head").await.expect("an upgrade");
}

fn kept() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// As each test has one.
fn on_a_runtime(future: impl Future<Output = ()>) {
    kept().block_on(future);
}
