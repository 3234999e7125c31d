//! Functions and sequences that something needs: a trigger that calls one, a column that draws from one. PostgreSQL's alone: elsewhere
//! nobody asks when they are made or dropped.

use revchain_core::Dialect;

use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Named;
use crate::model::{Column, Expression, Name, ObjectName};
use crate::read::Cursor;

impl Replay {
    /// Says if a new trigger calls a function that surely isn't there.
    pub(super) fn judge_called_by_trigger(&self, body: &Expression, step: &mut Step<'_>) {
        if self.dialect() != Dialect::Postgres {
            return;
        }
        let Some(function) = called_by(body) else { return };
        if function.name.schema.is_some() || !self.is_no_function(&function.name.name) {
            return;
        }
        let name = &function.name.name;
        let known = self.schema.routines.keys().map(|full| full.name.as_str());
        let part = step.word(None, name.as_str());
        step.fault(FaultKind::Other, format!("function `{name}` does not exist"), part)
            .help("make the function before its trigger")
            .meant(name.as_str(), known);
    }

    /// Says if a trigger needs a function that is dropped.
    pub(super) fn judge_needed_by_trigger(&self, full: &ObjectName, named: &Named, step: &mut Step<'_>) {
        if self.dialect() != Dialect::Postgres || self.is_unsure(full) {
            return;
        }
        let is_it = |body: &Expression| {
            called_by(body).is_some_and(|called| {
                called.name.name == full.name
                    && (called.name.schema == full.schema
                        || called.name.schema.is_none()
                            && self.find(&self.schema.routines, &called.name).as_ref() == Some(full))
            })
        };
        let needs = self.schema.triggers.iter().find(|((table, name), trigger)| {
            is_it(&trigger.body) && self.is_known(table) && !self.is_unsure(&table.beside(name.clone()))
        });
        if let Some(((table, name), trigger)) = needs {
            let message = format!("function `{}` is needed by trigger `{name}` of table `{table}`", named.name);
            let _ = step
                .fault(FaultKind::StillNeeded, message, named.part)
                .also(trigger.place, "the trigger is made here")
                .help(format!("drop the trigger first, `DROP TRIGGER {name} ON {table}`, or say CASCADE"));
        }
    }

    /// Says if a column draws from a sequence that is dropped: one that came with it, or that its default names.
    pub(super) fn judge_drawn(&self, full: &ObjectName, named: &Named, step: &mut Step<'_>) {
        if self.dialect() != Dialect::Postgres || self.is_unsure(full) {
            return;
        }
        let draws = |table: &ObjectName, column: &Column| {
            let own = || format!("{}_{}_seq", table.name, column.name);
            let is_own = || table.schema == full.schema && full.name.as_str() == own();
            super::alter::has_sequence(column.identity) && is_own()
                || column.default.as_ref().is_some_and(|default| draws_from(default.0.as_str(), &full.name))
        };
        let needs = self.schema.tables.iter().find_map(|(table, known)| {
            let column = known.columns.iter().find(|column| draws(table, column))?;
            (known.is_known() && !self.is_unsure(table)).then_some((table, column, known.place))
        });
        if let Some((table, column, place)) = needs {
            let message = format!("sequence `{}` is needed by column `{}` of table `{table}`", named.name, column.name);
            let help = match column.identity {
                Some(_) => format!(
                    "it goes with its column; or say `ALTER TABLE {table} ALTER COLUMN {} DROP …` first",
                    column.name
                ),
                None => {
                    format!("drop the default first: `ALTER TABLE {table} ALTER COLUMN {} DROP DEFAULT`", column.name)
                }
            };
            let _ = step
                .fault(FaultKind::StillNeeded, message, named.part)
                .also(place, "its table is made here")
                .help(help);
        }
    }
}

/// The function that a trigger calls.
fn called_by(body: &Expression) -> Option<Named> {
    let mut cursor = Cursor::new(body.as_str(), Dialect::Postgres);
    while !cursor.is_at_end() {
        if cursor.take(&["EXECUTE", "FUNCTION"]) {
            return cursor.object().filter(|_| cursor.sees_mark(0, '('));
        }
        cursor.next();
    }
    None
}

/// Whether a default says `nextval('name')`, without a schema.
fn draws_from(default: &str, name: &Name) -> bool {
    let inside = default.strip_prefix("nextval('").and_then(|rest| rest.split_once('\''));
    inside.is_some_and(|(said, _)| said == name.as_str())
}
