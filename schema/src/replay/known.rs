//! What a name means, and how sure that is.

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;

use super::naming::{fit, fits};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::Named;
use crate::model::{Catalog, Name, ObjectName, Table, View};

/// What a relation's name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Relation {
    Table(ObjectName),
    View(ObjectName),
    Sequence(ObjectName),
    /// One of PostgreSQL or SQLite, where they are the schema's; the table comes second.
    Index(ObjectName, ObjectName),
    /// A table of this session, or what hangs on one: nobody's business.
    Temporary,
    Nothing,
}

impl Relation {
    /// What to call it.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Relation::Table(_) | Relation::Temporary | Relation::Nothing => "table",
            Relation::View(_) => "view",
            Relation::Sequence(_) => "sequence",
            Relation::Index(..) => "index",
        }
    }
}

impl Replay {
    pub(super) fn dialect(&self) -> Dialect {
        self.schema.dialect
    }

    /// What a statement that makes something of this name makes.
    pub(crate) fn target(&self, name: &ObjectName) -> ObjectName {
        let bare = fit(&name.name, self.dialect());
        match (&name.schema, self.path.first()) {
            (None, Some(schema)) => ObjectName { schema: schema.clone(), name: bare },
            (schema, _) => ObjectName { schema: schema.clone(), name: bare },
        }
    }

    /// Whether there is nothing to do to a name to look it up: the session looks in the default schema alone, as most do.
    fn is_as_written(&self, name: &ObjectName) -> bool {
        fits(&name.name, self.schema.dialect) && (name.schema.is_some() || matches!(self.path.as_slice(), [None]))
    }

    /// Looks a name up where the session would.
    pub(crate) fn find<T>(&self, map: &BTreeMap<ObjectName, T>, name: &ObjectName) -> Option<ObjectName> {
        self.find_where(|full| map.contains_key(full), name)
    }

    /// Looks a table's name up where the session would.
    pub(super) fn find_table(&self, name: &ObjectName) -> Option<ObjectName> {
        self.find_where(|full| self.schema.tables.contains_key(full), name)
    }

    fn find_where(&self, is_there: impl Fn(&ObjectName) -> bool, name: &ObjectName) -> Option<ObjectName> {
        if name.schema.is_some() || self.path.is_empty() {
            return is_there(name).then(|| name.clone());
        }
        self.path.iter().find_map(|schema| {
            let full = ObjectName { schema: schema.clone(), name: name.name.clone() };
            is_there(&full).then_some(full)
        })
    }

    /// What a relation's name means.
    pub(crate) fn relation(&self, name: &ObjectName) -> Relation {
        if name.schema.is_none() {
            if self.temporary.contains(name) {
                return Relation::Temporary;
            }
            if self.is_as_written(name) {
                return self.relation_at(name);
            }
            let bare = fit(&name.name, self.dialect());
            let places = self.path.iter().map(|schema| ObjectName { schema: schema.clone(), name: bare.clone() });
            for full in places {
                match self.relation_at(&full) {
                    Relation::Nothing => {}
                    found => return found,
                }
            }
            if !self.path.is_empty() {
                return Relation::Nothing;
            }
        }
        self.relation_at(&self.target(name))
    }

    /// What has exactly this name.
    pub(super) fn relation_at(&self, full: &ObjectName) -> Relation {
        if self.schema.tables.contains_key(full) {
            Relation::Table(full.clone())
        } else if self.schema.views.contains_key(full) {
            Relation::View(full.clone())
        } else if self.schema.sequences.contains_key(full) {
            Relation::Sequence(full.clone())
        } else if self.dialect() == Dialect::Mysql {
            // Its indexes are their tables' alone.
            Relation::Nothing
        } else {
            match self.index_owner(&full.schema, &full.name, None) {
                Some(table) => Relation::Index(full.clone(), table),
                None => Relation::Nothing,
            }
        }
    }

    /// Whether nothing of that name may be taken for granted: then it is missing.
    pub(super) fn is_surely_absent(&self, name: &ObjectName) -> bool {
        if self.is_unsure(name) || self.path.is_empty() && name.schema.is_none() {
            return false;
        }
        // What the server brings.
        let bare = name.name.key();
        if bare.starts_with("pg_") || bare.starts_with("sqlite_") {
            return false;
        }
        let known = |schema: &Option<Name>| match schema {
            Some(schema) => self.schema.namespaces.contains_key(schema),
            None => true,
        };
        let is_known_place = match &name.schema {
            Some(_) => known(&name.schema),
            None => self.path.iter().all(known),
        };
        if !is_known_place {
            return false;
        }
        if self.gone.contains_key(&self.target(name)) {
            return true;
        }
        self.schema.unknown.is_empty() && !self.foreign_relations && !self.is_elsewhere(name)
    }

