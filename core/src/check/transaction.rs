//! RC202, RC204, RC205: statements that the runner's transaction does not survive, and those that do not work in it.

use crate::{
    Code, Dialect,
    check::statements::{Hit, State, Subject},
    revision::Mode,
};

/// RC202: statements that begin or end transactions. Savepoints are fine: they nest.
pub(super) fn control(subject: &mut Subject<'_, '_>) -> Option<Hit> {
    let words = &mut subject.words;
    let dialect = subject.dialect;
    let length = match subject.first {
        // `BEGIN NOT ATOMIC … END` is a block of MariaDB.
        "BEGIN" => usize::from(!(dialect == Dialect::Mysql && words.is(1, "NOT"))),
        "START" if words.is(1, "TRANSACTION") => 2,
        "COMMIT" => 1 + usize::from(words.is(1, "PREPARED")),
        "END" if dialect != Dialect::Mysql => 1,
        "ROLLBACK" => {
            let to = if words.is(1, "WORK") || words.is(1, "TRANSACTION") { 2 } else { 1 };
            if words.is(to, "TO") { 0 } else { 1 + usize::from(words.is(1, "PREPARED")) }
        }
        "ABORT" if dialect == Dialect::Postgres => 1,
        "PREPARE" if dialect == Dialect::Postgres && words.is(1, "TRANSACTION") => 2,
        "XA" if dialect == Dialect::Mysql => 2,
        "SET" if dialect == Dialect::Mysql => return autocommit(subject),
        _ => 0,
    };
    if length == 0 {
        return None;
    }
    let shown = subject.show(0, length);
    let message = if subject.in_transaction() {
        format!("`{shown}` breaks the transaction that the runner holds")
    } else {
        format!("`{shown}` controls a transaction, in a section that runs without one")
    };
    Some(explain(subject, length, message))
}

fn explain(subject: &mut Subject<'_, '_>, length: usize, message: String) -> Hit {
    let help = if subject.in_transaction() {
        let no_transaction = subject.marker("no-transaction");
        format!(
            "remove it: the runner begins before the revision and commits it together with its version row; statements \
             that must run outside of a transaction go into a section of their own, `{no_transaction}`"
        )
    } else {
        "remove it: statements that belong in one transaction go into a section of their own, without `no-transaction`"
            .to_owned()
    };
    let label = if subject.first == "END" { "ends a transaction; no body is open here" } else { "" };
    subject.hit(Code::TransactionControl, 0, length, message).label(label).help(help)
}

/// `SET autocommit = …` commits what is open, or leaves the connection waiting for a COMMIT that never comes.
fn autocommit(subject: &mut Subject<'_, '_>) -> Option<Hit> {
    let words = &mut subject.words;
    let mut at = 1;
    // `SET a = 1, autocommit = 0`: every assignment of the list.
    loop {
        let mut name = at;
        while words.is_punctuation(name, b'@') || words.is_punctuation(name, b'.') {
            name += 1;
        }
        while words.is(name, "SESSION") || words.is(name, "LOCAL") {
            name += 1;
            while words.is_punctuation(name, b'.') {
                name += 1;
            }
        }
        if words.is(name, "AUTOCOMMIT") {
            break;
        }
        let comma = next_comma(words, at)?;
        at = comma + 1;
    }
    let message = "`SET autocommit` breaks the transaction that the runner holds".to_owned();
    Some(explain(subject, 2, message))
}

