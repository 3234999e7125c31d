//! PostgreSQL and MySQL: the statements that lead from one schema to another, in an order in which they run.
//!
//! What stands in the way goes first (views, foreign keys, constraints), then come types, tables, columns; then what was in the
//! way, as it is to be; and last what holds data goes. After each of these the replay says what is left: so what goes by
//! itself is written by nobody, and what nobody wrote is found. Never writes for SQLite, whose tables are made anew.

mod bound;
mod columns;
mod conversion;
mod foreign_keys;
mod identity;
mod keys;
mod mysql;
mod objects;
mod progress;
mod retyped;
mod tables;
#[cfg(test)]
mod tests;
mod types;
mod views;

use revchain_core::Dialect;
use revchain_schema::{Difference, Schema};

use crate::Script;
use progress::Progress;

/// Writes what leads from one schema to the other.
pub(crate) fn write(from: &Schema, to: &Schema, differences: &[Difference], script: &mut Script) {
    if differences.is_empty() {
        return;
    }
    let mut progress = Progress::new(from, to, differences, script);
    let steps: &[fn(&mut Progress<'_>)] = match from.dialect {
        Dialect::Mysql => &MYSQL,
        _ => &POSTGRES,
    };
    for step in steps {
        step(&mut progress);
        progress.settle();
    }
    progress.finish();
}

/// What is written for PostgreSQL, in turn.
const POSTGRES: [fn(&mut Progress<'_>); 24] = [
    objects::drop_bodies,
    bound::drop,
    views::drop,
    keys::rename,
    foreign_keys::drop,
    keys::drop,
    objects::create_first,
    types::create,
    columns::drop_generated,
    types::alter,
    tables::create,
    columns::add,
    columns::alter,
    columns::add_generated,
    columns::drop,
    keys::add,
    foreign_keys::add,
    tables::options,
    tables::comments,
    tables::drop,
    objects::finish,
    views::create,
    objects::create_bodies,
    bound::create,
];

/// And for MySQL.
const MYSQL: [fn(&mut Progress<'_>); 13] = [
    objects::drop_bodies,
    views::drop,
    foreign_keys::drop,
    objects::create_first,
    tables::create,
    mysql::drop_remade,
    mysql::convert,
    mysql::alter,
    foreign_keys::add,
    tables::drop,
    objects::finish,
    views::create,
    objects::create_bodies,
];
