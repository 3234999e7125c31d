//! RC412: a foreign key that goes while what it joined stays. Whether it comes back, the revision's end tells.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard, Promise};
use crate::change::{Action, Kind, Named, Part};
use crate::model::{Name, ObjectName};
use crate::replay::Replay;

/// A foreign key that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone {
    table: ObjectName,
    columns: Vec<Name>,
    referred: ObjectName,
}

impl Gone {
    /// Whether one that any of its columns has is there again; or what it joined is gone, too, or no longer known.
    pub(super) fn is_made_up_for(&self, end: &Replay) -> bool {
        let tables = &end.schema.tables;
        let Some(table) = tables.get(&self.table) else { return true };
        let is_gone = |column: &Name| table.column(column).is_none();
        let is_joined = |column: &Name| table.foreign_keys.iter().any(|key| key.columns.contains(column));
        !table.is_known()
            || end.is_unsure(&self.table)
            || !tables.contains_key(&self.referred)
            || self.columns.iter().any(|column| is_gone(column) || is_joined(column))
    }
}

/// A constraint is dropped. SQLite has no such statement.
pub(super) fn constraint(named: &Named, action: &Action, part: Part, context: &Context<'_>, found: &mut Vec<Hazard>) {
    let Action::Drop { kind: Kind::Constraint | Kind::ForeignKey, name: Some(name), .. } = action else { return };
    let Some((table, there)) = context.live(named).filter(|_| context.dialect() != Dialect::Sqlite) else { return };
    let Some(key) = there.foreign_keys.iter().find(|key| key.name.as_ref() == Some(&name.name)) else { return };
    let columns: Vec<String> = key.columns.iter().map(|column| format!("`{column}`")).collect();
    let hazard = Hazard::at(
        Code::ConstraintDropped,
        part,
        format!("from here on {} of `{table}` may refer to no row of `{}`", columns.join(", "), key.table),
        "the revision adds no other foreign key; if that is meant, say why: `-- @allow RC412: <reason>`",
    );
    let gone = Gone { columns: key.columns.clone(), referred: key.table.clone(), table };
    found.push(hazard.unless(Promise::ForeignKey(gone)));
}
