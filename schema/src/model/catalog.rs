//! A map that is cheap to copy and cheap to change after that: the tables of a schema, of which each revision changes one or
//! two, and which is kept as it was before each of them.
//!
//! It is a tree of which copies share all nodes but those above what was changed. Nothing in it is balanced anew when
//! objects go: a node goes when it is empty.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Index;
use std::slice;
use std::sync::Arc;

use super::ObjectName;

/// How many entries, or nodes, a node has at the most: what is copied for one that changes, on each level.
const WIDTH: usize = 16;

/// Objects by name, in order. Copies share what they have in common.
pub struct Catalog<V> {
    root: Option<Arc<Node<V>>>,
    len: usize,
}

/// A part of the tree. None is empty, and all leaves are at one depth.
enum Node<V> {
    Branch(Vec<Arc<Node<V>>>),
    Leaf(Vec<Entry<V>>),
}

type Entry<V> = Arc<(ObjectName, Arc<V>)>;

/// What inserting came to.
enum Inserted<V> {
    /// There was one of that name.
    Replaced(Arc<V>),
    Added,
    /// The node was full: this has to stand behind it.
    Split(Node<V>),
}

/// A name, and what two catalogs have under it.
pub(crate) type Twins<'a, V> = (&'a ObjectName, Option<&'a Arc<V>>, Option<&'a Arc<V>>);

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

    fn is_empty(&self) -> bool {
        match self {
            Node::Branch(nodes) => nodes.is_empty(),
            Node::Leaf(entries) => entries.is_empty(),
        }
    }

    fn get_mut(&mut self, name: &ObjectName) -> Option<&mut Arc<V>> {
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

    fn insert(&mut self, name: ObjectName, value: Arc<V>) -> Inserted<V> {
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

    fn remove(&mut self, name: &ObjectName) -> Option<Entry<V>> {
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
    fn collect<'a>(&'a self, into: &mut Vec<&'a Entry<V>>) {
        match self {
            Node::Branch(nodes) => nodes.iter().for_each(|node| node.collect(into)),
            Node::Leaf(entries) => into.extend(entries),
        }
    }
}

fn leaf<V>(name: ObjectName, value: Arc<V>) -> Node<V> {
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

impl<V> Catalog<V> {
    /// Nothing.
    pub const fn new() -> Catalog<V> {
        Catalog { root: None, len: 0 }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The object of that name.
    pub fn get(&self, name: &ObjectName) -> Option<&Arc<V>> {
        match self.get_key_value(name) {
            Some((_, value)) => Some(value),
            None => None,
        }
    }

    /// The same, with the name as it is kept.
    pub fn get_key_value(&self, name: &ObjectName) -> Option<(&ObjectName, &Arc<V>)> {
        let Some(mut node) = self.root.as_ref() else { return None };
        loop {
            match &**node {
                Node::Branch(nodes) => match nodes.get(branch_of(nodes, name)) {
                    Some(child) => node = child,
                    None => return None,
                },
                Node::Leaf(entries) => {
                    let Ok(at) = place_of(entries, name) else { return None };
                    let Some(entry) = entries.get(at) else { return None };
                    return Some((&entry.0, &entry.1));
                }
            }
        }
    }

    /// Whether there is one of that name.
    pub fn contains_key(&self, name: &ObjectName) -> bool {
        self.get_key_value(name).is_some()
    }

    /// All names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &ObjectName> {
        self.iter().map(|(name, _)| name)
    }

    /// All objects, in the order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Arc<V>> {
        self.iter().map(|(_, value)| value)
    }

    /// All of them, in order.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter { nodes: vec![self.nodes().iter()], entries: [].iter() }
    }

    /// What this one and another, of which it may be a copy, have that is not the same: name, and object in each. What they
    /// share is not looked into.
    pub fn changes<'a>(&'a self, other: &'a Catalog<V>) -> Vec<Twins<'a, V>> {
        let (mut ours, mut theirs) = (self.nodes(), other.nodes());
        loop {
            trim(&mut ours, &mut theirs);
            match (ours, theirs) {
                ([], []) => return Vec::new(),
                ([one], [two]) => match (&**one, &**two) {
                    (Node::Branch(nodes), Node::Branch(others)) => (ours, theirs) = (nodes, others),
                    (Node::Leaf(entries), Node::Leaf(others)) => {
                        let (mut entries, mut others) = (entries.as_slice(), others.as_slice());
                        trim(&mut entries, &mut others);
                        return merge(&Vec::from_iter(entries), &Vec::from_iter(others));
                    }
                    // One of them has grown by a level.
                    _ => break,
                },
                _ => break,
            }
        }
        let (mut entries, mut others) = (Vec::new(), Vec::new());
        ours.iter().for_each(|node| node.collect(&mut entries));
        theirs.iter().for_each(|node| node.collect(&mut others));
        merge(&entries, &others)
    }

    /// The root, as all other nodes are: in a list.
    fn nodes(&self) -> &[Arc<Node<V>>] {
        match &self.root {
            Some(root) => slice::from_ref(root),
            None => &[],
        }
    }
}

