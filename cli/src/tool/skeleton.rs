//! What stands in a new revision: our skeleton, or the user's template.

use std::fmt::Write as _;
use std::fs;

use revchain_core::DialectSet;
use revchain_core::config::RevisionSettings;
use revchain_core::{Dialect, suggest};

use super::command::Format;
use super::directory::Directory;
use crate::BoxError;

/// What differs between revisions.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub(super) message: &'a str,
    pub(super) revision: &'a str,
    pub(super) down_revision: &'a str,
    pub(super) created: &'a str,
    /// What stands below the header of SQL: empty sections, or what autogenerate wrote.
    pub(super) sections: &'a str,
}

/// The names by which a template asks for [`Words`].
const NAMES: [&str; 5] = ["message", "revision", "down_revision", "created", SECTIONS];

/// The name by which a template asks for the sections.
pub(super) const SECTIONS: &str = "sections";

impl Words<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "message" => Some(self.message),
            "revision" => Some(self.revision),
            "down_revision" => Some(self.down_revision),
            "created" => Some(self.created),
            SECTIONS => Some(self.sections.trim_matches('\n')),
            _ => None,
        }
    }
}

/// The text of a new SQL revision.
pub(super) fn sql(words: &Words<'_>) -> String {
    let mut text = header("--", words);
    text.push_str(words.sections);
    text
}

/// Empty sections, one for each dialect; an empty set has one that serves all.
pub(super) fn sections(dialects: DialectSet) -> String {
    let mut text = String::new();
    for direction in ["upgrade", "downgrade"] {
        if dialects.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n-- @{direction}\n");
        }
        for dialect in Dialect::ALL.into_iter().filter(|dialect| dialects.contains(*dialect)) {
            let _ = write!(text, "\n-- @{direction} {}\n", dialect.name());
        }
    }
    text
}

/// The text of a new revision in Rust.
pub(super) fn rust(words: &Words<'_>) -> String {
    let mut text = header("//!", words);
    text.push_str("\nuse revchain::{Op, Result};\n");
    for direction in ["upgrade", "downgrade"] {
        let _ = write!(text, "\npub async fn {direction}(_op: &mut Op<'_>) -> Result {{\n    Ok(())\n}}\n");
    }
    text
}

fn header(lead: &str, words: &Words<'_>) -> String {
    let mut text = String::new();
    if !words.message.is_empty() {
        let _ = write!(text, "{lead} {}\n{lead}\n", words.message);
    }
    for (key, value) in
        [("revision", words.revision), ("down_revision", words.down_revision), ("created", words.created)]
    {
        let _ = writeln!(text, "{lead} {key}: {value}");
    }
    text
}

/// The user's template for a format, and how messages name it.
pub(super) fn template(
    directory: &Directory,
    settings: &RevisionSettings,
    format: Format,
) -> Result<Option<(String, String)>, BoxError> {
    let path = match format {
        Format::Sql => &settings.template,
        Format::Rust => &settings.template_rust,
    };
    let Some(path) = path else { return Ok(None) };
    let shown = format!("{}/{path}", directory.shown);
    match fs::read_to_string(directory.path.join(path)) {
        Ok(text) => Ok(Some((text, shown))),
        Err(error) => Err(format!("the template `{shown}` cannot be read: {error}").into()),
    }
}

/// Fills a template: `${message}` and so on, `$${` for a `${` of one's own.
pub(super) fn fill(template: &str, shown: &str, words: &Words<'_>) -> Result<String, BoxError> {
    let mut text = String::with_capacity(template.len() + 128);
    let mut rest = template;
    while let Some(at) = rest.find("${") {
        if let Some(before) = rest[..at].strip_suffix('$') {
            text.push_str(before);
            text.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        text.push_str(&rest[..at]);
        let Some((name, after)) = rest[at + 2..].split_once('}') else {
            return Err(format!("`${{` in the template `{shown}` has no `}}`; write `$${{` if it is meant so").into());
        };
        match words.get(name.trim()) {
            Some(word) => text.push_str(word),
            None => {
                let help = match suggest::nearest(name.trim(), NAMES) {
                    Some(known) => format!("did you mean `${{{known}}}`?"),
                    None => format!(
                        "there are {}; write `$${{` for a `${{` of your own",
                        NAMES.map(|name| format!("`${{{name}}}`")).join(", ")
                    ),
                };
                return Err(format!("the template `{shown}` asks for `${{{name}}}`, which is nothing; {help}").into());
            }
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words {
        message: "Add users",
        revision: "b2",
        down_revision: "a1",
        created: "2026-01-02T03:04:05Z",
        sections: "\n-- @upgrade\nSELECT 1;\n",
    };

    #[test]
    fn a_section_serves_all_or_each_has_its_own() {
        let header = "-- Add users\n--\n-- revision: b2\n-- down_revision: a1\n-- created: 2026-01-02T03:04:05Z\n";
        assert_eq!(sql(&WORDS), format!("{header}\n-- @upgrade\nSELECT 1;\n"));
        assert_eq!(sections(DialectSet::EMPTY), "\n-- @upgrade\n\n-- @downgrade\n");
        let mut dialects = DialectSet::EMPTY;
        dialects.insert(Dialect::Sqlite);
        dialects.insert(Dialect::Postgres);
        assert_eq!(
            sections(dialects),
            "\n-- @upgrade postgres\n\n-- @upgrade sqlite\n\n-- @downgrade postgres\n\n-- @downgrade sqlite\n"
        );
    }

    #[test]
    fn templates_are_filled_or_refused() {
        let fill = |text| fill(text, "t", &WORDS).unwrap_or_else(|error| error.to_string());
        for (template, expect) in [
            ("${message}: ${revision} -> ${ down_revision } ${created}", "Add users: b2 -> a1 2026-01-02T03:04:05Z"),
            ("a\n${sections}\nb", "a\n-- @upgrade\nSELECT 1;\nb"),
            ("$${message} $ {x} $", "${message} $ {x} $"),
            ("${", "`${` in the template `t` has no `}`; write `$${` if it is meant so"),
            ("${massage}", "the template `t` asks for `${massage}`, which is nothing; did you mean `${message}`?"),
        ] {
            assert_eq!(fill(template), expect);
        }
    }
}
