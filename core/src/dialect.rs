//! The three dialects, and small sets of them.

/// A database family whose SQL and transaction rules we know. MariaDB is [`Dialect::Mysql`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// PostgreSQL, and servers that speak its protocol.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite 3.
    Sqlite,
}

impl Dialect {
    /// All dialects, in the order in which every table of ours lists them.
    pub const ALL: [Dialect; 3] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];

    /// The name used in section markers, in `revchain.toml` and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgres",
            Dialect::Mysql => "mysql",
            Dialect::Sqlite => "sqlite",
        }
    }

    /// The dialect with this exact name, if there is one.
    ///
    /// ```
    /// use revchain_core::Dialect;
    /// assert_eq!(Dialect::from_name("mysql"), Some(Dialect::Mysql));
    /// assert_eq!(Dialect::from_name("oracle"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The dialect that people mean when they write this other well-known name (`postgresql`, `mariadb`, …).
    pub fn from_alias(name: &str) -> Option<Dialect> {
        match name.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" | "pg" | "psql" | "pgsql" | "cockroachdb" => Some(Dialect::Postgres),
            "mysql" | "mariadb" | "maria" => Some(Dialect::Mysql),
            "sqlite" | "sqlite3" => Some(Dialect::Sqlite),
            _ => None,
        }
    }

    /// Whether a schema change can be rolled back. MySQL and MariaDB commit before and after each DDL statement.
    pub const fn has_transactional_ddl(self) -> bool {
        !matches!(self, Dialect::Mysql)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct DialectSet(u8);

impl DialectSet {
    /// No dialect.
    pub const EMPTY: DialectSet = DialectSet(0);
    /// Every dialect.
    pub const ALL: DialectSet = DialectSet(0b111);

    /// Adds a dialect; returns whether it was new.
    pub fn insert(&mut self, dialect: Dialect) -> bool {
        let new = !self.contains(dialect);
        self.0 |= dialect.bit();
        new
    }

    /// Whether the set has this dialect.
    pub const fn contains(self, dialect: Dialect) -> bool {
        self.0 & dialect.bit() != 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The dialects of either set.
    pub const fn union(self, other: DialectSet) -> DialectSet {
        DialectSet(self.0 | other.0)
    }

    /// The dialects of both sets.
    pub const fn intersection(self, other: DialectSet) -> DialectSet {
        DialectSet(self.0 & other.0)
    }

    /// The dialects that are here and not in `other`.
    pub const fn difference(self, other: DialectSet) -> DialectSet {
        DialectSet(self.0 & !other.0)
    }

    /// The dialects, in canonical order.
    pub fn iter(self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.into_iter().filter(move |dialect| self.contains(*dialect))
    }
}

impl FromIterator<Dialect> for DialectSet {
    fn from_iter<I: IntoIterator<Item = Dialect>>(dialects: I) -> DialectSet {
        let mut set = DialectSet::EMPTY;
        for dialect in dialects {
            set.insert(dialect);
        }
        set
    }
}

impl std::fmt::Display for DialectSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, dialect) in self.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            f.write_str(dialect.name())?;
        }
        Ok(())
    }
}
