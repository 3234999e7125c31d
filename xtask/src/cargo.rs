//! Finds the workspace and calls the cargo that called us.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Returns the folder of the workspace.
///
/// Cargo sets the variable at run time; the compiled-in path is only for a binary that is started by hand.
pub(crate) fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(PathBuf::from).unwrap_or(manifest)
}

/// Returns the path or name of cargo.
pub(crate) fn program() -> String {
    std::env::var("CARGO").ok().filter(|c| !c.is_empty()).unwrap_or_else(|| "cargo".to_owned())
}

/// Returns the variables that `cargo run` sets about xtask itself. A cargo that we start must not see them: what it
/// builds would then differ from what the same command builds when it is typed by hand.
pub(crate) fn own_variables() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        .collect()
}

/// Runs cargo in the workspace and returns what it printed to standard output.
///
/// # Errors
///
/// When cargo cannot be started or fails; its own message is part of the error.
pub(crate) fn output(arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(root());
    for name in own_variables() {
        command.env_remove(name);
    }
    let output = command.output().with_context(|| format!("cannot start `{}`", program()))?;
    if !output.status.success() {
        bail!("`cargo {}` failed\n{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
