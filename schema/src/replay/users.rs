//! What uses a column, beside keys and foreign keys: generated columns, checks, views, policies, triggers. Asked before a column is
//! dropped, or gets another type. Claims only what the text of these tells for certain (`read::names`).

use std::sync::Arc;

use revchain_core::Dialect;

use super::known::Relation;
use super::mention::{Mention, mention};
use super::names::name_at;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Action, Named};
use crate::model::{Expression, Name, ObjectName, Table, View};
use crate::read::names::{self, Names, Reference};

/// What is done to a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Dropped,
    Retyped,
}

impl Replay {
    /// Judges whether nothing is left that uses a column.
    pub(super) fn judge_users(&self, target: &mut Target<'_>, name: &Named<Name>, done: Done, step: &mut Step<'_>) {
        // What is dropped with it, or made anew behind it, uses it no longer.
        if !self.judges_columns || !target.is_known() || done == Done::Dropped && !step.dropped.contains(&name.name) {
            return;
        }
        let Some((user, help)) = self.user_of(target, &name.name, done, step) else { return };
        if target.judge(step) {
            let message = format!("column `{}` is used by {user}", name.name);
            let _ = step
                .fault(FaultKind::StillNeeded, message, name.part)
                .also(target.table.place, "the table is made here")
                .help(help);
        }
    }

    /// What uses a column, and what to do.
    fn user_of(
        &self,
        target: &Target<'_>,
        column: &Name,
        done: Done,
        step: &Step<'_>,
    ) -> Option<(String, &'static str)> {
        let dialect = self.dialect();
        let uses = |expression: &Expression| mention(expression, column, dialect) == Mention::Yes;
        let mut others = target.table.columns.iter().filter(|other| other.name != *column);
        let generated = others.find(|other| other.generated.as_ref().is_some_and(|made| uses(&made.expression)));
        if let Some(other) = generated.filter(|other| !step.dropped.contains(&other.name)) {
            let help = match done {
                Done::Retyped => "drop that column before, and add it anew behind",
                Done::Dropped => "drop that column first",
            };
            return Some((format!("generated column `{}`", other.name), help));
        }
        match dialect {
            Dialect::Mysql => {
                let mut others = target.table.columns.iter().filter(|other| other.name != *column);
                let filled = others.find(|other| other.default.as_ref().is_some_and(|default| uses(&default.0)));
                if let Some(other) = filled.filter(|other| !step.dropped.contains(&other.name)) {
                    return Some((format!("the default of column `{}`", other.name), "drop that default first"));
                }
                // One of this column alone goes with it on MariaDB.
                let several = |expression: &Expression| {
                    uses(expression) && self.names_others(expression, target.table, column, &step.dropped)
                };
                Some((self.check_that(target, column, several)?, "drop the check first"))
            }
            Dialect::Postgres | Dialect::Sqlite => {
                if dialect == Dialect::Sqlite
                    && let Some(check) = self.check_that(target, column, uses)
                {
                    return Some((check, "SQLite needs the table rebuilt without it"));
                }
                let help = match (done, dialect) {
                    (Done::Retyped, _) | (_, Dialect::Sqlite) => "drop it before, and create it anew behind",
                    (Done::Dropped, _) => "drop it before, and create it anew behind, or say CASCADE",
                };
                let mut views = self.schema.views.iter();
                if !self.renamed.contains(target.name)
                    && let Some((view, _)) =
                        views.find(|(full, view)| !self.is_unsure(full) && self.selects(view, target, column))
                {
                    return Some((format!("view `{view}`"), help));
                }
                Some((self.rule_on(target, column)?, help)).filter(|_| dialect == Dialect::Postgres)
            }
        }
    }

    /// A check that uses a column, and doesn't go with it.
    fn check_that(&self, target: &Target<'_>, column: &Name, uses: impl Fn(&Expression) -> bool) -> Option<String> {
        if self.renamed.contains(target.name) {
            return None;
        }
        let is_own = |expression: &Expression| {
            self.own_checks.contains(&(target.name.clone(), column.clone(), expression.as_str().to_owned()))
        };
        let mut checks = target.table.checks.iter();
        let check = checks.find(|check| uses(&check.expression) && !is_own(&check.expression))?;
        Some(match &check.name {
            Some(name) => format!("check `{name}`"),
            None => format!("the check ({})", check.expression),
        })
    }

    /// Notes a check that is written with a column.
    pub(super) fn note_own_check(&mut self, table: &ObjectName, column: &Name, expression: &Expression) {
        Arc::make_mut(&mut self.own_checks).insert((table.clone(), column.clone(), expression.as_str().to_owned()));
    }

    /// Whether an expression names another column, which stays.
    fn names_others(&self, expression: &Expression, table: &Table, column: &Name, dropped: &[Name]) -> bool {
        let (text, dialect) = (expression.as_str(), self.dialect());
        names::expression(text, dialect).is_some_and(|names| {
            names.references.iter().any(|reference| {
                let name = name_at(text, reference.part, dialect);
                name != *column && table.column(&name).is_some() && !dropped.contains(&name)
            })
        })
    }

