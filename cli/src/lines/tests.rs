//! What is written of a run, line by line.

use super::*;

const fn step(id: &'static str, from: &'static str, message: &'static str) -> Named<'static> {
    Named { id, verb: "upgrade", from, to: id, message, file: "versions/x.sql", tells: false }
}

const A: Named<'static> = step("a1", "", "first");
const B: Named<'static> = step("b2", "a1", "");
const C: Named<'static> = step("c3", "b2", "two\nlines \u{1b}[31m");

const fn telling(step: Named<'static>) -> Named<'static> {
    Named { tells: true, ..step }
}

fn done(millis: u64) -> Happening<'static> {
    Happening::Done { elapsed: Duration::from_millis(millis) }
}

fn statement(line: u32, options: &str) -> Happening<'static> {
    Happening::StatementStarted { line: Some(line), sql: "SELECT\n  1", options: options.to_owned() }
}

const STATEMENT_DONE: Happening<'static> = Happening::StatementDone { elapsed: Duration::from_millis(1) };

/// What stands in a file, of events that all come at the same time.
fn written(events: &[(Named<'static>, Happening<'static>)]) -> String {
    let now = Instant::now();
    let mut lines = Lines::new(true);
    let mut text: String = events.iter().map(|(step, happening)| lines.hear(*step, happening.clone(), now)).collect();
    text.push_str(&lines.end());
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn who_is_waited_for_and_what_goes_on() {
    let whom = ", which runs b2 since 12:00: app@db,\nconnection 7".to_owned();
    assert_eq!(
        written(&[
            (NOBODY, Happening::Edited { revision: "revision `b2`".to_owned() }),
            (NOBODY, Happening::Waiting { whom: String::new() }),
            (A, Happening::Started),
            (NOBODY, Happening::Waiting { whom }),
            (A, Happening::Resumed { done: 2, statements: 5 }),
            (A, done(1)),
        ]),
        "warning: revision `b2`, has been edited since\n  waiting for another program\nRunning upgrade  -> a1, first\n  waiting for another program, which runs b2 since \
         12:00: app@db, connection 7\n  interrupted before: it goes on after statement 2 of 5\n  a1 done (1.0 ms)\n"
    );
}

#[test]
fn who_is_in_the_way() {
    let blocked =
        |by: &str, tried| Happening::Blocked { by: by.to_owned(), tried, tries: 5, pause: Duration::from_millis(1250) };
    assert_eq!(
        written(&[
            (A, Happening::Started),
            (A, blocked(" by pid 7, user app: SELECT\n1 (and 2 more)", 1)),
            (A, blocked("", 2)),
            (A, done(1)),
        ]),
        "Running upgrade  -> a1, first\n  blocked by pid 7, user app: SELECT 1 (and 2 more); trying again in \
         1250 ms (2 of 5)\n  blocked; trying again in 1250 ms (3 of 5)\n  a1 done (1.0 ms)\n"
    );
}

#[test]
fn a_revision_is_a_line() {
    let started = Happening::Started;
    let log = |text| Happening::Log { text };
    for (events, expected) in [
        (
            vec![(A, started.clone()), (A, done(1)), (B, started.clone()), (B, done(20_000))],
            "Running upgrade  -> a1, first (1.0 ms)\nRunning upgrade a1 -> b2 (20 s)\n",
        ),
        // In one transaction.
        (
            vec![
                (A, started.clone()),
                (B, started.clone()),
                (C, started.clone()),
                (A, done(1)),
                (B, done(2)),
                (C, done(3)),
                (A, started.clone()),
                (A, done(4)),
            ],
            "Running upgrade  -> a1, first (1.0 ms)\nRunning upgrade a1 -> b2 (2.0 ms)\n\
             Running upgrade b2 -> c3, two lines  [31m (3.0 ms)\nRunning upgrade  -> a1, first (4.0 ms)\n",
        ),
        // One that fails.
        (vec![(A, started.clone()), (B, started.clone())], "Running upgrade  -> a1, first\n"),
        (
            vec![(A, started.clone()), (A, log("one\ntwo\u{7}")), (A, done(1))],
            "Running upgrade  -> a1, first\n  one\n  two \n  a1 done (1.0 ms)\n",
        ),
        (
            vec![(A, started.clone()), (B, started.clone()), (A, Happening::Moved), (B, started.clone()), (B, done(1))],
            "Running upgrade  -> a1, first\n  another program moved the database; looking again\n\
             Running upgrade a1 -> b2 (1.0 ms)\n",
        ),
    ] {
        assert_eq!(written(&events), expected);
    }
}

#[test]
fn a_statement_stands_below_its_revision() {
    let (a, b) = (telling(A), telling(B));
    for (events, expected) in [
        (
            vec![(a, Happening::Started), (a, statement(7, "rebuild")), (a, STATEMENT_DONE), (a, done(2))],
            "Running upgrade  -> a1, first\n  versions/x.sql:7 (rebuild)\n    SELECT\n      1\n    (1.0 ms)\n  \
             a1 done (2.0 ms)\n",
        ),
        // In one transaction: nothing is done before the commit. One of them has no statement.
        (
            vec![
                (a, Happening::Started),
                (C, Happening::Started),
                (b, Happening::Started),
                (a, statement(7, "")),
                (a, STATEMENT_DONE),
                (b, statement(9, "")),
                (b, STATEMENT_DONE),
                (a, done(1)),
                (C, done(2)),
                (b, done(3)),
            ],
            "Running upgrade  -> a1, first\n  versions/x.sql:7\n    SELECT\n      1\n    (1.0 ms)\n\
             Running upgrade a1 -> b2\n  versions/x.sql:9\n    SELECT\n      1\n    (1.0 ms)\n  a1 done (1.0 ms)\n\
             Running upgrade b2 -> c3, two lines  [31m (2.0 ms)\n  b2 done (3.0 ms)\n",
        ),
        // What a revision in Rust runs has no line. This one fails.
        (
            vec![
                (A, Happening::Started),
                (A, Happening::StatementStarted { line: None, sql: "SELECT 1", options: String::new() }),
            ],
            "Running upgrade  -> a1, first\n  versions/x.sql\n    SELECT 1\n",
        ),
    ] {
        assert_eq!(written(&events), expected);
    }
}

#[test]
fn rounds_are_said_now_and_then() {
    let start = Instant::now();
    let events = [
        (0, Happening::Started, "Running upgrade a1 -> b2"),
        (10, Happening::Rounds { rows: 5, rounds: 1, rate: None }, "\n  5 rows in 1 round\n"),
        (20, Happening::Rounds { rows: 10, rounds: 2, rate: None }, ""),
        (1009, Happening::Rounds { rows: 15, rounds: 3, rate: None }, ""),
        (1010, Happening::Rounds { rows: 20, rounds: 4, rate: None }, "  20 rows in 4 rounds\n"),
        (1020, Happening::Rounds { rows: 21, rounds: 5, rate: Some(700) }, ""),
        // Another section.
        (
            1030,
            Happening::Rounds { rows: 1, rounds: 1, rate: None },
            "  21 rows in 5 rounds, 700 rows/s\n  1 row in 1 round\n",
        ),
        (1040, Happening::Rounds { rows: 2, rounds: 2, rate: None }, ""),
        (1050, done(1), "  2 rows in 2 rounds\n  b2 done (1.0 ms)\n"),
    ];
    let mut lines = Lines::new(true);
    for (millis, happening, expected) in events.clone() {
        let text = lines.hear(B, happening.clone(), start + Duration::from_millis(millis));
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), expected, "{happening:?}");
    }
    // Where they are seen as they go, the last is enough.
    let mut lines = Lines::new(false);
    let text: String = events.into_iter().map(|(_, happening, _)| lines.hear(B, happening, start)).collect();
    let expected =
        "Running upgrade a1 -> b2\n  21 rows in 5 rounds, 700 rows/s\n  2 rows in 2 rounds\n  b2 done (1.0 ms)\n";
    assert_eq!(anstream::adapter::strip_str(&text).to_string(), expected);
}

/// A run that fails still says how far the rounds came: they stay.
#[test]
fn the_last_round_is_said_before_an_error() {
    let mut lines = Lines::new(false);
    let now = Instant::now();
    let _ = lines.hear(B, Happening::Started, now);
    let _ = lines.hear(B, Happening::Rounds { rows: 5, rounds: 1, rate: None }, now);
    assert_eq!(lines.end(), "  5 rows in 1 round\n");
    assert_eq!(lines.end(), "");
}

#[test]
fn durations_have_a_unit_that_suits_them() {
    assert_eq!(shown(Duration::from_micros(1234)), "1.2 ms");
    assert_eq!(shown(Duration::from_millis(4321)), "4321 ms");
    assert_eq!(shown(Duration::from_secs(75)), "75 s");
}

#[test]
fn one_is_not_many() {
    assert_eq!(counted(1, "row"), "1 row");
    assert_eq!(counted(0, "row"), "0 rows");
}
