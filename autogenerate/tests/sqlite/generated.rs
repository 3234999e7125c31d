//! Pairs of schemas that nobody wrote, with rows: from the one to the other and back.
//!
//! Seeded, so that a failure comes back. `REVCHAIN_TEST_SEED` is another seed, `PROPTEST_CASES` another number of pairs.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::database::{Database, schema, there};

const CASES: u32 = 150;

/// So many tables; the last two are there together or not at all.
const TABLES: usize = 4;

/// How many bytes a schema is made of.
const BYTES: usize = 220;

/// What a schema is made of: each question takes a byte, whatever was answered before, so that one byte changes one thing.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn pick(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % sides
    }

    fn of<T: Copy>(&mut self, choice: &[T]) -> T {
        choice[self.pick(choice.len())]
    }
}

/// A table, and what is known about its rows.
struct Made {
    name: String,
    sql: String,
    /// The columns that take values, and whether they take NULL.
    columns: Vec<(String, bool)>,
    has_numbers: bool,
    counts: bool,
}

struct Generated {
    tables: Vec<Made>,
    /// Indexes, views, triggers.
    rest: Vec<String>,
    views: Vec<String>,
}

impl Generated {
    fn of(bytes: &[u8]) -> Generated {
        let mut dice = Dice(bytes.iter());
        let both = dice.pick(2) == 0;
        let mut made = Generated { tables: Vec::new(), rest: Vec::new(), views: Vec::new() };
        let mut names = Vec::new();
        for number in 0..TABLES {
            let is_there = number < 2 || both;
            let table = table(&mut dice, number, both);
            for _ in 0..2 {
                let index = index(&mut dice, &table, &mut names);
                made.rest.extend(index.filter(|_| is_there));
            }
            if is_there {
                made.tables.push(table);
            }
        }
        made.rest.push("CREATE TABLE log (what text)".to_owned());
        let mut relations: Vec<String> = made.tables.iter().map(|table| table.name.clone()).collect();
        for number in 0..3 {
            let (is_there, on, what) = (dice.pick(2) == 1, dice.pick(4), dice.pick(3));
            let on = relations[on % relations.len()].clone();
            if is_there {
                let select = match what {
                    0 => format!("SELECT c0, c1 FROM {on} WHERE c1 > 0"),
                    1 => format!("SELECT o.c0, t0.c1 FROM {on} AS o JOIN t0 ON t0.c0 = o.c0"),
                    _ => format!("SELECT c0, c1 FROM \"{}\" UNION SELECT c0, c2 FROM t1", on.to_uppercase()),
                };
                made.rest.push(format!("CREATE VIEW v{number} AS {select}"));
                made.views.push(format!("v{number}"));
                relations.push(format!("v{number}"));
            }
        }
        for number in 0..4 {
            let (is_there, on, other, what) = (dice.pick(2) == 1, dice.pick(6), dice.pick(6), dice.pick(3));
            let (on, other) = (&relations[on % relations.len()], &relations[other % relations.len()]);
            let when = if on.starts_with('v') { "INSTEAD OF" } else { "AFTER" };
            let body = match what {
                0 => "INSERT INTO log (what) VALUES (new.c1)".to_owned(),
                1 => format!("INSERT INTO log (what) SELECT c0 FROM {other} WHERE c0 = new.c0"),
                _ => format!("DELETE FROM log; INSERT INTO log SELECT max(c1) FROM [{other}]"),
            };
            if is_there {
                made.rest.push(format!("CREATE TRIGGER g{number} {when} INSERT ON {on} BEGIN {body}; END"));
            }
        }
        made
    }

    fn sql(&self) -> String {
        let mut sql = String::new();
        for statement in self.tables.iter().map(|table| &table.sql).chain(&self.rest) {
            writeln!(sql, "{statement};").unwrap();
        }
        sql
    }

    /// Three rows for each table: what refers to one refers to one that is there.
    fn rows(&self) -> String {
        let mut sql = String::from("PRAGMA foreign_keys = off;\n");
        for table in &self.tables {
            for row in 1..=3 {
                let (mut into, mut values) = (String::new(), String::new());
                if table.has_numbers {
                    write!(into, "rowid, ").unwrap();
                    write!(values, "{}, ", row * 7).unwrap();
                }
                for (at, (column, is_nullable)) in table.columns.iter().enumerate() {
                    let value = match column.as_str() {
                        _ if *is_nullable && row == 2 => "NULL".to_owned(),
                        "c0" | "f0" | "f1" => row.to_string(),
                        _ => (row + at * 10 + 10).to_string(),
                    };
                    let comma = if at == 0 { "" } else { ", " };
                    write!(into, "{comma}{column}").unwrap();
                    write!(values, "{comma}{value}").unwrap();
                }
                writeln!(sql, "INSERT INTO {} ({into}) VALUES ({values});", table.name).unwrap();
            }
            if table.counts {
                writeln!(sql, "UPDATE sqlite_sequence SET seq = 40 WHERE name = '{}';", table.name).unwrap();
            }
        }
        sql + "DELETE FROM log;\nPRAGMA foreign_keys = on;\n"
    }
}

