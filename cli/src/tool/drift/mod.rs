//! The live database next to what the chain says of the revision where it stands. What is the same, in whatever words, and what of
//! the rest is nobody's alarm, decides `compare_live`.

pub(super) mod sight;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::ArgMatches;
use revchain::{EditedRevision, Migrations};
use revchain_autogenerate::{Renames, Written, prove, sections, write};
use revchain_core::{Dialect, Sources, VerifiedChain};
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::write::Writer;
use revchain_schema::{Changed, Comparison, Difference, Object, Schema, admit, compare_live, namespaces, reworded};

use super::chosen::Chosen;
use super::embed::embed;
use super::peers;
use super::reading::id;
use super::reflected::Live;
use super::replayed::{Unknown, unknown};
use crate::BoxError;
use crate::failure::Worded;
use crate::lines::counted;
use crate::output::place;
use crate::verbs::warn_of_password;

/// A database and the chain.
pub(super) struct Drift {
    /// The SQLite file, where it is not there: a database at base.
    missing: Option<String>,
    /// Without its password.
    pub(super) url: String,
    pub(super) dialect: Dialect,
    /// Where the database stands; nothing is the base.
    revision: Option<String>,
    head: Option<String>,
    /// How many revisions it is behind.
    pending: usize,
    /// A step that somebody is at, or was.
    under_way: Option<String>,
    /// The applied revisions that were something else then.
    edited: Vec<EditedRevision>,
    /// The chain there, whole.
    replay: Schema,
    /// The same, and the database, as far as `[objects]` goes.
    said: Schema,
    stored: Schema,
    comparison: Comparison,
    /// Indexes of the database's that were begun and never finished: what PostgreSQL calls INVALID.
    invalid: BTreeSet<(ObjectName, String)>,
    /// What nobody understood of the chain so far.
    unknown: Vec<Unknown>,
    revisions: Vec<String>,
}

impl Drift {
    /// Opens the database that the command line means, and compares it.
    fn of(
        chosen: &Chosen,
        matches: &ArgMatches,
        (sources, chain): (&Sources, &VerifiedChain),
    ) -> Result<Drift, BoxError> {
        let migrations = embed(sources, chain, &chosen.directory.shown);
        let mut live = Live::at(&chosen.url(migrations, matches)?)?;
        let (dialect, url) = (live.dialect(), live.url().to_owned());
        served(dialect, chain)?;
        let missing = live.missing();
        let current = live.current(migrations)?;
        let under_way = live.under_way(migrations)?;
        let edited = live.edited(migrations)?;
        let config = chain.config();
        let revisions: Vec<String> = chain.revisions().iter().map(|revision| id(revision).to_owned()).collect();
        let last = current.id().and_then(|current| revisions.iter().position(|id| id == current));
        let replay = revchain_schema::replay(sources, chain, dialect, last);
        let mut said = replay.clone();
        admit(&mut said, &config.objects);
        let mut stored = live.schema(config, &namespaces(&said))?;
        peers::leave_out(&mut stored, &replay);
        let sight = live.sight()?;
        let comparison = compare_live(&said, &stored, |difference| sight.lacks(difference));
        let invalid = validated(&mut stored);
        let unknown = unknown(sources, chain, &[&said]);
        Ok(Drift {
            missing,
            url,
            dialect,
            revision: current.id().map(str::to_owned),
            head: head(migrations),
            pending: current.pending(),
            under_way,
            edited,
            replay,
            said,
            stored,
            comparison,
            invalid,
            unknown,
            revisions,
        })
    }

    /// The same, of a database that has to be there: a name that is mistyped is no clean bill.
    pub(super) fn there(chosen: &Chosen, matches: &ArgMatches) -> Result<Drift, BoxError> {
        warn(matches);
        let (sources, chain) = chosen.directory.verified()?;
        let drift = Drift::of(chosen, matches, (&sources, &chain))?;
        let Some(path) = &drift.missing else { return Ok(drift) };
        let text = format!("there is no database to look at: `{path}` does not exist");
        Err(Worded { kind: "missing-file", text, database: Some(drift.url) }.into())
    }

    /// The same, of a database that has to be at head.
    pub(super) fn at_head(
        chosen: &Chosen,
        matches: &ArgMatches,
        of: (&Sources, &VerifiedChain),
    ) -> Result<Drift, BoxError> {
        warn(matches);
        let drift = Drift::of(chosen, matches, of)?;
        if drift.pending == 0 {
            return Ok(drift);
        }
        let text = format!(
            // Alembic's sentence.
            "Target database is not up to date.\n  it is at {}, {} behind the head {}; no revision was written\n  \
             database: {}\n  help: `revchain upgrade head` brings it there",
            place(drift.revision.as_deref()),
            counted(drift.pending as u64, "revision"),
            place(drift.head.as_deref()),
            drift.url
        );
        Err(Worded { kind: "not-up-to-date", text, database: Some(drift.url) }.into())
    }

