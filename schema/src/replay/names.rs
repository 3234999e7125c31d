//! The columns and functions that expressions, conditions and queries name: that there are such. Nothing is claimed where a table among
//! those that are looked in isn't known, nor of a statement that can't be read for certain (`read::names`).

use revchain_core::Dialect;

use super::known::Relation;
use super::naming::fit;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Action, ColumnChange, Constraint, Named, Part};
use crate::model::{DataType, Expression, Index, Name, ObjectName, Table, unquoted};
use crate::read::names::{self, Names, Reference};
use crate::write::is_reserved;

/// A table that columns are looked for in.
pub(super) struct Seen<'r> {
    /// What it is called there.
    pub(super) called: Option<Name>,
    /// None where its columns aren't known.
    pub(super) table: Option<(ObjectName, &'r Table)>,
}

/// What an expression of a table is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stands<'n> {
    /// A check, or which rows an index has.
    AsCondition,
    /// The values of a column.
    For(&'n Name),
    /// What a column's values become, which is of a type from then on.
    Becoming(&'n DataType),
    Alone,
}

impl Replay {
    /// Judges the tables, columns and functions of a query.
    pub(super) fn judge_query(&mut self, step: &mut Step<'_>) {
        let text = step.source();
        if !self.judges_columns {
            return;
        }
        let Some(names) = names::statement(text, self.dialect()) else { return };
        if self.dialect() == Dialect::Postgres {
            let sources = names.scopes.iter().flat_map(|scope| &scope.sources);
            let read: Vec<Named> = sources.filter_map(|source| source.table.clone()).collect();
            self.judge_reads(&read, step);
        }
        if step.faults.is_empty() {
            self.judge_named(&names, step);
        }
    }

    /// Judges the columns and functions of a statement that changes rows, or makes a view, a policy or a trigger.
    pub(super) fn judge_names(&mut self, step: &mut Step<'_>) {
        if !self.judges_columns {
            return;
        }
        if let Some(names) = names::statement(step.source(), self.dialect()) {
            self.judge_named(&names, step);
        }
    }

    fn judge_named(&mut self, names: &Names, step: &mut Step<'_>) {
        let text = step.source();
        // PostgreSQL's sources are read by the statement's own reader.
        if self.dialect() != Dialect::Postgres {
            let sources = names.scopes.iter().flat_map(|scope| &scope.sources);
            let missing =
                sources.filter_map(|source| source.table.as_ref()).find(|named| self.is_no_source(&named.name));
            if let Some(named) = missing {
                return self.missing(named, "table", step);
            }
        }
        let seen: Vec<Vec<Seen<'_>>> = names
            .scopes
            .iter()
            .map(|scope| {
                let see = |source: &names::Source| {
                    let of = source.table.as_ref().map(|named| &named.name);
                    let called = source.alias.clone().or_else(|| of.map(|name| name.name.clone()));
                    Seen { called, table: of.and_then(|name| self.known_table(name)) }
                };
                scope.sources.iter().map(see).collect()
            })
            .collect();
        if let Some(field) = names.fields.iter().find(|field| self.is_no_column_set(field, &seen, text)) {
            return self.say_no_column_set(field, &seen, step);
        }
        let nowhere = names.references.iter().find_map(|reference| {
            let called = without_source(reference, names, &seen, text, self.dialect())?;
            Some((reference.qualifier?, called))
        });
        if let Some((part, called)) = nowhere {
            return say_nowhere(part, &called, names, &seen, step);
        }
        let missing = names
            .references
            .iter()
            .find_map(|reference| Some((reference, self.looked_in(reference, names, &seen, text)?)));
        let is_reserved = |reference: &Reference| {
            let word = step.text(reference.part);
            reference.qualifier.is_none() && is_reserved(&word.to_ascii_lowercase(), self.dialect())
        };
        // A word of the database's own where a column was expected: something was not understood.
        match missing {
            Some(_) if names.references.iter().any(is_reserved) => {}
            Some((reference, tables)) => {
                self.say_missing(&name_at(text, reference.part, self.dialect()), reference.part, &tables, step);
            }
            None => {
                self.judge_count(names, &seen, step);
                self.judge_operands(names, &seen, step);
                self.judge_assigned(names, &seen, step);
                // One mistake is said once.
                step.faults.truncate(1);
            }
        }
        if step.faults.is_empty()
            && let Some(part) = self.missing_function(names, text)
        {
            return self.say_no_function(&name_at(text, part, self.dialect()), Some(part), step);
        }
        if step.faults.is_empty() {
            self.judge_sequences(names, text, None, step);
        }
    }

    /// Whether what stands before a field in SET is no column: the table, as a rule.
    fn is_no_column_set(&self, field: &Reference, seen: &[Vec<Seen<'_>>], text: &str) -> bool {
        let name = name_at(text, field.part, self.dialect());
        let table = seen.get(field.scope).and_then(|sources| sources.first()?.table.as_ref());
        table.is_some_and(|(_, table)| !self.has_column(table, &name))
    }

    fn say_no_column_set(&self, field: &Reference, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
        let name = name_at(step.source(), field.part, self.dialect());
        let Some(source) = seen.get(field.scope).and_then(|sources| sources.first()) else { return };
        let Some((full, table)) = &source.table else { return };
        let message = format!("table `{full}` has no column `{name}`");
        let report = step.fault(FaultKind::UnknownColumn, message, field.part);
        match source.called.as_ref() == Some(&name) || full.name == name {
            true => drop(report.help("no table stands before a column that is set: write the column's name alone")),
            false => report.meant(name.as_str(), table.columns.iter().map(|column| column.name.as_str())),
        }
    }

    /// Whether there is surely no table to select from, of the chain's or of the server's own.
    fn is_no_source(&self, name: &ObjectName) -> bool {
        let key = name.name.key();
        let is_the_servers = match self.dialect() {
            Dialect::Postgres => false,
            // MariaDB's `seq_1_to_10`.
            Dialect::Mysql => key == "dual" || key.starts_with("seq_"),
            Dialect::Sqlite => {
                ["pragma_", "json_", "jsonb_", "fts"].iter().any(|beginning| key.starts_with(beginning))
                    || ["dbstat", "bytecode", "tables_used", "generate_series", "completion"].contains(&key)
            }
        };
        !is_the_servers && self.relation(name) == Relation::Nothing && self.is_surely_absent(name)
    }

    /// Where a column was looked for, and isn't. None where there is one, or may be.
    fn looked_in<'s>(
        &self,
        reference: &Reference,
        names: &Names,
        seen: &'s [Vec<Seen<'_>>],
        text: &str,
    ) -> Option<Vec<&'s (ObjectName, &'s Table)>> {
        let dialect = self.dialect();
        let shown = text.get(reference.part.0..reference.part.1).unwrap_or_default();
        // Most are there, and need no name to be found by.
        if reference.qualifier.is_none()
            && let Some(sources) = seen.get(reference.scope)
            && sources.iter().all(|source| source.table.is_some())
            && sources.iter().any(|source| source.table.as_ref().is_some_and(|(_, table)| has_word(table, shown)))
        {
            return None;
        }
        let name = name_at(text, reference.part, dialect);
        let qualifier = reference.qualifier.map(|part| name_at(text, part, dialect));
        let (mut looked_in, mut at) = (Vec::new(), Some(reference.scope));
        while let Some(scope) = at {
            let sources = seen.get(scope)?;
            let scope = names.scopes.get(scope)?;
            if let Some(qualifier) = &qualifier {
                if let Some(source) = sources.iter().find(|source| source.called.as_ref() == Some(qualifier)) {
                    let table = source.table.as_ref()?;
                    let is_there = self.has_column(table.1, &name) || self.may_be_called(&name);
                    return (!is_there).then(|| vec![table]);
                }
            } else {
                // A whole row is called as its table.
                let is_given = |other: &Name| *other == name;
                if scope.given.iter().any(is_given)
                    || sources.iter().any(|source| source.called.as_ref() == Some(&name))
                {
                    return None;
                }
                for source in sources {
                    let table = source.table.as_ref()?;
                    if self.has_column(table.1, &name) {
                        return None;
                    }
                    looked_in.push(table);
                }
            }
            at = scope.outer;
        }
        qualifier.is_none().then_some(looked_in)
    }

    fn has_column(&self, table: &Table, name: &Name) -> bool {
        table.column(name).is_some()
            || self.is_system_column(name)
            || table.column(&fit(name, self.dialect())).is_some()
            || match self.dialect() {
                Dialect::Postgres => ["cmax", "oid"].contains(&name.key()),
                Dialect::Mysql => ["_rowid", "my_row_id", "fts_doc_id", "row_start", "row_end"].contains(&name.key()),
                Dialect::Sqlite => false,
            }
    }

    /// PostgreSQL takes `t.f` for `f(t)`.
    fn may_be_called(&self, name: &Name) -> bool {
        self.dialect() == Dialect::Postgres
            && (!self.schema.unknown.is_empty() || self.schema.routines.keys().any(|routine| routine.name == *name))
    }

    fn say_missing(&self, name: &Name, part: Part, tables: &[&(ObjectName, &Table)], step: &mut Step<'_>) {
        // `excluded` and `old` are rows of the same table.
        let mut each: Vec<&(ObjectName, &Table)> = Vec::with_capacity(tables.len());
        for table in tables {
            if !each.iter().any(|other| other.0 == table.0) {
                each.push(table);
            }
        }
        let tables = each.as_slice();
        let all = || tables.iter().map(|(full, _)| format!("`{full}`")).collect::<Vec<_>>();
        let message = match tables {
            [] => format!("no column `{name}` can stand here"),
            [(full, _)] => format!("table `{full}` has no column `{name}`"),
            [(one, _), (other, _)] => format!("neither `{one}` nor `{other}` has a column `{name}`"),
            _ => format!("none of {} has a column `{name}`", all().join(", ")),
        };
        let quoted = match step.text(part).starts_with('"') || tables.is_empty() {
            true => Some(format!("text stands in single quotes: '{name}'")),
            false => None,
        };
        let mut report = step.fault(FaultKind::UnknownColumn, message, part);
        if let Some(help) = quoted {
            report = report.help(help);
        }
        if let [(_, table)] = tables {
            report = report.also(table.place, "the table is made here");
        }
        let known = tables.iter().flat_map(|(_, table)| &table.columns);
        report.meant(name.as_str(), known.map(|column| column.name.as_str()));
    }

    /// Judges the columns of an expression that belongs to a table.
    pub(super) fn judge_expression(
        &self,
        target: &mut Target<'_>,
        expression: &Expression,
        stands: Stands<'_>,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        if !self.judges_columns || !target.is_known() {
            return;
        }
        let (text, dialect) = (expression.as_str(), self.dialect());
        let Some(names) = names::expression(text, dialect) else { return };
        let own = &target.name.name;
        let is_reserved = |reference: &Reference| {
            let word = text.get(reference.part.0..reference.part.1).unwrap_or_default();
            reference.qualifier.is_none() && is_reserved(&word.to_ascii_lowercase(), dialect)
        };
        let missing = names.references.iter().filter(|reference| reference.scope == 0).find_map(|reference| {
            let shown = text.get(reference.part.0..reference.part.1).unwrap_or_default();
            if reference.qualifier.is_none() && has_word(target.table, shown) {
                return None;
            }
            let name = name_at(text, reference.part, dialect);
            let is_own = match reference.qualifier {
                Some(qualifier) => name_at(text, qualifier, dialect) == *own && !self.may_be_called(&name),
                None => name != *own,
            };
            (is_own && !self.has_column(target.table, &name)).then_some(name)
        });
        match missing {
            Some(name) if !names.references.iter().any(is_reserved) => {
                let part = step.word(part, name.as_str());
                // As it is written: the expression keeps no case.
                let written = part.map(|part| name_at(step.text(part), (0, part.1 - part.0), dialect));
                let name = written.filter(|written| *written == name).unwrap_or(name);
                return self.unknown_column_at(target, &name, part, step);
            }
            None if self.judge_kept(target.table, &names, (text, part), stands, step) => {
                // What else is wrong with such a change is the same mistake.
                if matches!(stands, Stands::Becoming(_)) {
                    target.doubt(step);
                }
                return;
            }
            _ => {}
        }
        self.judge_calls(&names, text, part, step);
    }

    /// Judges the functions that an expression calls. `part` is where in the statement it stands.
    fn judge_calls(&self, names: &Names, text: &str, part: Option<Part>, step: &mut Step<'_>) {
        if let Some(at) = self.missing_function(names, text) {
            let name = name_at(text, at, self.dialect());
            let part = step.word(part, name.as_str());
            return self.say_no_function(&name, part, step);
        }
        self.judge_sequences(names, text, part, step);
    }

    /// Judges the functions that a default calls. SQLite looks at them when it inserts a row.
    pub(super) fn judge_called(&self, default: &Expression, part: Option<Part>, step: &mut Step<'_>) {
        let text = default.as_str();
        if self.judges_columns
            && self.dialect() != Dialect::Sqlite
            && text.contains('(')
            && let Some(names) = names::expression(text, self.dialect())
        {
            self.judge_calls(&names, text, part, step);
        }
    }

    /// Judges the expressions of an index.
    pub(super) fn judge_index(&self, target: &mut Target<'_>, index: &Index, part: Option<Part>, step: &mut Step<'_>) {
        self.judge_kind(index, part, step);
        for expression in index.parts.iter().filter_map(|part| part.expression.as_ref()) {
            self.judge_expression(target, expression, Stands::Alone, part, step);
        }
        if let Some(predicate) = &index.predicate {
            self.judge_expression(target, predicate, Stands::AsCondition, part, step);
        }
    }

    /// Judges the expressions that a table is made with. `generated` are those of its columns.
    pub(super) fn judge_made(
        &self,
        target: &mut Target<'_>,
        made: &Table,
        generated: &[(Name, Expression)],
        step: &mut Step<'_>,
    ) {
        for check in &made.checks {
            self.judge_expression(target, &check.expression, Stands::AsCondition, None, step);
        }
        for (column, expression) in generated {
            self.judge_expression(target, expression, Stands::For(column), None, step);
        }
        for index in made.indexes.iter().chain(made.exclusions.iter().map(|exclusion| &exclusion.index)) {
            self.judge_index(target, index, None, step);
        }
    }

    /// Judges the expressions that an action of `ALTER TABLE` brought, when all of them are done.
    pub(super) fn judge_brought(&self, target: &mut Target<'_>, action: &Action, part: Part, step: &mut Step<'_>) {
        let (constraints, column) = match action {
            Action::AddColumn { column, constraints, if_not_exists: false, .. }
            | Action::ModifyColumn { column, constraints, .. } => (constraints.as_slice(), Some(column)),
            Action::Add { constraint, if_not_exists: false } => (std::slice::from_ref(constraint), None),
            Action::AlterColumn { name, change: ColumnChange::Expression(Some(expression)), .. } => {
                return self.judge_expression(target, expression, Stands::For(&name.name), Some(part), step);
            }
            _ => return,
        };
        if let Some((column, generated)) = column.and_then(|column| Some((column, column.generated.as_ref()?))) {
            self.judge_expression(target, &generated.expression, Stands::For(&column.name), Some(part), step);
        }
        for constraint in constraints {
            match constraint {
                Constraint::Check(check) => {
                    self.judge_expression(target, &check.expression, Stands::AsCondition, Some(part), step);
                }
                Constraint::Exclude(exclusion) => self.judge_index(target, &exclusion.index, Some(part), step),
                Constraint::Index(index) => self.judge_index(target, index, Some(part), step),
                Constraint::Primary(_) | Constraint::Unique(_) | Constraint::Foreign(..) => {}
            }
        }
    }

    /// Judges what a column's values are made of anew, before anything is done: so PostgreSQL does.
    pub(super) fn judge_conversion(&self, target: &mut Target<'_>, action: &Action, part: Part, step: &mut Step<'_>) {
        if let Action::AlterColumn { change: ColumnChange::Type { data_type, using: Some(expression), .. }, .. } =
            action
        {
            self.judge_expression(target, expression, Stands::Becoming(data_type), Some(part), step);
        }
    }
}

