//! Schema migrations that are checked when you compile, not when you deploy.
//!
//! A chain of revisions, written as files and verified at compile time, becomes one `static` in your binary. This crate
//! moves databases along it: PostgreSQL, MySQL and MariaDB, SQLite.
//!
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! // An item on a line of its own: gives `pub static MIGRATIONS`. Yours will say "migrations".
//! revchain::embed_migrations!("tests/migrations");
//!
//! async fn start(pool: &sqlx::SqlitePool) -> revchain::Result {
//!     let report = MIGRATIONS.upgrade(pool, "head").await?;
//!     assert_eq!(report.to(), Some("b7ea43dc85e4"));
//!     Ok(())
//! }
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async { start(&sqlx::SqlitePool::connect("sqlite::memory:").await?).await })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The verbs
//!
//! | verb | what it does |
//! |---|---|
//! | [`upgrade`](Migrations::upgrade) | brings a database up to a target; any number of starters may call it at once |
//! | [`downgrade`](Migrations::downgrade) | takes it back to a target, or refuses before anything runs |
//! | [`stamp`](Migrations::stamp) | says where it stands, running nothing |
//! | [`current`](Migrations::current) | reads where it stands: one SELECT, and no privilege but that |
//! | [`plan`](Migrations::plan) | says what a verb would do |
//! | [`history`](Migrations::history) | lists revisions, newest first |
//! | [`script`](Migrations::script) | writes what a verb would run as SQL, without a database |
//!
//! Each takes a pool, a connection, or a [`Database`] opened from a URL: see [`Connect`]. [`Migrator`] adds a listener for
//! progress. Targets are Alembic's: see [`Target`].
//!
//! # What is in the database
//!
//! Alembic's version table, to the letter: a database that Python's Alembic has migrated is taken over as it stands, and
//! can be handed back. On PostgreSQL and SQLite a revision and its version row commit together. MySQL and MariaDB commit
//! DDL by themselves; there, and in `no-transaction` and `repeat` sections, the version row names the lower revision
//! while a step is in flight, so that nobody takes a half-made revision for a whole one.
//!
//! # Cancellation
//!
//! A future that is dropped leaves no half transaction on a connection that others use. What was under way may still be
//! committed by the server: `current` tells, and running the verb again is safe. (On PostgreSQL the next request on a
//! connection that was handed in may meet the abandoned run's error first.)
//!
//! # Features
//!
//! `postgres`, `mysql` and `sqlite` choose the drivers; none is on by default. `test` has `#[revchain::test]`, for
//! `[dev-dependencies]`.

// What only some drivers need is unused without them; the build with all three is the one that says what nobody uses.
#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "sqlite")),
    allow(dead_code, unused_variables, unused_mut)
)]

#[cfg(test)]
extern crate self as revchain;

mod applied;
mod atomic;
mod blocker;
mod chain;
mod connect;
mod crash;
mod database;
mod dialect;
#[cfg(test)]
#[path = "../tests/common/embed.rs"]
mod embed;
mod error;
mod event;
mod interrupted;
mod journal;
mod listing;
mod locks;
mod migrator;
mod models;
mod offline;
mod op;
mod packed;
mod plan;
mod report;
mod run;
mod session;
mod split;
mod target;
#[cfg(feature = "test")]
pub mod testing;
mod timeouts;
mod trace;
mod verbs;
mod version_table;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use applied::EditedRevision;
pub use blocker::Blocker;
pub use chain::{Edited, Migrations, Revision, Settings, Transaction};
pub use connect::Connect;
pub use database::{Access, Database, redacted};
pub use dialect::Dialect;
pub use error::{Error, ErrorKind, FailedStatement, Kept, Result, TimedOut, Violation};
pub use event::Event;
pub use listing::{PlannedStatement, Runs};
pub use migrator::Migrator;
pub use models::{SqlType, Table};
pub use op::Op;
pub use plan::{Direction, Plan, Step};
pub use report::{Current, HistoryEntry, Report, StepReport, UnderWay};
pub use target::{Range, Target};

/// Embeds a migrations directory, as an item on a line of its own: `pub static MIGRATIONS`, a [`Migrations`].
///
/// ```
/// revchain::embed_migrations!("tests/migrations");
/// revchain::embed_migrations!(pub(crate) static ORDERS = "tests/migrations"); // a second one, under its own name
///
/// assert_eq!(MIGRATIONS.head().map(|revision| revision.id()), Some("b7ea43dc85e4"));
/// assert_eq!(ORDERS.len(), 2);
/// ```
///
/// The directory is relative to the package. It holds `revchain.toml`, if there is anything to say, and `versions`, the
/// revision files. The chain is verified here: every fault is a compile error of its own, with its place in the file and
/// a remedy. `.rs` revisions become modules, so that the compiler's own errors point into them.
///
/// # Models
///
/// `embed_migrations!("migrations", models = [User, Project]);` compares structs that derive [`Table`] with what the chain leads to: a
/// difference is a compile error at the struct's name. They are `MODELS` then, beside `MIGRATIONS`. `docs/models.md` says what is
/// compared.
///
/// # Rebuilds
///
/// A macro cannot watch a directory. With `fn main() { revchain_build::watch("migrations"); }` as build script, cargo
/// builds again when a file is added, edited, renamed or deleted, and a build that met other bytes than the script saw
/// fails as stale. Without it an *added* file is not seen until another changes; a warning says so.
///
/// # One per package
///
/// Every use embeds a copy, and compiles `.rs` revisions anew, with its own `crate::`. Embed once, in the library.
pub use revchain_macros::embed_migrations;

