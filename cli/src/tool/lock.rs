//! `lock`: brings the order in `revchain.lock` up to date; and for the verbs that change the chain or what is frozen of it,
//! how the file is written. What it says, and how it is read, is `revchain-core`'s.

use std::process::ExitCode;

use revchain_core::lock::{self, Lock};
use revchain_core::{Findings, Sources, VerifiedChain, chain, load};
use serde_json::json;

use super::directory::{Directory, Faulty};
use super::reading::id;
use super::replace::replace;
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::print;

pub(super) fn run(directory: &Directory, json: bool) -> Result<ExitCode, BoxError> {
    let chain = list(directory)?;
    let revisions: Vec<&str> = chain.revisions().iter().map(id).collect();
    print(&match json {
        true => object("lock", json!({ "file": shown(directory), "revisions": revisions })),
        false => format!("{}: {}\n", shown(directory), counted(revisions.len() as u64, "revision")),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the chain's order down, where the chain is sound. What has been released stays.
pub(super) fn list(directory: &Directory) -> Result<VerifiedChain, BoxError> {
    let sources = directory.sources();
    let known = read(directory, &sources)?;
    list_alone(directory, &without(&sources), &known)
}

/// The same behind a change that was judged before it was made. What was judged is not judged again, where it is what is there.
pub(super) fn list_judged(directory: &Directory, (judged, chain): (&Sources, &VerifiedChain)) -> Result<(), BoxError> {
    let sources = directory.sources();
    let known = read(directory, &sources)?;
    let alone = without(&sources);
    match alone.is_same(&without(judged)) {
        true => write(directory, judged, &known, chain),
        false => list_alone(directory, &alone, &known),
    }
    .map(|_| ())
}

/// What is wrong with the order is what this mends: the rest is judged without it.
fn list_alone(directory: &Directory, alone: &Sources, known: &Lock) -> Result<VerifiedChain, BoxError> {
    let (chain, findings) = chain::verify(alone);
    let Some(chain) = chain else { return Err(Faulty::new(directory, alone, &findings).into()) };
    write(directory, alone, known, &chain)
}

/// What the file says. Refuses one with a line that says nothing: to write it anew would lose what the line was.
pub(super) fn read(directory: &Directory, sources: &Sources) -> Result<Lock, BoxError> {
    let mut faults = Findings::default();
    let file = sources.find(load::LOCK);
    let lock = file.map_or_else(Lock::default, |file| lock::read(sources, file, &mut faults));
    match faults.has_errors() {
        true => Err(Faulty::new(directory, sources, &faults).into()),
        false => Ok(lock),
    }
}

/// The directory without its lock: for who judges the chain that a lock will follow.
pub(super) fn without(sources: &Sources) -> Sources {
    sources.find(load::LOCK).map_or_else(|| sources.clone(), |file| sources.with(file, None))
}

/// Writes a lock file that holds for a chain, and only such a one. The sources are those that the chain was verified of.
pub(super) fn write(
    directory: &Directory,
    sources: &Sources,
    lock: &Lock,
    chain: &VerifiedChain,
) -> Result<VerifiedChain, BoxError> {
    let text = lock.text(chain.revisions().iter().map(id));
    let (imagined, file) = match sources.find(load::LOCK) {
        Some(file) => (sources.with(file, Some(text.clone())), file),
        None => {
            let mut imagined = sources.clone();
            let file = imagined.add(shown(directory), load::LOCK, text.clone().into_bytes());
            (imagined, file)
        }
    };
    let (chain, findings) = chain.under(&imagined, file);
    let Some(chain) = chain else { return Err(Faulty::new(directory, &imagined, &findings).into()) };
    replace(&directory.path.join(load::LOCK), &text)
        .map_err(|error| format!("`{}` cannot be written: {error}", shown(directory)))?;
    Ok(chain)
}

/// How messages name the file.
pub(super) fn shown(directory: &Directory) -> String {
    format!("{}/{}", directory.shown, load::LOCK)
}
