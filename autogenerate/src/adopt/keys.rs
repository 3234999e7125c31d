//! Keys, checks and indexes of a table that is declared and there. One that nobody named is found by what it is; one that
//! somebody named has that name.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Check, ForeignKey, Index, Key, Name, ObjectName, Table};

use super::alike;
use super::names::{Fresh, Part};
use crate::declared::Said;

/// Puts the declared keys into `table`, in the words of `old`: what is there already before what is new.
pub(super) fn adopt(
    name: &ObjectName,
    old: &Table,
    (new, said): (&Table, &Said),
    dialect: Dialect,
    table: &mut Table,
    fresh: &mut Fresh,
) {
    let mut keys = Keys { name, said, dialect, fresh };
    table.primary_key = keys.primary_key(old, new);
    (table.uniques, table.indexes) = keys.uniques(old, new);
    table.foreign_keys = keys.foreign_keys(old, new);
    table.checks = keys.checks(old, new);
    if dialect == Dialect::Mysql {
        table.indexes.extend(needed(old, table));
    }
}

struct Keys<'a> {
    name: &'a ObjectName,
    said: &'a Said,
    dialect: Dialect,
    fresh: &'a mut Fresh,
}

/// What is there of one kind: what stays, and what is left so far.
struct There<T> {
    left: Vec<(usize, T)>,
    kept: Vec<(usize, T)>,
}

impl<T: Clone> There<T> {
    fn new(all: &[T]) -> There<T> {
        There { left: all.iter().cloned().enumerate().collect(), kept: Vec::new() }
    }

    /// Keeps the first that will do, best one of the same name. Says whether there was one.
    fn keep(&mut self, same_name: impl Fn(&T) -> bool, will_do: impl Fn(&T) -> bool) -> bool {
        let named = self.left.iter().position(|(_, one)| same_name(one) && will_do(one));
        let found = named.or_else(|| self.left.iter().position(|(_, one)| will_do(one)));
        let found = found.map(|at| self.left.remove(at));
        let is_found = found.is_some();
        self.kept.extend(found);
        is_found
    }

    /// What stays, in the order in which it was, and what is new behind it.
    fn and(mut self, new: Vec<T>) -> Vec<T> {
        self.kept.sort_by_key(|(at, _)| *at);
        self.kept.into_iter().map(|(_, one)| one).chain(new).collect()
    }
}

