//! A table that is declared and there: its columns, and what hangs on them.

use std::borrow::Cow;

use revchain_core::Dialect;
use revchain_model::{IdentityModel, Kind};
use revchain_schema::compare::canonical;
use revchain_schema::model::{
    Column, DataType, Default, Expression, Family, Generated, Identity, Index, IndexPart, Name, ObjectName, Schema,
    Storage, Table,
};

use super::names::Fresh;
use super::{alike, keys, spelling};
use crate::declared::Said;

/// The declared table in the words of the one that is there.
pub(super) fn adopt(
    name: &ObjectName,
    old: &Table,
    (new, said): (&Table, &Said),
    have: &Schema,
    fresh: &mut Fresh,
) -> Table {
    let dialect = have.dialect;
    let mut table = old.clone();
    let is_key =
        |table: &Table, column: &Name| table.primary_key.as_ref().is_some_and(|key| key.columns.contains(column));
    // In the order in which they are there; new ones behind them, as ALTER TABLE puts them.
    table.columns.clear();
    for column in &old.columns {
        let Some(declared) = new.column(&column.name) else { continue };
        let (was_key, is_key) = (is_key(old, &column.name), is_key(new, &column.name));
        let (both_keys, any_key) = (was_key && is_key, was_key || is_key);
        table.columns.push(Pair { old: column, new: declared, said, have, both_keys, any_key }.adopt());
    }
    table.columns.extend(new.columns.iter().filter(|column| old.column(&column.name).is_none()).cloned());
    if dialect != Dialect::Sqlite {
        table.comment.clone_from(&new.comment);
    }
    table.options.extend(new.options.iter().map(|(key, value)| (key.clone(), value.clone())));
    let exclusions = if said.is_all { &new.exclusions } else { &old.exclusions };
    let is_there = |column: &Name| new.column(column).is_some();
    let whole = |parts: &[IndexPart]| parts.iter().filter_map(|part| part.column.as_ref()).all(is_there);
    table.exclusions = exclusions.iter().filter(|exclusion| whole(&exclusion.index.parts)).cloned().collect();
    keys::adopt(name, old, (new, said), dialect, &mut table, fresh);
    if dialect == Dialect::Mysql {
        shorten(old, new, &mut table);
    }
    table
}

/// A text that gets its first key on MySQL has to be one of a length, which is what was declared.
fn shorten(old: &Table, new: &Table, table: &mut Table) {
    let has_key = |table: &Table, name: &Name| {
        let keys = table.primary_key.iter().chain(&table.uniques).any(|key| key.columns.contains(name));
        let is_it = |part: &IndexPart| part.length.is_none() && part.column.as_ref() == Some(name);
        let is_text = |index: &Index| index.method.as_deref() == Some("fulltext");
        keys || table.indexes.iter().any(|index| !is_text(index) && index.parts.iter().any(is_it))
    };
    let endless = |of: &DataType| of.name.ends_with("text") || of.name.ends_with("blob");
    let wanted: Vec<Name> = table
        .columns
        .iter()
        .filter(|column| column.data_type.as_ref().is_some_and(endless))
        .map(|column| column.name.clone())
        .filter(|name| has_key(table, name) && !has_key(old, name))
        .collect();
    for column in table.columns.iter_mut().filter(|column| wanted.contains(&column.name)) {
        let declared = new.column(&column.name).and_then(|column| column.data_type.clone());
        column.data_type = declared.or(column.data_type.take());
    }
}

/// A column that is declared and there.
struct Pair<'a> {
    old: &'a Column,
    new: &'a Column,
    said: &'a Said,
    have: &'a Schema,
    /// Whether it is a part of the primary key in both.
    both_keys: bool,
    /// Whether it is in one of the two.
    any_key: bool,
}

