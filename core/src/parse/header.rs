//! The header: the comment lines on top of a revision file. A message first, then `key: value` lines.

use std::borrow::Cow;

use super::id::{self, guess, is_named_after, shown_guess, stem};
use super::lines::{Line, lines, trim, trim_start};
use super::marker;
use crate::config::listed;
use crate::revision::{DownRevision, Id, Language, RevisionFile};
use crate::source::SourceFile;
use crate::suggest::{distance, nearest};
use crate::{Code, FileId, Finding, Findings, Span};

/// The keys of a header.
const KEYS: [&str; 3] = ["revision", "down_revision", "created"];

/// Words that Alembic's own files and habits suggest, and the key that is meant.
const ALIASES: [(&str, &str); 5] = [
    ("revises", "down_revision"),
    ("revision_id", "revision"),
    ("create_date", "created"),
    ("parent", "down_revision"),
    ("id", "revision"),
];

/// What a header says, and where the body begins.
pub(super) struct Header {
    pub(super) revision: RevisionFile,
    /// Whether one of the keys that every revision needs is there. Without them, and without a section, the file was
    /// not written for us, and that is its one mistake.
    pub(super) has_keys: bool,
    pub(super) end: usize,
}

/// Keys as they are found.
#[derive(Default)]
struct Keys<'a> {
    /// The file's name: it tells which of two ids is meant.
    stem: &'a str,
    /// Two lines disagree about what this revision follows: neither is believed.
    is_torn: bool,
    revision: Option<(String, Span)>,
    down_revision: Option<(String, Span)>,
    created: Option<(String, Span)>,
}

/// Reads the header of a file.
pub(super) fn parse(source: &SourceFile, file: FileId, language: Language, findings: &mut Findings) -> Header {
    let text = source.text.as_str();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let prefix = if language == Language::Sql { "--" } else { "//!" };
    let mut keys = Keys { stem: stem(&source.relative), ..Keys::default() };
    let mut message: Vec<&str> = Vec::new();
    let mut message_is_open = true;
    let mut in_keys = false;
    let mut first = true;
    let mut end = start;
    for line in lines(text, start) {
        let Some(comment) = comment(&line, prefix) else {
            if line.text.trim().is_empty() {
                // Keys stand together. Further down, `-- Note: slow` is about the SQL, and no unknown key.
                in_keys = false;
                message_is_open = message_is_open && message.is_empty();
                end = line.next;
                continue;
            }
            break;
        };
        if marker::is_marker(comment.0) {
            break;
        }
        end = line.next;
        if comment.0.is_empty() {
            in_keys = false;
            message_is_open = message_is_open && message.is_empty();
            continue;
        }
        match key_line(comment.0) {
            Some(found) if in_keys || is_key(&found.key, found.value, first) => {
                in_keys = true;
                message_is_open = false;
                take_key(found, comment.1, file, &mut keys, findings);
            }
            _ if message_is_open => message.push(comment.0),
            _ => {}
        }
        first = false;
    }
    let top = Span::new(file, start, lines(text, start).next().map_or(start, |line| line.end()));
    let has_keys = keys.revision.is_some() || keys.down_revision.is_some();
    let (id, down_revision) = if has_keys {
        let down_revision = read_down_revision(keys.down_revision.take(), top, findings);
        let id = read_id(keys.revision.take(), source, file, top, findings);
        (id, if keys.is_torn { None } else { down_revision })
    } else {
        findings.push(no_header(text, stem(&source.relative), top, prefix));
        (guess_id(source, top), None)
    };
    let revision = RevisionFile {
        file,
        id,
        down_revision,
        message: message.join(" "),
        created: keys.created.take().map(|(value, _)| value),
        language,
        sections: Vec::new(),
    };
    Header { revision, has_keys, end }
}

/// The text of a comment line and where it begins, or `None` for another line.
fn comment<'a>(line: &Line<'a>, prefix: &str) -> Option<(&'a str, usize)> {
    let rest = trim_start(line.text).strip_prefix(prefix)?;
    let trimmed = trim_start(rest);
    let start = line.start + line.text.len() - trimmed.len();
    Some((trim(trimmed), start))
}

