//! Judges a package's licence expression (SPDX: `A OR B`, `A AND B`, `A WITH exception`, brackets) against a list of
//! accepted licences.

/// Returns whether the expression can be satisfied with accepted licences alone. An expression that cannot be read is
/// not accepted.
pub(crate) fn accepted(expression: &str, allow: &[String]) -> bool {
    // The older form of OR, still found in manifests.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allow };
    reader.any() == Some(true) && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allow: &'a [String],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.next();
        }
        found
    }

    /// `AND` binds more tightly than `OR`.
    fn any(&mut self) -> Option<bool> {
        let mut value = self.all()?;
        while self.take("OR") {
            value |= self.all()?;
        }
        Some(value)
    }

    fn all(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.take("AND") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        let word = self.next()?;
        match word {
            "(" => {
                let value = self.any()?;
                self.take(")").then_some(value)
            }
            ")" | "OR" | "AND" | "WITH" => None,
            licence => {
                let mut name = licence.to_owned();
                if self.take("WITH") {
                    name = format!("{name} WITH {}", self.next()?);
                }
                Some(self.allow.contains(&name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allow = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0 OR MIT", true),
            ("MIT AND GPL-3.0", false),
            ("MIT/GPL-3.0", true),
            ("GPL-3.0 / LGPL-2.1", false),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("(MIT OR GPL-3.0) AND OpenSSL", false),
            ("GPL-3.0 AND MIT OR Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("MIT GPL-3.0", false),
            ("MIT OR", false),
            ("(MIT", false),
            ("MIT)", false),
            ("()", false),
        ] {
            assert_eq!(accepted(expression, &allow), expected, "{expression}");
        }
    }
}
