//! Whether a column is one that the server makes: its type's size, its default, what counts it. Claims nothing where a setting or a
//! version decides, nor of types of the user's but enumerations.

mod default;
mod moment;
mod size;
#[cfg(test)]
mod tests;
mod value;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use self::default::misfit;
pub(super) use self::size::{is_character_set, is_no_collation};
use self::value::literal;
pub(super) use self::value::{Misfit, Value, postgres, sqlite, too_much};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::{Column, DataType, Default, Expression, Family, Identity, Key, Name, ObjectName, Table, unquoted};

impl Replay {
    /// Says if no server makes this column, which is new, or is defined anew.
    ///
    /// `is_stored` is said of one whose default is computed at once, whether there are rows or not.
    pub(super) fn judge_definition(
        &self,
        column: &Column,
        target: &Target<'_>,
        part: Option<Part>,
        is_stored: bool,
        step: &mut Step<'_>,
    ) {
        let Some(data_type) = &column.data_type else { return judge_counted(column, part, step, self.dialect()) };
        let dialect = self.dialect();
        if let Some(reason) = size::wrong_with(data_type, dialect) {
            let part = step.word(part, column.name.as_str());
            let message = format!("column `{}` can't be `{data_type}`: {reason}", column.name);
            let _ = step.fault(FaultKind::ImpossibleColumn, message, part).help(size::help_for(reason));
            return;
        }
        if dialect == Dialect::Mysql
            && let Some(collation) = column.collation.as_ref().filter(|name| is_no_collation(name.as_str()))
        {
            let message = format!("column `{}` has the collation `{collation}`, which no server has", column.name);
            let part = step.word(part, collation.as_str());
            let _ = step
                .fault(FaultKind::ImpossibleColumn, message, part)
                .help("choose one that begins with a character set, as `utf8mb4_bin` does, or leave it out");
            return;
        }
        if let Some(collation) = &column.collation {
            self.judge_collation(collation, part, step);
        }
        judge_counted(column, part, step, dialect);
        if let Some(default) = &column.default {
            if judge_bare(&column.name, default, target, part, step, dialect) {
                return;
            }
            self.judge_default((&column.name, data_type), default, part, is_stored, step);
        }
    }

    /// Says if a default is surely none of its column's.
    pub(super) fn judge_default(
        &self,
        (name, data_type): (&Name, &DataType),
        Default(default): &Default,
        part: Option<Part>,
        is_stored: bool,
        step: &mut Step<'_>,
    ) {
        let (text, dialect) = (default.as_str(), self.dialect());
        if self.casts {
            return;
        }
        let of_size = || is_stored.then(|| too_much(text, data_type)).flatten();
        let misfit = misfit(text, data_type, dialect);
        let Some(misfit) = misfit.or_else(|| self.misfit_of_enumeration(text, data_type)).or_else(of_size) else {
            return self.judge_called(default, part, step);
        };
        let written = part.and_then(|part| written_default(step.rest(part.0), dialect, part.0));
        match (dialect, &written) {
            (Dialect::Postgres, _) | (_, Some(Written { in_parentheses: false, .. })) => {}
            // In parentheses anything may be computed, and looked at when it is.
            _ => return,
        }
        let shown = shortened(text);
        let (message, help) = match misfit {
            Misfit::Kind => (
                format!("the default `{shown}` of column `{name}` is no `{data_type}`"),
                match data_type.name.as_str() {
                    "boolean" => "write `true` or `false`",
                    _ => "give a value of the column's type, or choose another type",
                },
            ),
            Misfit::Range => (
                format!("the default `{shown}` of column `{name}` is more than `{data_type}` holds"),
                "choose a larger type, or another value",
            ),
            Misfit::Length => (
                format!("the default `{shown}` of column `{name}` is longer than `{data_type}`"),
                "choose a longer type, or a shorter value",
            ),
            Misfit::Value => (
                format!("the default `{shown}` of column `{name}` is none of its values"),
                "give one of the values, or add this one to the type",
            ),
            Misfit::Null => {
                (format!("column `{name}` takes no NULL, which is its default"), "leave the default out, or `NOT NULL`")
            }
            Misfit::Bare => (
                format!("the default `{shown}` of column `{name}` is computed, and stands in no parentheses"),
                "write it in parentheses: `DEFAULT (…)`; and SQLite has functions of its own: `CURRENT_TIMESTAMP` is now",
            ),
        };
        let part = written.map(|written| written.part).or_else(|| step.word(part, name.as_str()));
        let _ = step.fault(FaultKind::ImpossibleColumn, message, part).help(help);
    }

