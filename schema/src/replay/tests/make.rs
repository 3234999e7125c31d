//! Changes, made by hand in few words.

use revchain_core::Dialect;

use crate::change::{
    Action, Change, ColumnChange, Constraint, CreateIndex, CreateTable, Drops, Kind, Named, Position, Rows,
};
use crate::model::{
    Check, Column, DataType, Enum, Expression, ForeignKey, Identity, Index, IndexPart, Key, Name, ObjectName, Place,
    Table, UserType, View,
};
use crate::read::Reading;

/// Makes changes of a dialect.
#[derive(Clone, Copy)]
pub(super) struct Make(pub(super) Dialect);

pub(super) const PG: Make = Make(Dialect::Postgres);
pub(super) const MY: Make = Make(Dialect::Mysql);
pub(super) const LITE: Make = Make(Dialect::Sqlite);

pub(super) fn known(change: Change) -> Reading {
    Reading::Known { changes: vec![change], unknown: Vec::new() }
}

impl Make {
    pub(super) fn name(self, text: &str) -> Name {
        Name::new(text, self.0)
    }

    pub(super) fn names(self, text: &str) -> Vec<Name> {
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(|name| self.name(name)).collect()
    }

    pub(super) fn named(self, text: &str) -> Named<Name> {
        Named { name: self.name(text), part: (0, 1) }
    }

    pub(super) fn object(self, text: &str) -> Named {
        let name = match text.split_once('.') {
            Some((schema, name)) => ObjectName { schema: Some(self.name(schema)), name: self.name(name) },
            None => ObjectName::bare(self.name(text)),
        };
        Named { name, part: (0, 1) }
    }

    pub(super) fn expression(self, text: &str) -> Expression {
        Expression::new(text, self.0)
    }

    /// `id integer`; a `!` behind it is NOT NULL, and `serial` is what it says.
    pub(super) fn column(self, text: &str) -> Column {
        let (name, data_type) = text.trim().split_once(' ').unwrap_or((text.trim(), "integer"));
        let unsigned = data_type.ends_with("unsigned");
        let bare = data_type.trim_end_matches('!').trim_end_matches("unsigned").trim();
        let mut column =
            Column::new(self.name(name), Some(DataType::named(if bare == "serial" { "integer" } else { bare })));
        column.nullable = !data_type.ends_with('!');
        column.identity = (bare == "serial").then_some(Identity::Serial);
        if let Some(data_type) = &mut column.data_type {
            data_type.unsigned = unsigned;
        }
        column
    }

    /// A table of such columns, parted by commas.
    pub(super) fn create_table(self, name: &str, columns: &str, constraints: Vec<Constraint>) -> CreateTable {
        let mut table = Table::new(Place::NOWHERE);
        table.columns =
            columns.split(',').filter(|column| !column.is_empty()).map(|column| self.column(column)).collect();
        let mut foreign_key_parts = Vec::new();
        for constraint in constraints {
            match constraint {
                Constraint::Primary(key) => table.primary_key = Some(key),
                Constraint::Unique(key) => table.uniques.push(key),
                Constraint::Foreign(key, part) => {
                    table.foreign_keys.push(key);
                    foreign_key_parts.push(part);
                }
                Constraint::Check(check) => table.checks.push(check),
                Constraint::Exclude(exclusion) => table.exclusions.push(exclusion),
                Constraint::Index(index) => table.indexes.push(index),
            }
        }
        let column_parts = vec![(0, 1); table.columns.len()];
        CreateTable {
            name: self.object(name),
            if_not_exists: false,
            or_replace: false,
            table,
            like: Vec::new(),
            parents: Vec::new(),
            as_query: false,
            column_parts,
            foreign_key_parts,
            check_columns: Vec::new(),
            has_two_primary_keys: false,
        }
    }

    pub(super) fn create(self, name: &str, columns: &str, constraints: Vec<Constraint>) -> Reading {
        known(Change::CreateTable(Box::new(self.create_table(name, columns, constraints))))
    }

    pub(super) fn maybe(value: &str) -> Option<&str> {
        (!value.is_empty()).then_some(value)
    }

    pub(super) fn key(self, name: &str, columns: &str) -> Key {
        Key::new(Make::maybe(name).map(|name| self.name(name)), self.names(columns))
    }

    pub(super) fn primary(self, columns: &str) -> Constraint {
        Constraint::Primary(self.key("", columns))
    }

    pub(super) fn unique(self, name: &str, columns: &str) -> Constraint {
        Constraint::Unique(self.key(name, columns))
    }

    pub(super) fn check(self, name: &str, expression: &str) -> Constraint {
        let name = Make::maybe(name).map(|name| self.name(name));
        Constraint::Check(Check { name, expression: self.expression(expression), no_inherit: false, validated: true })
    }

