//! Linking: revision files become a [`VerifiedChain`], or findings say why they can't. Holding a `VerifiedChain` is the
//! proof that there is one base and one head, no gap, no fork and no cycle; there is no other way to get one.

use std::collections::HashMap;

use crate::config::{self, Config};
use crate::revision::{DownRevision, Id, RevisionFile};
use crate::suggest::nearest;
use crate::{Code, FileId, Finding, Findings, Sources, Span, check, load, parse};

/// A chain without a fault, from base to head.
#[derive(Debug, Clone)]
pub struct VerifiedChain {
    config: Config,
    revisions: Vec<RevisionFile>,
}

impl VerifiedChain {
    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The revisions, from base to head.
    pub fn revisions(&self) -> &[RevisionFile] {
        &self.revisions
    }
}

/// Parses, checks and links everything, and gives every finding at once, in the order of the files. There is a chain
/// exactly where there is no error.
///
/// ```
/// use revchain_core::{Sources, chain::verify};
///
/// let mut sources = Sources::default();
/// let text = "-- First\n-- revision: a1\n-- down_revision: base\n\n-- @upgrade\nSELECT 1;\n-- @downgrade\n";
/// sources.add("versions/a1_first.sql", "versions/a1_first.sql", text.into());
/// let (chain, findings) = verify(&sources);
/// assert!(findings.is_empty());
/// assert_eq!(chain.map(|chain| chain.revisions().len()), Some(1));
/// ```
pub fn verify(sources: &Sources) -> (Option<VerifiedChain>, Findings) {
    let mut findings = Findings::default();
    for problem in &sources.problems {
        findings.push(
            Finding::about(problem.code, problem.path.clone(), problem.message.clone()).help(problem.help.clone()),
        );
    }
    let config_path = format!("/{}", load::CONFIG);
    let is_config_lost = sources.problems.iter().any(|problem| problem.path.ends_with(&config_path));
    let mut config = if is_config_lost { Config::unknown() } else { Config::default() };
    let mut revisions = Vec::new();
    for (id, file) in sources.iter() {
        if file.relative == load::CONFIG {
            config = config::read(sources, id, &mut findings);
        } else {
            let revision = parse::parse(sources, id, &config, &mut findings);
            check::check_statements(&revision.sections, sources, config.dialects, &mut findings);
            revisions.push(revision);
        }
    }
    let order = link(sources, &revisions, &mut findings);
    findings.sort();
    if findings.has_errors() {
        return (None, findings);
    }
    let mut slots: Vec<Option<RevisionFile>> = revisions.into_iter().map(Some).collect();
    let revisions = order.into_iter().filter_map(|position| slots.get_mut(position).and_then(Option::take)).collect();
    (Some(VerifiedChain { config, revisions }), findings)
}

/// What a revision follows, as far as it can be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// The header does not say; a finding says so already.
    Unknown,
    Base,
    /// The position of the revision that it follows.
    Follows(usize),
    /// A faulty link that a finding names.
    Broken,
}

/// Finds what is wrong between files, and the order from base to head where nothing is.
fn link(sources: &Sources, revisions: &[RevisionFile], findings: &mut Findings) -> Vec<usize> {
    let by_id = index(sources, revisions, findings);
    report_case_twins(revisions, &by_id, findings);
    let nodes: Vec<usize> = (0..revisions.len())
        .filter(|position| id(&revisions[*position]).is_some_and(|id| by_id.get(id.text.as_str()) == Some(position)))
        .collect();
    let links = resolve(sources, revisions, &nodes, &by_id, findings);
    let in_cycle = report_cycles(revisions, &nodes, &links, findings);
    report_forks(sources, revisions, &nodes, &links, &in_cycle, findings);
    order(&nodes, &links)
}

fn id(revision: &RevisionFile) -> Option<&Id> {
    revision.id.as_ref()
}

