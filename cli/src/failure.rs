//! What a command that failed says: text on standard error, with `--json` an object on standard output too, and an exit
//! code. No password is in it, whoever wrote the text.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt::{self, Write as _};
use std::process::ExitCode;

use clap::error::ErrorKind as Usage;
use revchain::{Blocker, ErrorKind, Kept, Migrations, TimedOut};
use serde_json::{Map, Value, json};

use crate::BoxError;
use crate::output::print;
use crate::terminal::{ERROR, HELP, lines, painted, say};

/// The exit code of a command line that cannot be read.
pub(crate) const USAGE: u8 = 2;

/// An error of the library's, and which database gave it: the wrong one is the likeliest cause of many.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) error: revchain::Error,
    pub(crate) database: String,
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  database: {}", self.error, self.database)
    }
}

impl StdError for Located {}

/// An error of the command line's own that a program may want to know by its kind.
#[derive(Debug)]
pub(crate) struct Worded {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    /// Without its password.
    pub(crate) database: Option<String>,
}

impl fmt::Display for Worded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Worded {}

/// How a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// For people: whole, in its colours.
    text: String,
    code: u8,
    /// For programs.
    members: Map<String, Value>,
}

impl Failure {
    /// A failure of a kind, with nothing but words.
    pub(crate) fn new(kind: &str, code: u8, text: String, message: &str, help: Option<&str>) -> Failure {
        let mut failure = Failure { text: redacted(&text), code, members: Map::new() };
        for absent in ["revision", "file", "line", "statement", "kept", "applied", "database", "timed_out", "blockers"]
        {
            failure.insert(absent, Value::Null);
        }
        failure.insert("kind", kind.into());
        failure.insert("message", redacted(message).into());
        failure.insert("help", help.map(redacted).into());
        failure.insert("exit_code", code.into());
        failure
    }

    /// What any error says. The migrations tell in which file a revision is.
    pub(crate) fn of(error: &BoxError, migrations: Option<&Migrations>) -> Failure {
        let located = error.downcast_ref::<Located>();
        let library = located.map(|located| &located.error).or_else(|| error.downcast_ref::<revchain::Error>());
        let text = error.to_string();
        let (kind, code) = match library {
            Some(error) if is_usage(error.kind()) => (word(error.kind()), USAGE),
            Some(error) => (word(error.kind()), 1),
            None => (error.downcast_ref::<Worded>().map_or("other", |worded| worded.kind), 1),
        };
        let (message, help) = match (library, text.rsplit_once("\n  help: ")) {
            (Some(error), _) => (error.message(), error.help()),
            (None, Some((message, help))) => (message.to_owned(), Some(help.to_owned())),
            (None, None) => (text.clone(), None),
        };
        let mut failure = Failure::new(kind, code, error_text(&text), &message, help.as_deref());
        if let Some(error) = library {
            failure.fill(error, migrations);
        }
        let worded = error.downcast_ref::<Worded>().and_then(|worded| worded.database.as_deref());
        let named = library.and_then(|error| match error.kind() {
            ErrorKind::Connection { url, .. } => url.as_deref(),
            _ => None,
        });
        failure.insert("database", located.map(|located| &*located.database).or(worded).or(named).into());
        failure
    }

    fn fill(&mut self, error: &revchain::Error, migrations: Option<&Migrations>) {
        let statement = error.statement();
        let revision = error.revision().and_then(|id| migrations?.revision(id));
        let file = statement.map(revchain::FailedStatement::file).or(revision.map(|revision| revision.file()));
        let applied = error.report().map(|report| {
            let ids = report.steps().iter().map(|step| step.step().revision().id());
            ids.collect::<Vec<_>>()
        });
        self.insert("revision", error.revision().into());
        self.insert("file", file.into());
        self.insert("line", statement.and_then(revchain::FailedStatement::line).into());
        self.insert("statement", statement.map(revchain::FailedStatement::sql).into());
        self.insert("applied", applied.into());
        self.insert("kept", kept(error.kind()).into());
        self.insert("timed_out", error.timed_out().map(limit).into());
        let blockers = || error.blockers().iter().map(blocker).collect::<Vec<_>>();
        self.insert("blockers", (error.timed_out() == Some(TimedOut::Lock)).then(blockers).into());
    }

    /// What clap says of a command line that it cannot read.
    pub(crate) fn usage(error: &clap::Error) -> Failure {
        let text = error.render().ansi().to_string();
        if error.kind() == Usage::DisplayHelpOnMissingArgumentOrSubcommand {
            // The text is the help.
            return Failure::new("usage", USAGE, text, "there is no command", Some("`--help` lists the commands"));
        }
        let plain = error.to_string();
        let mut paragraphs = plain.split("\n\n").map(str::trim);
        let message = paragraphs.next().unwrap_or_default();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        let help = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: "));
        Failure::new("usage", USAGE, text, message, help)
    }

