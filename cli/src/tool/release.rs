//! `release`: freezes the chain as it is, in `revchain.lock`. From then on the build refuses whatever would have a released
//! revision do something else than what databases have run. `--amend` is for an edit that no database has met.

use std::fmt::Write as _;
use std::process::ExitCode;

use revchain_core::lock::Released;
use revchain_core::revision::{Id, RevisionFile};
use revchain_core::{Sources, chain, checksum};
use serde_json::{Value, json};

use super::command::Release;
use super::directory::{Directory, Faulty};
use super::lock::{read, shown, without, write};
use super::reading::{Reading, id};
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::print;
use crate::terminal::say;

pub(super) fn run(directory: &Directory, words: &Release, json: bool) -> Result<ExitCode, BoxError> {
    if !words.amend.is_empty() {
        return amend(directory, &words.amend, json);
    }
    let sources = directory.sources();
    // Warnings are left to `verify`: one of them is about the order, which is written here.
    let (chain, findings) = revchain_schema::verify(&sources);
    let faulty = || Faulty::new(directory, &sources, &findings).so("nothing was released");
    let chain = chain.ok_or_else(faulty)?;
    let mut lock = read(directory, &sources)?;
    let new: Vec<&RevisionFile> = chain.revisions().iter().filter(|one| lock.released(id(one)).is_none()).collect();
    if words.check {
        print(&told(&sources, &new, "unreleased", json))?;
        return Ok(if new.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    lock.released.extend(new.iter().filter_map(|revision| frozen(&sources, revision)));
    write(directory, &sources, &lock, &chain)?;
    print(&told(&sources, &new, "released", json))?;
    if !json {
        let all = counted(chain.revisions().len() as u64, "revision");
        say(&match new.is_empty() {
            true => format!("`{}` has {all}, and nothing new.\n", shown(directory)),
            false => format!("`{}` has {all} frozen.\n", shown(directory)),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes released revisions as they are now, and no other change.
fn amend(directory: &Directory, words: &[String], json: bool) -> Result<ExitCode, BoxError> {
    let sources = directory.sources();
    let reading = Reading::of(&sources);
    let mut lock = read(directory, &sources)?;
    let mut amended = Vec::new();
    for word in words {
        let revision = reading.find(word)?;
        let name = id(revision);
        let Some(known) = lock.released.iter_mut().find(|released| released.id.text == name) else {
            return Err(format!("`{name}` has not been released: it may be changed as it is").into());
        };
        if checksum::is_of_revision(&sources, revision, known.checksum) {
            return Err(format!("`{name}` does what it did when it was released: there is nothing to amend").into());
        }
        known.checksum = checksum::of_revision(&sources, revision);
        amended.push(revision);
    }
    let alone = without(&sources);
    let (chain, findings) = chain::verify(&alone);
    let Some(chain) = chain else { return Err(Faulty::new(directory, &alone, &findings).into()) };
    write(directory, &alone, &lock, &chain)?;
    print(&told(&sources, &amended, "amended", json))?;
    Ok(ExitCode::SUCCESS)
}

fn frozen(sources: &Sources, revision: &RevisionFile) -> Option<Released> {
    let Id { text, span } = revision.id.clone()?;
    Some(Released { id: Id { text, span }, checksum: checksum::of_revision(sources, revision) })
}

/// What was done, a line for each revision.
fn told(sources: &Sources, revisions: &[&RevisionFile], done: &str, json: bool) -> String {
    if json {
        let entry = |revision: &&RevisionFile| -> Value {
            json!({
                "revision": id(revision),
                "message": revision.message,
                "file": sources.file(revision.file).path,
                "checksum": format!("{:032x}", checksum::of_revision(sources, revision)),
            })
        };
        let revisions: Vec<Value> = revisions.iter().map(entry).collect();
        return object("release", json!({ "done": done, "revisions": revisions }));
    }
    let mut text = String::new();
    for revision in revisions {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", format!("{done} {}  {}", id(revision), revision.message).trim_end());
    }
    text
}
