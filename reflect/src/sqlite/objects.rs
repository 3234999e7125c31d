//! Tables, views and triggers: names, and the statements that made them.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Expression, Place, Taint, Trigger, View};
use revchain_schema::{read_trigger, read_view};

use super::{Reading, object};
use crate::mentions::mentions;
use crate::row::{Row, is_true};
use crate::tables;

/// A row is a table, a view or a trigger. The tables that a virtual one keeps its content in are its own affair.
pub(super) const QUERY: &str = r"WITH l AS MATERIALIZED (
    SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'
    ) SELECT s.type, s.name, s.tbl_name, s.sql, l.type = 'virtual', l.wr, l.strict
    FROM main.sqlite_schema s LEFT JOIN l ON l.name = s.name
    WHERE s.type <> 'index' AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND coalesce(l.type, '') <> 'shadow'
    ORDER BY s.rowid";

impl Reading<'_> {
    pub(super) fn objects(&mut self, rows: Vec<Row>) {
        let mut views = Vec::new();
        for row in &rows {
            let [kind, named, of, statement, is_virtual, without_rowid, strict] = row.columns();
            let (named, statement) = (object(named), statement.unwrap_or_default());
            if !self.scope.has(&named) {
                continue;
            }
            match kind {
                Some("view") => {
                    let view = read_view(statement, Dialect::Sqlite);
                    let body = view.map_or_else(|| Expression::new(statement, Dialect::Sqlite), |view| view.body);
                    views.push((named, body));
                }
                Some("trigger") => {
                    let body = read_trigger(statement, Dialect::Sqlite);
                    let body = body.unwrap_or_else(|| Expression::new(statement, Dialect::Sqlite));
                    let table = object(of);
                    if self.scope.has(&table) {
                        let trigger = Trigger { table: table.clone(), body, place: Place::NOWHERE };
                        self.schema.triggers.insert((table, named.name), Arc::new(trigger));
                    }
                }
                _ => {
                    let table = tables::begin(&mut self.tables, named.clone());
                    for (option, set) in [("without rowid", without_rowid), ("strict", strict)] {
                        table.options.extend(is_true(set).then(|| (option.to_owned(), "yes".to_owned())));
                    }
                    if is_true(is_virtual) {
                        let what = "a virtual table's columns are its module's".to_owned();
                        table.unknown.push(Taint { place: Place::NOWHERE, what });
                    } else {
                        self.statements.insert(named, statement.to_owned());
                    }
                }
            }
        }
        let known: BTreeSet<_> =
            self.tables.keys().chain(views.iter().map(|(named, _)| named)).map(|named| named.name.clone()).collect();
        for (named, body) in views {
            let mentions = mentions(&body, Dialect::Sqlite, &known);
            let view = View { materialized: false, body, mentions, indexes: Vec::new(), comment: None, security: None };
            self.schema.views.insert(named, Arc::new(view));
        }
    }
}