/// What stands before a column's dot, where surely no table, view or query is called so.
fn without_source(
    reference: &Reference,
    names: &Names,
    seen: &[Vec<Seen<'_>>],
    text: &str,
    dialect: Dialect,
) -> Option<Name> {
    let qualifier = name_at(text, reference.qualifier?, dialect);
    // Rows that a statement has without saying so; and MariaDB's sequences.
    let may_be = ["new", "old", "excluded", "inserted", "deleted"].contains(&qualifier.key())
        || ["nextval", "currval"].contains(&name_at(text, reference.part, dialect).key());
    let mut at = Some(reference.scope);
    while let Some(scope) = at.filter(|_| !may_be) {
        let sources = seen.get(scope)?;
        // What has no name of its own may have any within.
        if sources.is_empty()
            || sources.iter().any(|source| source.called.as_ref().is_none_or(|name| *name == qualifier))
        {
            return None;
        }
        at = names.scopes.get(scope)?.outer;
    }
    (!may_be).then_some(qualifier)
}

fn say_nowhere(part: Part, called: &Name, names: &Names, seen: &[Vec<Seen<'_>>], step: &mut Step<'_>) {
    let known: Vec<&Name> = seen.iter().flatten().filter_map(|source| source.called.as_ref()).collect();
    // A table that has another name here is known by that one alone.
    let renamed = names.scopes.iter().flat_map(|scope| &scope.sources).find_map(|source| {
        let is_it = source.table.as_ref().is_some_and(|table| table.name.name == *called);
        source.alias.as_ref().filter(|_| is_it)
    });
    let message = format!("nothing that is selected from is called `{called}` here");
    let report = step.fault(FaultKind::UnknownColumn, message, part);
    match renamed {
        Some(alias) => drop(report.help(format!("the table is called `{alias}` in this statement"))),
        None => report.meant(called.as_str(), known.into_iter().map(Name::as_str)),
    }
}

/// Whether a table has a column that an unquoted word names. It may have one for which this says no.
fn has_word(table: &Table, word: &str) -> bool {
    let word = word.as_bytes();
    table.columns.iter().any(|column| {
        let key = column.name.key().as_bytes();
        key.len() == word.len() && {
            // By hand: asked of every name in every condition, in builds without optimisation.
            let mut at = 0;
            while at < key.len() && key[at] == word[at].to_ascii_lowercase() {
                at += 1;
            }
            at == key.len()
        }
    })
}

/// The name that a part of a text is.
pub(super) fn name_at(text: &str, (from, to): Part, dialect: Dialect) -> Name {
    let shown = text.get(from..to).unwrap_or_default();
    match shown.starts_with(['"', '`', '[']) {
        true => Name::new(&unquoted(shown), dialect),
        false => Name::unquoted(shown, dialect),
    }
}
