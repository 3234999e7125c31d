//! Rows that are made up, written before a revision into each table that it may reach (`reach.rs`), and looked for behind it. A table that takes none is said, and
//! passed over; and so is what the revision's own statements take away or change (`effects.rs`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use revchain_schema::Schema;
use revchain_schema::model::{Column, Identity, Name, ObjectName, Table};
use revchain_schema::write::{Writer, tables_in_order};

use super::super::words;
use super::driver::{Driver, Row};
use super::effects::Effects;
use super::reach::Reach;
use super::value::value;

/// How many rows a message shows.
const SHOWN: usize = 3;

/// Which rows are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filling {
    /// One of each.
    Both,
    /// Every column has a value.
    Full,
    /// What may be NULL is NULL.
    Sparse,
    /// No rows.
    None,
}

/// Rows, by table.
pub(super) struct Rows(BTreeMap<ObjectName, OfTable>);

struct OfTable {
    columns: Vec<Name>,
    rows: Vec<Row>,
}

/// Writes rows into each table within reach, those first that others refer to. What took none, and why.
pub(super) async fn write<DB: Driver>(
    connection: &mut DB::Connection,
    schema: &Schema,
    reach: &Reach,
    filling: Filling,
) -> Vec<String> {
    let kinds: &[(u8, bool)] = match filling {
        Filling::Both => &[(1, true), (2, false)],
        Filling::Full => &[(1, true)],
        Filling::Sparse => &[(2, false)],
        Filling::None => &[],
    };
    let mut notes = Vec::new();
    for name in tables_in_order(schema).into_iter().filter(|name| reach.has(name)) {
        let Some(table) = schema.tables.get(name).filter(|table| takes_rows(table)) else { continue };
        let (mut is_written, mut reason) = (kinds.is_empty(), String::new());
        for &(seed, is_full) in kinds {
            match insert(schema, name, table, seed, is_full) {
                Ok(sql) => match DB::run(connection, sql).await {
                    Ok(()) => is_written = true,
                    Err(error) => reason = words(&error),
                },
                Err(why) => reason = why,
            }
        }
        if !is_written {
            notes.push(format!("no row could be made for table `{name}`: {reason}"));
        }
    }
    notes
}

/// A partition's rows are its table's, and a foreign table's are another server's.
fn takes_rows(table: &Table) -> bool {
    !table.temporary && !table.options.contains_key("partition of") && !table.options.contains_key("foreign")
}

/// The statement that writes a row; why there is none.
fn insert(schema: &Schema, name: &ObjectName, table: &Table, seed: u8, is_full: bool) -> Result<String, String> {
    let writer = Writer::of(schema);
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for column in &table.columns {
        // These the database fills, and nobody else may, or should.
        if column.generated.is_some() || column.identity.is_some() {
            continue;
        }
        let value = match referred(&writer, schema, name, table, column, seed) {
            _ if column.nullable && !is_full => Some("NULL".to_owned()),
            Some(Ok(value)) => Some(value),
            Some(Err(())) if column.nullable => Some("NULL".to_owned()),
            Some(Err(())) => return Err(format!("column `{}` refers to the table itself, or to none", column.name)),
            None => value(column.data_type.as_ref(), schema, seed),
        };
        match value {
            Some(value) => {
                columns.push(writer.name(&column.name).into_owned());
                values.push(value);
            }
            None if column.nullable || column.default.is_some() => {}
            None => return Err(format!("nobody knows a value for column `{}`", column.name)),
        }
    }
    let table = writer.object(name);
    Ok(match (columns.is_empty(), writer.dialect()) {
        (true, revchain_core::Dialect::Mysql) => format!("INSERT INTO {table} () VALUES ()"),
        (true, _) => format!("INSERT INTO {table} DEFAULT VALUES"),
        (false, _) => format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", ")),
    })
}

/// What a column takes that refers to another table: what there is. The second row refers to the last one there, so that each may
/// have its own. `Err` where it is the table itself.
fn referred(
    writer: &Writer<'_>,
    schema: &Schema,
    name: &ObjectName,
    table: &Table,
    column: &Column,
    seed: u8,
) -> Option<Result<String, ()>> {
    let (key, at) = table.foreign_keys.iter().find_map(|key| {
        let at = key.columns.iter().position(|one| *one == column.name)?;
        Some((key, at))
    })?;
    let other = schema.tables.get(&key.table).filter(|_| key.table != *name);
    let there = other.and_then(|other| match key.references.is_empty() {
        false => key.references.get(at),
        true => other.primary_key.as_ref().and_then(|key| key.columns.get(at)),
    });
    let Some(there) = there else { return Some(Err(())) };
    let (there, order) = (writer.name(there), if seed == 1 { "" } else { " DESC" });
    Some(Ok(format!("(SELECT {there} FROM {} ORDER BY {there}{order} LIMIT 1)", writer.object(&key.table))))
}

