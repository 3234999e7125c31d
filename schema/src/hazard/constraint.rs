//! Constraints that a live table gets: what has to look at every row, or build an index, while the table is locked.
//!
//! Sources: PostgreSQL's documentation of ALTER TABLE and its locks, tried on a server; MySQL's and MariaDB's of online DDL.

use revchain_core::{Code, Dialect};

use super::rewrite::{instead, list, listed, made_up, replaced, slice, spelt};
use super::unique::{self, Distinct};
use super::{Context, Hazard};
use crate::change::{Action, Constraint, Named, Part};
use crate::model::{Check, Column, ForeignKey, Key, Name, ObjectName, Table};
use crate::replay::Relation;

/// An action, and what it stands in.
struct Site<'a> {
    named: &'a Named,
    /// The table that is meant.
    full: ObjectName,
    actions: &'a [(Action, Part)],
    part: Part,
    context: &'a Context<'a>,
}

/// What `ALTER TABLE` does to the constraints of a live table.
pub(super) fn alter(named: &Named, actions: &[(Action, Part)], context: &Context<'_>, found: &mut Vec<Hazard>) {
    if !actions.iter().any(|(action, _)| is_ours(action)) {
        return;
    }
    let Some((full, table)) = context.live(named) else { return };
    for (action, part) in actions {
        if is_ours(action) {
            let site = Site { named, full: full.clone(), actions, part: *part, context };
            match context.dialect() {
                Dialect::Postgres => found.extend(site.postgres(action, table)),
                // However many there are, the table is copied once.
                Dialect::Mysql => {
                    let is_new = |hazard: &Hazard| found.iter().all(|said| said.code != hazard.code);
                    let hazard = site.mysql(action).filter(is_new);
                    found.extend(hazard);
                }
                Dialect::Sqlite => {}
            }
            unique::constraint(named, action, *part, context, found);
        }
    }
}

/// Whether a new column's values may have to be computed, row by row.
fn is_computed(column: &Column) -> bool {
    column.default.as_ref().is_some_and(|default| default.0.as_str().contains('('))
}

fn is_ours(action: &Action) -> bool {
    match action {
        Action::Add { .. } | Action::Validate { .. } | Action::Detach { .. } => true,
        Action::AddColumn { constraints, .. } => !constraints.is_empty(),
        _ => false,
    }
}

