//! Statements that nobody can read, and revisions in Rust, which say what they do.

revchain::embed_migrations!("migrations");

fn main() {}
