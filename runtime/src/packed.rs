//! A chain as it lies in the binary: one text, and the records of its revisions, const data that the macro emits. A record
//! is found by its offset, and read when somebody asks: nothing is unpacked beforehand, and nothing kept. `revchain-core`'s
//! `pack.rs` writes what this reads, and says how and why. Never panics, whatever the bytes are: beyond their end there is
//! nothing, and nothing is 0.

use std::fmt;

use crate::chain::{Mode, Script, StepFn, Work};
use crate::plan::Direction;

/// The bytes of an offset, of a checksum, and of an upgrade's on a dialect.
const OFFSET: usize = 4;
const CHECKSUM: usize = 16;
const UPGRADE_CHECKSUM: usize = 8;
/// The work is a function.
const FUNCTION: u64 = 64;

/// The revisions as the macro writes them.
#[derive(Clone, Copy)]
pub struct Packed {
    text: &'static str,
    offsets: &'static [u8],
    records: &'static [u8],
    functions: &'static [StepFn],
}

/// The layout of [`Packed`]: code generated for another one does not compile.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Layout3(());

/// See [`Layout3`].
#[doc(hidden)]
pub const LAYOUT_3: Layout3 = Layout3(());

/// The batches of a script.
#[derive(Clone, Copy)]
pub(crate) struct Batches {
    first: Reader,
    count: usize,
}

/// On the way from one batch to the next.
struct Walk {
    reader: Reader,
    left: usize,
    line: u32,
}

/// Statements that run alike.
#[derive(Clone, Copy)]
pub(crate) struct Batch {
    pub(crate) mode: Mode,
    pub(crate) sql: &'static str,
    statements: Statements,
}

/// The statements of a batch, in order.
#[derive(Clone, Copy)]
pub(crate) struct Statements {
    reader: Reader,
    left: usize,
    line: u32,
    /// Where the batch's text begins.
    start: usize,
}

/// One statement of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The text, without its terminator.
    pub sql: &'static str,
    /// Where the text begins in the batch, in bytes.
    pub offset: usize,
    /// The line in the revision file, from 1.
    pub line: u32,
}

/// A place in a record, and the place in the text that belongs to it.
#[derive(Clone, Copy)]
struct Reader {
    packed: &'static Packed,
    at: usize,
    text: usize,
}

/// What a record says before the work.
pub(crate) struct Head {
    pub(crate) id: &'static str,
    pub(crate) file: &'static str,
    pub(crate) message: &'static str,
    pub(crate) created: Option<&'static str>,
    pub(crate) checksum: u128,
    work: Reader,
}

impl Packed {
    /// No revisions.
    pub const EMPTY: &'static Packed = &Packed { text: "", offsets: &[], records: &[], functions: &[] };

    /// For generated code.
    #[doc(hidden)]
    pub const fn new(
        _layout: Layout3,
        text: &'static str,
        offsets: &'static [u8],
        records: &'static [u8],
        functions: &'static [StepFn],
    ) -> Packed {
        Packed { text, offsets, records, functions }
    }

    /// How many revisions there are.
    pub(crate) const fn len(&self) -> usize {
        self.offsets.len() / OFFSET
    }

    /// The id of the revision at a position, counted from the base.
    pub(crate) fn id(&'static self, position: usize) -> &'static str {
        self.head(position).id
    }

    /// What the record of the revision at a position says before the work.
    pub(crate) fn head(&'static self, position: usize) -> Head {
        let offset = self.offsets.get(position.saturating_mul(OFFSET)..).and_then(|rest| rest.first_chunk());
        let at = offset.map_or(self.records.len(), |offset| u32::from_le_bytes(*offset) as usize);
        let mut reader = Reader { packed: self, at, text: 0 };
        let (start, place, id) = (reader.length(), reader.length(), reader.length());
        let (file, message, created) = (reader.length(), reader.length(), reader.length());
        // A part of the file's name, or behind it.
        reader.text = start.saturating_add(place);
        let id = reader.text(id);
        let after_id = std::mem::replace(&mut reader.text, start);
        let file = reader.text(file);
        reader.text = reader.text.max(after_id);
        let message = reader.text(message);
        let created = Some(reader.text(created)).filter(|created| !created.is_empty());
        let checksum = reader.checksum();
        Head { id, file, message, created, checksum, work: reader }
    }

    /// The digest of what the upgrade to the revision at a position runs on each of `[postgres, mysql, sqlite]`.
    pub(crate) fn upgrade_checksums(&'static self, position: usize) -> [Option<u64>; 3] {
        self.head(position).work.upgrade_checksums()
    }

    /// What the revision at a position does.
    pub(crate) fn work(&'static self, position: usize, direction: Direction) -> Work {
        let mut reader = self.head(position).work;
        reader.upgrade_checksums();
        let upgrade = reader.work();
        match direction {
            Direction::Upgrade => upgrade,
            Direction::Downgrade => reader.work(),
        }
    }
}

impl Reader {
    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0u32);
        while let Some(byte) = self.packed.records.get(self.at) {
            self.at += 1;
            number |= u64::from(byte & 127).checked_shl(shift).unwrap_or(0);
            shift = shift.saturating_add(7);
            if *byte < 128 {
                break;
            }
        }
        number
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    /// How many things follow, if that many were packed: each is a byte at least.
    fn at_most(&self, count: usize) -> usize {
        count.min(self.packed.records.len().saturating_sub(self.at))
    }

