//! What goes wrong outside the program, or in the wrong moment: servers, connections, poolers, callers that stop waiting. The
//! next run ends where an undisturbed one would have.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "crash-points"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests say so when they fail"
)]

#[path = "../common/mod.rs"]
mod common;

mod cut;
mod functions;
mod in_the_way;
mod inside;
mod lent;
mod many;
mod no_locks;
mod pooler;
mod program;
mod reader;
mod rebuilds;
mod servers;
