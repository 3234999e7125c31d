//! Indexes as models: one of all dialects where they are the same, else one for some of them.

use revchain_core::Dialect;
use revchain_model::{IndexModel, IndexPartModel, PerDialect};
use revchain_schema::model::{Expression, Index, IndexPart, Key, Name, ObjectName, Order};
use revchain_schema::write::Writer;
use revchain_schema::{Schema, Table};

use super::{Known, kept};

/// What is said of an index on one dialect, and on which.
struct Said {
    name: Option<String>,
    on: Vec<Dialect>,
    model: IndexModel,
    /// As text, for comparing.
    predicate: Option<Expression>,
    parts: Vec<(Option<Name>, Option<Expression>)>,
}

/// The indexes of a table. Without names.
pub(super) fn describe(known: &Known<'_>, name: &ObjectName) -> Vec<IndexModel> {
    let mut all: Vec<Said> = Vec::new();
    let others = known.schemas.iter().filter(|schema| schema.dialect != known.own.dialect);
    for schema in std::iter::once(&known.own).chain(others) {
        let Some(table) = known.table(name, schema.dialect) else { continue };
        let own = known.table(name, known.own.dialect);
        let is_owns = |index: &Index| own.is_some_and(|own| has_index(own, index));
        let indexes = table
            .indexes
            .iter()
            .filter(|index| schema.dialect != Dialect::Mysql || is_owns(index) || !serves(index, table));
        for index in indexes.cloned().chain(constraints(known, name, table)) {
            let said = said(&index, schema);
            match all.iter_mut().find(|other| !other.on.contains(&schema.dialect) && is_same(other, &said)) {
                Some(other) => merge(other, &said),
                None => all.push(said),
            }
        }
    }
    let finished = all.into_iter().map(|said| {
        let is_everywhere = known.all(|dialect| said.on.contains(&dialect));
        let dialects = match is_everywhere {
            true => PerDialect::all(true),
            false => known.each(|dialect| said.on.contains(&dialect)),
        };
        IndexModel { dialects, ..said.model }
    });
    finished.collect()
}

/// Unique constraints that are indexes where the database was first: MySQL doesn't tell the two apart.
fn constraints(known: &Known<'_>, name: &ObjectName, table: &Table) -> Vec<Index> {
    let own = known.table(name, known.own.dialect);
    let lower = |names: &[Name]| -> Vec<String> { names.iter().map(|name| name.as_str().to_lowercase()).collect() };
    let is_known =
        |key: &&Key| own.is_none_or(|own| own.uniques.iter().any(|known| lower(&known.columns) == lower(&key.columns)));
    let made = table.uniques.iter().filter(|key| !is_known(key)).map(|key| {
        let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
        Index { unique: true, ..Index::new(key.name.clone(), parts) }
    });
    made.collect()
}

/// Whether MySQL may have an index because a foreign key needs it.
fn serves(index: &Index, table: &Table) -> bool {
    let columns = || index.parts.iter().map(|part| part.column.as_ref().filter(|_| part.length.is_none()));
    !index.unique && table.foreign_keys.iter().any(|key| columns().eq(key.columns.iter().map(Some)))
}

/// Whether a table has an index of that name, and not because of a foreign key of that name.
fn has_index(table: &Table, index: &Index) -> bool {
    let lower = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_lowercase());
    let is_keys = table.foreign_keys.iter().any(|key| key.name.is_some() && lower(&key.name) == lower(&index.name));
    !is_keys && table.indexes.iter().any(|other| lower(&other.name) == lower(&index.name))
}

fn said(index: &Index, schema: &Schema) -> Said {
    let (writer, dialect) = (Writer::of(schema), schema.dialect);
    let parts = index.parts.iter().map(|part| {
        let base = match (&part.column, &part.expression) {
            (Some(column), _) => IndexPartModel::column(kept(column.as_str())),
            (None, Some(expression)) => IndexPartModel::expression(kept(writer.expression(expression))),
            (None, None) => IndexPartModel::column(""),
        };
        IndexPartModel {
            is_descending: part.order == Order::Descending,
            nulls_first: part.nulls_first,
            operator_class: part.operator_class.as_deref().map(kept),
            length: part.length,
            ..base
        }
    });
    let method = index.method.as_deref().filter(|method| *method != "btree").map(kept);
    let of = |wanted: Dialect| method.filter(|_| wanted == dialect);
    let model = IndexModel {
        is_unique: index.unique,
        method: PerDialect::each(of(Dialect::Postgres), of(Dialect::Mysql), of(Dialect::Sqlite)),
        predicate: index.predicate.as_ref().map(|predicate| kept(writer.expression(predicate))),
        include: super::describe::columns(&index.include),
        ..IndexModel::new(parts.collect::<Vec<_>>().leak())
    };
    Said {
        name: index.name.as_ref().map(|name| name.as_str().to_lowercase()),
        on: vec![dialect],
        model,
        predicate: index.predicate.clone(),
        parts: index.parts.iter().map(|part| (part.column.clone(), part.expression.clone())).collect(),
    }
}

/// Whether one description serves both.
fn is_same(one: &Said, other: &Said) -> bool {
    // What a dialect has no word for is not read there.
    let is_mysql = |said: &Said| said.on == [Dialect::Mysql];
    let part = |(mine, theirs): (&IndexPartModel, &IndexPartModel)| {
        mine.is_expression == theirs.is_expression
            && mine.is_descending == theirs.is_descending
            && (is_mysql(one) || is_mysql(other) || mine.nulls_first == theirs.nulls_first)
    };
    let is_named = one.name == other.name || one.name.is_none() || other.name.is_none();
    let lower = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_lowercase());
    let parts = one.parts.iter().zip(&other.parts);
    is_named
        && one.model.is_unique == other.model.is_unique
        && one.predicate == other.predicate
        && one.parts.len() == other.parts.len()
        && parts.clone().all(|(mine, theirs)| lower(&mine.0) == lower(&theirs.0) && mine.1 == theirs.1)
        && one.model.parts.iter().zip(other.model.parts).all(part)
}

/// Adds what another dialect says.
fn merge(one: &mut Said, other: &Said) {
    let is_only_mysql = one.on == [Dialect::Mysql];
    let parts = one.model.parts.iter().zip(other.model.parts).map(|(mine, theirs)| IndexPartModel {
        nulls_first: if is_only_mysql { theirs.nulls_first } else { mine.nulls_first },
        operator_class: mine.operator_class.or(theirs.operator_class),
        length: mine.length.or(theirs.length),
        ..*mine
    });
    one.model.parts = parts.collect::<Vec<_>>().leak();
    one.model.predicate = one.model.predicate.or(other.model.predicate);
    if one.model.include.is_empty() {
        one.model.include = other.model.include;
    }
    one.predicate = one.predicate.take().or_else(|| other.predicate.clone());
    let (mine, theirs) = (one.model.method, other.model.method);
    one.model.method =
        PerDialect::each(mine.postgres.or(theirs.postgres), mine.mysql.or(theirs.mysql), mine.sqlite.or(theirs.sqlite));
    one.on.extend(&other.on);
}
