//! RC411: what is to be unique, in a table that has rows already.

use super::rewrite::{list, slice, value};
use super::{Context, Hazard};
use crate::change::{Action, Constraint, CreateIndex, Named, Part};
use crate::model::{Expression, IndexPart, Key, Name, Table};
use revchain_core::{Code, Dialect};

/// What has to be different in any two rows.
pub(super) struct Distinct<'a> {
    /// The table, as it is written.
    table: &'a Named,
    parts: Vec<IndexPart>,
    predicate: Option<&'a Expression>,
    nulls_not_distinct: bool,
    /// Where the list of the parts is.
    within: Part,
}

impl<'a> Distinct<'a> {
    /// What a unique index asks for.
    pub(super) fn of_index(create: &'a CreateIndex, context: &Context<'_>) -> Option<Distinct<'a>> {
        let index = &create.index;
        index.unique.then(|| Distinct {
            table: &create.table,
            parts: index.parts.clone(),
            predicate: index.predicate.as_ref(),
            nulls_not_distinct: index.nulls_not_distinct,
            within: (create.table.part.1, context.text.len()),
        })
    }

    /// What a primary key or a unique constraint asks for.
    pub(super) fn of_key(key: &Key, table: &'a Named, within: Part) -> Distinct<'a> {
        let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
        Distinct { table, parts, predicate: None, nulls_not_distinct: key.nulls_not_distinct, within }
    }

    /// The query that finds what would be in its way. `None` where nothing can be, or somebody has seen to it: the values
    /// were unique before this revision, or came with it, or the section has changed rows.
    pub(super) fn query(&self, context: &Context<'_>) -> Option<String> {
        let (full, table) = context.live(self.table)?;
        let before = context.before.tables.get(&full)?;
        let came_with_it = |part: &IndexPart| part.column.as_ref().is_some_and(|name| before.column(name).is_none());
        if self.parts.is_empty()
            || self.is_there(table)
            || self.is_there(before)
            || self.parts.iter().any(came_with_it)
            || rows_were_changed(context.earlier, &full.name)
        {
            return None;
        }
        let values = self.values(context);
        let mut conditions: Vec<String> =
            self.predicate.map(|predicate| predicate.as_str().to_owned()).into_iter().collect();
        let is_required = |name: &Name| table.column(name).is_some_and(|column| !column.nullable);
        for (part, value) in self.parts.iter().zip(&values) {
            if !self.nulls_not_distinct && !part.column.as_ref().is_some_and(is_required) {
                conditions.push(format!("{value} IS NOT NULL"));
            }
        }
        let values = values.join(", ");
        let filter = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let name = slice(context.text, self.table.part);
        Some(format!("SELECT {values}, count(*) FROM {name}{filter} GROUP BY {values} HAVING count(*) > 1;"))
    }

    fn values(&self, context: &Context<'_>) -> Vec<String> {
        let written = list(context.text, context.dialect(), self.within);
        self.parts.iter().zip(written).map(|(part, at)| value(context.text, context.dialect(), at, part)).collect()
    }

    /// Whether a table keeps some of it unique already, and so all of it.
    fn is_there(&self, table: &Table) -> bool {
        let holds = |name: &Name| self.parts.iter().any(|part| part.column.as_ref() == Some(name));
        let same = |part: &IndexPart| {
            self.parts.iter().any(|own| own.column == part.column && own.expression == part.expression)
                && part.length.is_none()
        };
        table.primary_key.iter().chain(&table.uniques).any(|key| key.columns.iter().all(holds))
            || table.indexes.iter().any(|index| {
                let covers = index.predicate.is_none() || index.predicate.as_ref() == self.predicate;
                index.unique && covers && index.parts.iter().all(same)
            })
    }
}

/// Whether rows of that table are changed by what stands before: then its author has been at them.
fn rows_were_changed(earlier: &str, table: &Name) -> bool {
    let earlier = earlier.to_lowercase();
    ["delete", "update", "merge", "truncate"].iter().any(|word| earlier.contains(word))
        && earlier.contains(&table.as_str().to_lowercase())
}

/// A unique index that is built without a lock, or where there is no such choice. What is locked RC401 says.
pub(super) fn index(create: &CreateIndex, context: &Context<'_>, found: &mut Vec<Hazard>) {
    if let Some(distinct) = Distinct::of_index(create, context) {
        say(&distinct, create.part, context, found);
    }
}

/// A unique or primary key. On PostgreSQL RC408 and RC409 say so.
pub(super) fn constraint(table: &Named, action: &Action, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Action::Add { constraint, .. } = action else { return };
    let distinct = match constraint {
        Constraint::Primary(key) | Constraint::Unique(key) => Distinct::of_key(key, table, part),
        Constraint::Index(index) if index.unique => {
            Distinct { table, parts: index.parts.clone(), predicate: None, nulls_not_distinct: false, within: part }
        }
        _ => return,
    };
    if context.dialect() != Dialect::Postgres {
        say(&distinct, part, context, found);
    }
}

fn say(distinct: &Distinct<'_>, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Some(query) = distinct.query(context) else { return };
    let Some((full, _)) = context.live(distinct.table) else { return };
    let values: Vec<String> = distinct.values(context).iter().map(|value| format!("`{value}`")).collect();
    found.push(Hazard::at(
        Code::UniqueOnExisting,
        part,
        format!("this fails if two rows of `{full}` have the same {}", values.join(" and ")),
        format!("look first, on each database; there should be none:\n{query}"),
    ));
}
