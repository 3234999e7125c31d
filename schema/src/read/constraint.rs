//! Constraints: those of a table, and what a column's and a table's have in common.

use revchain_core::Dialect;

use super::{Cursor, Keyword, index_part};
use crate::change::{Constraint, Named, Part};
use crate::model::{Check, Exclusion, ForeignKey, Index, IndexPart, Key, Match, Name, Order, ReferentialAction};

/// Whether a constraint of a table comes next, or on MySQL an index, and no column.
pub(crate) fn comes_next(cursor: &Cursor<'_>) -> bool {
    let mysql = cursor.dialect() == Dialect::Mysql;
    match Keyword::at(cursor, 0) {
        "" => false,
        "CONSTRAINT" | "PRIMARY" | "UNIQUE" | "FOREIGN" | "CHECK" => true,
        // A column may have this name.
        "EXCLUDE" => cursor.dialect() == Dialect::Postgres && (cursor.sees(1, "USING") || cursor.sees_mark(1, '(')),
        "INDEX" | "KEY" | "FULLTEXT" | "SPATIAL" => mysql,
        "VECTOR" => mysql && (cursor.sees(1, "INDEX") || cursor.sees(1, "KEY")),
        _ => false,
    }
}

/// Reads a constraint of a table, as far as it is understood. `None` where that is nothing.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let name = constraint_name(cursor);
    let word = Keyword::at(cursor, 0);
    cursor.next();
    let mut constraint = match word {
        "PRIMARY" => {
            cursor.take(&["KEY"]);
            Constraint::Primary(primary(cursor, name)?)
        }
        "UNIQUE" => unique(cursor, name)?,
        "FOREIGN" => {
            cursor.take(&["KEY"]);
            cursor.take_if_not_exists();
            // MySQL's name of the index that it makes.
            let index = cursor.name();
            let columns = columns(cursor)?;
            let (key, part) = references(cursor, name.or(index.map(|index| index.name)), columns)?;
            Constraint::Foreign(key, part)
        }
        "CHECK" => {
            cursor.take_if_not_exists();
            Constraint::Check(check(cursor, name)?)
        }
        "EXCLUDE" => exclude(cursor, name)?,
        "INDEX" | "KEY" | "FULLTEXT" | "SPATIAL" | "VECTOR" => Constraint::Index(index(cursor, word)?),
        _ => return None,
    };
    attributes(cursor, &mut constraint);
    Some(constraint)
}

/// Reads `CONSTRAINT [IF NOT EXISTS] [name]`.
pub(crate) fn constraint_name(cursor: &mut Cursor<'_>) -> Option<Name> {
    if !cursor.take(&["CONSTRAINT"]) {
        return None;
    }
    cursor.take_if_not_exists();
    // MySQL doesn't need one.
    if cursor.is_any(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]) {
        return None;
    }
    cursor.name().map(|name| name.name)
}

/// PostgreSQL 18's `CONSTRAINT name NOT NULL column`, as a constraint of the table.
pub(crate) fn not_null(cursor: &mut Cursor<'_>) -> Option<Named<Name>> {
    let start = cursor.position();
    constraint_name(cursor);
    if cursor.dialect() == Dialect::Postgres
        && cursor.take(&["NOT", "NULL"])
        && let Some(column) = cursor.name()
    {
        cursor.take(&["NO", "INHERIT"]);
        cursor.take(&["NOT", "VALID"]);
        return Some(column);
    }
    cursor.seek(start);
    None
}

/// `(a, b)`, of a key.
fn columns(cursor: &mut Cursor<'_>) -> Option<Vec<Name>> {
    if cursor.dialect() != Dialect::Postgres {
        // These may have lengths and orders.
        let key = cursor.sees_mark(0, '(');
        return key.then(|| plain_columns(index_part::parts(cursor), cursor));
    }
    let mut columns = Vec::new();
    if !cursor.take_mark('(') {
        return None;
    }
    while !cursor.is_at_end() && !cursor.take_mark(')') {
        // PostgreSQL 18's `PERIOD column`, and `column WITHOUT OVERLAPS`.
        if cursor.sees(0, "PERIOD")
            && !cursor.sees_mark(1, ',')
            && !cursor.sees_mark(1, ')')
            && !cursor.sees(1, "WITHOUT")
        {
            cursor.next();
        }
        columns.extend(cursor.name().map(|column| column.name));
        cursor.skip_clause();
        cursor.take_mark(',');
    }
    Some(columns)
}

/// The columns of a key, which keeps nothing else.
fn plain_columns(parts: Vec<IndexPart>, cursor: &mut Cursor<'_>) -> Vec<Name> {
    if parts.iter().any(|part| part.order == Order::Descending || part.collation.is_some()) {
        cursor.abridge();
    }
    parts.into_iter().filter_map(|part| part.column).collect()
}

