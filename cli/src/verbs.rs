//! One function for each verb: open the database where one is needed, ask the runtime, print the answer.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use revchain::{Access, Database, Direction, Error, ErrorKind, HistoryEntry, Migrations, Report, Revision, Target};

use crate::arguments::{Arguments, Verb};
use crate::progress::{Progress, counted, say, shown};
use crate::{BoxError, Cli};

/// The exit code of "not at head".
const NOT_AT_HEAD: u8 = 3;

/// Runs a verb.
pub(crate) async fn run(cli: &Cli, arguments: Arguments) -> Result<ExitCode, BoxError> {
    let Arguments { url, quiet, verb } = arguments;
    let context = Context { cli, url: url.as_deref(), quiet };
    match verb {
        Verb::Upgrade { target } => context.go(Direction::Upgrade, &target).await,
        Verb::Downgrade { target } => context.go(Direction::Downgrade, &target).await,
        Verb::Current { verbose, check_heads } => context.current(verbose, check_heads).await,
        Verb::History { rev_range, verbose, indicate_current } => {
            context.history(rev_range.as_deref().unwrap_or(""), verbose, indicate_current).await
        }
        Verb::Heads { verbose } => context.heads(verbose),
        Verb::Show { revision } => context.show(&revision).await,
        Verb::Stamp { target, purge } => context.stamp(&target, purge).await,
    }
}

struct Context<'a> {
    cli: &'a Cli,
    url: Option<&'a str>,
    quiet: bool,
}

