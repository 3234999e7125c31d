//! Other names for what people use. The old release runs until the last of its processes is gone, and says the old name;
//! so does every query that somebody saved.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard, Promise};
use crate::change::Named;
use crate::model::{Name, ObjectName, UserType, written};
use crate::replay::Relation;

/// RC450. On all three databases a new name takes no time, and the old one is gone with the commit.
pub(super) fn column(table: &Named, from: &Named<Name>, to: &Name, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if from.name == *to {
        return;
    }
    let Some((full, known)) = context.used(table) else { return };
    let Some(column) = known.column(&from.name) else { return };
    let dialect = context.dialect();
    let name = |name: &Name| written(name, dialect);
    let data_type = column.data_type.as_ref().map_or(String::new(), |data_type| format!(" {data_type}"));
    let table = spelled(&full, dialect);
    let help = match dialect {
        Dialect::Postgres => format!(
            "add the new column beside it, write both and read the new one, and drop the old one in a later revision:\n\
             ALTER TABLE {table} ADD COLUMN {}{data_type};",
            name(to)
        ),
        Dialect::Mysql | Dialect::Sqlite => format!(
            "give those who read it the old name back, in the same revision, until nothing says it any more:\n\
             ALTER TABLE {table} ADD COLUMN {}{data_type} GENERATED ALWAYS AS ({}) VIRTUAL;",
            name(&from.name),
            name(to)
        ),
    };
    let message = format!("what still reads `{full}.{}` fails once it is called `{to}`", from.name);
    let promise = Promise::Column(full, from.name.clone());
    found.push(Hazard::at(Code::ColumnRenamed, from.part, message, help).unless(promise));
}

/// RC451. As with a column; a view takes the old name's place. (That views can be written to on PostgreSQL and MySQL, and not on
/// SQLite, was tried.)
pub(super) fn table(from: &Named, to: ObjectName, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Some((full, _)) = context.used(from) else { return };
    if full == to {
        return;
    }
    let dialect = context.dialect();
    let message = format!("what still reads `{full}` fails once it is called `{to}`");
    let help = format!(
        "give those who read it the old name back, in the same revision, until nothing says it any more:\n\
         CREATE VIEW {} AS SELECT * FROM {};",
        spelled(&full, dialect),
        spelled(&to, dialect)
    );
    found.push(Hazard::at(Code::TableRenamed, from.part, message, help).unless(Promise::Relation(full)));
}

/// RC451, to another schema.
pub(super) fn moved(from: &Named, to: &Name, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if let Relation::Table(full) = context.replay.relation(&from.name) {
        table(from, ObjectName { schema: context.replay.namespace(to), name: full.name }, context, found);
    }
}

/// RC452. PostgreSQL's values are numbers on disk: the new name is everywhere at once, and the old one is refused, in
/// comparisons too (tried).
pub(super) fn value(named: &Named, from: &str, to: &str, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Some(full) = context.replay.find(&context.replay.schema.types, &named.name) else { return };
    let Some(UserType::Enum(known)) = context.live.types.get(&full).map(|known| &**known) else { return };
    if from == to || !known.values.iter().any(|value| value == from) {
        return;
    }
    let escaped = to.replace('\'', "''");
    found.push(Hazard::at(
        Code::EnumValueRenamed,
        named.part,
        format!("what still says `'{from}'` of `{full}` fails once it is called `'{to}'`"),
        format!(
            "add the new value, let the program read both, and change the rows in a later revision:\n\
             ALTER TYPE {} ADD VALUE '{escaped}';",
            spelled(&full, context.dialect())
        ),
    ));
}

/// RC453. PostgreSQL only, and only where something is in it.
pub(super) fn namespace(from: &Named<Name>, to: &Name, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let inside = context.replay.namespace(&from.name);
    let Some(first) = context.contents(&inside).next() else { return };
    found.push(
        Hazard::at(
            Code::SchemaRenamed,
            from.part,
            format!("what still looks for `{first}` in `{}` fails once that is called `{to}`", from.name),
            format!(
                "make the new schema beside it, and move what is in it table by table, with a view in each one's place:\n\
                 CREATE SCHEMA {};",
                written(to, context.dialect())
            ),
        )
        .unless(Promise::Namespace(from.name.clone())),
    );
}

/// A name as a statement says it.
pub(super) fn spelled(name: &ObjectName, dialect: Dialect) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", written(schema, dialect), written(&name.name, dialect)),
        None => written(&name.name, dialect),
    }
}
