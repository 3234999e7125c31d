//! What happens during a run, as lines, in Alembic's words. Pure: text comes out, and the time comes in.
//!
//! A step's line is begun when it starts, and its time is the line's end, unless something was said in between: then the
//! time has a line of its own. Of steps that share a transaction, all start before the first statement, and all are done
//! after the commit. The first of them has its line begun then; the others get theirs when there is something to say.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use revchain::{Dialect, Event, Step};

use crate::output::{place_of, runs};
use crate::terminal::{ASIDE, ID, WARNING, lines, one_line, painted};

/// How long rounds of a `repeat` section go unsaid, at least.
const PAUSE: Duration = Duration::from_secs(1);

/// A step, as lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub(crate) id: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) message: &'a str,
    pub(crate) file: &'a str,
    /// Whether its statements will be told of.
    pub(crate) tells: bool,
}

/// Of what is about no step of this run.
const NOBODY: Named<'static> = Named { id: "", verb: "", from: "", to: "", message: "", file: "", tells: false };

/// What happened to a step. The runtime's own events cannot be made by anybody else, tests for instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happening<'a> {
    Started,
    /// With its section's options. What a revision in Rust runs has no line.
    StatementStarted {
        line: Option<u32>,
        sql: &'a str,
        options: String,
    },
    StatementDone {
        elapsed: Duration,
    },
    Rounds {
        rows: u64,
        rounds: u64,
        /// Rows a second.
        rate: Option<u64>,
    },
    /// By whom, where somebody is known.
    Blocked {
        by: String,
        tried: u32,
        tries: u32,
        pause: Duration,
    },
    Done {
        elapsed: Duration,
    },
    Log {
        text: &'a str,
    },
    Moved,
    /// A revision that is applied was something else then.
    Edited {
        revision: String,
    },
    /// For whom, where they said who they are.
    Waiting {
        whom: String,
    },
    Resumed {
        done: u32,
        statements: u32,
    },
}

/// Reads an event. `None` for one that there were no words for when this was written. `statements_of` is set where
/// statements are told of.
pub(crate) fn read(event: Event<'_>, statements_of: Option<Dialect>) -> Option<(Named<'static>, Happening<'_>)> {
    let (step, happening) = match event {
        Event::StepStarted { step, .. } => (step, Happening::Started),
        Event::StatementStarted { step, line, sql, .. } => {
            let options = line.and_then(|line| options(step, line, statements_of)).unwrap_or_default();
            (step, Happening::StatementStarted { line, sql, options })
        }
        Event::StatementDone { step, elapsed, .. } => (step, Happening::StatementDone { elapsed }),
        Event::BatchProgress { step, rows, rounds, rate, .. } => (step, Happening::Rounds { rows, rounds, rate }),
        Event::Blocked { step, by, tried, tries, pause, .. } => {
            let more = match by.len() {
                0 | 1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            let by = by.first().map(|first| format!(" by {first}{more}")).unwrap_or_default();
            (step, Happening::Blocked { by, tried, tries, pause })
        }
        Event::StepDone { step, elapsed, .. } => (step, Happening::Done { elapsed }),
        Event::Log { step, text, .. } => (step, Happening::Log { text }),
        Event::MovedElsewhere { step, .. } => (step, Happening::Moved),
        Event::Resumed { step, done, statements, .. } => (step, Happening::Resumed { done, statements }),
        Event::Edited { revision, .. } => {
            return Some((NOBODY, Happening::Edited { revision: revision.to_string() }));
        }
        Event::Waiting { revision, who, since, .. } => {
            let whom = match (revision, who, since) {
                (Some(revision), Some(who), Some(since)) => format!(", which runs {revision} since {since}: {who}"),
                _ => String::new(),
            };
            return Some((NOBODY, Happening::Waiting { whom }));
        }
        _ => return None,
    };
    let revision = step.revision();
    let statements = statements_of.and_then(|dialect| step.statements(dialect));
    let named = Named {
        id: revision.id(),
        verb: step.direction().name(),
        from: step.from().unwrap_or_default(),
        to: step.to().unwrap_or_default(),
        message: revision.message(),
        file: revision.file(),
        tells: statements.is_some_and(|statements| !statements.is_empty()),
    };
    Some((named, happening))
}

fn options(step: &Step, line: u32, dialect: Option<Dialect>) -> Option<String> {
    let statements = step.statements(dialect?)?;
    statements.iter().find(|one| one.line() == line).map(|one| runs(one.runs()))
}

/// What is between one event and the next.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// Whether rounds get a line while they go on, or their last one only.
    rounds_as_they_go: bool,
    /// Steps that started and have no line yet.
    announced: VecDeque<Named<'a>>,
    /// How many started and are not done.
    running: usize,
    /// The step whose line was begun and waits for its end.
    open: Option<&'a str>,
    /// Rounds so far; when a line told of them; and what no line has told of yet.
    rounds: u64,
    said_at: Option<Instant>,
    held: Option<(u64, u64, Option<u64>)>,
}

