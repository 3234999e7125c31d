//! The only module that touches the disk: a migrations directory becomes [`Sources`]. Judges nothing but whether
//! something can be read; everything else takes `Sources`.

use std::fs;
use std::path::Path;

use crate::Code;
use crate::source::{LoadProblem, Sources};

/// The directory of revision files inside a migrations directory.
pub const VERSIONS: &str = "versions";

/// The configuration file inside a migrations directory.
pub const CONFIG: &str = "revchain.toml";

/// The file inside a migrations directory that holds the chain's order, and what has been released.
pub const LOCK: &str = "revchain.lock";

/// Reads `revchain.toml`, `revchain.lock` and every revision file below `directory`. `shown` is how messages name the directory.
///
/// Hidden files, editors' backups (`*~`, `#*#`) and `*.md` in the versions directory are left alone; anything else that
/// is neither `.sql` nor `.rs` is reported, because it looks like a revision and would never run.
///
/// Never fails: what cannot be read becomes a finding when the sources are verified.
pub fn load(directory: &Path, shown: &str) -> Sources {
    let mut sources = Sources::default();
    if !directory.is_dir() {
        sources.problems.push(missing(shown, directory.exists(), "create it with a `versions` directory inside"));
        return sources;
    }
    for name in [CONFIG, LOCK] {
        match fs::read(directory.join(name)) {
            Ok(bytes) => {
                sources.add(format!("{shown}/{name}"), name, bytes);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => sources.problems.push(unreadable(format!("{shown}/{name}"), &error)),
        }
    }
    load_versions(&directory.join(VERSIONS), &format!("{shown}/{VERSIONS}"), &mut sources);
    sources
}

fn load_versions(versions: &Path, shown: &str, sources: &mut Sources) {
    if versions.exists() && !versions.is_dir() {
        sources.problems.push(missing(shown, true, "make it one, with the revision files inside"));
        return;
    }
    let entries = match fs::read_dir(versions) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            sources.problems.push(missing(shown, false, "create it; an empty one is an empty chain"));
            return;
        }
        Err(error) => {
            sources.problems.push(LoadProblem {
                code: Code::MissingDirectory,
                path: shown.to_owned(),
                message: format!("the versions directory cannot be read: {error}"),
                help: "it must be a directory that you may read".to_owned(),
                hides_a_revision: true,
            });
            return;
        }
    };
    let mut names = Vec::new();
    for entry in entries {
        match entry {
            // What is a file by its entry is not asked for once more.
            Ok(entry) => names.push((entry.file_name(), entry.file_type().is_ok_and(|kind| kind.is_file()))),
            Err(error) => sources.problems.push(unreadable(shown.to_owned(), &error)),
        }
    }
    names.sort_unstable();
    for (name, is_file) in names {
        let path = versions.join(&name);
        let name = name.to_string_lossy();
        if is_left_alone(&name) {
            continue;
        }
        let shown_path = format!("{shown}/{name}");
        if !is_file && path.is_dir() {
            sources.problems.push(LoadProblem {
                code: Code::UnexpectedFile,
                path: shown_path,
                message: format!("`{name}` is a directory, and revision files are not looked for inside it"),
                help: "move its files up into the versions directory, or the directory elsewhere".to_owned(),
                hides_a_revision: true,
            });
        } else if name.ends_with(".sql") || name.ends_with(".rs") {
            match fs::read(&path) {
                Ok(bytes) => {
                    sources.add(shown_path, format!("{VERSIONS}/{name}"), bytes);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && path.is_symlink() => {
                    sources.problems.push(LoadProblem {
                        message: "this is a link to a file that does not exist".to_owned(),
                        help: "mend the link, or put the file itself in its place".to_owned(),
                        ..unreadable(shown_path, &error)
                    });
                }
                Err(error) => sources.problems.push(unreadable(shown_path, &error)),
            }
        } else {
            sources.problems.push(LoadProblem {
                code: Code::UnexpectedFile,
                path: shown_path,
                message: format!("`{name}` is neither a `.sql` nor a `.rs` file, so it would never run"),
                help: match name.strip_suffix(".py") {
                    Some(stem) => format!(
                        "Alembic's Python does not run here: write what it does into `{stem}.sql`, under the same ids \
                         (`alembic upgrade <down_revision>:<revision> --sql` prints it)"
                    ),
                    None => "rename it to `<revision>_<slug>.sql`, or move it out of the versions directory".to_owned(),
                },
                hides_a_revision: name.to_ascii_lowercase().contains(".sql"),
            });
        }
    }
}

