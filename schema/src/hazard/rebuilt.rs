//! RC403: what is built anew while somebody uses it. These statements don't change the schema: they are read here.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect};

use super::rewrite::slice;
use super::{Context, Hazard};
use crate::model::View;
use crate::read::Cursor;
use crate::replay::Relation;

/// `REINDEX` and `REFRESH MATERIALIZED VIEW`. Of any other statement only the first word is looked at.
///
/// Source: PostgreSQL's documentation of REINDEX and REFRESH MATERIALIZED VIEW; tried.
pub(super) fn judge(context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres {
        return;
    }
    let text = context.text;
    let Some(first) = Lexer::new(text, Dialect::Postgres).next_significant() else { return };
    if first.kind != TokenKind::Word || !matches!(text.as_bytes().get(first.start), Some(b'r' | b'R')) {
        return;
    }
    if first.is_word(text, "REINDEX") {
        found.extend(reindex(&mut Cursor::new(text, Dialect::Postgres), context));
    } else if first.is_word(text, "REFRESH") {
        found.extend(refresh(&mut Cursor::new(text, Dialect::Postgres), context));
    }
}

fn reindex(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Option<Hazard> {
    cursor.next();
    // Options: `(VERBOSE, CONCURRENTLY)`.
    if let Some(range) = cursor.skip_parentheses() {
        let options = slice(context.text, cursor.part(range));
        if options.to_ascii_uppercase().contains("CONCURRENTLY") {
            return None;
        }
    }
    let at = cursor.position();
    // SYSTEM has no concurrent way.
    let kind = cursor.take_any(&["INDEX", "TABLE", "SCHEMA", "DATABASE"])?;
    let word = cursor.part((at, at + 1));
    if cursor.take(&["CONCURRENTLY"]) {
        return None;
    }
    let (message, part) = match kind {
        "INDEX" | "TABLE" => {
            let named = cursor.object()?;
            let table = match context.replay.relation(&named.name) {
                Relation::Index(_, table) | Relation::Table(table) => table,
                _ => return None,
            };
            let (table, _) = context.live_name(&table)?;
            let what = if kind == "INDEX" { "this index is" } else { "its indexes are" };
            (format!("nobody can write to `{table}`, and few can read it, while {what} built anew"), named.part)
        }
        _ => {
            context.replay.schema.tables.values().find(|table| context.is_live(table))?;
            ("nobody can write to a table, and few can read it, while its indexes are built anew".to_owned(), word)
        }
    };
    let (outside, section) = context.outside();
    let head = slice(context.text, (0, word.1));
    let tail = slice(context.text, (word.1, context.text.len())).trim_end();
    let help = format!("build it concurrently{outside}:\n{section}{head} CONCURRENTLY{tail};");
    Some(Hazard::at(Code::ReindexBlocks, part, message, help))
}

/// Where the view has a unique index of whole rows: without one there is no other way.
fn refresh(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Option<Hazard> {
    cursor.take(&["REFRESH", "MATERIALIZED", "VIEW"]).then_some(())?;
    let end = cursor.part((0, cursor.position())).1;
    if cursor.take(&["CONCURRENTLY"]) {
        return None;
    }
    let named = cursor.object()?;
    let Relation::View(full) = context.replay.relation(&named.name) else { return None };
    // One that is emptied, or new, nobody reads.
    if cursor.is(&["WITH", "NO", "DATA"]) || !is_whole(context.before.views.get(&full)?) {
        return None;
    }
    let head = slice(context.text, (0, end));
    let tail = slice(context.text, (end, context.text.len())).trim_end();
    Some(Hazard::at(
        Code::ReindexBlocks,
        named.part,
        format!("nobody can read `{full}` while it is filled anew"),
        format!("it has a unique index, so that it can be read meanwhile:\n{head} CONCURRENTLY{tail};"),
    ))
}

fn is_whole(view: &View) -> bool {
    view.materialized
        && view.indexes.iter().any(|index| {
            index.unique && index.predicate.is_none() && index.parts.iter().all(|part| part.column.is_some())
        })
}
