pub static MIGRATIONS: &revchain::Migrations = revchain::migrations!("migrations");

fn main() {
    let _ = MIGRATIONS;
}
