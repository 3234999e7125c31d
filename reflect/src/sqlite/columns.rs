//! Columns, the primary keys that they say they are in, and foreign keys.

use revchain_core::Dialect;
use revchain_schema::model::{
    Column, DataType, Default, Expression, ForeignKey, Generated, Key, Match, ReferentialAction, Storage, Table,
};

use super::{Reading, name, object};
use crate::row::{Row, filled, is_true};

/// A row is a column. Nobody asks a virtual table for its columns: its module may not be there.
pub(super) const QUERY: &str = "SELECT s.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden
    FROM main.sqlite_schema s, pragma_table_xinfo(s.name, 'main') x
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.rowid, x.cid";

/// A row is a column of a foreign key; the last one made is counted first.
pub(super) const FOREIGN_KEYS: &str =
    "SELECT s.name, f.seq, f.\"from\", f.\"table\", f.\"to\", f.on_update, f.on_delete
    FROM main.sqlite_schema s, pragma_foreign_key_list(s.name, 'main') f
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.rowid, f.id DESC, f.seq";

impl Reading<'_> {
    pub(super) fn columns(&mut self, rows: Vec<Row>) {
        let mut keyed = Vec::new();
        for row in rows {
            let [of, column, data_type, not_null, value, at, hidden] = row.columns();
            let of = object(of);
            let Some(table) = self.tables.get_mut(&of) else { continue };
            let mut column = Column::new(name(column), read_type(data_type.unwrap_or_default()));
            column.nullable = !is_true(not_null);
            // NULL is what there is without one.
            column.default = filled(value)
                .filter(|value| !value.eq_ignore_ascii_case("null"))
                .map(|value| Default(Expression::new(&value, Dialect::Sqlite)));
            // From what, the statement says.
            let from = |storage| Some(Generated { expression: Expression::new("", Dialect::Sqlite), storage });
            column.generated = match hidden {
                Some("2") => from(Storage::Virtual),
                Some("3") => from(Storage::Stored),
                _ => None,
            };
            if let Some(at) = at.and_then(|at| at.parse::<u32>().ok()).filter(|at| *at > 0) {
                keyed.push((of, at, column.name.clone()));
            }
            table.columns.push(column);
        }
        keyed.sort();
        for (of, _, column) in keyed {
            if let Some(table) = self.tables.get_mut(&of) {
                table.primary_key.get_or_insert_with(|| Key::new(None, Vec::new())).columns.push(column);
            }
        }
    }

    pub(super) fn foreign_keys(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [of, at, column, referred, references, on_update, on_delete] = row.columns();
            let Some(table) = self.tables.get_mut(&object(of)) else { continue };
            if at == Some("0") {
                table.foreign_keys.push(ForeignKey {
                    name: None,
                    columns: Vec::new(),
                    table: object(referred),
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
                key.references.extend(references.map(|references| name(Some(references))));
            }
        }
    }
}

/// A primary key that is the rowid takes no NULL, whatever the pragma says.
pub(super) fn number_rows(table: &mut Table) {
    let Some([column]) = table.primary_key.as_ref().map(|key| key.columns.as_slice()) else { return };
    let found = table.columns.iter_mut().find(|other| other.name == *column);
    if let Some(column) = found.filter(|found| found.data_type.as_ref().is_some_and(|of| of.name == "integer")) {
        column.nullable = false;
    }
}

/// A type as it was written: `DECIMAL (10, 2)`.
fn read_type(text: &str) -> Option<DataType> {
    let (words, arguments) = text.split_once('(').unwrap_or((text, ""));
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let arguments = arguments.trim_end().trim_end_matches(')').split(',').map(str::trim);
    let arguments = arguments.filter(|argument| !argument.is_empty()).map(str::to_owned).collect();
    (!words.is_empty()).then(|| DataType { arguments, ..DataType::named(words.join(" ")) })
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
