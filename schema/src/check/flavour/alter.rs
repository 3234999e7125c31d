//! `ALTER TABLE`.

use super::difference::{
    ALTER_IGNORE, ALTER_ONLINE, CONVERT_PARTITION, DEFAULT_EXPRESSION, DROP_CHECK, IF_EXISTS, IGNORED_INDEX,
    INVISIBLE_INDEX, PERIOD, SYSTEM_VERSIONING, VISIBLE_COLUMN,
};
use super::{Judge, begin, column, option, table};

/// Behind `ALTER`.
pub(super) fn table(judge: &mut Judge<'_>) {
    loop {
        let is_one = judge.take(&["ONLINE"], &ALTER_ONLINE) || judge.take(&["IGNORE"], &ALTER_IGNORE);
        if !is_one {
            break;
        }
    }
    if !judge.cursor.take(&["TABLE"]) {
        return;
    }
    judge.take_if(&IF_EXISTS);
    judge.object();
    begin::wait(judge);
    while !judge.cursor.is_at_end() {
        if action(judge) {
            return;
        }
        judge.cursor.skip_clause();
        if !judge.cursor.take_mark(',') {
            return;
        }
    }
}

/// Reads one action. Whether what follows is no list of actions.
fn action(judge: &mut Judge<'_>) -> bool {
    match judge.cursor.take_any(&["ADD", "MODIFY", "CHANGE", "DROP", "ALTER", "RENAME", "CONVERT", "PARTITION"]) {
        Some("ADD") => return add(judge),
        Some("MODIFY") => {
            to_name(judge);
            column::column(judge);
        }
        Some("CHANGE") => {
            to_name(judge);
            judge.cursor.next();
            column::column(judge);
        }
        Some("DROP") => return drop(judge),
        Some("ALTER") => alter(judge),
        Some("RENAME") => {
            judge.cursor.take_any(&["COLUMN", "INDEX", "KEY"]);
            judge.take_if(&IF_EXISTS);
        }
        Some("CONVERT") => {
            let from = judge.cursor.position();
            if judge.cursor.take_any(&["TABLE", "PARTITION"]).is_some() {
                judge.say(from - 1, &CONVERT_PARTITION);
            }
        }
        Some(_) => {
            if judge.cursor.take(&["BY"]) {
                option::partitioned(judge);
            }
            return true;
        }
        // One option, or several without commas.
        None => {
            while !judge.cursor.is_at_end() && !judge.cursor.sees_mark(0, ',') {
                option::one(judge);
            }
        }
    }
    false
}

/// Behind `MODIFY` and its like, up to the column's name.
fn to_name(judge: &mut Judge<'_>) {
    judge.cursor.take(&["COLUMN"]);
    judge.take_if(&IF_EXISTS);
}

fn add(judge: &mut Judge<'_>) -> bool {
    let from = judge.cursor.position();
    if judge.cursor.take(&["SYSTEM", "VERSIONING"]) {
        judge.say(from, &SYSTEM_VERSIONING);
        return false;
    }
    if judge.cursor.take(&["PARTITION"]) {
        judge.take_if(&IF_EXISTS);
        return true;
    }
    let is_column = judge.cursor.take(&["COLUMN"]);
    if is_column || !table::constraint(judge) {
        judge.take_if(&IF_EXISTS);
        match judge.cursor.sees_mark(0, '(') {
            true => table::elements(judge),
            false => column::column(judge),
        }
    }
    false
}

fn drop(judge: &mut Judge<'_>) -> bool {
    let from = judge.cursor.position();
    if judge.cursor.take(&["SYSTEM", "VERSIONING"]) {
        judge.say(from, &SYSTEM_VERSIONING);
        return false;
    }
    if judge.cursor.take(&["PERIOD", "FOR"]) {
        judge.say(from, &PERIOD);
        return false;
    }
    match judge.cursor.take_any(&["COLUMN", "INDEX", "KEY", "FOREIGN", "CONSTRAINT", "CHECK", "PARTITION"]) {
        Some("CHECK") => judge.say(from, &DROP_CHECK),
        Some("PARTITION") => {
            judge.take_if(&IF_EXISTS);
            return true;
        }
        Some("FOREIGN") => {
            judge.cursor.take(&["KEY"]);
        }
        _ => {}
    }
    judge.take_if(&IF_EXISTS);
    false
}

fn alter(judge: &mut Judge<'_>) {
    match judge.cursor.take_any(&["INDEX", "KEY", "CHECK", "CONSTRAINT", "COLUMN"]) {
        Some("INDEX" | "KEY") => {
            judge.take_if(&IF_EXISTS);
            judge.cursor.next();
            let from = judge.cursor.position();
            if judge.cursor.take_any(&["VISIBLE", "INVISIBLE"]).is_some() {
                judge.say(from, &INVISIBLE_INDEX);
            } else if judge.cursor.take(&["IGNORED"]) || judge.cursor.take(&["NOT", "IGNORED"]) {
                judge.say(from, &IGNORED_INDEX);
            }
        }
        Some("CHECK" | "CONSTRAINT") => {
            judge.cursor.next();
            table::enforced(judge);
        }
        _ => {
            judge.take_if(&IF_EXISTS);
            judge.cursor.next();
            if !judge.cursor.take(&["SET"]) {
                return;
            }
            let from = judge.cursor.position();
            if judge.cursor.take_any(&["VISIBLE", "INVISIBLE"]).is_some() {
                judge.say(from, &VISIBLE_COLUMN);
            } else if judge.cursor.take(&["DEFAULT"]) && (column::is_computed(judge) || column::is_time(judge)) {
                judge.cursor.next();
                judge.cursor.skip_parentheses();
                judge.say(from + 1, &DEFAULT_EXPRESSION);
            }
        }
    }
}
