use revchain::model::TableModel;
use revchain::{SqlType, Table};

struct Instant;

type Moments = Vec<Instant>;

#[derive(SqlType)]
struct Since(Instant);

#[derive(Table)]
#[table(name = "events")]
struct Event {
    #[column(primary_key)]
    id: i64,
    at: Instant,
    until: Option<Instant>,
    #[column(type(postgres = "TIMESTAMPTZ"))]
    seen: Instant,
    moments: Moments,
    since: Since,
    #[column(type = "TIMESTAMPTZ")]
    written: Instant,
}

const MODELS: &[&TableModel] = revchain::schema![Event, Instant];

fn main() {}
