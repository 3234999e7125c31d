//! Types of the user's: enumerations, domains and the rest, and the columns that are of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;

use super::builtin::{is_builtin, is_of_extension};
use super::builtin_mysql;
use super::naming::{has_constraint, made_up};
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{DomainChange, Drops, Named, Part};
use crate::model::{Column, DataType, Expression, Name, ObjectName, UserType};

impl Replay {
    pub(super) fn create_type(
        &mut self,
        named: &Named,
        if_not_exists: bool,
        definition: &UserType,
        step: &mut Step<'_>,
    ) {
        let full = self.target(&named.name);
        if self.schema.types.contains_key(&full) && !self.is_unsure(&full) {
            if if_not_exists {
                return;
            }
            let message = format!("type `{}` already exists", named.name);
            let _ = step.fault(FaultKind::DuplicateType, message, named.part);
            self.forget(full);
            return;
        }
        let mut definition = definition.clone();
        if let UserType::Domain(domain) = &mut definition {
            self.name_checks(&full, &mut domain.checks);
            // Its type is looked for, and left as it is written.
            self.resolve_type(&mut domain.data_type.clone(), Some(named.part), step);
        }
        self.schema.types.insert(full.clone(), Arc::new(definition));
        match step.taints.is_empty() {
            true => self.made(&full),
            false => self.forget(full),
        }
    }

    /// The type that is meant, if it is there. Says so where it isn't.
    fn user_type(&mut self, named: &Named, if_exists: bool, step: &mut Step<'_>) -> Option<ObjectName> {
        if let Some(full) = self.find(&self.schema.types, &named.name) {
            return Some(full);
        }
        if !if_exists {
            if self.is_type_surely_absent(&named.name) {
                let known = self.schema.types.keys().map(|known| known.name.as_str());
                let message = format!("type `{}` does not exist", named.name);
                step.fault(FaultKind::UnknownType, message, named.part).meant(named.name.name.as_str(), known);
            }
            let target = self.target(&named.name);
            self.forget(target);
        }
        None
    }

    fn is_type_surely_absent(&self, name: &ObjectName) -> bool {
        // A table's name is a type's, too; an array's begins with an underscore.
        self.dialect() == Dialect::Postgres
            && self.schema.extensions.is_empty()
            && self.schema.unknown.is_empty()
            && !is_builtin(name.name.key())
            && !is_of_extension(name.name.key())
            && !name.name.key().starts_with('_')
            // A range type brings one of these.
            && !name.name.key().contains("multirange")
            && self.find_table(name).is_none()
            && self.find(&self.schema.views, name).is_none()
            && !self.temporary.contains(name)
            && self.is_surely_absent(name)
    }

    /// The enumeration of that name, and its values, where that is sure.
    pub(crate) fn enumeration(&self, name: &ObjectName) -> Option<(ObjectName, &[String])> {
        let full = self.find(&self.schema.types, name)?;
        match self.schema.types.get(&full).map(|known| &**known) {
            Some(UserType::Enum(known)) if !self.is_unsure(&full) => Some((full, &known.values)),
            _ => None,
        }
    }

    /// Finds a column's type among the user's, and says if it is nobody's.
    pub(super) fn resolve_type(&mut self, data_type: &mut DataType, part: Option<Part>, step: &mut Step<'_>) {
        match self.dialect() {
            // There any words are one.
            Dialect::Sqlite => return,
            Dialect::Mysql => return judge_mysqls(data_type, part, step),
            Dialect::Postgres if data_type.schema.is_none() && is_builtin(&data_type.name) => return,
            Dialect::Postgres => {}
        }
        let name = ObjectName { schema: data_type.schema.clone(), name: Name::new(&data_type.name, Dialect::Postgres) };
        if let Some(full) = self.find(&self.schema.types, &name) {
            data_type.schema = full.schema;
            return;
        }
        // `name.column%TYPE`, and whatever else a name may be made of, is none that could be looked up.
        let is_plain = data_type.name.chars().all(|c| c.is_alphanumeric() || c == '_') && !data_type.name.is_empty();
        if is_plain && self.is_type_surely_absent(&name) {
            let known = self.schema.types.keys().map(|known| known.name.as_str()).chain(super::builtin::COMMON);
            let part = step.word(part, name.name.as_str());
            step.fault(FaultKind::UnknownType, format!("type `{name}` does not exist"), part)
                .meant(name.name.as_str(), known);
            let target = self.target(&name);
            self.forget(target);
        }
    }

