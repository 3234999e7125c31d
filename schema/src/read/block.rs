//! Blocks of code: `DO $$ … $$`, MariaDB's `BEGIN NOT ATOMIC … END`. Not run, but read: the statements in it, what they would
//! touch, and two shapes of block that everybody writes where PostgreSQL has no `IF [NOT] EXISTS`.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use crate::change::Change;
use crate::model::ObjectName;

use super::{Cursor, Reading, Touches, guard, query, statement_at};

/// A part of the text, in bytes.
type Range = (usize, usize);

/// What is found in a block.
#[derive(Debug, Default)]
struct Found {
    /// What its statements change, in order, and where the condition is that they stand under.
    changes: Vec<(Change, Option<Range>)>,
    /// What they touch without our knowing how.
    touched: Vec<ObjectName>,
    /// Things may be made that have no name here.
    makes: bool,
    /// Anything may happen.
    anything: bool,
    /// A clause that nobody understood.
    unknown: bool,
    /// The IFs that are open: where their conditions are.
    conditions: Vec<Range>,
    /// ELSE, a loop, a CASE, an IF in an IF: whether a statement runs depends on something else.
    branches: bool,
    /// What stands behind EXCEPTION.
    handlers: Option<usize>,
}

/// Reads what follows DO: the code is the only string.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Reading {
    while let Some(token) = cursor.peek(0) {
        if token.kind == TokenKind::DollarString && token.closed {
            let text = token.text(cursor.source());
            let tag = text.get(1..).and_then(|rest| rest.find('$')).map_or(0, |end| end + 2);
            let reading = code(cursor, (token.start + tag, token.end.saturating_sub(tag)));
            cursor.seek(usize::MAX);
            return reading;
        }
        if token.kind == TokenKind::String {
            return Reading::ANYTHING;
        }
        // `LANGUAGE plpgsql`: in another language, nobody knows.
        if cursor.take(&["LANGUAGE"]) && !cursor.is_any(&["plpgsql", "sql"]) {
            return Reading::ANYTHING;
        }
        cursor.next();
    }
    Reading::ANYTHING
}

/// Reads a compound statement, all of it.
pub(super) fn compound(cursor: &mut Cursor<'_>) -> Reading {
    let from = match cursor.take(&["NOT", "ATOMIC"]) {
        true => cursor.part((0, cursor.position())).1,
        false => 0,
    };
    let reading = code(cursor, (from, cursor.source().len()));
    cursor.seek(usize::MAX);
    reading
}

fn code(cursor: &Cursor<'_>, (from, to): (usize, usize)) -> Reading {
    let found = statements(cursor, from, to);
    if found.anything {
        return Reading::ANYTHING;
    }
    if found.changes.is_empty() && found.touched.is_empty() && !found.makes {
        return Reading::Neutral;
    }
    let plain = found.touched.is_empty() && !found.makes && !found.unknown && !found.branches;
    if plain && let Some(changes) = known(cursor, &found, to) {
        return Reading::Known { changes, unknown: Vec::new() };
    }
    Reading::Opaque(all_touched(found))
}

/// What a body of code may touch, whether it does or not.
pub(super) fn touches(cursor: &Cursor<'_>) -> Touches {
    all_touched(statements(cursor, 0, cursor.source().len()))
}

fn all_touched(found: Found) -> Touches {
    let mut names = found.touched;
    for (change, _) in &found.changes {
        if !guard::touched_by(change, &mut names) {
            return Touches::Anything;
        }
    }
    names.sort();
    names.dedup();
    match (found.anything, found.makes) {
        (true, _) => Touches::Anything,
        (_, true) => Touches::More(names),
        _ => Touches::Objects(names),
    }
}

