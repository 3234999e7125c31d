//! Matters of taste, which nobody hears of who didn't ask: types and words that are legal, and that people come to regret. About
//! new tables, too; never about temporary ones.

use revchain_core::{Code, Dialect};

use super::rename::spelled;
use super::{Context, Hazard};
use crate::change::{Action, Change, ColumnChange, Constraint, Named, Part};
use crate::model::{Column, DataType, Identity, Key, Name, ObjectName, Table, UserType, written};
use crate::replay::Relation;

/// All of them, about one change.
pub(super) fn change(change: &Change, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if !context.taste || context.dialect() == Dialect::Sqlite {
        return;
    }
    match change {
        Change::CreateTable(create) if !create.table.temporary => {
            unqualified(&create.name, context, found);
            let full = context.replay.target(&create.name.name);
            for (column, part) in create.table.columns.iter().zip(&create.column_parts) {
                types(&full, column, *part, context, found);
            }
            if let Some(key) = &create.table.primary_key {
                let at = |name: &Name| create.table.columns.iter().position(|column| column.name == *name);
                let part = key.columns.first().and_then(at).and_then(|at| create.column_parts.get(at));
                primary_key(&full, &create.table, key, part.copied().unwrap_or(create.name.part), context, found);
            }
        }
        Change::AlterTable { table, actions, .. } => {
            let Relation::Table(full) = context.replay.relation(&table.name) else { return };
            unqualified(table, context, found);
            for (action, part) in actions {
                altered(&full, action, *part, context, found);
            }
        }
        Change::CreateIndex(create) => unqualified(&create.table, context, found),
        Change::DropTable(drops) => drops.names.iter().for_each(|name| unqualified(name, context, found)),
        Change::RenameTable { from, .. } => unqualified(from, context, found),
        Change::AddValue { name, value, if_not_exists, beside: None } => {
            value_order(name, value, *if_not_exists, context, found);
        }
        _ => {}
    }
}

fn altered(full: &ObjectName, action: &Action, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    match action {
        Action::AddColumn { column, constraints, .. } => {
            types(full, column, part, context, found);
            let key = constraints.iter().find_map(|constraint| match constraint {
                Constraint::Primary(key) => Some(key),
                _ => None,
            });
            if let Some(key) = key {
                let mut table = Table::new(crate::model::Place::NOWHERE);
                table.columns.push((**column).clone());
                primary_key(full, &table, key, part, context, found);
            }
        }
        Action::AlterColumn { name, change: ColumnChange::Type { data_type, .. }, .. } => {
            types(full, &Column::new(name.name.clone(), Some(data_type.clone())), part, context, found);
        }
        Action::Add { constraint: Constraint::Primary(key), .. } => {
            if let Some(table) = context.replay.schema.tables.get(full) {
                primary_key(full, table, key, part, context, found);
            }
        }
        _ => {}
    }
}

/// RC480. A key that is a foreign key, too, has the type that it refers to.
fn primary_key(
    full: &ObjectName,
    table: &Table,
    key: &Key,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    let [name] = key.columns.as_slice() else { return };
    if table.foreign_keys.iter().any(|foreign| foreign.columns.contains(name)) {
        return;
    }
    let Some(last) = table.column(name).and_then(|column| column.data_type.as_ref()).and_then(last_number) else {
        return;
    };
    found.push(Hazard::at(
        Code::IntPrimaryKey,
        part,
        format!("the numbers of `{full}.{name}` end at {last}"),
        match context.dialect() {
            Dialect::Mysql => format!("make it `{} bigint`, and so what refers to it", written(name, Dialect::Mysql)),
            dialect => format!(
                "make it `{} bigint`, and so what refers to it: a change of type writes a full table anew",
                written(name, dialect)
            ),
        },
    ));
}

