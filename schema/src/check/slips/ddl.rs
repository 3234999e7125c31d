//! What stands in statements that make and change what is no row: keys and columns without what belongs to them, the columns of
//! indexes, triggers and routines up to their body, privileges, and the settings that migrations set.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;
use revchain_core::suggest::{distance, nearest};

use super::Text;
use crate::check::first_word::product;
use crate::check::grammar::Wrong;

pub(super) fn wrong_with(text: &Text<'_>) -> Option<Wrong> {
    let sqlite = text.is_on(Dialect::Sqlite);
    match () {
        () if text.is(0, "COMMENT") => comment(text),
        () if text.is(0, "DROP") => {
            if sqlite {
                dropped(text)
            } else {
                None
            }
        }
        () if text.are(0, &["ALTER", "TYPE"]) => altered_type(text),
        () if text.is(0, "ALTER") => elements(text).or_else(|| altered_table(text)),
        () if text.is_any(1, &["INDEX", "UNIQUE"]) => index(text),
        () => elements(text),
    }
}

/// `COMMENT ON TABLE t 'x'`.
fn comment(text: &Text<'_>) -> Option<Wrong> {
    if !text.is(1, "ON") || !text.is_any(2, &["TABLE", "COLUMN", "VIEW", "INDEX", "TYPE", "SEQUENCE", "SCHEMA"]) {
        return None;
    }
    let end = text.after_name(3)?;
    match text.is_string(end) {
        true => text.wrong(end, end, "`IS` is missing before this text", "write `IS '…'`"),
        false => None,
    }
}

/// SQLite's DROP ends with one name.
fn dropped(text: &Text<'_>) -> Option<Wrong> {
    if !text.is_any(1, &["TABLE", "VIEW", "INDEX", "TRIGGER"]) {
        return None;
    }
    let end = text.after_name(if text.are(2, &["IF", "EXISTS"]) { 4 } else { 2 })?;
    let help = match () {
        () if text.mark(end) == b',' => "drop each by a statement of its own",
        () if text.is(end, "ON") => "leave it out: a name is one in the whole database",
        () if text.is_any(end, &["CASCADE", "RESTRICT"]) => "leave it out: indexes and triggers go with their table",
        () => return None,
    };
    let message = format!("on SQLite nothing stands behind the name in `DROP {}`", text.shown(1).to_uppercase());
    text.wrong(end, end, message, help)
}

fn altered_type(text: &Text<'_>) -> Option<Wrong> {
    let at = text.after_name(2)?;
    if text.is(at, "ADD") && text.is_string(at + 1) {
        return text.wrong(
            at,
            at + 1,
            "`VALUE` is missing before this value",
            format!("write `ADD VALUE {}`", text.shown(at + 1)),
        );
    }
    if text.are(at, &["DROP", "VALUE"]) && text.is_string(at + 2) {
        let help =
            "make a new type with the other values, and change the columns: `ALTER COLUMN … TYPE … USING …::text::…`";
        return text.wrong(at, at + 1, "PostgreSQL takes no value out of an enumeration", help);
    }
    None
}

