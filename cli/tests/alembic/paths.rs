//! Group A: where an upgrade or a downgrade leads. Every row runs on a SQLite file of its own, whose tables tell whether
//! what was reported is what happened.

use std::fs;

use serde_json::Value;

use crate::transcript::{chain, rows};
use crate::{IDS, assert_complete, letter, project, servers, with_ids};

/// Vector, where the database stands, what is typed, what comes of it (the steps and the place, or what is said and the
/// exit code), and what Alembic does where that is something else. Without a vector: not Alembic's.
type Row = (&'static str, &'static str, &'static str, Result<&'static str, (i32, &'static str)>, &'static str);

const FOLDED: &str =
    "the same sentence, and no cause: an unknown id, an ambiguous one and a stale database are one error";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("A-1", "c", "upgrade {e}", Ok("d,e -> e"), ""),
    ("A-2", "-", "upgrade {c}", Ok("a,b,c -> c"), ""),
    ("A-3", "a", "upgrade +2", Ok("b,c -> c"), ""),
    ("A-4", "a", "upgrade +1", Ok("b -> b"), ""),
    ("A-5", "b", "upgrade +3", Ok("c,d,e -> e"), ""),
    ("A-6", "a", "upgrade {b}+2", Ok("b,c,d -> d"), ""),
    ("A-7", "a", "upgrade {d}-2", Ok("b -> b"), ""),
    ("A-8", "b", "upgrade -2", Err((2, "Relative revision -2 didn't produce 2 migrations: there are none that way")), ""),
    ("A-9", "b", "upgrade +5", Err((1, "Relative revision +5 didn't produce 5 migrations: there are 3 that way")), ""),
    ("A-10", "e", "downgrade {c}", Ok("e,d -> c"), ""),
    ("A-11", "c", "downgrade base", Ok("c,b,a -> -"), ""),
    ("A-12", "c", "downgrade -1", Ok("c -> b"), ""),
    ("A-13", "e", "downgrade -3", Ok("e,d,c -> b"), ""),
    ("A-14", "d", "downgrade {a}+2", Ok("d -> c"), ""),
    ("A-15", "d", "downgrade {c}-2", Ok("d,c,b -> a"), ""),
    ("A-16", "b", "downgrade -5", Err((1, "Relative revision -5 didn't produce 5 migrations: there are 2 that way")), ""),
    ("A-16", "b", "downgrade +2", Err((2, "Relative revision +2 didn't produce 2 migrations: there are none that way")), ""),
    ("A-17", "-", "downgrade 548", Err((1, "Destination 548 is not a valid downgrade target from current head(s): the database is at base")), ""),
    ("A-18", "b", "downgrade b7ea", Err((1, "Destination b7ea is not a valid downgrade target from current head(s): the database is at `{b}`, which is below")), ""),
    ("A-19", "-", "downgrade base", Ok(" -> -"), ""),
    ("A-19", "a", "downgrade {a}", Ok(" -> a"), ""),
    ("A-19", "e", "downgrade {e}", Ok(" -> e"), ""),
    ("A-20", "e", "upgrade {e}", Ok(" -> e"), "not a word; here it is said that the database is there already"),
    ("A-20", "e", "upgrade {b}", Ok(" -> e"), "not a word; here it is said that the database is past it"),
    ("A-20", "e", "upgrade base", Ok(" -> e"), "not a word; here it is said that the database is past it"),
    ("A-21", "-", "downgrade -1", Err((1, "Relative revision -1 didn't produce 1 migrations: there are none that way")), ""),
    ("A-22", "c", "upgrade +0", Err((2, "Relative revision 0 didn't produce 0 migrations: nothing is no number of steps")), ""),
    ("A-22", "c", "downgrade -0", Err((2, "Relative revision 0 didn't produce 0 migrations: nothing is no number of steps")), ""),
    ("A-23", "c", "downgrade b7ea+9", Err((1, "Walked too far: `b7ea+9` leads past the end of the chain, 2 steps away")), ""),
    ("A-24", "-", "upgrade head-1", Ok("a,b,c,d -> d"), ""),
    ("A-24", "-", "upgrade base+2", Ok("a,b -> b"), ""),
    ("A-24", "-", "upgrade b7", Ok("a,b,c -> c"), ""),
    ("A-25", "c", "upgrade current", Err((1, "Can't locate revision identified by 'current': this chain has no such revision")), FOLDED),
    ("A-25", "-", "upgrade zzzz", Err((1, "Can't locate revision identified by 'zzzz': this chain has no such revision")), FOLDED),
    ("A-26", "d", "stamp base", Ok(" -> -"), ""),
    ("", "-", "upgrade b7ea+9", Err((1, "Relative revision +9 didn't produce 9 migrations: there are 2 that way")), ""),
    ("", "c", "downgrade b7ea-3", Ok("c,b,a -> -"), ""),
    ("", "d", "upgrade heads", Ok("e -> e"), ""),
    ("", "-", "upgrade", Ok("a,b,c,d,e -> e"), "a usage error"),
    ("text behind a number", "-", "upgrade b7ea+1xyz", Err((2, "`b7ea+1xyz` is not a target: after `+` or `-` comes a number and nothing else")), "the same as b7ea+1"),
    ("", "-", "upgrade +", Err((2, "`+` is not a target: after `+` or `-` comes a number and nothing else")), ""),
    ("", "-", "upgrade main@head", Err((2, "`main@head` is not a target: a linear chain has no branches, so nothing can stand before or after `@`")), "branches"),
    ("", "a", "upgrade +99999999999999999999", Err((1, "Relative revision +18446744073709551615 didn't produce 18446744073709551615 migrations: there are 4 that way")), ""),
];

