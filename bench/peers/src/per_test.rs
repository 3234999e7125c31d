//! What a test costs that has a migrated database: a runner measures all ways in one process, in turns; here they become a table.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::arguments::Arguments;
use crate::chain::chain;
use crate::contestant::{Contestant, Workshop};
use crate::database::{Kind, Place};
use crate::tables::{median, milliseconds};

/// How often sqlx's turn is, which may take seconds: in every so many rounds.
const RARE: usize = 5;

/// Who runs, in the runner's words and ours.
const ROWS: [(&str, &str); 7] = [
    ("sqlx", "`#[sqlx::test]`"),
    ("floor: template", "floor: template copied, connected to, dropped"),
    ("floor: alike", "floor: tables made like others, filled, dropped"),
    ("floor: image", "floor: image written, opened, removed"),
    ("revchain", "`#[revchain::test]`"),
    ("floor: transaction", "floor: connected, rolled back"),
    ("rollback", "`#[revchain::test(rollback)]`"),
];

/// What each way took: by its name.
type Times = BTreeMap<String, Vec<Duration>>;

/// Builds the runner for each length, and prints a table for each database.
///
/// # Errors
///
/// When it doesn't build, or a server refuses.
pub(crate) fn measure(workshop: &Workshop, arguments: &Arguments) -> Result<()> {
    for length in &arguments.lengths {
        eprintln!("building tests with {length} revisions");
        workshop.build(Contestant::Tests, &chain(*length), arguments.builds)?;
    }
    for kind in Kind::ALL.into_iter().filter(|kind| arguments.kinds.contains(kind)) {
        let Some(place) = Place::find(kind, workshop.folder(), workshop.program(Contestant::Tests, 0)) else {
            eprintln!("{} is left out: {} names no server", kind.name(), kind.variable().unwrap_or_default());
            continue;
        };
        let mut all = Vec::new();
        for length in &arguments.lengths {
            eprintln!("{}: tests with {length} revisions", kind.name());
            all.push(times(workshop, &place, *length, arguments.rounds)?);
        }
        println!("{}", table(kind, &arguments.lengths, &all));
    }
    Ok(())
}

fn times(workshop: &Workshop, place: &Place, length: usize, rounds: usize) -> Result<Times> {
    let mut command = Command::new(workshop.program(Contestant::Tests, length));
    // In a folder of ours: sqlx puts its files where it is.
    command.current_dir(workshop.folder()).args([place.base(), &rounds.to_string(), &RARE.to_string()]);
    let url = match (place.kind, place.kind.variable()) {
        // Nobody is to be connected to what is copied.
        (Kind::Postgres, Some(variable)) => std::env::var(variable)?,
        // sqlx wants one that is there.
        _ => place.url(),
    };
    command.env("DATABASE_URL", url);
    let output = command.output().context("the runner")?;
    ensure!(output.status.success(), "tests with {length} revisions: {}", String::from_utf8_lossy(&output.stderr));
    let mut times = Times::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let (who, took) = line.rsplit_once(' ').context("a line of the runner's")?;
        times.entry(who.to_owned()).or_default().push(Duration::from_nanos(took.parse()?));
    }
    Ok(times)
}

fn table(kind: Kind, lengths: &[usize], all: &[Times]) -> String {
    let heads: String = lengths.iter().map(|length| format!(" {length} revisions |")).collect();
    let mut table =
        format!("| {}, ms a test: median (least) |{heads}\n|---|{}\n", kind.name(), "---|".repeat(lengths.len()));
    for (who, label) in ROWS {
        if !all.iter().any(|times| times.contains_key(who)) {
            continue;
        }
        table.push_str(&format!("| {label} |"));
        for times in all {
            let times = times.get(who).map(Vec::as_slice).unwrap_or_default();
            let cell = median(times.iter().copied()).zip(times.iter().min());
            table.push_str(&cell.map_or(" – |".to_owned(), |(median, least)| {
                format!(" {} ({}) |", milliseconds(median), milliseconds(*least))
            }));
        }
        table.push('\n');
    }
    table
}
