//! Indexes, and the unique constraints that are one. What an expression or a predicate is stands in the statement only.

use revchain_core::Dialect;
use revchain_schema::model::{IndexPart, Key, Place, Taint};
use revchain_schema::read_index;

use super::{Reading, name, object};
use crate::row::{Row, filled, is_true};
use crate::tables;

/// A row is a part of an index, and with each the statement that made it; there is none for what a table brought.
pub(super) const QUERY: &str =
    "SELECT s.name, l.name, l.\"unique\", l.origin, l.partial, x.seqno, x.name, x.\"desc\", x.coll, i.sql
    FROM main.sqlite_schema s, pragma_index_list(s.name, 'main') l, pragma_index_xinfo(l.name, 'main') x
    LEFT JOIN main.sqlite_schema i ON i.name = l.name AND i.type = 'index'
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND x.key ORDER BY s.rowid, l.seq DESC, x.seqno";

impl Reading<'_> {
    pub(super) fn indexes(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [of, named, unique, origin, partial, at, column, descending, collation, statement] = row.columns();
            let of = object(of);
            let Some(table) = self.tables.get_mut(&of) else { continue };
            let first = at == Some("0");
            match origin {
                Some("pk") => {
                    self.with_key_index.insert(of);
                }
                Some("u") => {
                    if first {
                        table.uniques.push(Key::new(None, Vec::new()));
                    }
                    table.uniques.last_mut().into_iter().for_each(|key| key.columns.push(name(column)));
                }
                _ => {
                    if first {
                        table.indexes.push(tables::index(Some(name(named)), is_true(unique)));
                    }
                    let mut said = None;
                    match read_index(statement.unwrap_or_default(), Dialect::Sqlite) {
                        Some(made) => {
                            if let Some(index) = table.indexes.last_mut() {
                                index.predicate = made.predicate;
                            }
                            let at = at.and_then(|at| at.parse().ok()).unwrap_or(usize::MAX);
                            said = made.parts.into_iter().nth(at);
                        }
                        None if first && is_true(partial) || column.is_none() => {
                            let what = format!("index {}", named.unwrap_or_default());
                            table.unknown.push(Taint { place: Place::NOWHERE, what });
                        }
                        None => {}
                    }
                    // The pragma tells a column's own collation, too, which nobody said.
                    let collation = match &said {
                        Some(said) => said.collation.clone(),
                        None => filled(collation).filter(|name| !name.eq_ignore_ascii_case("binary")),
                    };
                    let part = IndexPart {
                        column: column.map(|column| name(Some(column))),
                        expression: said.and_then(|said| said.expression).filter(|_| column.is_none()),
                        collation,
                        ..tables::part(is_true(descending))
                    };
                    table.indexes.last_mut().into_iter().for_each(|index| index.parts.push(part.clone()));
                }
            }
        }
    }
}
