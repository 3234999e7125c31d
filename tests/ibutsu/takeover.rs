//! A database that Python's Alembic brought to any of the six revisions is carried on from there.

use ibutsu_db::MODELS;
use revchain_reflect::Scope;

use crate::database::{Database, Dialect};
use crate::evidence::{self, REVISIONS};
use crate::models::reflected;
use crate::schema::assert_schema;

every_database!(alembics_databases_are_carried_on, alembics_autogenerate_is_kept_from_what_is_ours);

async fn alembics_databases_are_carried_on(database: Database) {
    let schemas = evidence::schemas(database.dialect());
    let (head, expected) = &schemas[REVISIONS.len()];
    for revision in REVISIONS {
        database.upgrade(revision).await;
        // The schema is there; now the traces of revchain go, and Alembic's own come, word for word.
        database
            .execute(format!(
                "DROP TABLE alembic_version;
                 DROP TABLE IF EXISTS revchain_journal;
                 CREATE TABLE alembic_version (
                     version_num VARCHAR(32) NOT NULL,
                     CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
                 );
                 INSERT INTO alembic_version (version_num) VALUES ('{revision}');"
            ))
            .await;
        database.upgrade("head").await;
        assert_schema(&database, head, expected).await;
        assert_eq!(database.version().await, [*head], "from {revision}");
        database.downgrade("base").await;
        assert!(database.version().await.is_empty(), "from {revision}");
    }
}

/// docs/from-alembic.md has the lines for `env.py`, which were tried with Alembic 1.20: they name every table of ours.
async fn alembics_autogenerate_is_kept_from_what_is_ours(database: Database) {
    database.upgrade("head").await;
    let is_models = |table: &str| MODELS.iter().any(|model| model.name == table);
    let found = reflected(&database, &Scope::default()).await;
    let ours =
        found.tables.keys().map(ToString::to_string).filter(|table| !is_models(table) && table != "alembic_version");
    let page = include_str!("../../docs/from-alembic.md");
    let mut count = 0;
    for table in ours {
        assert!(page.contains(&format!("    return type_ != \"table\" or name != \"{table}\"\n")), "{table}");
        count += 1;
    }
    // On SQLite no revision of this chain needs it.
    assert_eq!(count, usize::from(database.dialect() != Dialect::Sqlite));
}
