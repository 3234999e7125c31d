//! A message as part of a file's name, by Alembic's rules: the words in lower case with `_` between them, cut after so
//! many characters at the end of a word.

/// The slug of a message. `limit` is in characters.
pub(super) fn slug(message: &str, limit: usize) -> String {
    let words = message.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    match slug.char_indices().nth(limit) {
        None => slug,
        Some((end, _)) => {
            let cut = &slug[..end];
            format!("{}_", cut.rsplit_once('_').map_or(cut, |(whole, _)| whole))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_alembics() {
        let long = "Add account table, please! it's a long message that is more than forty chars";
        for (message, limit, expect) in [
            (long, 40, "add_account_table_please_it_s_a_long_"),
            (&"x".repeat(60), 40, &format!("{}_", "x".repeat(40))),
            ("", 40, ""),
            ("Ünïcode & Symbols!! 100%", 40, "ünïcode_symbols_100"),
            ("snake_case kept", 40, "snake_case_kept"),
            ("one two three four", 10, "one_two_"),
            ("../../etc/passwd", 40, "etc_passwd"),
            ("one two", 7, "one_two"),
        ] {
            assert_eq!(slug(message, limit), expect, "{message}");
        }
    }
}
