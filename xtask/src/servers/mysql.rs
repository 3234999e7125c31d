//! How a throwaway MariaDB, or else MySQL, is found, made, and asked whether it is ready.

use std::ffi::OsString;
use std::io::Read as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Database, Launch, find, option};
use crate::account;
use crate::keeper::Stop;

/// Where systems put the server's programs when they are not in PATH: servers often are where only root looks.
const PLACES: [&str; 12] = [
    "/usr/sbin",
    "/usr/libexec",
    "/usr/bin",
    "/usr/local/sbin",
    "/usr/local/libexec",
    "/usr/local/mysql/bin",
    "/usr/local/mariadb/bin",
    "/opt/homebrew/opt/mariadb/bin",
    "/opt/homebrew/opt/mysql/bin",
    "/usr/local/opt/mariadb/bin",
    "/usr/local/opt/mysql/bin",
    "/home/linuxbrew/.linuxbrew/opt/mariadb/bin",
];

/// Under which names MariaDB's set-up program goes, the newest first.
const SET_UP: [&str; 2] = ["mariadb-install-db", "mysql_install_db"];

/// What both are told. The socket's path is relative to the data directory, because a full one may be longer than a
/// socket's may be. Without the character set, MariaDB before 11.6 would speak Latin-1, unlike any installed one.
const OPTIONS: [&str; 10] = [
    "--bind-address=127.0.0.1",
    "--socket=server.sock",
    "--pid-file=server.pid",
    "--character-set-server=utf8mb4",
    "--max-connections=200",
    "--skip-log-bin",
    "--innodb-buffer-pool-size=64M",
    "--performance-schema=OFF",
    // Only one of the two knows these.
    "--loose-mysqlx=OFF",
    "--loose-feedback=OFF",
];

/// No write waits for the disk: the data does not outlive the run.
const HASTY: [&str; 4] = [
    "--sync-binlog=0",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    // Only one of the two knows it.
    "--loose-innodb-flush-method=nosync",
];

/// `root` without a password. `$0` is the set-up program, `$1` the server, `$2` the option for the data directory, the
/// rest options for the server.
const MARIADB: &str = r#"
"$0" --no-defaults "$2" --auth-root-authentication-method=normal --skip-test-db &&
server="$1" && shift && exec "$server" --no-defaults "$@"
"#;

/// The same for MySQL, whose server makes its data directory itself.
const MYSQL: &str = r#"
"$1" --no-defaults --initialize-insecure "$2" &&
server="$1" && shift && exec "$server" --no-defaults "$@"
"#;

/// The server, and MariaDB's set-up program; MySQL has none.
#[derive(Debug)]
pub(super) struct Programs {
    server: PathBuf,
    set_up: Option<PathBuf>,
}

pub(super) fn find() -> Option<Programs> {
    let folders = find::folders(Database::Mysql.folder_variable(), || PLACES.map(PathBuf::from).into());
    let set_up = folders.iter().flat_map(|f| SET_UP.map(|name| f.join(name))).find(|p| p.is_file());
    let first = |name: &str| folders.iter().map(|f| f.join(name)).find(|p| p.is_file());
    if let (Some(server), Some(_)) = (first("mariadbd"), &set_up) {
        return Some(Programs { server, set_up });
    }
    // The name that MySQL's server has, and that MariaDB's had.
    let server = first("mysqld")?;
    let version = Command::new(&server).arg("--version").output().ok()?;
    if String::from_utf8_lossy(&version.stdout).contains("MariaDB") {
        set_up.map(|set_up| Programs { server, set_up: Some(set_up) })
    } else {
        Some(Programs { server, set_up: None })
    }
}

impl Programs {
    pub(super) fn launch(&self, folder: &Path, port: u16, durable: bool) -> Result<Launch> {
        // Run by root it would want `--user`; it is simpler to be that user from the start.
        let account = if account::is_root() {
            let account = account::first_of(&["mysql", "nobody"]);
            Some(account.context("the server must not run as root, and there is no user `mysql` or `nobody`")?)
        } else {
            None
        };
        let (script, first) = match &self.set_up {
            Some(set_up) => (MARIADB, set_up.clone().into_os_string()),
            None => (MYSQL, OsString::from("sh")),
        };
        let mut arguments = vec![first, self.server.clone().into_os_string()];
        arguments.push(option("--datadir=", &folder.join("data")));
        arguments.push(option("--tmpdir=", folder));
        arguments.push(OsString::from(format!("--port={port}")));
        arguments.extend(OPTIONS.map(OsString::from));
        if !durable {
            arguments.extend(HASTY.map(OsString::from));
        }
        let name = if self.set_up.is_some() { "MariaDB" } else { "MySQL" };
        Ok(Launch {
            title: format!("{name} ({})", self.server.display()),
            script,
            arguments,
            stop: Stop::Kill,
            account,
        })
    }
}

/// Reads the server's greeting: a packet's header of four bytes, then the protocol's version, which is 10. The
/// connection that we drop then counts as a failed one, which blocks a host after a hundred: we need a single one,
/// because nothing listens before the server is ready.
pub(super) fn answers(connection: &mut TcpStream) -> bool {
    let mut greeting = [0; 5];
    connection.read_exact(&mut greeting).is_ok() && greeting[4] == 10
}
