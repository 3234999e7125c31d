//! `models = …`: what a build and a build for tests say of a model that the chain doesn't make, at each level, and in the expression
//! form.

use super::{Project, WATCHES};

const USERS: &str = "-- Users\n-- revision: a1\n-- down_revision: base\n-- @upgrade\n\
                     CREATE TABLE users (id INTEGER PRIMARY KEY);\n-- @downgrade\nDROP TABLE users;\n";

/// A struct of that table with another field: what only the model has.
fn library(field: &str) -> String {
    format!(
        "revchain::embed_migrations!(\"migrations\", models = [User]);\n\n\
         #[derive(revchain::Table)]\n#[table(name = \"users\")]\n\
         pub struct User {{\n    #[column(primary_key)]\n    pub id: i32,\n{field}}}\n"
    )
}

const AGE: &str = "    pub age: Option<i32>,\n";
const DIFFERENCE: &str = "table `users`: column `age` is in the model, not in the chain";
const WARNING: &str = "model `User` and the chain disagree; `cargo revchain check` says in what";

fn drifted(name: &'static str) -> Project {
    let project = Project::new(name, Some(WATCHES));
    project.write("migrations/versions/a1_x.sql", USERS);
    project.write("src/lib.rs", &library(AGE));
    project
}

#[test]
fn each_level_says_it_where_it_should() {
    let project = drifted("outside_levels");
    let level = |level: &str| {
        let text = format!("dialects = [\"sqlite\"]\n\n[models]\ndrift = \"{level}\"\n");
        project.write("migrations/revchain.toml", &text);
    };
    let plain = || project.cargo(&["build"]);
    let tests = || project.cargo(&["test", "--no-run", "--lib"]);
    // An error, a warning, or not a word.
    let said = |said: super::Said| (said.success, said.stderr.contains(DIFFERENCE), said.stderr.contains(WARNING));
    let (error, warning, nothing) = ((false, true, false), (true, false, true), (true, false, false));
    for (name, of_plain, of_tests) in [
        ("error", error, error),
        ("tests", nothing, error),
        ("warning", warning, warning),
        ("off", nothing, nothing),
        ("error", error, error),
    ] {
        level(name);
        assert_eq!(said(plain()), of_plain, "{name}, a build");
        assert_eq!(said(tests()), of_tests, "{name}, a build for tests");
    }
    // And where they agree there is nothing to say at any.
    project.write("src/lib.rs", &library(""));
    for name in ["error", "tests", "warning", "off"] {
        level(name);
        let (plain, tests) = (plain(), tests());
        assert!(plain.success && !plain.stderr.contains("warning:"), "{name}: {}", plain.stderr);
        assert!(tests.success && !tests.stderr.contains("warning:"), "{name}: {}", tests.stderr);
    }
}

#[test]
fn the_expression_form_compares_too() {
    let project = drifted("outside_expression");
    let form = |field: &str, models: &str| {
        let chain = format!(
            "pub static MIGRATIONS: &revchain::Migrations = revchain::migrations!(\"migrations\", models = {models});"
        );
        let macro_line = "revchain::embed_migrations!(\"migrations\", models = [User]);";
        let all = "\npub const ALL: &[&revchain::model::TableModel] = revchain::schema![User];\n";
        project.write("src/lib.rs", &format!("{}{all}", library(field).replace(macro_line, &chain)));
    };
    for models in ["[User]", "ALL"] {
        form(AGE, models);
        let said = project.fails();
        assert!(said.contains(DIFFERENCE), "{models}: {said}");
        form("", models);
        assert!(project.run().starts_with("a1 Users "), "{models}");
    }
    // A table without a model is nobody's model's fault.
    form("", "[]");
    let said = project.fails();
    assert!(said.contains("users") && !said.contains("RC"), "{said}");
}
