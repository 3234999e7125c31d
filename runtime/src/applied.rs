//! What was applied, as the journal remembers it, beside what the chain says now: which revisions have been edited since.
//! Never talks to a database, and never says what is to be done about it.

use std::collections::HashMap;
use std::fmt;

use crate::chain::Migrations;
use crate::connect::Texts;
use crate::dialect::Dialect;
use crate::journal::{CLAIMED, STAMP};

/// A revision that was applied to a database, and what its upgrade runs there has been edited since.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EditedRevision {
    /// The revision.
    pub id: &'static str,
    /// Its file, relative to the crate that embeds it.
    pub file: &'static str,
    /// Who applied it, as they told the journal.
    pub who: String,
    /// When, by the database's clock.
    pub when: String,
}

impl fmt::Display for EditedRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EditedRevision { id, file, who, when } = self;
        write!(f, "revision `{id}` ({file}), applied {when} by {who}")
    }
}

/// Whether none of the rows is of a step that is under way.
pub(crate) fn is_free(rows: &Texts) -> bool {
    !rows.iter().any(|row| row.get(1).is_some_and(|direction| direction.as_deref() == Some(CLAIMED)))
}

/// What was noted last of a revision.
struct Applied {
    checksum: String,
    who: String,
    when: String,
}

/// The revisions up to a level that were something else when they were applied. `rows` are those of
/// [`Journal::read_last`](crate::journal::Journal::read_last). Of what was not noted nobody knows: it was applied by
/// Alembic, by a script, or before somebody said `stamp`.
pub(crate) fn edited(chain: &Migrations, level: usize, dialect: Dialect, rows: Texts) -> Vec<EditedRevision> {
    let mut last: HashMap<String, Applied> = HashMap::new();
    for row in rows {
        let mut row = row.into_iter();
        let mut text = || row.next().flatten();
        let (Some(revision), Some(direction)) = (text(), text()) else { continue };
        match (direction.as_str(), text()) {
            (STAMP, _) => last.clear(),
            (CLAIMED, _) => {}
            ("upgrade", Some(checksum)) => {
                let (who, when) = (text().unwrap_or_default(), text().unwrap_or_default());
                last.insert(revision, Applied { checksum, who, when });
            }
            _ => drop(last.remove(&revision)),
        }
    }
    if last.is_empty() {
        return Vec::new();
    }
    let applied = chain.revisions().take(level).filter_map(|revision| {
        let then = last.remove(revision.id())?;
        let now = revision.upgrade_checksum(dialect)?;
        let Applied { checksum, who, when } = then;
        (checksum != now).then(|| EditedRevision { id: revision.id(), file: revision.file(), who, when })
    });
    applied.collect()
}