    /// Adds a member, or sets one.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
    }

    /// Says it.
    pub(crate) fn tell(self, command: Option<&str>, json: bool) -> ExitCode {
        say(&self.text);
        if json {
            let error = Value::Object(self.members);
            // There is no second way to say that standard output is lost.
            let _ = print(&crate::json::object(command, json!({ "error": error })));
        }
        ExitCode::from(self.code)
    }
}

/// Prints what clap has to say: help and the version, which were asked for, or why it can't read the command line.
pub(crate) fn refuse(error: &clap::Error, command: Option<&str>, json: bool) -> ExitCode {
    if error.use_stderr() {
        return Failure::usage(error).tell(command, json);
    }
    match error.print() {
        // Help that nobody got is an error, unless they stopped reading it.
        Err(lost) if lost.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

/// Whether `--json` stands among words that could not be read.
pub(crate) fn wants_json(words: &[OsString]) -> bool {
    words.iter().take_while(|word| *word != "--").any(|word| word == "--json")
}

/// `error: …` with its remedies, in colours.
pub(crate) fn error_text(text: &str) -> String {
    let mut shown = format!("{ERROR}error:{ERROR:#} ");
    for (number, line) in lines(text).lines().enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        match line.strip_prefix("  help:").filter(|_| number > 0) {
            // Writing to a String cannot fail.
            Some(help) => {
                let _ = write!(shown, "  {}{help}", painted(HELP, "help:"));
            }
            None => shown.push_str(line),
        }
    }
    shown.push('\n');
    shown
}

/// Passwords in URLs, wherever a text may have them from: the application's own words, a word that was typed in the wrong
/// place.
fn redacted(text: &str) -> String {
    if !text.contains(['@', '?']) {
        return text.to_owned();
    }
    // A URL, or somebody's attempt at one: `postgres//me:secret@host`.
    let is_url = |word: &str| {
        let bare = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        word.contains("//") || ["postgres", "mysql", "mariadb"].iter().any(|scheme| bare.starts_with(scheme))
    };
    let mut shown = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        match word.contains(['@', '?']) && is_url(word) {
            true => {
                // Of the sentence, not of the URL.
                let url = word.trim_end_matches(|c: char| c.is_whitespace() || "`'\":;,.)".contains(c));
                shown.push_str(&revchain::redacted(url));
                shown.push_str(word.get(url.len()..).unwrap_or_default());
            }
            false => shown.push_str(word),
        }
    }
    shown
}

/// Whether what was typed makes no sense whatever the database is.
fn is_usage(kind: &ErrorKind) -> bool {
    use ErrorKind::{BadRange, BadScriptRange, BadTarget, RangeNotAllowed, RelativeCount, ReversedRange};
    matches!(
        kind,
        RelativeCount { count: 0, .. }
            | RelativeCount { wrong_way: true, .. }
            | BadTarget { .. }
            | BadRange { .. }
            | BadScriptRange { .. }
            | RangeNotAllowed { .. }
            | ReversedRange { .. }
    )
}

/// What a failed revision leaves in the database.
fn kept(kind: &ErrorKind) -> Option<&'static str> {
    let (ErrorKind::Statement { kept, .. } | ErrorKind::Function { kept, .. }) = kind else { return None };
    match kept {
        Kept::Nothing => Some("nothing"),
        Kept::Part => Some("part"),
        Kept::Noted => Some("noted"),
        _ => Some("unknown"),
    }
}

fn limit(limit: TimedOut) -> &'static str {
    match limit {
        TimedOut::Lock => "lock",
        TimedOut::Statement => "statement",
        _ => "other",
    }
}

fn blocker(blocker: &Blocker) -> Value {
    json!({
        "pid": blocker.pid(),
        "user": blocker.user(),
        "application": blocker.application(),
        "state": blocker.state(),
        "query": blocker.query(),
        "mode": blocker.mode(),
        "relation": blocker.relation(),
        "since": blocker.since(),
    })
}

