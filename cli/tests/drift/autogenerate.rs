//! `revision --autogenerate --database`.

use revchain::Dialect;

use crate::{ALL, SCHEMA, by_hand, project, tool, upgraded};

const WORDS: [&str; 7] = ["revision", "--autogenerate", "--database", "-m", "Next", "--rev-id", "next"];

/// The models with another column.
fn more() -> String {
    SCHEMA.replace("size DECIMAL", "label VARCHAR(9), size DECIMAL")
}

#[tokio::test]
async fn a_database_that_is_behind_is_refused() {
    let project = project();
    for dialect in ALL {
        let Some(database) = crate::common::TestDatabase::make(dialect).await else { continue };
        let said = tool(&project, &database, &WORDS);
        let said = said.refused(1);
        assert_eq!(
            said,
            "error: Target database is not up to date.\n  it is at base, 1 revision behind the head first; no revision was \
             written\n  database: <url>\n  help: `revchain upgrade head` brings it there\n"
        );
        database.finish().await;
    }
}

/// Where the database is what the chain says, so is what is written.
#[tokio::test]
async fn what_is_written_is_what_the_chain_gives() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        let said = tool(&project, &database, &WORDS);
        assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{said:#?}");
        assert!(said.stderr.contains("No changes in schema detected; no revision was written.\n"), "{said:#?}");
        assert!(said.stderr.contains("Compared with <url>; for "), "{said:#?}");
        project.write("migrations/schema.sql", &more());
        let file = tool(&project, &database, &WORDS).done();
        let text = project.read(file.trim());
        std::fs::remove_file(project.path(file.trim())).unwrap();
        project.run(&["lock"]).done();
        let file = project.run(&["revision", "--autogenerate", "-m", "Next", "--rev-id", "next"]).done();
        let section = |text: &str| text[text.find("\n-- @").unwrap()..].to_owned();
        assert_eq!(section(&text), section(&project.read(file.trim())));
        tool(&project, &database, &["upgrade"]).done();
        tool(&project, &database, &["check", "--database"]).done();
        database.finish().await;
    }
}

/// What the models don't speak of is none of theirs.
#[tokio::test]
async fn a_difference_beside_the_models_is_said_and_the_revision_written() {
    for dialect in ALL {
        let Some((project, database)) = upgraded(dialect).await else { continue };
        database.run("CREATE VIEW seen AS SELECT 1 AS a").await;
        project.write("migrations/schema.sql", &more());
        let said = tool(&project, &database, &WORDS);
        assert!(
            said.stderr.contains("warning: 1 difference between the database and the chain at first: <url>"),
            "{said:#?}"
        );
        assert!(said.stderr.contains("  view `seen`: in the database, not in the chain\n"), "{said:#?}");
        let text = project.read(said.done().trim());
        assert!(!text.contains("seen"), "{text}");
        tool(&project, &database, &["upgrade"]).done();
        tool(&project, &database, &["downgrade", "-1"]).done();
        database.finish().await;
    }
}

/// It would run on this database alone.
#[tokio::test]
async fn a_revision_that_the_chain_cannot_replay_is_refused() {
    for dialect in ALL {
        let change = "ALTER TABLE runs ADD COLUMN label VARCHAR(9)";
        // The database has too much, too little, and what the models have already.
        let drop =
            if dialect == Dialect::Mysql { "DROP INDEX ix_runs_note ON runs" } else { "DROP INDEX ix_runs_note" };
        for (change, models, problem) in [
            (change, SCHEMA.to_owned(), "on the chain: table `runs` has no column `label`"),
            (drop, SCHEMA.to_owned(), "on the chain: index `ix_runs_note` "),
            (change, more(), "on the chain: afterwards, column `runs.label` is left"),
        ] {
            let Some((project, database)) = upgraded(dialect).await else { continue };
            by_hand(&database, change).await;
            project.write("migrations/schema.sql", &models);
            let before = project.files();
            let said = tool(&project, &database, &WORDS).refused(1);
            assert!(said.contains(problem), "{dialect:?} {change}: {said}");
            assert!(said.contains("no revision was written") && said.contains("`revchain stamp`"), "{said}");
            let after = project.files();
            let written = after.keys().filter(|path| !before.contains_key(*path)).collect::<Vec<_>>();
            assert!(written.is_empty(), "{written:?}");
            database.finish().await;
        }
    }
}
