//! What there should be, in the words of what there is.
//!
//! What nobody declares at all stays as it is: views, routines, triggers, extensions, sequences, options of tables, and the
//! tables that the filter leaves out. What is the same in other words takes the chain's word: names that nobody gave, types
//! that hold the same, defaults that are spelt another way. So a comparison with what there is finds what differs, and nothing
//! else. What could not be compared is left as it is, and said. Never decides what is a rename: `renamed` asks first.

mod alike;
mod keys;
mod names;
mod spelling;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use revchain_core::config::ObjectFilter;
use revchain_schema::Schema;
use revchain_schema::model::{ObjectName, Table};

use crate::declared::{Declared, is_admitted};

pub(crate) use alike::{foreign_keys as same_foreign_key, indexes as same_index, same_check, same_set, unique_columns};

/// What there should be, next to what there is.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The schema to reach.
    pub schema: Schema,
    /// What is left as it is because nobody could compare it.
    pub not_compared: Vec<NotCompared>,
}

/// Something that was not compared, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCompared {
    /// What: "table `users`".
    pub what: String,
    /// Why.
    pub why: String,
}

/// Nothing is declared, and there are tables: to drop them all is nobody's wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NothingDeclared {
    /// How many tables there are.
    pub tables: usize,
}

/// Puts what is declared in the words of what there is: after renames, where there are some.
///
/// # Errors
///
/// [`NothingDeclared`]: then the structs were not gathered.
pub fn adopt(declared: &Declared, have: &Schema, filter: &ObjectFilter) -> Result<Adopted, NothingDeclared> {
    let looked_at = |name: &ObjectName, table: &Table| !table.temporary && is_admitted(filter, name);
    let tables = have.tables.iter().filter(|(name, table)| looked_at(name, table)).count();
    if declared.tables.is_empty() && tables > 0 {
        return Err(NothingDeclared { tables });
    }
    let mut want = have.clone();
    let mut not_compared: Vec<NotCompared> = declared
        .left_alone
        .iter()
        .map(|what| NotCompared { what: what.clone(), why: "autogenerate writes tables only".to_owned() })
        .collect();
    for taint in &have.unknown {
        let why = format!("nobody understood `{}`, which may have made or changed anything", taint.what);
        not_compared.push(NotCompared { what: "what it did".to_owned(), why });
    }
    let mut gone = BTreeSet::new();
    for (name, table) in have.tables.iter().filter(|(name, table)| looked_at(name, table)) {
        if declared.tables.contains_key(name) || part_of(table).is_some() {
            continue;
        }
        match doubt(name, table, have) {
            Some(why) => not_compared.push(NotCompared { what: format!("table `{name}`"), why }),
            None => {
                gone.insert(name.clone());
            }
        }
    }
    drop(&mut want, &gone);
    let given = declared.tables.values().flat_map(|said| said.names.iter().cloned()).collect();
    let mut fresh = names::Fresh::new(given);
    for (name, said) in &declared.tables {
        let Some(new) = declared.schema.tables.get(name) else { continue };
        let what = || format!("table `{name}`");
        if !is_admitted(filter, name) {
            let why = "`[objects]` in revchain.toml leaves it out".to_owned();
            not_compared.push(NotCompared { what: what(), why });
        } else if have.views.contains_key(name) {
            not_compared.push(NotCompared { what: what(), why: "it is a view".to_owned() });
        } else if let Some(taint) = new.unknown.first() {
            let why = format!("nobody understood `{}`, where it is declared", taint.what);
            not_compared.push(NotCompared { what: what(), why });
        } else if let Some(old) = have.tables.get(name) {
            match doubt(name, old, have) {
                Some(why) => not_compared.push(NotCompared { what: what(), why }),
                None => {
                    let mut table = Arc::new(table::adopt(name, old, (new, said), have, &mut fresh));
                    spelling::respell(&mut table, said, have, |column| old.column(column).is_none());
                    want.tables.insert(name.clone(), table);
                }
            }
        } else {
            let mut new = Arc::clone(new);
            keys::without_spares(&mut new, said, have.dialect);
            spelling::respell(&mut new, said, have, |_| true);
            fresh.table(name, &new, said);
            want.tables.insert(name.clone(), new);
        }
    }
    for (name, of) in &declared.schema.types {
        want.types.insert(name.clone(), Arc::clone(of));
    }
    for (name, place) in &declared.schema.namespaces {
        want.namespaces.entry(name.clone()).or_insert(*place);
    }
    fresh.settle(&mut want);
    names::name_checks(&mut want, have);
    drop_owned(&mut want);
    Ok(Adopted { schema: want, not_compared })
}

/// Why nothing can be said of a table that is there.
fn doubt(name: &ObjectName, table: &Table, have: &Schema) -> Option<String> {
    if let Some(taint) = table.unknown.first() {
        return Some(format!("nobody understood `{}`", taint.what));
    }
    have.unsure.contains(name).then(|| "a statement that nobody understood may have changed it".to_owned())
}

/// The table of which this one is a partition: it comes and goes with that.
fn part_of(table: &Table) -> Option<&str> {
    table.options.get("partition of").map(String::as_str)
}

/// Takes tables out, with what goes with them.
fn drop(want: &mut Schema, gone: &BTreeSet<ObjectName>) {
    if gone.is_empty() {
        return;
    }
    let shown: BTreeSet<String> = gone.iter().map(ToString::to_string).collect();
    let parts = want.tables.iter().filter(|(_, table)| part_of(table).is_some_and(|of| shown.contains(of)));
    let parts: Vec<ObjectName> = parts.map(|(name, _)| name.clone()).collect();
    let all: BTreeSet<&ObjectName> = gone.iter().chain(&parts).collect();
    for name in &all {
        want.tables.remove(name);
    }
    want.triggers.retain(|_, trigger| !all.contains(&trigger.table));
    want.others.retain(|(_, on, _), _| on.as_ref().is_none_or(|on| !all.contains(on)));
}

/// Takes out sequences whose column is gone: they go with it.
fn drop_owned(want: &mut Schema) {
    let tables = want.tables.clone();
    if want.sequences.values().any(|sequence| sequence.owned_by.is_some()) {
        want.sequences.retain(|_, sequence| {
            let owner = sequence.owned_by.as_ref();
            owner.is_none_or(|(table, column)| tables.get(table).is_some_and(|table| table.column(column).is_some()))
        });
    }
}

impl fmt::Display for NotCompared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl fmt::Display for NothingDeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no table is declared, and the chain has {}", self.tables)
    }
}

impl std::error::Error for NothingDeclared {}
