//! What a revision that fails leaves: A-27 and D-15, on each database there is. PostgreSQL and MySQL or MariaDB are those
//! of `REVCHAIN_TEST_POSTGRES` and `REVCHAIN_TEST_MYSQL`.

use std::collections::BTreeSet;

use revchain::Dialect;

use crate::transcript::{chain, revision};
use crate::{IDS, letter};

#[path = "../../../runtime/tests/common/mod.rs"]
mod common;

/// `a` to `e` are run, and `d` fails after its table is made.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    dialect: Dialect,
    /// `transaction` in revchain.toml.
    transaction: &'static str,
    /// Where the database stands afterwards.
    version: &'static str,
    /// Whose tables are there.
    tables: &'static str,
    #[allow(dead_code, reason = "for whoever reads the table")]
    alembic: &'static str,
}

const LOST: &str = "each version row by itself and no transaction around the DDL: at c, with the table of d; \
                    a second try fails because that exists";
const MYSQL: &str = "the same; there is no transaction around DDL";

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    Row { name: "A-27", dialect: Dialect::Sqlite, transaction: "", version: "-", tables: "", alembic: LOST },
    Row { name: "A-27", dialect: Dialect::Postgres, transaction: "", version: "c", tables: "abc", alembic: "one transaction for the run: at base, without tables" },
    Row { name: "A-27", dialect: Dialect::Mysql, transaction: "", version: "c", tables: "abcd", alembic: MYSQL },
    Row { name: "D-15", dialect: Dialect::Sqlite, transaction: "per-revision", version: "c", tables: "abc", alembic: LOST },
    Row { name: "D-15", dialect: Dialect::Sqlite, transaction: "per-run", version: "-", tables: "", alembic: LOST },
    Row { name: "D-15", dialect: Dialect::Postgres, transaction: "per-revision", version: "c", tables: "abc", alembic: "" },
    Row { name: "D-15", dialect: Dialect::Postgres, transaction: "per-run", version: "-", tables: "", alembic: "" },
    Row { name: "D-15", dialect: Dialect::Mysql, transaction: "per-revision", version: "c", tables: "abcd", alembic: MYSQL },
    Row { name: "D-15", dialect: Dialect::Mysql, transaction: "per-run", version: "c", tables: "abcd", alembic: MYSQL },
];

#[tokio::test]
async fn sqlite() {
    run(Dialect::Sqlite).await;
}

#[tokio::test]
async fn postgres() {
    run(Dialect::Postgres).await;
}

#[tokio::test]
async fn mysql() {
    run(Dialect::Mysql).await;
}

async fn run(dialect: Dialect) {
    for row in ROWS.iter().filter(|row| row.dialect == dialect) {
        let Some(database) = common::TestDatabase::make(dialect).await else { return };
        let project = chain(5);
        let transaction = match row.transaction {
            "" => String::new(),
            when => format!("transaction = '{when}'\n"),
        };
        project.write("migrations/revchain.toml", &format!("dialects = ['{}']\n{transaction}", dialect.name()));
        let (c, d) = (IDS[2].1, IDS[3].1);
        let (path, sound) = (format!("migrations/versions/{d}_x.sql"), revision(d, c));
        project.write(&path, &sound.replace("\n-- @downgrade", "INSERT INTO nowhere VALUES (1);\n\n-- @downgrade"));

        let said = project.run(&["--url", &database.url, "upgrade", "head"]).refused(1);
        let place = format!("{} on {}, {}", row.name, dialect.name(), row.transaction);
        assert!(said.contains(&format!("revision `{d}` failed to upgrade")) && said.contains("nowhere"), "{said}");
        let found = (version(&database).await, tables(&database).await);
        assert_eq!(found, (row.version.to_owned(), row.tables.to_owned()), "{place}");

        // Mended, it goes on from there: the table of d that is there is not made again.
        project.write(&path, &sound);
        project.run(&["--url", &database.url, "upgrade", "head"]).done();
        assert_eq!(
            (version(&database).await, tables(&database).await),
            ("e".to_owned(), "abcde".to_owned()),
            "{place}"
        );
        database.finish().await;
    }
}

/// Who is in the way of a lock, in the lines of a run, in its error, and for programs.
#[tokio::test]
async fn who_holds_the_lock() {
    let Some(database) = common::TestDatabase::make(Dialect::Postgres).await else { return };
    let project = chain(4);
    project.write("migrations/revchain.toml", "dialects = ['postgres']\nlock_timeout = '20ms'\n");
    let (c, d) = (IDS[2].1, IDS[3].1);
    let more = format!("ALTER TABLE t_{c} ADD COLUMN more INTEGER;\n\n-- @downgrade");
    project.write(&format!("migrations/versions/{d}_x.sql"), &revision(d, c).replace("\n-- @downgrade", &more));
    project.run(&["--url", &database.url, "upgrade", c]).done();
    let holder = database.hold(&format!("SET application_name = 'the holder'; DELETE FROM t_{c}")).await;
    let said = project.run(&["--url", &database.url, "upgrade", "--json"]);
    assert_eq!(said.code, 1, "{said:#?}");
    let object: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let blockers = object["error"]["blockers"].as_array().unwrap();
    let [blocker] = blockers.as_slice() else { panic!("{said:#?}") };
    let member = |name: &str| blocker[name].as_str().unwrap_or_default().to_owned();
    assert_eq!((member("user"), member("application")), ("postgres".to_owned(), "the holder".to_owned()));
    assert!(member("query").ends_with(&format!("DELETE FROM t_{c}")), "{said:#?}");
    assert_eq!((member("mode"), member("relation")), ("RowExclusiveLock".to_owned(), format!("public.t_{c}")));
    let who = format!("pid {}, user postgres, application the holder, idle in transaction", blocker["pid"]);
    assert!(said.stderr.contains(&format!("\n  blocked by {who}")), "{said:#?}");
    assert_eq!(said.stderr.matches("; trying again in ").count(), 4, "{said:#?}");
    assert!(said.stderr.contains(&format!("\n  blocked by: {who}")), "{said:#?}");
    assert!(said.stderr.contains(&format!("SELECT pg_terminate_backend({})", blocker["pid"])), "{said:#?}");
    assert_eq!(version(&database).await, "c");
    holder.let_go().await;
    project.run(&["--url", &database.url, "upgrade"]).done();
    assert_eq!(version(&database).await, "d");
    database.finish().await;
}

async fn version(database: &common::TestDatabase) -> String {
    let found = database.version().await;
    letter(Some(found.trim_matches('-')).filter(|id| !id.is_empty())).to_owned()
}

async fn tables(database: &common::TestDatabase) -> String {
    let found = database.tables().await;
    let found: BTreeSet<&str> = found.split(',').filter_map(|name| name.strip_prefix("t_")).collect();
    IDS.iter().filter(|(_, id)| found.contains(id)).map(|(letter, _)| *letter).collect()
}
