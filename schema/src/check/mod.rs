//! The chain under replay: every revision up, and down again, on every dialect. What is found becomes findings here; what is
//! wrong with a change `replay` says, what differs `compare`.

mod dialects;
mod grammar;
mod hits;
mod restore;
mod semicolon;
#[cfg(test)]
mod tests;

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use revchain_core::revision::{Direction, Mode, RevisionFile, Section};
use revchain_core::sql::Split;
use revchain_core::{Code, Dialect, Findings, Severity, Sources, Span, VerifiedChain, chain};

use crate::change::Part;
use crate::hazard::{self, Context, Filled, Hazard, Past};
use crate::model::{Catalog, Place, Schema, Table};
use crate::read::{Reading, read};
use crate::replay::{Fault, FaultKind, Replay};

use hits::{Hit, Hits, Said};

/// A chain that is shorter is walked without threads.
const ALONE: usize = 20;

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
/// Reports RC209, RC210, RC301 to RC322, and the hazards RC401 to RC489. Linear in the statements; of the tables only those are copied
/// that change. The dialects know nothing of each other, and take a thread each.
pub fn check(sources: &Sources, chain: &VerifiedChain) -> Findings {
    let configured = chain.config().dialects;
    let mut hits = Hits::new(configured);
    let mut walked = walk(sources, chain);
    for (dialect, past) in configured.iter().zip(&mut walked) {
        hits.take(std::mem::take(&mut past.said), dialect);
    }
    let mut known = dialects::Known::default();
    let empty = Catalog::new();
    for (position, revision) in chain.revisions().iter().enumerate() {
        let states: Vec<dialects::State<'_>> = configured
            .iter()
            .zip(&walked)
            .filter_map(|(dialect, past)| {
                let before = position.checked_sub(1).and_then(|before| past.states.get(before));
                let (after, is_known) = past.states.get(position)?;
                let before = before.map_or(&empty, |(tables, _)| tables);
                Some(dialects::State { dialect, before, after, is_known: *is_known })
            })
            .collect();
        dialects::compare(revision, &states, &mut known, &mut hits);
    }
    let mut findings = hits.into_findings();
    chain.config().levels.apply(&mut findings);
    findings
}

/// What a walk on one dialect leaves.
#[derive(Default)]
struct Walked {
    said: Said,
    /// The tables after each revision, and whether nothing may have changed them that nobody understood; where there is
    /// another dialect to compare them with.
    states: Vec<(Catalog<Table>, bool)>,
}

/// Walks the chain on each dialect.
fn walk(sources: &Sources, chain: &VerifiedChain) -> Vec<Walked> {
    let configured = chain.config().dialects;
    let is_compared = configured.iter().count() > 1;
    let levels = &chain.config().levels;
    let taste = Code::ALL.iter().any(|code| code.is_off_by_itself() && levels.says(*code));
    let one = |dialect: Dialect| {
        let mut walk = Walk { taste, ..Walk::new(sources, dialect, chain.released()) };
        let mut walked = Walked::default();
        for (position, revision) in chain.revisions().iter().enumerate() {
            walk.revision(position, revision, &mut walked.said);
            if is_compared {
                walked.states.push((walk.replay.schema.tables.clone(), walk.replay.schema.unknown.is_empty()));
            }
        }
        walked
    };
    // Not worth a thread.
    if chain.revisions().len() < ALONE {
        return configured.iter().map(one).collect();
    }
    thread::scope(|scope| {
        let one = &one;
        let started: Vec<_> = configured
            .iter()
            .map(|dialect| (dialect, thread::Builder::new().spawn_scoped(scope, move || one(dialect)).ok()))
            .collect();
        let finish = |(dialect, thread): (Dialect, Option<ScopedJoinHandle<'_, Walked>>)| match thread {
            Some(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // The machine has no more threads.
            None => one(dialect),
        };
        started.into_iter().map(finish).collect()
    })
}

/// The schema that a chain leads to on a dialect, up to and with the revision at a position counted from the base; `None` is
/// the base itself.
pub fn replay(sources: &Sources, chain: &VerifiedChain, dialect: Dialect, last: Option<usize>) -> Schema {
    let mut walk = Walk::new(sources, dialect, 0);
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
    /// How many revisions, from the base on, have been released.
    released: usize,
    /// The schema before the revision.
    before: Arc<Schema>,
    /// What people use: the schema before the revision, or as it was released last.
    live: Arc<Schema>,
    /// What upgrades gave values to so far.
    filled: Filled,
    /// Whether the configuration asks about matters of taste.
    taste: bool,
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
    /// Whether something in it may have made what nobody knows.
    makes: bool,
}

/// A statement in its section.
#[derive(Clone, Copy)]
struct Statement<'a> {
    text: &'a str,
    section: &'a Section,
    split: &'a Split,
    /// Where it begins, in bytes of the section's body.
    start: usize,
    /// The revision's position in the chain.
    position: usize,
}

