//! The names that expressions and queries use: which words are columns, in which tables they are looked for, and which are functions. A reader of the
//! forms that everybody writes. What it doesn't know for certain it doesn't give: a group in parentheses that it can't read is
//! passed over, and of a statement with anything else that is strange it says nothing at all. Never looks a name up.

mod expression;
mod operands;
mod query;
mod statement;
#[cfg(test)]
mod tests;

use revchain_core::Dialect;

use super::{Cursor, Keyword};
use crate::change::{Named, Part};
use crate::model::Name;
pub(crate) use operands::{Assigned, Filled, Operand, Operation, Selected};

/// A longer text is not read: it is data.
const LONGEST: usize = 4096;
/// How deep expressions are followed, queries within them too.
const DEEPEST: usize = 24;

/// What a text names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Where columns are looked for. Of an expression alone there is one, without sources: they are its table.
    pub(crate) scopes: Vec<Scope>,
    /// The columns, in the order in which they are read.
    pub(crate) references: Vec<Reference>,
    /// The functions that are called by their name alone, as `calls` are read: those within behind those around them.
    pub(crate) calls: Vec<Call>,
    /// The columns of which PostgreSQL's SET names a field: `a.b = 1`.
    pub(crate) fields: Vec<Reference>,
    /// Operators that stand between what is plain.
    pub(crate) operations: Vec<Operation>,
    /// What is plain, and has to be true or false.
    pub(crate) conditions: Vec<Operand>,
    /// What a statement gives to columns, one by one.
    pub(crate) assigned: Vec<Assigned>,
    /// What an INSERT fills by a query.
    pub(crate) filled: Option<Filled>,
    /// What an expression is as a whole.
    pub(crate) whole: Operand,
    /// Whether an UPDATE says which rows, or takes other tables in.
    pub(crate) has_condition: bool,
}

/// A place where columns are looked for: a query, or a statement that changes rows.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// The tables.
    pub(crate) sources: Vec<Source>,
    /// Names that it gives to what it selects.
    pub(crate) given: Vec<Name>,
    /// Where else they are looked for: what this is a query in.
    pub(crate) outer: Option<usize>,
    /// What it selects.
    pub(crate) selected: Selected,
    /// Whether it is one of several queries whose rows are put together.
    pub(crate) is_joined: bool,
}

/// What stands in FROM, or what a statement changes.
#[derive(Debug)]
pub(crate) struct Source {
    /// The table, or view. `None` for a query, a function, and what has other names for its columns.
    pub(crate) table: Option<Named>,
    /// What it is called in the statement, where that is another name.
    pub(crate) alias: Option<Name>,
}

/// A column's name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference {
    /// In which of the scopes it stands.
    pub(crate) scope: usize,
    /// What stands before the dot.
    pub(crate) qualifier: Option<Part>,
    /// The name.
    pub(crate) part: Part,
}

/// A call of a function that no schema is said of, but for the server's own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// The function's name.
    pub(crate) part: Part,
    /// What the first argument says, quotes included, where it is a string and nothing else.
    pub(crate) constant: Option<Part>,
}

/// The columns of an expression, of one table.
pub(crate) fn expression(text: &str, dialect: Dialect) -> Option<Names> {
    let mut reader = Reader::new(text, dialect)?;
    reader.names.scopes.push(Scope::default());
    reader.expression()?;
    reader.names.whole = reader.whole;
    (reader.cursor.is_at_end() && !reader.is_dropped).then_some(reader.names)
}

/// The columns of a query that begins with SELECT, or of a statement that changes rows, makes a view, a policy or a trigger. `None` where
/// it is another, or isn't plain.
pub(crate) fn statement(text: &str, dialect: Dialect) -> Option<Names> {
    // Most rows say all they have.
    if !statement::may_name(text) {
        return None;
    }
    let mut reader = Reader::new(text, dialect)?;
    reader.statement()?;
    (!reader.is_dropped).then_some(reader.names)
}

