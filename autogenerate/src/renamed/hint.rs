//! Hints: `renamed_from` in a struct, and `--rename old=new` and `--drop old` on a command line.

use std::collections::BTreeMap;
use std::fmt;

use revchain_core::Dialect;
use revchain_core::suggest::nearest;
use revchain_schema::Schema;
use revchain_schema::model::{Name, ObjectName};

use super::{Answers, Candidates, Question, renamed};
use crate::Renames;
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
    let said = declared.tables.iter().filter_map(|(to, said)| Some((to, said.renamed_from.as_ref()?)));
    let moves = undone(said, |name| have.tables.contains_key(name));
    for (to, from) in &moves {
        let (to, from) = (*to, *from);
        if declared.tables.contains_key(from) && !moves.contains_key(from) {
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
        // Columns that were renamed by an answer are there under their new names already.
        let moves = undone(&said.columns_renamed_from, |name| old.column(name).is_some());
        for (to, from) in &moves {
            let (to, from) = (*to, *from);
            if new.column(from).is_some() && !moves.contains_key(from) {
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

/// Which hints are not done yet, by the new name: the old one is there, and the new one not, or it is about to become another.
/// (Two that swap look the same before and after: that only a command line can say.)
fn undone<'n, N: Ord>(
    said: impl IntoIterator<Item = (&'n N, &'n N)>,
    is_there: impl Fn(&N) -> bool,
) -> BTreeMap<&'n N, &'n N> {
    let mut said: BTreeMap<&N, &N> = said.into_iter().filter(|(to, from)| to != from && is_there(from)).collect();
    let mut moves = BTreeMap::new();
    let mut next: Vec<&N> = said.keys().filter(|to| !is_there(to)).copied().collect();
    while let Some(to) = next.pop() {
        if let Some(from) = said.remove(to) {
            moves.insert(to, from);
            next.push(from);
        }
    }
    moves
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
        wrong.extend(taken(&answers.renames, have));
        if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
    }
}

/// New names that something has which keeps it.
fn taken(renames: &Renames, have: &Schema) -> Vec<WrongHint> {
    let wrong = |old: String, new: String| WrongHint {
        message: format!("`--rename {old}={new}`: there is a `{new}` already"),
        help: Some(format!("say what becomes of that one, too, `--rename {new}=…`, or leave this out")),
    };
    let mut found = Vec::new();
    for (old, new) in &renames.tables {
        if old != new && have.tables.contains_key(new) && !renames.tables.contains_key(new) {
            found.push(wrong(old.to_string(), new.to_string()));
        }
    }
    let before = renames.reversed().tables;
    for ((table, old), new) in &renames.columns {
        let there = have.tables.get(before.get(table).unwrap_or(table));
        let is_there = there.is_some_and(|table| table.column(new).is_some());
        if old != new && is_there && !renames.columns.contains_key(&(table.clone(), new.clone())) {
            found.push(wrong(format!("{table}.{old}"), format!("{table}.{new}")));
        }
    }
    found
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
    // A column stands behind its table.
    let of_table = || known.iter().find(|known| known.rsplit_once('.').is_some_and(|(_, column)| column == name));
    let meant = nearest(name, known.iter().map(String::as_str)).or_else(|| of_table().map(String::as_str));
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
