//! Which statements end the open transaction by themselves, as far as their first word tells. Nothing is parsed.

/// Whether a statement ends the open transaction by itself: everything that is not known to leave it open.
/// <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>
pub(crate) fn commits(sql: &str) -> bool {
    const OPEN: [&str; 14] = [
        "INSERT",
        "UPDATE",
        "DELETE",
        "REPLACE",
        "SELECT",
        "WITH",
        "SET",
        "CALL",
        "DO",
        "VALUES",
        "TABLE",
        "SHOW",
        "EXPLAIN",
        "SAVEPOINT",
    ];
    let word = first_word(sql);
    !OPEN.iter().any(|open| open.eq_ignore_ascii_case(word))
}

/// Whether a statement can't share a transaction with what we note of it: it commits by itself, or it may, for all that
/// anyone can see.
pub(crate) fn stands_alone(sql: &str) -> bool {
    commits(sql) || first_word(sql).eq_ignore_ascii_case("CALL")
}

/// The first word after white space, comments and opening parentheses.
fn first_word(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == '(');
        // `/*!` and `/*M!` hold code: not skipped, and so taken for something that commits.
        rest = if rest.starts_with('#') || rest.starts_with("--") {
            rest.split_once('\n').map_or("", |(_, rest)| rest)
        } else if rest.starts_with("/*") && !rest.starts_with("/*!") && !rest.starts_with("/*M!") {
            rest.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            let end = rest.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
            return rest.get(..end).unwrap_or_default();
        };
    }
}

#[cfg(test)]
mod tests {
    use super::commits;

    #[test]
    fn implicit_commits() {
        for open in [
            "insert into t values (1)",
            "-- a\n /* b */ UPDATE t SET x = 1",
            "(SELECT 1)",
            "# x\nWITH c AS (SELECT 1) DELETE",
        ] {
            assert!(!commits(open), "{open}");
        }
        for ends in ["CREATE TABLE t (x int)", "/*!50000 INSERT */", "", "-- only", "ANALYZE TABLE t", "TRUNCATE t"] {
            assert!(commits(ends), "{ends}");
        }
    }
}
