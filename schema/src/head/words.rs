//! How keys are shown, in the compiler's messages.

use crate::model::{ForeignKey, Index, Key, Name, ReferentialAction};

pub(super) fn listed(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    format!("({})", names.join(", "))
}

pub(super) fn unique(key: &Key) -> String {
    format!("unique {}", listed(&key.columns))
}

pub(super) fn index(index: &Index) -> String {
    let parts: Vec<&str> = index
        .parts
        .iter()
        .map(|part| match (&part.column, &part.expression) {
            (Some(name), _) => name.as_str(),
            (None, expression) => expression.as_ref().map_or("…", |expression| expression.as_str()),
        })
        .collect();
    // A unique index on one dialect is a unique constraint on another.
    format!("{} ({})", if index.unique { "unique" } else { "index" }, parts.join(", "))
}

pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!("{} to {}", listed(&key.columns), key.table);
    if !key.references.is_empty() {
        text.push(' ');
        text.push_str(&listed(&key.references));
    }
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != ReferentialAction::NoAction {
            text.push_str(&format!(" ON {event} {}", action.sql()));
        }
    }
    text
}
