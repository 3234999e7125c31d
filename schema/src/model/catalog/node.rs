//! The nodes of a catalog's tree, and how one is found, put in and taken out.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::ObjectName;

/// How many entries, or nodes, a node has at the most: what is copied for one that changes, on each level.
const WIDTH: usize = 16;

/// A part of the tree. None is empty, and all leaves are at one depth.
pub(super) enum Node<V> {
    Branch(Vec<Arc<Node<V>>>),
    Leaf(Vec<Entry<V>>),
}

pub(super) type Entry<V> = Arc<(ObjectName, Arc<V>)>;

/// What inserting came to.
pub(super) enum Inserted<V> {
    /// There was one of that name.
    Replaced(Arc<V>),
    Added,
    /// The node was full: this has to stand behind it.
    Split(Node<V>),
}

impl<V> Node<V> {
    /// The first name in it.
    fn first(&self) -> Option<&ObjectName> {
        let mut node = self;
        loop {
            match node {
                Node::Branch(nodes) => match nodes.as_slice() {
                    [first, ..] => node = first,
                    [] => return None,
                },
                Node::Leaf(entries) => match entries.as_slice() {
                    [first, ..] => return Some(&first.0),
                    [] => return None,
                },
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Node::Branch(nodes) => nodes.is_empty(),
            Node::Leaf(entries) => entries.is_empty(),
        }
    }

    pub(super) fn get(&self, name: &ObjectName) -> Option<(&ObjectName, &Arc<V>)> {
        let mut node = self;
        loop {
            match node {
                Node::Branch(nodes) => match nodes.get(branch_of(nodes, name)) {
                    Some(child) => node = child,
                    None => return None,
                },
                Node::Leaf(entries) => {
                    let Ok(at) = place_of(entries, name) else { return None };
                    let entry = entries.get(at)?;
                    return Some((&entry.0, &entry.1));
                }
            }
        }
    }

    pub(super) fn get_mut(&mut self, name: &ObjectName) -> Option<&mut Arc<V>> {
        match self {
            Node::Branch(nodes) => {
                let at = branch_of(nodes, name);
                Arc::make_mut(nodes.get_mut(at)?).get_mut(name)
            }
            Node::Leaf(entries) => match place_of(entries, name) {
                Ok(at) => entries.get_mut(at).map(|entry| &mut Arc::make_mut(entry).1),
                Err(_) => None,
            },
        }
    }

    pub(super) fn insert(&mut self, name: ObjectName, value: Arc<V>) -> Inserted<V> {
        match self {
            Node::Branch(nodes) => {
                let at = branch_of(nodes, &name);
                let Some(node) = nodes.get_mut(at) else { return Inserted::Split(leaf(name, value)) };
                let split = match Arc::make_mut(node).insert(name, value) {
                    Inserted::Split(split) => split,
                    done => return done,
                };
                nodes.insert(at + 1, Arc::new(split));
                if nodes.len() <= WIDTH {
                    return Inserted::Added;
                }
                Inserted::Split(Node::Branch(nodes.split_off(WIDTH / 2)))
            }
            Node::Leaf(entries) => match place_of(entries, &name) {
                Ok(at) => match entries.get_mut(at) {
                    Some(entry) => Inserted::Replaced(std::mem::replace(&mut Arc::make_mut(entry).1, value)),
                    None => Inserted::Added,
                },
                Err(at) => {
                    entries.insert(at, Arc::new((name, value)));
                    if entries.len() <= WIDTH {
                        return Inserted::Added;
                    }
                    Inserted::Split(Node::Leaf(entries.split_off(WIDTH / 2)))
                }
            },
        }
    }

    pub(super) fn remove(&mut self, name: &ObjectName) -> Option<Entry<V>> {
        match self {
            Node::Branch(nodes) => {
                let at = branch_of(nodes, name);
                let node = Arc::make_mut(nodes.get_mut(at)?);
                let removed = node.remove(name);
                if node.is_empty() {
                    nodes.remove(at);
                }
                removed
            }
            Node::Leaf(entries) => match place_of(entries, name) {
                Ok(at) => Some(entries.remove(at)),
                Err(_) => None,
            },
        }
    }

    /// Appends all entries of it.
    pub(super) fn collect<'a>(&'a self, into: &mut Vec<&'a Entry<V>>) {
        match self {
            Node::Branch(nodes) => nodes.iter().for_each(|node| node.collect(into)),
            Node::Leaf(entries) => into.extend(entries),
        }
    }
}

pub(super) fn leaf<V>(name: ObjectName, value: Arc<V>) -> Node<V> {
    Node::Leaf(vec![Arc::new((name, value))])
}

/// Which of some nodes holds a name, or would. By hand, as `place_of`: the replay asks for nothing else as often, in builds
/// without optimisation.
fn branch_of<V>(nodes: &[Arc<Node<V>>], name: &ObjectName) -> usize {
    let (mut low, mut high) = (1, nodes.len());
    while low < high {
        let middle = (low + high) / 2;
        if let Some(node) = nodes.get(middle)
            && let Some(first) = node.first()
            && !matches!(first.cmp(name), Ordering::Greater)
        {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low - 1
}

/// Where the entry of a name is, or has to be put.
fn place_of<V>(entries: &[Entry<V>], name: &ObjectName) -> Result<usize, usize> {
    let (mut low, mut high) = (0, entries.len());
    while low < high {
        let middle = (low + high) / 2;
        let Some(entry) = entries.get(middle) else { break };
        match entry.0.cmp(name) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Ok(middle),
        }
    }
    Err(low)
}

impl<V> Clone for Node<V> {
    /// With room for one more: that is what it is copied for.
    fn clone(&self) -> Node<V> {
        fn copy<T>(shared: &[Arc<T>]) -> Vec<Arc<T>> {
            let mut copy = Vec::with_capacity(shared.len() + 1);
            for one in shared {
                copy.push(Arc::clone(one));
            }
            copy
        }
        match self {
            Node::Branch(nodes) => Node::Branch(copy(nodes)),
            Node::Leaf(entries) => Node::Leaf(copy(entries)),
        }
    }
}
