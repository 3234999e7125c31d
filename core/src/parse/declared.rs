//! SQL in comment lines: behind `-- @replay`, below `//! @upgrade-schema`. Gathers the lines and cuts them into statements.
//! What these mean it doesn't know, and nothing of it ever runs.

use super::lines::Line;
use super::marker;
use crate::revision::{Declared, Reading};
use crate::{Code, DialectSet, Finding, Findings, Span, sql};

/// The word for a statement that leaves the schema as it is.
const NOTHING: &str = "nothing";

/// Lines being gathered.
pub(super) struct Gathering {
    marker: Span,
    start: usize,
    end: usize,
    /// Something belongs to it.
    begun: bool,
    /// An empty comment line went by behind that: only what is indented belongs to it now.
    gap: bool,
    /// Nothing more belongs to it.
    closed: bool,
}

impl Gathering {
    /// Begins behind a marker's words.
    pub(super) fn new(marker: Span, line: Line<'_>, from: usize) -> Gathering {
        let rest = line.text.get(from - line.start..).unwrap_or_default();
        let begun = !rest.trim().is_empty();
        Gathering { marker, start: from, end: line.end(), begun, gap: false, closed: is_nothing(rest) }
    }

    /// Takes the next comment line, if it belongs to it. `comment` is what stands behind the comment's mark.
    pub(super) fn takes(&mut self, line: Line<'_>, comment: &str) -> bool {
        if comment.trim().is_empty() {
            self.gap = self.begun;
        } else if self.gap && !comment.starts_with("  ") && !comment.starts_with('\t') {
            self.closed = true;
        } else if !self.closed {
            (self.gap, self.begun) = (false, true);
            self.end = line.end();
        }
        !self.closed
    }

    /// Any other line ends it.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Cuts what was gathered. `source` is the file's text, `mark` opens its comments.
    pub(super) fn finish(self, source: &str, mark: &str, readers: DialectSet, findings: &mut Findings) -> Declared {
        let file = self.marker.file;
        let mut text = unmarked(source.get(self.start..self.end).unwrap_or_default(), mark);
        if is_nothing(&text) {
            text.clear();
        }
        let mut readings: Vec<Reading> =
            sql::readings(&text, readers).into_iter().map(|(dialects, split)| Reading { dialects, split }).collect();
        if let Some(open) = readings.iter().find_map(|reading| reading.split.unterminated) {
            let span = Span::new(file, self.start + open.start as usize, self.start + open.end as usize);
            findings.push(
                Finding::at(Code::Unterminated, span, format!("this {} is never closed", open.what))
                    .help("close it on the comment lines that belong to it: they end with the first empty one"),
            );
            readings.clear();
        } else if !self.begun && mark == "--" {
            findings.push(bad(self.marker, "`@replay` does not say what the statement below it does"));
        }
        Declared { marker: self.marker, body: Span::new(file, self.start, self.end), text, readings }
    }
}

/// A `@replay` line that means nothing.
pub(super) fn bad(marker: Span, message: &str) -> Finding {
    Finding::at(Code::BadReplay, marker, message).help(
        "write `-- @replay CREATE TABLE …;` directly above the statement that does it, or `-- @replay nothing`; more lines of \
         SQL may follow as comments",
    )
}

fn is_nothing(text: &str) -> bool {
    text.trim().trim_end_matches(';').eq_ignore_ascii_case(NOTHING)
}

/// The text with blanks for the marks of its comment lines, and for the markers among them. As long as it was.
fn unmarked(text: &str, mark: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let indent = line.len() - line.trim_start().len();
        // The first line begins behind the marker.
        match line.get(indent..).and_then(|rest| rest.strip_prefix(mark)).filter(|_| at > 0) {
            Some(comment) => {
                let kept = if marker::is_marker(comment.trim()) { comment.trim_end().len() } else { 0 };
                plain.extend(std::iter::repeat_n(' ', indent + mark.len() + kept));
                plain.push_str(comment.get(kept..).unwrap_or_default());
            }
            None => plain.push_str(line),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::unmarked;

    #[test]
    fn offsets_stay_what_they_were() {
        let text = " CREATE TABLE ä (\r\n  --   id int,\r\n-- @allow RC301: é\r\n--\r\n--  b int -- c\r\n-- )";
        let plain = unmarked(text, "--");
        assert_eq!(plain.len(), text.len());
        for word in ["CREATE", "ä", "id int", "b int", "-- c", ")"] {
            assert_eq!(plain.find(word), text.find(word), "{word}");
        }
        assert!(!plain.contains("RC301"));
    }
}
