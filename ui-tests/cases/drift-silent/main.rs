//! What the chain says in other words is no difference, and what nobody can compare here is none that is said.

use revchain::model::{Kind, TypeModel};
use revchain::{SqlType, Table};

struct Moment;

impl SqlType for Moment {
    const SQL_TYPE: TypeModel =
        TypeModel::on_each(Kind::Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"));
}

struct Price;

impl SqlType for Price {
    const SQL_TYPE: TypeModel =
        TypeModel::on_each(Kind::Decimal, Some("NUMERIC"), Some("DECIMAL(20, 6)"), Some("NUMERIC"));
}

struct Token;

impl SqlType for Token {
    const SQL_TYPE: TypeModel = TypeModel::on_each(Kind::Uuid, Some("UUID"), Some("BINARY(16)"), Some("BLOB"));
}

#[derive(SqlType)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    Ok,
}

#[derive(Table)]
#[table(name = "Teams", schema = "public", only(postgres))]
struct PostgresTeam {
    #[column(primary_key, identity)]
    id: i32,
    name: String,
}

#[derive(Table)]
#[table(name = "teams", only(mysql, sqlite))]
struct Team {
    #[column(primary_key, identity)]
    id: i32,
    name: String,
}

#[derive(Table)]
#[table(
    name = "users",
    unique(name, email),
    index(team_id, expr("lower(name)"), only(postgres, sqlite)),
    check("id > 0")
)]
struct User {
    #[column(primary_key)]
    id: i32,
    name: String,
    email: Option<String>,
    #[column(default = "true")]
    is_active: bool,
    score: Option<f64>,
    price: Price,
    #[column(default = "CURRENT_TIMESTAMP")]
    seen: Moment,
    token: Token,
    #[sqlx(json)]
    #[column(nullable)]
    data: Vec<String>,
    feeling: Mood,
    #[column(type = "VARCHAR( 12 )", unique)]
    code: String,
    #[column(type(postgres = "TEXT []", mysql = "TEXT", sqlite = "TEXT"))]
    tags: Vec<String>,
    #[column(generated = "id * 2")]
    double_id: Option<i32>,
    #[column(references = "teams(id)", on_delete = "cascade")]
    team_id: i32,
}

// A crate may have several chains, each with its models.
revchain::embed_migrations!(pub static OTHER = "migrations", models = [PostgresTeam, Team, User]);
revchain::embed_migrations!("migrations", models = [User, PostgresTeam, Team,],);

fn main() {}
