//! Views and triggers: known by name, and by the names in their text.

use std::sync::Arc;

use revchain_core::Dialect;

use super::known::Relation;
use super::naming::judge_length;
use super::step::Step;
use super::tables::article;
use super::{FaultKind, Replay};
use crate::change::{Drops, Named};
use crate::compare::selected;
use crate::model::{Expression, Name, ObjectName, Trigger, View};

impl Replay {
    pub(super) fn create_view(
        &mut self,
        named: &Named,
        or_replace: bool,
        if_not_exists: bool,
        view: &View,
        step: &mut Step<'_>,
    ) {
        let full = self.target(&named.name);
        let replaces = or_replace && self.schema.views.contains_key(&full);
        if !replaces && !self.makes_room(named, &full, if_not_exists, false, step) {
            return;
        }
        judge_length(&named.name.name, "view", self.dialect(), Some(named.part), step);
        self.judge_selected(named, view, step);
        if replaces {
            self.judge_replaced(named, &full, view, step);
        }
        let mut view = view.clone();
        // What a name means now is what it means to the view.
        for name in &mut view.mentions {
            if let Relation::Table(table) | Relation::View(table) = self.relation(name) {
                *name = table;
            }
        }
        let old = self.schema.views.insert(full.clone(), Arc::new(view));
        if let Some(old) = old.filter(|_| replaces)
            && let Some(comment) = &old.comment
            && let Some(view) = self.schema.views.get_mut(&full)
        {
            Arc::make_mut(view).comment = Some(comment.clone());
        }
        self.made(&full);
    }

    /// Two columns of a view can't have one name. (SQLite makes one up.)
    fn judge_selected(&self, named: &Named, view: &View, step: &mut Step<'_>) {
        let dialect = self.dialect();
        if dialect == Dialect::Sqlite || view.body.as_str().starts_with("recursive") {
            return;
        }
        let Some(columns) = selected(&view.body, dialect) else { return };
        let is_same = |one: &str, other: &str| match dialect {
            Dialect::Mysql => one.eq_ignore_ascii_case(other),
            Dialect::Postgres | Dialect::Sqlite => one == other,
        };
        let mut known = columns.iter().flatten().enumerate();
        let twice = known.find(|(at, name)| columns.iter().flatten().take(*at).any(|other| is_same(name, other)));
        if let Some((_, name)) = twice {
            let message = format!("view `{}` has two columns `{name}`", named.name);
            let help = format!("give one of them another name: `… AS other_{name}`");
            let _ = step.fault(FaultKind::DuplicateColumn, message, named.part).help(help);
        }
    }

    /// `CREATE OR REPLACE VIEW` may add columns at the end, and nothing else.
    fn judge_replaced(&self, named: &Named, full: &ObjectName, view: &View, step: &mut Step<'_>) {
        let Some(old) = self.schema.views.get(full) else { return };
        if self.dialect() != Dialect::Postgres || self.is_unsure(full) {
            return;
        }
        let columns = |view: &View| selected(&view.body, Dialect::Postgres);
        let (Some(from), Some(to)) = (columns(old), columns(view)) else { return };
        let changed = from.iter().zip(&to).find(|(from, to)| from.is_some() && to.is_some() && from != to);
        let message = match (changed, from.get(to.len())) {
            (Some((Some(from), Some(to))), _) => {
                format!("`CREATE OR REPLACE` can't make column `{from}` of view `{}` a column `{to}`", named.name)
            }
            (_, Some(column)) => {
                let column = column.as_ref().map_or_else(|| "a column".to_owned(), |name| format!("column `{name}`"));
                format!("`CREATE OR REPLACE` can't take {column} out of view `{}`", named.name)
            }
            _ => return,
        };
        let _ = step.fault(FaultKind::Other, message, named.part).help("drop the view first, and create it anew");
    }

