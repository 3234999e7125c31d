//! A database opened from a URL, for a command line. No URL leaves this file with its password.

use std::fmt;
use std::marker::PhantomData;

#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use sqlx::ConnectOptions;

use crate::chain::Settings;
use crate::connect::Session;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use crate::connect::{Held, connect};
use crate::dialect::Dialect;
#[cfg(feature = "mysql")]
use crate::dialect::mysql;
#[cfg(feature = "postgres")]
use crate::dialect::postgres;
#[cfg(feature = "sqlite")]
use crate::dialect::sqlite;
use crate::error::{Error, ErrorKind, Result};
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
use crate::version_table::VersionTable;

/// What a [`Database`] is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look, or to change what is there. A SQLite file that is not there is not made: it is a database at base.
    Read,
    /// To change. A SQLite file that is not there is made; its directory is not.
    Write,
}

/// A database opened from a URL: the driver is chosen by the scheme. What a command line needs; an application has a
/// pool.
pub struct Database {
    url: String,
    dialect: Dialect,
    opened: Opened,
}

/// A [`Database`]'s connection.
#[doc(hidden)]
#[derive(Debug)]
#[non_exhaustive]
pub enum Connection<'a> {
    /// To PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(&'a mut sqlx::PgConnection),
    /// To MySQL or MariaDB.
    #[cfg(feature = "mysql")]
    Mysql(&'a mut sqlx::MySqlConnection),
    /// To SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(&'a mut sqlx::SqliteConnection),
    /// None: the file is not there.
    Missing(&'a str),
}

enum Opened {
    #[cfg(feature = "postgres")]
    Postgres(std::sync::Arc<sqlx::postgres::PgConnectOptions>, Option<sqlx::PgConnection>),
    #[cfg(feature = "mysql")]
    Mysql(Box<sqlx::mysql::MySqlConnectOptions>, Option<sqlx::MySqlConnection>),
    #[cfg(feature = "sqlite")]
    Sqlite(Box<sqlx::sqlite::SqliteConnectOptions>, Option<sqlx::SqliteConnection>),
    /// The SQLite file is not there, and was to be read only.
    Missing(String),
}

impl Database {
    /// Opens a database to change it: `Database::open(url, Access::Write)`.
    ///
    /// # Errors
    ///
    /// As [`Database::open`].
    pub async fn connect(url: &str) -> Result<Database> {
        Database::open(url, Access::Write).await
    }

    /// Opens a database. The schemes are `postgres`, `postgresql`, `mysql`, `mariadb`, `sqlite`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`] for text that is no URL of a database, [`ErrorKind::DriverMissing`] where the feature is
    /// off, [`ErrorKind::MissingDirectory`] for a SQLite file nowhere, [`ErrorKind::Connection`] where nobody answers.
    pub async fn open(url: &str, access: Access) -> Result<Database> {
        let shown = redacted(url);
        let dialect = Dialect::of_url(url)?;
        let opened = Opened::open(dialect, url, &shown, access).await?;
        Ok(Database { url: shown, dialect, opened })
    }

    /// The dialect that the scheme names.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The URL, with `***` for its password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is a SQLite file that is not there and was opened to be read: a database at base.
    pub const fn is_missing(&self) -> bool {
        matches!(self.opened, Opened::Missing(_))
    }

    /// The connection, for the tool: it reads more of a database than any verb does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Connection`], where there has to be a new one.
    #[doc(hidden)]
    pub async fn connection(&mut self) -> Result<Connection<'_>> {
        match &mut self.opened {
            #[cfg(feature = "postgres")]
            Opened::Postgres(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                Ok(Connection::Postgres(slot.insert(connection)))
            }
            #[cfg(feature = "mysql")]
            Opened::Mysql(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                Ok(Connection::Mysql(slot.insert(connection)))
            }
            #[cfg(feature = "sqlite")]
            Opened::Sqlite(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                Ok(Connection::Sqlite(slot.insert(connection)))
            }
            Opened::Missing(path) => Ok(Connection::Missing(path)),
        }
    }

    pub(crate) async fn session(&mut self, settings: &Settings) -> Result<Session<'_>> {
        match &mut self.opened {
            #[cfg(feature = "postgres")]
            Opened::Postgres(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                let table = VersionTable::new(settings, '"');
                let options = std::sync::Arc::clone(options);
                postgres::Session::new(Held::Borrowed(connection, slot), table, Some(options)).map(Session::Postgres)
            }
            #[cfg(feature = "mysql")]
            Opened::Mysql(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                let table = VersionTable::new(settings, '`');
                mysql::Session::new(Held::Borrowed(connection, slot), table).map(Session::Mysql)
            }
            #[cfg(feature = "sqlite")]
            Opened::Sqlite(options, slot) => {
                let connection = taken(&self.url, &**options, slot).await?;
                let table = VersionTable::new(settings, '"');
                sqlite::Session::new(Held::Borrowed(connection, slot), table).map(Session::Sqlite)
            }
            Opened::Missing(path) => Ok(Session::Absent(Dialect::Sqlite, path.clone(), PhantomData)),
        }
    }
}

