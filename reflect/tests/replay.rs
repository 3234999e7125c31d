//! Replay equals reality: fixed chains, each run on a database and replayed beside it. What can't be compared stands at the
//! end of each, all of it.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]

mod common;
mod replay {
    mod ibutsu;
    mod mysql;
    mod postgres;
    mod sqlite;
}
