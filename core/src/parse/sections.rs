//! Sections of a `.sql` revision: marker lines and the SQL below them. A marker is a line of its own, whatever stands
//! around it, so that a section's bounds never depend on a dialect's quoting.

use super::declared::{self, Gathering};
use super::lines::{Line, lines, trim, trim_start};
use super::marker::{self, Marker};
use super::missing::{self, Broken};
use super::options::{self, Options};
use crate::config::Config;
use crate::revision::{Allow, Declared, Direction, Mode, Reading, RevisionFile, Section};
use crate::source::SourceFile;
use crate::sql::{self, Split};
use crate::suggest::nearest;
use crate::{Code, Dialect, DialectSet, Finding, Findings, Span};

/// Reads the sections that follow the header.
pub(super) fn parse(
    source: &SourceFile,
    from: usize,
    has_keys: bool,
    config: &Config,
    revision: &mut RevisionFile,
    findings: &mut Findings,
) {
    let text = source.text.as_str();
    let mut walk = Walk { text, config, revision, findings, open: None, broken: Broken::default(), outside: None };
    for line in lines(text, from) {
        walk.read(line);
    }
    walk.close(text.len());
    let Walk { revision, findings, broken, outside, .. } = walk;
    if !has_keys && revision.sections.is_empty() {
        // A file that was not written for us: the header's finding says so.
        return;
    }
    // Without keys the header may stand below what is outside: its finding says so.
    let outside = outside.filter(|_| has_keys);
    missing::report(source, config, revision, &broken, outside, findings);
}

/// The walk through a file's lines.
struct Walk<'a> {
    text: &'a str,
    config: &'a Config,
    revision: &'a mut RevisionFile,
    findings: &'a mut Findings,
    /// The section that the present line belongs to.
    open: Option<Open>,
    broken: Broken,
    /// The first line of something that belongs to none.
    outside: Option<Line<'a>>,
}

/// A section whose end is not known yet.
struct Open {
    direction: Direction,
    options: Options,
    marker: Span,
    body: usize,
    allows: Vec<Allow>,
    replays: Vec<Gathering>,
}

impl<'a> Walk<'a> {
    fn read(&mut self, line: Line<'a>) {
        let trimmed = trim_start(line.text);
        let Some(comment) = trimmed.strip_prefix("--") else {
            if self.open.is_none() && self.outside.is_none() && !trimmed.is_empty() {
                self.outside = Some(line);
            }
            self.end_replay();
            return;
        };
        let span = Span::new(self.revision.file, line.start, line.end());
        let marker = marker::read(trim(comment));
        if marker.is_some() {
            self.end_replay();
        }
        match marker {
            Some(Marker::Section(direction, rest)) => {
                self.close(line.start);
                self.open(direction, rest, line);
            }
            Some(Marker::Schema(direction, _)) => self.findings.push(
                Finding::at(Code::UnknownMarker, span, "a SQL revision declares no schema")
                    .help(format!("its statements are read as they stand; write `-- @{}`", direction.name())),
            ),
            Some(Marker::Misspelt(word, known, rest)) => {
                self.findings.push(marker::misspelt(word, known, span));
                match known {
                    // What it was meant to silence is not another mistake.
                    "allow" => self.allow(read_allow(rest, span, &mut Findings::default())),
                    "replay" => self.replay(rest, line),
                    _ => {
                        // What follows was not meant for the section before.
                        self.close(line.start);
                        self.broken.all();
                    }
                }
            }
            Some(Marker::Allow(rest)) => {
                let allow = read_allow(rest, span, self.findings);
                self.allow(allow);
            }
            Some(Marker::Replay(rest)) => {
                if self.open.is_none() {
                    self.findings.push(declared::bad(span, "this `@replay` stands in no section"));
                }
                self.replay(rest, line);
            }
            None => {
                if let Some(replay) = self.open.as_mut().and_then(|open| open.replays.last_mut()) {
                    replay.takes(line, comment);
                }
            }
        }
    }

    fn replay(&mut self, rest: &str, line: Line<'_>) {
        let Some(open) = &mut self.open else { return };
        let start = line.end() - line.text.trim_start().len();
        let from = line.start + line.text.trim_end().len() - rest.len();
        open.replays.push(Gathering::new(Span::new(self.revision.file, start, line.end()), line, from));
    }

    /// What is no comment ends a `@replay`.
    fn end_replay(&mut self) {
        if let Some(replay) = self.open.as_mut().and_then(|open| open.replays.last_mut()) {
            replay.close();
        }
    }

    fn allow(&mut self, allow: Option<Allow>) {
        if let Some(open) = &mut self.open {
            open.allows.extend(allow);
        }
    }

    /// Begins the section of a marker line. `rest` is what stands behind its first word, up to its last.
    fn open(&mut self, direction: Direction, rest: &str, line: Line<'_>) {
        let file = self.revision.file;
        let offset = line.start + line.text.trim_end().len() - rest.len();
        let options = options::read(rest, offset, file, direction, self.findings);
        self.broken.note(direction, options.broken);
        let start = line.end() - line.text.trim_start().len();
        let marker = Span::new(file, start, line.end());
        self.open = Some(Open { direction, options, marker, body: line.next, allows: Vec::new(), replays: Vec::new() });
    }

