//! One revision, up, down and up again, on a database that is made for it. Says what is wrong; never makes a database or decides what
//! is the same.

use revchain_core::revision::{Direction, Section};
use revchain_core::{Code, Dialect};
use revchain_schema::{Difference, Schema};

use super::Verdict;
use super::driver::Driver;
use super::effects::Effects;
use super::files::Files;
use super::look::{self, Seen};
use super::reach::Reach;
use super::rows::{self, Filling, Rows};
use crate::chain::Migrations;
use crate::plan;

/// A revision of a chain.
pub(super) struct Walk<'a> {
    pub(super) chain: &'static Migrations,
    pub(super) files: &'a Files,
    /// Counted from the base.
    pub(super) position: usize,
}

/// A step that went wrong.
enum Wrong {
    Refused(String),
    Fails(String),
}

impl Walk<'_> {
    pub(super) async fn go<DB: Driver>(&self, connection: &mut DB::Connection, filling: Filling) -> Verdict {
        match self.steps::<DB>(connection, filling).await {
            Ok(notes) => Verdict::Holds(notes),
            Err(Wrong::Refused(reason)) => Verdict::Refused(reason),
            Err(Wrong::Fails(reason)) => Verdict::Fails(reason),
        }
    }

    async fn steps<DB: Driver>(&self, connection: &mut DB::Connection, filling: Filling) -> Result<Vec<String>, Wrong> {
        let Some(revision) = self.chain.at(self.position) else { return Ok(Vec::new()) };
        let Some(trip) = self.files.trip(DB::CORE, self.position) else { return Ok(Vec::new()) };
        let below = self.position.checked_sub(1).and_then(|position| self.chain.at(position));
        let below = below.map_or("base", |revision| revision.id());
        let dialect = DB::DIALECT.name();
        let fails = |what: &str, reason: String| {
            Wrong::Fails(format!("revision {} ({}) on {dialect}, {what}{reason}", revision.id(), revision.file()))
        };

        if below != "base" {
            let reached = DB::go(connection, self.chain, plan::Direction::Upgrade, below).await;
            reached.map_err(|error| fails("before it: those below it don't run: ", error.to_string()))?;
        }
        let before = self
            .look::<DB>(connection, trip.before.clone(), None)
            .await
            .map_err(|reason| fails("before it: ", reason))?;
        let effects = self.effects(DB::CORE);
        let reach = Reach::of(&effects, &trip, &before.stored);
        let mut notes = rows::write::<DB>(connection, &before.stored, &reach, filling).await;
        let rows = Rows::read::<DB>(connection, &before.stored, &reach).await;
        notes.extend(effects.unjudged().filter(|_| !rows.is_empty()));

        if let Err(error) = DB::go(connection, self.chain, plan::Direction::Upgrade, revision.id()).await {
            return Err(match filling {
                Filling::None => fails("the upgrade fails: ", error.to_string()),
                _ => Wrong::Refused(error.to_string()),
            });
        }
        let between = self
            .look::<DB>(connection, trip.up, Some(&before))
            .await
            .map_err(|reason| fails("after the upgrade: ", reason))?;
        is_same(&between.new_since(&before))
            .map_err(|lines| fails("after the upgrade the database is not what the chain says:", lines))?;
        let schemas = ((&before.said, &before.stored), (&between.said, &between.stored));

        let work = revision.work(plan::Direction::Downgrade);
        if let Some(reason) = work.irreversible(DB::DIALECT) {
            let lost = rows.lost::<DB>(connection, schemas.0, schemas.1, &between.stored, &effects).await;
            is_kept(&lost).map_err(|lines| fails("rows are lost that were there before the upgrade:", lines))?;
            notes.push(format!("proved upwards only, for there is no way back: {reason}"));
            return Ok(notes);
        }

        let undone = DB::go(connection, self.chain, plan::Direction::Downgrade, below).await;
        undone.map_err(|error| fails("the downgrade fails: ", error.to_string()))?;
        let may_differ = self.may_differ(DB::CORE);
        let expected = if may_differ { trip.down } else { trip.before };
        let after = self
            .look::<DB>(connection, expected, Some(&before))
            .await
            .map_err(|reason| fails("after the downgrade: ", reason))?;
        is_undone(&after, &before, may_differ)
            .map_err(|lines| fails("after the downgrade the database is not what it was before the upgrade:", lines))?;
        let lost = rows.lost::<DB>(connection, schemas.0, schemas.1, &after.stored, &effects).await;
        is_kept(&lost).map_err(|lines| {
            fails("rows are lost that were there before the upgrade, and were not dropped by it, after upgrade and downgrade:", lines)
        })?;

        let again = DB::go(connection, self.chain, plan::Direction::Upgrade, revision.id()).await;
        again.map_err(|error| fails("the upgrade fails after the downgrade: ", error.to_string()))?;
        let again = self
            .look::<DB>(connection, trip.again, Some(&between))
            .await
            .map_err(|reason| fails("after all: ", reason))?;
        is_same(&again.new_since(&between)).map_err(|lines| {
            fails("after upgrade, downgrade and upgrade the database is not what the chain says:", lines)
        })?;
        Ok(notes)
    }

    /// Whether the author has allowed the downgrade to lead to another schema than there was: then that is what is looked for.
    fn may_differ(&self, dialect: Dialect) -> bool {
        let is_allowed = |section: &Section| section.allows.iter().any(|allow| allow.code == Code::NotRestored);
        self.sections(dialect).any(|section| section.direction == Direction::Downgrade && is_allowed(section))
    }

    async fn look<DB: Driver>(
        &self,
        connection: &mut DB::Connection,
        said: Schema,
        seen: Option<&Seen>,
    ) -> Result<Seen, String> {
        look::look::<DB>(connection, self.files, said, seen).await
    }

    fn sections(&self, dialect: Dialect) -> impl Iterator<Item = &Section> {
        let sections = self.files.revision(self.position).map(|revision| revision.sections.as_slice());
        sections.unwrap_or_default().iter().filter(move |section| section.dialects.contains(dialect))
    }

    fn effects(&self, dialect: Dialect) -> Effects {
        let revision = self.files.revision(self.position);
        revision.map(|revision| Effects::of(&self.files.sources, revision, dialect)).unwrap_or_default()
    }
}

fn is_same(differences: &[Difference]) -> Result<(), String> {
    if differences.is_empty() { Ok(()) } else { Err(look::lines(differences)) }
}

/// After the downgrade: what was there before is there, and nothing else; or what the author allows instead.
fn is_undone(after: &Seen, before: &Seen, may_differ: bool) -> Result<(), String> {
    if may_differ {
        return is_same(&after.new_since(before));
    }
    let mut differences = after.new_since(before);
    for difference in after.not_restored(before) {
        if !differences.contains(&difference) {
            differences.push(difference);
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(look::lines_of_then(&differences)) }
}

fn is_kept(lost: &[String]) -> Result<(), String> {
    if lost.is_empty() {
        return Ok(());
    }
    Err(lost.iter().map(|line| format!("\n  {line}")).collect())
}