struct KeyLine<'a> {
    /// Lower case, `-` and blanks as `_`.
    key: Cow<'a, str>,
    written: &'a str,
    value: &'a str,
    value_offset: usize,
}

/// Reads `key: value`, where the key is a word or two.
fn key_line(text: &str) -> Option<KeyLine<'_>> {
    // By hand: asked for each line of a header, in builds without optimisation.
    let bytes = text.as_bytes();
    let (mut end, mut blanks, mut is_plain) = (0, 0, true);
    loop {
        if end >= bytes.len() || end > 32 {
            return None;
        }
        match bytes[end] {
            b':' => break,
            b'a'..=b'z' | b'0'..=b'9' | b'_' => {}
            b'A'..=b'Z' | b'-' => is_plain = false,
            b' ' => (blanks, is_plain) = (blanks + 1, false),
            _ => return None,
        }
        end += 1;
    }
    let (written, rest) = (text.get(..end)?, text.get(end + 1..)?);
    if end == 0 || blanks > 1 || !(rest.is_empty() || matches!(bytes[end + 1], b' ' | b'\t')) {
        return None;
    }
    let key = match is_plain {
        true => Cow::Borrowed(written),
        false => Cow::Owned(written.to_ascii_lowercase().replace(['-', ' '], "_")),
    };
    let value = trim_start(rest);
    let value_offset = text.len() - value.len();
    Some(KeyLine { key, written, value: trim(value), value_offset })
}

/// Whether a line opens the keys: an exact key, or something so like one that it must be meant. The first line of a
/// file is its message unless it is a key exactly, and a value of several words is prose ("Revises: the tax rules").
fn is_key(key: &str, value: &str, first: bool) -> bool {
    if KEYS.contains(&key) {
        return true;
    }
    let is_prose = value.contains(' ') && !key.contains("date");
    !first
        && !is_prose
        && (ALIASES.iter().any(|(alias, _)| *alias == key && *alias != "id" && *alias != "parent")
            || KEYS.iter().any(|known| key.len() > 5 && distance(key, known) <= 2))
}

fn take_key(found: KeyLine<'_>, offset: usize, file: FileId, keys: &mut Keys<'_>, findings: &mut Findings) {
    let key_span = Span::new(file, offset, offset + found.written.len());
    let value_start = offset + found.value_offset;
    let value_span = Span::new(file, value_start, value_start + found.value.len());
    let meant = if KEYS.contains(&found.written) {
        found.written
    } else {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == found.key).map(|(_, key)| *key);
        let meant = alias.or_else(|| nearest(&found.key, KEYS));
        let finding =
            Finding::at(Code::UnknownKey, key_span, format!("`{}` is not a key of a revision's header", found.written));
        findings.push(match meant {
            Some(known) => finding.help(format!("did you mean `{known}`?")),
            None => {
                finding.help(format!("the keys are {}; free text belongs above them, in the message", listed(&KEYS)))
            }
        });
        match meant {
            Some(known) => known,
            None => return,
        }
    };
    let place = match meant {
        "revision" => &mut keys.revision,
        "down_revision" => &mut keys.down_revision,
        _ => &mut keys.created,
    };
    match place {
        None => *place = Some((found.value.to_owned(), value_span)),
        Some((first, first_span)) => {
            findings.push(
                Finding::at(Code::DoubledKey, key_span, format!("`{meant}` is given twice"))
                    .also(*first_span, "first here")
                    .help("keep one of the two lines"),
            );
            if meant == "down_revision" && first.as_str() != found.value {
                keys.is_torn = true;
            } else if meant == "revision" && !is_named_after(keys.stem, first) && is_named_after(keys.stem, found.value)
            {
                *first = found.value.to_owned();
                *first_span = value_span;
            }
        }
    }
}

