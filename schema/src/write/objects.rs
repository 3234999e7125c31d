//! What lies beside the tables. Of views, triggers and their like the text is what is compared: comments are gone, and unquoted
//! words are in the case in which they were written where that was kept, else in lower case.

use std::fmt::Write as _;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token};

use super::{Writer, expression, name};
use crate::model::{Domain, Expression, Name, ObjectName, Routine, Sequence, Trigger, UserType, View};

impl Writer<'_> {
    /// `CREATE SCHEMA`, MySQL's `CREATE DATABASE`.
    pub fn create_namespace(&self, name: &Name) -> String {
        let kind = if self.dialect == Dialect::Mysql { "DATABASE" } else { "SCHEMA" };
        format!("CREATE {kind} {}", self.name(name))
    }

    /// `CREATE EXTENSION`.
    pub fn create_extension(&self, name: &Name) -> String {
        format!("CREATE EXTENSION IF NOT EXISTS {}", self.name(name))
    }

    /// `CREATE TYPE`, `CREATE DOMAIN`. `None` of those that are known by name alone.
    pub fn create_type(&self, name: &ObjectName, definition: &UserType) -> Option<String> {
        let shown = self.object(name);
        Some(match definition {
            UserType::Enum(values) => {
                format!("CREATE TYPE {shown} AS ENUM {}", name::literals(&values.values, self.dialect))
            }
            UserType::Composite(columns) => {
                let columns: Vec<String> = columns.iter().map(|column| self.column(column)).collect();
                format!("CREATE TYPE {shown} AS ({})", columns.join(", "))
            }
            UserType::Domain(domain) => self.create_domain(&shown, domain),
            UserType::Other(definition) => {
                format!("CREATE TYPE {shown} AS {}", expression::spaced(definition.as_ref()?, self.dialect))
            }
        })
    }

    fn create_domain(&self, shown: &str, domain: &Domain) -> String {
        let mut text = format!("CREATE DOMAIN {shown} AS {}", self.data_type(&domain.data_type));
        if let Some(default) = &domain.default {
            let _ = write!(text, " DEFAULT {}", expression::default(&default.0, self.dialect));
        }
        text.push_str(if domain.nullable { "" } else { " NOT NULL" });
        for (name, check) in &domain.checks {
            let name = name.as_ref().map_or_else(String::new, |name| format!(" CONSTRAINT {}", self.name(name)));
            let _ = write!(text, "{name} CHECK ({})", expression::spaced(check, self.dialect));
        }
        text
    }

    /// `DROP TYPE`, `DROP DOMAIN`.
    pub fn drop_type(&self, name: &ObjectName, definition: &UserType) -> String {
        let kind = if matches!(definition, UserType::Domain(_)) { "DOMAIN" } else { "TYPE" };
        format!("DROP {kind} {}", self.object(name))
    }

    /// `CREATE SEQUENCE`. What it goes with is not there yet: see [`own_sequence`](Writer::own_sequence).
    pub fn create_sequence(&self, name: &ObjectName, sequence: &Sequence) -> String {
        let mut text = format!("CREATE SEQUENCE {}", self.object(name));
        for (key, value) in &sequence.options {
            let _ = match key.as_str() {
                "cycle" => write!(text, " CYCLE"),
                key => write!(text, " {} {value}", key.to_uppercase()),
            };
        }
        text
    }

    /// `ALTER SEQUENCE … OWNED BY`.
    pub fn own_sequence(&self, name: &ObjectName, sequence: &Sequence) -> Option<String> {
        let (table, column) = sequence.owned_by.as_ref()?;
        let (table, column) = (self.object(table), self.name(column));
        Some(format!("ALTER SEQUENCE {} OWNED BY {table}.{column}", self.object(name)))
    }

    /// `DROP SEQUENCE`.
    pub fn drop_sequence(&self, name: &ObjectName) -> String {
        format!("DROP SEQUENCE {}", self.object(name))
    }

    /// `CREATE VIEW`.
    pub fn create_view(&self, name: &ObjectName, view: &View) -> String {
        let body = expression::query(&expression::spaced(&view.body, self.dialect), self.dialect);
        let (recursive, body) = match body.strip_prefix("recursive") {
            Some(rest) if rest.trim_start().starts_with('(') => ("RECURSIVE ", rest.trim_start()),
            _ => ("", body.as_str()),
        };
        let kind = if view.materialized { "MATERIALIZED " } else { "" };
        let (columns, query) = columns_of(body, self.dialect);
        let security = view.security.as_ref().map(|said| format!(" WITH ({})", expression::spaced(said, self.dialect)));
        let security = security.unwrap_or_default();
        format!("CREATE {recursive}{kind}VIEW {}{columns}{security} AS\n{query}", self.object(name))
    }

    /// The indexes of a materialized view, and comments.
    pub fn after_view(&self, name: &ObjectName, view: &View) -> Vec<String> {
        let mut statements: Vec<String> = view.indexes.iter().map(|index| self.create_index(name, index)).collect();
        if let Some(comment) = view.comment.as_ref().filter(|_| self.dialect == Dialect::Postgres) {
            let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            statements.push(format!(
                "COMMENT ON {kind} {} IS {}",
                self.object(name),
                name::literal(comment, self.dialect)
            ));
        }
        statements
    }

    /// `DROP VIEW`.
    pub fn drop_view(&self, name: &ObjectName, view: &View) -> String {
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        format!("DROP {kind} {}", self.object(name))
    }

    /// `CREATE FUNCTION`, `CREATE PROCEDURE`, as the chain has it. `None` where that is not known.
    pub fn create_routine(&self, name: &ObjectName, routine: &Routine) -> Option<String> {
        let written = routine.written.as_ref()?;
        let blank = if written.text.starts_with('(') { "" } else { " " };
        Some(format!("CREATE {} {}{blank}{}", written.kind, self.object(name), written.text))
    }

    /// `DROP FUNCTION`, `DROP PROCEDURE`.
    pub fn drop_routine(&self, name: &ObjectName, routine: &Routine) -> String {
        let kind = routine.written.as_ref().map_or("FUNCTION", |written| written.kind);
        let schema = self.schema;
        // Types of the user's are kept without quotes.
        let argument = |text: &str| {
            let (bare, array) = text.strip_suffix("[]").map_or((text, ""), |bare| (bare, "[]"));
            let mut all = schema.types.keys().chain(schema.tables.keys()).chain(schema.views.keys());
            let found = all.find(|name| name.to_string() == bare);
            found.map_or_else(|| text.to_owned(), |name| format!("{}{array}", self.object(name)))
        };
        let arguments: Vec<String> = routine.arguments.split(',').map(argument).collect();
        format!("DROP {kind} {}({})", self.object(name), arguments.join(","))
    }

    /// `CREATE TRIGGER`.
    pub fn create_trigger(&self, name: &Name, trigger: &Trigger) -> String {
        let body = trigger.body.as_written();
        let (events, rest) = body.split_at(end_of_events(body, self.dialect));
        let (events, rest) = (events.trim(), rest.trim());
        let own = ["deferrable", "not deferrable", "initially", "from "].iter().any(|word| rest.starts_with(word));
        let kind = if own { "CONSTRAINT " } else { "" };
        let (events, rest) = (expression::trigger(events, self.dialect), expression::trigger(rest, self.dialect));
        format!("CREATE {kind}TRIGGER {} {events} ON {}\n{rest}", self.name(name), self.object(&trigger.table))
    }

    /// `DROP TRIGGER`.
    pub fn drop_trigger(&self, name: &Name, trigger: &Trigger) -> String {
        match self.dialect {
            Dialect::Postgres => format!("DROP TRIGGER {} ON {}", self.name(name), self.object(&trigger.table)),
            _ => format!("DROP TRIGGER {}", self.object(&trigger.table.beside(name.clone()))),
        }
    }

    /// `CREATE POLICY`, `CREATE EVENT`…: what is known as text. `None` of those of which that isn't all.
    pub fn create_other(
        &self,
        kind: &str,
        on: Option<&ObjectName>,
        name: &ObjectName,
        definition: &Expression,
    ) -> Option<String> {
        let definition = expression::spaced(definition, self.dialect);
        let on = match (kind, on) {
            // Its event stood before the table.
            ("rule", _) => return None,
            ("policy", Some(table)) => format!("ON {} ", self.object(table)),
            _ => String::new(),
        };
        Some(format!("CREATE {} {} {on}{definition}", kind.to_uppercase(), self.object(name)))
    }
}