impl Rows {
    /// All rows of the tables within reach. A table that can't be read has none.
    pub(super) async fn read<DB: Driver>(connection: &mut DB::Connection, schema: &Schema, reach: &Reach) -> Rows {
        let mut tables = BTreeMap::new();
        for (name, table) in schema.tables.iter().filter(|(name, table)| reach.has(name) && takes_rows(table)) {
            let columns: Vec<Name> = table.columns.iter().map(|column| column.name.clone()).collect();
            if let Ok(rows) = select::<DB>(connection, schema, name, &columns).await {
                tables.insert(name.clone(), OfTable { columns, rows });
            }
        }
        Rows(tables)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.values().all(|table| table.rows.is_empty())
    }

    /// Which of these rows are there no more, line by line. `between` are the replay's and the database's schemas while the revision
    /// was applied, `before` the replay's below it: what was not there in between, the revision dropped.
    pub(super) async fn lost<DB: Driver>(
        &self,
        connection: &mut DB::Connection,
        before: (&Schema, &Schema),
        between: (&Schema, &Schema),
        now: &Schema,
        effects: &Effects,
    ) -> Vec<String> {
        let mut lost = Vec::new();
        for (name, then) in self.0.iter().filter(|(_, then)| !then.rows.is_empty()) {
            let (Some(was), Some(is)) = (before.1.tables.get(name), now.tables.get(name)) else { continue };
            let Some(twin) = twin(name, before.0, between) else { continue };
            if effects.may_remove(name, before.1) {
                continue;
            }
            // What was there all the time: as it was, or at least whether it was.
            let mut columns = Vec::new();
            for (at, column) in then.columns.iter().enumerate() {
                let (Some(was), Some(up), Some(_)) = (was.column(column), twin.column(column), is.column(column))
                else {
                    continue;
                };
                let is_exact =
                    was.data_type == up.data_type && was.on_update.is_none() && was.identity != Some(Identity::Always);
                columns.push((at, column.clone(), is_exact));
            }
            let names: Vec<Name> = columns.iter().map(|(_, name, _)| name.clone()).collect();
            let found = match select::<DB>(connection, now, name, &names).await {
                Ok(found) => found,
                Err(error) => {
                    lost.push(format!("table `{name}` can't be read: {}", words(&error)));
                    continue;
                }
            };
            if found.len() < then.rows.len() {
                lost.push(format!(
                    "table `{name}`: {} of {} rows are gone",
                    then.rows.len() - found.len(),
                    then.rows.len()
                ));
            } else if !effects.may_change(name) {
                lost.extend(changed(name, then, &columns, found));
            }
        }
        lost
    }
}

/// Which rows are there no more as they were. What was NULL may have a value now.
fn changed(name: &ObjectName, then: &OfTable, columns: &[(usize, Name, bool)], mut found: Vec<Row>) -> Vec<String> {
    let value = |row: &Row, at: usize| row.get(at).cloned().flatten();
    let is_kept = |row: &Row, now: &Row| {
        columns.iter().enumerate().all(|(place, (at, _, is_exact))| match (value(row, *at), value(now, place)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(was), Some(is)) => !is_exact || was == is,
        })
    };
    // Those with the most values first: the others are content with any.
    let mut rows: Vec<&Row> = then.rows.iter().collect();
    rows.sort_by_key(|row| row.iter().flatten().count());
    let mut lines = Vec::new();
    for row in rows.into_iter().rev() {
        match found.iter().position(|now| is_kept(row, now)) {
            Some(at) => drop(found.swap_remove(at)),
            None => {
                let mut line = format!("table `{name}`: no row is any more what this one was:");
                for (at, column, _) in columns {
                    let _ = write!(line, " {column} = {}", value(row, *at).unwrap_or_else(|| "NULL".to_owned()));
                }
                lines.push(line);
            }
        }
    }
    lines.truncate(SHOWN);
    lines
}

/// The table while the revision was applied: of its name, or the same one under another.
fn twin<'a>(name: &ObjectName, before: &Schema, (said, stored): (&'a Schema, &'a Schema)) -> Option<&'a Table> {
    if let Some(table) = stored.tables.get(name) {
        return Some(table);
    }
    let made = before.tables.get(name)?.place;
    let is_it = |table: &Table| (table.place.revision, table.place.span) == (made.revision, made.span);
    let (renamed, _) = said.tables.iter().find(|(_, table)| is_it(table))?;
    stored.tables.get(renamed).map(|table| &**table)
}

async fn select<DB: Driver>(
    connection: &mut DB::Connection,
    schema: &Schema,
    table: &ObjectName,
    columns: &[Name],
) -> Result<Vec<Row>, sqlx::Error> {
    let writer = Writer::of(schema);
    let mut list: Vec<String> = columns.iter().map(|column| DB::as_text(&writer.name(column))).collect();
    if list.is_empty() {
        // A row is a row.
        list.push("NULL".to_owned());
    }
    DB::rows(connection, format!("SELECT {} FROM {}", list.join(", "), writer.object(table))).await
}
