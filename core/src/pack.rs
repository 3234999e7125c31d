//! Packing: a lowered chain as one text and three tables of numbers, the form in which a binary carries it.
//!
//! Measured: 1,000 revisions as an array of structs cost rustc two seconds of type checking, and a relocation for
//! every string at each start of the program; as five literals they cost neither. The runtime reads an entry by index
//! arithmetic when somebody asks for it (`revchain`'s `packed.rs`, which states the same layout).

use crate::lower::{Batch, Chain, Script, Work};
use crate::revision::{Direction, Mode};

/// Numbers in a revision's entry. Five texts (id, down_revision, message, created, file) as start and length, an empty
/// one for none; four numbers of checksum, lowest first; three scripts towards head and three towards base, each a
/// kind and two numbers.
pub const REVISION: usize = 5 * 2 + 4 + 6 * 3;
/// Numbers in a batch's entry: mode, its row count (low, high), SQL start and length, first statement and count.
pub const BATCH: usize = 7;
/// Numbers in a statement's entry: start and end in the batch's SQL, line.
pub const STATEMENT: usize = 3;

/// A chain in the form that a binary carries. Numbers are little-endian `u32`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    /// Every text, one behind the other.
    pub text: String,
    /// The revisions' entries, from base to head.
    pub revisions: Vec<u8>,
    /// The batches' entries.
    pub batches: Vec<u8>,
    /// The statements' entries.
    pub statements: Vec<u8>,
    /// The functions of `.rs` revisions that entries point to: the id, and which of its two.
    pub functions: Vec<(String, Direction)>,
}

/// Packs a chain. `directory` is put in front of the files' names.
pub fn pack(chain: &Chain, directory: &str) -> Packed {
    let mut packed = Packed::default();
    let mut scripts = Vec::with_capacity(chain.scripts.len());
    for script in &chain.scripts {
        let first = packed.batches.len() / (4 * BATCH);
        for batch in script {
            packed.add_batch(batch);
        }
        scripts.push([1, short(first), short(script.len())]);
    }
    for revision in &chain.revisions {
        let mut entry = Vec::with_capacity(REVISION);
        let file = format!("{directory}/{}", revision.file);
        for text in [
            revision.id.as_str(),
            revision.down_revision.as_deref().unwrap_or(""),
            &revision.message,
            revision.created.as_deref().unwrap_or(""),
            &file,
        ] {
            entry.extend(packed.add_text(text));
        }
        for shift in [0, 32, 64, 96] {
            entry.push((revision.checksum >> shift) as u32);
        }
        for (work, direction) in [(&revision.upgrade, Direction::Upgrade), (&revision.downgrade, Direction::Downgrade)]
        {
            entry.extend(packed.add_work(work, &revision.id, direction, &scripts).into_iter().flatten());
        }
        put(&mut packed.revisions, &entry);
    }
    packed
}

impl Packed {
    fn add_text(&mut self, text: &str) -> [u32; 2] {
        let start = self.text.len();
        self.text.push_str(text);
        [short(start), short(text.len())]
    }

    fn add_batch(&mut self, batch: &Batch) {
        let (mode, rows) = match batch.mode {
            Mode::Transaction => (0, 0),
            Mode::NoTransaction => (1, 0),
            Mode::Repeat(rows) => (2, rows),
            Mode::Rebuild => (3, 0),
        };
        let [start, length] = self.add_text(&batch.sql);
        let first = self.statements.len() / (4 * STATEMENT);
        let count = short(batch.statements.len());
        put(&mut self.batches, &[mode, rows as u32, (rows >> 32) as u32, start, length, short(first), count]);
        for statement in &batch.statements {
            put(&mut self.statements, &[statement.start, statement.end, statement.line]);
        }
    }

    fn add_work(&mut self, work: &Work, id: &str, direction: Direction, scripts: &[[u32; 3]]) -> [[u32; 3]; 3] {
        match work {
            Work::Rust => {
                self.functions.push((id.to_owned(), direction));
                [[3, short(self.functions.len() - 1), 0]; 3]
            }
            Work::Irreversible(reason) => {
                let [start, length] = self.add_text(reason);
                [[2, start, length]; 3]
            }
            Work::Sql(parts) => parts.each_ref().map(|script| match script {
                Script::Absent => [0, 0, 0],
                Script::Batches(position) => scripts.get(*position).copied().unwrap_or_default(),
                Script::Irreversible(reason) => {
                    let [start, length] = self.add_text(reason);
                    [2, start, length]
                }
            }),
        }
    }
}

fn put(table: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        table.extend_from_slice(&number.to_le_bytes());
    }
}

fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
