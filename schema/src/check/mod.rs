//! The chain under replay: every revision up, and down again, on every dialect. What is found becomes findings here; what is
//! wrong with a change `replay` says, what differs `compare`.

mod commit;
mod dialects;
mod grammar;
mod hits;
mod idle;
mod restore;
mod semicolon;
mod split;
#[cfg(test)]
mod tests;
mod unjudged;

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use revchain_core::revision::{Direction, Mode, RevisionFile, Section};
use revchain_core::sql::Split;
use revchain_core::{Code, Dialect, Findings, Severity, Sources, Span, VerifiedChain, chain};

use crate::change::Part;
use crate::hazard::{self, Context, Filled, Hazard, Past};
use crate::model::{Catalog, Name, ObjectName, Place, Schema, Table, Taint};
use crate::read::{Reading, read};
use crate::replay::{Fault, FaultKind, Replay};

pub use unjudged::{Unjudged, unjudged};

use commit::Uncommitted;
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
/// Reports RC033, RC209, RC210, RC301 to RC323, and the hazards RC401 to RC489. Linear in the statements; of the tables only those are
/// copied that change. The dialects know nothing of each other, and take a thread each.
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
    let silenced = std::mem::take(&mut hits.silenced.0);
    let mut findings = hits.into_findings();
    if !findings.has_errors() {
        let all_known = walked.iter().all(|walked| walked.is_all_known);
        idle::report(chain, &silenced, all_known, &mut findings);
    }
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
    /// Whether everything in it could be read.
    is_all_known: bool,
}

/// Walks the chain on each dialect.
fn walk(sources: &Sources, chain: &VerifiedChain) -> Vec<Walked> {
    let configured = chain.config().dialects;
    let is_compared = configured.iter().count() > 1;
    let levels = &chain.config().levels;
    let taste = Code::ALL.iter().any(|code| code.is_off_by_itself() && levels.says(*code));
    let one = |dialect: Dialect| {
        let mut walk = Walk { taste, ..Walk::new(sources, chain, dialect, chain.released()) };
        let mut walked = Walked::default();
        for (position, revision) in chain.revisions().iter().enumerate() {
            walk.revision(position, revision, &mut walked.said);
            if is_compared {
                walked.states.push((walk.replay.schema.tables.clone(), walk.replay.schema.unknown.is_empty()));
            }
        }
        walked.is_all_known = walk.replay.is_all_known();
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
    replay_steps(sources, chain, dialect, (0..last.map_or(0, |last| last + 1)).map(|at| (at, Direction::Upgrade)))
}

/// The schema that these steps lead to on a dialect, one after the other: revisions by their positions, up or down. What is no
/// revision's position is passed over.
pub fn replay_steps(
    sources: &Sources,
    chain: &VerifiedChain,
    dialect: Dialect,
    steps: impl IntoIterator<Item = (usize, Direction)>,
) -> Schema {
    let mut walk = Walk::new(sources, chain, dialect, 0);
    for (position, direction) in steps {
        if let Some(revision) = chain.revisions().get(position) {
            walk.run(position, revision, direction, None);
        }
    }
    walk.replay.into_schema()
}

/// A chain being replayed on one dialect.
struct Walk<'a> {
    sources: &'a Sources,
    dialect: Dialect,
    replay: Replay,
    /// How many revisions, from the base on, have been released.
    released: usize,
    /// The statements that nobody could read, where nothing is reported.
    opaque: Vec<Taint>,
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
#[derive(Default)]
struct Run<'s> {
    /// Whether it may meet people at work: then hazards are judged.
    in_danger: bool,
    /// Whether it is the upgrade.
    is_upgrade: bool,
    /// What was done so far.
    past: Past,
    /// What its transaction did, and has to commit first.
    uncommitted: Uncommitted,
    /// What it wrote, and DDL commits.
    rows: split::Rows,
    /// What is dangerous unless something comes behind it.
    promises: Vec<(Statement<'s>, Hazard)>,
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
    /// Where it begins, in bytes of the section's body; of what an author declares, where the statement does that is meant.
    start: usize,
    /// Where its text begins, in bytes of the file.
    offset: usize,
    /// The revision's position in the chain.
    position: usize,
}

impl Statement<'_> {
    /// Where a part of it stands in the file.
    fn span(&self, (from, to): Part) -> Span {
        Span::new(self.section.body.file, self.offset + from, self.offset + to)
    }

    fn place(&self, part: Part) -> Place {
        Place { revision: self.position, span: Some(self.span(part)) }
    }

    fn whole(&self) -> Part {
        (0, self.text.len())
    }
}

