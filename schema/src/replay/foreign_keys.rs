//! Foreign keys: what they may refer to, and the indexes that MySQL makes for them.

use std::sync::Arc;

use revchain_core::Dialect;

use super::alter::{Keys, keys_of, leading, serves};
use super::known::{Relation, note};
use super::naming::{foreign_key_name, joined, judge_length, key_name};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Named, Part};
use crate::model::{DataType, Family, ForeignKey, Index, IndexPart, Name, ObjectName, ReferentialAction, Table};

impl Replay {
    /// `part` is where the foreign key, or the table it refers to, is written.
    pub(super) fn add_foreign_key(
        &mut self,
        target: &mut Target<'_>,
        key: &ForeignKey,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        self.judge_columns(target, &key.columns, part, step);
        let mut key = key.clone();
        self.resolve_reference(target, &mut key, part, step);
        match self.dialect() {
            Dialect::Postgres => {
                key.name = Some(match self.judge_name(target, key.name.as_ref(), false, part, step) {
                    Some(name) => name,
                    None => self.choose(target, &joined(&key.columns), "fkey", false),
                });
                self.hint_name(target, key.name.as_ref());
            }
            Dialect::Mysql => {
                judge_set_null(target, &key, part, step);
                self.name_for_mysql(target, &mut key, part, step);
            }
            Dialect::Sqlite => {}
        }
        self.refers(target.name, &key.table);
        target.table.foreign_keys.push(key);
    }

    /// Finds the table that is meant, and judges whether its columns will do.
    fn resolve_reference(
        &mut self,
        target: &mut Target<'_>,
        key: &mut ForeignKey,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        // SQLite looks at neither the table nor its columns before there is a row to check.
        let is_judged = match self.dialect() {
            Dialect::Postgres => true,
            Dialect::Mysql => self.foreign_key_checks && is_innodb(target.table),
            Dialect::Sqlite => false,
        };
        let there = if self.target(&key.table) == *target.name || key.table == *target.name {
            Relation::Table(target.name.clone())
        } else {
            self.relation(&key.table)
        };
        let full = match there {
            Relation::Table(full) => full,
            Relation::Nothing => {
                if is_judged {
                    let named = Named { name: key.table.clone(), part: part.unwrap_or_default() };
                    let known = target.is_known();
                    let before = step.faults.len();
                    self.missing(&named, "table", step);
                    if !known {
                        step.faults.truncate(before);
                    }
                    for fault in step.faults.iter_mut().skip(before) {
                        fault.part = part;
                    }
                }
                key.table = self.target(&key.table);
                return;
            }
            _ => return,
        };
        key.table = full.clone();
        let own;
        let parent: &Table = if full == *target.name {
            own = target.table.clone();
            &own
        } else {
            let Some(parent) = self.schema.tables.get(&full) else { return };
            if !parent.is_known() || self.is_unsure(&full) {
                return;
            }
            parent
        };
        if key.references.is_empty() && self.dialect() == Dialect::Postgres && parent.is_known() {
            key.references = parent.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        }
        if !is_judged || !target.is_known() || self.dialect() == Dialect::Mysql && !is_innodb(parent) {
            return;
        }
        if let Some((kind, message, help)) =
            judge_reference(self.dialect(), target.table, key, parent, full == *target.name)
        {
            let report = step.fault(kind, message, part).also(parent.place, format!("table `{full}` is made here"));
            if let Some(help) = help {
                let _ = report.help(help);
            }
            target.doubt(step);
        }
    }

