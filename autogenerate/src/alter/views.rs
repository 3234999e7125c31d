//! Views: dropped where they go, or where PostgreSQL wouldn't let go what they read; and made as they are to be.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_schema::Object;
use revchain_schema::model::{ObjectName, View};
use revchain_schema::write::views_in_order;

use super::progress::Progress;
use super::retyped::Columns;

/// Drops those that go or are in the way, those that read others first.
pub(super) fn drop(progress: &mut Progress<'_>) {
    let writer = progress.writer();
    let hindering = if progress.now.dialect == Dialect::Postgres { hindering(progress) } else { BTreeSet::new() };
    let mut statements = Vec::new();
    for name in views_in_order(&progress.now).into_iter().rev() {
        let Some(view) = progress.now.views.get(name) else { continue };
        let goes = progress.is_missing(&Object::View(name.clone()));
        if !goes && !hindering.contains(name) {
            continue;
        }
        let note = (!goes).then(|| {
            format!(
                "`{name}` reads what changes here: it is made again at the end, and what was granted on it is gone."
            )
        });
        statements.push((writer.drop_view(name, view), note));
    }
    for (statement, note) in statements {
        progress.noted(statement, note.as_slice());
    }
}

/// The views that read a table or a column that goes or gets another type, and those that read them.
fn hindering(progress: &Progress<'_>) -> BTreeSet<ObjectName> {
    let mut found: BTreeSet<ObjectName> = BTreeSet::new();
    if progress.now.views.is_empty() {
        return found;
    }
    let changing = Columns::changing(progress);
    let mut columns: Vec<_> = changing.iter().collect();
    let mut tables = BTreeSet::new();
    for difference in progress.left.iter().filter(|one| one.change == revchain_schema::Changed::Missing) {
        match &difference.object {
            Object::Column(table, column) => columns.push((table, column)),
            Object::Table(table) => {
                tables.insert(table);
            }
            _ => {}
        }
    }
    let reads = |view: &View, name: &ObjectName| {
        view.mentions.iter().any(|other| other == name || other.schema.is_none() && other.name == name.name)
    };
    for name in views_in_order(&progress.now) {
        let Some(view) = progress.now.views.get(name) else { continue };
        let reads_column = columns.iter().any(|(table, column)| {
            reads(view, table) && (view.body.mentions(column, Dialect::Postgres) || view.body.as_str().contains('*'))
        });
        if reads_column || tables.iter().any(|table| reads(view, table)) || found.iter().any(|other| reads(view, other))
        {
            found.insert(name.clone());
        }
    }
    found
}

/// Makes those that are not there.
pub(super) fn create(progress: &mut Progress<'_>) {
    let (writer, to) = (progress.writer(), progress.to);
    for name in views_in_order(to) {
        let Some(view) = to.views.get(name).filter(|_| progress.is_extra(&Object::View(name.clone()))) else {
            continue;
        };
        if view.body.as_str().is_empty() {
            progress.refuse(writer.object(name), "what the view selects is not known");
            continue;
        }
        progress.step(writer.create_view(name, view));
        for statement in writer.after_view(name, view) {
            progress.step(statement);
        }
    }
}
