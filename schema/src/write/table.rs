//! Tables.

use std::borrow::Cow;
use std::fmt::Write as _;

use revchain_core::Dialect;

use super::{Writer, column, expression, name};
use crate::model::{Column, Expression, ForeignKey, Identity, Index, IndexPart, Key, Name, ObjectName, Table};
use crate::read::PARTITION_OF;

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
        if let Some((parent, bound)) = self.part_of(table) {
            let bound = expression::spaced(&Expression::new(bound, self.dialect), self.dialect);
            let bound = match bound.strip_prefix("for values") {
                Some(rest) => format!("FOR VALUES{rest}"),
                None => bound.to_uppercase(),
            };
            let (name, parent) = (self.object(name), self.object(parent));
            return format!("CREATE {kind}TABLE {name} PARTITION OF {parent} {bound}{}", self.table_options(table));
        }
        let mut lines: Vec<String> = table.columns.iter().map(|column| self.column_of(table, column)).collect();
        if let Some(key) = table.primary_key.as_ref().filter(|_| counting(self.dialect, table).is_none()) {
            lines.push(self.primary_key(&self.unnamed(key, || format!("{}_pkey", name.name))));
        }
        let of_columns = |columns: &[Name], kind: &str| {
            let columns: Vec<&str> = columns.iter().map(Name::as_str).collect();
            format!("{}_{}_{kind}", name.name, columns.join("_"))
        };
        lines.extend(self.uniques(table, false).map(|key| {
            let own = || match (self.dialect, key.columns.first()) {
                (Dialect::Mysql, Some(first)) => first.to_string(),
                _ => of_columns(&key.columns, "key"),
            };
            self.unique(&self.unnamed(key, own))
        }));
        let is_made = |index: &&Index| self.is_clause(name, table, index) && !is_implied(index, foreign_keys);
        let clauses = table.indexes.iter().filter(is_made);
        lines.extend(clauses.map(|index| self.index_clause(index)));
        lines.extend(foreign_keys.iter().map(|key| {
            // What MariaDB calls it depends on its version.
            let is_own =
                self.dialect == Dialect::Postgres && is_named(key.name.as_ref(), || of_columns(&key.columns, "fkey"));
            match is_own {
                true => self.foreign_key(&ForeignKey { name: None, ..ForeignKey::clone(key) }),
                false => self.foreign_key(key),
            }
        }));
        let now = |validated: bool| validated || self.dialect != Dialect::Postgres;
        lines.extend(table.checks.iter().filter(|check| now(check.validated)).map(|check| self.check(check)));
        lines.extend(table.exclusions.iter().map(|exclusion| self.exclusion(exclusion)));
        let body = match lines.is_empty() {
            true => " ()".to_owned(),
            false => format!(" (\n    {}\n)", lines.join(",\n    ")),
        };
        format!("CREATE {kind}TABLE {}{body}{}", self.object(name), self.table_options(table))
    }

    /// The table of which one is a partition, and where its rows lie. That is known of reflected ones.
    pub(super) fn part_of<'t>(&self, table: &'t Table) -> Option<(&ObjectName, &'t str)> {
        let of = table.options.get(PARTITION_OF)?;
        self.schema.tables.keys().find_map(|name| {
            let bound = of.strip_prefix(name.to_string().as_str())?.strip_prefix(' ')?;
            Some((name, bound))
        })
    }

    /// The tables from which one inherits.
    pub(super) fn inherits(&self, table: &Table) -> Vec<&ObjectName> {
        let Some(parents) = table.options.get("inherits") else { return Vec::new() };
        let find = |parent: &str| self.schema.tables.keys().find(|name| name.to_string() == parent);
        parents.split(", ").filter_map(find).collect()
    }

    /// The unique constraints that PostgreSQL's CREATE TABLE takes, or those that have to wait: of two that say the same, or of one
    /// that says what the primary key does, it would make one.
    fn uniques<'t>(&self, table: &'t Table, waiting: bool) -> impl Iterator<Item = &'t Key> {
        let is_postgres = self.dialect == Dialect::Postgres;
        table.uniques.iter().enumerate().filter_map(move |(at, key)| {
            let says_the_same = |other: &Key| {
                (&other.columns, &other.include) == (&key.columns, &key.include)
                    && (other.deferrable, other.nulls_not_distinct) == (key.deferrable, key.nulls_not_distinct)
            };
            let mut before = table.primary_key.iter().chain(table.uniques.iter().take(at));
            ((is_postgres && before.any(says_the_same)) == waiting).then_some(key)
        })
    }

    /// A key without the name that the server gives it by itself.
    fn unnamed<'k>(&self, key: &'k Key, own: impl FnOnce() -> String) -> Cow<'k, Key> {
        match self.dialect != Dialect::Sqlite && is_named(key.name.as_ref(), own) {
            true => Cow::Owned(Key { name: None, ..Key::clone(key) }),
            false => Cow::Borrowed(key),
        }
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
                let parents: Vec<String> = self.inherits(table).into_iter().map(|parent| self.object(parent)).collect();
                if !parents.is_empty() {
                    let _ = write!(text, " INHERITS ({})", parents.join(", "));
                }
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
        let is_of_parent =
            |index: &Index| self.part_of(table).is_some() && index.options.iter().any(|option| option == "attached");
        let indexes = table.indexes.iter().filter(|index| !self.is_clause(name, table, index) && !is_of_parent(index));
        statements.extend(indexes.map(|index| self.create_index(name, index)));
        if self.dialect != Dialect::Postgres {
            return statements;
        }
        if self.part_of(table).is_none() {
            statements.extend(self.uniques(table, true).map(|key| self.add_constraint(name, &self.unique(key))));
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

    /// Whether an index stands in MySQL's CREATE TABLE: a column that counts needs its key from the start, and a foreign key
    /// would make one.
    fn is_clause(&self, name: &ObjectName, table: &Table, index: &Index) -> bool {
        let first = index.parts.first().and_then(|part| part.column.as_ref());
        let needs = |column: &Name| {
            table.column(column).is_some_and(|column| column.identity.is_some())
                || table.foreign_keys.iter().any(|key| key.columns.contains(column) || key.table == *name)
        };
        self.dialect == Dialect::Mysql && first.is_some_and(needs)
    }

    /// `DROP TABLE`.
    pub fn drop_table(&self, name: &ObjectName) -> String {
        format!("DROP TABLE {}", self.object(name))
    }
}

/// Whether a foreign key that is made with its table makes this index, too.
fn is_implied(index: &Index, foreign_keys: &[&ForeignKey]) -> bool {
    foreign_keys.iter().any(|key| {
        let parts = key.columns.iter().cloned().map(IndexPart::column).collect();
        key.name.is_some() && *index == Index::new(key.name.clone(), parts)
    })
}

/// Whether that is the name, and short enough not to be cut.
fn is_named(name: Option<&Name>, own: impl FnOnce() -> String) -> bool {
    name.is_some_and(|name| name.as_str().len() < 63 && name.as_str() == own())
}

/// The column that SQLite counts up: its primary key is the column's.
fn counting(dialect: Dialect, table: &Table) -> Option<&Column> {
    let key = table.primary_key.as_ref().filter(|_| dialect == Dialect::Sqlite)?;
    let [name] = key.columns.as_slice() else { return None };
    table.column(name).filter(|column| column.identity == Some(Identity::AutoIncrement))
}
