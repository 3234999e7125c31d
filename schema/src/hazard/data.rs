//! Statements that go over the rows of a live table, and what they keep others from. Reads of a statement that is no DDL only
//! its first words, but for those that may be guilty.

use revchain_core::sql::TokenKind;
use revchain_core::{Code, Dialect};

use super::rename::spelled;
use super::{Context, Hazard};
use crate::change::{DomainChange, Named, Part};
use crate::model::{ObjectName, Schema, Table, written};
use crate::read::Cursor;

/// What is no DDL. PostgreSQL's alone: MySQL commits DDL by itself, and rebuilds a table while it is written to; SQLite has one
/// writer.
pub(super) fn neutral(context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres {
        return;
    }
    let begins = |word: &str| context.text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word));
    let rule = match context.text.as_bytes().first() {
        Some(b'T' | b't') if begins("TRUNCATE") => truncate,
        Some(b'U' | b'u') if begins("UPDATE") && !context.past.closed.is_empty() => backfill,
        Some(b'D' | b'd') if begins("DELETE") && !context.past.closed.is_empty() => backfill,
        Some(b'V' | b'v') if begins("VACUUM") => vacuum,
        Some(b'C' | b'c') if begins("CLUSTER") => cluster,
        _ => return,
    };
    let mut cursor = Cursor::new(context.text, Dialect::Postgres);
    cursor.next();
    rule(&mut cursor, context, found);
}

/// RC457. TRUNCATE says what it empties, but for CASCADE.
fn truncate(cursor: &mut Cursor<'_>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    cursor.take(&["TABLE"]);
    let mut emptied: Vec<ObjectName> = Vec::new();
    let start = cursor.position();
    loop {
        cursor.take(&["ONLY"]);
        let Some(named) = cursor.object() else { return };
        cursor.take_mark('*');
        emptied.extend(context.used(&named).map(|(full, _)| full));
        if !cursor.take_mark(',') {
            break;
        }
    }
    let part = cursor.part((start, cursor.position()));
    let _ = cursor.take(&["RESTART", "IDENTITY"]) || cursor.take(&["CONTINUE", "IDENTITY"]);
    let named = emptied.len();
    if !cursor.take(&["CASCADE"]) || named == 0 {
        return;
    }
    // What refers to one that is emptied is emptied, too.
    let tables = &context.replay.schema.tables;
    let is_used = |name: &ObjectName| context.live.tables.contains_key(name);
    let mut at = 0;
    while let Some(parent) = emptied.get(at).cloned() {
        let refers = |table: &Table| table.foreign_keys.iter().any(|key| key.table == parent);
        let more: Vec<ObjectName> = (tables.iter())
            .filter(|(name, table)| refers(table) && is_used(name) && !emptied.contains(name))
            .map(|(name, _)| name.clone())
            .collect();
        emptied.extend(more);
        at += 1;
    }
    let Some(first) = emptied.get(named) else { return };
    let others = match emptied.len() - named - 1 {
        0 => String::new(),
        1 => " and another table".to_owned(),
        others => format!(" and {others} more tables"),
    };
    let all: Vec<String> = emptied.iter().map(|name| spelled(name, Dialect::Postgres)).collect();
    found.push(Hazard::at(
        Code::TruncateCascade,
        part,
        format!("`{first}`{others} will be emptied as well, and the statement doesn't say so"),
        format!("name what you mean to empty, and leave CASCADE out:\nTRUNCATE {};", all.join(", ")),
    ));
}

