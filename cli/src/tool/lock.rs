//! `revchain.lock`: the revisions in chain order, a line each. Two branches that each add a revision both add a line at
//! its end, which git reports as a conflict, where two new files would merge without a word into two heads.
//!
//! Written by the verbs that change the chain. The second column is for a checksum, once a revision has been released.

use std::path::PathBuf;
use std::{fs, io};

use super::directory::Directory;
use super::replace::replace;
use crate::BoxError;

/// The name of the file.
const NAME: &str = "revchain.lock";

/// Stands where there is no checksum yet.
const UNRELEASED: &str = "-";

const HEADER: &str = "\
# The revisions in chain order, a line each. Two branches that each add one meet here, as a conflict.
# Written by `revchain revision` and `revchain rebase`; keep it in version control.
";

/// The lock file of a directory.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    shown: String,
    /// The file as it was, where there was one.
    was: Option<String>,
}

impl Lock {
    pub(super) fn read(directory: &Directory) -> Result<Lock, BoxError> {
        let path = directory.path.join(NAME);
        let shown = format!("{}/{NAME}", directory.shown);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Lock { path, shown, was: Some(text) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock { path, shown, was: None }),
            Err(error) => Err(format!("`{shown}` cannot be read: {error}").into()),
        }
    }

    /// Refuses a merge that was not finished.
    pub(super) fn refuse_conflict(&self) -> Result<(), BoxError> {
        let is_torn = self.was.as_deref().is_some_and(|text| text.lines().any(|line| line.starts_with("<<<<<<< ")));
        match is_torn {
            true => Err(format!(
                "`{}` holds a merge that was not finished: two branches added a revision\n  \
                 `revchain verify` names the two heads, `revchain rebase <revision>` puts one behind the other",
                self.shown
            )
            .into()),
            false => Ok(()),
        }
    }

    pub(super) const fn exists(&self) -> bool {
        self.was.is_some()
    }

    /// The checksum of a revision that has been released.
    pub(super) fn checksum(&self, id: &str) -> Option<&str> {
        let lines = self.was.as_deref().unwrap_or_default().lines();
        let mut found = lines.filter_map(|line| line.split_once(' ')).filter(|(known, _)| *known == id);
        found.find_map(|(_, rest)| rest.split_whitespace().next()).filter(|checksum| *checksum != UNRELEASED)
    }

    /// Writes the revisions of a chain. What is known of them stays.
    pub(super) fn write<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Result<(), BoxError> {
        let mut text = HEADER.to_owned();
        for id in ids {
            text.push_str(id);
            text.push(' ');
            text.push_str(self.checksum(id).unwrap_or(UNRELEASED));
            text.push('\n');
        }
        replace(&self.path, &text).map_err(|error| format!("`{}` cannot be written: {error}", self.shown).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_outlast_a_rewrite_and_a_conflict() {
        let directory = tempfile::tempdir().unwrap();
        let directory = Directory { path: directory.path().to_owned(), shown: "m".to_owned() };
        fs::create_dir_all(&directory.path).unwrap();
        fs::write(directory.path.join(NAME), "# x\na1 0f0f\n<<<<<<< HEAD\nb2 -\n=======\nc3 -\n>>>>>>> other\n")
            .unwrap();
        let lock = Lock::read(&directory).unwrap();
        lock.refuse_conflict().unwrap_err();
        assert_eq!(lock.checksum("a1"), Some("0f0f"));
        assert_eq!(lock.checksum("b2"), None);
        lock.write(["a1", "b2", "c3"]).unwrap();
        let text = fs::read_to_string(directory.path.join(NAME)).unwrap();
        assert_eq!(text, format!("{HEADER}a1 0f0f\nb2 -\nc3 -\n"));
        Lock::read(&directory).unwrap().refuse_conflict().unwrap();
        fs::remove_dir_all(&directory.path).unwrap();
    }
}
