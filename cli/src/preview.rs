//! The verbs that say what would run, or what did, and change nothing: `plan`, `--dry-run`, `status`, `show --sql`.

use std::fmt::Write as _;
use std::process::ExitCode;

use revchain::{Access, Database, Dialect, Direction, Plan, Revision};
use serde_json::json;

use crate::lines::counted;
use crate::output::{place, statement};
use crate::terminal::{ID, one_line, painted};
use crate::verbs::{Context, NOT_THERE, located};
use crate::{BoxError, json};

impl Context<'_> {
    /// `plan`: whichever way the target lies.
    pub(crate) async fn plan(&self, target: &str) -> Result<ExitCode, BoxError> {
        self.check(target)?;
        let mut database = self.open(Access::Read).await?;
        let mut direction = Direction::Upgrade;
        if target.starts_with('-') {
            direction = Direction::Downgrade;
        } else {
            let plan = self.migrations().plan(&mut database, direction, target).await;
            if plan.map_err(|error| located(error, &database))?.target_is_behind() {
                direction = Direction::Downgrade;
            }
        }
        self.preview("plan", &mut database, direction, target).await
    }

    /// Prints the plan of a verb. The exit code says whether there is anything to do.
    pub(crate) async fn preview(
        &self,
        command: &str,
        database: &mut Database,
        direction: Direction,
        target: &str,
    ) -> Result<ExitCode, BoxError> {
        let plan = self.migrations().plan(&mut *database, direction, target).await;
        let plan = plan.map_err(|error| located(error, database))?;
        self.answer(command, &self.steps(&plan), || json::plan(&plan, database.url()))?;
        if plan.is_empty() {
            let at = place(plan.to().map(|revision| revision.id()));
            self.note(&match plan.target_is_behind() {
                true => format!("The database is at {at}, past that revision: nothing would run."),
                false => format!("The database is already at {at}: {}", database.url()),
            });
            return Ok(ExitCode::SUCCESS);
        }
        let count = counted(plan.steps().len() as u64, "revision");
        let verb = direction.name();
        self.note(&format!("{count} to {verb} on {}. Nothing was changed.", database.url()));
        Ok(ExitCode::from(NOT_THERE))
    }

    fn steps(&self, plan: &Plan) -> String {
        let mut text = String::new();
        for step in plan.steps() {
            let revision = step.revision();
            let paint = |id: Option<&str>| id.map(|id| painted(ID, id)).unwrap_or_default();
            let _ = write!(text, "{} {} -> {}", step.direction().name(), paint(step.from()), paint(step.to()));
            match revision.message() {
                "" => text.push('\n'),
                message => {
                    let _ = writeln!(text, ", {}", one_line(message));
                }
            }
            match step.statements(plan.dialect()) {
                None => {
                    let _ = writeln!(text, "  {} (Rust: only running it tells what it does)", revision.file());
                }
                Some(statements) if statements.is_empty() => {
                    let _ = writeln!(text, "  nothing to do on {}", plan.dialect().name());
                }
                Some(statements) => {
                    statements.iter().for_each(|one| statement(&mut text, revision.file(), one, self.verbose));
                }
            }
        }
        text
    }

    /// Where everything stands. The exit code says whether that is head.
    pub(crate) async fn status(&self) -> Result<ExitCode, BoxError> {
        let mut database = self.open(Access::Read).await?;
        let current = self.migrations().current(&mut database).await.map_err(|error| located(error, &database))?;
        let under_way = self.migrations().under_way(&mut database).await.map_err(|error| located(error, &database))?;
        let edited = self.migrations().edited(&mut database).await.map_err(|error| located(error, &database))?;
        let head = self.migrations().head();
        let missing = if database.is_missing() { ", whose file does not exist" } else { "" };
        let absent = if current.has_version_table() { "" } else { ", which does not exist yet" };
        let mut text = String::new();
        let _ = writeln!(text, "Database: {} ({}){missing}", database.url(), current.dialect().name());
        let _ = writeln!(text, "Version table: {}{absent}", self.migrations().version_table());
        let _ = writeln!(text, "Current: {}", place(current.id()));
        let _ = writeln!(text, "Head: {}", place(head.as_ref().map(Revision::id)));
        let _ = writeln!(text, "Pending: {}", counted(current.pending() as u64, "revision"));
        if let Some(step) = &under_way {
            let state = if step.is_running() == Some(false) { "Interrupted" } else { "Under way" };
            let (way, id, done, of) = (step.direction(), step.revision(), step.done(), step.statements());
            let doubt = if step.is_in_doubt() { ", the next one was begun" } else { "" };
            let _ = writeln!(text, "{state}: {way} of {id}, {done} of {of} statements done{doubt}");
            let _ = writeln!(text, "  since {}: {}", step.since(), step.who());
            if let Some(error) = step.error() {
                let _ = writeln!(text, "  {}", crate::terminal::one_line(error));
            }
        }
        for revision in &edited {
            let _ = writeln!(text, "Edited since: {}", crate::terminal::one_line(&revision.to_string()));
        }
        let said = || json::status(&current, self.migrations(), database.url(), under_way.as_ref(), &edited);
        self.answer("status", &text, said)?;
        Ok(if current.is_head() && under_way.is_none() { ExitCode::SUCCESS } else { ExitCode::from(NOT_THERE) })
    }

    /// The statements of one revision, both ways, as they stand in the file: no version row, no transaction.
    pub(crate) fn show_sql(&self, revision: Option<Revision>, dialect: Dialect) -> Result<ExitCode, BoxError> {
        let Some(revision) = revision else {
            self.note("That is the base: there is no revision to show.");
            self.answer("show", "", || json!({ "revision": null, "steps": [] }))?;
            return Ok(ExitCode::SUCCESS);
        };
        let both = [Direction::Upgrade, Direction::Downgrade];
        let steps: Vec<_> = both.iter().filter_map(|way| self.migrations().step(revision.id(), *way)).collect();
        let mut text = String::new();
        for step in &steps {
            let _ = writeln!(text, "-- {} {}", step.direction().name(), revision.id());
            match (step.statements(dialect), step.irreversible(dialect)) {
                (_, Some(reason)) => {
                    let _ = writeln!(text, "-- irreversible: {reason}");
                }
                (None, _) => {
                    let _ = writeln!(text, "-- {}: written in Rust", revision.file());
                }
                (Some(_), _) if !step.serves(dialect) => {
                    let _ = writeln!(text, "-- the chain does not serve {}", dialect.name());
                }
                (Some(statements), _) => {
                    for one in statements {
                        // A comment at the end would swallow the terminator.
                        let comment = one.sql().lines().next_back().is_some_and(|last| last.contains("--"));
                        let _ = writeln!(text, "{}{};", one.sql(), if comment { "\n" } else { "" });
                    }
                }
            }
        }
        let is_head = self.migrations().head().is_some_and(|head| head.id() == revision.id());
        self.answer_in_sql("show", &text, || {
            let steps: Vec<_> = steps.iter().map(|step| json::step(step, dialect)).collect();
            json!({ "dialect": dialect.name(), "revision": json::revision(&revision, is_head), "steps": steps })
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
