//! `diagram`: the tables of a schema and their foreign keys, or what changes in them between two revisions, as a drawing.
//!
//! ```text
//! graph      Schema(s)   -> Graph      what is drawn: tables, rows, edges, and what became of each
//! layout     Graph       -> Layout     where it is drawn
//! svg        both        -> text
//! mermaid    Graph       -> text       Mermaid lays out by itself
//! ```

mod graph;
mod layout;
mod mermaid;
mod svg;

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;

use super::chosen::Chosen;
use super::command::{DiagramWords, Drawing};
use super::replayed::{Replayed, ends, put, summary};
use crate::BoxError;
use crate::output::place;

use graph::Graph;

pub(super) fn run(chosen: &Chosen, matches: &ArgMatches, words: &DiagramWords) -> Result<ExitCode, BoxError> {
    let changes = words.to.is_some() || words.revision.contains(':');
    let ends = if changes { Some(ends(&words.revision, words.to.as_deref())?) } else { None };
    let replayed = Replayed::of(chosen, matches, &words.of)?;
    let dialect = replayed.dialect.name();
    let (graph, unknown) = match ends {
        None => {
            let (schema, revision) = replayed.at(&words.revision)?;
            let title = format!("Schema at {}, {dialect}", place(revision));
            (Graph::of(&schema, title), replayed.unknown(&[&schema]))
        }
        Some(ends) => {
            let (before, from) = replayed.at(&ends.from)?;
            let (after, to) = replayed.at(&ends.to)?;
            let title = format!("Schema from {} to {}, {dialect}", place(from), place(to));
            (Graph::between(&before, &after, title), replayed.unknown(&[&before, &after]))
        }
    };
    let note = (!unknown.is_empty()).then(|| summary(&unknown));
    let drawing = words.format.unwrap_or_else(|| by_name(words.output.as_deref()));
    let text = match drawing {
        Drawing::Svg => svg::svg(&graph, &layout::layout(&graph), note.as_deref()),
        Drawing::Mermaid => mermaid::mermaid(&graph, note.as_deref()),
    };
    put(words.output.as_deref(), &text)?;
    replayed.warn(&unknown);
    Ok(ExitCode::SUCCESS)
}

/// What the name of a file says.
fn by_name(output: Option<&Path>) -> Drawing {
    match output.and_then(Path::extension).and_then(|extension| extension.to_str()) {
        Some("mmd" | "mermaid") => Drawing::Mermaid,
        _ => Drawing::Svg,
    }
}
