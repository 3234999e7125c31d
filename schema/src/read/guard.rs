//! Blocks that mean `IF [NOT] EXISTS`: one that swallows `duplicate_object`, one that asks the catalog for the name first.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use crate::change::{Action, Change, Constraint};
use crate::model::{Name, ObjectName, unquoted};

/// A change whose handlers swallow that it was made already, and nothing else, as `IF NOT EXISTS`.
pub(super) fn unless_duplicate(handlers: &str, dialect: Dialect, mut change: Change) -> Option<Change> {
    let mut lexer = Lexer::new(handlers, dialect);
    let mut conditions = 0;
    let mut in_condition = false;
    while let Some(token) = lexer.next_significant() {
        let is = |word: &str| token.is_word(handlers, word);
        if is("WHEN") {
            in_condition = true;
        } else if is("THEN") {
            in_condition = false;
        } else if in_condition && !is("OR") {
            let text = token.text(handlers).to_ascii_lowercase();
            // `invalid_table_definition`: a second primary key.
            let expected =
                ["duplicate_object", "duplicate_table", "duplicate_column", "duplicate_schema", "duplicate_alias"];
            if !expected.contains(&text.as_str()) && text != "invalid_table_definition" {
                return None;
            }
            conditions += 1;
        } else if is("RAISE") {
            // A notice swallows it as well; anything above passes it on.
            let level = lexer.next_significant()?;
            if !["NOTICE", "INFO", "DEBUG", "LOG", "WARNING"].iter().any(|word| level.is_word(handlers, word)) {
                return None;
            }
        }
    }
    (conditions > 0 && created(&mut change).is_some()).then_some(change)
}

/// A change under a condition that looks for the very name in the catalog, as `IF NOT EXISTS` or `IF EXISTS`.
pub(super) fn under_condition(condition: &str, dialect: Dialect, mut change: Change) -> Option<Change> {
    let mut lexer = Lexer::new(condition, dialect);
    let first = lexer.next_significant()?;
    let absent = first.is_word(condition, "NOT");
    let exists = if absent { lexer.next_significant()? } else { first };
    if !exists.is_word(condition, "EXISTS") {
        return None;
    }
    let (mut asks_catalog, mut literals) = (false, Vec::new());
    while let Some(token) = lexer.next_significant() {
        let text = token.text(condition);
        match token.kind {
            TokenKind::String => literals.push(unquoted(text)),
            TokenKind::Word => {
                let lower = text.to_ascii_lowercase();
                asks_catalog |= lower.starts_with("pg_") || lower == "information_schema";
                if lower == "or" {
                    return None;
                }
            }
            _ => {}
        }
    }
    let names = if absent { created(&mut change)? } else { dropped(&mut change)? };
    let looked_for = |name: &Name| literals.iter().any(|literal| literal == name.as_str());
    (asks_catalog && !names.is_empty() && names.iter().all(looked_for)).then_some(change)
}

/// Makes a change one with `IF NOT EXISTS`, and gives the names that must not exist.
fn created(change: &mut Change) -> Option<Vec<Name>> {
    Some(match change {
        Change::CreateNamespace { name, if_not_exists } | Change::CreateExtension { name, if_not_exists } => {
            *if_not_exists = true;
            vec![name.name.clone()]
        }
        Change::CreateTable(create) => {
            create.if_not_exists = true;
            vec![create.name.name.name.clone()]
        }
        Change::CreateIndex(create) => {
            create.if_not_exists = true;
            vec![create.index.name.clone()?]
        }
        Change::CreateType { name, if_not_exists, .. }
        | Change::CreateSequence { name, if_not_exists, .. }
        | Change::CreateOther { name, if_not_exists, .. } => {
            *if_not_exists = true;
            vec![name.name.name.clone()]
        }
        Change::CreateTrigger { name, if_not_exists, .. } => {
            *if_not_exists = true;
            vec![name.name.clone()]
        }
        Change::AddValue { value, if_not_exists, name, .. } => {
            *if_not_exists = true;
            vec![Name::new(value, Dialect::Postgres), name.name.name.clone()]
        }
        Change::AlterTable { actions, .. } => match actions.as_mut_slice() {
            [(Action::AddColumn { column, if_not_exists, .. }, _)] => {
                *if_not_exists = true;
                vec![column.name.clone()]
            }
            [(Action::Add { constraint, if_not_exists }, _)] => {
                *if_not_exists = true;
                vec![constraint_name(constraint)?]
            }
            _ => return None,
        },
        _ => return None,
    })
}

fn constraint_name(constraint: &Constraint) -> Option<Name> {
    match constraint {
        Constraint::Primary(key) | Constraint::Unique(key) => key.name.clone(),
        Constraint::Foreign(key, _) => key.name.clone(),
        Constraint::Check(check) => check.name.clone(),
        Constraint::Exclude(exclusion) => exclusion.name.clone(),
        Constraint::Index(index) => index.name.clone(),
    }
}

