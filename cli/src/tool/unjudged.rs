//! What `verify` says of the statements that could not be read, and of the tables that are not judged for it: notes, whatever the
//! findings are.

use std::fmt::Write as _;

use revchain_core::Sources;
use revchain_schema::Unjudged;
use revchain_schema::model::Taint;
use serde_json::{Value, json};

use super::verify::{data, property};
use crate::lines::counted;

/// How many tables are named.
const NAMED: usize = 8;

/// For people. Empty where everything is judged.
pub(super) fn note(sources: &Sources, unread: &[Unjudged]) -> String {
    let mut text = String::new();
    for of in unread {
        let statements = match of.statements.len() as u64 {
            0 => String::new(),
            count => format!("{} can't be read, and ", counted(count, "statement")),
        };
        let tables = match of.tables.len() as u64 {
            0 => "every table is judged all the same".to_owned(),
            1 => format!("1 table of {} is not judged", of.all_tables),
            count => format!("{count} tables of {} are not judged", of.all_tables),
        };
        let _ = writeln!(text, "note: on {} {statements}{tables}", of.dialect);
        for taint in since(of) {
            let _ = writeln!(text, "  {}: {}", at(sources, taint), sentence(of, taint));
        }
    }
    if !text.is_empty() {
        text.push_str("  `-- @replay <SQL>` above a statement says what it does\n");
    }
    text
}

/// For programs.
pub(super) fn members(sources: &Sources, unread: &[Unjudged]) -> Value {
    let of = |of: &Unjudged| {
        let statements: Vec<Value> = of.statements.iter().map(|taint| member(sources, taint)).collect();
        let tables: Vec<Value> = of
            .tables
            .iter()
            .map(|(name, since)| json!({ "table": name.to_string(), "since": member(sources, since) }))
            .collect();
        json!({ "dialect": of.dialect.name(), "statements": statements, "tables": tables })
    };
    unread.iter().map(of).collect::<Vec<_>>().into()
}

/// For GitHub, which shows each beside its line.
pub(super) fn as_github(sources: &Sources, unread: &[Unjudged]) -> String {
    let mut text = String::new();
    for of in unread {
        for taint in since(of) {
            let Some((file, line)) = place(sources, taint) else { continue };
            let sentence = data(&sentence(of, taint));
            let _ = writeln!(text, "::notice file={},line={line},title=not judged::{sentence}", property(file));
        }
    }
    text
}

/// What follows from a statement, or a clause, that could not be read.
pub(super) fn sentence(of: &Unjudged, taint: &Taint) -> String {
    let here: Vec<String> =
        of.tables.iter().filter(|(_, since)| is_same(since, taint)).map(|(name, _)| format!("`{name}`")).collect();
    let mut text = format!("`{}` can't be read on {}", taint.what.replace('`', "'"), of.dialect);
    if let Some(named) = here.get(..here.len().min(NAMED)).filter(|named| !named.is_empty()) {
        let _ = write!(text, "; from here on not judged: {}", named.join(", "));
    }
    if here.len() > NAMED {
        let _ = write!(text, " and {} more", here.len() - NAMED);
    }
    text
}

/// The statements, and the clauses that a table is not judged for, in the order of the files.
pub(super) fn since(of: &Unjudged) -> Vec<&Taint> {
    let mut all: Vec<&Taint> = of.statements.iter().chain(of.tables.iter().map(|(_, since)| since)).collect();
    all.sort_by_key(|taint| (taint.place.revision, taint.place.span));
    all.dedup_by(|one, other| is_same(one, other));
    all
}

/// Places are all equal by themselves.
fn is_same(one: &Taint, other: &Taint) -> bool {
    (one.place.revision, one.place.span) == (other.place.revision, other.place.span)
}

fn place<'a>(sources: &'a Sources, taint: &Taint) -> Option<(&'a str, usize)> {
    let span = taint.place.span?;
    Some((sources.file(span.file).path.as_str(), sources.position(span).line))
}

fn at(sources: &Sources, taint: &Taint) -> String {
    place(sources, taint).map_or_else(String::new, |(file, line)| format!("{file}:{line}"))
}

fn member(sources: &Sources, taint: &Taint) -> Value {
    let place = place(sources, taint);
    json!({ "file": place.map(|(file, _)| file), "line": place.map(|(_, line)| line), "text": taint.what })
}
