//! Digests. XXH3 with 128 bits: published, stable, and quick even in an unoptimised build. They detect change, not
//! malice: whoever can edit a revision can edit its checksum.

use xxhash_rust::xxh3::Xxh3Default;

use crate::Sources;
use crate::revision::{Language, Mode, RevisionFile};

/// The digest of everything that was read: names, bytes, and what could not be read. The build script hands it to the
/// macro, which compares.
pub fn of_sources(sources: &Sources) -> String {
    let mut hash = Xxh3Default::new();
    for (_, file) in sources.iter() {
        field(&mut hash, file.relative.as_bytes());
        field(&mut hash, file.text.as_bytes());
    }
    for problem in &sources.problems {
        field(&mut hash, problem.path.as_bytes());
        field(&mut hash, problem.message.as_bytes());
    }
    format!("{:032x}", hash.digest128())
}

/// The digest of a name, as an environment variable can carry it.
pub fn of_name(name: &str) -> String {
    format!("{:016X}", xxhash_rust::xxh3::xxh3_64(name.as_bytes()))
}

/// The digest of what a revision does: its sections' markers and tokens. Comments, white space and line ends do not
/// count, nor does the header. For a Rust revision the text counts, with line ends made equal.
pub fn of_revision(sources: &Sources, revision: &RevisionFile) -> u128 {
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
        if let Some(reading) = section.readings.first() {
            field(&mut hash, &reading.split.digest.to_le_bytes());
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
