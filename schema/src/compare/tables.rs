//! Tables, and what belongs to them.

use std::collections::BTreeMap;

use revchain_core::Dialect;

use super::{Found, Object, canonical, constant, stored};
use crate::model::{
    Check, Column, Exclusion, Expression, ForeignKey, Identity, Index, IndexPart, Key, Name, ObjectName, Order, Schema,
    Table,
};

/// Two tables being compared.
struct Pair<'a> {
    name: &'a ObjectName,
    dialect: Dialect,
    before: &'a Table,
    after: &'a Table,
    found: &'a mut Found,
}

pub(super) fn compare(before: &Schema, after: &Schema, found: &mut Found) {
    for (name, one, other) in before.tables.changes(&after.tables) {
        match (one, other) {
            (Some(table), None) if !table.temporary => found.missing(Object::Table(name.clone())),
            (None, Some(table)) if !table.temporary => found.extra(Object::Table(name.clone())),
            (Some(table), Some(other)) if table.is_known() && other.is_known() => {
                Pair { name, dialect: before.dialect, before: table, after: other, found: &mut *found }.compare();
            }
            (Some(table), Some(other)) => {
                for taint in table.unknown.iter().chain(&other.unknown) {
                    found.unclear(&Object::Table(name.clone()), format!("nobody understood `{}`", taint.what));
                }
            }
            _ => {}
        }
    }
}

