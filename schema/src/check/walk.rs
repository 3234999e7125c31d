//! One dialect's way along the chain: each statement read, judged and replayed, up and down again. Knows nothing of the other
//! dialects; what is said of a fault is in `words`.

use std::sync::Arc;

use revchain_core::config::Flavour;
use revchain_core::revision::{Direction, Mode, RevisionFile, Section};
use revchain_core::sql::Split;
use revchain_core::{Code, Dialect, Severity, Sources, Span, VerifiedChain};

use super::commit::Uncommitted;
use super::hits::{Hit, Said};
use super::words::{of_fault, of_hazard, unreadable};
use super::{first_word, flavour, forms, grammar, restore, semicolon, slips, split, table};
use crate::change::Part;
use crate::hazard::{self, Context, Filled, Hazard, Past};
use crate::model::{Name, ObjectName, Place, Schema, Table, Taint};
use crate::read::{Reading, Touches, named, read};
use crate::replay::Replay;

/// A chain being replayed on one dialect.
pub(super) struct Walk<'a> {
    sources: &'a Sources,
    dialect: Dialect,
    /// Which server it is, where that is said.
    flavour: Option<Flavour>,
    pub(super) replay: Replay,
    /// How many revisions, from the base on, have been released.
    released: usize,
    /// The statements that nobody could read, where nothing is reported.
    pub(super) opaque: Vec<Taint>,
    /// The schema before the revision.
    before: Arc<Schema>,
    /// What people use: the schema before the revision, or as it was released last.
    live: Arc<Schema>,
    /// What upgrades gave values to so far.
    filled: Filled,
    /// Whether the configuration asks about matters of taste.
    taste: bool,
}

/// A table that a revision changed, and what it is now; none where it is gone.
pub(super) type ChangedTable = (ObjectName, Option<Arc<Table>>);

/// How one direction of a revision went.
#[derive(Default)]
pub(super) struct Run<'s> {
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
pub(super) struct Statement<'a> {
    pub(super) text: &'a str,
    pub(super) section: &'a Section,
    pub(super) split: &'a Split,
    /// Where it begins, in bytes of the section's body; of what an author declares, where the statement does that is meant.
    pub(super) start: usize,
    /// Where its text begins, in bytes of the file.
    pub(super) offset: usize,
    /// The revision's position in the chain.
    pub(super) position: usize,
}