/// The columns that a view's body begins with, and its query.
fn columns_of(body: &str, dialect: Dialect) -> (String, &str) {
    let mut lexer = Lexer::new(body, dialect);
    let mut next = || lexer.next_significant();
    let (Some(first), Some(second)) = (next(), next()) else { return (String::new(), body) };
    let is_query = |token: Token| {
        let shown = token.text(body);
        shown == "(" || ["select", "with", "values", "table"].iter().any(|word| shown.eq_ignore_ascii_case(word))
    };
    if first.text(body) != "(" || is_query(second) {
        return (String::new(), body);
    }
    while let Some(token) = next() {
        if token.text(body) == ")" {
            let (columns, query) = body.split_at(token.end);
            return (format!(" {columns}"), query.trim_start());
        }
    }
    (String::new(), body)
}

/// Where the events of a trigger end, behind which the table stood.
fn end_of_events(body: &str, dialect: Dialect) -> usize {
    let mut lexer = Lexer::new(body, dialect);
    while let Some(token) = lexer.next_significant() {
        let ends = matches!(
            token.text(body).to_ascii_lowercase().as_str(),
            "for" | "when" | "execute" | "referencing" | "from" | "not" | "deferrable" | "initially" | "begin"
        );
        if ends {
            return token.start;
        }
    }
    body.len()
}
