//! Where chains run: a fresh database for each.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    Mariadb,
}

/// A server, or a folder for files, and who does the errands there.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    /// The server's URL up to its port, or the folder.
    base: String,
    /// The floor's program.
    errands: PathBuf,
}

impl Kind {
    pub(crate) const ALL: [Kind; 3] = [Kind::Sqlite, Kind::Postgres, Kind::Mariadb];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "SQLite file",
            Kind::Postgres => "PostgreSQL",
            Kind::Mariadb => "MariaDB",
        }
    }

    /// The word for it on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgres",
            Kind::Mariadb => "mariadb",
        }
    }

    /// The variable that names a server; `cargo xtask peers` sets it.
    pub(crate) fn variable(self) -> Option<&'static str> {
        match self {
            Kind::Sqlite => None,
            Kind::Postgres => Some("REVCHAIN_TEST_POSTGRES"),
            Kind::Mariadb => Some("REVCHAIN_TEST_MYSQL"),
        }
    }
}

impl Place {
    /// `None` where there is no server of that kind.
    pub(crate) fn find(kind: Kind, folder: &Path, errands: PathBuf) -> Option<Place> {
        let base = match kind.variable() {
            None => folder.display().to_string(),
            Some(variable) => {
                let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
                let authority = url.find("://")? + 3;
                let end = url.get(authority..)?.find('/').map_or(url.len(), |slash| authority + slash);
                url.get(..end)?.to_owned()
            }
        };
        Some(Place { kind, base, errands })
    }

    /// The server's URL up to its port, or the folder.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The server's address, for a proxy.
    pub(crate) fn address(&self) -> Option<&str> {
        self.kind.variable()?;
        self.base.rsplit(['/', '@']).next()
    }

    /// The URL of the database that is measured.
    pub(crate) fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => format!("sqlite:{}/peers.db", self.base),
            Kind::Postgres | Kind::Mariadb => format!("{}/revchain_peers", self.base),
        }
    }

    /// The same, through a proxy on this port.
    pub(crate) fn url_through(&self, port: u16) -> Result<String> {
        let address = self.address().context("a file has no address")?;
        Ok(self.url().replace(address, &format!("127.0.0.1:{port}")))
    }

    /// Makes the database anew.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub(crate) fn refresh(&self) -> Result<()> {
        match self.kind {
            Kind::Sqlite => {
                for suffix in ["", "-journal", "-wal", "-shm"] {
                    match std::fs::remove_file(format!("{}/peers.db{suffix}", self.base)) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => bail!(error),
                        _ => {}
                    }
                }
            }
            Kind::Postgres => {
                let admin = format!("{}/postgres", self.base);
                self.errand("execute", &admin, "DROP DATABASE IF EXISTS revchain_peers WITH (FORCE)")?;
                self.errand("execute", &admin, "CREATE DATABASE revchain_peers")?;
            }
            Kind::Mariadb => {
                let admin = format!("{}/", self.base);
                self.errand("execute", &admin, "DROP DATABASE IF EXISTS revchain_peers")?;
                self.errand("execute", &admin, "CREATE DATABASE revchain_peers")?;
            }
        }
        Ok(())
    }

    /// How many rows a table of the database has.
    ///
    /// # Errors
    ///
    /// When there is no such table.
    pub(crate) fn count(&self, table: &str) -> Result<u64> {
        let count = self.errand("count", &self.url(), &format!("SELECT count(*) FROM {table}"))?;
        count.trim().parse().context("a count")
    }

    fn errand(&self, what: &str, url: &str, sql: &str) -> Result<String> {
        let output = Command::new(&self.errands).args([what, url, sql]).output().context("the floor's program")?;
        ensure!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