    pub(super) fn drop_views(&mut self, drops: &Drops, step: &mut Step<'_>) {
        for named in &drops.names {
            match self.relation(&named.name) {
                Relation::View(full) => {
                    if !drops.cascade && self.dialect() == Dialect::Postgres && self.judges_columns {
                        self.judge_view_is_free(named, &full, drops, step);
                    }
                    self.drop_view(&full);
                    if drops.cascade && self.dialect() == Dialect::Postgres {
                        self.cut_views(&full, true);
                    }
                }
                Relation::Temporary => {
                    self.temporary.remove(&named.name);
                }
                Relation::Nothing => {
                    if drops.if_exists {
                        let target = self.target(&named.name);
                        self.dropped(&target);
                    } else {
                        self.missing(named, "view", step);
                    }
                }
                there @ (Relation::Table(_) | Relation::Sequence(_) | Relation::Index(..)) => {
                    let full = self.target(&named.name);
                    // SQLite and MySQL leave IF EXISTS at that.
                    let is_refused = self.dialect() == Dialect::Postgres || !drops.if_exists;
                    if is_refused && self.is_known(&full) && !matches!(there, Relation::Index(..)) {
                        let message =
                            format!("`{}` is {} {}, no view", named.name, article(there.word()), there.word());
                        let _ = step.fault(FaultKind::UnknownTable, message, named.part);
                    }
                }
            }
        }
    }

    /// A view that is to be dropped, and another that selects from it.
    fn judge_view_is_free(&self, named: &Named, full: &ObjectName, drops: &Drops, step: &mut Step<'_>) {
        let goes_too = |view: &ObjectName| drops.names.iter().any(|other| self.target(&other.name) == *view);
        if let Some(view) = self.view_of(full).filter(|view| view != full && !goes_too(view) && !self.is_unsure(full)) {
            let message = format!("view `{}` is needed by view `{view}`", named.name);
            let help = format!("drop `{view}` first, or say CASCADE");
            let _ = step.fault(FaultKind::StillNeeded, message, named.part).help(help);
        }
    }

    fn drop_view(&mut self, full: &ObjectName) {
        if let Some(view) = self.schema.views.remove(full) {
            for name in view.indexes.iter().filter_map(|index| index.name.as_ref()) {
                self.dropped(&full.beside(name.clone()));
            }
        }
        self.schema.triggers.take_out(|_, trigger| trigger.table == *full);
        self.dropped(full);
    }

    /// A view that surely selects from a table: its text has the very name, and nothing else is called so.
    pub(super) fn view_of(&self, full: &ObjectName) -> Option<ObjectName> {
        // A common table expression, a column or an alias may have the table's name: FROM or JOIN stands before it.
        let view = self.schema.views.iter().find(|(name, view)| {
            view.mentions.contains(full) && !self.is_unsure(name) && selects_from(&view.body, full)
        });
        view.map(|(name, _)| name.clone())
    }

    /// CASCADE takes the views that select from a table. Those that may are forgotten.
    pub(super) fn cut_views(&mut self, full: &ObjectName, whole: bool) {
        let mentions = |view: &View| view.mentions.iter().any(|name| name.name == full.name);
        let views: Vec<ObjectName> =
            self.schema.views.iter().filter(|(_, view)| mentions(view)).map(|(name, _)| name.clone()).collect();
        for view in views {
            let is_sure = whole && self.schema.views.get(&view).is_some_and(|view| selects_from(&view.body, full));
            if is_sure {
                self.drop_view(&view);
                self.cut_views(&view, true);
            } else if !self.is_unsure(&view) {
                // It may be gone, or not; and what selects from it.
                self.forget(view.clone());
                self.cut_views(&view, false);
            }
        }
    }

    pub(super) fn rename_view(&mut self, from: &ObjectName, to: &ObjectName) {
        let Some(view) = self.schema.views.remove(from) else { return };
        for name in view.indexes.iter().filter_map(|index| index.name.as_ref()) {
            self.hint(name, to);
        }
        self.schema.views.insert(to.clone(), view);
        self.replaced(from, to);
        self.carry_triggers(from, to);
        self.carry_views(from, to);
    }