fn read_id(
    value: Option<(String, Span)>,
    source: &SourceFile,
    file: FileId,
    top: Span,
    findings: &mut Findings,
) -> Option<Id> {
    match value {
        Some((text, span)) if !text.is_empty() => {
            id::check(&text, span, findings);
            Some(Id { text, span })
        }
        other => {
            let span = other.map_or(top, |(_, span)| span);
            findings.push(Finding::at(Code::MissingKey, span, "the header does not say which revision this is").help(
                format!("write `revision: {}` among the first comment lines", shown_guess(stem(&source.relative))),
            ));
            guess_id(source, Span::new(file, top.start as usize, top.end as usize))
        }
    }
}

fn guess_id(source: &SourceFile, top: Span) -> Option<Id> {
    guess(stem(&source.relative)).map(|guess| Id { text: guess.to_owned(), span: top })
}

/// A file without a header is one mistake: it was made by hand, or for another tool.
fn no_header(text: &str, stem: &str, top: Span, prefix: &str) -> Finding {
    let is_key_line =
        |line: Line<'_>| comment(&line, prefix).is_some_and(|(text, _)| text.starts_with("down_revision:"));
    if lines(text, 0).any(is_key_line) {
        return Finding::at(Code::MissingKey, top, "something stands before the header, so it is not read").help(
            format!("move the header to the top; only lines that begin with `{prefix}` may stand above its keys"),
        );
    }
    let mut help = format!(
        "a revision file begins with a header:\n{prefix} <message>\n{prefix}\n{prefix} revision: {}\n\
         {prefix} down_revision: <the id of the revision before it, or base>",
        shown_guess(stem)
    );
    if let Some((theirs, tool)) = marker::foreign(text) {
        help.push_str(&format!(
            "\nand `{theirs}` is {tool}'s marker: here it is `-- @upgrade`, and then `-- @downgrade`"
        ));
    } else if prefix == "--" && !text.contains("@upgrade") {
        help.push_str("\nthen `-- @upgrade` and its SQL, then `-- @downgrade` and the SQL of the way back");
    }
    Finding::at(Code::MissingKey, top, "this file has no header: it does not say which revision it is").help(help)
}

