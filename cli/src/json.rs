//! What was asked for, as JSON: one object, whose shapes `docs/json.md` describes. `version` changes when a member goes
//! away or changes its meaning; members may be added without.

use revchain::{Current, Dialect, EditedRevision, HistoryEntry, Migrations, Plan, Report, Revision, Step};
use serde_json::{Map, Value, json};

use crate::output::runs;

/// The version of the shapes.
const VERSION: u32 = 1;

/// The object of a command: `version` and `command`, and what is said. There is no command where the words made none.
pub(crate) fn object<'a>(command: impl Into<Option<&'a str>>, said: Value) -> String {
    let mut object = Map::new();
    object.insert("version".to_owned(), VERSION.into());
    object.insert("command".to_owned(), command.into().into());
    if let Value::Object(said) = said {
        object.extend(said);
    }
    // Maps of strings and numbers have no way to fail; `Display` of a Value writes compact JSON, `:#` indents it.
    format!("{:#}\n", Value::Object(object))
}

pub(crate) fn revision(revision: &Revision, is_head: bool) -> Value {
    json!({
        "revision": revision.id(),
        "down_revision": revision.down_revision(),
        "message": revision.message(),
        "created": revision.created(),
        "file": revision.file(),
        "checksum": format!("{:032x}", revision.checksum()),
        "is_head": is_head,
    })
}

pub(crate) fn history(entries: &[HistoryEntry], marks_current: bool) -> Value {
    let entry = |entry: &HistoryEntry| {
        let mut value = revision(&entry.revision(), entry.is_head());
        if let (Value::Object(members), true) = (&mut value, marks_current) {
            members.insert("is_current".to_owned(), entry.is_current().into());
        }
        value
    };
    json!({ "revisions": entries.iter().map(entry).collect::<Vec<_>>() })
}

pub(crate) fn current(current: &Current, url: &str) -> Value {
    json!({
        "database": url,
        "dialect": current.dialect().name(),
        "revision": current.revision().map(|found| revision(&found, current.is_head())),
        "is_head": current.is_head(),
        "pending": current.pending(),
    })
}

pub(crate) fn status(
    current: &Current,
    migrations: &Migrations,
    url: &str,
    under_way: Option<&revchain::UnderWay>,
    edited: &[EditedRevision],
) -> Value {
    json!({
        "database": url,
        "dialect": current.dialect().name(),
        "version_table": migrations.version_table(),
        "version_table_exists": current.has_version_table(),
        "current": current.id(),
        "head": migrations.head().map(|head| head.id()),
        "is_head": current.is_head(),
        "pending": current.pending(),
        "under_way": under_way.map(|step| json!({
            "revision": step.revision(),
            "direction": step.direction(),
            "done": step.done(),
            "statements": step.statements(),
            "in_doubt": step.is_in_doubt(),
            "running": step.is_running(),
            "who": step.who(),
            "since": step.since(),
            "error": step.error(),
        })),
        "edited": edited.iter().map(edited_revision).collect::<Vec<_>>(),
    })
}

/// A revision that was something else when it was applied.
pub(crate) fn edited_revision(revision: &EditedRevision) -> Value {
    json!({ "id": revision.id, "file": revision.file, "who": revision.who, "when": revision.when })
}

pub(crate) fn plan(plan: &Plan, url: &str) -> Value {
    json!({
        "database": url,
        "dialect": plan.dialect().name(),
        "direction": plan.direction().name(),
        "from": plan.from().map(|revision| revision.id()),
        "to": plan.to().map(|revision| revision.id()),
        "steps": plan.steps().iter().map(|one| step(one, plan.dialect())).collect::<Vec<_>>(),
    })
}

pub(crate) fn step(step: &Step, dialect: Dialect) -> Value {
    let statements = step.statements(dialect).map(|statements| {
        let statement = |one: &revchain::PlannedStatement| {
            json!({ "line": one.line(), "options": runs(one.runs()), "sql": one.sql() })
        };
        statements.iter().map(statement).collect::<Vec<_>>()
    });
    json!({
        "revision": step.revision().id(),
        "direction": step.direction().name(),
        "from": step.from(),
        "to": step.to(),
        "message": step.revision().message(),
        "file": step.revision().file(),
        "statements": statements,
        "irreversible": step.irreversible(dialect),
    })
}

pub(crate) fn report(report: &Report, url: &str) -> Value {
    let steps = report.steps().iter().map(|done| {
        json!({
            "revision": done.step().revision().id(),
            "direction": done.step().direction().name(),
            "milliseconds": u64::try_from(done.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    });
    json!({
        "database": url,
        "dialect": report.dialect().name(),
        "from": report.from(),
        "to": report.to(),
        "steps": steps.collect::<Vec<_>>(),
    })
}
