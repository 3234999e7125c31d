//! What a difference is about: the object itself, found in a schema by what `compare` calls it.

use super::Object;
use super::tables::unqualified;
use crate::model::{
    Check, Column, Exclusion, ForeignKey, Index, Key, Name, ObjectName, Routine, Schema, Sequence, Table, Trigger,
    UserType, View,
};

/// An object of a schema.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// A schema of PostgreSQL's.
    Namespace(&'a Name),
    /// A table.
    Table(&'a ObjectName, &'a Table),
    /// A column.
    Column(&'a Column),
    /// A primary key.
    PrimaryKey(&'a Key),
    /// A unique constraint.
    Unique(&'a Key),
    /// A foreign key.
    ForeignKey(&'a ForeignKey),
    /// A check.
    Check(&'a Check),
    /// An exclusion constraint.
    Exclusion(&'a Exclusion),
    /// An index.
    Index(&'a Index),
    /// A property of a table.
    Option(&'a str),
    /// A view.
    View(&'a ObjectName, &'a View),
    /// A type.
    Type(&'a ObjectName, &'a UserType),
    /// A sequence.
    Sequence(&'a ObjectName, &'a Sequence),
    /// A function or procedure.
    Routine(&'a ObjectName, &'a Routine),
    /// A trigger, by its name.
    Trigger(&'a Name, &'a Trigger),
    /// An extension.
    Extension(&'a Name),
}

/// The object that a difference between this schema and another is about, where it is in this one. What is only known by its
/// name is not found.
pub fn find<'a>(schema: &'a Schema, object: &Object) -> Option<Part<'a>> {
    let of_table = object.table().filter(|_| !matches!(object, Object::Table(_) | Object::Trigger(..)));
    if let Some(table) = of_table {
        return in_table(table, schema.tables.get(table)?, object, schema);
    }
    match object {
        Object::Namespace(name) => schema.namespaces.get_key_value(name).map(|(name, _)| Part::Namespace(name)),
        Object::Extension(name) => schema.extensions.get_key_value(name).map(|(name, _)| Part::Extension(name)),
        Object::Table(name) => schema.tables.get_key_value(name).map(|(name, table)| Part::Table(name, table)),
        Object::View(name) => schema.views.get_key_value(name).map(|(name, view)| Part::View(name, view)),
        Object::Type(name) => schema.types.get_key_value(name).map(|(name, of)| Part::Type(name, of)),
        Object::Sequence(name) => schema.sequences.get_key_value(name).map(|(name, of)| Part::Sequence(name, of)),
        Object::Routine(name, arguments) => {
            let (name, all) = schema.routines.get_key_value(name)?;
            all.iter().find(|one| one.arguments == *arguments).map(|routine| Part::Routine(name, routine))
        }
        Object::Trigger(table, name) => {
            let mut all = schema.triggers.iter();
            all.find(|((_, known), of)| known == name && of.table == *table)
                .map(|((_, name), trigger)| Part::Trigger(name, trigger))
        }
        _ => None,
    }
}

/// A part of a table, known by the label that `compare` gives it.
fn in_table<'a>(name: &ObjectName, table: &'a Table, object: &Object, schema: &Schema) -> Option<Part<'a>> {
    let dialect = schema.dialect;
    let is = |found: &Option<Name>, label: &String| found.as_ref().is_some_and(|found| found.as_str() == label);
    let list = |names: &[Name]| format!("({})", names.iter().map(Name::as_str).collect::<Vec<_>>().join(", "));
    let unique = |label: &String| table.uniques.iter().find(|key| is(&key.name, label) || list(&key.columns) == *label);
    match object {
        Object::Column(_, column) => table.column(column).map(Part::Column),
        Object::PrimaryKey(_) => table.primary_key.as_ref().map(Part::PrimaryKey),
        Object::Unique(_, label) => unique(label).map(Part::Unique),
        Object::ForeignKey(_, label) => {
            let otherwise = |key: &ForeignKey| format!("{} → {}", list(&key.columns), key.table) == *label;
            let mut keys = table.foreign_keys.iter();
            keys.find(|key| is(&key.name, label) || otherwise(key)).map(Part::ForeignKey)
        }
        Object::Check(_, label) => {
            let mut checks = table.checks.iter();
            checks
                .find(|check| is(&check.name, label) || unqualified(&check.expression, name, dialect) == *label)
                .map(Part::Check)
        }
        Object::Exclusion(_, label) => table.exclusions.iter().find(|one| is(&one.name, label)).map(Part::Exclusion),
        Object::Index(_, label) => {
            let index = table.indexes.iter().find(|index| is(&index.name, label)).map(Part::Index);
            // MySQL has no other unique constraints.
            index.or_else(|| table.uniques.iter().find(|key| is(&key.name, label)).map(Part::Unique))
        }
        Object::Option(_, key) => table.options.get(key).map(|value| Part::Option(value)),
        _ => None,
    }
}
