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
        let start = self.at;
        let rest = self.text.get(start..)?;
        if rest.is_empty() {
            return None;
        }
        // `str::find` with a character searches by machine word even in an unoptimised build.
        let (mut length, next) = match rest.find('\n') {
            Some(end) => (end, start + end + 1),
            None => (rest.len(), start + rest.len()),
        };
        if length > 0 && rest.as_bytes()[length - 1] == b'\r' {
            length -= 1;
        }
        self.at = next;
        Some(Line { text: rest.get(..length)?, start, next })
    }
}

/// `str::trim_start`, without looking for other blanks than these where a letter or a mark of ASCII follows.
pub(super) fn trim_start(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && (bytes[at] == b' ' || bytes[at] == b'\t') {
        at += 1;
    }
    if at < bytes.len() && !is_plain(bytes[at]) {
        return text.trim_start();
    }
    if at == 0 { text } else { text.get(at..).unwrap_or("") }
}

/// `str::trim`, likewise.
pub(super) fn trim(text: &str) -> &str {
    let text = trim_start(text);
    let bytes = text.as_bytes();
    let mut end = bytes.len();
    while end > 0 && (bytes[end - 1] == b' ' || bytes[end - 1] == b'\t') {
        end -= 1;
    }
    if end > 0 && !is_plain(bytes[end - 1]) {
        return text.trim_end();
    }
    if end == bytes.len() { text } else { text.get(..end).unwrap_or("") }
}

/// Whether it is a character by itself, and no blank.
const fn is_plain(byte: u8) -> bool {
    byte > b' ' && byte < 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_tolerated_in_every_form() {
        let found: Vec<_> = lines("a\r\n\nb", 0).map(|line| (line.text, line.start, line.next)).collect();
        assert_eq!(found, [("a", 0, 3), ("", 3, 4), ("b", 4, 5)]);
        assert_eq!(lines("\r", 0).map(|line| line.text).collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn blanks_are_those_of_the_standard_library() {
        let ends = ["", " ", "\t ", "\u{a0}", " \u{b}", "\u{85} ", "\u{2003}\t", "\u{7f}", "é", "\r"];
        for text in
            ends.iter().flat_map(|start| ends.map(|end| [start, "a b", end].concat())).chain(ends.map(String::from))
        {
            assert_eq!((trim_start(&text), trim(&text)), (text.trim_start(), text.trim()), "{text:?}");
        }
    }
}
