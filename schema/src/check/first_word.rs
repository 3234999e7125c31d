//! RC317: what begins as no statement of the database does: a misspelt word, another database's, or no SQL at all. Claims
//! nothing of what follows the first word.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};
use revchain_core::suggest::nearest;

use super::grammar::Wrong;

/// What statements of all three begin with, the most frequent ones first.
#[rustfmt::skip]
const SHARED: [&str; 16] = [
    "CREATE", "ALTER", "INSERT", "DROP", "UPDATE", "SELECT", "DELETE", "WITH", "ANALYZE", "BEGIN", "COMMIT", "EXPLAIN", "RELEASE",
    "ROLLBACK", "SAVEPOINT", "VALUES",
];

/// What else PostgreSQL's begin with.
#[rustfmt::skip]
const POSTGRES: [&str; 39] = [
    "COMMENT", "DO", "SET", "GRANT", "REVOKE", "TRUNCATE", "ABORT", "ANALYSE", "CALL", "CHECKPOINT", "CLOSE", "CLUSTER", "COPY",
    "DEALLOCATE", "DECLARE", "DISCARD", "END", "EXECUTE", "FETCH", "IMPORT", "LISTEN", "LOAD", "LOCK", "MERGE", "MOVE", "NOTIFY",
    "PREPARE", "REASSIGN", "REFRESH", "REINDEX", "REPACK", "RESET", "SECURITY", "SHOW", "START", "TABLE", "UNLISTEN", "VACUUM",
    "WAIT",
];

/// What else MySQL's and MariaDB's begin with. (MariaDB runs the statements of a routine's body outside of one, and its own
/// labels and Oracle's assignments begin with any word, and a colon.)
#[rustfmt::skip]
const MYSQL: [&str; 52] = [
    "SET", "RENAME", "TRUNCATE", "REPLACE", "CALL", "GRANT", "REVOKE", "LOCK", "UNLOCK", "USE", "PREPARE", "EXECUTE", "DEALLOCATE",
    "BACKUP", "BINLOG", "CACHE", "CASE", "CHANGE", "CHECK", "CHECKSUM", "CLONE", "DECLARE", "DESC", "DESCRIBE", "DO", "FLUSH", "FOR",
    "GET", "HANDLER", "HELP", "IF", "IMPORT", "INSTALL", "KILL", "LOAD", "LOOP", "OPTIMIZE", "PURGE", "REPAIR", "REPEAT", "RESET",
    "RESIGNAL", "RESTART", "SHOW", "SHUTDOWN", "SIGNAL", "START", "STOP", "TABLE", "UNINSTALL", "WHILE", "XA",
];

/// What else SQLite's begin with.
const SQLITE: [&str; 7] = ["PRAGMA", "REPLACE", "ATTACH", "DETACH", "END", "REINDEX", "VACUUM"];

const fn others(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Postgres => &POSTGRES,
        Dialect::Mysql => &MYSQL,
        Dialect::Sqlite => &SQLITE,
    }
}

pub(super) const fn product(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
        Dialect::Sqlite => "SQLite",
    }
}

/// What is wrong with how a statement begins.
pub(super) fn wrong_with(statement: &str, dialect: Dialect) -> Option<Wrong> {
    if begins_as_most(statement) {
        return None;
    }
    let mut lexer = Lexer::new(statement, dialect);
    let first = lexer.find(|token| !token.is_trivia())?;
    let knows = |words: &[&str]| words.iter().any(|word| first.is_word(statement, word));
    let could_begin = match first.kind {
        TokenKind::Word => knows(&SHARED) || knows(others(dialect)),
        TokenKind::QuotedIdentifier | TokenKind::String | TokenKind::Number => false,
        TokenKind::Punctuation => !matches!(first.text(statement), ")" | ","),
        // What a server makes of a comment that is executed is its version's business.
        _ => true,
    };
    if could_begin || dialect == Dialect::Mysql && is_label(statement, lexer) {
        return None;
    }
    Some(wrong(statement, first, dialect))
}

/// Whether it begins as most statements do. By its bytes: asked of every one, in builds without optimisation.
fn begins_as_most(statement: &str) -> bool {
    let bytes = statement.as_bytes();
    let word = match bytes.first() {
        Some(b'C' | b'c') => "CREATE",
        Some(b'A' | b'a') => "ALTER",
        Some(b'D' | b'd') => "DROP",
        Some(b'I' | b'i') => "INSERT",
        Some(b'U' | b'u') => "UPDATE",
        _ => return false,
    };
    let at = word.len();
    at < bytes.len() && matches!(bytes[at], b' ' | b'\n') && bytes[..at].eq_ignore_ascii_case(word.as_bytes())
}

