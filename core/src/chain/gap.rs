//! Where revisions point: to themselves, to a revision that is not there, or nowhere near a base.

use super::{Graph, Link};
use crate::revision::DownRevision;
use crate::suggest::nearest;
use crate::{Code, Finding, Findings};

/// Finds what every revision follows. Reports self-loops and gaps.
pub(super) fn resolve(graph: &mut Graph<'_>, findings: &mut Findings) {
    let mut gaps = Vec::new();
    let torn = torn(graph);
    let mut links = std::mem::take(&mut graph.links);
    for &position in &graph.nodes {
        let Some(down) = graph.down(position).filter(|_| !torn[position]) else { continue };
        links[position] = match &down.id {
            None => Link::Base,
            Some(parent) if parent == graph.id(position) => {
                findings.push(
                    Finding::at(Code::SelfLoop, down.span, format!("revision `{parent}` follows itself"))
                        .help("write the id of the revision before it, or `base` if it is the first"),
                );
                Link::Broken
            }
            Some(parent) => match graph.by_id.get(parent.as_str()) {
                Some(parent) => Link::Follows(*parent),
                None => {
                    gaps.push(position);
                    Link::Broken
                }
            },
        };
    }
    graph.links = links;
    if !gaps.is_empty() {
        report(graph, gaps, findings);
    }
}

/// Ids whose files disagree: which of two files with one id is the real one is not known, nor then what it follows.
fn torn(graph: &Graph<'_>) -> Vec<bool> {
    let down_id = |position| graph.down(position).map(|down| down.id.as_deref());
    let mut torn = vec![false; graph.revisions.len()];
    if graph.nodes.len() == graph.revisions.len() {
        return torn;
    }
    for position in 0..graph.revisions.len() {
        if let Some(&first) = graph.by_id.get(graph.id(position)) {
            torn[first] |= down_id(position) != down_id(first);
        }
    }
    torn
}

/// Reports gaps that no other mistake explains.
fn report(graph: &mut Graph<'_>, mut gaps: Vec<usize>, findings: &mut Findings) {
    // A file whose id could not be read at all may be the very one that is missed.
    let is_hidden = graph.sources.problems.iter().any(|problem| problem.hides_a_revision);
    if is_hidden || graph.revisions.iter().any(|revision| revision.id.is_none()) {
        return;
    }
    // A file that is named after the missed revision and says otherwise inside is the mistake, and is reported.
    let misnamed = misnamed(graph);
    gaps.retain(|&position| {
        let Some(parent) = graph.down(position).and_then(|down| down.id.as_deref()) else { return true };
        let meant = misnamed.iter().find(|other| **other != position && graph.is_named_after(**other, parent));
        if let Some(meant) = meant {
            graph.links[position] = Link::Follows(*meant);
        }
        meant.is_none()
    });
    let is_alone = gaps.len() == 1
        && !graph.links.contains(&Link::Base)
        && graph.nodes.iter().all(|position| gaps.contains(position) || graph.parent(*position).is_some());
    for position in gaps {
        let Some(down) = graph.down(position) else { continue };
        findings.push(gap(graph, position, down, is_alone));
    }
}

/// Files whose id is not what their name says, or is only guessed from it.
fn misnamed(graph: &Graph<'_>) -> Vec<usize> {
    let is_misnamed = |position: &usize| {
        let id = graph.id(*position);
        !graph.is_named_after(*position, id) || graph.sources.text(graph.id_span(*position)) != id
    };
    (0..graph.revisions.len()).filter(is_misnamed).collect()
}

