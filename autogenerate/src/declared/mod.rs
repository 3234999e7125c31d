//! What there should be, on one dialect: from the structs of an application, or from a `schema.sql`.
//!
//! The tables are written as DDL, which is replayed: so everything has the form and the names that a chain gives it. What
//! somebody declared that can't be is a [`Fault`], all of them at once. Never looks whether the chain has it already: that
//! is `adopt`'s.

mod column;
mod file;
mod fragment;
mod judge;
mod naming;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::config::{NamingConvention, ObjectFilter};
use revchain_model::{IdentityModel, Kind, PerDialect, TableModel};
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{Schema, apply};

pub(crate) use column::kind as kind_of;
pub use file::declare_sql;
pub(crate) use fragment::of_type;

/// What somebody declares, on one dialect.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The tables. With the types and tables beside them that they were written on.
    pub schema: Schema,
    /// What is said of each, and what is left open.
    pub(crate) tables: BTreeMap<ObjectName, Said>,
    /// What is declared and never compared, for people.
    pub(crate) left_alone: Vec<String>,
}

/// What is said of a table, beyond what a schema shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    /// The names of keys, checks and indexes that somebody gave. All others are made up. The tables of a file share one list of
    /// all that stand there.
    pub(crate) names: Arc<BTreeSet<Name>>,
    /// What a column's type leaves open. Of what is not here it is all said.
    pub(crate) kinds: BTreeMap<Name, Kind>,
    /// How a column counts.
    pub(crate) identities: BTreeMap<Name, IdentityModel>,
    /// Whether SQL declares it: then what SQL has words for is all said.
    pub(crate) is_all: bool,
    /// The table's own name before, and those of its columns: hints.
    pub(crate) renamed_from: Option<ObjectName>,
    pub(crate) columns_renamed_from: BTreeMap<Name, Name>,
}

/// Something declared that can't be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The struct, or the field, as people know it: `Project::name`. Empty for a file of SQL.
    pub declared: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong: one sentence, lower case, names in backticks.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

/// What is around the declared tables.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// What there is. Its dialect is the one that is declared for.
    pub have: &'a Schema,
    /// Which of its tables are looked at.
    pub filter: &'a ObjectFilter,
}

/// What the structs of an application declare, on the dialect of what there is.
///
/// Types and tables that are not declared and may be meant (an enum, a table that the filter leaves out) are looked for in what
/// there is. Where there is a fault, what is left of the tables is no more than a beginning.
pub fn declare(models: &[&TableModel], around: Around<'_>, naming: &NamingConvention) -> (Declared, Vec<Fault>) {
    let dialect = around.have.dialect;
    let models: Vec<&TableModel> = models.iter().copied().filter(|model| of(model.dialects, dialect)).collect();
    let mut faults = judge::judge(&models, around);
    // Of the others the replay tells the rest; what it would say of these is said.
    let is_sound = |model: &&TableModel| !faults.iter().any(|fault| fault.is_of(model));
    let sound: Vec<&TableModel> = models.iter().copied().filter(is_sound).collect();
    let mut written = text::write(&sound, dialect, naming, &mut faults);
    let mut base = base(around);
    for name in enums(&models, dialect) {
        base.types.remove(&name);
    }
    let applied = apply(&base, &written.sql);
    faults.extend(applied.problems.iter().map(|problem| written.fault(problem)));
    for (name, table) in applied.schema.tables.iter().filter(|(name, _)| written.said.contains_key(name)) {
        let unread = table.unknown.first().map(|taint| written.unread(name, &taint.what));
        // A fault taints its table, too.
        faults.extend(unread.filter(|_| applied.problems.is_empty()));
    }
    faults.sort();
    faults.dedup();
    let tables = std::mem::take(&mut written.said);
    (Declared { schema: applied.schema, tables, left_alone: Vec::new() }, faults)
}

