//! Columns that differ, of two structs in one build.

use revchain::Table;

#[derive(Table)]
#[table(name = "people")]
struct Person {
    #[column(primary_key)]
    id: i32,
    name: Option<String>,
    email: String,
    #[column(type(postgres = "BIGINT"))]
    age: i32,
    #[column(type = "DATE")]
    since: Option<String>,
    height: f64,
}

mod more {
    #[derive(revchain::Table)]
    #[table(name = "deeds")]
    pub(crate) struct Deed {
        #[column(primary_key)]
        id: i32,
    }
}

revchain::embed_migrations!("migrations", models = [Person, more::Deed]);

fn main() {
    let _ = MODELS;
}