/// RC458. What ALTER TABLE has locked stays locked while the rows are gone over: until the commit nobody can read it.
/// Only where the condition, if there is one, picks nothing out: it holds no constant.
fn backfill(cursor: &mut Cursor<'_>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let deletes = cursor.take(&["FROM"]);
    cursor.take(&["ONLY"]);
    let Some(table) = cursor.object() else { return };
    let Some((full, _)) = context.used(&table) else { return };
    let Some(place) = context.past.closed.get(&full) else { return };
    while !cursor.is_at_end() && !cursor.is_any(&["SET", "WHERE"]) {
        cursor.skip();
    }
    let set = cursor.position();
    while !cursor.is_at_end() && !cursor.is_any(&["WHERE", "FROM", "RETURNING"]) {
        cursor.skip();
    }
    let is_alone = cursor.is_at_end() && !deletes;
    let set = cursor.part((set, cursor.position()));
    while !cursor.is_at_end() && !cursor.is_any(&["WHERE"]) {
        cursor.skip();
    }
    while let Some(token) = cursor.next() {
        if token.is_word(context.text, "RETURNING") {
            break;
        }
        // `TRUE` and `FALSE` are words, and so is a column that holds one of them.
        let is_constant = matches!(token.kind, TokenKind::String | TokenKind::DollarString | TokenKind::Number);
        if is_constant || token.is_word(context.text, "CURRENT") {
            return;
        }
    }
    let rounds = is_alone.then(|| rounds(&full, context.text.get(set.0..set.1)?, context)).flatten();
    let help = match rounds {
        Some(rounds) => format!("do it in the next revision, in rounds that each lock a few rows:\n{rounds}"),
        None => "do it in the next revision, in a section `-- @upgrade; repeat: 5000`: rounds that each lock a few rows, and \
                 whose condition passes over those that are done"
            .to_owned(),
    };
    let done = if deletes { "deleted" } else { "updated" };
    let mut hazard = Hazard::at(
        Code::BackfillWithDdl,
        table.part,
        format!("nobody can read `{full}` while its rows are {done}"),
        help,
    );
    hazard.also = Some((*place, "this locks the table until the revision is committed".to_owned()));
    found.push(hazard);
}

/// The same in rounds: where the first column that it sets was NULL in every row before.
fn rounds(table: &ObjectName, set: &str, context: &Context<'_>) -> Option<String> {
    let mut cursor = Cursor::new(set, Dialect::Postgres);
    cursor.take(&["SET"]);
    let column = cursor.name()?.name;
    let known = context.replay.schema.tables.get(table)?;
    let is_new = context.live.tables.get(table)?.column(&column).is_none();
    known.column(&column).filter(|column| is_new && column.nullable && column.default.is_none())?;
    let key = match known.primary_key.as_ref().map(|key| key.columns.as_slice()) {
        Some([key]) => written(key, Dialect::Postgres),
        _ => "ctid".to_owned(),
    };
    let (table, column) = (spelled(table, Dialect::Postgres), written(&column, Dialect::Postgres));
    Some(format!(
        "-- @upgrade; repeat: 5000\n\
         UPDATE {table} {set} WHERE {key} IN (SELECT {key} FROM {table} WHERE {column} IS NULL LIMIT 5000);"
    ))
}

/// RC459, `VACUUM FULL`.
fn vacuum(cursor: &mut Cursor<'_>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let mut full = false;
    if cursor.take_mark('(') {
        while !cursor.is_at_end() && !cursor.take_mark(')') {
            if cursor.take(&["FULL"]) {
                let is_off = cursor.is_any(&["FALSE", "OFF"]) || cursor.text(0) == "0";
                full |= !is_off;
            } else {
                cursor.next();
            }
        }
    }
    while let Some(word) = cursor.take_any(&["FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE"]) {
        full |= word == "FULL";
    }
    if !full {
        return;
    }
    if cursor.is_at_end() && !context.live.tables.is_empty() {
        let help = "let autovacuum do it, or vacuum the tables that need it, without FULL:\nVACUUM ANALYZE;";
        let message = "nobody can read a table while this writes it anew, one after the other".to_owned();
        found.push(Hazard::at(Code::RewritesTable, (0, context.text.len()), message, help));
    }
    while let Some(table) = cursor.object() {
        if let Some((name, _)) = context.used(&table) {
            let help = format!(
                "without FULL the room is used again, and nobody waits:\nVACUUM ANALYZE {};",
                spelled(&name, Dialect::Postgres)
            );
            found.push(rewrites(&name, table.part, help));
        }
        cursor.skip_parentheses();
        if !cursor.take_mark(',') {
            break;
        }
    }
}