/// The enums that the structs bring with them.
fn enums(models: &[&TableModel], dialect: Dialect) -> Vec<ObjectName> {
    let columns = models.iter().flat_map(|model| model.columns).filter(|column| !column.sql_type.values.is_empty());
    let types = columns.filter_map(|column| of(column.sql_type.sql, dialect)).filter(|_| dialect == Dialect::Postgres);
    let read = types.filter_map(|sql| fragment::of_type(sql, dialect).ok()?.data_type);
    read.map(|of| ObjectName { schema: of.schema, name: Name::new(&of.name, dialect) }).collect()
}

/// What the declared tables are written on: types, and what else may stand in a column; and the tables that nobody looks at.
fn base(around: Around<'_>) -> Schema {
    let Around { have, filter } = around;
    let mut base = Schema::empty(have.dialect);
    base.namespaces = have.namespaces.clone();
    base.types = have.types.clone();
    base.sequences = have.sequences.clone();
    base.routines = have.routines.clone();
    base.extensions = have.extensions.clone();
    base.unknown.clone_from(&have.unknown);
    base.unsure = Arc::clone(&have.unsure);
    for (name, table) in have.tables.iter().filter(|(name, _)| !is_admitted(filter, name)) {
        base.tables.insert(name.clone(), Arc::clone(table));
    }
    base
}

/// Whether a table is looked at.
pub(crate) fn is_admitted(filter: &ObjectFilter, table: &ObjectName) -> bool {
    filter.admits(table.schema.as_ref().map(Name::as_str), table.name.as_str())
}

/// What is meant for a dialect.
pub(crate) fn of<T>(each: PerDialect<T>, dialect: Dialect) -> T {
    match dialect {
        Dialect::Postgres => each.postgres,
        Dialect::Mysql => each.mysql,
        Dialect::Sqlite => each.sqlite,
    }
}

/// The dialect as people call it.
pub(crate) fn shown(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
        Dialect::Sqlite => "SQLite",
    }
}

/// The name of a table that a model gives.
pub(crate) fn table_name(schema: Option<&str>, name: &str, dialect: Dialect) -> ObjectName {
    let default = match dialect {
        Dialect::Postgres => Some("public"),
        Dialect::Mysql => None,
        Dialect::Sqlite => Some("main"),
    };
    let schema = schema.filter(|schema| Some(*schema) != default);
    ObjectName { schema: schema.map(|schema| Name::new(schema, dialect)), name: Name::new(name, dialect) }
}

impl Fault {
    /// One at a struct or a field.
    pub(crate) fn at(place: &Place<'_>, message: impl Into<String>) -> Fault {
        Fault {
            declared: place.shown(),
            file: place.declared.file.to_owned(),
            line: place.declared.line,
            message: message.into(),
            help: None,
        }
    }

    /// Whether it is about a struct, or a field of it.
    fn is_of(&self, model: &TableModel) -> bool {
        let own = |name: &str| name == model.declared.name || name.split("::").next() == Some(model.declared.name);
        self.file == model.declared.file && own(&self.declared)
    }

    /// With what to do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
}

/// A struct, or a field of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'m> {
    pub(crate) model: &'m TableModel,
    pub(crate) declared: &'m revchain_model::Declared,
}

impl<'m> Place<'m> {
    /// The struct.
    pub(crate) fn table(model: &'m TableModel) -> Place<'m> {
        Place { model, declared: &model.declared }
    }

    /// The field of the only one of these columns; else the struct.
    pub(crate) fn columns(model: &'m TableModel, columns: &[&str]) -> Place<'m> {
        let [name] = columns else { return Place::table(model) };
        let column = model.columns.iter().find(|column| column.name == *name);
        Place { model, declared: column.map_or(&model.declared, |column| &column.declared) }
    }

    pub(crate) fn shown(&self) -> String {
        let table = self.model.declared.name;
        match std::ptr::eq(self.declared, &raw const self.model.declared) {
            true => table.to_owned(),
            false => format!("{table}::{}", self.declared.name),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}:{}: ", self.file, self.line)?;
        }
        if !self.declared.is_empty() {
            write!(f, "`{}`: ", self.declared)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}
