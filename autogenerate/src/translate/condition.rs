//! Conditions, and what columns are computed from, that mean the same on another dialect: read by the grammar that all three
//! share, and by kind for PostgreSQL, which compares nothing with what is of another one. What is beyond that is left out.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;
use revchain_schema::Schema;
use revchain_schema::model::{Column, Expression, Family, Name, Table};
use revchain_schema::write::Writer;

use super::expressions::{is_moment, is_number};
use super::stored::{self, Word};

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truth,
    Number,
    Text,
    /// A day, or a day and a time.
    Moment,
    Other,
    /// A constant in quotes, which becomes what it is compared with.
    Constant,
    Null,
}

/// A part, in the words of the other dialect.
struct Part {
    kind: Kind,
    text: String,
}

/// Where expressions stand: a table, and its columns in the words of the other dialect, one for each.
pub(super) struct Place<'a> {
    pub(super) from: Dialect,
    pub(super) to: Dialect,
    pub(super) table: &'a Table,
    pub(super) made: &'a [Column],
}

impl Place<'_> {
    /// What a check or an index's `WHERE` says.
    pub(super) fn condition(&self, of: &Expression) -> Option<Expression> {
        self.read(of, |kind| matches!(kind, Kind::Truth | Kind::Null))
    }

    /// What a column is computed from.
    pub(super) fn value(&self, of: &Expression, column: &Column) -> Option<Expression> {
        let wanted = kind(column, self.to);
        self.read(of, |kind| kind == wanted && kind != Kind::Other)
    }

    /// What an index is of.
    pub(super) fn part(&self, of: &Expression) -> Option<Expression> {
        self.read(of, |kind| !matches!(kind, Kind::Constant | Kind::Null))
    }

    fn read(&self, of: &Expression, is_wanted: impl Fn(Kind) -> bool) -> Option<Expression> {
        let words = match self.from {
            Dialect::Postgres => stored::plain(of)?,
            Dialect::Mysql | Dialect::Sqlite => stored::words(of, self.from),
        };
        let nothing = Schema::empty(self.to);
        let mut reader = Reader {
            place: self,
            writer: Writer::of(&nothing),
            words: &words,
            is_strict: self.to == Dialect::Postgres,
            depth: 0,
        };
        let part = reader.either()?;
        let is_number = part.kind == Kind::Number && !reader.is_strict && is_wanted(Kind::Truth);
        (reader.words.is_empty() && (is_wanted(part.kind) || is_number)).then(|| Expression::new(&part.text, self.to))
    }
}

fn kind(column: &Column, dialect: Dialect) -> Kind {
    match column.data_type.as_ref().map(|of| of.family(dialect)) {
        Some(Family::Boolean) => Kind::Truth,
        Some(Family::Integer | Family::Decimal | Family::Float) => Kind::Number,
        Some(Family::Text | Family::Enum) => Kind::Text,
        Some(Family::Date | Family::Timestamp) => Kind::Moment,
        _ => Kind::Other,
    }
}

/// How deep parentheses may stand in each other.
const DEEPEST: u32 = 60;

