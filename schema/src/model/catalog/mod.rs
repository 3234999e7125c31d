//! A map that is cheap to copy and cheap to change after that: the tables of a schema, of which each revision changes one or
//! two, and which is kept as it was before each of them.
//!
//! It is a tree of which copies share all nodes but those above what was changed. Nothing in it is balanced anew when
//! objects go: a node goes when it is empty.

mod changes;
mod node;

use std::fmt;
use std::ops::Index;
use std::slice;
use std::sync::Arc;

use super::ObjectName;
pub(crate) use changes::Twins;
use changes::changes;
use node::{Entry, Inserted, Node, leaf};

/// Objects by name, in order. Copies share what they have in common.
pub struct Catalog<V> {
    root: Option<Arc<Node<V>>>,
    len: usize,
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
        match &self.root {
            Some(root) => root.get(name),
            None => None,
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
        changes(self.nodes(), other.nodes())
    }

    /// The root, as all other nodes are: in a list.
    fn nodes(&self) -> &[Arc<Node<V>>] {
        match &self.root {
            Some(root) => slice::from_ref(root),
            None => &[],
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
        fn it_is_a_map(
            there in 0u16..400,
            goes in (0u16..400, 0u16..100),
            steps in proptest::collection::vec((0u16..400, any::<bool>(), any::<bool>()), 0..400),
        ) {
            let name = |number: u16| ObjectName::bare(Name::new(&format!("t{number}"), Dialect::Postgres));
            let mut catalog: Catalog<u16> = Catalog::new();
            let mut map: BTreeMap<ObjectName, Arc<u16>> = BTreeMap::new();
            for number in 0..there {
                catalog.insert(name(number), Arc::new(number));
                map.insert(name(number), Arc::new(number));
            }
            let mut kept = (catalog.clone(), map.clone());
            for (number, inserts, keeps) in steps {
                let name = name(number);
                if inserts {
                    let value = Arc::new(number);
                    prop_assert_eq!(catalog.insert(name.clone(), value.clone()), map.insert(name.clone(), value));
                } else {
                    prop_assert_eq!(catalog.remove(&name), map.remove(&name));
                }
                if keeps && number < 20 {
                    kept = (catalog.clone(), map.clone());
                }
                if let Some(value) = catalog.get_mut(&name) {
                    *Arc::make_mut(value) += 1;
                    *Arc::make_mut(map.get_mut(&name).unwrap()) += 1;
                }
                prop_assert_eq!(catalog.len(), map.len());
            }
            // Whole nodes, too.
            for number in goes.0..goes.0 + goes.1 {
                prop_assert_eq!(catalog.remove(&name(number)), map.remove(&name(number)));
            }
            for number in 0..400 {
                prop_assert_eq!(catalog.get(&name(number)), map.get(&name(number)));
            }
            prop_assert_eq!(catalog.len(), map.len());
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
