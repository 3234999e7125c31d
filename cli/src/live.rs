//! The line at the bottom of a terminal that says what runs just now. It comes when a step has taken a second, so that
//! quick ones don't flicker, and goes when there is a line that stays. Those are `lines`', and go through here: a line
//! that is begun waits until it is whole.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lines::{Happening, Named, in_rounds};
use crate::output::place;
use crate::terminal::{one_line, say};

/// How long a step may take before it is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often what is shown changes.
const FRAME: Duration = Duration::from_millis(100);

/// What turns while something runs.
const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// The display, and the thread that draws it: a step that waits for its database says nothing by itself.
#[derive(Debug)]
pub(crate) struct Live {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    screen: Mutex<Screen>,
    ended: Condvar,
}

impl Shared {
    fn screen(&self) -> MutexGuard<'_, Screen> {
        // Nothing that is half done matters here.
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw_until_the_end(&self) {
        let mut screen = self.screen();
        while !screen.over {
            let waited = self.ended.wait_timeout(screen, FRAME);
            screen = waited.unwrap_or_else(PoisonError::into_inner).0;
            if !screen.over {
                screen.draw(Instant::now());
            }
        }
    }
}

impl Live {
    /// Starts the display on standard error. `None` where no thread can be had.
    pub(crate) fn start() -> Option<Live> {
        let screen = Mutex::new(Screen::new(ProgressDrawTarget::stderr, say));
        let shared = Arc::new(Shared { screen, ended: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(move || theirs.draw_until_the_end());
        Some(Live { shared, thread: Some(thread.ok()?) })
    }

    /// Says how many steps there will be; 0 where one doesn't know.
    pub(crate) fn expect(&self, steps: usize) {
        self.shared.screen().status.total = steps;
    }

    /// Takes in what happened, and writes the lines that say so.
    pub(crate) fn hear(&self, step: Named<'static>, happening: Happening<'_>, now: Instant, text: &str) {
        let mut screen = self.shared.screen();
        screen.status.hear(step, happening, now);
        screen.write(text);
    }

    /// Ends the display, and writes the last lines.
    pub(crate) fn end(self, text: &str) {
        self.shared.screen().write(text);
    }
}

impl Drop for Live {
    /// Also where a run is abandoned.
    fn drop(&mut self) {
        let mut screen = self.shared.screen();
        screen.over = true;
        screen.finish();
        drop(screen);
        self.shared.ended.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is drawn where.
struct Screen {
    status: Status,
    bar: Option<ProgressBar>,
    /// A line that was begun.
    rest: String,
    over: bool,
    frames: usize,
    target: fn() -> ProgressDrawTarget,
    say: fn(&str),
}

impl Screen {
    fn new(target: fn() -> ProgressDrawTarget, say: fn(&str)) -> Screen {
        Screen { status: Status::default(), bar: None, rest: String::new(), over: false, frames: 0, target, say }
    }

    fn draw(&mut self, now: Instant) {
        let Some(text) = self.status.text(now) else { return self.clear() };
        self.frames += 1;
        let frame = FRAMES.get(self.frames % FRAMES.len()).copied().unwrap_or_default();
        let target = self.target;
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(None, target());
            // It cuts off what is wider than the terminal.
            match ProgressStyle::with_template("{wide_msg}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_message(format!("{frame} {text}"));
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn write(&mut self, text: &str) {
        self.rest.push_str(text);
        if let Some(end) = self.rest.rfind('\n') {
            let rest = self.rest.split_off(end + 1);
            self.clear();
            (self.say)(&self.rest);
            self.rest = rest;
        }
    }

    fn finish(&mut self) {
        self.clear();
        if !self.rest.is_empty() {
            (self.say)(&self.rest);
            self.rest.clear();
        }
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What runs.
#[derive(Debug, Default)]
struct Status {
    /// How many steps there will be; 0 where nobody knows.
    total: usize,
    done: usize,
    /// The steps that started and are not done: several, where they share a transaction.
    running: VecDeque<Named<'static>>,
    /// The one of them that something was heard of, and what.
    current: Option<(Named<'static>, Doing)>,
    /// When it began, or the first of them did.
    since: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Something,
    Statement { line: Option<u32> },
    Rounds { rows: u64, rounds: u64, rate: Option<u64> },
    Waiting,
}

impl Status {
    fn hear(&mut self, step: Named<'static>, happening: Happening<'_>, now: Instant) {
        match happening {
            Happening::Started => {
                if self.running.is_empty() {
                    (self.current, self.since) = (None, Some(now));
                }
                self.running.push_back(step);
            }
            Happening::Done { .. } => {
                self.done += 1;
                if let Some(at) = self.running.iter().position(|running| running.id == step.id) {
                    self.running.remove(at);
                }
                (self.current, self.since) = (None, Some(now));
            }
            // Another program took some of the steps: what was counted is no longer so.
            Happening::Moved => *self = Status::default(),
            Happening::StatementStarted { line, .. } => self.turn_to(step, Doing::Statement { line }, now),
            Happening::StatementDone { .. } => {}
            Happening::Rounds { rows, rounds, rate } => self.turn_to(step, Doing::Rounds { rows, rounds, rate }, now),
            Happening::Blocked { .. } => self.turn_to(step, Doing::Waiting, now),
            Happening::Log { .. } | Happening::Resumed { .. } => self.turn_to(step, Doing::Something, now),
            Happening::Waiting { .. } | Happening::Edited { .. } => {}
        }
    }

    fn turn_to(&mut self, step: Named<'static>, doing: Doing, now: Instant) {
        if self.running.len() > 1 && self.current.is_none_or(|(current, _)| current.id != step.id) {
            self.since = Some(now);
        }
        self.current = Some((step, doing));
    }

    /// What to show; nothing where nothing runs, or not for long.
    fn text(&self, now: Instant) -> Option<String> {
        let elapsed = now.saturating_duration_since(self.since?);
        let (first, last) = (self.running.front()?, self.running.back()?);
        if elapsed < PATIENCE {
            return None;
        }
        let seconds = elapsed.as_secs();
        let said = match self.current {
            None if first.id != last.id => {
                format!("{} {} in one transaction", first.verb, way(first.from, last.to))
            }
            None | Some((_, Doing::Something)) => {
                let step = self.current.map_or(*first, |(step, _)| step);
                format!("{} {}{}", step.verb, way(step.from, step.to), after(", ", step.message))
            }
            Some((step, Doing::Statement { line })) => {
                let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
                format!("{} {}{line}{}", step.verb, step.id, after(": ", step.message))
            }
            Some((step, Doing::Rounds { rows, rounds, rate })) => {
                format!("{} {}: {}", step.verb, step.id, in_rounds(rows, rounds, rate))
            }
            Some((step, Doing::Waiting)) => format!("{} {}: blocked by a lock", step.verb, step.id),
        };
        Some(format!("{}{seconds} s  {said}", self.count()))
    }

    /// `[2/6] `, or `[2-4/6] ` where it is one of these.
    fn count(&self) -> String {
        let position = |step: &Named<'_>| self.running.iter().position(|running| running.id == step.id).unwrap_or(0);
        let (first, last) = match &self.current {
            Some((step, _)) => (position(step), position(step)),
            None => (0, self.running.len().saturating_sub(1)),
        };
        let (first, last, total) = (self.done + first + 1, self.done + last + 1, self.total);
        match first == last {
            // Nobody knows how many, or what was known is no longer so.
            _ if last > total => String::new(),
            true => format!("[{first}/{total}] "),
            false => format!("[{first}-{last}/{total}] "),
        }
    }
}

/// `a1 -> b2`. The base has no id.
fn way(from: &str, to: &str) -> String {
    let shown = |id| place(Some(id).filter(|id: &&str| !id.is_empty()));
    format!("{} -> {}", shown(from), shown(to))
}

/// A message, where there is one.
fn after(sign: &str, message: &str) -> String {
    if message.is_empty() { String::new() } else { format!("{sign}{}", one_line(message)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use indicatif::TermLike;

    const fn step(id: &'static str, from: &'static str) -> Named<'static> {
        Named { id, verb: "upgrade", from, to: id, message: "what it does", file: "versions/x.sql", tells: false }
    }

    const A: Named<'static> = step("a1", "");
    const B: Named<'static> = step("b2", "a1");
    const C: Named<'static> = Named { message: "", ..step("c3", "b2") };

    fn statement(line: u32) -> Happening<'static> {
        Happening::StatementStarted { line: Some(line), sql: "SELECT 1", options: String::new() }
    }

    const DONE: Happening<'static> = Happening::Done { elapsed: Duration::ZERO };

    #[test]
    fn what_runs_is_shown_after_a_second() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let rounds = |rows, rounds, rate| Happening::Rounds { rows, rounds, rate };
        let blocked = || Happening::Blocked { by: String::new(), tried: 1, tries: 5, pause: Duration::from_secs(1) };
        let mut status = Status { total: 3, ..Status::default() };
        for (millis, step, happening, later, expected) in [
            (0, A, Happening::Started, 999, None),
            (0, A, Happening::Log { text: "x" }, 1000, Some("[1/3] 1 s  upgrade base -> a1, what it does")),
            (2000, A, DONE, 9000, None),
            // Two in one transaction: which one it is, is known where statements are told of.
            (3000, A, Happening::Started, 3500, None),
            (3000, B, Happening::Started, 5000, Some("[2-3/3] 2 s  upgrade base -> b2 in one transaction")),
            (5000, A, statement(7), 5500, None),
            (5000, A, statement(9), 6000, Some("[2/3] 1 s  upgrade a1, line 9: what it does")),
            (7000, B, statement(4), 9000, Some("[3/3] 2 s  upgrade b2, line 4: what it does")),
            (9000, A, DONE, 9000, None),
            (9000, B, DONE, 11000, None),
            (10_000, A, Happening::Started, 10_000, None),
            (11_000, A, rounds(500, 1, None), 11_000, Some("1 s  upgrade a1: 500 rows in 1 round")),
            (12_000, A, rounds(1500, 2, Some(750)), 13_000, Some("3 s  upgrade a1: 1500 rows in 2 rounds, 750 rows/s")),
            (13_000, A, blocked(), 13_000, Some("3 s  upgrade a1: blocked by a lock")),
            (13_000, A, Happening::Moved, 15_000, None),
            (14_000, B, Happening::Started, 15_000, Some("1 s  upgrade a1 -> b2, what it does")),
            (14_000, C, Happening::Log { text: "x" }, 15_000, Some("1 s  upgrade b2 -> c3")),
            (14_000, C, statement(3), 15_000, Some("1 s  upgrade c3, line 3")),
            (
                14_000,
                B,
                rounds(u64::MAX, 1, None),
                15_000,
                Some("1 s  upgrade b2: 18446744073709551615 rows in 1 round"),
            ),
        ] {
            let name = format!("{happening:?} at {millis}");
            status.hear(step, happening, at(millis));
            assert_eq!(status.text(at(later)).as_deref(), expected, "{name}");
        }
    }

    /// A terminal that is one column wide and counts what is drawn.
    #[derive(Debug)]
    struct Narrow;

    static DRAWN: AtomicUsize = AtomicUsize::new(0);
    static CLEARED: AtomicUsize = AtomicUsize::new(0);

    impl TermLike for Narrow {
        fn width(&self) -> u16 {
            1
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, _: &str) -> io::Result<()> {
            Ok(())
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            DRAWN.fetch_add(usize::from(!text.trim().is_empty()), Ordering::Relaxed);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            CLEARED.fetch_add(1, Ordering::Relaxed);
            // Nobody is there to see it.
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    static SAID: Mutex<String> = Mutex::new(String::new());

    #[test]
    fn lines_come_whole_and_after_what_was_drawn_is_gone() {
        let mut screen =
            Screen::new(|| ProgressDrawTarget::term_like(Box::new(Narrow)), |text| SAID.lock().unwrap().push_str(text));
        let start = Instant::now();
        screen.status.hear(A, Happening::Started, start);
        screen.write("Running a");
        screen.draw(start);
        assert_eq!((DRAWN.load(Ordering::Relaxed), SAID.lock().unwrap().as_str()), (0, ""));
        screen.draw(start + PATIENCE);
        assert_eq!((DRAWN.load(Ordering::Relaxed), SAID.lock().unwrap().as_str()), (1, ""));
        let cleared = CLEARED.load(Ordering::Relaxed);
        screen.write(" (1 s)\nRunning b");
        assert!(CLEARED.load(Ordering::Relaxed) > cleared);
        assert_eq!(SAID.lock().unwrap().as_str(), "Running a (1 s)\n");
        screen.finish();
        assert_eq!(SAID.lock().unwrap().as_str(), "Running a (1 s)\nRunning b");
    }
}
