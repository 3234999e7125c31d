//! Rows that are changed: the table is there, has the columns, and takes what is inserted, as far as a row tells without being
//! evaluated. Nothing of the schema changes, and nothing is claimed of values but that they are `NULL`.

use revchain_core::Dialect;

use super::known::Relation;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{Inserted, Named, Part, Rows};
use crate::model::{Column, Name, ObjectName, Table};

impl Replay {
    pub(super) fn change_rows(&mut self, rows: &Rows, step: &mut Step<'_>) {
        let Some((full, table)) = self.table_of(&rows.table.name) else {
            // Elsewhere nothing would be said, and much forgotten.
            if self.relation(&rows.table.name) == Relation::Nothing && self.is_surely_absent(&rows.table.name) {
                return self.missing(&rows.table, "table", step);
            }
            return self.judge_names(step);
        };
        if !table.is_known() || self.is_unsure(&full) {
            return self.judge_names(step);
        }
        let unknown = rows.columns.iter().find(|column| table.column(&column.name).is_none());
        match (unknown, &rows.inserted) {
            (Some(column), _) if self.is_system_column(&column.name) => {}
            (Some(column), _) => {
                step.fault(
                    FaultKind::UnknownColumn,
                    format!("table `{full}` has no column `{}`", column.name),
                    column.part,
                )
                .also(table.place, "the table is made here")
                .meant(column.name.as_str(), table.columns.iter().map(|column| column.name.as_str()));
            }
            (None, Some(row)) => self.judge_row(&full, table, rows, row, step),
            (None, None) => {}
        }
        self.judge_conflict(&full, table, &rows.conflict, step);
        if step.faults.is_empty() {
            self.judge_names(step);
        }
    }

    /// Whether a table that is known takes a row.
    pub(super) fn judge_inserted(&self, rows: &Rows, step: &mut Step<'_>) {
        if let Some((full, table)) = self.table_of(&rows.table.name)
            && table.is_known()
            && !self.is_unsure(&full)
            && rows.columns.iter().all(|column| table.column(&column.name).is_some())
        {
            if let Some(row) = &rows.inserted {
                self.judge_row(&full, table, rows, row, step);
            }
            self.judge_conflict(&full, table, &rows.conflict, step);
        }
    }

    /// Whether a key of the table is the one that `ON CONFLICT` means.
    fn judge_conflict(&self, full: &ObjectName, table: &Table, columns: &[Named<Name>], step: &mut Step<'_>) {
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return };
        if let Some(column) = columns.iter().find(|column| table.column(&column.name).is_none()) {
            if !self.is_system_column(&column.name) {
                let message = format!("table `{full}` has no column `{}`", column.name);
                step.fault(FaultKind::UnknownColumn, message, column.part)
                    .also(table.place, "the table is made here")
                    .meant(column.name.as_str(), table.columns.iter().map(|column| column.name.as_str()));
            }
            return;
        }
        let is_meant = |names: &mut dyn Iterator<Item = Option<&Name>>| {
            let names: Option<Vec<&Name>> = names.collect();
            names.is_some_and(|names| {
                columns.iter().all(|column| names.contains(&&column.name))
                    && names.iter().all(|name| columns.iter().any(|column| column.name == **name))
            })
        };
        let mut keys = table.primary_key.iter().chain(&table.uniques);
        let mut indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
        if keys.any(|key| is_meant(&mut key.columns.iter().map(Some)))
            || indexes.any(|index| is_meant(&mut index.parts.iter().map(|part| part.column.as_ref())))
        {
            return;
        }
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let names = names.join(", ");
        let message = format!("table `{full}` has no unique key of `{names}`, as `ON CONFLICT` needs it");
        let _ = step
            .fault(FaultKind::UnknownConstraint, message, (first.part.0, last.part.1))
            .also(table.place, "the table is made here")
            .help(format!(
                "make one, `CREATE UNIQUE INDEX … ON {full} ({names})`, or name the columns of one that is there"
            ));
    }

    /// Whether the table takes a row.
    fn judge_row(&self, full: &ObjectName, table: &Table, rows: &Rows, row: &Inserted, step: &mut Step<'_>) {
        let dialect = self.dialect();
        // MySQL fills a row of nothing with defaults.
        if row.values == 0 {
            return;
        }
        let columns: Vec<&Column> = match row.names_columns {
            true => rows.columns.iter().filter_map(|named| table.column(&named.name)).collect(),
            // SQLite's generated columns are none for whoever doesn't name the columns; MySQL's may be invisible.
            false if dialect == Dialect::Sqlite => {
                table.columns.iter().filter(|column| column.generated.is_none()).collect()
            }
            false if dialect == Dialect::Mysql && table.is_abridged => return,
            false => table.columns.iter().collect(),
        };
        // PostgreSQL's last columns may be left out, where none is named.
        let is_short = row.values < columns.len() && (row.names_columns || dialect != Dialect::Postgres);
        if is_short || row.values > columns.len() {
            let many = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let message = match row.names_columns {
                true => format!("{} for {}", many(row.values, "value"), many(columns.len(), "column")),
                false => format!(
                    "{} for table `{full}`, which has {}",
                    many(row.values, "value"),
                    many(columns.len(), "column")
                ),
            };
            return doesnt_fit(table, message, row.part, "give each column one value", step);
        }
        // A trigger may fill in what is missing, a partition's, too; and so do SQLite's ON CONFLICT, and MySQL where it isn't strict.
        let is_parted = table.options.contains_key("partition by");
        let has_trigger = self.schema.triggers.keys().any(|(of, _)| is_parted || of == full);
        let is_lenient = row.is_lenient || dialect == Dialect::Mysql || dialect == Dialect::Sqlite && table.is_abridged;
        if is_lenient || has_trigger || !self.schema.others.is_empty() {
            return;
        }
        let needs =
            |column: &&Column| !column.nullable && column.generated.is_none() && !counts(column, table, dialect);
        let null = row.nulls.iter().find(|(at, _)| columns.get(*at).is_some_and(needs));
        if let Some((at, part)) = null
            && let Some(column) = columns.get(*at)
        {
            let message = format!("column `{}` of table `{full}` takes no NULL", column.name);
            return doesnt_fit(table, message, *part, "give it a value", step);
        }
        let is_missing = |column: &&Column| {
            needs(column)
                && column.default.is_none()
                && column.identity.is_none()
                && !columns.iter().any(|given| given.name == column.name)
                && !self.has_type_of_its_own(column)
        };
        if row.names_columns
            && let Some(column) = table.columns.iter().find(is_missing)
        {
            let message =
                format!("column `{}` of table `{full}` takes no NULL, has no default, and gets no value", column.name);
            doesnt_fit(table, message, rows.table.part, "name it, and give it a value", step);
        }
    }

    /// A domain may have a default.
    fn has_type_of_its_own(&self, column: &Column) -> bool {
        let of = column.data_type.as_ref();
        of.is_some_and(|of| of.schema.is_some() || self.schema.types.keys().any(|known| known.name.as_str() == of.name))
    }
}

/// Whether a database gives a column a number where it gets NULL, or none at all.
fn counts(column: &Column, table: &Table, dialect: Dialect) -> bool {
    let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    dialect == Dialect::Sqlite && is_key && column.data_type.as_ref().is_some_and(|of| of.name == "integer")
}

fn doesnt_fit(table: &Table, message: String, part: Part, help: &str, step: &mut Step<'_>) {
    let _ = step.fault(FaultKind::RowDoesNotFit, message, part).also(table.place, "the table is made here").help(help);
}
