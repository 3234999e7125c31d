//! Constraints: as clauses of CREATE TABLE, and as what ALTER TABLE adds and drops.

use std::fmt::Write as _;

use revchain_core::Dialect;

use super::{Writer, expression};
use crate::model::{Check, Exclusion, ForeignKey, Key, Match, Name, ObjectName, ReferentialAction};

impl Writer<'_> {
    /// `CONSTRAINT … PRIMARY KEY (…)`.
    pub fn primary_key(&self, key: &Key) -> String {
        self.key("PRIMARY KEY", key)
    }

    /// `CONSTRAINT … UNIQUE (…)`.
    pub fn unique(&self, key: &Key) -> String {
        self.key(if key.nulls_not_distinct { "UNIQUE NULLS NOT DISTINCT" } else { "UNIQUE" }, key)
    }

    fn key(&self, words: &str, key: &Key) -> String {
        let mut text = format!("{}{words} {}", self.named(key.name.as_ref()), self.names(&key.columns));
        if !key.include.is_empty() {
            let _ = write!(text, " INCLUDE {}", self.names(&key.include));
        }
        text.push_str(deferrable(key.deferrable));
        text
    }

    /// `CONSTRAINT … FOREIGN KEY (…) REFERENCES …`.
    pub fn foreign_key(&self, key: &ForeignKey) -> String {
        let name = self.named(key.name.as_ref());
        let mut text = format!("{name}FOREIGN KEY {}{}", self.names(&key.columns), self.references(key));
        // Not in CREATE TABLE, where there is nothing to be checked.
        text.push_str(if key.validated { "" } else { " NOT VALID" });
        text
    }

    /// ` REFERENCES …`, and what hangs on it.
    fn references(&self, key: &ForeignKey) -> String {
        let mut text = format!(" REFERENCES {}", self.object(&key.table));
        if !key.references.is_empty() {
            let _ = write!(text, " {}", self.names(&key.references));
        }
        text.push_str(if key.matching == Match::Full { " MATCH FULL" } else { "" });
        for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            if action != ReferentialAction::NoAction {
                let _ = write!(text, " ON {event} {}", action.sql());
            }
        }
        text.push_str(deferrable(key.deferrable));
        text
    }

    /// `CONSTRAINT … CHECK (…)`.
    pub fn check(&self, check: &Check) -> String {
        let expression = expression::spaced(&check.expression, self.dialect);
        let mut text = format!("{}CHECK ({expression})", self.named(check.name.as_ref()));
        text.push_str(if check.no_inherit { " NO INHERIT" } else { "" });
        text.push_str(match (check.validated, self.dialect) {
            (true, _) => "",
            (false, Dialect::Mysql) => " NOT ENFORCED",
            (false, _) => " NOT VALID",
        });
        text
    }

    /// `CONSTRAINT … EXCLUDE …`.
    pub fn exclusion(&self, exclusion: &Exclusion) -> String {
        let index = &exclusion.index;
        let mut text = format!("{}EXCLUDE", self.named(exclusion.name.as_ref()));
        if let Some(method) = &index.method {
            let _ = write!(text, " USING {method}");
        }
        let parts: Vec<String> = index
            .parts
            .iter()
            .zip(&exclusion.operators)
            .map(|(part, operator)| format!("{} WITH {operator}", self.index_part(part)))
            .collect();
        let _ = write!(text, " ({})", parts.join(", "));
        if !index.include.is_empty() {
            let _ = write!(text, " INCLUDE {}", self.names(&index.include));
        }
        if let Some(predicate) = &index.predicate {
            let _ = write!(text, " WHERE ({})", expression::spaced(predicate, self.dialect));
        }
        text.push_str(deferrable(exclusion.deferrable));
        text
    }

    fn named(&self, name: Option<&Name>) -> String {
        name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", self.name(name)))
    }

    /// `ALTER TABLE … ADD CONSTRAINT`, of what one of the functions above gives.
    pub fn add_constraint(&self, table: &ObjectName, constraint: &str) -> String {
        format!("ALTER TABLE {} ADD {constraint}", self.object(table))
    }

    /// `ALTER TABLE … DROP CONSTRAINT`.
    pub fn drop_constraint(&self, table: &ObjectName, name: &Name) -> String {
        format!("ALTER TABLE {} DROP CONSTRAINT {}", self.object(table), self.name(name))
    }
}

fn deferrable(deferrable: Option<bool>) -> &'static str {
    match deferrable {
        None => "",
        Some(false) => " DEFERRABLE",
        Some(true) => " DEFERRABLE INITIALLY DEFERRED",
    }
}
