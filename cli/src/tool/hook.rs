//! Post-write hooks: formatters and the like that a new revision is given to.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use revchain_core::config::Hook;

use super::directory::Directory;
use crate::BoxError;

/// The word in a command that stands for the new file. Alembic's.
const PLACE: &str = "REVISION_SCRIPT_FILENAME";

/// A hook whose program is there.
#[derive(Debug)]
pub(super) struct Ready<'a> {
    hook: &'a Hook,
    program: PathBuf,
    cwd: Option<PathBuf>,
}

/// Looks for what a hook needs, before anything is written.
pub(super) fn check<'a>(directory: &Directory, hook: &'a Hook) -> Result<Ready<'a>, BoxError> {
    let name = hook.command.first().map_or("", String::as_str);
    let cwd = hook.cwd.as_ref().map(|cwd| directory.path.join(cwd));
    if let Some(cwd) = cwd.as_ref().filter(|cwd| !cwd.is_dir()) {
        return Err(format!("the hook `{name}` should run in `{}`, which is no directory", cwd.display()).into());
    }
    let found = if Path::new(name).components().count() > 1 {
        let beside = match &cwd {
            Some(cwd) => cwd.join(name),
            None => PathBuf::from(name),
        };
        runnable(&beside)
    } else {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).find_map(|place| runnable(&place.join(name)))
    };
    match found {
        // Where it is meant from must not depend on where it runs.
        Some(program) => Ok(Ready { hook, program: std::path::absolute(&program).unwrap_or(program), cwd }),
        None => Err(format!(
            "the hook `{name}` cannot run: there is no such program; install it, or mend `[[revision.hooks]]` in \
             `{}/revchain.toml`",
            directory.shown
        )
        .into()),
    }
}

fn runnable(path: &Path) -> Option<PathBuf> {
    if cfg!(windows) && path.extension().is_none() {
        return ["exe", "cmd", "bat"].iter().map(|end| path.with_extension(end)).find(|path| path.is_file());
    }
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    is_executable(&metadata).then(|| path.to_owned())
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_metadata: &fs::Metadata) -> bool {
    true
}

impl Ready<'_> {
    /// Gives the file to the program. What it prints goes to standard error.
    pub(super) fn run(&self, file: &Path) -> Result<(), String> {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let words = self.hook.command.get(1..).unwrap_or_default();
        let mut command = Command::new(&self.program);
        if !words.iter().any(|word| word.contains(PLACE)) {
            command.arg(&file);
        }
        for word in words {
            match word.as_str() {
                PLACE => command.arg(&file),
                word => command.arg(word.replace(PLACE, &file.to_string_lossy())),
            };
        }
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        let name = self.hook.command.first().map_or("", String::as_str);
        match command.stdin(Stdio::null()).stdout(io::stderr()).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the hook `{name}` failed ({status})")),
            Err(error) => Err(format!("the hook `{name}` cannot run: {error}")),
        }
    }
}
