//! Triggers, policies and rules of PostgreSQL's that name a column: while they do it gets no other type, and doesn't go. Those that
//! can be made again are out of the way meanwhile; of the others it is said.

use revchain_core::Dialect;
use revchain_core::sql::Lexer;
use revchain_schema::Schema;
use revchain_schema::model::{Expression, Name, ObjectName, Trigger};

use super::progress::Progress;
use super::retyped::Columns;

const AGAIN: &str = "names what changes here: it is made again at the end";

/// Drops triggers and policies that are on columns which get another type.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let (writer, changing) = (progress.writer(), Columns::changing(progress));
    let mut statements = Vec::new();
    for (table, column) in changing.iter() {
        for ((_, name), trigger) in triggers_on(&progress.now, table, column) {
            statements.push((writer.drop_trigger(name, trigger), format!("Trigger `{name}` {AGAIN}, and enabled.")));
        }
        for (on, name) in others_on(&progress.now, "policy", table, column) {
            let sql = format!("DROP POLICY {} ON {}", writer.name(&name.name), writer.object(on));
            statements.push((sql, format!("Policy `{}` {AGAIN}.", name.name)));
        }
    }
    // One may name several columns.
    let mut done: Vec<String> = Vec::new();
    for (statement, note) in statements {
        if !done.contains(&statement) {
            done.push(statement.clone());
            progress.noted(statement, &[note]);
        }
    }
}

/// Makes the policies that are not there. (The triggers are made with those that are new.)
pub(super) fn create(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let is_gone = |key: &_| !progress.now.others.contains_key(key);
    let gone = progress.to.others.iter().filter(|(key, _)| key.0 == "policy" && is_gone(key));
    let statements: Vec<String> = gone
        .filter_map(|((kind, on, name), definition)| writer.create_other(kind, on.as_ref(), name, definition))
        .collect();
    for statement in statements {
        progress.step(statement);
    }
}

/// What to say of a column that gets another type, where something stays in the way.
pub(super) fn note_on_type(progress: &Progress<'_>, table: &ObjectName, column: &Name) -> Option<String> {
    refused(others_on(&progress.now, "rule", table, column).map(|(_, name)| format!("rule `{}`", name.name)))
}

/// What to say of a column that goes, where something names it.
pub(super) fn note_on_drop(progress: &Progress<'_>, table: &ObjectName, column: &Name) -> Option<String> {
    let now = &progress.now;
    let others = ["policy", "rule"].into_iter().flat_map(|kind| {
        let found = others_on(now, kind, table, column);
        found.map(move |(_, name)| format!("{kind} `{}`", name.name))
    });
    refused(triggers_on(now, table, column).map(|((_, name), _)| format!("trigger `{name}`")).chain(others))
}

fn refused(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    let (what, they) = match names.as_slice() {
        [] => return None,
        [_] => ("names", "it does"),
        _ => ("name", "they do"),
    };
    Some(format!("PostgreSQL refuses this as long as {they}: {} {what} it.", names.join(", ")))
}

/// The triggers of a table that name a column before they say what they run.
fn triggers_on<'s>(
    schema: &'s Schema,
    table: &'s ObjectName,
    column: &'s Name,
) -> impl Iterator<Item = (&'s (ObjectName, Name), &'s Trigger)> {
    let of_table = schema.triggers.iter().filter(move |((of, _), _)| of == table);
    of_table
        .filter(move |(_, trigger)| head(&trigger.body).mentions(column, Dialect::Postgres))
        .map(|(key, of)| (key, &**of))
}

/// A trigger's text up to what it runs.
fn head(body: &Expression) -> Expression {
    let text = body.as_str();
    let end = Lexer::new(text, Dialect::Postgres).find(|token| token.is_word(text, "EXECUTE"));
    Expression::new(text.get(..end.map_or(text.len(), |token| token.start)).unwrap_or(text), Dialect::Postgres)
}

/// Policies or rules that name a column: the table's, and another's that names both.
fn others_on<'s>(
    schema: &'s Schema,
    kind: &'s str,
    table: &'s ObjectName,
    column: &'s Name,
) -> impl Iterator<Item = (&'s ObjectName, &'s ObjectName)> {
    schema.others.iter().filter_map(move |((of, on, name), definition)| {
        let on = on.as_ref()?;
        let names = |name: &Name| definition.mentions(name, Dialect::Postgres);
        (*of == kind && names(column) && (on == table || names(&table.name))).then_some((on, name))
    })
}
