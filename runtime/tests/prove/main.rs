//! `prove!`: chains that it must not let pass, and what it says of them; and chains that it must. SQLite always; PostgreSQL and MySQL
//! or MariaDB where the environment names a server.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "prove"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say so when they fail")]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]

#[path = "../common/mod.rs"]
mod common;
mod fails;
mod made;
mod passes;
mod server;
mod written;

revchain::embed_migrations!("tests/migrations");