impl Keys<'_> {
    /// Whether somebody gave the name.
    fn is_given(&self, name: Option<&Name>) -> bool {
        name.is_some_and(|name| self.said.names.contains(name))
    }

    /// Whether something of one name may stand for something of another: not if somebody gave that name to something else.
    fn name_will_do(&self, there: Option<&Name>, declared: Option<&Name>) -> bool {
        there == declared || !self.is_given(declared) && self.is_free(there)
    }

    /// Whether nobody gave this name to anything.
    fn is_free(&self, there: Option<&Name>) -> bool {
        there.is_none_or(|name| !self.fresh.given.contains(name))
    }

    /// The same for a constraint, whose name means nothing on SQLite.
    fn constraint_will_do(&self, there: Option<&Name>, declared: Option<&Name>) -> bool {
        self.dialect == Dialect::Sqlite || self.name_will_do(there, declared)
    }

    /// Whether MySQL made an index for a foreign key, whose name it has then.
    fn is_made_up(&self, index: &Index, table: &Table) -> bool {
        let is_its = |key: &ForeignKey| {
            let columns = index.parts.iter().map(|part| part.column.as_ref());
            key.name == index.name && columns.eq(key.columns.iter().map(Some))
        };
        self.dialect == Dialect::Mysql && !index.unique && table.foreign_keys.iter().any(is_its)
    }

    /// Notes something that is not there yet, and whose name may have to give way.
    fn note(&mut self, part: Part, name: Option<&Name>) {
        if let Some(name) = name.filter(|name| !self.said.names.contains(name)) {
            self.fresh.add(self.name, part, name);
        }
    }

    /// Whether what only SQL has words for is the same, where SQL declares the table.
    fn rest_of_key(&self, there: &Key, declared: &Key) -> bool {
        !self.said.is_all
            || (there.nulls_not_distinct, there.deferrable, &there.include)
                == (declared.nulls_not_distinct, declared.deferrable, &declared.include)
    }

    fn primary_key(&mut self, old: &Table, new: &Table) -> Option<Key> {
        let (Some(there), Some(key)) = (&old.primary_key, &new.primary_key) else {
            let name = new.primary_key.as_ref().and_then(|key| key.name.as_ref());
            self.note(Part::PrimaryKey, name);
            return new.primary_key.clone();
        };
        // Nobody can ask MySQL or SQLite for its name.
        let is_named = self.dialect != Dialect::Postgres || self.name_will_do(there.name.as_ref(), key.name.as_ref());
        if there.columns == key.columns && is_named && self.rest_of_key(there, key) {
            return Some(there.clone());
        }
        let mut key = key.clone();
        if there.columns != key.columns && !self.is_given(key.name.as_ref()) && there.name.is_some() {
            // What changes keeps its name.
            key.name.clone_from(&there.name);
        }
        Some(key)
    }

    /// Unique constraints and indexes: what is one of them here may be the other there.
    fn uniques(&mut self, old: &Table, new: &Table) -> (Vec<Key>, Vec<Index>) {
        let (mut keys, mut indexes) = (There::new(&old.uniques), There::new(&old.indexes));
        let (mut new_keys, mut new_indexes) = (Vec::new(), Vec::new());
        // First what is of one kind in both.
        let mut open_keys: Vec<&Key> = Vec::new();
        for key in &new.uniques {
            let will_do = |there: &Key| {
                alike::same_set(&there.columns, &key.columns)
                    && self.constraint_will_do(there.name.as_ref(), key.name.as_ref())
                    && self.rest_of_key(there, key)
            };
            if !keys.keep(|there| there.name == key.name, will_do) {
                open_keys.push(key);
            }
        }
        let mut open_indexes: Vec<&Index> = Vec::new();
        for index in &new.indexes {
            let will_do = |there: &Index| {
                alike::indexes(there, index, self.dialect)
                    && (self.is_made_up(index, new) || self.name_will_do(there.name.as_ref(), index.name.as_ref()))
                    && (!self.said.is_all || there.nulls_not_distinct == index.nulls_not_distinct)
            };
            if !indexes.keep(|there| there.name == index.name, will_do) {
                open_indexes.push(index);
            }
        }
        for key in open_keys {
            // PostgreSQL tells the two apart, if somebody does.
            let will_do = |there: &Index| {
                let same = alike::unique_columns(there).is_some_and(|columns| alike::same_set(&columns, &key.columns));
                let name = (there.name.as_ref(), key.name.as_ref());
                same && match self.dialect {
                    Dialect::Postgres => !self.said.is_all && !self.is_given(name.1) && self.is_free(name.0),
                    Dialect::Mysql => self.name_will_do(name.0, name.1),
                    Dialect::Sqlite => self.is_free(name.0) || name.0 == name.1,
                }
            };
            if !indexes.keep(|there| there.name == key.name, will_do)
                && !is_spare(key.name.as_ref(), &key.columns, new, self.said)
            {
                self.note(Part::Unique, key.name.as_ref());
                new_keys.push(key.clone());
            }
        }
        for index in open_indexes {
            let columns = alike::unique_columns(index)
                .filter(|_| self.dialect == Dialect::Mysql || !self.said.is_all && !self.is_given(index.name.as_ref()));
            let will_do = |there: &Key| {
                columns.as_ref().is_some_and(|columns| alike::same_set(columns, &there.columns))
                    && self.name_will_do(there.name.as_ref(), index.name.as_ref())
            };
            if !keys.keep(|there| there.name == index.name, will_do)
                && !is_spare_index(index, new, self.said, self.dialect)
            {
                self.note(Part::Index, index.name.as_ref());
                new_indexes.push(index.clone());
            }
        }
        (keys.and(new_keys), indexes.and(new_indexes))
    }

    fn foreign_keys(&mut self, old: &Table, new: &Table) -> Vec<ForeignKey> {
        let (mut keys, mut added) = (There::new(&old.foreign_keys), Vec::new());
        for key in &new.foreign_keys {
            // Whatever its name: what refers to the same, and does the same, is the same.
            let will_do = |there: &ForeignKey| {
                alike::foreign_keys(there, key, self.dialect)
                    && (!self.said.is_all || there.matching == key.matching)
                    && (there.name == key.name || self.is_free(there.name.as_ref()))
            };
            if !keys.keep(|there| there.name == key.name, will_do) {
                self.note(Part::ForeignKey, key.name.as_ref());
                added.push(key.clone());
            }
        }
        keys.and(added)
    }

    fn checks(&mut self, old: &Table, new: &Table) -> Vec<Check> {
        let (name, dialect) = (self.name, self.dialect);
        let (mut checks, mut added) = (There::new(&old.checks), Vec::new());
        for check in &new.checks {
            let text = alike::check(&check.expression, name, dialect);
            let will_do = |there: &Check| {
                alike::check(&there.expression, name, dialect) == text
                    && self.constraint_will_do(there.name.as_ref(), check.name.as_ref())
                    && (!self.said.is_all || there.no_inherit == check.no_inherit)
            };
            if !checks.keep(|there| there.name == check.name, will_do) {
                self.note(Part::Check, check.name.as_ref());
                added.push(check.clone());
            }
        }
        // What a type brought stays as long as its column does.
        let is_there = |column: &Name| old.column(column).is_some() && new.column(column).is_some();
        let kinds: Vec<_> = self.said.kinds.iter().filter(|(column, _)| is_there(column)).collect();
        let is_of_type = |check: &Check| {
            let text = alike::check(&check.expression, name, dialect);
            kinds.iter().any(|(column, kind)| alike::is_of_type(&text, column, **kind))
        };
        while checks.keep(|_| false, is_of_type) {}
        checks.and(added)
    }
}

