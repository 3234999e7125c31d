//! Constraints dropped, renamed and looked for.

use revchain_core::Dialect;

use super::naming::{fit, has_constraint, number_of};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Kind, Named, Part};
use crate::model::{Name, Table};

impl Replay {
    #[expect(clippy::too_many_arguments, reason = "the clauses of DROP")]
    pub(super) fn drop_constraint(
        &mut self,
        target: &mut Target<'_>,
        kind: Kind,
        name: Option<&Named<Name>>,
        if_exists: bool,
        cascade: bool,
        part: Part,
        step: &mut Step<'_>,
    ) {
        let dialect = self.dialect();
        let fitted = name.map(|named| Named { name: fit(&named.name, dialect), part: named.part });
        let name = fitted.as_ref();
        let is_primary = kind == Kind::PrimaryKey
            || dialect == Dialect::Mysql
                && matches!(kind, Kind::Index | Kind::Constraint)
                && name.is_some_and(|named| named.name.key() == "primary");
        if is_primary {
            if target.table.primary_key.take().is_none() && !if_exists && target.judge(step) {
                let message = format!("table `{}` has no primary key", target.name);
                let _ = step
                    .fault(FaultKind::UnknownConstraint, message, part)
                    .also(target.table.place, "the table is made here");
            }
            return;
        }
        let Some(named) = name else {
            target.doubt(step);
            return;
        };
        if self.take_constraint(target, kind, named, cascade, step) || if_exists {
            return;
        }
        if kind == Kind::Index {
            self.unknown_index(target, named, step);
            return;
        }
        self.unknown_constraint(target, named, step);
    }

    /// Takes a constraint out. Whether it was there.
    fn take_constraint(
        &mut self,
        target: &mut Target<'_>,
        kind: Kind,
        named: &Named<Name>,
        cascade: bool,
        step: &mut Step<'_>,
    ) -> bool {
        let is_it = |other: &Option<Name>| other.as_ref() == Some(&named.name);
        let mysql = self.dialect() == Dialect::Mysql;
        let any = kind == Kind::Constraint;
        if any || kind == Kind::ForeignKey {
            let before = target.table.foreign_keys.len();
            target.table.foreign_keys.retain(|key| !is_it(&key.name));
            if target.table.foreign_keys.len() < before {
                return true;
            }
        }
        if any || kind == Kind::Check {
            let before = target.table.checks.len();
            target.table.checks.retain(|check| !is_it(&check.name));
            if target.table.checks.len() < before {
                return true;
            }
        }
        if any || kind == Kind::Index {
            if let Some(at) = target.table.uniques.iter().position(|key| is_it(&key.name)) {
                let key = target.table.uniques.remove(at);
                self.free_key(target, &key.columns, named, cascade, step);
                return true;
            }
            if kind == Kind::Index {
                let before = target.table.indexes.len();
                target.table.indexes.retain(|index| !is_it(&index.name));
                return target.table.indexes.len() < before || self.is_generated(target.name, &named.name);
            }
        }
        if any && target.table.primary_key.as_ref().is_some_and(|key| is_it(&key.name)) && !mysql {
            let key = target.table.primary_key.take();
            self.free_key(target, &key.map(|key| key.columns).unwrap_or_default(), named, cascade, step);
            return true;
        }
        let before = target.table.exclusions.len();
        target.table.exclusions.retain(|exclusion| !is_it(&exclusion.name));
        target.table.exclusions.len() < before
    }

    /// A constraint isn't there: says so, unless it may be one whose name nobody knows.
    fn unknown_constraint(&self, target: &mut Target<'_>, named: &Named<Name>, step: &mut Step<'_>) {
        let name = &named.name;
        let may_be_made_up = match self.dialect() {
            // PostgreSQL 18 names NOT NULL constraints.
            Dialect::Postgres => name.as_str().contains("_not_null"),
            // Unnamed checks; a REFERENCES beside a column, which MariaDB heeds and MySQL doesn't; a plain index, that
            // MariaDB calls no constraint.
            Dialect::Mysql => {
                target.table.checks.iter().any(|check| check.name.is_none())
                    || number_of(name.as_str(), target.name.name.as_str()).is_some()
                    || name.as_str().contains("_ibfk_")
                    || target.table.indexes.iter().any(|index| index.name.as_ref() == Some(name))
            }
            Dialect::Sqlite => true,
        };
        if may_be_made_up {
            target.table.checks.retain(|check| check.name.is_some());
            target.doubt(step);
            return;
        }
        if target.judge(step) {
            let message = format!("table `{}` has no constraint `{name}`", target.name);
            let report = step
                .fault(FaultKind::UnknownConstraint, message, named.part)
                .also(target.table.place, "the table is made here");
            if target.table.indexes.iter().any(|index| index.name.as_ref() == Some(name)) {
                let _ = report.help(format!("`{name}` is an index: DROP INDEX drops it"));
            } else {
                report.meant(name.as_str(), constraints_of(target.table).map(Name::as_str));
            }
        }
    }

