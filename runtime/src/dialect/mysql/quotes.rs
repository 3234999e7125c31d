//! What `SHOW CREATE` answers has names in `"` where the session's `sql_mode` has ANSI_QUOTES: brought to one form, so that a session
//! with it finds the same as one without. Told apart is nothing but the quotes.

use std::borrow::Cow;

/// A definition with its names in backticks.
pub(super) fn in_backticks(definition: &str) -> Cow<'_, str> {
    if !is_ansi(definition) {
        return Cow::Borrowed(definition);
    }
    let mut text = String::with_capacity(definition.len());
    let mut rest = definition.chars().peekable();
    // What is open: a name, or a string.
    let mut open = None;
    while let Some(letter) = rest.next() {
        match (open, letter) {
            (Some('"'), '"') if rest.next_if_eq(&'"').is_some() => text.push('"'),
            (Some('"'), '"') => {
                open = None;
                text.push('`');
            }
            (Some('"'), '`') => text.push_str("``"),
            (Some('\''), '\\') => {
                text.push(letter);
                text.extend(rest.next());
            }
            (Some('\''), '\'') => {
                open = None;
                text.push(letter);
            }
            (None, '"') => {
                open = Some('"');
                text.push('`');
            }
            (None, '\'') => {
                open = Some('\'');
                text.push(letter);
            }
            _ => text.push(letter),
        }
    }
    Cow::Owned(text)
}

/// Whether the first name is in `"`: one stands before the first string.
fn is_ansi(definition: &str) -> bool {
    definition.find(['"', '`', '\'']).is_some_and(|at| definition.as_bytes().get(at) == Some(&b'"'))
}

#[cfg(test)]
mod tests {
    use super::in_backticks;

    /// What MariaDB 10.11 showed of the same, without ANSI_QUOTES and with it.
    #[test]
    fn a_definition_is_one_in_both_modes() {
        for (plain, ansi) in [
            (
                "CREATE TABLE `odd \"name\"` (\n  `a``b` varchar(20) DEFAULT 'it''s \"x\" \\\\ `y`',\n  \
                 `d` text GENERATED ALWAYS AS (concat(`a``b`,'x\\'y')) STORED,\n  KEY `k\"` (`c`)\n) COMMENT='a \"b\" ''c'''",
                "CREATE TABLE \"odd \"\"name\"\"\" (\n  \"a`b\" varchar(20) DEFAULT 'it''s \"x\" \\\\ `y`',\n  \
                 \"d\" text GENERATED ALWAYS AS (concat(\"a`b\",'x\\'y')) STORED,\n  KEY \"k\"\"\" (\"c\")\n) COMMENT='a \"b\" ''c'''",
            ),
            (
                "CREATE DEFINER=`root`@`localhost` VIEW `v` AS select `o`.`a``b` AS `x\"y`,'lit\"' AS `l` from `o`",
                "CREATE DEFINER=\"root\"@\"localhost\" VIEW \"v\" AS select \"o\".\"a`b\" AS \"x\"\"y\",'lit\"' AS \"l\" from \"o\"",
            ),
        ] {
            assert_eq!(in_backticks(ansi), plain);
            assert_eq!(in_backticks(plain), plain);
        }
        for cut in ["\"", "CREATE TABLE \"a", "CREATE TABLE \"a\" (\"b\" text DEFAULT 'x", "\"a\" '\\", ""] {
            in_backticks(cut);
        }
    }
}
