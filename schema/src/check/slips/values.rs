//! What stands in expressions and lists: marks, operators and literals.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use super::Text;
use crate::check::first_word::product;
use crate::check::grammar::Wrong;
use crate::write::is_always_reserved;

/// The first slip in a statement.
pub(super) fn wrong_with(text: &Text<'_>) -> Option<Wrong> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut at = 0;
    // By hand: asked of every token, in builds without optimisation.
    while at < text.tokens.len() {
        let found = match text.tokens[at].kind {
            TokenKind::Punctuation => {
                let mark = text.mark(at);
                match mark {
                    b'(' | b'[' => open.push((mark, at)),
                    b')' | b']' => match open.pop() {
                        // Which of them is too many, nobody knows.
                        Some((other, _)) if (other == b'(') != (mark == b')') => return None,
                        Some(_) => {}
                        None if mark == b')' && is_lexed_for_sure(text) => {
                            return text.wrong(at, at, "this `)` closes nothing", "remove it, or open what it closes");
                        }
                        None => return None,
                    },
                    _ => {}
                }
                let within = open.iter().rev().nth(usize::from(matches!(mark, b'[' | b'('))).map_or(0, |open| open.0);
                punctuation(text, at, mark, within)
            }
            TokenKind::Word => word(text, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        at += 1;
    }
    let (_, at) = *open.iter().find(|open| open.0 == b'(')?;
    match text.is_whole && is_lexed_for_sure(text) {
        true => text.wrong(at, at, "this `(` is never closed", "write the `)` that is missing"),
        false => None,
    }
}

/// What a backslash does in a string, a setting decides; and so where the string ends.
fn is_lexed_for_sure(text: &Text<'_>) -> bool {
    !text.source.contains('\\')
}

/// A mark; `within` is what opened the group around it.
fn punctuation(text: &Text<'_>, at: usize, mark: u8, within: u8) -> Option<Wrong> {
    let dialect = text.dialect;
    match mark {
        b'{' => brace(text, at),
        b'[' => bracket(text, at, within),
        b'=' if dialect == Dialect::Mysql && text.mark(at + 1) == b'=' && text.touches_next(at) => {
            let is_longer = at > 0 && text.touches_next(at - 1) && b"<>=!:".contains(&text.mark(at - 1));
            match is_longer {
                true => None,
                false => text.wrong(at, at + 1, "on MySQL there is no operator `==`", "write `=`"),
            }
        }
        b':' if text.mark(at + 1) == b':' && text.touches_next(at) && is_cast(text, at) => {
            let message = format!("on {} there is no `::`", product(dialect));
            text.wrong(at, at + 1, message, "write `CAST(… AS …)`, with a type of this database's")
        }
        b',' => comma(text, at),
        b'(' if text.mark(at + 1) == b',' => {
            text.wrong(at + 1, at + 1, "nothing stands before this comma", "remove the comma, or add what is missing")
        }
        b'(' if text.mark(at + 1) == b')' => empty(text, at),
        b'~' if dialect != Dialect::Postgres && is_match(text, at) => {
            let help = match dialect {
                Dialect::Mysql => "write `REGEXP`, or `LIKE`",
                _ => "write `LIKE` or `GLOB`: SQLite has no regular expressions of its own",
            };
            text.wrong(at, at, format!("on {} `~` compares nothing", product(dialect)), help)
        }
        _ => None,
    }
}

fn brace(text: &Text<'_>, at: usize) -> Option<Wrong> {
    // MySQL has ODBC's `{d '2026-01-01'}`; PostgreSQL will count in braces what a path matches.
    let may_be = match text.dialect {
        Dialect::Mysql => true,
        Dialect::Postgres => text.kind_at(at + 1) == Some(TokenKind::Number) || text.mark(at + 1) == b',',
        Dialect::Sqlite => false,
    };
    if may_be {
        return None;
    }
    let message = format!("on {} there is no `{{` outside of quotes", product(text.dialect));
    text.wrong(at, at, message, "JSON is written as a text, in single quotes: `'{}'`")
}

fn bracket(text: &Text<'_>, at: usize, within: u8) -> Option<Wrong> {
    let before = at.checked_sub(1)?;
    let help = "a list is written as `ARRAY[…]` or `'{…}'`, JSON as a text in single quotes: `'[]'`";
    match text.dialect {
        Dialect::Mysql => text.wrong(
            at,
            at,
            "on MySQL there is no `[` outside of quotes",
            "JSON is written as a text: `'[]'`; names have backticks",
        ),
        Dialect::Postgres if text.is(before, "ARRAY") => {
            let is_empty = text.mark(at + 1) == b']';
            let ends = text.tokens.len() == at + 2 && text.is_whole
                || text.mark(at + 2) == b','
                || text.is_any(at + 2, &["WHERE", "NOT"]);
            let is_it = is_empty
                && ends
                && within != b'['
                && (text.is_any(before.checked_sub(1)?, &["DEFAULT"]) || b"=,".contains(&text.mark(before - 1)));
            match is_it {
                true => text.wrong(
                    before,
                    at + 1,
                    "PostgreSQL can't tell the type of an empty `ARRAY[]`",
                    "write `'{}'`, or say the type: `ARRAY[]::text[]`",
                ),
                false => None,
            }
        }
        Dialect::Postgres => {
            let begins = text.is(before, "DEFAULT") && !text.is_any(before.checked_sub(1)?, &["SET", "BY"])
                || matches!(text.mark(before), b'(' | b'=')
                || text.mark(before) == b',' && within != b'[';
            match begins {
                true => text.wrong(at, at, "on PostgreSQL no value begins with `[`", help),
                false => None,
            }
        }
        Dialect::Sqlite => None,
    }
}

/// Whether two colons are PostgreSQL's cast, and no part of a parameter's name.
fn is_cast(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    match text.dialect {
        Dialect::Postgres => false,
        Dialect::Mysql => true,
        Dialect::Sqlite => match text.kind_at(before) {
            Some(TokenKind::String) => true,
            Some(TokenKind::Word | TokenKind::Number) => {
                let is_parameter = before > 0 && b"$@#:?".contains(&text.mark(before - 1));
                !is_parameter && !text.shown(before).contains('$')
            }
            _ => text.mark(before) == b')' && text.touches_next(before),
        },
    }
}

fn comma(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let help = "remove the comma, or add what is missing";
    if text.mark(at + 1) == b',' {
        return text.wrong(at, at, "nothing stands between these two commas", help);
    }
    if text.mark(at + 1) == b')' || text.is_end(at + 1) || text.is_any(at + 1, &["WHERE", "FROM"]) {
        return text.wrong(at, at, "nothing follows this comma", help);
    }
    None
}

/// `()`, where something has to stand in it.
fn empty(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let before = at.checked_sub(1)?;
    let is_named = before > 0 && text.mark(before - 1) == b'.';
    if text.dialect != Dialect::Sqlite && text.is(before, "IN") && !is_named {
        let message = format!("on {} a list behind `IN` has something in it", product(text.dialect));
        return text.wrong(before, at + 1, message, "write `FALSE` for what is never true");
    }
    const TIMES: [&str; 5] = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME"];
    let times: &[&str] = match text.dialect {
        Dialect::Postgres => &TIMES,
        Dialect::Sqlite => TIMES.get(..3)?,
        Dialect::Mysql => &[],
    };
    if text.is_any(before, times) && !is_named {
        let shown = text.shown(before).to_uppercase();
        let message = format!("on {} `{shown}` has no parentheses", product(text.dialect));
        return text.wrong(before, at + 1, message, format!("write `{shown}`"));
    }
    None
}

/// Whether a `~` stands between a column and a text.
fn is_match(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let ahead = at + 1 + usize::from(text.mark(at + 1) == b'*');
    text.is_string(ahead) && is_plain_name(text, before)
}

/// Whether a token is surely a name, and no word of the database's.
fn is_plain_name(text: &Text<'_>, at: usize) -> bool {
    match text.kind_at(at) {
        Some(TokenKind::QuotedIdentifier) => true,
        Some(TokenKind::Word) => {
            let behind_dot = at > 0 && text.mark(at - 1) == b'.';
            behind_dot
                || at > 0 && text.is_any(at - 1, &["WHERE", "AND", "OR", "NOT", "WHEN", "ON"]) && !is_word(text, at)
        }
        _ => false,
    }
}

fn is_word(text: &Text<'_>, at: usize) -> bool {
    is_always_reserved(&text.shown(at).to_ascii_lowercase(), text.dialect)
        || text.is_any(at, &["NOT", "EXISTS", "CASE", "CAST", "BINARY", "INTERVAL", "ALL", "ANY", "SOME"])
}

fn word(text: &Text<'_>, at: usize) -> Option<Wrong> {
    // A name.
    if at == 0 || text.mark(at - 1) == b'.' {
        return None;
    }
    let dialect = text.dialect;
    match text.tokens[at].end - text.tokens[at].start {
        2 if text.is(at, "IS") => is(text, at),
        3 if dialect != Dialect::Postgres && text.is(at, "ANY") => any(text, at),
        4 if text.is(at, "LIKE") => {
            let is_pattern = text.mark(at + 1) == b'%' && !b"<>=!~@#^&|+-*/%?".contains(&text.mark(at + 2));
            match is_pattern {
                true => text.wrong(
                    at + 1,
                    at + 1,
                    "the pattern behind `LIKE` has no quotes",
                    "a pattern is a text: `LIKE '%x%'`",
                ),
                false => None,
            }
        }
        4 if dialect != Dialect::Sqlite && text.is(at, "ENUM") => enumeration(text, at),
        5 if dialect != Dialect::Postgres && text.is(at, "ILIKE") => {
            let is_operator = text.is_string(at + 1) && is_plain_name(text, at - 1);
            match is_operator {
                true => {
                    let help = "write `LIKE`, which doesn't tell capitals here as a rule, or `lower(…) LIKE '…'`";
                    text.wrong(at, at, format!("on {} there is no `ILIKE`", product(dialect)), help)
                }
                false => None,
            }
        }
        8 if text.is(at, "INTERVAL") => interval(text, at),
        _ => None,
    }
}

fn is(text: &Text<'_>, at: usize) -> Option<Wrong> {
    // A comment's text, or a label's.
    if text.dialect == Dialect::Sqlite || text.is(0, "COMMENT") {
        return None;
    }
    let next = at + 1 + usize::from(text.is(at + 1, "NOT"));
    if text.kind_at(next) == Some(TokenKind::Number) {
        let product = product(text.dialect);
        return text.wrong(at, next, format!("on {product} no value stands behind `IS`"), "write `=`, or `<>`");
    }
    if text.dialect == Dialect::Mysql && text.are(next, &["DISTINCT", "FROM"]) {
        let help = match next == at + 1 {
            true => "write `NOT (a <=> b)`",
            false => "write `a <=> b`",
        };
        return text.wrong(at, next + 1, "on MySQL there is no `IS DISTINCT FROM`", help);
    }
    None
}

/// PostgreSQL's `= ANY(ARRAY[…])`, `= ANY('{…}')`.
fn any(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let is_list = match text.dialect {
        Dialect::Mysql => text.is_string(at + 2),
        _ => text.is(at + 2, "ARRAY") && text.kind_at(at + 3) == Some(TokenKind::QuotedIdentifier),
    };
    if text.mark(at - 1) != b'=' || text.mark(at + 1) != b'(' || !is_list {
        return None;
    }
    text.wrong(at, at, format!("on {} there is no `ANY` of a list", product(text.dialect)), "write `IN (…)`")
}

/// `ENUM (a, b)`.
fn enumeration(text: &Text<'_>, at: usize) -> Option<Wrong> {
    let is_one = |at: usize| text.is_name(at) && matches!(text.mark(at + 1), b',' | b')');
    if text.mark(at + 1) != b'(' || !is_one(at + 2) || text.is_on(Dialect::Postgres) && !text.is(at - 1, "AS") {
        return None;
    }
    let shown = text.shown(at + 2).trim_matches(['"', '`']);
    let message = format!("the value `{shown}` of the enumeration has no quotes");
    text.wrong(at + 2, at + 2, message, format!("values are texts, in single quotes: `ENUM ('{shown}', …)`"))
}

fn interval(text: &Text<'_>, at: usize) -> Option<Wrong> {
    match text.dialect {
        Dialect::Postgres => match text.kind_at(at + 1) == Some(TokenKind::Number) {
            true => text.wrong(
                at,
                at + 1,
                "on PostgreSQL the length of an interval is a text",
                "write it in quotes: `INTERVAL '1 day'`",
            ),
            false => None,
        },
        Dialect::Mysql => {
            let is_value = text.is_string(at + 1) || text.kind_at(at + 1) == Some(TokenKind::Number);
            if !is_value {
                return None;
            }
            let next = at + 2;
            if text.is_string(at + 1)
                && (text.is_end(next) || matches!(text.mark(next), b',' | b')') || text.is(next, "WHERE"))
            {
                return text.wrong(at, at + 1, "on MySQL an interval has its unit behind it", "write `INTERVAL 1 DAY`");
            }
            let unit =
                ["SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"].into_iter().find(|unit| {
                    let shown = text.shown(next);
                    shown.len() == unit.len() + 1
                        && shown.get(..unit.len()).is_some_and(|word| word.eq_ignore_ascii_case(unit))
                        && shown.ends_with(['s', 'S'])
                })?;
            let message = format!("on MySQL there is no unit `{}`", text.shown(next));
            text.wrong(next, next, message, format!("write `{unit}`"))
        }
        Dialect::Sqlite => {
            // In a query the text may be what the column before it is called.
            let is_operand = text.is_string(at + 1) && matches!(text.mark(at - 1), b'+' | b'-');
            let changes = text.is_any(0, &["UPDATE", "DELETE", "INSERT"]);
            let selects = (0..at).any(|at| text.is_any(at, &["SELECT", "RETURNING"]));
            match is_operand && changes && !selects {
                true => text.wrong(at, at + 1, "on SQLite there is no `INTERVAL`", "write `datetime(…, '+1 day')`"),
                false => None,
            }
        }
    }
}
