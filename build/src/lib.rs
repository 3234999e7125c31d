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
//! It also replays the chain (`revchain-schema`), once for each change, and hands the macro what that found, and, to one that
//! compares models, what the chain leads to.
//!
//! Generates no code and holds no rule about chains.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, mem, thread};

use revchain_core::{Findings, Severity, Sources, VerifiedChain, chain, checksum, load, render};
use revchain_schema::Schema;

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
    let (sources, digest) = track(directory);
    let (report, led) = report(&sources);
    warn(&report);
    let (manifest, directory) = (env::var("CARGO_MANIFEST_DIR").unwrap_or_default(), directory.trim_end_matches('/'));
    let findings = report.replayed.join(&checksum::FINDINGS_SEPARATOR.to_string());
    if let Some(place) = place(&checksum::findings_variable(&manifest, directory)) {
        hand_over(&place, &digest, findings.as_bytes());
    }
    // Most applications compare no models. The macro of one that does makes a head by itself the first time, and leaves it there.
    if let Some(place) = place(&checksum::head_variable(&manifest, directory))
        && place.exists()
        && let Some((chain, schemas)) = &led
    {
        hand_over(&place, &digest, &revchain_schema::head(schemas, chain.config()));
    }
    // In a million pieces, if the chain is long; and the process is at its end.
    mem::forget(led);
}

/// Names the macro the place where something is handed over.
#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn place(variable: &str) -> Option<PathBuf> {
    let place = Path::new(&env::var_os("OUT_DIR")?).join(format!("{}.txt", variable.to_lowercase()));
    println!("cargo::rustc-env={variable}={}", place.display());
    Some(place)
}

/// Hands the macro what the replay found. It costs most of what there is to check, and is done once for a change here; the
/// macro, which is expanded at every compile, checks the rest again by itself. The digest of the sources goes before it: an
/// editor may expand the macro again before this script runs again.
fn hand_over(place: &Path, digest: &str, what: &[u8]) {
    if fs::write(place, [digest.as_bytes(), what].concat()).is_err() {
        // Without it the macro replays by itself.
        fs::remove_file(place).ok();
    }
}

/// Has cargo run the build script again for every change, and hands the macro the digest.
#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn track(directory: &str) -> (Sources, String) {
    let directory = directory.trim_end_matches('/');
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = Path::new(&manifest).join(directory);
    outlast_the_tick();
    let sources = load::load(&path, directory);
    // Cargo walks a watched directory and takes the newest time of all in it, its own included: a file that goes, or
    // comes with an old date, changes the time of the directory.
    println!("cargo::rerun-if-changed={directory}");
    println!("cargo::rerun-if-changed=build.rs");
    let digest = checksum::of_sources(&sources);
    println!("cargo::rustc-env={}={digest}", checksum::variable(&manifest, directory));
    (sources, digest)
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
    let (report, _) = report(&track(directory).0);
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
    report(&load::load(&Path::new(&manifest).join(directory), directory)).0
}

/// What is found, and the chain with what it leads to, where there is no error.
fn report(sources: &Sources) -> (Report, Option<(VerifiedChain, Vec<Schema>)>) {
    let (chain, findings) = chain::verify(sources);
    let (deep, schemas) =
        chain.as_ref().map(|chain| revchain_schema::check_and_lead(sources, chain)).unwrap_or_default();
    let rendered = |severity: Severity, findings: &Findings| -> Vec<String> {
        let wanted = findings.iter().filter(|finding| finding.severity == severity);
        wanted.map(|finding| render::render(sources, finding, false)).collect()
    };
    let replayed = rendered(Severity::Error, &deep);
    let chain = chain.filter(|_| replayed.is_empty());
    let mut all = findings;
    all.append(deep);
    all.sort();
    let report = Report {
        revisions: chain.as_ref().map_or(0, |chain| chain.revisions().len()),
        errors: rendered(Severity::Error, &all),
        warnings: rendered(Severity::Warning, &all),
        replayed,
    };
    (report, chain.map(|chain| (chain, schemas)))
}
