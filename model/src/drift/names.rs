//! Names as numbers, whatever their case: MySQL and SQLite take no notice of it, and of PostgreSQL nothing is claimed where names
//! differ by case alone.

const START: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;
const LOW: u128 = 0xffff_ffff_ffff_ffff;

/// FNV-1a of 64 bits, of letters whatever their case, behind what is there already. In 128 bits, which don't overflow: every call
/// is dear while a program is compiled, those of the library's arithmetic, too. Two names of one table being one number is so
/// unlikely that nobody will see it: that is what lets a number stand for a name.
const fn folded(hash: u64, name: &str) -> u64 {
    let (bytes, mut hash, mut at) = (name.as_bytes(), hash as u128, 0);
    while at < bytes.len() {
        hash = ((hash ^ (bytes[at] | 0x20) as u128) * PRIME as u128) & LOW;
        at += 1;
    }
    hash as u64
}

/// A column's.
pub const fn name(name: &str) -> u64 {
    folded(START, name)
}

/// A table's. The default schema is none.
pub const fn table_name(schema: Option<&str>, name: &str) -> u64 {
    match schema {
        None => folded(START, name),
        Some(schema) => folded(folded(START, schema).wrapping_mul(PRIME), name),
    }
}

/// Columns in order: of those so far and one more.
pub const fn ordered(so_far: u64, column: &str) -> u64 {
    more(so_far, name(column))
}

/// An expression in their place.
pub const fn expression(so_far: u64, is_ordered: bool) -> u64 {
    if is_ordered { more(so_far, 1) } else { so_far.wrapping_add(1) }
}

/// Columns in any order: of those so far and one more.
pub const fn unordered(so_far: u64, column: &str) -> u64 {
    so_far.wrapping_add(name(column).rotate_left(17).wrapping_mul(PRIME))
}

const fn more(so_far: u64, hash: u64) -> u64 {
    (so_far.rotate_left(5) ^ hash).wrapping_mul(PRIME).wrapping_add(1)
}

/// Whether two texts are the same.
pub(super) const fn same(one: &str, other: &str) -> bool {
    same_bytes(one.as_bytes(), other.as_bytes())
}

/// The same of their bytes.
pub(super) const fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether one is among others.
pub(super) const fn is_one_of(one: &str, others: &[&str]) -> bool {
    let mut at = 0;
    while at < others.len() {
        if same(one, others[at]) {
            return true;
        }
        at += 1;
    }
    false
}
