//! RC317: what is no statement, although each of its words has its place: a comma with nothing behind it, on every database, and on
//! PostgreSQL the few shapes in which people write another database's, or leave something out. Not a grammar. Words that have no
//! place are the business of `forms`, what no table may have that of `table`.

use revchain_core::sql::{Lexer, Token, TokenKind};
use revchain_core::{Code, Dialect, Severity};

use super::hits::Hit;
use super::walk::Statement;
use crate::change::Part;

/// What is wrong with a statement: what is said, and of which part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) part: Part,
    pub(super) message: String,
    pub(super) help: String,
}

pub(super) fn hit(statement: &Statement<'_>, wrong: Wrong) -> Hit {
    Hit {
        code: Code::NoSuchForm,
        severity: Severity::Error,
        span: statement.span(wrong.part),
        message: wrong.message,
        label: String::new(),
        also: Vec::new(),
        help: wrong.help,
    }
}

/// A statement and its tokens.
struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Words<'_> {
    fn is(&self, at: usize, word: &str) -> bool {
        match self.tokens.get(at) {
            // Most are told apart by their length.
            Some(token) if token.end - token.start == word.len() => token.is_word(self.text, word),
            _ => false,
        }
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.shown(at) == mark
    }

    fn shown(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    /// Behind `IF EXISTS`, where it stands.
    fn after_if_exists(&self, at: usize) -> usize {
        if self.is(at, "IF") && self.is(at + 1, "EXISTS") { at + 2 } else { at }
    }

    /// Behind a name of one or several parts. `None` where there is none.
    fn after_name(&self, mut at: usize) -> Option<usize> {
        loop {
            let token = self.tokens.get(at)?;
            if !matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier) {
                return None;
            }
            at += 1;
            if !self.is_mark(at, ".") {
                return Some(at);
            }
            at += 1;
        }
    }

    fn wrong(&self, at: usize, message: String, help: &'static str) -> Option<Wrong> {
        let token = self.tokens.get(at).or(self.tokens.last())?;
        Some(Wrong { part: (token.start, token.end), message, help: help.to_owned() })
    }
}

/// What is surely wrong with a statement.
pub(super) fn wrong_with(statement: &str, dialect: Dialect) -> Option<Wrong> {
    let mut lexer = Lexer::new(statement, dialect);
    let first = lexer.next_significant()?;
    let is_first = |words: &[&str]| words.iter().any(|word| first.is_word(statement, word));
    if !is_first(&["CREATE", "ALTER", "DROP"]) {
        return None;
    }
    let has_only_commas_to_judge = is_first(&["CREATE"]) || dialect != Dialect::Postgres;
    if has_only_commas_to_judge && !has_stray_comma(statement) {
        return None;
    }
    let mut words = Words { text: statement, tokens: vec![first] };
    while let Some(token) = lexer.next_significant() {
        words.tokens.push(token);
    }
    // What a comment hides from one server and another executes may begin or end with a comma; a module of SQLite's reads its own words.
    if words.tokens.iter().any(|token| token.is_executable_mark()) || words.is(1, "VIRTUAL") {
        return None;
    }
    if dialect != Dialect::Postgres {
        return stray_comma(&words);
    }
    stray_comma(&words).or_else(|| match () {
        () if words.is(0, "DROP") => drop(&words),
        () if words.is(0, "ALTER") && words.is(1, "TABLE") => alter_table(&words),
        () => None,
    })
}

/// Whether a comma may stand before `)`, or at the end: a look at the bytes, which comments may deceive.
fn has_stray_comma(statement: &str) -> bool {
    // By hand: asked of every byte of every CREATE, in builds without optimisation.
    let (bytes, mut at, mut after_comma) = (statement.as_bytes(), 0, false);
    while at < bytes.len() {
        match bytes[at] {
            b',' | b')' | b'-' | b'/' if after_comma => return true,
            b',' => after_comma = true,
            b' ' | b'\n' | b'\t' | b'\r' | 0x0c => {}
            _ => after_comma = false,
        }
        at += 1;
    }
    after_comma
}

fn stray_comma(words: &Words<'_>) -> Option<Wrong> {
    let is_stray = |at: &usize| {
        words.is_mark(*at, ",")
            && (*at + 1 == words.tokens.len() || words.is_mark(*at + 1, ")") || words.is_mark(*at + 1, ","))
    };
    // Most statements have none.
    words.text.find(',')?;
    let at = (0..words.tokens.len()).find(is_stray)?;
    let message = match words.is_mark(at + 1, ",") {
        true => "nothing stands between these two commas",
        false => "nothing follows this comma",
    };
    words.wrong(at, message.to_owned(), "remove the comma, or add what is missing")
}

