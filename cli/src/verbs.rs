//! One function for each verb: open the database where one is needed, ask the runtime, print the answer. The verbs that
//! only say what would run are in `preview`.

use std::fmt::Write as _;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use revchain::{
    Access, Database, Dialect, Direction, Error, ErrorKind, Migrations, Report, Revision, Target, redacted,
};
use serde_json::{Value, json};

use crate::arguments::{Arguments, Offline, Outcome, Run, Verb};
use crate::choice::Choice;
use crate::failure::{Located, Worded};
use crate::lines::{counted, shown};
use crate::output::{entry, line, marked, place, print, show};
use crate::progress::Progress;
use crate::terminal::{WARNING, say};
use crate::{BoxError, Cli, json, models};

/// The exit code of "not at head" and "would change something".
pub(crate) const NOT_THERE: u8 = 3;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a verb.
pub(crate) async fn run(cli: &Cli, arguments: Arguments) -> Result<ExitCode, BoxError> {
    let Arguments { url, name, quiet, verbose, json, arguments: mut told, mut verb, .. } = arguments;
    match &mut verb {
        Verb::Upgrade { run, .. } | Verb::Downgrade { run, .. } => {
            // Those after the verb come last, and of several values the last is read.
            told.append(&mut run.arguments);
            run.arguments = told;
        }
        // Whoever says `-x tenant=a current` would be told about another database than they mean.
        _ if !told.is_empty() => {
            let message = "-x is for revisions in Rust, which only `upgrade` and `downgrade` run: leave it out\n";
            return Err(clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, message).into());
        }
        _ => {}
    }
    let choice = cli.choose(name.as_deref())?;
    let context = Context { choice, url: url.as_deref(), quiet, verbose, json };
    if !quiet {
        warn_of_password(url.as_deref());
    }
    match verb {
        Verb::Upgrade { target, run, offline } => context.go(Direction::Upgrade, &target, run, &offline).await,
        Verb::Downgrade { target, run, offline } => context.go(Direction::Downgrade, &target, run, &offline).await,
        Verb::Plan { target } => context.plan(&target).await,
        Verb::Status => context.status().await,
        Verb::Current { check_heads } => context.current(check_heads).await,
        Verb::History { rev_range, indicate_current } => {
            context.history(rev_range.as_deref().unwrap_or(""), indicate_current).await
        }
        Verb::Heads => context.heads(),
        Verb::Show { revision, offline } => context.show(&revision, &offline).await,
        Verb::Stamp { target, purge, offline } => context.stamp(&target, purge, &offline).await,
        Verb::Settle { outcome } => context.settle(outcome == Outcome::Ran).await,
        Verb::EnsureVersion { offline } => context.ensure_version(&offline).await,
        // Always JSON, whatever `--json`: nobody is meant to read it.
        Verb::Models => {
            let known = context.choice.models().ok_or_else(models::untold)?;
            print(&json::object("models", models::models(known)))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Says that a password on the command line is everybody's.
pub(crate) fn warn_of_password(url: Option<&str>) {
    if url.is_some_and(has_password) {
        say(&format!(
            "{WARNING}warning:{WARNING:#} `--url` has a password in it, which the list of processes and the shell's history \
             show to others; put the URL into the environment variable DATABASE_URL instead\n"
        ));
    }
}

/// Whether a URL has a password that is not empty.
fn has_password(url: &str) -> bool {
    let shown = redacted(url);
    shown != url && shown.replace("***", "") != url
}

/// What every verb knows.
pub(crate) struct Context<'a> {
    pub(crate) choice: Choice<'a>,
    pub(crate) url: Option<&'a str>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) json: bool,
}

impl Context<'_> {
    pub(crate) fn migrations(&self) -> &'static Migrations {
        self.choice.migrations()
    }

    pub(crate) async fn open(&self, access: Access) -> Result<Database, BoxError> {
        let url = self.choice.url(self.url)?;
        opened(&url, access).await
    }

    /// The dialect that SQL is written for: `--dialect`, or what the URL says. Nothing is connected to.
    pub(crate) fn dialect(&self, offline: &Offline) -> Result<Dialect, BoxError> {
        match offline.dialect {
            Some(dialect) => Ok(dialect),
            None => self.choice.dialect(self.url),
        }
    }

    /// Prints what was asked for: text, or the object of a command.
    pub(crate) fn answer(&self, command: &str, text: &str, said: impl FnOnce() -> Value) -> Result<(), BoxError> {
        match self.json {
            true => print(&json::object(command, said())),
            false => show(text),
        }
    }

    /// The same for SQL, which goes as it is to who runs it.
    pub(crate) fn answer_in_sql(&self, command: &str, sql: &str, said: impl FnOnce() -> Value) -> Result<(), BoxError> {
        match self.json {
            true => print(&json::object(command, said())),
            false => print(sql),
        }
    }

    /// Prints a script, whole or not at all.
    pub(crate) fn script(&self, command: &str, script: &str) -> Result<ExitCode, BoxError> {
        if script.is_empty() {
            self.note("There is nothing to do between these two revisions; the script is empty.");
        }
        self.answer_in_sql(command, script, || json!({ "sql": script }))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Upgrades or downgrades.
    async fn go(&self, direction: Direction, target: &str, run: Run, offline: &Offline) -> Result<ExitCode, BoxError> {
        if offline.sql {
            let script = self.migrations().script(self.dialect(offline)?, direction, target)?;
            return self.script(direction.name(), &script);
        }
        Target::parse(target)?.check(direction)?;
        self.check(target)?;
        let mut database = self.open(Access::Read).await?;
        if run.dry_run {
            return self.preview(direction.name(), &mut database, direction, target).await;
        }
        if database.is_missing() && direction == Direction::Upgrade {
            // A target that does not fit is refused before there is a file.
            self.migrations()
                .plan(&mut database, direction, target)
                .await
                .map_err(|error| located(error, &database))?;
            database = self.open(Access::Write).await?;
        }
        let statements_of = self.verbose.then(|| database.dialect());
        let mut progress = Progress::new(self.quiet, self.json, statements_of);
        if progress.is_live() {
            // Only for the count. What keeps it from being known is the run's to say.
            let plan = self.migrations().plan(&mut database, direction, target).await;
            progress.expect(plan.map_or(0, |plan| plan.steps().len()));
        }
        let mut migrator = self.migrations().migrator().on_event(|event| progress.show(event));
        if self.verbose {
            migrator = migrator.watch_statements();
        }
        for (key, value) in run.arguments {
            migrator = migrator.argument(key, value);
        }
        if let Some(tag) = run.tag {
            migrator = migrator.tag(tag);
        }
        if let Some(pause) = run.pause {
            migrator = migrator.pause(pause);
        }
        let (verb, done) = match direction {
            Direction::Upgrade => ("Upgraded", migrator.upgrade(&mut database, target).await),
            Direction::Downgrade => ("Downgraded", migrator.downgrade(&mut database, target).await),
        };
        progress.end();
        let report = done.map_err(|error| located(error, &database))?;
        self.summarise(verb, &report, &database);
        self.answer(direction.name(), "", || json::report(&report, database.url()))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses a target that no database could make sense of, before one is opened.
    pub(crate) fn check(&self, target: &str) -> Result<(), Error> {
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

    async fn stamp(&self, target: &str, purge: bool, offline: &Offline) -> Result<ExitCode, BoxError> {
        if offline.sql {
            return self.script("stamp", &self.migrations().stamp_script(self.dialect(offline)?, target)?);
        }
        self.check(target)?;
        let mut database = self.open(Access::Read).await?;
        if database.is_missing() {
            // A step that leads nowhere is refused before there is a file. (Which dialects the chain serves is no
            // stamp's concern.)
            match self.migrations().plan(&mut database, Direction::Upgrade, target).await {
                Err(error)
                    if matches!(error.kind(), ErrorKind::RelativeCount { .. } | ErrorKind::WalkedTooFar { .. }) =>
                {
                    return Err(located(error, &database));
                }
                _ => {}
            }
            database = self.open(Access::Write).await?;
        }
        let done = self.migrations().migrator().purge(purge).stamp(&mut database, target).await;
        let report = done.map_err(|error| located(error, &database))?;
        let (from, to) = (place(report.from()), place(report.to()));
        self.note(&match from == to {
            true => format!("The database is already at {to}: {}", database.url()),
            false => format!("Stamped {from} -> {to}. Nothing was run."),
        });
        self.answer("stamp", "", || json::report(&report, database.url()))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn settle(&self, ran: bool) -> Result<ExitCode, BoxError> {
        let mut database = self.open(Access::Read).await?;
        let step = self.migrations().settle(&mut database, ran).await.map_err(|error| located(error, &database))?;
        self.note(&match &step {
            Some(step) => format!(
                "Noted that it {}. The next run goes on with {}.",
                if ran { "ran" } else { "did not run" },
                step.revision().id()
            ),
            None => format!("Nothing is in doubt: {}", database.url()),
        });
        let settled = step.map(|step| step.revision().id());
        self.answer("settle", "", || json!({ "database": database.url(), "revision": settled }))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn ensure_version(&self, offline: &Offline) -> Result<ExitCode, BoxError> {
        if offline.sql {
            return self.script("ensure-version", &self.migrations().version_table_script(self.dialect(offline)?));
        }
        let mut database = self.open(Access::Write).await?;
        let done = self.migrations().ensure_version(&mut database).await;
        let created = done.map_err(|error| located(error, &database))?;
        let table = self.migrations().version_table();
        self.note(&match created {
            true => format!("Made the version table {table}: {}", database.url()),
            false => format!("The version table {table} is there already: {}", database.url()),
        });
        let said = || json!({ "database": database.url(), "version_table": table, "created": created });
        self.answer("ensure-version", "", said)?;
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

    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            say(&format!("{text}\n"));
        }
    }

    async fn current(&self, check_heads: bool) -> Result<ExitCode, BoxError> {
        let mut database = self.open(Access::Read).await?;
        let current = self.migrations().current(&mut database).await.map_err(|error| located(error, &database))?;
        let is_head = current.is_head();
        let mut text = String::new();
        if self.verbose {
            let _ = writeln!(text, "Current revision(s) for {}:", database.url());
        }
        match current.revision() {
            Some(revision) if self.verbose => entry(&mut text, &revision, is_head, false),
            Some(revision) => {
                let _ = writeln!(text, "{}", marked(revision.id(), is_head, false));
            }
            // Alembic prints nothing here, and people take that for a failure. Standard output stays as empty.
            None if database.is_missing() => {
                self.note(&format!("The database is at base, for its file does not exist: {}", database.url()));
            }
            None => self.note(&format!("The database is at base, no revision is applied: {}", database.url())),
        }
        self.answer("current", &text, || json::current(&current, database.url()))?;
        if check_heads && !is_head {
            let head = self.migrations().head();
            let head = head.as_ref().map_or("base", Revision::id);
            self.note(&format!(
                "Database is not on all head revisions: it is at {}, the head is {head}, {} to go.",
                place(current.id()),
                current.pending(),
            ));
            return Ok(ExitCode::from(NOT_THERE));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn history(&self, range: &str, indicate_current: bool) -> Result<ExitCode, BoxError> {
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
            if self.verbose {
                if position > 0 {
                    text.push('\n');
                }
                entry(&mut text, &history.revision(), history.is_head(), history.is_current());
            } else {
                let _ = writeln!(text, "{}", line(history));
            }
        }
        self.answer("history", &text, || json::history(&entries, indicate_current))?;
        Ok(ExitCode::SUCCESS)
    }

    fn heads(&self) -> Result<ExitCode, BoxError> {
        let mut text = String::new();
        match self.migrations().head() {
            Some(head) if self.verbose => entry(&mut text, &head, true, false),
            Some(head) => {
                let _ = writeln!(text, "{}", marked(head.id(), true, false));
            }
            None => self.note("The chain is empty."),
        }
        let heads: Vec<Value> = self.migrations().head().iter().map(|head| json::revision(head, true)).collect();
        self.answer("heads", &text, || json!({ "revisions": heads }))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, identifier: &str, offline: &Offline) -> Result<ExitCode, BoxError> {
        let revision = match identifier {
            "current" => {
                let mut database = self.open(Access::Read).await?;
                let current = self.migrations().current(&mut database).await;
                current.map_err(|error| located(error, &database))?.revision()
            }
            _ => self.migrations().find(identifier)?,
        };
        if offline.sql {
            return self.show_sql(revision, self.dialect(offline)?);
        }
        let is_head = self.migrations().head().is_some_and(|head| revision.is_some_and(|it| head.id() == it.id()));
        let mut text = String::new();
        match &revision {
            Some(revision) => entry(&mut text, revision, is_head, false),
            None => self.note("That is the base: there is no revision to show."),
        }
        let shown = revision.map(|revision| json::revision(&revision, is_head));
        self.answer("show", &text, || json!({ "revision": shown }))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens a database, as far as it answers in time.
pub(crate) async fn opened(url: &str, access: Access) -> Result<Database, BoxError> {
    in_time(PATIENCE, url, Database::open(url, access)).await
}

/// Gives up on a server that does not answer. (The drivers wait as long as the operating system does: minutes.)
async fn in_time<T>(
    patience: Duration,
    url: &str,
    opened: impl Future<Output = Result<T, Error>>,
) -> Result<T, BoxError> {
    match tokio::time::timeout(patience, opened).await {
        Ok(done) => Ok(done?),
        Err(_) => {
            let (url, seconds) = (revchain::redacted(url), patience.as_secs());
            let text = format!(
                "can't connect to `{url}`: no answer within {seconds} s\n  help: check that the server runs, that the URL \
                 is right, and that no firewall is in between"
            );
            Err(Worded { kind: "connection", text, database: Some(url) }.into())
        }
    }
}

/// An error, and which database gave it: the wrong one is the likeliest cause of many.
pub(crate) fn located(error: Error, database: &Database) -> BoxError {
    let says_so_or_is_not_about_it = matches!(
        error.kind(),
        ErrorKind::BadTarget { .. }
            | ErrorKind::UnknownTarget { .. }
            | ErrorKind::AmbiguousTarget { .. }
            | ErrorKind::BadRange { .. }
            | ErrorKind::ReversedRange { .. }
            | ErrorKind::RangeNotAllowed { .. }
            | ErrorKind::BadUrl { .. }
            | ErrorKind::Connection { .. }
    );
    match says_so_or_is_not_about_it {
        true => error.into(),
        false => Located { error, database: database.url().to_owned() }.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up() {
        let url = "postgres://me:secret@host/db";
        let never = std::future::pending::<Result<(), Error>>();
        let error = in_time(Duration::ZERO, url, never).await.unwrap_err().to_string();
        assert!(error.starts_with("can't connect to `postgres://me:***@host/db`: no answer within 0 s"), "{error}");
    }
}
