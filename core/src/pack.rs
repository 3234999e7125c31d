//! Packing: a lowered chain as one text, one table of offsets and one run of records, the form in which a binary carries
//! it.
//!
//! Measured: 1,000 revisions as an array of structs cost rustc two seconds of type checking, and a relocation for every
//! string at each start of the program; as literals they cost neither. And most numbers are small: a byte for each, where
//! it fits, makes a record of some fifty bytes, half of them checksums. The runtime finds a record by its offset and
//! reads it front to back when somebody asks (`revchain`'s `packed.rs`, which states the same layout).
//!
//! A record is a sequence of numbers in LEB128: seven bits a byte, lowest first, the highest bit set on all but the last.
//! Texts lie in [`Packed::text`] in the order in which a record names their lengths, so that only the first has a place.
//!
//! ```text
//! record    = text's start, place of the id, lengths of id, file, message, created (0: none),
//!             checksum: 16 bytes, lowest first; checksums; work towards head, work towards base
//! checksums = of the upgrade: two bits for each dialect, 0 for none, 1 to 3 for one of those that follow, 8 bytes each
//! work      = 64, position of the function
//!           | two bits for each dialect: 0 for none, 1 to 3 for one of the scripts that follow
//! script    = 0, length of the reason why there is no way back
//!           | 1 + count of batches, batches
//! batch     = 0 transaction, 1 no-transaction, 2 rebuild | 3 repeat, rows; count of statements, statements
//! statement = bytes since the one before, length, lines since the one before
//! ```
//!
//! The revision before is the one that a revision follows, so that isn't said; nor is an id that the file's name holds.

use crate::lower::{Batch, Chain, Revision, Script, Work};
use crate::revision::{Direction, Mode};

/// The work is a function.
const FUNCTION: u64 = 64;

/// A chain in the form that a binary carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    /// Every text, one behind the other.
    pub text: String,
    /// Where each revision's record begins, from base to head: little-endian `u32`.
    pub offsets: Vec<u8>,
    /// The records.
    pub records: Vec<u8>,
    /// The functions of `.rs` revisions that records point to: the id, and which of its two.
    pub functions: Vec<(String, Direction)>,
}

/// Packs a chain, in which each revision follows the one before it. `directory` is put in front of the files' names.
pub fn pack(chain: &Chain, directory: &str) -> Packed {
    let mut packed = Packed::default();
    for revision in &chain.revisions {
        let offset = u32::try_from(packed.records.len()).unwrap_or(u32::MAX);
        packed.offsets.extend(offset.to_le_bytes());
        packed.add_revision(revision, &chain.scripts, directory);
    }
    packed
}

impl Packed {
    fn add_revision(&mut self, revision: &Revision, scripts: &[Vec<Batch>], directory: &str) {
        let Revision { id, message, created, file, .. } = revision;
        let file = format!("{directory}/{file}");
        let start = self.text.len();
        self.text.push_str(&file);
        let place = file.find(id.as_str()).unwrap_or_else(|| {
            self.text.push_str(id);
            file.len()
        });
        let created = created.as_deref().unwrap_or("");
        self.text.push_str(message);
        self.text.push_str(created);
        for number in [start, place, id.len(), file.len(), message.len(), created.len()] {
            self.add_length(number);
        }
        self.records.extend(revision.checksum.to_le_bytes());
        self.add_checksums(&revision.upgrade_checksums);
        for (work, direction) in [(&revision.upgrade, Direction::Upgrade), (&revision.downgrade, Direction::Downgrade)]
        {
            match work {
                Work::Rust => {
                    self.add(FUNCTION);
                    self.add_length(self.functions.len());
                    self.functions.push((id.clone(), direction));
                }
                Work::Irreversible(reason) => {
                    self.add_scripts(&[(); 3].map(|()| Script::Irreversible(reason.clone())), scripts);
                }
                Work::Sql(of_dialects) => self.add_scripts(of_dialects, scripts),
            }
        }
    }

    /// Each different checksum once, however many dialects have it.
    fn add_checksums(&mut self, of_dialects: &[Option<u64>; 3]) {
        let (shares, different) = shared(of_dialects.each_ref().map(Option::as_ref));
        self.add(shares);
        different.iter().for_each(|checksum| self.records.extend(checksum.to_le_bytes()));
    }

    /// Each different script once, however many dialects have it.
    fn add_scripts(&mut self, of_dialects: &[Script; 3], scripts: &[Vec<Batch>]) {
        let present = of_dialects.each_ref().map(|script| Some(script).filter(|script| **script != Script::Absent));
        let (shares, different) = shared(present);
        self.add(shares);
        for script in different {
            match script {
                Script::Batches(position) => {
                    let batches = scripts.get(*position).map_or(&[][..], Vec::as_slice);
                    self.add_length(1 + batches.len());
                    let mut line = 0;
                    batches.iter().for_each(|batch| self.add_batch(batch, &mut line));
                }
                Script::Irreversible(reason) => {
                    self.add(0);
                    self.add_length(reason.len());
                    self.text.push_str(reason);
                }
                Script::Absent => {}
            }
        }
    }

    /// What follows the last statement of a batch is left out.
    fn add_batch(&mut self, batch: &Batch, line: &mut u32) {
        match batch.mode {
            Mode::Transaction => self.add(0),
            Mode::NoTransaction => self.add(1),
            Mode::Rebuild => self.add(2),
            Mode::Repeat(rows) => {
                self.add(3);
                self.add(rows);
            }
        }
        self.add_length(batch.statements.len());
        let mut end = 0;
        for statement in &batch.statements {
            self.add(u64::from(statement.start.saturating_sub(end)));
            self.add(u64::from(statement.end.saturating_sub(statement.start)));
            // Around, should one ever stand above the one before it.
            self.add(u64::from(statement.line.wrapping_sub(*line)));
            (end, *line) = (statement.end, statement.line);
        }
        self.text.push_str(batch.sql.get(..end as usize).unwrap_or(""));
    }

    fn add_length(&mut self, length: usize) {
        self.add(length as u64);
    }

    fn add(&mut self, mut number: u64) {
        while number > 127 {
            self.records.push(number as u8 | 128);
            number >>= 7;
        }
        self.records.push(number as u8);
    }
}

/// What dialects have, each different one once; and who has which: two bits for each dialect, 0 for nothing.
fn shared<T: PartialEq>(of_dialects: [Option<&T>; 3]) -> (u64, Vec<&T>) {
    let (mut shares, mut different) = (0, Vec::new());
    for (dialect, one) in of_dialects.into_iter().enumerate() {
        let Some(one) = one else { continue };
        let which = different.iter().position(|other| *other == one).unwrap_or_else(|| {
            different.push(one);
            different.len() - 1
        });
        shares |= (which as u64 + 1) << (2 * dialect);
    }
    (shares, different)
}
