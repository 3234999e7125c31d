//! Locks that somebody else holds: how long a statement waits, what is tried again, and who is said to be in the way.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Holder, Mode, TestDatabase, batch, three};
use revchain::{Connect, Dialect, Edited, ErrorKind, Event, Kept, Migrations, TimedOut};
use sqlx::{Connection, Row, raw_sql};
use tokio::sync::Notify;

/// As short as the servers take it: MySQL counts in seconds.
const SHORT: Duration = Duration::from_millis(20);

/// Tries that do not end before the test lets go.
const MANY: u32 = 10_000;

macro_rules! on {
    ($name:ident: $($dialect:ident),+ => $test:expr) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            $(
                if let Some(db) = TestDatabase::make(Dialect::$dialect).await {
                    $test(&db).await;
                    db.finish().await;
                }
            )+
        }
    };
}

on!(tried_again_until_it_is_free: Postgres, Mysql => tried_again);
on!(given_up: Postgres, Mysql => somebody_who_never_lets_go);
on!(rounds: Postgres, Mysql => a_round_is_tried_again);
on!(functions: Postgres, Mysql => a_revision_in_rust_is_not_tried_again);
on!(readers: Postgres => who_only_reads_is_not_named);
on!(handed_in: Postgres => a_connection_that_is_handed_in);
on!(privileges: Postgres, Mysql => whoever_may_see_little_is_told_little);
on!(concurrently: Postgres => an_index_is_no_claim_on_the_next_run);
on!(default_limits: Postgres, Mysql => the_default);
on!(the_file: Sqlite => nobody_can_tell);
on!(guards: Mysql => another_starter_is_waited_for);

/// Names itself, where the server keeps names.
fn named(db: &TestDatabase, sql: &str) -> String {
    match db.dialect {
        Dialect::Postgres => format!("SET application_name = 'the holder'; {sql}"),
        _ => sql.to_owned(),
    }
}

async fn pid(holder: &mut Holder) -> u64 {
    let text: String = match holder {
        Holder::Postgres(connection) => {
            raw_sql("SELECT pg_backend_pid()::text").fetch_one(connection).await.unwrap().get(0)
        }
        Holder::Mysql(connection) => {
            raw_sql("SELECT CAST(CONNECTION_ID() AS CHAR)").fetch_one(connection).await.unwrap().get(0)
        }
        Holder::Sqlite(_) => "0".to_owned(),
    };
    text.parse().unwrap()
}

/// Upgrades; the holder lets go when it was said so often who is in the way. Gives whom each event named.
async fn upgrade_past<'c>(
    chain: &'static Migrations,
    db: impl Connect<'c>,
    (holder, times): (Holder, usize),
) -> Vec<Vec<u64>> {
    let (said, enough) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
    let hear = {
        let (said, enough) = (Arc::clone(&said), Arc::clone(&enough));
        move |event: Event<'_>| {
            let Event::Blocked { step, by, tried, tries, .. } = event else { return };
            let mut said = said.lock().unwrap();
            // While it lets go, another try may fail.
            if said.len() < times {
                assert_eq!((step.revision().id(), tried, tries), ("d4", said.len() as u32 + 1, MANY));
                said.push(by.iter().filter_map(revchain::Blocker::pid).collect());
            }
            if said.len() == times {
                enough.notify_one();
            }
        }
    };
    let run = chain.migrator().lock_timeout(SHORT).lock_tries(MANY).on_event(hear).upgrade(db, "head");
    let let_go = async {
        enough.notified().await;
        holder.let_go().await;
    };
    // A run that fails ends the test at once.
    tokio::join!(async { run.await.unwrap() }, let_go);
    said.lock().unwrap().clone()
}

async fn tried_again(db: &TestDatabase) {
    let ddl = three().sql(
        "d4",
        &["CREATE TABLE d (x INTEGER)", "ALTER TABLE runs ADD COLUMN more INTEGER"],
        &["DROP TABLE d"],
    );
    let dml =
        three().sql("d4", &["INSERT INTO results VALUES (1)", "UPDATE runs SET name = 'x'"], &["DELETE FROM results"]);
    for chain in [ddl.build(), dml.build()] {
        let mut open = db.open().await;
        chain.upgrade(&mut open, "c3").await.unwrap();
        let mut holder = db.hold("UPDATE runs SET state = 'held'").await;
        let pid = pid(&mut holder).await;
        assert_eq!(upgrade_past(chain, &mut open, (holder, 2)).await, [[pid], [pid]]);
        assert_eq!(db.version().await, "d4");
        let journal = if db.dialect == Dialect::Postgres { "" } else { ", revchain_journal" };
        db.run(&format!("DROP TABLE IF EXISTS alembic_version, runs, results, d{journal}")).await;
    }
}

