//! Offline SQL, written by the program and applied by `psql`, `mariadb` and `sqlite3`: the same schema, the same rows,
//! the same version row as running it. The one revision in Rust is run in between, as the program says.

use std::io::{Read as _, Seek as _, Write as _};
use std::process::{Command, Stdio};

use crate::database::{Database, Dialect};
use crate::evidence::{self, REVISIONS};
use crate::rows::{Snapshot, changes, seed, snapshot, summary_changes};
use crate::schema::assert_schema;

every_database!(a_script_does_what_a_run_does, a_stamp_is_a_stamp, a_script_that_fails_says_so);

/// The revision that is written in Rust.
const RUST: &str = REVISIONS[4];

async fn a_script_does_what_a_run_does(database: Database) {
    if !client_is_there(database.dialect()) {
        return;
    }
    let schemas = evidence::schemas(database.dialect());
    let places: Vec<&str> = ["base"].into_iter().chain(REVISIONS).collect();
    let mut before = Snapshot::new();
    for (step, (revision, schema)) in places.windows(2).zip(&schemas[1..]) {
        let &[from, to] = step else { panic!("a step has two ends") };
        assert_eq!(to, *revision);
        if to == RUST {
            let refusal = program(&database, &["upgrade", &format!("{from}:{to}"), "--sql"]).expect_err("it is Rust");
            assert!(refusal.contains("requires a live database connection"), "{refusal}");
            database.upgrade(to).await;
        } else {
            apply(&database, &script(&database, "upgrade", &format!("{from}:{to}"))).expect("the script runs");
        }
        assert_schema(&database, to, schema).await;
        assert_eq!(database.version().await, [to]);
        if from == "base" {
            seed(&database).await;
            before = snapshot(&database).await;
            continue;
        }
        let after = snapshot(&database).await;
        let expected = match (to == REVISIONS[5], database.dialect()) {
            (true, Dialect::Postgres) => summary_changes(),
            _ => evidence::changes(to, database.dialect()),
        };
        assert_eq!(changes(&before, &after), expected, "{to}");
        before = after;
    }

    apply(&database, &script(&database, "downgrade", &format!("head:{RUST}"))).expect("the script runs");
    assert_eq!(database.version().await, [RUST]);
    database.downgrade("-1").await;
    for (step, (_, schema)) in places[..=4].windows(2).zip(&schemas[..4]).rev() {
        let &[to, from] = step else { panic!("a step has two ends") };
        apply(&database, &script(&database, "downgrade", &format!("{from}:{to}"))).expect("the script runs");
        assert_schema(&database, to, schema).await;
    }
    assert_eq!(database.version().await, [""; 0]);
    // Several revisions in one script, over the version table that is there.
    apply(&database, &script(&database, "upgrade", &format!("base:{}", REVISIONS[3]))).expect("the script runs");
    assert_schema(&database, REVISIONS[3], &schemas[4].1).await;
}

async fn a_stamp_is_a_stamp(database: Database) {
    if !client_is_there(database.dialect()) {
        return;
    }
    for (range, version) in [("8cf9", Some(REVISIONS[3])), ("8cf9:head", Some(REVISIONS[5])), ("head:base", None)] {
        apply(&database, &script(&database, "stamp", range)).expect("the script runs");
        assert_eq!(database.version().await, Vec::from_iter(version), "{range}");
    }
    database.execute("DROP TABLE alembic_version").await;
    apply(&database, &program(&database, &["ensure-version", "--sql"]).expect("it is written")).expect("it runs");
    assert_eq!(database.version().await, [""; 0]);
}

/// As the script's first line says, the client stops at the first error; what was committed before it stays.
async fn a_script_that_fails_says_so(database: Database) {
    if !client_is_there(database.dialect()) {
        return;
    }
    apply(&database, &script(&database, "upgrade", REVISIONS[1])).expect("the script runs");
    // What the next revision changes is not there.
    let rename = match database.dialect() {
        Dialect::Mysql => "RENAME TABLE imports TO elsewhere",
        _ => "ALTER TABLE imports RENAME TO elsewhere",
    };
    database.execute(rename).await;
    let range = format!("{}:{}", REVISIONS[1], REVISIONS[3]);
    assert!(apply(&database, &script(&database, "upgrade", &range)).is_err());
    assert_eq!(database.version().await, [REVISIONS[1]]);
}

fn script(database: &Database, verb: &str, range: &str) -> String {
    program(database, &[verb, range, "--sql"]).unwrap_or_else(|said| panic!("{verb} {range}: {said}"))
}

/// What the program prints, or what it says instead. It is given a URL, and never connects: nobody listens there.
fn program(database: &Database, words: &[&str]) -> Result<String, String> {
    let url = match database.dialect() {
        Dialect::Postgres => "postgres://nobody@127.0.0.1:1/nowhere",
        Dialect::Mysql => "mysql://nobody@127.0.0.1:1/nowhere",
        _ => "sqlite:/no/such/folder/nowhere.db",
    };
    let output = Command::new(env!("CARGO_BIN_EXE_ibutsu-db"))
        .args(words)
        .env("DATABASE_URL", url)
        .output()
        .expect("the program runs");
    let text = |stream: Vec<u8>| String::from_utf8(stream).expect("it is UTF-8");
    let (printed, said) = (text(output.stdout), text(output.stderr));
    match output.status.success() {
        true => {
            assert_eq!(said, "");
            Ok(printed)
        }
        false => {
            assert_eq!(printed, "", "an error leaves nothing on standard output");
            Err(said)
        }
    }
}

/// Applies a script as its first line says, with the database's own client.
fn apply(database: &Database, script: &str) -> Result<(), String> {
    let mut command = client(database);
    let mut file = tempfile::tempfile().expect("a temporary file can be made");
    file.write_all(script.as_bytes()).and_then(|()| file.rewind()).expect("it can be written");
    let mut said = String::new();
    let mut child = command
        .stdin(Stdio::from(file))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the client starts");
    child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it is UTF-8");
    match child.wait().expect("the client ends").success() {
        true => Ok(()),
        false => Err(format!("{said}\n{script}")),
    }
}

fn client(database: &Database) -> Command {
    let url = database.url();
    // The drivers' own parameters mean nothing to the clients.
    let bare = url.split('?').next().unwrap_or_default();
    let mut command = Command::new(name_of_client(database.dialect()));
    match database.dialect() {
        Dialect::Postgres => {
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", bare]);
        }
        Dialect::Mysql => {
            let (who, place) =
                bare.trim_start_matches("mysql://").rsplit_once('@').expect("the URL has a user, a host and a name");
            let (user, password) = who.split_once(':').unwrap_or((who, ""));
            let (host, name) = place.split_once('/').expect("the URL has a name");
            let (host, port) = host.split_once(':').unwrap_or((host, "3306"));
            command.env("MYSQL_PWD", password).args(["--no-defaults", "--protocol=tcp"]);
            command.args(["--comments", "--binary-mode", "-h", host, "-P", port, "-u", user, name]);
        }
        _ => {
            command.args(["-bail", "-init", "/dev/null", bare.trim_start_matches("sqlite:")]);
        }
    }
    command
}

fn name_of_client(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "psql",
        Dialect::Mysql => "mariadb",
        _ => "sqlite3",
    }
}

/// Whether the client is installed. Where it is not this says so, and under `CI=true` fails.
fn client_is_there(dialect: Dialect) -> bool {
    let name = name_of_client(dialect);
    let there = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "{name} is missing, and under CI=true nothing is skipped"
        );
        // Not eprintln!, which the test harness would keep to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {name} is not installed; what scripts do there is not tested");
    }
    there
}