impl Pair<'_> {
    fn compare(mut self) {
        self.columns();
        self.primary_key();
        self.uniques();
        self.foreign_keys();
        self.checks();
        self.exclusions();
        self.indexes();
        self.options();
    }

    fn missing(&mut self, object: Object) {
        self.found.missing(object);
    }

    fn extra(&mut self, object: Object) {
        self.found.extra(object);
    }

    fn differs(&mut self, object: &Object, what: &'static str, before: String, after: String) {
        self.found.differs(object, what, before, after);
    }

    /// Compares two expressions of this table's.
    fn expression(
        &mut self,
        object: &Object,
        what: &'static str,
        before: Option<&Expression>,
        after: Option<&Expression>,
    ) {
        self.found.expression(object, what, self.dialect, (before, after), &self.after.columns);
    }

    /// As `differs`, of what is made of names: their case is the author's business, but on PostgreSQL.
    fn named(&mut self, object: &Object, what: &'static str, before: String, after: String) {
        if self.dialect == Dialect::Postgres || fold(&before) != fold(&after) {
            self.differs(object, what, before, after);
        }
    }

    fn columns(&mut self) {
        let (before, after) = (self.before, self.after);
        for column in &before.columns {
            let object = Object::Column(self.name.clone(), column.name.clone());
            match after.column(&column.name) {
                None => self.missing(object),
                Some(other) => self.column(&object, column, other),
            }
        }
        for column in &after.columns {
            if before.column(&column.name).is_none() {
                self.extra(Object::Column(self.name.clone(), column.name.clone()));
            }
        }
    }

    fn column(&mut self, object: &Object, before: &Column, after: &Column) {
        if before == after {
            return;
        }
        let dialect = self.dialect;
        let (mut one, mut other) = (before.data_type.clone(), after.data_type.clone());
        let mut collations = (before.collation.clone(), after.collation.clone());
        if self.found.is_stored && dialect == Dialect::Mysql {
            // What the one leaves to its table, or its database, the other may say.
            let (said, stored) = ((before, self.before), (after, self.after));
            collations = stored::collations(said, stored);
            one.iter_mut().chain(&mut other).for_each(|data_type| data_type.character_set = None);
        }
        if let (Some(one), Some(other)) = (&one, &other) {
            self.differs(object, "the type", format!("`{one}`"), format!("`{other}`"));
        }
        let null = |nullable: bool| if nullable { "NULL" } else { "NOT NULL" }.to_owned();
        self.differs(object, "nullability", null(before.nullable), null(after.nullable));
        let (from, to) = (default(before, dialect), default(after, dialect));
        if let (Some(one), Some(other), true) = (&before.default, &after.default, self.found.is_stored) {
            let is_kept = || {
                let data_type = after.data_type.as_ref().filter(|_| dialect == Dialect::Mysql);
                data_type.is_some_and(|data_type| constant::keeps(data_type, &one.0, &other.0))
            };
            if from.as_ref().map(|value| &value.0) != to.as_ref().map(|value| &value.0) && !is_kept() {
                self.expression(object, "the default", Some(&one.0), Some(&other.0));
            }
        } else if from.as_ref().map(|value| &value.0) != to.as_ref().map(|value| &value.0) {
            let shown = |value: Option<(String, String)>| {
                value.map_or_else(|| "none".to_owned(), |value| format!("`{}`", value.1))
            };
            self.differs(object, "the default", shown(from), shown(to));
        }
        let identity = |column: &Column| {
            match column.identity {
                None | Some(Identity::Serial) => "none",
                Some(Identity::Always) => "`GENERATED ALWAYS`",
                Some(Identity::ByDefault) => "`GENERATED BY DEFAULT`",
                Some(Identity::AutoIncrement) => "automatic",
            }
            .to_owned()
        };
        self.differs(object, "the identity", identity(before), identity(after));
        let storage = |column: &Column| match &column.generated {
            Some(generated) => format!("{:?}", generated.storage).to_lowercase(),
            None => "none".to_owned(),
        };
        self.differs(object, "the expression", storage(before), storage(after));
        if let (Some(one), Some(other)) = (&before.generated, &after.generated) {
            self.expression(object, "the expression", Some(&one.expression), Some(&other.expression));
        }
        let name =
            |name: &Option<Name>| name.as_ref().map_or_else(|| "the default".to_owned(), |name| format!("`{name}`"));
        self.named(object, "the collation", name(&collations.0), name(&collations.1));
        let text = |text: &Option<String>| text.as_ref().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
        self.differs(object, "the comment", text(&before.comment), text(&after.comment));
        self.expression(object, "`ON UPDATE`", before.on_update.as_ref(), after.on_update.as_ref());
    }

    fn primary_key(&mut self) {
        let object = Object::PrimaryKey(self.name.clone());
        let (before, after) = (self.before, self.after);
        match (&before.primary_key, &after.primary_key) {
            (Some(_), None) => self.missing(object),
            (None, Some(_)) => self.extra(object),
            (Some(one), Some(other)) => {
                self.key(&object, one, other);
                if self.dialect == Dialect::Postgres {
                    self.names(&object, one.name.as_ref(), other.name.as_ref());
                }
            }
            (None, None) => {}
        }
    }

    fn key(&mut self, object: &Object, before: &Key, after: &Key) {
        self.named(object, "the columns", names(&before.columns), names(&after.columns));
        let flag = |flag: bool| if flag { "set" } else { "not set" }.to_owned();
        let (one, other) = (before.nulls_not_distinct, after.nulls_not_distinct);
        self.differs(object, "`NULLS NOT DISTINCT`", flag(one), flag(other));
        self.differs(object, "`DEFERRABLE`", deferrable(before.deferrable), deferrable(after.deferrable));
        self.named(object, "`INCLUDE`", names(&before.include), names(&after.include));
    }

    fn names(&mut self, object: &Object, before: Option<&Name>, after: Option<&Name>) {
        if let (Some(before), Some(after)) = (before, after) {
            self.named(object, "the name", format!("`{before}`"), format!("`{after}`"));
        }
    }

    /// Those of one kind, matched by a label: the name, or what it is where that says more.
    fn matched<T>(
        &mut self,
        before: &[T],
        after: &[T],
        label: impl Fn(&T) -> String,
        object: impl Fn(ObjectName, String) -> Object,
        each: impl Fn(&mut Self, &Object, &T, &T),
    ) {
        // Several may have one label: SQLite takes the same unnamed check twice.
        let folds = self.dialect != Dialect::Postgres;
        let key = |label: &String| if folds { fold(label) } else { label.clone() };
        let mut left: BTreeMap<String, Vec<&T>> = BTreeMap::new();
        for one in after {
            left.entry(key(&label(one))).or_default().push(one);
        }
        for one in before {
            let label = label(one);
            let other = left.get_mut(&key(&label)).filter(|others| !others.is_empty()).map(|others| others.remove(0));
            let object = object(self.name.clone(), label);
            match other {
                None => self.missing(object),
                Some(other) => each(self, &object, one, other),
            }
        }
        for other in left.into_values().flatten() {
            self.extra(object(self.name.clone(), label(other)));
        }
    }

    fn uniques(&mut self) {
        // MySQL has one thing for both: see `indexes`.
        if self.dialect == Dialect::Mysql {
            return;
        }
        let (before, after, dialect) = (self.before, self.after, self.dialect);
        let label = |key: &Key| label(key.name.as_ref(), dialect, || names(&key.columns));
        self.matched(&before.uniques, &after.uniques, label, Object::Unique, |pair, object, one, other| {
            pair.key(object, one, other);
        });
    }

    fn foreign_keys(&mut self) {
        let (before, after, dialect) = (self.before, self.after, self.dialect);
        let label =
            |key: &ForeignKey| label(key.name.as_ref(), dialect, || format!("{} → {}", names(&key.columns), key.table));
        let each = |pair: &mut Self, object: &Object, one: &ForeignKey, other: &ForeignKey| {
            pair.named(object, "the columns", names(&one.columns), names(&other.columns));
            pair.named(object, "the table", format!("`{}`", one.table), format!("`{}`", other.table));
            // Where one statement says what another leaves to the primary key, they may be one.
            if !one.references.is_empty() && !other.references.is_empty() {
                pair.named(object, "what it refers to", names(&one.references), names(&other.references));
            }
            let (from, to) = (one.on_delete.sql(), other.on_delete.sql());
            pair.differs(object, "`ON DELETE`", action(from, dialect), action(to, dialect));
            let (from, to) = (one.on_update.sql(), other.on_update.sql());
            pair.differs(object, "`ON UPDATE`", action(from, dialect), action(to, dialect));
            pair.differs(object, "`DEFERRABLE`", deferrable(one.deferrable), deferrable(other.deferrable));
            pair.differs(object, "`MATCH`", format!("`{:?}`", one.matching), format!("`{:?}`", other.matching));
            if dialect == Dialect::Postgres {
                pair.differs(object, "validity", validity(one.validated), validity(other.validated));
            }
        };
        self.matched(&before.foreign_keys, &after.foreign_keys, label, Object::ForeignKey, each);
    }

    fn checks(&mut self) {
        let dialect = self.dialect;
        let (before, mut after) = (self.before.checks.clone(), self.after.checks.clone());
        if self.found.is_stored {
            for (one, other) in stored::unname_checks(&before, &mut after, dialect, &self.after.columns) {
                let object = Object::Check(self.name.clone(), canonical(&one, dialect));
                self.expression(&object, "the expression", Some(&one), Some(&other));
            }
        }
        let table = self.name;
        let label =
            |check: &Check| label(check.name.as_ref(), dialect, || unqualified(&check.expression, table, dialect));
        let each = |pair: &mut Self, object: &Object, one: &Check, other: &Check| {
            let (from, to) =
                (unqualified(&one.expression, table, dialect), unqualified(&other.expression, table, dialect));
            if from != to {
                pair.expression(object, "the expression", Some(&one.expression), Some(&other.expression));
            }
            let flag = |flag: bool| if flag { "set" } else { "not set" }.to_owned();
            pair.differs(object, "`NO INHERIT`", flag(one.no_inherit), flag(other.no_inherit));
            pair.differs(object, "validity", validity(one.validated), validity(other.validated));
        };
        self.matched(&before, &after, label, Object::Check, each);
    }

    fn exclusions(&mut self) {
        let (before, after, dialect) = (self.before, self.after, self.dialect);
        let label =
            |exclusion: &Exclusion| label(exclusion.name.as_ref(), dialect, || parts(&exclusion.index.parts, dialect));
        let each = |pair: &mut Self, object: &Object, one: &Exclusion, other: &Exclusion| {
            pair.index(object, &one.index, &other.index);
            pair.differs(object, "the operators", one.operators.join(", "), other.operators.join(", "));
            pair.differs(object, "`DEFERRABLE`", deferrable(one.deferrable), deferrable(other.deferrable));
        };
        self.matched(&before.exclusions, &after.exclusions, label, Object::Exclusion, each);
    }

    fn indexes(&mut self) {
        let (before, after, dialect) = (self.all_indexes(self.before), self.all_indexes(self.after), self.dialect);
        let label = |index: &Index| match &index.name {
            Some(name) => name.as_str().to_owned(),
            None => parts(&index.parts, dialect),
        };
        self.matched(&before, &after, label, Object::Index, |pair, object, one, other| pair.index(object, one, other));
    }

    /// On MySQL a unique constraint is a unique index, whichever way it was made.
    fn all_indexes(&self, table: &Table) -> Vec<Index> {
        let mut indexes = table.indexes.clone();
        if self.dialect == Dialect::Mysql {
            indexes.extend(table.uniques.iter().map(|key| {
                let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
                Index { unique: true, ..Index::new(key.name.clone(), parts) }
            }));
        }
        indexes
    }

    fn index(&mut self, object: &Object, before: &Index, after: &Index) {
        if before == after {
            return;
        }
        let dialect = self.dialect;
        let (mut one, mut other) = (before.parts.clone(), after.parts.clone());
        if self.found.is_stored && one.len() == other.len() {
            for (one, other) in one.iter_mut().zip(&mut other) {
                if let (Some(from), Some(to)) = (&one.expression, &other.expression) {
                    self.expression(object, "what it is on", Some(from), Some(to));
                    (one.expression, other.expression) = (None, None);
                }
            }
        }
        self.named(object, "what it is on", parts(&one, dialect), parts(&other, dialect));
        let unique = |index: &Index| if index.unique { "unique" } else { "not unique" }.to_owned();
        self.differs(object, "uniqueness", unique(before), unique(after));
        let method = |index: &Index| index.method.clone().unwrap_or_else(|| "btree".to_owned());
        // InnoDB takes HASH, and makes a tree.
        if !(self.found.is_stored && dialect == Dialect::Mysql && method(before) == "hash") {
            self.differs(object, "the method", method(before), method(after));
        }
        self.expression(object, "`WHERE`", before.predicate.as_ref(), after.predicate.as_ref());
        self.named(object, "`INCLUDE`", names(&before.include), names(&after.include));
        let flag = |flag: bool| if flag { "set" } else { "not set" }.to_owned();
        let (one, other) = (before.nulls_not_distinct, after.nulls_not_distinct);
        self.differs(object, "`NULLS NOT DISTINCT`", flag(one), flag(other));
        if self.found.is_stored {
            // No catalog of MySQL's tells the parser of a full text.
            let is_told = |option: &&str| dialect != Dialect::Mysql || !option.starts_with("parser ");
            let options =
                |index: &Index| index.options.iter().map(String::as_str).filter(is_told).collect::<Vec<_>>().join(", ");
            self.differs(object, "the options", options(before), options(after));
            let text =
                |text: &Option<String>| text.as_ref().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
            self.differs(object, "the comment", text(&before.comment), text(&after.comment));
        }
    }

    fn options(&mut self) {
        let (before, after) = (self.before, self.after);
        // A table that says nothing has its database's character set, which no file tells.
        let is_mysql = self.dialect == Dialect::Mysql;
        let inherits = |key: &str| is_mysql && matches!(key, "character set" | "collate");
        let is_stored = self.found.is_stored;
        for (key, value) in &before.options {
            let object = Object::Option(self.name.clone(), key.clone());
            match after.options.get(key) {
                None if inherits(key) || is_stored && stored::is_default(key, value) => {}
                None => self.missing(object),
                Some(other) if key == "partition by" => {
                    let (one, other) = (Expression::new(value, self.dialect), Expression::new(other, self.dialect));
                    self.expression(&object, "it", Some(&one), Some(&other));
                }
                Some(other) => self.differs(&object, "it", format!("`{value}`"), format!("`{other}`")),
            }
        }
        for key in after.options.keys() {
            if !before.options.contains_key(key) && !inherits(key) {
                self.extra(Object::Option(self.name.clone(), key.clone()));
            }
        }
        let text = |text: &Option<String>| text.as_ref().map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
        let object = Object::Table(self.name.clone());
        self.differs(&object, "the comment", text(&before.comment), text(&after.comment));
    }
}

