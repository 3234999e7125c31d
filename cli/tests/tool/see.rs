//! `schema`, `diff` and `diagram`: what a chain makes of a schema, without a database.

use serde_json::{Value, json};

use crate::project::Project;

/// A chain for all three databases, with most of what there is.
fn project() -> Project {
    let project = Project::empty();
    project.write("migrations/revchain.toml", "dialects = [\"postgres\", \"mysql\", \"sqlite\"]\n");
    let revision = |id: &str, down: &str, up: &str| {
        let text = format!(
            "-- The {id}\n--\n-- revision: {id}\n-- down_revision: {down}\n\n-- @upgrade\n{up}\n\
             \n-- @downgrade; irreversible: a test\n"
        );
        project.write(&format!("migrations/versions/{id}_x.sql"), &text);
    };
    revision(
        "a1",
        "base",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);\n\
         CREATE TABLE runs (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), note TEXT);\n\
         CREATE TABLE old (id INTEGER PRIMARY KEY);",
    );
    revision(
        "b2",
        "a1",
        "DROP TABLE old;\nALTER TABLE runs DROP COLUMN note;\nALTER TABLE runs ADD COLUMN status VARCHAR(9) DEFAULT 'new' NOT NULL;\n\
         CREATE INDEX ix_runs_status ON runs (status);\n\
         CREATE TABLE \"order\" (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs (id));\n\
         CREATE VIEW newest AS SELECT name FROM users WHERE id > 3;",
    );
    revision("c3", "b2", "DROP VIEW newest;\nCREATE VIEW newest AS SELECT name FROM users WHERE id > 9;");
    project
}

#[test]
fn a_schema_is_printed_as_ddl() {
    let project = project();
    assert_eq!(
        project.run(&["schema", "--dialect", "postgres"]).done(),
        r#"-- The schema at c3, for postgres

CREATE TABLE users (
    id INTEGER NOT NULL,
    name VARCHAR(20) NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE runs (
    id INTEGER NOT NULL,
    user_id INTEGER,
    status VARCHAR(9) NOT NULL DEFAULT 'new',
    PRIMARY KEY (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
);

CREATE INDEX ix_runs_status ON runs (status);

CREATE TABLE "order" (
    id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (run_id) REFERENCES runs (id)
);

CREATE VIEW newest AS
SELECT name
FROM users
WHERE id > 9;
"#
    );
    let at_first = project.run(&["schema", "-2", "--dialect", "sqlite"]).done();
    assert!(at_first.starts_with("-- The schema at a1, for sqlite\n\nCREATE TABLE old ("), "{at_first}");
    assert_eq!(project.run(&["schema", "base", "--dialect", "mysql"]).done(), "-- The schema at base, for mysql\n");
    assert_eq!(project.run(&["schema", "--dialect", "mysql", "-o", "schema.sql"]).done(), "");
    assert!(project.read("schema.sql").contains("CREATE TABLE runs (\n    id INTEGER NOT NULL,"));
}

#[test]
fn the_dialect_is_the_only_one_or_that_of_the_url() {
    let project = project();
    let said = project.refused(&["schema"], 1);
    assert_eq!(
        said,
        "error: the chain serves postgres, mysql, sqlite, and nothing says which is meant\n  \
         help: write --dialect <DIALECT>\n"
    );
    let of_url = project.run(&["schema", "--url", "mysql://me@nowhere/x"]).done();
    assert!(of_url.starts_with("-- The schema at c3, for mysql\n"), "{of_url}");
    let one = Project::new(&["a1 -> base"]);
    assert!(one.run(&["schema"]).done().starts_with("-- The schema at a1, for sqlite\n"));
    let said = one.refused(&["schema", "--dialect", "mysql"], 1);
    assert_eq!(said, "error: the chain is not made for mysql: `dialects` in revchain.toml has sqlite\n");
    assert!(one.refused(&["schema", "--dialect", "oracle"], 2).contains("invalid value 'oracle'"));
    assert!(one.refused(&["schema", "zz"], 1).contains("zz"));
}

#[test]
fn a_schema_is_printed_as_json() {
    let said = project().run(&["schema", "--dialect", "postgres", "--json"]).done();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&said["command"], &said["dialect"], &said["revision"]),
        (&"schema".into(), &"postgres".into(), &"c3".into())
    );
    let names: Vec<&str> =
        said["tables"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["order", "runs", "users"]);
    let runs = &said["tables"][1];
    assert_eq!(
        runs["columns"][2],
        json!({
            "name": "status", "type": "character varying(9)", "nullable": false, "default": "'new'", "identity": null,
            "generated": null, "collation": null, "comment": null, "on_update": null,
        })
    );
    assert_eq!(
        runs["foreign_keys"],
        json!([{
            "name": "runs_user_id_fkey", "columns": ["user_id"], "table": "users", "references": ["id"],
            "on_delete": "NO ACTION", "on_update": "NO ACTION", "match_full": false, "deferrable": "no", "validated": true,
        }])
    );
    assert_eq!((&runs["is_known"], &said["unknown"]), (&true.into(), &json!([])));
}

