//! Files that are written whole or not at all.

use std::path::Path;
use std::{fs, io};

/// Puts a text in the place of a file's, keeping its permissions. The file may be absent.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // Behind a link is the file that is meant.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Hidden: should it stay behind, nobody takes it for a revision.
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let done = fs::write(&beside, text)
        .and_then(|()| match fs::metadata(&path) {
            Ok(metadata) => fs::set_permissions(&beside, metadata.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, &path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}
