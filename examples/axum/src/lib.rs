//! A service with a database: its configuration, its schema history, its routes.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tokio::net::TcpListener;

revchain::embed_migrations!("migrations");

/// An error of whatever kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What is configured. The service and the `db` command read the same.
#[derive(Debug)]
pub struct Config {
    /// The database's URL.
    pub database: String,
    /// The address to listen on.
    pub listen: String,
}

impl Config {
    /// Reads the environment: `NOTES_DATABASE`, `NOTES_LISTEN`.
    ///
    /// # Errors
    ///
    /// A variable that is no text.
    pub fn load() -> Result<Config, BoxError> {
        let read = |name, otherwise: &str| match std::env::var(name) {
            Ok(value) => Ok(value),
            Err(std::env::VarError::NotPresent) => Ok(otherwise.to_owned()),
            Err(error) => Err(format!("{name}: {error}")),
        };
        Ok(Config {
            database: read("NOTES_DATABASE", "sqlite:notes.db")?,
            listen: read("NOTES_LISTEN", "127.0.0.1:3000")?,
        })
    }
}

/// Brings the database up to date, and serves it. `listening` is told the address.
///
/// # Errors
///
/// A database that can't be opened or upgraded, an address that can't be listened on.
pub async fn serve(config: Config, listening: impl FnOnce(std::net::SocketAddr)) -> Result<(), BoxError> {
    let options: SqliteConnectOptions = config.database.parse()?;
    let pool = SqlitePool::connect_with(options.create_if_missing(true)).await?;
    // Any number of replicas may do this at once.
    MIGRATIONS.upgrade(&pool, "head").await?;
    let listener = TcpListener::bind(&config.listen).await?;
    listening(listener.local_addr()?);
    axum::serve(listener, Router::new().route("/notes", get(notes)).with_state(pool)).await?;
    Ok(())
}

async fn notes(State(pool): State<SqlitePool>) -> Result<String, StatusCode> {
    let notes: Vec<(String,)> = sqlx::query_as("SELECT text FROM notes ORDER BY id")
        .fetch_all(&pool)
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(notes.into_iter().map(|(text,)| text + "\n").collect())
}
