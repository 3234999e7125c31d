//! What the replay could not read, and what is not judged for it. A count for whoever wants to know; never a finding.

use revchain_core::revision::Direction;
use revchain_core::{Dialect, Sources, VerifiedChain};

use super::walk::Walk;
use crate::model::{ObjectName, Place, Taint};

/// Of these statements and tables nothing is claimed, on one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// Which.
    pub dialect: Dialect,
    /// The statements of the upgrades that could not be read, in order.
    pub statements: Vec<Taint>,
    /// The tables of the head that are not judged, and since when.
    pub tables: Vec<(ObjectName, Taint)>,
    /// How many tables the head has.
    pub all_tables: usize,
}

/// What is not judged in a chain: an entry for each dialect on which there is anything.
pub fn unjudged(sources: &Sources, chain: &VerifiedChain) -> Vec<Unjudged> {
    let dialects = chain.config().dialects.iter();
    let all = dialects.map(|dialect| of_dialect(sources, chain, dialect));
    all.filter(|found| !found.statements.is_empty() || !found.tables.is_empty()).collect()
}

fn of_dialect(sources: &Sources, chain: &VerifiedChain, dialect: Dialect) -> Unjudged {
    let mut walk = Walk::new(sources, chain, dialect, 0);
    for (position, revision) in chain.revisions().iter().enumerate() {
        walk.run(position, revision, Direction::Upgrade, None);
    }
    let Walk { replay, opaque: statements, .. } = walk;
    let at = |place: Place| (place.revision, place.span.map(|span| span.start));
    let mut tables = Vec::new();
    for (name, table) in replay.schema.tables.iter() {
        let since = match table.unknown.first() {
            Some(taint) => Some(taint),
            // The first that came behind it may have changed it.
            None if replay.is_unsure(name) => statements.iter().find(|taint| at(taint.place) > at(table.place)),
            None => None,
        };
        tables.extend(since.map(|since| (name.clone(), since.clone())));
    }
    Unjudged { dialect, statements, tables, all_tables: replay.schema.tables.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use revchain_core::chain;

    /// The statements and the tables that are not judged, as text.
    fn said(upgrade: &str) -> (Vec<String>, Vec<String>) {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", b"dialects = ['postgres']".to_vec());
        let text = format!(
            "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\n{upgrade}\n-- @downgrade; irreversible: a test\n"
        );
        sources.add("versions/a.sql", "versions/a.sql", text.into_bytes());
        let chain = chain::verify(&sources).0.expect("a sound chain");
        let found = unjudged(&sources, &chain).into_iter().next();
        found.map_or_else(Default::default, |found| {
            let tables = found.tables.iter().map(|(name, since)| format!("{name}: {}", since.what));
            (found.statements.iter().map(|taint| taint.what.clone()).collect(), tables.collect())
        })
    }

    #[test]
    fn what_nobody_read_is_counted_once() {
        let none: (Vec<String>, Vec<String>) = Default::default();
        assert_eq!(said("CREATE TABLE t (a int); UPDATE t SET a = 1;"), none);
        assert_eq!(said("CREATE TABLE t (a int);\n-- @replay nothing\nCALL f();"), none);
        let (statements, tables) =
            said("CREATE TABLE t (a int); CALL f(); CALL g(); CREATE TABLE u (a int); CALL h();");
        assert_eq!(statements, ["CALL f()", "CALL g()", "CALL h()"]);
        assert_eq!(tables, ["t: CALL f()", "u: CALL h()"]);
        let (statements, tables) =
            said("CREATE TABLE t (a int); CREATE TABLE u (a int); ALTER TABLE t SET FROBNICATE;");
        assert_eq!((statements.len(), tables.len()), (0, 1));
    }
}
