//! Rows that DDL commits, and that nobody has twice for it.

revchain::embed_migrations!("migrations");

fn main() {}
