//! RC320, RC321: a downgrade takes the schema back to what it was. What it was is a replay away; what went with the data of
//! a dropped table nobody can bring back.

use std::fmt::Write as _;

use revchain_core::revision::{Allow, Direction, RevisionFile, Section};
use revchain_core::{Code, Dialect, Severity};

use super::hits::{Hit, Said};
use crate::compare::{Changed, Difference, Object, bodies, compare};
use crate::model::{Column, ObjectName, Place, Schema, Table, Twins};
use crate::replay::Replay;

/// Differences that a message shows.
const SHOWN: usize = 8;

/// A revision's three schemas.
pub(super) struct States<'a> {
    /// Before it.
    pub(super) before: &'a Schema,
    /// After its upgrade.
    pub(super) after: &'a Schema,
    /// The tables that differ before and after it.
    pub(super) changed: &'a [Twins<'a, Table>],
    /// After its downgrade.
    pub(super) restored: &'a Replay,
    /// Whether something may have been made on the way that nobody knows: then what is missing may be there.
    pub(super) makes: bool,
}

pub(super) fn check(dialect: Dialect, revision: &RevisionFile, states: &States<'_>, said: &mut Said) {
    let sections = || revision.sections.iter().filter(|section| section.dialects.contains(dialect));
    let Some(section) = sections().find(|section| section.direction == Direction::Downgrade) else { return };
    let differences: Vec<Difference> = compare(states.before, &states.restored.schema)
        .into_iter()
        .chain(bodies(states.before, &states.restored.schema))
        .filter(|difference| is_claimed(difference, states))
        .collect();
    if !differences.is_empty() && !said.silenced.take(allows(sections()), Code::NotRestored) {
        let is_error = differences.iter().any(weighs);
        let also = differences.iter().filter_map(|difference| made(difference, states)).next();
        said.add(
            Hit {
                code: Code::NotRestored,
                severity: if is_error { Severity::Error } else { Severity::Warning },
                span: section.marker,
                message: message(&differences),
                label: String::new(),
                also: also.into_iter().collect(),
                help: help(&differences),
            },
            section.dialects,
        );
    }
    // All dialects lose the same: it is said once, where the way back begins.
    let first = revision.sections.iter().find(|section| section.direction == Direction::Downgrade).unwrap_or(section);
    lost(first, states, allows(revision.sections.iter()), said);
}

/// Every `@allow` of the downgrade: the finding is about all of it.
fn allows<'a>(sections: impl Iterator<Item = &'a Section>) -> impl Iterator<Item = &'a Allow> {
    sections.filter(|section| section.direction == Direction::Downgrade).flat_map(|section| &section.allows)
}

/// Whether something may be said of a difference: not of what an earlier statement, which nobody understood, may have made or
/// changed.
fn is_claimed(difference: &Difference, states: &States<'_>) -> bool {
    let is_part = matches!(
        difference.object,
        Object::Column(..) | Object::PrimaryKey(_) | Object::Unique(..) | Object::ForeignKey(..) | Object::Check(..)
    );
    if states.makes && difference.change == Changed::Missing && !is_part {
        return false;
    }
    difference.object.name().is_none_or(|name| states.restored.is_sure(name))
        && difference.object.table().is_none_or(|table| !states.restored.is_unsure(table))
}

/// Whether a difference stops the build. A comment, an extension or a schema that stays behind harms nobody; and a value that
/// was added to an enumeration PostgreSQL can't take away.
fn weighs(difference: &Difference) -> bool {
    let is_light = matches!(difference.object, Object::Extension(_) | Object::Namespace(_) | Object::Option(..));
    !is_light && !matches!(difference.change, Changed::Differs { what: "the comment" | "an added value", .. })
}

fn message(differences: &[Difference]) -> String {
    match differences {
        [one] => format!("the downgrade does not restore the schema: {one}"),
        [first, ..] => {
            format!("the downgrade does not restore the schema: {first}; and {} more", differences.len() - 1)
        }
        [] => String::new(),
    }
}