/// An expression without the table's own name before its columns: what it is on, a check need not say.
pub(super) fn unqualified(expression: &Expression, table: &ObjectName, dialect: Dialect) -> String {
    let text = canonical(expression, dialect);
    if !text.contains(" . ") {
        return text;
    }
    let own = table.name.as_str().to_lowercase();
    let mut kept: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        match kept.as_slice() {
            [.., table, "."] if *table == own => {
                kept.truncate(kept.len() - 2);
                kept.push(word);
            }
            _ => kept.push(word),
        }
    }
    kept.join(" ")
}

/// What a constraint is known by. SQLite knows none by its name.
fn label(name: Option<&Name>, dialect: Dialect, otherwise: impl FnOnce() -> String) -> String {
    match name {
        Some(name) if dialect != Dialect::Sqlite => name.as_str().to_owned(),
        _ => otherwise(),
    }
}

/// What is compared of names, wherever their case means nothing.
fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn names(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    format!("({})", names.join(", "))
}

/// The parts of an index, for people and for comparing.
fn parts(parts: &[IndexPart], dialect: Dialect) -> String {
    let part = |part: &IndexPart| {
        let mut text = match (&part.column, &part.expression) {
            (Some(column), _) => column.as_str().to_owned(),
            (None, Some(expression)) => canonical(expression, dialect),
            (None, None) => String::new(),
        };
        if let Some(length) = part.length {
            text.push_str(&format!("({length})"));
        }
        if let Some(collation) = &part.collation {
            text.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(class) = &part.operator_class {
            text.push_str(&format!(" {class}"));
        }
        if part.order == Order::Descending {
            text.push_str(" DESC");
        }
        match part.nulls_first {
            Some(true) => text.push_str(" NULLS FIRST"),
            Some(false) => text.push_str(" NULLS LAST"),
            None => {}
        }
        text
    };
    format!("({})", parts.iter().map(part).collect::<Vec<_>>().join(", "))
}

/// The default: to compare, and to show. `serial` is a default, too.
fn default(column: &Column, dialect: Dialect) -> Option<(String, String)> {
    if let Some(default) = &column.default {
        let canonical = canonical(&default.0, dialect);
        // A sequence's name says nothing that the type doesn't.
        let compared = if canonical.starts_with("nextval") { "nextval".to_owned() } else { canonical };
        return Some((compared, default.0.as_str().to_owned()));
    }
    (column.identity == Some(Identity::Serial)).then(|| ("nextval".to_owned(), "nextval(…)".to_owned()))
}

fn deferrable(deferrable: Option<bool>) -> String {
    match deferrable {
        None => "not deferrable",
        Some(false) => "deferrable",
        Some(true) => "initially deferred",
    }
    .to_owned()
}

fn validity(validated: bool) -> String {
    if validated { "checked" } else { "not checked" }.to_owned()
}

/// InnoDB makes no difference between RESTRICT and NO ACTION.
fn action(action: &str, dialect: Dialect) -> String {
    match (action, dialect) {
        ("RESTRICT", Dialect::Mysql) => "NO ACTION".to_owned(),
        _ => action.to_owned(),
    }
}
