//! Lowering: a [`VerifiedChain`] becomes plain data that a door can write down, as tokens or as values. Statement
//! boundaries, batches and checksums are settled here, so that the runtime settles nothing. Comments between
//! statements and the text of other dialects stay behind.

use crate::chain::VerifiedChain;
use std::time::Duration;

use crate::config::{Edited, NamedDatabase, Transaction};
use crate::revision::{Direction, Language, Mode, RevisionFile, Section};
use crate::{Dialect, Sources, checksum};

/// A chain, ready to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Whether the chain serves `[postgres, mysql, sqlite]`.
    pub dialects: [bool; 3],
    /// The version table's name.
    pub version_table: String,
    /// The version table's schema.
    pub version_table_schema: Option<String>,
    /// Where a run commits.
    pub transaction: Option<Transaction>,
    /// What a run does about applied revisions that have been edited since.
    pub edited: Edited,
    /// The database where nothing else names one, with `${NAME}` for environment variables.
    pub url: Option<String>,
    /// How long a statement may wait for a lock; zero is without end.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may take; zero is without end.
    pub statement_timeout: Option<Duration>,
    /// The databases that `--name` chooses.
    pub databases: Vec<NamedDatabase>,
    /// The revisions, from base to head.
    pub revisions: Vec<Revision>,
    /// Every different script, once. [`Script::Batches`] points here.
    pub scripts: Vec<Vec<Batch>>,
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The id.
    pub id: String,
    /// What it follows.
    pub down_revision: Option<String>,
    /// The message.
    pub message: String,
    /// The `created` key.
    pub created: Option<String>,
    /// The file, relative to the migrations directory.
    pub file: String,
    /// The digest of its tokens.
    pub checksum: u128,
    /// The digest of what its upgrade runs on each of `[postgres, mysql, sqlite]`: see [`checksum::of_upgrade`].
    pub upgrade_checksums: [Option<u64>; 3],
    /// Towards head.
    pub upgrade: Work,
    /// Towards base.
    pub downgrade: Work,
}

/// What a revision does in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// SQL, for each of `[postgres, mysql, sqlite]`.
    Sql([Script; 3]),
    /// A function of the `.rs` file.
    Rust,
    /// There is no way back on any dialect.
    Irreversible(String),
}

/// The statements for one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// The position in [`Chain::scripts`].
    Batches(usize),
    /// There is no way back on this dialect.
    Irreversible(String),
    /// The chain is not configured for this dialect.
    Absent,
}

/// Statements that run alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// How they run.
    pub mode: Mode,
    /// Their texts, with `;` and a line feed between them.
    pub sql: String,
    /// Where each begins and ends in `sql`, and its line in the file.
    pub statements: Vec<Statement>,
}

/// One statement of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The first byte in the batch's text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The line in the file, from 1.
    pub line: u32,
}

/// Lowers a chain.
pub fn lower(sources: &Sources, chain: &VerifiedChain) -> Chain {
    let config = chain.config();
    let mut scripts = Vec::new();
    let revisions =
        chain.revisions().iter().map(|revision| lower_revision(sources, chain, revision, &mut scripts)).collect();
    Chain {
        dialects: Dialect::ALL.map(|dialect| config.dialects.contains(dialect)),
        version_table: config.version_table.clone(),
        version_table_schema: config.version_table_schema.clone(),
        transaction: config.transaction,
        edited: config.edited,
        url: config.url.clone(),
        lock_timeout: config.lock_timeout,
        statement_timeout: config.statement_timeout,
        databases: config.databases.clone(),
        revisions,
        scripts,
    }
}

