//! Tables, views and triggers: names, and the statements that made them.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Expression, Place, Taint, Trigger, View};

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
                Some("view") => views.push((named, body(statement))),
                Some("trigger") => {
                    let (table, body) = (object(of), Expression::new(statement, Dialect::Sqlite));
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
            let view = View { materialized: false, body, mentions, indexes: Vec::new(), comment: None };
            self.schema.views.insert(named, Arc::new(view));
        }
    }
}

/// The query of a `CREATE VIEW`.
fn body(statement: &str) -> Expression {
    let mut lexer = revchain_core::sql::Lexer::new(statement, Dialect::Sqlite);
    while let Some(token) = lexer.next_significant() {
        if token.is_word(statement, "AS") {
            return Expression::new(statement.get(token.end..).unwrap_or_default(), Dialect::Sqlite);
        }
    }
    Expression::new(statement, Dialect::Sqlite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_of_a_view() {
        for (statement, expected) in [
            ("CREATE VIEW v AS SELECT a AS b FROM t", "select a as b from t"),
            ("CREATE VIEW \"as\" (x) AS SELECT 1", "select 1"),
            ("CREATE", "create"),
        ] {
            assert_eq!(body(statement).as_str(), expected);
        }
    }
}
