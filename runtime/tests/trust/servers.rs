//! Servers of the test's own, stopped in the middle, as a power cut would, and started again.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use revchain::{Database, Dialect, Event};
use tokio::sync::Notify;

use crate::common::everything::{chain, state};
use crate::common::{Holder, TestDatabase};

/// A server that survives nothing but its files.
pub(crate) struct Server {
    dialect: Dialect,
    options: &'static [&'static str],
    folder: tempfile::TempDir,
    port: u16,
    process: Child,
}

impl Server {
    /// Makes the files, and starts it, with options of its own. `None` where its programs are not there.
    pub(crate) fn make(dialect: Dialect, options: &'static [&'static str]) -> Option<Server> {
        let folder = tempfile::tempdir().unwrap();
        let owner = owner(dialect);
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data").display().to_string();
        let mut make = match dialect {
            Dialect::Postgres => {
                let mut make = Command::new(program(dialect, &["initdb"])?);
                make.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
                make.arg(format!("--pgdata={data}"));
                make
            }
            _ => {
                let mut make = Command::new(program(dialect, &["mariadb-install-db", "mysql_install_db"])?);
                make.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
                make.arg(format!("--datadir={data}"));
                make
            }
        };
        make.env("TMPDIR", folder.path());
        let made = become_(&mut make, owner).stdin(Stdio::null()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = launch(dialect, folder.path(), port, options)?;
        Some(Server { dialect, options, folder, port, process })
    }

    /// Stops it at once: nothing is written that is not written yet.
    pub(crate) fn stop(&mut self) {
        match self.dialect {
            // What `pg_ctl stop -m immediate` sends. SIGKILL would leave its children, and its shared memory.
            Dialect::Postgres => {
                let quit = Command::new("kill").arg("-QUIT").arg(self.process.id().to_string()).status();
                assert!(quit.unwrap().success());
            }
            _ => self.process.kill().unwrap(),
        }
        self.process.wait().unwrap();
    }

    pub(crate) fn start(&mut self) {
        self.process = launch(self.dialect, self.folder.path(), self.port, self.options).unwrap();
    }

    pub(crate) fn url(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Postgres => format!("postgres://postgres@127.0.0.1:{}/{name}", self.port),
            _ => format!("mysql://root@127.0.0.1:{}/{name}", self.port),
        }
    }
}

