//! What a new table has of others: `LIKE`, `INHERITS`, `PARTITION OF`.

use std::sync::Arc;

use revchain_core::Dialect;

use super::known::Relation;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{CreateTable, Named};
use crate::model::{Column, ObjectName, Table};
use crate::read::PARTITION_OF;

impl Replay {
    /// Brings the columns of others. Keys and indexes that come with them are not guessed: they taint the table.
    pub(super) fn inherit(&mut self, create: &CreateTable, target: &mut Target<'_>, step: &mut Step<'_>) {
        for parent in &create.parents {
            // A partition's keys and indexes are made for it, under names of their own, now and with every later index.
            target.table.unknown.push(step.taint(parent.part));
            if let Some(of) = target.table.options.get_mut(PARTITION_OF)
                && let Relation::Table(full) = self.relation(&parent.name)
            {
                *of = full.to_string();
            }
            let is_part = target.table.options.contains_key(PARTITION_OF);
            if let Some(of) = self.parent(parent, step)
                && is_part
                && of.is_known()
                && !self.is_unsure(&parent.name)
                && !of.options.contains_key("partition by")
            {
                let message = format!("table `{}` has no partitions", parent.name);
                let help = "say `PARTITION BY …` where the table is made: one that is there can't be parted any more";
                let _ = step.fault(FaultKind::NoSuchForm, message, parent.part).also(of.place, "made here").help(help);
            }
            if let Some(parent) = self.parent(parent, step) {
                for column in &parent.columns {
                    if target.table.column(&column.name).is_none() {
                        target.table.columns.push(column.clone());
                    }
                }
            }
        }
        for (other, including) in &create.like {
            match self.parent(other, step) {
                Some(other_table) if other_table.is_known() && !self.is_unsure(&other.name) => {
                    self.copy(&other_table, including, other, target, step);
                }
                found => {
                    if let Some(table) = found {
                        target.table.columns.extend(table.columns.iter().cloned());
                    }
                    target.table.unknown.push(step.taint(other.part));
                }
            }
        }
    }

    /// `ATTACH PARTITION`, `INHERIT`: only the first makes a partition, and only of a table that has some.
    pub(super) fn attach(&mut self, full: &ObjectName, other: Option<&ObjectName>) {
        let is_parted = self.schema.tables.get(full).is_some_and(|table| table.options.contains_key("partition by"));
        if let Some(table) = other.filter(|_| is_parted).and_then(|other| self.schema.tables.get_mut(other)) {
            Arc::make_mut(table).options.insert(PARTITION_OF.to_owned(), full.to_string());
        }
    }

    /// `DETACH PARTITION`.
    pub(super) fn detach(&mut self, other: Option<&ObjectName>) {
        if let Some(table) = other.and_then(|other| self.schema.tables.get_mut(other)) {
            Arc::make_mut(table).options.remove(PARTITION_OF);
        }
    }

    /// A table's partitions, which go with it.
    pub(super) fn partitions(&self, full: &ObjectName) -> Vec<ObjectName> {
        let is_parted = self.schema.tables.get(full).is_some_and(|table| table.options.contains_key("partition by"));
        if !is_parted {
            return Vec::new();
        }
        let shown = full.to_string();
        let is_part = |table: &Table| table.options.get(PARTITION_OF).is_some_and(|of| *of == shown);
        self.schema.tables.iter().filter(|(_, table)| is_part(table)).map(|(name, _)| name.clone()).collect()
    }

    fn parent(&mut self, named: &Named, step: &mut Step<'_>) -> Option<Arc<Table>> {
        match self.relation(&named.name) {
            Relation::Table(full) => self.schema.tables.get(&full).cloned(),
            Relation::Nothing => {
                self.missing(named, "table", step);
                None
            }
            _ => None,
        }
    }

    fn copy(&self, other: &Table, including: &[String], named: &Named, target: &mut Target<'_>, step: &mut Step<'_>) {
        // MySQL's LIKE brings everything but foreign keys; PostgreSQL's, names, types and NOT NULL.
        let whole = self.dialect() == Dialect::Mysql;
        let has = |what: &str| {
            let says = |word: &str| including.iter().any(|option| option.ends_with(word));
            whole
                || (says("ALL") || says(what)) && !including.iter().any(|option| option == &format!("EXCLUDING {what}"))
        };
        let columns = other.columns.iter().map(|column| {
            let mut copy = Column::new(column.name.clone(), column.data_type.clone());
            copy.nullable = column.nullable;
            copy.collation.clone_from(&column.collation);
            if has("DEFAULTS") {
                copy.default.clone_from(&column.default);
            }
            if has("IDENTITY") || whole {
                copy.identity = column.identity;
            }
            if has("GENERATED") {
                copy.generated.clone_from(&column.generated);
            }
            if has("COMMENTS") {
                copy.comment.clone_from(&column.comment);
            }
            if whole {
                copy.on_update.clone_from(&column.on_update);
            }
            copy
        });
        let before = target.table.columns.len();
        target.table.columns.extend(columns);
        if target.table.columns.iter().skip(before).any(|column| column.identity.is_some()) && !whole {
            // A serial's default is copied as it is: the sequence stays the other table's.
            target.table.unknown.push(step.taint(named.part));
        }
        if whole {
            target.table.primary_key.clone_from(&other.primary_key);
            target.table.uniques.clone_from(&other.uniques);
            target.table.indexes.clone_from(&other.indexes);
            target.table.checks.clone_from(&other.checks);
        } else if has("CONSTRAINTS") && !other.checks.is_empty()
            || has("INDEXES")
                && (other.primary_key.is_some()
                    || !(other.uniques.is_empty() && other.indexes.is_empty() && other.exclusions.is_empty()))
        {
            // They are named anew, from the order that the server keeps them in.
            target.table.unknown.push(step.taint(named.part));
        }
    }

    /// Says of two columns of one name that they are.
    pub(super) fn judge_duplicates(&self, create: &CreateTable, target: &mut Target<'_>, step: &mut Step<'_>) {
        let columns = &create.table.columns;
        for (position, column) in columns.iter().enumerate() {
            // By hand: all of them are compared with all, in builds without optimisation.
            for other in columns.get(..position).unwrap_or_default() {
                if other.name == column.name {
                    let part = create.column_parts.get(position).copied();
                    if target.judge(step) {
                        let message = format!("column `{}` is there twice", column.name);
                        let _ = step.fault(FaultKind::DuplicateColumn, message, part);
                    }
                    return;
                }
            }
        }
    }
}