/// The differences as a diff, from what was to what is after the downgrade.
fn help(differences: &[Difference]) -> String {
    let mut text = String::from("before the upgrade (-), and after upgrade and downgrade (+):\n");
    for difference in differences.iter().take(SHOWN) {
        let object = &difference.object;
        let _ = match &difference.change {
            Changed::Missing => writeln!(text, "- {object}"),
            Changed::Extra => writeln!(text, "+ {object}"),
            Changed::Differs { what, before, after } => {
                writeln!(text, "- {object}: {what} {before}\n+ {object}: {what} {after}")
            }
        };
    }
    if differences.len() > SHOWN {
        let _ = writeln!(text, "… and {} more", differences.len() - SHOWN);
    }
    text.push_str(
        "mend the downgrade, or say that there is no way back: `-- @downgrade; irreversible: <reason>`; or that this is meant: \
         `-- @allow RC320: <reason>`",
    );
    text
}

/// Where what is left was made.
fn made(difference: &Difference, states: &States<'_>) -> Option<(revchain_core::Span, String)> {
    match (&difference.object, &difference.change) {
        (Object::Table(name), Changed::Extra) => {
            let place = states.restored.schema.tables.get(name)?.place;
            Some((place.span?, "made here, and left".to_owned()))
        }
        _ => None,
    }
}

/// What the upgrade drops and the downgrade makes anew: empty.
fn lost<'a>(section: &Section, states: &States<'_>, allows: impl Iterator<Item = &'a Allow>, said: &mut Said) {
    let mut lost = Vec::new();
    for (name, before, after) in states.changed {
        match (before, after) {
            (Some(table), None)
                if !table.temporary
                    && states.restored.schema.tables.contains_key(name)
                    && !is_renamed(name, states) =>
            {
                lost.push(Object::Table((*name).clone()).to_string());
            }
            (Some(table), Some(twin)) if table.is_known() && twin.is_known() => {
                for Column { name: column, .. } in &table.columns {
                    if twin.column(column).is_none()
                        && has_column(&states.restored.schema, name, column)
                        && !has_moved(name, column, states)
                    {
                        lost.push(Object::Column((*name).clone(), column.clone()).to_string());
                    }
                }
            }
            _ => {}
        }
    }
    let Some(first) = lost.first() else { return };
    if said.silenced.take(allows, Code::DataLost) {
        return;
    }
    let message = match lost.len() {
        1 => format!("the downgrade brings {first} back, and not what was in it"),
        more => format!("the downgrade brings {first} and {} more back, and not what was in them", more - 1),
    };
    said.add(
        Hit {
            code: Code::DataLost,
            severity: Severity::Warning,
            span: section.marker,
            message,
            label: String::new(),
            also: Vec::new(),
            help:
                "keep the data elsewhere for as long as someone may want to go back, or say that there is no way back: \
                   `-- @downgrade; irreversible: <reason>`"
                    .to_owned(),
        },
        section.dialects,
    );
}

fn has_column(schema: &Schema, table: &ObjectName, column: &crate::model::Name) -> bool {
    schema.tables.get(table).is_some_and(|table| table.column(column).is_some())
}

/// Whether the table of before is still there, under another name.
fn is_renamed(name: &ObjectName, states: &States<'_>) -> bool {
    let Some(table) = states.before.tables.get(name) else { return false };
    let made = |place: Place| (place.revision, place.span);
    let is_new = |other: &ObjectName| !states.before.tables.contains_key(other);
    states.after.tables.iter().any(|(other, twin)| is_new(other) && made(twin.place) == made(table.place))
}

/// Whether the column of before may still be there, under another name.
fn has_moved(table: &ObjectName, name: &crate::model::Name, states: &States<'_>) -> bool {
    let (Some(before), Some(after)) = (states.before.tables.get(table), states.after.tables.get(table)) else {
        return false;
    };
    let Some(at) = before.columns.iter().position(|column| column.name == *name) else { return false };
    let is_new = |column: &&Column| before.column(&column.name).is_none();
    // One that gets another type as well keeps its place among as many.
    let is_there = before.columns.len() == after.columns.len() && after.columns.get(at).as_ref().is_some_and(is_new);
    let data_type = before.columns.get(at).map(|column| &column.data_type);
    is_there || after.columns.iter().filter(is_new).any(|other| Some(&other.data_type) == data_type)
}