    /// A renamed table, in the views that mention it. MySQL's go on naming the old one.
    pub(super) fn carry_views(&mut self, from: &ObjectName, to: &ObjectName) {
        let dialect = self.dialect();
        if dialect == Dialect::Mysql || self.legacy_renames {
            return;
        }
        for view in self.schema.views.values_mut().filter(|view| view.mentions.contains(from)) {
            let view = Arc::make_mut(view);
            view.mentions.iter_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
            view.body = view.body.with_renamed(&from.name, &to.name, dialect);
        }
    }

    pub(super) fn create_trigger(
        &mut self,
        named: &Named<Name>,
        table: &Named,
        is_tolerant: bool,
        body: &Expression,
        step: &mut Step<'_>,
    ) {
        let on = match self.relation(&table.name) {
            Relation::Table(full) | Relation::View(full) => full,
            Relation::Nothing => {
                self.missing(table, "table", step);
                return;
            }
            Relation::Temporary | Relation::Sequence(_) | Relation::Index(..) => return,
        };
        judge_length(&named.name, "trigger", self.dialect(), Some(named.part), step);
        if self.dialect() != Dialect::Mysql
            && body.as_str().trim_start().starts_with("instead of")
            && self.schema.tables.contains_key(&on)
            && !self.is_unsure(&on)
        {
            let message = format!("`{}` is a table, and a trigger `INSTEAD OF` is for views", table.name);
            let help = "write `BEFORE` or `AFTER`";
            let _ = step.fault(FaultKind::NoSuchForm, message, table.part).help(help);
        }
        let same = |(other, name): &(ObjectName, Name)| match self.dialect() {
            Dialect::Postgres => *other == on && *name == named.name,
            Dialect::Mysql | Dialect::Sqlite => other.schema == on.schema && *name == named.name,
        };
        let there = match self.dialect() {
            Dialect::Postgres => {
                Some((on.clone(), named.name.clone())).filter(|key| self.schema.triggers.contains_key(key))
            }
            Dialect::Mysql | Dialect::Sqlite => self.schema.triggers.keys().find(|key| same(key)).cloned(),
        };
        let place = there.as_ref().and_then(|key| self.schema.triggers.get(key)).map(|trigger| trigger.place);
        if let (Some((other, name)), Some(place)) = (&there, place)
            && !is_tolerant
            && !self.is_unsure(&other.beside(name.clone()))
            && self.is_known(other)
        {
            let message = format!("trigger `{}` already exists", named.name);
            let _ = step.fault(FaultKind::Other, message, named.part).also(place, "made here");
            return;
        }
        self.judge_called_by_trigger(body, step);
        let trigger = Trigger { table: on.clone(), body: body.clone(), place: step.at(named.part) };
        self.made(&on.beside(named.name.clone()));
        self.schema.triggers.insert((on, named.name.clone()), Arc::new(trigger));
    }

    pub(super) fn drop_trigger(&mut self, named: &Named, table: Option<&Named>, if_exists: bool, step: &mut Step<'_>) {
        let name = &named.name.name;
        let key = match table {
            Some(table) => match self.relation(&table.name) {
                Relation::Table(full) | Relation::View(full) => Some((full, name.clone())),
                Relation::Nothing => {
                    if !if_exists {
                        self.missing(table, "table", step);
                    }
                    return;
                }
                Relation::Temporary | Relation::Sequence(_) | Relation::Index(..) => return,
            },
            None => self.schema.triggers.keys().find(|(_, other)| other == name).cloned(),
        };
        if key.as_ref().is_some_and(|key| self.schema.triggers.remove(key).is_some()) || if_exists {
            return;
        }
        // Of a table that nothing is known about, and of what was forgotten, nothing is claimed.
        let is_sure = match &key {
            Some((table, name)) => self.is_known(table) && !self.is_unsure(&table.beside(name.clone())),
            None => true,
        };
        if is_sure && self.schema.unknown.is_empty() && self.is_surely_absent(&named.name) {
            let known: Vec<Name> = self.schema.triggers.keys().map(|(_, name)| name.clone()).collect();
            let message = match table {
                Some(table) => format!("table `{}` has no trigger `{name}`", table.name),
                None => format!("trigger `{name}` does not exist"),
            };
            step.fault(FaultKind::Other, message, named.part).meant(name.as_str(), known.iter().map(Name::as_str));
        }
        let target = self.target(&named.name);
        self.forget(target);
    }