#[test]
fn a_diff_has_the_ddl_of_either_side() {
    let project = project();
    let said = project.run(&["diff", "a1", "b2", "--dialect", "postgres"]);
    assert_eq!(said.stderr, "a1 -> b2: 6 changes.\n");
    assert_eq!(
        said.done(),
        r#"- table old
-   id INTEGER NOT NULL
-   CONSTRAINT old_pkey PRIMARY KEY (id)
+ table order
+   id INTEGER NOT NULL
+   run_id INTEGER NOT NULL
+   CONSTRAINT order_pkey PRIMARY KEY (id)
+   CONSTRAINT order_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs (id)
  table runs
-   note TEXT
+   status VARCHAR(9) NOT NULL DEFAULT 'new'
+   CREATE INDEX ix_runs_status ON runs (status)
+ CREATE VIEW newest AS
+ SELECT name
+ FROM users
+ WHERE id > 3
"#
    );
    // What the newest revision changes, however it is said.
    let newest = project.run(&["diff", "--dialect", "sqlite"]).done();
    assert!(newest.contains("\n- WHERE id > 3\n+ CREATE VIEW newest AS\n"), "{newest}");
    for words in [&["-1"][..], &["b2", "c3"], &["b2:c3"], &["b2:"], &["b2", "+1"], &["b2"]] {
        let words: Vec<&str> = ["diff", "--dialect", "sqlite"].iter().chain(words).copied().collect();
        assert_eq!(project.run(&words).done(), newest, "{words:?}");
    }
    let back = project.run(&["diff", "b2", "a1", "--dialect", "sqlite"]).done();
    assert!(back.contains("+ table old\n") && back.contains("-   CREATE INDEX ix_runs_status"), "{back}");
    let same = project.run(&["diff", "c3", "c3", "--dialect", "sqlite", "--json"]).done();
    assert_eq!(serde_json::from_str::<Value>(&same).unwrap()["changes"], json!([]));
    assert!(project.refused(&["diff", "a1:b2", "c3", "--dialect", "sqlite"], 2).contains("not both"));
}

#[test]
fn a_diff_is_printed_as_json() {
    let project = project();
    let said = project.run(&["diff", "a1:b2", "--dialect", "postgres", "--json"]).done();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["from"], &said["to"]), (&"a1".into(), &"b2".into()));
    let changes = said["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 6, "{said:#}");
    let status = changes.iter().find(|change| change["name"] == "status").unwrap();
    assert_eq!(
        *status,
        json!({
            "change": "added", "kind": "column", "table": "runs", "name": "status", "before": null,
            "after": "status VARCHAR(9) NOT NULL DEFAULT 'new'", "details": [],
        })
    );
    project.write(
        "migrations/versions/d4_x.sql",
        "-- d\n-- revision: d4\n-- down_revision: c3\n\n-- @upgrade postgres\nALTER TABLE runs ALTER COLUMN status TYPE text;\n\
         -- @upgrade mysql, sqlite\n-- @downgrade; irreversible: a test\n",
    );
    let said = project.run(&["diff", "--dialect", "postgres", "--json"]).done();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        said["changes"],
        json!([{
            "change": "changed", "kind": "column", "table": "runs", "name": "status",
            "before": "status VARCHAR(9) NOT NULL DEFAULT 'new'", "after": "status TEXT NOT NULL DEFAULT 'new'",
            "details": [{ "what": "type", "before": "`character varying(9)`", "after": "`text`" }],
        }])
    );
}

