//! revchain beside its peers and the floor: the same chains, on the same databases, in turns, with medians and ratios
//! as tables and a plot.
//!
//! ```sh
//! cargo xtask peers -- --quick
//! ```
//!
//! starts throwaway servers and runs this. Without them (`cargo run --release --manifest-path bench/peers/Cargo.toml`)
//! it takes the servers that the environment names, and SQLite.

mod arguments;
mod chain;
mod contestant;
mod database;
mod measure;
mod per_test;
mod plot;
mod proxy;
mod tables;

use std::fs;

use anyhow::{Context as _, Result};

use crate::arguments::{Arguments, USAGE};
use crate::chain::chain;
use crate::contestant::{Contestant, Workshop, entries};
use crate::database::{Kind, Place};
use crate::measure::{Samples, measure};
use crate::proxy::Proxy;
use crate::tables::{Built, Trips};

fn main() -> Result<()> {
    let Some(arguments) = Arguments::parse(std::env::args().skip(1))? else {
        print!("{USAGE}");
        return Ok(());
    };
    let workshop = Workshop::new()?;
    fs::create_dir_all(workshop.folder())?;
    if arguments.tests {
        return per_test::measure(&workshop, &arguments);
    }
    let mut lengths = arguments.lengths.clone();
    lengths.extend(arguments.sizes.then_some(0));
    let mut built = Vec::new();
    for length in lengths {
        let chain = chain(length);
        for contestant in Contestant::ALL {
            if arguments.contestants.contains(&contestant) {
                eprintln!("building {} with {length} revisions", contestant.name());
                let took = workshop.build(contestant, &chain, arguments.builds)?;
                let bytes = fs::metadata(workshop.program(contestant, length))?.len();
                built.push(Built { contestant, length, bytes, sql: contestant.sql(&chain), took });
            }
        }
    }
    let shortest = *arguments.lengths.first().context("a length")?;
    let errands = workshop.program(Contestant::Floor, shortest);
    let mut places = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| arguments.kinds.contains(kind)) {
        match Place::find(kind, workshop.folder(), errands.clone()) {
            Some(place) => places.push(place),
            None => eprintln!("{} is left out: {} names no server", kind.name(), kind.variable().unwrap_or_default()),
        }
    }
    let mut all: Vec<Samples> = Vec::new();
    for length in &arguments.lengths {
        for place in &places {
            all.push(measure(&workshop, place, *length, &arguments)?);
        }
    }
    let mut trips = Vec::new();
    for place in places.iter().filter(|_| arguments.trips) {
        trips.push(count(&workshop, place, &arguments)?);
    }
    println!("{}", tables::upgrades(&all));
    println!("{}", tables::starts(&all));
    for trips in trips.iter().flatten() {
        println!("{}", tables::trips(trips, arguments.delay));
    }
    println!("{}", tables::peaks(&all));
    if arguments.sizes {
        println!("{}", tables::sizes(&built));
    }
    if arguments.builds {
        println!("{}", tables::builds(&built));
    }
    if let Some(path) = &arguments.plot {
        fs::write(path, plot::plot(&all)).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

/// Counts the round trips to a server, and how long they take where the way is long.
fn count(workshop: &Workshop, place: &Place, arguments: &Arguments) -> Result<Option<Trips>> {
    let Some(address) = place.address() else { return Ok(None) };
    let length = arguments.trips_length();
    let (near, far) = (Proxy::start(address, std::time::Duration::ZERO)?, Proxy::start(address, arguments.delay)?);
    let mut trips = Trips { kind: place.kind, length, rows: Vec::new() };
    for entry in entries(place.kind).into_iter().filter(|entry| arguments.contestants.contains(&entry.contestant)) {
        eprintln!("{}: counting the round trips of {}", place.kind.name(), entry.label);
        trips.rows.push(measure::trips(workshop, place, length, &entry, &near, &far)?);
    }
    Ok(Some(trips))
}