/// The first file of each id. Later ones are duplicates; a file that is named after another revision than its header
/// is reported only when that is the whole mistake.
fn index<'a>(sources: &Sources, revisions: &'a [RevisionFile], findings: &mut Findings) -> HashMap<&'a str, usize> {
    let mut by_id: HashMap<&str, usize> = HashMap::with_capacity(revisions.len());
    let mut duplicates: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, revision) in revisions.iter().enumerate() {
        let Some(id) = id(revision) else { continue };
        match by_id.get(id.text.as_str()).copied() {
            None => {
                by_id.insert(&id.text, position);
            }
            // The one that is named after it is the one that its followers mean.
            Some(first)
                if !is_named_after(sources, &revisions[first], &id.text)
                    && is_named_after(sources, revision, &id.text) =>
            {
                by_id.insert(&id.text, position);
                duplicates.entry(&id.text).or_default().push(first);
            }
            Some(_) => duplicates.entry(&id.text).or_default().push(position),
        }
    }
    for (position, revision) in revisions.iter().enumerate() {
        let Some(id) = id(revision) else { continue };
        let named_after_it = is_named_after(sources, revision, &id.text);
        match duplicates.get(id.text.as_str()) {
            Some(others) if others.first() == Some(&position) => {
                report_duplicates(sources, revisions, id, others, &by_id, findings);
            }
            Some(_) => {}
            None if !named_after_it && parse::is_legal(&id.text) => findings.push(name_mismatch(sources, revision, id)),
            _ => {}
        }
    }
    by_id
}

fn is_named_after(sources: &Sources, revision: &RevisionFile, id: &str) -> bool {
    parse::is_named_after(parse::stem(&sources.file(revision.file).relative), id)
}

fn name_mismatch(sources: &Sources, revision: &RevisionFile, id: &Id) -> Finding {
    let relative = &sources.file(revision.file).relative;
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

fn report_duplicates(
    sources: &Sources,
    revisions: &[RevisionFile],
    id: &Id,
    others: &[usize],
    by_id: &HashMap<&str, usize>,
    findings: &mut Findings,
) {
    let first = by_id.get(id.text.as_str()).copied().unwrap_or_default();
    let mut all = vec![first];
    all.extend_from_slice(others);
    // The guilty one is the one whose name says otherwise, if only one does: a file that was copied and not edited.
    let strangers: Vec<usize> =
        all.iter().copied().filter(|position| !is_named_after(sources, &revisions[*position], &id.text)).collect();
    let guilty = match strangers.as_slice() {
        [one] => *one,
        _ => others.last().copied().unwrap_or(first),
    };
    let Some(guilty_id) = revisions.get(guilty).and_then(|revision| revision.id.as_ref()) else { return };
    let mut finding = Finding::at(Code::Duplicate, guilty_id.span, format!("revision `{}` exists twice", id.text));
    if all.len() > 2 {
        finding.message = format!("revision `{}` exists {} times", id.text, all.len());
    }
    for position in all {
        if let Some(other) = revisions.get(position).filter(|_| position != guilty).and_then(id_of) {
            finding = finding.also(other.span, "also here");
        }
    }
    findings.push(finding.help("give one of them an id of its own, in its header and in its file name"));
}

fn id_of(revision: &RevisionFile) -> Option<&Id> {
    revision.id.as_ref()
}

/// MySQL's collations, and file systems that fold case, would take the two for one.
fn report_case_twins(revisions: &[RevisionFile], by_id: &HashMap<&str, usize>, findings: &mut Findings) {
    let mut folded: HashMap<String, usize> = HashMap::with_capacity(by_id.len());
    for (position, revision) in revisions.iter().enumerate() {
        let Some(id) = id(revision).filter(|id| by_id.get(id.text.as_str()) == Some(&position)) else { continue };
        match folded.entry(id.text.to_ascii_lowercase()) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(position);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                if let Some(first) = revisions.get(*entry.get()).and_then(id_of) {
                    findings.push(
                        Finding::at(
                            Code::CaseTwins,
                            id.span,
                            format!("revision ids `{}` and `{}` differ only in case", first.text, id.text),
                        )
                        .also(first.span, "the other")
                        .help("MySQL compares them as equal; give one another id"),
                    );
                }
            }
        }
    }
}