    pub(super) fn drop_types(&mut self, drops: &Drops, step: &mut Step<'_>) {
        for named in &drops.names {
            let Some(full) = self.user_type(named, drops.if_exists, step) else { continue };
            let users = self.columns_of(&full);
            if drops.cascade {
                for (table, column) in users {
                    self.edit(&table, step, |_, target, step| {
                        target.table.columns.retain(|other| other.name != column);
                        target.doubt(step);
                    });
                }
            } else if !self.is_unsure(&full)
                && let Some((table, column)) = users.into_iter().find(|(table, _)| self.is_known(table))
            {
                let message = format!("type `{}` is needed by column `{column}` of table `{table}`", named.name);
                let place = self.schema.tables.get(&table).map_or(step.place, |table| table.place);
                let _ = step
                    .fault(FaultKind::StillNeeded, message, named.part)
                    .also(place, "the table is made here")
                    .help("change or drop the column first");
            }
            self.schema.types.remove(&full);
            self.dropped(&full);
        }
    }

    /// The columns that are of a type.
    fn columns_of(&self, full: &ObjectName) -> Vec<(ObjectName, Name)> {
        let is_it = |data_type: &DataType| data_type.schema == full.schema && data_type.name == full.name.as_str();
        let mut found = Vec::new();
        for (name, table) in &self.schema.tables {
            for column in &table.columns {
                if column.data_type.as_ref().is_some_and(is_it) {
                    found.push((name.clone(), column.name.clone()));
                }
            }
        }
        found
    }

    pub(super) fn rename_type(&mut self, from: &Named, to: &ObjectName, step: &mut Step<'_>) {
        let Some(full) = self.user_type(from, false, step) else {
            let target = self.target(to);
            self.forget(target);
            return;
        };
        let target = ObjectName { schema: full.schema.clone(), name: to.name.clone() };
        self.move_found_type(&full, target, from, step);
    }

    pub(super) fn move_type(&mut self, from: &Named, to: &Name, step: &mut Step<'_>) {
        let Some(full) = self.user_type(from, false, step) else { return };
        let target = ObjectName { schema: self.namespace(to), name: full.name.clone() };
        self.move_found_type(&full, target, from, step);
    }

    fn move_found_type(&mut self, full: &ObjectName, target: ObjectName, from: &Named, step: &mut Step<'_>) {
        if self.schema.types.contains_key(&target) && !self.is_unsure(&target) && *full != target {
            let message = format!("type `{target}` already exists");
            let _ = step.fault(FaultKind::DuplicateType, message, from.part);
            self.forget(target);
            return;
        }
        for (table, column) in self.columns_of(full) {
            if let Some(table) = self.schema.tables.get_mut(&table)
                && let Some(column) = Arc::make_mut(table).columns.iter_mut().find(|other| other.name == column)
                && let Some(data_type) = &mut column.data_type
            {
                data_type.schema.clone_from(&target.schema);
                target.name.as_str().clone_into(&mut data_type.name);
            }
        }
        if let Some(definition) = self.schema.types.remove(full) {
            self.schema.types.insert(target.clone(), definition);
        }
        self.replaced(full, &target);
    }

