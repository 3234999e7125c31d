//! What was asked for, on standard output: as text in Alembic's forms, for people, or as it is, for programs. The JSON
//! forms are in `json`.

use std::fmt::Write as _;
use std::io;

use anstream::AutoStream;
use revchain::{HistoryEntry, PlannedStatement, Revision, Runs};

use crate::BoxError;
use crate::terminal::{ASIDE, CURRENT, HEAD, ID, lines, one_line, painted};

/// Characters of a statement that a plan shows.
const SHOWN: usize = 100;

/// Prints to standard output, as it is: JSON, SQL, and what else programs read.
pub(crate) fn print(text: &str) -> Result<(), BoxError> {
    written(io::stdout().lock(), text)
}

/// The same for people, with its colours where they are wanted.
pub(crate) fn show(text: &str) -> Result<(), BoxError> {
    written(AutoStream::auto(io::stdout().lock()), text)
}

/// A reader that has gone away (`| head`) is not an error.
fn written(mut output: impl io::Write, text: &str) -> Result<(), BoxError> {
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

/// An id, and what is to be said of it.
pub(crate) fn marked(id: &str, is_head: bool, is_current: bool) -> String {
    let mut text = painted(ID, id);
    for (is, style, mark) in [(is_head, HEAD, "(head)"), (is_current, CURRENT, "(current)")] {
        if is {
            let _ = write!(text, " {style}{mark}{style:#}");
        }
    }
    text
}

/// Alembic's line of a history: `<down> -> <rev> (head) (current), <message>`.
pub(crate) fn line(entry: &HistoryEntry) -> String {
    let revision = entry.revision();
    let down = revision.down_revision().unwrap_or("<base>");
    let mut text = format!("{down} -> {}", marked(revision.id(), entry.is_head(), entry.is_current()));
    if !revision.message().is_empty() {
        let _ = write!(text, ", {}", one_line(revision.message()));
    }
    text
}

/// Alembic's entry of a revision.
pub(crate) fn entry(text: &mut String, revision: &Revision, is_head: bool, is_current: bool) {
    let _ = writeln!(text, "Rev: {}", marked(revision.id(), is_head, is_current));
    let _ = writeln!(text, "Parent: {}", revision.down_revision().unwrap_or("<base>"));
    let _ = writeln!(text, "Path: {}", one_line(revision.file()));
    if let Some(created) = revision.created() {
        let _ = writeln!(text, "Created: {}", one_line(created));
    }
    if !revision.message().is_empty() {
        let _ = writeln!(text, "\n    {}", one_line(revision.message()));
    }
}

/// `  versions/a1_x.sql:12 (rebuild)`: where a statement stands, and its section's options.
pub(crate) fn place_of(file: &str, line: Option<u32>, options: &str) -> String {
    let mut text = format!("  {ASIDE}{}", one_line(file));
    if let Some(line) = line {
        let _ = write!(text, ":{line}");
    }
    let _ = write!(text, "{ASIDE:#}");
    if !options.is_empty() {
        let _ = write!(text, " ({options})");
    }
    text
}

/// A statement of a plan: where it is, how it runs, and its beginning, or all of it.
pub(crate) fn statement(text: &mut String, file: &str, statement: &PlannedStatement, whole: bool) {
    text.push_str(&place_of(file, Some(statement.line()), &runs(statement.runs())));
    let sql = lines(statement.sql());
    if whole {
        text.push('\n');
        for line in sql.lines() {
            let _ = writeln!(text, "    {line}");
        }
        return;
    }
    let mut begun = String::new();
    for word in sql.split_whitespace() {
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
