//! How a throwaway PostgreSQL is found, made, and asked whether it is ready.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Database, Launch, find};
use crate::account;
use crate::keeper::Stop;

/// Where systems put PostgreSQL's server programs when they are not in PATH: parent, what precedes the version, what
/// follows it.
const PLACES: [(&str, &str, &str); 9] = [
    // Debian, Ubuntu
    ("/usr/lib/postgresql", "", "bin"),
    // PostgreSQL's own packages for Fedora and its kin
    ("/usr", "pgsql-", "bin"),
    // Alpine
    ("/usr/libexec", "postgresql", ""),
    ("/usr/lib", "postgresql", "bin"),
    // Homebrew
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
    // Postgres.app
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    // FreeBSD and installers
    ("/opt/PostgreSQL", "", "bin"),
];

/// Trust is safe on a loopback port of a throwaway server; no socket file is made, because its path may be longer than a
/// socket's may be. `$0` is the folder of the programs, `$1` the data directory, `$2` the port, the rest for the server.
const SCRIPT: &str = r#"
"$0/initdb" --pgdata="$1" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync &&
programs="$0" data="$1" port="$2" && shift 2 &&
exec "$programs/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c max_connections=120 -c shared_buffers=64MB "$@"
"#;

/// No write waits for the disk: the data does not outlive the run.
const HASTY: [&str; 6] = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

/// The folder with `initdb` and `postgres`.
#[derive(Debug)]
pub(super) struct Programs {
    folder: PathBuf,
}

pub(super) fn find() -> Option<Programs> {
    let folders = find::folders(Database::Postgres.folder_variable(), || find::versioned(&PLACES));
    let folder = folders.into_iter().find(|f| find::has(f, "initdb") && find::has(f, "postgres"))?;
    Some(Programs { folder })
}

impl Programs {
    pub(super) fn launch(&self, folder: &Path, port: u16, durable: bool) -> Result<Launch> {
        // PostgreSQL refuses root.
        let account = if account::is_root() {
            let account = account::first_of(&["postgres", "nobody"]);
            Some(account.context("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")?)
        } else {
            None
        };
        let data = folder.join("data").into_os_string();
        let mut arguments = vec![self.folder.clone().into_os_string(), data, OsString::from(port.to_string())];
        if !durable {
            arguments.extend(HASTY.map(OsString::from));
        }
        Ok(Launch {
            title: format!("PostgreSQL ({})", self.folder.display()),
            script: SCRIPT,
            arguments,
            stop: Stop::Quit,
            account,
        })
    }
}

/// Opens a session far enough to be let in (message `R`, authentication). While the server starts it answers with an
/// error instead, though its port is already open.
pub(super) fn answers(connection: &mut TcpStream) -> bool {
    const PARAMETERS: &[u8] = b"user\0postgres\0database\0postgres\0\0";
    let mut message = Vec::new();
    let length = u32::try_from(8 + PARAMETERS.len()).unwrap_or(u32::MAX);
    message.extend(length.to_be_bytes());
    // Protocol 3.0.
    message.extend(196_608_u32.to_be_bytes());
    message.extend(PARAMETERS);
    let mut first = [0];
    connection.write_all(&message).is_ok() && connection.read_exact(&mut first).is_ok() && first == *b"R"
}