    fn text(&mut self, length: usize) -> &'static str {
        let start = self.text;
        self.text = start.saturating_add(length);
        self.packed.text.get(start..self.text).unwrap_or("")
    }

    fn checksum(&mut self) -> u128 {
        let bytes = self.packed.records.get(self.at..).and_then(|rest| rest.first_chunk::<CHECKSUM>());
        self.at = self.at.saturating_add(CHECKSUM);
        bytes.map_or(0, |bytes| u128::from_le_bytes(*bytes))
    }

    fn upgrade_checksums(&mut self) -> [Option<u64>; 3] {
        let of_dialects = shared(self.number());
        let different = of_dialects.into_iter().max().unwrap_or(0);
        let bytes = self.packed.records.get(self.at..).unwrap_or_default();
        self.at = self.at.saturating_add(different * UPGRADE_CHECKSUM);
        of_dialects.map(|which| {
            let at = which.checked_sub(1)? * UPGRADE_CHECKSUM;
            bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|bytes| u64::from_le_bytes(*bytes))
        })
    }

    fn work(&mut self) -> Work {
        let shares = self.number();
        if shares == FUNCTION {
            let function = self.length();
            return self.packed.functions.get(function).map_or(Work::Sql([Script::Absent; 3]), |it| Work::Rust(*it));
        }
        let of_dialects = shared(shares);
        let different = of_dialects.into_iter().max().unwrap_or(0);
        let mut scripts = [Script::Absent; 4];
        scripts.iter_mut().skip(1).take(different).for_each(|script| *script = self.script());
        Work::Sql(of_dialects.map(|which| scripts.get(which).copied().unwrap_or(Script::Absent)))
    }

    fn script(&mut self) -> Script {
        let Some(count) = self.length().checked_sub(1) else {
            let length = self.length();
            return Script::Irreversible(self.text(length));
        };
        let batches = Batches { first: *self, count: self.at_most(count) };
        let mut walk = batches.walk();
        walk.by_ref().for_each(drop);
        *self = walk.reader;
        Script::Batches(batches)
    }
}

/// Which of the different ones each dialect has, from 1; 0 for nothing.
fn shared(shares: u64) -> [usize; 3] {
    [0, 2, 4].map(|shift| (shares >> shift & 3) as usize)
}

impl Batches {
    /// None at all.
    pub(crate) const NONE: Batches = Batches { first: Reader { packed: Packed::EMPTY, at: 0, text: 0 }, count: 0 };

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// The batches in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Batch> + use<> {
        self.walk()
    }

    fn walk(&self) -> Walk {
        Walk { reader: self.first, left: self.count, line: 0 }
    }
}

impl Iterator for Walk {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        self.left = self.left.checked_sub(1)?;
        let reader = &mut self.reader;
        let mode = match reader.number() {
            1 => Mode::NoTransaction,
            2 => Mode::Rebuild,
            3 => Mode::Repeat(reader.number()),
            _ => Mode::Transaction,
        };
        let count = reader.length();
        let left = reader.at_most(count);
        let statements = Statements { reader: *reader, left, line: self.line, start: reader.text };
        let mut all = statements;
        all.by_ref().for_each(drop);
        (self.reader, self.line) = (all.reader, all.line);
        let sql = self.reader.packed.text.get(statements.start..self.reader.text).unwrap_or("");
        Some(Batch { mode, sql, statements })
    }
}

impl Batch {
    /// How many statements there are.
    pub(crate) const fn len(&self) -> usize {
        self.statements.left
    }

    /// The statement at a position.
    pub(crate) fn statement(&self, position: usize) -> Option<Statement> {
        self.statements().nth(position)
    }

    /// The statements in order.
    pub(crate) const fn statements(&self) -> Statements {
        self.statements
    }
}

impl Iterator for Statements {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        self.left = self.left.checked_sub(1)?;
        let reader = &mut self.reader;
        let [between, length, lines] = [(); 3].map(|()| reader.length());
        reader.text = reader.text.saturating_add(between);
        let offset = reader.text.saturating_sub(self.start);
        self.line = self.line.wrapping_add(lines as u32);
        Some(Statement { sql: reader.text(length), offset, line: self.line })
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packed").finish_non_exhaustive()
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("mode", &self.mode).field("statements", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
