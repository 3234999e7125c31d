//! What `#[revchain::test]` says of attributes and functions that make no test, and `prove!` of what it can't prove. `TRYBUILD=overwrite`
//! rewrites what they said.

#[test]
fn what_makes_no_test_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/tests/*.rs");
    cases.compile_fail("cases/prove/*.rs");
}
