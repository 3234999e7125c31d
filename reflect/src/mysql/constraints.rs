//! Foreign keys and checks.

use revchain_core::Dialect;
use revchain_schema::model::{Check, Expression, ForeignKey, Match, ObjectName, ReferentialAction};
use revchain_schema::{DataType, Table};

use super::{Reading, Server, name, object};
use crate::row::{Row, is_true};

/// A row is a column of a foreign key.
pub(super) const FOREIGN_KEYS: &str = "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION, k.COLUMN_NAME, \
    NULLIF(k.REFERENCED_TABLE_SCHEMA, DATABASE()), k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.UPDATE_RULE, \
    r.DELETE_RULE \
    FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r \
    ON r.CONSTRAINT_SCHEMA = DATABASE() AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME \
    WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL \
    ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";

/// A row is a check. MySQL's have names of their own in the database; MariaDB's are their table's, and may be a column's.
/// `None` where the server has none.
pub(super) fn checks(server: &Server) -> Option<String> {
    let known = |table, column| server.column(table, column) == column;
    if !known("CHECK_CONSTRAINTS", "CHECK_CLAUSE") {
        return None;
    }
    if known("CHECK_CONSTRAINTS", "TABLE_NAME") {
        let level = server.column("CHECK_CONSTRAINTS", "LEVEL");
        return Some(format!(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, 'YES', {level} FROM information_schema.CHECK_CONSTRAINTS \
             WHERE CONSTRAINT_SCHEMA = DATABASE()"
        ));
    }
    let enforced = server.column("TABLE_CONSTRAINTS", "ENFORCED");
    Some(format!(
        "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE, {enforced}, 'Table' \
         FROM information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS c \
         ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME \
         WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'"
    ))
}

impl Reading<'_> {
    pub(super) fn foreign_keys(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [table, constraint, at, column, schema, referred, references, on_update, on_delete] = row.columns();
            let Some(table) = self.tables.get_mut(&object(table)) else { continue };
            if at == Some("1") {
                table.foreign_keys.push(ForeignKey {
                    name: Some(name(constraint)),
                    columns: Vec::new(),
                    table: ObjectName { schema: schema.map(|schema| name(Some(schema))), name: name(referred) },
                    references: Vec::new(),
                    on_delete: action(on_delete),
                    on_update: action(on_update),
                    matching: Match::Simple,
                    deferrable: None,
                    validated: true,
                });
            }
            if let Some(key) = table.foreign_keys.last_mut() {
                key.columns.push(name(column));
                key.references.push(name(references));
            }
        }
    }

    pub(super) fn checks(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [table, constraint, clause, enforced, level] = row.columns();
            let expression = self.server.expression(clause.unwrap_or_default());
            let Some(table) = self.tables.get_mut(&object(table)) else { continue };
            let named = name(constraint);
            // A column's own check is called like the column, and can't be named by a statement.
            let of_column = match level {
                Some(level) => level == "Column",
                None => table.column(&named).is_some(),
            };
            if of_column && is_json(table, &named, &expression) {
                continue;
            }
            let name = (!of_column).then_some(named);
            table.checks.push(Check { name, expression, no_inherit: false, validated: is_true(enforced) });
        }
    }
}

/// Puts a column back to `json`, which MariaDB takes for a text and a check. Whether it was one.
fn is_json(table: &mut Table, column: &revchain_schema::Name, check: &Expression) -> bool {
    let valid = format!("json_valid(`{}`)", column.as_str().replace('`', "``"));
    if *check != Expression::new(&valid, Dialect::Mysql) {
        return false;
    }
    let found = table.columns.iter_mut().find(|other| other.name == *column);
    let Some(column) = found.filter(|found| found.data_type.as_ref().is_some_and(|of| of.name == "longtext")) else {
        return false;
    };
    column.data_type = Some(DataType::named("json"));
    column.collation = None;
    true
}

fn action(rule: Option<&str>) -> ReferentialAction {
    match rule {
        Some("RESTRICT") => ReferentialAction::Restrict,
        Some("CASCADE") => ReferentialAction::Cascade,
        Some("SET NULL") => ReferentialAction::SetNull,
        Some("SET DEFAULT") => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