fn down_id(revision: &RevisionFile) -> Option<Option<&str>> {
    revision.down_revision.as_ref().map(|down| down.id.as_deref())
}

/// Where every revision points, gaps and self-loops reported.
fn resolve(
    sources: &Sources,
    revisions: &[RevisionFile],
    nodes: &[usize],
    by_id: &HashMap<&str, usize>,
    findings: &mut Findings,
) -> Vec<Link> {
    let mut links = vec![Link::Unknown; revisions.len()];
    let mut gaps = Vec::new();
    // Which of two files with one id is the real one is not known, nor then what it follows.
    let mut torn = vec![false; revisions.len()];
    for revision in revisions {
        let first = id(revision).and_then(|id| by_id.get(id.text.as_str()));
        if let Some(&first) = first {
            torn[first] |= down_id(revision) != down_id(&revisions[first]);
        }
    }
    for &position in nodes {
        let revision = &revisions[position];
        let Some(down) = revision.down_revision.as_ref().filter(|_| !torn[position]) else { continue };
        links[position] = match &down.id {
            None => Link::Base,
            Some(parent) if revision.id.as_ref().is_some_and(|id| id.text == *parent) => {
                findings.push(
                    Finding::at(Code::SelfLoop, down.span, format!("revision `{parent}` follows itself"))
                        .help("write the id of the revision before it, or `base` if it is the first"),
                );
                Link::Broken
            }
            Some(parent) => match by_id.get(parent.as_str()) {
                Some(parent) => Link::Follows(*parent),
                None => {
                    gaps.push(position);
                    Link::Broken
                }
            },
        };
    }
    // A file whose id could not be read at all may be the very one that is missed.
    if gaps.is_empty() {
        return links;
    }
    let is_hidden = sources.problems.iter().any(|problem| problem.hides_a_revision);
    if is_hidden || revisions.iter().any(|revision| revision.id.is_none()) {
        return links;
    }
    // A file that is named after the missed revision and says otherwise inside is the mistake, and is reported.
    let misnamed: Vec<usize> = (0..revisions.len())
        .filter(|position| {
            let id = revisions[*position].id.as_ref();
            id.is_some_and(|id| {
                !is_named_after(sources, &revisions[*position], &id.text) || sources.text(id.span) != id.text
            })
        })
        .collect();
    gaps.retain(|position| {
        let Some(parent) = revisions[*position].down_revision.as_ref().and_then(|down| down.id.as_deref()) else {
            return true;
        };
        let meant =
            misnamed.iter().find(|other| *other != position && is_named_after(sources, &revisions[**other], parent));
        if let Some(meant) = meant {
            links[*position] = Link::Follows(*meant);
        }
        meant.is_none()
    });
    let has_base = links.contains(&Link::Base);
    let is_alone = gaps.len() == 1
        && !has_base
        && nodes.iter().all(|position| gaps.contains(position) || matches!(links[*position], Link::Follows(_)));
    for position in gaps {
        let Some(down) = &revisions[position].down_revision else { continue };
        findings.push(gap(sources, revisions, nodes, &links, position, down, is_alone));
    }
    links
}

/// Which revisions lead to this one, itself included.
fn descendants(position: usize, nodes: &[usize], links: &[Link]) -> Vec<bool> {
    // 0: not walked yet; 1: leads elsewhere, or is being walked; 2: leads here.
    let mut state = vec![0u8; links.len()];
    state[position] = 2;
    let mut walk = Vec::new();
    for &start in nodes {
        let mut at = start;
        while state[at] == 0 {
            state[at] = 1;
            walk.push(at);
            match links[at] {
                Link::Follows(parent) => at = parent,
                _ => break,
            }
        }
        let found = state[at];
        for node in walk.drain(..) {
            state[node] = found;
        }
    }
    state.into_iter().map(|state| state == 2).collect()
}

