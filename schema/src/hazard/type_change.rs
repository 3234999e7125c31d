//! PostgreSQL's `ALTER COLUMN … TYPE` on live tables: which types share their bytes. Tried on PostgreSQL 15, each pair of
//! its own types, by whether the table had another file afterwards. MySQL's are in `mysql_type`.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect};

use super::{Context, Hazard};
use crate::change::{Named, Part};
use crate::model::{Column, DataType, Expression, Name, ObjectName, UserType, written};

/// RC427, and where nothing is rewritten RC428.
pub(super) fn alter(
    table: &Named,
    column: &Name,
    data_type: &DataType,
    using: Option<&Expression>,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    let Some((name, there)) = context.known(table) else { return };
    let Some(before) = there.column(column) else { return };
    let Some(old) = before.data_type.as_ref().filter(|_| before.generated.is_none()) else { return };
    if there.options.contains_key("foreign") {
        return;
    }
    let computed = using.is_some_and(computes);
    if computed || rewrites(old, data_type, context) == Some(true) {
        found.push(rewritten(context.shown(table.part), &name, before, data_type, part));
        return;
    }
    // The same type again touches nothing.
    let changes = old != data_type && rewrites(old, data_type, context).is_some();
    let check =
        there.checks.iter().find(|check| check.validated && check.expression.mentions(column, Dialect::Postgres));
    let Some(check) = check.filter(|_| changes) else { return };
    found.push(checked(context.shown(table.part), &name, check, context.shown(part), part));
}

fn rewritten(table: &str, name: &ObjectName, column: &Column, data_type: &DataType, part: Part) -> Hazard {
    let shown = written(&column.name, Dialect::Postgres);
    let beside = written(&Name::new(&format!("{}_new", column.name), Dialect::Postgres), Dialect::Postgres);
    Hazard::at(
        Code::TypeRewrite,
        part,
        format!("nobody can read or write `{name}` while it is written anew: `{}` becomes `{data_type}`", column.name),
        format!(
            "add a column of the new type, let a trigger (or the application) write both, and fill it in batches:\n\
             ALTER TABLE {table} ADD COLUMN {beside} {data_type};\n\
             -- in a revision behind it\n\
             -- @upgrade; repeat: 10000\n\
             UPDATE {table} SET {beside} = {shown}::{data_type}\n  \
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {beside} IS NULL AND {shown} IS NOT NULL LIMIT 10000));\n\
             -- and once nobody uses the old one: drop it, and rename the new one"
        ),
    )
}

/// RC428: a check of a column is made anew with its type, and looks at every row (tried, by the scans that are counted).
fn checked(table: &str, name: &ObjectName, check: &crate::model::Check, action: &str, part: Part) -> Hazard {
    let expression = &check.expression;
    let (what, shown) = match &check.name {
        Some(check) => (format!("the check `{check}`"), written(check, Dialect::Postgres)),
        None => ("a check".to_owned(), "…".to_owned()),
    };
    Hazard::at(
        Code::TypeWithCheck,
        part,
        format!("nobody can read or write `{name}` while {what} goes through every row again"),
        format!(
            "take the check away for that moment; in two revisions:\n\
             -- @upgrade\n\
             ALTER TABLE {table} DROP CONSTRAINT {shown};\n\
             ALTER TABLE {table} {action};\n\
             ALTER TABLE {table} ADD CONSTRAINT {shown} CHECK ({expression}) NOT VALID;\n\
             -- @upgrade\n\
             ALTER TABLE {table} VALIDATE CONSTRAINT {shown};"
        ),
    )
}

/// Whether PostgreSQL writes a table anew when a column's type changes so. `None` where nobody can tell: a domain, an
/// extension's type.
fn rewrites(old: &DataType, new: &DataType, context: &Context<'_>) -> Option<bool> {
    if old == new {
        return Some(false);
    }
    let sort = |data_type: &DataType| sort(data_type, context);
    match (sort(old)?, sort(new)?) {
        // An enumeration is text only by way of a function; and an array goes element by element.
        (Sort::Enum, _) | (_, Sort::Enum) => Some(true),
        (Sort::Plain, Sort::Plain) => match old.array || new.array {
            true => (old.array != new.array || old.name != new.name).then_some(true),
            false => plain(old, new),
        },
    }
}