/// The word for a kind: the kind's own name. `docs/json.md` lists them.
fn word(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Busy { .. } => "busy",
        ErrorKind::InDoubt { .. } => "in-doubt",
        ErrorKind::InterruptedElsewhere { .. } => "interrupted-elsewhere",
        ErrorKind::ChangedMeanwhile { .. } => "changed-meanwhile",
        ErrorKind::Edited { .. } => "edited",
        ErrorKind::BadTarget { .. } => "bad-target",
        ErrorKind::UnknownTarget { .. } => "unknown-target",
        ErrorKind::AmbiguousTarget { .. } => "ambiguous-target",
        ErrorKind::UnknownCurrent { .. } => "unknown-current",
        ErrorKind::RelativeCount { .. } => "relative-count",
        ErrorKind::WalkedTooFar { .. } => "walked-too-far",
        ErrorKind::NotBelow { .. } => "not-below",
        ErrorKind::BadRange { .. } => "bad-range",
        ErrorKind::ReversedRange { .. } => "reversed-range",
        ErrorKind::RangeNotAllowed { .. } => "range-not-allowed",
        ErrorKind::BadScriptRange { .. } => "bad-script-range",
        ErrorKind::NotOffline { .. } => "not-offline",
        ErrorKind::Irreversible { .. } => "irreversible",
        ErrorKind::DialectNotServed { .. } => "dialect-not-served",
        ErrorKind::ManyRows { .. } => "many-rows",
        ErrorKind::ManyTables { .. } => "many-tables",
        ErrorKind::OpenTransaction { .. } => "open-transaction",
        ErrorKind::Contended { .. } => "contended",
        ErrorKind::Statement { .. } => "statement",
        ErrorKind::Function { .. } => "function",
        ErrorKind::NoProgress { .. } => "no-progress",
        ErrorKind::ForeignKeys { .. } => "foreign-keys",
        ErrorKind::Custom { .. } => "custom",
        ErrorKind::BadUrl { .. } => "bad-url",
        ErrorKind::DriverMissing { .. } => "driver-missing",
        ErrorKind::MissingFile { .. } => "missing-file",
        ErrorKind::MissingDirectory { .. } => "missing-directory",
        ErrorKind::Connection { .. } => "connection",
        ErrorKind::Database { .. } => "database",
        // A test reads the enum's source: no kind comes here.
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;

    /// `UnknownTarget` is `unknown-target`.
    fn kebab(name: &str) -> String {
        let mut word = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.push(letter.to_ascii_lowercase());
        }
        word
    }

    /// The enum is non-exhaustive, so the compiler doesn't say which kind has no word.
    #[test]
    fn every_kind_has_its_word_and_its_line_in_the_reference() {
        let read = |path: &str| fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let source = read("../runtime/src/error.rs");
        let (_, kinds) = source.split_once("pub enum ErrorKind {").unwrap();
        let (kinds, _) = kinds.split_once("\n}").unwrap();
        let names =
            kinds.lines().filter_map(|line| line.strip_prefix("    ")).filter_map(|line| line.strip_suffix('{'));
        let names: Vec<&str> = names.map(str::trim_end).filter(|name| !name.contains(' ')).collect();
        let also = kinds.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(" {},"));
        let names: Vec<&str> = names.into_iter().chain(also).collect();
        assert!(names.len() > 25, "{names:?}");

        let own = read("src/failure.rs");
        let page = read("../docs/json.md");
        let (_, page) = page.split_once("## Failures").unwrap();
        let mut words: Vec<String> = names.iter().map(|name| kebab(name)).collect();
        for (name, word) in names.iter().zip(&words) {
            assert!(own.contains(&format!("ErrorKind::{name} {{ .. }} => \"{word}\",")), "no word for {name}");
        }
        words.extend(["usage", "findings", "not-up-to-date", "other"].map(str::to_owned));
        words.sort();
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
        let kinds = rows.skip_while(|(word, _)| *word != "ambiguous-target").map(|(word, _)| word.to_owned());
        assert_eq!(kinds.collect::<Vec<_>>(), words, "docs/json.md lists the kinds");
    }

    #[test]
    fn no_password_is_said() {
        for (text, expected) in [
            ("'postgres://me:secret@h/d'\n  help: x@y", "'postgres://me:***@h/d'\n  help: x@y"),
            ("a\tmysql://h/d?password=secret&x=1 b", "a\tmysql://h/d?password=***&x=1 b"),
            ("`mysql://h/d?password=***`: it is down", "`mysql://h/d?password=***`: it is down"),
            ("see https://example.org/?a=1", "see https://example.org/?a=1"),
        ] {
            assert_eq!(redacted(text), expected);
        }
        let failure = Failure::of(&"postgres://me:secret@h/d is down".into(), None);
        assert!(!format!("{failure:?}").contains("secret"));
    }

    #[test]
    fn an_error_has_its_labels_coloured_and_nothing_else() {
        let text = error_text("help: me\n  statement: \u{1b}[2J\n  help: this");
        assert_eq!(
            text,
            "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m help: me\n  statement:  [2J\n  \u{1b}[1m\u{1b}[36mhelp:\u{1b}[0m this\n"
        );
    }

    #[test]
    fn words_of_anybody_are_parted() {
        let failure = Failure::of(&"it is closed\n  help: open it".into(), None);
        let member = |name: &str| failure.members.get(name).cloned().unwrap();
        assert_eq!(member("kind"), "other");
        assert_eq!((member("message"), member("help")), ("it is closed".into(), "open it".into()));
        assert_eq!((member("exit_code"), member("revision")), (1.into(), Value::Null));
    }
}
