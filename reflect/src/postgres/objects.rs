//! Functions, procedures and triggers, policies and rules: names, and everything else as text.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Expression, ObjectName, Place, Routine, Trigger};
use revchain_schema::{read_routine, read_trigger};

use super::{Reading, name, of_its_own};
use crate::row::Row;

/// A row is a function, a procedure or an aggregate.
pub(super) fn routines(within: &str) -> String {
    let of_its_own = of_its_own("pg_proc", "p.oid");
    format!(
        "SELECT n.nspname, p.proname, oidvectortypes(p.proargtypes), \
         CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE 'aggregate' END \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {within} AND {of_its_own} ORDER BY 1, 2, 3"
    )
}

/// A row is a trigger. A partition has copies of the whole table's, which nobody made; before PostgreSQL 13 these are
/// internal, and nothing says whose they are.
pub(super) fn triggers(within: &str) -> String {
    format!(
        "SELECT n.nspname, c.relname, t.tgname, pg_get_triggerdef(t.oid) \
         FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {within} AND NOT t.tgisinternal AND coalesce(to_jsonb(t) ->> 'tgparentid', '0') = '0' ORDER BY 1, 2, 3"
    )
}

/// A row is a policy or a rule: what nobody models, and a copy of the database has to have.
pub(super) fn others(within: &str) -> String {
    format!(
        "SELECT 'policy', n.nspname, c.relname, p.polname, \
         CASE WHEN p.polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END || ' FOR ' || \
         CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END \
         || ' TO ' || (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', ') \
         FROM unnest(p.polroles) r) || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') \
         || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') \
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {within} \
         UNION ALL SELECT 'rule', n.nspname, c.relname, w.rulename, pg_get_ruledef(w.oid) \
         FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE {within} AND w.rulename <> '_RETURN' ORDER BY 1, 2, 3, 4"
    )
}

impl Reading<'_> {
    pub(super) fn others(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [kind, schema, relation, other, definition] = row.columns();
            let on = self.object(schema, relation);
            if !self.tables.contains_key(&on) && !self.schema.views.contains_key(&on) {
                continue;
            }
            let kind = if kind == Some("policy") { "policy" } else { "rule" };
            let definition = Expression::new(definition.unwrap_or_default(), Dialect::Postgres);
            let key = (kind, Some(on), ObjectName::bare(name(other)));
            self.schema.others.insert(key, Arc::new(definition));
        }
    }

    pub(super) fn routines(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, routine, arguments, body] = row.columns();
            let named = self.object(schema, routine);
            let arguments = arguments.unwrap_or_default().to_owned();
            let text = body.unwrap_or_default();
            let routine = match read_routine(text, Dialect::Postgres) {
                Some(read) => Routine { arguments, ..read },
                None => Routine { arguments, body: Expression::new(text, Dialect::Postgres), written: None },
            };
            self.schema.routines.entry(named).or_default().push(Arc::new(routine));
        }
    }

    pub(super) fn triggers(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, relation, trigger, body] = row.columns();
            let table = self.object(schema, relation);
            // Those on an extension's tables go with these.
            if !self.tables.contains_key(&table) && !self.schema.views.contains_key(&table) {
                continue;
            }
            let text = body.unwrap_or_default();
            let body = read_trigger(text, Dialect::Postgres);
            let body = body.unwrap_or_else(|| Expression::new(text, Dialect::Postgres));
            let key = (table.clone(), name(trigger));
            self.schema.triggers.insert(key, Arc::new(Trigger { table, body, place: Place::NOWHERE }));
        }
    }
}
