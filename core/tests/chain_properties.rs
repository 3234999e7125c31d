//! Random chains with a random mistake, against an oracle that is too simple to be wrong; and any bytes at all.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use revchain_core::{Code, Sources, chain::verify, render::render};

/// A revision file in a few words.
#[derive(Debug, Clone)]
struct File {
    /// What the file is named after.
    name: String,
    id: String,
    down: String,
}

impl File {
    fn text(&self) -> String {
        format!(
            "-- Change {}\n--\n-- revision: {}\n-- down_revision: {}\n\n-- @upgrade\nSELECT 1;\n\n-- @downgrade\n",
            self.name, self.id, self.down
        )
    }
}

/// One mistake, or none. The numbers choose places.
#[derive(Debug, Clone)]
enum Mutation {
    Nothing,
    Delete(usize),
    Relink(usize, usize),
    ToBase(usize),
    ToNowhere(usize),
    CopyUnderANewName(usize),
    CopyAndRelink(usize, usize),
    ChangeTheHeadersId(usize),
    ChangeTheName(usize),
    TakeTheIdOf(usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = 0usize..64;
    prop_oneof![
        Just(Mutation::Nothing),
        place.clone().prop_map(Mutation::Delete),
        (place.clone(), place.clone()).prop_map(|(file, to)| Mutation::Relink(file, to)),
        place.clone().prop_map(Mutation::ToBase),
        place.clone().prop_map(Mutation::ToNowhere),
        place.clone().prop_map(Mutation::CopyUnderANewName),
        (place.clone(), place.clone()).prop_map(|(file, to)| Mutation::CopyAndRelink(file, to)),
        place.clone().prop_map(Mutation::ChangeTheHeadersId),
        place.clone().prop_map(Mutation::ChangeTheName),
        (place.clone(), place).prop_map(|(file, of)| Mutation::TakeTheIdOf(file, of)),
    ]
}

/// A sound chain, its ids in random order.
fn chain() -> impl Strategy<Value = Vec<File>> {
    prop::collection::hash_set("[0-9a-f]{12}", 1..12).prop_map(|ids| {
        let mut before = "base".to_owned();
        ids.into_iter()
            .map(|id| {
                let down = std::mem::replace(&mut before, id.clone());
                File { name: id.clone(), id, down }
            })
            .collect()
    })
}

fn mutate(files: &mut Vec<File>, mutation: &Mutation) {
    let count = files.len();
    match *mutation {
        Mutation::Nothing => {}
        Mutation::Delete(at) => {
            files.remove(at % count);
        }
        Mutation::Relink(at, to) => files[at % count].down = files[to % count].id.clone(),
        Mutation::ToBase(at) => files[at % count].down = "base".to_owned(),
        Mutation::ToNowhere(at) => files[at % count].down = "nowhere".to_owned(),
        Mutation::CopyUnderANewName(at) => {
            let copy = File { name: "0123456789zz".to_owned(), ..files[at % count].clone() };
            files.push(copy);
        }
        Mutation::CopyAndRelink(at, to) => {
            let down = files[to % count].id.clone();
            let copy = File { name: "0123456789zz".to_owned(), down, ..files[at % count].clone() };
            files.push(copy);
        }
        Mutation::ChangeTheHeadersId(at) => files[at % count].id = "0123456789zz".to_owned(),
        Mutation::ChangeTheName(at) => files[at % count].name = "0123456789zz".to_owned(),
        Mutation::TakeTheIdOf(at, of) => {
            let id = files[of % count].id.clone();
            files[at % count].id = id;
        }
    }
}

/// The revisions from base to head, or `None` where they are no chain.
fn oracle(files: &[File]) -> Option<Vec<String>> {
    let ids: HashSet<&str> = files.iter().map(|file| file.id.as_str()).collect();
    if ids.len() != files.len() || files.iter().any(|file| file.name != file.id) {
        return None;
    }
    let mut after: HashMap<&str, &str> = HashMap::new();
    for file in files {
        if after.insert(&file.down, &file.id).is_some() {
            return None;
        }
    }
    let mut order = Vec::new();
    let mut at = "base";
    while let Some(next) = after.get(at) {
        order.push((*next).to_owned());
        at = next;
    }
    (order.len() == files.len()).then_some(order)
}

/// Verifies files in the order in which they are given. The number keeps equal names apart.
fn said(files: &[File]) -> (Option<Vec<String>>, Vec<Code>) {
    let mut sources = Sources::default();
    for (number, file) in files.iter().enumerate() {
        let path = format!("versions/{}_{number}.sql", file.name);
        sources.add(path.clone(), path, file.text().into_bytes());
    }
    let (chain, findings) = verify(&sources);
    for finding in findings.iter() {
        assert!(!render(&sources, finding, true).is_empty());
    }
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort();
    let order = chain.map(|chain| {
        chain.revisions().iter().filter_map(|revision| revision.id.as_ref()).map(|id| id.text.clone()).collect()
    });
    (order, codes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_mistake_is_found_once_and_no_mistake_not_at_all(mut files in chain(), mutation in mutation()) {
        mutate(&mut files, &mutation);
        let expected = oracle(&files);
        let (order, codes) = said(&files);
        prop_assert_eq!(&order, &expected, "{:?}", codes);
        prop_assert_eq!(codes.len(), usize::from(expected.is_none()), "{:?} of {:#?}", codes, files);
    }

    #[test]
    fn the_order_of_the_files_changes_nothing(
        (files, shuffled) in (chain(), prop::collection::vec(mutation(), 0..4)).prop_flat_map(|(mut files, mutations)| {
            for mutation in &mutations {
                if !files.is_empty() {
                    mutate(&mut files, mutation);
                }
            }
            (Just(files.clone()), Just(files).prop_shuffle())
        })
    ) {
        let expected = oracle(&files);
        let (order, codes) = said(&files);
        prop_assert_eq!(&order, &expected, "{:?}", codes);
        prop_assert_eq!(said(&shuffled), (order, codes));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(
        config in prop::collection::vec(any::<u8>(), 0..80),
        body in prop::collection::vec(any::<u8>(), 0..400),
        rust in any::<bool>(),
    ) {
        read_anything(&[("revchain.toml", &config), (if rust { "versions/a_x.rs" } else { "versions/a_x.sql" }, &body)]);
    }

    #[test]
    fn any_pieces_of_our_own_words_are_read_without_a_panic(
        config in prop::collection::vec(prop::sample::select(CONFIG), 0..12),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
        rust in any::<bool>(),
    ) {
        let name = if rust { "versions/a_x.rs" } else { "versions/a_x.sql" };
        read_anything(&[("revchain.toml", config.concat().as_bytes()), (name, pieces.concat().as_bytes())]);
    }

    #[test]
    fn any_lock_is_read_without_a_panic(
        lock in prop::collection::vec(prop::sample::select(LOCK), 0..30),
        end in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let revision = |id: &str, down: &str| format!("-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n-- @downgrade\n");
        let (first, second) = (revision("a1", "base"), revision("b2", "a1"));
        let lock = [lock.concat().as_bytes(), &end].concat();
        read_anything(&[("revchain.lock", &lock), ("versions/a1.sql", first.as_bytes()), ("versions/b2.sql", second.as_bytes())]);
    }
}

/// What a `revchain.toml` is made of.
const CONFIG: &[&str] = &[
    "dialects",
    "version_table",
    "transaction",
    "=",
    " ",
    "\n",
    "[",
    "]",
    "'",
    "\"",
    ",",
    "sqlite",
    "postgres",
    "'mysql'",
    "1",
    "é",
    "#",
    ".",
    "\u{feff}",
];

/// What a `revchain.lock` is made of.
const LOCK: &[&str] = &[
    "[order]",
    "[released]",
    "\n",
    "\r\n",
    " ",
    "-",
    "a1",
    "b2",
    "c3",
    "a1\n",
    "b2\n",
    " 00000000000000000000000000000001\n",
    " 0000000000000000000000000000000é\n",
    "<<<<<<< HEAD\n",
    "=======\n",
    ">>>>>>> other\n",
    "#",
    "\u{feff}",
];

/// What revision files are made of.
const PIECES: &[&str] = &[
    "-- ",
    "--",
    "//! ",
    "@upgrade",
    "@downgrade",
    "@allow",
    "@upgrade-schema",
    "@downgarde",
    " RC203",
    ": ",
    "; ",
    ";",
    ", ",
    "revision: ",
    "down_revision: ",
    "Revises: ",
    "created",
    "base",
    "a",
    "a1",
    "sqlite",
    "mysql",
    "postgres",
    "repeat: 5",
    "rebuild",
    "no-transaction",
    "irreversible",
    "irreversible: é",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\u{feff}",
    " ",
    "\t",
    "'",
    "\"",
    "`",
    "$$",
    "$a$",
    "/*",
    "*/",
    "\\",
    "[",
    "]",
    "(",
    ")",
    "BEGIN",
    " END",
    "CREATE TRIGGER x ",
    "CREATE FUNCTION ",
    "DELIMITER //",
    "SELECT ",
    "SET search_path TO ",
    "PRAGMA foreign_keys = OFF",
    "DROP TABLE a",
    "ALTER TABLE b RENAME TO a",
    "fn upgrade(",
    "é",
    "🙂",
    "\\.",
    "COPY a FROM STDIN",
    "VACUUM",
    "UPDATE a SET b",
];

fn read_anything(files: &[(&str, &[u8])]) {
    let mut sources = Sources::default();
    for (name, bytes) in files {
        sources.add(*name, *name, bytes.to_vec());
    }
    let (chain, findings) = verify(&sources);
    assert_eq!(chain.is_none(), findings.has_errors());
    for finding in findings.iter() {
        let text = render(&sources, finding, true);
        assert!(text.starts_with(&format!("{}: [RC", finding.severity.name())), "{text}");
    }
}