/// The connection of a slot, or a new one: a run that was abandoned took its own with it.
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
async fn taken<O>(url: &str, options: &O, slot: &mut Option<O::Connection>) -> Result<O::Connection>
where
    O: ConnectOptions<Connection: Sized>,
{
    match slot.take() {
        Some(connection) => Ok(connection),
        None => connect(options).await.map_err(|error| Error::connection(Some(url.to_owned()), error)),
    }
}

impl Opened {
    async fn open(dialect: Dialect, url: &str, shown: &str, access: Access) -> Result<Opened> {
        #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
        let unreadable = |error: sqlx::Error| {
            let reason = match &error {
                sqlx::Error::Configuration(reason) => reason.to_string(),
                other => other.to_string(),
            };
            Error::new(ErrorKind::BadUrl { url: shown.to_owned(), reason })
        };
        #[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
        let unreachable = |error| Error::connection(Some(shown.to_owned()), error);
        match dialect {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => {
                let options: sqlx::postgres::PgConnectOptions = url.parse().map_err(unreadable)?;
                let connection = options.connect().await.map_err(unreachable)?;
                Ok(Opened::Postgres(std::sync::Arc::new(options), Some(connection)))
            }
            #[cfg(feature = "mysql")]
            Dialect::Mysql => {
                let options: sqlx::mysql::MySqlConnectOptions = url.parse().map_err(unreadable)?;
                if options.get_database().is_none_or(str::is_empty) {
                    let reason = "it names a server, and no database on it".to_owned();
                    return Err(Error::new(ErrorKind::BadUrl { url: shown.to_owned(), reason }));
                }
                let connection = options.connect().await.map_err(unreachable)?;
                Ok(Opened::Mysql(Box::new(options), Some(connection)))
            }
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => {
                let mut options: sqlx::sqlite::SqliteConnectOptions = url.parse().map_err(unreadable)?;
                // `sqlite:$FILE`, and no FILE: SQLite would make a database that is gone when this ends.
                if options.get_filename().as_os_str().is_empty() && !url.contains("mode=memory") {
                    let reason = "it names no file".to_owned();
                    return Err(Error::new(ErrorKind::BadUrl { url: shown.to_owned(), reason }));
                }
                // Fifty starters may queue for the file; sqlx's own five seconds are short for that.
                options = options.busy_timeout(std::time::Duration::from_secs(30));
                if !in_memory(&options) {
                    let file = options.get_filename().to_path_buf();
                    let path = file.display().to_string();
                    if !file.exists() {
                        let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
                        if let Some(missing) = directory.filter(|parent| !parent.is_dir()) {
                            let path = missing.display().to_string();
                            return Err(Error::new(ErrorKind::MissingDirectory { path }));
                        }
                        if access == Access::Read {
                            return Ok(Opened::Missing(path));
                        }
                    }
                    if access == Access::Write && !url.contains("mode=") {
                        options = options.create_if_missing(true);
                    }
                }
                let connection = options.connect().await.map_err(unreachable)?;
                Ok(Opened::Sqlite(Box::new(options), Some(connection)))
            }
            #[allow(unreachable_patterns)]
            dialect => Err(Error::new(ErrorKind::DriverMissing { dialect })),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("url", &self.url).field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

impl Dialect {
    /// The dialect that a URL's scheme names: `postgres`, `postgresql`, `mysql`, `mariadb`, `sqlite`. Connects to
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`] for text that is no URL of a database.
    pub fn of_url(url: &str) -> Result<Dialect> {
        dialect_of(url).ok_or_else(|| {
            let reason = match url.split_once(':') {
                _ if url.is_empty() => "it is empty".to_owned(),
                // SQLAlchemy's, from an alembic.ini: `postgresql+psycopg2://…`.
                Some((scheme, _)) if scheme.split('+').next().is_some_and(|name| named(name).is_some()) => {
                    let name = scheme.split('+').next().unwrap_or_default();
                    format!("`{scheme}` names a driver of Python's; write `{name}`")
                }
                Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                    format!("no driver is called `{scheme}`; there are `postgres`, `mysql` and `sqlite`")
                }
                _ => "it has no scheme".to_owned(),
            };
            Error::new(ErrorKind::BadUrl { url: redacted(url), reason })
        })
    }

    /// The dialect of this name, as a URL's scheme or a revision file gives it.
    pub fn named(name: &str) -> Option<Dialect> {
        named(name)
    }
}