fn lower_revision(
    sources: &Sources,
    chain: &VerifiedChain,
    revision: &RevisionFile,
    scripts: &mut Vec<Vec<Batch>>,
) -> Revision {
    let sections = with_lines(sources, revision);
    Revision {
        id: revision.id.as_ref().map(|id| id.text.clone()).unwrap_or_default(),
        down_revision: revision.down_revision.as_ref().and_then(|down| down.id.clone()),
        message: revision.message.clone(),
        created: revision.created.clone(),
        file: sources.file(revision.file).relative.clone(),
        checksum: checksum::of_revision(sources, revision),
        upgrade_checksums: Dialect::ALL.map(|dialect| checksum::of_upgrade(revision, dialect)),
        upgrade: lower_work(sources, chain, revision, &sections, Direction::Upgrade, scripts),
        downgrade: lower_work(sources, chain, revision, &sections, Direction::Downgrade, scripts),
    }
}

/// The sections, each with the line that its body begins on. The file's lines are counted once for all of them.
fn with_lines<'a>(sources: &Sources, revision: &'a RevisionFile) -> Vec<(&'a Section, usize)> {
    let text = sources.file(revision.file).text.as_str();
    let (mut line, mut counted) = (1, 0);
    let mut sections = Vec::with_capacity(revision.sections.len());
    for section in &revision.sections {
        let start = section.body.start as usize;
        line += count_lines(text.get(counted..start).unwrap_or(""));
        counted = start;
        sections.push((section, line));
    }
    sections
}

fn lower_work(
    sources: &Sources,
    chain: &VerifiedChain,
    revision: &RevisionFile,
    sections: &[(&Section, usize)],
    direction: Direction,
    scripts: &mut Vec<Vec<Batch>>,
) -> Work {
    let sections: Vec<(&Section, usize)> =
        sections.iter().filter(|(section, _)| section.direction == direction).copied().collect();
    if revision.language == Language::Rust {
        let reason = sections.iter().find_map(|(section, _)| section.irreversible.clone());
        return reason.map_or(Work::Rust, Work::Irreversible);
    }
    // Dialects that read the same sections in the same way share a script.
    let mut known: Vec<(Vec<(usize, usize)>, usize)> = Vec::new();
    Work::Sql(Dialect::ALL.map(|dialect| {
        if !chain.config().dialects.contains(dialect) {
            return Script::Absent;
        }
        let reason = sections
            .iter()
            .filter(|(section, _)| section.dialects.contains(dialect))
            .find_map(|(section, _)| section.irreversible.clone());
        if let Some(reason) = reason {
            return Script::Irreversible(reason);
        }
        let signature: Vec<(usize, usize)> = sections
            .iter()
            .enumerate()
            .filter_map(|(position, (section, _))| {
                let reading = section.readings.iter().position(|reading| reading.dialects.contains(dialect))?;
                Some((position, reading))
            })
            .collect();
        if let Some((_, script)) = known.iter().find(|(other, _)| *other == signature) {
            return Script::Batches(*script);
        }
        scripts.push(lower_script(sources, &sections, &signature));
        known.push((signature, scripts.len() - 1));
        Script::Batches(scripts.len() - 1)
    }))
}

/// The batches of the sections in `signature`, which names a reading of each. Neighbours that run in the revision's
/// transaction become one batch.
fn lower_script(sources: &Sources, sections: &[(&Section, usize)], signature: &[(usize, usize)]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for (position, reading) in signature {
        let Some((section, line)) = sections.get(*position) else { continue };
        let Some(reading) = section.readings.get(*reading) else { continue };
        let body = sources.text(section.body);
        let joins = matches!(section.mode, Mode::Transaction | Mode::Rebuild)
            && batches.last().is_some_and(|batch| batch.mode == section.mode);
        if !joins {
            batches.push(Batch { mode: section.mode, sql: String::new(), statements: Vec::new() });
        }
        let Some(batch) = batches.last_mut() else { continue };
        let mut line = *line;
        let mut counted = 0;
        for statement in reading.split.statements() {
            let (start, end) = (statement.start as usize, statement.end as usize);
            let Some(text) = body.get(start..end) else { continue };
            line += count_lines(body.get(counted..start).unwrap_or(""));
            counted = start;
            if !batch.sql.is_empty() {
                batch.sql.push_str(";\n");
            }
            let start = batch.sql.len();
            batch.sql.push_str(text);
            batch.statements.push(Statement { start: short(start), end: short(batch.sql.len()), line: short(line) });
        }
    }
    batches.retain(|batch| !batch.statements.is_empty());
    batches
}