struct Reader<'a> {
    place: &'a Place<'a>,
    writer: Writer<'a>,
    /// What is left.
    words: &'a [Word],
    is_strict: bool,
    depth: u32,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a Word> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    /// Goes past a word or a mark.
    fn take(&mut self, text: &str) -> bool {
        let is_there = self.is(0, text);
        if is_there {
            self.words = self.words.get(1..).unwrap_or_default();
        }
        is_there
    }

    fn is(&self, offset: usize, text: &str) -> bool {
        let plain = |word: &&Word| matches!(word.kind, TokenKind::Word | TokenKind::Punctuation);
        self.words.get(offset).filter(plain).is_some_and(|word| word.text == text)
    }

    /// Whether two may be compared. MySQL takes any two for numbers, and SQLite none for another: that is not meant.
    fn agree(&self, one: &Part, other: &Part) -> bool {
        match (one.kind, other.kind) {
            (Kind::Truth | Kind::Number, Kind::Truth | Kind::Number) if !self.is_strict => true,
            (Kind::Null, _) | (_, Kind::Null) => true,
            (Kind::Moment, Kind::Constant) => is_moment(&other.text),
            (Kind::Constant, Kind::Moment) => is_moment(&one.text),
            (Kind::Text | Kind::Constant, Kind::Text | Kind::Constant) => true,
            (one, other) => one == other && one != Kind::Other,
        }
    }

    fn truth(&self, part: &Part) -> Option<()> {
        let is_truth = match part.kind {
            Kind::Truth | Kind::Null => true,
            Kind::Number => !self.is_strict,
            _ => false,
        };
        is_truth.then_some(())
    }

    fn either(&mut self) -> Option<Part> {
        self.joined("or", Reader::all)
    }

    fn all(&mut self) -> Option<Part> {
        self.joined("and", Reader::not)
    }

    fn joined(&mut self, word: &str, inner: fn(&mut Reader<'a>) -> Option<Part>) -> Option<Part> {
        let mut part = inner(self)?;
        while self.take(word) {
            let more = inner(self)?;
            self.truth(&part)?;
            self.truth(&more)?;
            part = Part { kind: Kind::Truth, text: format!("{} {word} {}", part.text, more.text) };
        }
        Some(part)
    }

    fn not(&mut self) -> Option<Part> {
        if !self.take("not") {
            return self.compared();
        }
        self.depth += 1;
        let inner = if self.depth < DEEPEST { self.not() } else { None };
        self.depth -= 1;
        let inner = inner?;
        self.truth(&inner)?;
        Some(Part { kind: Kind::Truth, text: format!("not {}", inner.text) })
    }

    fn compared(&mut self) -> Option<Part> {
        let left = self.sum()?;
        let truth = |text: String| Some(Part { kind: Kind::Truth, text });
        for operator in ["=", "<>", "!=", "<", ">", "<=", ">="] {
            if self.take(operator) {
                let right = self.sum()?;
                return match self.agree(&left, &right) {
                    true => truth(format!("{} {operator} {}", left.text, right.text)),
                    false => truth(flag(operator, &left, &right)?),
                };
            }
        }
        if self.take("is") {
            let not = if self.take("not") { "not " } else { "" };
            if self.take("null") {
                return truth(format!("{} is {not}null", left.text));
            }
            let word = ["true", "false"].into_iter().find(|word| self.take(word))?;
            self.truth(&left)?;
            return truth(format!("{} is {not}{word}", left.text));
        }
        let not = if self.take("not") { "not " } else { "" };
        if self.take("in") {
            let mut list = Vec::new();
            if !self.take("(") {
                return None;
            }
            loop {
                let one = self.sum()?;
                if !self.agree(&left, &one) {
                    return None;
                }
                list.push(one.text);
                if !self.take(",") {
                    break;
                }
            }
            return self.take(")").then(|| format!("{} {not}in ({})", left.text, list.join(", "))).and_then(truth);
        }
        if self.take("between") {
            let low = self.sum()?;
            let high = if self.take("and") { self.sum()? } else { return None };
            let agree = self.agree(&left, &low) && self.agree(&left, &high);
            return agree.then(|| format!("{} {not}between {} and {}", left.text, low.text, high.text)).and_then(truth);
        }
        if self.take("like") {
            let pattern = self.sum()?;
            let is_text = |part: &Part| matches!(part.kind, Kind::Text | Kind::Constant);
            let agree = is_text(&left) && is_text(&pattern);
            return agree.then(|| format!("{} {not}like {}", left.text, pattern.text)).and_then(truth);
        }
        if not.is_empty() { Some(left) } else { None }
    }

    /// A division is of whole numbers on some, and of all on others.
    fn sum(&mut self) -> Option<Part> {
        let mut part = self.one()?;
        while let Some(operator) = ["+", "-", "*"].into_iter().find(|operator| self.take(operator)) {
            let more = self.one()?;
            if part.kind != Kind::Number || more.kind != Kind::Number {
                return None;
            }
            part = Part { kind: Kind::Number, text: format!("{} {operator} {}", part.text, more.text) };
        }
        Some(part)
    }

    fn one(&mut self) -> Option<Part> {
        let word = self.next()?;
        let shown = word.text.as_str();
        let part = |kind, text: &str| Some(Part { kind, text: text.to_owned() });
        match word.kind {
            TokenKind::Number if is_number(shown) => part(Kind::Number, shown),
            TokenKind::String if shown.starts_with('\'') && !shown.contains('\\') => part(Kind::Constant, shown),
            TokenKind::QuotedIdentifier => self.column(shown),
            TokenKind::Word if self.is(0, "(") => self.call(shown),
            TokenKind::Word if shown == "null" => part(Kind::Null, shown),
            TokenKind::Word if matches!(shown, "true" | "false") => part(Kind::Truth, shown),
            TokenKind::Word => self.column(shown),
            _ if shown == "-" => match self.next()? {
                next if next.kind == TokenKind::Number && is_number(&next.text) => {
                    part(Kind::Number, &format!("-{}", next.text))
                }
                _ => None,
            },
            _ if shown == "(" => {
                self.depth += 1;
                let inner = if self.depth < DEEPEST { self.either() } else { None };
                self.depth -= 1;
                let inner = inner?;
                self.take(")").then(|| Part { kind: inner.kind, text: format!("({})", inner.text) })
            }
            _ => None,
        }
    }

    fn column(&self, shown: &str) -> Option<Part> {
        let place = self.place;
        let name = Name::new(shown, place.from);
        let at = place.table.columns.iter().position(|column| column.name == name)?;
        let column = place.made.get(at)?;
        // MySQL computes and checks before it counts.
        let counts = place.to == Dialect::Mysql && column.identity.is_some();
        (!counts).then(|| Part { kind: kind(column, place.to), text: self.writer.name(&column.name).into_owned() })
    }

    fn call(&mut self, function: &str) -> Option<Part> {
        let place = self.place;
        let (name, of, kind) = match (function, place.from, place.to) {
            ("lower" | "lcase", ..) => ("lower", Kind::Text, Kind::Text),
            ("upper" | "ucase", ..) => ("upper", Kind::Text, Kind::Text),
            ("abs", ..) => ("abs", Kind::Number, Kind::Number),
            // MySQL's is in bytes.
            ("length" | "octet_length", Dialect::Mysql, Dialect::Postgres) => {
                ("octet_length", Kind::Text, Kind::Number)
            }
            ("char_length" | "character_length", Dialect::Mysql | Dialect::Postgres, _)
            | ("length", Dialect::Postgres | Dialect::Sqlite, _) => match place.to {
                Dialect::Mysql => ("char_length", Kind::Text, Kind::Number),
                Dialect::Postgres | Dialect::Sqlite => ("length", Kind::Text, Kind::Number),
            },
            _ => return None,
        };
        let inner = if self.take("(") { self.sum()? } else { return None };
        (self.take(")") && inner.kind == of).then(|| Part { kind, text: format!("{name}({})", inner.text) })
    }
}

/// A truth value beside a number, as MySQL and SQLite have it: `is_on <> 0`.
fn flag(operator: &str, left: &Part, right: &Part) -> Option<String> {
    if left.kind != Kind::Truth {
        return None;
    }
    match (operator, right.text.as_str()) {
        ("=", "1") | ("<>" | "!=", "0") => Some(left.text.clone()),
        ("=", "0") | ("<>" | "!=", "1") => Some(format!("not {}", left.text)),
        _ => None,
    }
}
