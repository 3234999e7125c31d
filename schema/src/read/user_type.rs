//! Types and domains of PostgreSQL's.

use crate::change::{Change, DomainChange, Named};
use crate::model::{Column, DataType, Default, Domain, Enum, Name, UserType};

use super::create::Modifiers;
use super::{Cursor, Reading, data_type, rest_of};

/// Reads what follows `CREATE TYPE`.
pub(super) fn create_type(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let name = cursor.object()?;
    if cursor.is_at_end() || modifiers.or_replace {
        // A shell, which the same statement with a body will fill.
        return Some(Reading::touching([name]));
    }
    let definition = if cursor.take(&["AS", "ENUM"]) {
        UserType::Enum(Enum { values: strings(cursor)? })
    } else if cursor.is(&["AS"]) && cursor.sees_mark(1, '(') {
        cursor.next();
        UserType::Composite(attributes(cursor))
    } else if cursor.is(&["AS", "RANGE"]) {
        cursor.next();
        UserType::Other(Some(cursor.rest()))
    } else {
        rest_of(cursor);
        UserType::Other(None)
    };
    Some(Reading::one(Change::CreateType { name, if_not_exists: false, definition }))
}

/// `('a', 'b')`.
fn strings(cursor: &mut Cursor<'_>) -> Option<Vec<String>> {
    let mut values = Vec::new();
    if !cursor.take_mark('(') {
        return None;
    }
    while !cursor.take_mark(')') {
        values.push(cursor.string()?);
        cursor.take_mark(',');
    }
    Some(values)
}

/// `(a integer, b text)`.
fn attributes(cursor: &mut Cursor<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    cursor.take_mark('(');
    while let Some(name) = cursor.name() {
        let data_type = data_type::read(cursor);
        let mut column = Column::new(name.name, data_type);
        if cursor.take(&["COLLATE"]) {
            column.collation = cursor.object().map(|named| named.name.name);
        }
        columns.push(column);
        cursor.skip_clause();
        if !cursor.take_mark(',') {
            break;
        }
    }
    cursor.take_mark(')');
    columns
}

/// Reads what follows `CREATE DOMAIN`.
pub(super) fn create_domain(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let name = cursor.object()?;
    cursor.take(&["AS"]);
    let data_type: DataType = data_type::read(cursor)?;
    let mut domain = Domain { data_type, nullable: true, default: None, checks: Vec::new() };
    let mut constraint: Option<Name> = None;
    loop {
        if cursor.take(&["CONSTRAINT"]) {
            constraint = Some(cursor.name()?.name);
        } else if cursor.take(&["NOT", "NULL"]) {
            domain.nullable = false;
        } else if cursor.take(&["NULL"]) {
        } else if cursor.take(&["CHECK"]) {
            domain.checks.push((constraint.take(), cursor.expression_in_parentheses()?));
        } else if cursor.take(&["COLLATE"]) {
            cursor.object();
        } else if cursor.take(&["DEFAULT"]) {
            let start = cursor.position();
            cursor.skip();
            while !cursor.is_at_end() && !cursor.is_any(&["CONSTRAINT", "NOT", "NULL", "CHECK", "COLLATE"]) {
                cursor.skip();
            }
            domain.default = Some(Default(cursor.expression((start, cursor.position()))));
        } else {
            break;
        }
    }
    let definition = UserType::Domain(domain);
    Some(Reading::one(Change::CreateType { name, if_not_exists: false, definition }))
}

/// Reads what follows `ALTER TYPE`.
pub(super) fn alter_type(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let name = cursor.object()?;
    Some(Reading::one(if cursor.take(&["ADD", "VALUE"]) {
        let if_not_exists = cursor.take_if_not_exists();
        let value = cursor.string()?;
        let beside = match cursor.take_any(&["BEFORE", "AFTER"]) {
            Some(word) => Some((word == "BEFORE", cursor.string()?)),
            None => None,
        };
        Change::AddValue { name, value, if_not_exists, beside }
    } else if cursor.take(&["RENAME", "VALUE"]) {
        let from = cursor.string()?;
        if !cursor.take(&["TO"]) {
            return None;
        }
        Change::RenameValue { name, from, to: cursor.string()? }
    } else if cursor.take(&["OWNER"]) {
        return Some(Reading::Neutral);
    } else if let Some(change) = renamed_or_moved(cursor, &name) {
        change
    } else {
        // Attributes, and the properties of a base type.
        rest_of(cursor);
        Change::AlterType { name }
    }))
}

fn renamed_or_moved(cursor: &mut Cursor<'_>, name: &Named) -> Option<Change> {
    if cursor.take(&["RENAME", "TO"]) {
        return Some(Change::RenameType { from: name.clone(), to: cursor.name()?.name });
    }
    if cursor.take(&["SET", "SCHEMA"]) {
        return Some(Change::MoveType { from: name.clone(), to: cursor.name()?.name });
    }
    None
}

/// Reads what follows `ALTER DOMAIN`.
pub(super) fn alter_domain(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let name = cursor.object()?;
    if let Some(change) = renamed_or_moved(cursor, &name) {
        return Some(Reading::one(change));
    }
    let change = if cursor.take(&["SET", "DEFAULT"]) {
        DomainChange::Default(Some(Default(cursor.rest())))
    } else if cursor.take(&["DROP", "DEFAULT"]) {
        DomainChange::Default(None)
    } else if cursor.take(&["SET", "NOT", "NULL"]) {
        DomainChange::Nullable(false)
    } else if cursor.take(&["DROP", "NOT", "NULL"]) {
        DomainChange::Nullable(true)
    } else if cursor.take(&["ADD"]) {
        let constraint = match cursor.take(&["CONSTRAINT"]) {
            true => Some(cursor.name()?.name),
            false => None,
        };
        if cursor.take(&["NOT", "NULL"]) {
            DomainChange::Nullable(false)
        } else {
            cursor.take(&["CHECK"]);
            let expression = cursor.expression_in_parentheses()?;
            cursor.take(&["NOT", "VALID"]);
            DomainChange::AddCheck(constraint, expression)
        }
    } else if cursor.take(&["DROP", "CONSTRAINT"]) {
        let if_exists = cursor.take_if_exists();
        let name = cursor.name()?;
        cursor.take_cascade();
        DomainChange::DropCheck { name, if_exists }
    } else if cursor.take(&["RENAME", "CONSTRAINT"]) {
        let from = cursor.name()?;
        if !cursor.take(&["TO"]) {
            return None;
        }
        DomainChange::RenameCheck { from, to: cursor.name()?.name }
    } else if cursor.is_any(&["VALIDATE", "OWNER"]) {
        return Some(Reading::Neutral);
    } else {
        return Some(Reading::touching([name]));
    };
    Some(Reading::one(Change::AlterDomain { name, change }))
}
