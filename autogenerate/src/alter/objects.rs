//! What lies beside the tables: schemas, extensions, sequences, functions and triggers. Whoever declares tables says nothing of
//! these, so that there is seldom anything to write.

use revchain_schema::compare::{Part, find};
use revchain_schema::model::ObjectName;
use revchain_schema::write::{Writer, is_of_tables, types_in_order};
use revchain_schema::{Changed, Object};

use super::progress::Progress;

/// What is to be dropped or made, with what it is in the schema that has it.
fn parts<'p>(progress: &'p Progress<'_>, change: &Changed) -> Vec<(Object, Part<'p>)> {
    let schema = if *change == Changed::Missing { &progress.now } else { progress.to };
    let all = progress.left.iter().filter(|difference| difference.change == *change);
    all.filter_map(|difference| Some((difference.object.clone(), find(schema, &difference.object)?))).collect()
}

/// Drops triggers that go.
pub(super) fn drop_bodies(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let statements: Vec<String> = parts(progress, &Changed::Missing)
        .into_iter()
        .filter_map(|(_, part)| match part {
            Part::Trigger(name, trigger) if progress.to.tables.contains_key(&trigger.table) => {
                Some(writer.drop_trigger(name, trigger))
            }
            _ => None,
        })
        .collect();
    for statement in statements {
        progress.step(statement);
    }
}

/// Makes what tables may need.
pub(super) fn create_first(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for (_, part) in parts(progress, &Changed::Extra) {
        statements.extend(match part {
            Part::Namespace(name) => Some((0, writer.create_namespace(name))),
            Part::Extension(name) => Some((1, writer.create_extension(name))),
            Part::Sequence(name, sequence) => Some((2, writer.create_sequence(name, sequence))),
            _ => None,
        });
    }
    statements.sort_by_key(|(turn, _)| *turn);
    for (_, statement) in statements {
        progress.step(statement);
    }
}

/// Gives sequences their columns, and drops what no table needs any more.
pub(super) fn finish(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let mut statements = Vec::new();
    for (name, sequence) in &progress.to.sequences {
        let is_new = progress.now.sequences.get(name).is_none_or(|now| now.owned_by != sequence.owned_by);
        statements.extend(writer.own_sequence(name, sequence).filter(|_| is_new));
    }
    let gone = parts(progress, &Changed::Missing);
    for (_, part) in &gone {
        statements.extend(match part {
            Part::Routine(name, routine) => Some(Writer::of(&progress.now).drop_routine(name, routine)),
            Part::Sequence(name, _) => Some(writer.drop_sequence(name)),
            _ => None,
        });
    }
    let is_gone = |name: &&ObjectName| progress.is_missing(&Object::Type((*name).clone()));
    for name in types_in_order(&progress.now).into_iter().rev().filter(is_gone) {
        let definition = progress.now.types.get(name);
        statements.extend(definition.map(|definition| writer.drop_type(name, definition)));
    }
    for (_, part) in &gone {
        statements.extend(match part {
            Part::Extension(name) => Some(format!("DROP EXTENSION {}", writer.name(name))),
            Part::Namespace(name) => Some(format!("DROP SCHEMA {}", writer.name(name))),
            _ => None,
        });
    }
    for statement in statements {
        progress.step(statement);
    }
}

/// Drops the functions that go before tables do, whose rows they take or give.
pub(super) fn drop_of_tables(progress: &mut Progress<'_>) {
    let gone = parts(progress, &Changed::Missing).into_iter().filter_map(|(_, part)| match part {
        Part::Routine(name, routine) if is_of_tables(&progress.now, name, routine) => {
            Some(Writer::of(&progress.now).drop_routine(name, routine))
        }
        _ => None,
    });
    for statement in gone.collect::<Vec<String>>() {
        progress.step(statement);
    }
}

/// Makes functions and triggers.
pub(super) fn create_bodies(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let (mut routines, mut triggers) = (Vec::new(), Vec::new());
    for (_, part) in parts(progress, &Changed::Extra) {
        match part {
            Part::Routine(name, routine) => routines.extend(writer.create_routine(name, routine)),
            Part::Trigger(name, trigger) => triggers.push(writer.create_trigger(name, trigger)),
            _ => {}
        }
    }
    for statement in routines.into_iter().chain(triggers) {
        progress.step(statement);
    }
}