/// The last number of a whole number's type that is not the widest.
fn last_number(data_type: &DataType) -> Option<&'static str> {
    let last = match (data_type.name.as_str(), data_type.unsigned) {
        _ if data_type.array || data_type.schema.is_some() => return None,
        ("tinyint", false) => "127",
        ("tinyint", true) => "255",
        ("smallint", false) => "32,767",
        ("smallint", true) => "65,535",
        ("mediumint", false) => "8,388,607",
        ("mediumint", true) => "16,777,215",
        ("integer" | "int", false) => "2,147,483,647",
        ("int", true) => "4,294,967,295",
        _ => return None,
    };
    Some(last)
}

/// RC481 to RC485: PostgreSQL's alone. (MySQL wants lengths, has AUTO_INCREMENT and one JSON.)
fn types(full: &ObjectName, column: &Column, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres {
        return;
    }
    let name = written(&column.name, Dialect::Postgres);
    let of = format_args!("`{full}.{}`", column.name);
    let mut say = |code, message: String, help: String| found.push(Hazard::at(code, part, message, help));
    if column.identity == Some(Identity::Serial) {
        say(
            Code::Serial,
            format!("{of} draws from a sequence that has an owner and grants of its own"),
            format!("make it an identity column:\n{name} bigint GENERATED BY DEFAULT AS IDENTITY"),
        );
    }
    let Some(data_type) = column.data_type.as_ref().filter(|data_type| data_type.schema.is_none() && !data_type.array)
    else {
        return;
    };
    match (data_type.name.as_str(), data_type.arguments.as_slice()) {
        ("character varying", [limit]) => say(
            Code::VarcharLimit,
            format!("{of} takes {limit} characters, and another limit means ALTER TABLE"),
            format!(
                "make the limit a check, which can be replaced while the table is in use:\n{name} text CHECK (length({name}) <= {limit})"
            ),
        ),
        ("character", _) => say(
            Code::CharType,
            format!("what is shorter than {of} is filled up with blanks"),
            format!("say `{name} text`, with a check where the length matters"),
        ),
        ("timestamp without time zone", _) => say(
            Code::TimestampWithoutZone,
            format!("{of} is a time of day, and nobody can tell where"),
            format!("say `{name} timestamptz`: a moment, which each session sees in its own zone"),
        ),
        ("json", _) => say(
            Code::JsonType,
            format!("{of} can neither be compared nor be indexed as a whole"),
            format!("say `{name} jsonb`"),
        ),
        _ => {}
    }
}

/// RC486. Without a word the value comes last, whatever it means.
fn value_order(name: &Named, value: &str, if_not_exists: bool, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Some(full) = context.replay.find(&context.replay.schema.types, &name.name) else { return };
    let Some(UserType::Enum(known)) = context.replay.schema.types.get(&full).map(|known| &**known) else { return };
    let Some(last) = known.values.last().filter(|_| !(if_not_exists && known.values.iter().any(|old| old == value)))
    else {
        return;
    };
    found.push(Hazard::at(
        Code::EnumValueOrder,
        name.part,
        format!("`'{value}'` becomes the greatest value of `{}`, because nothing else is said", name.name),
        format!("say where it belongs:\n{} AFTER '{}';", context.text.trim_end(), last.replace('\'', "''")),
    ));
}

/// RC487. Where a name without a schema leads, the session's search_path decides.
fn unqualified(name: &Named, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let text = context.text.get(name.part.0..name.part.1).unwrap_or_default();
    if context.dialect() != Dialect::Postgres
        || text.contains('.')
        || context.replay.relation(&name.name) == Relation::Temporary
    {
        return;
    }
    let full = match context.replay.relation(&name.name) {
        Relation::Table(full) | Relation::View(full) => full,
        _ => context.replay.target(&name.name),
    };
    let shown = match full.schema {
        Some(_) => spelled(&full, Dialect::Postgres),
        None => format!("public.{}", spelled(&full, Dialect::Postgres)),
    };
    found.push(Hazard::at(
        Code::UnqualifiedTable,
        name.part,
        format!("in which schema `{}` is, the session's `search_path` decides", name.name),
        format!("say it: `{shown}`"),
    ));
}
