//! Things behind what they need.

use std::collections::BTreeSet;

use revchain_schema::ObjectName;

/// Names behind those of them that they need, else as they come. Gives whether some need each other in a circle, too: those
/// stand as they come.
pub(super) fn behind<'a, 'n>(
    all: &[&'a ObjectName],
    needs: &dyn Fn(&ObjectName) -> Vec<&'n ObjectName>,
) -> (Vec<&'a ObjectName>, bool) {
    let mut left: BTreeSet<&ObjectName> = all.iter().copied().collect();
    let (mut order, mut has_circle) = (Vec::with_capacity(all.len()), false);
    while !left.is_empty() {
        let is_left = |name: &&&ObjectName| left.contains(**name);
        let is_ready = |name: &&&ObjectName| needs(name).into_iter().all(|need| need == **name || !left.contains(need));
        let mut ready: Vec<&ObjectName> = all.iter().filter(is_left).filter(is_ready).copied().collect();
        if ready.is_empty() {
            has_circle = true;
            ready.extend(all.iter().find(is_left));
        }
        for name in ready {
            left.remove(name);
            order.push(name);
        }
    }
    (order, has_circle)
}
