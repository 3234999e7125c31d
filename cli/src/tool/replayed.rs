//! The schema at a revision, for the verbs that show one: which revision, which dialect, and what nobody understood on the
//! way. Connects to nothing.

use std::collections::BTreeSet;
use std::path::Path;

use clap::ArgMatches;
use revchain::Migrations;
use revchain_core::{Dialect, Sources, VerifiedChain};
use revchain_schema::Schema;
use revchain_schema::model::{ObjectName, Taint};
use serde_json::{Value, json};

use super::chosen::Chosen;
use super::command::OfDialect;
use super::embed::embed;
use super::reading::id;
use crate::lines::counted;
use crate::terminal::{WARNING, lines, say};
use crate::{BoxError, Cli};

/// A chain that is replayed for a dialect.
pub(super) struct Replayed {
    sources: Sources,
    chain: VerifiedChain,
    migrations: &'static Migrations,
    pub(super) dialect: Dialect,
    quiet: bool,
}

/// Two ends of a chain, the second of which may be the older one.
pub(super) struct Ends {
    pub(super) from: String,
    pub(super) to: String,
}

/// Something that nobody understood, and where it stands.
pub(super) struct Unknown {
    /// The table that is in doubt; without one, anything may be.
    pub(super) table: Option<ObjectName>,
    /// The id of the revision, its file and the line.
    pub(super) revision: String,
    pub(super) file: String,
    pub(super) line: usize,
    /// How the statement begins.
    pub(super) statement: String,
}

impl Replayed {
    /// Reads the chain, and finds out which dialect is meant.
    pub(super) fn of(chosen: &Chosen, matches: &ArgMatches, words: &OfDialect) -> Result<Replayed, BoxError> {
        let (sources, chain) = chosen.directory.verified()?;
        let migrations = embed(&sources, &chain, &chosen.directory.shown);
        let cli = chosen.cli(migrations);
        let dialect = dialect(&cli, &chain, matches, words.dialect.as_deref())?;
        let quiet = matches.get_flag("quiet");
        Ok(Replayed { sources, chain, migrations, dialect, quiet })
    }

    /// The schema at a target, and the target's id; `None` is the base.
    pub(super) fn at(&self, target: &str) -> Result<(Schema, Option<&'static str>), BoxError> {
        let found = self.migrations.find(target)?.map(|revision| revision.id());
        let Some(wanted) = found else { return Ok((Schema::empty(self.dialect), None)) };
        let last = self.chain.revisions().iter().position(|revision| id(revision) == wanted);
        Ok((revchain_schema::replay(&self.sources, &self.chain, self.dialect, last), found))
    }

    /// What is not known of schemas, in the order of the chain.
    pub(super) fn unknown(&self, schemas: &[&Schema]) -> Vec<Unknown> {
        unknown(&self.sources, &self.chain, schemas)
    }

    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            say(&format!("{text}\n"));
        }
    }

    /// Says on standard error that not everything is known, and where that begins.
    pub(super) fn warn(&self, unknown: &[Unknown]) {
        if !self.quiet {
            warn(unknown);
        }
    }
}

/// What is not known of schemas that a chain leads to, in its order.
pub(super) fn unknown(sources: &Sources, chain: &VerifiedChain, schemas: &[&Schema]) -> Vec<Unknown> {
    let mut found: Vec<(Option<&ObjectName>, &Taint)> = Vec::new();
    for schema in schemas {
        found.extend(schema.unknown.iter().map(|taint| (None, taint)));
        for (name, table) in schema.tables.iter().filter(|(_, table)| !table.temporary) {
            found.extend(table.unknown.iter().map(|taint| (Some(name), taint)));
        }
    }
    let place = |(table, taint): &(Option<&ObjectName>, &Taint)| {
        (taint.place.revision, taint.place.span.map(|span| span.start), table.cloned())
    };
    found.sort_by_key(place);
    found.dedup_by_key(|one| place(one));
    found.into_iter().map(|(table, taint)| located(sources, chain, table, taint)).collect()
}

fn located(sources: &Sources, chain: &VerifiedChain, table: Option<&ObjectName>, taint: &Taint) -> Unknown {
    let (file, line) = taint
        .place
        .span
        .map_or((String::new(), 0), |span| (sources.file(span.file).path.clone(), sources.position(span).line));
    let revision = chain.revisions().get(taint.place.revision).map_or("", id).to_owned();
    Unknown { table: table.cloned(), revision, file, line, statement: taint.what.clone() }
}

/// Says on standard error that not everything is known, and where that begins.
pub(super) fn warn(unknown: &[Unknown]) {
    if unknown.is_empty() {
        return;
    }
    let mut text = format!("{WARNING}warning:{WARNING:#} {}\n", summary(unknown));
    for one in unknown.iter().take(SHOWN) {
        text.push_str(&format!("  {}\n", lines(&one.line_of_text())));
    }
    if let Some(more) = unknown.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("  and {more} more\n"));
    }
    say(&text);
}

