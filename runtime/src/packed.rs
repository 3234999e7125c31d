//! A chain as it lies in the binary: one text and three tables of numbers, const data that the macro emits. Entries are
//! read by index arithmetic when somebody asks. `revchain-core`'s `pack.rs` writes what this reads and says why.

use std::fmt;

use crate::chain::{Mode, Revision, Script, StepFn, Work};

/// Numbers in an entry of each table.
const REVISION: usize = 32;
const BATCH: usize = 7;
const STATEMENT: usize = 3;

/// The revisions as the macro writes them: one text, and tables of little-endian `u32` that point into it.
#[derive(Clone, Copy)]
pub struct Packed {
    text: &'static str,
    revisions: &'static [u8],
    batches: &'static [u8],
    statements: &'static [u8],
    functions: &'static [StepFn],
}

/// The layout of [`Packed`]: code generated for another one does not compile.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Layout1(());

/// See [`Layout1`].
#[doc(hidden)]
pub const LAYOUT_1: Layout1 = Layout1(());

/// The batches of a script.
#[derive(Clone, Copy)]
pub(crate) struct Batches {
    packed: &'static Packed,
    first: u32,
    count: u32,
}

/// Statements that run alike.
#[derive(Clone, Copy)]
pub(crate) struct Batch {
    packed: &'static Packed,
    pub(crate) mode: Mode,
    pub(crate) sql: &'static str,
    first: u32,
    count: u32,
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

impl Packed {
    /// No revisions.
    pub const EMPTY: &'static Packed =
        &Packed { text: "", revisions: &[], batches: &[], statements: &[], functions: &[] };

    /// For generated code.
    #[doc(hidden)]
    pub const fn new(
        _layout: Layout1,
        text: &'static str,
        revisions: &'static [u8],
        batches: &'static [u8],
        statements: &'static [u8],
        functions: &'static [StepFn],
    ) -> Packed {
        Packed { text, revisions, batches, statements, functions }
    }

    /// How many revisions there are.
    pub(crate) const fn len(&self) -> usize {
        self.revisions.len() / (4 * REVISION)
    }

    /// The id of the revision at a position, counted from the base.
    pub(crate) fn id(&self, position: usize) -> &'static str {
        self.field(position, 0)
    }

    /// The revision at a position, counted from the base.
    pub(crate) fn revision(&'static self, position: usize) -> Revision {
        let checksum = |place| u128::from(Packed::number(self.revisions, position * REVISION + 10 + place));
        Revision {
            id: self.id(position),
            down_revision: Some(self.field(position, 2)).filter(|id| !id.is_empty()),
            message: self.field(position, 4),
            created: Some(self.field(position, 6)).filter(|created| !created.is_empty()),
            file: self.field(position, 8),
            checksum: checksum(0) | checksum(1) << 32 | checksum(2) << 64 | checksum(3) << 96,
            upgrade: self.work(position * REVISION + 14),
            downgrade: self.work(position * REVISION + 23),
        }
    }

    /// The number at a place of a table; 0 outside of it.
    fn number(table: &'static [u8], place: usize) -> u32 {
        let bytes = table.get(place * 4..place * 4 + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    }

    fn text(&self, start: u32, length: u32) -> &'static str {
        let start = start as usize;
        self.text.get(start..start + length as usize).unwrap_or("")
    }

    /// The text whose start and length stand at a place of a revision's entry.
    fn field(&self, position: usize, place: usize) -> &'static str {
        let place = position * REVISION + place;
        self.text(Packed::number(self.revisions, place), Packed::number(self.revisions, place + 1))
    }

    fn work(&'static self, place: usize) -> Work {
        let number = |offset| Packed::number(self.revisions, place + offset);
        if number(0) == 3
            && let Some(function) = self.functions.get(number(1) as usize)
        {
            return Work::Rust(*function);
        }
        Work::Sql([0, 3, 6].map(|offset| match number(offset) {
            1 => Script::Batches(Batches { packed: self, first: number(offset + 1), count: number(offset + 2) }),
            2 => Script::Irreversible(self.text(number(offset + 1), number(offset + 2))),
            _ => Script::Absent,
        }))
    }

    fn batch(&'static self, position: u32) -> Batch {
        let number = |offset| Packed::number(self.batches, position as usize * BATCH + offset);
        let mode = match number(0) {
            1 => Mode::NoTransaction,
            2 => Mode::Repeat(u64::from(number(1)) | u64::from(number(2)) << 32),
            3 => Mode::Rebuild,
            _ => Mode::Transaction,
        };
        Batch { packed: self, mode, sql: self.text(number(3), number(4)), first: number(5), count: number(6) }
    }
}

impl Batches {
    /// None at all.
    pub(crate) const NONE: Batches = Batches { packed: Packed::EMPTY, first: 0, count: 0 };

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.count as usize
    }

    /// The batches in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Batch> + use<> {
        let Batches { packed, first, count } = *self;
        (first..first.saturating_add(count)).map(move |position| packed.batch(position))
    }
}

impl Batch {
    /// How many statements there are.
    pub(crate) const fn len(&self) -> usize {
        self.count as usize
    }

    /// The statement at a position.
    pub(crate) fn statement(&self, position: usize) -> Option<Statement> {
        let entry = (self.first as usize + position) * STATEMENT;
        let number = |offset| Packed::number(self.packed.statements, entry + offset);
        let (start, end) = (number(0) as usize, number(1) as usize);
        let sql = self.sql.get(start..end).filter(|_| position < self.len())?;
        Some(Statement { sql, offset: start, line: number(2) })
    }

    /// The statements in order.
    pub(crate) fn statements(&self) -> impl Iterator<Item = Statement> + '_ {
        (0..self.len()).filter_map(|position| self.statement(position))
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