/// What is known of a type.
enum Sort {
    /// One of the server's.
    Plain,
    /// A user's enumeration.
    Enum,
}

fn sort(data_type: &DataType, context: &Context<'_>) -> Option<Sort> {
    if data_type.schema.is_none() && is_plain(&data_type.name) {
        return Some(Sort::Plain);
    }
    let name = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, Dialect::Postgres) };
    let schema = &context.replay.schema;
    let full = context.replay.find(&schema.types, &name)?;
    match schema.types.get(&full).map(AsRef::as_ref) {
        Some(UserType::Enum(_)) if !data_type.array => Some(Sort::Enum),
        _ => None,
    }
}

fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "smallint"
            | "integer"
            | "bigint"
            | "numeric"
            | "real"
            | "double precision"
            | "money"
            | "text"
            | "character varying"
            | "character"
            | "boolean"
            | "date"
            | "timestamp without time zone"
            | "timestamp with time zone"
            | "time without time zone"
            | "time with time zone"
            | "interval"
            | "uuid"
            | "json"
            | "jsonb"
            | "bytea"
            | "inet"
            | "cidr"
            | "bit"
            | "bit varying"
            | "xml"
            | "oid"
            | "macaddr"
    )
}

/// The same of two of the server's types that differ.
fn plain(old: &DataType, new: &DataType) -> Option<bool> {
    let grows = || grows(&old.arguments, &new.arguments);
    match (old.name.as_str(), new.name.as_str()) {
        ("character varying" | "text" | "xml", "text") | ("text" | "xml", "character varying")
            if new.arguments.is_empty() =>
        {
            Some(false)
        }
        ("character varying", "character varying") | ("bit varying", "bit varying") => Some(!grows()?),
        ("bit", "bit varying") => new.arguments.is_empty().then_some(false).or(Some(!grows()?)),
        ("numeric", "numeric") => match (old.arguments.as_slice(), new.arguments.as_slice()) {
            (_, []) => Some(false),
            ([digits, scale], [more, same]) => Some(scale != same || number(more)? < number(digits)?),
            _ => Some(true),
        },
        (
            "timestamp without time zone" | "timestamp with time zone",
            "timestamp without time zone" | "timestamp with time zone",
        ) => {
            // Of one kind to the other: it depends on the session's time zone. In UTC nothing is rewritten.
            match (digits(old)? > digits(new)?, old.name == new.name) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        }
        ("time without time zone", "time without time zone") | ("time with time zone", "time with time zone") => {
            Some(digits(old)? > digits(new)?)
        }
        // Its fields (`day to second`) are arguments, too.
        ("interval", "interval") => None,
        ("cidr", "inet") | ("integer", "oid") | ("oid", "integer") => Some(false),
        (a, b) => (a != b || old.arguments != new.arguments).then_some(true),
    }
}

/// Whether the second length holds the first. Without one there is no bound.
fn grows(old: &[String], new: &[String]) -> Option<bool> {
    Some(match (old, new) {
        (_, []) => true,
        ([], _) => false,
        ([old, ..], [new, ..]) => number(new)? >= number(old)?,
    })
}

/// The digits of a second.
fn digits(data_type: &DataType) -> Option<u32> {
    data_type.arguments.first().map_or(Some(6), |digits| number(digits))
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Whether a `USING` computes something, which is written into every row: anything but the column and casts of it.
fn computes(using: &Expression) -> bool {
    const TYPES: [&str; 14] = [
        "cast",
        "numeric",
        "decimal",
        "dec",
        "varchar",
        "character",
        "char",
        "varying",
        "timestamp",
        "timestamptz",
        "time",
        "interval",
        "bit",
        "varbit",
    ];
    let text = using.as_str();
    let mut lexer = Lexer::new(text, Dialect::Postgres);
    let mut word = None;
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(text);
        match token.kind {
            TokenKind::Word if ["case", "null"].contains(&shown) => return true,
            TokenKind::Word => word = Some(shown),
            TokenKind::Punctuation if shown == "(" => {
                if word.take().is_some_and(|word| !TYPES.contains(&word)) {
                    return true;
                }
            }
            TokenKind::Punctuation if !["(", ")", ":", ",", ".", "[", "]"].contains(&shown) => return true,
            _ => word = None,
        }
    }
    false
}
