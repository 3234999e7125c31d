//! The first words of a statement. The statements were split when the program was compiled; all that is left to ask of
//! them, once in a while, is what they are about.

/// The first words of a statement: names with their dots and quotes, and single other characters. Comments are left out.
/// Ends at the first parenthesis, after which nothing is of interest here.
pub(super) fn words(sql: &str) -> Vec<&str> {
    let (bytes, mut words, mut at) = (sql.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let rest = sql.get(at..).unwrap_or_default();
        if byte.is_ascii_whitespace() {
            at += 1;
        } else if *byte == b'#' || rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*!") || rest.starts_with("/*M!") {
            // Code in a comment: some servers run it, some don't.
            return Vec::new();
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if *byte == b'(' {
            break;
        } else if is_name(*byte) {
            let start = at;
            while let Some(byte) = bytes.get(at).filter(|byte| is_name(**byte)) {
                match byte {
                    b'`' | b'"' | b'\'' => {
                        let quote = *byte;
                        at += 1;
                        while bytes.get(at).is_some_and(|byte| *byte != quote) {
                            at += 1;
                        }
                        at += 1;
                    }
                    _ => at += 1,
                }
            }
            at = at.min(bytes.len());
            words.extend(sql.get(start..at));
        } else {
            let width = rest.chars().next().map_or(1, char::len_utf8);
            words.extend(sql.get(at..at + width));
            at += width;
        }
    }
    words
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'$' | b'.' | b'@' | b'`' | b'"' | b'\'')
}

pub(super) fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

pub(super) fn next<'w>(rest: &mut &[&'w str]) -> Option<&'w str> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(first)
}