/// How many places a warning names.
const SHOWN: usize = 5;

/// What is not known, in a sentence.
pub(super) fn summary(unknown: &[Unknown]) -> String {
    let tables: BTreeSet<&ObjectName> = unknown.iter().filter_map(|one| one.table.as_ref()).collect();
    let anything = unknown.iter().filter(|one| one.table.is_none()).count();
    let mut parts = Vec::new();
    if !tables.is_empty() {
        let are = if tables.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {are} not known for certain", counted(tables.len() as u64, "table")));
    }
    if anything > 0 {
        let are = if anything == 1 { "is" } else { "are" };
        parts.push(format!(
            "{} {are} not understood, and may have made, changed or dropped anything",
            counted(anything as u64, "statement")
        ));
    }
    parts.join("; ")
}

impl Unknown {
    /// `versions/a1_x.sql:12: CREATE …`.
    pub(super) fn line_of_text(&self) -> String {
        let table = self.table.as_ref().map_or_else(String::new, |table| format!("`{table}`: "));
        format!("{}:{}: {table}{}", self.file, self.line, self.statement)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "table": self.table.as_ref().map(ToString::to_string),
            "revision": self.revision,
            "file": self.file,
            "line": self.line,
            "statement": self.statement,
        })
    }
}

/// `--dialect`, else the chain's only one, else that of the URL, as for SQL.
fn dialect(cli: &Cli, chain: &VerifiedChain, matches: &ArgMatches, given: Option<&str>) -> Result<Dialect, BoxError> {
    let served = chain.config().dialects;
    let named = |name: &str| Dialect::ALL.into_iter().find(|dialect| dialect.name() == name);
    let found = match (given, served.iter().collect::<Vec<_>>().as_slice()) {
        (Some(name), _) => named(name),
        (None, [only]) => Some(*only),
        (None, _) => {
            let choice = cli.choose(matches.get_one::<String>("name").map(String::as_str))?;
            let url = matches.get_one::<String>("url").map(String::as_str);
            let of_url = choice.dialect(url).map_err(|_| {
                format!("the chain serves {served}, and nothing says which is meant\n  help: write --dialect <DIALECT>")
            })?;
            named(of_url.name())
        }
    };
    match found.filter(|dialect| served.contains(*dialect)) {
        Some(dialect) => Ok(dialect),
        None => Err(format!(
            "the chain is not made for {}: `dialects` in revchain.toml has {served}",
            given.or(found.map(Dialect::name)).unwrap_or("that dialect")
        )
        .into()),
    }
}

/// The two ends of `<from>:<to>`, or of two words. An end that is a step counts from the other one, as in `history -r`.
pub(super) fn ends(from: &str, to: Option<&str>) -> Result<Ends, BoxError> {
    let (from, to) = match (from.split_once(':'), to) {
        (Some(_), Some(_)) => {
            return Err(super::usage("two revisions are written `<FROM> <TO>` or `<FROM>:<TO>`, not both"));
        }
        (Some((from, to)), None) => (from, Some(to)),
        (None, to) => (from, to),
    };
    let word = |word: &str, empty: &str| if word.is_empty() { empty.to_owned() } else { word.to_owned() };
    let (mut from, mut to) = (word(from, "base"), word(to.unwrap_or_default(), "head"));
    let is_step = |word: &str| word.starts_with(['+', '-']);
    match (is_step(&from), is_step(&to)) {
        (true, true) => return Err(super::usage(format!("`{from}` and `{to}` are steps from each other"))),
        (true, false) => from.insert_str(0, &to),
        (false, true) => to.insert_str(0, &from),
        (false, false) => {}
    }
    Ok(Ends { from, to })
}

/// Writes what was asked for into a file, or to standard output.
pub(super) fn put(output: Option<&Path>, text: &str) -> Result<(), BoxError> {
    match output {
        None => crate::output::print(text),
        Some(path) => std::fs::write(path, text)
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_counts_from_the_other_end() {
        for (from, to, expect) in [
            ("-1", None, Some(("head-1", "head"))),
            ("-1", Some("5399"), Some(("5399-1", "5399"))),
            ("a1", Some("+2"), Some(("a1", "a1+2"))),
            ("a1:b2", None, Some(("a1", "b2"))),
            ("a1:", None, Some(("a1", "head"))),
            (":b2", None, Some(("base", "b2"))),
            ("a1:+1", None, Some(("a1", "a1+1"))),
            ("-1", Some("+1"), None),
            ("a1:b2", Some("c3"), None),
        ] {
            let found = ends(from, to).ok();
            let found = found.as_ref().map(|ends| (ends.from.as_str(), ends.to.as_str()));
            assert_eq!(found, expect, "{from} {to:?}");
        }
    }
}