fn dialect_of(url: &str) -> Option<Dialect> {
    named(url.split_once(':')?.0)
}

fn named(scheme: &str) -> Option<Dialect> {
    match scheme {
        "postgres" | "postgresql" => Some(Dialect::Postgres),
        "mysql" | "mariadb" => Some(Dialect::Mysql),
        "sqlite" => Some(Dialect::Sqlite),
        _ => None,
    }
}

/// A URL with `***` for every password: the one before `@`, and any parameter whose name says so. In a text that is
/// nearly a URL, too.
///
/// ```
/// assert_eq!(revchain::redacted("postgres://me:secret@host/db"), "postgres://me:***@host/db");
/// ```
pub fn redacted(url: &str) -> String {
    let (before, query) = match url.rfind('@').and_then(|at| url.get(at..)?.find('?').map(|q| at + q)) {
        Some(at) => url.split_at(at),
        None if url.contains('@') => (url, ""),
        None => url.split_at(url.find('?').unwrap_or(url.len())),
    };
    let mut shown = String::with_capacity(url.len());
    // A password may hold any character unescaped, slashes and `@` too: it ends at the last `@`.
    match (before.find("://"), before.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            let (head, user) = (before.get(..scheme + 3), before.get(scheme + 3..at).unwrap_or_default());
            shown.push_str(head.unwrap_or_default());
            match user.split_once(':') {
                Some((name, _)) => {
                    shown.push_str(name);
                    shown.push_str(":***");
                }
                None => shown.push_str(user),
            }
            shown.push_str(before.get(at..).unwrap_or_default());
        }
        // The host was forgotten: what stands for the port is none.
        (Some(scheme), None) => {
            let authority = scheme + 3
                ..before.get(scheme + 3..).and_then(|rest| rest.find('/')).map_or(before.len(), |at| scheme + 3 + at);
            match before.get(authority.clone()).unwrap_or_default().rsplit_once(':') {
                Some((name, port)) if !port.ends_with(']') && !port.bytes().all(|byte| byte.is_ascii_digit()) => {
                    shown.push_str(before.get(..authority.start + name.len()).unwrap_or_default());
                    shown.push_str(":***");
                    shown.push_str(before.get(authority.end..).unwrap_or_default());
                }
                _ => shown.push_str(before),
            }
        }
        // No URL, but someone's attempt at one: `postgres:me:secret@host`, `postgres//me:secret@host`.
        (None, Some(at)) if !before.starts_with("sqlite:") => {
            let (user, host) = before.split_at(at);
            match user.split_once(':') {
                Some((name, _)) => {
                    shown.push_str(name);
                    shown.push_str(":***");
                }
                None => shown.push_str(user),
            }
            shown.push_str(host);
        }
        _ => shown.push_str(before),
    }
    let mut is_secret = false;
    for pair in query.split_inclusive(['?', '&', ';']) {
        let (pair, end) = pair.split_at(pair.trim_end_matches(['?', '&', ';']).len());
        match pair.split_once('=') {
            Some((key, _)) => {
                is_secret = key.to_ascii_lowercase().contains("pass");
                shown.push_str(key);
                shown.push_str(if is_secret { "=***" } else { pair.get(key.len()..).unwrap_or_default() });
            }
            // The rest of a password that holds a separator.
            None if is_secret && !pair.is_empty() => shown.push_str("***"),
            None => shown.push_str(pair),
        }
        shown.push_str(end);
    }
    shown
}

