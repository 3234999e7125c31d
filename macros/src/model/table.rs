//! What `#[table(…)]` says of a struct.

use proc_macro2::{Ident, Span};

use super::case::Style;
use super::column::{Column, Constraints};
use super::constraint::{Check, Columns, ForeignKey, Index, Key};
use super::meta::{Meta, set};
use super::problems::Problems;
use super::shape::{Body, Item};

/// A table.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) name: Option<String>,
    pub(crate) schema: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) renamed_from: Option<String>,
    /// None: on all.
    pub(crate) only: Option<[bool; 3]>,
    pub(crate) columns: Vec<Column>,
    pub(crate) constraints: Constraints,
}

const KEYS: [&str; 10] =
    ["name", "schema", "comment", "renamed_from", "primary_key", "unique", "index", "foreign_key", "check", "only"];

impl Table {
    /// Reads a struct.
    pub(crate) fn of(item: Item, problems: &mut Problems) -> Table {
        let mut table = Table::default();
        let (mut attributes, mut style, before) = (Vec::new(), None, problems.count());
        for attribute in &item.attributes {
            match attribute.name.as_str() {
                "table" => attributes.extend(attribute.read(problems)),
                "sqlx" => {
                    let read = attribute.read(problems);
                    let said = read.iter().find(|meta| meta.name == "rename_all");
                    style = style.or_else(|| said.and_then(|meta| Style::of(meta, problems)));
                }
                "column" => {
                    problems.push(attribute.span, "`#[column(…)]` is said of a field; a struct has `#[table(…)]`")
                }
                _ => {}
            }
        }
        let Body::Named(fields) = item.body else {
            problems.push(item.name.span(), "a table is a struct whose fields have names");
            return table;
        };
        for field in &fields {
            for attribute in field.attributes.iter().filter(|attribute| attribute.name == "table") {
                problems.push(attribute.span, "`#[table(…)]` is said of the struct; a field has `#[column(…)]`");
            }
        }
        let are_read = problems.count() == before;
        table.columns = fields.into_iter().filter_map(|field| Column::of(field, style, problems)).collect();
        let columns = Columns(table.columns.iter().map(|column| (column.field.clone(), column.name.clone())).collect());
        table.distinct(problems);
        for column in &table.columns {
            column.constrain(&columns, &mut table.constraints, problems);
        }
        let before = problems.count();
        table.read(&attributes, &columns, problems);
        // A name may stand in what can't be read.
        if are_read && problems.count() == before {
            table.named(&item.name, problems);
        }
        table.keyed();
        table
    }

    fn read(&mut self, attributes: &[Meta], columns: &Columns, problems: &mut Problems) {
        for meta in attributes {
            match meta.name.as_str() {
                "name" => set(&mut self.name, meta.text(problems), meta, problems),
                "schema" => set(&mut self.schema, meta.text(problems), meta, problems),
                "comment" => set(&mut self.comment, meta.text(problems), meta, problems),
                "renamed_from" => set(&mut self.renamed_from, meta.text(problems), meta, problems),
                "only" => set(&mut self.only, Some(meta.only(problems)), meta, problems),
                "primary_key" => {
                    let key = Key::of_table(meta, columns, problems);
                    self.primary_key(key, meta.span, problems);
                }
                "unique" => self.constraints.uniques.push(Key::of_table(meta, columns, problems)),
                "index" => self.constraints.indexes.push(Index::of_table(meta, columns, problems)),
                "check" => self.constraints.checks.push(Check::of(meta, problems)),
                "foreign_key" => {
                    self.constraints.foreign_keys.extend(ForeignKey::of_table(meta, columns, problems));
                }
                "" => problems.push(meta.span, "expected a key, as in `name = \"…\"`"),
                other => problems.unknown(meta.span, "key", other, &KEYS),
            }
        }
    }

    /// There is one primary key: of the fields that say so, or of the struct.
    fn primary_key(&mut self, key: Key, span: Span, problems: &mut Problems) {
        if self.constraints.primary_key_span.is_some() {
            problems.push(span, "a second primary key: say it once, on the struct or on its fields");
            return;
        }
        self.constraints.primary_key = Some(key);
        self.constraints.primary_key_span = Some(span);
    }

    /// The columns of a primary key take no NULL, whatever their fields' types.
    fn keyed(&mut self) {
        let Some(key) = &self.constraints.primary_key else { return };
        for column in self.columns.iter_mut().filter(|column| key.columns.contains(&column.name)) {
            column.nullable = Some(false);
        }
    }

    fn distinct(&self, problems: &mut Problems) {
        for (at, column) in self.columns.iter().enumerate() {
            if let Some(other) = self.columns.iter().take(at).find(|other| other.name == column.name) {
                problems.push(
                    column.span,
                    format!("`{}` and `{}` are both the column `{}`", other.field, column.field, column.name),
                );
            }
        }
    }

    /// The name is asked for, not guessed: `User` may be `user`, `users` or `app_users`.
    fn named(&self, item: &Ident, problems: &mut Problems) {
        if self.name.is_none() {
            problems
                .push(item.span(), format!("which table is `{item}`?\nhelp: write `#[table(name = \"…\")]` above it"));
        }
    }
}
