//! What was measured, as tables in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::contestant::Contestant;
use crate::database::Kind;
use crate::measure::{Row, Samples, TripsRow};

/// A program that was built.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) contestant: Contestant,
    pub(crate) length: usize,
    /// Of the stripped file.
    pub(crate) bytes: u64,
    /// Bytes of SQL in it.
    pub(crate) sql: usize,
    pub(crate) took: Duration,
}

/// The round trips to one server.
#[derive(Debug)]
pub(crate) struct Trips {
    pub(crate) kind: Kind,
    pub(crate) length: usize,
    pub(crate) rows: Vec<TripsRow>,
}

/// The middle one; of an even number, the lesser of the two in the middle.
pub(crate) fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

pub(crate) fn milliseconds(time: Duration) -> String {
    let number = time.as_secs_f64() * 1000.0;
    match number {
        0.0..10.0 => format!("{number:.2}"),
        10.0..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

pub(crate) fn upgrade_of(samples: &Samples, label: &str) -> Option<Duration> {
    let row = samples.rows.iter().find(|row| row.entry.label == label)?;
    median(row.upgrade.iter().copied())
}

fn ratio(time: Duration, floor: Option<Duration>) -> String {
    floor.map_or_else(|| "–".to_owned(), |floor| format!("{:.2}", time.as_secs_f64() / floor.as_secs_f64()))
}

/// A full upgrade.
pub(crate) fn upgrades(all: &[Samples]) -> String {
    let mut text = String::from("## A full upgrade\n");
    for samples in all {
        let rounds = samples.rows.first().map_or(0, |row| row.upgrade.len());
        let (batch, single) = (upgrade_of(samples, "floor: batch"), upgrade_of(samples, "floor: per revision"));
        let _ = write!(
            text,
            "\n{}, {} revisions, {rounds} rounds\n\n\
             | | median ms | min–max | × batch | × per revision |\n|---|--:|--:|--:|--:|\n",
            samples.kind.name(),
            samples.length
        );
        for row in &samples.rows {
            let Some(median) = median(row.upgrade.iter().copied()) else { continue };
            let (least, most) = (row.upgrade.iter().min(), row.upgrade.iter().max());
            let _ = writeln!(
                text,
                "| {} | {} | {}–{} | {} | {} |",
                row.entry.label,
                milliseconds(median),
                least.copied().map(milliseconds).unwrap_or_default(),
                most.copied().map(milliseconds).unwrap_or_default(),
                ratio(median, batch),
                ratio(median, single),
            );
        }
    }
    text
}

/// A start with nothing to do.
pub(crate) fn starts(all: &[Samples]) -> String {
    let mut text = String::from("## An up-to-date start\n");
    for samples in all {
        let call = |row: &Row| median(row.again.iter().map(|(call, _)| *call));
        let process = |row: &Row| median(row.again.iter().map(|(_, process)| *process));
        let floor = samples.rows.iter().find(|row| row.entry.label == "floor: per revision");
        let (floor_call, floor_process) = (floor.and_then(call), floor.and_then(process));
        let _ = write!(
            text,
            "\n{}, {} revisions\n\n| | call, median ms | × floor | process, median ms | × floor |\n|---|--:|--:|--:|--:|\n",
            samples.kind.name(),
            samples.length
        );
        for row in &samples.rows {
            let (Some(call), Some(process)) = (call(row), process(row)) else { continue };
            let label = if row.entry.contestant == Contestant::Floor { "floor: one SELECT" } else { row.entry.label };
            let _ = writeln!(
                text,
                "| {label} | {} | {} | {} | {} |",
                milliseconds(call),
                ratio(call, floor_call),
                milliseconds(process),
                ratio(process, floor_process),
            );
        }
    }
    text
}

/// The round trips, and what they cost far away.
pub(crate) fn trips(trips: &Trips, delay: Duration) -> String {
    let far = milliseconds(delay);
    let mut text = format!(
        "## Round trips: {}, {} revisions\n\n\
         | | upgrade | each revision | up-to-date start | upgrade at +{far} ms each way, ms | × per revision | \
         up-to-date process there, ms |\n|---|--:|--:|--:|--:|--:|--:|\n",
        trips.kind.name(),
        trips.length
    );
    let floor = trips.rows.iter().find(|row| row.entry.label == "floor: per revision").map(|row| row.far);
    for row in &trips.rows {
        let _ = writeln!(
            text,
            "| {} | {} | {:.2} | {} | {} | {} | {} |",
            row.entry.label,
            row.upgrade,
            row.upgrade as f64 / trips.length as f64,
            row.again.map_or_else(|| "–".to_owned(), |again| again.to_string()),
            milliseconds(row.far),
            ratio(row.far, floor),
            row.far_again.map_or_else(|| "–".to_owned(), milliseconds),
        );
    }
    text
}

/// Peak memory: a column for each length.
pub(crate) fn peaks(all: &[Samples]) -> String {
    let mut text = String::from("## Peak memory of an upgrade, MiB\n");
    for kind in Kind::ALL {
        let columns: Vec<&Samples> = all.iter().filter(|samples| samples.kind == kind).collect();
        let Some(first) = columns.first() else { continue };
        let heads: Vec<String> = columns.iter().map(|samples| format!(" {} |", samples.length)).collect();
        let rule = "--:|".repeat(columns.len());
        let _ = write!(text, "\n{}\n\n| |{}\n|---|{rule}\n", kind.name(), heads.concat());
        for row in &first.rows {
            let _ = write!(text, "| {} |", row.entry.label);
            for samples in &columns {
                let found = samples.rows.iter().find(|other| other.entry.label == row.entry.label);
                let peak = found.and_then(|row| median(row.peak.iter().copied())).unwrap_or_default();
                let _ = write!(text, " {:.1} |", peak as f64 / 1024.0);
            }
            text.push('\n');
        }
    }
    text
}

/// What revisions add to a program.
pub(crate) fn sizes(built: &[Built]) -> String {
    let mut text = String::from(
        "## Size of the stripped release program\n\n\
         | | revisions | without any, bytes | added | of it SQL | each revision, beyond its SQL |\n\
         |---|--:|--:|--:|--:|--:|\n",
    );
    for (long, empty) in pairs(built) {
        let added = long.bytes.saturating_sub(empty.bytes);
        let beyond = (added as f64 - long.sql as f64) / long.length as f64;
        let name = long.contestant.name();
        let _ = writeln!(text, "| {name} | {} | {} | {added} | {} | {beyond:.0} |", long.length, empty.bytes, long.sql);
    }
    text
}

/// How long building takes, dependencies apart.
pub(crate) fn builds(built: &[Built]) -> String {
    let mut text = String::from(
        "## Release build after a change of main.rs, s\n\n| | revisions | | without any |\n|---|--:|--:|--:|\n",
    );
    for (long, empty) in pairs(built) {
        let name = long.contestant.name();
        let (took, least) = (long.took.as_secs_f64(), empty.took.as_secs_f64());
        let _ = writeln!(text, "| {name} | {} | {took:.1} | {least:.1} |", long.length);
    }
    text
}

/// The longest and the empty chain of each contestant.
fn pairs(built: &[Built]) -> impl Iterator<Item = (&Built, &Built)> {
    Contestant::ALL.into_iter().filter_map(move |contestant| {
        let mine = || built.iter().filter(move |built| built.contestant == contestant);
        Some((mine().max_by_key(|built| built.length)?, mine().find(|built| built.length == 0)?))
    })
}
