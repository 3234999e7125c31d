//! Indexes, and the unique constraints that are one.

use revchain_schema::model::{IndexPart, Key, Place, Taint};

use super::{Reading, name, object};
use crate::row::{Row, filled, is_true};
use crate::tables;

/// A row is a part of an index.
pub(super) const QUERY: &str =
    "SELECT s.name, l.name, l.\"unique\", l.origin, l.partial, x.seqno, x.name, x.\"desc\", x.coll
    FROM main.sqlite_schema s, pragma_index_list(s.name, 'main') l, pragma_index_xinfo(l.name, 'main') x
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND x.key ORDER BY s.rowid, l.seq DESC, x.seqno";

impl Reading<'_> {
    pub(super) fn indexes(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [of, named, unique, origin, partial, at, column, descending, collation] = row.columns();
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
                    // What an expression or a predicate is stands in the statement only: see `text`.
                    if first && is_true(partial) || column.is_none() {
                        let what = format!("index {}", named.unwrap_or_default());
                        table.unknown.push(Taint { place: Place::NOWHERE, what });
                    }
                    let part = IndexPart {
                        column: column.map(|column| name(Some(column))),
                        collation: filled(collation).filter(|name| !name.eq_ignore_ascii_case("binary")),
                        ..tables::part(is_true(descending))
                    };
                    table.indexes.last_mut().into_iter().for_each(|index| index.parts.push(part.clone()));
                }
            }
        }
    }
}
