//! Linking: revision files become a [`VerifiedChain`], or findings say why they can't. Holding a `VerifiedChain` is the
//! proof that there is one base and one head, no gap, no fork and no cycle; there is no other way to get one than to have it
//! judged, whole or what is new of it. Each kind of mistake has a file of its own; what they share is the `Graph`.

mod cycle;
mod fork;
mod gap;
mod ids;
mod listed;
mod read;
mod released;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use crate::config::{self, Config};
use crate::lock::{self, Lock};
use crate::revision::{DownRevision, RevisionFile};
use crate::{FileId, Finding, Findings, Label, Sources, Span, load, parse};

/// A chain without a fault, from base to head.
#[derive(Debug, Clone)]
pub struct VerifiedChain {
    config: Config,
    revisions: Vec<RevisionFile>,
    released: usize,
    silenced: BTreeSet<Span>,
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

    /// How many of them, from the base on, `revchain.lock` says have been released. They can't be changed any more.
    pub fn released(&self) -> usize {
        self.released
    }

    /// The `@allow` lines that have silenced something so far.
    pub fn silenced(&self) -> &BTreeSet<Span> {
        &self.silenced
    }

    /// The chain with one more revision, `added` to the sources that it was verified of. As [`verify`], but for what was judged
    /// already: only that file is parsed and checked. What `revchain.lock` says is left out, for it follows the chain.
    pub fn and(&self, sources: &Sources, added: FileId) -> (Option<VerifiedChain>, Findings) {
        let mut read = read::read(&[added], sources, &self.config);
        read.revisions.extend_from_slice(&self.revisions);
        read.silenced.extend(&self.silenced);
        linked(sources, self.config.clone(), read, None)
    }

    /// The chain under another `revchain.lock`, which is `lock` among the sources that it was verified of. As [`verify`], but for
    /// what was judged already: no revision is parsed again.
    pub fn under(&self, sources: &Sources, lock: FileId) -> (Option<VerifiedChain>, Findings) {
        let (mut findings, silenced) = (Findings::default(), self.silenced.clone());
        let lock = lock::read(sources, lock, &mut findings);
        let read = read::Read { revisions: self.revisions.clone(), silenced, findings };
        linked(sources, self.config.clone(), read, Some(&lock))
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
    let (mut lock, mut files) = (None, Vec::new());
    for (id, file) in sources.iter() {
        match file.relative.as_str() {
            load::CONFIG => config = config::read(sources, id, &mut findings),
            load::LOCK => lock = Some(lock::read(sources, id, &mut findings)),
            _ => files.push(id),
        }
    }
    // The settings say which dialects a revision has to serve.
    let mut read = read::read(&files, sources, &config);
    findings.append(std::mem::take(&mut read.findings));
    read.findings = findings;
    linked(sources, config, read, lock.as_ref())
}

/// Links what was read: there is a chain exactly where there is no error.
fn linked(
    sources: &Sources,
    config: Config,
    read: read::Read,
    lock: Option<&Lock>,
) -> (Option<VerifiedChain>, Findings) {
    let read::Read { mut revisions, silenced, mut findings } = read;
    // Which of several faulty files is blamed must not depend on the order in which they are given.
    revisions.sort_by_key(|revision| sources.file(revision.file).relative.as_str());
    let order = link(sources, &revisions, lock, &mut findings);
    config.levels.apply(&mut findings);
    findings.sort();
    if findings.has_errors() {
        return (None, findings);
    }
    let mut slots: Vec<Option<RevisionFile>> = revisions.into_iter().map(Some).collect();
    let revisions: Vec<RevisionFile> =
        order.into_iter().filter_map(|position| slots.get_mut(position).and_then(Option::take)).collect();
    let released = lock.map_or(0, |lock| lock.released.len()).min(revisions.len());
    (Some(VerifiedChain { config, revisions, released, silenced }), findings)
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

/// All revisions of a directory, and how they hang together. A revision goes by its position among the files.
struct Graph<'a> {
    sources: &'a Sources,
    revisions: &'a [RevisionFile],
    /// The file of each id.
    by_id: HashMap<&'a str, usize>,
    /// The positions in `by_id`, in the order of the files: without nameless files and duplicates.
    nodes: Vec<usize>,
    /// What each revision follows, by position.
    links: Vec<Link>,
}

impl<'a> Graph<'a> {
    /// Nothing is known yet: [`ids::index`] finds the nodes, [`gap::resolve`] the links.
    fn new(sources: &'a Sources, revisions: &'a [RevisionFile]) -> Graph<'a> {
        let links = vec![Link::Unknown; revisions.len()];
        Graph { sources, revisions, by_id: HashMap::with_capacity(revisions.len()), nodes: Vec::new(), links }
    }

