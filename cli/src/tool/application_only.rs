//! Refuses a run that would come to a revision in Rust, before any of it has run: only the application's binary has the
//! function. What slips through fails in its place, see `embed.rs`.

use clap::FromArgMatches as _;
use revchain::{Access, Direction};
use revchain_core::VerifiedChain;
use revchain_core::revision::Language;

use super::reading::id;
use crate::arguments::{Arguments, Verb};
use crate::verbs::opened;
use crate::{BoxError, Cli};

/// Looks where the run would lead. What keeps it from being known is left to the verb, which will say so.
pub(super) fn refuse(cli: &Cli, chain: &VerifiedChain, matches: &clap::ArgMatches) -> Result<(), BoxError> {
    let is_rust = |wanted: &str| {
        chain.revisions().iter().any(|revision| revision.language == Language::Rust && id(revision) == wanted)
    };
    if !chain.revisions().iter().any(|revision| revision.language == Language::Rust) {
        return Ok(());
    }
    let arguments = Arguments::from_arg_matches(matches)?;
    let (direction, target) = match &arguments.verb {
        Verb::Upgrade { target, run, offline } if !run.dry_run && !offline.sql => (Direction::Upgrade, target),
        Verb::Downgrade { target, run, offline } if !run.dry_run && !offline.sql => (Direction::Downgrade, target),
        _ => return Ok(()),
    };
    let choice = cli.choose(arguments.name.as_deref())?;
    let Ok(url) = choice.url(arguments.url.as_deref()) else { return Ok(()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let plan = runtime.block_on(async {
        let mut database = opened(&url, Access::Read).await?;
        Ok::<_, BoxError>(choice.migrations().plan(&mut database, direction, target.as_str()).await)
    });
    // Who can't be reached now is not asked again.
    let Ok(plan) = plan? else { return Ok(()) };
    let stop = plan.steps().iter().map(revchain::Step::revision).find(|revision| is_rust(revision.id()));
    match stop {
        Some(revision) => Err(format!(
            "`{}` ({}) is a revision in Rust, which runs only in the application's binary; nothing was run\n  \
             run the same command with the application, for instance `cargo run -- {} {target}`",
            revision.id(),
            revision.file(),
            direction.name()
        )
        .into()),
        None => Ok(()),
    }
}
