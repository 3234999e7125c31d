//! What differs between a database and the chain, for whoever is on call: what is in the one, what in the other, and what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use revchain_core::Dialect;
use revchain_schema::{Changed, Difference, Object};
use serde_json::{Value, json};

use super::Drift;
use crate::json::edited_revision;
use crate::lines::counted;
use crate::output::place;
use crate::terminal::{HELP, lines, one_line, painted};
use crate::tool::changes::{Change, Changes, Sign};
use crate::tool::replayed::Unknown;

/// How many things one sentence names.
const NAMED: usize = 8;

impl Drift {
    /// A line for each difference, with the DDL of what only one of the two has.
    pub(in crate::tool) fn text(&self) -> String {
        let mut text = String::new();
        for change in &self.changes().all {
            let _ = writeln!(text, "{}", one_line(&self.sentence(change)));
            if !change.is_table() && change.sign != Sign::Changed {
                for line in change.before.iter().chain(&change.after).flat_map(|ddl| ddl.lines()) {
                    let _ = writeln!(text, "    {}", lines(line));
                }
            }
            if let Some(help) = self.help(change) {
                let _ = writeln!(text, "  {} {}", painted(HELP, "help:"), one_line(&help));
            }
        }
        text
    }

    /// What was not compared, and why: a line for each reason.
    pub(in crate::tool) fn not_compared(&self) -> String {
        let mut text = String::new();
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for unclear in &self.comparison.unclear {
            reasons.entry(&unclear.why).or_default().push(unclear.object.to_string());
        }
        for (why, objects) in reasons {
            let mut named = objects.get(..objects.len().min(NAMED)).unwrap_or_default().join(", ");
            if objects.len() > NAMED {
                let _ = write!(named, " and {} more", objects.len() - NAMED);
            }
            let _ = writeln!(text, "not compared: {}", one_line(&format!("{named}: {why}")));
        }
        text
    }

    /// What the chain did that nobody understood.
    pub(in crate::tool) fn unknown(&self) -> &[Unknown] {
        &self.unknown
    }

    /// What stands in the way of taking the differences for somebody's doing.
    pub(in crate::tool) fn cautions(&self) -> Vec<String> {
        let step = self.under_way.iter().map(|step| {
            format!("{step}: what it has done so far is among the differences; `revchain status` says more")
        });
        let edited = self.edited.iter().map(|revision| {
            one_line(&format!("{revision}, has been edited since: what it changed then is not what it says now"))
                .into_owned()
        });
        step.chain(edited).collect()
    }

    /// The last line, and what to do.
    pub(in crate::tool) fn summary(&self) -> String {
        let at = place(self.revision.as_deref());
        let behind = match self.pending {
            0 => String::new(),
            pending => {
                format!(" ({} behind the head)", counted(pending as u64, "revision"))
            }
        };
        let (count, url) = (self.changes().all.len() as u64, &self.url);
        if count == 0 {
            let said = if self.revision.is_none() { "No revision is applied, and the" } else { "The" };
            return format!("{said} database is what the chain says at {at}{behind}: {url}");
        }
        format!("{} between the database and the chain at {at}{behind}: {url}", counted(count, "difference"))
    }

    /// What to do about all of it.
    pub(in crate::tool) fn remedies(&self) -> Vec<String> {
        if self.is_clean() {
            return Vec::new();
        }
        if self.revision.is_none() && self.comparison.differences.iter().all(|one| one.change == Changed::Extra) {
            return vec![
                "no revision is recorded here: where these tables are the chain's, `revchain stamp <revision>` says which \
                 is the last that they have; `[objects]` in revchain.toml leaves out what is no business of the chain"
                    .to_owned(),
            ];
        }
        let is_gone = |name| !self.stored.tables.contains_key(name);
        if self.dialect == Dialect::Postgres && !self.said.tables.is_empty() && self.said.tables.keys().all(is_gone) {
            return vec![
                "none of the chain's tables is in the session's current schema, the first one of `search_path` that is there: \
                 see whether that is another one than the revisions ran in"
                    .to_owned(),
            ];
        }
        vec![
            "`revchain check --database --sql` prints the statements that make the database what the chain says: read \
             them first"
                .to_owned(),
            "what shall stay goes into the chain, as a revision, which `revchain stamp` records here in place of running \
             it; `[objects]` in revchain.toml leaves out what is no business of the chain"
                .to_owned(),
        ]
    }

