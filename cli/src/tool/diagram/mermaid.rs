//! A graph as Mermaid's `erDiagram`, which GitHub and GitLab draw in a page. Its attributes take few characters: what it
//! doesn't take becomes `_`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::graph::{Edge, Graph};
use crate::tool::changes::Sign;

/// Readable on light and on dark: the text is dark, the ground light, always.
const CLASSES: [(Sign, &str); 3] = [
    (Sign::Added, "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
    (Sign::Removed, "fill:#ffebe9,stroke:#cf222e,color:#1f2328"),
    (Sign::Changed, "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
];

pub(super) fn mermaid(graph: &Graph, note: Option<&str>) -> String {
    let mut text = format!("---\ntitle: \"{}\"\n---\nerDiagram\n", plain(&graph.title));
    if let Some(note) = note {
        let _ = writeln!(text, "    %% {}", plain(note));
    }
    for table in &graph.tables {
        let doubt = if table.in_doubt { " ?" } else { "" };
        let sign = table.sign.map_or_else(String::new, |sign| format!("{} ", ascii(sign)));
        let shown = format!("{sign}{}{doubt}", table.name);
        let label = if shown == table.name { String::new() } else { format!("[\"{}\"]", plain(&shown)) };
        let _ = writeln!(text, "    {}{label} {{", entity(&table.name));
        for row in table.rows.iter().filter(|row| row.is_column) {
            let keys: Vec<&str> = [(row.is_primary, "PK"), (row.is_foreign, "FK")]
                .into_iter()
                .filter(|key| key.0)
                .map(|key| key.1)
                .collect();
            let mut line = format!("{} {}", word(&row.data_type, "unknown"), word(&row.name, "column"));
            if !keys.is_empty() {
                let _ = write!(line, " {}", keys.join(", "));
            }
            if let Some(sign) = row.sign {
                let _ = write!(line, " \"{} {}\"", ascii(sign), sign.name());
            }
            let _ = writeln!(text, "        {line}");
        }
        text.push_str("    }\n");
    }
    for edge in &graph.edges {
        let name = |at: usize| graph.tables.get(at).map_or_else(String::new, |table| entity(&table.name));
        let sign = edge.sign.map_or_else(String::new, |sign| format!("{} ", ascii(sign)));
        let (one, many) = ends(edge);
        let line = if edge.sign == Some(Sign::Removed) { ".." } else { "--" };
        let label = plain(&edge.label);
        let _ = writeln!(text, "    {} {one}{line}{many} {} : \"{sign}{label}\"", name(edge.to.0), name(edge.from.0));
    }
    let used: BTreeSet<Sign> = graph.tables.iter().filter_map(|table| table.sign).collect();
    for (sign, style) in CLASSES.iter().filter(|(sign, _)| used.contains(sign)) {
        let _ = writeln!(text, "    classDef {} {style}", sign.name());
        let of = graph.tables.iter().filter(|table| table.sign == Some(*sign)).map(|table| entity(&table.name));
        let _ = writeln!(text, "    class {} {}", of.collect::<Vec<_>>().join(","), sign.name());
    }
    text
}

/// How many rows there are at the end of the table that is referred to, and at the other.
fn ends(edge: &Edge) -> (&'static str, &'static str) {
    (if edge.is_optional { "|o" } else { "||" }, if edge.is_unique { "o|" } else { "o{" })
}

const fn ascii(sign: Sign) -> &'static str {
    match sign {
        Sign::Added => "+",
        Sign::Removed => "-",
        Sign::Changed => "~",
    }
}

/// The name of an entity: an identifier, with anything else in it as `_`.
fn entity(name: &str) -> String {
    word(&name.replace('.', "_"), "table")
}

/// A word as attributes have it.
fn word(text: &str, otherwise: &str) -> String {
    let mut word = String::with_capacity(text.len());
    let shortened = text.replace(" → ", "_to_").replace(", ", "_");
    for c in shortened.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')' | '[' | ']') => word.push(c),
            '\'' => {}
            _ => word.push('_'),
        }
    }
    match word.chars().next() {
        Some(first) if first.is_ascii_alphabetic() || first == '_' => word,
        Some(_) => format!("_{word}"),
        None => otherwise.to_owned(),
    }
}

/// A text in quotes, or in a comment.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ").replace('"', "'")
}
