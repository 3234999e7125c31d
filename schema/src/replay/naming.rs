//! Names that nobody wrote: what the databases call a constraint or an index whose statement doesn't say. And names that are
//! too long for them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use revchain_core::Dialect;

use super::mention::{Mention, called, mention};
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::{Expression, Index, Name, Table};

/// PostgreSQL's `NAMEDATALEN - 1`, in bytes.
const POSTGRES_LIMIT: usize = 63;
/// <https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html>, in characters.
const MYSQL_LIMIT: usize = 64;

/// Whether the server stores a name as it is.
pub(super) fn fits(name: &Name, dialect: Dialect) -> bool {
    !matches!(dialect, Dialect::Postgres) || name.as_str().len() <= POSTGRES_LIMIT
}

/// A name as the server stores it.
pub(super) fn fit(name: &Name, dialect: Dialect) -> Name {
    if fits(name, dialect) {
        return name.clone();
    }
    Name::new(cut(name.as_str(), POSTGRES_LIMIT), dialect)
}

/// The beginning of a text, of so many bytes at most.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// `makeObjectName` of PostgreSQL: the two names joined by `_` and followed by the label; the longer one is cut first.
pub(super) fn made_up(first: &str, second: &str, label: &str) -> String {
    let (mut one, mut two) = (first.len(), second.len());
    let separators = usize::from(!second.is_empty()) + 1;
    let available = POSTGRES_LIMIT.saturating_sub(label.len() + separators);
    while one + two > available {
        match one > two {
            true => one -= 1,
            false => two -= 1,
        }
    }
    let (first, second) = (cut(first, one), cut(second, two));
    match second.is_empty() {
        true => format!("{first}_{label}"),
        false => format!("{first}_{second}_{label}"),
    }
}

/// Says that a name is too long, where it is.
pub(super) fn judge_length(name: &Name, what: &str, dialect: Dialect, part: Option<Part>, step: &mut Step<'_>) {
    let text = name.as_str();
    match dialect {
        // Of a table or column that is cut nobody notices anything: it is cut the same wherever it is named.
        Dialect::Postgres if text.len() > POSTGRES_LIMIT && matches!(what, "index" | "constraint") => {
            let message = format!("the name of {what} `{text}` has {} bytes", text.len());
            let part = step.word(part, text);
            let _ = step
                .fault(FaultKind::OverlongName, message, part)
                .help(format!("PostgreSQL cuts it after {POSTGRES_LIMIT}: `{}`", cut(text, POSTGRES_LIMIT)));
        }
        Dialect::Mysql if text.len() > MYSQL_LIMIT && text.chars().count() > MYSQL_LIMIT => {
            let message = format!("the name of {what} `{text}` has {} characters", text.chars().count());
            let part = step.word(part, text);
            let _ =
                step.fault(FaultKind::OverlongName, message, part).help(format!("MySQL takes {MYSQL_LIMIT} at most"));
        }
        _ => {}
    }
}

/// Names joined as PostgreSQL joins them.
pub(super) fn joined(names: &[Name]) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push('_');
        }
        // `ChooseIndexNameAddition` stops as soon as it has enough.
        if text.len() > POSTGRES_LIMIT {
            break;
        }
        text.push_str(name.as_str());
    }
    text
}

impl Replay {
    /// A name of PostgreSQL's making that nothing has yet: the label gets a number where something does.
    pub(super) fn choose(&self, target: &Target<'_>, second: &str, label: &str, is_relation: bool) -> Name {
        let own = Some((target.name, &*target.table));
        let mut label = Cow::Borrowed(label);
        let plain = label.clone();
        for number in 1..1000 {
            let name = Name::new(&made_up(target.name.name.as_str(), second, &label), Dialect::Postgres);
            // `ChooseRelationName`, `ChooseConstraintName`: neither takes a constraint's name that another table has.
            let schema = &target.name.schema;
            let is_constraint = self.owner(schema, &name, own, |table| has_constraint(table, &name)).is_some();
            let is_taken = is_constraint || is_relation && self.is_relation(&target.name.beside(name.clone()), own);
            if !is_taken {
                return name;
            }
            label = Cow::Owned(format!("{plain}{number}"));
        }
        Name::new(&made_up(target.name.name.as_str(), second, &label), Dialect::Postgres)
    }

