//! What was asked for, on standard output: as text in Alembic's forms. The JSON forms are in `json`.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use revchain::{HistoryEntry, PlannedStatement, Revision, Runs};

use crate::BoxError;

/// Characters of a statement that a plan shows.
const SHOWN: usize = 100;

/// Prints to standard output. A reader that has gone away (`| head`) is not an error.
pub(crate) fn print(text: &str) -> Result<(), BoxError> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("can't write to standard output: {error}").into())
        }
        _ => Ok(()),
    }
}

/// `fc3df1d9ee4e`, or `base`.
pub(crate) fn place(id: Option<&str>) -> &str {
    id.unwrap_or("base")
}

/// Alembic's line of a history: `<down> -> <rev> (head) (current), <message>`.
pub(crate) fn line(entry: &HistoryEntry) -> String {
    let revision = entry.revision();
    let mut text = format!("{} -> {}", revision.down_revision().unwrap_or("<base>"), revision.id());
    if entry.is_head() {
        text.push_str(" (head)");
    }
    if entry.is_current() {
        text.push_str(" (current)");
    }
    if !revision.message().is_empty() {
        let _ = write!(text, ", {}", revision.message());
    }
    text
}

/// Alembic's entry of a revision.
pub(crate) fn entry(text: &mut String, revision: &Revision, is_head: bool, is_current: bool) {
    let head = if is_head { " (head)" } else { "" };
    let current = if is_current { " (current)" } else { "" };
    let _ = writeln!(text, "Rev: {}{head}{current}", revision.id());
    let _ = writeln!(text, "Parent: {}", revision.down_revision().unwrap_or("<base>"));
    let _ = writeln!(text, "Path: {}", revision.file());
    if let Some(created) = revision.created() {
        let _ = writeln!(text, "Created: {created}");
    }
    if !revision.message().is_empty() {
        let _ = writeln!(text, "\n    {}", revision.message());
    }
}

/// A statement of a plan: where it is, how it runs, and its beginning, or all of it.
pub(crate) fn statement(text: &mut String, file: &str, statement: &PlannedStatement, whole: bool) {
    let _ = write!(text, "  {file}:{}", statement.line());
    let runs = runs(statement.runs());
    if !runs.is_empty() {
        let _ = write!(text, " ({runs})");
    }
    if whole {
        text.push('\n');
        for line in statement.sql().lines() {
            let _ = writeln!(text, "    {line}");
        }
        return;
    }
    let mut begun = String::new();
    for word in statement.sql().split_whitespace() {
        if begun.chars().count() + word.chars().count() > SHOWN {
            begun.push_str(" …");
            break;
        }
        begun.push(' ');
        begun.push_str(word);
    }
    let _ = writeln!(text, "{begun}");
}

/// How a statement runs, in the words of a section's options; nothing for the usual way.
pub(crate) fn runs(runs: Runs) -> String {
    match runs {
        Runs::InRebuild => "rebuild".to_owned(),
        Runs::WithoutTransaction => "no-transaction".to_owned(),
        Runs::Repeatedly { batch, .. } => format!("repeat: {batch}"),
        _ => String::new(),
    }
}
