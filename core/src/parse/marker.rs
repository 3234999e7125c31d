//! Markers: `-- @upgrade postgres, mysql; no-transaction`, `-- @allow RC203: reason`, `-- @replay DROP TABLE a`. Reads one line.

use crate::revision::Direction;
use crate::suggest::distance;
use crate::{Code, Finding, Span};

/// The words that open a marker.
const WORDS: [&str; 6] = ["upgrade", "downgrade", "allow", "replay", "upgrade-schema", "downgrade-schema"];

/// What a comment line that begins with `@` is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Marker<'a> {
    /// A section begins. The rest of the line follows.
    Section(Direction, &'a str),
    /// A declaration of what a `.rs` revision does to the schema.
    Schema(Direction, &'a str),
    /// A finding is silenced. The rest of the line follows.
    Allow(&'a str),
    /// What the next statement does, for the replay. The rest of the line follows.
    Replay(&'a str),
    /// A misspelt word, and the one that is meant. The rest of the line follows.
    Misspelt(&'a str, &'static str, &'a str),
}

/// Reads a comment's text (without `--` and blanks). `None` for every comment that isn't ours: `@param`, `@author`.
pub(super) fn read(comment: &str) -> Option<Marker<'_>> {
    // By hand: asked for each comment line, in builds without optimisation.
    let bytes = comment.as_bytes();
    if bytes.first() != Some(&b'@') {
        return None;
    }
    let mut end = 1;
    while end < bytes.len() && (bytes[end].is_ascii_alphanumeric() || matches!(bytes[end], b'-' | b'_')) {
        end += 1;
    }
    let (word, rest) = (comment.get(1..end)?, comment.get(end..)?);
    Some(match word {
        "upgrade" => Marker::Section(Direction::Upgrade, rest),
        "downgrade" => Marker::Section(Direction::Downgrade, rest),
        "upgrade-schema" => Marker::Schema(Direction::Upgrade, rest),
        "downgrade-schema" => Marker::Schema(Direction::Downgrade, rest),
        "allow" => Marker::Allow(rest),
        "replay" => Marker::Replay(rest),
        _ => {
            let lower = word.to_ascii_lowercase();
            let meant = match lower.as_str() {
                "up" => Some("upgrade"),
                "down" => Some("downgrade"),
                _ => WORDS.into_iter().find(|known| distance(&lower, known) <= known.len() / 4),
            };
            return meant.map(|known| Marker::Misspelt(word, known, rest));
        }
    })
}

/// A marker word that is nearly one of ours.
pub(super) fn misspelt(word: &str, known: &str, span: Span) -> Finding {
    Finding::at(Code::UnknownMarker, span, format!("`@{word}` is not a section marker"))
        .help(format!("did you mean `@{known}`?"))
}

/// The marker of another tool and the tool, if that is what divides this file.
pub(super) fn foreign(text: &str) -> Option<(&'static str, &'static str)> {
    [("-- +goose Up", "goose"), ("-- migrate:up", "dbmate"), ("-- +migrate Up", "sql-migrate")]
        .into_iter()
        .find(|(theirs, _)| text.contains(theirs))
}

/// Whether a comment's text is a marker, misspelt or not.
pub(super) fn is_marker(comment: &str) -> bool {
    comment.starts_with('@') && read(comment).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_told_from_other_comments() {
        for (text, expect) in [
            ("@upgrade", Some(Marker::Section(Direction::Upgrade, ""))),
            ("@downgrade mysql; rebuild", Some(Marker::Section(Direction::Downgrade, " mysql; rebuild"))),
            ("@upgrade-schema", Some(Marker::Schema(Direction::Upgrade, ""))),
            ("@allow RC203: x", Some(Marker::Allow(" RC203: x"))),
            ("@replay DROP TABLE a;", Some(Marker::Replay(" DROP TABLE a;"))),
            ("@repaly nothing", Some(Marker::Misspelt("repaly", "replay", " nothing"))),
            ("@reprise", None),
            ("@Replay nothing", Some(Marker::Misspelt("Replay", "replay", " nothing"))),
            ("@upgarde", Some(Marker::Misspelt("upgarde", "upgrade", ""))),
            ("@Upgrade", Some(Marker::Misspelt("Upgrade", "upgrade", ""))),
            ("@down", Some(Marker::Misspelt("down", "downgrade", ""))),
            ("@param x", None),
            ("@author me", None),
            ("upgrade", None),
        ] {
            assert_eq!(read(text), expect, "{text}");
        }
    }
}