/// Embeds a migrations directory, as an expression: `&'static` [`Migrations`]. For directories with SQL revisions only.
///
/// ```
/// static CHAIN: &revchain::Migrations = revchain::migrations!("tests/migrations");
///
/// assert_eq!(CHAIN.len(), 2);
/// ```
///
/// Otherwise as [`embed_migrations!`].
pub use revchain_macros::migrations;

/// A test with a database of its own, migrated: `#[revchain::test]`, with the feature `test`.
///
#[cfg_attr(feature = "sqlite", doc = "```")]
#[cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
/// # revchain::embed_migrations!("tests/migrations");
/// use revchain::sqlx::{self, SqlitePool};
///
/// #[revchain::test(MIGRATIONS)]
/// async fn adds_a_user(pool: SqlitePool) -> sqlx::Result<()> {
///     sqlx::query("INSERT INTO users (name) VALUES ('Ada')").execute(&pool).await?;
///     Ok(())
/// }
/// ```
///
/// The database is at the head of the chain, nobody else's, and gone when the test has passed. When it fails its database is
/// kept, and named with the failure, until the test runs again. The chain runs once, for all tests of all processes, and its
/// result is copied for each: what a test costs does not depend on how many revisions there are.
///
/// In `Cargo.toml`, beside the dependency that the program has:
///
/// ```toml
/// [dev-dependencies]
/// revchain = { version = "0.1", features = ["test"] }
/// ```
///
/// # What the function takes and gives
///
/// As with `#[sqlx::test]`: a `Pool`, a `PoolConnection`, or `PoolOptions` and the driver's options to connect with, of one driver:
/// it says which database this is. It gives nothing, or a `Result`. It runs on tokio's current-thread runtime. Other attributes
/// (`#[should_panic]`, `#[ignore]`, `#[cfg]`) stand beside it.
///
/// # What the attribute says
///
/// * *A path*, first: the chain, a [`Migrations`] or a reference to one. Without it, `crate::MIGRATIONS`; in a test below `tests/`,
///   which is a crate of its own, `my_app::MIGRATIONS`. It is named, not embedded again.
/// * `at = "a1b2c3d4e5f6"`: where the test starts, in place of the head: `base`, a revision, the start of one, `head-1`. For a
///   migration of data, the revision before it:
///
#[cfg_attr(feature = "sqlite", doc = "  ```")]
#[cfg_attr(not(feature = "sqlite"), doc = "  ```ignore")]
///   # revchain::embed_migrations!("tests/migrations");
///   # use revchain::sqlx::{self, SqlitePool};
///   #[revchain::test(MIGRATIONS, at = "a1b2c3d4e5f6")]
///   async fn users_keep_their_names(pool: SqlitePool) {
///       sqlx::query("INSERT INTO users (name) VALUES ('Ada')").execute(&pool).await.unwrap();
///       MIGRATIONS.upgrade(&pool, "+1").await.unwrap();
///       let name: String = sqlx::query_scalar("SELECT name FROM users").fetch_one(&pool).await.unwrap();
///       assert_eq!(name, "Ada");
///   }
///   ```
/// * `fixtures("users", "../posts.sql")`: scripts that run first, in this order: `fixtures/users.sql` beside the file of the test, or
///   where a path says. `fixtures(path = "../fixtures", scripts("users", "posts"))` for some of another folder.
/// * `env = "ORDERS_DATABASE_URL"`: the variable that has the server's URL, in place of `DATABASE_URL`.
/// * `migrations = "orders"`: a directory that is embedded for this test alone ([`migrations!`]); `migrations = false`: an empty database.
///
/// # The server
///
/// The variable is read from the environment; a `.env` is not looked for. For a test on SQLite nobody asks for it.
///
/// * *SQLite* needs nothing. A file, in memory where the system has a folder there (`/dev/shm`); what failed is kept in
///   `target/debug/revchain-test/failed`.
/// * *PostgreSQL* needs a role that may create databases. Tests have databases called `revchain_test_…`, copied from
///   `revchain_template_…`; what failed is called `revchain_failed_…`. What a chain does outside its database (roles), or to the
///   database as such (`ALTER DATABASE … SET`, privileges on it), is not in a copy. A pooler that lends sessions for
///   single transactions can't stand between: the URL leads to the server.
/// * *MySQL and MariaDB* need a user with all privileges on `` `revchain\_%`.* ``. A copy is made by a script that the template
///   holds: tables and their rows, views, routines, triggers, events, sequences. The history of system-versioned tables is not in it.
///
/// A process that is killed leaves its databases behind, and the next run drops them: the server itself tells which processes live.
/// Templates that nobody has used for three days are dropped when another one is made. A `.rs` revision may call anything in the
/// program, so that with one of them each build has a template of its own.
#[cfg(feature = "test")]
pub use revchain_macros::test;

/// Tables as structs describe them: what [`Table`] and [`SqlType`] are made of.
pub use revchain_model as model;

/// The sqlx that the connections of [`Op`] and [`Connect`] come from: for revisions and applications that do not depend
/// on it themselves.
pub use sqlx;
