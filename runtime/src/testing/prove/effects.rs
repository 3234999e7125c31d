//! What a revision's own statements do to rows that are there, as far as their words tell: where they say that rows go, or
//! change, that is what the author wants. Guesses towards too much: of what is named here nothing is claimed.

use std::collections::BTreeSet;

use revchain_core::revision::{Language, RevisionFile};
use revchain_core::sql::Words;
use revchain_core::{Dialect, Sources, Span};
use revchain_schema::Schema;
use revchain_schema::model::ObjectName;

/// What begins a statement that writes no row of a table that stays.
const OF_SCHEMA: [&str; 14] = [
    "create", "alter", "drop", "comment", "grant", "revoke", "set", "pragma", "lock", "analyze", "vacuum", "reindex",
    "rename", "optimize",
];
const OF_ROWS: [&str; 7] = ["insert", "update", "delete", "truncate", "replace", "merge", "with"];

/// What a statement may make, change or drop by name, and touch nothing that it doesn't name. A type, a schema or an extension is
/// behind tables of any name.
const NAMED: [&str; 12] = [
    "table",
    "index",
    "view",
    "materialized",
    "trigger",
    "sequence",
    "function",
    "procedure",
    "temporary",
    "foreign",
    "policy",
    "column",
];
/// How many statements a note names, and how much of each.
const SHOWN: usize = 3;
const SHOWN_LETTERS: usize = 50;

/// What a revision does to rows, in both directions.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Words of the statements that take rows away, of those that change some, and of all.
    removes: BTreeSet<String>,
    changes: BTreeSet<String>,
    named: BTreeSet<String>,
    /// Functions, procedures, blocks, which may do anything: where they stand, and how they begin.
    unread: Vec<String>,
    /// Whether a statement may touch what it doesn't name.
    is_far: bool,
}

impl Effects {
    pub(super) fn of(sources: &Sources, revision: &RevisionFile, dialect: Dialect) -> Effects {
        let mut effects = Effects::default();
        if revision.language == Language::Rust {
            effects.unread = functions(sources, revision);
            return effects;
        }
        for section in revision.sections.iter().filter(|section| section.dialects.contains(dialect)) {
            let body = section.text(sources);
            let statements = section.split(dialect).into_iter().flat_map(|split| split.statements());
            for statement in statements {
                let (start, end) = (statement.start as usize, statement.end as usize);
                if !effects.add(body.get(start..end).unwrap_or_default(), dialect) {
                    let offset = section.body.start as usize;
                    let span = Span::new(section.body.file, offset + start, offset + end);
                    effects.unread.push(place(sources, span));
                }
            }
        }
        effects
    }

    /// Whether what the statement does to rows can be told.
    fn add(&mut self, statement: &str, dialect: Dialect) -> bool {
        let mut words = Words::new(statement, dialect);
        let mut all = Vec::new();
        while words.token(all.len()).is_some() {
            let word = words.text(all.len()).trim_matches(['"', '`', '[', ']']).to_lowercase();
            all.push(word);
        }
        let has = |word: &str| all.iter().any(|other| other == word);
        let Some(first) = all.first() else { return true };
        let (removes, changes) = match first.as_str() {
            "alter" => (has("partition"), has("using")),
            first if OF_SCHEMA.contains(&first) => (false, false),
            // What it calls may do anything.
            "select" if !has("(") => (false, false),
            first if OF_ROWS.contains(&first) => {
                (has("delete") || has("truncate") || has("replace") || has("merge"), has("update") || has("merge"))
            }
            _ => return false,
        };
        if removes {
            self.removes.extend(all.iter().cloned());
        }
        if removes || changes {
            self.changes.extend(all.iter().cloned());
        }
        self.is_far |= is_far(&all);
        self.named.extend(all);
        true
    }

    /// Why whether rows are kept is not judged, where that is so.
    pub(super) fn unjudged(&self) -> Option<String> {
        let shown = self.unread.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        let more = self.unread.len().saturating_sub(SHOWN);
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        (!self.unread.is_empty()).then(|| {
            format!("whether rows are kept is not judged, for nobody can read what becomes of them in {shown}{more}")
        })
    }

    /// Whether a statement may touch any table, named or not.
    pub(super) fn may_touch_any(&self) -> bool {
        self.is_far || !self.unread.is_empty()
    }

    /// Whether a statement has the name of a table, a view, a function. What isn't made of letters is not looked for.
    pub(super) fn names(&self, name: &ObjectName) -> bool {
        let name = word(name);
        self.named.contains(&name) || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    /// Whether rows of a table may go: or of one that it refers to, which takes them along.
    pub(super) fn may_remove(&self, table: &ObjectName, schema: &Schema) -> bool {
        if !self.unread.is_empty() {
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
        !self.unread.is_empty() || self.changes.contains(&word(table))
    }
}

fn word(name: &ObjectName) -> String {
    name.name.as_str().to_lowercase()
}

/// Whether a statement may touch what it doesn't name.
fn is_far(words: &[String]) -> bool {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|other| other == word);
    let by_name = (1..=2).any(|at| words.get(at).is_some_and(|word| NAMED.contains(&word.as_str())));
    // A foreign key's own words are no order to take something along.
    let takes_along =
        |at: &usize| is(*at, "cascade") && !at.checked_sub(1).is_some_and(|at| is(at, "delete") || is(at, "update"));
    matches!(words.first().map(String::as_str), Some("alter" | "drop")) && !by_name
        || (0..words.len()).any(|at| takes_along(&at) || is(at, "writable_schema"))
        || is(0, "create") && (1..=4).any(|at| is(at, "trigger") || is(at, "rule"))
}

/// Where a revision's functions stand; or the revision, should they stand elsewhere.
fn functions(sources: &Sources, revision: &RevisionFile) -> Vec<String> {
    let text = &sources.file(revision.file).text;
    let found = |word: &str| {
        let start = text.find(word)?;
        Some(place(sources, Span::new(revision.file, start, start + word.len())))
    };
    let functions: Vec<String> = ["fn upgrade", "fn downgrade"].into_iter().filter_map(found).collect();
    if functions.is_empty() { vec![sources.file(revision.file).path.clone()] } else { functions }
}

/// Where a statement stands, and how it begins.
fn place(sources: &Sources, span: Span) -> String {
    let text = sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = text.chars().take(SHOWN_LETTERS).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    format!("{}:{} (`{shown}{cut}`)", sources.file(span.file).path, sources.position(span).line)
}
