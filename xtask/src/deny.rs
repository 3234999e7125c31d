//! Enforces the licences and bans of deny.toml.
//!
//! The file is in cargo-deny's own format and cargo-deny reads it too (its advisories need its database). Compiling
//! that tool costs a test run more than everything else together, so what the file states is checked here. A key that
//! this does not enforce is refused: the file promises nothing that nobody checks.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use toml::de::{DeTable, DeValue};

use crate::cargo;
use crate::licence;
use crate::tree::{self, Node};

/// What deny.toml asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Rules {
    allow: Vec<String>,
    /// Accepted for one package only.
    exceptions: Vec<Exception>,
    bans: Vec<Ban>,
}

#[derive(Debug, PartialEq, Eq)]
struct Exception {
    package: String,
    allow: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Ban {
    package: String,
    /// The only packages that may depend on it.
    wrappers: Vec<String>,
    reason: String,
}

/// Checks every package that the workspace builds on any platform, its tests included.
///
/// # Errors
///
/// When deny.toml cannot be read, cargo fails, or a package breaks a rule.
pub(crate) fn run() -> Result<ExitCode> {
    let path = cargo::root().join("deny.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let rules = Rules::parse(&text).context("deny.toml")?;
    let mut arguments = vec!["tree", "--locked", "--workspace", "--all-features", "--target", "all"];
    arguments.extend(["--edges", "normal,build,dev", "--prefix", "depth", "--format", tree::FORMAT]);
    let nodes = tree::parse(&cargo::output(&arguments)?);
    if !nodes.iter().any(|node| node.name == "sqlx-core") {
        bail!("`cargo tree` shows no `sqlx-core`: its output was not understood");
    }
    let findings = rules.findings(&nodes);
    if !findings.is_empty() {
        bail!("deny.toml is broken by {} package(s)\n{}", findings.len(), findings.join("\n"));
    }
    let mut packages: Vec<_> = nodes.iter().map(|node| (&node.name, &node.version)).collect();
    packages.sort_unstable();
    packages.dedup();
    println!("deny: {} packages, licences and bans hold", packages.len());
    Ok(ExitCode::SUCCESS)
}

impl Rules {
    fn parse(text: &str) -> Result<Rules> {
        let mut rules = Rules::default();
        let document = DeTable::parse(text)?;
        for (section, value) in document.get_ref() {
            let section = section.get_ref();
            let table = value.get_ref().as_table().with_context(|| format!("`{section}` is not a table"))?;
            for (key, value) in table {
                let (key, value) = (key.get_ref(), value.get_ref());
                match (section.as_ref(), key.as_ref()) {
                    // What the check above always does.
                    ("graph", "all-features") if value.as_bool() == Some(true) => {}
                    ("licenses", "allow") => rules.allow = strings(value).context("licenses.allow")?,
                    ("licenses", "exceptions") => {
                        for entry in tables(value).context("licenses.exceptions")? {
                            let package = package(entry).context("licenses.exceptions")?;
                            let allow = get(entry, "allow").with_context(|| format!("`{package}`: no `allow`"))?;
                            rules.exceptions.push(Exception { package, allow: strings(allow)? });
                        }
                    }
                    ("bans", "multiple-versions") if value.as_str() == Some("allow") => {}
                    ("bans", "deny") => {
                        for entry in tables(value).context("bans.deny")? {
                            let package = package(entry).context("bans.deny")?;
                            let wrappers = get(entry, "wrappers").map(strings).transpose()?.unwrap_or_default();
                            let reason = get(entry, "reason").and_then(DeValue::as_str).unwrap_or_default().to_owned();
                            rules.bans.push(Ban { package, wrappers, reason });
                        }
                    }
                    _ => bail!(
                        "this value of `{section}.{key}` is not enforced by `cargo xtask deny`; teach it or remove it"
                    ),
                }
            }
        }
        Ok(rules)
    }

    /// Returns a line for each broken rule, in order of packages, without repetitions.
    fn findings(&self, nodes: &[Node]) -> Vec<String> {
        let mut findings = Vec::new();
        for node in nodes {
            let Node { name, version, licence, .. } = node;
            let mut allow = self.allow.clone();
            allow.extend(self.exceptions.iter().filter(|e| e.package == *name).flat_map(|e| e.allow.iter().cloned()));
            if !licence::accepted(licence, &allow) {
                let stated =
                    if licence.is_empty() { "states no licence".to_owned() } else { format!("is `{licence}`") };
                findings.push(format!("`{name}` {version} {stated}, which deny.toml does not allow"));
            }
            for ban in self.bans.iter().filter(|ban| ban.package == *name) {
                match node.parent() {
                    Some(parent) if ban.wrappers.iter().any(|w| w == parent) => {}
                    parent => findings.push(format!(
                        "`{name}` {version} is banned ({}), but `{}` depends on it",
                        ban.reason,
                        parent.unwrap_or("the workspace")
                    )),
                }
            }
        }
        findings.sort_unstable();
        findings.dedup();
        findings
    }
}

fn get<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeValue<'i>> {
    table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value.get_ref())
}

