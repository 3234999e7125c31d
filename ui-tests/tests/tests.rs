//! What `#[revchain::test]` says of attributes and functions that make no test. `TRYBUILD=overwrite` rewrites what it said.

#[test]
fn what_makes_no_test_does_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/tests/*.rs");
}
