//! `.rs` revisions: the two functions must be there, and a header may say that there is no way back. Looks for the
//! functions as text only; rustc reads the file and says everything else better.

use super::lines::lines;
use super::marker::{self, Marker};
use super::options::{self, Options};
use crate::revision::{Direction, Mode, RevisionFile, Section};
use crate::source::SourceFile;
use crate::{Code, DialectSet, FileId, Finding, Findings, Span};

/// Reads what follows the header's keys.
pub(super) fn parse(
    source: &SourceFile,
    file: FileId,
    from: usize,
    has_keys: bool,
    revision: &mut RevisionFile,
    findings: &mut Findings,
) {
    let text = source.text.as_str();
    let mut misspelt = None;
    for line in lines(text, from) {
        let Some(comment) = line.text.trim_start().strip_prefix("//!") else {
            if line.text.trim().is_empty() {
                continue;
            }
            break;
        };
        let marker_span = Span::new(file, line.start, line.end());
        match marker::read(comment.trim()) {
            Some(Marker::Section(direction, rest)) => {
                let offset = line.end() - comment.trim_start().len() + "@".len() + direction.name().len();
                let before = findings.len();
                let options = options::read(rest.trim_end(), offset, file, direction, findings);
                if findings.len() > before && options.irreversible.is_none() {
                    misspelt = Some(direction.name());
                    continue;
                }
                take_irreversible(direction, options, marker_span, revision, findings);
            }
            Some(Marker::Misspelt(word, known, _)) => {
                misspelt = Some(known);
                findings.push(marker::misspelt(word, known, marker_span));
            }
            Some(Marker::Schema(..) | Marker::Allow(_)) | None => {}
        }
    }
    if !has_keys && !has_function(text, "upgrade") && !has_function(text, "downgrade") {
        // A file that was not written for us: the header's finding says so.
        return;
    }
    let missing = |direction: Direction| {
        let excused = revision.sections.iter().any(|section| section.direction == direction);
        !excused && misspelt != Some(direction.name()) && !has_function(text, direction.name())
    };
    let (lacks_upgrade, lacks_downgrade) = (missing(Direction::Upgrade), missing(Direction::Downgrade));
    let (message, help) = match (lacks_upgrade, lacks_downgrade) {
        (true, true) => (
            "this revision has no functions `upgrade` and `downgrade`",
            "write `pub async fn upgrade(op: &mut revchain::Op<'_>) -> revchain::Result { … }`, and `downgrade` likewise",
        ),
        (true, false) => (
            "this revision has no function `upgrade`",
            "write `pub async fn upgrade(op: &mut revchain::Op<'_>) -> revchain::Result { … }`",
        ),
        (false, true) => (
            "this revision has no function `downgrade`",
            "write `pub async fn downgrade(op: &mut revchain::Op<'_>) -> revchain::Result { … }`, or \
             `//! @downgrade; irreversible: <reason>` in the header",
        ),
        (false, false) => return,
    };
    let top = Span::new(file, 0, lines(text, 0).next().map_or(0, |line| line.end()));
    let finding = Finding::at(Code::MissingFunction, top, message).help(help);
    findings.push(match (lacks_upgrade, lacks_downgrade) {
        (true, false) => finding.towards(Direction::Upgrade),
        (false, true) => finding.towards(Direction::Downgrade),
        _ => finding,
    });
}

fn take_irreversible(
    direction: Direction,
    options: Options,
    marker: Span,
    revision: &mut RevisionFile,
    findings: &mut Findings,
) {
    if options.irreversible.is_none() {
        findings.push(Finding::at(Code::BadOption, marker, "a Rust revision has no SQL sections").help(
            "its functions are its sections; only `//! @downgrade; irreversible: <reason>` stands in the header",
        ));
        return;
    }
    revision.sections.push(Section {
        direction,
        dialects: DialectSet::ALL,
        named: false,
        mode: Mode::Transaction,
        irreversible: options.irreversible,
        marker,
        body: Span { start: marker.end, ..marker },
        readings: Vec::new(),
        allows: Vec::new(),
    });
}

/// Whether the text has `fn <name>` outside a line comment.
fn has_function(text: &str, name: &str) -> bool {
    text.match_indices("fn ").any(|(at, _)| {
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line_start..at];
        let after = text[at + 3..].trim_start().strip_prefix(name);
        let is_word_start = before.is_empty() || before.ends_with([' ', '\t', ')']);
        let is_word_end = after.is_some_and(|rest| rest.trim_start().starts_with(['(', '<']));
        is_word_start && is_word_end && !before.contains("//")
    })
}

#[cfg(test)]
mod tests {
    use super::has_function;
    use crate::{Code, Sources, chain::verify};

    #[test]
    fn a_faulty_marker_is_one_mistake() {
        for (marker, expect) in [
            ("@downgrade; irreversible: gone", vec![]),
            ("@downgrade irreversible: gone", vec![Code::UnknownDialect]),
            ("@downgrade; irreversable: gone", vec![Code::BadOption]),
            ("@downgrade; irreversible", vec![Code::BadOption]),
            ("@downgarde; irreversible: gone", vec![Code::UnknownMarker]),
            ("@upgrade", vec![Code::BadOption, Code::MissingFunction]),
            ("@param", vec![Code::MissingFunction]),
        ] {
            let text = format!(
                "//! m\n//! revision: a\n//! down_revision: base\n//!\n//! {marker}\n\npub async fn upgrade(op: &mut Op<'_>) {{}}\n"
            );
            let mut sources = Sources::default();
            sources.add("versions/a.rs", "versions/a.rs", text.into_bytes());
            let mut said: Vec<Code> = verify(&sources).1.iter().map(|finding| finding.code).collect();
            said.sort();
            assert_eq!(said, expect, "{marker}");
        }
    }

    #[test]
    fn functions_are_found_as_text() {
        assert!(has_function("pub async fn upgrade(op: &mut Op<'_>)", "upgrade"));
        assert!(has_function("pub async fn\nx() {}\npub fn  upgrade (", "upgrade"));
        assert!(!has_function("// pub async fn upgrade(", "upgrade"));
        assert!(!has_function("fn upgrade_all(", "upgrade"));
        assert!(!has_function("", "upgrade"));
    }
}