/// Whether a colon follows.
fn is_label(statement: &str, mut lexer: Lexer<'_>) -> bool {
    lexer.next_significant().is_some_and(|token| token.text(statement).starts_with(':'))
}

fn wrong(statement: &str, first: Token, dialect: Dialect) -> Wrong {
    let shown = first.text(statement);
    let is_word = first.kind == TokenKind::Word;
    let knows = |other: &Dialect| others(*other).iter().any(|word| first.is_word(statement, word));
    let known = SHARED.iter().chain(others(dialect)).copied();
    let help = match (Dialect::ALL.into_iter().find(knows), nearest(shown, known)) {
        (Some(other), _) => {
            let (has, name) = (product(other), other.name());
            format!(
                "{has} has it: say it as {} does, or in a section of its own, `-- @upgrade {name}`",
                product(dialect)
            )
        }
        (None, Some(meant)) if is_word => format!("did you mean `{meant}`?"),
        _ => "write it as SQL, or remove it; if your server knows it all the same, say so: `-- @allow RC317: <reason>`"
            .to_owned(),
    };
    let message = format!("no statement of {}'s begins with `{shown}`", product(dialect));
    Wrong { part: (first.start, first.end), message, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(statement: &str, dialect: Dialect) -> Option<(String, String)> {
        wrong_with(statement, dialect).map(|wrong| (wrong.message, wrong.help))
    }

    #[test]
    fn what_begins_no_statement_is_told() {
        for (dialect, statement, message, help) in [
            (
                Dialect::Mysql,
                "CRAETE TABLE x (a int)",
                "no statement of MySQL's begins with `CRAETE`",
                "did you mean `CREATE`?",
            ),
            (Dialect::Sqlite, "op.create_table(\"x\")", "no statement of SQLite's begins with `op`", "write it as SQL"),
            (Dialect::Postgres, "-- why\nfoo bar", "no statement of PostgreSQL's begins with `foo`", "write it as SQL"),
            (Dialect::Sqlite, "truncate t", "no statement of SQLite's begins with `truncate`", "PostgreSQL has it"),
            (
                Dialect::Mysql,
                "PRAGMA foreign_keys = ON",
                "no statement of MySQL's begins with `PRAGMA`",
                "SQLite has it",
            ),
            (
                Dialect::Postgres,
                "REPLACE INTO t VALUES (1)",
                "no statement of PostgreSQL's begins with `REPLACE`",
                "MySQL has it",
            ),
            (Dialect::Mysql, "`t` ADD COLUMN a INT", "no statement of MySQL's begins with ``t``", "write it as SQL"),
            (Dialect::Postgres, ")", "no statement of PostgreSQL's begins with `)`", "write it as SQL"),
        ] {
            let (found, why) = said(statement, dialect).unwrap_or_default();
            assert_eq!(found, message, "{statement}");
            assert!(why.starts_with(help), "{statement}: {why}");
        }
    }

    #[test]
    fn what_begins_one_is_left_alone() {
        use Dialect::{Mysql, Postgres, Sqlite};
        for (dialect, statements) in [
            (
                Postgres,
                "(SELECT 1)|VALUES (1)|TABLE x|with a as (select 1) select 1|SECURITY LABEL ON TABLE t IS 'x'|IMPORT FOREIGN SCHEMA s \
                        FROM SERVER v INTO p|REASSIGN OWNED BY a TO b|CHECKPOINT|MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE|",
            ),
            (
                Mysql,
                "(SELECT 1) UNION (SELECT 2)|VALUES ROW(1)|TABLE x|HANDLER t OPEN|XA START 'a'|INSTALL PLUGIN a SONAME 'b'|HELP 'x'|BINLOG 'x'|\
                 BEGIN NOT ATOMIC SELECT 1; END|IF 1 THEN SELECT 1; END IF|again: LOOP LEAVE again; END LOOP|`again` : BEGIN NOT ATOMIC END|\
                 FOR i IN 1..2 DO SELECT i; END FOR|EXECUTE IMMEDIATE 'x'|SHUTDOWN|/*!40101 SET NAMES utf8 */|/*M!999999 FROBNICATE */|\
                 -- a comment\n# another\nset @a := 1|<<again>> LOOP NULL; END LOOP|IMPORT TABLE FROM 'a'|CLONE LOCAL DATA DIRECTORY 'a'",
            ),
            (
                Sqlite,
                "PRAGMA foreign_keys|replace into t values (1)|VALUES (1)|ATTACH 'x' AS y|DETACH y|VACUUM|REINDEX t|END|-- nothing",
            ),
        ] {
            for statement in statements.split('|') {
                assert_eq!(said(statement, dialect), None, "{statement}");
            }
        }
    }
}
