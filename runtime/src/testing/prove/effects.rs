//! What a revision's own statements do to rows that are there, as far as their words tell: where they say that rows go, or
//! change, that is what the author wants. Guesses towards too much: of what is named here nothing is claimed.

use std::collections::BTreeSet;

use revchain_core::revision::{Language, RevisionFile};
use revchain_core::sql::Words;
use revchain_core::{Dialect, Sources};
use revchain_schema::Schema;
use revchain_schema::model::ObjectName;

/// What begins a statement that writes no row of a table that stays.
const OF_SCHEMA: [&str; 14] = [
    "create", "alter", "drop", "comment", "grant", "revoke", "set", "pragma", "lock", "analyze", "vacuum", "reindex",
    "rename", "optimize",
];
const OF_ROWS: [&str; 7] = ["insert", "update", "delete", "truncate", "replace", "merge", "with"];

/// What a revision does to rows, in both directions.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Words of the statements that take rows away, and of those that change some.
    removes: BTreeSet<String>,
    changes: BTreeSet<String>,
    /// A function, a procedure, a block: anything.
    anything: bool,
}

impl Effects {
    pub(super) fn of(sources: &Sources, revision: &RevisionFile, dialect: Dialect) -> Effects {
        let mut effects = Effects { anything: revision.language == Language::Rust, ..Effects::default() };
        for section in revision.sections.iter().filter(|section| section.dialects.contains(dialect)) {
            let body = section.text(sources);
            let statements = section.split(dialect).into_iter().flat_map(|split| split.statements());
            for statement in statements {
                effects.add(body.get(statement.start as usize..statement.end as usize).unwrap_or_default(), dialect);
            }
        }
        effects
    }

    fn add(&mut self, statement: &str, dialect: Dialect) {
        let mut words = Words::new(statement, dialect);
        let mut all = Vec::new();
        while words.token(all.len()).is_some() {
            let word = words.text(all.len()).trim_matches(['"', '`', '[', ']']).to_lowercase();
            all.push(word);
        }
        let has = |word: &str| all.iter().any(|other| other == word);
        let Some(first) = all.first() else { return };
        let (removes, changes) = match first.as_str() {
            "alter" => (has("partition"), has("using")),
            first if OF_SCHEMA.contains(&first) => (false, false),
            // What it calls may do anything.
            "select" if !has("(") => (false, false),
            first if OF_ROWS.contains(&first) => {
                (has("delete") || has("truncate") || has("replace") || has("merge"), has("update") || has("merge"))
            }
            _ => return self.anything = true,
        };
        if removes {
            self.removes.extend(all.iter().cloned());
        }
        if removes || changes {
            self.changes.extend(all);
        }
    }

    /// Whether rows of a table may go: or of one that it refers to, which takes them along.
    pub(super) fn may_remove(&self, table: &ObjectName, schema: &Schema) -> bool {
        if self.anything {
            return true;
        }
        let (mut open, mut seen) = (vec![table], BTreeSet::new());
        while let Some(name) = open.pop() {
            if self.removes.contains(&word(name)) {
                return true;
            }
            if seen.insert(name) {
                let keys = schema.tables.get(name).map(|table| &table.foreign_keys);
                open.extend(keys.into_iter().flatten().map(|key| &key.table));
            }
        }
        false
    }

    /// Whether values may change.
    pub(super) fn may_change(&self, table: &ObjectName) -> bool {
        self.anything || self.changes.contains(&word(table))
    }
}

fn word(name: &ObjectName) -> String {
    name.name.as_str().to_lowercase()
}
