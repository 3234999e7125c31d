//! A database that Python's Alembic brought to any of the six revisions is carried on from there.

use crate::database::Database;
use crate::evidence::{self, REVISIONS};
use crate::schema::assert_schema;

every_database!(alembics_databases_are_carried_on);

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
