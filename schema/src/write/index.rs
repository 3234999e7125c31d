//! Indexes: statements of their own, and on MySQL clauses of CREATE TABLE, too.

use std::fmt::Write as _;

use revchain_core::Dialect;

use super::{Writer, expression, name};
use crate::model::{Index, IndexPart, ObjectName, Order};

impl Writer<'_> {
    /// `CREATE INDEX`.
    pub fn create_index(&self, table: &ObjectName, index: &Index) -> String {
        let kind = self.kind(index);
        let mut text = format!("CREATE {kind}INDEX ");
        if let Some(name) = &index.name {
            // SQLite's index says where it is, and its table doesn't.
            let schema = table.schema.as_ref().filter(|_| self.dialect == Dialect::Sqlite);
            let _ = match schema {
                Some(schema) => write!(text, "{}.{} ", self.name(schema), self.name(name)),
                None => write!(text, "{} ", self.name(name)),
            };
        }
        let on = match self.dialect {
            Dialect::Sqlite => self.name(&table.name).into_owned(),
            _ => self.object(table),
        };
        let _ = write!(text, "ON {on} {}", self.index_body(index));
        text
    }

    /// `KEY name (…)`: MySQL's, in CREATE TABLE, and what ALTER TABLE adds.
    pub fn index_clause(&self, index: &Index) -> String {
        let name = index.name.as_ref().map_or_else(String::new, |name| format!("{} ", self.name(name)));
        format!("{}KEY {name}{}", self.kind(index), self.index_body(index))
    }

    /// `UNIQUE `, or MySQL's words for a kind.
    fn kind(&self, index: &Index) -> &'static str {
        match (index.unique, index.method.as_deref()) {
            (true, _) => "UNIQUE ",
            (false, Some("fulltext")) => "FULLTEXT ",
            (false, Some("spatial")) => "SPATIAL ",
            (false, Some("vector")) => "VECTOR ",
            (false, _) => "",
        }
    }

    /// What it is on, and everything behind that.
    pub fn index_body(&self, index: &Index) -> String {
        let mut text = String::new();
        let method =
            index.method.as_ref().filter(|method| !matches!(method.as_str(), "fulltext" | "spatial" | "vector"));
        // MySQL's may stand behind, too; PostgreSQL's may not.
        if let Some(method) = method {
            let _ = write!(text, "USING {method} ");
        }
        let parts: Vec<String> = index.parts.iter().map(|part| self.index_part(part)).collect();
        let _ = write!(text, "({})", parts.join(", "));
        if !index.include.is_empty() {
            let _ = write!(text, " INCLUDE {}", self.names(&index.include));
        }
        text.push_str(if index.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" });
        match self.dialect {
            Dialect::Mysql => {
                for option in &index.options {
                    let _ = match option.strip_prefix("parser ") {
                        Some(parser) => write!(text, " WITH PARSER {parser}"),
                        None => write!(text, " {}", option.to_uppercase()),
                    };
                }
                if let Some(comment) = &index.comment {
                    let _ = write!(text, " COMMENT {}", name::literal(comment, self.dialect));
                }
            }
            _ if !index.options.is_empty() => {
                let _ = write!(text, " WITH ({})", index.options.join(", "));
            }
            _ => {}
        }
        if let Some(predicate) = &index.predicate {
            let _ = write!(text, " WHERE {}", expression::spaced(predicate, self.dialect));
        }
        text
    }

    /// One part of an index.
    pub(super) fn index_part(&self, part: &IndexPart) -> String {
        let mut text = match (&part.column, &part.expression) {
            (Some(column), _) => self.name(column).into_owned(),
            (None, Some(expression)) => expression::part(expression, self.dialect),
            (None, None) => String::new(),
        };
        if let Some(length) = part.length {
            let _ = write!(text, "({length})");
        }
        if let Some(collation) = &part.collation {
            let _ = write!(text, " COLLATE {}", name::word(collation, self.dialect));
        }
        if let Some(class) = &part.operator_class {
            let _ = write!(text, " {class}");
        }
        text.push_str(if part.order == Order::Descending { " DESC" } else { "" });
        text.push_str(match part.nulls_first {
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
            None => "",
        });
        text
    }

    /// `DROP INDEX`. One that has no name can't be dropped.
    pub fn drop_index(&self, table: &ObjectName, index: &Index) -> Option<String> {
        let name = index.name.as_ref()?;
        Some(match self.dialect {
            Dialect::Mysql => format!("DROP INDEX {} ON {}", self.name(name), self.object(table)),
            _ => format!("DROP INDEX {}", self.object(&table.beside(name.clone()))),
        })
    }

    /// `COMMENT ON INDEX`; MySQL's comments stand in the index.
    pub(super) fn comment_index(&self, table: &ObjectName, index: &Index) -> Option<String> {
        let (name, comment) = index.name.as_ref().zip(index.comment.as_ref())?;
        let index = self.object(&table.beside(name.clone()));
        (self.dialect == Dialect::Postgres)
            .then(|| format!("COMMENT ON INDEX {index} IS {}", name::literal(comment, self.dialect)))
    }
}
