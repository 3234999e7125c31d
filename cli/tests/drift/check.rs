//! `check --database`.

use revchain::Dialect;
use serde_json::Value;

use crate::common::TestDatabase;
use crate::project::{Project, revision_text, run};
use crate::{ALL, by_hand, project, tool, upgraded};

#[tokio::test]
async fn what_a_chain_made_is_what_it_says() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        let said = tool(&project, &database, &["check", "--database"]);
        assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{dialect:?}: {said:#?}");
        assert_eq!(said.stderr, "The database is what the chain says at first: <url>\n");
        assert_eq!(tool(&project, &database, &["check", "--database", "--sql"]).done(), "");
        // It is compared with where it stands, not with the head.
        tool(&project, &database, &["downgrade", "base"]).done();
        let said = tool(&project, &database, &["check", "--database"]);
        let expected =
            "No revision is applied, and the database is what the chain says at base (1 revision behind the head)";
        assert!(said.code == 0 && said.stderr.starts_with(expected), "{said:#?}");
        database.finish().await;
    }
}

#[tokio::test]
async fn what_was_done_by_hand_is_named_and_undone() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        by_hand(
            &database,
            "ALTER TABLE runs ADD COLUMN extra VARCHAR(9);\nCREATE TABLE strange (n INTEGER);\nCREATE VIEW seen AS SELECT 1 AS a",
        )
        .await;
        by_hand(
            &database,
            match dialect {
                Dialect::Mysql => {
                    "DROP INDEX ix_runs_note ON runs;\nALTER TABLE runs MODIFY note VARCHAR(30) DEFAULT 'x'"
                }
                Dialect::Postgres => {
                    "DROP INDEX ix_runs_note;\nALTER TABLE runs ALTER note TYPE VARCHAR(30), ALTER note DROP NOT NULL"
                }
                _ => "DROP INDEX ix_runs_note",
            },
        )
        .await;
        let said = tool(&project, &database, &["check", "--database"]);
        assert_eq!(said.code, 3, "{dialect:?}: {said:#?}");
        let line = |text: &str| said.stdout.lines().any(|line| line == text);
        assert!(line("column `runs.extra`: in the database, not in the chain"), "{said:#?}");
        assert!(said.stdout.contains("not in the chain\n    extra "), "{said:#?}");
        assert!(line("index `ix_runs_note` of `runs`: in the chain, not in the database"), "{said:#?}");
        assert!(line("    CREATE INDEX ix_runs_note ON runs (note, size)"), "{said:#?}");
        assert!(line("table `strange`: in the database, not in the chain"), "{said:#?}");
        assert!(line("view `seen`: in the database, not in the chain"), "{said:#?}");
        let differences = if dialect == Dialect::Sqlite { 4 } else { 5 };
        if dialect != Dialect::Sqlite {
            let varying = if dialect == Dialect::Postgres { "character varying" } else { "varchar" };
            assert!(
                line(&format!(
                    "column `runs.note`: the type is `{varying}(30)` in the database, `{varying}(20)` in the chain; \
                     nullability is NULL in the database, NOT NULL in the chain"
                )),
                "{said:#?}"
            );
        }
        let summary = format!("{differences} differences between the database and the chain at first: <url>\n");
        assert!(said.stderr.contains(&summary), "{said:#?}");
        assert!(said.stderr.contains("`revchain check --database --sql` prints the statements"), "{said:#?}");

        let said = tool(&project, &database, &["check", "--database", "--sql"]);
        assert_eq!(said.code, 3, "{said:#?}");
        by_hand(&database, &said.stdout).await;
        tool(&project, &database, &["check", "--database"]).done();
        database.finish().await;
    }
}

#[tokio::test]
async fn a_table_that_is_gone_says_who_made_it() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        database.run("DROP TABLE runs").await;
        let said = tool(&project, &database, &["check", "--database"]);
        assert_eq!(
            (said.code, said.stdout.as_str()),
            (3, "table `runs`: in the chain (made by first), not in the database\n"),
            "{said:#?}"
        );
        database.finish().await;
    }
}

