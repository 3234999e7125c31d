//! Columns of live tables that take no NULL from now on, and those that do again.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard};
use crate::change::{Named, Part};
use crate::model::{Column, Name, ObjectName, Table, written};

/// PostgreSQL's `SET NOT NULL` and `DROP NOT NULL`.
pub(super) fn alter(
    table: &Named,
    column: &Named<Name>,
    nullable: bool,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    let Some((name, there)) = context.known(table) else { return };
    let Some(before) = there.column(&column.name).filter(|before| before.nullable != nullable) else {
        return;
    };
    if nullable {
        found.push(again(&name, before, part));
    } else if !is_proved(there, &column.name) && !is_deferred(context.shown(part)) {
        found.push(scanned(context.shown(table.part), &name, before, part));
    }
}

/// RC424 on PostgreSQL: each row is looked at under ACCESS EXCLUSIVE. A check that says the same and has been validated
/// spares it (since 12; tried).
fn scanned(table: &str, name: &ObjectName, column: &Column, part: Part) -> Hazard {
    let shown = written(&column.name, Dialect::Postgres);
    let check = format!("ck_{}_{}_not_null", name.name, column.name);
    let check = written(&Name::new(&check, Dialect::Postgres), Dialect::Postgres);
    Hazard::at(
        Code::SetNotNull,
        part,
        format!("nobody can read or write `{name}` while every row is looked at for a NULL in `{}`", column.name),
        format!(
            "let a check look first, which stops nobody; in two revisions:\n\
             -- @upgrade\n\
             ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({shown} IS NOT NULL) NOT VALID;\n\
             -- @upgrade\n\
             ALTER TABLE {table} VALIDATE CONSTRAINT {check};\n\
             ALTER TABLE {table} ALTER COLUMN {shown} SET NOT NULL;\n\
             ALTER TABLE {table} DROP CONSTRAINT {check};"
        ),
    )
}

/// RC424 on MySQL and MariaDB: the table is rebuilt while it is in use, but a NULL ends that.
pub(super) fn modified(
    table: &Named,
    name: &ObjectName,
    column: &Column,
    part: Part,
    context: &Context<'_>,
) -> Option<Hazard> {
    // CHANGE may have renamed it by the same statement: then its new name says nothing of what was filled.
    if context.filled.holds(&name.name, &column.name) {
        return None;
    }
    let (table, shown) = (context.shown(table.part), written(&column.name, Dialect::Mysql));
    Some(Hazard::at(
        Code::SetNotNull,
        part,
        format!(
            "this fails where a row of `{name}` has NULL for `{}`; outside strict mode it becomes 0 or ''",
            column.name
        ),
        format!("fill them first:\nUPDATE {table} SET {shown} = … WHERE {shown} IS NULL;"),
    ))
}

/// RC488.
pub(super) fn again(name: &ObjectName, column: &Column, part: Part) -> Hazard {
    Hazard::at(
        Code::NullableAgain,
        part,
        format!("who reads `{name}` may find NULL in `{}` from now on", column.name),
        "deploy what can read a NULL first; or leave the column NOT NULL and give it a default",
    )
}

/// Whether a check that holds for every row says so.
fn is_proved(table: &Table, column: &Name) -> bool {
    table.checks.iter().any(|check| {
        let text = check.expression.as_str();
        check.validated
            && text.contains(" is not null")
            && !text.contains(" or ")
            && check.expression.mentions(column, Dialect::Postgres)
    })
}

/// PostgreSQL 18's `ADD CONSTRAINT … NOT NULL column NOT VALID`.
fn is_deferred(action: &str) -> bool {
    let mut words = action.split_ascii_whitespace().rev();
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("VALID"))
        && words.next().is_some_and(|word| word.eq_ignore_ascii_case("NOT"))
}
