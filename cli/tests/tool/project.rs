//! A directory to run the tool in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub(crate) struct Project {
    directory: TempDir,
}

/// What a program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Standard output, of a program that succeeded.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, 0, "{self:#?}");
        self.stdout
    }

    /// Standard error, of a program that failed and printed nothing else.
    #[track_caller]
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        self.stderr
    }
}

impl Project {
    /// A directory with nothing in it.
    pub(crate) fn empty() -> Project {
        Project { directory: tempfile::tempdir().unwrap() }
    }

    /// A migrations directory for SQLite, with revisions given as `id -> down`.
    pub(crate) fn new(revisions: &[&str]) -> Project {
        let project = Project::empty();
        project.write("migrations/revchain.toml", "dialects = [\"sqlite\"]\n");
        fs::create_dir(project.path("migrations/versions")).unwrap();
        for revision in revisions {
            let (id, down) = revision.split_once(" -> ").unwrap();
            project.write(&format!("migrations/versions/{id}_x.sql"), &revision_text(id, down));
        }
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    /// Every file and what is in it.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut directories = vec![self.root().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    /// `revchain`, ready to be told more.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_revchain"));
        command.args(words).current_dir(self.root());
        for name in ["DATABASE_URL", "REVCHAIN_CONFIG", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        run(&mut self.command(words))
    }

    /// The same for words that must be refused and change nothing.
    #[track_caller]
    pub(crate) fn refused(&self, words: &[&str], code: i32) -> String {
        let before = self.files();
        let said = self.run(words).refused(code);
        assert_eq!(self.files(), before, "{words:?} changed something");
        said
    }

    /// The ids of the chain, from base to head, as the tool sees them.
    #[track_caller]
    pub(crate) fn chain(&self) -> Vec<String> {
        let history = self.run(&["history"]).done();
        let id = |line: &str| line.split(" -> ").nth(1).unwrap().split([' ', ',']).next().unwrap().to_owned();
        history.lines().rev().map(id).collect()
    }
}

pub(crate) fn run(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn revision_text(id: &str, down: &str) -> String {
    format!(
        "-- The {id}\n--\n-- revision: {id}\n-- down_revision: {down}\n\n-- @upgrade\nCREATE TABLE {id} (n INTEGER);\n\
         \n-- @downgrade\nDROP TABLE {id};\n"
    )
}
