//! What a database holds, beside what the files say. What is the same is decided where `check --database` has it decided.

use std::fmt::Write as _;

use revchain_reflect::Scope;
use revchain_schema::compare::compare_bodies;
use revchain_schema::{
    Changed, Comparison, Difference, Object, Schema, Unclear, admit, compare, compare_live, namespaces,
};

use super::super::words;
use super::driver::Driver;
use super::files::Files;

/// How many differences a message shows.
const SHOWN: usize = 20;

/// A look at a database.
pub(super) struct Seen {
    /// What the replay says.
    pub(super) said: Schema,
    /// What is there.
    pub(super) stored: Schema,
    pub(super) comparison: Comparison,
    /// What is there, as a database tells it in one text, if it does.
    text: Option<String>,
}

/// Reads a database's schema, and compares it with what is said. What was `seen` in this database before is not read again, where
/// it can be known.
pub(super) async fn look<DB: Driver>(
    connection: &mut DB::Connection,
    files: &Files,
    said: Schema,
    seen: Option<&Seen>,
) -> Result<Seen, String> {
    let broken = |error: sqlx::Error| format!("the schema can't be read: {}", words(&error));
    let mut text = None;
    if let Some(query) = DB::TEXT {
        let rows = DB::rows(connection, query.to_owned()).await.map_err(broken)?;
        text = rows.into_iter().flatten().next().flatten();
    }
    let stored = match seen.filter(|seen| text.is_some() && seen.text == text) {
        Some(seen) => seen.stored.clone(),
        None => {
            let config = files.chain.config();
            let scope = Scope::of_config(config, DB::CORE, &namespaces(&said));
            let mut stored = DB::reflect(connection, &scope).await.map_err(broken)?;
            admit(&mut stored, &config.objects);
            stored
        }
    };
    // Who made the database may see all of it.
    let comparison = compare_live(&said, &stored, |_| None);
    Ok(Seen { said, stored, comparison, text })
}

impl Seen {
    /// What differs here and did not before: what differed already is the affair of an earlier revision's test.
    pub(super) fn new_since(&self, before: &Seen) -> Vec<Difference> {
        let known = &before.comparison.differences;
        self.comparison.differences.iter().filter(|one| !known.contains(one)).cloned().collect()
    }

    /// What has not come back, of what the replay can say nothing about: one look beside the other, and no files.
    pub(super) fn not_restored(&self, before: &Seen) -> Vec<Difference> {
        let mut differences = compare(&before.stored, &self.stored);
        differences.extend(compare_bodies(&before.stored, &self.stored));
        differences.retain(|difference| self.is_in_doubt(&difference.object) || before.is_in_doubt(&difference.object));
        differences
    }

    /// Whether the replay says nothing of it, or not all.
    fn is_in_doubt(&self, object: &Object) -> bool {
        let is_tainted = |table| self.said.tables.get(table).is_some_and(|table| !table.is_known());
        let is_about = |unclear: &Unclear| {
            unclear.object == *object
                || matches!(&unclear.object, Object::Table(table) if object.table() == Some(table))
        };
        !self.said.unknown.is_empty()
            || object.table().is_some_and(|table| is_tainted(table) || self.said.unsure.contains(table))
            || object.name().is_some_and(|name| self.said.unsure.contains(name))
            || self.comparison.unclear.iter().any(is_about)
    }
}

/// What differs from the chain, line by line, as `check --database` says it.
pub(super) fn lines(differences: &[Difference]) -> String {
    text(differences, |difference| match &difference.change {
        Changed::Missing => "in the chain, not in the database".to_owned(),
        Changed::Extra => "in the database, not in the chain".to_owned(),
        Changed::Differs { what, before, after } => format!("{what} is {after} in the database, {before} in the chain"),
    })
}

/// What differs from what was there before, line by line.
pub(super) fn lines_of_then(differences: &[Difference]) -> String {
    text(differences, |difference| match &difference.change {
        Changed::Missing => "there before the upgrade, not any more".to_owned(),
        Changed::Extra => "left behind, not there before the upgrade".to_owned(),
        Changed::Differs { what, before, after } => format!("{what} was {before} before the upgrade, and is {after}"),
    })
}

fn text(differences: &[Difference], said: impl Fn(&Difference) -> String) -> String {
    let mut text = String::new();
    for difference in differences.iter().take(SHOWN) {
        let _ = write!(text, "\n  {}: {}", difference.object, said(difference));
    }
    if let Some(more) = differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = write!(text, "\n  and {more} more");
    }
    text
}