    pub(super) fn rename_trigger(&mut self, from: &Named<Name>, table: &Named, to: &Name, step: &mut Step<'_>) {
        let (Relation::Table(full) | Relation::View(full)) = self.relation(&table.name) else { return };
        match self.schema.triggers.remove(&(full.clone(), from.name.clone())) {
            Some(trigger) => {
                self.schema.triggers.insert((full, to.clone()), trigger);
            }
            None => {
                let name = full.beside(from.name.clone());
                if self.schema.unknown.is_empty() && self.is_known(&full) && !self.is_unsure(&name) {
                    let message = format!("table `{}` has no trigger `{}`", table.name, from.name);
                    let _ = step.fault(FaultKind::Other, message, from.part);
                }
                self.forget(name);
            }
        }
    }

    pub(super) fn carry_triggers(&mut self, from: &ObjectName, to: &ObjectName) {
        let moved: Vec<(ObjectName, Name)> =
            self.schema.triggers.keys().filter(|(table, _)| table == from).cloned().collect();
        let dialect = self.dialect();
        for (table, name) in moved {
            if let Some(mut trigger) = self.schema.triggers.remove(&(table, name.clone())) {
                let changed = Arc::make_mut(&mut trigger);
                changed.table = to.clone();
                changed.body = changed.body.with_renamed(&from.name, &to.name, dialect);
                self.schema.triggers.insert((to.clone(), name), trigger);
            }
        }
    }

    /// A renamed column, in the text of triggers and views: SQLite rewrites them. PostgreSQL's views know columns by number,
    /// and print the new name; the columns of their own keep the old one, so the text isn't touched.
    pub(super) fn carry_column_in_text(&mut self, full: &ObjectName, from: &Name, to: &Name) {
        let dialect = self.dialect();
        self.note_renamed(full);
        if dialect != Dialect::Sqlite {
            return;
        }
        for view in self.schema.views.values_mut().filter(|view| view.mentions.contains(full)) {
            let view = Arc::make_mut(view);
            view.body = view.body.with_renamed(from, to, dialect);
        }
        for trigger in self.schema.triggers.values_mut().filter(|trigger| trigger.table == *full) {
            let trigger = Arc::make_mut(trigger);
            trigger.body = trigger.body.with_renamed(from, to, dialect);
        }
    }
}

/// Whether FROM or JOIN stands before a table's name, and no common table expression may have that name.
pub(super) fn selects_from(body: &Expression, table: &ObjectName) -> bool {
    let text = body.as_str();
    if text.starts_with("with ") || text.contains("(with ") {
        return false;
    }
    let qualified = table.to_string();
    ["from ", "join "].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let is_word = text
                .get(..at)
                .is_none_or(|before| !before.ends_with(|last: char| last.is_alphanumeric() || last == '_'));
            let rest = text.get(at + word.len()..).unwrap_or_default();
            let rest = rest.strip_prefix("only ").unwrap_or(rest);
            let rest = match &table.schema {
                None => rest.strip_prefix("public.").unwrap_or(rest),
                Some(_) => rest,
            };
            let is_it = |name: &str| {
                rest.strip_prefix(name).is_some_and(|after| {
                    !after.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '.' | '(' | '$'))
                })
            };
            is_word && (is_it(&qualified) || is_it(&format!("\"{}\"", table.name)))
        })
    })
}