    /// Whether a view surely selects a column, or has it in a condition.
    fn selects(&self, view: &View, target: &Target<'_>, column: &Name) -> bool {
        let (text, dialect) = (view.body.as_str(), self.dialect());
        if !view.mentions.contains(target.name) || !view.body.mentions(column, dialect) {
            return false;
        }
        let Some(names) = names::view(text, dialect) else { return false };
        let is_it = |part| name_at(text, part, dialect) == *column;
        names
            .references
            .iter()
            .any(|reference| is_it(reference.part) && self.means(reference, &names, text, target, column))
    }

    /// Whether a column of that name is the target's, and can be no other.
    fn means(&self, reference: &Reference, names: &Names, text: &str, target: &Target<'_>, column: &Name) -> bool {
        let qualifier = reference.qualifier.map(|part| name_at(text, part, self.dialect()));
        let is_target = |name: &ObjectName| {
            name.name == target.name.name && (name.schema.is_none() || name.schema == target.name.schema)
        };
        let mut at = Some(reference.scope);
        while let Some(scope) = at.and_then(|at| names.scopes.get(at)) {
            let mut found = false;
            for source in &scope.sources {
                let name = source.table.as_ref().map(|named| &named.name);
                let called = source.alias.as_ref().or(name.map(|name| &name.name));
                match (&qualifier, name) {
                    (Some(qualifier), _) if called != Some(qualifier) => {}
                    (Some(_), name) => return name.is_some_and(is_target),
                    // It selects a whole row.
                    (None, _) if called == Some(column) => return false,
                    (None, Some(name)) if is_target(name) => found = true,
                    // One that was renamed may have had the column when the view was made.
                    (None, Some(name)) => match self.known_table(name) {
                        Some((full, table)) if table.column(column).is_none() && !self.renamed.contains(&full) => {}
                        _ => return false,
                    },
                    (None, None) => return false,
                }
            }
            if found {
                return true;
            }
            at = scope.outer;
        }
        false
    }

    /// A policy or trigger of the table that surely names a column.
    fn rule_on(&self, target: &Target<'_>, column: &Name) -> Option<String> {
        if self.renamed.contains(target.name) {
            return None;
        }
        let names_it = |definition: &Expression| {
            let text = definition.as_str();
            definition.mentions(column, Dialect::Postgres)
                && names::of_table(text, Dialect::Postgres).is_some_and(|names| {
                    let is_it = |reference: &&Reference| {
                        reference.scope == 0
                            && name_at(text, reference.part, Dialect::Postgres) == *column
                            && reference.qualifier.is_none_or(|part| {
                                let before = name_at(text, part, Dialect::Postgres);
                                before == target.name.name || ["new", "old"].contains(&before.key())
                            })
                    };
                    names.references.iter().any(|reference| is_it(&reference))
                })
        };
        let is_policy = |(kind, on, name): &(&str, Option<ObjectName>, ObjectName)| {
            *kind == "policy" && on.as_ref() == Some(target.name) && !self.is_unsure(name)
        };
        let mut policies = self.schema.others.iter().filter(|(key, _)| is_policy(key));
        if let Some(((_, _, name), _)) = policies.find(|(_, definition)| names_it(definition)) {
            return Some(format!("policy `{name}`"));
        }
        let mut triggers = self
            .schema
            .triggers
            .iter()
            .filter(|((on, name), _)| on == target.name && !self.is_unsure(&on.beside(name.clone())));
        let ((_, name), _) = triggers.find(|(_, trigger)| names_it(&trigger.body))?;
        Some(format!("trigger `{name}`"))
    }

    /// A table, or one of its columns, has another name: what is kept as text names it as before, or by guess.
    pub(super) fn note_renamed(&mut self, full: &ObjectName) {
        if !self.renamed.contains(full) {
            Arc::make_mut(&mut self.renamed).insert(full.clone());
        }
    }

    /// SQLite reads all views anew where a table or column is renamed, or a column dropped, and refuses where one of them can't
    /// be (tried); but for `legacy_alter_table`.
    pub(super) fn judge_views_whole(&self, part: crate::change::Part, step: &mut Step<'_>) {
        if !self.judges_columns || self.dialect() != Dialect::Sqlite || self.legacy_renames {
            return;
        }
        let broken = self.schema.views.iter().filter(|(full, _)| !self.is_unsure(full)).find_map(|(full, view)| {
            let is_gone = |name: &&ObjectName| {
                self.relation(name) == Relation::Nothing
                    && self.is_surely_absent(name)
                    && super::views::selects_from(&view.body, name)
            };
            Some((full, view.mentions.iter().find(is_gone)?))
        });
        if let Some((view, table)) = broken {
            let message = format!(
                "view `{view}` selects from `{table}`, which is not there: SQLite renames and drops nothing then"
            );
            let _ = step
                .fault(FaultKind::StillNeeded, message, part)
                .help(format!("drop view `{view}` before `{table}`, and create it anew behind this"));
        }
    }
}

/// The columns that a statement drops, and doesn't add again.
pub(super) fn dropped_by<'a>(actions: impl Iterator<Item = &'a Action> + Clone) -> Vec<Name> {
    let added = |name: &Name| {
        actions.clone().any(|action| match action {
            Action::AddColumn { column, .. } | Action::ModifyColumn { column, .. } => column.name == *name,
            Action::RenameColumn { to, .. } => to == name,
            _ => false,
        })
    };
    let dropped = actions.clone().filter_map(|action| match action {
        Action::DropColumn { name, .. } => Some(&name.name),
        _ => None,
    });
    dropped.filter(|name| !added(name)).cloned().collect()
}
