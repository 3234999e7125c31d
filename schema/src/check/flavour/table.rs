//! `CREATE TABLE`, and the elements that tables are made of, where they are made and where they are altered.

use revchain_core::sql::TokenKind;

use super::difference::{ENFORCED, IF_EXISTS, PERIOD};
use super::{Judge, column, key, option};

/// Behind `CREATE TABLE`.
pub(super) fn created(judge: &mut Judge<'_>) {
    judge.cursor.take_if_not_exists();
    judge.object();
    if judge.cursor.sees_mark(0, '(')
        && !["SELECT", "WITH", "LIKE", "VALUES", "TABLE"].iter().any(|word| judge.cursor.sees(1, word))
    {
        elements(judge);
    }
    option::options(judge);
}

/// What stands in parentheses.
pub(super) fn elements(judge: &mut Judge<'_>) {
    judge.cursor.take_mark('(');
    // A query in more parentheses.
    if judge.cursor.sees_mark(0, '(') {
        return;
    }
    while !judge.cursor.is_at_end() && !judge.cursor.take_mark(')') {
        if !constraint(judge) {
            column::column(judge);
        }
        judge.cursor.skip_clause();
        judge.cursor.take_mark(',');
    }
}

/// Reads a key, a check or a period, if that comes next; else it is a column.
pub(super) fn constraint(judge: &mut Judge<'_>) -> bool {
    const KEYS: [&str; 6] = ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "INDEX", "KEY"];
    let is_named = judge.cursor.take(&["CONSTRAINT"]);
    if is_named {
        judge.take_if(&IF_EXISTS);
        if !judge.cursor.is_any(&KEYS) {
            judge.cursor.next();
        }
    }
    match judge.cursor.take_any(&["CHECK", "FOREIGN", "PRIMARY", "UNIQUE", "FULLTEXT", "SPATIAL", "INDEX", "KEY"]) {
        Some("CHECK") => {
            judge.cursor.skip_parentheses();
            enforced(judge);
        }
        Some("FOREIGN") => {
            judge.cursor.take(&["KEY"]);
            judge.take_if(&IF_EXISTS);
        }
        Some("PRIMARY") => {
            judge.cursor.take(&["KEY"]);
            key::key(judge);
        }
        Some("INDEX" | "KEY") => key::key(judge),
        Some(_) => {
            judge.cursor.take_any(&["INDEX", "KEY"]);
            key::key(judge);
        }
        None => {
            let from = judge.cursor.position();
            let is_period = judge.cursor.is(&["PERIOD", "FOR"]) && judge.kind(2) != Some(TokenKind::Punctuation);
            if is_period {
                judge.cursor.take(&["PERIOD", "FOR"]);
                judge.say(from, &PERIOD);
            }
            return is_named || is_period;
        }
    }
    true
}

/// `[NOT] ENFORCED`.
pub(super) fn enforced(judge: &mut Judge<'_>) {
    let _ = judge.take(&["NOT", "ENFORCED"], &ENFORCED) || judge.take(&["ENFORCED"], &ENFORCED);
}
