//! Whatever stands in a revision: the whole way, from the bytes to the findings, comes to an end without a panic.
//!
//! `PROPTEST_CASES=1000000 cargo test --release -p revchain-schema --test any_text` goes on for longer.

mod statements;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use revchain_core::Sources;
use statements::is_closed;

static STATEMENTS: LazyLock<Vec<String>> = LazyLock::new(statements::all);

/// What statements are made of.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> = STATEMENTS
        .iter()
        .flat_map(|statement| statement.split_whitespace())
        .flat_map(|word| word.split_inclusive(['(', ')', ',', '.', ';']))
        .map(str::to_owned)
        .collect();
    let more = "( ) , . ; ' \" ` $$ $a$ -- /* */ /*! [ ] :: := = - 0 1e9 NULL é \u{0} \u{feff} \\ E' N' X' # @ % { } \n \r\n -- @upgrade -- @downgrade -- @allow";
    words.extend(more.split(' ').map(str::to_owned));
    words.sort();
    words.dedup();
    words
});

/// A statement with some of its words taken out, doubled, or put elsewhere.
fn mangled() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), any::<Index>(), 0..4u8);
    (select(&**STATEMENTS), proptest::collection::vec(edit, 0..4)).prop_map(|(statement, edits)| {
        let mut words: Vec<&str> = statement.split(' ').collect();
        for (at, other, kind) in edits {
            let (at, other) = (at.index(words.len()), other.index(words.len()));
            match kind {
                0 if words.len() > 1 => drop(words.remove(at)),
                1 => words.insert(at, words[other]),
                2 => words.swap(at, other),
                _ => words[at] = WORDS[(at * 31 + other) % WORDS.len()].as_str(),
            }
        }
        let text = words.join(" ");
        if is_closed(&text) { text } else { statement.to_owned() }
    })
}

fn body() -> impl Strategy<Value = String> {
    let soup = || proptest::collection::vec(select(&**WORDS), 0..40).prop_map(|words| words.join(" "));
    let closed = soup().prop_map(|text| if is_closed(&text) { text } else { String::new() });
    let whole = select(&**STATEMENTS).prop_map(|statement| statement.to_owned());
    let nearly_sound = prop_oneof![3 => mangled(), 2 => whole, 1 => closed];
    let anything = prop_oneof![soup(), any::<String>()];
    let several =
        |piece: BoxedStrategy<String>| proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(";\n"));
    prop_oneof![15 => several(nearly_sound.boxed()), 1 => several(anything.boxed())]
}

fn replay(revisions: &[(String, String)], dialects: &str) {
    let mut sources = Sources::default();
    // What would keep it from the replay is let through, as far as it can be.
    let config = format!("dialects = [{dialects}]\n[check]\nRC2 = 'off'\n");
    sources.add("revchain.toml", "revchain.toml", config.into_bytes());
    for (position, (up, down)) in revisions.iter().enumerate() {
        let before = position.checked_sub(1).map_or("base".to_owned(), |before| format!("r{before}"));
        let text = format!(
            "-- m\n-- revision: r{position}\n-- down_revision: {before}\n-- @upgrade\n{up}\n-- @downgrade\n{down}\n"
        );
        let path = format!("versions/r{position}.sql");
        sources.add(path.clone(), path, text.into_bytes());
    }
    let _ = revchain_schema::verify(&sources);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        revisions in proptest::collection::vec((body(), body()), 1..4),
        dialects in select(vec!["'postgres'", "'mysql'", "'sqlite'", "'postgres', 'mysql', 'sqlite'"]),
    ) {
        replay(&revisions, dialects);
    }
}

/// Nobody writes this, and a reader that calls itself for each would run out of stack.
#[test]
fn what_is_nested_deeply_is_read() {
    const DEEP: usize = 50_000;
    for (before, open, inside, close) in [
        ("CREATE TABLE t (id int CHECK ", "(", "id > 0", ")"),
        ("CREATE TABLE t ", "(", "id int", ")"),
        ("SELECT ", "(SELECT ", "1", ")"),
        ("CREATE VIEW v AS SELECT ", "(SELECT ", "1", ")"),
        ("", "(", "SELECT 1", ")"),
        ("CREATE INDEX ix ON t ", "(", "lower(a)", ")"),
        ("ALTER TABLE t ADD COLUMN a int DEFAULT ", "(", "1", ")"),
        ("SELECT ", "CASE WHEN ", "1", " THEN 1 END"),
        ("DO $$ ", "BEGIN ", "NULL;", " END;"),
        ("DO $$ ", "IF a THEN ", "NULL;", " END IF;"),
        ("CREATE PROCEDURE p() ", "BEGIN ", "SELECT 1;", " END;"),
        ("BEGIN NOT ATOMIC ", "BEGIN ", "SELECT 1;", " END;"),
        ("WITH ", "a AS (WITH ", "b AS (SELECT 1)", " SELECT 1)"),
        ("CREATE SCHEMA s ", "CREATE TABLE t (id int) ", "", ""),
        ("EXPLAIN ", "EXPLAIN ", "SELECT 1", ""),
        ("", "/*! ", "SELECT 1", " */"),
        ("ALTER TABLE t ALTER COLUMN a TYPE int", "[]", "", ""),
        ("CREATE TABLE t (a int ", "REFERENCES t ", "", ")"),
    ] {
        let sql = format!("{before}{}{inside}{};", open.repeat(DEEP), close.repeat(DEEP));
        replay(
            &[("CREATE TABLE t (a int);".to_owned(), String::new()), (sql, String::new())],
            "'postgres', 'mysql', 'sqlite'",
        );
    }
}
