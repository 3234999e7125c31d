//! The revisions of a directory as far as they can be read, sound or not: for verbs that mend.

use revchain_core::config::{self, Config};
use revchain_core::revision::{RESERVED_IDS, RevisionFile};
use revchain_core::{Findings, Sources, load, parse};

use crate::BoxError;

/// What stands in the files. Findings are `chain::verify`'s to report.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) revisions: Vec<RevisionFile>,
}

impl Reading {
    pub(super) fn of(sources: &Sources) -> Reading {
        let mut ignored = Findings::default();
        let mut config = Config::default();
        let mut revisions = Vec::new();
        // The settings come first in `Sources`.
        for (id, file) in sources.iter() {
            match file.relative.as_str() {
                load::CONFIG => config = config::read(sources, id, &mut ignored),
                load::LOCK => {}
                _ => revisions.push(parse::parse(sources, id, &config, &mut ignored)),
            }
        }
        Reading { revisions }
    }

    /// The revision with this id, or whose id alone begins so.
    pub(super) fn find(&self, word: &str) -> Result<&RevisionFile, BoxError> {
        let exact: Vec<_> = self.revisions.iter().filter(|revision| id(revision) == word).collect();
        let like = || self.revisions.iter().filter(|revision| !word.is_empty() && id(revision).starts_with(word));
        let found = if exact.is_empty() { like().collect() } else { exact };
        match found.as_slice() {
            [one] => Ok(one),
            [] if is_relative(word) => {
                Err(format!("`{word}` is a word of targets: here an id is needed, or the start of one").into())
            }
            [] => Err(format!(
                "no revision is called `{word}`{}",
                match revchain_core::suggest::nearest(word, self.revisions.iter().map(id)) {
                    Some(like) => format!("; did you mean `{like}`?"),
                    None => String::new(),
                }
            )
            .into()),
            [first, .., last] if id(first) == id(last) => {
                Err(format!("revision `{}` exists twice: give one of them another id first", id(first)).into())
            }
            several => {
                let ids: Vec<String> = several.iter().map(|revision| format!("`{}`", id(revision))).collect();
                Err(format!("several revisions begin with `{word}`: {}", ids.join(", ")).into())
            }
        }
    }
}

/// Whether a word says something only where a chain is whole.
fn is_relative(word: &str) -> bool {
    let name = word.split(['+', '-']).next().unwrap_or_default();
    name.len() < word.len() || RESERVED_IDS.contains(&name)
}

/// The id, empty where a file does not say.
pub(super) fn id(revision: &RevisionFile) -> &str {
    revision.id.as_ref().map_or("", |id| id.text.as_str())
}

/// The id of what it follows; `None` for the base and where a file does not say.
pub(super) fn down_id(revision: &RevisionFile) -> Option<&str> {
    revision.down_revision.as_ref().and_then(|down| down.id.as_deref())
}