/// Makes a change one with `IF EXISTS`, and gives the names that must exist.
fn dropped(change: &mut Change) -> Option<Vec<Name>> {
    Some(match change {
        Change::DropTable(drops)
        | Change::DropIndex { drops, .. }
        | Change::DropType { drops, .. }
        | Change::DropSequence(drops)
        | Change::DropView { drops, .. }
        | Change::DropRoutine { drops, .. }
        | Change::DropOther { drops, .. } => {
            drops.if_exists = true;
            drops.names.iter().map(|named| named.name.name.clone()).collect()
        }
        Change::DropTrigger { name, if_exists, .. } => {
            *if_exists = true;
            vec![name.name.name.clone()]
        }
        Change::AlterTable { actions, .. } => match actions.as_mut_slice() {
            [(Action::DropColumn { name, if_exists, .. }, _)] => {
                *if_exists = true;
                vec![name.name.clone()]
            }
            [(Action::Drop { name: Some(name), if_exists, .. }, _)] => {
                *if_exists = true;
                vec![name.name.clone()]
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// Adds the names of all that a change touches. False where it may be anything.
pub(super) fn touched_by(change: &Change, names: &mut Vec<ObjectName>) -> bool {
    match change {
        Change::CreateNamespace { name, .. } => names.push(ObjectName::bare(name.name.clone())),
        Change::DropNamespace(_)
        | Change::RenameNamespace { .. }
        | Change::SearchPath(_)
        | Change::ForeignKeyChecks(_)
        | Change::LegacyAlterTable(_)
        | Change::CreateExtension { .. }
        | Change::DropExtension(_) => return false,
        Change::CreateTable(create) => names.push(create.name.name.clone()),
        Change::CreateIndex(create) => {
            names.push(create.table.name.clone());
            names.extend(create.index.name.clone().map(|name| create.table.name.beside(name)));
        }
        Change::DropTable(drops)
        | Change::DropSequence(drops)
        | Change::DropType { drops, .. }
        | Change::DropView { drops, .. }
        | Change::DropRoutine { drops, .. }
        | Change::DropOther { drops, .. }
        | Change::DropIndex { drops, .. } => {
            // What else goes, nobody has named.
            if drops.cascade {
                return false;
            }
            names.extend(drops.names.iter().map(|named| named.name.clone()));
            if let Change::DropIndex { table: Some(on), .. } | Change::DropOther { on: Some(on), .. } = change {
                names.push(on.name.clone());
            }
        }
        Change::RenameTable { from, to, .. } => names.extend([from.name.clone(), to.name.clone()]),
        Change::RenameOther { from, to, on, .. } => {
            names.extend([from.name.clone(), to.name.clone()]);
            names.extend(on.iter().map(|on| on.name.clone()));
        }
        Change::RenameIndex { from, to, .. }
        | Change::RenameType { from, to }
        | Change::RenameRoutine { from, to, .. } => {
            names.extend([from.name.clone(), from.name.beside(to.clone())]);
        }
        Change::MoveTable { from, to, .. } | Change::MoveType { from, to } | Change::MoveRoutine { from, to, .. } => {
            names.push(from.name.clone());
            names.push(ObjectName { schema: Some(to.clone()), name: from.name.name.clone() });
        }
        Change::AlterTable { table, actions, .. } => {
            names.push(table.name.clone());
            return actions.iter().all(|(action, _)| touched_by_action(action, &table.name, names));
        }
        Change::CreateType { name, .. }
        | Change::AddValue { name, .. }
        | Change::RenameValue { name, .. }
        | Change::AlterType { name }
        | Change::AlterDomain { name, .. }
        | Change::CreateSequence { name, .. }
        | Change::AlterSequence { name, .. }
        | Change::CreateView { name, .. }
        | Change::CreateRoutine { name, .. } => names.push(name.name.clone()),
        Change::CreateOther { name, on, .. } | Change::AlterOther { name, on, .. } => {
            names.push(name.name.clone());
            names.extend(on.iter().map(|on| on.name.clone()));
        }
        Change::CreateTrigger { name, table, .. } => {
            names.extend([table.name.clone(), ObjectName::bare(name.name.clone())]);
        }
        Change::DropTrigger { name, table, .. } => {
            names.push(name.name.clone());
            names.extend(table.iter().map(|table| table.name.clone()));
        }
        Change::RenameTrigger { from, table, to } => {
            names.push(table.name.clone());
            names.extend([&from.name, to].map(|name| ObjectName::bare(name.clone())));
        }
        Change::Reads(_) | Change::Writes { .. } | Change::Inserts(_) => {}
        Change::CommentTable { table, .. } | Change::CommentColumn { table, .. } => names.push(table.name.clone()),
    }
    true
}

/// What an action touches beside its table.
fn touched_by_action(action: &Action, table: &ObjectName, names: &mut Vec<ObjectName>) -> bool {
    match action {
        Action::DropColumn { cascade: true, .. } | Action::Drop { cascade: true, .. } => return false,
        Action::RenameTo(to) => names.push(to.name.clone()),
        Action::SetSchema(to) => names.push(ObjectName { schema: Some(to.clone()), name: table.name.clone() }),
        Action::Attach(other) | Action::Detach { table: other, .. } => names.push(other.name.clone()),
        _ => {}
    }
    true
}