fn primary(cursor: &mut Cursor<'_>, name: Option<Name>) -> Option<Key> {
    if cursor.dialect() == Dialect::Mysql {
        index_part::method(cursor);
        // A name that is not kept.
        cursor.name();
        index_part::method(cursor);
    }
    let key = Key::new(name, columns(cursor)?);
    if cursor.dialect() == Dialect::Mysql {
        index_part::options(cursor, &mut Index::new(None, Vec::new()));
    }
    Some(key)
}

fn unique(cursor: &mut Cursor<'_>, name: Option<Name>) -> Option<Constraint> {
    let mut index = Index::new(name, Vec::new());
    index.unique = true;
    if cursor.dialect() == Dialect::Mysql {
        cursor.take_any(&["INDEX", "KEY"]);
        named(cursor, &mut index);
    }
    let nulls_not_distinct = nulls_not_distinct(cursor);
    if !cursor.sees_mark(0, '(') {
        return None;
    }
    index.parts = index_part::parts(cursor);
    if cursor.dialect() == Dialect::Mysql {
        index_part::options(cursor, &mut index);
        // More than columns: a key can't say that.
        let plain = index
            .parts
            .iter()
            .all(|part| part.column.is_some() && part.length.is_none() && part.order == Order::Ascending);
        if !plain {
            return Some(Constraint::Index(index));
        }
    }
    let columns = plain_columns(index.parts, cursor);
    Some(Constraint::Unique(Key { nulls_not_distinct, ..Key::new(index.name, columns) }))
}

/// `NULLS [NOT] DISTINCT`.
pub(crate) fn nulls_not_distinct(cursor: &mut Cursor<'_>) -> bool {
    let not = cursor.take(&["NULLS", "NOT", "DISTINCT"]);
    if !not {
        cursor.take(&["NULLS", "DISTINCT"]);
    }
    not
}

/// MySQL's `[IF NOT EXISTS] [name] [USING …]`.
fn named(cursor: &mut Cursor<'_>, index: &mut Index) {
    cursor.take_if_not_exists();
    // An index may be called `type`.
    if !cursor.is_any(&["USING", "TYPE"]) || cursor.sees_mark(1, '(') || cursor.sees(1, "USING") {
        index.name = cursor.name().map(|name| name.name).or(index.name.take());
    }
    index.method = index_part::method(cursor);
}

/// MySQL's `INDEX` and its kinds, behind the first word.
fn index(cursor: &mut Cursor<'_>, word: &str) -> Option<Index> {
    let mut index = Index::new(None, Vec::new());
    let kind = match word {
        "INDEX" | "KEY" => None,
        kind => {
            cursor.take_any(&["INDEX", "KEY"]);
            Some(kind.to_ascii_lowercase())
        }
    };
    named(cursor, &mut index);
    if !cursor.sees_mark(0, '(') {
        return None;
    }
    index.parts = index_part::parts(cursor);
    index_part::options(cursor, &mut index);
    index.method = kind.or(index.method);
    Some(index)
}

/// `(…) [NO INHERIT]`, behind `CHECK`.
pub(crate) fn check(cursor: &mut Cursor<'_>, name: Option<Name>) -> Option<Check> {
    let expression = cursor.expression_in_parentheses()?;
    Some(Check { name, expression, no_inherit: false, validated: true })
}

fn exclude(cursor: &mut Cursor<'_>, name: Option<Name>) -> Option<Constraint> {
    let mut index = Index::new(name.clone(), Vec::new());
    index.method = index_part::method(cursor);
    let mut operators = Vec::new();
    if !cursor.take_mark('(') {
        return None;
    }
    while !cursor.is_at_end() && !cursor.take_mark(')') {
        index.parts.push(index_part::part(cursor)?);
        if !cursor.take(&["WITH"]) {
            return None;
        }
        let range = cursor.skip_clause();
        operators.push(cursor.expression(range).as_str().to_owned());
        cursor.take_mark(',');
    }
    Some(Constraint::Exclude(Exclusion { name, index, operators, deferrable: None }))
}

/// Reads `REFERENCES table [(columns)] …`. Gives where the table is written, too.
pub(crate) fn references(
    cursor: &mut Cursor<'_>,
    name: Option<Name>,
    columns: Vec<Name>,
) -> Option<(ForeignKey, Part)> {
    if !cursor.take(&["REFERENCES"]) {
        return None;
    }
    let table = cursor.object()?;
    let references = match cursor.sees_mark(0, '(') {
        true => self::columns(cursor)?,
        false => Vec::new(),
    };
    let mut key = ForeignKey {
        name,
        columns,
        table: table.name,
        references,
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        matching: Match::Simple,
        deferrable: None,
        validated: true,
    };
    loop {
        if cursor.take(&["MATCH"]) {
            match cursor.take_any(&["FULL", "PARTIAL", "SIMPLE"]) {
                Some("FULL") => key.matching = Match::Full,
                Some(_) => {}
                // SQLite takes any word.
                None => drop(cursor.next()),
            }
        } else if cursor.take(&["ON", "DELETE"]) {
            key.on_delete = referential_action(cursor)?;
        } else if cursor.take(&["ON", "UPDATE"]) {
            key.on_update = referential_action(cursor)?;
        } else {
            return Some((key, table.part));
        }
    }
}

