//! Looks for programs in the folders where systems put them. Starts nothing.

use std::path::{Path, PathBuf};

/// Returns the folders to search: those of PATH, then `others`; or only the one that `variable` names, when it is set
/// (an empty value leaves nothing to find).
pub(super) fn folders(variable: &str, others: impl FnOnce() -> Vec<PathBuf>) -> Vec<PathBuf> {
    if let Some(only) = std::env::var_os(variable) {
        return if only.is_empty() { Vec::new() } else { vec![PathBuf::from(only)] };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|p| p.is_absolute()).collect();
    folders.extend(others());
    folders
}

/// Returns the folders `<parent>/<prefix><version>/<below>` that exist, the newest version first.
pub(super) fn versioned(places: &[(&str, &str, &str)]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, prefix, below) in places {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if let Some(version) = name.to_str().and_then(|n| n.strip_prefix(prefix)).and_then(version) {
                found.push((version, entry.path().join(below)));
            }
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

/// Reads `15` and `9.6` and nothing else.
fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Returns whether the folder has a file of this name.
pub(super) fn has(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["pg9.6", "pg15", "pg17", "pg", "pgadmin", "other18"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let parent = folder.path().to_str().unwrap();
        let expected = ["pg17/bin", "pg15/bin", "pg9.6/bin"].map(|p| folder.path().join(p));
        assert_eq!(versioned(&[(parent, "pg", "bin"), ("/no/such/place", "", "")]), expected);
    }
}
