//! Each rule as a table: what was there, what the revision does, and what is said of it.

mod column;
mod constraint;
mod data;
mod drop;
mod index;
mod mysql;
mod not_null;
mod rebuild;
mod rename;
mod taste;
mod type_change;
mod unique;

use revchain_core::lock::{Lock, Released};
use revchain_core::{Code, Dialect, Sources, VerifiedChain, chain, checksum};

use crate::check::check;

/// What is said of a revision above a base, on one dialect: `code: message`.
pub(super) fn said(dialect: Dialect, base: &str, upgrade: &str) -> Vec<String> {
    said_in(dialect, "", base, upgrade)
}

/// The same, with the section's options: `; no-transaction`.
pub(super) fn said_in(dialect: Dialect, options: &str, base: &str, upgrade: &str) -> Vec<String> {
    let sources = sources(dialect, &format!("-- @upgrade{options}"), &[base, upgrade]);
    hazards(&sources).into_iter().map(|(said, _)| said).collect()
}

/// The same, and what is off by itself is on.
pub(super) fn said_of_taste(dialect: Dialect, base: &str, upgrade: &str) -> Vec<String> {
    let quiet = Code::ALL.iter().filter(|code| code.is_off_by_itself());
    let levels: String = quiet.map(|code| format!("{code} = 'warning'\n")).collect();
    let sources = sources_at(&format!("[check]\n{levels}"), dialect, "-- @upgrade", &[base, upgrade]);
    hazards(&sources).into_iter().map(|(said, _)| said).collect()
}

/// The remedies.
pub(super) fn helped(dialect: Dialect, base: &str, upgrade: &str) -> Vec<String> {
    let sources = sources(dialect, "-- @upgrade", &[base, upgrade]);
    hazards(&sources).into_iter().map(|(_, help)| help).collect()
}

/// What some codes say.
pub(super) fn of(codes: &[&str], said: Vec<String>) -> Vec<String> {
    said.into_iter().filter(|said| codes.iter().any(|code| said.starts_with(code))).collect()
}

/// A chain of these upgrades; the marker is the last one's.
fn sources(dialect: Dialect, marker: &str, upgrades: &[&str]) -> Sources {
    sources_at("", dialect, marker, upgrades)
}

/// The same, with `[check]`.
fn sources_at(levels: &str, dialect: Dialect, marker: &str, upgrades: &[&str]) -> Sources {
    let mut sources = Sources::default();
    let config = format!("dialects = ['{dialect}']\n{levels}");
    sources.add("revchain.toml", "revchain.toml", config.into_bytes());
    for (position, upgrade) in upgrades.iter().enumerate() {
        let down = position.checked_sub(1).map_or("base".to_owned(), |before| format!("r{before}"));
        let marker = if position + 1 == upgrades.len() { marker } else { "-- @upgrade" };
        let text = format!(
            "-- m\n-- revision: r{position}\n-- down_revision: {down}\n{marker}\n{upgrade}\n-- @downgrade; irreversible: a test\n"
        );
        let path = format!("versions/r{position}.sql");
        sources.add(path.clone(), path, text.into_bytes());
    }
    sources
}

fn verified(sources: &Sources) -> VerifiedChain {
    let (chain, findings) = chain::verify(sources);
    chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"))
}

/// The hazards of the last revision, with their remedies.
fn hazards(sources: &Sources) -> Vec<(String, String)> {
    let chain = verified(sources);
    let last = chain.revisions().last().map(|revision| revision.file);
    let findings = check(sources, &chain);
    let errors: Vec<_> = findings.iter().filter(|finding| !finding.code.is_hazard()).collect();
    assert!(errors.is_empty(), "a faulty test: {errors:?}");
    findings
        .iter()
        .filter(|finding| finding.primary.as_ref().map(|label| label.span.file) == last)
        .map(|finding| (format!("{}: {}", finding.code, finding.message), finding.help.clone().unwrap_or_default()))
        .collect()
}

#[test]
fn what_is_new_since_the_release_is_not_live() {
    const CHAIN: [&str; 3] = [
        "CREATE TABLE old (id int);",
        "CREATE TABLE new (id int);",
        "CREATE INDEX a ON old (id); CREATE INDEX b ON new (id);",
    ];
    let of = |released: usize| {
        let mut sources = sources(Dialect::Postgres, "-- @upgrade", &CHAIN);
        let chain = verified(&sources);
        let released = chain.revisions().iter().take(released).filter_map(|revision| {
            Some(Released { id: revision.id.clone()?, checksum: checksum::of_revision(&sources, revision) })
        });
        let lock = Lock { released: released.collect(), ..Lock::default() };
        sources.add("revchain.lock", "revchain.lock", lock.text(["r0", "r1", "r2"]).into_bytes());
        hazards(&sources).len()
    };
    assert_eq!(of(0), 2, "without a release the tables of earlier revisions are live");
    assert_eq!(of(1), 1, "of the two tables one has been released");
    assert_eq!(of(2), 2);
    assert_eq!(of(3), 0, "a revision that has been released can't be changed any more");
}
