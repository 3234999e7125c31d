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

    // Beside the vectors in `tests/alembic/verbs.rs`.
    #[test]
    fn slugs_are_alembics() {
        for (message, limit, expect) in [("../../etc/passwd", 40, "etc_passwd"), ("one two", 7, "one_two")] {
            assert_eq!(slug(message, limit), expect, "{message}");
        }
    }
}
