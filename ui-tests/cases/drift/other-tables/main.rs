//! Tables without a model, models without a table, and what counts or computes itself: from a constant, in one message.

use revchain::{SqlType, Table};

#[derive(SqlType)]
#[sqlx(type_name = "job_state", rename_all = "snake_case")]
enum State {
    Open,
}

#[derive(Table)]
#[table(name = "jobs")]
struct Job {
    #[column(primary_key, identity)]
    id: i32,
    width: i32,
    #[column(generated = "width * 2")]
    twice: Option<i32>,
    state: State,
}

#[derive(Table)]
#[table(name = "missing", only(sqlite))]
struct Missing {
    #[column(primary_key)]
    id: i32,
}

#[derive(Table)]
#[table(name = "spatial_new")]
struct LeftOut {
    #[column(primary_key)]
    id: i32,
}

const ALL: &[&revchain::model::TableModel] = revchain::schema![Job, Missing, LeftOut];

revchain::embed_migrations!("migrations", models = ALL);

fn main() {}
