//! `prove!` as a user writes it.

#![cfg(all(feature = "postgres", feature = "mysql", feature = "sqlite", feature = "prove"))]
#![allow(deprecated, reason = "no build script watches the chain of these tests")]

revchain::embed_migrations!("tests/migrations");

revchain::prove!(
    MIGRATIONS,
    migrations = "tests/migrations",
    env(postgres = "REVCHAIN_TEST_POSTGRES", mysql = "REVCHAIN_TEST_MYSQL")
);
