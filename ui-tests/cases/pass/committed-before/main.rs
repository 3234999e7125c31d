//! What is committed before somebody needs it, or needs no commit.

revchain::embed_migrations!("migrations");

fn main() {}