    pub(in crate::tool) fn json(&self) -> Value {
        let unclear = &self.comparison.unclear;
        json!({
            "database": self.url,
            "dialect": self.dialect.name(),
            "revision": self.revision,
            "head": self.head,
            "clean": self.is_clean(),
            "differences": self.changes().all.iter().map(|change| self.member(change)).collect::<Vec<_>>(),
            "not_compared": unclear.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "unknown": self.unknown.iter().map(Unknown::json).collect::<Vec<_>>(),
            "under_way": self.under_way,
            "edited": self.edited.iter().map(edited_revision).collect::<Vec<_>>(),
        })
    }

    /// Before is the chain, after the database.
    fn changes(&self) -> Changes<'_> {
        Changes::of(&self.said, &self.stored, self.comparison.differences.clone())
    }

    fn sentence(&self, change: &Change) -> String {
        let object = &change.object;
        let invalid = if self.rebuilt(object).is_some() { ", INVALID" } else { "" };
        match change.sign {
            Sign::Added => format!("{object}: in the database{invalid}, not in the chain"),
            Sign::Removed => {
                let made = match object {
                    Object::Table(name) => self.made_by(name).map(|id| format!(" (made by {id})")),
                    _ => None,
                };
                format!("{object}: in the chain{}, not in the database", made.unwrap_or_default())
            }
            Sign::Changed if change.details.iter().all(is_about_options) && !invalid.is_empty() => {
                format!("{object}: INVALID in the database: no query uses it, and every write pays for it")
            }
            Sign::Changed => {
                let details: Vec<String> = change.details.iter().filter_map(detail).collect();
                format!("{object}: {}", details.join("; "))
            }
        }
    }

    /// What is to be done about this one, where that is more than the script.
    fn help(&self, change: &Change) -> Option<String> {
        if let Some(statement) = self.rebuilt(&change.object) {
            return Some(match change.sign {
                Sign::Added => "it may be left from a `CREATE INDEX` or `REINDEX` that failed: drop it".to_owned(),
                _ => format!("`{statement}`"),
            });
        }
        let is_unchecked = change.details.iter().any(
            |one| matches!(&one.change, Changed::Differs { what: "validity", after, .. } if after == "not checked"),
        );
        let (table, name) = (change.object.table()?, change.names().2?);
        let writer = revchain_schema::write::Writer::of(&self.stored);
        is_unchecked.then(|| format!("`ALTER TABLE {} VALIDATE CONSTRAINT {name}`", writer.object(table)))
    }

    fn member(&self, change: &Change) -> Value {
        let (kind, table, name) = change.names();
        let text = |lines: &[String]| (!lines.is_empty()).then(|| lines.join("\n"));
        let details = change.details.iter().filter_map(|one| match &one.change {
            Changed::Differs { what, before, after } => {
                Some(json!({ "what": plain(what), "database": after, "chain": before }))
            }
            _ => None,
        });
        json!({
            "difference": match change.sign {
                Sign::Added => "not in the chain",
                Sign::Removed => "not in the database",
                Sign::Changed => "differs",
            },
            "kind": kind,
            "table": table,
            "name": name,
            "database": text(&change.after),
            "chain": text(&change.before),
            "details": details.collect::<Vec<_>>(),
            "invalid": self.rebuilt(&change.object).is_some(),
            "help": self.help(change),
        })
    }
}

fn is_about_options(difference: &Difference) -> bool {
    matches!(difference.change, Changed::Differs { what: "the options", .. })
}

fn detail(difference: &Difference) -> Option<String> {
    let Changed::Differs { what, before, after } = &difference.change else { return None };
    let what = if *what == "an added value" { "the list of values" } else { what };
    Some(format!("{what} is {after} in the database, {before} in the chain"))
}

fn plain(what: &str) -> String {
    what.trim_start_matches("the ").replace('`', "")
}
