//! What reaches a terminal: colours, for whoever wants them, and no control character that stood in data. Text is written
//! with its colours; the stream takes them out where it leads to a file, or where `--color`, `NO_COLOR`, `CLICOLOR_FORCE`
//! or `TERM=dumb` say so. What programs read (JSON, SQL) goes past this file.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

use anstream::AutoStream;
use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const HELP: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const ID: Style = AnsiColor::Yellow.on_default();
pub(crate) const HEAD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const CURRENT: Style = AnsiColor::Cyan.on_default().bold();
#[cfg(feature = "tool")]
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
#[cfg(feature = "tool")]
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
#[cfg(feature = "tool")]
pub(crate) const CHANGED: Style = AnsiColor::Yellow.on_default();
/// What is seldom read: durations, where a statement stands.
pub(crate) const ASIDE: Style = Style::new().dimmed();

/// Who gets colours.
// Its values explain themselves: with a comment each, clap spreads the help over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes it the choice of the process: for clap's messages, too.
    pub(crate) fn choose(self) {
        let choice = match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }

    /// What a command line that cannot be read, and says so in colours or not, asks for.
    pub(crate) fn in_words(words: &[OsString]) -> Option<Color> {
        let mut words = words.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str());
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--color") {
                Some("") => words.next()?,
                Some(value) => value.strip_prefix('=')?,
                None => continue,
            };
            return Color::from_str(value, false).ok();
        }
        None
    }
}

/// Writes to standard error. Nothing can be done where that is closed or full.
pub(crate) fn say(text: &str) {
    let _ = AutoStream::auto(io::stderr().lock()).write_all(text.as_bytes());
}

/// Whether standard error can show something that changes.
pub(crate) fn is_live() -> bool {
    // As indicatif has it, which would draw nothing.
    let can_move = std::env::var_os("TERM").map_or(cfg!(windows), |terminal| terminal != "dumb");
    can_move && io::stderr().is_terminal()
}

/// A text in a style.
pub(crate) fn painted(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A text from a file or a database on one line: a newline or an escape sequence in it would be obeyed.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    without(text, char::is_control)
}

/// The same for a text that may have lines.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    without(text, |c| c.is_control() && c != '\n' && c != '\t')
}

fn without(text: &str, is_bad: fn(char) -> bool) -> Cow<'_, str> {
    match text.contains(is_bad) {
        true => Cow::Owned(text.replace("\r\n", "\n").replace(is_bad, " ")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_gives_no_orders() {
        assert_eq!(one_line("a\u{1b}[2Jb\nc\u{9b}d\te"), "a [2Jb c d e");
        assert_eq!(lines("a\u{1b}[2Jb\r\nc\u{7f}\r\td"), "a [2Jb\nc  \td");
        assert!(matches!(one_line("as it is: ü 漢"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_wish_is_found_before_the_words_are_read() {
        for (words, expected) in [
            (&["app", "--color", "never", "x"][..], Some(Color::Never)),
            (&["app", "x", "--color=always"], Some(Color::Always)),
            (&["app", "--color"], None),
            (&["app", "--colour", "never"], None),
            (&["app", "--color", "pink"], None),
            (&["app", "--", "--color", "never"], None),
        ] {
            let words: Vec<OsString> = words.iter().map(Into::into).collect();
            assert_eq!(Color::in_words(&words), expected, "{words:?}");
        }
    }
}
