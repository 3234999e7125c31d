//! Watches the revisions: a proc macro alone would not see a file that is added.

fn main() {
    revchain_build::watch("migrations");
}
