//! The real programs, in directories of their own.

// clippy.toml allows it in tests, but knows a test by its attribute: the functions that tests call have none.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod autogenerate;
mod completions;
mod database;
mod edit;
mod failures;
mod init;
mod named;
mod package;
mod project;
mod rebase;
mod release;
mod revision;
mod see;
#[cfg(target_os = "linux")]
mod terminal;
mod verify;
mod words;