fn referential_action(cursor: &mut Cursor<'_>) -> Option<ReferentialAction> {
    let action = if cursor.take(&["CASCADE"]) {
        ReferentialAction::Cascade
    } else if cursor.take(&["RESTRICT"]) {
        ReferentialAction::Restrict
    } else if cursor.take(&["NO", "ACTION"]) {
        ReferentialAction::NoAction
    } else if cursor.take(&["SET", "NULL"]) {
        ReferentialAction::SetNull
    } else if cursor.take(&["SET", "DEFAULT"]) {
        ReferentialAction::SetDefault
    } else {
        return None;
    };
    // PostgreSQL's `SET NULL (column)`.
    cursor.skip_parentheses();
    Some(action)
}

/// Reads what may stand behind any constraint.
pub(crate) fn attributes(cursor: &mut Cursor<'_>, constraint: &mut Constraint) {
    // `NULLS NOT` of something else is seen, and not read: no turn without a step.
    loop {
        let before = cursor.position();
        if !attribute(cursor, constraint) || cursor.position() == before {
            return;
        }
    }
}

fn attribute(cursor: &mut Cursor<'_>, constraint: &mut Constraint) -> bool {
    let word = Keyword::at(cursor, 0);
    let next = Keyword::at(cursor, 1);
    let mut words = 2;
    match (word, next) {
        ("DEFERRABLE", _) => {
            if let Some(place) = deferrable(constraint) {
                *place = place.or(Some(false));
            }
            words = 1;
        }
        ("NOT", "DEFERRABLE")
        | ("ENFORCED", _)
        | ("ON", "CONFLICT")
        | ("NOT", "ENFORCED" | "VALID")
        | ("NO", "INHERIT") => {
            words = if word == "ENFORCED" {
                1
            } else if word == "ON" {
                3
            } else {
                2
            };
            match (next, &mut *constraint) {
                ("CONFLICT", _) => cursor.abridge(),
                ("INHERIT", Constraint::Check(check)) => check.no_inherit = true,
                ("VALID" | "ENFORCED", Constraint::Check(check)) => check.validated = false,
                ("VALID" | "ENFORCED", Constraint::Foreign(key, _)) => key.validated = false,
                _ => {}
            }
        }
        ("INITIALLY", "DEFERRED" | "IMMEDIATE") => {
            let deferred = next == "DEFERRED";
            if let Some(place) = deferrable(constraint)
                && (deferred || place.is_some())
            {
                *place = Some(deferred);
            }
        }
        ("INCLUDE", _) if cursor.sees_mark(1, '(') => {
            cursor.next();
            let columns = columns(cursor).unwrap_or_default();
            match constraint {
                Constraint::Primary(key) | Constraint::Unique(key) => key.include = columns,
                Constraint::Exclude(exclusion) => exclusion.index.include = columns,
                _ => {}
            }
            return true;
        }
        ("NULLS", "NOT" | "DISTINCT") => {
            let not = nulls_not_distinct(cursor);
            if let Constraint::Unique(key) = constraint {
                key.nulls_not_distinct = not;
            }
            return true;
        }
        // Storage parameters, of which the schema shows nothing.
        ("WITH", _) if cursor.sees_mark(1, '(') => {
            cursor.next();
            cursor.skip();
            return true;
        }
        ("USING", "INDEX") if cursor.sees(2, "TABLESPACE") => words = 4,
        ("WHERE", _) if cursor.sees_mark(1, '(') => {
            cursor.next();
            let predicate = cursor.expression_in_parentheses();
            if let Constraint::Exclude(exclusion) = constraint {
                exclusion.index.predicate = predicate;
            }
            return true;
        }
        _ => return false,
    }
    cursor.seek(cursor.position() + words);
    true
}

fn deferrable(constraint: &mut Constraint) -> Option<&mut Option<bool>> {
    match constraint {
        Constraint::Primary(key) | Constraint::Unique(key) => Some(&mut key.deferrable),
        Constraint::Foreign(key, _) => Some(&mut key.deferrable),
        Constraint::Exclude(exclusion) => Some(&mut exclusion.deferrable),
        Constraint::Check(_) | Constraint::Index(_) => None,
    }
}
