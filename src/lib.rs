//! The Ibutsu Server's schema history, embedded: the reference application of revchain.
//!
//! An application that uses revchain looks like this one: a `migrations` directory, a `build.rs` of one call, this
//! line, and a `main` that mounts the command line.

revchain::embed_migrations!("migrations");