impl<'a> Walk<'a> {
    fn new(sources: &'a Sources, chain: &VerifiedChain, dialect: Dialect, released: usize) -> Walk<'a> {
        let mut replay = Replay::new(dialect);
        // The runner's own tables are there before the first revision.
        for own in [&chain.config().version_table, "revchain_journal"] {
            replay.take_for_granted(ObjectName::bare(Name::new(own, dialect)));
        }
        let (opaque, filled) = (Vec::new(), Filled::default());
        let before = Arc::new(replay.schema.clone());
        let live = Arc::clone(&before);
        Walk { sources, dialect, replay, released, opaque, before, live, filled, taste: false }
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
    fn run<'s>(
        &mut self,
        position: usize,
        revision: &'s RevisionFile,
        direction: Direction,
        mut said: Option<&mut Said>,
    ) -> Run<'s>
    where
        'a: 's,
    {
        let in_danger = direction == Direction::Upgrade && position >= self.released;
        let mut run = Run { in_danger, is_upgrade: direction == Direction::Upgrade, ..Run::default() };
        self.replay.begin_revision();
        for section in self.sections(revision, direction) {
            let Some(split) = section.split(self.dialect) else { continue };
            let body = section.text(self.sources);
            for statement in split.statements() {
                let (start, end) = (statement.start as usize, statement.end as usize);
                let Some(text) = body.get(start..end) else { continue };
                let offset = section.body.start as usize + start;
                let statement = Statement { text, section, split, start, offset, position };
                let dialect = self.dialect;
                let mut replayed = section.replayed(split, start).peekable();
                if replayed.peek().is_none() {
                    self.statement(&statement, section.declared.is_some(), body, &mut run, said.as_deref_mut());
                    continue;
                }
                for (offset, text) in replayed.flat_map(|replayed| replayed.statements(dialect)) {
                    let statement = Statement { text, offset, ..statement };
                    self.statement(&statement, true, body, &mut run, said.as_deref_mut());
                }
            }
        }
        // Something that can't work, or that nobody can read, may have been what keeps them.
        if let Some(said) = said.filter(|_| !run.failed && !run.opaque) {
            for (statement, hazard) in run.promises.drain(..) {
                if let Some(hazard) = hazard::broken(hazard, &self.replay, &self.live) {
                    report(of_hazard(hazard, &statement), &statement, said);
                }
            }
        }
        run
    }

    /// Replays one statement, or one that an author declares instead.
    fn statement<'s>(
        &mut self,
        statement: &Statement<'s>,
        is_declared: bool,
        body: &str,
        run: &mut Run<'s>,
        said: Option<&mut Said>,
    ) {
        let text = statement.text;
        if let Some(part) = semicolon::missing_before(text, self.dialect) {
            run.failed = true;
            if let Some(said) = said {
                report(semicolon::hit(statement, part), statement, said);
            }
            return;
        }
        let reading = read(text, self.dialect);
        if is_declared && matches!(reading, Reading::Opaque(_) | Reading::Call(_)) {
            run.failed = true;
            if let Some(said) = said {
                report(unreadable(statement), statement, said);
            }
            return;
        }
        if let Some(wrong) = grammar::wrong_with(text, self.dialect) {
            run.failed = true;
            if let Some(said) = said {
                report(grammar::hit(statement, wrong), statement, said);
            }
            return;
        }
        let mut hazards = Vec::new();
        if run.in_danger && said.is_some() {
            hazards = hazard::judge(&reading, &self.context(statement, body, &run.past));
            self.note(statement, &reading, &mut run.past);
        }
        if reading.leaves_schema() && run.is_upgrade && said.is_some() {
            self.filled.note(text, self.dialect);
        }
        let can_change = statement.position >= self.released;
        let commit = match self.dialect {
            Dialect::Postgres if said.is_some() => run.uncommitted.judge(statement, &reading, &self.replay),
            Dialect::Mysql if said.is_some() && can_change => run.rows.judge(statement, &reading, &self.replay),
            _ => None,
        };
        if reading == Reading::Neutral && hazards.is_empty() && commit.is_none() {
            return;
        }
        run.changes |= !reading.leaves_schema();
        let (doubts, unknown) = (self.replay.doubts, self.replay.schema.unknown.len());
        let place = statement.place(statement.whole());
        let faults = self.replay.apply(&reading, text, place, &|part| statement.place(part));
        run.opaque |= self.replay.doubts > doubts;
        run.makes |= self.replay.schema.unknown.len() > unknown;
        if said.is_none() && (self.replay.doubts > doubts || matches!(reading, Reading::Opaque(_))) {
            self.opaque.push(Taint::new(place, text));
        }
        run.failed |= !faults.is_empty() || commit.as_ref().is_some_and(|hit| hit.severity == Severity::Error);
        let Some(said) = said else { return };
        // What can't work endangers nobody.
        if !faults.is_empty() {
            hazards.clear();
        }
        let promised = hazards.extract_if(.., |hazard| hazard.unless.is_some());
        run.promises.extend(promised.map(|hazard| (*statement, hazard)));
        let hazards = hazards.into_iter().map(|hazard| of_hazard(hazard, statement));
        let faults = faults.iter().map(|fault| of_fault(fault, statement));
        for hit in faults.chain(commit).chain(hazards) {
            report(hit, statement, said);
        }
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
    let allow = statement.section.allowing(statement.split, statement.start, hit.code);
    if !said.silenced.take(allow.into_iter(), hit.code) {
        said.add(hit, statement.section.dialects);
    }
}

/// What is said of a declaration that is as hard to read as what it stands for.
fn unreadable(statement: &Statement<'_>) -> Hit {
    Hit {
        code: Code::BadReplay,
        severity: Severity::Error,
        span: statement.span(statement.whole()),
        message: "this is declared to the replay, and can't be read".to_owned(),
        label: String::new(),
        also: Vec::new(),
        help: "write the CREATE, ALTER and DROP statements that come to the same, or `nothing`; an empty comment line ends a \
               declaration"
            .to_owned(),
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
        FaultKind::NoSuchForm => Code::NoSuchForm,
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
        FaultKind::NoSuchForm => "write it as this database does",
        FaultKind::Other => "correct the name, or say IF EXISTS where it may be missing",
    }
}
