//! The words, reviewed like an interface: a new kind needs a line here.

use std::time::Duration;

use super::words::{SHOWN, shorten};
use super::*;
use crate::embed;
use crate::plan::Direction;
use crate::report::StepReport;

fn step(direction: Direction) -> Step {
    let nothing = embed::work(&[]);
    let revision = |id, name: &str| embed::Revision {
        id,
        file: format!("versions/{name}"),
        message: "",
        upgrade: nothing.clone(),
        downgrade: nothing.clone(),
    };
    let chain = embed::embed(&[revision("a1", "a1_x.sql"), revision("b2", "b2_x.sql")], crate::plan::tests::settings());
    chain.step("b2", direction).unwrap()
}

fn after(count: usize) -> Report {
    let mut report = Report::new(Dialect::Postgres, None);
    report.steps = vec![StepReport { step: step(Direction::Upgrade), elapsed: Duration::ZERO }; count];
    report
}

fn failed(kept: Kept) -> Error {
    let statement = Statement { sql: "ALTER TABLE\n  runs ADD COLUMN x int", offset: 0, line: 12 };
    Error::statement_failed(&step(Direction::Upgrade), statement, kept, sqlx::Error::RowNotFound)
}

#[test]
fn words() {
    let new = Error::new;
    let some = |text: &str| text.to_owned();
    let up = &step(Direction::Upgrade);
    let statement = Statement { sql: "UPDATE t SET x = 1", offset: 0, line: 4 };
    let violation = Violation { table: some("child"), rowid: Some(7), parent: some("parent") };
    #[rustfmt::skip]
    let words = [
        (new(ErrorKind::BadTarget { target: some("a@b"), reason: some("a linear chain has no branches") }),
         "`a@b` is not a target: a linear chain has no branches\n  help: a target is `head`, `base`, a revision id or the start of one, `+2`, `-1`, `<id>+1` or `<id>-2`"),
        (new(ErrorKind::UnknownTarget { target: some("zzzz"), nearest: vec![] }),
         "Can't locate revision identified by 'zzzz': this chain has no such revision\n  help: `history` lists the revisions of this chain"),
        (new(ErrorKind::UnknownTarget { target: some("current"), nearest: vec![] }),
         "Can't locate revision identified by 'current': this chain has no such revision\n  help: `current` is where the database stands; `+1` and `-1` count from there"),
        (new(ErrorKind::UnknownTarget { target: some("a2"), nearest: vec![some("a1"), some("b2")] }),
         "Can't locate revision identified by 'a2': this chain has no such revision\n  help: did you mean `a1` or `b2`?"),
        (new(ErrorKind::AmbiguousTarget { target: some("a"), candidates: vec![some("a1"), some("a2")] }),
         "Can't locate revision identified by 'a': 2 revisions start with it: `a1`, `a2`\n  help: type more of the id"),
        (new(ErrorKind::UnknownCurrent { id: some("dead"), table: some("`public.alembic_version`"), head: Some(some("b2")) }),
         "Can't locate revision identified by 'dead': the database's `public.alembic_version` names it, and this chain does not have it\n  help: likely causes: this chain is older than the database (use the newer one); the revision's file was deleted or rebased (bring it back); this is the wrong database (check the URL). If you know that the schema is that of one of this chain's revisions, of which `b2` is the newest, say so with `stamp --purge <rev>`"),
        (new(ErrorKind::RelativeCount { offset: some("+9"), count: 9, available: 1, wrong_way: false }),
         "Relative revision +9 didn't produce 9 migrations: there is one that way\n  help: count fewer; `head` is the end that way"),
        (new(ErrorKind::WalkedTooFar { target: some("b2+9"), available: 0 }),
         "Walked too far: `b2+9` leads past the end of the chain, 0 steps away\n  help: ask for `base` or `head`, or count fewer steps"),
        (new(ErrorKind::NotBelow { target: some("b2"), current: None }),
         "Destination b2 is not a valid downgrade target from current head(s): the database is at base\n  help: to go there, `upgrade b2`"),
        (new(ErrorKind::BadRange { range: some("a") }),
         "History range requires [start]:[end], [start]:, or :[end]: `a` is none of them\n  help: for instance `-3:head`, `base:current` or `1b2c:`"),
        (new(ErrorKind::ReversedRange { range: some("b:a") }),
         "Requested range b:a does not refer to ancestor/descendant revisions along the same branch: it ends before it starts\n  help: exchange the two ends; the older one comes first"),
        (new(ErrorKind::Irreversible { reason: some("rows are gone") }).at_step(up),
         "revision `b2` can't be downgraded: rows are gone\n  help: nothing was run; downgrade to `b2` at the lowest, or restore a backup from before it"),
        (new(ErrorKind::DialectNotServed { dialect: Dialect::Mysql }).at_step(up),
         "revision `b2` has nothing for mysql: the chain is not made for it\n  help: nothing was run; add `mysql` to `dialects` in revchain.toml and give each revision its section"),
        (new(ErrorKind::ManyRows { ids: vec![some("a1"), some("b2")], table: some("`alembic_version`") }),
         "`alembic_version` has 2 rows (`a1`, `b2`), and a linear chain has one at the most\n  help: find out which one is true, and set it with `stamp --purge <rev>`"),
        (new(ErrorKind::ManyTables { table: some("alembic_version"), schemas: some("app, public") }),
         "more than one table named `alembic_version` is on the search path, in the schemas app, public\n  help: say which one is meant: `version_table_schema` in revchain.toml"),
        (new(ErrorKind::OpenTransaction {}),
         "the connection is inside a transaction\n  help: commit or roll back first, or pass the pool: every revision needs a transaction of its own"),
        (new(ErrorKind::Contended { attempts: 3 }),
         "others moved the database each of the 3 times this one was about to\n  help: see who else is moving this database, then try again"),
        (failed(Kept::Nothing).with_report(&after(0)),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql:12: no rows returned by a query that expected to return at least one row\n  statement: ALTER TABLE runs ADD COLUMN x int\n  before it: nothing was committed\n  help: nothing of `b2` was kept; mend the cause and run the upgrade again"),
        (failed(Kept::Part).with_report(&after(1)),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql:12: no rows returned by a query that expected to return at least one row\n  statement: ALTER TABLE runs ADD COLUMN x int\n  before it: `b2` was committed\n  help: what ran of `b2` before this stays, and the version table names `a1`; undo it by hand and run the upgrade again, or finish it by hand and `stamp b2`"),
        (Error::step_failed(&step(Direction::Downgrade), Kept::Nothing, sqlx::Error::WorkerCrashed).with_report(&after(3)),
         "revision `b2` failed to downgrade at migrations/versions/b2_x.sql: attempted to communicate with a crashed background worker\n  before it: 3 revisions were committed, `b2` to `b2`\n  help: the connection went away, so nobody knows whether `b2` was committed; `current` tells, and running the downgrade again is safe"),
        (Error::from(sqlx::Error::RowNotFound).in_function(up, Kept::Nothing),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql: no rows returned by a query that expected to return at least one row\n  help: nothing of `b2` was kept; mend the cause and run the upgrade again"),
        (new(ErrorKind::NoProgress { rows: 9, batch: 5, rounds: 2 }).at_step(up).placed(up, statement),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql:4: no progress, the last of 2 rounds affected 9 rows where a round of 5 was meant\n  statement: UPDATE t SET x = 1\n  help: limit the statement to the batch, and let its WHERE exclude the rows that are done; the rounds that ran stay"),
        (new(ErrorKind::ForeignKeys { violations: vec![violation], count: 1 }).at_step(up),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql: 1 row has a parent that is gone\n  table `child`, rowid 7: no parent in `parent`\n  help: nothing of `b2` was kept; give these rows a parent or delete them in the revision, before the rebuild"),
        (Error::custom("3 runs have no project").in_function(up, Kept::Nothing),
         "revision `b2` failed to upgrade at migrations/versions/b2_x.sql: 3 runs have no project\n  help: once that is put right, run the upgrade again"),
        (Error::custom("no"), "no"),
        (new(ErrorKind::BadUrl { url: some("oracle://x"), reason: some("no driver is called `oracle`") }),
         "`oracle://x` is not the URL of a database: no driver is called `oracle`\n  help: for instance `sqlite:app.db`, `postgres://user@host/name` or `mysql://user@host/name`"),
        (new(ErrorKind::DriverMissing { dialect: Dialect::Mysql }),
         "this program was built without the mysql driver\n  help: build it with the feature `mysql` of revchain, and of revchain-cli where that is used"),
        (new(ErrorKind::MissingFile { path: some("a.db") }),
         "the database file `a.db` does not exist\n  help: check the path; `upgrade` creates the file"),
        (new(ErrorKind::MissingDirectory { path: some("dir") }),
         "the directory `dir`, which should hold the database file, does not exist\n  help: create it, or check the path"),
        (Error::connection(Some(some("postgres://u:***@h/d")), sqlx::Error::PoolClosed),
         "can't connect to `postgres://u:***@h/d`: attempted to acquire a connection on a closed pool\n  help: check that the server runs and that the URL is right"),
        (Error::connection(Some(some("sqlite:a.db")), sqlx::Error::PoolClosed),
         "can't connect to `sqlite:a.db`: attempted to acquire a connection on a closed pool\n  help: check that it is a file that you may read and write, or a directory in which you may make it"),
        (Error::connection(Some(some("sqlite:///a.db")), sqlx::Error::PoolClosed),
         "can't connect to `sqlite:///a.db`: attempted to acquire a connection on a closed pool\n  help: check that it is a file that you may read and write; `sqlite:///x` is `/x`, and `sqlite:x` a file here"),
        (Error::from(sqlx::Error::RowNotFound),
         "the database refused a request: no rows returned by a query that expected to return at least one row"),
    ];
    for (error, expected) in words {
        assert_eq!(error.to_string(), expected);
    }
}

/// What an `.unwrap()` and a `main` that gives a `Result` print.
#[test]
fn debug_is_for_people_too() {
    let error = failed(Kept::Nothing).with_report(&after(1));
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(format!("{:?}", Err::<(), _>(Error::custom("no"))), "Err(no)");
    let fields = format!("{error:#?}");
    assert!(fields.starts_with("Error {\n    kind: Statement {\n") && fields.contains("RowNotFound"), "{fields}");
}

#[test]
fn long_statements_are_shortened() {
    let long = "SELECT é, ".repeat(100);
    let shown = shorten(&long);
    assert!(shown.chars().count() <= SHOWN + 1, "{shown}");
    assert!(shown.ends_with('…'));
}

#[test]
fn an_error_is_one_pointer_and_travels() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}
