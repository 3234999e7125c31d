//! The real programs, in directories of their own.

// clippy.toml allows it in tests, but knows a test by its attribute: the functions that tests call have none.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod autogenerate;
// TestDatabase knows all three.
#[cfg(all(feature = "postgres", feature = "mysql"))]
mod baseline;
#[cfg(all(feature = "postgres", feature = "mysql"))]
#[path = "../../../runtime/tests/common/mod.rs"]
mod common;
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
