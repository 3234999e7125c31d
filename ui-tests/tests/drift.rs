//! What `embed_migrations!(…, models = …)` says where models and chain disagree, through rustc. `TRYBUILD=overwrite cargo test -p
//! ui-tests --test drift` rewrites the `main.stderr` files; the difference is then reviewed like code.

/// A kind of difference in each directory, and all that differs is said.
#[test]
fn models_that_differ_do_not_compile() {
    trybuild::TestCases::new().compile_fail("cases/drift/*/main.rs");
}

/// A program of its own, which compiles.
#[allow(dead_code, unreachable_pub, reason = "a program of its own, whose items would be public")]
#[path = "../cases/drift-silent/main.rs"]
mod silent;

#[test]
fn what_is_the_same_in_other_words_compiles() {
    let names = |models: &[&revchain::model::TableModel]| models.iter().map(|model| model.name).collect::<Vec<_>>();
    assert_eq!(names(silent::MODELS), ["users", "Teams", "teams"]);
    assert_eq!(names(silent::OTHER_MODELS), ["Teams", "teams", "users"]);
}