fn gap(
    sources: &Sources,
    revisions: &[RevisionFile],
    nodes: &[usize],
    links: &[Link],
    position: usize,
    down: &DownRevision,
    is_alone: bool,
) -> Finding {
    let (parent, span) = (down.id.as_deref().unwrap_or(""), down.span);
    let own = revisions[position].id.as_ref().map_or("", |id| id.text.as_str());
    // A revision that comes after this one cannot be meant: that would be a circle.
    let after = descendants(position, nodes, links);
    let others = || nodes.iter().filter(|node| !after[**node]);
    let candidates = || others().filter_map(|node| revisions[*node].id.as_ref()).map(|id| id.text.as_str());
    let like = candidates()
        .find(|id| id.eq_ignore_ascii_case(parent))
        .or_else(|| {
            let mut prefixed = candidates().filter(|id| !parent.is_empty() && id.starts_with(parent));
            prefixed.next().filter(|_| prefixed.next().is_none())
        })
        .or_else(|| nearest(parent, candidates()));
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
    let like = like.filter(|_| !is_none_word);
    let finding = Finding::at(Code::Gap, span, format!("`{own}` follows `{parent}`, which does not exist"))
        .label("no such revision");
    match like.and_then(|like| {
        let node = nodes.iter().find(|node| revisions[**node].id.as_ref().is_some_and(|id| id.text == like))?;
        Some((like, sources.file(revisions[*node].file).path.as_str()))
    }) {
        Some((like, path)) if like.starts_with(parent) => {
            finding.help(format!("did you mean `{like}` ({path})? ids are written in full"))
        }
        Some((like, path)) => finding.help(format!("did you mean `{like}` ({path})?")),
        None if is_none_word => finding.help("if it is the first revision, write `down_revision: base`"),
        None => finding.help("write the id of the revision that it follows, or bring the missing file back"),
    }
}

/// Forks and second bases: several revisions that follow one thing. A fork at a member of a cycle is not another mistake:
/// one of its two followers is the cycle's own.
fn report_forks(
    sources: &Sources,
    revisions: &[RevisionFile],
    nodes: &[usize],
    links: &[Link],
    in_cycle: &[bool],
    findings: &mut Findings,
) {
    let mut bases = Vec::new();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); revisions.len()];
    for &position in nodes {
        match links[position] {
            Link::Base => bases.push(position),
            Link::Follows(parent) => children[parent].push(position),
            Link::Unknown | Link::Broken => {}
        }
    }
    if bases.len() > 1 {
        findings.push(several(Code::SeveralBases, sources, revisions, &bases, &children, "open the chain".to_owned()));
    }
    for (parent, followers) in children.iter().enumerate() {
        if followers.len() > 1 && !in_cycle[parent] {
            let parent = revisions[parent].id.as_ref().map_or("", |id| id.text.as_str());
            findings.push(several(Code::Fork, sources, revisions, followers, &children, format!("follow `{parent}`")));
        }
    }
}

fn several(
    code: Code,
    sources: &Sources,
    revisions: &[RevisionFile],
    rivals: &[usize],
    children: &[Vec<usize>],
    what: String,
) -> Finding {
    let text = |position: usize| revisions[position].id.as_ref().map_or("", |id| id.text.as_str());
    let down = |position: usize| revisions[position].down_revision.as_ref().map(|down| down.span);
    let (first, last) = match rivals {
        [first, .., last] => (*first, *last),
        _ => return Finding::about(code, String::new(), what),
    };
    let names: Vec<&str> = rivals.iter().map(|position| text(*position)).collect();
    let span = down(last).unwrap_or(Span::new(revisions[last].file, 0, 0));
    let mut finding = Finding::at(code, span, format!("{} revisions {what}: {}", rivals.len(), config::listed(&names)))
        .label(format!("`{}` starts here", text(last)));
    for position in &rivals[..rivals.len() - 1] {
        if let Some(span) = down(*position) {
            finding = finding.also(span, format!("`{}` starts here", text(*position)));
        }
    }
    // The tip of the first branch, as far as it does not fork again. Bounded: a branch may run into a cycle.
    let mut tip = first;
    for _ in 0..revisions.len() {
        match children.get(tip).map(Vec::as_slice) {
            Some([only]) => tip = *only,
            _ => break,
        }
    }
    finding.help(format!(
        "decide which comes first; if it is `{}`, write `down_revision: {}` in {}",
        text(first),
        text(tip),
        sources.file(revisions[last].file).path,
    ))
}

