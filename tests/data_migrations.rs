//! The two revisions that change rows, each tried on rows from before it: a test starts at the revision below, a fixture brings
//! the rows, the upgrade goes one further, and then we look. What the whole chain makes of many more rows is in `ibutsu/`.
//!
//! SQLite is always there. PostgreSQL and MariaDB are used where `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL` hold the URL of
//! a server. A project with one database needs none of this file's macro: it names the pool's type and sets `DATABASE_URL`.

// clippy.toml allows these in tests, but knows a test by its attribute: the functions that tests call are none.
#![allow(clippy::expect_used)]
#![allow(unnameable_test_items, reason = "those of servers are called by tests that look for one first")]

use std::io::Write as _;

use ibutsu_db::MIGRATIONS;
use revchain::Dialect;
use sqlx::{
    ColumnIndex, Database, Decode, Executor, IntoArguments, MySqlPool, PgPool, Pool, Row as _, SqlitePool, Type,
};

/// Each function as a test on each database. `DIALECT` says in it which one that is.
macro_rules! every_database {
    ($($(#[doc = $doc:literal])* #[revchain::test($($arguments:tt)*)] async fn $test:ident($pool:ident) $body:block)+) => {
        $($(#[doc = $doc])* mod $test {
            use super::*;

            #[revchain::test($($arguments)*)]
            async fn sqlite($pool: SqlitePool) {
                const DIALECT: Dialect = Dialect::Sqlite;
                $body
            }

            #[test]
            fn postgres() {
                #[revchain::test($($arguments)*, env = "REVCHAIN_TEST_POSTGRES")]
                async fn on_postgres($pool: PgPool) {
                    const DIALECT: Dialect = Dialect::Postgres;
                    $body
                }
                if is_there("REVCHAIN_TEST_POSTGRES") {
                    on_postgres();
                }
            }

            #[test]
            fn mysql() {
                #[revchain::test($($arguments)*, env = "REVCHAIN_TEST_MYSQL")]
                async fn on_mysql($pool: MySqlPool) {
                    const DIALECT: Dialect = Dialect::Mysql;
                    $body
                }
                if is_there("REVCHAIN_TEST_MYSQL") {
                    on_mysql();
                }
            }
        })+
    };
}

every_database! {
    /// `e5736dbcc0b0`.
    #[revchain::test(MIGRATIONS, at = "8cf9148b9ad9", fixtures("perfscale"))]
    async fn what_perfscale_had_is_insights(pool) {
        MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
        assert_eq!(texts(&pool, OWNED).await, ["insights-qe 4 1 1 1 3", "other 1 1 0 0 1"]);
        assert_eq!(texts(&pool, DATA).await, data(DIALECT));
    }

    /// `d18de2b3253f`.
    #[revchain::test(MIGRATIONS, at = "e5736dbcc0b0", fixtures("summaries"))]
    async fn summaries_get_their_percentage(pool) {
        MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
        assert_eq!(texts(&pool, SUMMARIES).await, summaries(DIALECT));
    }
}

/// What each project has that still has something: runs, results, dashboards, widgets, users.
const OWNED: &str = "SELECT CONCAT(name, ' ', runs, ' ', results, ' ', dashboards, ' ', widgets, ' ', users) FROM (
    SELECT name,
        (SELECT COUNT(*) FROM runs WHERE project_id = projects.id) AS runs,
        (SELECT COUNT(*) FROM results WHERE project_id = projects.id) AS results,
        (SELECT COUNT(*) FROM dashboards WHERE project_id = projects.id) AS dashboards,
        (SELECT COUNT(*) FROM widget_configs WHERE project_id = projects.id) AS widgets,
        (SELECT COUNT(*) FROM users_projects WHERE project_id = projects.id) AS users
    FROM projects) AS owned
    WHERE runs > 0 ORDER BY name";

const DATA: &str = "SELECT CASE WHEN data IS NULL THEN '-' ELSE CONCAT(data) END FROM runs ORDER BY id";

/// What runs say of their project: on PostgreSQL that is put right, elsewhere it stays.
fn data(dialect: Dialect) -> [&'static str; 6] {
    let [tagged, none, list] = match dialect {
        Dialect::Postgres => [
            r#"{"tags": ["nightly"], "project": "insights-qe"}"#,
            r#"{"project": "insights-qe"}"#,
            r#"["a", 1, {"project": "insights-qe"}]"#,
        ],
        _ => [r#"{"tags": ["nightly"], "project": "hcc-perfscale-cpt"}"#, "-", r#"["a", 1]"#],
    };
    [tagged, none, list, r#"{"project": "insights-qe"}"#, r#"{"project": "other"}"#, r#"{"project": "orphan"}"#]
}

const SUMMARIES: &str = "SELECT CASE WHEN summary IS NULL THEN '-' ELSE CONCAT(summary) END FROM runs ORDER BY id";

/// What the fixture has, and what PostgreSQL makes of it. The other databases have nothing to do.
fn summaries(dialect: Dialect) -> [&'static str; 9] {
    [
        (r#"{"tests": 10, "passes": 7}"#, r#"{"tests": 10, "passes": 7, "pass_percent": 70}"#),
        ("-", "-"),
        ("{}", r#"{"pass_percent": 0}"#),
        (r#"{"tests": 3, "passes": 2}"#, r#"{"tests": 3, "passes": 2, "pass_percent": 66}"#),
        (r#"{"tests": 1, "passes": 1, "pass_percent": 42}"#, r#"{"tests": 1, "passes": 1, "pass_percent": 42}"#),
        (r#"{"tests": 1, "passes": 0, "pass_percent": null}"#, r#"{"tests": 1, "passes": 0, "pass_percent": null}"#),
        (
            r#"{"skips": 1, "tests": 8, "errors": 1, "xpasses": 1, "failures": 1, "xfailures": 1}"#,
            r#"{"skips": 1, "tests": 8, "errors": 1, "xpasses": 1, "failures": 1, "xfailures": 1, "pass_percent": 37}"#,
        ),
        (r#"{"tests": 4, "passes": 9}"#, r#"{"tests": 4, "passes": 9, "pass_percent": 100}"#),
        (r#"{"tests": "010", "passes": "007"}"#, r#"{"tests": "010", "passes": "007", "pass_percent": 70}"#),
    ]
    .map(|(before, after)| if dialect == Dialect::Postgres { after } else { before })
}

/// The first column.
async fn texts<DB: Database>(pool: &Pool<DB>, sql: &'static str) -> Vec<String>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    DB::Arguments: IntoArguments<DB>,
    for<'r> String: Decode<'r, DB> + Type<DB>,
    usize: ColumnIndex<DB::Row>,
{
    let rows = sqlx::query(sql).fetch_all(pool).await.expect("the rows can be read");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Whether there is a server. Where there is none it says so, and under `CI=true` fails.
fn is_there(variable: &str) -> bool {
    if std::env::var(variable).is_ok() {
        return true;
    }
    let ci = std::env::var("CI");
    assert_ne!(ci.as_deref(), Ok("true"), "{variable} is not set, and under CI=true nothing is skipped");
    // Not eprintln!, which the test harness would keep to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {variable} is not set; `cargo xtask test` starts a server for it");
    false
}