/// What a statement does that a block puts together: its words up to the first that isn't written there tell, `CREATE TABLE %I`
/// or `ALTER TABLE a DROP CONSTRAINT %I`.
fn composed(cursor: &mut Cursor<'_>) -> Touches {
    if cursor.text(0).eq_ignore_ascii_case("format") {
        cursor.next();
    }
    cursor.take_mark('(');
    let Some(text) = cursor.string() else { return Touches::Anything };
    let mut all = text.to_ascii_uppercase();
    while !cursor.is_at_end() {
        match cursor.string() {
            Some(more) => all.push_str(&more.to_ascii_uppercase()),
            None => {
                cursor.next();
            }
        }
    }
    let mut statement = Cursor::new(&text, cursor.dialect());
    // Nothing hangs on a trigger.
    if statement.take(&["DROP", "TRIGGER"]) {
        statement.take_if_exists();
        let named = statement.object().filter(|_| statement.sees(0, "ON"));
        return named.map_or(Touches::Anything, |named| Touches::Objects(vec![named.name]));
    }
    // What else goes, or a second statement.
    if ["CASCADE", "RENAME", "REPLACE", ";"].iter().any(|word| all.trim_end_matches([';', ' ', '\n']).contains(word)) {
        return Touches::Anything;
    }
    let harmless =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "ANALYZE", "TRUNCATE", "GRANT", "REVOKE", "REFRESH", "LOCK"];
    if statement.is_any(&harmless) {
        return Touches::Objects(Vec::new());
    }
    if statement.is_any(&["CREATE"]) {
        return Touches::More(Vec::new());
    }
    if !statement.take(&["ALTER", "TABLE"]) {
        return Touches::Anything;
    }
    statement.take_if_exists();
    statement.take(&["ONLY"]);
    // A name that the rest of the text follows is whole.
    if let Some(named) = statement.object()
        && matches!(text.as_bytes().get(named.part.1), Some(byte) if byte.is_ascii_whitespace())
        && !["ATTACH", "DETACH", "SET"].iter().any(|word| statement.sees(0, word))
    {
        return Touches::Objects(vec![named.name]);
    }
    // `ALTER TABLE %s SET (fillfactor = 70)`, `ALTER TABLE %s ATTACH PARTITION %s`: both stay what they are.
    let mut words = all.split_ascii_whitespace().skip(3);
    if words.next() == Some("SET") && words.next().is_some_and(|next| next.starts_with('(')) {
        return Touches::Objects(Vec::new());
    }
    match all.contains(" ATTACH PARTITION ") {
        true => Touches::More(Vec::new()),
        false => Touches::Anything,
    }
}

/// The changes, where we know that they are made: without any condition, or with one that says `IF [NOT] EXISTS`.
fn known(cursor: &Cursor<'_>, found: &Found, to: usize) -> Option<Vec<Change>> {
    let text = |(from, to)| cursor.source().get(from..to);
    match (found.handlers, found.changes.as_slice()) {
        (None, changes) => {
            let known = |(change, condition): &(Change, Option<Range>)| match condition {
                None => Some(change.clone()),
                Some(condition) => guard::under_condition(text(*condition)?, cursor.dialect(), change.clone()),
            };
            changes.iter().map(known).collect()
        }
        (Some(handlers), [(change, None)]) => {
            guard::unless_duplicate(text((handlers, to))?, cursor.dialect(), change.clone()).map(|change| vec![change])
        }
        _ => None,
    }
}

