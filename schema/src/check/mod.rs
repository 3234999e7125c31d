//! The chain under replay: every revision up, and down again, on every dialect. What is found becomes findings here; what is
//! wrong with a change `replay` says, what differs `compare`.

mod commit;
mod dialects;
mod first_word;
mod flavour;
mod forms;
mod grammar;
mod hits;
mod idle;
mod restore;
mod semicolon;
mod slips;
mod split;
mod table;
#[cfg(test)]
mod tests;
mod trips;
mod unjudged;
mod walk;
mod words;

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use revchain_core::revision::Direction;
use revchain_core::{Dialect, Findings, Sources, VerifiedChain, chain};

use crate::model::Schema;

pub use trips::{Trip, trips};
pub use unjudged::{Unjudged, unjudged};

use hits::{Hits, Said};
use walk::{ChangedTable, Walk};

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
/// Reports RC033, RC209, RC210, RC301 to RC325, and the hazards RC401 to RC489. Linear in the statements; of the tables only those are
/// copied that change. The dialects know nothing of each other: each but the first has a thread of its own.
pub fn check(sources: &Sources, chain: &VerifiedChain) -> Findings {
    check_and_lead(sources, chain).0
}

/// As [`check`], with the schemas that the chain leads to, one for each dialect.
pub fn check_and_lead(sources: &Sources, chain: &VerifiedChain) -> (Findings, Vec<Schema>) {
    let configured = chain.config().dialects;
    let mut hits = Hits::new(configured);
    let mut walked = walk(sources, chain);
    for (dialect, past) in configured.iter().zip(&mut walked) {
        hits.take(std::mem::take(&mut past.said), dialect);
    }
    let mut known = dialects::Known::default();
    for (position, revision) in chain.revisions().iter().enumerate() {
        let states: Vec<dialects::State<'_>> = configured
            .iter()
            .zip(&walked)
            .filter_map(|(dialect, past)| {
                let Made { changed, is_known, has_failed } = past.made.get(position)?;
                Some(dialects::State { dialect, changed, is_known: *is_known, has_failed: *has_failed })
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
    (findings, walked.into_iter().filter_map(|walked| walked.schema).collect())
}

/// What a walk on one dialect leaves.
#[derive(Default)]
struct Walked {
    said: Said,
    /// What each revision made; where there is another dialect to compare it with.
    made: Vec<Made>,
    /// Whether everything in it could be read.
    is_all_known: bool,
    /// What it leads to.
    schema: Option<Schema>,
}

/// What a revision made of a dialect's tables.
struct Made {
    /// The tables that it changed.
    changed: Vec<ChangedTable>,
    /// Whether nothing may have changed them by then that nobody understood.
    is_known: bool,
    /// Whether something in its upgrade can't work.
    has_failed: bool,
}

/// Walks the chain on each dialect.
fn walk(sources: &Sources, chain: &VerifiedChain) -> Vec<Walked> {
    let configured = chain.config().dialects;
    let is_compared = configured.iter().count() > 1;
    let one = |dialect: Dialect| {
        let mut walk = Walk::new(sources, chain, dialect, chain.released());
        let mut walked = Walked::default();
        for (position, revision) in chain.revisions().iter().enumerate() {
            let (changed, has_failed) = walk.revision(position, revision, &mut walked.said);
            if is_compared {
                walked.made.push(Made { changed, is_known: walk.replay.schema.unknown.is_empty(), has_failed });
            }
        }
        walked.is_all_known = walk.replay.is_all_known();
        walked.schema = Some(walk.replay.into_schema());
        walked
    };
    // Not worth a thread.
    if chain.revisions().len() < ALONE {
        return configured.iter().map(one).collect();
    }
    thread::scope(|scope| {
        let one = &one;
        // The first is this thread's: it would only wait.
        let started: Vec<_> = configured
            .iter()
            .skip(1)
            .map(|dialect| (dialect, thread::Builder::new().spawn_scoped(scope, move || one(dialect)).ok()))
            .collect();
        let mut walked: Vec<Walked> = configured.iter().take(1).map(one).collect();
        let finish = |(dialect, thread): (Dialect, Option<ScopedJoinHandle<'_, Walked>>)| match thread {
            Some(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // The machine has no more threads.
            None => one(dialect),
        };
        walked.extend(started.into_iter().map(finish));
        walked
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
