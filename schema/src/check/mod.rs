//! The chain under replay: every revision up, and down again, on every dialect. What is found becomes findings here; what is
//! wrong with a change `replay` says, what differs `compare`.

mod dialects;
mod hits;
mod restore;
mod semicolon;

use revchain_core::revision::{Direction, RevisionFile, Section};
use revchain_core::{Code, Dialect, Findings, Severity, Sources, Span, VerifiedChain, chain};

use crate::model::{Place, Schema};
use crate::read::{Reading, read};
use crate::replay::{FaultKind, Replay};

use hits::{Hit, Hits};

/// As [`chain::verify`], and replayed: there is a chain exactly where there is no error.
pub fn verify(sources: &Sources) -> (Option<VerifiedChain>, Findings) {
    let (chain, mut findings) = chain::verify(sources);
    let Some(chain) = chain else { return (None, findings) };
    findings.append(check(sources, &chain));
    findings.sort();
    let is_sound = !findings.has_errors();
    (is_sound.then_some(chain), findings)
}

/// Replays a chain on all its dialects, and says what can't work, at the levels that the chain's `[check]` asks for.
///
/// Reports RC209, and RC301 to RC322. Linear in the statements; of the tables only those are copied that change.
pub fn check(sources: &Sources, chain: &VerifiedChain) -> Findings {
    let configured = chain.config().dialects;
    let mut hits = Hits::new(configured);
    let mut walks: Vec<Walk<'_>> =
        configured.iter().map(|dialect| Walk { sources, dialect, replay: Replay::new(dialect) }).collect();
    let mut known = dialects::Known::default();
    for (position, revision) in chain.revisions().iter().enumerate() {
        let before: Vec<Schema> = walks.iter().map(|walk| walk.replay.schema.clone()).collect();
        for walk in &mut walks {
            walk.revision(position, revision, &mut hits);
        }
        let schemas: Vec<(&Schema, &Schema)> =
            before.iter().zip(&walks).map(|(before, walk)| (before, &walk.replay.schema)).collect();
        dialects::compare(revision, &schemas, &mut known, &mut hits);
    }
    let mut findings = hits.into_findings();
    chain.config().levels.apply(&mut findings);
    findings
}

/// The schema that a chain leads to on a dialect, up to and with the revision at a position counted from the base; `None` is
/// the base itself.
pub fn replay(sources: &Sources, chain: &VerifiedChain, dialect: Dialect, last: Option<usize>) -> Schema {
    let mut walk = Walk { sources, dialect, replay: Replay::new(dialect) };
    let revisions = chain.revisions().iter().enumerate();
    for (position, revision) in revisions.take(last.map_or(0, |last| last + 1)) {
        walk.run(position, revision, Direction::Upgrade, None);
    }
    walk.replay.schema
}

/// A chain being replayed on one dialect.
struct Walk<'a> {
    sources: &'a Sources,
    dialect: Dialect,
    replay: Replay,
}

/// How one direction of a revision went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Whether anything in it touches the schema.
    changes: bool,
    /// Whether something in it can't work.
    failed: bool,
    /// Whether something in it may have done anything.
    opaque: bool,
}

