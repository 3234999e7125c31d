//! Indexes, and the constraints that are one: primary keys, unique constraints, exclusions.

use std::sync::Arc;

use revchain_schema::model::{Exclusion, Index, IndexPart, Key, Name, ObjectName, Table};

use super::{Reading, expression, name};
use crate::row::{Row, filled, is_true};
use crate::tables;

/// A row is a part of an index, or a column that it carries along. (A function for a comment is slow. Of `generate_series` the
/// server thinks that it gives a thousand rows, and for so many would rather compile the query. What some methods keep of a text is
/// a number, which has no collation: 100 is the default one.)
pub(super) fn query(within: &str, knows_nulls: bool) -> String {
    let nulls = if knows_nulls { "i.indnullsnotdistinct" } else { "NULL" };
    format!(
        "SELECT n.nspname, c.relname, x.relname, p.at, a.attname, \
         CASE WHEN p.attnum = 0 THEN pg_get_indexdef(i.indexrelid, p.at::integer, false) END, \
         p.at > i.indnkeyatts, p.option & 1, p.option & 2, co.collname, \
         CASE WHEN NOT oc.opcdefault OR ia.attoptions IS NOT NULL \
         THEN oc.opcname || coalesce('(' || array_to_string(ia.attoptions, ', ') || ')', '') END, op.oprname, \
         am.amname, i.indisunique, i.indisvalid, {nulls}, x.relispartition, \
         array_to_string(x.reloptions, chr(10)), said.description, \
         pg_get_expr(i.indpred, i.indrelid), k.contype, k.condeferrable, k.condeferred \
         FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am am ON am.oid = x.relam \
         CROSS JOIN LATERAL unnest(i.indkey, i.indoption, i.indcollation, i.indclass) \
         WITH ORDINALITY AS p (attnum, option, collated, class, at) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = p.attnum AND a.attnum <> 0 \
         LEFT JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = p.at \
         LEFT JOIN pg_collation co ON co.oid = p.collated AND co.oid <> \
         coalesce(a.attcollation, nullif((SELECT it.typcollation FROM pg_type it WHERE it.oid = ia.atttypid), 0), 100) \
         LEFT JOIN pg_opclass oc ON oc.oid = p.class \
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_description said ON said.classoid = 'pg_class'::regclass AND said.objoid = x.oid AND said.objsubid = 0 \
         LEFT JOIN pg_operator op ON op.oid = k.conexclop[p.at] \
         WHERE {within} AND c.relkind IN ('r', 'p', 'm') ORDER BY n.nspname, c.relname, x.relname, p.at"
    )
}

/// An index, and what the constraint says that it belongs to.
struct Found {
    of: ObjectName,
    index: Index,
    operators: Vec<String>,
    constraint: Option<String>,
    deferrable: Option<bool>,
}

impl Reading<'_> {
    pub(super) fn indexes(&mut self, rows: Vec<Row>) {
        let mut found: Option<Found> = None;
        for row in rows {
            let [schema, relation, named, at, column, text, carried, descending, first, collation, class, operator] =
                row.columns();
            if at == Some("1") {
                let of = self.object(schema, relation);
                let begun = begin(of, named, &row);
                if let Some(done) = found.replace(begun) {
                    self.add(done);
                }
            }
            let Some(found) = &mut found else { continue };
            if is_true(carried) {
                found.index.include.push(name(column));
                continue;
            }
            let (descending, first) = (descending != Some("0"), first != Some("0"));
            found.index.parts.push(IndexPart {
                column: column.map(|column| name(Some(column))),
                expression: expression(text),
                nulls_first: (descending != first).then_some(first),
                collation: filled(collation),
                operator_class: filled(class),
                ..tables::part(descending)
            });
            found.operators.extend(filled(operator));
        }
        if let Some(done) = found {
            self.add(done);
        }
    }

    /// Puts an index where it belongs.
    fn add(&mut self, found: Found) {
        if let Some(table) = self.tables.get_mut(&found.of) {
            add_to(table, found);
        } else if let Some(view) = self.schema.views.get_mut(&found.of) {
            Arc::make_mut(view).indexes.push(found.index);
        }
    }
}

fn begin(of: ObjectName, named: Option<&str>, row: &Row) -> Found {
    let [
        ..,
        method,
        unique,
        valid,
        not_distinct,
        attached,
        storage,
        comment,
        predicate,
        constraint,
        deferrable,
        deferred,
    ] = row.columns::<23>();
    let mut index = tables::index(Some(name(named)), is_true(unique));
    index.method = filled(method).filter(|method| method != "btree");
    index.nulls_not_distinct = is_true(not_distinct);
    index.predicate = expression(predicate);
    index.comment = filled(comment);
    index.options = storage.into_iter().flat_map(str::lines).map(|option| option.replacen('=', " = ", 1)).collect();
    index.options.sort();
    // A build that failed half-way leaves an index that nobody uses.
    if !is_true(valid) {
        index.options.push("invalid".to_owned());
    }
    // A partition's part of an index of the whole table.
    if is_true(attached) {
        index.options.push("attached".to_owned());
    }
    let deferrable = is_true(deferrable).then(|| is_true(deferred));
    Found { of, index, operators: Vec::new(), constraint: filled(constraint), deferrable }
}

fn add_to(table: &mut Table, found: Found) {
    let Found { index, operators, constraint, deferrable, .. } = found;
    let columns = |index: &Index| -> Vec<Name> { index.parts.iter().filter_map(|part| part.column.clone()).collect() };
    let key = |index: Index| Key {
        columns: columns(&index),
        nulls_not_distinct: index.nulls_not_distinct,
        deferrable,
        name: index.name,
        include: index.include,
    };
    match constraint.as_deref() {
        Some("p") => table.primary_key = Some(key(index)),
        Some("u") => table.uniques.push(key(index)),
        Some("x") => {
            let name = index.name.clone();
            table.exclusions.push(Exclusion { name, index, operators, deferrable });
        }
        _ => table.indexes.push(index),
    }
}
