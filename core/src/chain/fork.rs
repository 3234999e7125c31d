//! Several revisions that follow one thing: forks, and second bases.

use super::{Graph, Link};
use crate::config::listed;
use crate::{Code, Finding, Findings};

/// Reports forks and second bases. A fork at a member of a cycle is not another mistake: one of its two followers is the
/// cycle's own.
pub(super) fn report(graph: &Graph<'_>, in_cycle: &[bool], findings: &mut Findings) {
    let mut bases = Vec::new();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); graph.revisions.len()];
    for &position in &graph.nodes {
        match graph.links[position] {
            Link::Base => bases.push(position),
            Link::Follows(parent) => children[parent].push(position),
            Link::Unknown | Link::Broken => {}
        }
    }
    if bases.len() > 1 {
        findings.push(several(graph, Code::SeveralBases, &bases, "open the chain", &children));
    }
    for (parent, followers) in children.iter().enumerate() {
        if followers.len() > 1 && !in_cycle[parent] {
            let what = format!("follow `{}`", graph.id(parent));
            findings.push(several(graph, Code::Fork, followers, &what, &children));
        }
    }
}

/// Several revisions that follow one thing.
fn several(graph: &Graph<'_>, code: Code, rivals: &[usize], what: &str, children: &[Vec<usize>]) -> Finding {
    let [first, .., last] = *rivals else { return Finding::about(code, String::new(), what) };
    let starts = |position| format!("`{}` starts here", graph.id(position));
    let names: Vec<&str> = rivals.iter().map(|position| graph.id(*position)).collect();
    let message = format!("{} revisions {what}: {}", rivals.len(), listed(&names));
    let mut finding = Finding::at(code, graph.down_span(last), message).label(starts(last));
    for position in &rivals[..rivals.len() - 1] {
        finding = finding.also(graph.down_span(*position), starts(*position));
    }
    let tip = tip(first, children);
    // By itself the command finds the other head where there is one other.
    let onto = match rivals.len() == 2 && children.get(tip).is_none_or(Vec::is_empty) {
        true => String::new(),
        false => format!(" --onto {}", graph.id(tip)),
    };
    finding.help(format!(
        "decide which comes first; if it is `{}`, write `down_revision: {}` in {}\nor run `revchain rebase {}{onto}`",
        graph.id(first),
        graph.id(tip),
        graph.path(last),
        graph.id(last),
    ))
}

/// The tip of a branch, as far as it does not fork again.
fn tip(first: usize, children: &[Vec<usize>]) -> usize {
    let mut tip = first;
    // Bounded: a branch may run into a cycle.
    for _ in 0..children.len() {
        match children.get(tip).map(Vec::as_slice) {
            Some([only]) => tip = *only,
            _ => break,
        }
    }
    tip
}