/// `match_indices` with a character searches by machine word even in an unoptimised build.
fn count_lines(text: &str) -> usize {
    text.match_indices('\n').count()
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::verify;

    fn lowered(config: &str, text: &str) -> Chain {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", config.as_bytes().to_vec());
        sources.add("versions/a.sql", "versions/a.sql", text.as_bytes().to_vec());
        let (chain, findings) = verify(&sources);
        assert!(findings.is_empty(), "{findings:#?}");
        lower(&sources, &chain.unwrap())
    }

    #[test]
    fn sections_become_batches_with_lines_and_shared_scripts() {
        let chain = lowered(
            "dialects = ['postgres', 'sqlite']",
            "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\n-- a comment\nSELECT 1;\n\nSELECT\n 2;\n\
             -- @upgrade postgres\nSELECT 3\n-- @upgrade postgres; no-transaction\nVACUUM;\n\
             -- @upgrade sqlite\n-- @downgrade\n",
        );
        let Work::Sql([postgres, mysql, sqlite]) = &chain.revisions[0].upgrade else { panic!() };
        assert_eq!(mysql, &Script::Absent);
        let (Script::Batches(postgres), Script::Batches(sqlite)) = (postgres, sqlite) else { panic!() };
        let postgres = &chain.scripts[*postgres];
        assert_eq!(postgres.len(), 2);
        assert_eq!(postgres[0].sql, "SELECT 1;\nSELECT\n 2;\nSELECT 3");
        let lines: Vec<_> = postgres[0].statements.iter().map(|statement| statement.line).collect();
        assert_eq!(lines, [6, 8, 11]);
        assert_eq!(postgres[1].mode, Mode::NoTransaction);
        assert_eq!(chain.scripts[*sqlite][0].sql, "SELECT 1;\nSELECT\n 2");
        let Work::Sql([Script::Batches(one), _, Script::Batches(two)]) = &chain.revisions[0].downgrade else {
            panic!()
        };
        assert_eq!(one, two, "two dialects, one script");
        assert!(chain.scripts[*one].is_empty());
    }

    #[test]
    fn the_checksum_is_over_tokens() {
        let with = |body: &str| {
            let text = format!("-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\n{body}\n-- @downgrade\n");
            lowered("", &text).revisions[0].checksum
        };
        let plain = with("SELECT 1, 'x  y'");
        assert_eq!(plain, with("/* c */ SELECT\r\n  1 , 'x  y';  -- more"));
        assert_ne!(plain, with("SELECT 1, 'x y'"));
        assert_ne!(plain, with("SELECT 1; 'x  y'"));
    }

    #[test]
    fn an_upgrade_on_one_dialect_has_a_checksum_of_its_own() {
        let with = |sections: &str| {
            let text = format!("-- m\n-- revision: a\n-- down_revision: base\n{sections}");
            lowered("dialects = ['postgres', 'sqlite']", &text).revisions[0].upgrade_checksums
        };
        let [postgres, mysql, sqlite] = with("-- @upgrade\nSELECT 1;\n-- @downgrade\n");
        assert_eq!((postgres.is_some(), mysql), (true, None));
        assert_eq!(postgres, sqlite);
        let same = with("-- @upgrade\n/* c */ SELECT\r\n1;\n-- @downgrade\nSELECT 2;\n");
        assert_eq!(same, [postgres, None, sqlite], "neither comments nor the way back");
        let sections =
            "-- @upgrade postgres\nSELECT 1;\n-- @upgrade sqlite; no-transaction\nSELECT 2;\n-- @downgrade\n";
        let [same, _, other] = with(sections);
        assert_eq!(same, postgres, "however it is cut into sections for dialects");
        assert_ne!(other, sqlite);
        let [two, ..] = with("-- @upgrade\nSELECT 1;\n-- @upgrade postgres\nSELECT 2;\n-- @downgrade\n");
        assert_ne!(two, postgres);
    }
}