/// Whether each connection with these options would get a database of its own, or one that only the pool keeps alive.
#[cfg(feature = "sqlite")]
pub(crate) fn in_memory(options: &sqlx::sqlite::SqliteConnectOptions) -> bool {
    let file = options.get_filename();
    // `in_memory` itself is private; the URL is where it shows.
    file.as_os_str().is_empty()
        || file.as_os_str() == ":memory:"
        // The flag itself is private. (`to_url_lossy` would say `mode=memory`, but panics on names that are no URL's host.)
        || format!("{options:?}").contains("in_memory: true")
        || file.to_string_lossy().contains("mode=memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let table = [
            ("postgres://me:secret@host/db", "postgres://me:***@host/db"),
            ("postgres://me:se/cr@et?x@host/db?sslmode=require", "postgres://me:***@host/db?sslmode=require"),
            ("postgres://me@host/db", "postgres://me@host/db"),
            ("postgres:///db?host=/run&password=secret", "postgres:///db?host=/run&password=***"),
            ("mysql://me:@host/db?ssl-mode=x&sslPassword=s", "mysql://me:***@host/db?ssl-mode=x&sslPassword=***"),
            ("sqlite:app.db?mode=rwc", "sqlite:app.db?mode=rwc"),
            ("sqlite://a@b.db", "sqlite://a@b.db"),
            ("", ""),
            ("@", "@"),
            ("://@", "://@"),
            // Mistyped: no `//`, no `:`.
            ("postgres:me:secret@host/db", "postgres:***@host/db"),
            ("postgres//me:secret@host/db", "postgres//me:***@host/db"),
            ("postgres:/me:se:cr@et@host/db?sslmode=require", "postgres:***@host/db?sslmode=require"),
            ("me:secret@host", "me:***@host"),
            ("sqlite:a@b.db", "sqlite:a@b.db"),
            ("postgres://me:secret", "postgres://me:***"),
            ("postgres://me:secret/db", "postgres://me:***/db"),
            ("postgres://host:5432/db", "postgres://host:5432/db"),
            ("postgres://[::1]/a:b", "postgres://[::1]/a:b"),
            ("sqlite:///a:b.db", "sqlite:///a:b.db"),
            ("postgres:///db?user=me;password=secret;port=1", "postgres:///db?user=me;password=***;port=1"),
            ("postgres:///db?password=se&cret&port=1", "postgres:///db?password=***&***&port=1"),
        ];
        for (url, shown) in table {
            assert_eq!(redacted(url), shown);
        }
    }

    #[cfg(all(feature = "mysql", feature = "sqlite"))]
    #[tokio::test]
    async fn urls_that_name_no_database() {
        for (url, reason) in [
            ("", "it is empty"),
            ("app.db", "it has no scheme"),
            ("oracle://h/d", "no driver is called `oracle`; there are `postgres`, `mysql` and `sqlite`"),
            ("postgresql+psycopg2://h/d", "`postgresql+psycopg2` names a driver of Python's; write `postgresql`"),
            ("mysql://root@localhost", "it names a server, and no database on it"),
            ("mysql://root@localhost/", "it names a server, and no database on it"),
            ("sqlite:", "it names no file"),
            ("sqlite://?mode=rwc", "it names no file"),
        ] {
            let error = Database::open(url, Access::Read).await.unwrap_err();
            let expected = ErrorKind::BadUrl { url: url.to_owned(), reason: reason.to_owned() };
            assert_eq!(error.kind(), &expected, "{url}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[tokio::test]
    async fn a_file_that_is_not_there_is_missing_only_to_a_reader() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("a.db").display());
        assert!(Database::open(&url, Access::Read).await.unwrap().is_missing());
        assert!(!Database::open(&url, Access::Write).await.unwrap().is_missing());
        assert!(!Database::open(&url, Access::Read).await.unwrap().is_missing());
    }

    #[test]
    fn schemes() {
        for (url, dialect) in [
            ("postgres://h/d", Some(Dialect::Postgres)),
            ("postgresql://h/d", Some(Dialect::Postgres)),
            ("mysql://h/d", Some(Dialect::Mysql)),
            ("mariadb://h/d", Some(Dialect::Mysql)),
            ("sqlite:x", Some(Dialect::Sqlite)),
            ("sqlite::memory:", Some(Dialect::Sqlite)),
            ("oracle://h/d", None),
            ("x", None),
        ] {
            assert_eq!(dialect_of(url), dialect, "{url}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn memory_is_recognised() {
        let parse = |url: &str| url.parse::<sqlx::sqlite::SqliteConnectOptions>().unwrap();
        for url in ["sqlite::memory:", "sqlite://x?mode=memory", "sqlite:"] {
            assert!(in_memory(&parse(url)), "{url}");
        }
        assert!(in_memory(&sqlx::sqlite::SqliteConnectOptions::new()));
        assert!(in_memory(&sqlx::sqlite::SqliteConnectOptions::new().filename("a").in_memory(true)));
        for url in ["sqlite://memory.db?mode=rwc", "sqlite:C:\\app.db", "sqlite:a:b"] {
            assert!(!in_memory(&parse(url)), "{url}");
        }
    }

    #[cfg(not(feature = "mysql"))]
    #[tokio::test]
    async fn a_driver_that_is_not_built_in() {
        let error = Database::connect("mysql://u:secret@h/d").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::DriverMissing { dialect: Dialect::Mysql }), "{error}");
    }
}
