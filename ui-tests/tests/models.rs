//! What the derives say about structs and attributes that are wrong, through rustc. `TRYBUILD=overwrite cargo test -p ui-tests
//! --test models` rewrites the `.stderr` files; the difference is then reviewed like code.

/// Several mistakes in each file: all of them are said, and nothing besides.
#[test]
fn broken_models_do_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/models/*.rs");
}
