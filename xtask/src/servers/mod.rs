//! Throwaway database servers for the tests.
//!
//! Finds the programs, starts each server in a temporary folder on a free port of the loopback interface, waits until
//! it answers, and says how to reach it. Nothing of it survives (see `keeper`), and a server that the machine already
//! runs is never touched. PgBouncer in front of PostgreSQL is the tests' own to start, with the sessions that each needs
//! (`runtime/tests/trust/pooler.rs`).

mod find;
mod mysql;
mod postgres;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::account::Account;
use crate::keeper::{Keep, Kept, Stop};

/// How long a server may take from its first file to its first answer. Slow disks of shared machines need most of it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often a server that finds its port taken is given another one.
const ATTEMPTS: usize = 3;

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Postgres,
    Mysql,
}

/// How the tests reach one database.
#[derive(Debug)]
pub(crate) enum Server {
    /// Somebody set the variable: theirs is used.
    Given { database: Database, url: String },
    /// Ours.
    Running { database: Database, url: String, _kept: Kept },
    /// There is none: what needs it is skipped.
    Missing { database: Database },
}

/// The programs of one server, ready to be started.
#[derive(Debug)]
enum Programs {
    Postgres(postgres::Programs),
    Mysql(mysql::Programs),
}

/// How one server is started.
#[derive(Debug)]
struct Launch {
    /// What to call it in a message.
    title: String,
    /// For `sh -c`: makes the data directory, then becomes the server.
    script: &'static str,
    /// `$0`, `$1`, … of the script.
    arguments: Vec<OsString>,
    stop: Stop,
    /// Who owns the folder, and runs the script.
    account: Option<Account>,
}

impl Database {
    pub(crate) const ALL: [Database; 2] = [Database::Postgres, Database::Mysql];

