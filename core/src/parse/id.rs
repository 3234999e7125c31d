//! Revision ids, and the file names that carry them: what may be an id, and which file is named after which.

use crate::revision::{MAX_ID_LENGTH, RESERVED_IDS};
use crate::{Code, Finding, Findings, Span};

/// Whether an id may be one at all; otherwise [`check`] says so.
pub(crate) fn is_legal(id: &str) -> bool {
    is_sound(id) && !(id.len() <= LONGEST_RESERVED && is_reserved(id))
}

/// How many characters a word of the target grammar has at most.
const LONGEST_RESERVED: usize = "current".len();

fn is_reserved(id: &str) -> bool {
    RESERVED_IDS.iter().any(|word| word.eq_ignore_ascii_case(id))
}

/// By hand: asked for each id, in builds without optimisation.
fn is_sound(id: &str) -> bool {
    let bytes = id.as_bytes();
    let mut at = 0;
    while at < bytes.len() && matches!(bytes[at], b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_') {
        at += 1;
    }
    at == bytes.len() && at > 0 && at <= MAX_ID_LENGTH
}

/// Says what is wrong with an id.
pub(super) fn check(id: &str, span: Span, findings: &mut Findings) {
    if is_legal(id) {
        return;
    }
    let mut illegal: Vec<char> = id.chars().filter(|c| !(c.is_ascii_alphanumeric() || *c == '_')).collect();
    illegal.sort_unstable();
    illegal.dedup();
    if !illegal.is_empty() {
        let characters: Vec<String> = illegal.iter().map(|c| format!("`{}`", c.escape_debug())).collect();
        let finding = Finding::at(
            Code::IllegalId,
            span,
            format!("{} may not stand in revision id `{id}`", characters.join(", ")),
        );
        let alike = id.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let write = if is_sound(&alike) { format!("write for instance `{alike}`: ") } else { String::new() };
        findings.push(finding.help(format!(
            "{write}an id has 1 to 32 of the characters `A-Z`, `a-z`, `0-9` and `_`; `@`, `-`, `+` and `:` belong to targets"
        )));
    } else if is_reserved(id) {
        findings.push(
            Finding::at(Code::ReservedId, span, format!("`{id}` cannot be a revision id: targets use the word"))
                .help("choose another id; twelve hexadecimal digits are the habit"),
        );
    } else if id.len() > MAX_ID_LENGTH {
        findings.push(
            Finding::at(
                Code::OverlongId,
                span,
                format!("revision id `{id}` has {} characters, and the version table holds {MAX_ID_LENGTH}", id.len()),
            )
            .help("choose a shorter id; words that tell what it does belong behind it, in the file name"),
        );
    }
}

/// The file name without its extension.
pub(crate) fn stem(relative: &str) -> &str {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    name.strip_suffix(".sql").or_else(|| name.strip_suffix(".rs")).unwrap_or(name)
}

/// Whether the first part of a file name is an id rather than the first word of a slug (`add_users.sql`).
pub(crate) fn looks_like_id(part: &str) -> bool {
    part.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a file of this name belongs to revision `id`: the name is the id, or begins with it and a `_`.
pub(crate) fn is_named_after(stem: &str, id: &str) -> bool {
    stem.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// What the file name says about the id: what stands before its first `_`.
pub(super) fn guess(stem: &str) -> Option<&str> {
    stem.split('_').next().filter(|guess| is_sound(guess))
}

/// An id to show in a template.
pub(super) fn shown_guess(stem: &str) -> &str {
    guess(stem).filter(|guess| looks_like_id(guess)).unwrap_or("<id>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn no_reserved_word_is_longer() {
        assert_eq!(RESERVED_IDS.iter().map(|word| word.len()).max(), Some(LONGEST_RESERVED));
    }

    #[test]
    fn ids_are_checked_for_alphabet_length_and_meaning() {
        for (id, expect) in [
            ("no-dashes", &[Code::IllegalId][..]),
            ("no@signs", &[Code::IllegalId]),
            ("no:colons", &[Code::IllegalId]),
            ("no+plus", &[Code::IllegalId]),
            ("é", &[Code::IllegalId]),
            ("head", &[Code::ReservedId]),
            ("Base", &[Code::ReservedId]),
            ("current", &[Code::ReservedId]),
            ("a12345678901234567890123456789012", &[Code::OverlongId]),
            // 32 characters fit.
            ("a1234567890123456789012345678901", &[]),
        ] {
            let mut findings = Findings::default();
            check(id, Span::new(FileId::default(), 0, 0), &mut findings);
            let said: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
            assert_eq!(said, expect, "{id}");
            assert_eq!(is_legal(id), expect.is_empty(), "{id}");
        }
    }
}
