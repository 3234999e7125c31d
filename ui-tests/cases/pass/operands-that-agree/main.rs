revchain::embed_migrations!("migrations");

fn main() {}
