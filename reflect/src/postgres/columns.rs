//! Columns of tables and of composite types, and the types of both.

use std::sync::Arc;

use revchain_schema::model::{Column, DataType, Generated, Identity, Storage, UserType};

use super::{Reading, default, expression, name, of_its_own};
use crate::row::{Row, filled, is_true};

/// What is asked of a type: how the server prints it, whether it has arguments, and of a user's its names and whether it is
/// found without the schema's.
pub(super) fn of_type(oid: &str, modifier: &str) -> String {
    format!("format_type({oid}, {modifier}), {modifier} >= 0, made.schema, made.name, made.is_visible")
}

/// Whence: of an array it is the element that has a name. Few types are a user's, so that they are looked for one by one (what
/// OFFSET 0 is for) and not joined.
pub(super) fn with_type(oid: &str) -> String {
    format!(
        "JOIN pg_type typed ON typed.oid = {oid} LEFT JOIN LATERAL (\
         SELECT s.nspname AS schema, element.typname AS name, pg_type_is_visible(element.oid) AS is_visible \
         FROM pg_type element JOIN pg_namespace s ON s.oid = element.typnamespace \
         WHERE typed.typnamespace <> 'pg_catalog'::regnamespace AND element.oid = CASE \
         WHEN (SELECT e.typarray FROM pg_type e WHERE e.oid = typed.typelem) = typed.oid THEN typed.typelem \
         ELSE typed.oid END OFFSET 0) made ON true"
    )
}

/// A row is a column. (Whose columns an expression may name costs more than to print it; only a generated column's names any.)
pub(super) fn query(within: &str) -> String {
    let (of_type, with_type) = (of_type("a.atttypid", "a.atttypmod"), with_type("a.atttypid"));
    let of_its_own = of_its_own("pg_type", "c.reltype");
    format!(
        "SELECT n.nspname, c.relname, c.relkind, a.attname, {of_type}, a.attnotnull, a.attidentity, a.attgenerated, \
         pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END), co.collname, said.description, \
         d.oid IS NOT NULL AND EXISTS (SELECT FROM pg_depend uses JOIN pg_depend owned ON owned.classid = 'pg_class'::regclass \
         AND owned.objid = uses.refobjid AND owned.deptype = 'a' AND owned.refclassid = 'pg_class'::regclass \
         AND owned.refobjid = a.attrelid AND owned.refobjsubid = a.attnum \
         WHERE uses.classid = 'pg_attrdef'::regclass AND uses.objid = d.oid AND uses.refclassid = 'pg_class'::regclass) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         {with_type} \
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
         LEFT JOIN pg_description said ON said.classoid = 'pg_class'::regclass AND said.objoid = c.oid \
         AND said.objsubid = a.attnum \
         LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> typed.typcollation \
         WHERE {within} AND c.relkind IN ('r', 'p', 'f', 'c') AND (c.relkind <> 'c' OR {of_its_own}) \
         ORDER BY a.attrelid, a.attnum"
    )
}