    /// Whether a relation has this name, whose schema is said.
    pub(super) fn is_relation(
        &self,
        full: &crate::model::ObjectName,
        own: Option<(&crate::model::ObjectName, &Table)>,
    ) -> bool {
        self.schema.tables.contains_key(full)
            || own.is_some_and(|(name, _)| name == full)
            || self.schema.views.contains_key(full)
            || self.schema.sequences.contains_key(full)
            || self.index_owner(&full.schema, &full.name, own).is_some()
    }
}

/// Whether a constraint of the table has this name.
pub(super) fn has_constraint(table: &Table, name: &Name) -> bool {
    let is_it = |other: &Option<Name>| other.as_ref() == Some(name);
    table.primary_key.iter().chain(&table.uniques).any(|key| is_it(&key.name))
        || table.foreign_keys.iter().any(|key| is_it(&key.name))
        || table.checks.iter().any(|check| is_it(&check.name))
        || table.exclusions.iter().any(|exclusion| is_it(&exclusion.name))
}

/// What PostgreSQL puts in the middle of a check's name: the column, if the expression has exactly one. `None` where the text
/// doesn't tell columns from other words.
pub(super) fn check_addition(table: &Table, expression: &Expression) -> Option<String> {
    let mut only = None;
    for column in &table.columns {
        match mention(expression, &column.name, Dialect::Postgres) {
            Mention::No => {}
            Mention::Maybe => return None,
            Mention::Yes if only.is_some() => return Some(String::new()),
            Mention::Yes => only = Some(&column.name),
        }
    }
    Some(only.map(|name| name.as_str().to_owned()).unwrap_or_default())
}

/// What PostgreSQL puts in the middle of an index's name: its columns, `lower` for `lower(…)`, `expr` for the rest. `None`
/// where that isn't clear.
pub(super) fn index_addition(index: &Index) -> Option<String> {
    let mut names: Vec<Name> = Vec::with_capacity(index.parts.len());
    let included = index.include.iter().map(|name| Some(name.as_str()));
    let parts = index.parts.iter().map(|part| match (&part.column, &part.expression) {
        (Some(column), _) => Some(column.as_str()),
        (None, Some(expression)) => called(expression),
        (None, None) => None,
    });
    for part in parts.chain(included) {
        let (plain, mut number) = (part?, 0);
        // `ChooseIndexColumnNames`: a second one is told apart by a number.
        let mut name = Name::new(plain, Dialect::Postgres);
        while names.contains(&name) {
            number += 1;
            name = Name::new(&format!("{plain}{number}"), Dialect::Postgres);
        }
        names.push(name);
    }
    Some(joined(&names))
}

/// MySQL's name for a key: its first column's, with a number where the table has one of that name.
pub(super) fn key_name(table: &Table, first: Option<&Name>) -> Name {
    let taken: BTreeSet<&Name> = table
        .indexes
        .iter()
        .map(|index| &index.name)
        .chain(table.uniques.iter().map(|key| &key.name))
        .flatten()
        .collect();
    let plain = first.map_or("functional_index", Name::as_str);
    let mut name = Name::new(plain, Dialect::Mysql);
    let mut number = 1;
    // `PRIMARY` is the primary key's.
    while taken.contains(&name) || name.key() == "primary" {
        number += 1;
        name = Name::new(&format!("{plain}_{number}"), Dialect::Mysql);
    }
    name
}

/// InnoDB's name for a foreign key: one more than the highest number there.
pub(super) fn foreign_key_name(table: &str, keys: &Table) -> Name {
    let highest = keys.foreign_keys.iter().filter_map(|key| number_of(key.name.as_ref()?.as_str(), table)).max();
    Name::new(&format!("{table}_ibfk_{}", highest.unwrap_or(0) + 1), Dialect::Mysql)
}

/// The number of a name that InnoDB made up for a foreign key of this table.
pub(super) fn number_of(name: &str, table: &str) -> Option<u64> {
    let (head, rest) = name.split_at_checked(table.len())?;
    let number = rest.strip_prefix("_ibfk_").filter(|_| head.eq_ignore_ascii_case(table))?;
    number.parse().ok().filter(|number| *number < u64::MAX)
}