    /// PostgreSQL's enumerations are types of their own.
    pub(super) fn misfit_of_enumeration(&self, text: &str, data_type: &DataType) -> Option<Misfit> {
        if self.dialect() != Dialect::Postgres || data_type.array || !text.starts_with('\'') {
            return None;
        }
        let text = text.strip_suffix(data_type.name.as_str()).and_then(|text| text.strip_suffix("::")).unwrap_or(text);
        let inner = literal(text, '\'')?.replace("''", "'");
        let values = self.values_of(data_type)?;
        (!values.contains(&inner)).then_some(Misfit::Value)
    }

    /// The values of a type that is surely an enumeration.
    pub(super) fn values_of(&self, data_type: &DataType) -> Option<&[String]> {
        let name = Name::new(&data_type.name, Dialect::Postgres);
        let name = ObjectName { schema: data_type.schema.clone(), name };
        self.enumeration(&name).map(|(_, values)| values)
    }

    /// PostgreSQL: says if a column's values, or its default, don't become another type's by themselves.
    pub(super) fn judge_cast(
        &self,
        target: &Target<'_>,
        (column, part): (&Column, Part),
        to: &DataType,
        using: Option<&Expression>,
        step: &mut Step<'_>,
    ) {
        let is_plain = self.dialect() == Dialect::Postgres && target.is_known() && column.generated.is_none();
        let Some(from) = column.data_type.as_ref().filter(|_| is_plain) else { return };
        if self.casts || self.becomes(from, to) {
            return;
        }
        let name = &column.name;
        let (message, help) = match using {
            None => (
                format!("column `{name}` is `{from}`, and doesn't become `{to}` by itself"),
                format!("say how: `… TYPE {to} USING {name}::{to}`"),
            ),
            Some(_) if column.default.is_some() => (
                format!("the default of column `{name}` is `{from}`, and doesn't become `{to}` by itself"),
                format!(
                    "drop it first, and set it anew: `ALTER COLUMN {name} DROP DEFAULT, ALTER COLUMN {name} TYPE …`"
                ),
            ),
            Some(_) => return,
        };
        let _ = step
            .fault(FaultKind::ImpossibleColumn, message, part)
            .also(target.table.place, "the table is made here")
            .help(help);
    }

    /// Whether PostgreSQL may assign a value of one type to another. Only where both are well known it surely doesn't.
    pub(super) fn becomes(&self, from: &DataType, to: &DataType) -> bool {
        use Family::{Boolean, Date, Decimal, Float, Integer, Json, Text, Time, Timestamp, Uuid};
        let known = |of: &DataType| {
            let is_odd = matches!(of.name.as_str(), "money" | "oid" | "citext" | "name");
            let family = of.family(Dialect::Postgres);
            let is_known =
                matches!(family, Boolean | Date | Decimal | Float | Integer | Json | Text | Time | Timestamp | Uuid);
            (is_known && !is_odd).then_some(family)
        };
        let is_enumeration = |of: &DataType| !of.array && self.values_of(of).is_some();
        let Some(source) = known(from) else {
            return !is_enumeration(from)
                || from == to
                || match known(to) {
                    Some(goal) => goal == Text,
                    None => !is_enumeration(to),
                };
        };
        let Some(goal) = known(to) else { return !is_enumeration(to) };
        match (source, goal) {
            (_, Text) | (Timestamp, Date) | (Date, Timestamp) => true,
            // With a time zone or without: not all of them.
            (Timestamp, Time) => true,
            (Integer | Decimal | Float, Integer | Decimal | Float) => true,
            _ => source == goal,
        }
    }