/// Takes off what two lists share: a node that was split or taken out moves those behind it, so that it is at both ends.
fn trim<T>(ours: &mut &[Arc<T>], theirs: &mut &[Arc<T>]) {
    while let ([one, rest @ ..], [two, others @ ..]) = (*ours, *theirs)
        && Arc::ptr_eq(one, two)
    {
        (*ours, *theirs) = (rest, others);
    }
    while let ([rest @ .., one], [others @ .., two]) = (*ours, *theirs)
        && Arc::ptr_eq(one, two)
    {
        (*ours, *theirs) = (rest, others);
    }
}

/// What two sorted lists have that is not the same.
fn merge<'a, V>(mut ours: &[&'a Entry<V>], mut theirs: &[&'a Entry<V>]) -> Vec<Twins<'a, V>> {
    // What is the same object has the same name, as a rule: names are compared only where something differs.
    let is_same = |one: &Entry<V>, two: &Entry<V>| Arc::ptr_eq(&one.1, &two.1) && one.0 == two.0;
    let mut found = Vec::new();
    loop {
        match (ours, theirs) {
            ([one, rest @ ..], [two, others @ ..]) if is_same(one, two) => (ours, theirs) = (rest, others),
            ([rest @ .., one], [others @ .., two]) if is_same(one, two) => (ours, theirs) = (rest, others),
            ([one, rest @ ..], [two, others @ ..]) => match one.0.cmp(&two.0) {
                Ordering::Less => {
                    found.push((&one.0, Some(&one.1), None));
                    ours = rest;
                }
                Ordering::Greater => {
                    found.push((&two.0, None, Some(&two.1)));
                    theirs = others;
                }
                Ordering::Equal => {
                    found.push((&one.0, Some(&one.1), Some(&two.1)));
                    (ours, theirs) = (rest, others);
                }
            },
            ([one, rest @ ..], []) => {
                found.push((&one.0, Some(&one.1), None));
                ours = rest;
            }
            ([], [two, others @ ..]) => {
                found.push((&two.0, None, Some(&two.1)));
                theirs = others;
            }
            ([], []) => return found,
        }
    }
}

impl<V> Catalog<V> {
    /// The object of that name, to change it.
    pub fn get_mut(&mut self, name: &ObjectName) -> Option<&mut Arc<V>> {
        Arc::make_mut(self.root.as_mut()?).get_mut(name)
    }

    /// Puts an object under a name, and gives what was there.
    pub fn insert(&mut self, name: ObjectName, value: Arc<V>) -> Option<Arc<V>> {
        let Some(root) = &mut self.root else {
            self.root = Some(Arc::new(leaf(name, value)));
            self.len = 1;
            return None;
        };
        match Arc::make_mut(root).insert(name, value) {
            Inserted::Replaced(old) => return Some(old),
            Inserted::Added => {}
            Inserted::Split(split) => {
                let nodes = vec![Arc::clone(root), Arc::new(split)];
                *root = Arc::new(Node::Branch(nodes));
            }
        }
        self.len += 1;
        None
    }

    /// Takes an object out.
    pub fn remove(&mut self, name: &ObjectName) -> Option<Arc<V>> {
        let root = Arc::make_mut(self.root.as_mut()?);
        let entry = root.remove(name)?;
        self.len -= 1;
        if root.is_empty() {
            self.root = None;
        }
        Some(Arc::clone(&entry.1))
    }

    /// Changes those that are to be changed: the others stay shared.
    pub fn change(&mut self, is_meant: impl Fn(&V) -> bool, mut change: impl FnMut(&ObjectName, &mut Arc<V>)) {
        let meant: Vec<ObjectName> =
            self.iter().filter(|(_, value)| is_meant(value)).map(|(name, _)| name.clone()).collect();
        for name in &meant {
            if let Some(value) = self.get_mut(name) {
                change(name, value);
            }
        }
    }
}

/// What [`Catalog::iter`] gives.
pub struct Iter<'a, V> {
    /// The nodes on the way down, each with those behind it.
    nodes: Vec<slice::Iter<'a, Arc<Node<V>>>>,
    entries: slice::Iter<'a, Entry<V>>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a ObjectName, &'a Arc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.entries.next() {
                return Some((&entry.0, &entry.1));
            }
            match self.nodes.last_mut()?.next().map(|node| &**node) {
                Some(Node::Branch(nodes)) => self.nodes.push(nodes.iter()),
                Some(Node::Leaf(entries)) => self.entries = entries.iter(),
                None => {
                    self.nodes.pop();
                }
            }
        }
    }
}

