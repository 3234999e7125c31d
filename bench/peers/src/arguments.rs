//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use crate::chain::BLOCK;
use crate::contestant::Contestant;
use crate::database::Kind;

pub(crate) const USAGE: &str = "\
revchain beside its peers and the floor

    --quick                     10 and 100 revisions, 3 rounds, no sizes
    --lengths 10,100,1000       how many revisions the chains have; multiples of 5 (5000 takes a long time)
    --rounds 5                  how often everything is run
    --databases sqlite,postgres,mariadb
    --without refinery,diesel   leaves contestants out
    --delay 10ms                what is added each way in the last column of the round trips
    --no-trips, --no-sizes      leaves the round trips, or the sizes of programs, out
    --builds                    builds every program again, and says how long that takes
    --plot file.svg             draws the longest chain
    --tests                     measures what a test costs that has a migrated database, and nothing else

Servers are those that REVCHAIN_TEST_POSTGRES and REVCHAIN_TEST_MYSQL name; `cargo xtask peers -- <arguments>`
starts its own. Databases called revchain_peers are dropped there and made anew.
";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Ascending.
    pub(crate) lengths: Vec<usize>,
    pub(crate) rounds: usize,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) contestants: Vec<Contestant>,
    pub(crate) delay: Duration,
    pub(crate) trips: bool,
    pub(crate) sizes: bool,
    pub(crate) builds: bool,
    pub(crate) tests: bool,
    pub(crate) plot: Option<PathBuf>,
}

impl Arguments {
    /// Reads the arguments; `None` where help is asked for.
    ///
    /// # Errors
    ///
    /// When there is one that nobody knows.
    pub(crate) fn parse(mut rest: impl Iterator<Item = String>) -> Result<Option<Arguments>> {
        let mut arguments = Arguments {
            lengths: vec![10, 100, 1000],
            rounds: 5,
            kinds: Kind::ALL.into(),
            contestants: Contestant::ALL.into(),
            delay: Duration::from_millis(10),
            trips: true,
            sizes: true,
            builds: false,
            tests: false,
            plot: None,
        };
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().with_context(|| format!("{argument}: what?"));
            match argument.as_str() {
                "--quick" => (arguments.lengths, arguments.rounds, arguments.sizes) = (vec![10, 100], 3, false),
                "--lengths" => {
                    let lengths: Result<Vec<usize>, _> = value()?.split(',').map(str::parse).collect();
                    arguments.lengths = lengths.context("--lengths")?;
                    arguments.lengths.sort_unstable();
                    let fits = |length: &usize| *length > 0 && length.is_multiple_of(BLOCK);
                    ensure!(arguments.lengths.iter().all(fits), "--lengths: multiples of {BLOCK}");
                    ensure!(!arguments.lengths.is_empty(), "--lengths: at least one");
                }
                "--rounds" => arguments.rounds = value()?.parse().context("--rounds")?,
                "--databases" => {
                    let words = value()?;
                    let unknown = words.split(',').find(|word| arguments.kinds.iter().all(|kind| kind.word() != *word));
                    ensure!(
                        unknown.is_none(),
                        "--databases: `{}` is none of them\n\n{USAGE}",
                        unknown.unwrap_or_default()
                    );
                    arguments.kinds.retain(|kind| words.split(',').any(|word| word == kind.word()));
                }
                "--without" => {
                    let words = value()?;
                    ensure!(!words.split(',').any(|word| word == "floor"), "the floor runs the errands");
                    arguments.contestants.retain(|one| !words.split(',').any(|word| word == one.name()));
                }
                "--delay" => {
                    let text = value()?;
                    let number = text.strip_suffix("ms").context("--delay: in milliseconds, as in `10ms`")?;
                    arguments.delay = Duration::from_millis(number.parse().context("--delay")?);
                }
                "--tests" => arguments.tests = true,
                "--no-trips" => arguments.trips = false,
                "--no-sizes" => arguments.sizes = false,
                "--builds" => (arguments.builds, arguments.sizes) = (true, true),
                "--plot" => arguments.plot = Some(value()?.into()),
                "--help" | "-h" => return Ok(None),
                other => bail!("unknown argument `{other}`\n\n{USAGE}"),
            }
        }
        ensure!(arguments.rounds > 0, "--rounds: at least one");
        Ok(Some(arguments))
    }

    /// The length at which round trips are counted.
    pub(crate) fn trips_length(&self) -> usize {
        let fits = self.lengths.iter().rev().find(|length| **length <= 100);
        fits.or(self.lengths.first()).copied().unwrap_or_default()
    }
}