    fn name_for_mysql(
        &mut self,
        target: &mut Target<'_>,
        key: &mut ForeignKey,
        part: Option<Part>,
        step: &mut Step<'_>,
    ) {
        let said = key.name.take();
        if let Some(name) = &said {
            judge_length(name, "constraint", Dialect::Mysql, part, step);
            // A foreign key's name is the database's (tried: errno 121).
            let own = Some((target.name, &*target.table));
            let is_it = |table: &Table| table.foreign_keys.iter().any(|key| key.name.as_ref() == Some(name));
            if let Some(owner) = self.owner(&target.name.schema, name, own, is_it) {
                let known = owner == *target.name || self.is_known(&owner);
                let place = self.schema.tables.get(&owner).map_or(target.table.place, |table| table.place);
                if known && target.judge(step) {
                    let message = format!("foreign key `{name}` already exists");
                    let part = step.word(part, name.as_str());
                    let _ = step
                        .fault(FaultKind::DuplicateConstraint, message, part)
                        .also(place, format!("table `{owner}` has it, which is made here"))
                        .help("on MySQL the name of a foreign key is the database's");
                }
            }
        }
        // An index that serves it is made where there is none; one that was made for another makes room (tried).
        self.drop_generated(target, &key.columns);
        let covered = covers(&keys_of(target.table), &key.columns);
        if !covered && is_innodb(target.table) {
            let name = match &said {
                Some(name) if !super::constraints::has_key(target.table, name) => name.clone(),
                _ => key_name(target.table, key.columns.first()),
            };
            let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
            target.table.indexes.push(Index::new(Some(name.clone()), parts));
            Arc::make_mut(&mut self.generated).insert((target.name.clone(), name));
        }
        let name = said.unwrap_or_else(|| foreign_key_name(target.name.name.as_str(), target.table));
        self.hint(&name, target.name);
        key.name = Some(name);
    }

    /// Whether MySQL made an index for a foreign key, even if it dropped it since.
    pub(super) fn is_generated(&self, table: &ObjectName, name: &Name) -> bool {
        !self.generated.is_empty() && self.generated.iter().any(|(other, index)| other == table && index == name)
    }

    /// An index that a statement asked for has this name now.
    pub(super) fn asked_for(&mut self, table: &ObjectName, name: &Name) {
        if self.is_generated(table, name) {
            Arc::make_mut(&mut self.generated).remove(&(table.clone(), name.clone()));
        }
    }

    /// MySQL drops the indexes it made as soon as another one begins with their columns (tried).
    pub(super) fn drop_generated(&self, target: &mut Target<'_>, columns: &[Name]) {
        if self.dialect() != Dialect::Mysql || self.generated.is_empty() {
            return;
        }
        let name = target.name;
        target.table.indexes.retain(|index| {
            let is_made = index.name.as_ref().is_some_and(|index| self.is_generated(name, index));
            !(is_made && columns.starts_with(&leading(index)))
        });
    }

    /// MySQL: an index that a foreign key needs, here or in another table, can't go (1553). `before` is what there was.
    pub(super) fn judge_needed_indexes(&self, target: &mut Target<'_>, before: &Keys, step: &mut Step<'_>) {
        let now = keys_of(target.table);
        let went = before.iter().find(|key| !now.contains(key));
        let Some((name, _)) = went.filter(|_| self.foreign_key_checks && target.is_known()) else { return };
        let index = name.as_ref().map_or("PRIMARY", Name::as_str);
        let lost = |columns: &[Name]| !columns.is_empty() && covers(before, columns) && !covers(&now, columns);
        let own = target
            .table
            .foreign_keys
            .iter()
            .find(|key| lost(&key.columns))
            .map(|key| (target.name.clone(), key.clone()));
        let other = || {
            self.referrers(target.name).find_map(|(name, table)| {
                let key = table.foreign_keys.iter().find(|key| key.table == *target.name && lost(&key.references));
                key.filter(|_| self.is_known(name)).map(|key| (name.clone(), key.clone()))
            })
        };
        let Some((owner, key)) = own.or_else(other) else { return };
        let place = self.schema.tables.get(&owner).map_or(target.table.place, |table| table.place);
        let needs = key.name.as_ref().map_or("", Name::as_str);
        let message = format!("index `{index}` is needed by foreign key `{needs}` of table `{owner}`");
        let _ = step
            .fault(FaultKind::StillNeeded, message, None)
            .also(place, "the table of the foreign key is made here")
            .help("drop the foreign key first, or make another index that begins with its columns");
        target.doubt(step);
    }