pub(crate) fn names() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.0).chain(servers::ROWS.iter().map(|row| row.name)).collect()
}

#[test]
fn every_vector_has_a_row() {
    let numbered = ROWS.iter().map(|row| row.0).filter(|name| name.starts_with("A-"));
    let failing = servers::ROWS.iter().map(|row| row.name).filter(|name| name.starts_with("A-"));
    assert_complete("A", 1..=27, numbered.chain(failing));
}

#[test]
fn each_path_is_walked() {
    let project = chain(5);
    let file = project.path("app.db");
    // The file at each place, made once.
    let mut places = Vec::new();
    for (_, id) in IDS {
        project.run(&["--url", "sqlite:app.db", "-q", "upgrade", id]).done();
        places.push(fs::read(&file).unwrap());
    }
    let mut wrong = Vec::new();
    for (name, from, typed, expected, _) in ROWS {
        match IDS.iter().position(|(letter, _)| letter == from) {
            Some(place) => fs::write(&file, &places[place]).unwrap(),
            // A database at base, with its version table.
            None => {
                fs::write(&file, &places[0]).unwrap();
                project.run(&["--url", "sqlite:app.db", "-q", "downgrade", "base"]).done();
            }
        }
        let before = state(&project);
        let typed = with_ids(typed);
        let words: Vec<&str> = typed.split(' ').chain(["--json", "--url", "sqlite:app.db"]).collect();
        let said = project.run(&words);
        let (version, tables) = state(&project);
        let found = match said.code {
            0 => {
                let report: Value = serde_json::from_str(&said.stdout).unwrap();
                let steps: Vec<&str> =
                    report["steps"].as_array().unwrap().iter().map(|step| letter(step["revision"].as_str())).collect();
                let to = letter(report["to"].as_str());
                if version != to || (tables != version && *name != "A-26") {
                    wrong.push(format!("{name} {typed}: it is said to lead to {to}, and leads to {version}, {tables}"));
                }
                if steps.is_empty() && said.stderr.is_empty() {
                    wrong.push(format!("{name} {typed}: nothing is done, and nothing is said"));
                }
                format!("{} -> {to}", steps.join(","))
            }
            code => {
                let failure: Value = serde_json::from_str(&said.stdout).unwrap();
                if (version, tables) != before || failure["error"]["exit_code"] != code {
                    wrong.push(format!(
                        "{name} {typed}: a mistake that changes something, or does not say so: {said:?}"
                    ));
                }
                format!("{code} {}", said.stderr.lines().next().unwrap_or_default())
            }
        };
        let expected = match expected {
            Ok(path) => (*path).to_owned(),
            Err((code, said)) => format!("{code} error: {}", with_ids(said)),
        };
        if found != expected {
            wrong.push(format!("{name}: at {from}, {typed}: not {expected}, but {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The version row, and the newest revision whose table, like all those before it, is there.
fn state(project: &project::Project) -> (String, String) {
    let version = rows(project, "app.db", "SELECT version_num FROM alembic_version");
    assert!(version.len() < 2);
    let tables = rows(project, "app.db", "SELECT name FROM sqlite_schema WHERE name LIKE 't\\_%' ESCAPE '\\'");
    let applied = IDS.iter().take_while(|(_, id)| tables.contains(&format!("t_{id}"))).count();
    assert_eq!(applied, tables.len(), "tables of a later revision without those of an earlier one: {tables:?}");
    let newest = applied.checked_sub(1).map(|at| IDS[at].1);
    (letter(version.first().map(String::as_str)).to_owned(), letter(newest).to_owned())
}