/// Cycles, each once, its members in the order in which they follow each other, without the innocent revisions that
/// lead into it. Gives the members of all.
fn report_cycles(revisions: &[RevisionFile], nodes: &[usize], links: &[Link], findings: &mut Findings) -> Vec<bool> {
    let mut in_cycle = vec![false; revisions.len()];
    // 0: not seen; n: seen on the walk that began at node n - 1.
    let mut seen = vec![0usize; revisions.len()];
    for &start in nodes {
        let mut at = start;
        while seen[at] == 0 {
            seen[at] = start + 1;
            match links[at] {
                Link::Follows(parent) => at = parent,
                _ => break,
            }
        }
        if seen[at] == start + 1 && matches!(links[at], Link::Follows(_)) && start_of_loop(at, links) {
            for member in report_cycle(revisions, at, links, findings) {
                in_cycle[member] = true;
            }
        }
    }
    in_cycle
}

/// Whether walking on from `at` comes back to it.
fn start_of_loop(at: usize, links: &[Link]) -> bool {
    let mut walker = at;
    for _ in 0..links.len() {
        match links[walker] {
            Link::Follows(parent) if parent == at => return true,
            Link::Follows(parent) => walker = parent,
            _ => return false,
        }
    }
    false
}

fn report_cycle(revisions: &[RevisionFile], start: usize, links: &[Link], findings: &mut Findings) -> Vec<usize> {
    let mut members = vec![start];
    let mut at = start;
    while let Link::Follows(parent) = links[at] {
        if parent == start {
            break;
        }
        members.push(parent);
        at = parent;
    }
    // Begin with the first file, so that the message doesn't depend on where the walk began.
    if let Some(least) = members.iter().enumerate().min_by_key(|(_, position)| **position).map(|(at, _)| at) {
        members.rotate_left(least);
    }
    let text = |position: usize| revisions[position].id.as_ref().map_or("", |id| id.text.as_str());
    let mut path: Vec<&str> = members.iter().map(|position| text(*position)).collect();
    path.push(text(members[0]));
    let span = |position: usize| revisions[position].down_revision.as_ref().map(|down| down.span);
    let first = span(members[0]).unwrap_or(Span::new(FileId::default(), 0, 0));
    let mut finding = Finding::at(
        Code::Cycle,
        first,
        format!("{} revisions follow each other in a circle: {}", members.len(), path.join(" → ")),
    )
    .label(format!("`{}` follows `{}`", path[0], path[1]));
    for (position, pair) in members.iter().zip(path.windows(2)).skip(1) {
        if let Some(span) = span(*position) {
            finding = finding.also(span, format!("`{}` follows `{}`", pair[0], pair[1]));
        }
    }
    findings.push(
        finding.help(
            "one of them must follow a revision outside the circle, or open the chain with `down_revision: base`",
        ),
    );
    members
}

