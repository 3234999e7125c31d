//! Keys and indexes that differ, and one that differs on one dialect.

use revchain::Table;

#[derive(Table)]
#[table(name = "projects")]
struct Project {
    #[column(primary_key)]
    id: i32,
    name: String,
}

#[derive(Table)]
#[table(name = "runs", primary_key(id, project_id), index(name, parent_id))]
struct Run {
    id: i32,
    #[column(references = "projects(id)")]
    project_id: i32,
    #[column(unique)]
    parent_id: Option<i32>,
    name: String,
}

revchain::embed_migrations!("migrations", models = revchain::schema![Project, Run]);

fn main() {}