    /// Says if a primary key of MySQL's has a text without a length. (Another key of MariaDB's may.)
    pub(super) fn judge_primary_key(&self, target: &Target<'_>, key: &Key, step: &mut Step<'_>) {
        let is_long = |of: &&DataType| of.name.ends_with("text") || of.name.ends_with("blob") || of.name == "json";
        if self.dialect() != Dialect::Mysql || !target.is_known() {
            return;
        }
        for column in key.columns.iter().filter_map(|name| target.table.column(name)) {
            let Some(of) = column.data_type.as_ref().filter(is_long) else { continue };
            let name = column.name.as_str();
            let Some(part) = step.word(None, name).filter(|_| !has_length(step.rest(0), name)) else { continue };
            let message = format!("column `{name}` is `{of}`, of which a key takes a beginning alone");
            let _ = step
                .fault(FaultKind::ImpossibleColumn, message, part)
                .help(format!("say how long: `PRIMARY KEY ({name}(255))`; or choose `varchar`"));
            return;
        }
    }

    /// Says if a table, as a statement leaves it, is none that the server makes.
    pub(super) fn judge_table(&self, target: &Target<'_>, part: Part, step: &mut Step<'_>) {
        let table = &*target.table;
        if !target.is_known() {
            return;
        }
        match self.dialect() {
            Dialect::Postgres => {}
            Dialect::Mysql => judge_counters(table, part, step),
            Dialect::Sqlite => judge_options(table, part, step),
        }
    }
}

/// Says if a default is a column's name, which it may not be: a text without quotes, as a rule, or a function without parentheses.
pub(super) fn judge_bare(
    column: &Name,
    Default(default): &Default,
    target: &Target<'_>,
    part: Option<Part>,
    step: &mut Step<'_>,
    dialect: Dialect,
) -> bool {
    let text = default.as_str();
    if !default::is_bare(text, dialect) {
        return false;
    }
    let written = part.and_then(|part| written_default(step.rest(part.0), dialect, part.0));
    let is_sure = match dialect {
        Dialect::Postgres => true,
        // MariaDB computes with other columns, and MySQL does in parentheses.
        Dialect::Mysql => {
            let is_alone = written.as_ref().is_some_and(|written| !written.in_parentheses);
            let is_column = target.table.column(&Name::new(text, dialect)).is_some();
            is_alone && target.is_known() && !is_column && step.times(text) == 1
        }
        Dialect::Sqlite => written.as_ref().is_some_and(|written| written.in_parentheses),
    };
    if !is_sure {
        return false;
    }
    let shown = shortened(text);
    let inner = shown.trim_matches(['"', '(', ')']);
    let message = format!("the default `{shown}` of column `{column}` is a name, and no value");
    let help = match inner {
        "now" => "a function has parentheses: `now()`; or write `CURRENT_TIMESTAMP`".to_owned(),
        _ => format!("text stands in single quotes: `'{inner}'`; a function has parentheses: `{inner}()`"),
    };
    let part = step.word(part, inner).or_else(|| written.map(|written| written.part));
    let _ = step.fault(FaultKind::ImpossibleColumn, message, part).help(help);
    true
}

/// Says if a column can't be counted as it says, or has a default beside.
fn judge_counted(column: &Column, part: Option<Part>, step: &mut Step<'_>, dialect: Dialect) {
    let Some(identity) = column.identity else { return };
    let name = &column.name;
    let family = column.data_type.as_ref().map(|of| of.family(dialect));
    let message = match dialect {
        Dialect::Sqlite
            if column.data_type.as_ref().is_none_or(|of| of.name != "integer" || !of.arguments.is_empty()) =>
        {
            format!("column `{name}` is no `INTEGER`: AUTOINCREMENT is for `INTEGER PRIMARY KEY` alone")
        }
        Dialect::Sqlite => return,
        _ if column.default.is_some() => format!("column `{name}` is counted, and has a default"),
        _ if family.is_some_and(|family| {
            !matches!(family, Family::Integer | Family::Boolean | Family::Float | Family::Other)
        }) && identity != Identity::Serial =>
        {
            format!("column `{name}` is counted, and is no whole number")
        }
        _ => return,
    };
    let help = match (dialect, column.default.is_some()) {
        (Dialect::Sqlite, _) => "write `INTEGER PRIMARY KEY AUTOINCREMENT`; without the last word it counts, too",
        (_, true) => "keep one of them",
        (_, false) => "make it an integer, or leave the counting out",
    };
    let part = step.word(part, name.as_str());
    let _ = step.fault(FaultKind::ImpossibleColumn, message, part).help(help);
}

