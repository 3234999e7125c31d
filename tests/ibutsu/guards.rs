//! Revisions that look before they act: projects that are missing, keys under other names, objects made by hand.

use crate::database::{Database, Dialect};
use crate::evidence::REVISIONS;
use crate::rows::{seed, snapshot};

every_database!(
    without_the_source_project_nothing_moves,
    without_the_target_project_nothing_is_lost,
    a_meta_table_that_is_gone_is_not_missed,
);
postgres_only!(
    a_missing_meta_index_is_not_missed,
    an_index_made_by_hand_is_kept,
    an_index_in_another_schema_is_no_hindrance,
    a_missing_foreign_key_is_named,
);

/// A foreign key keeps the name that it has. SQLite's keys are rebuilt with their table.
mod a_renamed_foreign_key_keeps_its_name {
    use crate::database::{self, Dialect};

    #[tokio::test]
    async fn postgres() {
        database::with(Dialect::Postgres, super::a_renamed_foreign_key_keeps_its_name).await;
    }

    #[tokio::test]
    async fn mysql() {
        database::with(Dialect::Mysql, super::a_renamed_foreign_key_keeps_its_name).await;
    }
}

const SOURCE: &str = "c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c";
const TARGET: &str = "3915c900-85fc-1222-833c-10d51af56f2e";

async fn without_the_source_project_nothing_moves(database: Database) {
    database.upgrade(REVISIONS[3]).await;
    database.execute(format!("INSERT INTO projects (id, name) VALUES ('{TARGET}', 'insights-qe')")).await;
    let before = snapshot(&database).await;
    database.upgrade(REVISIONS[4]).await;
    assert_eq!(snapshot(&database).await, before);
    assert_eq!(database.version().await, [REVISIONS[4]]);
}

async fn without_the_target_project_nothing_is_lost(database: Database) {
    database.upgrade(REVISIONS[0]).await;
    seed(&database).await;
    database.upgrade(REVISIONS[3]).await;
    // Another name for it is as good as none: it is known by its id.
    let elsewhere = "00000000-0000-4000-8000-00000000c004";
    database
        .execute(format!(
            "INSERT INTO projects (id, name) VALUES ('{elsewhere}', 'insights-qe');
             UPDATE runs SET project_id = '{elsewhere}' WHERE project_id = '{TARGET}';
             UPDATE results SET project_id = '{elsewhere}' WHERE project_id = '{TARGET}';
             UPDATE dashboards SET project_id = '{elsewhere}' WHERE project_id = '{TARGET}';
             UPDATE widget_configs SET project_id = '{elsewhere}' WHERE project_id = '{TARGET}';
             DELETE FROM users_projects WHERE project_id = '{TARGET}';
             DELETE FROM projects WHERE id = '{TARGET}';"
        ))
        .await;
    let before = snapshot(&database).await;
    let error = database.try_upgrade("head").await.expect_err("the target is missing");
    assert!(error.contains(&format!("Target project {TARGET} does not exist")), "{error}");
    assert_eq!(database.version().await, [REVISIONS[3]]);
    assert_eq!(snapshot(&database).await, before);
    let members = format!("SELECT CAST(count(*) AS CHAR(9)) FROM users_projects WHERE project_id = '{SOURCE}'");
    assert_eq!(database.texts(members).await[0].trim(), "2");
}

async fn a_meta_table_that_is_gone_is_not_missed(database: Database) {
    database.upgrade(REVISIONS[0]).await;
    database.execute("DROP TABLE meta").await;
    database.upgrade("head").await;
    // And one that is there already is left alone.
    let key = if database.dialect() == Dialect::Mysql { "VARCHAR(255)" } else { "TEXT" };
    database
        .execute(format!(
            "CREATE TABLE meta (\"key\" {key} NOT NULL, value TEXT, PRIMARY KEY (\"key\"));
             INSERT INTO meta (\"key\", value) VALUES ('kept', 'yes');"
        ))
        .await;
    database.downgrade(REVISIONS[0]).await;
    assert_eq!(database.texts("SELECT value FROM meta").await, ["yes"]);
}

async fn a_missing_meta_index_is_not_missed(database: Database) {
    database.upgrade(REVISIONS[0]).await;
    database.execute("DROP INDEX ix_meta_key").await;
    database.upgrade(REVISIONS[1]).await;
    assert_eq!(database.version().await, [REVISIONS[1]]);
}

async fn an_index_made_by_hand_is_kept(database: Database) {
    database.upgrade(REVISIONS[0]).await;
    database.execute("CREATE INDEX ix_runs_tags ON runs (env)").await;
    database.upgrade(REVISIONS[1]).await;
    let definition = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_runs_tags'";
    assert_eq!(database.texts(definition).await, ["CREATE INDEX ix_runs_tags ON public.runs USING btree (env)"]);
}

async fn an_index_in_another_schema_is_no_hindrance(database: Database) {
    let schemas = "SELECT schemaname::text FROM pg_indexes WHERE indexname = 'ix_runs_tags' ORDER BY schemaname";
    database.upgrade(REVISIONS[0]).await;
    database
        .execute("CREATE SCHEMA other; CREATE TABLE other.runs (data jsonb); CREATE INDEX ix_runs_tags ON other.runs (data);")
        .await;
    database.upgrade(REVISIONS[1]).await;
    assert_eq!(database.texts(schemas).await, ["other", "public"]);
    database.downgrade(REVISIONS[0]).await;
    assert_eq!(database.texts(schemas).await, ["other"]);
}

async fn a_missing_foreign_key_is_named(database: Database) {
    database.upgrade(REVISIONS[2]).await;
    database.execute("ALTER TABLE import_files DROP CONSTRAINT import_files_import_id_fkey").await;
    let error = database.try_upgrade(REVISIONS[3]).await.expect_err("there is no key to replace");
    assert!(
        error.contains("constraint \"import_files_import_id_fkey\" of relation \"import_files\" does not exist"),
        "{error}"
    );
    assert_eq!(database.version().await, [REVISIONS[2]]);
}

async fn a_renamed_foreign_key_keeps_its_name(database: Database) {
    let (old, drop_it, rule) = match database.dialect() {
        Dialect::Postgres => (
            "import_files_import_id_fkey",
            "CONSTRAINT",
            "SELECT conname || ' ' || confdeltype::text FROM pg_constraint
             WHERE conrelid = 'import_files'::regclass AND contype = 'f'",
        ),
        _ => (
            "import_files_ibfk_1",
            "FOREIGN KEY",
            "SELECT CAST(CONCAT(CONSTRAINT_NAME, ' ', IF(DELETE_RULE = 'CASCADE', 'c', 'a')) AS CHAR)
             FROM information_schema.REFERENTIAL_CONSTRAINTS
             WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = 'import_files'",
        ),
    };
    database.upgrade(REVISIONS[2]).await;
    database
        .execute(format!(
            "ALTER TABLE import_files DROP {drop_it} {old};
             ALTER TABLE import_files ADD CONSTRAINT \"its `odd` name\"
                 FOREIGN KEY (import_id) REFERENCES imports (id);"
        ))
        .await;
    database.upgrade(REVISIONS[3]).await;
    assert_eq!(database.texts(rule).await, ["its `odd` name c"]);
    database.downgrade(REVISIONS[2]).await;
    assert_eq!(database.texts(rule).await, ["its `odd` name a"]);
}
