//! Tables.

use std::fmt::Write as _;

use revchain_core::Dialect;

use super::{Writer, column, name};
use crate::model::{Column, ForeignKey, Identity, Index, ObjectName, Table};

impl Writer<'_> {
    /// `CREATE TABLE`, with those foreign keys that it shall have from the start. What has to follow says
    /// [`after_table`](Writer::after_table).
    pub fn create_table(&self, name: &ObjectName, table: &Table, foreign_keys: &[&ForeignKey]) -> String {
        let option = |key: &str| table.options.contains_key(key);
        let kind = match () {
            () if table.temporary => "TEMPORARY ",
            () if option("unlogged") => "UNLOGGED ",
            () if option("foreign") => "FOREIGN ",
            () => "",
        };
        let mut lines: Vec<String> = table.columns.iter().map(|column| self.column_of(table, column)).collect();
        if let Some(key) = table.primary_key.as_ref().filter(|_| counting(self.dialect, table).is_none()) {
            lines.push(self.primary_key(key));
        }
        lines.extend(table.uniques.iter().map(|key| self.unique(key)));
        if self.dialect == Dialect::Mysql {
            // A column that counts needs its key from the start, and a foreign key would make one.
            lines.extend(table.indexes.iter().map(|index| self.index_clause(index)));
        }
        lines.extend(foreign_keys.iter().map(|key| self.foreign_key(key)));
        let now = |validated: bool| validated || self.dialect != Dialect::Postgres;
        lines.extend(table.checks.iter().filter(|check| now(check.validated)).map(|check| self.check(check)));
        lines.extend(table.exclusions.iter().map(|exclusion| self.exclusion(exclusion)));
        let body = match lines.is_empty() {
            true => " ()".to_owned(),
            false => format!(" (\n    {}\n)", lines.join(",\n    ")),
        };
        format!("CREATE {kind}TABLE {}{body}{}", self.object(name), self.table_options(table))
    }

    /// A column, with the primary key that SQLite's AUTOINCREMENT is a part of.
    fn column_of(&self, table: &Table, column: &Column) -> String {
        let mut text = self.column(column);
        if counting(self.dialect, table) == Some(column)
            && let Some(key) = &table.primary_key
        {
            let key = self.primary_key(key);
            let words = key.split(" (").next().unwrap_or_default();
            let _ = write!(text, " {words} AUTOINCREMENT");
        }
        text
    }

    /// What stands behind the parentheses.
    fn table_options(&self, table: &Table) -> String {
        let mut text = String::new();
        let option = |key: &str| table.options.get(key).map(String::as_str);
        match self.dialect {
            Dialect::Mysql => {
                for (key, words) in [("engine", "ENGINE"), ("character set", "CHARACTER SET"), ("collate", "COLLATE")] {
                    if let Some(value) = option(key) {
                        let _ = write!(text, " {words}={value}");
                    }
                }
                if let Some(comment) = &table.comment {
                    let _ = write!(text, " COMMENT={}", name::literal(comment, self.dialect));
                }
                text.push_str(if option("system versioning").is_some() { " WITH SYSTEM VERSIONING" } else { "" });
            }
            Dialect::Postgres => {
                if let Some(server) = option("server") {
                    let _ = write!(text, " SERVER {}", name::word(server, self.dialect));
                }
            }
            Dialect::Sqlite => {
                let words = [("strict", "STRICT"), ("without rowid", "WITHOUT ROWID")];
                let said: Vec<&str> =
                    words.iter().filter(|(key, _)| option(key).is_some()).map(|(_, words)| *words).collect();
                if !said.is_empty() {
                    let _ = write!(text, " {}", said.join(", "));
                }
            }
        }
        if let Some(by) = option("partition by").filter(|_| !self.lacks_partitions(table)) {
            let _ = write!(text, " PARTITION BY {by}");
        }
        text
    }

    /// Whether MySQL would ask for partitions, which nobody kept.
    pub(super) fn lacks_partitions(&self, table: &Table) -> bool {
        let by = table.options.get("partition by").map_or("", String::as_str);
        self.dialect == Dialect::Mysql
            && (by.starts_with("range") || by.starts_with("list") || by.starts_with("system"))
    }

    /// The statements that make the rest of a table, but for foreign keys that come later: indexes, comments, and what
    /// CREATE TABLE has no word for.
    pub fn after_table(&self, name: &ObjectName, table: &Table) -> Vec<String> {
        let shown = self.object(name);
        let mut statements = Vec::new();
        if self.dialect != Dialect::Mysql {
            statements.extend(table.indexes.iter().map(|index| self.create_index(name, index)));
        }
        if self.dialect != Dialect::Postgres {
            return statements;
        }
        for column in table.columns.iter().filter(|column| column::serial(column).is_some() && column.nullable) {
            statements.push(format!("ALTER TABLE {shown} ALTER COLUMN {} DROP NOT NULL", self.name(&column.name)));
        }
        for check in table.checks.iter().filter(|check| !check.validated) {
            statements.push(self.add_constraint(name, &self.check(check)));
        }
        if table.options.contains_key("row level security") {
            statements.push(format!("ALTER TABLE {shown} ENABLE ROW LEVEL SECURITY"));
        }
        if table.options.contains_key("force row level security") {
            statements.push(format!("ALTER TABLE {shown} FORCE ROW LEVEL SECURITY"));
        }
        if let Some(comment) = &table.comment {
            statements.push(format!("COMMENT ON TABLE {shown} IS {}", name::literal(comment, self.dialect)));
        }
        statements.extend(table.columns.iter().filter_map(|column| self.comment_column(name, column)));
        statements.extend(table.indexes.iter().filter_map(|index: &Index| self.comment_index(name, index)));
        statements
    }

    /// `DROP TABLE`.
    pub fn drop_table(&self, name: &ObjectName) -> String {
        format!("DROP TABLE {}", self.object(name))
    }
}

/// The column that SQLite counts up: its primary key is the column's.
fn counting(dialect: Dialect, table: &Table) -> Option<&Column> {
    let key = table.primary_key.as_ref().filter(|_| dialect == Dialect::Sqlite)?;
    let [name] = key.columns.as_slice() else { return None };
    table.column(name).filter(|column| column.identity == Some(Identity::AutoIncrement))
}
