//! What a `.sql` revision should have and has not: a direction, a dialect, a section around its statements. Says nothing
//! where a marker was not understood, since that may be the one that is missed.

use super::lines::{Line, lines};
use super::marker;
use crate::config::{Config, listed};
use crate::revision::{Direction, RevisionFile};
use crate::source::SourceFile;
use crate::{Code, Dialect, DialectSet, Finding, Findings, Span};

/// Directions in which a marker was not understood, so that nothing is said about what is missing there.
#[derive(Debug, Default)]
pub(super) struct Broken {
    upgrade: bool,
    downgrade: bool,
}

impl Broken {
    /// Remembers whether a marker of this direction was not understood.
    pub(super) fn note(&mut self, direction: Direction, broken: bool) {
        match direction {
            Direction::Upgrade => self.upgrade |= broken,
            Direction::Downgrade => self.downgrade |= broken,
        }
    }

    /// Remembers that a marker of any direction may be meant.
    pub(super) fn all(&mut self) {
        self.upgrade = true;
        self.downgrade = true;
    }

    fn has(&self, direction: Direction) -> bool {
        match direction {
            Direction::Upgrade => self.upgrade,
            Direction::Downgrade => self.downgrade,
        }
    }
}

/// Says what is missing. `outside` is the first line that stands before any section.
pub(super) fn report(
    source: &SourceFile,
    config: &Config,
    revision: &RevisionFile,
    broken: &Broken,
    outside: Option<Line<'_>>,
    findings: &mut Findings,
) {
    let file = revision.file;
    let top = Span::new(file, 0, lines(&source.text, 0).next().map_or(0, |line| line.end()));
    let has = |direction| revision.sections.iter().any(|section| section.direction == direction);
    if !has(Direction::Upgrade) && !broken.has(Direction::Upgrade) {
        let finding =
            Finding::at(Code::MissingUpgrade, top, "this revision has no upgrade").towards(Direction::Upgrade);
        findings.push(match marker::foreign(&source.text) {
            Some((theirs, tool)) => {
                finding.help(format!("`{theirs}` is {tool}'s marker: write `-- @upgrade` and `-- @downgrade`"))
            }
            None => {
                finding.help("write `-- @upgrade` above its SQL; an empty section says that there is nothing to do")
            }
        });
        return;
    }
    if let Some(line) = outside.filter(|_| !broken.has(Direction::Upgrade)) {
        findings.push(
            Finding::at(
                Code::OutsideSection,
                Span::new(file, line.start, line.end()),
                "this stands before the first section, so it would never run",
            )
            .help("move it below `-- @upgrade` or `-- @downgrade`"),
        );
    }
    if !has(Direction::Downgrade) && !broken.has(Direction::Downgrade) {
        findings.push(Finding::at(Code::MissingDowngrade, top, "this revision has no downgrade").towards(Direction::Downgrade).help(
            "write `-- @downgrade` and the SQL that restores the schema, or `-- @downgrade; irreversible: <reason>`",
        ));
    }
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        if !broken.has(direction) {
            report_dialects(config, revision, direction, findings);
        }
    }
}

fn report_dialects(config: &Config, revision: &RevisionFile, direction: Direction, findings: &mut Findings) {
    let mut sections = revision.sections.iter().filter(|section| section.direction == direction).peekable();
    let Some(first) = sections.peek().map(|section| section.marker) else { return };
    let mut served = DialectSet::EMPTY;
    for section in sections {
        served = served.union(section.dialects);
    }
    let missing = config.dialects.difference(served);
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(Dialect::name).collect();
    let word = direction.name();
    findings.push(
        Finding::at(Code::MissingDialect, first, format!("this {word} leaves out {}", listed(&names))).help(format!(
            "write `-- @{word} {missing}` with its SQL, or with nothing below it if there is nothing to do; or change `dialects` in revchain.toml",
        )),
    );
}
