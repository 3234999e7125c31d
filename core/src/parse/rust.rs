//! `.rs` revisions: the two functions must be there, and a header may say that there is no way back, and what they do to the
//! schema. Looks for the functions as text only; rustc reads the file and says everything else better.

use super::declared::Gathering;
use super::lines::{Line, lines};
use super::marker::{self, Marker};
use super::options::{self, Options};
use super::sections::read_allow;
use crate::config::Config;
use crate::revision::{Direction, Mode, RevisionFile, Section};
use crate::source::SourceFile;
use crate::{Code, Dialect, DialectSet, FileId, Finding, Findings, Span};

/// Reads what follows the header's keys.
pub(super) fn parse(
    source: &SourceFile,
    from: usize,
    has_keys: bool,
    config: &Config,
    revision: &mut RevisionFile,
    findings: &mut Findings,
) {
    let (text, file) = (source.text.as_str(), revision.file);
    let mut misspelt = None;
    let mut open: Option<(Gathering, Section)> = None;
    for line in lines(text, from) {
        let Some(comment) = line.text.trim_start().strip_prefix("//!") else {
            if line.text.trim().is_empty() {
                if let Some((declared, _)) = &mut open {
                    declared.close();
                }
                continue;
            }
            break;
        };
        let span = Span::new(file, line.start, line.end());
        let marker = marker::read(comment.trim());
        if !matches!(marker, None | Some(Marker::Allow(_))) {
            close(open.take(), text, config, revision, findings);
        }
        match marker {
            Some(Marker::Section(direction, rest)) => {
                let offset = line.end() - comment.trim_start().len() + "@".len() + direction.name().len();
                let before = findings.len();
                let options = options::read(rest.trim_end(), offset, file, direction, findings);
                if findings.len() > before && options.irreversible.is_none() {
                    misspelt = Some(direction.name());
                    continue;
                }
                take_irreversible(direction, options, span, revision, findings);
            }
            Some(Marker::Schema(direction, rest)) => {
                let offset = line.start + line.text.trim_end().len() - rest.len();
                open = declaration(direction, rest, offset, line, config, file, findings);
                if open.is_none() {
                    misspelt = Some(direction.name());
                }
            }
            Some(Marker::Misspelt(word, known, _)) => {
                // What was meant to be declared is not missing, too.
                misspelt = Some(known.strip_suffix("-schema").unwrap_or(known));
                findings.push(marker::misspelt(word, known, span));
            }
            Some(Marker::Replay(_)) => findings.push(
                Finding::at(Code::BadReplay, span, "a Rust revision has no statements that `@replay` could be about")
                    .help("write `//! @upgrade-schema` or `//! @downgrade-schema`, and the SQL on the lines below, indented"),
            ),
            Some(Marker::Allow(rest)) => {
                if let Some((declared, section)) = &mut open {
                    declared.takes(line, "  @");
                    section.allows.extend(read_allow(rest, span, findings));
                }
            }
            None => {
                if let Some((declared, _)) = &mut open {
                    declared.takes(line, comment);
                }
            }
        }
    }
    close(open, text, config, revision, findings);
    undeclared(config, revision, misspelt, findings);
    if !has_keys && !has_function(text, "upgrade") && !has_function(text, "downgrade") {
        // A file that was not written for us: the header's finding says so.
        return;
    }
    let missing = |direction: Direction| {
        let excused =
            revision.sections.iter().any(|section| section.direction == direction && section.declared.is_none());
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
        replays: Vec::new(),
        declared: None,
    });
}

/// Begins a declaration. Without one where its marker is faulty.
fn declaration(
    direction: Direction,
    rest: &str,
    offset: usize,
    line: Line<'_>,
    config: &Config,
    file: FileId,
    findings: &mut Findings,
) -> Option<(Gathering, Section)> {
    let before = findings.len();
    let options = options::read(rest.trim_end(), offset, file, direction, findings);
    let marker = Span::new(file, line.end() - line.text.trim_start().len(), line.end());
    if findings.len() == before && (options.mode.is_some() || options.irreversible.is_some()) {
        let message = "a declaration has no options: it is replayed, and never run";
        let help =
            format!("write `//! @{}-schema`, with the names of dialects behind it at the most", direction.name());
        findings.push(Finding::at(Code::BadOption, marker, message).help(help));
    }
    if findings.len() > before {
        return None;
    }
    let section = Section {
        direction,
        dialects: if options.named { options.dialects } else { config.dialects },
        named: options.named,
        mode: Mode::Transaction,
        irreversible: None,
        marker,
        body: marker,
        readings: Vec::new(),
        allows: Vec::new(),
        replays: Vec::new(),
        declared: None,
    };
    Some((Gathering::new(marker, line, line.end()), section))
}

/// Ends a declaration, if one is open.
fn close(
    open: Option<(Gathering, Section)>,
    text: &str,
    config: &Config,
    revision: &mut RevisionFile,
    findings: &mut Findings,
) {
    let Some((gathered, section)) = open else { return };
    let readers = section.dialects.intersection(config.dialects);
    let declared = gathered.finish(text, "//!", readers, findings);
    revision.sections.push(Section {
        body: declared.body,
        readings: declared.readings,
        declared: Some(declared.text),
        ..section
    });
}

/// Where only the upgrade declares what it does, the downgrade would leave all of that: more likely it was forgotten.
fn undeclared(config: &Config, revision: &RevisionFile, misspelt: Option<&str>, findings: &mut Findings) {
    let serves = |direction: Direction, dialect: Dialect| {
        let mut sections = revision.sections.iter().filter(move |section| section.direction == direction);
        sections.find(|section| section.dialects.contains(dialect))
    };
    let forgotten = |dialect: &Dialect| serves(Direction::Downgrade, *dialect).is_none();
    let upgrades = config.dialects.iter().filter(forgotten).filter_map(|dialect| serves(Direction::Upgrade, dialect));
    if let Some(section) =
        upgrades.into_iter().find(|section| section.declared.is_some()).filter(|_| misspelt != Some("downgrade"))
    {
        findings.push(
            Finding::at(Code::MissingDowngrade, section.marker, "only the upgrade declares what it does to the schema")
                .help(
                    "write `//! @downgrade-schema`, and on the lines below, indented, what the downgrade does; nothing, if it \
                     leaves the schema as it is",
                )
                .towards(Direction::Downgrade),
        );
    }
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
            ("@replay nothing", vec![Code::MissingFunction, Code::BadReplay]),
            ("@upgrade-schema\n//!   DROP TABLE a;\n//! @downgrade-schema", vec![Code::MissingFunction]),
            ("@upgrade-schema\n//!   DROP TABLE a;\n//! @downgrade; irreversible: gone", vec![]),
            ("@upgrade-schema oracle\n//! @downgrade; irreversible: gone", vec![Code::UnknownDialect]),
            ("@upgrade-schema; rebuild\n//! @downgrade; irreversible: gone", vec![Code::BadOption]),
            ("@upgrade-shema\n//!   DROP TABLE a;\n//! @downgrade; irreversible: gone", vec![Code::UnknownMarker]),
            ("@upgrade-schema\n//!   DROP TABLE 'a;\n//! @downgrade; irreversible: gone", vec![Code::Unterminated]),
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