    pub(super) fn add_value(
        &mut self,
        named: &Named,
        value: &str,
        if_not_exists: bool,
        beside: Option<&(bool, String)>,
        step: &mut Step<'_>,
    ) {
        let Some(full) = self.user_type(named, false, step) else { return };
        let sure = !self.is_unsure(&full);
        let Some(UserType::Enum(values)) = enum_of(&mut self.schema.types, &full) else { return };
        if values.values.iter().any(|other| other == value) {
            if !if_not_exists && sure {
                let message = format!("type `{}` already has the value `{value}`", named.name);
                let part = step.word(named.part, value);
                let _ = step.fault(FaultKind::DuplicateType, message, part);
            }
            return;
        }
        let at = match beside {
            None => values.values.len(),
            Some((before, other)) => match values.values.iter().position(|value| value == other) {
                Some(at) => at + usize::from(!before),
                None => {
                    let at = values.values.len();
                    if sure {
                        let known: Vec<&str> = values.values.iter().map(String::as_str).collect();
                        let message = format!("type `{}` has no value `{other}`", named.name);
                        let part = step.word(named.part, other);
                        step.fault(FaultKind::UnknownType, message, part).meant(other, known);
                    }
                    at
                }
            },
        };
        values.values.insert(at, value.to_owned());
    }

    pub(super) fn rename_value(&mut self, named: &Named, from: &str, to: &str, step: &mut Step<'_>) {
        let Some(full) = self.user_type(named, false, step) else { return };
        let sure = !self.is_unsure(&full);
        let Some(UserType::Enum(values)) = enum_of(&mut self.schema.types, &full) else { return };
        let taken = values.values.iter().any(|value| value == to);
        match values.values.iter_mut().find(|value| *value == from) {
            Some(_) if taken && sure => {
                let message = format!("type `{}` already has the value `{to}`", named.name);
                let part = step.word(named.part, to);
                let _ = step.fault(FaultKind::DuplicateType, message, part);
            }
            Some(value) => {
                to.clone_into(value);
                self.rename_defaults(&full, from, to);
            }
            None if sure => {
                let known: Vec<&str> = values.values.iter().map(String::as_str).collect();
                let message = format!("type `{}` has no value `{from}`", named.name);
                let part = step.word(named.part, from);
                step.fault(FaultKind::UnknownType, message, part).meant(from, known);
            }
            None => {}
        }
    }

