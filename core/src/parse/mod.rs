//! Text becomes [`RevisionFile`]s. Any bytes in, a value and findings out: never panics, never stops at the first
//! fault. Never looks at two files at once (see `chain/`), never judges a statement (see `check/`).

mod declared;
mod header;
mod id;
mod lines;
mod marker;
mod missing;
mod options;
mod rust;
mod sections;

pub(crate) use id::{is_legal, is_named_after, looks_like_id, stem};
pub(crate) use lines::lines;

use crate::config::Config;
use crate::revision::{Language, RevisionFile};
use crate::{Code, FileId, Finding, Findings, Sources, Span};

/// Parses one file of the versions directory.
pub fn parse(sources: &Sources, file: FileId, config: &Config, findings: &mut Findings) -> RevisionFile {
    let source = sources.file(file);
    let language = if source.relative.ends_with(".rs") { Language::Rust } else { Language::Sql };
    if let Some(valid) = source.valid_up_to {
        let place = Span::new(file, valid, valid);
        // Every other byte of western text is zero there.
        findings.push(if valid == 0 && source.text.contains('\0') {
            Finding::at(Code::NotUtf8, place, "this file is UTF-16, not UTF-8")
                .help("save it as UTF-8; `>` in older PowerShells writes UTF-16")
        } else {
            Finding::at(Code::NotUtf8, place, "this file stops being UTF-8 here")
                .help("save it as UTF-8; SQL that needs other bytes can write them as escapes")
        });
        // It still takes part in the chain by what its header says, so that its neighbours aren't blamed.
        return header::parse(source, file, language, &mut Findings::default()).revision;
    }
    if let Some(nul) = find_nul(&source.text) {
        findings.push(
            Finding::at(Code::NulByte, Span::new(file, nul, nul + 1), "this file contains a NUL byte")
                .help("servers and their drivers stop reading there, without a word; remove it"),
        );
        return header::parse(source, file, language, &mut Findings::default()).revision;
    }
    if let Some((start, end)) = find_conflict(&source.text) {
        findings.push(
            Finding::at(
                Code::MergeConflict,
                Span::new(file, start, end),
                "this file holds a merge that was not finished",
            )
            .help("keep one side, or both in the right order, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
        );
        // Whatever else is wrong comes from that.
        return header::parse(source, file, language, &mut Findings::default()).revision;
    }
    let header = header::parse(source, file, language, findings);
    let mut revision = header.revision;
    match language {
        Language::Sql => sections::parse(source, header.end, header.has_keys, config, &mut revision, findings),
        Language::Rust => rust::parse(source, header.end, header.has_keys, config, &mut revision, findings),
    }
    revision
}

/// The line that opens a conflict, when git's three marks are there.
pub(crate) fn find_conflict(text: &str) -> Option<(usize, usize)> {
    // A character is found by machine word even in an unoptimised build, a text is not.
    text.find('<')?;
    let start = match text.starts_with("<<<<<<< ") {
        true => 0,
        false => text.find("\n<<<<<<< ")? + 1,
    };
    let rest = text.get(start..)?;
    let middle = rest.find("\n=======")?;
    rest.get(middle..)?.find("\n>>>>>>> ")?;
    let end = start + rest.find('\n').unwrap_or(rest.len());
    Some((start, end - usize::from(text[..end].ends_with('\r'))))
}

fn find_nul(text: &str) -> Option<usize> {
    text.find('\0')
}

#[cfg(test)]
mod tests {
    use super::find_conflict;

    #[test]
    fn a_conflict_has_three_marks_at_the_start_of_lines() {
        for (text, expect) in [
            ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n", Some("<<<<<<< HEAD")),
            ("<<<<<<< HEAD\r\nb\r\n=======\r\nc\r\n>>>>>>> other", Some("<<<<<<< HEAD")),
            ("-- ======= \n-- <<<<<<< x\n-- >>>>>>> y\n", None),
            ("\n>>>>>>> y\n=======\n<<<<<<< x\n", None),
            ("\n<<<<<<< x", None),
        ] {
            assert_eq!(find_conflict(text).map(|(start, end)| &text[start..end]), expect, "{text:?}");
        }
    }
}