fn table(dice: &mut Dice<'_>, number: usize, both: bool) -> Made {
    let name = format!("t{number}");
    let is_strict = dice.pick(6) == 5;
    let key = dice.pick(6);
    let mut lines = vec![
        match key {
            0 => "c0 INTEGER PRIMARY KEY",
            1 => "c0 INTEGER PRIMARY KEY AUTOINCREMENT",
            2 => "c0 int PRIMARY KEY",
            3 => "c0 int NOT NULL",
            4 => "c0 text CONSTRAINT u0 UNIQUE",
            _ => "c0 integer NOT NULL UNIQUE",
        }
        .to_owned(),
    ];
    let (mut columns, mut behind) = (vec![("c0".to_owned(), false)], Vec::new());
    match key {
        3 => behind.push("PRIMARY KEY (c0)".to_owned()),
        5 => behind.push("CONSTRAINT k PRIMARY KEY (c1, c0)".to_owned()),
        _ => {}
    }
    let data_type = |dice: &mut Dice<'_>| match is_strict {
        true => dice.of(&["int", "text", "any", "int", "text", "any"]),
        false => dice.of(&["int", "text", "", "numeric", "varchar(20)", "bigint"]),
    };
    let collation = |dice: &mut Dice<'_>| dice.of(&["", "", " COLLATE NOCASE"]);
    for column in ["c1", "c2"] {
        let (of, collation) = (data_type(dice), collation(dice));
        let rest = dice.of(&["", " NOT NULL", " UNIQUE", " DEFAULT 7", " CHECK (c1 <> -1)", " NOT NULL DEFAULT 'x'"]);
        let rest = if is_strict && rest.contains('x') { "" } else { rest };
        lines.push(format!("{column} {of}{collation}{rest}"));
        columns.push((column.to_owned(), false));
    }
    for column in ["c3", "c4"] {
        let (is_there, of, collation) = (dice.pick(3) > 0, data_type(dice), collation(dice));
        let default = dice.of(&["", "5", "-5", "(1 + 2)", "NULL", "'it''s'", "CURRENT_TIMESTAMP", "\"odd\"", "true"]);
        let is_text = default.contains(['\'', 'C', '"']);
        let default = if is_strict && is_text { "6" } else { default };
        let is_nullable = dice.pick(2) == 0 || default.is_empty() || default == "NULL";
        let check = dice.pick(3) == 2;
        if is_there {
            let null = if is_nullable { "" } else { " NOT NULL" };
            let check = if check { format!(" CHECK ({column} <> -1)") } else { String::new() };
            let default = if default.is_empty() { String::new() } else { format!(" DEFAULT {default}") };
            lines.push(format!("{column} {of}{collation}{null}{default}{check}"));
            columns.push((column.to_owned(), is_nullable));
        }
    }
    match dice.pick(4) {
        0 => {}
        1 => lines.push("g0 int AS (c1 + 1)".to_owned()),
        2 => lines.push("g0 int NOT NULL AS (c1 || 'x') STORED".to_owned().replace("int", "text")),
        _ => {
            lines.push("g0 text".to_owned());
            columns.push(("g0".to_owned(), true));
        }
    }
    for column in ["f0", "f1"] {
        let (is_there, to, action) = (
            dice.pick(2) == 1,
            dice.pick(4),
            dice.of(&["", " ON DELETE CASCADE", " ON DELETE RESTRICT", " ON UPDATE CASCADE ON DELETE SET NULL"]),
        );
        let (form, deferred, of) =
            (dice.pick(3), dice.of(&["", " DEFERRABLE INITIALLY DEFERRED"]), dice.of(&["int", "text"]));
        // The last two only refer to each other where both may be new.
        let to = if number < 2 || !both { to % 2 } else { to };
        let references = format!("REFERENCES t{to} (c0){action}{deferred}");
        if is_there {
            columns.push((column.to_owned(), true));
            match form {
                0 => lines.push(format!("{column} {of} {references}")),
                1 => {
                    lines.push(format!("{column} {of}"));
                    behind.push(format!("CONSTRAINT {column}_fk FOREIGN KEY ({column}) {references}"));
                }
                _ => lines.push(format!("{column} {of}")),
            }
        }
    }
    let has_c3 = columns.iter().any(|(column, _)| column == "c3");
    match dice.pick(6) {
        1 => behind.push("CHECK (c1 IS NOT NULL)".to_owned()),
        2 => behind.push(format!("CONSTRAINT named CHECK ({name}.c1 <> {name}.c0 * -1)")),
        3 if has_c3 => behind.push("CHECK (c3 IS NULL OR c3 <> c1 || 'y')".to_owned()),
        4 => behind.push("UNIQUE (c2, c1)".to_owned()),
        5 => behind.push("CONSTRAINT two UNIQUE (c1)".to_owned()),
        _ => {}
    }
    let options = match (key == 3, is_strict) {
        (true, true) => " WITHOUT ROWID, STRICT",
        (true, false) => " WITHOUT ROWID",
        (false, true) => " STRICT",
        (false, false) => "",
    };
    lines.extend(behind);
    let sql = format!("CREATE TABLE {name} (\n  {}\n){options}", lines.join(",\n  "));
    Made { name, sql, columns, has_numbers: matches!(key, 2 | 4 | 5), counts: key == 1 }
}

