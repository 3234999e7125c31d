//! The Ibutsu Server's schema history, embedded: the reference application of revchain.
//!
//! An application that uses revchain looks like this one: a `migrations` directory, a `build.rs` of one call, this
//! line, the tables as structs, and a `main` that mounts the command line.

pub mod models;

revchain::embed_migrations!("migrations");