async fn somebody_who_never_lets_go(db: &TestDatabase) {
    let chain =
        three().sql("d4", &["UPDATE results SET id = 1", "ALTER TABLE runs ADD COLUMN more INTEGER"], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let mut holder = db.hold(&named(db, "DELETE FROM runs")).await;
    let mut tries = 0;
    let hear = |event: Event<'_>| tries += u32::from(matches!(event, Event::Blocked { .. }));
    let run = chain.migrator().lock_timeout(SHORT).lock_tries(3).on_event(hear);
    let error = run.upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!((tries, error.timed_out()), (2, Some(TimedOut::Lock)), "{error}");
    assert_eq!(error.statement().unwrap().sql(), "ALTER TABLE runs ADD COLUMN more INTEGER");
    let [blocker] = error.blockers() else { panic!("{:?}", error.blockers()) };
    assert_eq!(blocker.pid(), Some(pid(&mut holder).await));
    assert!(blocker.since().is_some(), "{blocker:?}");
    let text = error.to_string();
    assert!(text.contains(&format!("\n  blocked by: {blocker}\n")), "{text}");
    if db.dialect == Dialect::Postgres {
        assert_eq!((blocker.user(), blocker.application()), (Some("postgres"), Some("the holder")));
        assert!(blocker.query().unwrap().ends_with("DELETE FROM runs"), "{blocker:?}");
        assert_eq!((blocker.mode(), blocker.relation()), (Some("RowExclusiveLock"), Some("public.runs")));
        assert_eq!(blocker.state(), Some("idle in transaction"));
        assert!(
            text.contains(&format!("end it (`SELECT pg_terminate_backend({})`)", blocker.pid().unwrap())),
            "{text}"
        );
        assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Nothing, .. }), "{error:?}");
    } else {
        assert!(blocker.user().unwrap().starts_with("root@"), "{blocker:?}");
        assert!(text.contains(&format!("end it (`KILL {}`)", blocker.pid().unwrap())), "{text}");
    }
    assert_eq!(db.version().await, "c3");
    holder.let_go().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.version().await, "d4");
}

async fn a_round_is_tried_again(db: &TestDatabase) {
    let sql = match db.dialect {
        Dialect::Postgres => {
            "UPDATE runs SET name = 'done' WHERE id IN (SELECT id FROM runs WHERE name <> 'done' LIMIT 1)"
        }
        _ => "UPDATE runs SET name = 'done' WHERE name <> 'done' LIMIT 1",
    };
    let chain = three().batches("d4", &[batch(Mode::Repeat(1), &[sql])], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let mut holder = db.hold("UPDATE runs SET state = 'held' WHERE id = 1").await;
    let pid = pid(&mut holder).await;
    assert_eq!(upgrade_past(chain, &mut open, (holder, 1)).await, [[pid]]);
    assert_eq!(db.list("SELECT name FROM runs").await, "done,done");
    // A pause between rounds changes nothing else.
    db.run("UPDATE runs SET name = 'x'").await;
    let again = three().sql("d4", &[], &[]).batches("e5", &[batch(Mode::Repeat(1), &[sql])], &[]).build();
    let mut said = Vec::new();
    let hear = |event: Event<'_>| {
        if let Event::BatchProgress { rows, rounds, .. } = event {
            said.push((rows, rounds));
        }
    };
    // The same revision, with nothing in it.
    let run = again.migrator().edited(Edited::Off).pause(Duration::from_millis(1)).on_event(hear);
    run.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(said, [(1, 1), (2, 2), (2, 3)]);
}

async fn a_revision_in_rust_is_not_tried_again(db: &TestDatabase) {
    let chain = three()
        .functions(
            "d4",
            |op| Box::pin(async move { op.execute("UPDATE runs SET name = 'x'").await.map(drop) }),
            |_| Box::pin(async { Ok(()) }),
        )
        .build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let mut holder = db.hold("UPDATE runs SET state = 'held'").await;
    let hear = |event: Event<'_>| assert!(!matches!(event, Event::Blocked { .. }), "{event:?}");
    let run = chain.migrator().lock_timeout(SHORT).on_event(hear);
    let error = run.upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!(error.timed_out(), Some(TimedOut::Lock), "{error}");
    assert_eq!(error.blockers().iter().map(revchain::Blocker::pid).collect::<Vec<_>>(), [Some(pid(&mut holder).await)]);
    holder.let_go().await;
    chain.upgrade(&mut open, "head").await.unwrap();
}

