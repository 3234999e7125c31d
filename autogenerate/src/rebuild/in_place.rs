//! What SQLite does to a table that stays: indexes, and columns as far as it takes them
//! (<https://sqlite.org/lang_altertable.html>, 4 and 5; tried).

use std::collections::BTreeSet;

use revchain_core::sql::{Lexer, TokenKind};
use revchain_schema::compare::{Part, find};
use revchain_schema::model::{Check, Column, Expression, ForeignKey, Index, Name, Storage};
use revchain_schema::write::Writer;
use revchain_schema::{Changed, Difference, Object, ObjectName, Schema, Table};

use super::{SQLITE, create_index};
use crate::Step;
use crate::script::column_goes;

/// What is done to a table in place.
#[derive(Debug, Default)]
pub(super) struct Changes<'a> {
    /// Columns that are added, each with what stands behind it.
    added: Vec<Added<'a>>,
    /// Columns that go.
    pub(super) dropped: Vec<&'a Name>,
    /// Indexes that go, or are made anew.
    pub(super) dropped_indexes: BTreeSet<Option<&'a Name>>,
    /// Indexes that are made.
    new_indexes: Vec<&'a Index>,
}

#[derive(Debug)]
struct Added<'a> {
    column: &'a Column,
    foreign_keys: Vec<&'a ForeignKey>,
    checks: Vec<&'a Check>,
}

/// What is to be done, where SQLite does all of it.
pub(super) fn in_place<'a>(
    to: &'a Schema,
    before: &'a Table,
    after: &'a Table,
    differences: &[&'a Difference],
) -> Option<Changes<'a>> {
    let mut changes = Changes::default();
    // The columns first: foreign keys and checks stand behind them.
    for difference in differences {
        match (&difference.object, &difference.change) {
            (Object::Column(_, name), Changed::Extra) => {
                let column = after.column(name).filter(|column| is_addable(column))?;
                changes.added.push(Added { column, foreign_keys: Vec::new(), checks: Vec::new() });
            }
            (Object::Column(_, name), Changed::Missing) => changes.dropped.push(name),
            _ => {}
        }
    }
    for difference in differences {
        match (&difference.object, &difference.change) {
            (Object::Column(..), Changed::Extra | Changed::Missing) => {}
            (Object::ForeignKey(..), Changed::Extra) => {
                let Some(Part::ForeignKey(key)) = find(to, &difference.object) else { return None };
                let is_its = |added: &&mut Added<'_>| key.columns == [added.column.name.clone()];
                // With foreign keys on, only NULL may be there at first.
                let added = changes.added.iter_mut().find(is_its).filter(|added| default_of(added.column).is_none())?;
                added.foreign_keys.push(key);
            }
            (Object::Check(..), Changed::Extra) => {
                let Some(Part::Check(check)) = find(to, &difference.object) else { return None };
                let is_in = |added: &&mut Added<'_>| check.expression.mentions(&added.column.name, SQLITE);
                changes.added.iter_mut().rfind(is_in)?.checks.push(check);
            }
            (Object::Index(_, label), change) => {
                let is_it = |index: &&Index| index.name.as_ref().is_some_and(|name| name.key() == label.to_lowercase());
                if *change != Changed::Extra {
                    changes.dropped_indexes.insert(Some(before.indexes.iter().find(is_it)?.name.as_ref()?));
                }
                if *change != Changed::Missing {
                    let index = after.indexes.iter().find(is_it)?;
                    if !changes.new_indexes.contains(&index) {
                        changes.new_indexes.push(index);
                    }
                }
            }
            _ => return None,
        }
    }
    // What uses a column that goes differs, too: then it is a rebuild, or an index that goes before it.
    let stays = |column: &Column| column.generated.is_none() && !changes.dropped.contains(&&column.name);
    (changes.dropped.is_empty() || before.columns.iter().any(stays)).then_some(changes)
}

impl Changes<'_> {
    /// The statements, but for the indexes that go.
    pub(super) fn steps(&self, name: &ObjectName, before: &Table, after: &Table, writer: &Writer<'_>) -> Vec<Step> {
        let mut steps = Vec::new();
        for added in &self.added {
            let mut sql = writer.add_column(name, added.column);
            for key in &added.foreign_keys {
                let named = key.name.as_ref().map(|name| format!("CONSTRAINT {} ", writer.name(name)));
                let bare = ForeignKey { name: None, columns: Vec::new(), ..ForeignKey::clone(key) };
                let bare = writer.foreign_key(&bare);
                let references = bare.strip_prefix("FOREIGN KEY () ").unwrap_or(&bare);
                sql.push_str(&format!(" {}{references}", named.unwrap_or_default()));
            }
            let checks = added.checks.iter().map(|check| format!(" {}", writer.check(check)));
            sql.extend(checks);
            let of_rows =
                |check: &&&Check| before.columns.iter().any(|column| check.expression.mentions(&column.name, SQLITE));
            steps.push(match added.checks.iter().any(|check| of_rows(&check)) {
                true => Step::noted(sql, "Fails where a row breaks the check."),
                false => Step::new(sql),
            });
        }
        for column in &self.dropped {
            let is_computed = before.column(column).is_some_and(|column| column.generated.is_some());
            let sql = writer.drop_column(name, column);
            steps.push(match is_computed {
                true => Step::new(sql),
                false => Step::noted(sql, column_goes(name, column)),
            });
        }
        // In the order in which the table has them.
        let is_new = |index: &&Index| self.new_indexes.contains(index);
        steps.extend(after.indexes.iter().filter(is_new).map(|index| create_index(name, index, before, writer)));
        steps
    }
}

/// Whether ADD COLUMN takes it, whatever rows there are.
fn is_addable(column: &Column) -> bool {
    match &column.generated {
        Some(generated) => generated.storage == Storage::Virtual,
        None => match default_of(column) {
            Some(default) => is_constant(default),
            None => column.nullable,
        },
    }
}

/// The default, where it is not NULL.
pub(super) fn default_of(column: &Column) -> Option<&Expression> {
    column.default.as_ref().map(|default| &default.0).filter(|default| default.as_str() != "null")
}

/// Whether SQLite knows a default's value beforehand.
fn is_constant(default: &Expression) -> bool {
    let text = default.as_str();
    let mut lexer = Lexer::new(text, SQLITE);
    let tokens: Vec<_> = std::iter::from_fn(|| lexer.next_significant()).collect();
    let of = |at: usize| tokens.get(at).map_or("", |token| token.text(text));
    let kinds: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
    match kinds.as_slice() {
        [TokenKind::Number | TokenKind::String] => true,
        [TokenKind::Word] => matches!(of(0), "true" | "false"),
        [TokenKind::Punctuation, TokenKind::Number] => matches!(of(0), "-" | "+"),
        // Bytes.
        [TokenKind::Word, TokenKind::String] => of(0) == "x",
        _ => false,
    }
}
