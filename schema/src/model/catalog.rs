//! A map that is cheap to copy and cheap to change after that: the tables of a schema, of which each revision changes one or
//! two, and which is kept as it was before each of them.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use super::ObjectName;

/// How many entries a chunk has at the most: what is copied for one that changes.
const CHUNK: usize = 32;

/// Objects by name, in order. Copies share all chunks but those in which they differ.
pub struct Catalog<V> {
    /// Sorted, none of them empty.
    chunks: Vec<Arc<Chunk<V>>>,
}

type Chunk<V> = Vec<Entry<V>>;
type Entry<V> = (ObjectName, Arc<V>);

/// A name, and what two catalogs have under it.
pub(crate) type Twins<'a, V> = (&'a ObjectName, Option<&'a Arc<V>>, Option<&'a Arc<V>>);

impl<V> Catalog<V> {
    /// Nothing.
    pub const fn new() -> Catalog<V> {
        Catalog { chunks: Vec::new() }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The object of that name.
    pub fn get(&self, name: &ObjectName) -> Option<&Arc<V>> {
        self.get_key_value(name).map(|(_, value)| value)
    }

    /// The same, with the name as it is kept.
    pub fn get_key_value(&self, name: &ObjectName) -> Option<(&ObjectName, &Arc<V>)> {
        let chunk = self.chunks.get(self.chunk_of(name))?;
        let at = chunk.binary_search_by(|(known, _)| known.cmp(name)).ok()?;
        chunk.get(at).map(|(name, value)| (name, value))
    }

    /// Whether there is one of that name.
    pub fn contains_key(&self, name: &ObjectName) -> bool {
        self.get(name).is_some()
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
        Iter { chunks: self.chunks.iter(), chunk: [].iter() }
    }

    /// What this one and another, of which it may be a copy, have that is not the same: name, and object in each. Chunks
    /// that they share are not looked into.
    pub fn changes<'a>(&'a self, other: &'a Catalog<V>) -> Vec<Twins<'a, V>> {
        let (mut ours, mut theirs) = (self.chunks.as_slice(), other.chunks.as_slice());
        // A chunk that was split or taken out moves those behind it: what is shared is so from both ends.
        while let ([one, rest @ ..], [two, others @ ..]) = (ours, theirs)
            && Arc::ptr_eq(one, two)
        {
            (ours, theirs) = (rest, others);
        }
        while let ([rest @ .., one], [others @ .., two]) = (ours, theirs)
            && Arc::ptr_eq(one, two)
        {
            (ours, theirs) = (rest, others);
        }
        if ours.is_empty() && theirs.is_empty() {
            return Vec::new();
        }
        let entries = |chunks: &'a [Arc<Chunk<V>>]| -> Vec<&'a Entry<V>> {
            let mut entries = Vec::with_capacity(chunks.len() * CHUNK);
            chunks.iter().for_each(|chunk| entries.extend(chunk.iter()));
            entries
        };
        merge(&entries(ours), &entries(theirs))
    }

    /// Where the chunk is that holds a name, or would.
    fn chunk_of(&self, name: &ObjectName) -> usize {
        let after = self.chunks.partition_point(|chunk| chunk.first().is_some_and(|(first, _)| first <= name));
        after.saturating_sub(1)
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
        let at = self.chunk_of(name);
        let chunk = self.chunks.get_mut(at)?;
        let at = chunk.binary_search_by(|(known, _)| known.cmp(name)).ok()?;
        Arc::make_mut(chunk).get_mut(at).map(|(_, value)| value)
    }

    /// Puts an object under a name, and gives what was there.
    pub fn insert(&mut self, name: ObjectName, value: Arc<V>) -> Option<Arc<V>> {
        let position = self.chunk_of(&name);
        let Some(chunk) = self.chunks.get_mut(position) else {
            self.chunks.push(Arc::new(vec![(name, value)]));
            return None;
        };
        let entries = Arc::make_mut(chunk);
        match entries.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(at) => entries.get_mut(at).map(|(_, known)| std::mem::replace(known, value)),
            Err(at) => {
                entries.insert(at, (name, value));
                if entries.len() > CHUNK {
                    let rest = entries.split_off(CHUNK / 2);
                    self.chunks.insert(position + 1, Arc::new(rest));
                }
                None
            }
        }
    }

    /// Takes an object out.
    pub fn remove(&mut self, name: &ObjectName) -> Option<Arc<V>> {
        let position = self.chunk_of(name);
        let chunk = self.chunks.get_mut(position)?;
        let at = chunk.binary_search_by(|(known, _)| known.cmp(name)).ok()?;
        let entries = Arc::make_mut(chunk);
        let (_, value) = entries.remove(at);
        if entries.is_empty() {
            self.chunks.remove(position);
        }
        Some(value)
    }

    /// All of them, to change them: no chunk is shared after that.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&ObjectName, &mut Arc<V>)> {
        self.chunks.iter_mut().flat_map(|chunk| Arc::make_mut(chunk).iter_mut().map(|(name, value)| (&*name, value)))
    }

    /// All objects, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Arc<V>> {
        self.iter_mut().map(|(_, value)| value)
    }
}

/// What [`Catalog::iter`] gives.
pub struct Iter<'a, V> {
    chunks: std::slice::Iter<'a, Arc<Chunk<V>>>,
    chunk: std::slice::Iter<'a, (ObjectName, Arc<V>)>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a ObjectName, &'a Arc<V>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((name, value)) = self.chunk.next() {
                return Some((name, value));
            }
            self.chunk = self.chunks.next()?.iter();
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
        Catalog { chunks: self.chunks.clone() }
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
