//! Which tables a revision may reach: those that its statements name, those that the replay sees change, and what refers to them. In
//! the others no row can be lost, and to fill all of them for each revision takes longer with each revision that there is.
//!
//! Where that can't be told, it is every table.

use std::collections::BTreeSet;

use revchain_schema::Trip;
use revchain_schema::model::{ObjectName, Schema};

use super::effects::Effects;

/// The tables that a revision may reach; `None` is every one.
#[derive(Debug)]
pub(super) struct Reach(Option<BTreeSet<ObjectName>>);

impl Reach {
    /// `stored` is the database's schema below the revision; the trip's are the replay's.
    pub(super) fn of(effects: &Effects, trip: &Trip, stored: &Schema) -> Reach {
        if effects.may_touch_any() || [stored, &trip.up].into_iter().any(|schema| hides(schema, effects)) {
            return Reach(None);
        }
        let mut reached: BTreeSet<&ObjectName> = stored.tables.keys().filter(|name| effects.names(name)).collect();
        for (from, to) in [(&trip.before, &trip.up), (&trip.up, &trip.down)] {
            reached.extend(from.tables.changes(&to.tables).into_iter().map(|(name, ..)| name));
        }
        // Rows take those along that refer to them.
        spread(&mut reached, |reached| {
            let refers = |name: &ObjectName| referred(stored, name).any(|to| reached.contains(to));
            stored.tables.keys().filter(|name| refers(name)).collect()
        });
        if [stored, &trip.up].iter().any(|schema| schema.triggers.values().any(|one| reached.contains(&one.table))) {
            return Reach(None);
        }
        // And those to which they refer have to be there.
        spread(&mut reached, |reached| reached.iter().flat_map(|name| referred(stored, name)).collect());
        Reach(Some(reached.into_iter().cloned().collect()))
    }

    /// Whether a table may be reached.
    pub(super) fn has(&self, table: &ObjectName) -> bool {
        self.0.as_ref().is_none_or(|reached| reached.contains(table))
    }
}

/// The tables to which one refers.
fn referred<'a>(schema: &'a Schema, table: &ObjectName) -> impl Iterator<Item = &'a ObjectName> + use<'a> {
    schema.tables.get(table).into_iter().flat_map(|table| table.foreign_keys.iter().map(|key| &key.table))
}

/// Adds what comes with what is there, until nothing does any more.
fn spread<'a>(reached: &mut BTreeSet<&'a ObjectName>, next: impl Fn(&BTreeSet<&'a ObjectName>) -> Vec<&'a ObjectName>) {
    let mut before = usize::MAX;
    while before != reached.len() {
        before = reached.len();
        let more = next(reached);
        reached.extend(more);
    }
}

/// Whether there is something through which a statement touches tables that it doesn't name.
fn hides(schema: &Schema, effects: &Effects) -> bool {
    let is_shared = |key: &str| schema.tables.values().any(|table| table.options.contains_key(key));
    schema.views.keys().chain(schema.routines.keys()).any(|name| effects.names(name))
        || schema.others.keys().any(|(kind, ..)| matches!(*kind, "rule" | "event trigger"))
        || is_shared("partition of")
        || is_shared("inherits")
}

#[cfg(test)]
mod tests {
    use revchain_core::{Dialect, Sources, chain};
    use revchain_schema::trips;

    use super::*;

    const TABLES: &str = "CREATE TABLE a (id int PRIMARY KEY, at text);
        CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id));
        CREATE TABLE c (id int PRIMARY KEY, b_id int REFERENCES b (id));
        CREATE TABLE d (id int PRIMARY KEY);
        CREATE TABLE \"in words\" (id int);
        CREATE TABLE watched (id int);
        CREATE VIEW v AS SELECT id FROM d;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM d; RETURN NULL; END $$;
        CREATE TRIGGER t AFTER INSERT ON watched EXECUTE FUNCTION f();";

    /// The tables that a revision may reach, with one letter each.
    fn reached(before: &str, upgrade: &str, downgrade: &str) -> Option<String> {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", b"dialects = ['postgres']".to_vec());
        let revisions = [("a1", "base", before, "; irreversible: a test\n"), ("b2", "a1", upgrade, downgrade)];
        for (id, below, up, down) in revisions {
            let text =
                format!("-- m\n-- revision: {id}\n-- down_revision: {below}\n-- @upgrade\n{up}\n-- @downgrade{down}\n");
            let path = format!("versions/{id}.sql");
            sources.add(path.clone(), path, text.into_bytes());
        }
        let (chain, findings) = chain::verify(&sources);
        let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
        let trip = trips(&sources, &chain, Dialect::Postgres).pop().unwrap();
        let effects = Effects::of(&sources, &chain.revisions()[1], Dialect::Postgres);
        let names = Reach::of(&effects, &trip, &trip.before).0?;
        Some(names.iter().map(|name| name.name.as_str()[..1].to_owned()).collect())
    }

    #[test]
    fn what_a_revision_names_and_what_refers_to_it() {
        for (upgrade, expected) in [
            // What isn't made of letters is looked for nowhere, and so is there.
            ("CREATE INDEX i ON d (id);", "di"),
            ("UPDATE c SET id = 1;", "abci"),
            ("DELETE FROM public.\"a\" WHERE id = 1;", "abci"),
            ("CREATE TABLE e (id int REFERENCES d (id) ON DELETE CASCADE);", "dei"),
            ("ALTER TABLE IF EXISTS ONLY d RENAME TO e;", "dei"),
        ] {
            assert_eq!(reached(TABLES, upgrade, "\n").as_deref(), Some(expected), "{upgrade}");
        }
    }

    #[test]
    fn what_may_touch_anything() {
        for upgrade in [
            "DO $$ BEGIN DELETE FROM a; END $$;",
            "SELECT f();",
            "TRUNCATE d CASCADE;",
            "DROP SCHEMA IF EXISTS other;",
            "ALTER TYPE mood RENAME VALUE 'good' TO 'bad';",
            "INSERT INTO d SELECT f();",
            "DELETE FROM v;",
            "INSERT INTO watched VALUES (1);",
            "CREATE TRIGGER u AFTER INSERT ON d EXECUTE FUNCTION g();",
        ] {
            assert_eq!(reached(TABLES, upgrade, "\n"), None, "{upgrade}");
        }
        // And so does the way back, and what is said of a table that others are parts of.
        assert_eq!(reached(TABLES, "UPDATE d SET id = 1;", "\nTRUNCATE d CASCADE;"), None);
        let parts = "CREATE TABLE d (id int) PARTITION BY LIST (id);\nCREATE TABLE e PARTITION OF d FOR VALUES IN (1);";
        assert_eq!(reached(parts, "UPDATE d SET id = 1;", "\n"), None);
    }
}
