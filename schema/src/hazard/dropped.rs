//! RC412: a foreign key that goes while what it joined stays. Whether it stays gone, only the chain's end tells.

use revchain_core::{Code, Dialect};

use super::{Context, Hazard};
use crate::change::{Action, Change, Kind};
use crate::model::{Name, ObjectName};
use crate::read::Reading;
use crate::replay::Replay;

/// A foreign key that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gone {
    table: ObjectName,
    columns: Vec<Name>,
    referred: ObjectName,
}

impl Gone {
    /// Whether the chain ends without it, and without another one that any of its columns has.
    pub(crate) fn is_lasting(&self, end: &Replay) -> bool {
        let tables = &end.schema.tables;
        let Some(table) = tables.get(&self.table) else { return false };
        let is_sure = table.is_known() && !end.is_unsure(&self.table);
        let has = |column: &Name| table.column(column).is_some();
        let joins = |column: &Name| table.foreign_keys.iter().any(|key| key.columns.contains(column));
        is_sure
            && tables.contains_key(&self.referred)
            && self.columns.iter().all(has)
            && !self.columns.iter().any(joins)
    }
}

/// The foreign keys that a statement drops, with what there is to say if they stay so.
pub(crate) fn foreign_keys(reading: &Reading, context: &Context<'_>) -> Vec<(Hazard, Gone)> {
    let Reading::Known { changes, .. } = reading else { return Vec::new() };
    let mut found = Vec::new();
    for change in changes {
        let Change::AlterTable { table: named, actions, .. } = change else { continue };
        for (action, part) in actions {
            let Action::Drop { kind: Kind::Constraint | Kind::ForeignKey, name: Some(name), .. } = action else {
                continue;
            };
            let Some((table, there)) = context.live(named) else { continue };
            let is_it = |name_of: &Option<Name>| name_of.as_ref() == Some(&name.name);
            let Some(key) = there.foreign_keys.iter().find(|key| is_it(&key.name)) else { continue };
            if context.dialect() == Dialect::Sqlite {
                continue;
            }
            let columns: Vec<String> = key.columns.iter().map(|column| format!("`{column}`")).collect();
            let hazard = Hazard::at(
                Code::ConstraintDropped,
                *part,
                format!("from here on {} of `{table}` may refer to no row of `{}`", columns.join(", "), key.table),
                "nothing in the chain adds another foreign key; if that is meant, say why: `-- @allow RC412: <reason>`",
            );
            found.push((hazard, Gone { table, columns: key.columns.clone(), referred: key.table.clone() }));
        }
    }
    found
}