fn is_left_alone(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.ends_with(".md") || name.starts_with('#')
}

fn missing(shown: &str, exists: bool, help: &str) -> LoadProblem {
    let message = match exists {
        true => format!("`{shown}` is not a directory"),
        false => format!("there is no directory `{shown}`"),
    };
    LoadProblem {
        code: Code::MissingDirectory,
        path: shown.to_owned(),
        message,
        help: help.to_owned(),
        hides_a_revision: true,
    }
}

fn unreadable(path: String, error: &std::io::Error) -> LoadProblem {
    LoadProblem {
        code: Code::UnreadableFile,
        path,
        message: format!("this file cannot be read: {error}"),
        help: "mend its permissions or its link, or remove it".to_owned(),
        hides_a_revision: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_order_and_backups_are_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let versions = directory.path().join(VERSIONS);
        fs::create_dir(&versions).unwrap();
        for name in ["b.sql", "a.rs", ".#b.sql", "b.sql~", "README.md", "c.txt"] {
            fs::write(versions.join(name), name).unwrap();
        }
        fs::create_dir(versions.join("old")).unwrap();
        let sources = load(directory.path(), "m");
        let paths: Vec<_> = sources.iter().map(|(_, file)| file.path.as_str()).collect();
        assert_eq!(paths, ["m/versions/a.rs", "m/versions/b.sql"]);
        let problems: Vec<_> = sources.problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(problems, ["m/versions/c.txt", "m/versions/old"]);
    }

    #[test]
    fn a_file_that_may_be_a_revision_hides_a_gap() {
        let directory = tempfile::tempdir().unwrap();
        let versions = directory.path().join(VERSIONS);
        fs::create_dir(&versions).unwrap();
        let text = "-- m\n-- revision: c\n-- down_revision: b\n-- @upgrade\n-- @downgrade\n";
        fs::write(versions.join("c.sql"), text).unwrap();
        let said = |name: &str, is_directory: bool| {
            let path = versions.join(name);
            if is_directory { fs::create_dir(&path) } else { fs::write(&path, "") }.unwrap();
            let (_, findings) = crate::chain::verify(&load(directory.path(), "m"));
            if is_directory { fs::remove_dir(&path) } else { fs::remove_file(&path) }.unwrap();
            findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        assert_eq!(said("b_x.SQL", false), [Code::UnexpectedFile]);
        assert_eq!(said("2026", true), [Code::UnexpectedFile]);
        assert_eq!(said("b.sql", true), [Code::UnexpectedFile]);
        assert_eq!(said("notes.txt", false), [Code::UnexpectedFile, Code::NoBase]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_named_as_one() {
        let directory = tempfile::tempdir().unwrap();
        let versions = directory.path().join(VERSIONS);
        fs::create_dir(&versions).unwrap();
        std::os::unix::fs::symlink("nowhere", versions.join("a.sql")).unwrap();
        let sources = load(directory.path(), "m");
        assert_eq!(sources.problems[0].code, Code::UnreadableFile);
        assert_eq!(sources.problems[0].message, "this is a link to a file that does not exist");
    }

    #[test]
    fn a_missing_directory_is_a_problem_and_an_empty_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(load(&directory.path().join("none"), "none").problems.len(), 1);
        assert_eq!(load(directory.path(), "m").problems.len(), 1, "no versions directory");
        fs::create_dir(directory.path().join(VERSIONS)).unwrap();
        assert!(load(directory.path(), "m").problems.is_empty());
    }
}
