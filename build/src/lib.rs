//! What a build script calls so that cargo sees every change in a migrations directory.
//!
//! ```no_run
//! revchain_build::watch("migrations");
//! ```
//!
//! is the whole `main` of a `build.rs`. A proc macro cannot watch a directory: without a build script, a revision that
//! is added would not be embedded until something else changes, and nobody would say so. [`watch`] makes cargo run the
//! script again when a file is added, edited, renamed or deleted, and hands the macro a digest of what it saw; if
//! the macro then meets other bytes, the build fails with "stale" instead of embedding an old chain.
//!
//! It also replays the chain (`revchain-schema`), once for each change, and hands the macro what that found, and what the chain
//! leads to: that is compared with the models.
//!
//! Generates no code and holds no rule about chains.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use revchain_core::{Findings, Severity, Sources, chain, checksum, load, render};

/// Longer than the longest tick.
const TICKS: Duration = Duration::from_millis(30);

/// How many warnings a build shows: those of a long chain that was never released would bury everything else.
const SHOWN: usize = 8;

/// What [`check`] found.
#[derive(Debug)]
pub struct Report {
    revisions: usize,
    errors: Vec<String>,
    warnings: Vec<String>,
    /// Those of the errors that only the replay finds.
    replayed: Vec<String>,
    /// What the chain leads to; none where it has errors.
    head: Option<Vec<u8>>,
}

impl Report {
    /// How many revisions the chain has; 0 where it has errors.
    pub fn revisions(&self) -> usize {
        self.revisions
    }

    /// The findings that stop a build, rendered.
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// The other findings, rendered.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Watches a migrations directory, given relative to the package, for `embed_migrations!` in the same package, and says
/// what is a warning. Of errors it says nothing: the macro does, at the place where an editor shows them.
pub fn watch(directory: &str) {
    let sources = track(directory);
    let report = report(&sources);
    warn(&report);
    let (manifest, directory) = (env::var("CARGO_MANIFEST_DIR").unwrap_or_default(), directory.trim_end_matches('/'));
    let digest = checksum::of_sources(&sources);
    let findings = report.replayed.join(&checksum::FINDINGS_SEPARATOR.to_string());
    hand_over(&checksum::findings_variable(&manifest, directory), &digest, findings.as_bytes());
    if let Some(head) = &report.head {
        hand_over(&checksum::head_variable(&manifest, directory), &digest, head);
    }
}

/// Hands the macro what the replay found. It costs most of what there is to check, and is done once for a change here; the
/// macro, which is expanded at every compile, checks the rest again by itself. The digest of the sources goes before it: an
/// editor may expand the macro again before this script runs again.
#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn hand_over(variable: &str, digest: &str, what: &[u8]) {
    let Some(place) = env::var_os("OUT_DIR") else { return };
    let path = Path::new(&place).join(format!("{}.txt", variable.to_lowercase()));
    // Where it can't be written the macro replays by itself.
    if fs::write(&path, [digest.as_bytes(), what].concat()).is_ok() {
        println!("cargo::rustc-env={variable}={}", path.display());
    }
}

/// Has cargo run the build script again for every change, and hands the macro the digest.
#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn track(directory: &str) -> Sources {
    let directory = directory.trim_end_matches('/');
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join(directory);
    outlast_the_tick();
    let sources = load::load(&path, directory);
    // Cargo walks a watched directory and takes the newest time of all in it, its own included: a file that goes, or
    // comes with an old date, changes the time of the directory.
    println!("cargo::rerun-if-changed={directory}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env={}={}", checksum::variable(&manifest, directory), checksum::of_sources(&sources));
    sources
}

fn warn(report: &Report) {
    let (shown, more) = report.warnings.split_at(report.warnings.len().min(SHOWN));
    say("warning", shown);
    if !more.is_empty() {
        let rest = format!(
            "and {} more warnings: `revchain verify` shows them all; of what `revchain release` has frozen none is a hazard",
            more.len()
        );
        say("warning", &[rest]);
    }
}

/// Cargo shows each line by itself.
#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn say(severity: &str, findings: &[String]) {
    for line in findings.iter().flat_map(|finding| finding.lines()) {
        println!("cargo::{severity}={line}");
    }
}

/// Waits until the file system's clock has moved on, so that what changes from here on is newer than this run.
///
/// Cargo compares times: it runs the script again for a file that is newer than the moment at which it started the
/// script. Linux stamps files with the time of the last tick (4 ms at 250 Hz, 10 ms at 100), and a script is quicker than
/// that: what changed within the tick looks old, the macro rightly says "stale", and would say so at every build after.
/// Gives up after a moment: a file system that counts in seconds is not waited for.
fn outlast_the_tick() {
    let Some(directory) = env::var_os("OUT_DIR") else { return };
    let probe = Path::new(&directory).join("revchain-tick");
    let now = || fs::write(&probe, "").and_then(|()| fs::metadata(&probe)?.modified()).ok();
    let (before, started) = (now(), Instant::now());
    while before.is_some() && now() == before && started.elapsed() < TICKS {
        thread::yield_now();
    }
    fs::remove_file(&probe).ok();
}

/// Watches a migrations directory and reports its faults by itself, for a package that does not call
/// `embed_migrations!`. A fault stops the build.
pub fn verify(directory: &str) {
    let report = report(&track(directory));
    warn(&report);
    // `cargo::error` with exit code 0 shows the lines as they are; a failing exit code would wrap them in a dump.
    say("error", report.errors());
}

/// Verifies a migrations directory, given relative to the package, and gives what was found as a value.
///
/// ```
/// let report = revchain_build::check("no-such-directory");
/// assert_eq!(report.errors().len(), 1);
/// ```
pub fn check(directory: &str) -> Report {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    report(&load::load(&Path::new(&manifest).join(directory), directory))
}

fn report(sources: &Sources) -> Report {
    let (chain, findings) = chain::verify(sources);
    let (deep, schemas) =
        chain.as_ref().map(|chain| revchain_schema::check_and_lead(sources, chain)).unwrap_or_default();
    let rendered = |severity: Severity, findings: &Findings| -> Vec<String> {
        let wanted = findings.iter().filter(|finding| finding.severity == severity);
        wanted.map(|finding| render::render(sources, finding, false)).collect()
    };
    let replayed = rendered(Severity::Error, &deep);
    let head = chain.as_ref().filter(|_| replayed.is_empty());
    let head = head.map(|chain| revchain_schema::head(&schemas, chain.config()));
    let mut all = findings;
    all.append(deep);
    all.sort();
    Report {
        revisions: chain.filter(|_| replayed.is_empty()).map_or(0, |chain| chain.revisions().len()),
        errors: rendered(Severity::Error, &all),
        warnings: rendered(Severity::Warning, &all),
        replayed,
        head,
    }
}