/// MySQL counts one column, and that is in a key.
fn judge_counters(table: &Table, part: Part, step: &mut Step<'_>) {
    let mut counted = table.columns.iter().filter(|column| column.identity == Some(Identity::AutoIncrement));
    let Some(column) = counted.next() else { return };
    let name = &column.name;
    let is_in_key = table.primary_key.iter().chain(&table.uniques).any(|key| key.columns.contains(name))
        || table.foreign_keys.iter().any(|key| key.columns.contains(name))
        || table.indexes.iter().any(|index| index.parts.iter().any(|part| part.column.as_ref() == Some(name)));
    let (column, message, help) = match counted.next() {
        Some(second) => (
            second,
            format!("columns `{name}` and `{}` are both AUTO_INCREMENT, and one of a table may be", second.name),
            "leave it out of one of them",
        ),
        None if !is_in_key => (
            column,
            format!("column `{name}` is AUTO_INCREMENT, and in no key"),
            "make it the primary key, or give it a key of its own",
        ),
        None => return,
    };
    let part = step.word(part, column.name.as_str());
    let _ = step.fault(FaultKind::ImpossibleColumn, message, part).help(help);
}

/// SQLite's tables that have no row id, or are strict.
fn judge_options(table: &Table, part: Part, step: &mut Step<'_>) {
    let has = |option: &str| table.options.contains_key(option);
    if has("without rowid") && table.primary_key.is_none() {
        let message = "a table without row ids has no primary key".to_owned();
        let _ = step
            .fault(FaultKind::ImpossibleColumn, message, part)
            .help("give it a primary key, or leave `WITHOUT ROWID` out");
        return;
    }
    let is_strict = |column: &&Column| {
        column.data_type.as_ref().is_some_and(|of| {
            of.arguments.is_empty() && matches!(of.name.as_str(), "int" | "integer" | "real" | "text" | "blob" | "any")
        })
    };
    if has("strict")
        && let Some(column) = table.columns.iter().find(|column| !is_strict(column))
    {
        let message = format!("column `{}` of a strict table is of none of its types", column.name);
        let part = step.word(part, column.name.as_str());
        let _ = step
            .fault(FaultKind::ImpossibleColumn, message, part)
            .help("a strict table has INT, INTEGER, REAL, TEXT, BLOB and ANY, without a length");
    }
}

/// Whether a column stands somewhere with a length, as in `PRIMARY KEY (a(10))`.
fn has_length(statement: &str, column: &str) -> bool {
    let mut lexer = Lexer::new(statement, Dialect::Mysql);
    let mut after = false;
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(statement);
        if after && shown == "(" || token.is_executable_mark() {
            return true;
        }
        after = match token.kind {
            TokenKind::Word => shown.eq_ignore_ascii_case(column),
            TokenKind::QuotedIdentifier => unquoted(shown).eq_ignore_ascii_case(column),
            _ => false,
        };
    }
    false
}

/// A default as it is written.
struct Written {
    part: Part,
    in_parentheses: bool,
}

/// The default in a column's definition, of which this is the text from its name on; that is at `start`.
fn written_default(text: &str, dialect: Dialect, start: usize) -> Option<Written> {
    let mut lexer = Lexer::new(text, dialect);
    let (mut depth, mut after) = (0usize, false);
    while let Some(token) = lexer.next_significant() {
        let mark = match token.kind {
            TokenKind::Punctuation => text.as_bytes().get(token.start).copied().unwrap_or(0),
            _ => 0,
        };
        // What one server executes, another takes for a comment.
        if token.is_executable_mark() {
            return None;
        }
        if after {
            let is_sign = matches!(mark, b'+' | b'-');
            let end = if is_sign { lexer.next_significant()?.end } else { token.end };
            return Some(Written { part: (start + token.start, start + end), in_parentheses: mark == b'(' });
        }
        match mark {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            b',' | b';' if depth == 0 => return None,
            _ => {}
        }
        let is_by = token.is_word(text, "BY");
        if is_by {
            lexer.next_significant()?;
        }
        after = depth == 0 && token.is_word(text, "DEFAULT");
    }
    None
}

/// As much of a text as is shown.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
