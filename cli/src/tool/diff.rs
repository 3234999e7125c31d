//! `diff`: what changes in the schema between two revisions, with the words of DDL on either side.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;
use clap::builder::styling::Style;
use serde_json::{Value, json};

use super::changes::{Change, Changes, Sign};
use super::chosen::Chosen;
use super::command::DiffWords;
use super::replayed::{Replayed, Unknown, ends};
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::{place, print, show};
use crate::terminal::{ADDED, CHANGED, REMOVED, lines, one_line, painted};

pub(super) fn run(chosen: &Chosen, matches: &ArgMatches, words: &DiffWords, json: bool) -> Result<ExitCode, BoxError> {
    let ends = ends(&words.from, words.to.as_deref())?;
    let replayed = Replayed::of(chosen, matches, &words.of)?;
    let (before, from) = replayed.at(&ends.from)?;
    let (after, to) = replayed.at(&ends.to)?;
    let changes = Changes::between(&before, &after);
    let unknown = replayed.unknown(&[&before, &after]);
    if json {
        let said = json!({
            "dialect": replayed.dialect.name(),
            "from": from,
            "to": to,
            "changes": changes.all.iter().map(member).collect::<Vec<_>>(),
            "not_compared": changes.not_compared.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "unknown": unknown.iter().map(Unknown::json).collect::<Vec<_>>(),
        });
        print(&object("diff", said))?;
    } else {
        show(&as_text(&changes))?;
        let (from, to) = (place(from), place(to));
        replayed.note(&match changes.all.len() {
            0 => format!("{from} -> {to}: no change is known."),
            count => format!("{from} -> {to}: {}.", counted(count as u64, "change")),
        });
    }
    replayed.warn(&unknown);
    Ok(ExitCode::SUCCESS)
}

fn as_text(changes: &Changes<'_>) -> String {
    let mut text = String::new();
    let mut last = None;
    for change in &changes.all {
        let table = change.object.table().filter(|_| change.is_of_table());
        let (mark, style) = match change.sign {
            _ if !change.is_table() => (' ', Style::new()),
            Sign::Added => ('+', ADDED),
            Sign::Removed => ('-', REMOVED),
            Sign::Changed => (' ', Style::new()),
        };
        if let Some(table) = table.filter(|_| table != last) {
            let _ = writeln!(text, "{}", painted(style, format!("{mark} table {}", one_line(&table.to_string()))));
        }
        last = table;
        let indent = if table.is_some() { "  " } else { "" };
        let mut write = |mark: char, style: Style, all: &[String]| {
            for line in all.iter().flat_map(|one| one.lines()) {
                let _ = writeln!(text, "{}", painted(style, format!("{mark} {indent}{}", lines(line))));
            }
        };
        write('-', REMOVED, &change.before);
        write('+', ADDED, &change.after);
        if change.before.is_empty() && change.after.is_empty() {
            // A part that has no DDL of its own.
            let said: Vec<String> = change.details.iter().map(ToString::to_string).collect();
            write('~', CHANGED, &said);
        }
    }
    for table in &changes.not_compared {
        let _ = writeln!(text, "{}", painted(CHANGED, format!("? table {table}: not everything about it is known")));
    }
    text
}

fn member(change: &Change) -> Value {
    let (kind, table, name) = change.names();
    let text = |lines: &[String]| (!lines.is_empty()).then(|| lines.join("\n"));
    let details: Vec<Value> = change
        .details
        .iter()
        .filter_map(|one| match &one.change {
            revchain_schema::Changed::Differs { what, before, after } => Some(
                json!({ "what": what.trim_start_matches("the ").replace('`', ""), "before": before, "after": after }),
            ),
            _ => None,
        })
        .collect();
    json!({
        "change": change.sign.name(),
        "kind": kind,
        "table": table,
        "name": name,
        "before": text(&change.before),
        "after": text(&change.after),
        "details": details,
    })
}
