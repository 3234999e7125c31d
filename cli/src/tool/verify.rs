//! `verify`: every finding of a directory, for people, for programs and for GitHub.

use std::fmt::Write as _;
use std::process::ExitCode;

use revchain_core::revision::{Direction, RevisionFile};
use revchain_core::{Finding, Findings, Sources, VerifiedChain};
use serde_json::{Value, json};

use super::command::Verify;
use super::directory::{Directory, Faulty, rendered};
use super::reading::Reading;
use super::{sarif, unjudged};
use crate::BoxError;
use crate::json::object;
use crate::lines::counted;
use crate::output::print;
use crate::terminal::say;

pub(super) fn run(directory: &Directory, words: &Verify, json: bool) -> Result<ExitCode, BoxError> {
    let sources = directory.sources();
    let (chain, findings) = revchain_schema::verify(&sources);
    let unjudged = chain.as_ref().map(|chain| revchain_schema::unjudged(&sources, chain));
    let unread = unjudged.as_deref().unwrap_or_default();
    if json {
        let unread = unjudged.as_ref().map(|unread| unjudged::members(&sources, unread));
        print(&object("verify", json!({ "findings": members(&sources, &findings), "unjudged": unread })))?;
    } else if words.sarif {
        print(&sarif::log(&sources, &findings, unread))?;
    } else if words.github {
        print(&as_github(&sources, &findings))?;
        print(&unjudged::as_github(&sources, unread))?;
    } else if chain.is_none() {
        return Err(Faulty::new(directory, &sources, &findings).into());
    } else if !findings.is_empty() {
        say(&format!("{}\n\n", rendered(&sources, &findings)));
    }
    let Some(chain) = chain else { return Ok(ExitCode::FAILURE) };
    if !json && !words.sarif && !words.github {
        print(&format!("{}: {}\n", directory.shown, summary(&chain)))?;
        say(&unjudged::note(&sources, unread));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(chain: &VerifiedChain) -> String {
    let revisions = chain.revisions();
    let id = |revision: Option<&RevisionFile>| {
        revision.and_then(|revision| revision.id.as_ref()).map_or(String::new(), |id| id.text.clone())
    };
    match revisions.len() {
        0 => "an empty chain".to_owned(),
        count => format!(
            "{} from {} to {}, sound on {}",
            counted(count as u64, "revision"),
            id(revisions.first()),
            id(revisions.last()),
            chain.config().dialects
        ),
    }
}

/// Where a finding is, as programs want it.
pub(super) struct Place<'a> {
    pub(super) file: Option<&'a str>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) revision: Option<String>,
    pub(super) direction: Option<Direction>,
}

pub(super) fn place<'a>(sources: &'a Sources, finding: &'a Finding, revisions: &[RevisionFile]) -> Place<'a> {
    let Some(span) = finding.primary.as_ref().map(|label| label.span) else {
        let (file, revision) = (finding.path.as_deref(), finding.revision.clone());
        return Place { file, line: None, column: None, revision, direction: finding.direction };
    };
    let position = sources.position(span);
    let revision = revisions.iter().find(|revision| revision.file == span.file);
    let id = revision.and_then(|revision| revision.id.as_ref()).map(|id| id.text.clone());
    let section = revision.and_then(|revision| {
        revision
            .sections
            .iter()
            .find(|section| section.marker.start <= span.start && span.start < section.body.end.max(section.marker.end))
    });
    Place {
        file: Some(&sources.file(span.file).path),
        line: Some(position.line),
        column: Some(position.column),
        revision: finding.revision.clone().or(id),
        direction: finding.direction.or(section.map(|section| section.direction)),
    }
}

/// The findings for programs.
pub(super) fn members(sources: &Sources, findings: &Findings) -> Value {
    let revisions = Reading::of(sources).revisions;
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let place = place(sources, finding, &revisions);
            json!({
                "code": finding.code.number(),
                "name": finding.code.slug(),
                "severity": finding.severity.name(),
                "revision": place.revision,
                "direction": place.direction.map(Direction::name),
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "message": finding.message,
                "help": finding.help,
            })
        })
        .collect();
    findings.into()
}

/// Workflow commands. GitHub shows each beside the line that it names.
fn as_github(sources: &Sources, findings: &Findings) -> String {
    let mut text = String::new();
    for finding in findings.iter() {
        let place = place(sources, finding, &[]);
        let _ = write!(text, "::{} ", finding.severity.name());
        if let Some(file) = place.file {
            let _ = write!(text, "file={},", property(file));
        }
        if let (Some(line), Some(column)) = (place.line, place.column) {
            let _ = write!(text, "line={line},col={column},");
        }
        let _ = write!(text, "title={} {}::{}", finding.code, finding.code.slug(), data(&finding.message));
        if let Some(help) = &finding.help {
            let _ = write!(text, "%0A{}", data(help));
        }
        text.push('\n');
    }
    text
}

pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_command_is_one_line() {
        assert_eq!(data("100%\r\nof it"), "100%25%0D%0Aof it");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
