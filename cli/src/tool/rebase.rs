//! `rebase`: what `alembic merge` is for, on a chain that stays linear. A revision, and with it all that follow it, is put
//! behind another one; its `down_revision` line is all that changes.

use std::process::ExitCode;

use revchain_core::config::listed;
use revchain_core::revision::RevisionFile;
use revchain_core::{Code, Findings, Severity, Sources, chain, load, lock};
use serde_json::json;

use super::command::Rebase;
use super::directory::{Directory, Faulty};
use super::lock::{list, without};
use super::reading::{Reading, down_id, id};
use super::replace::replace;
use crate::BoxError;
use crate::json::object;
use crate::output::print;
use crate::terminal::say;

pub(super) fn run(directory: &Directory, words: &Rebase, json: bool) -> Result<ExitCode, BoxError> {
    let sources = directory.sources();
    let reading = Reading::of(&sources);
    let revision = reading.find(&words.revision)?;
    let family = Family { revisions: &reading.revisions };
    let file = sources.file(revision.file);
    let Some(down) = &revision.down_revision else {
        return Err(format!("`{}` has no `down_revision` line that could be changed", file.path).into());
    };
    let onto = match &words.onto {
        Some(word) => id(reading.find(word)?),
        None => family.other_head(revision)?,
    };
    if down.id.as_deref() == Some(onto) {
        say(&format!("`{}` follows `{onto}` already.\n", id(revision)));
        if json {
            print(&as_json(revision, onto, &file.path))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if onto == id(revision) {
        return Err(format!("`{onto}` cannot follow itself; --onto names another revision").into());
    }
    if family.leads_to(onto, id(revision)) {
        return Err(
            format!("`{onto}` comes after `{0}`: if `{0}` followed it, they would be a circle", id(revision)).into()
        );
    }
    let lock = sources.find(load::LOCK);
    if lock.is_some_and(|file| lock::read(&sources, file, &mut Findings::default()).released(id(revision)).is_some()) {
        return Err(format!(
            "`{}` has been released: databases may have it behind `{}`, and must find it there",
            id(revision),
            down.id.as_deref().unwrap_or("base")
        )
        .into());
    }
    if file.valid_up_to.is_some() {
        return Err(format!("`{}` is not UTF-8; save it as UTF-8 first", file.path).into());
    }
    let (start, end) = (down.span.start as usize, down.span.end as usize);
    let text = format!("{}{onto}{}", &file.text[..start], &file.text[end..]);

    // The lock follows the chain, and may be torn: the chain is judged without it.
    let judged = |sources: &Sources| chain::verify(&without(sources)).1;
    let moved = sources.with(revision.file, Some(text.clone()));
    let (before, after) = (judged(&sources), judged(&moved));
    if !is_better(&before, &after) {
        let faulty = Faulty::new(directory, &moved, &after);
        return Err(faulty
            .so(&format!("that is what it would be with `{}` behind `{onto}`; nothing was changed", id(revision)))
            .into());
    }
    replace(&directory.path.join(&file.relative), &text)
        .map_err(|error| format!("`{}` cannot be written: {error}", file.path))?;
    print(&match json {
        true => as_json(revision, onto, &file.path),
        false => diff(&file.path, &file.text, &text, start),
    })?;
    // Only `revision` and `lock` begin a lock.
    let whole = match lock {
        Some(_) => list(directory).map(|_| ()),
        None => directory.verified().map(|_| ()).map_err(BoxError::from),
    };
    match whole.map_err(|error| error.downcast::<Faulty>()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Ok(faulty)) => {
            say(&format!("The chain is not whole yet, {}: `revchain verify` shows what.\n", faulty.summary()));
            Ok(ExitCode::SUCCESS)
        }
        Err(Err(other)) => Err(other),
    }
}

fn as_json(revision: &RevisionFile, onto: &str, file: &str) -> String {
    let from = down_id(revision);
    object("rebase", json!({ "revision": id(revision), "from": from, "down_revision": onto, "file": file }))
}

fn errors(findings: &Findings) -> impl Iterator<Item = Code> + '_ {
    findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.code)
}