/// A build that failed leaves an index that no query uses.
#[tokio::test]
async fn an_invalid_index_is_no_index() {
    let Some((project, database)) = upgraded(Dialect::Postgres).await else { return };
    by_hand(&database, "INSERT INTO projects VALUES (1, 'a'), (2, 'b');\nDROP INDEX ix_runs_note").await;
    by_hand(&database, "INSERT INTO runs VALUES (1, 1), (2, 1)").await;
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&database.url).await.unwrap();
    for statement in [
        "CREATE INDEX CONCURRENTLY ix_runs_note ON runs ((1 / (size - size)))",
        "CREATE UNIQUE INDEX CONCURRENTLY once ON runs (note)",
    ] {
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap_err();
    }
    let said = tool(&project, &database, &["check", "--database"]);
    let line = |text: &str| said.stdout.lines().any(|line| line == text);
    assert!(line("index `once` of `runs`: in the database, INVALID, not in the chain"), "{said:#?}");
    by_hand(&database, "DROP INDEX once;\nDROP INDEX ix_runs_note;\nCREATE INDEX ix_runs_note ON runs (note, size)")
        .await;
    tool(&project, &database, &["check", "--database"]).done();
    // As a build that was stopped leaves it.
    database.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_runs_note'::regclass").await;
    let said = tool(&project, &database, &["check", "--database"]);
    assert_eq!(
        said.stdout,
        "index `ix_runs_note` of `runs`: INVALID in the database: no query uses it, and every write pays for it\n  \
         help: `REINDEX INDEX CONCURRENTLY ix_runs_note`\n"
    );
    let said = tool(&project, &database, &["check", "--database", "--sql"]);
    by_hand(&database, &said.stdout).await;
    tool(&project, &database, &["check", "--database"]).done();
    database.finish().await;
}

/// Partitions are made and dropped by jobs; and a chain may use a schema that it doesn't make.
#[tokio::test]
async fn what_comes_and_goes_on_postgres_is_no_alarm() {
    let Some(database) = TestDatabase::make(Dialect::Postgres).await else { return };
    let project = Project::new(&["a1 -> base"]);
    project.write("migrations/revchain.toml", "dialects = ['postgres']\n");
    let statements = "CREATE TABLE a1 (n INTEGER) PARTITION BY LIST (n);\nCREATE TABLE one PARTITION OF a1 FOR VALUES IN (1);\n\
                      CREATE TABLE audit.log (n INTEGER)";
    let text = revision_text("a1", "base").replace("CREATE TABLE a1 (n INTEGER)", statements);
    project.write("migrations/versions/a1_x.sql", &text);
    database.run("CREATE SCHEMA audit").await;
    tool(&project, &database, &["upgrade"]).done();
    by_hand(&database, "DROP TABLE one;\nCREATE TABLE two PARTITION OF a1 FOR VALUES IN (2)").await;
    let said = tool(&project, &database, &["check", "--database"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{said:#?}");
    assert!(
        said.stderr.contains("not compared: table `one`, table `two`: a partition, which may come and go\n"),
        "{said:#?}"
    );
    database.run("CREATE TABLE audit.more (n INTEGER)").await;
    let said = tool(&project, &database, &["check", "--database"]);
    assert_eq!(said.stdout, "table `audit.more`: in the database, not in the chain\n", "{said:#?}");
    database.finish().await;
}

/// A session that looks elsewhere finds nothing.
#[tokio::test]
async fn another_search_path_is_thought_of() {
    let Some((project, database)) = upgraded(Dialect::Postgres).await else { return };
    database.run("CREATE SCHEMA first_of_all").await;
    let url = format!("{}?options=-c%20search_path%3Dfirst_of_all,public", database.url);
    let said = run(project.command(&["check", "--database"]).env("DATABASE_URL", url));
    assert_eq!(said.code, 3, "{said:#?}");
    assert!(said.stderr.contains("help: none of the chain's tables is in the session's current schema"), "{said:#?}");
    database.finish().await;
}

/// Who may only read is told by MySQL that there are no foreign keys.
#[tokio::test]
async fn what_the_user_may_not_see_is_not_missing() {
    let Some((project, database)) = upgraded(Dialect::Mysql).await else { return };
    let name = database.list("SELECT DATABASE()").await;
    let user = format!("looks_{}", std::process::id());
    database.run(&format!("CREATE USER {user}")).await;
    database.run(&format!("GRANT SELECT ON {name}.* TO {user}")).await;
    let look = || {
        let url = database.url_as(&user);
        run(project.command(&["check", "--database"]).env("DATABASE_URL", url))
    };
    let said = look();
    assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{said:#?}");
    // MySQL shows a foreign key to whoever may read the table.
    assert_eq!(
        said.stderr.starts_with(
            "not compared: foreign key `runs_ibfk_1` of `runs`: not seen, and this user may not see it all: it lacks REFERENCES"
        ),
        database.is_mariadb().await,
        "{said:#?}"
    );
    database.run(&format!("GRANT REFERENCES ON {name}.* TO {user}")).await;
    assert!(!look().stderr.contains("not compared"));
    database.run(&format!("DROP USER {user}")).await;
    database.finish().await;
}

#[tokio::test]
async fn what_the_settings_leave_out_is_not_looked_at() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        by_hand(&database, "CREATE TABLE tmp_1 (n INTEGER);\nCREATE VIEW tmp_2 AS SELECT 1 AS a;\nDROP TABLE runs")
            .await;
        let settings = project.read("migrations/revchain.toml");
        project.write("migrations/revchain.toml", &format!("{settings}\n[objects]\nexclude = ['tmp_*', 'runs']\n"));
        tool(&project, &database, &["check", "--database"]).done();
        database.finish().await;
    }
}

#[tokio::test]
async fn a_database_that_is_not_the_chains_is_refused_as_everywhere() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        database.run("UPDATE alembic_version SET version_num = 'strange'").await;
        let words = ["check", "--database"];
        let (said, expected) = (tool(&project, &database, &words), tool(&project, &database, &["current"]).refused(1));
        assert_eq!(said.refused(1), expected);
        assert!(expected.contains("strange"), "{expected}");
        // No revision is recorded, and there are tables.
        database.run("DELETE FROM alembic_version").await;
        let said = tool(&project, &database, &words);
        assert!(said.code == 3 && said.stderr.contains("`revchain stamp <revision>`"), "{said:#?}");
        let settings = project.read("migrations/revchain.toml");
        let others: Vec<String> =
            ALL.iter().filter(|one| **one != dialect).map(|one| format!("'{}'", one.name())).collect();
        let served = format!("dialects = [{}]", others.join(", "));
        project.write(
            "migrations/revchain.toml",
            &settings.replace("dialects = ['postgres', 'mysql', 'sqlite']", &served),
        );
        project.write("migrations/versions/first_first.sql", &revision_text("first", "base"));
        let said = tool(&project, &database, &words).refused(1);
        assert!(said.contains(&format!("the chain is not made for {}", dialect.name())), "{said}");
        database.finish().await;
    }
    let said = project().refused(&["--url", "sqlite:nothing.db", "check", "--database"], 1);
    assert!(said.contains("there is no database to look at: `nothing.db` does not exist"), "{said}");
}

