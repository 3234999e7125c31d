//! What UPDATE, `ON CONFLICT DO UPDATE` and an INSERT of what a query selects give to columns, where that is a constant, a column or a query.
//! Claims nothing of what depends on the rows that are there: an UPDATE that says which ones may find none.

use revchain_core::Dialect;

use super::names::{Seen, name_at};
use super::operands::{cast, column_of};
use super::row::{doesnt_fit, many};
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::Column;
use crate::read::names::{Assigned, Names, Operand};

impl Replay {
    /// Judges what columns are given.
    pub(super) fn judge_assigned(&self, names: &Names, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
        if self.dialect() == Dialect::Mysql || self.has_rules() {
            return;
        }
        for (at, Assigned { column, value }) in names.assigned.iter().enumerate() {
            let target = seen.get(column.scope).and_then(|sources| sources.first()?.table.as_ref());
            let Some((full, table)) = target else { continue };
            let name = name_at(step.source(), column.part, self.dialect());
            let Some(given) = table.column(&name) else { continue };
            let is_again = |other: &Assigned| {
                other.column.scope == column.scope && name_at(step.source(), other.column.part, self.dialect()) == name
            };
            if self.dialect() == Dialect::Postgres && names.assigned.iter().take(at).any(is_again) {
                let message = format!("column `{name}` of table `{full}` is given two values");
                return doesnt_fit(table, message, column.part, "give each column one value", step);
            }
            let is_default = value.part().is_some_and(|part| step.text(part).eq_ignore_ascii_case("DEFAULT"));
            if self.computes(given) && !is_default {
                return self.takes_no_value(full, table, given, column.part, false, step);
            }
            // Whether every row is changed: then the statement can only fail, or find an empty table.
            let is_of_all =
                column.scope == 0 && !names.has_condition && !self.has_trigger_before(full, table, "update");
            match value {
                Operand::Constant(part) if step.text(*part).eq_ignore_ascii_case("NULL") => {
                    if is_of_all && !given.nullable && !table.is_abridged && !self.counts(given, table) {
                        let message = format!("column `{name}` of table `{full}` takes no NULL");
                        return doesnt_fit(
                            table,
                            message,
                            *part,
                            "give it a value, or drop its `NOT NULL` first",
                            step,
                        );
                    }
                }
                // SQLite looks at a value where there is a row.
                Operand::Constant(part) if self.dialect() == Dialect::Postgres => {
                    if self.judge_constant(full, table, given, *part, step) {
                        return;
                    }
                }
                Operand::Column(reference) => {
                    let from = column_of(reference, names, seen, step.source(), self.dialect());
                    if let Some((from, part)) = from.zip(value.part())
                        && self.judge_assignment(from, part, given, step)
                    {
                        return;
                    }
                }
                Operand::Constant(_) | Operand::Query(..) | Operand::Other => {}
            }
        }
        self.judge_filled(names, seen, step);
    }

    /// Judges what an INSERT takes from a query.
    fn judge_filled(&self, names: &Names, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
        let Some((filled, query)) =
            names.filled.as_ref().and_then(|filled| Some((filled, names.scopes.get(filled.scope)?)))
        else {
            return;
        };
        let Some((full, table)) = seen.first().and_then(|sources| sources.first()?.table.as_ref()) else { return };
        let column = |part: &Part| table.column(&name_at(step.source(), *part, self.dialect()));
        let columns: Vec<(Part, &Column)> =
            filled.columns.iter().filter_map(|part| Some((*part, column(part)?))).collect();
        if columns.len() != filled.columns.len() {
            return;
        }
        let refuses = |given: &Column| !(filled.is_overriding && given.generated.is_none()) && self.computes(given);
        if let Some((part, given)) = columns.iter().find(|(_, given)| refuses(given)) {
            return self.takes_no_value(full, table, given, *part, true, step);
        }
        if self.dialect() != Dialect::Postgres || query.is_joined || query.selected.has_star {
            return;
        }
        for ((_, given), value) in columns.iter().zip(&query.selected.columns) {
            match value {
                Operand::Column(reference) => {
                    let from = column_of(reference, names, seen, step.source(), self.dialect());
                    if let Some((from, part)) = from.zip(value.part())
                        && self.judge_assignment(from, part, given, step)
                    {
                        return;
                    }
                }
                // What is too much is so where there is a row.
                Operand::Constant(part)
                    if !self.is_too_much(step.text(*part), given)
                        && self.judge_constant(full, table, given, *part, step) =>
                {
                    return;
                }
                _ => {}
            }
        }
    }

    /// Says if a query has another number of columns than those that an INSERT names.
    pub(super) fn judge_count(&self, names: &Names, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
        let Some((filled, query)) =
            names.filled.as_ref().and_then(|filled| Some((filled, names.scopes.get(filled.scope)?)))
        else {
            return;
        };
        let (selected, named) = (query.selected.columns.len(), filled.columns.len());
        if query.selected.has_star || named == 0 || selected == 0 || selected == named {
            return;
        }
        let message = format!("{} selected for {}", many(selected, "column"), many(named, "column"));
        let report = step.fault(FaultKind::RowDoesNotFit, message, query.selected.part);
        let report = match seen.first().and_then(|sources| sources.first()?.table.as_ref()) {
            Some((_, table)) => report.also(table.place, "the table is made here"),
            None => report,
        };
        let _ = report.help("select one value for each column that is named");
    }

    /// Says if a column's values surely don't become another's where they are put.
    pub(super) fn judge_assignment(&self, from: &Column, part: Part, to: &Column, step: &mut Step<'_>) -> bool {
        let (Some(source), Some(goal)) = (&from.data_type, &to.data_type) else { return false };
        if !self.knows_operators() || self.becomes(source, goal) {
            return false;
        }
        let (name, other) = (&to.name, &from.name);
        let message =
            format!("column `{name}` is `{goal}`, and `{other}`, which is `{source}`, doesn't become that by itself");
        let help = format!("say how, as in `{}::{}`; or choose another column", step.text(part), cast(goal));
        let _ = step.fault(FaultKind::OperandsDiffer, message, part).help(help);
        true
    }

    /// Whether there may be rules, which do something else.
    pub(super) fn has_rules(&self) -> bool {
        self.schema.others.keys().any(|(kind, ..)| *kind == "rule")
    }
}