impl Site<'_> {
    fn postgres(&self, action: &Action, table: &Table) -> Option<Hazard> {
        let is_partitioned = table.options.contains_key("partition by");
        match action {
            Action::Add { constraint, .. } => match constraint {
                Constraint::Check(check) if check.validated => Some(self.check(check, table)),
                // Partitioned tables have none of the ways around (foreign keys do from PostgreSQL 18 on).
                _ if is_partitioned => None,
                Constraint::Foreign(key, _) if key.validated => Some(self.foreign_key(key)),
                Constraint::Unique(key) => Some(self.unique(key)),
                Constraint::Primary(key) => Some(self.primary_key(key, table)),
                Constraint::Exclude(_) => Some(self.exclusion()),
                _ => None,
            },
            Action::AddColumn { column, constraints, if_not_exists, .. } => {
                if *if_not_exists && table.column(&column.name).is_some() {
                    return None;
                }
                constraints.iter().find_map(|constraint| self.inline(column, constraint, is_partitioned))
            }
            Action::Validate { name } => self.validate(&name.name, table),
            Action::Detach { table, concurrently: false } => self.detach(table),
            _ => None,
        }
    }

    fn hazard(&self, code: Code, message: String, help: String) -> Hazard {
        Hazard::at(code, self.part, message, help)
    }

    fn text(&self) -> &str {
        slice(self.context.text, self.part)
    }

    /// RC405.
    fn foreign_key(&self, key: &ForeignKey) -> Hazard {
        let other = self.context.live_name(&key.table).map(|(other, _)| other).filter(|other| *other != self.full);
        let tables = match other {
            Some(other) => format!("`{}` or `{other}`", self.full),
            None => format!("`{}`", self.full),
        };
        let help = self.in_two_steps(key.name.as_ref(), &key.columns, "fkey", self.text());
        self.hazard(
            Code::ForeignKeyScans,
            format!("nobody can write to {tables} while all rows are checked against this foreign key"),
            help,
        )
    }

    /// RC406.
    fn check(&self, check: &Check, table: &Table) -> Hazard {
        let columns = table.columns.iter().map(|column| &column.name);
        let mut columns: Vec<Name> =
            columns.filter(|name| check.expression.mentions(name, Dialect::Postgres)).cloned().collect();
        // As PostgreSQL does it.
        if columns.len() > 1 {
            columns.clear();
        }
        let help = self.in_two_steps(check.name.as_ref(), &columns, "check", self.text());
        self.hazard(Code::CheckScans, self.check_message(), help)
    }

    fn check_message(&self) -> String {
        format!("nobody can read or write `{}` while all rows are checked", self.full)
    }

    /// `NOT VALID`, and `VALIDATE` behind the commit.
    fn in_two_steps(&self, name: Option<&Name>, columns: &[Name], label: &str, action: &str) -> String {
        let made_up = made_up(&self.full.name, columns, label);
        let shown = spelt(name.unwrap_or(&made_up), Dialect::Postgres);
        let action = match (name, action.get("ADD".len()..)) {
            (None, Some(rest)) => format!("ADD CONSTRAINT {shown}{rest} NOT VALID"),
            _ => format!("{action} NOT VALID"),
        };
        let add = instead(self.context, self.actions, &action);
        let validate = instead(self.context, self.actions, &format!("VALIDATE CONSTRAINT {shown}"));
        format!(
            "add it for new rows alone:\n{add}\nand check the others in the next revision, under a lock that lets writers pass:\n{validate}"
        )
    }

    /// A constraint that is written with a new column. A foreign key of one that is NULL everywhere is not checked.
    fn inline(&self, column: &Column, constraint: &Constraint, is_partitioned: bool) -> Option<Hazard> {
        let columns = std::slice::from_ref(&column.name);
        let name = spelt(&column.name, Dialect::Postgres);
        // Filled by a sequence, or computed: then the table is written anew, which is said elsewhere.
        if column.identity.is_some() || column.generated.is_some() {
            return None;
        }
        match constraint {
            Constraint::Check(check) if check.validated => {
                let action = format!("ADD CHECK ({})", check.expression.as_str());
                let action = match &check.name {
                    Some(name) => format!(
                        "ADD CONSTRAINT {} CHECK ({})",
                        spelt(name, Dialect::Postgres),
                        check.expression.as_str()
                    ),
                    None => action,
                };
                let steps = self.in_two_steps(check.name.as_ref(), columns, "check", &action);
                let help = format!("add `{name}` without its check; then {steps}");
                Some(self.hazard(Code::CheckScans, self.check_message(), help))
            }
            Constraint::Foreign(key, _) if key.validated && column.default.is_some() && !is_partitioned => {
                let mut hazard = self.foreign_key(key);
                hazard.help = format!(
                    "add `{name}` without REFERENCES, and the foreign key by itself, NOT VALID; then, in the next revision, validate it"
                );
                Some(hazard)
            }
            // What a function fills is written anew, too.
            Constraint::Unique(_) if is_computed(column) => None,
            Constraint::Unique(key) if !is_partitioned => {
                let mut hazard = self.unique(key);
                let index = self.unique_index(key, "key");
                hazard.help = format!("add `{name}` without UNIQUE; then {index}");
                Some(hazard)
            }
            _ => None,
        }
    }

    /// RC407.
    fn validate(&self, name: &Name, table: &Table) -> Option<Hazard> {
        let foreign = table.foreign_keys.iter().find(|key| key.name.as_ref() == Some(name));
        let check = table.checks.iter().find(|check| check.name.as_ref() == Some(name));
        // Once is enough.
        if foreign.is_some_and(|key| key.validated) || check.is_some_and(|check| check.validated) {
            return None;
        }
        let past = self.context.past;
        let here = self.actions.iter().any(|(action, _)| super::past::blocks_writes(action));
        let held = past.altered.get_key_value(&self.full);
        let held = held.or_else(|| past.altered.get_key_value(&foreign?.table));
        let locked = match held {
            Some((locked, _)) => locked,
            None if here => &self.full,
            None => return None,
        };
        let statement = instead(self.context, self.actions, self.text());
        let mut hazard = self.hazard(
            Code::ValidateUnderLock,
            format!("nobody can write to `{locked}` while all rows are checked: this transaction has locked it"),
            format!("validate it in a revision of its own, which comes next:\n{statement}"),
        );
        hazard.also = held.map(|(_, place)| (*place, "the lock is taken here, and kept".to_owned()));
        Some(hazard)
    }

    /// RC408.
    fn unique(&self, key: &Key) -> Hazard {
        self.hazard(
            Code::UniqueBuildsIndex,
            format!("nobody can read or write `{}` while the index of this unique constraint is built", self.full),
            self.unique_index(key, "key"),
        )
    }

    /// RC409.
    fn primary_key(&self, key: &Key, table: &Table) -> Hazard {
        let nullable: Vec<Name> = key
            .columns
            .iter()
            .filter(|name| table.column(name).is_some_and(|column| column.nullable))
            .cloned()
            .collect();
        let mut help = self.unique_index(key, "pkey");
        if !nullable.is_empty() {
            let names = listed(&nullable, Dialect::Postgres);
            help = format!("make {names} NOT NULL first, by a check that is validated; then {help}");
        }
        self.hazard(
            Code::PrimaryKeyBuildsIndex,
            format!("nobody can read or write `{}` while the index of this primary key is built", self.full),
            help,
        )
    }

    /// The index first, and then the constraint of it.
    fn unique_index(&self, key: &Key, label: &str) -> String {
        let context = self.context;
        let table = slice(context.text, self.named.part);
        let made_up = match label {
            "pkey" => made_up(&self.full.name, &[], label),
            _ => made_up(&self.full.name, &key.columns, label),
        };
        let name = key.name.as_ref().unwrap_or(&made_up);
        // The one that it replaces has the name until then; USING INDEX gives it to the new one.
        let index = match context.replay.relation(&self.full.beside(name.clone())) {
            Relation::Nothing => spelt(name, Dialect::Postgres),
            _ => spelt(&Name::new(&format!("{name}_new"), Dialect::Postgres), Dialect::Postgres),
        };
        let name = spelt(name, Dialect::Postgres);
        let columns = listed(&key.columns, Dialect::Postgres);
        let include = match key.include.is_empty() {
            true => String::new(),
            false => format!(" INCLUDE ({})", listed(&key.include, Dialect::Postgres)),
        };
        let nulls = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
        let deferrable = match key.deferrable {
            None => "",
            Some(false) => " DEFERRABLE",
            Some(true) => " DEFERRABLE INITIALLY DEFERRED",
        };
        let kind = if label == "pkey" { "PRIMARY KEY" } else { "UNIQUE" };
        let distinct = Distinct::of_key(key, self.named, self.part);
        // A column's own has no list of columns to look at.
        let is_listed = !list(context.text, Dialect::Postgres, self.part).is_empty();
        let query = is_listed.then(|| distinct.query(context)).flatten();
        let look =
            query.map_or(String::new(), |query| format!("look for duplicates, which make it fail:\n{query}\nthen "));
        let (outside, section) = context.outside();
        let action = format!("ADD CONSTRAINT {name} {kind} USING INDEX {index}{deferrable}");
        let add = match is_listed {
            true => replaced(context, self.part, &action),
            false => instead(context, self.actions, &action),
        };
        format!(
            "{look}build its index concurrently{outside}:\n{section}CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({columns}){include}{nulls};\nand make it the constraint in the next one:\n{add}"
        )
    }

    /// RC410.
    fn exclusion(&self) -> Hazard {
        self.hazard(
            Code::ExclusionScans,
            format!("nobody can read or write `{}` while all rows are checked for this exclusion", self.full),
            "it has no other way; run it when nobody needs the table, and say so: `-- @allow RC410: <reason>`"
                .to_owned(),
        )
    }

    /// RC404. `NO INHERIT` reads the same, and has no other way.
    fn detach(&self, partition: &Named) -> Option<Hazard> {
        let word = self.text().get(.."DETACH".len())?;
        if !word.eq_ignore_ascii_case("DETACH") {
            return None;
        }
        let (outside, section) = self.context.outside();
        let end = (self.part.0, partition.part.1);
        let statement = instead(self.context, self.actions, &format!("{} CONCURRENTLY", slice(self.context.text, end)));
        Some(self.hazard(
            Code::DetachBlocks,
            format!("nobody can read or write any partition of `{}` while this one is detached", self.full),
            format!("from PostgreSQL 14 on, where there is no default partition, detach it concurrently{outside}:\n{section}{statement}"),
        ))
    }

    /// RC405 and RC406, where it is a copy of the table.
    fn mysql(&self, action: &Action) -> Option<Hazard> {
        let Action::Add { constraint, if_not_exists: false } = action else { return None };
        let copied = |what: &str| {
            format!("nobody can write to `{}` while it is copied, to check all rows against this {what}", self.full)
        };
        match constraint {
            Constraint::Foreign(key, at) if self.context.replay.checks_foreign_keys() => {
                let statement = self.context.text.trim_end();
                let online = if statement.to_ascii_uppercase().contains("ALGORITHM") { "" } else { ", ALGORITHM=INPLACE, LOCK=NONE" };
                let query = self.orphans(key, *at);
                Some(self.hazard(
                    Code::ForeignKeyScans,
                    copied("foreign key"),
                    format!(
                        "look for rows that refer to nothing, and go on when there are none:\n{query}\nthen add it without a check, which is no copy:\nSET foreign_key_checks = 0;\n{statement}{online};\nSET foreign_key_checks = 1;"
                    ),
                ))
            }
            Constraint::Check(check) if check.validated => Some(self.hazard(
                Code::CheckScans,
                copied("check"),
                "it has no other way; run it when nobody writes, or by a tool that copies the table beside it, and say so: `-- @allow RC406: <reason>`"
                    .to_owned(),
            )),
            _ => None,
        }
    }

    /// The query that finds rows that refer to nothing.
    fn orphans(&self, key: &ForeignKey, at: Part) -> String {
        let text = self.context.text;
        let other = self.context.replay.schema.tables.get(&key.table);
        let theirs = match (key.references.is_empty(), other.and_then(|other| other.primary_key.as_ref())) {
            (true, Some(primary)) => &primary.columns,
            _ => &key.references,
        };
        let pairs = key.columns.iter().zip(theirs);
        let joined: Vec<String> = pairs.map(|(own, their)| format!("there.{their} = here.{own}")).collect();
        let filled: Vec<String> = key.columns.iter().map(|own| format!("here.{own} IS NOT NULL")).collect();
        let (table, target) = (slice(text, self.named.part), slice(text, at));
        format!(
            "SELECT here.* FROM {table} here WHERE {} AND NOT EXISTS (SELECT 1 FROM {target} there WHERE {});",
            filled.join(" AND "),
            joined.join(" AND ")
        )
    }
}
