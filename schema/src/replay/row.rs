//! Whether a table takes a row that is inserted, as far as it tells without being evaluated: how many values it has, and of those that are
//! constants which no column takes. Claims nothing of computed values, and of MySQL's only what no `sql_mode` takes.

use revchain_core::Dialect;

use super::fit::{Misfit, postgres, sqlite, too_much};
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{Inserted, Part, Rows};
use crate::model::{Column, Identity, ObjectName, Table, Trigger};

impl Replay {
    /// Whether the table takes a row.
    pub(super) fn judge_row(&self, full: &ObjectName, table: &Table, rows: &Rows, row: &Inserted, step: &mut Step<'_>) {
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
        let given = || columns.iter().take(row.values).enumerate().filter(|(at, _)| !row.defaults.contains(at));
        let is_ruled = self.has_rules();
        // An identity takes what is said where that is said, too; a generated column never does.
        let refuses = |column: &Column| !(row.is_overriding && column.generated.is_none()) && self.computes(column);
        if !is_ruled && let Some((_, column)) = given().find(|(_, column)| refuses(column)) {
            return self.takes_no_value(full, table, column, rows.table.part, true, step);
        }
        let is_lenient = row.is_lenient || dialect == Dialect::Sqlite && table.is_abridged;
        if is_lenient && dialect != Dialect::Postgres || is_ruled {
            return;
        }
        // A trigger may fill in what is missing, but PostgreSQL reads values first. SQLite's may leave the row out.
        let is_triggered = self.has_trigger_before(full, table, "insert");
        if dialect == Dialect::Postgres || !is_triggered {
            for (at, part) in &row.constants {
                if let Some(column) = columns.get(*at)
                    && self.judge_constant(full, table, column, *part, step)
                {
                    return;
                }
            }
        }
        if is_lenient || is_triggered {
            return;
        }
        let needs = |column: &&Column| !column.nullable && column.generated.is_none() && !self.counts(column, table);
        // MySQL makes something of it where there are more rows, and MariaDB the time of a TIMESTAMP.
        let may_be_null = dialect == Dialect::Mysql && !row.is_alone;
        let null = row.nulls.iter().find(|(at, _)| columns.get(*at).is_some_and(needs));
        if !may_be_null
            && let Some((at, part)) = null
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
            && dialect != Dialect::Mysql
            && let Some(column) = table.columns.iter().find(is_missing)
        {
            let message =
                format!("column `{}` of table `{full}` takes no NULL, has no default, and gets no value", column.name);
            doesnt_fit(table, message, rows.table.part, "name it, and give it a value", step);
        }
    }

    /// Says if one column is named twice. SQLite takes the first value.
    pub(super) fn judge_twice(&self, full: &ObjectName, table: &Table, rows: &Rows, step: &mut Step<'_>) {
        let is_insert = rows.inserted.is_some() || rows.columns.len() > 1;
        if self.dialect() == Dialect::Sqlite || !is_insert {
            return;
        }
        let is_second = |at: &usize| {
            let (before, rest) = rows.columns.split_at(*at);
            rest.first().is_some_and(|column| before.iter().any(|other| other.name == column.name))
        };
        // More than a table may have are no list of columns.
        let many = rows.columns.len().min(2000);
        if let Some(column) = (1..many).find(is_second).and_then(|at| rows.columns.get(at)) {
            let message = format!("column `{}` of table `{full}` is named twice", column.name);
            doesnt_fit(table, message, column.part, "name each column once", step);
        }
    }

    /// Whether a column takes no value but its own.
    pub(super) fn computes(&self, column: &Column) -> bool {
        match self.dialect() {
            Dialect::Postgres => column.generated.is_some() || column.identity == Some(Identity::Always),
            Dialect::Sqlite => column.generated.is_some(),
            // MariaDB takes the statement, and warns, where it isn't strict.
            Dialect::Mysql => false,
        }
    }

    /// Says that a column takes no value but its own.
    pub(super) fn takes_no_value(
        &self,
        full: &ObjectName,
        table: &Table,
        column: &Column,
        part: Part,
        is_insert: bool,
        step: &mut Step<'_>,
    ) {
        let name = &column.name;
        let (message, help) = match (column.generated.is_some(), is_insert) {
            (true, true) => {
                (format!("column `{name}` of table `{full}` is generated, and takes no value"), "leave it out")
            }
            (true, false) => (
                format!("column `{name}` of table `{full}` is generated, and takes no value"),
                "change what it is made of",
            ),
            (false, true) => (
                format!("column `{name}` of table `{full}` is GENERATED ALWAYS AS IDENTITY, and takes no value"),
                "leave it out, or say `OVERRIDING SYSTEM VALUE` before the values",
            ),
            (false, false) => (
                format!("column `{name}` of table `{full}` is GENERATED ALWAYS AS IDENTITY, and takes no value"),
                "leave it as it is: an UPDATE can set it to DEFAULT alone",
            ),
        };
        doesnt_fit(table, message, step.word(part, name.as_str()).unwrap_or(part), help, step);
    }