/// What nobody understands may have done anything.
#[tokio::test]
async fn what_is_not_known_is_no_alarm_and_said() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        let odd = match dialect {
            Dialect::Postgres => "DO $$ BEGIN EXECUTE 'CREATE TABLE odd (n int)'; END $$",
            Dialect::Mysql => "SET @s = 'CREATE TABLE odd (n int)';\nPREPARE p FROM @s;\nEXECUTE p",
            _ => "CREATE TABLE odd (n int)",
        };
        if dialect == Dialect::Sqlite {
            database.finish().await;
            continue;
        }
        let text = revision_text("b2", "first").replace("CREATE TABLE b2 (n INTEGER)", odd);
        let text = text.replace("DROP TABLE b2", "DROP TABLE odd");
        let name = dialect.name();
        project.write("migrations/revchain.toml", &format!("dialects = ['{name}']\n[check]\nRC4 = 'off'\n"));
        project.write("migrations/versions/first_first.sql", &revision_text("first", "base"));
        project.write("migrations/versions/b2_x.sql", &text);
        by_hand(&database, "DROP TABLE runs;\nDROP TABLE projects;\nDELETE FROM alembic_version").await;
        tool(&project, &database, &["upgrade"]).done();
        let said = tool(&project, &database, &["check", "--database"]);
        assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{said:#?}");
        assert!(said.stderr.contains("not compared: table `odd`"), "{said:#?}");
        database.finish().await;
    }
}

#[tokio::test]
async fn programs_read_it() {
    let Some((project, database)) = upgraded(Dialect::Sqlite).await else { return };
    by_hand(&database, "DROP INDEX ix_runs_note;\nALTER TABLE runs ADD COLUMN extra TEXT").await;
    let said = tool(&project, &database, &["check", "--database", "--json"]);
    assert_eq!((said.code, said.stderr.as_str()), (3, ""), "{said:#?}");
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(
        (&json["command"], &json["clean"], &json["revision"]),
        (&"check".into(), &false.into(), &"first".into())
    );
    let found: Vec<_> = json["differences"].as_array().unwrap().iter().collect();
    assert_eq!(found.len(), 2, "{json}");
    assert_eq!(
        (&found[0]["kind"], &found[0]["name"], &found[0]["table"]),
        (&"column".into(), &"extra".into(), &"runs".into())
    );
    assert_eq!((&found[0]["difference"], &found[0]["database"]), (&"not in the chain".into(), &"extra TEXT".into()));
    assert_eq!((&found[1]["difference"], &found[1]["database"]), (&"not in the database".into(), &Value::Null));
    assert_eq!(found[1]["chain"], "CREATE INDEX ix_runs_note ON runs (note, size)");
    let said = tool(&project, &database, &["check", "--database", "--sql", "--json"]);
    let json: Value = serde_json::from_str(&said.stdout).unwrap();
    assert!(json["sql"].as_str().unwrap().contains("DROP COLUMN extra"), "{json}");
    database.finish().await;
}

#[test]
fn words_that_do_not_go_together() {
    let project = project();
    for words in
        [&["check", "--sql"][..], &["check", "--database", "--rename", "a=b"], &["revision", "--database", "-m", "x"]]
    {
        assert_eq!(run(&mut project.command(words)).code, 2, "{words:?}");
    }
}