impl<V> fmt::Debug for Iter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<'a, V> IntoIterator for &'a Catalog<V> {
    type Item = (&'a ObjectName, &'a Arc<V>);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

impl<V> FromIterator<(ObjectName, Arc<V>)> for Catalog<V> {
    fn from_iter<I: IntoIterator<Item = (ObjectName, Arc<V>)>>(entries: I) -> Catalog<V> {
        let mut catalog = Catalog::new();
        for (name, value) in entries {
            catalog.insert(name, value);
        }
        catalog
    }
}

impl<V> Index<&ObjectName> for Catalog<V> {
    type Output = Arc<V>;

    /// # Panics
    ///
    /// Where there is no such object; for tests.
    #[expect(clippy::panic, reason = "as every map does")]
    fn index(&self, name: &ObjectName) -> &Arc<V> {
        self.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }
}

impl<V> Clone for Catalog<V> {
    fn clone(&self) -> Catalog<V> {
        Catalog { root: self.root.clone(), len: self.len }
    }
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

impl<V> Default for Catalog<V> {
    fn default() -> Catalog<V> {
        Catalog::new()
    }
}

impl<V: PartialEq> PartialEq for Catalog<V> {
    fn eq(&self, other: &Catalog<V>) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<V: Eq> Eq for Catalog<V> {}

impl<V: fmt::Debug> fmt::Debug for Catalog<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use revchain_core::Dialect;

    use super::*;
    use crate::model::Name;

    proptest! {
        /// As the map of the standard library, and a copy stays as it was.
        #[test]
        fn it_is_a_map(steps in proptest::collection::vec((0u16..120, any::<bool>(), any::<bool>()), 0..400)) {
            let name = |number: u16| ObjectName::bare(Name::new(&format!("t{number}"), Dialect::Postgres));
            let mut catalog: Catalog<u16> = Catalog::new();
            let mut map: BTreeMap<ObjectName, Arc<u16>> = BTreeMap::new();
            let mut kept = (catalog.clone(), map.clone());
            for (number, inserts, keeps) in steps {
                let name = name(number);
                if inserts {
                    let value = Arc::new(number);
                    prop_assert_eq!(catalog.insert(name.clone(), value.clone()), map.insert(name.clone(), value));
                } else {
                    prop_assert_eq!(catalog.remove(&name), map.remove(&name));
                }
                if keeps && number < 10 {
                    kept = (catalog.clone(), map.clone());
                }
                if let Some(value) = catalog.get_mut(&name) {
                    *Arc::make_mut(value) += 1;
                    *Arc::make_mut(map.get_mut(&name).unwrap()) += 1;
                }
                prop_assert_eq!(catalog.len(), map.len());
            }
            prop_assert!(catalog.iter().eq(map.iter()));
            prop_assert!(kept.0.iter().eq(kept.1.iter()));
            let changes: BTreeMap<_, _> = kept.0.changes(&catalog).into_iter().map(|(name, a, b)| (name, (a, b))).collect();
            let differs = |name: &ObjectName| {
                let (a, b) = (kept.1.get(name), map.get(name));
                a.is_some() != b.is_some() || a.zip(b).is_some_and(|(a, b)| !Arc::ptr_eq(a, b) && a != b)
            };
            for name in kept.1.keys().chain(map.keys()).filter(|name| differs(name)) {
                prop_assert!(changes.contains_key(name), "{name}");
            }
        }
    }
}
