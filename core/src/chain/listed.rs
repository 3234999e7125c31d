//! Whether `revchain.lock` lists the chain: what git compares where branches meet has to be what is there.

use std::collections::HashSet;

use super::Graph;
use crate::lock::Lock;
use crate::revision::Id;
use crate::{Code, Finding, Findings, Severity};

const REMEDY: &str = "run `revchain lock`, which writes it down";

/// Compares the lock's order with the chain's, which is whole.
pub(super) fn report(graph: &Graph<'_>, lock: &Lock, order: &[usize], findings: &mut Findings) {
    let gone: Vec<&Id> = lock.order.iter().filter(|id| is_gone(graph, lock, &id.text)).collect();
    let listed: HashSet<&str> = lock.order.iter().map(|id| id.text.as_str()).collect();
    let is_unlisted = |node: &usize| !listed.contains(graph.id(*node));
    let unlisted: Vec<usize> = order.iter().copied().filter(is_unlisted).collect();
    for id in &gone {
        findings.push(lost(graph, id, &unlisted));
    }
    // Something is there under another id, as likely as not; where a file's name and its header disagree, that is said.
    if !gone.is_empty() || order.iter().any(|node| graph.is_misnamed(*node)) {
        return;
    }
    if let [first, rest @ ..] = unlisted.as_slice() {
        let message = match rest.len() {
            0 => format!("`revchain.lock` does not list `{}`", graph.id(*first)),
            more => format!("`revchain.lock` does not list `{}` and {more} more", graph.id(*first)),
        };
        let mut finding = Finding::at(Code::LockBehind, graph.id_span(*first), message);
        for node in rest.iter().take(3) {
            finding = finding.also(graph.id_span(*node), "nor this");
        }
        return findings.push(warning(finding));
    }
    let here = lock.order.iter().filter(|id| graph.by_id.contains_key(id.text.as_str()));
    let mut chain = order.iter().map(|node| graph.id(*node));
    for id in here {
        let message = match chain.next() {
            Some(next) if next == id.text => continue,
            Some(next) => format!("`revchain.lock` has `{}` where the chain has `{next}`", id.text),
            None => format!("`revchain.lock` lists `{}` twice", id.text),
        };
        return findings.push(warning(Finding::at(Code::LockBehind, id.span, message).of(&id.text)));
    }
}

fn warning(finding: Finding) -> Finding {
    Finding { severity: Severity::Warning, ..finding.help(REMEDY) }
}

/// Whether a line of the order has no revision, and nothing else says so.
fn is_gone(graph: &Graph<'_>, lock: &Lock, id: &str) -> bool {
    !graph.by_id.contains_key(id) && lock.released(id).is_none() && !graph.may_hide(id)
}

fn lost(graph: &Graph<'_>, id: &Id, unlisted: &[usize]) -> Finding {
    let name = id.text.as_str();
    let finding =
        Finding::at(Code::ListedGone, id.span, format!("`revchain.lock` lists `{name}`, which has no file")).of(name);
    match unlisted {
        [one] => finding.also(graph.id_span(*one), "not listed").help(format!(
            "if `{name}` is called `{}` now, or is not wanted any more, run `revchain lock`; otherwise bring its file back: \
             perhaps it was never added to version control",
            graph.id(*one)
        )),
        _ => finding.help(
            "bring its file back: perhaps it was never added to version control; if it is not wanted any more, run \
             `revchain lock`",
        ),
    }
}
