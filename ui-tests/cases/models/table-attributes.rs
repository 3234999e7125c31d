use revchain::Table;

#[derive(Table)]
#[table(
    name = "users",
    name = "people",
    shema = "app",
    comment = 1,
    only(postgre),
    only(),
    unique(id, nmae),
    unique(id, id),
    unique(),
    index(nmae, methd = "gin", where = true),
    index(),
    "users"
)]
struct User {
    id: i64,
    name: String,
}

#[derive(Table)]
struct Project {
    id: i64,
}

#[derive(Table)]
#[table(name = "teams" schema = "app")]
struct Team {
    id: i64,
}

#[derive(Table)]
#[column(name = "runs")]
#[table(name = "runs")]
struct Run {
    #[table(name = "id")]
    id: i64,
}

fn main() {}
