//! What operators join, as far as it is plain: a column, a constant, a query of several columns. Knows how strongly operators bind, for
//! that alone; knows no types.

use revchain_core::Dialect;
use revchain_core::sql::{Token, TokenKind};

use super::{Reader, Reference};
use crate::change::Part;

/// What stands beside an operator, or is a whole expression.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Operand {
    /// A column.
    Column(Reference),
    /// A number with its sign, a string, a word of the database's own such as `TRUE`.
    Constant(Part),
    /// A query that selects more than one column.
    Query(Part, usize),
    /// Anything else.
    #[default]
    Other,
}

impl Operand {
    /// Where it stands.
    pub(crate) fn part(self) -> Option<Part> {
        match self {
            Operand::Column(Reference { qualifier, part, .. }) => Some((qualifier.unwrap_or(part).0, part.1)),
            Operand::Constant(part) | Operand::Query(part, _) => Some(part),
            Operand::Other => None,
        }
    }

    /// Whether it is one value, for certain, and no row.
    fn is_value(self) -> bool {
        matches!(self, Operand::Column(_) | Operand::Constant(_))
    }
}

/// Two operands, and what stands between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) left: Operand,
    /// The operator.
    pub(crate) sign: Part,
    pub(crate) right: Operand,
}

/// A column that is given a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assigned {
    pub(crate) column: Reference,
    pub(crate) value: Operand,
}

/// The columns that an INSERT names, where a query says what is inserted.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) columns: Vec<Part>,
    /// The query's scope.
    pub(crate) scope: usize,
    /// Whether it says `OVERRIDING`.
    pub(crate) is_overriding: bool,
}

/// What a query selects.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    /// From its first column on, to its last.
    pub(crate) part: Part,
    /// One by one.
    pub(crate) columns: Vec<Operand>,
    /// Whether there is a `*` among them, so that nobody knows how many they are.
    pub(crate) has_star: bool,
}

/// An operator, and how strongly it binds (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html>, 4.1.6).
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub(super) part: Part,
    pub(super) strength: u8,
}

/// Where an expression begins, or ends.
const NOTHING: u8 = 0;
pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 5;
/// `LIKE`, `BETWEEN` and their like.
pub(super) const PATTERN: u8 = 6;
/// Of what isn't known: nothing beside it is plain.
pub(super) const UNKNOWN: u8 = u8::MAX;

/// How strongly an operator of signs binds.
pub(super) fn strength(sign: &str) -> u8 {
    match sign {
        "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" => COMPARISON,
        "||" | "->" | "->>" | "~" | "~*" | "!~" | "!~*" => 7,
        "+" | "-" => 8,
        "*" | "/" | "%" => 9,
        _ => UNKNOWN,
    }
}

/// The operators of an expression, in the order in which they are read.
#[derive(Debug)]
pub(super) struct Chain {
    /// What stands before the operand that is read.
    before: u8,
    /// An operator whose right side comes next, with what stands before its left.
    open: Option<(Operand, u8, Sign)>,
    /// Whether the expression is one that has to be true.
    is_condition: bool,
    /// Whether `AND` is that of `BETWEEN`.
    is_between: bool,
    length: usize,
}

impl Chain {
    pub(super) fn new(is_condition: bool) -> Chain {
        Chain { before: NOTHING, open: None, is_condition, is_between: false, length: 0 }
    }
}

impl Reader<'_> {
    /// Notes an operand that was read, and the operator behind it; none where the expression ends.
    pub(super) fn note_operand(&mut self, chain: &mut Chain, sign: Option<Sign>) {
        let operand = std::mem::take(&mut self.operand);
        chain.length += 1;
        let mut before = chain.before;
        if std::mem::take(&mut self.is_negated) {
            before = if before <= NOT { NOT } else { UNKNOWN };
        }
        let mut after = sign.map_or(NOTHING, |sign| sign.strength);
        if chain.is_between && after == AND {
            (after, chain.is_between) = (PATTERN, false);
        }
        if let Some((left, before_left, sign)) = chain.open.take() {
            let is_whole = before == sign.strength && before_left < sign.strength && after <= sign.strength;
            let is_query = matches!(operand, Operand::Query(..)) && left.is_value();
            let is_plain = is_whole && left.is_value() && operand.is_value() && self.is(Dialect::Postgres);
            if is_query || is_plain {
                self.names.operations.push(Operation { left, sign: sign.part, right: operand });
            }
        }
        // `a AND b`, `NOT a`, `WHERE a`.
        let is_told = matches!(before, OR | AND | NOT) || chain.is_condition || matches!(after, OR | AND);
        if is_told && before <= NOT && after <= AND && operand.is_value() && self.is(Dialect::Postgres) {
            self.names.conditions.push(operand);
        }
        match sign {
            Some(sign) => {
                chain.open = (sign.strength > AND).then_some((operand, before, sign));
                chain.before = after;
            }
            None => self.whole = if chain.length == 1 && before == NOTHING { operand } else { Operand::Other },
        }
    }

    /// Notes that `BETWEEN` was read: an `AND` belongs to it.
    pub(super) fn note_between(&self, chain: &mut Chain, sign: Sign) {
        let shown = self.cursor.source().get(sign.part.0..sign.part.1);
        chain.is_between |=
            sign.strength == PATTERN && shown.is_some_and(|shown| shown.eq_ignore_ascii_case("BETWEEN"));
    }

    /// What the tokens from a position on are, of which the last was just read.
    pub(super) fn operand_since(&self, start: usize, references: usize) -> Operand {
        let (length, part) = (self.cursor.position() - start, self.cursor.part((start, self.cursor.position())));
        match self.names.references.get(references..) {
            Some([reference]) if matches!(length, 1 | 3) && reference.part.1 == part.1 => Operand::Column(*reference),
            Some([]) if length == 1 => Operand::Constant(part),
            _ => Operand::Other,
        }
    }

    /// `-1`, with its sign.
    pub(super) fn signed_number(&mut self) -> Option<()> {
        let is_number = matches!(self.cursor.peek(1), Some(Token { kind: TokenKind::Number, .. }));
        if !is_number || !matches!(self.cursor.mark(0), b'-' | b'+') {
            return None;
        }
        let start = self.cursor.position();
        self.cursor.seek(start + 2);
        self.operand = Operand::Constant(self.cursor.part((start, start + 2)));
        Some(())
    }

    /// A query that was read since there were so many scopes, and selects more than one column.
    pub(super) fn query_since(&self, start: usize, scopes: usize) -> Operand {
        let part = self.cursor.part((start, self.cursor.position()));
        match self.names.scopes.get(scopes).map(|scope| &scope.selected) {
            Some(selected) if selected.columns.len() > 1 && !selected.has_star => {
                Operand::Query(part, selected.columns.len())
            }
            _ => Operand::Other,
        }
    }
}
