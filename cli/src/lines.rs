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
mod tests;
