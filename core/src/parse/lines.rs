//! Lines of a text with their places. A carriage return before the line feed is not part of the line.

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// The text, without its end.
    pub(crate) text: &'a str,
    /// Where it begins.
    pub(crate) start: usize,
    /// Where the next line begins.
    pub(crate) next: usize,
}

impl Line<'_> {
    /// One past the last byte of the text.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The lines of `text` from the offset `from` on.
pub(crate) fn lines(text: &str, from: usize) -> Lines<'_> {
    Lines { text, at: from }
}

/// See [`lines`].
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let (text, next) = match rest.find('\n') {
            Some(end) => (&rest[..end], start + end + 1),
            None => (rest, start + rest.len()),
        };
        self.at = next;
        Some(Line { text: text.strip_suffix('\r').unwrap_or(text), start, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_tolerated_in_every_form() {
        let found: Vec<_> = lines("a\r\n\nb", 0).map(|line| (line.text, line.start, line.next)).collect();
        assert_eq!(found, [("a", 0, 3), ("", 3, 4), ("b", 4, 5)]);
    }
}
