//! RC206: a SQLite table rebuild (create a copy, drop the table, rename the copy) in a section that is not marked so.
//! With foreign keys on, which is sqlx's default, DROP TABLE deletes the table's rows first, and every row elsewhere
//! that refers to them with ON DELETE CASCADE goes, too, without an error. `defer_foreign_keys` does not help, and
//! `foreign_keys = OFF` does nothing inside a transaction.

use std::collections::BTreeMap;

use crate::{
    Code, Dialect, DialectSet,
    check::statements::{Hit, Walk},
    revision::{Direction, Mode},
    sql::Words,
};

/// A DROP TABLE that a rename may turn into a rebuild.
struct Dropped {
    walk: usize,
    start: usize,
    end: usize,
}

/// Looks through the sections of one direction, in file order.
pub(super) fn check(walks: &mut [Walk<'_>], direction: Direction) {
    if !has_both(walks, direction) {
        return;
    }
    let mut dropped: BTreeMap<String, Dropped> = BTreeMap::new();
    // A `no-transaction` section can switch foreign keys off for itself and for those after it.
    let mut off = false;
    let mut found = Vec::new();
    for (position, walk) in walks.iter().enumerate() {
        if walk.section.direction != direction {
            continue;
        }
        if walk.has(Code::ForeignKeysPragma) || walk.has(Code::Unterminated) {
            // Whoever wrote the pragma knows, and is told about `rebuild` already.
            return;
        }
        let Some(split) = walk.section.split(Dialect::Sqlite) else { continue };
        for statement in split.statements() {
            let (start, end) = (statement.start as usize, statement.end as usize);
            let Some(text) = walk.text.get(start..end) else { continue };
            // D(ROP), A(LTER), P(RAGMA): nothing else matters here.
            if !matches!(text.as_bytes().first(), Some(b'd' | b'D' | b'a' | b'A' | b'p' | b'P')) {
                continue;
            }
            let mut words = Words::new(text, Dialect::Sqlite);
            if words.is(0, "PRAGMA") {
                off |= walk.section.mode == Mode::NoTransaction && switches_off(&mut words);
            } else if words.are(0, &["DROP", "TABLE"]) {
                let at = if words.are(2, &["IF", "EXISTS"]) { 4 } else { 2 };
                if let Some((name, after)) = words.name(at)
                    && walk.section.mode != Mode::Rebuild
                    && !off
                {
                    let (from, to) = words.range(0, after);
                    dropped.insert(name, Dropped { walk: position, start: start + from, end: start + to });
                }
            } else if words.are(0, &["ALTER", "TABLE"])
                && let Some((_, after)) = words.name(2)
                && words.are(after, &["RENAME", "TO"])
                && let Some((name, after)) = words.name(after + 2)
                && let Some(drop) = dropped.remove(&name)
            {
                let (from, to) = words.range(0, after);
                let hit = |start: usize, end: usize| hit(&name, direction, start, end);
                let renaming = hit(start + from, start + to);
                if walk.is_allowed(split, &renaming) {
                    continue;
                }
                let mut dropping = hit(drop.start, drop.end);
                dropping.also = Some((
                    walk.span(renaming.start, renaming.end),
                    format!("the copy takes the place of `{name}` here"),
                ));
                found.push((drop.walk, dropping));
            }
        }
    }
    for (position, hit) in found {
        let Some(walk) = walks.get_mut(position) else { continue };
        let allowed = walk.section.split(Dialect::Sqlite).is_some_and(|split| walk.is_allowed(split, &hit));
        if !allowed {
            walk.add(hit);
        }
    }
}

/// Whether a statement that may be an ALTER follows one that may be a DROP: most files are done with that.
fn has_both(walks: &[Walk<'_>], direction: Direction) -> bool {
    let mut drops = false;
    for walk in walks.iter().filter(|walk| walk.section.direction == direction) {
        let Some(split) = walk.section.split(Dialect::Sqlite) else { continue };
        for statement in split.statements() {
            match walk.text.as_bytes().get(statement.start as usize) {
                Some(b'd' | b'D') => drops = true,
                Some(b'a' | b'A') if drops => return true,
                _ => {}
            }
        }
    }
    false
}

fn hit(name: &str, direction: Direction, start: usize, end: usize) -> Hit {
    Hit {
        code: Code::UnmarkedRebuild,
        start,
        end,
        message: format!("rebuilding `{name}` like this deletes the rows that refer to it with ON DELETE CASCADE"),
        label: "with foreign keys on, this deletes the rows first".to_owned(),
        help: format!(
            "mark the section `-- @{} sqlite; rebuild`: foreign keys are then off while it runs, and checked before it \
             commits",
            direction.name()
        ),
        also: None,
        dialects: DialectSet::from_iter([Dialect::Sqlite]),
    }
}

fn switches_off(words: &mut Words<'_>) -> bool {
    let Some((name, after)) = words.name(1) else { return false };
    name == "foreign_keys"
        && matches!(
            words.text(after + 1).trim_matches(['\'', '"']).to_ascii_lowercase().as_str(),
            "off" | "0" | "false" | "no"
        )
}
