//! What the macro does at compile time, done at run time: a chain becomes a [`Migrations`] that lives as long as the
//! program. `.rs` revisions are there, and fail.

use std::time::Duration;

use revchain::__private::{Edited, LAYOUT_3, Packed, Settings, StepFn, StepFuture, Transaction};
use revchain::{Migrations, Op};
use revchain_core::config::NamedDatabase;
use revchain_core::{Sources, VerifiedChain, config, lower, pack};

/// Embeds a chain. `directory` is put in front of the files' names. Leaks: once per run of the program.
pub(super) fn embed(sources: &Sources, chain: &VerifiedChain, directory: &str) -> &'static Migrations {
    let chain = lower::lower(sources, chain);
    let packed = pack::pack(&chain, directory);
    let functions: Vec<StepFn> = packed.functions.iter().map(|_| refuse as StepFn).collect();
    let packed = Packed::new(
        LAYOUT_3,
        Box::leak(packed.text.into_boxed_str()),
        Box::leak(packed.offsets.into_boxed_slice()),
        Box::leak(packed.records.into_boxed_slice()),
        Box::leak(functions.into_boxed_slice()),
    );
    let version_table = leak(chain.version_table);
    let version_table_schema = chain.version_table_schema.map(leak);
    let transaction = match chain.transaction {
        None => Transaction::Default,
        Some(config::Transaction::PerRevision) => Transaction::PerRevision,
        Some(config::Transaction::PerRun) => Transaction::PerRun,
    };
    let milliseconds =
        |timeout: Option<Duration>| timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
    let (lock, statement) = (milliseconds(chain.lock_timeout), milliseconds(chain.statement_timeout));
    let mut databases = Vec::new();
    let mut other_chains = Vec::new();
    for NamedDatabase { name, url, migrations } in chain.databases {
        let (name, url) = (leak(name), url.map(leak));
        match (migrations, url) {
            (None, Some(url)) => databases.push((name, url)),
            (None, None) => {}
            (Some(_), url) => other_chains.push((name, url)),
        }
    }
    let settings = Settings::new(chain.dialects, version_table, version_table_schema, transaction)
        .edited(match chain.edited {
            config::Edited::Error => Edited::Error,
            config::Edited::Warning => Edited::Warning,
            config::Edited::Off => Edited::Off,
        })
        .timeouts(lock, statement)
        .databases(chain.url.map(leak), Vec::leak(databases), Vec::leak(other_chains));
    Box::leak(Box::new(Migrations::new(settings, Box::leak(Box::new(packed)))))
}

fn leak(text: String) -> &'static str {
    text.leak()
}

/// Stands in for the functions of `.rs` revisions: the tool does not compile them.
fn refuse<'a>(op: &'a mut Op<'_>) -> StepFuture<'a> {
    let error = op.fail(
        "a revision in Rust runs only in the application's binary, and this is the tool\n  \
         run the same command with the application, for instance `cargo run -- upgrade head`",
    );
    Box::pin(std::future::ready(Err(error)))
}