    pub(super) fn rename_constraint(
        &mut self,
        target: &mut Target<'_>,
        from: &Named<Name>,
        to: &Name,
        part: Part,
        step: &mut Step<'_>,
    ) {
        let old = fit(&from.name, self.dialect());
        if !has_constraint(target.table, &old) {
            self.unknown_constraint(target, from, step);
            return;
        }
        let is_relation =
            target.table.primary_key.iter().chain(&target.table.uniques).any(|key| key.name.as_ref() == Some(&old))
                || target.table.exclusions.iter().any(|exclusion| exclusion.name.as_ref() == Some(&old));
        if let Some(name) = self.judge_name(target, Some(to), is_relation, Some(part), step) {
            self.hint(&name, target.name);
            rename_constraint_in(target.table, &old, &name);
        }
    }

    pub(super) fn validate_constraint(&self, target: &mut Target<'_>, name: &Named<Name>, step: &mut Step<'_>) {
        self.judge_constraint(target, name, step);
        let is_it = |other: &Option<Name>| other.as_ref() == Some(&name.name);
        for key in target.table.foreign_keys.iter_mut().filter(|key| is_it(&key.name)) {
            key.validated = true;
        }
        for check in target.table.checks.iter_mut().filter(|check| is_it(&check.name)) {
            check.validated = true;
        }
    }

    /// `ALTER CONSTRAINT`: on PostgreSQL of a foreign key, on MySQL of a check.
    pub(super) fn alter_constraint(
        &mut self,
        target: &mut Target<'_>,
        name: &Named<Name>,
        deferrable: Option<Option<bool>>,
        enforced: Option<bool>,
        step: &mut Step<'_>,
    ) {
        self.judge_constraint(target, name, step);
        let named = fit(&name.name, self.dialect());
        let is_it = |other: &Option<Name>| other.as_ref() == Some(&named);
        for key in target.table.foreign_keys.iter_mut().filter(|key| is_it(&key.name)) {
            key.deferrable = deferrable.unwrap_or(key.deferrable);
        }
        for check in target.table.checks.iter_mut().filter(|check| is_it(&check.name)) {
            check.validated = enforced.unwrap_or(check.validated);
        }
    }

    pub(super) fn judge_constraint(&self, target: &mut Target<'_>, named: &Named<Name>, step: &mut Step<'_>) {
        if !has_constraint(target.table, &fit(&named.name, self.dialect())) {
            self.unknown_constraint(target, named, step);
        }
    }
}

/// Gives a constraint another name. An index of its old name that isn't the constraint's own keeps it.
fn rename_constraint_in(table: &mut Table, old: &Name, new: &Name) {
    let keys = table.primary_key.iter_mut().chain(&mut table.uniques).map(|key| &mut key.name);
    let foreign = table.foreign_keys.iter_mut().map(|key| &mut key.name);
    let checks = table.checks.iter_mut().map(|check| &mut check.name);
    let exclusions = table.exclusions.iter_mut().flat_map(|exclusion| [&mut exclusion.name, &mut exclusion.index.name]);
    for name in keys.chain(foreign).chain(checks).chain(exclusions).flatten().filter(|name| *name == old) {
        *name = new.clone();
    }
}

/// Gives an index another name, and the constraint that it belongs to. A check may have the old name, too, and keeps it.
pub(super) fn rename_index_in(table: &mut Table, old: &Name, new: &Name) {
    let keys = table.primary_key.iter_mut().chain(&mut table.uniques).map(|key| &mut key.name);
    let exclusions = table.exclusions.iter_mut().flat_map(|exclusion| [&mut exclusion.name, &mut exclusion.index.name]);
    let indexes = table.indexes.iter_mut().map(|index| &mut index.name);
    for name in keys.chain(exclusions).chain(indexes).flatten().filter(|name| *name == old) {
        *name = new.clone();
    }
}

fn constraints_of(table: &Table) -> impl Iterator<Item = &Name> {
    let keys = table.primary_key.iter().chain(&table.uniques).map(|key| &key.name);
    let checks = table.checks.iter().map(|check| &check.name);
    let exclusions = table.exclusions.iter().map(|exclusion| &exclusion.name);
    keys.chain(table.foreign_keys.iter().map(|key| &key.name)).chain(checks).chain(exclusions).flatten()
}