/// Takes out of a new table the unique constraints that say nothing.
pub(super) fn without_spares(table: &mut Arc<Table>, said: &Said, dialect: Dialect) {
    let whole = Arc::clone(table);
    let key = |key: &Key| is_spare(key.name.as_ref(), &key.columns, &whole, said);
    let index = |index: &Index| is_spare_index(index, &whole, said, dialect);
    if whole.uniques.iter().any(key) || whole.indexes.iter().any(index) {
        let table = Arc::make_mut(table);
        table.uniques.retain(|unique| !key(unique));
        table.indexes.retain(|other| !index(other));
    }
}

/// Whether a unique constraint says nothing that the primary key doesn't, as SQLAlchemy's `primary_key=True, unique=True` does:
/// PostgreSQL makes one of the two, so that the same tables have it on some databases only. With a name of its own it is meant.
fn is_spare(name: Option<&Name>, columns: &[Name], table: &Table, said: &Said) -> bool {
    let is_same = |primary: &Key| alike::same_set(&primary.columns, columns);
    let is_given = name.is_some_and(|name| said.names.contains(name));
    !said.is_all && !is_given && table.primary_key.as_ref().is_some_and(is_same)
}

/// The same of an index, which on MySQL a unique constraint is.
fn is_spare_index(index: &Index, table: &Table, said: &Said, dialect: Dialect) -> bool {
    let columns = alike::unique_columns(index).filter(|_| dialect == Dialect::Mysql);
    columns.is_some_and(|columns| is_spare(index.name.as_ref(), &columns, table, said))
}

/// The indexes that MySQL needs for foreign keys, and that nobody has to declare.
fn needed(old: &Table, table: &Table) -> Vec<Index> {
    let leads = |columns: &[Name], key: &ForeignKey| columns.starts_with(&key.columns);
    let columns = |index: &Index| -> Vec<Name> {
        index.parts.iter().map_while(|part| part.column.clone().filter(|_| part.length.is_none())).collect()
    };
    let is_served = |key: &&ForeignKey, more: &[Index]| {
        let keys = table.primary_key.iter().chain(&table.uniques).any(|unique| leads(&unique.columns, key));
        keys || table.indexes.iter().chain(more).any(|index| leads(&columns(index), key))
    };
    let mut kept: Vec<Index> = Vec::new();
    for key in &table.foreign_keys {
        if is_served(&key, &kept) {
            continue;
        }
        let serves = |index: &&Index| !index.unique && leads(&columns(index), key);
        kept.extend(old.indexes.iter().find(serves).cloned());
    }
    kept
}