#[test]
fn a_diagram_is_an_svg_or_mermaid() {
    let project = project();
    let svg = project.run(&["diagram", "--dialect", "sqlite"]).done();
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
    for part in ["<title>Schema at c3, sqlite</title>", ">users</text>", "<title>runs (user_id) → users</title>"] {
        assert!(svg.contains(part), "{part}: {svg}");
    }
    assert!(!svg.contains("class=\"sign"), "nothing has changed");
    assert_eq!(svg, project.run(&["diagram", "head", "--dialect", "sqlite"]).done(), "the same each time");
    project.run(&["diagram", "--dialect", "sqlite", "-o", "schema.svg"]).done();
    assert_eq!(project.read("schema.svg"), svg);

    project.run(&["diagram", "--dialect", "sqlite", "-o", "schema.mmd"]).done();
    let mermaid = r#"---
title: "Schema at c3, sqlite"
---
erDiagram
    order {
        integer id PK
        integer run_id FK
    }
    runs {
        integer id PK
        integer user_id FK
        varchar(9) status
    }
    users {
        integer id PK
        varchar(20) name
    }
    runs ||--o{ order : "run_id"
    users |o--o{ runs : "user_id"
"#;
    assert_eq!(project.read("schema.mmd"), mermaid);
    let said = project.run(&["diagram", "--json"]);
    assert!(said.code == 2 && said.stderr.contains("prints nothing that could be JSON"), "{said:?}");
}

#[test]
fn a_diagram_of_two_revisions_shows_what_changes() {
    let project = project();
    let svg = project.run(&["diagram", "a1", "b2", "--dialect", "sqlite"]).done();
    for part in [
        "<title>Schema from a1 to b2, sqlite</title>",
        "<g class=\"removed\"",
        "<g class=\"added\"",
        "<g class=\"changed\"",
        ">+</text><text class=\"name\" x=\"24\" y=\"19\">order</text>",
        ">index ix_runs_status</text>",
        "<title>added: order (run_id) → runs</title>",
        "@media(prefers-color-scheme:dark)",
    ] {
        assert!(svg.contains(part), "{part}: {svg}");
    }
    let mermaid = project.run(&["diagram", "a1:b2", "--dialect", "sqlite", "--format", "mermaid"]).done();
    assert_eq!(
        mermaid,
        r#"---
title: "Schema from a1 to b2, sqlite"
---
erDiagram
    old["- old"] {
        integer id PK "- removed"
    }
    order["+ order"] {
        integer id PK "+ added"
        integer run_id FK "+ added"
    }
    runs["~ runs"] {
        integer id PK
        integer user_id FK
        varchar(9) status "+ added"
        text note "- removed"
    }
    users {
        integer id PK
        varchar(20) name
    }
    runs ||--o{ order : "+ run_id"
    users |o--o{ runs : "user_id"
    classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    class order added
    classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328
    class old removed
    classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328
    class runs changed
"#
    );
}

/// What nobody understood is said in each form, with its place.
#[test]
fn what_is_not_known_is_said() {
    let project = project();
    project.write(
        "migrations/versions/d4_x.sql",
        "-- d\n-- revision: d4\n-- down_revision: c3\n\n-- @upgrade\nDO LANGUAGE plperl 'everything';\nALTER TABLE users SET SOMEHOW DIFFERENT;\n\
         -- @downgrade; irreversible: a test\n",
    );
    let said = project.run(&["schema", "--dialect", "postgres"]);
    assert_eq!(
        said.stderr,
        "warning: 1 table is not known for certain; 1 statement is not understood, and may have made, changed or dropped \
         anything\n  migrations/versions/d4_x.sql:6: DO LANGUAGE plperl 'everything'\n  migrations/versions/d4_x.sql:7: `users`: \
         SET SOMEHOW DIFFERENT\n"
    );
    let sql = said.done();
    for part in [
        "-- The schema at d4, for postgres\n-- 1 table is not known for certain; 1 statement is not understood, and",
        "\n--   migrations/versions/d4_x.sql:6: DO LANGUAGE plperl 'everything'\n",
        "\n-- not certain, for this is not understood: migrations/versions/d4_x.sql:7: `users`: SET SOMEHOW DIFFERENT\n\
         CREATE TABLE users (",
    ] {
        assert!(sql.contains(part), "{part}: {sql}");
    }
    let json: Value =
        serde_json::from_str(&project.run(&["schema", "--dialect", "postgres", "--json"]).done()).unwrap();
    assert_eq!(
        json["unknown"][1],
        json!({
            "table": "users", "revision": "d4", "file": "migrations/versions/d4_x.sql", "line": 7,
            "statement": "SET SOMEHOW DIFFERENT",
        })
    );
    assert_eq!(json["tables"][2]["is_known"], false);
    let diff = project.run(&["diff", "--dialect", "postgres"]);
    assert!(diff.stderr.contains("c3 -> d4: no change is known.\nwarning: 1 table"), "{}", diff.stderr);
    assert_eq!(diff.done(), "? table users: not everything about it is known\n");
    let quiet = project.run(&["diagram", "--dialect", "postgres", "-q"]);
    assert_eq!(quiet.stderr, "");
    let svg = quiet.done();
    assert!(svg.contains("class=\"table doubt\"") && svg.contains(">users ?</text>"), "{svg}");
    assert!(svg.contains("1 table is not known for certain (dashed); 1 statement is not understood"), "{svg}");
    let mermaid = project.run(&["diagram", "--dialect", "postgres", "--format", "mermaid"]).done();
    assert!(mermaid.contains("    %% 1 table is not known for certain") && mermaid.contains("users[\"users ?\"] {"));
}