    /// The other tables that refer to one.
    pub(super) fn referrers<'s>(
        &'s self,
        full: &'s ObjectName,
    ) -> impl Iterator<Item = (&'s ObjectName, &'s Arc<Table>)> {
        let refers = move |table: &Table| table.foreign_keys.iter().any(|key| key.table == *full);
        // The list is let go of before anything is noted.
        let names = self.referred.borrow().get(full).map(|names| Vec::clone(names)).unwrap_or_default();
        let tables = names.into_iter().filter_map(|name| self.schema.tables.get_key_value(&name));
        tables.filter(move |(name, table)| *name != full && refers(table))
    }

    /// Notes that a table may have a foreign key to another.
    pub(super) fn refers(&self, from: &ObjectName, to: &ObjectName) {
        note(&mut self.referred.borrow_mut(), to.clone(), from);
    }
}

/// Whether foreign keys are more than a remark.
fn is_innodb(table: &Table) -> bool {
    table.options.get("engine").is_none_or(|engine| engine.eq_ignore_ascii_case("innodb"))
}

/// Whether one of the keys begins with these columns, in their order.
pub(super) fn covers(keys: &Keys, columns: &[Name]) -> bool {
    keys.iter().any(|(_, key)| key.starts_with(columns))
}

/// Whether PostgreSQL takes the columns for unique: exactly those, in any order.
pub(super) fn is_unique_on(table: &Table, columns: &[Name]) -> bool {
    let same = |key: &[Name]| key.len() == columns.len() && columns.iter().all(|column| key.contains(column));
    let is_whole = |index: &Index| index.predicate.is_none() && index.parts.iter().all(|part| part.column.is_some());
    table.primary_key.iter().chain(&table.uniques).any(|key| same(&key.columns))
        || table.indexes.iter().any(|index| index.unique && is_whole(index) && same(&leading(index)))
}

type Verdict = Option<(FaultKind, String, Option<String>)>;

fn judge_reference(dialect: Dialect, own: &Table, key: &ForeignKey, parent: &Table, is_own: bool) -> Verdict {
    let table = &key.table;
    if let Some(name) = key.references.iter().find(|name| parent.column(name).is_none()) {
        let like =
            revchain_core::suggest::nearest(name.as_str(), parent.columns.iter().map(|column| column.name.as_str()));
        let help = like.map(|like| format!("did you mean `{like}`?"));
        return Some((FaultKind::UnknownColumn, format!("table `{table}` has no column `{name}`"), help));
    }
    if key.references.is_empty() {
        let is_missing = dialect == Dialect::Postgres && parent.primary_key.is_none();
        return is_missing.then(|| {
            let message = format!("table `{table}` has no primary key to refer to");
            (FaultKind::ForeignKeyTarget, message, Some("name the columns, or give it one".to_owned()))
        });
    }
    if key.references.len() != key.columns.len() {
        let list = |names: &[Name]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("({}) can't refer to ({}) of table `{table}`", list(&key.columns), list(&key.references));
        let help = "a foreign key has as many columns as what it refers to: name as many, or other ones".to_owned();
        return Some((FaultKind::ForeignKeyTarget, message, Some(help)));
    }
    let columns = key.references.iter().map(Name::as_str).collect::<Vec<_>>().join("`, `");
    match dialect {
        Dialect::Postgres if !is_unique_on(parent, &key.references) => {
            let message =
                format!("no primary key, unique constraint or unique index of table `{table}` is exactly `{columns}`");
            return Some((FaultKind::ForeignKeyTarget, message, Some(keys_there(parent))));
        }
        // A table that refers to itself may use the very index that is made for the foreign key (tried).
        Dialect::Mysql
            if !(leads_somewhere(parent, &key.references) || is_own && key.columns.starts_with(&key.references)) =>
        {
            let message = format!("no index of table `{table}` begins with `{columns}`");
            return Some((FaultKind::ForeignKeyTarget, message, Some(keys_there(parent))));
        }
        _ => {}
    }
    key.columns.iter().zip(&key.references).find_map(|(from, to)| {
        let (from, to) = (own.column(from)?, parent.column(to)?);
        let (one, other) = (from.data_type.as_ref()?, to.data_type.as_ref()?);
        differ(one, other, dialect).then(|| {
            let message = format!("`{}` is `{one}`, and `{}` of table `{table}` is `{other}`", from.name, to.name);
            (FaultKind::ForeignKeyType, message, None)
        })
    })
}