impl<'a> Lines<'a> {
    pub(crate) const fn new(rounds_as_they_go: bool) -> Lines<'a> {
        Lines {
            rounds_as_they_go,
            announced: VecDeque::new(),
            running: 0,
            open: None,
            rounds: 0,
            said_at: None,
            held: None,
        }
    }

    /// What to write for an event that comes at a time.
    pub(crate) fn hear(&mut self, step: Named<'a>, happening: Happening<'_>, now: Instant) -> String {
        let mut text = String::new();
        if let Happening::Rounds { rows, rounds, rate } = happening {
            self.begin(step, &mut text);
            self.round((rows, rounds, rate), now, &mut text);
            return text;
        }
        self.settle(&mut text);
        // Writing to a String cannot fail.
        let _ = match happening {
            Happening::Started => {
                self.running += 1;
                if self.running > 1 || step.tells {
                    self.announced.push_back(step);
                } else {
                    self.close(&mut text);
                    text.push_str(&running(step));
                    self.open = Some(step.id);
                }
                Ok(())
            }
            Happening::StatementStarted { line, sql, options } => {
                self.begin(step, &mut text);
                text.push_str(&place_of(step.file, line, &options));
                text.push('\n');
                lines(sql).lines().try_for_each(|line| writeln!(text, "    {line}"))
            }
            Happening::StatementDone { elapsed } => {
                self.begin(step, &mut text);
                writeln!(text, "    {}", aside(elapsed))
            }
            Happening::Done { elapsed } => {
                self.running = self.running.saturating_sub(1);
                self.done(step, elapsed, &mut text)
            }
            Happening::Log { text: said } => {
                self.begin(step, &mut text);
                lines(said).lines().try_for_each(|line| writeln!(text, "  {line}"))
            }
            Happening::Blocked { by, tried, tries, pause } => {
                self.begin(step, &mut text);
                let (by, pause) = (one_line(&by), shown(pause));
                writeln!(text, "  blocked{by}; trying again in {pause} ({} of {tries})", tried + 1)
            }
            Happening::Moved => {
                self.close(&mut text);
                self.announced.clear();
                self.running = 0;
                writeln!(text, "  another program moved the database; looking again")
            }
            Happening::Edited { revision } => {
                self.close(&mut text);
                writeln!(text, "{} {}, has been edited since", painted(WARNING, "warning:"), one_line(&revision))
            }
            Happening::Waiting { whom } => {
                self.close(&mut text);
                writeln!(text, "  waiting for another program{}", one_line(&whom))
            }
            Happening::Resumed { done, statements } => {
                self.begin(step, &mut text);
                writeln!(text, "  interrupted before: it goes on after statement {done} of {statements}")
            }
            Happening::Rounds { .. } => Ok(()),
        };
        text
    }

    /// What is left to write at the end, good or bad: what comes next starts a line of its own.
    pub(crate) fn end(&mut self) -> String {
        let mut text = String::new();
        self.settle(&mut text);
        self.close(&mut text);
        text
    }

    fn done(&mut self, step: Named<'a>, elapsed: Duration, text: &mut String) -> std::fmt::Result {
        let elapsed = aside(elapsed);
        if self.open == Some(step.id) {
            self.open = None;
            return writeln!(text, " {elapsed}");
        }
        self.close(text);
        match self.take(step) {
            true => writeln!(text, "{} {elapsed}", running(step)),
            false => writeln!(text, "  {} done {elapsed}", painted(ID, step.id)),
        }
    }

    /// A detail of a step comes: the step's own line comes before it, whole.
    fn begin(&mut self, step: Named<'a>, text: &mut String) {
        self.close(text);
        if self.take(step) {
            text.push_str(&running(step));
            text.push('\n');
        }
    }

    /// Whether the step was announced and has no line yet; it gets one now.
    fn take(&mut self, step: Named<'a>) -> bool {
        // It is the first, nearly always.
        let at = self.announced.iter().position(|announced| announced.id == step.id);
        at.and_then(|at| self.announced.remove(at)).is_some()
    }

    fn close(&mut self, text: &mut String) {
        if self.open.take().is_some() {
            text.push('\n');
        }
    }

    /// The first round is said, later ones after a pause, and the last. Which one that is, shows what comes after it.
    fn round(&mut self, told: (u64, u64, Option<u64>), now: Instant, text: &mut String) {
        let (_, rounds, _) = told;
        if rounds <= self.rounds {
            // Another section: its rounds are counted anew.
            self.settle(text);
        }
        let due = match self.said_at {
            None => true,
            Some(said) => now.saturating_duration_since(said) >= PAUSE,
        };
        self.rounds = rounds;
        self.held = Some(told);
        if due && self.rounds_as_they_go {
            self.said_at = Some(now);
            self.say_held(text);
        }
    }

    /// Rounds are over.
    fn settle(&mut self, text: &mut String) {
        self.say_held(text);
        self.rounds = 0;
        self.said_at = None;
    }

    fn say_held(&mut self, text: &mut String) {
        if let Some((rows, rounds, rate)) = self.held.take() {
            let _ = writeln!(text, "  {}", in_rounds(rows, rounds, rate));
        }
    }
}

