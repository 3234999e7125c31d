//! What `revchain.lock` says about a chain, and what is said where the two disagree. Each mistake is one finding.

// clippy.toml allows these in tests, but knows a test by its attribute: the functions that tests call are none.
#![allow(clippy::unwrap_used)]

use revchain_core::lock::{Lock, Released};
use revchain_core::revision::Id;
use revchain_core::{Severity, Sources, Span, chain, checksum, load};

/// A directory: its files without their `.sql`, the `revchain.toml`, the lock.
#[derive(Clone)]
struct Directory {
    config: String,
    files: Vec<(String, String)>,
    lock: Option<String>,
}

fn text(id: &str, down: &str) -> String {
    format!(
        "-- The {id}\n-- revision: {id}\n-- down_revision: {down}\n\n-- @upgrade\nCREATE TABLE {id} (n INT, s TEXT DEFAULT E'a');\n\
         -- @downgrade\nDROP TABLE {id};\n"
    )
}

impl Directory {
    /// `a1`, `b2`, `c3` and `d4`, of which the first three have been released.
    fn new() -> Directory {
        let links = [("a1", "base"), ("b2", "a1"), ("c3", "b2"), ("d4", "c3")];
        let files = links.iter().map(|(id, down)| ((*id).to_owned(), text(id, down))).collect();
        let mut directory =
            Directory { config: "dialects = ['postgres', 'mysql', 'sqlite']".to_owned(), files, lock: None };
        directory.freeze(3);
        directory
    }

    fn sources(&self) -> Sources {
        let mut sources = Sources::default();
        sources.add(load::CONFIG, load::CONFIG, self.config.clone().into_bytes());
        if let Some(lock) = &self.lock {
            sources.add(load::LOCK, load::LOCK, lock.clone().into_bytes());
        }
        for (name, text) in &self.files {
            let extension = if text.starts_with("//!") { "rs" } else { "sql" };
            let path = format!("versions/{name}.{extension}");
            sources.add(path.clone(), path, text.clone().into_bytes());
        }
        sources
    }

    /// Writes the lock anew, the first so many revisions as released.
    fn freeze(&mut self, count: usize) {
        self.lock = None;
        let sources = self.sources();
        let chain = chain::verify(&sources).0.unwrap();
        let mut lock = Lock::default();
        for revision in chain.revisions() {
            let id = Id { text: revision.id.clone().unwrap().text, span: Span::new(revision.file, 0, 0) };
            if lock.released.len() < count {
                lock.released.push(Released { id: id.clone(), checksum: checksum::of_revision(&sources, revision) });
            }
            lock.order.push(id);
        }
        self.lock = Some(lock.text(lock.order.iter().map(|id| id.text.as_str())));
    }

    fn edit(&mut self, name: &str, from: &str, to: &str) {
        let (_, text) = self.files.iter_mut().find(|(known, _)| known == name).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        *text = text.replace(from, to);
    }

    fn remove(&mut self, name: &str) {
        self.files.retain(|(known, _)| known != name);
    }

    fn add(&mut self, id: &str, down: &str) {
        self.files.push((id.to_owned(), text(id, down)));
    }

    fn edit_lock(&mut self, from: &str, to: &str) {
        let lock = self.lock.as_mut().unwrap();
        assert!(lock.contains(from), "{from} is not in {lock}");
        *lock = lock.replacen(from, to, 1);
    }

    fn said(&self) -> String {
        let sources = self.sources();
        let (chain, findings) = chain::verify(&sources);
        assert_eq!(chain.is_none(), findings.has_errors());
        let said: Vec<String> = findings
            .iter()
            .map(|finding| {
                let mark = if finding.severity == Severity::Warning { "~" } else { "" };
                let place =
                    finding.primary.as_ref().map_or("", |label| sources.file(label.span.file).relative.as_str());
                format!("{mark}{} {place}: {}", finding.code, finding.message)
            })
            .collect();
        said.join("; ")
    }
}