impl Reading<'_> {
    pub(super) fn columns(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [schema, relation, kind, column] = row.columns();
            let named = self.object(schema, relation);
            let [.., format, modified, type_schema, type_name, visible] = row.columns::<9>();
            let data_type = self.data_type(format, modified, type_schema, type_name, visible);
            // A `serial` that became a text draws its numbers as before, and is none.
            let is_countable = matches!(data_type.name.as_str(), "smallint" | "integer" | "bigint");
            let mut column = Column::new(name(column), Some(data_type));
            let [.., not_null, identity, generated, value, collation, comment, owned] = row.columns::<16>();
            column.nullable = !is_true(not_null);
            column.collation = collation.map(|collation| name(Some(collation)));
            column.comment = filled(comment);
            column.identity = match identity {
                Some("a") => Some(Identity::Always),
                Some("d") => Some(Identity::ByDefault),
                _ if is_true(owned) && is_countable && value.is_some_and(is_nextval) => Some(Identity::Serial),
                _ => None,
            };
            match (filled(generated).as_deref(), expression(value)) {
                (Some(storage), Some(expression)) => {
                    let storage = if storage == "v" { Storage::Virtual } else { Storage::Stored };
                    column.generated = Some(Generated { expression, storage });
                }
                _ if column.identity.is_none() => column.default = default(value),
                _ => {}
            }
            if kind == Some("c") {
                let composite =
                    self.schema.types.entry(named).or_insert_with(|| Arc::new(UserType::Composite(Vec::new())));
                if let UserType::Composite(columns) = Arc::make_mut(composite) {
                    columns.push(column);
                }
            } else if let Some(table) = self.tables.get_mut(&named) {
                table.columns.push(column);
            }
        }
    }

    pub(super) fn data_type(
        &self,
        format: Option<&str>,
        modified: Option<&str>,
        schema: Option<&str>,
        name: Option<&str>,
        visible: Option<&str>,
    ) -> DataType {
        let mut data_type = printed(format.unwrap_or_default(), is_true(modified));
        if let (Some(schema), Some(user_name)) = (schema, name) {
            user_name.clone_into(&mut data_type.name);
            let unsaid = schema == self.default || is_true(visible) && !self.scope.schemas.iter().any(|s| s == schema);
            data_type.schema = (!unsaid).then(|| super::name(Some(schema)));
        }
        data_type
    }
}

/// A default that is the next of a sequence, and nothing more.
fn is_nextval(value: &str) -> bool {
    let rest = value.strip_prefix("nextval('").and_then(|rest| rest.split_once("'::regclass)"));
    rest.is_some_and(|(_, rest)| rest.is_empty())
}

/// A type as the server prints it: `timestamp(3) without time zone[]`.
fn printed(text: &str, modified: bool) -> DataType {
    let (text, array) = match text.strip_suffix("[]") {
        Some(element) => (element, true),
        None => (text, false),
    };
    // Quotes go with a user's type, whose name is known otherwise.
    let unquoted = text.rfind('"').map_or(0, |quote| quote + 1);
    let open = text.get(unquoted..).and_then(|rest| rest.find('(')).map(|open| open + unquoted);
    let parts = open.filter(|_| modified).and_then(|open| {
        let (first, rest) = text.split_at(open);
        Some((first, rest.get(1..)?.split_once(')')?))
    });
    let Some((first, (arguments, rest))) = parts else { return DataType { array, ..DataType::named(text) } };
    let arguments = arguments.split(',').map(|argument| argument.trim().to_owned()).collect();
    DataType { arguments, array, ..DataType::named(format!("{first}{rest}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_as_they_are_printed() {
        for (text, modified, name, arguments, array) in [
            ("integer", false, "integer", "", false),
            ("character varying(20)[]", true, "character varying", "20", true),
            ("numeric(10,-2)", true, "numeric", "10 -2", false),
            ("timestamp(3) with time zone", true, "timestamp with time zone", "3", false),
            ("interval day to second(3)", true, "interval day to second", "3", false),
            ("interval day to second", true, "interval day to second", "", false),
            ("\"char\"", false, "\"char\"", "", false),
            ("\"odd (name)\"(4)", true, "\"odd (name)\"", "4", false),
            ("geometry(Point,4326)", true, "geometry", "Point 4326", false),
            ("broken(", true, "broken(", "", false),
        ] {
            let found = printed(text, modified);
            assert_eq!(
                (found.name.as_str(), found.arguments.join(" ").as_str(), found.array),
                (name, arguments, array)
            );
        }
    }

    #[test]
    fn a_default_is_the_next_of_a_sequence_or_more() {
        assert!(is_nextval("nextval('runs_id_seq'::regclass)"));
        assert!(!is_nextval("(nextval('runs_id_seq'::regclass) + 1)"));
        assert!(!is_nextval("nextval('a'::regclass) + nextval('b'::regclass)"));
    }
}