    /// The id of a revision; empty where it has none.
    fn id(&self, position: usize) -> &'a str {
        self.revisions[position].id.as_ref().map_or("", |id| id.text.as_str())
    }

    /// Where a revision's id is written.
    fn id_span(&self, position: usize) -> Span {
        let revision = &self.revisions[position];
        revision.id.as_ref().map_or(Span::new(revision.file, 0, 0), |id| id.span)
    }

    /// What the header says about what a revision follows.
    fn down(&self, position: usize) -> Option<&'a DownRevision> {
        self.revisions[position].down_revision.as_ref()
    }

    /// Where that is written.
    fn down_span(&self, position: usize) -> Span {
        self.down(position).map_or(Span::new(self.revisions[position].file, 0, 0), |down| down.span)
    }

    /// The revision that this one follows, where there is one.
    fn parent(&self, position: usize) -> Option<usize> {
        match self.links[position] {
            Link::Follows(parent) => Some(parent),
            Link::Unknown | Link::Base | Link::Broken => None,
        }
    }

    /// The id of what the header says that a revision follows; none at the base.
    fn down_id(&self, position: usize) -> Option<&'a str> {
        self.down(position).and_then(|down| down.id.as_deref())
    }

    /// Whether a revision's file is named after another one.
    fn is_misnamed(&self, position: usize) -> bool {
        !self.is_named_after(position, self.id(position))
    }

    /// Whether something that could not be read, or says otherwise inside, may be the revision with an id that no file
    /// has. A finding is about it.
    fn may_hide(&self, id: &str) -> bool {
        self.sources.problems.iter().any(|problem| problem.hides_a_revision)
            || self.revisions.iter().any(|revision| revision.id.is_none())
            || (0..self.revisions.len()).any(|position| self.is_misnamed(position) && self.is_named_after(position, id))
    }

    /// Where a revision's file is, as a message shows it.
    fn path(&self, position: usize) -> &'a str {
        &self.sources.file(self.revisions[position].file).path
    }

    /// The name of a revision's file, within the directory.
    fn relative(&self, position: usize) -> &'a str {
        &self.sources.file(self.revisions[position].file).relative
    }

    /// Whether a revision's file is named as the file of this id would be.
    fn is_named_after(&self, position: usize, id: &str) -> bool {
        parse::is_named_after(parse::stem(self.relative(position)), id)
    }
}

/// Finds what is wrong between files, and the order from base to head where nothing is.
fn link(sources: &Sources, revisions: &[RevisionFile], lock: Option<&Lock>, findings: &mut Findings) -> Vec<usize> {
    let mut graph = Graph::new(sources, revisions);
    let unread = released::unread(findings);
    ids::index(&mut graph, findings);
    let mut broken = Findings::default();
    gap::resolve(&mut graph, &mut broken);
    let in_cycle = cycle::report(&graph, &mut broken);
    fork::report(&graph, &in_cycle, &mut broken);
    let order = order(&graph);
    match lock {
        // A torn lock and two heads are one mistake, and what mends these mends both.
        Some(Lock { torn: Some(torn), .. }) if broken.is_empty() => findings.push(lock::conflict(*torn)),
        Some(Lock { torn: Some(_), .. }) | None => {}
        Some(lock) => {
            let before = findings.len();
            let explained = released::report(&graph, lock, &unread, findings);
            let is_explained = |label: &Label| explained.contains(&label.span);
            broken.retain(|finding| !finding.primary.iter().chain(&finding.secondary).any(is_explained));
            // What is listed can wait until what is released is as it was.
            if findings.len() == before && order.len() == revisions.len() {
                listed::report(&graph, lock, &order, findings);
            }
        }
    }
    findings.append(broken);
    order
}

/// From base to head. Complete only where nothing was found.
fn order(graph: &Graph<'_>) -> Vec<usize> {
    let mut follower: Vec<Option<usize>> = vec![None; graph.links.len()];
    let mut at = None;
    for &position in &graph.nodes {
        match graph.links[position] {
            Link::Base => at = Some(position),
            Link::Follows(parent) => follower[parent] = Some(position),
            Link::Unknown | Link::Broken => {}
        }
    }
    let mut order = Vec::with_capacity(graph.nodes.len());
    while let Some(position) = at {
        if order.len() > graph.links.len() {
            break;
        }
        order.push(position);
        at = follower[position];
    }
    order
}