impl Statement<'_> {
    /// Where a part of it stands in the file.
    fn span(&self, (from, to): Part) -> Span {
        let base = self.section.body.start as usize + self.start;
        Span::new(self.section.body.file, base + from, base + to)
    }

    fn place(&self, part: Part) -> Place {
        Place { revision: self.position, span: Some(self.span(part)) }
    }

    fn whole(&self) -> Part {
        (0, self.text.len())
    }

    fn is_allowed(&self, code: Code) -> bool {
        self.section.is_allowed(self.split, self.start, code)
    }
}

impl<'a> Walk<'a> {
    fn new(sources: &'a Sources, dialect: Dialect, released: usize) -> Walk<'a> {
        let replay = Replay::new(dialect);
        let before = Arc::new(replay.schema.clone());
        let live = Arc::clone(&before);
        Walk { sources, dialect, replay, released, before, live, filled: Filled::default(), taste: false }
    }

    fn revision(&mut self, position: usize, revision: &RevisionFile, said: &mut Said) {
        let before = Arc::new(self.replay.schema.clone());
        self.before = Arc::clone(&before);
        if self.released == 0 || position <= self.released {
            self.live = Arc::clone(&before);
        }
        let up = self.run(position, revision, Direction::Upgrade, Some(said));
        let restorable = self.sections(revision, Direction::Downgrade).all(|section| section.irreversible.is_none())
            && self.sections(revision, Direction::Downgrade).next().is_some();
        // A downgrade is written for what the upgrade was meant to do: after one that can't work it isn't judged.
        if !restorable || up.failed {
            return;
        }
        let after = self.replay.clone();
        let down = self.run(position, revision, Direction::Downgrade, Some(said));
        let restored = std::mem::replace(&mut self.replay, after);
        if down.failed || up.opaque || down.opaque || !(up.changes || down.changes) {
            return;
        }
        let states = restore::States {
            before: &before,
            after: &self.replay.schema,
            restored: &restored,
            makes: up.makes || down.makes,
        };
        restore::check(self.dialect, revision, &states, said);
    }

    fn sections<'r>(
        &self,
        revision: &'r RevisionFile,
        direction: Direction,
    ) -> impl Iterator<Item = &'r Section> + use<'r> {
        let dialect = self.dialect;
        let serves = move |section: &&Section| section.direction == direction && section.dialects.contains(dialect);
        revision.sections.iter().filter(serves)
    }

