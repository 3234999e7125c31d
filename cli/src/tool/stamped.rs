//! What `stamp` says when it is done: whether the database is what the chain leads to where it was put. Only a warning, and only
//! of what is certain: what can't be read or compared is no reason for one.

use clap::{ArgMatches, FromArgMatches as _};
use revchain::Migrations;
use revchain_core::{Sources, VerifiedChain};
use revchain_schema::{Difference, compare_stored};

use super::peers;
use super::reading::id;
use super::reflected::{Live, admit, namespaces};
use crate::arguments::{Arguments, Verb};
use crate::lines::counted;
use crate::terminal::{WARNING, one_line, say};
use crate::{BoxError, Cli};

/// How many differences are named.
const SHOWN: usize = 5;

/// Looks at a database that was stamped.
pub(super) fn look(cli: &Cli, sources: &Sources, chain: &VerifiedChain, migrations: &Migrations, matches: &ArgMatches) {
    let Ok(Arguments { verb: Verb::Stamp { offline, .. }, quiet, name, url, .. }) =
        Arguments::from_arg_matches(matches)
    else {
        return;
    };
    if quiet || offline.sql {
        return;
    }
    if let Ok((place, differences)) = differences(cli, sources, chain, migrations, (name.as_deref(), url.as_deref()))
        && !differences.is_empty()
    {
        let mut text = format!(
            "{WARNING}warning:{WARNING:#} the database is not what the chain leads to at {place}: {}\n",
            counted(differences.len() as u64, "difference")
        );
        for difference in differences.iter().take(SHOWN) {
            text.push_str(&format!("  {}\n", one_line(&difference.to_string())));
        }
        if let Some(more) = differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("  and {more} more\n"));
        }
        text.push_str("  it was stamped all the same; `revchain check --database` looks again\n");
        say(&text);
    }
}

/// Where the database stands, and what of it is not as the chain has it there.
fn differences(
    cli: &Cli,
    sources: &Sources,
    chain: &VerifiedChain,
    migrations: &Migrations,
    (name, url): (Option<&str>, Option<&str>),
) -> Result<(String, Vec<Difference>), BoxError> {
    let choice = cli.choose(name)?;
    let mut live = Live::open(&choice, url)?;
    let current = live.current(migrations)?.id();
    let last = chain.revisions().iter().position(|revision| Some(id(revision)) == current);
    let (dialect, config) = (live.dialect(), chain.config());
    let mut said = match last {
        Some(_) => revchain_schema::replay(sources, chain, dialect, last),
        None => revchain_schema::Schema::empty(dialect),
    };
    let mut stored = live.schema(config, &namespaces(&said))?;
    peers::leave_out(&mut stored, &said);
    admit(&mut said, &config.objects);
    let place = current.map_or_else(|| "the base".to_owned(), |id| format!("`{id}`"));
    Ok((place, compare_stored(&said, &stored).differences))
}
