//! Watches the migrations.

fn main() {
    revchain_build::watch("migrations");
}
