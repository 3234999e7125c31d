//! Statements that change rows: which table, and which of its columns. And the tables that a query reads, where the text leaves
//! no doubt that they are tables. Reads only the beginning of a long one.

use revchain_core::Dialect;

use crate::change::{Change, Named};
use crate::model::Name;

use super::{Cursor, Keyword, Reading, rows};

/// How much of a statement is looked at, in bytes: the rest is data.
const LOOKED_AT: usize = 4096;

/// Reads INSERT, UPDATE and DELETE. What isn't plain is left alone.
pub(super) fn read(statement: &str, dialect: Dialect) -> Reading {
    if dialect != Dialect::Postgres {
        return Reading::Neutral;
    }
    let mut end = statement.len().min(LOOKED_AT);
    while !statement.is_char_boundary(end) {
        end -= 1;
    }
    let mut cursor = Cursor::within(statement, dialect, 0, end);
    let Some(written) = written(&mut cursor) else { return Reading::Neutral };
    cursor.seek(0);
    let mut read = match end == statement.len() {
        true => sources(&mut cursor),
        false => Vec::new(),
    };
    // `DELETE FROM a` reads it, too.
    if let Change::Writes { table, .. } = &written {
        read.retain(|named| named.part != table.part);
    }
    let mut changes = vec![written];
    if !read.is_empty() {
        changes.push(Change::Reads(read));
    }
    if let Some(rows) =
        rows::read(statement, dialect).filter(|rows| rows.inserted.is_some() || !rows.conflict.is_empty())
    {
        changes.push(Change::Inserts(Box::new(rows)));
    }
    Reading::Known { changes, unknown: Vec::new() }
}

fn written(cursor: &mut Cursor<'_>) -> Option<Change> {
    let mut columns = Vec::new();
    let table;
    if cursor.take(&["INSERT", "INTO"]) {
        table = cursor.object()?;
        if cursor.take(&["AS"]) {
            cursor.name()?;
        }
        if cursor.sees_mark(0, '(') && !["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| cursor.sees(1, word)) {
            cursor.take_mark('(');
            columns = listed(cursor)?;
        }
    } else if cursor.take(&["UPDATE"]) {
        cursor.take(&["ONLY"]);
        table = cursor.object()?;
        cursor.take_mark('*');
        cursor.take(&["AS"]);
        if !cursor.sees(0, "SET") {
            cursor.name()?;
        }
        if !cursor.take(&["SET"]) {
            return None;
        }
        columns = assigned(cursor);
    } else if cursor.take(&["DELETE", "FROM"]) {
        cursor.take(&["ONLY"]);
        table = cursor.object()?;
    } else {
        return None;
    }
    Some(Change::Writes { table, columns })
}

/// `a, b)`; nothing where a part of a column is meant.
fn listed(cursor: &mut Cursor<'_>) -> Option<Vec<Named<Name>>> {
    let mut columns = Vec::new();
    loop {
        columns.push(cursor.name()?);
        if cursor.take_mark(')') {
            return Some(columns);
        }
        if !cursor.take_mark(',') {
            return None;
        }
    }
}

/// `a = 1, (b, c) = (…)`: the columns, as far as the text is looked at.
fn assigned(cursor: &mut Cursor<'_>) -> Vec<Named<Name>> {
    let mut columns = Vec::new();
    loop {
        let several = cursor.take_mark('(');
        let names = match several {
            true => listed(cursor),
            false => cursor.name().map(|name| vec![name]),
        };
        match names {
            Some(names) if cursor.sees_mark(0, '=') => columns.extend(names),
            // `a.b = 1`, `a[1] = 1`.
            _ => return columns,
        }
        while !cursor.is_at_end() && !cursor.sees_mark(0, ',') {
            if cursor.is_any(&["WHERE", "FROM"]) {
                return columns;
            }
            cursor.skip();
        }
        if !cursor.take_mark(',') {
            return columns;
        }
    }
}

/// The tables and views behind FROM and JOIN, from here to the end: not functions, not what a WITH names, and not the FROM of
/// `extract(year FROM a)` or `a IS DISTINCT FROM b`.
pub(super) fn sources(cursor: &mut Cursor<'_>) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    // Of each parenthesis that is open, whether it holds a query.
    let mut queries = vec![true];
    let mut after_distinct = false;
    while !cursor.is_at_end() {
        match cursor.mark(0) {
            b'(' => queries.push(false),
            b')' => drop(queries.pop()),
            _ => {}
        }
        let word = Keyword::at(cursor, 0);
        match word {
            "" => {}
            "WITH" if names_queries(cursor) => return Vec::new(),
            "SELECT" => {
                if let Some(last) = queries.last_mut() {
                    *last = true;
                }
            }
            "FROM" | "JOIN" if !(word == "FROM" && after_distinct) && queries.last() == Some(&true) => {
                cursor.next();
                cursor.take(&["ONLY"]);
                if !cursor.sees(0, "LATERAL")
                    && let Some(named) = cursor.object()
                    && !cursor.sees_mark(0, '(')
                {
                    found.push(named);
                }
                after_distinct = false;
                continue;
            }
            _ => {}
        }
        after_distinct = word == "DISTINCT";
        cursor.next();
    }
    found
}

/// Whether a WITH names queries: not that of a type, of `WITH NO DATA` or of `WITH CHECK OPTION`.
fn names_queries(cursor: &Cursor<'_>) -> bool {
    let is_data = cursor.sees(1, "DATA") && !cursor.sees(2, "AS");
    let is_no_data = cursor.sees(1, "NO") && cursor.sees(2, "DATA");
    let is_check = cursor.sees(1, "CHECK") || cursor.sees(2, "CHECK");
    !is_data && !is_no_data && !is_check && !cursor.sees(1, "TIME")
}
