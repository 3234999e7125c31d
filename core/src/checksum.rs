//! Digests. What is kept is XXH3 with 128 bits: published and stable. They detect change, not malice: whoever can edit a
//! revision can edit its checksum.

use xxhash_rust::xxh3::Xxh3Default;

use crate::revision::{Direction, Language, Mode, RevisionFile, Section};
use crate::{Dialect, DialectSet, Sources, load, sql};

/// The digest of everything that is embedded: names, bytes, and what could not be read. The build script hands it to the
/// macro, which compares.
///
/// `revchain.lock` is judged and not embedded, so it can't make a binary stale. That it changed cargo sees by itself: it is
/// in the directory that the build script watches.
pub fn of_sources(sources: &Sources) -> String {
    let mut digest = u64::MAX;
    for (_, file) in sources.iter().filter(|(_, file)| file.relative != load::LOCK) {
        digest = mixed(digest, file.relative.as_bytes());
        digest = mixed(digest, file.text.as_bytes());
    }
    for problem in &sources.problems {
        digest = mixed(digest, problem.path.as_bytes());
        digest = mixed(digest, problem.message.as_bytes());
    }
    format!("{digest:016x}")
}

/// A digest and a field more. By hand: all bytes of a chain go through it twice in each build, and XXH3, whose instructions are
/// calls where nobody optimises, takes several times as long. Both halves of the product: the upper bits of a word don't come down
/// in one.
fn mixed(digest: u64, field: &[u8]) -> u64 {
    let mix = |digest: u64, word: u64| {
        let product = u128::from(digest ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (product as u64) ^ (product >> 64) as u64
    };
    let (words, rest) = field.as_chunks();
    let (mut digest, mut at) = (mix(digest, field.len() as u64), 0);
    while at < words.len() {
        digest = mix(digest, u64::from_le_bytes(words[at]));
        at += 1;
    }
    rest.iter().fold(digest, |digest, byte| mix(digest, u64::from(*byte)))
}

/// The digest of a name, as an environment variable can carry it.
pub fn of_name(name: &str) -> String {
    format!("{:016X}", xxhash_rust::xxh3::xxh3_64(name.as_bytes()))
}

/// The digest of what a revision does: its sections' markers and tokens. Comments, white space and line ends do not
/// count, nor does the header. For a Rust revision the text counts, with line ends made equal.
pub fn of_revision(sources: &Sources, revision: &RevisionFile) -> u128 {
    digest(sources, revision, |section| section.readings.first().map(|reading| reading.split.digest()))
}

/// Whether a revision does what it did when it had this checksum. The tokens are those of the first dialect that reads a
/// section, so that another `dialects` in `revchain.toml` may give another checksum: that is no edit of the revision.
pub fn is_of_revision(sources: &Sources, revision: &RevisionFile, checksum: u128) -> bool {
    of_revision(sources, revision) == checksum
        || revision.language == Language::Sql
            && (1..8u8).any(|bits| {
                let configured: DialectSet = Dialect::ALL
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| bits & (1 << at) != 0)
                    .map(|(_, one)| one)
                    .collect();
                checksum
                    == digest(sources, revision, |section| {
                        let readers =
                            if section.named { section.dialects.intersection(configured) } else { configured };
                        let text = sources.text(section.body);
                        readers.iter().next().map(|dialect| sql::split::split(text, dialect).digest())
                    })
            })
}

/// The digest of what a revision's upgrade runs on a dialect: the tokens of the sections that are read there, whatever their
/// options are. What a database is told of it can be compared later: neither comments and white space nor the way back nor
/// other dialects count. `None` where nothing is read there, and of a `.rs` revision: no build can tell which of its edits
/// matter.
pub fn of_upgrade(revision: &RevisionFile, dialect: Dialect) -> Option<u64> {
    let upgrades = revision.sections.iter().filter(|section| section.direction == Direction::Upgrade);
    let read =
        upgrades.filter_map(|section| section.readings.iter().find(|reading| reading.dialects.contains(dialect)));
    read.map(|reading| reading.split.digest() as u64).reduce(|sum, next| {
        let mut hash = Xxh3Default::new();
        hash.update(&sum.to_le_bytes());
        hash.update(&next.to_le_bytes());
        hash.digest()
    })
}

/// `tokens` gives the digest of a section's tokens, where somebody reads them.
fn digest(sources: &Sources, revision: &RevisionFile, tokens: impl Fn(&Section) -> Option<u128>) -> u128 {
    let mut hash = Xxh3Default::new();
    if revision.language == Language::Rust {
        for line in sources.file(revision.file).text.split('\n') {
            field(&mut hash, line.strip_suffix('\r').unwrap_or(line).as_bytes());
        }
        return hash.digest128();
    }
    for section in &revision.sections {
        field(&mut hash, section.direction.name().as_bytes());
        if section.named {
            field(&mut hash, section.dialects.to_string().as_bytes());
        }
        match section.mode {
            Mode::Transaction => {}
            Mode::NoTransaction => field(&mut hash, b"no-transaction"),
            Mode::Rebuild => field(&mut hash, b"rebuild"),
            Mode::Repeat(batch) => field(&mut hash, format!("repeat: {batch}").as_bytes()),
        }
        if section.irreversible.is_some() {
            field(&mut hash, b"irreversible");
        }
        if let Some(tokens) = tokens(section) {
            field(&mut hash, &tokens.to_le_bytes());
        }
    }
    hash.digest128()
}

/// Adds a field and its length, so that two fields never read as one.
fn field(hash: &mut Xxh3Default, bytes: &[u8]) {
    hash.update(&(bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// The environment variable in which the build script of a package hands the macro the digest of a directory. Cargo
/// passes such variables on to what it runs, so the name says for which directory of which package it is meant.
pub fn variable(manifest_directory: &str, directory: &str) -> String {
    format!("REVCHAIN_DIGEST_{}", of_name(&format!("{manifest_directory}\0{directory}")))
}

/// The variable in which it hands over the file with what the replay found: see [`variable`].
pub fn findings_variable(manifest_directory: &str, directory: &str) -> String {
    variable(manifest_directory, directory).replace("DIGEST", "FINDINGS")
}

/// Parts the findings in that file, behind the digest of the sources in which they were found.
pub const FINDINGS_SEPARATOR: char = '\0';

/// The variable in which it names the place of a file with what the chain leads to, behind the same digest, where a macro asked for
/// that once: see [`variable`].
pub fn head_variable(manifest_directory: &str, directory: &str) -> String {
    variable(manifest_directory, directory).replace("DIGEST", "HEAD")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn sources_that_differ_in_anything_have_another_digest() {
        let of = |name: &str, text: &[u8]| {
            let mut sources = Sources::default();
            sources.add(name.to_owned(), name, text.to_vec());
            of_sources(&sources)
        };
        let text = b"CREATE TABLE t (id INTEGER);\n\0";
        let mut digests =
            BTreeSet::from([of("a", text), of("aC", &text[1..]), of("", &[]), of("", &[0]), of("", &[0; 8])]);
        let mut expected = digests.len();
        for length in 0..text.len() {
            digests.insert(of("a", &text[..length]));
            expected += 1;
        }
        for bit in 0..7 * text.len() {
            let mut flipped = text.to_vec();
            flipped[bit / 7] ^= 1 << (bit % 7);
            digests.insert(of("a", &flipped));
            expected += 1;
        }
        assert_eq!(expected, 5 + 30 + 7 * 30);
        assert_eq!(digests.len(), expected);
    }
}