/// What is said after something was done to the directory.
#[track_caller]
fn check(expect: &str, change: impl FnOnce(&mut Directory)) {
    let mut directory = Directory::new();
    assert_eq!(directory.said(), "");
    change(&mut directory);
    assert_eq!(directory.said(), expect);
}

#[test]
fn what_runs_is_frozen_and_how_it_is_written_is_not() {
    let edited = "RC341 versions/b2.sql: `b2` was edited after its release";
    check(edited, |it| it.edit("b2", "n INT", "n BIGINT"));
    check(edited, |it| it.edit("b2", "DROP TABLE", "DROP TABLE IF EXISTS"));
    check(edited, |it| it.edit("b2", "'a'", "'a '"));
    check(edited, |it| it.edit("b2", "-- @downgrade\n", "-- @downgrade; irreversible: x\n-- "));
    check("", |it| it.edit("b2", "n INT", "-- a comment\n\tn  INT"));
    check("", |it| it.edit("b2", "\n", "\r\n"));
    check("", |it| it.edit("b2", "-- The b2", "-- What b2 does\n-- created: 2026-01-01"));
    check("", |it| it.edit("d4", "n INT", "n BIGINT"));
}

/// Who reads a section decides which tokens are counted: that is no edit.
#[test]
fn another_list_of_dialects_edits_nothing() {
    for before in ["['sqlite']", "['mysql', 'sqlite']", "['postgres']"] {
        for after in ["['sqlite']", "['mysql']", "['postgres', 'mysql']", "['postgres', 'mysql', 'sqlite']"] {
            let mut directory = Directory::new();
            for file in ["b2", "c3"] {
                let sections = "-- @upgrade postgres\nSELECT E'b';\n-- @upgrade mysql\nSELECT \"c\";\n-- @upgrade sqlite\nSELECT [d];\n";
                directory.edit(file, "-- @downgrade\n", &format!("{sections}-- @downgrade\n"));
            }
            directory.config = format!("dialects = {before}");
            directory.freeze(3);
            directory.config = format!("dialects = {after}");
            assert_eq!(directory.said(), "", "{before} {after}");
            directory.edit("c3", "E'a'", "E'b'");
            assert_eq!(directory.said(), "RC341 versions/c3.sql: `c3` was edited after its release");
        }
    }
}

#[test]
fn a_released_revision_that_is_gone_is_one_mistake() {
    let gone = |id: &str| format!("RC342 revchain.lock: `{id}` has been released, and its file is gone");
    check(&gone("a1"), |it| it.remove("a1"));
    check(&gone("b2"), |it| it.remove("b2"));
    check(&gone("c3"), |it| it.remove("c3"));
    check(&gone("c3"), |it| {
        it.remove("c3");
        it.remove("d4");
        it.edit_lock("d4\n", "");
    });
    // A file that looks like it, and is what it says.
    check(&gone("c3"), |it| {
        it.remove("c3");
        it.edit("d4", "down_revision: c3", "down_revision: c3_old");
        it.add("c3_old", "b2");
    });
    check("RC016 versions/b2.sql: the header says `b9`, and the file is called `b2.sql`", |it| {
        it.edit("b2", "revision: b2", "revision: b9");
    });
}

#[test]
fn a_released_revision_that_moved_is_one_mistake() {
    let moved = |was: &str, now: &str| {
        format!("RC343 versions/b2.sql: `b2` was released behind `{was}`, and now follows `{now}`")
    };
    for now in ["zz", "base", "d4", "b2"] {
        check(&moved("a1", now), |it| it.edit("b2", "down_revision: a1", &format!("down_revision: {now}")));
    }
    check(&moved("a1", "x8"), |it| {
        it.add("x8", "a1");
        it.edit("b2", "down_revision: a1", "down_revision: x8");
        it.edit_lock("b2\n", "x8\nb2\n");
    });
    check("RC343 versions/a1.sql: `a1` was released as the first revision, and now follows `x8`", |it| {
        it.add("x8", "base");
        it.edit("a1", "down_revision: base", "down_revision: x8");
        it.edit_lock("a1\n", "x8\na1\n");
    });
    check("RC103 versions/x8.sql: 2 revisions follow `c3`: `d4` and `x8`", |it| it.add("x8", "c3"));
}

