//! docs/troubleshooting.md: what the tool says there, it says of the reference application's chain, on every database.

use std::fs;
use std::path::Path;

use crate::common::TestDatabase;
use crate::project::Project;
use crate::{ALL, tool};

const PAGE: &str = include_str!("../../../docs/troubleshooting.md");

/// What the page has behind `$ revchain`, and what comes out. It shows a SQLite file.
fn examples() -> Vec<(Vec<String>, String)> {
    let blocks = PAGE.split("```console\n").skip(1).filter_map(|block| block.split("```").next());
    let examples = blocks.flat_map(|block| block.split("$ ")).filter_map(|example| example.strip_prefix("revchain "));
    let words = |typed: &str| {
        // Every second part stands in quotes.
        let parts = typed.split('"').enumerate().map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        parts.collect::<Vec<Vec<String>>>().concat()
    };
    examples
        .map(|example| {
            let (typed, shown) = example.split_once('\n').unwrap();
            (words(typed), shown.replace("sqlite:ibutsu.db", "<url>"))
        })
        .collect()
}

/// The reference application's directory; its models, which only its own binary knows, are written down as files.
fn ibutsu() -> Project {
    let project = Project::new(&[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("migrations");
    let config = fs::read_to_string(root.join("revchain.toml")).unwrap();
    project.write("migrations/revchain.toml", &format!("{config}\n[models]\nschema = 'schema.sql'\n"));
    for entry in fs::read_dir(root.join("versions")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        project.write(&format!("migrations/versions/{name}"), &fs::read_to_string(&path).unwrap());
    }
    for dialect in ALL {
        let file = format!("migrations/schema.{}.sql", dialect.name());
        project.run(&["schema", "--dialect", dialect.name(), "--output", &file]).done();
    }
    project
}

#[tokio::test]
async fn the_tool_says_what_the_page_shows() {
    let (project, examples) = (ibutsu(), examples());
    let first: Vec<&str> = examples.iter().map(|(words, _)| words[0].as_str()).collect();
    assert_eq!(first, ["revision", "check"]);
    for dialect in ALL {
        let Some(database) = TestDatabase::make(dialect).await else { continue };
        tool(&project, &database, &["upgrade", "53994db980f1"]).done();
        let before = project.files();
        for (words, shown) in &examples {
            let said = tool(&project, &database, &words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(said.stdout + &said.stderr, *shown, "{dialect:?} {words:?}");
            assert_eq!(said.code == 1, shown.starts_with("error: "), "{dialect:?} {words:?}");
        }
        assert_eq!(project.files(), before, "nothing is written");
        database.finish().await;
    }
}
