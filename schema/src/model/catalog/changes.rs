//! What two catalogs have that is not the same, where most of it is shared.

use std::cmp::Ordering;
use std::sync::Arc;

use super::node::{Entry, Node};
use crate::model::ObjectName;

/// A name, and what two catalogs have under it.
pub(crate) type Twins<'a, V> = (&'a ObjectName, Option<&'a Arc<V>>, Option<&'a Arc<V>>);

/// What differs below two lists of nodes.
pub(super) fn changes<'a, V>(mut ours: &'a [Arc<Node<V>>], mut theirs: &'a [Arc<Node<V>>]) -> Vec<Twins<'a, V>> {
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