    /// Replays one direction of a revision. Without `said` nothing is reported.
    fn run(
        &mut self,
        position: usize,
        revision: &RevisionFile,
        direction: Direction,
        mut said: Option<&mut Said>,
    ) -> Run {
        let mut run = Run { changes: false, failed: false, opaque: false, makes: false };
        let in_danger = direction == Direction::Upgrade && position >= self.released;
        let mut past = Past::default();
        let mut promises = Vec::new();
        self.replay.begin_revision();
        for section in self.sections(revision, direction) {
            let Some(split) = section.split(self.dialect) else { continue };
            let body = self.sources.text(section.body);
            for statement in split.statements() {
                let (start, end) = (statement.start as usize, statement.end as usize);
                let Some(text) = body.get(start..end) else { continue };
                let statement = Statement { text, section, split, start, position };
                if let Some(part) = semicolon::missing_before(text, self.dialect) {
                    run.failed = true;
                    if let Some(said) = said.as_deref_mut() {
                        report(semicolon::hit(&statement, part), &statement, said);
                    }
                    continue;
                }
                if let Some(wrong) = grammar::wrong_with(text, self.dialect) {
                    run.failed = true;
                    if let Some(said) = said.as_deref_mut() {
                        report(grammar::hit(&statement, wrong), &statement, said);
                    }
                    continue;
                }
                let reading = read(text, self.dialect);
                let mut hazards = Vec::new();
                if in_danger && said.is_some() {
                    hazards = hazard::judge(&reading, &self.context(&statement, body, &past));
                    self.note(&statement, &reading, &mut past);
                }
                if reading.is_data() && direction == Direction::Upgrade && said.is_some() {
                    self.filled.note(text, self.dialect);
                }
                if reading == Reading::Neutral && hazards.is_empty() {
                    continue;
                }
                run.changes |= !reading.is_data();
                let (doubts, unknown) = (self.replay.doubts, self.replay.schema.unknown.len());
                let place = statement.place(statement.whole());
                let faults = self.replay.apply(&reading, text, place, &|part| statement.place(part));
                run.opaque |= self.replay.doubts > doubts;
                run.makes |= self.replay.schema.unknown.len() > unknown;
                run.failed |= !faults.is_empty();
                let Some(said) = said.as_deref_mut() else { continue };
                // What can't work endangers nobody.
                if !faults.is_empty() {
                    hazards.clear();
                }
                for hazard in hazards.extract_if(.., |hazard| hazard.unless.is_some()) {
                    promises.push((statement, hazard));
                }
                let hazards = hazards.into_iter().map(|hazard| of_hazard(hazard, &statement));
                let faults = faults.iter().map(|fault| of_fault(fault, &statement));
                for hit in faults.chain(hazards) {
                    report(hit, &statement, said);
                }
            }
        }
        // Something that can't work, or that nobody can read, may have been what keeps them.
        if let Some(said) = said.filter(|_| !run.failed && !run.opaque) {
            for (statement, hazard) in promises {
                if let Some(hazard) = hazard::broken(hazard, &self.replay, &self.live) {
                    report(of_hazard(hazard, &statement), &statement, said);
                }
            }
        }
        run
    }

    fn context<'c>(&'c self, statement: &Statement<'c>, body: &'c str, past: &'c Past) -> Context<'c> {
        let mode = statement.section.mode;
        // Without a release everything that was there before may be somebody's.
        let live_before = if self.released > 0 { self.released } else { statement.position };
        Context {
            replay: &self.replay,
            before: &self.before,
            live: &self.live,
            mode,
            text: statement.text,
            earlier: body.get(..statement.start).unwrap_or_default(),
            later: body.get(statement.start + statement.text.len()..).unwrap_or_default(),
            live_before,
            filled: &self.filled,
            past,
            taste: self.taste,
        }
    }

    /// Notes what a statement does, for the next one in its transaction.
    fn note(&self, statement: &Statement<'_>, reading: &Reading, past: &mut Past) {
        match self.dialect == Dialect::Mysql || matches!(statement.section.mode, Mode::NoTransaction | Mode::Repeat(_))
        {
            true => *past = Past::default(),
            false => past.note(reading, statement.place(statement.whole()), &self.replay),
        }
    }
}

fn report(hit: Hit, statement: &Statement<'_>, said: &mut Said) {
    if !statement.is_allowed(hit.code) {
        said.add(hit, statement.section.dialects);
    }
}

fn of_fault(fault: &Fault, statement: &Statement<'_>) -> Hit {
    Hit {
        code: code_of(fault.kind),
        severity: Severity::Error,
        span: statement.span(fault.part.unwrap_or(statement.whole())),
        message: fault.message.clone(),
        label: String::new(),
        also: fault.also.iter().filter_map(|(place, text)| Some((place.span?, text.clone()))).collect(),
        help: fault.help.clone().unwrap_or_else(|| help_of(fault.kind).to_owned()),
    }
}

fn of_hazard(hazard: Hazard, statement: &Statement<'_>) -> Hit {
    Hit {
        code: hazard.code,
        severity: Severity::Warning,
        span: statement.span(hazard.part.unwrap_or(statement.whole())),
        message: hazard.message,
        label: String::new(),
        also: hazard.also.into_iter().filter_map(|(place, text)| Some((place.span?, text))).collect(),
        help: hazard.help,
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