/// Of those who hold locks on the table, those who hold what keeps the statement out.
async fn who_only_reads_is_not_named(db: &TestDatabase) {
    let chain = three().sql("d4", &["UPDATE runs SET name = 'x'"], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let reader = db.hold("SELECT * FROM runs").await;
    let mut writer = db.hold("UPDATE runs SET state = 'held'").await;
    let pid = pid(&mut writer).await;
    assert_eq!(upgrade_past(chain, &mut open, (writer, 1)).await, [[pid]]);
    reader.let_go().await;
}

async fn a_connection_that_is_handed_in(db: &TestDatabase) {
    let chain = three().sql("d4", &["ALTER TABLE runs ADD COLUMN more INTEGER"], &[]).build();
    let mut lent = sqlx::PgConnection::connect(&db.url).await.unwrap();
    chain.upgrade(&mut lent, "c3").await.unwrap();
    let mut reader = db.hold("SELECT * FROM runs").await;
    let pid = pid(&mut reader).await;
    assert_eq!(upgrade_past(chain, &mut lent, (reader, 2)).await, [[pid], [pid]]);
    assert_eq!(db.version().await, "d4");
}

/// Not even who may see nothing at all fails otherwise than by the time-out.
async fn whoever_may_see_little_is_told_little(db: &TestDatabase) {
    let chain = three().sql("d4", &["UPDATE runs SET name = 'x'"], &[]).build();
    chain.upgrade(&mut db.open().await, "c3").await.unwrap();
    let user = format!("locks_{}", std::process::id());
    let grants = match db.dialect {
        Dialect::Postgres => {
            format!("CREATE ROLE {user} LOGIN; GRANT ALL ON runs, alembic_version, revchain_journal TO {user}")
        }
        _ => format!(
            "CREATE USER {user}@'%', {user}@localhost; \
             GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX ON *.* TO {user}@'%', {user}@localhost"
        ),
    };
    db.run(&grants).await;
    let mut holder = db.hold(&named(db, "UPDATE runs SET state = 'held'")).await;
    let mut open = revchain::Database::connect(&db.url_as(&user)).await.unwrap();
    let run = chain.migrator().lock_timeout(SHORT).lock_tries(1);
    let error = run.upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!(error.timed_out(), Some(TimedOut::Lock), "{error}");
    if db.dialect == Dialect::Postgres {
        let [blocker] = error.blockers() else { panic!("{:?}", error.blockers()) };
        assert_eq!((blocker.pid(), blocker.user()), (Some(pid(&mut holder).await), Some("postgres")));
        assert_eq!(blocker.query(), Some("<insufficient privilege>"));
    } else {
        assert!(error.to_string().contains("end what holds the lock"), "{error}");
    }
    holder.let_go().await;
    drop(open);
    let drop = match db.dialect {
        Dialect::Postgres => format!("DROP OWNED BY {user}; DROP ROLE {user}"),
        _ => format!("DROP USER {user}@'%', {user}@localhost"),
    };
    db.run(&drop).await;
}

/// A build that is stopped leaves an index that is not valid: it is not tried again at once, and the next run sees to it.
async fn an_index_is_no_claim_on_the_next_run(db: &TestDatabase) {
    let sql = ["CREATE INDEX CONCURRENTLY named ON runs (name)"];
    let chain = three().batches("d4", &[batch(Mode::NoTransaction, &sql)], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let mut holder = db.hold("UPDATE runs SET state = 'held'").await;
    let run = chain.migrator().lock_timeout(SHORT);
    let error = run.upgrade(&mut open, "head").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { kept: Kept::Noted, .. }), "{error:?}");
    assert_eq!(error.blockers().first().and_then(revchain::Blocker::pid), Some(pid(&mut holder).await), "{error}");
    holder.let_go().await;
    chain.upgrade(&mut open, "head").await.unwrap();
    assert_eq!(db.list("SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'named'::regclass").await, "true");
}

