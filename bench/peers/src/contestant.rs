//! Who runs: packages with a chain in each one's own format, embedded by its own macro, and built as they would be
//! shipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::chain::Revision;
use crate::database::Kind;

/// Who embeds and runs a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contestant {
    Floor,
    Revchain,
    Sqlx,
    Diesel,
    Refinery,
    /// Not one of them all: revchain's tests beside sqlx's, in one program, for `--tests`.
    Tests,
}

/// A way in which a contestant runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) label: &'static str,
    pub(crate) contestant: Contestant,
    /// What its runner is told.
    pub(crate) upgrade: &'static str,
    /// What its runner is told when there is nothing to do, where that is measured.
    pub(crate) again: Option<&'static str>,
}

/// Where the packages and programs are.
#[derive(Debug)]
pub(crate) struct Workshop {
    /// This workspace.
    source: PathBuf,
    folder: PathBuf,
    target: PathBuf,
}

impl Contestant {
    pub(crate) const ALL: [Contestant; 5] =
        [Contestant::Floor, Contestant::Revchain, Contestant::Sqlx, Contestant::Diesel, Contestant::Refinery];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Contestant::Floor => "floor",
            Contestant::Revchain => "revchain",
            Contestant::Sqlx => "sqlx",
            Contestant::Diesel => "diesel",
            Contestant::Refinery => "refinery",
            Contestant::Tests => "tests",
        }
    }

    /// How many bytes of SQL it embeds: revisions of refinery, and the floor's, have no way back.
    pub(crate) fn sql(self, chain: &[Revision]) -> usize {
        let both = !matches!(self, Contestant::Floor | Contestant::Refinery);
        chain.iter().map(|revision| revision.up.len() + if both { revision.down.len() } else { 0 }).sum()
    }
}

/// The ways to run that are compared on a database.
pub(crate) fn entries(kind: Kind) -> Vec<Entry> {
    let entry = |label, contestant, upgrade, again| Entry { label, contestant, upgrade, again };
    let mut entries = vec![
        entry("floor: batch", Contestant::Floor, "batch", None),
        entry("floor: per revision", Contestant::Floor, "per-revision", Some("look")),
        entry("revchain", Contestant::Revchain, "run", Some("run")),
    ];
    match kind {
        Kind::Sqlite => entries.push(entry("revchain, per revision", Contestant::Revchain, "per-revision", None)),
        Kind::Postgres => entries.push(entry("revchain, per run", Contestant::Revchain, "per-run", None)),
        Kind::Mariadb => {}
    }
    entries.extend([
        entry("sqlx", Contestant::Sqlx, "run", Some("run")),
        entry("diesel", Contestant::Diesel, "run", Some("run")),
        entry("refinery", Contestant::Refinery, "run", Some("run")),
        entry("refinery, grouped", Contestant::Refinery, "grouped", None),
    ]);
    entries
}

impl Workshop {
    /// Beside the program itself, in cargo's target directory.
    ///
    /// # Errors
    ///
    /// When nobody can tell where the program is.
    pub(crate) fn new() -> Result<Workshop> {
        let program = std::env::current_exe().context("where this program is")?;
        let target = program.ancestors().nth(2).context("cargo's target directory")?.to_path_buf();
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Ok(Workshop { source, folder: target.join("peers"), target })
    }

    /// The folder for what is passing.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The program of a contestant with a chain of this length.
    pub(crate) fn program(&self, contestant: Contestant, length: usize) -> PathBuf {
        self.folder.join(format!("{length}/run-{}", contestant.name()))
    }

    /// Writes and builds the program. With `anew`, what depends on the chain is built even where nothing has changed.
    /// Returns how long cargo took.
    ///
    /// # Errors
    ///
    /// When it can't be written, or doesn't build.
    pub(crate) fn build(&self, contestant: Contestant, chain: &[Revision], anew: bool) -> Result<Duration> {
        let folder = self.folder.join(chain.len().to_string());
        let name = contestant.name();
        let package = folder.join(name);
        self.write(contestant, &folder, &package, chain).with_context(|| format!("cannot write {name}"))?;
        if anew {
            fs::File::open(package.join("src/main.rs"))?.set_modified(std::time::SystemTime::now())?;
        }
        let since = Instant::now();
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--release", "--package", &package_name(contestant, chain.len())])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .status()
            .context("cargo")?;
        ensure!(status.success(), "{name} with {} revisions doesn't build", chain.len());
        let took = since.elapsed();
        let built = self.target.join("release").join(package_name(contestant, chain.len()));
        fs::copy(built, self.program(contestant, chain.len()))?;
        Ok(took)
    }