    /// Says if a column surely doesn't take a constant, which stands here.
    pub(super) fn judge_constant(
        &self,
        full: &ObjectName,
        table: &Table,
        column: &Column,
        part: Part,
        step: &mut Step<'_>,
    ) -> bool {
        let (name, text) = (&column.name, step.text(part));
        let Some(data_type) = column.data_type.as_ref() else { return false };
        let Some(misfit) = self.misfit_of(text, column, table) else { return false };
        let of = format!("column `{name}` of table `{full}`");
        let shown = super::fit::shortened(text);
        let (message, help) = match misfit {
            Misfit::Value => (
                format!("`{shown}` is none of the values of {of}"),
                "give one of them, or add this one to the type first",
            ),
            Misfit::Range => (
                format!("`{shown}` is more than {of} holds, which is `{data_type}`"),
                "choose a larger type first, or another value",
            ),
            Misfit::Length => (
                format!("`{shown}` is longer than {of}, which is `{data_type}`"),
                "choose a longer type first, or a shorter value",
            ),
            Misfit::Kind | Misfit::Null | Misfit::Bare => (
                format!("{of} is `{data_type}`, and takes no `{shown}`"),
                match data_type.name.as_str() {
                    "boolean" => "write `true` or `false`",
                    _ if data_type.array => "write an array: `'{a,b}'`, or `ARRAY['a', 'b']`",
                    _ => "give a value of the column's type",
                },
            ),
        };
        doesnt_fit(table, message, part, help, step);
        true
    }

    /// Whether a constant is too much for a column, though of its kind.
    pub(super) fn is_too_much(&self, text: &str, column: &Column) -> bool {
        column.data_type.as_ref().is_some_and(|of| postgres(text, of).is_none() && too_much(text, of).is_some())
    }

    /// Why a column surely doesn't take a constant.
    fn misfit_of(&self, text: &str, column: &Column, table: &Table) -> Option<Misfit> {
        let data_type = column.data_type.as_ref()?;
        match self.dialect() {
            Dialect::Postgres if self.casts => None,
            Dialect::Postgres => {
                let lower = text.to_ascii_lowercase();
                // A word, whatever its case.
                let text =
                    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { lower.as_str() } else { text };
                postgres(text, data_type)
                    .or_else(|| self.misfit_of_enumeration(text, data_type))
                    .or_else(|| too_much(text, data_type))
            }
            Dialect::Mysql => None,
            Dialect::Sqlite => sqlite(text, column, table),
        }
    }

    /// Whether a trigger fires before a row is inserted, or updated. A partition's does, too.
    pub(super) fn has_trigger_before(&self, full: &ObjectName, table: &Table, event: &str) -> bool {
        let is_parted = table.options.contains_key("partition by");
        let triggers = self.schema.triggers.iter().filter(|((of, _), _)| is_parted || of == full);
        triggers.into_iter().any(|(_, trigger)| fires_before(trigger, event))
    }

    /// Whether a database gives a column a number where it gets NULL, or none at all.
    pub(super) fn counts(&self, column: &Column, table: &Table) -> bool {
        let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
        let name = column.data_type.as_ref().map_or("", |of| of.name.as_str());
        match self.dialect() {
            Dialect::Postgres => false,
            // MariaDB's first TIMESTAMP is now where it gets NULL.
            Dialect::Mysql => column.identity.is_some() || matches!(name, "timestamp" | ""),
            Dialect::Sqlite => is_key && name == "integer",
        }
    }

    /// A domain may have a default.
    fn has_type_of_its_own(&self, column: &Column) -> bool {
        let of = column.data_type.as_ref();
        of.is_some_and(|of| of.schema.is_some() || self.schema.types.keys().any(|known| known.name.as_str() == of.name))
    }
}

/// Whether a trigger fires before what it watches happens, and watches this. Its text begins with when, and at what.
fn fires_before(trigger: &Trigger, event: &str) -> bool {
    let mut words =
        trigger.body.as_str().split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    // Without a word SQLite's fire before.
    let mut events =
        words.by_ref().take_while(|word| !matches!(*word, "for" | "on" | "execute" | "begin" | "when" | "referencing"));
    !trigger.body.as_str().starts_with("after") && events.any(|word| word == event)
}

/// `1 value`, `2 values`.
pub(super) fn many(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

pub(super) fn doesnt_fit(table: &Table, message: String, part: Part, help: &str, step: &mut Step<'_>) {
    let _ = step.fault(FaultKind::RowDoesNotFit, message, part).also(table.place, "the table is made here").help(help);
}
