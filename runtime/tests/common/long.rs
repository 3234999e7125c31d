//! A chain that is long enough for its transactions to share messages on PostgreSQL.

use revchain::Migrations;

use super::Chain;

/// How many revisions there are behind the table's.
pub const LENGTH: usize = 24;

/// A table, `r00`, and as many revisions that write into it, `r01` and on; one of them does something else.
pub fn long(odd: usize, statements: &'static [&'static str]) -> &'static Migrations {
    let table = "CREATE TABLE runs (at INTEGER, by BIGINT DEFAULT txid_current(), \
                 later INTEGER UNIQUE DEFERRABLE INITIALLY DEFERRED)";
    let chain = Chain::new().sql("r00", &[table], &["DROP TABLE runs"]);
    let chain = (1..=LENGTH).fold(chain, |chain, at| {
        let leak = |text: String| &*Box::leak(text.into_boxed_str());
        let up = leak(format!("INSERT INTO runs VALUES ({at})"));
        let down = leak(format!("DELETE FROM runs WHERE at = {at}"));
        let id = leak(format!("r{at:02}"));
        if at == odd { chain.sql(id, statements, &[down]) } else { chain.sql(id, &[up], &[down]) }
    });
    chain.build()
}
