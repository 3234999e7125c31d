//! What only MySQL and MariaDB have: `ALGORITHM`, `LOCK`, and what they can only do by copying a table.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect};

use super::mysql_type::{character_set, differ, is_text};
use super::{Context, Hazard};
use crate::change::{Action, Change, Constraint, CreateTable, Kind, Named, Part};
use crate::model::{ForeignKey, ObjectName, Table, written};

/// What to do where there is no better statement.
pub(super) const BESIDE: &str = "do it when nobody writes, or with a tool that copies the table beside its use (`gh-ost`, \
                                 `pt-online-schema-change`)";

/// RC431 of `CREATE TABLE`.
pub(super) fn created(create: &CreateTable, context: &Context<'_>, found: &mut Vec<Hazard>) {
    for (key, part) in create.table.foreign_keys.iter().zip(&create.foreign_key_parts) {
        let before = context.text.get(..part.0).unwrap_or_default();
        if key.columns.len() == 1 && is_inline(before) {
            found.push(ignored(key, *part, context));
        }
    }
}

/// RC431 and RC432 of `ALTER TABLE`.
pub(super) fn altered(table: &Named, actions: &[(Action, Part)], context: &Context<'_>, found: &mut Vec<Hazard>) {
    for (action, _) in actions {
        if let Action::AddColumn { constraints, .. } | Action::ModifyColumn { constraints, .. } = action {
            for constraint in constraints {
                if let Constraint::Foreign(key, part) = constraint {
                    found.push(ignored(key, *part, context));
                }
            }
        }
    }
    let candidate = |action: &Action| {
        matches!(action, Action::Drop { kind: Kind::PrimaryKey, .. } | Action::SetOption(..) | Action::Convert { .. })
    };
    // One copy is said once.
    if !found.is_empty() || !actions.iter().any(|(action, _)| candidate(action)) {
        return;
    }
    let Some((name, there)) = context.known(table) else { return };
    let copied = actions.iter().find_map(|(action, part)| Some((why_copied(action, actions, there)?, *part)));
    if let Some(((why, help), part)) = copied {
        let message = format!("nobody can write to `{name}` while it is copied: {why}");
        found.push(Hazard::at(Code::CopiesTable, part, message, help));
    }
}

/// Why both servers copy a table for this, and what to do.
fn why_copied(action: &Action, actions: &[(Action, Part)], table: &Table) -> Option<(&'static str, &'static str)> {
    let innodb = !table.options.contains_key("engine");
    match action {
        Action::Drop { kind: Kind::PrimaryKey, .. } if innodb && table.primary_key.is_some() => {
            let adds = |action: &Action| match action {
                Action::Add { constraint, .. } => matches!(constraint, Constraint::Primary(_)),
                Action::AddColumn { constraints, .. } | Action::ModifyColumn { constraints, .. } => {
                    constraints.iter().any(|constraint| matches!(constraint, Constraint::Primary(_)))
                }
                _ => false,
            };
            let why = "its rows lie in the order of the primary key";
            let help = "name the new primary key in the same statement, then it is done in place: \
                        DROP PRIMARY KEY, ADD PRIMARY KEY (…)";
            (!actions.iter().any(|(action, _)| adds(action))).then_some((why, help))
        }
        Action::SetOption(key, value) if key == "engine" && table.options.get("engine") != value.as_ref() => {
            Some(("another engine takes it over", BESIDE))
        }
        Action::SetOption(key, value)
            if key == "partition by" && table.options.get("partition by") != value.as_ref() =>
        {
            Some(("its rows are put into other partitions", BESIDE))
        }
        Action::Convert { character_set: Some(to), .. } if innodb => {
            let converts = table.columns.iter().any(|column| {
                column.data_type.as_ref().is_some_and(is_text) && differ((character_set(column, table), Some(to)))
            });
            converts.then_some(("its text is written in another character set", BESIDE))
        }
        _ => None,
    }
}

/// RC432 and RC433 of `ALGORITHM` and `LOCK`. Where something else was found, that says it.
pub(super) fn options(changes: &[Change], context: &Context<'_>, found: &mut Vec<Hazard>) {
    if !found.is_empty() {
        return;
    }
    let (table, parts): (&Named, Vec<Part>) = match changes {
        [Change::AlterTable { table, actions, .. }] => {
            let options = actions.iter().filter(|(action, _)| *action == Action::Neutral).map(|(_, part)| *part);
            (table, options.collect())
        }
        [Change::CreateIndex(create)] => (&create.table, vec![(create.table.part.1, context.text.len())]),
        [Change::DropIndex { table: Some(table), .. }] => (table, vec![(table.part.1, context.text.len())]),
        _ => return,
    };
    let Some(option) = strongest(&parts, context.text) else { return };
    let Some((name, _)) = context.live(table) else { return };
    found.push(asked(&option, &name, context.text));
}

