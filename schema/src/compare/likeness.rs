//! Whether two expressions say the same, where one is the author's text and the other what a database made of it. A database
//! may put anything in other words; what it never changes is which columns stand there, which functions of the user's, and
//! what a plain string holds. Only what differs in these is told apart for certain.

use std::collections::BTreeSet;

use revchain_core::Dialect;

use super::canonical::{canonical, tokens};
use crate::model::{Column, Expression, Name};

/// How alike two expressions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// They say the same.
    Same,
    /// They say two things.
    Different,
    /// Nobody can tell.
    Unclear,
}

/// Words behind which databases put other operators, functions and constants than the author: `a BETWEEN 1 AND 2` is stored as
/// two comparisons.
const REWRITTEN: [&str; 28] = [
    "all",
    "any",
    "array",
    "between",
    "btrim",
    "case",
    "cast",
    "char_length",
    "character_length",
    "convert",
    "date_part",
    "extract",
    "if",
    "in",
    "interval",
    "json_extract",
    "json_unquote",
    "like",
    "ltrim",
    "mod",
    "octet_length",
    "overlay",
    "position",
    "row",
    "rtrim",
    "similar",
    "substring",
    "trim",
];

/// The same for MariaDB's and MySQL's: `NOT a` is stored as `a = 0`, and `datediff(a, b)` as a difference.
const REWRITTEN_BY_MYSQL: [&str; 16] = [
    "adddate",
    "binary",
    "date",
    "date_add",
    "date_sub",
    "datediff",
    "instr",
    "isnull",
    "locate",
    "regexp",
    "regexp_like",
    "round",
    "subdate",
    "timestampadd",
    "timestampdiff",
    "xor",
];

/// What PostgreSQL stores of these types' constants is what was written.
const VERBATIM: [&str; 16] = [
    "text",
    "character",
    "varchar",
    "bpchar",
    "name",
    "citext",
    "json",
    "integer",
    "bigint",
    "smallint",
    "numeric",
    "double",
    "real",
    "boolean",
    "regclass",
    "\"char\"",
];

/// Compares the author's text with the database's. `columns` may be named in both.
pub(super) fn likeness(author: &Expression, stored: &Expression, dialect: Dialect, columns: &[Column]) -> Likeness {
    if author == stored || canonical(author, dialect) == canonical(stored, dialect) {
        return Likeness::Same;
    }
    // It keeps what was written.
    if dialect == Dialect::Sqlite {
        return Likeness::Different;
    }
    let (one, other) = (tokens(author, dialect), tokens(stored, dialect));
    let (one, other) = (Traits::of(&one, columns, dialect), Traits::of(&other, columns, dialect));
    let is_told = !(one.is_rewritten || other.is_rewritten);
    let constants = is_told
        && !has_rewritten_constant(author, stored, dialect)
        && !one.has_bytes
        && !other.has_bytes
        && one.constants != other.constants;
    let differs = one.columns != other.columns
        || constants
        || is_told && (one.called != other.called || one.operators != other.operators);
    if differs { Likeness::Different } else { Likeness::Unclear }
}

/// What of an expression no database changes.
struct Traits<'t> {
    columns: BTreeSet<Name>,
    called: BTreeSet<&'t str>,
    constants: Vec<&'t str>,
    operators: Vec<&'t str>,
    /// Whether one of the words stands in it that stand for others.
    is_rewritten: bool,
    /// Whether a constant is bytes or bits, which may be stored as a text or a number.
    has_bytes: bool,
}

