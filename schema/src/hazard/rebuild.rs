//! Rows that are copied from a live table of SQLite into the table that takes its place.

use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::{Code, Dialect};

use super::{Context, Hazard};
use crate::change::{Named, Part};
use crate::model::{Column, Name, Table, written};
use crate::read::{Cursor, is_row_id};
use crate::replay::Relation;

/// RC425: `INSERT INTO new … SELECT … FROM old` takes a column as it is that may be NULL there, and may not here.
///
/// Nothing is claimed of an expression, of a join, of a `WHERE` that names the column, or of a column that an `UPDATE` gave
/// values to before.
pub(super) fn copy(context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Sqlite || !copies_rows(context.text) {
        return;
    }
    let mut cursor = Cursor::new(context.text, Dialect::Sqlite);
    let Some(copy) = Copy::read(&mut cursor) else { return };
    let Relation::Table(to) = context.replay.relation(&copy.to.name) else { return };
    let (Some(new), Some((old_name, old))) = (context.replay.schema.tables.get(&to), context.known(&copy.from)) else {
        return;
    };
    // A table that is in use already is none that takes another's place.
    if !new.is_known() || context.live(&copy.to).is_some() || is_lenient(context.earlier) {
        return;
    }
    for (target, source, part) in copy.pairs(new, old) {
        let (Some(there), Some(here)) = (old.column(&source), new.column(&target)) else { continue };
        let is_filled = [&old_name.name, &to.name].iter().any(|table| context.filled.holds(table, &source));
        if !there.nullable || here.nullable || numbers_rows(new, here) || is_filled || copy.filters(&cursor, &source) {
            continue;
        }
        let shown = written(&source, Dialect::Sqlite);
        found.push(Hazard::at(
            Code::SqliteNotNull,
            part,
            format!("this fails where a row of `{old_name}` has NULL for `{source}`: `{to}` takes none"),
            format!(
                "give those rows a value, in the SELECT: COALESCE({shown}, …); or before:\n\
                 UPDATE {} SET {shown} = … WHERE {shown} IS NULL;",
                context.shown(copy.from.part)
            ),
        ));
    }
}

/// What is copied, and from where.
struct Copy {
    to: Named,
    /// The columns, where they are said.
    into: Vec<Named<Name>>,
    /// What is selected: a column, where it is nothing else, and where it stands. `None` for `*`.
    selected: Option<Vec<(Option<Name>, Part)>>,
    /// The star.
    star: Part,
    from: Named,
    /// Which tokens are behind the table.
    rest: usize,
}

impl Copy {
    fn read(cursor: &mut Cursor<'_>) -> Option<Copy> {
        cursor.take(&["INSERT"]).then_some(())?;
        if cursor.take(&["OR"]) {
            cursor.take_any(&["ABORT", "FAIL", "ROLLBACK"])?;
        }
        cursor.take(&["INTO"]).then_some(())?;
        let to = cursor.object()?;
        let into = cursor.names_in_parentheses().unwrap_or_default();
        cursor.take(&["SELECT"]).then_some(())?;
        let start = cursor.position();
        let star = cursor.part((start, start + 1));
        let selected = if cursor.take_mark('*') {
            None
        } else {
            let mut selected = Vec::new();
            loop {
                selected.push(item(cursor));
                if !cursor.take_mark(',') {
                    break;
                }
            }
            Some(selected)
        };
        cursor.take(&["FROM"]).then_some(())?;
        let from = cursor.object()?;
        let rest = cursor.position();
        // Another name for it; then nothing that brings another table.
        if !cursor.is_any(&["WHERE", "ORDER"]) {
            cursor.take(&["AS"]);
            cursor.name();
        }
        (cursor.is_at_end() || cursor.is_any(&["WHERE", "ORDER"])).then_some(Copy {
            to,
            into,
            selected,
            star,
            from,
            rest,
        })
    }

    /// Into which column goes which, and where that stands.
    fn pairs(&self, new: &Table, old: &Table) -> Vec<(Name, Name, Part)> {
        let into: Vec<&Name> = match self.into.is_empty() {
            true => new.columns.iter().filter(|column| column.generated.is_none()).map(|column| &column.name).collect(),
            false => self.into.iter().map(|named| &named.name).collect(),
        };
        let sources: Vec<(Option<Name>, Part)> = match &self.selected {
            Some(selected) => selected.clone(),
            None => old.columns.iter().map(|column| (Some(column.name.clone()), self.star)).collect(),
        };
        if into.len() != sources.len() {
            return Vec::new();
        }
        let pairs = into.into_iter().zip(sources);
        pairs.filter_map(|(target, (source, part))| Some((target.clone(), source?, part))).collect()
    }

    /// Whether what stands behind the table names a column.
    fn filters(&self, cursor: &Cursor<'_>, column: &Name) -> bool {
        let (start, _) = cursor.part((self.rest, self.rest));
        let behind = cursor.source().get(start..).unwrap_or_default();
        crate::model::Expression::new(behind, Dialect::Sqlite).mentions(column, Dialect::Sqlite)
    }
}

/// What is selected, until a comma or `FROM`: the column, where it is nothing but one.
fn item(cursor: &mut Cursor<'_>) -> (Option<Name>, Part) {
    let start = cursor.position();
    let mut name = cursor.name().map(|named| named.name);
    if cursor.take_mark('.') {
        name = cursor.name().map(|named| named.name);
    }
    let part = cursor.part((start, cursor.position()));
    if cursor.take(&["AS"]) {
        cursor.name();
    }
    if cursor.sees_mark(0, ',') || cursor.sees(0, "FROM") {
        return (name, part);
    }
    while !cursor.is_at_end() && !cursor.sees_mark(0, ',') && !cursor.sees(0, "FROM") {
        cursor.skip();
    }
    (None, part)
}

/// Whether it is an INSERT that selects: statements of megabytes of values are not looked at.
fn copies_rows(text: &str) -> bool {
    let mut lexer = Lexer::new(text, Dialect::Sqlite);
    let Some(first) = lexer.next_significant() else { return false };
    if !first.is_word(text, "INSERT") {
        return false;
    }
    let mut depth = 0usize;
    while let Some(token) = lexer.next_significant() {
        match (token.kind, text.as_bytes().get(token.start)) {
            (TokenKind::Punctuation, Some(b'(')) => depth += 1,
            (TokenKind::Punctuation, Some(b')')) => depth = depth.saturating_sub(1),
            (TokenKind::Word, _) if depth > 0 => {}
            (TokenKind::Word, _) if token.is_word(text, "SELECT") => return true,
            (TokenKind::Word, _) if token.is_word(text, "VALUES") || token.is_word(text, "DEFAULT") => return false,
            _ => {}
        }
    }
    false
}

/// Whether a NULL here becomes the row's number.
fn numbers_rows(table: &Table, column: &Column) -> bool {
    is_row_id(column) && table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.clone()])
}

/// Whether a table may be made that takes its default for a NULL (`NOT NULL ON CONFLICT REPLACE`).
fn is_lenient(section: &str) -> bool {
    section.to_ascii_uppercase().contains("ON CONFLICT")
}