/// `ALGORITHM=COPY`, `LOCK=SHARED`, `LOCK=EXCLUSIVE`.
struct Asked {
    code: Code,
    exclusive: bool,
    part: Part,
}

fn asked(option: &Asked, name: &ObjectName, text: &str) -> Hazard {
    let (head, tail) = (text.get(..option.part.0), text.get(option.part.1..));
    let rewrite = |with: &str| {
        let (head, tail) = (head.unwrap_or_default(), tail.unwrap_or_default().trim_end());
        format!("{head}{with}{tail};")
    };
    let (message, help) = match (option.code, option.exclusive) {
        (Code::CopiesTable, _) => (
            format!("nobody can write to `{name}` while it is copied: ALGORITHM asks for it"),
            format!("let the server refuse what it can't do in place:\n{}", rewrite("ALGORITHM=INPLACE")),
        ),
        (_, exclusive) => (
            format!(
                "nobody can {} `{name}` meanwhile: LOCK asks for it",
                if exclusive { "read or write" } else { "write to" }
            ),
            format!("let the server refuse what it can't do without a lock:\n{}", rewrite("LOCK=NONE")),
        ),
    };
    Hazard::at(option.code, option.part, message, help)
}

/// The one that stops most.
fn strongest(parts: &[Part], text: &str) -> Option<Asked> {
    let options = parts.iter().flat_map(|part| options_in(*part, text));
    options.max_by_key(|option| (option.exclusive, option.code == Code::CopiesTable))
}

fn options_in(part: Part, text: &str) -> Vec<Asked> {
    let mut found = Vec::new();
    let within = text.get(..part.1).unwrap_or_default();
    let mut lexer = Lexer::new(within, Dialect::Mysql);
    lexer.seek(part.0);
    let mut word: Option<(usize, &str)> = None;
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(text);
        if token.kind == TokenKind::Punctuation && shown == "=" {
            continue;
        }
        if let Some((start, key)) = word.take() {
            let is = |option: &str, value: &str| key.eq_ignore_ascii_case(option) && shown.eq_ignore_ascii_case(value);
            let code = match () {
                () if is("ALGORITHM", "COPY") => Some(Code::CopiesTable),
                () if is("LOCK", "SHARED") || is("LOCK", "EXCLUSIVE") => Some(Code::LockOption),
                () => None,
            };
            if let Some(code) = code {
                found.push(Asked { code, exclusive: is("LOCK", "EXCLUSIVE"), part: (start, token.end) });
                continue;
            }
        }
        word = (token.kind == TokenKind::Word).then_some((token.start, shown));
    }
    found
}

/// RC431. The dialect doesn't say which server it is: MariaDB makes the foreign key (since 10.5), MySQL does since 9.0.
fn ignored(key: &ForeignKey, part: Part, context: &Context<'_>) -> Hazard {
    let column = key.columns.first().map(|column| written(column, Dialect::Mysql)).unwrap_or_default();
    let table = context.shown(part);
    let references: Vec<String> = key.references.iter().map(|column| written(column, Dialect::Mysql)).collect();
    let references = if references.is_empty() { "id".to_owned() } else { references.join(", ") };
    let actions = [("DELETE", key.on_delete), ("UPDATE", key.on_update)]
        .into_iter()
        .filter(|(_, action)| *action != Default::default());
    let actions: String = actions.map(|(event, action)| format!(" ON {event} {}", action.sql())).collect();
    Hazard::at(
        Code::InlineReferencesIgnored,
        part,
        format!(
            "`{column}` gets no foreign key to `{}` from MySQL before 9, which reads no REFERENCES in a column",
            key.table
        ),
        format!(
            "write it as a constraint of the table's:\nFOREIGN KEY ({column}) REFERENCES {table} ({references}){actions}"
        ),
    )
}

/// Whether a REFERENCES, whose table begins where the text ends, stands in a column: no `FOREIGN KEY (…)` before it.
fn is_inline(before: &str) -> bool {
    let Some((before, _)) = before.trim_end().rsplit_once(char::is_whitespace) else { return false };
    let before = before.trim_end();
    let Some(columns) = before.strip_suffix(')') else { return true };
    let Some((head, _)) = columns.rsplit_once('(') else { return true };
    // `FOREIGN KEY name (…)`, or without a name.
    !head.split_ascii_whitespace().rev().take(2).any(|word| word.eq_ignore_ascii_case("KEY"))
}