/// The columns of what a view selects, behind its columns' names where it has such.
pub(crate) fn view(body: &str, dialect: Dialect) -> Option<Names> {
    let mut reader = Reader::new(body, dialect)?;
    if reader.cursor.sees_mark(0, '(') {
        reader.cursor.names_in_parentheses()?;
    }
    reader.query(None)?;
    Some(reader.names)
}

/// The columns of a policy or a trigger, behind its table's name: the table's, and those of its rows `new` and `old`.
pub(crate) fn of_table(definition: &str, dialect: Dialect) -> Option<Names> {
    let mut reader = Reader::new(definition, dialect)?;
    reader.names.scopes.push(Scope::default());
    let events = ["BEFORE", "AFTER", "INSTEAD", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];
    match reader.cursor.is_any(&events) {
        true => reader.trigger_of_table()?,
        false => reader.conditions()?,
    }
    Some(reader.names)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    dialect: Dialect,
    names: Names,
    /// The scope that we are in.
    scope: usize,
    depth: usize,
    /// Whether SQLite may not look at some of it: what it knows to be false it drops before it looks names up (tried).
    is_dropped: bool,
    /// The operand that was read last, and whether NOT stands before it.
    operand: Operand,
    is_negated: bool,
    /// The expression that was read last.
    whole: Operand,
    /// Whether a `*` was read that stands for columns.
    has_star: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Option<Reader<'a>> {
        // One server executes what another takes for a comment.
        if text.len() > LONGEST || dialect == Dialect::Mysql && (text.contains("/*!") || text.contains("/*M!")) {
            return None;
        }
        let cursor = Cursor::new(text, dialect);
        Some(Reader {
            cursor,
            dialect,
            names: Names::default(),
            scope: 0,
            depth: 0,
            is_dropped: false,
            operand: Operand::Other,
            is_negated: false,
            whole: Operand::Other,
            has_star: false,
        })
    }

    fn is(&self, dialect: Dialect) -> bool {
        self.dialect == dialect
    }

    fn keyword(&self) -> &'static str {
        Keyword::at(&self.cursor, 0)
    }

    /// Notes a column.
    fn refer(&mut self, qualifier: Option<Part>, part: Part) {
        self.names.references.push(Reference { scope: self.scope, qualifier, part });
    }

    /// Reads a group in parentheses. What isn't understood of it is passed over, with all that was found there.
    fn group(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        if !self.cursor.sees_mark(0, '(') {
            return None;
        }
        let (start, scope, depth) = (self.cursor.position(), self.scope, self.depth);
        let (scopes, references, calls) =
            (self.names.scopes.len(), self.names.references.len(), self.names.calls.len());
        let (operations, conditions) = (self.names.operations.len(), self.names.conditions.len());
        self.cursor.next();
        if inside(self).is_some() && self.cursor.take_mark(')') {
            return Some(());
        }
        self.names.scopes.truncate(scopes);
        self.names.references.truncate(references);
        self.names.calls.truncate(calls);
        self.names.operations.truncate(operations);
        self.names.conditions.truncate(conditions);
        self.whole = Operand::Other;
        (self.scope, self.depth) = (scope, depth);
        self.cursor.seek(start);
        self.cursor.skip_parentheses()?;
        // One that is never closed is no statement.
        self.cursor.seek(self.cursor.position().checked_sub(1)?);
        self.cursor.take_mark(')').then_some(())
    }

    /// A group that nobody looks into.
    fn pass_group(&mut self) -> Option<()> {
        self.group(|_| None)
    }

    /// Reads in a scope of its own, and says which that is.
    fn within(&mut self, outer: Option<usize>, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<usize> {
        let (before, scope) = (self.scope, self.names.scopes.len());
        self.names.scopes.push(Scope { outer, ..Scope::default() });
        self.scope = scope;
        let read = inside(self);
        self.scope = before;
        read.map(|()| scope)
    }
}
