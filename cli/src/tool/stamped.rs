//! What `stamp` says when it is done: whether the database is what the chain leads to where it was put. Only a warning, and only
//! of what is certain: what can't be read or compared is no reason for one.

use clap::{ArgMatches, FromArgMatches as _};
use revchain_core::{Sources, VerifiedChain};

use super::chosen::Chosen;
use super::drift::Drift;
use crate::arguments::{Arguments, Verb};
use crate::lines::counted;
use crate::terminal::{WARNING, one_line, say};

/// How many differences are named.
const SHOWN: usize = 5;

/// Looks at a database that was stamped.
pub(super) fn look(chosen: &Chosen, matches: &ArgMatches, of: (&Sources, &VerifiedChain)) {
    let Ok(Arguments { verb: Verb::Stamp { offline, .. }, quiet: false, .. }) = Arguments::from_arg_matches(matches)
    else {
        return;
    };
    if offline.sql {
        return;
    }
    let Ok((place, differences)) = Drift::of_stamped(chosen, matches, of) else { return };
    if differences.is_empty() {
        return;
    }
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
