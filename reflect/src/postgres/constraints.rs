//! Foreign keys and checks. (What has an index behind it comes with the indexes.)

use revchain_core::Dialect;
use revchain_schema::model::{Check, Expression, ForeignKey, Match, ReferentialAction};

use super::{Reading, name};
use crate::row::{Row, is_true};

/// A row is a check, or a column of a foreign key. A foreign key to a partitioned table has copies for its partitions, which
/// nobody made.
pub(super) fn query(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, k.contype, k.conname, k.convalidated, k.connoinherit, \
         pg_get_expr(k.conbin, k.conrelid), k.condeferrable, k.condeferred, o.nspname, p.relname, k.confupdtype, \
         k.confdeltype, k.confmatchtype, u.at, here.attname, there.attname \
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_constraint copied ON copied.oid = k.conparentid AND copied.conrelid = k.conrelid \
         LEFT JOIN pg_class p ON p.oid = k.confrelid LEFT JOIN pg_namespace o ON o.oid = p.relnamespace \
         LEFT JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u (here, there, at) ON k.contype = 'f' \
         LEFT JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = u.here \
         LEFT JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = u.there \
         WHERE {within} AND k.contype IN ('f', 'c') AND copied.oid IS NULL \
         ORDER BY n.nspname, c.relname, k.conname, u.at"
    )
}

impl Reading<'_> {
    pub(super) fn constraints(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, relation, kind, constraint, validated, no_inherit, check] = row.columns();
            let [.., deferrable, deferred, other_schema, other, on_update, on_delete, matching, at, here, there] =
                row.columns::<17>();
            let (named, other) = (self.object(schema, relation), self.object(other_schema, other));
            let Some(table) = self.tables.get_mut(&named) else { continue };
            if kind == Some("c") {
                table.checks.push(Check {
                    name: Some(name(constraint)),
                    expression: Expression::new(check.unwrap_or_default(), Dialect::Postgres),
                    no_inherit: is_true(no_inherit),
                    validated: is_true(validated),
                });
                continue;
            }
            if at == Some("1") {
                table.foreign_keys.push(ForeignKey {
                    name: Some(name(constraint)),
                    columns: Vec::new(),
                    table: other,
                    references: Vec::new(),
                    on_delete: action(on_delete),
                    on_update: action(on_update),
                    matching: if matching == Some("f") { Match::Full } else { Match::Simple },
                    deferrable: is_true(deferrable).then(|| is_true(deferred)),
                    validated: is_true(validated),
                });
            }
            if let Some(key) = table.foreign_keys.last_mut() {
                key.columns.push(name(here));
                key.references.push(name(there));
            }
        }
    }
}

fn action(letter: Option<&str>) -> ReferentialAction {
    match letter {
        Some("r") => ReferentialAction::Restrict,
        Some("c") => ReferentialAction::Cascade,
        Some("n") => ReferentialAction::SetNull,
        Some("d") => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