fn strings(value: &DeValue<'_>) -> Result<Vec<String>> {
    let list = value.as_array().context("not a list")?;
    list.iter().map(|v| v.get_ref().as_str().map(str::to_owned).context("not a list of strings")).collect()
}

fn tables<'a, 'i>(value: &'a DeValue<'i>) -> Result<Vec<&'a DeTable<'i>>> {
    let list = value.as_array().context("not a list")?;
    list.iter().map(|v| v.get_ref().as_table().context("not a list of tables")).collect()
}

fn package(entry: &DeTable<'_>) -> Result<String> {
    for (key, _) in entry {
        let key = key.get_ref();
        if !["crate", "allow", "wrappers", "reason"].contains(&key.as_ref()) {
            bail!("`{key}` is not enforced by `cargo xtask deny`; teach it or remove it");
        }
    }
    let name = get(entry, "crate").and_then(DeValue::as_str).context("an entry without `crate`")?;
    if name.contains([':', '@']) {
        bail!("`{name}`: versions are not enforced by `cargo xtask deny`");
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "hash", allow = ["Zlib"] }]
        [bans]
        deny = [{ crate = "clap", wrappers = ["cli"], reason = "libraries do not speak" }, { crate = "regex" }]
    "#;

    #[test]
    fn finds_what_breaks_a_rule() {
        let rules = Rules::parse(RULES).unwrap();
        for (tree, expected) in [
            ("0cli v1.0.0\tMIT\n1clap v4.0.0\tMIT\n1hash v1.0.0\tZlib\n", &[][..]),
            (
                "0cli v1.0.0\tMIT\n1other v1.0.0\tMIT\n2clap v4.0.0\tMIT\n",
                &["`clap` 4.0.0 is banned (libraries do not speak), but `other` depends on it"][..],
            ),
            ("0cli v1.0.0\tMIT\n1regex v1.0.0\tMIT\n", &["`regex` 1.0.0 is banned (), but `cli` depends on it"]),
            ("0a v1.0.0\tZlib\n", &["`a` 1.0.0 is `Zlib`, which deny.toml does not allow"]),
            ("0a v1.0.0\t\n1a v1.0.0\t (*)\n", &["`a` 1.0.0 states no licence, which deny.toml does not allow"]),
        ] {
            assert_eq!(rules.findings(&tree::parse(tree)), expected, "{tree}");
        }
    }

    #[test]
    fn refuses_what_it_does_not_enforce() {
        for (text, part) in [
            ("[sources]\nunknown-git = \"deny\"", "`sources.unknown-git`"),
            ("[bans]\nmultiple-versions = \"deny\"", "`bans.multiple-versions`"),
            ("[bans]\ndeny = [{ crate = \"a\", use-instead = \"b\" }]", "`use-instead`"),
            ("[bans]\ndeny = [{ crate = \"a@1\" }]", "`a@1`"),
            ("[bans]\ndeny = [\"a\"]", "not a list of tables"),
            ("[licenses]\nallow = \"MIT\"", "not a list"),
        ] {
            let message = format!("{:#}", Rules::parse(text).unwrap_err());
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
