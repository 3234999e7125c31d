//! The rows of the seed, followed through the whole chain: each revision changes those that the evidence names, and no
//! other.

use std::collections::BTreeMap;

use crate::database::{Database, Dialect};
use crate::evidence::{self, REVISIONS};

every_database!(every_revision_changes_the_recorded_rows);

async fn every_revision_changes_the_recorded_rows(database: Database) {
    database.upgrade(REVISIONS[0]).await;
    seed(&database).await;
    let mut before = snapshot(&database).await;
    let seeded = before.len();
    assert!(seeded > 80, "{seeded} rows");

    for revision in &REVISIONS[1..] {
        database.upgrade(revision).await;
        let after = snapshot(&database).await;
        let mut expected = evidence::changes(revision, database.dialect());
        if *revision == REVISIONS[5] && database.dialect() == Dialect::Postgres {
            expected = summary_changes();
        }
        assert_eq!(changes(&before, &after), expected, "{revision}");
        before = after;
    }

    // Nothing is undone on the way back, and nothing is done twice. `meta` comes back empty.
    let head = before;
    database.downgrade(REVISIONS[0]).await;
    assert_eq!(snapshot(&database).await, head);
    database.upgrade("head").await;
    assert_eq!(snapshot(&database).await, head);
    // Rows do not keep the tables from going: not even where two of them refer to each other.
    database.downgrade("base").await;
    assert_eq!(snapshot(&database).await, Snapshot::new());
}

/// Fills the baseline.
pub(crate) async fn seed(database: &Database) {
    database.execute(evidence::SEED).await;
    let (log, file) = match database.dialect() {
        Dialect::Postgres => (r"'\xdeadbeef'", r"'\x00ff10'"),
        _ => ("x'deadbeef'", "x'00ff10'"),
    };
    let mut sql = format!(
        "UPDATE artifacts SET content = {log} WHERE filename = 'log.txt';
         UPDATE import_files SET content = {file} WHERE id = '00000000-0000-4000-8000-00000000f101';"
    );
    for (number, summary) in evidence::summaries().into_iter().enumerate() {
        let run = &summary.run;
        if number >= 10 {
            sql += &format!(
                "INSERT INTO runs (id, project_id, env, start_time, created) VALUES
                 ('{run}', '00000000-0000-4000-8000-00000000c003', 'e', '2026-02-01 00:00:00', '2026-02-01 00:00:00');\n"
            );
        }
        if let Some(text) = summary.before {
            sql += &format!("UPDATE runs SET summary = '{text}' WHERE id = '{run}';\n");
        }
    }
    database.execute(sql).await;
}

pub(crate) fn summary_changes() -> Vec<String> {
    let text = |summary: Option<&'static str>| summary.unwrap_or("NULL");
    evidence::summaries()
        .iter()
        .filter(|summary| summary.before != summary.after)
        .map(|summary| format!("runs {} summary: {} => {}", summary.run, text(summary.before), text(summary.after)))
        .collect()
}

/// Table and key, then column and value: everything there is, as text.
pub(crate) type Snapshot = BTreeMap<(String, String), BTreeMap<String, String>>;

/// Reads every row of every table, except Alembic's and ours.
pub(crate) async fn snapshot(database: &Database) -> Snapshot {
    let columns = match database.dialect() {
        Dialect::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
             WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
        Dialect::Mysql => {
            "SELECT CAST(TABLE_NAME AS CHAR), CAST(COLUMN_NAME AS CHAR), CAST(DATA_TYPE AS CHAR)
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION"
        }
        _ => {
            "SELECT rel.name, col.name, col.type FROM sqlite_master AS rel JOIN pragma_table_info(rel.name) AS col
             WHERE rel.type = 'table' ORDER BY rel.name, col.cid"
        }
    };
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in database.rows(columns).await {
        let [Some(table), Some(column), Some(kind)] = <[_; 3]>::try_from(row).expect("three columns") else {
            panic!("a column has a table, a name and a type");
        };
        if !["alembic_version", "revchain_journal"].contains(&table.as_str()) {
            tables.entry(table).or_default().push((column, kind));
        }
    }
    let mut snapshot = Snapshot::new();
    for (table, columns) in tables {
        let texts: Vec<String> =
            columns.iter().map(|(column, kind)| as_text(database.dialect(), column, kind)).collect();
        let name = quoted(database.dialect(), &table);
        for row in database.rows(format!("SELECT {} FROM {name}", texts.join(", "))).await {
            let row: Vec<String> = row.into_iter().map(|value| value.unwrap_or_else(|| "NULL".to_owned())).collect();
            let key = if table == "users_projects" { row.join("|") } else { row[0].clone() };
            let row = columns.iter().map(|(column, _)| column.clone()).zip(row).collect();
            assert!(snapshot.insert((table.clone(), key), row).is_none(), "keys are unique");
        }
    }
    snapshot
}

/// An expression that gives a column as text.
fn as_text(dialect: Dialect, column: &str, kind: &str) -> String {
    let name = quoted(dialect, column);
    match (dialect, kind) {
        (Dialect::Postgres, _) => format!("{name}::text"),
        (_, "longblob" | "BLOB") => format!("hex({name})"),
        (Dialect::Mysql, _) => format!("CAST({name} AS CHAR)"),
        _ => format!("CAST({name} AS TEXT)"),
    }
}

fn quoted(dialect: Dialect, name: &str) -> String {
    if dialect == Dialect::Mysql { format!("`{name}`") } else { format!("\"{name}\"") }
}

/// What differs, in the words of `evidence/changes.txt`.
pub(crate) fn changes(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let mut changes = Vec::new();
    for ((table, key), row) in before {
        let Some(now) = after.get(&(table.clone(), key.clone())) else {
            changes.push(format!("{table} {key} disappears"));
            continue;
        };
        for (column, value) in row.iter().filter(|(column, value)| now.get(*column) != Some(*value)) {
            let new = now.get(column).map_or("no such column", String::as_str);
            // The one value that nobody can know beforehand.
            let filled = (table.as_str(), column.as_str(), value.as_str()) == ("imports", "created", "NULL");
            let new = if filled && new.starts_with("20") { "now" } else { new };
            changes.push(format!("{table} {key} {column}: {value} => {new}"));
        }
    }
    for (table, key) in after.keys().filter(|key| !before.contains_key(*key)) {
        changes.push(format!("{table} {key} appears"));
    }
    changes.sort();
    changes
}
