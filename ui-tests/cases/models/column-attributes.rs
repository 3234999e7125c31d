use revchain::Table;

#[derive(Table)]
#[table(name = "users")]
struct User {
    #[column(primery_key)]
    id: i64,
    #[column(primary_key, nullable)]
    key: i64,
    #[column(nullable)]
    email: Option<String>,
    #[column(nullable, not_null)]
    nick: String,
    #[column(type(postgre = "CITEXT"))]
    mail: String,
    #[column(type)]
    size: i64,
    #[column(name = "")]
    empty: i64,
    #[column(identity = "alway")]
    count: i64,
    #[column(default = "1", identity)]
    number: i64,
    #[column(generated = "id + 1", default = "2")]
    next: i64,
    #[column(stored)]
    stored: i64,
    #[column(skip, name = "cache")]
    cache: Vec<u8>,
    #[column(unique = true)]
    only: i64,
    #[column(comment = "a", comment = "b")]
    said: i64,
    #[column(name = "said")]
    again: i64,
    #[column(on_update(postgres = "now()"))]
    seen: i64,
    #[sqlx(flatten)]
    address: Address,
}

struct Address;

fn main() {}
