//! Functions: whether there is one that is called. Knows names alone, and nothing of what they take. Nothing is claimed where something
//! that isn't the chain's may have brought one: an opaque statement, an extension that isn't known by heart, a plug-in.

mod elsewhere;
mod extensions;
mod mysql;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use revchain_core::Dialect;
use revchain_core::suggest::{distance, nearest};

use super::builtin::{is_builtin, is_of_extension};
use super::names::name_at;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::{Name, ObjectName};
use crate::read::names::Names;
use crate::write::is_reserved;

/// Those that people write most: what a misspelled one may mean, before all the others.
const COMMON: [&str; 24] = [
    "abs",
    "avg",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "date",
    "length",
    "lower",
    "ltrim",
    "max",
    "min",
    "now",
    "nullif",
    "random",
    "replace",
    "round",
    "rtrim",
    "substr",
    "substring",
    "sum",
    "trim",
    "upper",
    "uuid",
];

impl Replay {
    /// The first function among those called that surely isn't there: where its name stands in the text.
    pub(super) fn missing_function(&self, names: &Names, text: &str) -> Option<Part> {
        let is_missing = |part: Part| {
            let shown = text.get(part.0..part.1).unwrap_or_default();
            !is_known_word(shown, self.dialect()) && self.is_no_function(&name_at(text, part, self.dialect()))
        };
        names.calls.iter().map(|call| call.part).find(|part| is_missing(*part))
    }

    /// Says that there is no such function.
    pub(super) fn say_no_function(&self, name: &Name, part: Option<Part>, step: &mut Step<'_>) {
        let (key, dialect) = (name.key(), self.dialect());
        if let Some(extension) = extensions::of(key).filter(|_| dialect == Dialect::Postgres) {
            let message = format!("the function `{name}` is the extension `{extension}`'s, which no revision makes");
            let quoted = if extension.contains('-') { format!("\"{extension}\"") } else { extension.to_owned() };
            let mut help = format!("write `CREATE EXTENSION IF NOT EXISTS {quoted}` before it");
            if key == "uuid_generate_v4" {
                help.push_str("; or call `gen_random_uuid()`, which is PostgreSQL's own since 13");
            }
            let _ = step.fault(FaultKind::Other, message, part).help(help);
            return;
        }
        let message = format!("there is no function `{name}` on {}", server(dialect));
        let report = step.fault(FaultKind::Other, message, part);
        if let Some(instead) = elsewhere::instead(key, dialect) {
            let _ = report.help(format!("write {instead}"));
            return;
        }
        let own = self.schema.routines.keys().map(|full| full.name.as_str());
        let common = COMMON.into_iter().filter(|name| is_function(name, dialect));
        let near = nearest(key, own.chain(common)).or_else(|| nearest(key, functions(dialect).iter().copied()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "correct the name, or make the function in a revision before this one".to_owned(),
        };
        let _ = report.help(help);
    }

    /// Whether nothing of this name can be called.
    pub(super) fn is_no_function(&self, name: &Name) -> bool {
        let (key, dialect) = (name.key(), self.dialect());
        let has_name = |full: &ObjectName| full.name == *name;
        if is_function(key, dialect)
            || is_reserved(key, dialect) && elsewhere::instead(key, dialect).is_none()
            || !self.schema.unknown.is_empty()
            || self.foreign_functions
            || self.schema.routines.keys().any(has_name)
            || self.unsure.iter().any(has_name)
        {
            return false;
        }
        match dialect {
            Dialect::Postgres => !self.may_be_postgres(name, has_name),
            Dialect::Mysql => true,
            Dialect::Sqlite => is_slip(key),
        }
    }

    /// Whether something that isn't understood may have brought anything.
    pub(super) fn may_have_others(&self) -> bool {
        !self.schema.unknown.is_empty() || self.has_strange_extension()
    }

    fn has_strange_extension(&self) -> bool {
        self.schema.extensions.keys().any(|extension| !extensions::is_known(extension.key()))
    }

    /// What else PostgreSQL may be called with parentheses behind it: a type, a row of a table, a column of one, a function of an extension.
    fn may_be_postgres(&self, name: &Name, has_name: impl Fn(&ObjectName) -> bool) -> bool {
        let key = name.key();
        let is_there = |extension: &str| self.schema.extensions.keys().any(|name| name.key() == extension);
        is_builtin(key)
            || is_of_extension(key)
            || key.contains("multirange")
            || extensions::is_often_there(key)
            || extensions::of(key).is_some_and(is_there)
            || self.has_strange_extension()
            || self.schema.types.keys().any(&has_name)
            || self.schema.views.keys().any(&has_name)
            || self.schema.tables.keys().any(&has_name)
            || self.schema.tables.values().any(|table| table.column(name).is_some())
    }
}

/// Whether an unquoted word is surely a function, whatever its case: most are, and need no name to be found by.
fn is_known_word(word: &str, dialect: Dialect) -> bool {
    const LONGEST: usize = 24;
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).is_ok_and(|word| is_function(word, dialect))
}

/// What a server has, in lower case, sorted.
fn functions(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres => &postgres::FUNCTIONS,
        Dialect::Mysql => &mysql::FUNCTIONS,
        Dialect::Sqlite => &sqlite::FUNCTIONS,
    }
}

/// Whether some version of a server may have a function of this name, in lower case.
fn is_function(name: &str, dialect: Dialect) -> bool {
    let begins = |with: &[&str]| with.iter().any(|beginning| name.starts_with(beginning));
    functions(dialect).binary_search(&name).is_ok()
        || match dialect {
            Dialect::Postgres => begins(&["pg_", "binary_upgrade_"]),
            Dialect::Mysql => begins(&mysql::IS_LOADED),
            Dialect::Sqlite => begins(&["sqlite_", "shell_", "rtree", "fts"]),
        }
}

/// Whether a name is surely meant for a function that SQLite does not have, or for one that it has and is called otherwise. An application
/// gives SQLite functions of its own, as do the extensions that it loads (`ST_Area`, `vec_f32`), and nobody sees that here.
fn is_slip(name: &str) -> bool {
    let is_near = |other: &str| other.len() > 4 && distance(name, other) <= if name.len() < 10 { 1 } else { 2 };
    elsewhere::instead(name, Dialect::Sqlite).is_some() || sqlite::FUNCTIONS.iter().any(|other| is_near(other))
}

/// What to call it.
pub(super) fn server(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL or MariaDB",
        Dialect::Sqlite => "SQLite",
    }
}
