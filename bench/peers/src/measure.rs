//! The measurement itself: everybody in turns, each on a fresh database.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::arguments::Arguments;
use crate::chain::last_table;
use crate::contestant::{Entry, Workshop, entries};
use crate::database::{Kind, Place};
use crate::proxy::Proxy;

/// What was measured with one chain on one database.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(crate) kind: Kind,
    pub(crate) length: usize,
    pub(crate) rows: Vec<Row>,
}

/// What was measured of one entry.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) entry: Entry,
    /// The library's call of an upgrade from nothing.
    pub(crate) upgrade: Vec<Duration>,
    /// The library's call when there is nothing to do, and the whole process.
    pub(crate) again: Vec<(Duration, Duration)>,
    /// The most memory that an upgrade held, in KiB.
    pub(crate) peak: Vec<u64>,
}

/// The round trips of one entry.
#[derive(Debug)]
pub(crate) struct TripsRow {
    pub(crate) entry: Entry,
    pub(crate) upgrade: u64,
    pub(crate) again: Option<u64>,
    /// The call of an upgrade when the way is long.
    pub(crate) far: Duration,
    /// The process of an up-to-date start when the way is long.
    pub(crate) far_again: Option<Duration>,
}

/// What a runner said.
struct Ran {
    call: Duration,
    process: Duration,
    peak: u64,
}

/// Runs everybody, round after round. Each round begins with another one.
///
/// # Errors
///
/// When somebody fails, or leaves a database behind that is not as it should be.
pub(crate) fn measure(workshop: &Workshop, place: &Place, length: usize, arguments: &Arguments) -> Result<Samples> {
    let wanted = entries(place.kind).into_iter().filter(|entry| arguments.contestants.contains(&entry.contestant));
    let row = |entry| Row { entry, upgrade: Vec::new(), again: Vec::new(), peak: Vec::new() };
    let mut rows: Vec<Row> = wanted.map(row).collect();
    for round in 0..arguments.rounds {
        let count = rows.len();
        for turn in 0..count {
            let Some(row) = rows.get_mut((turn + round) % count) else { continue };
            let entry = row.entry;
            eprintln!("{}, {length} revisions, round {}: {}", place.kind.name(), round + 1, entry.label);
            let program = workshop.program(entry.contestant, length);
            place.refresh()?;
            let ran = run(&program, entry.upgrade, &place.url()).context(entry.label)?;
            row.upgrade.push(ran.call);
            row.peak.push(ran.peak);
            ensure!(place.count(&last_table(length))? == 3, "{} did not run its chain", entry.label);
            if let Some(again) = entry.again {
                // The first time after so many changes, the server has its own things to do.
                run(&program, again, &place.url()).context(entry.label)?;
                for _ in 0..3 {
                    let ran = run(&program, again, &place.url()).context(entry.label)?;
                    row.again.push((ran.call, ran.process));
                }
            }
        }
    }
    place.refresh()?;
    Ok(Samples { kind: place.kind, length, rows })
}

/// Counts the round trips of an entry beyond those of a login and a farewell.
///
/// # Errors
///
/// When it fails.
pub(crate) fn trips(
    workshop: &Workshop,
    place: &Place,
    length: usize,
    entry: &Entry,
    near: &Proxy,
    far: &Proxy,
) -> Result<TripsRow> {
    let program = workshop.program(entry.contestant, length);
    let count = |what: &str| -> Result<u64> {
        near.take();
        let url = place.url_through(near.port)?;
        let output = Command::new(&program).args([what, &url]).output()?;
        ensure!(output.status.success(), "{}: {}", entry.label, String::from_utf8_lossy(&output.stderr));
        // The farewell may still be on its way.
        std::thread::sleep(Duration::from_millis(100));
        Ok(near.take())
    };
    let again = |count: &dyn Fn(&str) -> Result<u64>, greeting: u64| -> Result<Option<u64>> {
        entry.again.map(|again| Ok(count(again)?.saturating_sub(greeting))).transpose()
    };
    place.refresh()?;
    let greeting = count("connect")?;
    let upgrade = count(entry.upgrade)?.saturating_sub(greeting);
    let again = again(&count, greeting)?;
    place.refresh()?;
    let url = place.url_through(far.port)?;
    let call = run(&program, entry.upgrade, &url)?.call;
    let far_again = entry.again.map(|again| run(&program, again, &url).map(|ran| ran.process)).transpose()?;
    place.refresh()?;
    Ok(TripsRow { entry: *entry, upgrade, again, far: call, far_again })
}

fn run(program: &Path, what: &str, url: &str) -> Result<Ran> {
    let since = Instant::now();
    let output = Command::new(program).args([what, url]).output()?;
    let process = since.elapsed();
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    let mut next = || numbers.next().context("two numbers")?.context("a number");
    Ok(Ran { call: Duration::from_nanos(next()?), process, peak: next()? })
}
