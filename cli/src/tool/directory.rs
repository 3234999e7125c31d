//! Which migrations directory is meant, and what is in it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use clap::builder::styling::{AnsiColor, Style};
use revchain::model::TableModel;
use revchain_core::render::{self, Part};
use revchain_core::{Finding, Findings, Severity, Sources, VerifiedChain, chain, load};
use serde_json::Value;

use super::verify;
use crate::BoxError;
use crate::failure::{Failure, error_text};
use crate::lines::counted;
use crate::terminal::{ERROR, HELP, lines, painted, say};

/// The environment variable that names a `revchain.toml`.
const VARIABLE: &str = "REVCHAIN_CONFIG";

/// The name that a migrations directory has by habit.
pub(super) const HABIT: &str = "migrations";

/// A migrations directory.
#[derive(Debug)]
pub(super) struct Directory {
    /// Where it is.
    pub(super) path: PathBuf,
    /// How messages name it: relative to where the user is, with `/` between its parts.
    pub(super) shown: String,
    /// Whose program this is.
    pub(super) program: Program,
}

/// Whose program works on a directory.
#[derive(Debug, Clone, Copy)]
pub(super) enum Program {
    /// revchain's own: it has to ask for models.
    Tool,
    /// The application's, with its models where it was told of any.
    Application(Option<&'static [&'static TableModel]>),
}

impl Directory {
    /// A directory to work on with the tool.
    pub(super) fn at(path: PathBuf, shown: String) -> Directory {
        Directory { path, shown, program: Program::Tool }
    }

    /// The one that is named, in `--config` or else in the environment, or else the nearest: here, or above.
    pub(super) fn find(given: Option<&Path>) -> Result<Directory, BoxError> {
        if let Some(file) = given {
            return Directory::of(file, "--config");
        }
        if let Some(file) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            return Directory::of(Path::new(&file), VARIABLE);
        }
        let here = std::env::current_dir().map_err(|error| format!("the current directory is lost: {error}"))?;
        let mut shown = String::new();
        for above in here.ancestors() {
            let habit = above.join(HABIT);
            if habit.join(load::CONFIG).is_file() || habit.join(load::VERSIONS).is_dir() {
                return Ok(Directory::at(habit, format!("{shown}{HABIT}")));
            }
            if above.join(load::CONFIG).is_file() {
                let shown = if shown.is_empty() { "." } else { shown.trim_end_matches('/') };
                return Ok(Directory::at(above.to_owned(), shown.to_owned()));
            }
            shown.push_str("../");
        }
        Err(format!(
            "there is no `{HABIT}/{}` here or in a directory above (searched from {})\n  \
             make one with `revchain init`, or name one with --config",
            load::CONFIG,
            here.display()
        )
        .into())
    }

    /// The directory of a file that the user named.
    fn of(file: &Path, by: &str) -> Result<Directory, BoxError> {
        let shown = file.display();
        let metadata = fs::metadata(file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("{by} names `{shown}`, which does not exist"),
            _ => format!("{by} names `{shown}`, which cannot be read: {error}"),
        })?;
        let directory = match file {
            directory if metadata.is_dir() => directory,
            file if file.file_name().is_some_and(|name| name == load::CONFIG) => file.parent().unwrap_or(Path::new("")),
            _ => {
                return Err(format!(
                    "{by} names `{shown}`, which is no `{}`: that is what a migrations directory's settings are called",
                    load::CONFIG
                )
                .into());
            }
        };
        let path = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let shown = path.display().to_string().replace('\\', "/");
        Ok(Directory::at(path.to_owned(), shown.trim_end_matches('/').to_owned()))
    }

    /// Everything in it.
    pub(super) fn sources(&self) -> Sources {
        load::load(&self.path, &self.shown)
    }

    /// Its chain, or all that is wrong with it. Warnings are said.
    pub(super) fn verified(&self) -> Result<(Sources, VerifiedChain), Faulty> {
        let sources = self.sources();
        let (chain, findings) = chain::verify(&sources);
        match chain {
            Some(chain) => {
                if !findings.is_empty() {
                    say(&format!("{}\n\n", rendered(&sources, &findings)));
                }
                Ok((sources, chain))
            }
            None => Err(Faulty::new(self, &sources, &findings)),
        }
    }
}

/// A directory whose chain is faulty: what the compiler would say.
#[derive(Debug)]
pub(super) struct Faulty {
    /// In colours.
    findings: String,
    summary: String,
    /// For programs.
    members: Value,
}

impl Faulty {
    pub(super) fn new(directory: &Directory, sources: &Sources, findings: &Findings) -> Faulty {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let summary = format!("`{}` has {}", directory.shown, counted(errors as u64, "error"));
        Faulty { findings: rendered(sources, findings), summary, members: verify::members(sources, findings) }
    }

    /// What a command says that needed a sound directory.
    pub(super) fn failure(&self) -> Failure {
        // A finding says by itself that it is an error.
        let text = format!("{}\n\n{}", self.findings, error_text(&self.summary));
        let mut failure = Failure::new("findings", 1, text, &self.summary, None);
        failure.insert("findings", self.members.clone());
        failure
    }

    /// How many errors there are, and where.
    pub(super) fn summary(&self) -> &str {
        &self.summary
    }

    /// Says what became of what was asked for.
    pub(super) fn so(mut self, consequence: &str) -> Faulty {
        self.summary = format!("{}; {consequence}", self.summary);
        self
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

impl std::error::Error for Faulty {}

/// All findings in colours, a blank line between them.
pub(super) fn rendered(sources: &Sources, findings: &Findings) -> String {
    let texts: Vec<String> = findings.iter().map(|finding| coloured(sources, finding)).collect();
    texts.join("\n\n")
}

/// A finding in the compiler's colours.
fn coloured(sources: &Sources, finding: &Finding) -> String {
    let render::Rendered { text, parts } = render::render_parts(sources, finding, true);
    let warning = AnsiColor::Yellow.on_default().bold();
    let lead = if finding.severity == Severity::Error { ERROR } else { warning };
    let mut shown = String::new();
    let mut at = 0;
    for (part, range) in parts {
        let style = match part {
            Part::Lead | Part::Primary => lead,
            Part::Message => Style::new().bold(),
            Part::Frame | Part::Secondary => AnsiColor::Blue.on_default().bold(),
            Part::Help => HELP,
        };
        shown.push_str(&lines(text.get(at..range.start).unwrap_or_default()));
        shown.push_str(&painted(style, lines(text.get(range.clone()).unwrap_or_default())));
        at = range.end;
    }
    shown.push_str(&lines(text.get(at..).unwrap_or_default()));
    shown
}
