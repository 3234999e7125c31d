//! Tables, views and sequences; and which of them hang together.

use std::sync::Arc;

use revchain_schema::model::{Identity, ObjectName, Sequence, View};

use super::{Reading, expression, name, of_its_own};
use crate::row::{Row, filled, is_true};
use crate::tables;

/// A sequence.
pub(super) struct Found {
    name: ObjectName,
    sequence: Sequence,
}

/// A row is a table, a view or a sequence. (Those of identity columns are parts of these.)
pub(super) fn query(within: &str) -> String {
    let of_its_own = of_its_own("pg_class", "c.oid");
    format!(
        "SELECT array_to_string(c.reloptions, ','), n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class'), c.relpersistence = 'u', \
         c.relrowsecurity, c.relforcerowsecurity, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, \
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, server.srvname, \
         format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, \
         owner_schema.nspname, owner.relname, owner_column.attname \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server server ON server.oid = f.ftserver \
         LEFT JOIN pg_sequence s ON s.seqrelid = c.oid \
         LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid \
         AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype = 'a' \
         LEFT JOIN pg_class owner ON owner.oid = d.refobjid \
         LEFT JOIN pg_namespace owner_schema ON owner_schema.oid = owner.relnamespace \
         LEFT JOIN pg_attribute owner_column \
         ON owner_column.attrelid = d.refobjid AND owner_column.attnum = d.refobjsubid \
         WHERE {within} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence <> 't' \
         AND {of_its_own} ORDER BY 2, 3"
    )
}

/// A row is a parent of a table, or something that a view reads.
pub(super) fn links(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, o.nspname, p.relname, i.inhseqno, \
         CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END \
         FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace o ON o.oid = p.relnamespace \
         WHERE {within} AND c.relkind IN ('r', 'p', 'f') \
         UNION SELECT n.nspname, c.relname, o.nspname, p.relname, NULL, NULL \
         FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class \
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class p ON p.oid = d.refobjid \
         JOIN pg_namespace o ON o.oid = p.relnamespace \
         WHERE {within} AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass \
         AND c.relkind IN ('v', 'm') AND p.oid <> c.oid ORDER BY 1, 2, 5, 3, 4"
    )
}

impl Reading<'_> {
    pub(super) fn relations(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [options, schema, relation, kind, comment, unlogged, secured, forced, key, body, server] =
                row.columns();
            let named = self.object(schema, relation);
            if !self.scope.has(&named) {
                continue;
            }
            match kind {
                Some("S") => self.sequences.push(self.sequence(named, &row)),
                Some("v" | "m") => {
                    let body = body.map(|body| body.trim_end_matches(';'));
                    let options = || options.unwrap_or_default().split(',');
                    // A part of the query, which the server keeps elsewhere.
                    let checked = options().find_map(|option| option.strip_prefix("check_option="));
                    let checked = checked.map_or_else(String::new, |which| format!(" WITH {which} CHECK OPTION"));
                    let Some(body) = expression(body.map(|body| format!("{body}{checked}")).as_deref()) else {
                        continue;
                    };
                    let said: Vec<&str> = options().filter(|option| option.starts_with("security_")).collect();
                    let security = expression(Some(said.join(", ").as_str()).filter(|said| !said.is_empty()));
                    let (materialized, comment) = (kind == Some("m"), filled(comment));
                    let view =
                        View { materialized, body, mentions: Vec::new(), indexes: Vec::new(), comment, security };
                    self.schema.views.insert(named, Arc::new(view));
                }
                _ => {
                    let table = tables::begin(&mut self.tables, named);
                    table.comment = filled(comment);
                    let key = expression(key).map(|key| key.to_string());
                    let set = |flag, value: &str| is_true(flag).then(|| value.to_owned());
                    for (option, value) in [
                        ("unlogged", set(unlogged, "yes")),
                        ("row level security", set(secured, "enabled")),
                        ("force row level security", set(forced, "yes")),
                        ("partition by", key),
                        ("server", filled(server)),
                    ] {
                        table.options.extend(value.map(|value| (option.to_owned(), value)));
                    }
                }
            }
        }
    }

    fn sequence(&self, named: ObjectName, row: &Row) -> Found {
        let [.., of_type, start, increment, least, most, cache, cycle, schema, table, column] = row.columns::<21>();
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
        let (low, high) = match of_type {
            Some("smallint") => (i64::from(i16::MIN), i64::from(i16::MAX)),
            Some("integer") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let (low, high) = if number(increment) > 0 { (1, high) } else { (low, -1) };
        // A start that nobody chose is where the sequence begins.
        let first = if number(increment) > 0 { number(least) } else { number(most) };
        let said = |value: Option<&str>, default: i64| (number(value) != default).then(|| number(value).to_string());
        let options = [
            ("as", of_type.filter(|of_type| *of_type != "bigint").map(str::to_owned)),
            ("cache", said(cache, 1)),
            ("cycle", is_true(cycle).then(|| "yes".to_owned())),
            ("increment", said(increment, 1)),
            ("maxvalue", said(most, high)),
            ("minvalue", said(least, low)),
            ("start", said(start, first)),
        ];
        let options = options.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
        let owned_by = column.map(|column| (self.object(schema, table), name(Some(column))));
        Found { name: named, sequence: Sequence { options, owned_by } }
    }

    /// Keeps the sequences that are no column's: a `serial`'s goes with its column.
    pub(super) fn own_sequences(&mut self) {
        for Found { name, sequence } in std::mem::take(&mut self.sequences) {
            if let Some((table, column)) = &sequence.owned_by {
                let of = self.tables.get(table).and_then(|table| table.column(column));
                if !self.scope.has(table) || of.is_some_and(|column| column.identity == Some(Identity::Serial)) {
                    continue;
                }
            }
            self.schema.sequences.insert(name, Arc::new(sequence));
        }
    }

    pub(super) fn links(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, relation, other_schema, other, order, bound] = row.columns();
            let (named, other) = (self.object(schema, relation), self.object(other_schema, other));
            if let Some(table) = self.tables.get_mut(&named) {
                if let Some(bound) = expression(bound) {
                    table.options.insert("partition of".to_owned(), format!("{other} {bound}"));
                } else if order.is_some() {
                    let parents = table.options.entry("inherits".to_owned()).or_default();
                    if !parents.is_empty() {
                        parents.push_str(", ");
                    }
                    parents.push_str(&other.to_string());
                }
            } else if let Some(view) = self.schema.views.get_mut(&named) {
                Arc::make_mut(view).mentions.push(other);
            }
        }
    }
}