fn drop(words: &Words<'_>) -> Option<Wrong> {
    if words.is_any(1, &["TRIGGER", "POLICY", "RULE"]) {
        let end = words.after_name(words.after_if_exists(2))?;
        let message = format!("`DROP {}` has to say `ON` which table", words.shown(1).to_uppercase());
        return match words.is(end, "ON") {
            true => None,
            false => words.wrong(1, message, "write `ON` and the table behind the name"),
        };
    }
    if words.is(1, "AGGREGATE") {
        let end = words.after_name(words.after_if_exists(2))?;
        let help = "write the types of its arguments behind the name: `DROP AGGREGATE last(anyelement)`";
        return match words.is_mark(end, "(") {
            true => None,
            false => words.wrong(1, "`DROP AGGREGATE` has to say which arguments".to_owned(), help),
        };
    }
    let mut at = match () {
        () if words.is(1, "INDEX") => 2 + usize::from(words.is(2, "CONCURRENTLY")),
        () if words.is(1, "MATERIALIZED") => 3,
        () if words.is_any(1, &["TABLE", "VIEW", "SEQUENCE", "TYPE", "DOMAIN"]) => 2,
        () => return None,
    };
    at = words.after_name(words.after_if_exists(at))?;
    while words.is_mark(at, ",") {
        at = words.after_name(at + 1)?;
    }
    at += usize::from(words.is_any(at, &["CASCADE", "RESTRICT"]));
    if at >= words.tokens.len() {
        return None;
    }
    let message = format!("`{}` has no place in `DROP {}`", words.shown(at), words.shown(1).to_uppercase());
    words.wrong(at, message, "PostgreSQL's ends with the names, and `CASCADE` or `RESTRICT`")
}

fn alter_table(words: &Words<'_>) -> Option<Wrong> {
    if words.is(2, "ALL") {
        return None;
    }
    let mut at = words.after_if_exists(2);
    at += usize::from(words.is(at, "ONLY"));
    at = words.after_name(at)?;
    at += usize::from(words.is_mark(at, "*"));
    let mut depth = 0usize;
    for position in at..words.tokens.len() {
        let is_in_front = words.is(position, "IF") && words.is(position + 1, "EXISTS");
        if depth == 0 && is_in_front && words.is_any(position + 2, &["COLUMN", "CONSTRAINT"]) {
            let message = format!("`IF EXISTS` stands behind `{}`", words.shown(position + 2).to_uppercase());
            return words.wrong(position, message, "write `DROP COLUMN IF EXISTS …`");
        }
        match words.shown(position) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_statement_is_told() {
        for (statement, expected) in [
            ("DROP INDEX job_group_id ON jobs", "`ON` has no place in `DROP INDEX`"),
            ("DROP TABLE IF EXISTS a CASCADE b", "`b` has no place in `DROP TABLE`"),
            ("drop aggregate public.last", "`DROP AGGREGATE` has to say which arguments"),
            ("DROP TRIGGER IF EXISTS t", "`DROP TRIGGER` has to say `ON` which table"),
            ("ALTER TABLE a ADD b text NOT NULL,", "nothing follows this comma"),
            ("CREATE TABLE a (b int, -- the last\n)", "nothing follows this comma"),
            ("CREATE TABLE a (b int,\n\n, c int)", "nothing stands between these two commas"),
            ("ALTER TABLE a DROP IF EXISTS COLUMN b", "`IF EXISTS` stands behind `COLUMN`"),
        ] {
            let found = wrong_with(statement, Dialect::Postgres).map(|wrong| wrong.message);
            assert_eq!(found.as_deref(), Some(expected), "{statement}");
        }
        for dialect in Dialect::ALL {
            let found = wrong_with("CREATE TABLE t (a int,\n)", dialect).map(|wrong| wrong.message);
            assert_eq!(found.as_deref(), Some("nothing follows this comma"), "{dialect}");
        }
    }

    #[test]
    fn what_is_a_statement_is_left_alone() {
        for statement in [
            "DROP INDEX CONCURRENTLY IF EXISTS s.a, \"b\" CASCADE",
            "DROP TABLE a, b RESTRICT",
            "DROP MATERIALIZED VIEW IF EXISTS v",
            "DROP TRIGGER t ON s.a CASCADE",
            "DROP AGGREGATE IF EXISTS last(anyelement)",
            "DROP TEXT SEARCH CONFIGURATION c",
            "DROP EVENT TRIGGER e",
            "DROP OWNED BY somebody",
            "DROP FOREIGN TABLE a",
            "DROP OPERATOR ===(text, text)",
            "ALTER TABLE IF EXISTS ONLY s.a * ADD b int DEFAULT f(1, 2), DROP c, ALTER d SET DEFAULT ARRAY[1, NULL], RENAME TO e",
            "ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (1, 'a') TO (2, 'b')",
            "ALTER TABLE a DROP COLUMN IF EXISTS b, DROP CONSTRAINT IF EXISTS c",
            "ALTER TABLE a DROP IF EXISTS b",
            "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
            "ALTER TABLE a ADD COLUMN \"if\" int",
            "CREATE TABLE a (b text DEFAULT ',)', c int -- ,\n)",
            "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1,) $$ LANGUAGE sql",
            "REINDEX TABLE a",
            "",
        ] {
            assert_eq!(wrong_with(statement, Dialect::Postgres), None, "{statement}");
        }
        assert_eq!(wrong_with("DROP INDEX a ON b", Dialect::Mysql), None);
        assert_eq!(wrong_with("CREATE TABLE t (a int /*!50000 , */)", Dialect::Mysql), None);
        assert_eq!(wrong_with("CREATE VIRTUAL TABLE t USING m(a,, b)", Dialect::Sqlite), None);
    }
}