    /// What differs for certain, of a database that was stamped, and where it stands: nothing while somebody is at a step.
    pub(super) fn of_stamped(
        chosen: &Chosen,
        matches: &ArgMatches,
        of: (&Sources, &VerifiedChain),
    ) -> Result<(String, Vec<Difference>), BoxError> {
        let drift = Drift::of(chosen, matches, of)?;
        let differences = if drift.under_way.is_some() { Vec::new() } else { drift.comparison.differences };
        Ok((place(drift.revision.as_deref()).to_owned(), differences))
    }

    pub(super) fn is_clean(&self) -> bool {
        self.comparison.differences.is_empty()
    }

    /// What the database holds, in the chain's words where it is the same.
    pub(super) fn have(&self) -> Schema {
        reworded(&self.replay, &self.stored, &self.comparison)
    }

    /// What the chain leads to where the database stands.
    pub(super) const fn at_revision(&self) -> &Schema {
        &self.replay
    }

    /// Which revision made a table.
    fn made_by(&self, table: &ObjectName) -> Option<&str> {
        let table = self.said.tables.get(table)?;
        self.revisions.get(table.place.revision).map(String::as_str)
    }

    /// The statement that builds an index again, where it is INVALID.
    fn rebuilt(&self, object: &Object) -> Option<String> {
        let Object::Index(table, name) = object else { return None };
        if !self.invalid.contains(&(table.clone(), name.clone())) {
            return None;
        }
        let index = ObjectName { schema: table.schema.clone(), name: Name::new(name, self.dialect) };
        Some(format!("REINDEX INDEX CONCURRENTLY {}", Writer::of(&self.stored).object(&index)))
    }

    /// The statements that make the database what the chain says.
    pub(super) fn way_back(&self) -> Result<String, BoxError> {
        let at = place(self.revision.as_deref());
        let mut text = format!(
            "-- From what {} holds to what the chain says at {at}.\n-- Read it before it runs: what the chain does not \
             know is dropped.\n",
            self.url.replace('\n', " ")
        );
        for difference in &self.comparison.differences {
            // One that the chain doesn't know is dropped below.
            if let (true, Some(statement)) = (difference.change != Changed::Extra, self.rebuilt(&difference.object)) {
                text.push_str(&format!(
                    "\n-- It is INVALID, and built again; not inside a transaction.\n{statement};\n"
                ));
            }
        }
        let have = self.have();
        let script = write(&have, &self.replay, &Renames::default());
        let proof = prove(&have, &script, &self.replay);
        if !proof.holds() && script.omitted.is_empty() {
            let problems: Vec<String> =
                proof.problems.iter().map(|problem| format!("\n  {}", problem.message)).collect();
            return Err(format!("no statements can be written that would lead there{}", problems.concat()).into());
        }
        if script.steps.is_empty() && script.omitted.is_empty() {
            return Ok(text);
        }
        let is_rebuild = script.is_rebuild;
        let written = Written { dialect: self.dialect, upgrade: script, downgrade: Default::default() };
        let body = sections(&[written], 1);
        let body = body.split("\n-- @downgrade").next().unwrap_or_default();
        // Behind the marker.
        let body = body.trim_start().split_once('\n').map_or("", |(_, body)| body);
        text.push_str(&match is_rebuild {
            true => format!("\nPRAGMA foreign_keys = OFF;\nBEGIN;\n{body}PRAGMA foreign_key_check;\nCOMMIT;\n"),
            false => format!("\n{body}"),
        });
        Ok(text)
    }
}

/// Takes the mark from what is INVALID, which is no word of SQL; and says what had it.
fn validated(stored: &mut Schema) -> BTreeSet<(ObjectName, String)> {
    let is_marked = |options: &[String]| options.iter().any(|option| option == INVALID);
    let marked: Vec<ObjectName> = stored
        .tables
        .iter()
        .filter(|(_, table)| table.indexes.iter().any(|index| is_marked(&index.options)))
        .map(|(name, _)| name.clone())
        .collect();
    let mut invalid = BTreeSet::new();
    for name in marked {
        let Some(table) = stored.tables.get_mut(&name) else { continue };
        for index in Arc::make_mut(table).indexes.iter_mut().filter(|index| is_marked(&index.options)) {
            index.options.retain(|option| option != INVALID);
            invalid.extend(index.name.as_ref().map(|index| (name.clone(), index.as_str().to_owned())));
        }
    }
    invalid
}

/// What reflection calls an index that serves no query.
const INVALID: &str = "invalid";

fn warn(matches: &ArgMatches) {
    if !matches.get_flag("quiet") {
        warn_of_password(matches.get_one::<String>("url").map(String::as_str));
    }
}

fn head(migrations: &Migrations) -> Option<String> {
    migrations.head().map(|revision| revision.id().to_owned())
}

fn served(dialect: Dialect, chain: &VerifiedChain) -> Result<(), BoxError> {
    let served = chain.config().dialects;
    if served.contains(dialect) {
        return Ok(());
    }
    let text = format!("the chain is not made for {dialect}: `dialects` in revchain.toml has {served}");
    Err(Worded { kind: "dialect-not-served", text, database: None }.into())
}