/// Finds the statements of a block: behind `;`, BEGIN, THEN, ELSE and LOOP.
fn statements(cursor: &Cursor<'_>, from: usize, to: usize) -> Found {
    let source = cursor.source();
    let mut found = Found::default();
    let mut lexer = Lexer::new(source.get(..to).unwrap_or_default(), cursor.dialect());
    lexer.seek(from);
    let (mut start, mut depth, mut cases) = (None::<Token>, 0usize, 0usize);
    let mut condition = None;
    while let Some(token) = lexer.next_significant() {
        let text = token.text(source);
        if token.kind == TokenKind::Semicolon {
            if let Some(first) = start.take() {
                piece(cursor, first, token.start, &mut found);
                let rest = source.get(first.end..token.start).unwrap_or_default().trim();
                if first.is_word(source, "END") && rest.eq_ignore_ascii_case("IF") {
                    found.conditions.pop();
                }
            }
            (depth, cases) = (0, 0);
            continue;
        }
        if token.kind == TokenKind::Punctuation {
            match text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let is = |word: &str| token.is_word(source, word);
        if start.is_some() && is("CASE") {
            cases += 1;
        } else if cases > 0 && is("END") {
            cases -= 1;
        }
        if depth > 0 || cases > 0 {
            start = start.or(Some(token));
            continue;
        }
        let loops = is("LOOP") || (cursor.dialect() == Dialect::Mysql && (is("DO") || is("REPEAT")));
        if loops || is("THEN") || is("BEGIN") || is("ELSE") || is("DECLARE") {
            let handles = found.handlers.is_some() && start.is_some_and(|first| first.is_word(source, "WHEN"));
            if let Some(first) = start.take() {
                piece(cursor, first, token.start, &mut found);
            }
            match condition.take() {
                Some(from) if is("THEN") => {
                    found.branches |= !found.conditions.is_empty();
                    found.conditions.push((from, token.start));
                }
                _ => found.branches |= is("THEN") && !handles,
            }
            found.branches |= loops || is("ELSE");
        } else if is("EXCEPTION") && start.is_none() {
            // A second one is that of a block within.
            found.branches |= found.handlers.is_some();
            found.handlers = Some(token.end);
        } else if is("HANDLER") {
            found.branches = true;
        } else if start.is_none() {
            if is("IF") {
                condition = Some(token.end);
            }
            found.branches |= is("ELSIF") || is("ELSEIF") || is("CASE") || is("RETURN") || is("EXIT") || is("FOREACH");
            start = Some(token);
        }
    }
    if let Some(first) = start {
        piece(cursor, first, to, &mut found);
    }
    found
}

/// Reads one statement of a block.
fn piece(cursor: &Cursor<'_>, first: Token, end: usize, found: &mut Found) {
    let source = cursor.source();
    let is = |words: &[&str]| words.iter().any(|word| first.is_word(source, word));
    if is(&["CALL", "EXEC", "PREPARE"]) {
        found.anything = true;
        return;
    }
    let within = || Cursor::within(source, cursor.dialect(), first.start, end);
    let reading = if is(&["EXECUTE"]) {
        let mut statement = within();
        statement.next();
        match (statement.string(), statement.is_at_end()) {
            (Some(text), true) => {
                // Where its parts are, is not known: what it touches has to do.
                found.unknown = true;
                super::read(&text, cursor.dialect())
            }
            _ => {
                statement.seek(1);
                Reading::Opaque(composed(&mut statement))
            }
        }
    } else if is(&["PERFORM", "SELECT", "WITH"]) {
        // INTO names a variable here.
        let mut statement = within();
        statement.next();
        query::calls(&mut statement)
    } else if is(&["INSERT", "UPDATE", "DELETE", "MERGE"]) {
        match query::writes_catalog(source.get(first.start..end).unwrap_or_default(), cursor.dialect()) {
            true => Reading::ANYTHING,
            false => Reading::Neutral,
        }
    } else if is(&["CREATE", "ALTER", "DROP", "RENAME", "COMMENT", "DO", "IMPORT", "SET", "RESET"]) {
        statement_at(&mut within())
    } else {
        Reading::Neutral
    };
    match reading {
        Reading::Neutral | Reading::Rows(_) => {}
        Reading::Known { changes, unknown } => {
            found.unknown |= !unknown.is_empty();
            let condition = found.conditions.last().copied();
            found.changes.extend(changes.into_iter().map(|change| (change, condition)));
        }
        Reading::Opaque(Touches::Objects(names)) => found.touched.extend(names),
        Reading::Opaque(Touches::More(names)) => {
            found.touched.extend(names);
            found.makes = true;
        }
        Reading::Opaque(Touches::Calls(_) | Touches::Anything) | Reading::Refused(_) | Reading::Call(_) => {
            found.anything = true
        }
    }
}
