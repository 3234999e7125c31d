//! As in an application.

fn main() {
    revchain_build::watch("migrations");
}
