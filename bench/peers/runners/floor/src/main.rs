//! The floors: the same SQL sent raw, with the same durability and no questions asked. And what the measurement needs
//! done in a database.

#[path = "../../measure.rs"]
mod measure;

use sqlx::{AssertSqlSafe, Connection, Row, raw_sql};

use measure::measured;

include!("../revisions.rs");

/// One message: everything, in one transaction, and nothing kept about it.
fn batch(begin: &str) -> String {
    format!("{begin};\n{}COMMIT", REVISIONS.concat())
}

/// One message for each revision: its SQL and a row, in one transaction.
fn revision(begin: &str, number: usize) -> String {
    let sql = REVISIONS[number];
    format!("{begin};\n{sql}INSERT INTO floor_version (version_num) VALUES ('{number:012}');\nCOMMIT")
}

macro_rules! send {
    ($connection:expr, $sql:expr) => {
        raw_sql(AssertSqlSafe($sql)).execute(&mut $connection).await.expect("the SQL runs")
    };
}

macro_rules! run {
    ($what:expr, $begin:expr, $sql:expr, $connect:expr) => {{
        let mut connection = $connect.await.expect("a connection");
        match $what.as_str() {
            "batch" => measured!(send!(connection, batch($begin))),
            "per-revision" => measured!({
                send!(
                    connection,
                    "CREATE TABLE floor_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)".to_owned()
                );
                for number in 0..REVISIONS.len() {
                    send!(connection, revision($begin, number));
                }
            }),
            "look" => measured!({
                let sql = "SELECT max(version_num) FROM floor_version";
                raw_sql(sql).fetch_one(&mut connection).await.expect("a row")
            }),
            // Errands.
            "execute" => drop(send!(connection, $sql)),
            "count" => {
                let row = raw_sql(AssertSqlSafe($sql)).fetch_one(&mut connection).await.expect("a row");
                println!("{}", row.get::<i64, _>(0));
            }
            _ => {}
        }
        connection.close().await.expect("a farewell");
    }};
}

fn main() {
    let (what, url, sql) = measure::arguments();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match url.split(':').next() {
            Some("postgres") => run!(what, "BEGIN", sql, sqlx::PgConnection::connect(&url)),
            Some("mysql") => run!(what, "BEGIN", sql, sqlx::MySqlConnection::connect(&url)),
            _ => run!(what, "BEGIN IMMEDIATE", sql, sqlx::SqliteConnection::connect(&format!("{url}?mode=rwc"))),
        }
    });
}