    fn write(&self, contestant: Contestant, folder: &Path, package: &Path, chain: &[Revision]) -> Result<()> {
        let runners = self.source.join("runners");
        let name = contestant.name();
        let manifest = fs::read_to_string(runners.join(name).join("Cargo.toml"))?;
        let root = self.source.join("../..").canonicalize()?;
        let own_name = package_name(contestant, chain.len());
        let manifest = manifest
            .replace("../../../..", &root.display().to_string())
            .replace(&format!("name = \"run-{name}\""), &format!("name = \"{own_name}\""));
        put(&package.join("Cargo.toml"), &manifest)?;
        // A workspace of one, so that cargo looks for no other; `revchain-test` is what tests leave beside their program.
        put(
            &folder.join("Cargo.toml"),
            "[workspace]\nmembers = [\"*\"]\nexclude = [\"revchain-test\"]\nresolver = \"3\"\n\n[profile.release]\nstrip = true\n",
        )?;
        if !folder.join("Cargo.lock").exists() {
            fs::copy(self.source.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        }
        put(&folder.join("measure.rs"), &fs::read_to_string(runners.join("measure.rs"))?)?;
        put(&package.join("src/main.rs"), &fs::read_to_string(runners.join(name).join("src/main.rs"))?)?;
        let migrations = package.join("migrations");
        match contestant {
            Contestant::Floor => {
                let texts: Vec<&str> = chain.iter().map(|revision| revision.up.as_str()).collect();
                put(&package.join("revisions.rs"), &format!("static REVISIONS: &[&str] = &{texts:?};\n"))?;
            }
            Contestant::Revchain => self.revchain(package, name, chain)?,
            Contestant::Tests => {
                self.revchain(package, name, chain)?;
                sqlx(&package.join("sqlx"), chain)?;
            }
            Contestant::Sqlx => sqlx(&migrations, chain)?,
            Contestant::Diesel => {
                fs::create_dir_all(&migrations)?;
                for Revision { number, slug, up, down, .. } in chain {
                    put(&migrations.join(format!("{number:06}_{slug}/up.sql")), up)?;
                    put(&migrations.join(format!("{number:06}_{slug}/down.sql")), down)?;
                }
            }
            Contestant::Refinery => {
                fs::create_dir_all(&migrations)?;
                for Revision { number, slug, up, .. } in chain {
                    put(&migrations.join(format!("V{number}__{slug}.sql")), up)?;
                }
            }
        }
        Ok(())
    }

    fn revchain(&self, package: &Path, name: &str, chain: &[Revision]) -> Result<()> {
        let runners = self.source.join("runners");
        put(&package.join("build.rs"), &fs::read_to_string(runners.join(name).join("build.rs"))?)?;
        let versions = package.join("migrations/versions");
        fs::create_dir_all(&versions)?;
        let mut down_revision = "base";
        for revision in chain {
            let Revision { id, slug, up, down, .. } = revision;
            let text = format!(
                "-- {slug}\n--\n-- revision: {id}\n-- down_revision: {down_revision}\n\n\
                 -- @upgrade\n{up}\n-- @downgrade\n{down}"
            );
            put(&versions.join(format!("{id}_{slug}.sql")), &text)?;
            down_revision = id;
        }
        Ok(())
    }
}

fn sqlx(migrations: &Path, chain: &[Revision]) -> Result<()> {
    fs::create_dir_all(migrations)?;
    for Revision { number, slug, up, down, .. } in chain {
        put(&migrations.join(format!("{number:06}_{slug}.up.sql")), up)?;
        put(&migrations.join(format!("{number:06}_{slug}.down.sql")), down)?;
    }
    Ok(())
}

/// Another for each length: to cargo, packages of one name in workspaces that look alike are one, and fresh once one of them
/// is built.
fn package_name(contestant: Contestant, length: usize) -> String {
    format!("run-{}-{length}", contestant.name())
}

/// Writes a file, unless it says so already: cargo goes by the time of the last change.
fn put(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