impl Context<'_> {
    fn migrations(&self) -> &'static Migrations {
        self.cli.migrations
    }

    async fn open(&self, access: Access) -> Result<Database, BoxError> {
        Ok(Database::open(&self.cli.database_url(self.url)?, access).await?)
    }

    /// Upgrades or downgrades.
    async fn go(&self, direction: Direction, target: &str) -> Result<ExitCode, BoxError> {
        self.check(target)?;
        let mut database = self.open(Access::Read).await?;
        if database.is_missing() && direction == Direction::Upgrade {
            // A target that does not fit is refused before there is a file.
            self.migrations()
                .plan(&mut database, direction, target)
                .await
                .map_err(|error| located(error, &database))?;
            database = self.open(Access::Write).await?;
        }
        let mut progress = Progress::new(self.quiet);
        let migrator = self.migrations().migrator().on_event(|event| progress.show(event));
        let (verb, done) = match direction {
            Direction::Upgrade => ("Upgraded", migrator.upgrade(&mut database, target).await),
            Direction::Downgrade => ("Downgraded", migrator.downgrade(&mut database, target).await),
        };
        progress.end();
        self.summarise(verb, &done.map_err(|error| located(error, &database))?, &database);
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses a target that no database could make sense of, before one is opened.
    fn check(&self, target: &str) -> Result<(), Error> {
        if target.starts_with(['+', '-']) {
            return Target::parse(target).map(drop);
        }
        match self.migrations().find(target) {
            // `<id>-2` has its own words in each direction, and those are the verb's.
            Err(error) if !matches!(error.kind(), ErrorKind::RelativeCount { .. } | ErrorKind::WalkedTooFar { .. }) => {
                Err(error)
            }
            _ => Ok(()),
        }
    }

    async fn stamp(&self, target: &str, purge: bool) -> Result<ExitCode, BoxError> {
        self.check(target)?;
        let mut database = self.open(Access::Write).await?;
        let done = self.migrations().migrator().purge(purge).stamp(&mut database, target).await;
        let report = done.map_err(|error| located(error, &database))?;
        let (from, to) = (place(report.from()), place(report.to()));
        self.note(&match from == to {
            true => format!("The database is already at {to}: {}", database.url()),
            false => format!("Stamped {from} -> {to}. Nothing was run."),
        });
        Ok(ExitCode::SUCCESS)
    }

    /// Says where a run led, and why where it led nowhere.
    fn summarise(&self, verb: &str, report: &Report, database: &Database) {
        let to = place(report.to());
        let elapsed = report.steps().iter().map(revchain::StepReport::elapsed).sum();
        self.note(&match report.steps().len() {
            0 if report.target_is_behind() => {
                format!("The database is at {to}, past that revision; nothing was done. To go back, use downgrade.")
            }
            0 => format!("The database is already at {to}: {}", database.url()),
            count => {
                let count = counted(count as u64, "revision");
                format!("{verb} {} to {to}: {count} in {}.", database.url(), shown(elapsed))
            }
        });
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            say(&format!("{text}\n"));
        }
    }

    async fn current(&self, verbose: bool, check_heads: bool) -> Result<ExitCode, BoxError> {
        let mut database = self.open(Access::Read).await?;
        let current = self.migrations().current(&mut database).await.map_err(|error| located(error, &database))?;
        let is_head = current.is_head();
        let mut text = String::new();
        if verbose {
            let _ = writeln!(text, "Current revision(s) for {}:", database.url());
        }
        match current.revision() {
            Some(revision) if verbose => entry(&mut text, &revision, is_head, false),
            Some(revision) => {
                let _ = writeln!(text, "{}{}", revision.id(), if is_head { " (head)" } else { "" });
            }
            // Alembic prints nothing here, and people take that for a failure. Standard output stays as empty.
            None if database.is_missing() => {
                self.note(&format!("The database is at base, for its file does not exist: {}", database.url()));
            }
            None => self.note(&format!("The database is at base, no revision is applied: {}", database.url())),
        }
        print(&text)?;
        if check_heads && !is_head {
            let head = self.migrations().head();
            let head = head.as_ref().map_or("base", Revision::id);
            self.note(&format!(
                "Database is not on all head revisions: it is at {}, the head is {head}, {} to go.",
                place(current.id()),
                current.pending(),
            ));
            return Ok(ExitCode::from(NOT_AT_HEAD));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn history(&self, range: &str, verbose: bool, indicate_current: bool) -> Result<ExitCode, BoxError> {
        let offline = if indicate_current { None } else { self.migrations().history_offline(range)? };
        let entries = match offline {
            Some(entries) => entries,
            None => {
                let mut database = self.open(Access::Read).await?;
                let history = self.migrations().history(&mut database, range).await;
                history.map_err(|error| located(error, &database))?
            }
        };
        let mut text = String::new();
        for (position, history) in entries.iter().enumerate() {
            if verbose {
                if position > 0 {
                    text.push('\n');
                }
                entry(&mut text, &history.revision(), history.is_head(), history.is_current());
            } else {
                let _ = writeln!(text, "{}", line(history));
            }
        }
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    fn heads(&self, verbose: bool) -> Result<ExitCode, BoxError> {
        let mut text = String::new();
        match self.migrations().head() {
            Some(head) if verbose => entry(&mut text, &head, true, false),
            Some(head) => {
                let _ = writeln!(text, "{} (head)", head.id());
            }
            None => self.note("The chain is empty."),
        }
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, identifier: &str) -> Result<ExitCode, BoxError> {
        let revision = match identifier {
            "current" => {
                let mut database = self.open(Access::Read).await?;
                let current = self.migrations().current(&mut database).await;
                current.map_err(|error| located(error, &database))?.revision()
            }
            _ => self.migrations().find(identifier)?,
        };
        let mut text = String::new();
        match revision {
            Some(revision) => {
                let is_head = self.migrations().head().is_some_and(|head| head.id() == revision.id());
                entry(&mut text, &revision, is_head, false);
            }
            None => self.note("That is the base: there is no revision to show."),
        }
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// `fc3df1d9ee4e`, or `base`.
fn place(id: Option<&str>) -> &str {
    id.unwrap_or("base")
}

/// Alembic's line of a history: `<down> -> <rev> (head) (current), <message>`.
fn line(entry: &HistoryEntry) -> String {
    let revision = entry.revision();
    let mut text = format!("{} -> {}", revision.down_revision().unwrap_or("<base>"), revision.id());
    if entry.is_head() {
        text.push_str(" (head)");
    }
    if entry.is_current() {
        text.push_str(" (current)");
    }
    if !revision.message().is_empty() {
        let _ = write!(text, ", {}", revision.message());
    }
    text
}

/// Alembic's entry of a revision.
fn entry(text: &mut String, revision: &Revision, is_head: bool, is_current: bool) {
    let head = if is_head { " (head)" } else { "" };
    let current = if is_current { " (current)" } else { "" };
    let _ = writeln!(text, "Rev: {}{head}{current}", revision.id());
    let _ = writeln!(text, "Parent: {}", revision.down_revision().unwrap_or("<base>"));
    let _ = writeln!(text, "Path: {}", revision.file());
    if let Some(created) = revision.created() {
        let _ = writeln!(text, "Created: {created}");
    }
    if !revision.message().is_empty() {
        let _ = writeln!(text, "\n    {}", revision.message());
    }
}

/// An error, and which database gave it: the wrong one is the likeliest cause of many.
fn located(error: Error, database: &Database) -> BoxError {
    let says_so_or_is_not_about_it = matches!(
        error.kind(),
        ErrorKind::BadTarget { .. }
            | ErrorKind::UnknownTarget { .. }
            | ErrorKind::AmbiguousTarget { .. }
            | ErrorKind::BadRange { .. }
            | ErrorKind::ReversedRange { .. }
            | ErrorKind::BadUrl { .. }
            | ErrorKind::Connection { .. }
    );
    match says_so_or_is_not_about_it {
        true => error.into(),
        false => format!("{error}\n  database: {}", database.url()).into(),
    }
}

/// Prints to standard output. A reader that has gone away (`| head`) is not an error.
fn print(text: &str) -> Result<(), BoxError> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("can't write to standard output: {error}").into())
        }
        _ => Ok(()),
    }
}
