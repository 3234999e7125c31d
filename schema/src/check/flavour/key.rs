//! Indexes: their parts, and what is said of them.

use super::difference::{FUNCTIONAL_KEY, IF_EXISTS, IGNORED_INDEX, INVISIBLE_INDEX, PERIOD};
use super::{Judge, begin};

/// Behind `CREATE INDEX`.
pub(super) fn created(judge: &mut Judge<'_>) {
    judge.take_if(&IF_EXISTS);
    judge.name();
    using(judge);
    if judge.cursor.take(&["ON"]) {
        judge.object();
        begin::wait(judge);
        parts(judge);
        options(judge);
    }
}

/// Behind `INDEX` or `KEY`, in a table.
pub(super) fn key(judge: &mut Judge<'_>) {
    judge.take_if(&IF_EXISTS);
    if !judge.cursor.sees_mark(0, '(') && !judge.cursor.sees(0, "USING") {
        judge.name();
    }
    using(judge);
    parts(judge);
    options(judge);
}

fn using(judge: &mut Judge<'_>) {
    if judge.cursor.take_any(&["USING", "TYPE"]).is_some() {
        judge.cursor.next();
    }
}

fn parts(judge: &mut Judge<'_>) {
    if !judge.cursor.take_mark('(') {
        return;
    }
    while !judge.cursor.is_at_end() && !judge.cursor.take_mark(')') {
        let from = judge.cursor.position();
        if judge.cursor.skip_parentheses().is_some() {
            judge.say(from, &FUNCTIONAL_KEY);
        } else {
            judge.cursor.next();
            judge.take(&["WITHOUT", "OVERLAPS"], &PERIOD);
        }
        judge.cursor.skip_clause();
        judge.cursor.take_mark(',');
    }
}

/// What follows the parts, up to the next element of a table.
fn options(judge: &mut Judge<'_>) {
    while !judge.cursor.is_at_end() && !judge.cursor.sees_mark(0, ',') && !judge.cursor.sees_mark(0, ')') {
        let is_one = judge.take(&["INVISIBLE"], &INVISIBLE_INDEX)
            || judge.take(&["NOT", "IGNORED"], &IGNORED_INDEX)
            || judge.take(&["IGNORED"], &IGNORED_INDEX);
        if is_one {
            continue;
        }
        // A name follows these.
        if judge.cursor.take_any(&["USING", "TYPE", "PARSER"]).is_none() {
            begin::wait(judge);
        }
        judge.cursor.skip();
    }
}
