//! Indexes. A unique constraint is one of them, and so is what was made for a foreign key.

use revchain_schema::model::{IndexPart, Key};

use super::{Reading, Server, name, object};
use crate::row::{Row, filled};
use crate::tables;

/// A row is a part of an index.
pub(super) fn query(server: &Server) -> String {
    let column = |column| server.column("STATISTICS", column);
    let (expression, visible, ignored) = (column("EXPRESSION"), column("IS_VISIBLE"), column("IGNORED"));
    format!(
        "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, {expression}, SUB_PART, COLLATION, NON_UNIQUE, \
         INDEX_TYPE, INDEX_COMMENT, {visible}, {ignored} FROM information_schema.STATISTICS \
         WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX"
    )
}

impl Reading<'_> {
    pub(super) fn indexes(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [table, named, at, column, expression, length, order, not_unique, method, comment, visible, ignored] =
                row.columns();
            let server = &self.server;
            let Some(table) = self.tables.get_mut(&object(table)) else { continue };
            if named == Some("PRIMARY") {
                let key = table.primary_key.get_or_insert_with(|| Key::new(None, Vec::new()));
                key.columns.push(name(column));
                continue;
            }
            if at == Some("1") {
                let mut index = tables::index(Some(name(named)), not_unique == Some("0"));
                // `hash` is how unique texts of any length are kept, and what MEMORY takes by itself.
                index.method = filled(method)
                    .map(|method| method.to_lowercase())
                    .filter(|method| !matches!(method.as_str(), "btree" | "hash"))
                    .map(|method| if method == "rtree" { "spatial".to_owned() } else { method });
                index.comment = filled(comment);
                if visible == Some("NO") {
                    index.options.push("invisible".to_owned());
                }
                if ignored == Some("YES") {
                    index.options.push("ignored".to_owned());
                }
                table.indexes.push(index);
            }
            if let Some(index) = table.indexes.last_mut() {
                let length = length.filter(|_| index.method.is_none()).and_then(|length| length.parse().ok());
                index.parts.push(IndexPart {
                    column: column.map(|column| name(Some(column))),
                    expression: expression.filter(|_| column.is_none()).map(|text| server.expression(text)),
                    length,
                    ..tables::part(order == Some("D"))
                });
            }
        }
    }
}
