//! Fetches missing servers and shells with the system's package manager. Never asks a question; changes nothing when all are
//! there.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::account;
use crate::servers::Database;

/// A package manager, and what it calls the servers.
#[derive(Debug)]
struct Manager {
    program: &'static str,
    /// Arguments that fetch the list of packages, where that is a step of its own. A fresh container has no list.
    refresh: Option<&'static [&'static str]>,
    install: &'static [&'static str],
    needs_root: bool,
    postgres: &'static str,
    mysql: &'static str,
    /// The `sqlite3` client: offline scripts are tried with it. Those of the servers come with the servers.
    sqlite: &'static str,
    /// None where it is not packaged.
    pgbouncer: Option<&'static str>,
}

/// In the order in which they are looked for. Homebrew is last: it also exists beside another one on Linux.
const MANAGERS: [Manager; 5] = [
    Manager {
        program: "apt-get",
        // A machine that has just started may still be updating itself.
        refresh: Some(&["-o", "DPkg::Lock::Timeout=300", "update"]),
        install: &["-o", "DPkg::Lock::Timeout=300", "install", "--yes", "--no-install-recommends"],
        needs_root: true,
        postgres: "postgresql",
        mysql: "mariadb-server",
        sqlite: "sqlite3",
        pgbouncer: Some("pgbouncer"),
    },
    Manager {
        program: "dnf",
        refresh: None,
        install: &["install", "--assumeyes"],
        needs_root: true,
        postgres: "postgresql-server",
        mysql: "mariadb-server",
        sqlite: "sqlite",
        pgbouncer: Some("pgbouncer"),
    },
    Manager {
        program: "apk",
        refresh: Some(&["update"]),
        install: &["add", "--no-interactive"],
        needs_root: true,
        postgres: "postgresql",
        mysql: "mariadb",
        sqlite: "sqlite",
        pgbouncer: Some("pgbouncer"),
    },
    Manager {
        program: "pacman",
        refresh: None,
        install: &["--sync", "--refresh", "--needed", "--noconfirm"],
        needs_root: true,
        postgres: "postgresql",
        mysql: "mariadb",
        sqlite: "sqlite",
        pgbouncer: None,
    },
    Manager {
        program: "brew",
        refresh: None,
        install: &["install"],
        needs_root: false,
        postgres: "postgresql@17",
        mysql: "mariadb",
        sqlite: "sqlite",
        pgbouncer: Some("pgbouncer"),
    },
];

/// The shells whose completions are tried. Every manager calls them so.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

impl Manager {
    fn package(&self, database: Database) -> &'static str {
        match database {
            Database::Postgres => self.postgres,
            Database::Mysql => self.mysql,
        }
    }

    /// Returns the command lines that fetch these packages.
    fn commands(&self, packages: &[&'static str], sudo: Option<&[&'static str]>) -> Vec<Vec<&'static str>> {
        let prefix = sudo.filter(|_| self.needs_root).unwrap_or_default();
        let mut commands = Vec::new();
        if let Some(refresh) = self.refresh {
            commands.push([prefix, &[self.program], refresh].concat());
        }
        commands.push([prefix, &[self.program], self.install, packages].concat());
        commands
    }
}

/// Returns the package that has this database, as this system calls it.
pub(crate) fn package(database: Database) -> &'static str {
    manager().unwrap_or(&MANAGERS[0]).package(database)
}

/// Fetches the servers, clients and shells that are missing.
///
/// # Errors
///
/// When there is no package manager that we know, or it fails.
pub(crate) fn missing() -> Result<()> {
    let absent: Vec<Database> = Database::ALL.into_iter().filter(|d| !d.is_available()).collect();
    let Some(manager) = manager() else {
        if absent.is_empty() && on_path("sqlite3") && on_path("pgbouncer") && SHELLS.into_iter().all(on_path) {
            return Ok(());
        }
        let known = MANAGERS.each_ref().map(|m| m.program).join("`, `");
        bail!(
            "--install: no package manager found (`{known}`); install PostgreSQL, PgBouncer, MariaDB, the `sqlite3` client, \
             zsh and fish by hand"
        );
    };
    let mut packages: Vec<&str> = absent.iter().map(|d| manager.package(*d)).collect();
    if !on_path("sqlite3") {
        packages.push(manager.sqlite);
    }
    // The tests put it in front of PostgreSQL.
    if !on_path("pgbouncer") {
        packages.extend(manager.pgbouncer);
    }
    packages.extend(SHELLS.into_iter().filter(|shell| !on_path(shell)));
    if packages.is_empty() {
        eprintln!("xtask: --install: nothing is missing");
        return Ok(());
    }
    // A question for a password is no use where nobody can answer it.
    let sudo: Option<&[&str]> = match (account::is_root(), std::io::stdin().is_terminal()) {
        (true, _) => None,
        (false, true) => Some(&["sudo"]),
        (false, false) => Some(&["sudo", "--non-interactive"]),
    };
    for command in manager.commands(&packages, sudo) {
        eprintln!("xtask: {}", command.join(" "));
        let Some((program, arguments)) = command.split_first() else { continue };
        let status = Command::new(program)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("HOMEBREW_NO_AUTO_UPDATE", "1")
            .stdin(if sudo.is_some() { Stdio::inherit() } else { Stdio::null() })
            .status()
            .with_context(|| format!("cannot start `{program}`"))?;
        if !status.success() {
            bail!("--install: `{}` failed ({status})", command.join(" "));
        }
    }
    Ok(())
}

fn manager() -> Option<&'static Manager> {
    MANAGERS.iter().find(|m| on_path(m.program))
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian keeps servers in a folder that only root has in its PATH.
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
        || Path::new("/usr/sbin").join(program).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines() {
        let lines = |program: &str, sudo| {
            let manager = MANAGERS.iter().find(|m| m.program == program).unwrap();
            let packages = Database::ALL.map(|d| manager.package(d));
            manager.commands(&packages, sudo).iter().map(|c| c.join(" ")).collect::<Vec<_>>()
        };
        let sudo: Option<&[&str]> = Some(&["sudo"]);
        assert_eq!(
            lines("apt-get", None),
            [
                "apt-get -o DPkg::Lock::Timeout=300 update",
                "apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends postgresql mariadb-server",
            ]
        );
        assert_eq!(lines("dnf", sudo), ["sudo dnf install --assumeyes postgresql-server mariadb-server"]);
        assert_eq!(lines("brew", sudo), ["brew install postgresql@17 mariadb"]);
        assert_eq!(lines("apk", None), ["apk update", "apk add --no-interactive postgresql mariadb"]);
    }
}