impl Walk<'_> {
    fn revision(&mut self, position: usize, revision: &RevisionFile, hits: &mut Hits) {
        let before = self.replay.schema.clone();
        let up = self.run(position, revision, Direction::Upgrade, Some(hits));
        let restorable = self.sections(revision, Direction::Downgrade).all(|section| section.irreversible.is_none())
            && self.sections(revision, Direction::Downgrade).next().is_some();
        // A downgrade is written for what the upgrade was meant to do: after one that can't work it isn't judged.
        if !restorable || up.failed {
            return;
        }
        let after = self.replay.clone();
        let down = self.run(position, revision, Direction::Downgrade, Some(hits));
        let restored = std::mem::replace(&mut self.replay, after);
        if down.failed || up.opaque || down.opaque || !(up.changes || down.changes) {
            return;
        }
        let states = restore::States { before: &before, after: &self.replay.schema, restored: &restored };
        restore::check(self.dialect, revision, &states, hits);
    }

    fn sections<'r>(&self, revision: &'r RevisionFile, direction: Direction) -> impl Iterator<Item = &'r Section> {
        let dialect = self.dialect;
        let serves = move |section: &&Section| section.direction == direction && section.dialects.contains(dialect);
        revision.sections.iter().filter(serves)
    }

    /// Replays one direction of a revision. Without `hits` nothing is reported.
    fn run(
        &mut self,
        position: usize,
        revision: &RevisionFile,
        direction: Direction,
        mut hits: Option<&mut Hits>,
    ) -> Run {
        let mut run = Run { changes: false, failed: false, opaque: false };
        self.replay.begin_revision();
        let sections: Vec<&Section> = self.sections(revision, direction).collect();
        for section in sections {
            let Some(split) = section.split(self.dialect) else { continue };
            let body = self.sources.text(section.body);
            let base = section.body.start as usize;
            for statement in split.statements() {
                let (start, end) = (statement.start as usize, statement.end as usize);
                let Some(text) = body.get(start..end) else { continue };
                if let Some((from, to)) = semicolon::missing_before(text, self.dialect) {
                    run.failed = true;
                    if let Some(hits) = hits.as_deref_mut()
                        && !section.is_allowed(split, start, Code::MissingSemicolon)
                    {
                        let file = section.body.file;
                        let words = text.get(from..to).unwrap_or_default().to_uppercase();
                        hits.add(
                            Hit {
                                code: Code::MissingSemicolon,
                                severity: Severity::Error,
                                span: Span::new(file, base + start + from, base + start + to),
                                message: format!("a semicolon is missing before this `{words}`"),
                                label: String::new(),
                                also: Vec::new(),
                                help: "end the statement above with `;`".to_owned(),
                            },
                            self.dialect,
                            section.dialects,
                        );
                    }
                    continue;
                }
                let reading = read(text, self.dialect);
                match &reading {
                    Reading::Neutral => continue,
                    Reading::Known { .. } => run.changes = true,
                    Reading::Opaque(_) => run.changes = true,
                }
                let span = |start: usize, end: usize| Span::new(section.body.file, base + start, base + end);
                let place = |start, end| Place { revision: position, span: Some(span(start, end)) };
                let tainted = self.replay.schema.unknown.len();
                let faults =
                    self.replay.apply(&reading, text, place(start, end), &|(from, to)| place(start + from, start + to));
                run.opaque |= self.replay.schema.unknown.len() > tainted;
                for fault in faults {
                    run.failed = true;
                    let Some(hits) = hits.as_deref_mut() else { continue };
                    let code = code_of(fault.kind);
                    if section.is_allowed(split, start, code) {
                        continue;
                    }
                    let (from, to) = fault.part.map_or((start, end), |(from, to)| (start + from, start + to));
                    hits.add(
                        Hit {
                            code,
                            severity: Severity::Error,
                            span: span(from, to),
                            message: fault.message,
                            label: String::new(),
                            also: fault.also.and_then(|(place, text)| Some((place.span?, text))).into_iter().collect(),
                            help: fault.help.unwrap_or_else(|| help_of(fault.kind).to_owned()),
                        },
                        self.dialect,
                        section.dialects,
                    );
                }
            }
        }
        run
    }
}

/// The code of a kind of fault.
const fn code_of(kind: FaultKind) -> Code {
    match kind {
        FaultKind::UnknownTable => Code::UnknownTable,
        FaultKind::DuplicateTable => Code::DuplicateTable,
        FaultKind::UnknownColumn => Code::UnknownColumn,
        FaultKind::DuplicateColumn => Code::DuplicateColumn,
        FaultKind::UnknownIndex => Code::UnknownIndex,
        FaultKind::DuplicateIndex => Code::DuplicateIndex,
        FaultKind::UnknownConstraint => Code::UnknownConstraint,
        FaultKind::DuplicateConstraint => Code::DuplicateConstraint,
        FaultKind::UnknownType => Code::UnknownType,
        FaultKind::DuplicateType => Code::DuplicateType,
        FaultKind::ForeignKeyTarget => Code::ForeignKeyTarget,
        FaultKind::ForeignKeyType => Code::ForeignKeyType,
        FaultKind::StillNeeded => Code::StillNeeded,
        FaultKind::OverlongName => Code::OverlongName,
        FaultKind::Other => Code::UnknownObject,
    }
}

/// What to do, where nothing more is known.
const fn help_of(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::UnknownTable | FaultKind::UnknownColumn | FaultKind::UnknownIndex | FaultKind::UnknownConstraint => {
            "correct the name, or remove the statement; the schema at this point of the chain doesn't have it"
        }
        FaultKind::UnknownType => "correct the name, or make the type (or its extension) first",
        FaultKind::DuplicateTable | FaultKind::DuplicateType | FaultKind::DuplicateConstraint => {
            "remove one of the two, or give this one another name"
        }
        FaultKind::DuplicateColumn => "remove one of the two",
        FaultKind::DuplicateIndex => "give it another name: an index is best named after its table and columns",
        FaultKind::ForeignKeyTarget => "refer to the primary key, or make these columns unique first",
        FaultKind::ForeignKeyType => "give both sides one type",
        FaultKind::StillNeeded => "drop what needs it first",
        FaultKind::OverlongName => "choose a shorter one",
        FaultKind::Other => "correct the name, or say IF EXISTS where it may be missing",
    }
}
