//! Source text and places in it. Never touches the disk: see `load.rs`.

use std::collections::BTreeMap;

/// Everything that was read from one migrations directory, in a stable order.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The files: `revchain.toml` and `revchain.lock` first where they are there, then the versions directory sorted by name.
    files: Vec<SourceFile>,
    /// What the loader could not read, and why. One finding each.
    pub(crate) problems: Vec<LoadProblem>,
}

/// Something that stopped the loader from reading a directory or a file.
#[derive(Debug, Clone)]
pub(crate) struct LoadProblem {
    pub(crate) code: crate::Code,
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) help: String,
    /// Whether it may be a revision that others follow: then a missing one is not another mistake.
    pub(crate) hides_a_revision: bool,
}

/// One file: its path as a person should see it, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path shown in messages, relative where possible.
    pub path: String,
    /// The path relative to the migrations directory, with `/` between its parts. Recorded in the binary.
    pub relative: String,
    /// The text, with a leading byte-order mark left in place. Invalid UTF-8 has become U+FFFD, see `valid_up_to`.
    pub text: String,
    /// Where the bytes stopped being UTF-8, when they did.
    pub valid_up_to: Option<usize>,
}

/// The position of a file in its [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A place as a person counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Sources {
    /// Adds a file and returns its id. Text is kept as bytes came; invalid UTF-8 is replaced and remembered.
    pub fn add(&mut self, path: impl Into<String>, relative: impl Into<String>, bytes: Vec<u8>) -> FileId {
        let (text, valid_up_to) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(valid))
            }
        };
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), relative: relative.into(), text, valid_up_to });
        id
    }

    /// The same with another text for one of its files; without the file, where none is given.
    #[must_use]
    pub fn with(&self, file: FileId, text: Option<String>) -> Sources {
        let mut sources = self.clone();
        let position = file.0 as usize;
        match (sources.files.get_mut(position), text) {
            (Some(file), Some(text)) => (file.text, file.valid_up_to) = (text, None),
            (Some(_), None) => {
                sources.files.remove(position);
            }
            (None, _) => {}
        }
        sources
    }

    /// Whether these are the same files, in whatever order, and all of them could be read.
    pub fn is_same(&self, other: &Sources) -> bool {
        self.problems.is_empty() && other.problems.is_empty() && self.by_name() == other.by_name()
    }

    /// The file of this name, which is relative to the migrations directory.
    pub fn find(&self, relative: &str) -> Option<FileId> {
        self.iter().find(|(_, file)| file.relative == relative).map(|(id, _)| id)
    }

    /// What is in each file, by its name.
    fn by_name(&self) -> BTreeMap<&str, (&str, Option<usize>)> {
        self.files.iter().map(|file| (file.relative.as_str(), (file.text.as_str(), file.valid_up_to))).collect()
    }

    /// The file with this id. An id of another `Sources` gives the empty file.
    pub fn file(&self, id: FileId) -> &SourceFile {
        static NONE: SourceFile =
            SourceFile { path: String::new(), relative: String::new(), text: String::new(), valid_up_to: None };
        self.files.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(&self.files)
    }

    /// The text of a span; empty when the span is not on character boundaries of the file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Where a span begins, as a person counts.
    pub fn position(&self, span: Span) -> Position {
        let text = &self.file(span.file).text;
        let start = floor_boundary(text, span.start as usize);
        let before = &text[..start];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
        Position { line, column }
    }
}

impl Span {
    /// The span of `start..end` in `file`. Files over 4 GiB are cut short, not wrapped around.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { file, start: clamp(start), end: clamp(end) }
    }
}

/// The nearest character boundary at or before `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_skip_a_byte_order_mark() {
        let mut sources = Sources::default();
        let file = sources.add("a", "a", "\u{feff}é x\r\ny".as_bytes().to_vec());
        assert_eq!(sources.position(Span::new(file, 6, 7)), Position { line: 1, column: 3 });
        assert_eq!(sources.position(Span::new(file, 9, 10)), Position { line: 2, column: 1 });
        assert_eq!(sources.position(Span::new(file, 900, 901)).line, 2);
    }

    #[test]
    fn the_same_files_may_come_in_another_order() {
        type File = (&'static str, &'static [u8]);
        let of = |files: &[File]| {
            let mut sources = Sources::default();
            for (name, text) in files {
                sources.add("shown", *name, text.to_vec());
            }
            sources
        };
        let (one, other): (File, File) = (("a", b"1"), ("b", b"2"));
        let both = of(&[one, other]);
        assert!(both.is_same(&of(&[other, one])));
        for files in [&[one][..], &[one, ("b", b"3")], &[one, ("c", b"2")], &[one, other, ("c", b"")]] {
            assert!(!both.is_same(&of(files)), "{files:?}");
        }
        // What is not UTF-8 is another text than what stands for it.
        assert!(!of(&[("a", b"\xff")]).is_same(&of(&[("a", "\u{fffd}".as_bytes())])));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept_readable_and_remembered() {
        let mut sources = Sources::default();
        let file = sources.add("a", "a", b"ab\xffcd".to_vec());
        assert_eq!(sources.file(file).valid_up_to, Some(2));
        assert!(sources.file(file).text.starts_with("ab"));
    }
}
