//! What can't be, whatever the database: names that stand twice or for nothing, and pieces of SQL that don't read.

use std::collections::BTreeMap;

use revchain_core::Dialect;
use revchain_core::suggest::nearest;
use revchain_model::{ColumnModel, ForeignKeyModel, IndexModel, TableModel};
use revchain_schema::model::{Identity, Name, ObjectName};

use super::{Around, Fault, Place, fragment, is_admitted, of, shown, table_name};

/// Judges the structs that stand for tables of one dialect.
pub(super) fn judge(models: &[&TableModel], around: Around<'_>) -> Vec<Fault> {
    let mut judge = Judge { around, dialect: around.have.dialect, tables: BTreeMap::new(), faults: Vec::new() };
    for &model in models {
        let name = table_name(model.schema, model.name, judge.dialect);
        if let Some(other) = judge.tables.insert(name, model) {
            let message = format!("table `{}` is declared twice", model.name);
            let help =
                format!("`{}` declares it, too ({}:{})", other.declared.name, other.declared.file, other.declared.line);
            judge.faults.push(Fault::at(&Place::table(model), message).help(help));
        }
    }
    for &model in models {
        judge.table(model);
    }
    judge.faults
}

struct Judge<'m> {
    around: Around<'m>,
    dialect: Dialect,
    tables: BTreeMap<ObjectName, &'m TableModel>,
    faults: Vec<Fault>,
}

/// What stands behind ON DELETE and ON UPDATE.
pub(super) const ACTIONS: [&str; 5] = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"];

impl<'m> Judge<'m> {
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn table(&mut self, model: &'m TableModel) {
        if model.columns.is_empty() {
            self.fault(Fault::at(&Place::table(model), format!("table `{}` has no columns", model.name)));
        }
        let mut seen: BTreeMap<Name, &ColumnModel> = BTreeMap::new();
        for column in model.columns {
            let place = Place { model, declared: &column.declared };
            if let Some(other) = seen.insert(Name::new(column.name, self.dialect), column) {
                let message = format!("column `{}` of table `{}` is declared twice", column.name, model.name);
                self.fault(Fault::at(&place, message).help(format!("`{}` is it, too", other.declared.name)));
            }
            self.column(model, column);
        }
        let keys = model.primary_key.iter().chain(model.uniques);
        for (key, word) in
            keys.zip(model.primary_key.iter().map(|_| "primary key").chain(std::iter::repeat("unique constraint")))
        {
            if key.columns.is_empty() {
                self.fault(Fault::at(
                    &Place::table(model),
                    format!("a {word} of table `{}` has no columns", model.name),
                ));
            }
            self.columns(model, key.columns, &format!("a {word}"));
        }
        for key in model.foreign_keys {
            self.columns(model, key.columns, "a foreign key");
            self.foreign_key(model, key);
        }
        for check in model.checks {
            if let Some(text) = of(check.expression, self.dialect) {
                self.reads(&Place::table(model), "check", text, fragment::is_expression(text, self.dialect));
            }
        }
        let dialect = self.dialect;
        for index in model.indexes.iter().filter(|index| of(index.dialects, dialect)) {
            self.index(model, index);
        }
    }

    fn column(&mut self, model: &'m TableModel, column: &'m ColumnModel) {
        let (dialect, place) = (self.dialect, Place { model, declared: &column.declared });
        let Some(sql) = of(column.sql_type.sql, dialect) else {
            let message =
                format!("{} has no type for column `{}` of table `{}`", shown(dialect), column.name, model.name);
            let help = format!("say one: `type({} = \"…\")`", dialect.name());
            return self.fault(Fault::at(&place, message).help(help));
        };
        let made = fragment::of_type(sql, dialect);
        let is_integer = made.as_ref().is_ok_and(|made| {
            made.data_type.as_ref().is_some_and(|made| made.name == "integer" && made.arguments.is_empty())
        });
        let is_serial = made.as_ref().is_ok_and(|made| made.identity == Some(Identity::Serial));
        self.reads(&place, "type", sql, made.map(|_| ()));
        if let Some(text) = of(column.default, dialect) {
            self.reads(&place, "default", text, fragment::is_default(text, dialect));
            if column.identity.is_some() || is_serial {
                let message = format!("column `{}` has a default, and counts by itself", column.name);
                self.fault(Fault::at(&place, message).help("it can have one of the two"));
            }
        }
        if let Some(text) = column.generated.and_then(|generated| of(generated.expression, dialect)) {
            self.reads(&place, "generated expression", text, fragment::is_expression(text, dialect));
            if of(column.default, dialect).is_some() || column.identity.is_some() {
                let message = format!("column `{}` is generated, and has another source of its values", column.name);
                self.fault(Fault::at(&place, message).help("a generated column has neither a default nor an identity"));
            }
        }
        if let Some(text) = column.on_update.filter(|_| dialect == Dialect::Mysql) {
            self.reads(&place, "ON UPDATE", text, fragment::is_expression(text, dialect));
        }
        let is_key = model.primary_key.is_some_and(|key| key.columns == [column.name]);
        if column.identity.is_some() && dialect == Dialect::Sqlite && !(is_key && is_integer) {
            let message = format!("column `{}` can't count on SQLite", column.name);
            self.fault(Fault::at(&place, message).help("only an `INTEGER` that is the primary key does"));
        }
    }

