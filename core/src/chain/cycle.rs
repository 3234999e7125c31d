//! Revisions that follow each other in a circle.

use super::Graph;
use crate::{Code, Finding, Findings};

/// Reports cycles, each once, its members in the order in which they follow each other, without the innocent revisions
/// that lead into it. Gives which revisions are members of one.
pub(super) fn report(graph: &Graph<'_>, findings: &mut Findings) -> Vec<bool> {
    let mut in_cycle = vec![false; graph.revisions.len()];
    // 0: not seen; n: seen on the walk that began at node n - 1.
    let mut seen = vec![0usize; graph.revisions.len()];
    for &start in &graph.nodes {
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = start + 1;
            match graph.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        // Only a walk that met itself, and not one that ended, has a revision to go on to.
        if seen[at] == start + 1 && graph.parent(at).is_some() {
            let members = members(graph, at);
            members.iter().for_each(|member| in_cycle[*member] = true);
            findings.push(cycle(graph, &members));
        }
    }
    in_cycle
}

/// The members of the cycle that a revision is on, from the first file on: the message doesn't depend on where the walk
/// began.
fn members(graph: &Graph<'_>, start: usize) -> Vec<usize> {
    let mut members = vec![start];
    let mut at = start;
    while let Some(parent) = graph.parent(at).filter(|parent| *parent != start) {
        members.push(parent);
        at = parent;
    }
    if let Some(least) = members.iter().enumerate().min_by_key(|(_, position)| **position).map(|(at, _)| at) {
        members.rotate_left(least);
    }
    members
}

fn cycle(graph: &Graph<'_>, members: &[usize]) -> Finding {
    let mut path: Vec<&str> = members.iter().map(|position| graph.id(*position)).collect();
    path.push(path[0]);
    let message = format!("{} revisions follow each other in a circle: {}", members.len(), path.join(" → "));
    let follows = |pair: &[&str]| format!("`{}` follows `{}`", pair[0], pair[1]);
    let mut finding = Finding::at(Code::Cycle, graph.down_span(members[0]), message).label(follows(&path[..2]));
    for (position, pair) in members.iter().zip(path.windows(2)).skip(1) {
        finding = finding.also(graph.down_span(*position), follows(pair));
    }
    finding.help("one of them must follow a revision outside the circle, or open the chain with `down_revision: base`")
}
