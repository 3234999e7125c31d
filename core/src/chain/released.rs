//! What has been released stays as it is: `revchain.lock` says which revisions these are, in which order, and what each
//! of them did. A mistake here has consequences in the chain (a gap, a fork, a second base), which are not other mistakes.

use super::Graph;
use crate::lock::{Lock, Released};
use crate::revision::Language;
use crate::{Code, FileId, Finding, Findings, Severity, Span, checksum};

/// Reports released revisions that are gone, follow another one, or were edited. Gives the places where a header says what
/// is wrong in consequence.
pub(super) fn report(graph: &Graph<'_>, lock: &Lock, torn: &[FileId], findings: &mut Findings) -> Vec<Span> {
    let mut explained = Vec::new();
    let mut before: Option<&str> = None;
    for released in &lock.released {
        let id = released.id.text.as_str();
        match graph.by_id.get(id) {
            None if graph.may_hide(id) => {}
            None => {
                findings.push(gone(graph, released, before));
                let followers = graph.nodes.iter().filter(|node| graph.down_id(**node) == Some(id));
                explained.extend(followers.map(|follower| graph.down_span(*follower)));
            }
            Some(&position) => {
                let moved = graph.down(position).filter(|down| down.id.as_deref() != before);
                // What a Rust revision follows stands in the text that its checksum is of.
                let is_text = graph.revisions[position].language == Language::Rust;
                if let Some(down) = moved {
                    findings.push(elsewhere(released, down.id.as_deref(), before, down.span));
                    explained.push(down.span);
                }
                let is_known = moved.is_some() && is_text || torn.contains(&graph.revisions[position].file);
                if !is_known {
                    edited(graph, released, position, findings);
                }
            }
        }
        before = Some(id);
    }
    explained
}

/// The files of which not all could be read: what they do is not known.
pub(super) fn unread(findings: &Findings) -> Vec<FileId> {
    let is_about_files = |finding: &&Finding| finding.severity == Severity::Error && finding.code.number() < "RC1";
    findings.iter().filter(is_about_files).filter_map(|finding| Some(finding.primary.as_ref()?.span.file)).collect()
}

fn edited(graph: &Graph<'_>, released: &Released, position: usize, findings: &mut Findings) {
    if checksum::is_of_revision(graph.sources, &graph.revisions[position], released.checksum) {
        return;
    }
    let (id, path) = (released.id.text.as_str(), graph.path(position));
    findings.push(
        Finding::at(Code::ReleasedEdited, graph.id_span(position), format!("`{id}` was edited after its release"))
            .also(released.id.span, "what it was")
            .help(format!(
                "databases may have run it as it was: take the edit back (`git log -p -- {path}` shows it), and make the change \
                 in a new revision\n\
                 if none has, `revchain release --amend {id}` freezes it as it is now"
            )),
    );
}

fn gone(graph: &Graph<'_>, released: &Released, before: Option<&str>) -> Finding {
    let id = released.id.text.as_str();
    let mut finding =
        Finding::at(Code::ReleasedGone, released.id.span, format!("`{id}` has been released, and its file is gone"))
            .of(id);
    for node in graph.nodes.iter().filter(|node| graph.down_id(**node) == Some(id)) {
        finding = finding.also(graph.down_span(*node), "follows it");
    }
    finding.help(format!(
        "databases may be at it: bring the file back (`git log --stat -- '*{id}*'` finds it)\n\
         if none is, {}",
        unfreeze(id, before)
    ))
}

fn elsewhere(released: &Released, now: Option<&str>, before: Option<&str>, span: Span) -> Finding {
    let id = released.id.text.as_str();
    let (was, now) = (before.unwrap_or("base"), now.unwrap_or("base"));
    let message = match before {
        Some(before) => format!("`{id}` was released behind `{before}`, and now follows `{now}`"),
        None => format!("`{id}` was released as the first revision, and now follows `{now}`"),
    };
    Finding::at(Code::ReleasedMoved, span, message).also(released.id.span, "where it was").help(format!(
        "databases that are past it would miss what comes before it now: write `down_revision: {was}`, and put what is new \
         behind the newest revision\n\
         if none has run it, {}",
        unfreeze(id, before)
    ))
}

/// How to say that something was never deployed.
fn unfreeze(id: &str, before: Option<&str>) -> String {
    let from = if before.is_none() { "all lines" } else { "the lines" };
    format!(
        "take {from} from `{id}` on out of `[released]` in revchain.lock, and run `revchain release` once the chain is right"
    )
}