/// A revision that follows one which is not there. `is_alone`: it is the only one that could open the chain.
fn gap(graph: &Graph<'_>, position: usize, down: &DownRevision, is_alone: bool) -> Finding {
    let (parent, span) = (down.id.as_deref().unwrap_or(""), down.span);
    let own = graph.id(position);
    let like = like(graph, position, parent);
    let is_none_word = matches!(
        parent.to_ascii_lowercase().trim_matches(['"', '\'', '<', '>']),
        "base" | "none" | "null" | "nil" | "root" | "-"
    );
    if is_alone && is_none_word {
        return Finding::at(
            Code::NoBase,
            span,
            format!("no revision opens the chain: `{own}` is the first, and its `down_revision` is `{parent}`"),
        )
        .help("write `down_revision: base`");
    }
    if is_alone && like.is_none() {
        return Finding::at(
            Code::NoBase,
            span,
            format!("no revision opens the chain: `{own}` is the first, and follows `{parent}`, which does not exist"),
        )
        .help("if it is the first revision, write `down_revision: base`; otherwise bring the missing file back");
    }
    let finding = Finding::at(Code::Gap, span, format!("`{own}` follows `{parent}`, which does not exist"))
        .label("no such revision");
    if is_none_word {
        return finding.help("if it is the first revision, write `down_revision: base`");
    }
    match like.map(|node| (graph.id(node), graph.path(node))) {
        Some((like, path)) if like.starts_with(parent) => {
            finding.help(format!("did you mean `{like}` ({path})? ids are written in full"))
        }
        Some((like, path)) => finding.help(format!("did you mean `{like}` ({path})?")),
        None if parent.contains([',', ' ']) => finding
            .help("a revision follows exactly one other: the chain is a line. Write the id of the newer of the two"),
        None => finding.help("write the id of the revision that it follows, or bring the missing file back"),
    }
}

/// The revision that was meant by an id which does not exist, if one is like it.
fn like(graph: &Graph<'_>, position: usize, parent: &str) -> Option<usize> {
    // A revision that comes after this one cannot be meant: that would be a circle.
    let after = descendants(graph, position);
    let candidates = || graph.nodes.iter().filter(|node| !after[**node]).map(|node| graph.id(*node));
    let like = candidates()
        .find(|id| id.eq_ignore_ascii_case(parent))
        .or_else(|| {
            let mut prefixed = candidates().filter(|id| !parent.is_empty() && id.starts_with(parent));
            prefixed.next().filter(|_| prefixed.next().is_none())
        })
        .or_else(|| nearest(parent, candidates()))?;
    graph.by_id.get(like).copied()
}

/// Which revisions lead to this one, itself included.
fn descendants(graph: &Graph<'_>, position: usize) -> Vec<bool> {
    // 0: not walked yet; 1: leads elsewhere, or is being walked; 2: leads here.
    let mut state = vec![0u8; graph.links.len()];
    state[position] = 2;
    let mut walk = Vec::new();
    for &start in &graph.nodes {
        let mut at = start;
        while state[at] == 0 {
            state[at] = 1;
            walk.push(at);
            match graph.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let found = state[at];
        for node in walk.drain(..) {
            state[node] = found;
        }
    }
    state.into_iter().map(|state| state == 2).collect()
}

#[cfg(test)]
mod tests {
    use crate::chain::tests::check;
    use crate::chain::verify;
    use crate::{Code, Sources};

    #[test]
    fn a_revision_that_follows_a_misnamed_files_name_is_not_another_mistake() {
        let said = check(&["a -> base", "b_x/b1 -> a", "c -> b"]);
        assert_eq!(said, "RC016: the header says `b1`, and the file is called `b_x.sql`");
    }

    #[test]
    fn what_comes_after_a_revision_is_not_suggested_to_it() {
        let mut sources = Sources::default();
        for (id, down) in [("0001", "0000"), ("0002", "0001"), ("0003", "0002")] {
            let path = format!("versions/{id}.sql");
            let text = format!("-- x\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n-- @downgrade\n");
            sources.add(path.clone(), path, text.into_bytes());
        }
        let findings: Vec<_> = verify(&sources).1.into_iter().collect();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, Code::NoBase);
        assert!(findings[0].help.as_deref().is_some_and(|help| !help.contains("0002")), "{findings:#?}");
    }

    #[test]
    fn the_word_for_no_revision_is_base() {
        for word in ["None", "null", "Base", "'base'", "<base>"] {
            let said = check(&[&format!("a -> {word}"), "b -> a"]);
            assert!(said.starts_with("RC106: no revision opens the chain: `a` is the first"), "{said}");
        }
    }
}