    /// Ends the open section, if one is, and judges it as a whole.
    fn close(&mut self, end: usize) {
        let Some(Open { direction, options, marker, body, allows, replays }) = self.open.take() else { return };
        let file = self.revision.file;
        let served = self.config.dialects;
        let dialects = if options.named { options.dialects } else { served };
        let mode = options.mode.unwrap_or(Mode::Transaction);
        // Where the marker is faulty, its statements are not judged: they were written for what it was meant to say.
        let is_sound = !options.broken && !options.mode_unknown;
        let readers = if is_sound { dialects.intersection(served) } else { DialectSet::EMPTY };
        let readings: Vec<Reading> = sql::readings(self.text.get(body..end).unwrap_or(""), readers)
            .into_iter()
            .map(|(dialects, split)| Reading { dialects, split })
            .collect();
        let rebuilds_elsewhere = mode == Mode::Rebuild && dialects != [Dialect::Sqlite].into_iter().collect();
        // Without dialects the configuration is faulty, and nothing is known about what a section serves.
        if rebuilds_elsewhere && !options.broken && !served.is_empty() {
            let message = "`rebuild` is about SQLite's tables, and this section serves more";
            self.findings.push(Finding::at(Code::BadOption, marker, message).help(format!(
                "write `-- @{} sqlite; rebuild`, and a section for the other dialects",
                direction.name()
            )));
        }
        let statement = readings.iter().flat_map(|reading| reading.split.statements()).next();
        if let Some(statement) = statement.filter(|_| options.irreversible.is_some()) {
            let span = Span::new(file, body + statement.start as usize, body + statement.end as usize);
            let message = "this section says that there is no way back, and then has a statement";
            self.findings.push(
                Finding::at(Code::BadOption, span, message)
                    .also(marker, "said here")
                    .help("remove the statement, or the `irreversible` option"),
            );
        }
        let mut declared = Vec::with_capacity(replays.len());
        for replay in replays {
            let replay = replay.finish(self.text, "--", readers, self.findings);
            if readings.iter().any(|reading| !stands_above_a_statement(&replay, body, &reading.split)) {
                let message = "this `@replay` stands above no statement";
                self.findings.push(declared::bad(replay.marker, message));
            }
            declared.push(replay);
        }
        self.revision.sections.push(Section {
            direction,
            dialects,
            named: options.named,
            mode,
            irreversible: options.irreversible,
            marker,
            body: Span::new(file, body, end),
            readings,
            allows,
            replays: declared,
            declared: None,
        });
    }
}

/// Whether it is not in the middle of one, nor behind the last one.
fn stands_above_a_statement(replay: &Declared, body: usize, split: &Split) -> bool {
    let from = (replay.marker.start as usize).saturating_sub(body);
    let next = split.statements().find(|statement| statement.end as usize > from);
    next.is_some_and(|next| next.start as usize > from)
}

fn allow_message(name: &str) -> String {
    match name {
        "" => "`@allow` does not say what it allows".to_owned(),
        name => format!("`@allow` names no code: `{name}` is not one"),
    }
}