    /// A default is a value, and no text: it has the value's new name. So has what a check or an index says of it.
    fn rename_defaults(&mut self, of: &ObjectName, from: &str, to: &str) {
        let quoted = |value: &str| format!("'{}'", value.replace('\'', "''"));
        let (old, new) = (quoted(from), quoted(to));
        let is_of_it = |column: &Column| {
            column.data_type.as_ref().is_some_and(|known| known.schema == of.schema && known.name == of.name.as_str())
        };
        let names: Vec<ObjectName> = (self.schema.tables.iter())
            .filter(|(_, table)| table.columns.iter().any(is_of_it))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let Some(table) = self.schema.tables.get_mut(&name) else { continue };
            let table = Arc::make_mut(table);
            let columns: Vec<Name> =
                table.columns.iter().filter(|column| is_of_it(column)).map(|column| column.name.clone()).collect();
            let put = |expression: &mut Expression| {
                *expression = Expression::new(&expression.as_str().replace(&old, &new), Dialect::Postgres);
            };
            for column in table.columns.iter_mut().filter(|column| is_of_it(column)) {
                column.default.iter_mut().for_each(|default| put(&mut default.0));
            }
            // Beside such a column, the text means the value.
            let parts = table.indexes.iter_mut().flat_map(|index| {
                index.predicate.iter_mut().chain(index.parts.iter_mut().filter_map(|part| part.expression.as_mut()))
            });
            let checks = table.checks.iter_mut().map(|check| &mut check.expression);
            for expression in parts.chain(checks) {
                if columns.iter().any(|column| expression.mentions(column, Dialect::Postgres)) {
                    put(expression);
                }
            }
        }
    }

    /// Gives a domain's checks PostgreSQL's names, where nobody did: one that no constraint has, in the order of the text.
    fn name_checks(&self, domain: &ObjectName, checks: &mut [(Option<Name>, Expression)]) {
        for at in 0..checks.len() {
            if checks.get(at).is_none_or(|(name, _)| name.is_some()) {
                continue;
            }
            let is_free = |name: &Name| {
                checks.iter().all(|(other, _)| other.as_ref() != Some(name))
                    && self.owner(&domain.schema, name, None, |table| has_constraint(table, name)).is_none()
            };
            let label = |number: usize| if number == 0 { "check".to_owned() } else { format!("check{number}") };
            let names = (0..=checks.len() + 100).map(|number| made_up(domain.name.as_str(), "", &label(number)));
            let name = names.map(|name| Name::new(&name, Dialect::Postgres)).find(is_free);
            if let Some(check) = checks.get_mut(at) {
                check.0 = name;
            }
        }
    }

    pub(super) fn alter_type(&mut self, named: &Named, step: &mut Step<'_>) {
        if let Some(full) = self.user_type(named, false, step) {
            self.schema.types.insert(full.clone(), Arc::new(UserType::Other(None)));
            self.forget(full);
        }
    }

    pub(super) fn alter_domain(&mut self, named: &Named, change: &DomainChange, step: &mut Step<'_>) {
        let Some(full) = self.user_type(named, false, step) else { return };
        let sure = !self.is_unsure(&full);
        let Some(definition) = self.schema.types.get_mut(&full) else { return };
        let UserType::Domain(domain) = Arc::make_mut(definition) else { return };
        match change {
            DomainChange::Default(default) => domain.default.clone_from(default),
            DomainChange::Nullable(nullable) => domain.nullable = *nullable,
            DomainChange::AddCheck(name, check) => {
                let mut checks = domain.checks.clone();
                checks.push((name.clone(), check.clone()));
                self.name_checks(&full, &mut checks);
                if let Some(UserType::Domain(domain)) = self.schema.types.get_mut(&full).map(Arc::make_mut) {
                    domain.checks = checks;
                }
            }
            DomainChange::DropCheck { name, .. } | DomainChange::RenameCheck { from: name, .. } => {
                let at = domain.checks.iter().position(|(other, _)| other.as_ref() == Some(&name.name));
                match (at, change) {
                    (Some(at), DomainChange::RenameCheck { to, .. }) => {
                        if let Some((name, _)) = domain.checks.get_mut(at) {
                            *name = Some(to.clone());
                        }
                    }
                    (Some(at), _) => {
                        domain.checks.remove(at);
                    }
                    (None, DomainChange::DropCheck { if_exists: true, .. }) => {}
                    (None, _)
                        if sure
                            && domain.checks.iter().all(|(name, _)| name.is_some())
                            && !name.name.as_str().contains("_not_null") =>
                    {
                        let message = format!("domain `{}` has no constraint `{}`", named.name, name.name);
                        let known: Vec<&str> =
                            domain.checks.iter().filter_map(|(name, _)| name.as_ref()).map(Name::as_str).collect();
                        step.fault(FaultKind::UnknownConstraint, message, name.part).meant(name.name.as_str(), known);
                    }
                    (None, _) => {
                        domain.checks.retain(|(name, _)| name.is_some());
                        self.forget(full);
                    }
                }
            }
        }
    }
}

/// Says if a type is none of MySQL's: nobody can make one there.
fn judge_mysqls(data_type: &DataType, part: Option<Part>, step: &mut Step<'_>) {
    let name = data_type.name.as_str();
    if builtin_mysql::is_type(name) {
        return;
    }
    let part = step.word(part, name);
    step.fault(FaultKind::UnknownType, format!("type `{name}` does not exist"), part)
        .help("correct the name: MySQL has only the types that it comes with")
        .meant(name, builtin_mysql::COMMON);
}

fn enum_of<'t>(types: &'t mut BTreeMap<ObjectName, Arc<UserType>>, full: &ObjectName) -> Option<&'t mut UserType> {
    types.get_mut(full).map(Arc::make_mut)
}