/// What a table is made of, or an `ALTER TABLE` adds.
fn elements(text: &Text<'_>) -> Option<Wrong> {
    let mysql = text.is_on(Dialect::Mysql);
    for at in 2..text.tokens.len() {
        let found = match text.tokens[at].kind {
            TokenKind::Word if text.is(at, "CONSTRAINT") && !mysql => unnamed(text, at),
            TokenKind::Word if text.are(at, &["PRIMARY", "KEY"]) => bare_key(text, at),
            TokenKind::Word if text.is(at, "GENERATED") => generated(text, at),
            TokenKind::Word if text.is_on(Dialect::Sqlite) => sqlite_column(text, at),
            TokenKind::Word if text.is(at, "NOW") && mysql => bare_now(text, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `CONSTRAINT UNIQUE (a)`. MySQL takes it.
fn unnamed(text: &Text<'_>, at: usize) -> Option<Wrong> {
    if text.mark(at - 1) == b'.'
        || !text.is_any(at + 1, &["UNIQUE", "PRIMARY", "FOREIGN", "CHECK"])
        || text.is(at - 1, "DROP")
    {
        return None;
    }
    let shown = text.shown(at + 1).to_uppercase();
    let message = format!("a name is missing between `CONSTRAINT` and `{shown}`");
    text.wrong(at, at + 1, message, format!("give it a name, or write `{shown}` alone"))
}

/// `PRIMARY KEY id`, as an element of its own.
fn bare_key(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let begins = matches!(text.mark(at - 1), b'(' | b',') || text.is(at - 1, "ADD");
    let is_bare = text.is_name(at + 2) && (matches!(text.mark(at + 3), b')' | b',') || text.is_end(at + 3));
    match begins && is_bare {
        true => {
            let shown = text.shown(at + 2);
            let message = "the columns of a key stand in parentheses";
            text.wrong(at + 2, at + 2, message, format!("write `PRIMARY KEY ({shown})`"))
        }
        false => None,
    }
}

/// MySQL's `NOW` is a function; `CURRENT_TIMESTAMP` needs no parentheses.
fn bare_now(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let updates = text.is(at - 1, "UPDATE") && at > 1 && text.is(at - 2, "ON");
    match updates && text.mark(at + 1) != b'(' {
        true => text.wrong(at, at, "on MySQL `NOW` has parentheses", "write `NOW()`, or `CURRENT_TIMESTAMP`"),
        false => None,
    }
}

fn sqlite_column(text: &Text<'_>, at: usize) -> Option<Wrong> {
    if text.are(at, &["AUTOINCREMENT", "PRIMARY", "KEY"]) {
        let help = "write `INTEGER PRIMARY KEY AUTOINCREMENT`";
        return text.wrong(at, at, "on SQLite `AUTOINCREMENT` stands behind `PRIMARY KEY`", help);
    }
    let begins = at > 1 && (matches!(text.mark(at - 2), b'(' | b',') || text.is_any(at - 2, &["ADD", "COLUMN"]));
    if text.is(at, "ENUM") && text.mark(at + 1) == b'(' && text.is_string(at + 2) && begins && text.is_name(at - 1) {
        let help = format!("write `{} TEXT CHECK ({0} IN (…))`", text.shown(at - 1));
        return text.wrong(at, at, "SQLite has no enumerations", help);
    }
    None
}

/// What a server computes and stores can't be another value each time.
fn generated(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let open = at + 3;
    if !text.are(at + 1, &["ALWAYS", "AS"]) || text.mark(open) != b'(' {
        return None;
    }
    let end = text.after_group(open)?;
    // A virtual column of MariaDB's may be another each time that it is read.
    if text.is_on(Dialect::Mysql) && !text.is_any(end, &["STORED", "PERSISTENT"]) {
        return None;
    }
    let at = (open..end).find(|at| is_fickle(text, *at))?;
    let message = format!("`{}` is not the same each time, as a generated column has to be", text.shown(at));
    text.wrong(at, at, message, "give the column a default, or fill it with a trigger")
}

/// Whether something stands there that is not the same each time.
fn is_fickle(text: &Text<'_>, at: usize) -> bool {
    if at == 0 || text.mark(at - 1) == b'.' || text.kind_at(at) != Some(TokenKind::Word) {
        return false;
    }
    let (values, calls): (&[&str], &[&str]) = match text.dialect {
        Dialect::Postgres => (
            &[
                "CURRENT_TIMESTAMP",
                "CURRENT_DATE",
                "CURRENT_TIME",
                "LOCALTIMESTAMP",
                "LOCALTIME",
                "CURRENT_USER",
                "SESSION_USER",
            ],
            &["NOW", "RANDOM", "CLOCK_TIMESTAMP", "STATEMENT_TIMESTAMP", "TRANSACTION_TIMESTAMP", "GEN_RANDOM_UUID"],
        ),
        Dialect::Mysql => (&[], &["NOW", "RAND", "UUID", "CURDATE", "CURTIME", "SYSDATE"]),
        Dialect::Sqlite => (&[], &["RANDOM", "RANDOMBLOB", "LAST_INSERT_ROWID", "CHANGES"]),
    };
    // With arguments it may be a function of the user's own.
    let is_call = text.mark(at + 1) == b'(' && (text.mark(at + 2) == b')' || !text.is_on(Dialect::Postgres));
    text.is_any(at, values) || is_call && text.is_any(at, calls)
}

fn altered_table(text: &Text<'_>) -> Option<Wrong> {
    if !text.is(1, "TABLE") {
        return None;
    }
    let mut depth = 0usize;
    for at in 3..text.tokens.len() {
        match text.mark(at) {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        let begins = depth == 0 && text.tokens[at].kind == TokenKind::Word && text.mark(at - 1) != b'.';
        if !begins {
            continue;
        }
        let found = match text.dialect {
            Dialect::Mysql if text.is_any(at, &["MODIFY", "CHANGE"]) => untyped(text, at),
            Dialect::Postgres | Dialect::Sqlite if text.is(at, "ADD") => added_in_parentheses(text, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// `ADD COLUMN (a int, b int)`, which is MySQL's.
fn added_in_parentheses(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let open = at + 1 + usize::from(text.is(at + 1, "COLUMN"));
    if text.mark(open) != b'(' {
        return None;
    }
    let product = product(text.dialect);
    let help = match text.dialect {
        Dialect::Postgres => "add each by itself: `ADD COLUMN a integer, ADD COLUMN b integer`",
        _ => "add each by a statement of its own: `ALTER TABLE … ADD COLUMN a integer`",
    };
    text.wrong(open, open, format!("on {product} an added column has no parentheses around it"), help)
}

/// `MODIFY name`, `CHANGE a b`.
fn untyped(text: &Text<'_>, at: usize) -> Option<Wrong> {
    // An action, and no column that is called so.
    if !(text.mark(at - 1) == b',' || at == 3 || at == 5 && text.mark(3) == b'.') {
        return None;
    }
    let name = at + 1 + usize::from(text.is(at + 1, "COLUMN"));
    let ends = |at: usize| text.is_end(at) || text.mark(at) == b',';
    let changes = text.is(at, "CHANGE");
    let verb = text.shown(at).to_uppercase();
    let last = if changes { name + 1 } else { name };
    // `ORDER BY a, modify DESC`.
    let has_names = text.is_name(name) && text.is_name(last) && !text.is_any(last, &["ASC", "DESC"]);
    if !has_names || !ends(last + 1) {
        return None;
    }
    let (message, help) = match changes {
        true => (
            "`CHANGE` has to say the old name, the new one and the type".to_owned(),
            format!("write `{verb} {} {} …`, with the whole definition", text.shown(name), text.shown(last)),
        ),
        false => (
            "`MODIFY` has to say the column's type".to_owned(),
            format!("write `{verb} {} …`, with the whole definition", text.shown(name)),
        ),
    };
    text.wrong(at, last, message, help)
}

/// `CREATE INDEX … ON t (…)`.
fn index(text: &Text<'_>) -> Option<Wrong> {
    let on = (2..text.tokens.len().min(9)).find(|at| text.is(*at, "ON"))?;
    let mut at = text.after_name(on + 1 + usize::from(text.is(on + 1, "ONLY")))?;
    if text.is(at, "USING") {
        let method = at + 1;
        let is_plain = text.is_any(method, &["HASH", "GIN", "GIST", "BRIN", "SPGIST"]);
        if is_plain && text.is(1, "UNIQUE") && text.is_on(Dialect::Postgres) {
            let message = format!("an index by `{}` can't be unique", text.shown(method));
            return text.wrong(method, method, message, "leave `USING` out: only `btree` knows unique ones");
        }
        at += 2;
    }
    let end = if text.mark(at) == b'(' { text.after_group(at)? } else { return None };
    if !text.is_on(Dialect::Sqlite)
        && let Some(found) = bare_expression(text, at, end)
    {
        return Some(found);
    }
    if text.is_on(Dialect::Mysql) {
        return None;
    }
    let fickle = (at..text.tokens.len()).find(|at| is_fickle(text, *at))?;
    let message = format!("`{}` is not the same each time, as what is in an index has to be", text.shown(fickle));
    text.wrong(fickle, fickle, message, "index a column that holds the value, or leave it out")
}

/// An operator among an index's columns: only a call needs no parentheses of its own, and on MySQL not even that.
fn bare_expression(text: &Text<'_>, open: usize, end: usize) -> Option<Wrong> {
    let (mut depth, mut start) = (0usize, open + 1);
    for at in open..end {
        match text.mark(at) {
            b'(' => {
                let is_call = depth == 1 && text.is_name(at - 1) && text.kind_at(at + 1) != Some(TokenKind::Number);
                if is_call && text.is_on(Dialect::Mysql) {
                    return of_index(text, start, at - 1);
                }
                depth += 1;
            }
            b')' => depth = depth.saturating_sub(1),
            b',' if depth == 1 => start = at + 1,
            mark if depth == 1 && b"+-*/<>=~!@#%^&|?:".contains(&mark) => return of_index(text, start, at),
            _ => {}
        }
    }
    None
}

fn of_index(text: &Text<'_>, from: usize, to: usize) -> Option<Wrong> {
    let message = "an expression in an index stands in parentheses of its own";
    text.wrong(from, to, message, "write two of each: `ON … ((…))`")
}

/// A trigger or a routine, as far as its body.
pub(super) fn trigger(text: &Text<'_>) -> Option<Wrong> {
    let kind = (1..text.tokens.len().min(10)).find(|at| text.is_any(*at, &["TRIGGER", "FUNCTION", "PROCEDURE"]))?;
    match (text.dialect, text.is(kind, "TRIGGER")) {
        (Dialect::Postgres, true) => postgres_trigger(text, kind),
        (Dialect::Postgres, false) => routine(text, kind),
        (Dialect::Mysql | Dialect::Sqlite, true) => called(text, kind),
        _ => None,
    }
}

fn postgres_trigger(text: &Text<'_>, kind: usize) -> Option<Wrong> {
    let on = (kind..text.tokens.len()).find(|at| text.is(*at, "ON"))?;
    let truncates = (kind + 2..on).any(|at| text.is(at, "TRUNCATE"));
    let is_each = |at: &usize| text.are(*at, &["FOR", "EACH", "ROW"]) || text.are(*at, &["FOR", "ROW"]);
    if truncates && let Some(at) = (on..text.tokens.len()).find(is_each) {
        let to = at + 1 + usize::from(text.is(at + 1, "EACH"));
        let message = "`TRUNCATE` has no rows for a trigger to be called for";
        return text.wrong(at, to, message, "write `FOR EACH STATEMENT`");
    }
    let at = (on..text.tokens.len()).find(|at| text.is(*at, "EXECUTE"))?;
    if !text.is_any(at + 1, &["FUNCTION", "PROCEDURE"]) {
        return None;
    }
    let end = text.after_name(at + 2)?;
    match text.is_end(end) {
        true => {
            let help = format!("write `{}()`", text.shown(end - 1));
            text.wrong(at + 2, end - 1, "the trigger's function has no parentheses", help)
        }
        false => None,
    }
}

/// PostgreSQL's `EXECUTE FUNCTION f()`, where a trigger has a body.
fn called(text: &Text<'_>, kind: usize) -> Option<Wrong> {
    let at = (kind..text.tokens.len()).find(|at| text.is(*at, "EXECUTE"))?;
    let follows = text.is_any(at - 1, &["ROW", "STATEMENT"]) && text.is_any(at + 1, &["FUNCTION", "PROCEDURE"]);
    if !follows {
        return None;
    }
    let help = match text.dialect {
        Dialect::Mysql => "write what it does: `BEGIN …; END`, or `CALL` of a procedure",
        _ => "write what it does: `BEGIN …; END`",
    };
    text.wrong(at, at + 1, format!("on {} a trigger has a body, and calls no function", product(text.dialect)), help)
}

/// The languages that come with PostgreSQL, or are well known.
const LANGUAGES: [&str; 4] = ["sql", "plpgsql", "plpython3u", "plperl"];

/// `CREATE FUNCTION f(…) … LANGUAGE … AS …`.
fn routine(text: &Text<'_>, kind: usize) -> Option<Wrong> {
    let open = text.after_name(kind + 1)?;
    let mut at = text.after_group(open)?;
    let returned = at;
    let (mut body, mut language) = (None, None);
    while at < text.tokens.len() {
        match () {
            () if text.mark(at) == b'(' => at = text.after_group(at)?.checked_sub(1)?,
            // A body of SQL's own.
            () if text.is(at, "RETURN") && at > returned || text.are(at, &["BEGIN", "ATOMIC"]) => return None,
            () if text.is(at, "AS") && text.is_string(at + 1) => body = Some(at),
            () if text.is(at, "LANGUAGE") => language = Some(at + 1),
            () => {}
        }
        at += 1;
    }
    let body = body?;
    if text.is(returned, "RETURN") {
        return text.wrong(returned, returned, "what a function gives back is said by `RETURNS`", "write `RETURNS`");
    }
    let Some(language) = language else {
        let is_all = text.is_whole;
        let message = "the function doesn't say its language";
        return if is_all {
            text.wrong(body, body, message, "write `LANGUAGE plpgsql`, or `LANGUAGE sql`, before `AS`")
        } else {
            None
        };
    };
    let shown = text.shown(language);
    let is_slip = |known: &&str| *known == "plpgsql" && distance(&shown.to_ascii_lowercase(), known) == 1;
    match LANGUAGES.into_iter().find(is_slip) {
        Some(known) => text.wrong(
            language,
            language,
            format!("no server has a language `{shown}`"),
            format!("did you mean `{known}`?"),
        ),
        None => None,
    }
}

/// What may be granted.
#[rustfmt::skip]
const PRIVILEGES: [&str; 16] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN", "CREATE", "CONNECT", "TEMPORARY", "TEMP",
    "EXECUTE", "USAGE", "SET", "ALL",
];

/// PostgreSQL's `GRANT … ON …`. (MySQL's components bring privileges of their own.)
pub(super) fn privileges(text: &Text<'_>) -> Option<Wrong> {
    if !text.is_on(Dialect::Postgres) {
        return None;
    }
    let on = (1..text.tokens.len()).find(|at| text.is(*at, "ON"))?;
    let is_one = |at: usize| at == 1 || text.mark(at - 1) == b',' || text.is(at - 1, "FOR");
    for at in 1..on {
        let is_alone = text.kind_at(at) == Some(TokenKind::Word)
            && is_one(at)
            && (at + 1 == on || matches!(text.mark(at + 1), b',' | b'('));
        let within =
            (1..at).filter(|at| text.mark(*at) == b'(').count() > (1..at).filter(|at| text.mark(*at) == b')').count();
        if !is_alone || within || text.is_any(at, &PRIVILEGES) {
            continue;
        }
        let shown = text.shown(at);
        if let Some(meant) = nearest(shown, PRIVILEGES) {
            return text.wrong(at, at, format!("there is no privilege `{shown}`"), format!("did you mean `{meant}`?"));
        }
    }
    None
}

/// The parameters that migrations set. No other of PostgreSQL's is spelled nearly as one of them is: tried with those of 15, and with the names that other versions are known to have.
#[rustfmt::skip]
const PARAMETERS: [&str; 12] = [
    "lock_timeout", "statement_timeout", "search_path", "client_min_messages", "maintenance_work_mem", "work_mem",
    "idle_in_transaction_session_timeout", "check_function_bodies", "row_security", "session_replication_role", "default_tablespace",
    "standard_conforming_strings",
];

pub(super) fn setting(text: &Text<'_>) -> Option<Wrong> {
    let at = 1 + usize::from(text.is_any(1, &["LOCAL", "SESSION", "GLOBAL"]));
    let is_set = text.mark(at + 1) == b'=' || text.is(at + 1, "TO");
    if !is_set || text.kind_at(at) != Some(TokenKind::Word) {
        return None;
    }
    let shown = text.shown(at).to_ascii_lowercase();
    match text.dialect {
        Dialect::Postgres => {
            let is_slip = |known: &&str| (1..=2).contains(&distance(&shown, known));
            let meant = PARAMETERS.into_iter().find(|known| is_slip(known) && shown.len() > 5)?;
            let message = format!("PostgreSQL has no parameter `{shown}`");
            text.wrong(at, at, message, format!("did you mean `{meant}`?"))
        }
        Dialect::Mysql => {
            let help = match shown.as_str() {
                "lock_timeout" => "write `lock_wait_timeout`, or `innodb_lock_wait_timeout` for rows",
                "statement_timeout" => "MySQL has `max_execution_time`, MariaDB `max_statement_time`",
                "search_path" => "leave it out: the URL says which database it is",
                _ => return None,
            };
            text.wrong(at, at, format!("MySQL has no variable `{shown}`"), help)
        }
        Dialect::Sqlite => None,
    }
}
