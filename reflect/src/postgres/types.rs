//! Types that users made. (The columns of composite ones come with those of tables.)

use std::sync::Arc;

use revchain_schema::model::{Domain, Enum, UserType};

use super::columns::{of_type, with_type};
use super::{Reading, default, expression, name, of_its_own};
use crate::row::{Row, is_true};

/// A row is a type without more, a domain, a check of one, or a value of an enumeration.
pub(super) fn query(within: &str) -> String {
    let (of_type, with_type) = (of_type("t.typbasetype", "t.typtypmod"), with_type("t.typbasetype"));
    let of_its_own = of_its_own("pg_type", "t.oid");
    format!(
        "SELECT n.nspname, t.typname, t.typtype::text, 0 AS at, t.typnotnull::text, pg_get_expr(t.typdefaultbin, 0), {of_type} \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace {with_type} \
         WHERE {within} AND t.typtype = 'd' AND {of_its_own} \
         UNION ALL SELECT n.nspname, t.typname, 'check', 1, k.conname, pg_get_expr(k.conbin, 0), \
         NULL, NULL, NULL, NULL, NULL \
         FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace \
         WHERE {within} AND k.contype = 'c' \
         UNION ALL SELECT n.nspname, t.typname, t.typtype::text, e.at, e.enumlabel, \
         'range (subtype = ' || format_type(r.rngsubtype, NULL) \
         || CASE WHEN oc.opcdefault THEN '' ELSE ', subtype_opclass = ' || quote_ident(oc.opcname) END \
         || CASE WHEN r.rngcanonical = 0 THEN '' ELSE ', canonical = ' || r.rngcanonical::regproc END \
         || CASE WHEN r.rngsubdiff = 0 THEN '' ELSE ', subtype_diff = ' || r.rngsubdiff::regproc END || ')', \
         NULL, NULL, NULL, NULL, NULL \
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace \
         LEFT JOIN pg_range r ON r.rngtypid = t.oid LEFT JOIN pg_opclass oc ON oc.oid = r.rngsubopc \
         LEFT JOIN LATERAL (SELECT enumlabel, row_number() OVER (ORDER BY enumsortorder) AS at \
         FROM pg_enum WHERE enumtypid = t.oid) e ON true \
         WHERE {within} AND t.typtype IN ('e', 'r', 'b') AND {of_its_own} ORDER BY 1, 2, 4, 5"
    )
}

impl Reading<'_> {
    pub(super) fn types(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, named, kind, _, first, second, format, modified, type_schema, type_name, visible] =
                row.columns();
            let named = self.object(schema, named);
            let made = match kind {
                Some("d") => UserType::Domain(Domain {
                    data_type: self.data_type(format, modified, type_schema, type_name, visible),
                    nullable: !is_true(first),
                    default: default(second),
                    checks: Vec::new(),
                }),
                Some("e") => UserType::Enum(Enum { values: Vec::new() }),
                // A range says what it is of.
                _ => UserType::Other(expression(second)),
            };
            if kind == Some("check") {
                if let (Some(domain), Some(check)) = (self.schema.types.get_mut(&named), expression(second))
                    && let UserType::Domain(domain) = Arc::make_mut(domain)
                {
                    domain.checks.push((Some(name(first)), check));
                }
                continue;
            }
            let user_type = self.schema.types.entry(named).or_insert_with(|| Arc::new(made));
            if let (UserType::Enum(values), Some(value)) = (Arc::make_mut(user_type), first) {
                values.values.push(value.to_owned());
            }
        }
    }
}
