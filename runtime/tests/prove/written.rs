//! `prove!` as a user writes it.

revchain::prove!(
    crate::MIGRATIONS,
    migrations = "tests/migrations",
    env(postgres = "REVCHAIN_TEST_POSTGRES", mysql = "REVCHAIN_TEST_MYSQL"),
    except("b7ea43dc85e4" = "switched off, to see that it is", mysql = { head = "and this" })
);
