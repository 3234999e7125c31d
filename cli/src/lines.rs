//! What happens during a run, as lines, in Alembic's words. Pure: text comes out, and the time comes in.
//!
//! A step's line is begun when it starts, and its time is the line's end, unless something was said in between: then the
//! time has a line of its own. Of steps that share a transaction, all start before the first statement, and all are done
//! after the commit. The first of them has its line begun then; the others get theirs when there is something to say.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use revchain::{Dialect, Event, Runs, Step};

use crate::output::{place_of, runs};
use crate::terminal::{ASIDE, ID, lines, one_line, painted};

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

/// What happened to a step. The runtime's own events cannot be made by anybody else, tests for instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happening<'a> {
    Started,
    /// With its section's options, and whether they have it run again and again.
    StatementStarted {
        line: u32,
        sql: &'a str,
        options: String,
        repeats: bool,
    },
    StatementDone {
        line: u32,
        elapsed: Duration,
    },
    Rounds {
        rows: u64,
        rounds: u64,
    },
    Done {
        elapsed: Duration,
    },
    Log {
        text: &'a str,
    },
    Moved,
}

/// Reads an event. `None` for one that there were no words for when this was written. `statements_of` is set where
/// statements are told of.
pub(crate) fn read(event: Event<'_>, statements_of: Option<Dialect>) -> Option<(Named<'static>, Happening<'_>)> {
    let (step, happening) = match event {
        Event::StepStarted { step, .. } => (step, Happening::Started),
        Event::StatementStarted { step, line, sql, .. } => {
            let how = runs_of(step, line, statements_of);
            let repeats = matches!(how, Some(Runs::Repeatedly { .. }));
            let options = how.map(runs).unwrap_or_default();
            (step, Happening::StatementStarted { line, sql, options, repeats })
        }
        Event::StatementDone { step, line, elapsed, .. } => (step, Happening::StatementDone { line, elapsed }),
        Event::BatchProgress { step, rows, rounds, .. } => (step, Happening::Rounds { rows, rounds }),
        Event::StepDone { step, elapsed, .. } => (step, Happening::Done { elapsed }),
        Event::Log { step, text, .. } => (step, Happening::Log { text }),
        Event::MovedElsewhere { step, .. } => (step, Happening::Moved),
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

fn runs_of(step: &Step, line: u32, dialect: Option<Dialect>) -> Option<Runs> {
    let statements = dialect.and_then(|dialect| step.statements(dialect)).unwrap_or_default();
    statements.iter().find(|one| one.line() == line).map(|one| one.runs())
}

/// What is between one event and the next.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    /// Whether rounds get a line while they go on, or their last one only.
    rounds_as_they_go: bool,
    /// Steps that started and have no line yet.
    announced: Vec<Named<'a>>,
    /// How many started and are not done.
    running: usize,
    /// The step whose line was begun and waits for its end.
    open: Option<&'a str>,
    /// The statement of a `repeat` section that has been shown, step and line, and how long it has run: it may be told of
    /// once for each round.
    repeated: Option<(&'a str, u32)>,
    spent: Option<Duration>,
    /// Rounds so far; when a line told of them; and what no line has told of yet.
    rounds: u64,
    said_at: Option<Instant>,
    held: Option<(u64, u64)>,
}

impl<'a> Lines<'a> {
    pub(crate) const fn new(rounds_as_they_go: bool) -> Lines<'a> {
        Lines {
            rounds_as_they_go,
            announced: Vec::new(),
            running: 0,
            open: None,
            repeated: None,
            spent: None,
            rounds: 0,
            said_at: None,
            held: None,
        }
    }

    /// What to write for an event that comes at a time.
    pub(crate) fn hear(&mut self, step: Named<'a>, happening: Happening<'_>, now: Instant) -> String {
        let mut text = String::new();
        if let Happening::Rounds { rows, rounds } = happening {
            self.begin(step, &mut text);
            self.round(rows, rounds, now, &mut text);
            return text;
        }
        match happening {
            Happening::StatementStarted { line, .. } if self.repeated == Some((step.id, line)) => return text,
            Happening::StatementDone { line, elapsed } if self.repeated == Some((step.id, line)) => {
                self.spent = Some(self.spent.unwrap_or_default().saturating_add(elapsed));
                return text;
            }
            _ => self.settle(&mut text),
        }
        // Writing to a String cannot fail.
        let _ = match happening {
            Happening::Started => {
                self.running += 1;
                if self.running > 1 || step.tells {
                    self.announced.push(step);
                } else {
                    self.close(&mut text);
                    text.push_str(&running(step));
                    self.open = Some(step.id);
                }
                Ok(())
            }
            Happening::StatementStarted { line, sql, options, repeats } => {
                self.begin(step, &mut text);
                text.push_str(&place_of(step.file, line, &options));
                text.push('\n');
                if repeats {
                    self.repeated = Some((step.id, line));
                }
                lines(sql).lines().try_for_each(|line| writeln!(text, "    {line}"))
            }
            Happening::StatementDone { elapsed, .. } => {
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
            Happening::Moved => {
                self.close(&mut text);
                self.announced.clear();
                self.running = 0;
                writeln!(text, "  another program moved the database; looking again")
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
        let before = self.announced.len();
        self.announced.retain(|announced| announced.id != step.id);
        self.announced.len() < before
    }

    fn close(&mut self, text: &mut String) {
        if self.open.take().is_some() {
            text.push('\n');
        }
    }

    /// The first round is said, later ones after a pause, and the last. Which one that is, shows what comes after it.
    fn round(&mut self, rows: u64, rounds: u64, now: Instant, text: &mut String) {
        if rounds <= self.rounds {
            // Another section: its rounds are counted anew.
            self.settle(text);
        }
        let due = match self.said_at {
            None => true,
            Some(said) => now.saturating_duration_since(said) >= PAUSE,
        };
        self.rounds = rounds;
        self.held = Some((rows, rounds));
        if due && self.rounds_as_they_go {
            self.said_at = Some(now);
            self.say_held(text);
        }
    }

    /// Rounds are over.
    fn settle(&mut self, text: &mut String) {
        self.say_held(text);
        if let Some(spent) = self.spent.take() {
            let _ = writeln!(text, "    {}", aside(spent));
        }
        self.rounds = 0;
        self.said_at = None;
        self.repeated = None;
    }

    fn say_held(&mut self, text: &mut String) {
        if let Some((rows, rounds)) = self.held.take() {
            let _ = writeln!(text, "  {}", in_rounds(rows, rounds));
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

/// `500 rows in 1 round`.
pub(crate) fn in_rounds(rows: u64, rounds: u64) -> String {
    format!("{} in {}", counted(rows, "row"), counted(rounds, "round"))
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
