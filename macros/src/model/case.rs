//! What sqlx's `rename_all` makes of a name.

use super::meta::Meta;
use super::problems::Problems;

/// The words that it knows.
const STYLES: [&str; 7] =
    ["lowercase", "UPPERCASE", "snake_case", "SCREAMING_SNAKE_CASE", "kebab-case", "camelCase", "PascalCase"];

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style(&'static str);

impl Style {
    /// What an attribute says.
    pub(crate) fn of(meta: &Meta, problems: &mut Problems) -> Option<Style> {
        let said = meta.text(problems)?;
        let known = STYLES.into_iter().find(|style| *style == said).map(Style);
        if known.is_none() {
            problems.unknown(meta.span, "style", &said, &STYLES);
        }
        known
    }

    /// A field's or a variant's name in this style.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let capitals = || words.iter().map(|word| capitalised(word));
        match self.0 {
            "lowercase" => name.to_lowercase(),
            "UPPERCASE" => name.to_uppercase(),
            "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
            "kebab-case" => words.join("-"),
            "camelCase" => words.iter().take(1).cloned().chain(capitals().skip(1)).collect(),
            "PascalCase" => capitals().collect(),
            _ => words.join("_"),
        }
    }
}

/// The words of a name, in lower case: `HTTPServer2_id` has `http`, `server2` and `id`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        let letters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (at, letter) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            let is_before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
            let begins =
                letter.is_uppercase() && before.is_some_and(|before| !before.is_uppercase() || is_before_small);
            if begins {
                words.push(std::mem::take(&mut word));
            }
            word.extend(letter.to_lowercase());
        }
        words.push(word);
    }
    words
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_renamed_as_sqlx_does_it() {
        for (style, field, variant) in [
            ("lowercase", "created_at", "inprogress"),
            ("UPPERCASE", "CREATED_AT", "INPROGRESS"),
            ("snake_case", "created_at", "in_progress"),
            ("SCREAMING_SNAKE_CASE", "CREATED_AT", "IN_PROGRESS"),
            ("kebab-case", "created-at", "in-progress"),
            ("camelCase", "createdAt", "inProgress"),
            ("PascalCase", "CreatedAt", "InProgress"),
        ] {
            let style = STYLES.into_iter().find(|known| *known == style).map(Style).unwrap();
            assert_eq!(style.apply("created_at"), field);
            assert_eq!(style.apply("InProgress"), variant);
        }
        assert_eq!(words("HTTPServer2_id"), ["http", "server2", "id"]);
    }
}