    /// Whether a piece of SQL reads.
    fn reads(&mut self, place: &Place<'_>, what: &str, text: &str, found: Result<(), &'static str>) {
        if let Err(why) = found {
            self.fault(Fault::at(
                place,
                format!("the {what} `{text}` does not read on {}: {why}", shown(self.dialect)),
            ));
        }
    }

    /// Whether columns are there.
    fn columns(&mut self, model: &'m TableModel, columns: &[&str], what: &str) {
        for name in columns {
            if !has_column(model, name, self.dialect) {
                let message = format!("{what} names column `{name}`, which table `{}` has not", model.name);
                let fault = Fault::at(&Place::columns(model, columns), message);
                self.fault(meant(fault, name, model));
            }
        }
    }

    fn foreign_key(&mut self, model: &'m TableModel, key: &ForeignKeyModel) {
        let place = Place::columns(model, key.columns);
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            let Some(action) = action.filter(|action| !ACTIONS.contains(&normal(action).as_str())) else { continue };
            let fault = Fault::at(&place, format!("`{action}` is nothing that ON {event} does"));
            self.fault(fault.help(match nearest(&normal(action), ACTIONS) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("it does {}", ACTIONS.map(|action| format!("`{action}`")).join(", ")),
            }));
        }
        let bare = table_name(key.schema, key.table, self.dialect);
        let Some(referred) = target(&self.tables, model, key, self.dialect).and_then(|name| self.tables.get(&name))
        else {
            let is_beside = |name: &ObjectName| {
                self.around.have.tables.contains_key(name) && !is_admitted(self.around.filter, name)
            };
            if is_beside(&bare) {
                return;
            }
            let fault = Fault::at(&place, format!("the foreign key refers to table `{bare}`, which no model declares"));
            let known = nearest(key.table, self.tables.keys().map(|name| name.name.as_str()));
            let is_there = self.around.have.tables.contains_key(&bare);
            let help = match known {
                Some(known) => format!("did you mean `{known}`?"),
                None if is_there => {
                    "the chain has it: add its struct to `schema![…]`, or leave the table out with `[objects] exclude`"
                        .to_owned()
                }
                None => "add its struct to `schema![…]`".to_owned(),
            };
            return self.fault(fault.help(help));
        };
        let referred: &TableModel = referred;
        let count = match (key.references, referred.primary_key) {
            ([], Some(primary)) => primary.columns.len(),
            ([], None) => {
                let message =
                    format!("the foreign key names no columns of table `{}`, which has no primary key", referred.name);
                return self.fault(Fault::at(&place, message).help("say which columns it refers to"));
            }
            (references, _) => references.len(),
        };
        for name in key.references {
            if !has_column(referred, name, self.dialect) {
                let message =
                    format!("the foreign key refers to column `{name}`, which table `{}` has not", referred.name);
                self.fault(meant(Fault::at(&place, message), name, referred));
            }
        }
        if count != key.columns.len() {
            let message = format!("the foreign key has {}, and refers to {count}", columns(key.columns.len()));
            self.fault(Fault::at(&place, message).help(format!("table `{}` is meant", referred.name)));
        }
    }

    fn index(&mut self, model: &'m TableModel, index: &IndexModel) {
        let dialect = self.dialect;
        let named: Vec<&str> = index.parts.iter().filter(|part| !part.is_expression).map(|part| part.text).collect();
        let place = Place::columns(model, &named);
        if index.parts.is_empty() {
            self.fault(Fault::at(&place, format!("an index of table `{}` is on nothing", model.name)));
        }
        self.columns(model, &named, "an index");
        self.columns(model, index.include, "an index");
        for part in index.parts.iter().filter(|part| part.is_expression) {
            self.reads(&place, "index expression", part.text, fragment::is_expression(part.text, dialect));
        }
        let Some(predicate) = index.predicate else { return };
        if dialect == Dialect::Mysql {
            let message = "MySQL has no index on some rows only".to_owned();
            self.fault(Fault::at(&place, message).help("say where it is: `only(postgres, sqlite)`"));
        } else {
            self.reads(&place, "predicate", predicate, fragment::is_expression(predicate, dialect));
        }
    }
}

/// The table that a foreign key refers to: where it names no schema, in the default one, or beside its own.
pub(super) fn target(
    tables: &BTreeMap<ObjectName, &TableModel>,
    model: &TableModel,
    key: &ForeignKeyModel,
    dialect: Dialect,
) -> Option<ObjectName> {
    let schemas = [key.schema, key.schema.or(model.schema)];
    schemas.into_iter().map(|schema| table_name(schema, key.table, dialect)).find(|name| tables.contains_key(name))
}

/// An action in upper case, with one blank between words.
pub(super) fn normal(action: &str) -> String {
    action.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase()
}

fn has_column(model: &TableModel, name: &str, dialect: Dialect) -> bool {
    let name = Name::new(name, dialect);
    model.columns.iter().any(|column| Name::new(column.name, dialect) == name)
}

fn meant(fault: Fault, name: &str, model: &TableModel) -> Fault {
    match nearest(name, model.columns.iter().map(|column| column.name)) {
        Some(known) => fault.help(format!("did you mean `{known}`?")),
        None => fault,
    }
}

fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}