fn index(dice: &mut Dice<'_>, table: &Made, names: &mut Vec<String>) -> Option<String> {
    let (is_there, name, what, end) = (dice.pick(2) == 1, format!("ix{}", dice.pick(12)), dice.pick(6), dice.pick(3));
    let has = |column: &str| table.columns.iter().any(|(other, _)| other == column);
    let on = match what {
        0 => "(c1)",
        1 => "(c2 DESC, c1 COLLATE NOCASE)",
        2 => "(abs(c1), c2)",
        3 if has("c3") => "(c3)",
        4 if has("c4") => "(c1, lower(c4))",
        _ => "(c1 || c2)",
    };
    let (unique, end) = match end {
        0 => ("", ""),
        1 => ("", " WHERE c1 > 0"),
        _ if on == "(c1)" => ("UNIQUE ", ""),
        _ => ("", " WHERE c2 IS NOT NULL AND c0 <> 5"),
    };
    if !is_there || names.contains(&name) {
        return None;
    }
    names.push(name.clone());
    Some(format!("CREATE {unique}INDEX {name} ON {} {on}{end}", table.name))
}

/// What of the rows has to be there afterwards.
async fn kept(db: &mut Database, from: &Generated, to: &Generated) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for table in &from.tables {
        let Some(other) = to.tables.iter().find(|other| other.name == table.name) else { continue };
        for (column, _) in
            table.columns.iter().filter(|(column, _)| other.columns.iter().any(|(other, _)| other == column))
        {
            let name = &table.name;
            let rows = db.rows(&format!("SELECT c0 FROM {name} WHERE {column} IS NOT NULL ORDER BY 1")).await;
            let these = rows.replace('|', ", ");
            // Numbers are texts where a text stood.
            let question =
                format!("SELECT c0, CAST({column} AS text) FROM {name} WHERE CAST(c0 AS int) IN ({these}) ORDER BY 1");
            kept.push((question.clone(), db.rows(&question).await));
        }
        let mut ask = vec![format!("SELECT count(*) FROM {}", table.name)];
        if table.has_numbers && other.has_numbers {
            ask.push(format!("SELECT rowid, c0 FROM {} ORDER BY 1", table.name));
        }
        if table.counts && other.counts {
            ask.push(format!("SELECT name, seq FROM sqlite_sequence WHERE name = '{}'", table.name));
        }
        for question in ask {
            let answer = db.rows(&question).await;
            kept.push((question, answer));
        }
    }
    kept
}

async fn try_pair(one: &Generated, other: &Generated) -> Result<(), String> {
    let mut db = Database::of(&format!("{}{}", one.sql(), one.rows())).await;
    let mut from = schema(&one.sql());
    for (before, after) in [(one, other), (other, one)] {
        let expected = kept(&mut db, before, after).await;
        from = there(&mut db, &from, &schema(&after.sql())).await?;
        for (question, answer) in expected {
            let found = db.rows(&question).await;
            if found != answer {
                return Err(format!("{question}: {found}, and was {answer}"));
            }
        }
        for view in &after.views {
            db.try_run(&format!("SELECT * FROM {view}")).await.map_err(|error| format!("{view}: {error}"))?;
        }
        // Whatever hangs on the tables runs, and foreign keys find what they are on.
        for table in &after.tables {
            let name = &table.name;
            let insert = format!(
                "BEGIN; INSERT INTO {name} (c0, c1, c2) VALUES (99, 199, 299); DELETE FROM {name} WHERE c0 = 99; ROLLBACK"
            );
            db.try_run(&insert).await.map_err(|error| format!("{insert}: {error}"))?;
        }
        let violations = db.rows("PRAGMA foreign_key_check").await;
        if !violations.is_empty() {
            return Err(violations);
        }
    }
    Ok(())
}

fn setting(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn every_pair_leads_there_and_back() {
    let cases = setting("PROPTEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(CASES);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 250, ..Config::default() };
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&setting("REVCHAIN_TEST_SEED").unwrap_or(1).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let strategy = (vec(any::<u8>(), BYTES), vec((0..BYTES, any::<u8>()), 0..40));
    let result = runner.run(&strategy, |(bytes, changes)| {
        let mut others = bytes.clone();
        changes.iter().for_each(|(at, byte)| others[*at] = *byte);
        let (one, other) = (Generated::of(&bytes), Generated::of(&others));
        runtime
            .block_on(try_pair(&one, &other))
            .map_err(|error| TestCaseError::fail(format!("{error}\nfrom\n{}\nto\n{}", one.sql(), other.sql())))
    });
    match result {
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        result => result.unwrap(),
    }
}
