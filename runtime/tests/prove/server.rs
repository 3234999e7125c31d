//! Where there is nothing to prove on, or nothing to prove: it is said, and said loudly.

use std::panic::{AssertUnwindSafe, catch_unwind};

use revchain::Dialect;
use revchain::testing::Proof;

use crate::MIGRATIONS;
use crate::common::child::{self, Child};

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn nowhere() {
    if Child::here().is_some() {
        let proof = Proof::new(&MIGRATIONS, PACKAGE, "tests/migrations").env(Dialect::Postgres, "REVCHAIN_NOWHERE");
        proof.revision("prove::nowhere", Dialect::Postgres, "a1b2c3d4e5f6");
        proof.revision("prove::nowhere", Dialect::Postgres, "b7ea43dc85e4");
    }
}

#[test]
fn without_a_server_it_is_said_that_nothing_is_proved() {
    let ended = child::ended("server::nowhere", &[("CI", "")]);
    assert!(ended.is_success, "{}", ended.output);
    let line =
        "SKIPPED: nothing is proved on postgres: no server to make databases on; REVCHAIN_NOWHERE=<URL> names one";
    assert_eq!(ended.output.matches(line).count(), 1, "{}", ended.output);

    let ended = child::ended("server::nowhere", &[("CI", "true")]);
    assert!(!ended.is_success, "{}", ended.output);
    assert!(ended.output.contains("help: set REVCHAIN_NOWHERE to its URL"), "{}", ended.output);
}

#[test]
fn the_url_of_a_dialect_is_found() {
    // DATABASE_URL is another dialect's: then it is not the one.
    if Child::here().is_some() {
        Proof::new(&MIGRATIONS, PACKAGE, "tests/migrations").revision("prove::found", Dialect::Mysql, "a1b2c3d4e5f6");
        return;
    }
    let url = "mysql://nobody:secret@127.0.0.1:9/";
    for (variables, is_found) in [
        ([("DATABASE_URL", "postgres://localhost"), ("REVCHAIN_PROVE_MYSQL", url)], true),
        ([("DATABASE_URL", url), ("CI", "")], true),
        ([("DATABASE_URL", "postgres://localhost"), ("CI", "")], false),
    ] {
        let ended = child::ended("server::the_url_of_a_dialect_is_found", &variables);
        assert_eq!(ended.output.contains("SKIPPED"), !is_found, "{}", ended.output);
        assert_eq!(ended.output.contains("127.0.0.1:9"), is_found, "{}", ended.output);
        assert!(!ended.output.contains("secret"), "{}", ended.output);
    }
}

#[test]
fn another_directory_than_the_chains() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(directory.path().join("other/versions")).unwrap();
    let package = directory.path().to_str().unwrap().to_owned().leak();
    let proof = Proof::new(&MIGRATIONS, package, "other");
    let test = || proof.revision("prove::another", Dialect::Sqlite, "a1b2c3d4e5f6");
    let said = *catch_unwind(AssertUnwindSafe(test)).unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("`other` is not what the chain was embedded from"), "{said}");
    assert!(said.contains("tests/migrations/versions/b7ea43dc85e4"), "{said}");
}