/// What there is to refer to.
fn keys_there(table: &Table) -> String {
    let shown = |columns: &[Name]| columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let keys = table.primary_key.iter().chain(&table.uniques).map(|key| shown(&key.columns));
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| shown(&leading(index)));
    let all: Vec<String> = keys.chain(indexes).map(|key| format!("({key})")).collect();
    match all.is_empty() {
        true => "nothing in it is unique".to_owned(),
        false => format!("unique there: {}", all.join(", ")),
    }
}

/// Whether MySQL finds an index: InnoDB's own have the primary key's columns behind theirs.
fn leads_somewhere(table: &Table, columns: &[Name]) -> bool {
    let primary = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    let will_do = |key: &[Name]| {
        let mut whole = key.to_vec();
        whole.extend(primary.iter().filter(|column| !key.contains(column)).cloned());
        whole.starts_with(columns)
    };
    // An expression or a fulltext index is no help; one with expressions behind the columns is.
    let indexes = table.indexes.iter().filter(|index| serves(index)).map(leading);
    table.primary_key.iter().chain(&table.uniques).any(|key| will_do(&key.columns))
        || indexes.into_iter().any(|key| will_do(&key))
}

/// Whether two types surely can't be compared.
fn differ(one: &DataType, other: &DataType, dialect: Dialect) -> bool {
    let (first, second) = (one.family(dialect), other.family(dialect));
    let group = |family: Family| match family {
        // PostgreSQL compares numbers of any kind in one direction at least.
        Family::Integer | Family::Decimal | Family::Float => Some(0),
        Family::Boolean if dialect == Dialect::Mysql => Some(0),
        Family::Boolean => Some(1),
        Family::Text => Some(2),
        Family::Date | Family::Time | Family::Timestamp => Some(3),
        Family::Uuid if dialect == Dialect::Postgres => Some(4),
        Family::Json if dialect == Dialect::Postgres => Some(5),
        Family::Binary if dialect == Dialect::Postgres => Some(6),
        _ => None,
    };
    let is_whole = |family: Family| matches!(family, Family::Integer | Family::Boolean);
    if dialect == Dialect::Mysql && is_whole(first) && is_whole(second) {
        // 3780, errno 150: size and sign are the same, or it fails (tried).
        return one.name != other.name || one.unsigned != other.unsigned;
    }
    group(first).zip(group(second)).is_some_and(|(first, second)| first != second)
}

/// Says if a column of MySQL's is to be set NULL, which it may not be: refused whatever `foreign_key_checks` says.
fn judge_set_null(target: &Target<'_>, key: &ForeignKey, part: Option<Part>, step: &mut Step<'_>) {
    let action = match (key.on_delete, key.on_update) {
        (ReferentialAction::SetNull, _) => "DELETE",
        (_, ReferentialAction::SetNull) => "UPDATE",
        _ => return,
    };
    // Behind a column MySQL 8 doesn't read it; and another action may change the column.
    let is_read = step.times("FOREIGN") >= step.times("REFERENCES");
    let is_made = step.source().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("CREATE"));
    if !is_read || !target.is_known() || !is_innodb(target.table) {
        return;
    }
    let is_primary = |name: &Name| target.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name));
    let is_wrong = |name: &&Name| {
        let column = target.table.column(name);
        column.is_some_and(|column| !column.nullable || is_primary(name)) && (is_made || step.times(name.as_str()) == 1)
    };
    let Some(name) = key.columns.iter().find(is_wrong) else { return };
    let message = format!("column `{name}` is NOT NULL, and `ON {action} SET NULL` would make it NULL");
    let _ = step
        .fault(FaultKind::ImpossibleColumn, message, part)
        .also(target.table.place, "the table is made here")
        .help("let the column be NULL, or choose another action: `CASCADE`, `RESTRICT`");
}
