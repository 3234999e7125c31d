//! Which file is which revision: ids that are there twice, that differ only in case, or that the file's name contradicts.

use std::collections::HashMap;

use super::Graph;
use crate::revision::Id;
use crate::{Code, Finding, Findings, parse};

/// Finds the file of each id. Reports duplicates, files that are named after another revision than their header, and
/// ids that differ only in case.
pub(super) fn index(graph: &mut Graph<'_>, findings: &mut Findings) {
    let duplicates = fill(graph);
    for (position, revision) in graph.revisions.iter().enumerate() {
        let Some(id) = &revision.id else { continue };
        match duplicates.get(id.text.as_str()) {
            Some(others) if others.first() == Some(&position) => findings.push(duplicate(graph, id, others)),
            Some(_) => {}
            // Told only where that is the whole mistake.
            None if parse::is_legal(&id.text) && !graph.is_named_after(position, &id.text) => {
                findings.push(name_mismatch(graph, position, id));
            }
            None => {}
        }
    }
    report_case_twins(graph, findings);
}

/// Finds the nodes, and gives the other files of their ids.
fn fill<'a>(graph: &mut Graph<'a>) -> HashMap<&'a str, Vec<usize>> {
    let mut duplicates: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, revision) in graph.revisions.iter().enumerate() {
        let Some(id) = &revision.id else { continue };
        let id = id.text.as_str();
        let Some(first) = graph.by_id.insert(id, position) else { continue };
        // The one that is named after it is the one that its followers mean.
        if !graph.is_named_after(first, id) && graph.is_named_after(position, id) {
            duplicates.entry(id).or_default().push(first);
        } else {
            graph.by_id.insert(id, first);
            duplicates.entry(id).or_default().push(position);
        }
    }
    graph.nodes = graph.by_id.values().copied().collect();
    graph.nodes.sort_unstable();
    duplicates
}

fn name_mismatch(graph: &Graph<'_>, position: usize, id: &Id) -> Finding {
    let relative = graph.relative(position);
    let name = relative.rsplit('/').next().unwrap_or(relative);
    let stem = parse::stem(relative);
    let slug = match stem.split_once('_') {
        Some((first, slug)) if parse::looks_like_id(first) => slug,
        _ => stem,
    };
    let extension = name.strip_prefix(stem).unwrap_or(".sql");
    Finding::at(Code::NameMismatch, id.span, format!("the header says `{}`, and the file is called `{name}`", id.text))
        .help(format!("rename the file to `{}_{slug}{extension}`, or mend the header", id.text))
}

fn duplicate(graph: &Graph<'_>, id: &Id, others: &[usize]) -> Finding {
    let id = id.text.as_str();
    let first = graph.by_id.get(id).copied().unwrap_or_default();
    let mut all = vec![first];
    all.extend_from_slice(others);
    // The guilty one is the one whose name says otherwise, if only one does: a file that was copied and not edited.
    let strangers: Vec<usize> = all.iter().copied().filter(|position| !graph.is_named_after(*position, id)).collect();
    let guilty = match strangers.as_slice() {
        [one] => *one,
        _ => others.last().copied().unwrap_or(first),
    };
    let message = match all.len() {
        ..=2 => format!("revision `{id}` exists twice"),
        times => format!("revision `{id}` exists {times} times"),
    };
    let mut finding = Finding::at(Code::Duplicate, graph.id_span(guilty), message);
    for position in all.into_iter().filter(|position| *position != guilty) {
        finding = finding.also(graph.id_span(position), "also here");
    }
    finding.help("give one of them an id of its own, in its header and in its file name")
}

/// MySQL's collations, and file systems that fold case, would take the two for one.
fn report_case_twins(graph: &Graph<'_>, findings: &mut Findings) {
    // Most ids have no case.
    if !graph.nodes.iter().any(|&position| has_upper_case(graph.id(position))) {
        return;
    }
    let mut folded: HashMap<String, usize> = HashMap::with_capacity(graph.nodes.len());
    for &position in &graph.nodes {
        let id = graph.id(position);
        let first = *folded.entry(id.to_ascii_lowercase()).or_insert(position);
        if first == position {
            continue;
        }
        let message = format!("revision ids `{}` and `{id}` differ only in case", graph.id(first));
        findings.push(
            Finding::at(Code::CaseTwins, graph.id_span(position), message)
                .also(graph.id_span(first), "the other")
                .help("MySQL compares them as equal; give one another id"),
        );
    }
}

/// By hand: asked for each id, in builds without optimisation.
fn has_upper_case(id: &str) -> bool {
    let bytes = id.as_bytes();
    let mut at = 0;
    while at < bytes.len() && !bytes[at].is_ascii_uppercase() {
        at += 1;
    }
    at < bytes.len()
}

#[cfg(test)]
mod tests {
    use crate::chain::tests::check;

    #[test]
    fn a_copied_file_that_was_not_edited_is_one_mistake() {
        let said = check(&["a -> base", "b_next/b -> a", "c_copy/b -> a"]);
        assert_eq!(said, "RC101: revision `b` exists twice");
        for down in ["base", "a", "b", "zzz"] {
            let copy = format!("a_copy/b -> {down}");
            let said = check(&["a -> base", "b_next/b -> a", &copy, "c -> b"]);
            assert_eq!(said, "RC101: revision `b` exists twice", "{down}");
        }
        let said = check(&["a -> base", "b_next/b -> a", "c_copy/b -> a", "d -> c"]);
        assert_eq!(said, "RC101: revision `b` exists twice", "`c` is the copy");
    }

    #[test]
    fn an_illegal_id_is_not_held_against_the_files_name() {
        assert!(check(&["a_x/a-b -> base"]).starts_with("RC013") && !check(&["a_x/a-b -> base"]).contains("RC016"));
    }
}