/// Connects once it answers.
pub(crate) async fn open(url: &str) -> Database {
    loop {
        match Database::connect(url).await {
            Ok(database) => return database,
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// With writes that reach the disk before a commit is answered: a crash of the server loses nothing of it then. (A kernel that
/// goes on keeps what was written, so no write waits for the disk.)
fn launch(dialect: Dialect, folder: &Path, port: u16, options: &[&str]) -> Option<Child> {
    let data = folder.join("data").display().to_string();
    let mut server = match dialect {
        Dialect::Postgres => {
            let mut server = Command::new(program(dialect, &["postgres"])?);
            server.args(["-D", &data, "-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
            server.args(["-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=16MB"]);
            server
        }
        _ => {
            let mut server = Command::new(program(dialect, &["mariadbd", "mysqld"])?);
            server.args(["--no-defaults", "--bind-address=127.0.0.1", "--socket=server.sock", "--skip-log-bin"]);
            server.args(["--innodb-flush-log-at-trx-commit=2", "--loose-innodb-flush-method=nosync"]);
            server.args([
                format!("--port={port}"),
                format!("--datadir={data}"),
                "--innodb-buffer-pool-size=16M".to_owned(),
            ]);
            server
        }
    };
    // MariaDB's begin by clearing it of what they take for their own.
    server.env("TMPDIR", folder);
    let server = become_(server.args(options), owner(dialect));
    Some(server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// Neither of them wants to be root.
fn owner(dialect: Dialect) -> Option<(u32, u32)> {
    account(&[if dialect == Dialect::Postgres { "postgres" } else { "mysql" }, "nobody"])
}

fn become_(command: &mut Command, owner: Option<(u32, u32)>) -> &mut Command {
    match owner {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}

fn program(dialect: Dialect, names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let found =
        folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).find(|path| path.is_file());
    let is_needed = std::env::var("CI").as_deref() == Ok("true");
    assert!(found.is_some() || !is_needed, "the programs of {} must be there where CI=true", dialect.name());
    found
}

/// The first of these accounts that there is, for a server that refuses to be root: user and group. `None` for who is not
/// root.
pub(crate) fn account(names: &[&str]) -> Option<(u32, u32)> {
    let id = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let found = names.iter().find_map(|name| {
        passwd.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            match fields.as_slice() {
                [known, _, user, group, ..] if known == name => Some((user.parse().ok()?, group.parse().ok()?)),
                _ => None,
            }
        })
    });
    Some(found.expect("one of these accounts"))
}

/// Stopped at every event of some statements: of one transaction, by themselves, and of rounds.
async fn stopped(dialect: Dialect, points: &[(&'static str, &'static str)]) {
    // Where the tests have no server at all, none is started either.
    let Some(undisturbed) = TestDatabase::make(dialect).await else { return };
    let chain = chain(dialect);
    chain.upgrade(&mut undisturbed.open().await, "head").await.unwrap();
    let expected = state(&undisturbed).await;
    undisturbed.finish().await;
    let Some(server) = Server::make(dialect, &[]) else { return };
    let server = std::sync::Mutex::new(server);
    let url = server.lock().unwrap().url(if dialect == Dialect::Postgres { "postgres" } else { "mysql" });
    drop(open(&url).await);
    for (event_is, sql_is) in points {
        let db = TestDatabase::make_on(dialect, &url).await;
        let mut database = Database::connect(&db.url).await.unwrap();
        let (mut stopped, mut last) = (false, String::new());
        let run = chain.migrator().watch_statements().on_event(|event| {
            let now = match event {
                Event::StatementStarted { sql, .. } => {
                    last = sql.to_owned();
                    "started"
                }
                Event::StatementDone { .. } => "done",
                Event::BatchProgress { rounds: 1, .. } => "round",
                Event::BatchProgress { rounds: 3, .. } => "round 3",
                Event::BatchProgress { rounds: 4, .. } => "round 4",
                Event::StepDone { .. } => "step",
                _ => "",
            };
            if !stopped && now == *event_is && last.contains(sql_is) {
                stopped = true;
                server.lock().unwrap().stop();
            }
        });
        let error = run.upgrade(&mut database, "head").await.unwrap_err();
        assert!(!error.to_string().contains("nothing of"), "{event_is} {sql_is}: {error}");
        server.lock().unwrap().start();
        drop(open(&db.url).await);
        // On the same database: what was cut is replaced.
        let done = chain.upgrade(&mut database, "head").await;
        assert!(done.is_ok(), "{event_is} {sql_is}: {}", done.unwrap_err());
        assert_eq!(state(&db).await, expected, "{event_is} {sql_is}");
    }
    eprintln!("stopped on {}, and then upgraded to the same end: {} ×", dialect.name(), points.len());
}

/// A listener can't wait for a future: a thread can.
fn held_meanwhile(db: &TestDatabase) -> Holder {
    let hold = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(db.hold("UPDATE runs SET name = name WHERE id IN (5, 6)"))
    };
    std::thread::scope(|scope| scope.spawn(hold).join().unwrap())
}

/// Stopped inside the third round of a `repeat`, which somebody's lock keeps from ending.
async fn stopped_inside(dialect: Dialect) {
    let Some(undisturbed) = TestDatabase::make(dialect).await else { return };
    let chain = chain(dialect);
    chain.upgrade(&mut undisturbed.open().await, "head").await.unwrap();
    let expected = state(&undisturbed).await;
    undisturbed.finish().await;
    let Some(mut server) = Server::make(dialect, &[]) else { return };
    let url = server.url(if dialect == Dialect::Postgres { "postgres" } else { "mysql" });
    drop(open(&url).await);
    let db = TestDatabase::make_on(dialect, &url).await;
    let mut database = Database::connect(&db.url).await.unwrap();
    let (mut holder, second, stopped) = (None, Notify::new(), AtomicBool::new(false));
    let run = chain.migrator().on_event(|event| match event {
        // Of six rows, two a round.
        Event::BatchProgress { rounds: 1, .. } => holder = Some(held_meanwhile(&db)),
        Event::BatchProgress { rounds: 2, .. } => second.notify_one(),
        _ => {}
    });
    let upgrade = async {
        let error = run.upgrade(&mut database, "head").await.unwrap_err();
        assert!(stopped.load(Ordering::SeqCst), "{error}");
    };
    let ((), ()) = tokio::join!(upgrade, async {
        second.notified().await;
        let shown = match dialect {
            Dialect::Postgres => {
                "SELECT pid::text FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%SET percent%'"
            }
            _ => {
                "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE id <> CONNECTION_ID() \
                 AND state = 'Updating' AND info LIKE '%SET percent%'"
            }
        };
        while db.list(shown).await.is_empty() {
            tokio::task::yield_now().await;
        }
        stopped.store(true, Ordering::SeqCst);
        server.stop();
    });
    drop(holder);
    server.start();
    drop(open(&db.url).await);
    let under_way = chain.under_way(&mut database).await.unwrap().unwrap();
    assert_eq!((under_way.revision(), under_way.done(), under_way.is_running()), ("c3", 1, Some(false)));
    let mut said = Vec::new();
    let run = chain.migrator().on_event(|event| {
        if let Event::BatchProgress { rows, .. } = event {
            said.push(rows);
        }
    });
    run.upgrade(&mut database, "head").await.unwrap();
    // The rows of the round that was the last to be committed are added with the next one's, which never was.
    assert_eq!(said, [4, 4], "{}", dialect.name());
    assert_eq!(state(&db).await, expected);
}

#[tokio::test]
async fn postgres_stopped() {
    let points = [
        ("started", "ADD COLUMN state"),
        ("done", "ADD COLUMN state"),
        ("step", "(6, 'f')"),
        ("started", "SET percent = 0"),
        ("round", "SET percent = 0"),
        ("round 3", "SET percent = 0"),
        ("round 4", "SET percent = 0"),
        ("started", "CONCURRENTLY two"),
        ("done", "CONCURRENTLY two"),
    ];
    stopped(Dialect::Postgres, &points).await;
    stopped_inside(Dialect::Postgres).await;
}

#[tokio::test]
async fn mysql_stopped() {
    let points = [
        ("started", "ADD COLUMN state"),
        ("done", "ADD COLUMN state"),
        ("started", "SET percent = 0"),
        ("round", "SET percent = 0"),
        ("round 3", "SET percent = 0"),
        ("round 4", "SET percent = 0"),
        ("done", "INDEX two"),
        ("started", "RENAME TO walks"),
    ];
    stopped(Dialect::Mysql, &points).await;
    stopped_inside(Dialect::Mysql).await;
}