/// Whether a change brought nothing new, and mended something: the whole, or one of several forks.
fn is_better(before: &Findings, after: &Findings) -> bool {
    let mut known: Vec<Code> = errors(before).collect();
    let is_new = errors(after).any(|code| match known.iter().position(|other| *other == code) {
        Some(at) => {
            known.swap_remove(at);
            false
        }
        None => true,
    });
    // Three followers that became two are still one finding, and its words are others.
    !is_new && (!after.has_errors() || before != after)
}

/// Who follows whom.
struct Family<'a> {
    revisions: &'a [RevisionFile],
}

impl<'a> Family<'a> {
    fn get(&self, id: &str) -> Option<&'a RevisionFile> {
        self.revisions.iter().find(|revision| super::reading::id(revision) == id)
    }

    /// Whether walking towards the base from one revision meets another, itself included.
    fn leads_to(&self, from: &str, to: &str) -> bool {
        let mut at = Some(from);
        // Bounded: the chain may be a circle.
        for _ in 0..=self.revisions.len() {
            match at {
                Some(id) if id == to => return true,
                Some(id) => at = self.get(id).and_then(down_id),
                None => return false,
            }
        }
        false
    }

    /// The revisions that follow the same thing, itself left out.
    fn rivals(&self, revision: &RevisionFile) -> Vec<&'a str> {
        let of_one = |other: &&RevisionFile| {
            other.file != revision.file && other.down_revision.is_some() && down_id(other) == down_id(revision)
        };
        self.revisions.iter().filter(of_one).map(id).collect()
    }

    /// Where a revision belongs when nobody says so: behind the other head.
    fn other_head(&self, revision: &RevisionFile) -> Result<&'a str, BoxError> {
        let own = id(revision);
        let is_lost = down_id(revision).is_some_and(|down| self.get(down).is_none());
        if self.rivals(revision).is_empty() && !is_lost {
            // The user may have named the tip of the branch.
            let mut at = revision;
            for _ in 0..self.revisions.len() {
                let Some(parent) = down_id(at).and_then(|down| self.get(down)) else { break };
                at = parent;
                if let Some(rival) = self.rivals(at).first() {
                    return Err(format!(
                        "`{own}` is where it belongs, behind `{}`; the two heads begin at `{}` and `{rival}`: write \
                         `revchain rebase {}`",
                        down_id(revision).unwrap_or("base"),
                        id(at),
                        id(at),
                    )
                    .into());
                }
            }
            return Err(format!(
                "`{own}` has its place, there is nothing to mend; --onto <revision> says where else to put it"
            )
            .into());
        }
        let is_head = |candidate: &&RevisionFile| {
            let name = id(candidate);
            !name.is_empty()
                && !self.revisions.iter().any(|other| down_id(other) == Some(name))
                && !self.leads_to(name, own)
        };
        let heads: Vec<&str> = self.revisions.iter().filter(is_head).map(id).collect();
        match heads.as_slice() {
            [one] => Ok(one),
            [] => {
                Err(format!("there is no other head that `{own}` could follow; say where it belongs with --onto")
                    .into())
            }
            several => Err(format!(
                "there are {} other heads, {}; say with --onto which of them `{own}` shall follow",
                several.len(),
                listed(several)
            )
            .into()),
        }
    }
}

/// The change of one line, as `diff -u` would show it without context.
fn diff(path: &str, old: &str, new: &str, at: usize) -> String {
    let number = old[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let line = |text: &str| {
        let line = text.lines().nth(number - 1).unwrap_or_default();
        line.trim_start_matches('\u{feff}').to_owned()
    };
    format!("--- {path}\n+++ {path}\n@@ -{number} +{number} @@\n-{}\n+{}\n", line(old), line(new))
}
