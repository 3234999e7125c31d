//! Indexes of live tables.

use revchain_core::{Code, Dialect};

use super::rewrite::{slice, spelt};
use super::unique::{self, Distinct};
use super::{Context, Hazard};
use crate::change::{Action, Constraint, CreateIndex, Drops, Part};
use crate::model::Index;
use crate::replay::Relation;

/// Columns of an index that help to find rows. An index of more is seldom used for all of them.
const WIDE: usize = 3;

/// `CREATE INDEX`: RC401, or what else there is to say.
pub(super) fn create(create: &CreateIndex, context: &Context<'_>, found: &mut Vec<Hazard>) {
    wide(&create.index, create.part, found);
    if create.if_not_exists && is_there(create, context) {
        return;
    }
    if !blocks_writes(create, context, found) {
        unique::index(create, context, found);
    }
}

/// RC401. PostgreSQL builds an index under a lock that reads pass and writes don't; with CONCURRENTLY it takes longer and
/// stops nobody. A partitioned table has no concurrent build.
///
/// Source: PostgreSQL's documentation of CREATE INDEX.
fn blocks_writes(create: &CreateIndex, context: &Context<'_>, found: &mut Vec<Hazard>) -> bool {
    if context.dialect() != Dialect::Postgres || create.concurrently || create.only {
        return false;
    }
    let Some((name, table)) = context.live(&create.table) else { return false };
    if table.options.contains_key("partition by") {
        return false;
    }
    let statement = context.text.trim_end();
    let rewrite = concurrently(statement);
    let (outside, section) = context.outside();
    let query = Distinct::of_index(create, context).and_then(|distinct| distinct.query(context));
    let look = query.map_or(String::new(), |query| format!("look for duplicates, which make it fail:\n{query}\nthen "));
    found.push(Hazard::at(
        Code::IndexBlocksWrites,
        create.part,
        format!("nobody can write to `{name}` while this index is built"),
        format!("{look}build it concurrently{outside}:\n{section}{rewrite}"),
    ));
    true
}

/// Whether `IF NOT EXISTS` finds something.
fn is_there(create: &CreateIndex, context: &Context<'_>) -> bool {
    let Some(name) = &create.index.name else { return false };
    match context.dialect() {
        Dialect::Mysql => context.live(&create.table).is_some_and(|(_, table)| {
            let keys = table.uniques.iter().map(|key| &key.name);
            keys.chain(table.indexes.iter().map(|index| &index.name)).any(|there| there.as_ref() == Some(name))
        }),
        Dialect::Postgres | Dialect::Sqlite => {
            context.replay.relation(&create.table.name.beside(name.clone())) != Relation::Nothing
        }
    }
}

/// The statement with `CONCURRENTLY` behind its `INDEX`.
fn concurrently(statement: &str) -> String {
    let at = statement.to_ascii_uppercase().find("INDEX").map_or(0, |at| at + "INDEX".len());
    let (head, tail) = statement.split_at_checked(at).unwrap_or(("", statement));
    format!("{head} CONCURRENTLY{tail};")
}

/// RC402. `DROP INDEX` takes the table's strongest lock, and keeps it until the transaction ends.
///
/// Source: PostgreSQL's documentation of DROP INDEX; tried.
pub(super) fn drop(drops: &Drops, concurrently: bool, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if context.dialect() != Dialect::Postgres || concurrently || drops.cascade {
        return;
    }
    let if_exists = if drops.if_exists { "IF EXISTS " } else { "" };
    let (mut tables, mut first, mut statements) = (Vec::new(), None, String::new());
    for named in &drops.names {
        let Relation::Index(_, table) = context.replay.relation(&named.name) else { continue };
        let Some((name, table)) = context.live_name(&table) else { continue };
        // One that goes with a partitioned table can't be dropped concurrently.
        let is_it = |index: &Index| index.name.as_ref() == Some(&named.name.name);
        if table.options.contains_key("partition by") || !table.indexes.iter().any(is_it) {
            continue;
        }
        let name = format!("`{name}`");
        if !tables.contains(&name) {
            tables.push(name);
        }
        first = first.or(Some(named.part));
        let index = slice(context.text, named.part);
        statements.push_str(&format!("\nDROP INDEX CONCURRENTLY {if_exists}{index};"));
    }
    let Some(part) = first else { return };
    let (outside, section) = context.outside();
    found.push(Hazard::at(
        Code::DropIndexBlocks,
        part,
        format!("nobody can read or write {} while this index is dropped", tables.join(" or ")),
        format!("drop it concurrently{outside}:\n{section}{}", statements.trim_start()),
    ));
}

/// MySQL's `ADD INDEX`.
pub(super) fn add(action: &Action, part: Part, found: &mut Vec<Hazard>) {
    if let Action::Add { constraint: Constraint::Index(index), .. } = action {
        wide(index, part, found);
    }
}

/// RC489. Every write pays for each column of an index; behind the first few they hardly narrow a search. A unique index
/// needs them all.
fn wide(index: &Index, part: Part, found: &mut Vec<Hazard>) {
    let is_sorted = index.method.as_deref().is_none_or(|method| method == "btree");
    if index.unique || !is_sorted || index.parts.len() <= WIDE {
        return;
    }
    let columns = index.parts.len();
    let first = index.parts.iter().filter_map(|part| part.column.as_ref()).take(WIDE);
    let first: Vec<String> = first.map(|name| spelt(name, Dialect::Postgres)).collect();
    found.push(Hazard::at(
        Code::WideIndex,
        part,
        format!("this index has {columns} columns, and is written with every change of each of them"),
        format!("keep the columns that queries filter by, most often the first few (`{}`)", first.join(", ")),
    ));
}
