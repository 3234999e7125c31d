//! SQLite: what it can by itself, and by a new table the rest.
//!
//! ```text
//! plan      differences     -> what becomes of each table, and what can't be said
//! in_place  a table         -> the columns and indexes that SQLite takes as they are, or none
//! around    Schemas, plan   -> the views and triggers that are out of the way meanwhile, and made again
//! copy      a table         -> a new one, its rows, and its name
//! ```
//!
//! The way is that of <https://sqlite.org/lang_altertable.html>, 7. Never rebuilds a table of which not everything is known:
//! what is not in the model would be lost.

mod around;
mod copy;
mod in_place;
mod order;
mod plan;
#[cfg(test)]
mod tests;

use revchain_core::Dialect;
use revchain_schema::model::{Index, Name};
use revchain_schema::write::Writer;
use revchain_schema::{Difference, ObjectName, Schema, Table};

use crate::script::table_goes;
use crate::{Script, Step};
use around::Around;
use order::behind;
use plan::{Plan, Way};

/// Whose rules.
const SQLITE: Dialect = Dialect::Sqlite;

/// Writes what leads from one schema to the other.
pub(crate) fn write(from: &Schema, to: &Schema, differences: &[Difference], script: &mut Script) {
    let plan = Plan::of(from, to, differences, &mut script.omitted);
    let around = Around::of(from, to, &plan);
    let writing = Writing { from, to, plan: &plan, writer: Writer::of(to) };
    script.is_rebuild |= plan.rebuilt().next().is_some();
    let steps = &mut script.steps;
    steps.extend(around.drops(from, &writing.writer));
    writing.drop_indexes(steps);
    script.is_rebuild |= writing.drop_tables(steps);
    writing.create_tables(steps);
    writing.change_tables(steps);
    steps.extend(around.creates(to, &writing.writer));
}

/// What everything is written from.
struct Writing<'a> {
    from: &'a Schema,
    to: &'a Schema,
    plan: &'a Plan<'a>,
    writer: Writer<'a>,
}

impl<'a> Writing<'a> {
    /// Both sides of a table.
    fn pair(&self, name: &ObjectName) -> Option<(&'a Table, &'a Table)> {
        Some((self.from.tables.get(name)?, self.to.tables.get(name)?))
    }

    /// Indexes that go while their table stays, and those whose name another table's takes.
    fn drop_indexes(&self, steps: &mut Vec<Step>) {
        for (name, way) in &self.plan.changed {
            let Some((before, after)) = self.pair(name) else { continue };
            for index in &before.indexes {
                let goes = match way {
                    Way::InPlace(changes) => changes.dropped_indexes.contains(&index.name.as_ref()),
                    Way::Rebuild => {
                        !has_index(after, index.name.as_ref()) && self.plan.makes_index(index.name.as_ref())
                    }
                };
                steps.extend(self.writer.drop_index(name, index).filter(|_| goes).map(Step::new));
            }
        }
    }

    /// Tables that go, each before those that it refers to: with foreign keys on, SQLite deletes the rows first. Gives whether
    /// they have to be off.
    fn drop_tables(&self, steps: &mut Vec<Step>) -> bool {
        let referred = |name: &ObjectName| -> Vec<&ObjectName> {
            let keys = self.from.tables.get(name).map_or(&[][..], |table| table.foreign_keys.as_slice());
            keys.iter().map(|key| &key.table).collect()
        };
        let (order, mut needs_off) = behind(&self.plan.dropped, &referred);
        for name in order.into_iter().rev() {
            let Some(table) = self.from.tables.get(name) else { continue };
            steps.push(Step::noted(self.writer.drop_table(name), table_goes(name)));
            let refuses = |key: &revchain_schema::ForeignKey| {
                key.table == *name && key.on_delete == revchain_schema::model::ReferentialAction::Restrict
            };
            // Rows of what stays would be deleted, or are why it fails.
            let stays = |other: &ObjectName, table: &Table| {
                !self.plan.dropped.contains(&other) && table.foreign_keys.iter().any(|key| key.table == *name)
            };
            needs_off |= table.foreign_keys.iter().any(refuses);
            needs_off |= self.from.tables.iter().any(|(other, table)| stays(other, table));
        }
        needs_off
    }

    fn create_tables(&self, steps: &mut Vec<Step>) {
        let referred = |name: &ObjectName| -> Vec<&ObjectName> {
            let keys = self.to.tables.get(name).map_or(&[][..], |table| table.foreign_keys.as_slice());
            keys.iter().map(|key| &key.table).collect()
        };
        for name in behind(&self.plan.made, &referred).0 {
            let Some(table) = self.to.tables.get(name) else { continue };
            steps.push(Step::new(self.writer.create_table(
                name,
                table,
                &table.foreign_keys.iter().collect::<Vec<_>>(),
            )));
            steps.extend(self.writer.after_table(name, table).into_iter().map(Step::new));
        }
    }

    fn change_tables(&self, steps: &mut Vec<Step>) {
        for (name, way) in &self.plan.changed {
            let Some((before, after)) = self.pair(name) else { continue };
            match way {
                Way::InPlace(changes) => steps.extend(changes.steps(name, before, after, &self.writer)),
                Way::Rebuild => {
                    let free = copy::free_name(name, self.from, self.to);
                    steps.extend(copy::rebuild(name, &free, before, after, &self.writer));
                }
            }
        }
    }
}

/// Whether a table has an index of that name.
fn has_index(table: &Table, name: Option<&Name>) -> bool {
    table.indexes.iter().any(|index| index.name.as_ref() == name)
}

/// `CREATE INDEX`, with a word on what may be in its way, where there were rows before it.
fn create_index(table: &ObjectName, index: &Index, before: &Table, writer: &Writer<'_>) -> Step {
    let sql = writer.create_index(table, index);
    let was_unique = |other: &Index| other.unique && other.parts == index.parts && other.predicate == index.predicate;
    match index.unique && !before.indexes.iter().any(was_unique) {
        true => Step::noted(sql, format!("Fails where two rows have the same {}.", writer.index_body(index))),
        false => Step::new(sql),
    }
}