    /// `to` is `table`, or `table(columns)`.
    pub(super) fn foreign(self, name: &str, columns: &str, to: &str) -> Constraint {
        let (table, references) = to.split_once('(').unwrap_or((to, ""));
        let key = ForeignKey {
            name: Make::maybe(name).map(|name| self.name(name)),
            columns: self.names(columns),
            table: self.object(table).name,
            references: self.names(references.trim_end_matches(')')),
            on_delete: crate::model::ReferentialAction::NoAction,
            on_update: crate::model::ReferentialAction::NoAction,
            matching: crate::model::Match::Simple,
            deferrable: None,
            validated: true,
        };
        Constraint::Foreign(key, (0, 1))
    }

    /// Parts in parentheses are expressions.
    pub(super) fn index_value(self, name: &str, parts: &str) -> Index {
        let part = |text: &str| match text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(text) => IndexPart::expression(self.expression(text)),
            None => IndexPart::column(self.name(text.trim())),
        };
        Index::new(Make::maybe(name).map(|name| self.name(name)), parts.split(',').map(part).collect())
    }

    pub(super) fn index(self, name: &str, table: &str, parts: &str) -> Reading {
        self.index_as(self.index_value(name, parts), table)
    }

    pub(super) fn unique_index(self, name: &str, table: &str, parts: &str) -> Reading {
        self.index_as(Index { unique: true, ..self.index_value(name, parts) }, table)
    }

    pub(super) fn index_as(self, index: Index, table: &str) -> Reading {
        known(Change::CreateIndex(Box::new(CreateIndex {
            index,
            part: (0, 1),
            table: self.object(table),
            if_not_exists: false,
            concurrently: false,
            only: false,
        })))
    }

    pub(super) fn drops(self, names: &str, cascade: bool) -> Drops {
        let names = names.split(',').map(|name| self.object(name.trim())).collect();
        Drops { names, if_exists: false, cascade }
    }

    pub(super) fn drop(self, names: &str) -> Reading {
        known(Change::DropTable(self.drops(names, false)))
    }

    pub(super) fn drop_cascade(self, names: &str) -> Reading {
        known(Change::DropTable(self.drops(names, true)))
    }

    pub(super) fn drop_index(self, name: &str, table: &str) -> Reading {
        let table = Make::maybe(table).map(|table| self.object(table));
        known(Change::DropIndex { drops: self.drops(name, false), table, concurrently: false })
    }

    pub(super) fn rows(self, table: &str, columns: &str) -> Reading {
        let columns = self.names(columns).into_iter().map(|name| Named { name, part: (0, 1) }).collect();
        Reading::Rows(Rows { table: self.object(table), columns, inserted: None, conflict: Vec::new() })
    }

    pub(super) fn rename(self, from: &str, to: &str) -> Reading {
        known(Change::RenameTable { from: self.object(from), to: self.object(to), if_exists: false })
    }

    pub(super) fn alter(self, table: &str, actions: Vec<Action>) -> Reading {
        let actions = actions.into_iter().map(|action| (action, (0, 1))).collect();
        known(Change::AlterTable { table: self.object(table), if_exists: false, actions })
    }

    pub(super) fn add_column(self, column: &str) -> Action {
        let column = Box::new(self.column(column));
        Action::AddColumn { column, constraints: Vec::new(), if_not_exists: false, position: None }
    }

    pub(super) fn drop_column(self, name: &str) -> Action {
        Action::DropColumn { name: self.named(name), if_exists: false, cascade: false }
    }

    pub(super) fn rename_column(self, from: &str, to: &str) -> Action {
        Action::RenameColumn { from: self.named(from), to: self.name(to) }
    }

    pub(super) fn change_column(self, from: &str, column: &str, after: &str) -> Action {
        Action::ModifyColumn {
            from: self.named(from),
            column: Box::new(self.column(column)),
            constraints: Vec::new(),
            if_exists: false,
            position: Make::maybe(after).map(|after| Position::After(self.named(after))),
        }
    }

    pub(super) fn column_type(self, name: &str, data_type: &str) -> Action {
        let change = ColumnChange::Type { data_type: DataType::named(data_type), collation: None, using: None };
        Action::AlterColumn { name: self.named(name), if_exists: false, change }
    }

    pub(super) fn add(self, constraint: Constraint) -> Action {
        Action::Add { constraint, if_not_exists: false }
    }

    pub(super) fn drop_constraint(self, kind: Kind, name: &str) -> Action {
        let name = Make::maybe(name).map(|name| self.named(name));
        Action::Drop { kind, name, if_exists: false, cascade: false }
    }

    pub(super) fn enumeration(self, name: &str, values: &str) -> Reading {
        let values = values.split(',').map(str::to_owned).collect();
        let definition = UserType::Enum(Enum { values });
        known(Change::CreateType { name: self.object(name), if_not_exists: false, definition })
    }

    pub(super) fn view(self, name: &str, body: &str, mentions: &str) -> Reading {
        let view = View {
            materialized: false,
            body: self.expression(body),
            mentions: self.names(mentions).into_iter().map(ObjectName::bare).collect(),
            indexes: Vec::new(),
            comment: None,
            security: None,
        };
        let (or_replace, if_not_exists) = (false, false);
        known(Change::CreateView { name: self.object(name), or_replace, if_not_exists, view: Box::new(view) })
    }
}