/// RC459, `CLUSTER`. Without a table it does those that were clustered before: nobody knows which.
fn cluster(cursor: &mut Cursor<'_>, context: &Context<'_>, found: &mut Vec<Hazard>) {
    cursor.skip_parentheses();
    cursor.take(&["VERBOSE"]);
    let Some(mut table) = cursor.object() else { return };
    if cursor.take(&["ON"]) {
        let Some(on) = cursor.object() else { return };
        table = on;
    }
    if let Some((name, _)) = context.used(&table) {
        let help = "leave the order of the rows to a tool that copies the table beside it (pg_repack), or do it while nobody works".to_owned();
        found.push(rewrites(&name, table.part, help));
    }
}

/// RC459, `SET LOGGED` and `SET UNLOGGED`.
pub(super) fn logged(
    table: &Named,
    key: &str,
    value: Option<&str>,
    part: Part,
    context: &Context<'_>,
    found: &mut Vec<Hazard>,
) {
    if context.dialect() != Dialect::Postgres || key != "unlogged" {
        return;
    }
    let Some((name, known)) = context.used(table) else { return };
    if known.is_known() && known.options.get(key).map(String::as_str) != value {
        found.push(rewrites(&name, part, help_of_rewrite()));
    }
}

/// RC459, `SET TABLESPACE` and `SET ACCESS METHOD`, which no schema shows.
pub(super) fn moved(table: &Named, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres {
        return;
    }
    let mut words = context.text.get(part.0..part.1).unwrap_or_default().split_ascii_whitespace();
    let mut is = |word: &str| words.next().is_some_and(|first| first.eq_ignore_ascii_case(word));
    if !is("SET") {
        return;
    }
    let second = words.next().unwrap_or_default();
    let copies = second.eq_ignore_ascii_case("TABLESPACE") || second.eq_ignore_ascii_case("ACCESS");
    // A partitioned table has no rows of its own.
    if let Some((name, known)) = context.used(table).filter(|_| copies)
        && !known.options.contains_key("partition by")
    {
        found.push(rewrites(&name, part, help_of_rewrite()));
    }
}

fn rewrites(name: &ObjectName, part: Part, help: String) -> Hazard {
    let message = format!("nobody can read `{name}` while all of it is written anew");
    Hazard::at(Code::RewritesTable, part, message, help)
}

fn help_of_rewrite() -> String {
    "do it while nobody works, and say when; above the statement:\n-- @allow RC459: done in the night of …".to_owned()
}

/// RC460. PostgreSQL looks at every row of every table that has a column of the domain, under a SHARE lock on each: with ADD
/// CONSTRAINT, with VALIDATE and with SET NOT NULL (tried on 15; NOT VALID takes none).
pub(super) fn domain(named: &Named, change: &DomainChange, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let is_check = match change {
        DomainChange::AddCheck(..) => true,
        DomainChange::Nullable(nullable) if !nullable => false,
        _ => return,
    };
    let last =
        context.text.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).rsplit(char::is_whitespace).next();
    if is_check && last.is_some_and(|word| word.eq_ignore_ascii_case("VALID")) {
        return;
    }
    let Some(full) = context.replay.find(&context.replay.schema.types, &named.name) else { return };
    let mut tables = with_columns_of(&full, context.live);
    let Some(first) = tables.next() else { return };
    let (others, their) = match tables.count() {
        0 => (String::new(), "its"),
        1 => (" and another table".to_owned(), "their"),
        others => (format!(" and {others} more tables"), "their"),
    };
    let help = match is_check {
        true => format!(
            "let it hold for new values at first, and validate it while nobody works:\n{} NOT VALID;",
            context.text.trim_end()
        ),
        false => {
            "make it a check of each table: ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, and VALIDATE CONSTRAINT \
                  in the next revision"
                .to_owned()
        }
    };
    found.push(Hazard::at(
        Code::DomainConstraint,
        named.part,
        format!("nobody can write to `{first}`{others} while {their} rows are checked"),
        help,
    ));
}

fn with_columns_of<'a>(domain: &'a ObjectName, live: &'a Schema) -> impl Iterator<Item = &'a ObjectName> {
    let has = |table: &Table| {
        table.columns.iter().filter_map(|column| column.data_type.as_ref()).any(|data_type| {
            data_type.name == domain.name.key() && data_type.schema == domain.schema && !data_type.array
        })
    };
    live.tables.iter().filter(move |(_, table)| !table.temporary && has(table)).map(|(name, _)| name)
}
