//! What `embed_migrations!` says about every case, through rustc. `TRYBUILD=overwrite cargo test -p ui-tests --test
//! compile` rewrites the `main.stderr` files; the difference is then reviewed like code.

#[test]
fn broken_directories_do_not_compile_and_sound_ones_do() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/fail/*/main.rs");
    cases.pass("cases/pass/*/main.rs");
}
