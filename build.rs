fn main() {
    revchain_build::watch("migrations");
}