#[test]
fn a_rust_revision_is_frozen_as_a_whole_and_moves_once() {
    let rust =
        "//! B\n//! revision: b2\n//! down_revision: a1\n\npub async fn upgrade() {}\npub async fn downgrade() {}\n";
    let mut directory = Directory::new();
    directory.files[1].1 = rust.to_owned();
    directory.freeze(3);
    assert_eq!(directory.said(), "");
    directory.edit("b2", "down_revision: a1", "down_revision: base");
    assert_eq!(directory.said(), "RC343 versions/b2.rs: `b2` was released behind `a1`, and now follows `base`");
    directory.files[1].1 = rust.replace("upgrade() {}", "upgrade() { () }");
    assert_eq!(directory.said(), "RC341 versions/b2.rs: `b2` was edited after its release");
}

#[test]
fn the_order_is_what_branches_meet_in() {
    check("~RC344 versions/e5.sql: `revchain.lock` does not list `e5`", |it| it.add("e5", "d4"));
    check("~RC344 versions/e5.sql: `revchain.lock` does not list `e5` and 1 more", |it| {
        it.add("e5", "d4");
        it.add("f6", "e5");
    });
    check("~RC344 revchain.lock: `revchain.lock` has `c3` where the chain has `b2`", |it| {
        it.edit_lock("b2\nc3\n", "c3\nb2\n");
    });
    check("~RC344 revchain.lock: `revchain.lock` lists `d4` twice", |it| it.edit_lock("d4\n", "d4\nd4\n"));
    check("RC345 revchain.lock: `revchain.lock` lists `d4`, which has no file", |it| it.remove("d4"));
    check("RC345 revchain.lock: `revchain.lock` lists `d4`, which has no file", |it| {
        it.remove("d4");
        it.add("e5", "c3");
    });
    check("RC104 versions/e5.sql: `e5` follows `d4`, which does not exist", |it| {
        it.remove("d4");
        it.add("e5", "d4");
    });
    check("", |it| it.lock = None);
    check("~RC344 versions/a1.sql: `revchain.lock` does not list `a1` and 3 more", |it| it.lock = Some(String::new()));
}

#[test]
fn a_torn_lock_is_the_forks_or_its_own() {
    let torn = |it: &mut Directory| it.edit_lock("d4\n", "<<<<<<< HEAD\nd4\n=======\ne5\n>>>>>>> other\n");
    check("RC103 versions/e5.sql: 2 revisions follow `c3`: `d4` and `e5`", |it| {
        it.add("e5", "c3");
        torn(it);
    });
    check("RC006 revchain.lock: this file holds a merge that was not finished", |it| {
        it.add("e5", "d4");
        torn(it);
    });
}

/// What can't be read to the end says nothing about what it does; what is embedded doesn't depend on the lock.
#[test]
fn a_fault_in_a_file_is_not_an_edit() {
    check("RC024 versions/b2.sql: this revision has no upgrade", |it| it.edit("b2", "-- @upgrade\n", ""));
    check("RC005 versions/b2.sql: this file contains a NUL byte", |it| it.edit("b2", "n INT", "n\0INT"));
    check(
        "RC341 versions/b2.sql: `b2` was edited after its release; \
         RC202 versions/b2.sql: `COMMIT` breaks the transaction that the runner holds",
        |it| it.edit("b2", "DROP TABLE", "COMMIT; DROP TABLE"),
    );
    let mut directory = Directory::new();
    let digest = checksum::of_sources(&directory.sources());
    directory.lock = None;
    assert_eq!(checksum::of_sources(&directory.sources()), digest);
}