    /// Whether something has that name in another schema: the session may look there, told by the role, the database or the
    /// address.
    fn is_elsewhere(&self, name: &ObjectName) -> bool {
        let is_like = |other: &ObjectName| other.name == name.name;
        name.schema.is_none()
            && (self.schema.tables.keys().any(is_like)
                || self.schema.views.keys().any(is_like)
                || self.schema.sequences.keys().any(is_like)
                || self.schema.types.keys().any(is_like))
    }

    /// The table of that name.
    pub(crate) fn table_of(&self, name: &ObjectName) -> Option<(ObjectName, &Arc<Table>)> {
        if self.is_as_written(name) {
            let is_temporary = name.schema.is_none() && self.temporary.contains(name);
            let table = if is_temporary { None } else { self.schema.tables.get(name) };
            return table.map(|table| (name.clone(), table));
        }
        let Relation::Table(full) = self.relation(name) else { return None };
        let table = self.schema.tables.get(&full)?;
        Some((full, table))
    }

    /// The table of that name, where everything is known about it.
    pub(crate) fn known_table(&self, name: &ObjectName) -> Option<(ObjectName, &Table)> {
        let (full, table) = self.table_of(name)?;
        (table.is_known() && !self.is_unsure(&full)).then_some((full, table))
    }

    /// Whether there was nothing so far that nobody understood.
    pub(crate) fn is_all_known(&self) -> bool {
        self.schema.unknown.is_empty() && self.unsure.len() == self.granted && self.unread.borrow().is_empty()
    }

    /// Whether nothing is claimed of this name.
    pub(crate) fn is_unsure(&self, name: &ObjectName) -> bool {
        !self.unsure.is_empty()
            && (self.unsure.contains(name) || !self.is_as_written(name) && self.unsure.contains(&self.target(name)))
    }

    /// Something may be there that the chain doesn't make.
    pub(crate) fn take_for_granted(&mut self, name: ObjectName) {
        self.forget(name);
        self.granted = self.unsure.len();
    }

    /// From here on nothing is claimed of this name.
    pub(crate) fn forget(&mut self, name: ObjectName) {
        if !self.unsure.contains(&name) {
            Arc::make_mut(&mut self.unsure).insert(name);
        }
    }

    /// It was made: it is there.
    pub(super) fn made(&mut self, name: &ObjectName) {
        if self.unsure.contains(name) {
            Arc::make_mut(&mut self.unsure).remove(name);
        }
        if self.gone.contains_key(name) {
            self.gone.remove(name);
        }
    }

    /// It was dropped: it is not there.
    pub(super) fn dropped(&mut self, name: &ObjectName) {
        if self.unsure.contains(name) {
            Arc::make_mut(&mut self.unsure).remove(name);
        }
        self.gone.insert(name.clone(), Arc::default());
    }

    /// A statement may have done anything to everything.
    pub(super) fn doubt_everything(&mut self, step: &Step<'_>) {
        self.doubts += 1;
        self.doubt_absence(step);
        let schema = &self.schema;
        let triggers = schema.triggers.keys().map(|(table, name)| table.beside(name.clone()));
        let names = (schema.tables.keys().chain(schema.views.keys()).chain(schema.types.keys()))
            .chain(schema.sequences.keys().chain(schema.routines.keys()))
            .cloned()
            .chain(triggers);
        Arc::make_mut(&mut self.unsure).extend(names);
    }

    /// A statement may have made something: what is missing may be there.
    pub(super) fn doubt_absence(&mut self, step: &Step<'_>) {
        self.schema.unknown.push(step.whole());
        self.gone = Catalog::new();
    }

    /// A statement may have done anything to what has this name.
    pub(super) fn doubt(&mut self, name: &ObjectName, step: &Step<'_>) {
        let table = match self.relation(name) {
            Relation::Table(full) | Relation::Index(_, full) => full,
            _ => self.target(name),
        };
        if let Some(table) = self.schema.tables.get_mut(&table) {
            Arc::make_mut(table).unknown.push(step.whole());
        }
        self.forget(table);
        self.forget(name.clone());
        // A trigger's name is looked for beside its table.
        let on = self.schema.triggers.keys().filter(|(_, trigger)| *trigger == name.name);
        let on: Vec<ObjectName> = on.map(|(table, trigger)| table.beside(trigger.clone())).collect();
        for trigger in on {
            self.forget(trigger);
        }
        // A schema: what is in it.
        if name.schema.is_none() && self.schema.namespaces.contains_key(&name.name) {
            let holds = |full: &&ObjectName| full.schema.as_ref() == Some(&name.name);
            let tables: Vec<ObjectName> = self.schema.tables.keys().filter(holds).cloned().collect();
            for table in tables {
                self.taint(&table, step);
                self.forget(table);
            }
            self.doubts += 1;
            self.schema.unknown.push(step.whole());
        }
    }

    /// Whether what has this name, which is no table, may be compared.
    pub(crate) fn is_sure(&self, full: &ObjectName) -> bool {
        !self.is_unsure(full)
    }

