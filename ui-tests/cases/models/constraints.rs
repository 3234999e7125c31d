use revchain::Table;

#[derive(Table)]
#[table(
    name = "memberships",
    primary_key(user_id, project_id),
    primary_key(user_id),
    foreign_key(columns(user_id, project_id), references = "users(id)"),
    foreign_key(columns(user_id)),
    foreign_key(columns(user_id), references = "users(id)", on_deleet = "cascade"),
    check(name = "ck"),
    index(desc(user_id, nulls = "last")),
    index(expr(lower)),
    index(column(user_id, length = "long")),
    index(user_id, only(mysql, oracle))
)]
struct Membership {
    #[column(references = "users.id")]
    user_id: i64,
    #[column(references = "projects(id", on_delete = "cascde")]
    project_id: i64,
    #[column(on_delete = "cascade")]
    team_id: i64,
    #[column(on_update = "cascade")]
    role_id: i64,
    #[column(references = "roles(id, name)", deferrable = "later")]
    other_id: i64,
}

#[derive(Table)]
#[table(name = "users", primary_key(id))]
struct User {
    #[column(primary_key)]
    id: i64,
}

fn main() {}
