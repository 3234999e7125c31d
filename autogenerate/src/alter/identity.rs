//! Columns of PostgreSQL's that count: from `serial` to identity and back, with the sequence that a `serial` has.

use revchain_schema::model::{Column, Name, ObjectName};
use revchain_schema::write::Writer;

use revchain_core::Dialect;

/// The sequence that `serial` makes, by its usual name.
fn sequence(table: &ObjectName, column: &Column) -> ObjectName {
    table.beside(Name::new(&format!("{}_{}_seq", table.name, column.name), Dialect::Postgres))
}

/// Drops the sequence of a column that was `serial`.
pub(super) fn drop_sequence(writer: &Writer<'_>, table: &ObjectName, column: &Column) -> (String, String) {
    let sequence = sequence(table, column);
    let note =
        format!("The sequence of `{}`: it has another name if the table or the column was renamed.", column.name);
    (format!("DROP SEQUENCE IF EXISTS {}", writer.object(&sequence)), note)
}

/// Makes a column what `serial` would have made it.
pub(super) fn make_serial(writer: &Writer<'_>, table: &ObjectName, column: &Column) -> Vec<String> {
    let sequence = writer.object(&sequence(table, column));
    let (shown, name) = (writer.object(table), writer.name(&column.name));
    let data_type = column.data_type.as_ref().map_or("BIGINT".to_owned(), |of| writer.data_type(of));
    let default = format!("nextval({})", writer.literal(&sequence));
    vec![
        format!("CREATE SEQUENCE {sequence} AS {data_type}"),
        format!("ALTER TABLE {shown} ALTER COLUMN {name} SET DEFAULT {default}"),
        format!("ALTER SEQUENCE {sequence} OWNED BY {shown}.{name}"),
        count_on(writer, table, column),
    ]
}

/// The sequence of a `serial` column that is of another type now.
pub(super) fn retype_sequence(writer: &Writer<'_>, table: &ObjectName, column: &Column) -> String {
    let data_type = column.data_type.as_ref().map_or("BIGINT".to_owned(), |of| writer.data_type(of));
    format!("ALTER SEQUENCE IF EXISTS {} AS {data_type}", writer.object(&sequence(table, column)))
}

/// Goes on behind the highest number there is.
pub(super) fn count_on(writer: &Writer<'_>, table: &ObjectName, column: &Column) -> String {
    let (shown, name) = (writer.object(table), writer.name(&column.name));
    let (of, label) = (writer.literal(&shown), writer.literal(column.name.as_str()));
    format!(
        "SELECT setval(pg_get_serial_sequence({of}, {label}), greatest(coalesce(max({name}), 0), 0) + 1, false) FROM {shown}"
    )
}