impl Statement<'_> {
    /// Where a part of it stands in the file.
    pub(super) fn span(&self, (from, to): Part) -> Span {
        Span::new(self.section.body.file, self.offset + from, self.offset + to)
    }

    pub(super) fn place(&self, part: Part) -> Place {
        Place { revision: self.position, span: Some(self.span(part)) }
    }

    pub(super) fn whole(&self) -> Part {
        (0, self.text.len())
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(sources: &'a Sources, chain: &VerifiedChain, dialect: Dialect, released: usize) -> Walk<'a> {
        let mut replay = Replay::new(dialect);
        // The runner's own tables are there before the first revision.
        for own in [&chain.config().version_table, "revchain_journal"] {
            replay.take_for_granted(ObjectName::bare(Name::new(own, dialect)));
        }
        let levels = &chain.config().levels;
        let taste = Code::ALL.iter().any(|code| code.is_off_by_itself() && levels.says(*code));
        let (opaque, filled) = (Vec::new(), Filled::default());
        let before = Arc::new(replay.schema.clone());
        let live = Arc::clone(&before);
        let flavour = chain.config().flavour.filter(|_| dialect == Dialect::Mysql);
        Walk { sources, dialect, flavour, replay, released, opaque, before, live, filled, taste }
    }

    /// Walks a revision up, and down again; gives the tables that its upgrade changed, as they are now, and whether something
    /// in it can't work.
    pub(super) fn revision(
        &mut self,
        position: usize,
        revision: &RevisionFile,
        said: &mut Said,
    ) -> (Vec<ChangedTable>, bool) {
        let before = Arc::new(self.replay.schema.clone());
        self.before = Arc::clone(&before);
        if self.released == 0 || position <= self.released {
            self.live = Arc::clone(&before);
        }
        let up = self.run(position, revision, Direction::Upgrade, Some(said));
        let restored = self.restored(position, revision, &up, said);
        let changed = before.tables.changes(&self.replay.schema.tables);
        if let Some((restored, makes)) = &restored {
            let after = &self.replay.schema;
            let states = restore::States { before: &before, after, changed: &changed, restored, makes: *makes };
            restore::check(self.dialect, revision, &states, said);
        }
        (changed.into_iter().map(|(name, _, table)| (name.clone(), table.cloned())).collect(), up.failed)
    }

    /// What a revision's downgrade makes of what its upgrade made, and whether something may have been made on the way that
    /// nobody knows; where that can be told.
    fn restored(
        &mut self,
        position: usize,
        revision: &RevisionFile,
        up: &Run<'_>,
        said: &mut Said,
    ) -> Option<(Replay, bool)> {
        let restorable = self.sections(revision, Direction::Downgrade).all(|section| section.irreversible.is_none())
            && self.sections(revision, Direction::Downgrade).next().is_some();
        // A downgrade is written for what the upgrade was meant to do: after one that can't work it isn't judged.
        if !restorable || up.failed {
            return None;
        }
        let after = self.replay.clone();
        let down = self.run(position, revision, Direction::Downgrade, Some(said));
        let restored = std::mem::replace(&mut self.replay, after);
        let is_told = !(down.failed || up.opaque || down.opaque) && (up.changes || down.changes);
        is_told.then_some((restored, up.makes || down.makes))
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
    pub(super) fn run<'s>(
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
                self.judge_flavour(&statement, said.as_deref_mut());
                for (offset, text) in replayed.flat_map(|replayed| replayed.statements(dialect)) {
                    let statement = Statement { text, offset, ..statement };
                    self.statement(&statement, true, body, &mut run, said.as_deref_mut());
                }
            }
        }
        // Something that can't work, or that nobody can read, may have been what keeps them.
        if let Some(said) = said.filter(|_| !run.failed && !run.opaque) {
            let promises = std::mem::take(&mut run.promises);
            let missed = hazard::missed(promises.iter().map(|(_, hazard)| hazard));
            for (statement, hazard) in promises {
                if let Some(hazard) = hazard::broken(hazard, &missed, &self.replay, &self.live) {
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
        mut said: Option<&mut Said>,
    ) {
        let text = statement.text;
        if let Some(part) = semicolon::missing_before(text, self.dialect) {
            run.failed = true;
            self.meant(Reading::Opaque(Touches::Anything), statement);
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
        let wrong = first_word::wrong_with(text, self.dialect)
            .or_else(|| forms::wrong_with(text, &reading, self.dialect))
            .or_else(|| table::wrong_with(text, &reading, self.dialect))
            .or_else(|| grammar::wrong_with(text, self.dialect))
            .or_else(|| slips::wrong_with(text, &reading, self.dialect));
        if let Some(wrong) = wrong {
            run.failed = true;
            if said.is_none() && matches!(reading, Reading::Opaque(_)) {
                self.opaque.push(Taint::new(statement.place(statement.whole()), text));
            }
            self.meant(reading, statement);
            if let Some(said) = said {
                report(grammar::hit(statement, wrong), statement, said);
            }
            return;
        }
        if !is_declared {
            self.judge_flavour(statement, said.as_deref_mut());
        }
        let mut hazards = Vec::new();
        if run.in_danger && said.is_some() {
            hazards = hazard::judge(&reading, &self.context(statement, body, &run.past));
            if self.flavour == Some(Flavour::Mariadb) {
                // MariaDB reads them.
                hazards.retain(|hazard| hazard.code != Code::InlineReferencesIgnored);
            }
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
        if matches!(reading, Reading::Neutral) && hazards.is_empty() && commit.is_none() && !named::may_name(text) {
            self.replay.pass(text);
            return;
        }
        let is_opaque = matches!(reading, Reading::Opaque(_));
        run.changes |= !reading.leaves_schema();
        let (doubts, unknown) = (self.replay.doubts, self.replay.schema.unknown.len());
        let place = statement.place(statement.whole());
        let faults = self.replay.apply(reading, text, place, &|part| statement.place(part));
        run.opaque |= self.replay.doubts > doubts;
        run.makes |= self.replay.schema.unknown.len() > unknown;
        if said.is_none() && (self.replay.doubts > doubts || is_opaque) {
            self.opaque.push(Taint::new(place, text));
        }
        run.failed |= !faults.is_empty() || commit.as_ref().is_some_and(|hit| hit.severity == Severity::Error);
        let Some(said) = said else { return };
        if faults.is_empty() && hazards.is_empty() && commit.is_none() {
            return;
        }
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

    /// Says of a statement what a server of the chain's does not know. Else it is judged as any other: it works on one of them.
    fn judge_flavour(&self, statement: &Statement<'_>, said: Option<&mut Said>) {
        let (Some(flavour), Some(said)) = (self.flavour, said) else { return };
        for hit in flavour::hits(statement, flavour) {
            report(hit, statement, said);
        }
    }

    /// Does what a statement that can't work was meant to do, as far as it can be read: one mistake is one finding, and what
    /// comes behind it was written for a schema in which it worked.
    fn meant(&mut self, reading: Reading, statement: &Statement<'_>) {
        let place = statement.place(statement.whole());
        let _ = self.replay.apply(reading, statement.text, place, &|part| statement.place(part));
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
