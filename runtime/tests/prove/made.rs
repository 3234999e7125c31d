//! A chain in a directory of its own, embedded as the macro would.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use revchain::__private::{LAYOUT_3, Packed, Settings, StepFn, Transaction};
use revchain::testing::Proof;
use revchain::{Dialect, Migrations};
use revchain_core::revision::Direction;
use revchain_core::{chain, load, lower, pack};
use tempfile::TempDir;

use crate::common;

#[derive(Clone)]
/// A revision: what goes up, and what goes down; in SQL of one dialect, or as functions.
pub(crate) enum Revision {
    Sql(&'static str, &'static str),
    Rust(StepFn, StepFn),
}

pub(crate) use Revision::{Rust, Sql};

/// A chain for one dialect.
pub(crate) struct Made {
    proof: Proof,
    dialect: Dialect,
    ids: Vec<&'static str>,
    _directory: TempDir,
}

/// The variable of a dialect's server; SQLite's is not read.
pub(crate) fn variable(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mysql => "REVCHAIN_TEST_MYSQL",
        _ => "REVCHAIN_TEST_POSTGRES",
    }
}

impl Made {
    /// `None` where there is no server.
    pub(crate) fn of(dialect: Dialect, revisions: &[Revision]) -> Option<Made> {
        if dialect != Dialect::Sqlite {
            common::server(dialect, variable(dialect))?;
        }
        let directory = tempfile::tempdir().unwrap();
        let migrations = directory.path().join("migrations");
        std::fs::create_dir_all(migrations.join("versions")).unwrap();
        std::fs::write(migrations.join("revchain.toml"), format!("dialects = [\"{}\"]\n", dialect.name())).unwrap();
        let (mut ids, mut parent, mut functions) = (Vec::new(), "base".to_owned(), Vec::new());
        for (at, revision) in revisions.iter().enumerate() {
            let id = format!("a{at:011}");
            let (ending, mark) = if matches!(revision, Sql(..)) { ("sql", "--") } else { ("rs", "//!") };
            let mut text = format!("{mark} Step {at}\n{mark}\n{mark} revision: {id}\n{mark} down_revision: {parent}\n");
            match revision {
                Sql(up, down) => {
                    write!(text, "\n-- @upgrade{}\n-- @downgrade{}\n", section(up), section(down)).unwrap()
                }
                Rust(up, down) => {
                    functions.push((id.clone(), *up, *down));
                    text.push_str(
                        "\npub async fn upgrade(op: &mut Op<'_>) -> Result {}\npub async fn downgrade(op: &mut Op<'_>) -> Result {}\n",
                    );
                }
            }
            std::fs::write(migrations.join(format!("versions/{id}_step.{ending}")), text).unwrap();
            ids.push(&*id.clone().leak());
            parent = id;
        }
        let chain = embed(&migrations, &functions);
        let package = directory.path().to_str().unwrap().to_owned().leak();
        let proof = Proof::new(chain, package, "migrations").env(dialect, variable(dialect));
        Some(Made { proof, dialect, ids, _directory: directory })
    }

    /// Proves its last revision.
    pub(crate) fn proves(&self, path: &'static str) {
        self.proof.revision(path, self.dialect, self.ids[self.ids.len() - 1]);
    }

    /// Gives what is said of its last revision, which fails.
    pub(crate) fn fails(&self, path: &'static str) -> String {
        failure(|| self.proves(path))
    }

    /// Gives what is said of its head, which fails.
    pub(crate) fn head_fails(&self, path: &'static str) -> String {
        failure(|| self.proof.head(path, self.dialect))
    }
}

/// What stands behind a section's marker. What begins with `;` belongs to it.
fn section(text: &str) -> String {
    if text.starts_with(';') { text.to_owned() } else { format!("\n{text}") }
}

/// A name for a test that no other one has.
pub(crate) fn path(name: &str) -> &'static str {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("prove::{name}_{}", NUMBER.fetch_add(1, Ordering::Relaxed)).leak()
}

fn failure(test: impl FnOnce()) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(test)) else { panic!("it did not fail") };
    panic.downcast::<String>().map_or_else(|panic| (*panic.downcast::<&str>().unwrap()).to_owned(), |text| *text)
}

fn embed(directory: &Path, functions: &[(String, StepFn, StepFn)]) -> &'static Migrations {
    let sources = load::load(directory, "migrations");
    let (chain, findings) = chain::verify(&sources);
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    let chain = chain.unwrap_or_else(|| panic!("the chain is broken: {messages:?}"));
    let lowered = lower::lower(&sources, &chain);
    let packed = pack::pack(&lowered, "migrations");
    let function = |(id, direction): &(String, Direction)| {
        let (_, up, down) = functions.iter().find(|(of, ..)| of == id).unwrap();
        if *direction == Direction::Upgrade { *up } else { *down }
    };
    let functions: Vec<StepFn> =
        packed.functions.iter().map(|(id, direction)| function(&(id.to_string(), *direction))).collect();
    let packed =
        Packed::new(LAYOUT_3, packed.text.leak(), packed.offsets.leak(), packed.records.leak(), functions.leak());
    let settings = Settings::new(lowered.dialects, "alembic_version", None, Transaction::Default);
    Box::leak(Box::new(Migrations::new(settings, Box::leak(Box::new(packed)))))
}