/// The next comma outside parentheses.
fn next_comma(words: &mut crate::sql::Words<'_>, from: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = from;
    while words.token(at).is_some() {
        if words.is_punctuation(at, b'(') {
            depth += 1;
        } else if words.is_punctuation(at, b')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && words.is_punctuation(at, b',') {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// RC204: `PRAGMA foreign_keys = …` is silently ignored inside a transaction.
pub(super) fn pragma(subject: &mut Subject<'_, '_>) -> Option<Hit> {
    if subject.first != "PRAGMA" || subject.dialect != Dialect::Sqlite {
        return None;
    }
    let (name, after) = subject.words.name(1)?;
    let sets = subject.words.is_punctuation(after, b'=') || subject.words.is_punctuation(after, b'(');
    if !sets {
        return None;
    }
    match name.as_str() {
        // A rebuild section does it by itself; there the line is idle, and right in spirit.
        "foreign_keys" if matches!(subject.section.mode, Mode::Transaction | Mode::Repeat(_)) => {
            let rebuild = subject.marker("rebuild");
            Some(
                subject
                    .hit(
                        Code::ForeignKeysPragma,
                        0,
                        after,
                        "`PRAGMA foreign_keys` does nothing inside a transaction".to_owned(),
                    )
                    .label("ignored: the runner's transaction is open")
                    .help(format!(
                        "remove it and mark the section `{rebuild}`: foreign keys are then off while it runs, and checked \
                         before it commits"
                    )),
            )
        }
        "journal_mode" if subject.in_transaction() => {
            Some(refused(subject, after, "`PRAGMA journal_mode` cannot change inside a transaction"))
        }
        "synchronous" if subject.in_transaction() => {
            Some(refused(subject, after, "`PRAGMA synchronous` cannot change inside a transaction"))
        }
        _ => None,
    }
}

/// RC205: statements that the server refuses inside a transaction. The list is PostgreSQL 15's and SQLite 3.40's own,
/// each tried there; MySQL and MariaDB have none.
pub(super) fn outside(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<Hit> {
    if !subject.in_transaction() {
        return None;
    }
    let end = match subject.dialect {
        Dialect::Postgres => postgres(subject, state)?,
        Dialect::Sqlite => match subject.first {
            // BEGIN IMMEDIATE locks every attached database, and a locked one cannot be detached. ATTACH can run.
            "VACUUM" | "DETACH" => 1,
            _ => return None,
        },
        Dialect::Mysql => return None,
    };
    let shown = shorten(subject, end);
    Some(refused(subject, end, &format!("`{shown}` cannot run inside a transaction")))
}

fn refused(subject: &mut Subject<'_, '_>, end: usize, message: &str) -> Hit {
    let marker = subject.marker("no-transaction");
    let label = match subject.section.mode {
        Mode::Repeat(_) => "each round of a `repeat` section is a transaction",
        _ => "this section runs in a transaction",
    };
    subject
        .hit(Code::NotInTransaction, 0, end, message.to_owned())
        .label(label)
        .help(format!("put it into a section of its own: `{marker}`"))
}

/// The words of a long head, with the names between them left out.
fn shorten(subject: &mut Subject<'_, '_>, end: usize) -> String {
    if end <= 4 {
        return subject.show(0, end);
    }
    let first = subject.show(0, 2);
    let last = subject.show(end - 1, end);
    format!("{first} … {last}")
}

/// How many words make the statement one that PostgreSQL refuses.
fn postgres(subject: &mut Subject<'_, '_>, state: &mut State) -> Option<usize> {
    let words = &mut subject.words;
    match subject.first {
        "VACUUM" => Some(1),
        "CREATE" => {
            // Most are these two.
            if words.is(1, "TABLE") {
                return None;
            }
            let index = if words.is(1, "UNIQUE") { 2 } else { 1 };
            if words.is(index, "INDEX") {
                return words.is(index + 1, "CONCURRENTLY").then_some(index + 2);
            }
            if words.is(1, "DATABASE") || words.is(1, "TABLESPACE") {
                return Some(2);
            }
            (words.is(1, "SUBSCRIPTION") && !has_off(words, &["CREATE_SLOT", "CONNECT"])).then_some(2)
        }
        "DROP" => {
            if words.is(1, "TABLE") {
                return None;
            }
            if words.is(1, "INDEX") {
                return words.is(2, "CONCURRENTLY").then_some(3);
            }
            let slot = words.is(1, "SUBSCRIPTION") && !state.slot_parted;
            (slot || words.is(1, "DATABASE") || words.is(1, "TABLESPACE")).then_some(2)
        }
        "ALTER" => {
            if words.is(1, "TABLE") {
                if !words.may_hold("DETACH") {
                    return None;
                }
                let detach = words.find_outside(2, &["DETACH", "PARTITION"])?;
                let (_, after) = words.name(detach + 2)?;
                return words.is(after, "CONCURRENTLY").then_some(after + 1);
            }
            if words.is(1, "SYSTEM") {
                return Some(2);
            }
            if words.is(1, "DATABASE") {
                let (_, after) = words.name(2)?;
                return words.are(after, &["SET", "TABLESPACE"]).then_some(after + 2);
            }
            if words.is(1, "SUBSCRIPTION") {
                state.slot_parted |= words.find(3, "SLOT_NAME").is_some();
                let (_, after) = words.name(2)?;
                let changes = words.is(after, "SET") || words.is(after, "ADD") || words.is(after, "DROP");
                let refreshes = words.are(after, &["REFRESH", "PUBLICATION"])
                    || (changes && words.is(after + 1, "PUBLICATION") && !has_off(words, &["REFRESH"]));
                return refreshes.then_some(after + 2);
            }
            None
        }
        "REINDEX" => reindex(words),
        "CLUSTER" => {
            // Without a table it walks the whole database.
            let table = if words.is(1, "VERBOSE") { 2 } else { 1 };
            words.token(table).is_none().then_some(1)
        }
        _ => None,
    }
}

fn reindex(words: &mut crate::sql::Words<'_>) -> Option<usize> {
    let mut at = 1;
    if words.is_punctuation(at, b'(') {
        let concurrently = words.find(at, "CONCURRENTLY").filter(|found| {
            !["FALSE", "OFF"].iter().any(|off| words.is(found + 1, off)) && words.text(found + 1) != "0"
        });
        while words.token(at).is_some() && !words.is_punctuation(at, b')') {
            at += 1;
        }
        if concurrently.is_some_and(|found| found < at) {
            return Some(at + 1);
        }
        at += 1;
    }
    if ["SCHEMA", "DATABASE", "SYSTEM"].iter().any(|whole| words.is(at, whole)) {
        return Some(at + 1);
    }
    words.is(at + 1, "CONCURRENTLY").then_some(at + 2)
}

/// Whether one of these options of a WITH list is off.
fn has_off(words: &mut crate::sql::Words<'_>, options: &[&str]) -> bool {
    options.iter().any(|option| {
        let Some(found) = words.find(2, option) else { return false };
        let value = words.text(found + 2).trim_matches('\'').to_ascii_lowercase();
        words.is_punctuation(found + 1, b'=') && matches!(value.as_str(), "false" | "off" | "0")
    })
}