    /// Returns the name for a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Database::Postgres => "PostgreSQL",
            Database::Mysql => "MariaDB or MySQL",
        }
    }

    /// Returns the variable in which the tests find the server.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Database::Postgres => "REVCHAIN_TEST_POSTGRES",
            Database::Mysql => "REVCHAIN_TEST_MYSQL",
        }
    }

    /// Returns the variable that names the only folder to look in.
    pub(crate) fn folder_variable(self) -> &'static str {
        match self {
            Database::Postgres => "REVCHAIN_POSTGRES_BIN",
            Database::Mysql => "REVCHAIN_MYSQL_BIN",
        }
    }

    /// Returns what was looked for, for a sentence.
    pub(crate) fn looked_for(self) -> &'static str {
        match self {
            Database::Postgres => "`initdb` and `postgres`",
            Database::Mysql => "`mariadbd` with `mariadb-install-db`, or MySQL's `mysqld`",
        }
    }

    /// Returns whether the tests can be given this database: by the caller's address, or by programs found here.
    pub(crate) fn is_available(self) -> bool {
        self.given().is_some() || self.find().is_some()
    }

    fn given(self) -> Option<String> {
        std::env::var(self.variable()).ok().filter(|url| !url.is_empty())
    }

    fn find(self) -> Option<Programs> {
        match self {
            Database::Postgres => postgres::find().map(Programs::Postgres),
            Database::Mysql => mysql::find().map(Programs::Mysql),
        }
    }

    fn url(self, port: u16) -> String {
        match self {
            Database::Postgres => format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            Database::Mysql => format!("mysql://root@127.0.0.1:{port}/"),
        }
    }

    fn answers(self, connection: &mut TcpStream) -> bool {
        match self {
            Database::Postgres => postgres::answers(connection),
            Database::Mysql => mysql::answers(connection),
        }
    }

    /// Starts the server, if there is one to start.
    fn start(self, durable: bool) -> Result<Server> {
        if let Some(url) = self.given() {
            eprintln!("xtask: {}: using the server that {} names", self.name(), self.variable());
            return Ok(Server::Given { database: self, url });
        }
        let Some(programs) = self.find() else { return Ok(Server::Missing { database: self }) };
        for attempt in 1.. {
            match self.launch(&programs, durable) {
                // Between the moment we found the port free and the moment the server takes it, another may come.
                Err(error) if attempt < ATTEMPTS && format!("{error:#}").contains("in use") => {}
                other => return other,
            }
        }
        bail!("no free port")
    }

    fn launch(self, programs: &Programs, durable: bool) -> Result<Server> {
        let since = Instant::now();
        let folder = tempfile::Builder::new().prefix("revchain-test-").tempdir().context("a temporary folder")?;
        let port = free_port()?;
        let launch = match programs {
            Programs::Postgres(programs) => programs.launch(folder.path(), port, durable)?,
            Programs::Mysql(programs) => programs.launch(folder.path(), port, durable)?,
        };
        let Launch { title, script, arguments, stop, account } = launch;
        let owner = account.as_ref().map(|a| format!(" as user {}", a.name)).unwrap_or_default();
        eprintln!("xtask: {title}: starting{owner} on port {port}");
        if let Some(account) = &account {
            std::os::unix::fs::chown(folder.path(), Some(account.uid), Some(account.gid))
                .with_context(|| format!("cannot give `{}` to {}", folder.path().display(), account.name))?;
        }
        let log = folder.path().join("log");
        let writer = File::create(&log).context("the server's log")?;
        // Opened now, because the keeper removes the folder as soon as the server ends, and then the log is wanted most.
        let mut reader = File::open(&log).context("the server's log")?;
        let mut command: Vec<OsString> = ["sh", "-c", script].map(OsString::from).into();
        command.extend(arguments);
        let mut kept = Keep {
            command,
            stop,
            account,
            folder: folder.path(),
            remove: true,
            log: Some(writer),
            environment: Vec::new(),
            without: Vec::new(),
        }
        .start()?;
        // From here on the folder is the keeper's.
        let _ = folder.keep();
        loop {
            if kept.ended() {
                return Err(failure(&title, "ended instead of starting", &mut reader));
            }
            if self.is_ready(port) {
                break;
            }
            if since.elapsed() > PATIENCE {
                return Err(failure(&title, "does not answer", &mut reader));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        eprintln!("xtask: {title}: ready after {:.1} s", since.elapsed().as_secs_f64());
        Ok(Server::Running { database: self, url: self.url(port), _kept: kept })
    }

    fn is_ready(self, port: u16) -> bool {
        let wait = Duration::from_secs(2);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let Ok(mut connection) = TcpStream::connect_timeout(&address, wait) else { return false };
        connection.set_read_timeout(Some(wait)).is_ok()
            && connection.set_write_timeout(Some(wait)).is_ok()
            && self.answers(&mut connection)
    }
}

/// Starts all servers, at the same time. The durable ones write as installed ones do, and are for measurements; the
/// others wait for no disk.
///
/// # Errors
///
/// When a server that was found does not start. Those that did are stopped.
pub(crate) fn start(durable: bool) -> Result<Vec<Server>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = Database::ALL.into_iter().map(|d| scope.spawn(move || d.start(durable))).collect();
        let started: Vec<Result<Server>> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("starting a server panicked"))))
            .collect();
        started.into_iter().collect()
    })
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a free port")?;
    Ok(listener.local_addr().context("a free port")?.port())
}

/// Makes an error of the last lines that the server wrote.
fn failure(title: &str, what: &str, log: &mut File) -> anyhow::Error {
    let mut bytes = Vec::new();
    let _ = log.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n    ");
    let advice = if text.contains("ermission denied") {
        "; if it cannot reach its folder, set TMPDIR to one that every account can reach"
    } else {
        ""
    };
    anyhow!("{title} {what}{advice}; it wrote:\n    {tail}")
}

/// Returns a path as an argument with a prefix, as in `--datadir=/tmp/x`.
fn option(prefix: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(prefix);
    argument.push(path);
    argument
}