/// From base to head. Complete only where nothing was found.
fn order(nodes: &[usize], links: &[Link]) -> Vec<usize> {
    let mut follower: Vec<Option<usize>> = vec![None; links.len()];
    let mut at = None;
    for &position in nodes {
        match links[position] {
            Link::Base => at = Some(position),
            Link::Follows(parent) => follower[parent] = Some(position),
            Link::Unknown | Link::Broken => {}
        }
    }
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(position) = at {
        if order.len() > links.len() {
            break;
        }
        order.push(position);
        at = follower[position];
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links revisions given as `id -> down`, and gives the order or what is said.
    fn check(files: &[&str]) -> String {
        let mut sources = Sources::default();
        for (number, file) in files.iter().enumerate() {
            let (name, rest) = file.split_once('/').unwrap_or(("", file));
            let (id, down) = rest.split_once(" -> ").unwrap();
            let path =
                if name.is_empty() { format!("versions/{id}_{number}.sql") } else { format!("versions/{name}.sql") };
            let text = format!("-- x\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n-- @downgrade\n");
            sources.add(path.clone(), path, text.into_bytes());
        }
        let (chain, findings) = verify(&sources);
        match chain {
            Some(chain) => {
                let ids: Vec<_> = chain.revisions().iter().filter_map(id_of).map(|id| id.text.clone()).collect();
                ids.join(" ")
            }
            None => {
                let said: Vec<_> =
                    findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
                said.join("; ")
            }
        }
    }

    #[test]
    fn a_sound_chain_is_put_in_order_whatever_the_file_names_say() {
        assert_eq!(check(&[]), "");
        assert_eq!(check(&["c -> b", "a -> base", "b -> a"]), "a b c");
        assert_eq!(check(&["user_foo -> base", "user -> user_foo"]), "user_foo user", "B-7");
    }

    #[test]
    fn each_defect_is_told_once() {
        for (files, expect) in [
            (&["a -> a"][..], "RC107: revision `a` follows itself"),
            (&["a -> a", "b -> a", "c -> b"], "RC107: revision `a` follows itself"),
            (&["a -> c", "b -> a", "c -> b"], "RC108: 3 revisions follow each other in a circle: a → c → b → a"),
            (
                &["a -> c", "b -> a", "c -> b", "d -> base", "e -> d"],
                "RC108: 3 revisions follow each other in a circle: a → c → b → a",
            ),
            (
                &["a -> c", "b -> a", "c -> b", "d -> c", "e -> d"],
                "RC108: 3 revisions follow each other in a circle: a → c → b → a",
            ),
            (&["a -> base", "b -> zzz"], "RC104: `b` follows `zzz`, which does not exist"),
            (
                &["a -> zzzz", "b -> a"],
                "RC106: no revision opens the chain: `a` is the first, and follows `zzzz`, which does not exist",
            ),
            (&["b_one/b -> base", "b_two/b -> base"], "RC101: revision `b` exists twice"),
            (&["a -> base", "b -> a", "b2 -> a"], "RC103: 2 revisions follow `a`: `b` and `b2`"),
            (&["a -> base", "z -> base"], "RC105: 2 revisions open the chain: `a` and `z`"),
            (&["ab -> base", "AB -> ab"], "RC102: revision ids `ab` and `AB` differ only in case"),
            (&["x_y/a -> base"], "RC016: the header says `a`, and the file is called `x_y.sql`"),
        ] {
            assert_eq!(check(files), expect, "{files:?}");
        }
    }

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
    fn a_revision_that_follows_a_misnamed_files_name_is_not_another_mistake() {
        let said = check(&["a -> base", "b_x/b1 -> a", "c -> b"]);
        assert_eq!(said, "RC016: the header says `b1`, and the file is called `b_x.sql`");
    }

    #[test]
    fn an_illegal_id_is_not_held_against_the_files_name() {
        assert!(check(&["a_x/a-b -> base"]).starts_with("RC013") && !check(&["a_x/a-b -> base"]).contains("RC016"));
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

    /// What is said about a `revchain.toml` and a file that serves SQLite alone.
    fn check_config(config: &[u8]) -> Vec<Code> {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", config.to_vec());
        let text = "-- x\n-- revision: a\n-- down_revision: base\n-- @upgrade sqlite; rebuild\n-- @downgrade sqlite\n";
        sources.add("versions/a.sql", "versions/a.sql", text.as_bytes().to_vec());
        verify(&sources).1.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn without_a_sound_configuration_nothing_is_said_about_dialects() {
        assert_eq!(check_config(b"dialects = ['sqlite']"), []);
        assert_eq!(check_config(b"dialects = ['sqlite', 'postgres']"), [Code::MissingDialect; 2]);
        for (config, code) in [
            (&b"dialect = ['sqlite']"[..], Code::ConfigKey),
            (b"dialects = 'sqlite'", Code::ConfigValue),
            (b"dialects = ['sqlit']", Code::ConfigValue),
            (b"dialects = [sqlite]", Code::ConfigSyntax),
            (b"# \xff\ndialects = ['sqlite']", Code::NotUtf8),
        ] {
            assert_eq!(check_config(config), [code]);
        }
    }
}
