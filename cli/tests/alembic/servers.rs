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

async fn version(database: &common::TestDatabase) -> String {
    let found = database.version().await;
    letter(Some(found.trim_matches('-')).filter(|id| !id.is_empty())).to_owned()
}

async fn tables(database: &common::TestDatabase) -> String {
    let found = database.tables().await;
    let found: BTreeSet<&str> = found.split(',').filter_map(|name| name.strip_prefix("t_")).collect();
    IDS.iter().filter(|(_, id)| found.contains(id)).map(|(letter, _)| *letter).collect()
}
