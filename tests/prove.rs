//! Every revision of the chain, on each of its databases: up, down, and up again.
//!
//! The servers are those of the other tests; an application of yours reads `DATABASE_URL`.

revchain::prove!(ibutsu_db::MIGRATIONS, env(postgres = "REVCHAIN_TEST_POSTGRES", mysql = "REVCHAIN_TEST_MYSQL"));