impl<'t> Traits<'t> {
    fn of(tokens: &'t [String], columns: &[Column], dialect: Dialect) -> Traits<'t> {
        let mut found = Traits {
            columns: BTreeSet::new(),
            called: BTreeSet::new(),
            constants: Vec::new(),
            operators: Vec::new(),
            is_rewritten: false,
            has_bytes: false,
        };
        for (at, token) in tokens.iter().enumerate() {
            let token = token.as_str();
            let is_word = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
            let is_or = token == "|" && tokens.get(at + 1).is_some_and(|next| next == "|");
            found.is_rewritten |= dialect == Dialect::Mysql && (is_or || is_negation(tokens, at));
            found.has_bytes |= dialect == Dialect::Mysql && token.starts_with("0x");
            let is_constant = token.starts_with(|first: char| first == '\'' || first.is_ascii_digit() || first == '-')
                && token != "-";
            if is_constant {
                // PostgreSQL writes `'-1'::integer`.
                found.constants.push(token.trim_start_matches('-'));
            } else if is_word {
                let name = Name::new(token, dialect);
                let is_column = columns.iter().any(|column| column.name.as_str().eq_ignore_ascii_case(token));
                found.is_rewritten |=
                    REWRITTEN.contains(&token) || dialect == Dialect::Mysql && REWRITTEN_BY_MYSQL.contains(&token);
                if is_column {
                    found.columns.insert(name);
                } else if tokens.get(at + 1).is_some_and(|next| next == "(") && !is_operator_word(token) {
                    found.called.insert(token);
                }
            } else if matches!(token, "<" | ">" | "+" | "*" | "/" | "%") {
                found.operators.push(token);
            } else if token == "!" && tokens.get(at + 1).is_some_and(|next| next == "=") {
                found.operators.extend(["<", ">"]);
            }
        }
        found.constants.sort_unstable();
        found.operators.sort_unstable();
        found
    }
}

/// Whether a `NOT` or a `!` turns something else over than `NULL`, `IN` and their like, which keep theirs.
fn is_negation(tokens: &[String], at: usize) -> bool {
    let get = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", String::as_str);
    match get(Some(at)) {
        "not" => get(at.checked_sub(1)) != "is" && !matches!(get(Some(at + 1)), "in" | "like" | "between"),
        "!" => get(Some(at + 1)) != "=",
        _ => false,
    }
}

/// Words that may stand before a parenthesis and are no function.
fn is_operator_word(word: &str) -> bool {
    matches!(word, "and" | "or" | "not" | "is" | "when" | "then" | "else" | "xor" | "div" | "current_date" | "now")
}

/// Whether there are constants that a database writes in its own way: `'1 days'` becomes `'1 day'::interval`.
fn has_rewritten_constant(author: &Expression, stored: &Expression, dialect: Dialect) -> bool {
    let of_its_type = |text: &str| {
        text.split("::").skip(1).any(|rest| {
            let word = rest.split([' ', '(', ')', ',']).next().unwrap_or_default();
            let is_builtin = crate::replay::is_builtin(word.trim_end_matches("[]")) || word.contains("range");
            word.ends_with("[]") || is_builtin && !VERBATIM.contains(&word)
        })
    };
    match dialect {
        Dialect::Postgres => of_its_type(stored.as_str()) || of_its_type(author.as_str()),
        // Days and times, whatever they are written like.
        _ => {
            let looks = |text: &str| {
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                digits >= 4 && text.contains(['-', ':', '/', '.'])
            };
            looks(stored.as_str()) || looks(author.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(dialect: Dialect, author: &str, stored: &str) -> Likeness {
        let columns: Vec<Column> =
            ["a", "b", "status"].iter().map(|name| Column::new(Name::new(name, dialect), None)).collect();
        likeness(&Expression::new(author, dialect), &Expression::new(stored, dialect), dialect, &columns)
    }

    #[test]
    fn other_words_are_no_difference() {
        for (author, stored, expected) in [
            ("status IN ('a', 'b')", "(status = ANY (ARRAY['a'::text, 'b'::text]))", Likeness::Same),
            ("a NOT BETWEEN 1 AND 5", "((a < 1) OR (a > 5))", Likeness::Unclear),
            ("a + b BETWEEN 1 AND 5", "(((a + b) >= 1) AND ((a + b) <= 5))", Likeness::Unclear),
            ("'1 days'", "'1 day'::interval", Likeness::Unclear),
            ("'{1, 2}'", "'{1,2}'::integer[]", Likeness::Unclear),
            ("a > -1", "(a > '-1'::integer)", Likeness::Same),
            ("extract(year from a) > 1", "(EXTRACT(year FROM a) > (1)::numeric)", Likeness::Same),
        ] {
            assert_eq!(of(Dialect::Postgres, author, stored), expected, "{author} and {stored}");
        }
        assert_eq!(of(Dialect::Mysql, "'2020-1-1'", "'2020-01-01'"), Likeness::Unclear);
        // What MariaDB 10.11 gave.
        for (author, stored, expected) in [
            ("length(a) > 2", "octet_length(`a`) > 2", Likeness::Same),
            ("lower(status)", "lcase(`status`)", Likeness::Same),
            ("UPPER(substring(status, 1, 2))", "ucase(substr(`status`,1,2))", Likeness::Same),
            ("power(ceil(a), day(b))", "pow(ceiling(`a`),dayofmonth(`b`))", Likeness::Same),
            ("status RLIKE 'x'", "`status` regexp 'x'", Likeness::Same),
            ("NOT a", "`a` = 0", Likeness::Unclear),
            ("status NOT REGEXP 'x'", "!(`status` regexp 'x')", Likeness::Unclear),
            ("instr(status, 'x') > 1", "locate('x',`status`) > 1", Likeness::Unclear),
            ("datediff(a, b) > 3", "to_days(`a`) - to_days(`b`) > 3", Likeness::Unclear),
            ("date(a)", "cast(`a` as date)", Likeness::Unclear),
            ("round(a)", "round(`a`,0)", Likeness::Unclear),
            ("a NOT IN (1, 2)", "`a` not in (1,3)", Likeness::Unclear),
            // What MySQL 9.7.4 gave.
            ("status REGEXP '^a'", "regexp_like(`status`,_utf8mb4'^a')", Likeness::Unclear),
            ("a > 1 || b > 2", "((`a` > concat(1,`b`)) > 2)", Likeness::Unclear),
            ("0x41", "'A'", Likeness::Unclear),
            ("status <> x'00ff'", "(`status` <> 0x00ff)", Likeness::Same),
            ("a IS NOT NULL", "`b` is not null", Likeness::Different),
            ("lower(status)", "ucase(`status`)", Likeness::Different),
        ] {
            assert_eq!(of(Dialect::Mysql, author, stored), expected, "{author} and {stored}");
        }
    }

    #[test]
    fn what_says_something_else_is_told() {
        for (author, stored) in [
            ("a > 1", "(b > 1)"),
            ("a > 1", "(a > 2)"),
            ("a > 1", "(a < 1)"),
            ("'x'", "'y'::text"),
            ("'x'", "'y'::character varying(10)"),
            ("'sad'", "'ok'::mood"),
            ("lower(status)", "upper(status)"),
            ("a BETWEEN 1 AND 5", "((b >= 1) AND (b <= 5))"),
            ("now()", "gen_random_uuid()"),
        ] {
            assert_eq!(of(Dialect::Postgres, author, stored), Likeness::Different, "{author} and {stored}");
        }
        assert_eq!(of(Dialect::Sqlite, "a BETWEEN 1 AND 5", "a BETWEEN 1 AND 6"), Likeness::Different);
    }
}
