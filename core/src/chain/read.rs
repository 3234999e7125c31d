//! Reading the revision files of a directory: each by itself, so several at once where there are many. Knows nothing of how they
//! hang together.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use crate::config::Config;
use crate::revision::RevisionFile;
use crate::{FileId, Findings, Sources, Span, check, parse};

/// Fewer files aren't worth a thread.
const ALONE: usize = 100;

/// More threads than that wait for each other's memory, in builds without optimisation.
const MOST: usize = 4;

/// What was read.
#[derive(Default)]
pub(super) struct Read {
    /// The revisions, in the order of the files.
    pub(super) revisions: Vec<RevisionFile>,
    /// The `@allow` lines that silenced something.
    pub(super) silenced: BTreeSet<Span>,
    /// What is wrong with each by itself.
    pub(super) findings: Findings,
}

/// Parses and checks these files.
pub(super) fn read(files: &[FileId], sources: &Sources, config: &Config) -> Read {
    let threads = match files.len() < ALONE {
        true => 1,
        false => thread::available_parallelism().map_or(1, NonZero::get).min(MOST),
    };
    let mut chunks = files.chunks(files.len().div_ceil(threads).max(1));
    let mine = chunks.next().unwrap_or_default();
    thread::scope(|scope| {
        let started: Vec<_> = chunks
            .map(|chunk| (chunk, thread::Builder::new().spawn_scoped(scope, || each(chunk, sources, config)).ok()))
            .collect();
        let mut all = each(mine, sources, config);
        for (chunk, thread) in started {
            all.append(match thread {
                Some(thread) => finish(thread),
                // The machine has no more threads.
                None => each(chunk, sources, config),
            });
        }
        all
    })
}

fn finish(thread: ScopedJoinHandle<'_, Read>) -> Read {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn each(files: &[FileId], sources: &Sources, config: &Config) -> Read {
    let mut read = Read { revisions: Vec::with_capacity(files.len()), ..Read::default() };
    for file in files {
        let revision = parse::parse(sources, *file, config, &mut read.findings);
        let silenced = check::check_statements(&revision.sections, sources, config.dialects, &mut read.findings);
        read.silenced.extend(silenced);
        read.revisions.push(revision);
    }
    read
}

impl Read {
    fn append(&mut self, mut other: Read) {
        self.revisions.append(&mut other.revisions);
        self.silenced.append(&mut other.silenced);
        self.findings.append(other.findings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    /// As many as several threads read, three of them faulty.
    #[test]
    fn many_are_read_as_one_is() {
        let mut sources = Sources::default();
        for number in 0..3 * ALONE {
            let statement = if matches!(number, 7 | 150 | 299) { "COMMIT;" } else { "SELECT 1;" };
            let text = format!(
                "-- revision: r{number}\n-- down_revision: base\n\n-- @upgrade\n-- @allow RC210: x\n{statement}\n-- @downgrade\n"
            );
            sources.add(format!("{number}.sql"), format!("versions/{number}.sql"), text.into());
        }
        let files: Vec<FileId> = sources.iter().map(|(file, _)| file).collect();
        let config = Config::default();
        let (many, one) = (read(&files, &sources, &config), each(&files, &sources, &config));
        let ids = |read: &Read| read.revisions.iter().map(|revision| revision.file).collect::<Vec<_>>();
        assert_eq!(ids(&many), files);
        let places = |read: &Read| read.findings.iter().map(|finding| finding.primary.clone()).collect::<Vec<_>>();
        assert_eq!(places(&many), places(&one));
        assert_eq!(many.findings.iter().filter(|finding| finding.code == Code::TransactionControl).count(), 3);
    }
}
