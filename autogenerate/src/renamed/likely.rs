//! How likely it is that what goes and what comes is one.

use std::cmp::Reverse;

use revchain_core::Dialect;
use revchain_core::suggest::distance;
use revchain_schema::Schema;
use revchain_schema::model::{Column, ObjectName, Table};

use super::Question;
use crate::declared::Declared;

/// Tables that go and tables that come, with most of their columns in common.
pub(super) fn tables(declared: &Declared, have: &Schema, looked_at: impl Fn(&ObjectName) -> bool) -> Vec<Question> {
    let is_left = |(name, table): &(&ObjectName, &Table)| {
        looked_at(name) && !table.temporary && !declared.tables.contains_key(name)
    };
    let gone: Vec<_> = have.tables.iter().map(|(name, table)| (name, &**table)).filter(is_left).collect();
    let come = declared.tables.keys().filter(|name| looked_at(name) && !have.tables.contains_key(name));
    let come: Vec<_> = come.filter_map(|name| Some((name, &**declared.schema.tables.get(name)?))).collect();
    let mut found = Vec::new();
    for (from, old) in &gone {
        for (to, new) in &come {
            let same = old.columns.iter().filter(|column| new.column(&column.name).is_some()).count();
            let most = old.columns.len().max(new.columns.len());
            // Half of the columns, and more than the `id` that all of them have.
            if same * 2 >= most && (same > 1 || most == 1) {
                let question = Question::Table((*from).clone(), (*to).clone());
                found.push((Reverse(same * 1000 / most.max(1)), apart(from.name.as_str(), to.name.as_str()), question));
            }
        }
    }
    sorted(found)
}

/// Columns that go and columns that come in one table, of one type.
pub(super) fn columns(declared: &Declared, have: &Schema, looked_at: impl Fn(&ObjectName) -> bool) -> Vec<Question> {
    let dialect = have.dialect;
    let mut found = Vec::new();
    for name in declared.tables.keys().filter(|name| looked_at(name)) {
        let (Some(old), Some(new)) = (have.tables.get(name), declared.schema.tables.get(name)) else { continue };
        if !old.is_known() || have.unsure.contains(name) {
            continue;
        }
        let gone = old.columns.iter().filter(|column| new.column(&column.name).is_none());
        for from in gone {
            for to in new.columns.iter().filter(|column| old.column(&column.name).is_none()) {
                if let Some(unlike) = unlike(from, to, dialect) {
                    let question = Question::Column(name.clone(), from.name.clone(), to.name.clone());
                    found.push((unlike, apart(from.name.as_str(), to.name.as_str()), question));
                }
            }
        }
    }
    sorted(found)
}

/// How many properties two columns don't share; `None` where they hold different things.
fn unlike(from: &Column, to: &Column, dialect: Dialect) -> Option<usize> {
    if from.generated.is_some() != to.generated.is_some() {
        return None;
    }
    let same_type = from.data_type == to.data_type;
    if let (Some(one), Some(other)) = (&from.data_type, &to.data_type) {
        let family = one.family(dialect);
        let is_one = same_type || family == other.family(dialect) && family != revchain_schema::model::Family::Other;
        if !is_one {
            return None;
        }
    }
    Some(usize::from(!same_type) + usize::from(from.nullable != to.nullable) + usize::from(from.default != to.default))
}

/// How far two names are from each other, of a thousand.
fn apart(one: &str, other: &str) -> usize {
    distance(one, other) * 1000 / one.chars().count().max(other.chars().count()).max(1)
}

fn sorted<K: Ord>(mut found: Vec<(K, usize, Question)>) -> Vec<Question> {
    found.sort();
    found.into_iter().map(|(.., question)| question).collect()
}