/// What holds for a revision's statements where nobody says anything, and who wins where somebody does.
async fn the_default(db: &TestDatabase) {
    let (limit, own) = match db.dialect {
        Dialect::Postgres => ("current_setting('lock_timeout')", "SET LOCAL lock_timeout = '7s'"),
        _ => (
            "CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)",
            "SET SESSION lock_wait_timeout = 7, innodb_lock_wait_timeout = 7",
        ),
    };
    let see = format!("INSERT INTO seen SELECT {limit}");
    let chain = three()
        .sql("d4", &["CREATE TABLE seen (x VARCHAR(40))"], &[])
        .sql("e5", &[&see], &["DELETE FROM seen"])
        .batches(
            "f6",
            &[batch(Mode::Transaction, &[&see]), batch(Mode::Repeat(9), &["DELETE FROM results"])],
            &["DELETE FROM seen"].map(|sql| batch(Mode::Transaction, &[sql])),
        )
        .sql("a7", &[own, &see], &["DELETE FROM seen"])
        .build();
    let mut open = db.open().await;
    let (five, seven) = if db.dialect == Dialect::Postgres { ("5s", "7s") } else { ("5 5", "7 7") };
    for (target, seen) in
        [("e5", five.to_owned()), ("f6", format!("{five},{five}")), ("head", format!("{five},{five},{seven}"))]
    {
        chain.upgrade(&mut open, target).await.unwrap();
        assert_eq!(db.list("SELECT x FROM seen").await, seen, "{target}");
    }
    chain.downgrade(&mut open, "d4").await.unwrap();
    chain.migrator().lock_timeout(Duration::ZERO).upgrade(&mut open, "e5").await.unwrap();
    let free = if db.dialect == Dialect::Postgres { "0" } else { "31536000 31536000" };
    assert_eq!(db.list("SELECT x FROM seen").await, free);
    if db.dialect == Dialect::Postgres {
        chain.downgrade(&mut open, "d4").await.unwrap();
        db.run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''3s''', current_database()); END $$")
            .await;
        let mut open = db.open().await;
        chain.upgrade(&mut open, "e5").await.unwrap();
        assert_eq!(db.list("SELECT x FROM seen").await, "3s");
    }
}

async fn nobody_can_tell(db: &TestDatabase) {
    let chain = three().build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "b2").await.unwrap();
    let holder = db.hold("DELETE FROM runs").await;
    let hear = |event: Event<'_>| assert!(!matches!(event, Event::Blocked { .. }), "{event:?}");
    let run = chain.migrator().lock_timeout(SHORT).on_event(hear);
    let error = run.upgrade(&mut open, "head").await.unwrap_err();
    assert_eq!((error.timed_out(), error.blockers()), (Some(TimedOut::Lock), [].as_slice()));
    assert!(error.to_string().contains("SQLite can't tell who does"), "{error}");
    holder.let_go().await;
    chain.upgrade(&mut open, "head").await.unwrap();
}

/// Somebody who moves the version row takes as long as they take: longer than a statement may wait.
async fn another_starter_is_waited_for(db: &TestDatabase) {
    let chain = three().sql("d4", &["UPDATE runs SET name = 'x'"], &[]).build();
    let mut open = db.open().await;
    chain.upgrade(&mut open, "c3").await.unwrap();
    let holder = db.hold("SELECT * FROM alembic_version FOR UPDATE").await;
    if !db.is_mariadb().await {
        // MySQL doesn't tell one query from the next.
        return holder.let_go().await;
    }
    // (Not INNODB_TRX: that is a copy, made anew only once nobody has read it for a tenth of a second.)
    let waits = "SELECT CAST(QUERY_ID AS CHAR) FROM information_schema.PROCESSLIST \
                 WHERE DB = DATABASE() AND INFO LIKE '%FOR UPDATE' AND ID <> CONNECTION_ID()";
    let let_go = async {
        let (mut first, mut now) = (String::new(), String::new());
        // Until it has waited twice: in between there was a time-out.
        while first.is_empty() || now.is_empty() || first == now {
            if first.is_empty() {
                first.clone_from(&now);
            }
            now = db.list(waits).await;
        }
        holder.let_go().await;
    };
    let run = chain.migrator().lock_timeout(SHORT).lock_tries(1).upgrade(&mut open, "head");
    // A run that fails ends the test at once.
    tokio::join!(async { run.await.unwrap() }, let_go);
    assert_eq!(db.version().await, "d4");
}
