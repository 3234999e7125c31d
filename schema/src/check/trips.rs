//! Each revision there and back: the schemas on the way, for whoever walks it on a real database. Never a finding.

use revchain_core::revision::Direction;
use revchain_core::{Dialect, Sources, VerifiedChain};

use super::walk::Walk;
use crate::model::Schema;

/// A revision there, back, and there once more. What the steps have in common they share.
#[derive(Debug, Clone)]
pub struct Trip {
    /// Below the revision.
    pub before: Schema,
    /// With it.
    pub up: Schema,
    /// After its way back; with a revision that has none, as if its downgrade did nothing.
    pub down: Schema,
    /// After its upgrade was run again.
    pub again: Schema,
}

/// The trips of a chain's revisions on a dialect, from the base on. Linear in the statements: what one revision leads to, the next
/// one begins at.
pub fn trips(sources: &Sources, chain: &VerifiedChain, dialect: Dialect) -> Vec<Trip> {
    let mut walk = Walk::new(sources, chain, dialect, 0);
    let mut trips = Vec::with_capacity(chain.revisions().len());
    for (position, revision) in chain.revisions().iter().enumerate() {
        let step = |walk: &mut Walk<'_>, direction| {
            walk.run(position, revision, direction, None);
            walk.replay.clone().into_schema()
        };
        let before = walk.replay.clone().into_schema();
        let up = step(&mut walk, Direction::Upgrade);
        // The next revision is not to know of the way back: nobody has gone it.
        let ahead = walk.replay.clone();
        let down = step(&mut walk, Direction::Downgrade);
        let again = step(&mut walk, Direction::Upgrade);
        walk.replay = ahead;
        trips.push(Trip { before, up, down, again });
    }
    trips
}

#[cfg(test)]
mod tests {
    use revchain_core::chain;

    use super::*;
    use crate::replay_steps;

    /// Each trip is what its steps lead to: also where the way back says what nobody understands, and where it forgets something.
    #[test]
    fn a_trip_is_its_steps() {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", b"dialects = ['postgres']".to_vec());
        let revisions = [
            ("CREATE TABLE a (id int);", "DO $$ BEGIN EXECUTE 'CREATE INDEX i ON b (id)'; END $$;\nDROP TABLE a;"),
            ("CREATE TABLE b (id int);", "DROP TABLE b;"),
            ("CREATE INDEX i ON b (id);", "SELECT 1;"),
            ("CREATE INDEX IF NOT EXISTS i ON a (id);\nCREATE TABLE c (id int);", "DROP TABLE c;"),
        ];
        for (position, (up, down)) in revisions.iter().enumerate() {
            let below = position.checked_sub(1).map_or("base".to_owned(), |below| format!("r{below}"));
            let text = format!(
                "-- m\n-- revision: r{position}\n-- down_revision: {below}\n-- @upgrade\n{up}\n-- @downgrade\n{down}\n"
            );
            let path = format!("versions/r{position}.sql");
            sources.add(path.clone(), path, text.into_bytes());
        }
        let (chain, findings) = chain::verify(&sources);
        let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
        for (position, trip) in trips(&sources, &chain, Dialect::Postgres).into_iter().enumerate() {
            let mut steps: Vec<_> = (0..position).map(|at| (at, Direction::Upgrade)).collect();
            let mut is_of = |schema: &Schema, step: Option<Direction>| {
                steps.extend(step.map(|direction| (position, direction)));
                let expected = replay_steps(&sources, &chain, Dialect::Postgres, steps.iter().copied());
                assert!(*schema == expected, "{position}, after {step:?}: {schema:#?}\nis not {expected:#?}");
            };
            is_of(&trip.before, None);
            is_of(&trip.up, Some(Direction::Upgrade));
            is_of(&trip.down, Some(Direction::Downgrade));
            is_of(&trip.again, Some(Direction::Upgrade));
        }
    }
}
