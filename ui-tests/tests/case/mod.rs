//! The folders of `cases/`: finds them and says what verifying one gives. Judges nothing.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};

use revchain_core::{Code, Finding, Sources, load, render};

/// Findings that only the macro can make, because they are about the call and not about the directory.
pub(crate) const ONLY_THE_MACRO: [Code; 1] = [Code::RustInExpression];

/// A folder with a migrations directory and what is expected of it.
pub(crate) struct Case {
    /// The folder's name.
    pub(crate) name: String,
    /// The folder.
    pub(crate) path: PathBuf,
}

/// What verifying a case's directory says.
pub(crate) struct Verdict {
    pub(crate) findings: Vec<Finding>,
    /// Every finding as text, a blank line between them.
    pub(crate) text: String,
    /// How many revisions the chain has, where there is one.
    pub(crate) revisions: Option<usize>,
}

/// The cases of `fail` or `pass`, by name.
pub(crate) fn all(kind: &str) -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(kind);
    let mut cases: Vec<Case> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.unwrap())
        .map(|entry| Case { name: entry.file_name().into_string().unwrap(), path: entry.path() })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(!cases.is_empty(), "no cases in {}", directory.display());
    cases
}

impl Case {
    /// The code that the folder's name begins with.
    pub(crate) fn code(&self) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| {
            let stem = format!("{}-{}", code.number(), code.slug());
            self.name.strip_prefix(&stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }

    /// Loads and verifies the directory, as the macro and the build script do.
    pub(crate) fn verify(&self) -> Verdict {
        let sources: Sources = load::load(&self.path.join("migrations"), "migrations");
        let (chain, findings) = revchain_schema::verify(&sources);
        let findings: Vec<Finding> = findings.into_iter().collect();
        let rendered: Vec<String> =
            findings.iter().map(|finding| render::render(&sources, finding, true) + "\n").collect();
        Verdict { findings, text: rendered.join("\n"), revisions: chain.map(|chain| chain.revisions().len()) }
    }

    /// The text of one of the folder's own files.
    pub(crate) fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.path.join(file)).ok()
    }
}
