//! Hints: `renamed_from` in a struct, and `--rename old=new` and `--drop old` on a command line.

use std::fmt;

use revchain_core::Dialect;
use revchain_core::suggest::nearest;
use revchain_schema::Schema;
use revchain_schema::model::{Name, ObjectName};

use super::{Answers, Candidates, Question, renamed};
use crate::declared::Declared;

/// A hint that can't be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrongHint {
    /// What is wrong: one sentence, lower case, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Puts the hints of structs among what is certain. One whose old name is gone is done already.
pub(super) fn hints(declared: &Declared, have: &Schema, found: &mut Candidates) {
    for (to, said) in &declared.tables {
        let Some(from) = &said.renamed_from else { continue };
        if !have.tables.contains_key(from) || have.tables.contains_key(to) || from == to {
            continue;
        }
        if declared.tables.contains_key(from) {
            found.problems.push(still_wanted(&format!("table `{to}`"), from.to_string()));
        } else if !found.certain.tables.values().any(|known| known == to) {
            if let Some(other) = found.certain.tables.get(from) {
                let message = format!("both `{other}` and `{to}` say that they were `{from}`");
                found.problems.push(WrongHint { message, help: None });
            } else {
                found.certain.tables.insert(from.clone(), to.clone());
            }
        }
    }
    let schema = renamed(have, &found.certain);
    for (table, said) in &declared.tables {
        let (Some(old), Some(new)) = (schema.tables.get(table), declared.schema.tables.get(table)) else { continue };
        for (to, from) in &said.columns_renamed_from {
            // Columns that were renamed by an answer are there under their new names already.
            if old.column(from).is_none() || old.column(to).is_some() || from == to {
                continue;
            }
            if new.column(from).is_some() {
                found.problems.push(still_wanted(&format!("column `{table}.{to}`"), from.to_string()));
            } else if let Some(other) = found.certain.columns.get(&(table.clone(), from.clone())) {
                let message = format!("both `{table}.{other}` and `{table}.{to}` say that they were `{from}`");
                found.problems.push(WrongHint { message, help: None });
            } else {
                found.certain.columns.insert((table.clone(), from.clone()), to.clone());
            }
        }
    }
}

fn still_wanted(what: &str, from: String) -> WrongHint {
    let message = format!("{what} says that it was `{from}`, which is still declared");
    WrongHint { message, help: Some(format!("take `renamed_from` away, or what declares `{from}`")) }
}

impl Answers {
    /// What a command line says: `--rename old=new` (`users=people`, `users.mail=users.email`), `--drop old`.
    ///
    /// # Errors
    ///
    /// One for each hint about something that is not there.
    pub fn of(
        renames: &[String],
        drops: &[String],
        declared: &Declared,
        have: &Schema,
    ) -> Result<Answers, Vec<WrongHint>> {
        let (mut answers, mut wrong) = (Answers::default(), Vec::new());
        for hint in renames {
            match rename(hint, declared, have) {
                Ok(question) => answers.answer(question, true),
                Err(problem) => wrong.push(problem),
            }
        }
        for hint in drops {
            match folded(hint, have.dialect, |hint| there(hint, have)) {
                Some((table, column)) => {
                    let table =
                        answers.renames.tables.get(&table).filter(|_| column.is_some()).cloned().unwrap_or(table);
                    answers.dropped.insert((table, column));
                }
                None => wrong.push(unknown("--drop", hint, hint, known(have))),
            }
        }
        if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
    }
}

fn rename(hint: &str, declared: &Declared, have: &Schema) -> Result<Question, WrongHint> {
    let Some((from, to)) = hint.split_once('=') else {
        let message = format!("`--rename {hint}` has no `=`");
        return Err(WrongHint { message, help: Some("write `--rename old=new`".to_owned()) });
    };
    let (from, to) = (from.trim(), to.trim());
    let gone = folded(from, have.dialect, |from| there(from, have))
        .ok_or_else(|| unknown("--rename", hint, from, known(have)))?;
    // A column's new name may be alone: its table is said already.
    let beside = |to: &str| {
        let column = Name::new(to, have.dialect);
        let table = declared.schema.tables.get(&gone.0)?;
        let is_it = gone.1.is_some() && table.column(&column).is_some();
        is_it.then(|| (gone.0.clone(), Some(column)))
    };
    let come = folded(to, have.dialect, |to| there(to, &declared.schema).or_else(|| beside(to)));
    let come = come.ok_or_else(|| unknown("--rename", hint, to, known(&declared.schema)))?;
    match (gone, come) {
        ((from, None), (to, None)) => Ok(Question::Table(from, to)),
        ((_, Some(from)), (table, Some(to))) => Ok(Question::Column(table, from, to)),
        _ => {
            let message = format!("`--rename {hint}` makes a table of a column, or a column of a table");
            Err(WrongHint { message, help: Some("write `table=table`, or `table.column=table.column`".to_owned()) })
        }
    }
}

/// What is found under a name, or on PostgreSQL under the name that it makes of one without quotes: the same hint is for all
/// dialects.
fn folded<T>(text: &str, dialect: Dialect, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    find(text).or_else(|| find(&text.to_lowercase()).filter(|_| dialect == Dialect::Postgres))
}

/// The table, or the column, of that name: `table`, `table.column`, `schema.table`, `schema.table.column`.
fn there(text: &str, schema: &Schema) -> Option<(ObjectName, Option<Name>)> {
    let name = |text: &str| Name::new(text, schema.dialect);
    let table = |text: &str| {
        let full = match text.split_once('.') {
            Some((of, table)) => ObjectName { schema: Some(name(of)), name: name(table) },
            None => ObjectName::bare(name(text)),
        };
        schema.tables.contains_key(&full).then_some(full)
    };
    if let Some(table) = table(text) {
        return Some((table, None));
    }
    let (of, column) = text.rsplit_once('.')?;
    let (of, column) = (table(of)?, name(column));
    schema.tables.get(&of)?.column(&column)?;
    Some((of, Some(column)))
}

fn known(schema: &Schema) -> Vec<String> {
    let columns = schema
        .tables
        .iter()
        .flat_map(|(name, table)| table.columns.iter().map(move |column| format!("{name}.{}", column.name)));
    schema.tables.keys().map(ToString::to_string).chain(columns).collect()
}

fn unknown(option: &str, hint: &str, name: &str, known: Vec<String>) -> WrongHint {
    let meant = nearest(name, known.iter().map(String::as_str));
    WrongHint {
        message: format!("`{option} {hint}`: there is no `{name}`"),
        help: meant.map(|known| format!("did you mean `{known}`?")),
    }
}

impl fmt::Display for WrongHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}
