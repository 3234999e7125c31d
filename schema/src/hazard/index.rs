//! Indexes on live tables.

use revchain_core::revision::Mode;
use revchain_core::{Code, Dialect};

use super::{Context, Hazard};
use crate::change::CreateIndex;

/// RC401. PostgreSQL builds an index under a lock that reads pass and writes don't; with CONCURRENTLY it takes longer and
/// stops nobody. A partitioned table has no concurrent build.
///
/// Source: PostgreSQL's documentation of CREATE INDEX.
pub(super) fn create(create: &CreateIndex, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres || create.concurrently || create.only {
        return;
    }
    let Some((name, table)) = context.live(&create.table) else { return };
    if table.options.contains_key("partition by") {
        return;
    }
    let statement = context.text.trim_end();
    let rewrite = rewritten(statement);
    let (outside, section) = match context.mode {
        Mode::NoTransaction => ("", ""),
        _ => (", in a revision of its own whose section is outside a transaction", "-- @upgrade; no-transaction\n"),
    };
    found.push(Hazard::at(
        Code::IndexBlocksWrites,
        create.part,
        format!("nobody can write to `{name}` while this index is built"),
        format!("build it concurrently{outside}:\n{section}{rewrite}"),
    ));
}

/// The statement with `CONCURRENTLY` behind its `INDEX`.
fn rewritten(statement: &str) -> String {
    let at = statement.to_ascii_uppercase().find("INDEX").map_or(0, |at| at + "INDEX".len());
    let (head, tail) = statement.split_at_checked(at).unwrap_or(("", statement));
    format!("{head} CONCURRENTLY{tail};")
}