    /// Taints a table.
    pub(super) fn taint(&mut self, full: &ObjectName, step: &Step<'_>) {
        if let Some(table) = self.schema.tables.get_mut(full).filter(|table| table.is_known()) {
            Arc::make_mut(table).unknown.push(step.whole());
        }
    }

    /// Changes a table.
    pub(super) fn edit<R>(
        &mut self,
        full: &ObjectName,
        step: &mut Step<'_>,
        change: impl FnOnce(&mut Replay, &mut Target<'_>, &mut Step<'_>) -> R,
    ) -> Option<R> {
        let sure = !self.is_unsure(full);
        let mut shared = self.schema.tables.remove(full)?;
        let table = Arc::make_mut(&mut shared);
        table.unknown.extend(step.taints.iter().cloned());
        let result = change(self, &mut Target { name: full, table, sure }, step);
        self.schema.tables.insert(full.clone(), shared);
        Some(result)
    }

    /// The table that is meant, if there is one. What is no table is left alone: `ALTER TABLE` takes PostgreSQL's views.
    pub(super) fn table(&mut self, named: &Named, if_exists: bool, step: &mut Step<'_>) -> Option<ObjectName> {
        match self.relation(&named.name) {
            Relation::Table(full) => return Some(full),
            Relation::Nothing if !if_exists => self.missing(named, "table", step),
            _ => {}
        }
        None
    }

    /// A relation isn't there: says so where that is sure, and not again.
    pub(super) fn missing(&mut self, named: &Named, word: &str, step: &mut Step<'_>) {
        let name = &named.name;
        self.taint_namesake(name, step);
        if self.is_surely_absent(name) {
            let gone = self.gone.contains_key(&self.target(name));
            let known = self.schema.tables.keys().chain(self.schema.views.keys()).chain(self.schema.sequences.keys());
            let report = step.fault(FaultKind::UnknownTable, format!("{word} `{name}` does not exist"), named.part);
            if gone {
                let _ = report.help(format!("`{name}` was dropped, or renamed, before"));
            } else {
                report.meant(name.name.as_str(), known.map(|known| known.name.as_str()));
            }
        }
        let target = self.target(name);
        self.forget(target);
    }

    /// `app.t` on MySQL may be the `t` of the database that the session is in.
    fn taint_namesake(&mut self, name: &ObjectName, step: &Step<'_>) {
        if name.schema.is_some() && self.dialect() == Dialect::Mysql {
            let bare = ObjectName::bare(name.name.clone());
            self.taint(&bare, step);
            self.forget(bare);
        }
    }

    /// Which table has an index of that name. `own` is a table that is out of the schema.
    pub(super) fn index_owner(
        &self,
        schema: &Option<Name>,
        name: &Name,
        own: Option<(&ObjectName, &Table)>,
    ) -> Option<ObjectName> {
        let postgres = self.dialect() == Dialect::Postgres;
        self.owner(schema, name, own, |table| {
            let is_it = |other: &Option<Name>| other.as_ref() == Some(name);
            table.indexes.iter().any(|index| is_it(&index.name))
                || postgres
                    && (table.primary_key.iter().chain(&table.uniques).any(|key| is_it(&key.name))
                        || table.exclusions.iter().any(|exclusion| is_it(&exclusion.name)))
        })
        .or_else(|| {
            if self.schema.views.is_empty() {
                return None;
            }
            let hints = self.hints.borrow();
            let mut views = hints.get(&ObjectName::bare(name.clone()))?.iter().filter(|view| view.schema == *schema);
            let has = |view: &View| view.indexes.iter().any(|index| index.name.as_ref() == Some(name));
            views.find(|view| self.schema.views.get(*view).is_some_and(|view| has(view))).cloned()
        })
    }

    /// Which table of a schema, of those that a name is noted for, is the one.
    pub(super) fn owner(
        &self,
        schema: &Option<Name>,
        name: &Name,
        own: Option<(&ObjectName, &Table)>,
        is_it: impl Fn(&Table) -> bool,
    ) -> Option<ObjectName> {
        if let Some((full, table)) = own
            && full.schema == *schema
            && is_it(table)
        {
            return Some(full.clone());
        }
        let hints = self.hints.borrow();
        let mut tables = hints.get(&ObjectName::bare(name.clone()))?.iter().filter(|table| table.schema == *schema);
        tables.find(|table| self.schema.tables.get(table).is_some_and(|table| is_it(table))).cloned()
    }

    /// Notes that a table may hold something of that name.
    pub(super) fn hint(&self, name: &Name, table: &ObjectName) {
        note(&mut self.hints.borrow_mut(), ObjectName::bare(name.clone()), table);
    }
}

/// Notes a table under a name, once.
pub(super) fn note(noted: &mut Catalog<Vec<ObjectName>>, name: ObjectName, table: &ObjectName) {
    let tables = match noted.get(&name) {
        Some(tables) if tables.contains(table) => return,
        Some(tables) => tables.iter().chain([table]).cloned().collect(),
        None => vec![table.clone()],
    };
    noted.insert(name, Arc::new(tables));
}
