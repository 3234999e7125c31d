//! A digest of names, for whoever compares many of them while a program is compiled.

/// The digest of a name: FNV-1a, 64 bits. The same on every machine and in every build.
///
/// ```
/// assert_eq!(revchain_model::hash("a"), 0xaf63_dc4c_8601_ec8c);
/// ```
pub const fn hash(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}