fn running(step: Named<'_>) -> String {
    let Named { verb, from, to, .. } = step;
    let message = one_line(step.message);
    let paint = |id: &str| if id.is_empty() { String::new() } else { painted(ID, id) };
    let (from, to) = (paint(from), paint(to));
    match message.is_empty() {
        true => format!("Running {verb} {from} -> {to}"),
        false => format!("Running {verb} {from} -> {to}, {message}"),
    }
}

fn aside(elapsed: Duration) -> String {
    painted(ASIDE, format_args!("({})", shown(elapsed)))
}

/// `500 rows in 1 round, 1200 rows/s`; the rate where there is one.
pub(crate) fn in_rounds(rows: u64, rounds: u64, rate: Option<u64>) -> String {
    let rate = rate.map(|rate| format!(", {rate} rows/s")).unwrap_or_default();
    format!("{} in {}{rate}", counted(rows, "row"), counted(rounds, "round"))
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A duration in the unit that suits it.
pub(crate) fn shown(elapsed: Duration) -> String {
    if elapsed < Duration::from_millis(10) {
        format!("{:.1} ms", elapsed.as_secs_f64() * 1e3)
    } else if elapsed < Duration::from_secs(10) {
        format!("{} ms", elapsed.as_millis())
    } else {
        format!("{} s", elapsed.as_secs())
    }
}

#[cfg(test)]
mod tests {
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
        let mut text: String =
            events.iter().map(|(step, happening)| lines.hear(*step, happening.clone(), now)).collect();
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
        let blocked = |by: &str, tried| Happening::Blocked {
            by: by.to_owned(),
            tried,
            tries: 5,
            pause: Duration::from_millis(1250),
        };
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
                vec![
                    (A, started.clone()),
                    (B, started.clone()),
                    (A, Happening::Moved),
                    (B, started.clone()),
                    (B, done(1)),
                ],
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
}