impl Pair<'_> {
    fn adopt(&self) -> Column {
        let (old, new, dialect) = (self.old, self.new, self.have.dialect);
        let mut column = old.clone();
        let kind = self.kind();
        if !self.holds(kind) {
            column.data_type.clone_from(&new.data_type);
            // That of the old type, of which the new one may have none.
            let is_text =
                new.data_type.as_ref().is_some_and(|of| matches!(of.family(dialect), Family::Text | Family::Enum));
            column.collation = old.collation.clone().filter(|_| is_text);
            if let (Some(to), Some(from)) = (&mut column.data_type, &old.data_type)
                && is_text
            {
                to.character_set = to.character_set.take().or_else(|| from.character_set.clone());
            }
        }
        if let Some(collation) = &new.collation
            && column.collation.as_ref().is_none_or(|known| !known.as_str().eq_ignore_ascii_case(collation.as_str()))
        {
            column.collation = Some(collation.clone());
        }
        // SQLite's primary keys may take NULL, and nobody means it.
        let is_meant = dialect == Dialect::Sqlite && self.both_keys && old.nullable && !new.nullable;
        // MySQL's generated ones say what they are, and MariaDB has no word for it.
        let is_generated = dialect == Dialect::Mysql && old.generated.is_some() && new.generated.is_some();
        column.nullable = if is_meant || is_generated { old.nullable } else { new.nullable };
        if !self.counts_alike() {
            column.identity = new.identity;
            if !alike::defaults(old.default.as_ref(), new.default.as_ref(), kind, dialect) {
                column.default = new.default.as_ref().map(|default| Default(self.precise(&default.0, &column)));
            }
        }
        // PostgreSQL had no virtual ones for a long time.
        let stored = |one: &Generated, other: &Generated| {
            one.storage == other.storage || dialect == Dialect::Postgres && one.storage == Storage::Stored
        };
        column.generated = match (&old.generated, &new.generated) {
            (Some(one), Some(other))
                if stored(one, other)
                    && alike::expressions(Some(&one.expression), Some(&other.expression), dialect) =>
            {
                old.generated.clone()
            }
            _ => new.generated.clone(),
        };
        if dialect != Dialect::Sqlite {
            column.comment.clone_from(&new.comment);
        }
        let update = |column: &Column| column.on_update.clone().map(Default);
        if !alike::defaults(update(old).as_ref(), update(new).as_ref(), kind, dialect) {
            column.on_update = new.on_update.as_ref().map(|update| self.precise(update, &column));
        }
        column
    }

    fn kind(&self) -> Kind {
        self.said.kinds.get(&self.new.name).copied().unwrap_or(Kind::Exact)
    }

    fn holds(&self, kind: Kind) -> bool {
        let dialect = self.have.dialect;
        let (Some(old), Some(new)) = (&self.old.data_type, &self.new.data_type) else {
            return self.old.data_type.is_none() == self.new.data_type.is_none();
        };
        let counts = self.said.identities.contains_key(&self.new.name);
        // Only `INTEGER` is the row's number.
        if dialect == Dialect::Sqlite && counts && old.name != "integer" {
            return false;
        }
        // Only `INTEGER` is the row's number there, too.
        if dialect == Dialect::Sqlite && self.said.is_all && !self.any_key && spelling::is_same(old, new) {
            return true;
        }
        revchain_schema::holds(kind, old, new, self.have)
    }

    /// Whether what there is counts as somebody asked for, if anybody did.
    fn counts_alike(&self) -> bool {
        let (old, new, dialect) = (self.old, self.new, self.have.dialect);
        let draws = old.default.as_ref().is_some_and(|default| canonical(&default.0, dialect).starts_with("nextval"));
        let is_serial = old.identity == Some(Identity::Serial) || draws;
        let asked = match self.said.identities.get(&new.name) {
            Some(asked) => *asked,
            None if new.identity == Some(Identity::Serial) => IdentityModel::Serial,
            None => return false,
        };
        match (dialect, asked) {
            (Dialect::Postgres, IdentityModel::Always) => old.identity == Some(Identity::Always),
            (Dialect::Postgres, IdentityModel::Serial) => is_serial,
            (Dialect::Postgres, _) => is_serial || old.identity.is_some(),
            (Dialect::Mysql, _) => old.identity.is_some(),
            (Dialect::Sqlite, IdentityModel::Autoincrement) => old.identity.is_some(),
            (Dialect::Sqlite, _) => self.both_keys,
        }
    }

    /// MySQL takes `CURRENT_TIMESTAMP` only with the digits that its column has.
    fn precise(&self, default: &Expression, column: &Column) -> Expression {
        let dialect = self.have.dialect;
        let digits = column.data_type.as_ref().map_or("", |of| match of.arguments.as_slice() {
            [digits] if of.family(dialect) == Family::Timestamp => digits,
            _ => "",
        });
        let is_bare = dialect == Dialect::Mysql && canonical(default, dialect) == "now";
        let text: Cow<'_, str> = match is_bare && !digits.is_empty() && digits != "0" {
            true => format!("current_timestamp({digits})").into(),
            false => return default.clone(),
        };
        Expression::new(&text, dialect)
    }
}
