//! Shows that `revchain` stays small at run time: an application that depends on it alone gets no SQL or Rust parser,
//! no TOML reader, no regular expressions and no command line.
//!
//! Proc macros are left out of the count: they run in the compiler and are not linked in.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::cargo;
use crate::tree::{self, Node};

/// What must not reach an application.
const FORBIDDEN: [&str; 13] = [
    "clap",
    "clap_builder",
    "proc-macro2",
    "quote",
    "regex",
    "regex-automata",
    "revchain-core",
    "revchain-reflect",
    "revchain-schema",
    "sqlparser",
    "syn",
    "toml",
    "toml_parser",
];

/// The sets of `revchain`'s features that are looked at: none, each driver alone, all; and with what tests of applications have. (`prove`
/// reads the migrations, and so brings their parser: to tests alone.)
const FEATURE_SETS: [&str; 6] =
    ["", "postgres", "mysql", "sqlite", "postgres,mysql,sqlite", "postgres,mysql,sqlite,test"];

/// Looks at each set of features; `target` is what cargo takes (`all` for every platform), the host when absent.
///
/// # Errors
///
/// When cargo fails, or when a forbidden package is in a tree; the message names the way to it.
pub(crate) fn run(target: Option<&str>) -> Result<ExitCode> {
    for features in FEATURE_SETS {
        let mut arguments = vec!["tree", "--locked", "--package", "revchain", "--edges", "normal,no-proc-macro"];
        arguments.extend(["--prefix", "depth", "--format", tree::FORMAT]);
        arguments.extend(["--no-default-features", "--features", features]);
        if let Some(target) = target {
            arguments.extend(["--target", target]);
        }
        let nodes = tree::parse(&cargo::output(&arguments)?);
        let shown = if features.is_empty() { "no features" } else { features };
        if !nodes.iter().any(|node| node.name == "sqlx-core") {
            bail!("`cargo tree` shows no `sqlx-core` under `revchain` ({shown}): its output was not understood");
        }
        if let Some(node) = forbidden(&nodes) {
            bail!("`revchain` ({shown}) brings `{}` into the application: {}", node.name, node.path.join(" → "));
        }
        let mut names: Vec<_> = nodes.iter().map(|node| (&node.name, &node.version)).collect();
        names.sort_unstable();
        names.dedup();
        println!("diet: revchain with {shown}: {} packages, none of them forbidden", names.len());
    }
    Ok(ExitCode::SUCCESS)
}

fn forbidden(nodes: &[Node]) -> Option<&Node> {
    nodes.iter().find(|node| FORBIDDEN.contains(&node.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_way_to_a_forbidden_package() {
        let nodes = tree::parse("0revchain v0.1.0\n1sqlx v0.9.0\n2sqlx-core v0.9.0\n3regex v1.0.0\n");
        assert_eq!(forbidden(&nodes).unwrap().path.join(" → "), "revchain → sqlx → sqlx-core → regex");
    }

    #[test]
    fn knows_names_and_not_parts_of_names() {
        let nodes = tree::parse("0revchain v0.1.0\n1sync_wrapper v1.0.0\n1regex-lite v1.0.0\n");
        assert_eq!(forbidden(&nodes), None);
    }
}
