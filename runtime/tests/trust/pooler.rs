//! PgBouncer in transaction mode: a session of the server's is everybody's, and nobody's for longer than a transaction.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use revchain::{Database, Dialect, Event};
use sqlx::ConnectOptions;

use crate::common::TestDatabase;
use crate::common::everything::{chain, state};
use crate::common::long::{LENGTH, long};
use crate::program::{die_at, ends_well, start};

/// A PgBouncer of the test's own, in front of the tests' PostgreSQL. It ends with this.
pub(crate) struct Pooler {
    port: u16,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Pooler {
    /// Whether there is one, and a server to put it in front of. Under `CI=true` there has to be.
    #[allow(clippy::explicit_write, reason = "eprintln! would be captured")]
    pub(crate) fn is_here() -> bool {
        let is_here = program().is_some() && std::env::var("REVCHAIN_TEST_POSTGRES").is_ok();
        assert!(is_here || std::env::var("CI").as_deref() != Ok("true"), "PgBouncer must be there where CI=true");
        if !is_here {
            writeln!(std::io::stderr(), "SKIPPED: a test behind PgBouncer").unwrap();
        }
        is_here
    }

    /// Starts it, with so many sessions for each database.
    pub(crate) fn start(sessions: u32) -> Pooler {
        let server: sqlx::postgres::PgConnectOptions =
            std::env::var("REVCHAIN_TEST_POSTGRES").unwrap().parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!(
            "[databases]\n* = host={} port={} user={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = any\npool_mode = transaction\nmax_client_conn = 300\ndefault_pool_size = {sessions}\n\
             unix_socket_dir =\nignore_startup_parameters = extra_float_digits\n",
            server.get_host(),
            server.get_port(),
            server.get_username(),
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let mut command = Command::new(program().unwrap());
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        // It refuses root.
        if let Some((user, group)) = crate::servers::account(&["postgres", "nobody"]) {
            command.uid(user).gid(group);
        }
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let up = lines.by_ref().map_while(Result::ok).find(|line| line.contains("process up"));
        assert!(up.is_some(), "PgBouncer does not start");
        // Nobody may wait for somebody to read what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Pooler { port, process, _folder: folder }
    }

    /// How a database is reached through it.
    pub(crate) fn url(&self, db: &TestDatabase) -> String {
        let options: sqlx::postgres::PgConnectOptions = db.url.parse().unwrap();
        let options = options.host("127.0.0.1").port(self.port);
        options.to_url_lossy().to_string()
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/bin")]);
    folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file())
}

async fn expected() -> String {
    let alone = TestDatabase::make(Dialect::Postgres).await.unwrap();
    chain(Dialect::Postgres).upgrade(&mut alone.open().await, "head").await.unwrap();
    let expected = state(&alone).await;
    alone.finish().await;
    expected
}

/// Fifty programs that start at the same instant, with a handful of sessions between them.
#[tokio::test(flavor = "multi_thread")]
async fn fifty() {
    if !Pooler::is_here() {
        return;
    }
    let db = TestDatabase::make(Dialect::Postgres).await.unwrap();
    let pooler = Pooler::start(5);
    let children: Vec<_> = (0..50).map(|_| start(&pooler.url(&db), "upgrade", &[])).collect();
    for child in children {
        ends_well(child).unwrap();
    }
    assert_eq!(state(&db).await, expected().await);
    // And down and up again.
    let mut open = Database::connect(&pooler.url(&db)).await.unwrap();
    chain(Dialect::Postgres).downgrade(&mut open, "base").await.unwrap();
    assert_eq!(db.tables().await, "alembic_version,revchain_journal");
    chain(Dialect::Postgres).upgrade(&mut open, "head").await.unwrap();
    assert_eq!(state(&db).await, expected().await);
    drop((open, pooler));
    db.finish().await;
}

/// Killed at every place of the two revisions that are no single transaction. The sessions of who was killed live on.
#[tokio::test(flavor = "multi_thread")]
async fn killed() {
    if !Pooler::is_here() {
        return;
    }
    let (expected, pooler) = (expected().await, Pooler::start(5));
    let chain = chain(Dialect::Postgres);
    let mut places = 0;
    for place in 0.. {
        let db = TestDatabase::make(Dialect::Postgres).await.unwrap();
        chain.upgrade(&mut db.open().await, "b2").await.unwrap();
        let died = die_at(place, &pooler.url(&db), "upgrade");
        let mut open = Database::connect(&pooler.url(&db)).await.unwrap();
        let done = chain.upgrade(&mut open, "head").await;
        assert!(done.is_ok(), "{place}, {died:?}: {}", done.unwrap_err());
        assert_eq!(state(&db).await, expected, "{place}, {died:?}");
        drop(open);
        db.finish().await;
        places += 1;
        if died.is_none() {
            break;
        }
    }
    assert!(places > 15, "{places}");
}

/// Somebody is between two statements, and the session that wrote their claim is mine by now: that is no reason to take
/// over.
#[tokio::test(flavor = "multi_thread")]
async fn whose_session_is_it() {
    if !Pooler::is_here() {
        return;
    }
    let db = TestDatabase::make(Dialect::Postgres).await.unwrap();
    // Two for the signs of life, were there two; and what was used last is lent first.
    let pooler = Pooler::start(4);
    let chain = chain(Dialect::Postgres);
    let mut open = Database::connect(&pooler.url(&db)).await.unwrap();
    chain.upgrade(&mut open, "c3").await.unwrap();
    let (other, mut started) = (pooler.url(&db), None);
    let first = chain.migrator().watch_statements().on_event(|event| {
        if let Event::StatementStarted { sql, .. } = event
            && sql.contains("INDEX CONCURRENTLY one")
        {
            let (waits, has_waited) = mpsc::channel();
            // Another program, as far as anybody can tell: this one's claims are known here without asking.
            let url = other.clone();
            started = Some(std::thread::spawn(move || {
                let child = start(&url, "upgrade", &[("FAULTS_SAY", "waiting".to_owned())]);
                crate::program::until_it_waits(child, || waits.send(()).unwrap())
            }));
            has_waited.recv().unwrap();
        }
    });
    let report = first.upgrade(&mut open, "d4").await.unwrap();
    assert_eq!(report.steps().len(), 1);
    started.unwrap().join().unwrap().unwrap();
    assert_eq!(state(&db).await, expected().await);
    drop((open, pooler));
    db.finish().await;
}

/// Connections that are lent: there is no second one for a sign of life. Two processes, each with several.
#[tokio::test(flavor = "multi_thread")]
async fn lent() {
    if !Pooler::is_here() {
        return;
    }
    let db = TestDatabase::make(Dialect::Postgres).await.unwrap();
    let pooler = Pooler::start(4);
    let chain = chain(Dialect::Postgres);
    let others: Vec<_> =
        (0..4).map(|_| start(&pooler.url(&db), "upgrade", &[("FAULTS_LENT", "1".to_owned())])).collect();
    let starters: Vec<_> = (0..8)
        .map(|_| {
            let url = pooler.url(&db);
            tokio::spawn(async move {
                let mut lent = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
                chain.upgrade(&mut lent, "head").await
            })
        })
        .collect();
    for starter in starters {
        starter.await.unwrap().unwrap();
    }
    for other in others {
        ends_well(other).unwrap();
    }
    assert_eq!(state(&db).await, expected().await);
    drop(pooler);
    db.finish().await;
}

/// Many transactions in one message are one server's, whoever has the session afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn long_runs() {
    if !Pooler::is_here() {
        return;
    }
    let db = TestDatabase::make(Dialect::Postgres).await.unwrap();
    let on = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$";
    let mut own = <sqlx::PgConnection as sqlx::Connection>::connect(&db.url).await.unwrap();
    sqlx::raw_sql(on).execute(&mut own).await.unwrap();
    let pooler = Pooler::start(1);
    let chain = long(0, &[]);
    let starters: Vec<_> = (0..6)
        .map(|_| {
            let url = pooler.url(&db);
            tokio::spawn(async move {
                let mut database = Database::connect(&url).await?;
                chain.upgrade(&mut database, "head").await
            })
        })
        .collect();
    for starter in starters {
        starter.await.unwrap().unwrap();
    }
    assert_eq!(db.list("SELECT count(*) || ' ' || count(DISTINCT at) FROM runs").await, format!("{LENGTH} {LENGTH}"));
    // Nothing of it holds for who has the session next.
    let mut next = <sqlx::PgConnection as sqlx::Connection>::connect(&pooler.url(&db)).await.unwrap();
    let waits: String =
        sqlx::query_scalar("SELECT current_setting('synchronous_commit')").fetch_one(&mut next).await.unwrap();
    assert_eq!(waits, "on");
    drop((own, next, pooler));
    db.finish().await;
}
