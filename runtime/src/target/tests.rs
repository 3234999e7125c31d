//! Alembic's vectors for ranges.

use super::*;
use crate::plan::tests::chain;

#[test]
fn ranges() {
    let chain = chain(&["a", "b", "c"]);
    let list = |current: usize, text: &str| match Range::parse(text).and_then(|range| range.resolve(chain, current)) {
        Ok(revisions) => revisions.iter().map(|revision| revision.id).collect::<Vec<_>>().join(","),
        Err(error) => error.to_string().lines().next().unwrap().to_owned(),
    };
    #[rustfmt::skip]
    let vectors = [
        ("C-1", 0, "", "c,b,a"),
        ("C-2", 0, "a:b", "b,a"),
        ("C-2", 0, ":b", "b,a"),
        ("C-2", 0, "a:", "c,b,a"),
        ("C-2", 0, "a:+2", "c,b,a"),
        ("C-2", 0, "-2:c", "c,b,a"),
        ("C-2", 0, "-5:c", "c,b,a"),
        ("C-3", 2, "current:", "c,b"),
        ("C-3", 0, "current:", "c,b,a"),
        ("C-5", 0, "c:a", "Requested range c:a does not refer to ancestor/descendant revisions along the same branch: it ends before it starts"),
        ("C-6", 0, "a", "History range requires [start]:[end], [start]:, or :[end]: `a` is none of them"),
        ("two colons", 0, "a:b:c", "History range requires [start]:[end], [start]:, or :[end]: `a:b:c` is none of them"),
        (":current at base", 0, ":current", ""),
        (":current", 2, ":current", "b,a"),
        ("from the end, not the head", 2, "-1:current", "b,a"),
        ("from the current", 1, "current:+1", "b,a"),
        ("clamped", 0, "-9:head", "c,b,a"),
        ("clamped", 0, "b:+9", "c,b"),
        ("head", 0, "head-1:head", "c,b"),
        ("base", 0, "base:a", "a"),
        ("reversed", 0, "head:base", "Requested range head:base does not refer to ancestor/descendant revisions along the same branch: it ends before it starts"),
        ("two relatives", 0, "-1:+1", "History range requires [start]:[end], [start]:, or :[end]: `-1:+1` is none of them"),
        ("unknown", 0, "zz:", "Can't locate revision identified by 'zz': this chain has no such revision"),
    ];
    for (name, current, range, expected) in vectors {
        assert_eq!(list(current, range), expected, "{name}: at {current}, {range}");
    }
}