pub(super) fn read_allow(rest: &str, span: Span, findings: &mut Findings) -> Option<Allow> {
    let (name, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let (name, reason) = (name.trim(), reason.trim());
    match Code::find(name) {
        None => {
            let known = Code::ALL.iter().filter(|code| code.is_about_statements());
            let names = known.flat_map(|code| [code.number(), code.slug()]);
            let finding = Finding::at(Code::BadAllow, span, allow_message(name));
            match nearest(name, names).filter(|_| !name.is_empty()) {
                Some(known) => {
                    findings.push(finding.help(format!("did you mean `{known}`?")));
                    // What it was meant to silence is not another mistake.
                    Code::find(known).map(|code| Allow { code, reason: reason.to_owned(), span })
                }
                None => {
                    findings.push(finding.help("write `-- @allow RC203: <reason>` above the statement"));
                    None
                }
            }
        }
        Some(code) if !code.is_about_statements() => {
            findings.push(
                Finding::at(Code::BadAllow, span, format!("`{code}` is not about a statement, and cannot be allowed"))
                    .help("remove the line; what is said about files and their order has to be mended"),
            );
            None
        }
        Some(code) if reason.is_empty() => {
            findings.push(
                Finding::at(Code::BadAllow, span, "`@allow` needs a reason, for the person who reads this next")
                    .help(format!("write `-- @allow {code}: <why>`")),
            );
            Some(Allow { code, reason: String::new(), span })
        }
        Some(code) => Some(Allow { code, reason: reason.to_owned(), span }),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Sources, chain::verify};

    /// The codes of what is said about a body below a sound header, on PostgreSQL and SQLite.
    fn check(body: &str) -> Vec<Code> {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", b"dialects = ['postgres', 'sqlite']".to_vec());
        let text = format!("-- m\n-- revision: a\n-- down_revision: base\n{body}");
        sources.add("versions/a.sql", "versions/a.sql", text.into_bytes());
        verify(&sources).1.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_misspelt_marker_is_one_mistake() {
        for body in [
            "-- @upgarde\nSELECT 1;\n-- @downgrade\n",
            "-- @upgrade\nSELECT 1;\n-- @downgarde\nSELECT 2;\n",
            // The section above ends there: its quote is closed, and the next has a body of its own.
            "-- @upgrade; repeat: 5\nDELETE FROM a;\n-- @downgarde\nSELECT 2;\n",
            "-- @upgrade\n-- @alow RC203: a reason\nSET search_path TO a;\n-- @downgrade\n",
        ] {
            assert_eq!(check(body), [Code::UnknownMarker], "{body}");
        }
    }

    #[test]
    fn what_a_faulty_allow_means_to_silence_is_silent() {
        for allow in ["RC203", "RC203:", "RC2O3: a reason", "session_state"] {
            let body = format!("-- @upgrade\n-- @allow {allow}\nSET search_path TO a;\n-- @downgrade\n");
            assert_eq!(check(&body), [Code::BadAllow], "{allow}");
        }
        assert_eq!(check("-- @upgrade\n-- @allow RC103: x\nSELECT 1;\n-- @downgrade\n"), [Code::BadAllow]);
        assert_eq!(check("-- @upgrade\n-- @allow session-state: x\nSET search_path TO a;\n-- @downgrade\n"), []);
    }

    #[test]
    fn a_replay_stands_directly_above_a_statement() {
        for (body, expect) in [
            ("-- @upgrade\n-- @replay nothing\nSELECT 1;\n-- @downgrade\n", vec![]),
            (
                "-- @upgrade\n-- @replay DROP TABLE a;\n-- a comment\n\n-- @allow RC301: x\nSELECT 1;\n-- @downgrade\n",
                vec![],
            ),
            ("-- @upgrade\n-- @replay\n--   DROP TABLE a;\nSELECT 1;\n-- @downgrade\n", vec![]),
            ("-- @upgrade\n-- @replay\n--\n--\nSELECT 1;\n-- @downgrade\n", vec![Code::BadReplay]),
            ("-- @upgrade\n-- @replay\nSELECT 1;\n-- @downgrade\n", vec![Code::BadReplay]),
            ("-- @upgrade\nSELECT 1;\n-- @replay nothing\n-- @downgrade\n", vec![Code::BadReplay]),
            ("-- @upgrade\nSELECT\n-- @replay nothing\n1;\nSELECT 2;\n-- @downgrade\n", vec![Code::BadReplay]),
            ("-- @replay nothing\n-- @upgrade\nSELECT 1;\n-- @downgrade\n", vec![Code::BadReplay]),
            ("-- @upgrade\n-- @repaly DROP TABLE a;\nSELECT 1;\n-- @downgrade\n", vec![Code::UnknownMarker]),
            ("-- @upgrade\n-- @replay SELECT 'a;\nSELECT 1;\n-- @downgrade\n", vec![Code::Unterminated]),
        ] {
            assert_eq!(check(body), expect, "{body}");
        }
    }

    #[test]
    fn sections_are_judged_by_what_they_serve() {
        for (body, expect) in [
            ("-- @upgrade\n-- @downgrade\n", vec![]),
            ("-- @upgrade\n", vec![Code::MissingDowngrade]),
            ("-- @downgrade\n", vec![Code::MissingUpgrade]),
            ("SELECT 1;\n-- @upgrade\n-- @downgrade\n", vec![Code::OutsideSection]),
            ("-- @upgrade sqlite\n-- @downgrade\n", vec![Code::MissingDialect]),
            ("-- @upgrade sqlite\n-- @upgrade postgres, mysql\n-- @downgrade\n", vec![]),
            ("-- @upgrade sqlite\n-- @upgrade\n-- @downgrade\n", vec![]),
            ("-- @upgrade mariadb\n-- @downgrade\n", vec![Code::UnknownDialect]),
            ("-- @upgrade; rebuild\n-- @downgrade\n", vec![Code::BadOption]),
            ("-- @upgrade; repeat: 0\n-- @downgrade\n", vec![Code::BadOption]),
            ("-- @upgrade;\n-- @downgrade\n", vec![Code::BadOption]),
            (
                "-- @upgrade postgres; notransaction\nVACUUM;\n-- @upgrade sqlite\n-- @downgrade\n",
                vec![Code::BadOption],
            ),
            ("-- @upgrade sqlite, postgres no-transaction\nVACUUM;\n-- @downgrade\n", vec![Code::UnknownDialect]),
            ("-- @upgrade; irreversible: x\n-- @downgrade\n", vec![Code::BadOption]),
            ("-- @upgrade\n-- @downgrade; irreversible: x; y: z\n", vec![]),
            ("-- @upgrade\n-- @downgrade; irreversible: x\nSELECT 1;\n", vec![Code::BadOption]),
        ] {
            assert_eq!(check(body), expect, "{body}");
        }
    }
}
