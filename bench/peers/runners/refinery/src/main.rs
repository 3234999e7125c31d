//! A chain, run by refinery.

#[path = "../../measure.rs"]
mod measure;

use measure::measured;

mod embedded {
    refinery::embed_migrations!("migrations");
}

macro_rules! run {
    ($what:expr, $connect:expr) => {{
        let mut connection = $connect.expect("a connection");
        match $what.as_str() {
            "run" => measured!(embedded::migrations::runner().run(&mut connection).expect("an upgrade")),
            "grouped" => {
                measured!(embedded::migrations::runner().set_grouped(true).run(&mut connection).expect("an upgrade"));
            }
            _ => {}
        }
    }};
}

fn main() {
    let (what, url, _) = measure::arguments();
    match url.split(':').next() {
        Some("postgres") => run!(what, postgres::Client::connect(&url, postgres::NoTls)),
        Some("mysql") => run!(what, mysql::Conn::new(mysql::Opts::from_url(&url).expect("a URL"))),
        _ => run!(what, rusqlite::Connection::open(url.trim_start_matches("sqlite:"))),
    }
}
