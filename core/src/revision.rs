//! What a revision file says, after parsing. May be incomplete: then a finding says so.

use crate::sql::{PieceKind, Split};
use crate::{Dialect, DialectSet, FileId, Sources, Span};

/// The longest id that Alembic's version table holds (`VARCHAR(32)`).
pub const MAX_ID_LENGTH: usize = 32;

/// Ids that are words of the target grammar.
pub const RESERVED_IDS: [&str; 5] = ["head", "heads", "base", "current", "none"];

/// One revision file.
#[derive(Debug, Clone)]
pub struct RevisionFile {
    /// The file.
    pub file: FileId,
    /// The revision id, from the header or, where that is missing, from the file name.
    pub id: Option<Id>,
    /// What it follows. `None` when the header doesn't say.
    pub down_revision: Option<DownRevision>,
    /// The human line: the first paragraph of the header. May be empty.
    pub message: String,
    /// The `created` key, as written.
    pub created: Option<String>,
    /// SQL or Rust.
    pub language: Language,
    /// The sections in file order. Empty for most Rust revisions; what one declares of the schema is a section, too, and
    /// nothing of it runs.
    pub sections: Vec<Section>,
}

/// A revision id and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    /// The id.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

/// What a revision follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownRevision {
    /// `None` for the base.
    pub id: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// What a revision is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A `.sql` file.
    Sql,
    /// A `.rs` file.
    Rust,
}

/// Towards head or towards base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards head.
    Upgrade,
    /// Towards base.
    Downgrade,
}

impl Direction {
    /// The word used in markers and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }
}

/// One section: a marker line and the SQL below it.
#[derive(Debug, Clone)]
pub struct Section {
    /// Upgrade or downgrade.
    pub direction: Direction,
    /// The dialects that it serves: those it names, or every configured one.
    pub dialects: DialectSet,
    /// Whether the marker names dialects.
    pub named: bool,
    /// How it runs.
    pub mode: Mode,
    /// `irreversible: <reason>`: there is no way back, and why.
    pub irreversible: Option<String>,
    /// The marker line.
    pub marker: Span,
    /// The text below the marker, up to the next one.
    pub body: Span,
    /// The statements, once for each group of dialects that reads the text alike.
    pub readings: Vec<Reading>,
    /// The `@allow` lines in the body.
    pub allows: Vec<Allow>,
    /// The `@replay` lines in the body.
    pub replays: Vec<Declared>,
    /// The body without its comment marks, in a Rust revision: there it declares what the functions do to the schema.
    pub declared: Option<String>,
}

/// How the statements of a section run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the revision's transaction.
    Transaction,
    /// One by one, each by itself.
    NoTransaction,
    /// One statement, again and again, each time in a transaction of its own, until it affects fewer rows than this.
    Repeat(u64),
    /// A SQLite table rebuild: foreign keys are off, and checked before the commit.
    Rebuild,
}

/// How a group of dialects reads a section's text.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The dialects that read it so.
    pub dialects: DialectSet,
    /// The statements. Offsets count from the start of the section's body.
    pub split: Split,
}

/// `-- @allow <code>: <reason>`: silences one finding for the next statement.
#[derive(Debug, Clone)]
pub struct Allow {
    /// The code.
    pub code: crate::Code,
    /// Why.
    pub reason: String,
    /// The line, as offsets in the file.
    pub span: Span,
}

/// SQL in comment lines: what the replay takes in place of what it can't read. Nothing of it ever runs.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The line that says so.
    pub marker: Span,
    /// The SQL.
    pub body: Span,
    /// The same with blanks for the comment marks, so that its offsets are the body's.
    pub text: String,
    /// Its statements, once for each group of dialects that reads the text alike.
    pub readings: Vec<Reading>,
}

impl Declared {
    /// The statements as this dialect reads them: where each begins in the file, and its text.
    pub fn statements(&self, dialect: Dialect) -> impl Iterator<Item = (usize, &str)> {
        let reading = self.readings.iter().find(|reading| reading.dialects.contains(dialect));
        reading.into_iter().flat_map(|reading| reading.split.statements()).filter_map(|statement| {
            let (start, end) = (statement.start as usize, statement.end as usize);
            Some((self.body.start as usize + start, self.text.get(start..end)?))
        })
    }
}

impl Section {
    /// The text that the readings count in.
    pub fn text<'a>(&'a self, sources: &'a Sources) -> &'a str {
        self.declared.as_deref().unwrap_or_else(|| sources.text(self.body))
    }

    /// The `@replay` lines of the statement that begins at this offset of the body: those above it, below the one before.
    pub fn replayed(&self, split: &Split, start: usize) -> impl Iterator<Item = &Declared> {
        let base = self.body.start as usize;
        let before = match self.replays.is_empty() {
            true => None,
            false => split.statements().map(|other| other.start as usize).take_while(|other| *other < start).last(),
        };
        self.replays.iter().filter(move |replay| {
            let line = (replay.marker.start as usize).saturating_sub(base);
            line < start && before.is_none_or(|before| line > before)
        })
    }

    /// The statements as this dialect reads them.
    pub fn split(&self, dialect: Dialect) -> Option<&Split> {
        self.readings.iter().find(|reading| reading.dialects.contains(dialect)).map(|reading| &reading.split)
    }

    /// The `@allow` line that silences a finding at this offset of the body, if there is one: it stands before its statement
    /// and after the one before.
    pub fn allowing(&self, split: &Split, start: usize, code: crate::Code) -> Option<&Allow> {
        if self.allows.is_empty() {
            return None;
        }
        let at = split.pieces.partition_point(|piece| piece.start as usize <= start);
        let (before, own) = split.pieces.split_at(at.saturating_sub(1));
        // A statement's piece begins with the comments before it, a client's line does not.
        let begin = |kind: &PieceKind, start: u32| match kind {
            PieceKind::Statement(statement) => Some(statement.start as usize),
            PieceKind::Client => Some(start as usize),
            PieceKind::Trivia => None,
        };
        let own = own.first().and_then(|piece| begin(&piece.kind, piece.start))?;
        let previous = before.iter().rev().find_map(|piece| begin(&piece.kind, piece.start));
        let base = self.body.start as usize;
        let line = |allow: &Allow| (allow.span.end as usize).saturating_sub(base);
        let above = self.allows.partition_point(|allow| line(allow) <= own);
        let near = self.allows.get(..above).unwrap_or_default().iter().rev();
        near.take_while(|allow| previous.is_none_or(|start| line(allow) > start)).find(|allow| allow.code == code)
    }
}
