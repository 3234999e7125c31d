//! The chain's files, read and verified once by each process. The program has the chain; only the files tell what it makes of a schema.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use revchain_core::revision::RevisionFile;
use revchain_core::{Dialect, Sources, VerifiedChain, chain, load, lower, render};
use revchain_schema::{Schema, Trip, admit, trips};

use crate::chain::Migrations;

/// A migrations directory.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) sources: Sources,
    pub(super) chain: VerifiedChain,
    /// Of each revision its id and checksum, as a program has them: lowering a long chain takes a while.
    revisions: Vec<(String, u128)>,
    /// What the replay makes of each revision, by dialect: all of them at once, for each takes up where the one below it ends.
    trips: [OnceLock<Vec<Trip>>; 3],
}

/// The files that a chain was embedded from; in words, why they can't be had.
pub(super) fn of(chain: &Migrations, package: &str, directory: &str) -> Result<Arc<Files>, String> {
    static READ: Mutex<BTreeMap<PathBuf, Arc<Files>>> = Mutex::new(BTreeMap::new());
    let path = find(package, directory);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let files = match read.get(&path) {
        Some(files) => Arc::clone(files),
        None => {
            let files = Arc::new(Files::read(&path, directory)?);
            read.insert(path, Arc::clone(&files));
            files
        }
    };
    drop(read);
    files.are_of(chain, directory)?;
    Ok(files)
}

/// Where the directory is: the tests may run on another machine than the one that built them.
fn find(package: &str, directory: &str) -> PathBuf {
    let there = Path::new(package).join(directory);
    match std::env::var_os("CARGO_MANIFEST_DIR").map(|package| Path::new(&package).join(directory)) {
        Some(here) if !there.is_dir() => here,
        _ => there,
    }
}

impl Files {
    fn read(path: &Path, directory: &str) -> Result<Files, String> {
        let sources = load::load(path, directory);
        let (chain, findings) = chain::verify(&sources);
        match chain {
            Some(chain) => {
                let lowered = lower::lower(&sources, &chain).revisions;
                let revisions = lowered.into_iter().map(|revision| (revision.id, revision.checksum)).collect();
                Ok(Files { sources, chain, revisions, trips: Default::default() })
            }
            None => {
                let findings: Vec<String> =
                    findings.into_iter().map(|finding| render::render(&sources, &finding, false)).collect();
                Err(format!("{} has faults:\n{}", path.display(), findings.join("\n")))
            }
        }
    }

    /// Whether they are what the chain was embedded from.
    fn are_of(&self, chain: &Migrations, directory: &str) -> Result<(), String> {
        let embedded = chain.revisions().map(|revision| (revision.id(), revision.checksum()));
        if embedded.eq(self.revisions.iter().map(|(id, checksum)| (id.as_str(), *checksum))) {
            return Ok(());
        }
        let from = chain.head().map_or("nothing", |revision| revision.file());
        Err(format!(
            "`{directory}` is not what the chain was embedded from ({} revisions there, {} in the chain, the last of which is {from})\n  \
             help: `prove!(MIGRATIONS, migrations = \"…\")` names the directory; where it was edited just now, build again",
            self.revisions.len(),
            chain.len(),
        ))
    }

    /// What a revision leads to, as far as `[objects]` goes.
    pub(super) fn trip(&self, dialect: Dialect, position: usize) -> Option<Trip> {
        let mut trip = self.trips(dialect).get(position)?.clone();
        let objects = &self.chain.config().objects;
        [&mut trip.before, &mut trip.up, &mut trip.down, &mut trip.again]
            .into_iter()
            .for_each(|schema| admit(schema, objects));
        Some(trip)
    }

    /// What the chain leads to.
    pub(super) fn head(&self, dialect: Dialect) -> Schema {
        let mut head = self.trips(dialect).last().map_or_else(|| Schema::empty(dialect), |trip| trip.up.clone());
        admit(&mut head, &self.chain.config().objects);
        head
    }

    fn trips(&self, dialect: Dialect) -> &[Trip] {
        self.trips[dialect as usize].get_or_init(|| trips(&self.sources, &self.chain, dialect))
    }

    pub(super) fn revision(&self, position: usize) -> Option<&RevisionFile> {
        self.chain.revisions().get(position)
    }
}