fn read_down_revision(value: Option<(String, Span)>, top: Span, findings: &mut Findings) -> Option<DownRevision> {
    match value {
        Some((text, span)) if !text.is_empty() => {
            let id = (text != "base").then_some(text);
            Some(DownRevision { id, span })
        }
        other => {
            let span = other.map_or(top, |(_, span)| span);
            findings.push(
                Finding::at(Code::MissingKey, span, "the header does not say which revision this one follows").help(
                    "write `down_revision: <id>` among the first comment lines, or `down_revision: base` for the first revision",
                ),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;

    fn check(name: &str, text: &str) -> (Header, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add(name, format!("versions/{name}"), text.as_bytes().to_vec());
        let mut findings = Findings::default();
        let language = if name.ends_with(".rs") { Language::Rust } else { Language::Sql };
        let header = parse(sources.file(file), file, language, &mut findings);
        let said = findings
            .iter()
            .map(|finding| {
                let place = finding.primary.as_ref().map_or("", |label| sources.text(label.span));
                format!("{} at `{place}`: {}", finding.code, finding.help.as_deref().unwrap_or(""))
            })
            .collect();
        (header, said)
    }

    const SOUND: &str = "-- Add a table\n-- in two lines\n--\n-- Long story: told here.\n--\n-- revision: a1\n-- down_revision: base\n-- created: 2025\n\n-- @upgrade\nSELECT 1;\n";

    #[test]
    fn a_header_is_a_message_and_keys() {
        for text in [SOUND.to_owned(), SOUND.replace('\n', "\r\n"), format!("\u{feff}{SOUND}")] {
            let (header, said) = check("a1_add.sql", &text);
            assert_eq!(said, Vec::<String>::new());
            assert_eq!(header.revision.message, "Add a table in two lines");
            assert_eq!(header.revision.id.as_ref().map(|id| id.text.as_str()), Some("a1"));
            assert_eq!(header.revision.down_revision.as_ref().map(|down| &down.id), Some(&None));
            assert_eq!(header.revision.created.as_deref(), Some("2025"));
            assert!(text[header.end..].starts_with("-- @upgrade"));
        }
    }

    #[test]
    fn a_rust_header_is_the_inner_documentation() {
        let (header, said) =
            check("a1_x.rs", "//! Move rows\n//!\n//! revision: a1\n//! down_revision: b2\n\nuse x;\n");
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(header.revision.message, "Move rows");
        assert_eq!(header.revision.down_revision.map(|down| down.id), Some(Some("b2".to_owned())));
    }

    #[test]
    fn one_mistake_in_a_key_is_one_finding() {
        for (from, to, expect) in [
            (
                "-- revision: a1\n",
                "",
                vec!["RC010 at `-- Add a table`: write `revision: a1` among the first comment lines"],
            ),
            ("revision: a1", "revison: a1", vec!["RC012 at `revison`: did you mean `revision`?"]),
            ("down_revision: base", "Revises: base", vec!["RC012 at `Revises`: did you mean `down_revision`?"]),
            (
                "down_revision: base",
                "down-revision: base",
                vec!["RC012 at `down-revision`: did you mean `down_revision`?"],
            ),
            (
                "created: 2025",
                "author: me",
                vec![
                    "RC012 at `author`: the keys are `revision`, `down_revision` and `created`; free text belongs above them, in the message",
                ],
            ),
            ("created: 2025", "revision: a1", vec!["RC011 at `revision`: keep one of the two lines"]),
        ] {
            let (_, said) = check("a1_add.sql", &SOUND.replace(from, to));
            assert_eq!(said, expect, "{from} -> {to}");
        }
    }

    #[test]
    fn two_lines_that_disagree_are_not_believed() {
        let torn = SOUND.replace("down_revision: base", "down_revision: b\n-- down_revision: c");
        let (header, said) = check("a1_add.sql", &torn);
        assert_eq!(said, ["RC011 at `down_revision`: keep one of the two lines"]);
        assert!(header.revision.down_revision.is_none());
        let (header, _) = check("a2_add.sql", &SOUND.replace("revision: a1", "revision: a1\n-- revision: a2"));
        assert_eq!(header.revision.id.map(|id| id.text), Some("a2".to_owned()), "as the file name says");
    }

    #[test]
    fn a_file_without_a_header_is_one_finding_with_a_template() {
        for (name, text, expect) in [
            ("a1_x.sql", "CREATE TABLE a (b int);", "-- revision: a1\n"),
            ("create_a.sql", "", "-- revision: <id>\n"),
            ("a1_x.rs", "fn main() {}", "//! revision: a1\n"),
            ("a1_x.sql", "-- migrate:up\nSELECT 1;", "dbmate's marker"),
        ] {
            let (header, said) = check(name, text);
            assert!(!header.has_keys);
            assert_eq!(said.len(), 1, "{said:#?}");
            assert!(said[0].contains(expect), "{said:#?}");
        }
    }

    #[test]
    fn a_header_below_something_else_is_one_finding() {
        let (_, said) = check("a1_x.sql", &format!("/* (c) us */\n{SOUND}"));
        assert_eq!(
            said,
            [
                "RC010 at `/* (c) us */`: move the header to the top; only lines that begin with `--` may stand above its keys"
            ]
        );
    }

    #[test]
    fn keys_stand_together() {
        for (after, expect) in [
            ("\n-- Note: slow\n", 0),
            ("--\n-- Note: slow\n", 0),
            ("-- Note: slow\n", 1),
            ("\n-- revison: b\n", 2),
            ("\n-- Revises: nothing at all\n", 0),
        ] {
            let (_, said) = check("a1_x.sql", &format!("-- m\n-- revision: a1\n-- down_revision: base\n{after}"));
            assert_eq!(said.len(), expect, "{after:?}: {said:#?}");
        }
    }

    #[test]
    fn a_message_may_look_like_a_key() {
        let (header, said) = check("a1_x.sql", "-- Fix: the totals\n-- revision: a1\n-- down_revision: base\n");
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(header.revision.message, "Fix: the totals");
    }
}
