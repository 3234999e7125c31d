//! The dialects and options of a section's marker: ` postgres, mysql; no-transaction`. Reads one line, and says what it
//! doesn't understand; never looks at the statements.

use crate::config::{dialect_help, listed};
use crate::revision::{Direction, Mode};
use crate::suggest::nearest;
use crate::{Code, Dialect, DialectSet, FileId, Finding, Findings, Span};

/// What stands behind `@upgrade` or `@downgrade` on a marker line.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// The dialects that are named.
    pub(super) dialects: DialectSet,
    /// Whether any name stands there, understood or not.
    pub(super) named: bool,
    /// A name was not understood: what is missing can't be judged.
    pub(super) broken: bool,
    /// How the statements run, where an option says so.
    pub(super) mode: Option<Mode>,
    /// An option was not understood: how the statements are meant to run is not known.
    pub(super) mode_unknown: bool,
    /// Why there is no way back. May be empty, where a finding says so.
    pub(super) irreversible: Option<String>,
}

/// The options of a section marker.
const OPTIONS: [&str; 4] = ["no-transaction", "repeat", "rebuild", "irreversible"];

/// Reads dialects and options. `offset` is where `rest` begins in the file.
pub(super) fn read(rest: &str, offset: usize, file: FileId, direction: Direction, findings: &mut Findings) -> Options {
    let mut options = Options::default();
    // Most markers say no more than the direction.
    if rest.is_empty() {
        return options;
    }
    let (names, mut tail) = match rest.split_once(';') {
        Some((names, tail)) => (names, Some((tail, offset + names.len() + 1))),
        None => (rest, None),
    };
    if !names.trim().is_empty() {
        options.named = true;
        let mut at = offset;
        for name in names.split(',') {
            let word = name.trim();
            let start = at + (name.len() - name.trim_start().len());
            at += name.len() + 1;
            match Dialect::from_name(word) {
                Some(dialect) => {
                    options.dialects.insert(dialect);
                }
                None => {
                    options.broken = true;
                    findings.push(unknown_dialect(word, direction, Span::new(file, start, start + word.len())));
                }
            }
        }
    }
    while let Some((text, at)) = tail.take() {
        let start = at + (text.len() - text.trim_start().len());
        let text = text.trim_start();
        if let Some(reason) = text
            .strip_prefix("irreversible")
            .filter(|rest| rest.trim_start().starts_with(':') || rest.trim().is_empty())
        {
            take_irreversible(
                reason,
                Span::new(file, start, start + text.trim_end().len()),
                direction,
                &mut options,
                findings,
            );
            break;
        }
        let (option, next) = match text.split_once(';') {
            Some((option, next)) => (option, Some((next, start + option.len() + 1))),
            None => (text, None),
        };
        let before = findings.len();
        take_option(option.trim(), Span::new(file, start, start + option.trim_end().len()), &mut options, findings);
        options.mode_unknown |= findings.len() > before;
        tail = next;
    }
    options
}

fn take_irreversible(rest: &str, span: Span, direction: Direction, options: &mut Options, findings: &mut Findings) {
    let reason = rest.trim_start().strip_prefix(':').unwrap_or("").trim();
    options.irreversible = Some(reason.to_owned());
    if direction == Direction::Upgrade {
        findings.push(
            Finding::at(
                Code::BadOption,
                span,
                "`irreversible` belongs to a downgrade: it says why there is no way back",
            )
            .help("write it on a `-- @downgrade` marker"),
        );
    } else if reason.is_empty() {
        findings.push(
            Finding::at(Code::BadOption, span, "`irreversible` needs a reason, for the person who wants to go back")
                .help("write `irreversible: <why>`; the reason goes to the end of the line"),
        );
    }
}

fn take_option(option: &str, span: Span, options: &mut Options, findings: &mut Findings) {
    let (word, value) = match option.split_once(':') {
        Some((word, value)) => (word.trim(), Some(value.trim())),
        None => (option, None),
    };
    let mode = match (word, value) {
        ("no-transaction", None) => Mode::NoTransaction,
        ("rebuild", None) => Mode::Rebuild,
        ("repeat", value) => match value.and_then(|value| value.parse::<u64>().ok()) {
            Some(batch) if batch > 0 => Mode::Repeat(batch),
            _ => {
                findings.push(
                    Finding::at(
                        Code::BadOption,
                        span,
                        "`repeat` needs the number of rows that one round changes at most",
                    )
                    .help("write for instance `repeat: 5000`, with the same number in the statement's LIMIT"),
                );
                return;
            }
        },
        ("no-transaction" | "rebuild", Some(_)) => {
            findings.push(
                Finding::at(Code::BadOption, span, format!("`{word}` takes no value")).help(format!("write `{word}`")),
            );
            return;
        }
        ("", None) => {
            findings
                .push(Finding::at(Code::BadOption, span, "there is no option after this `;`").help("remove the `;`"));
            return;
        }
        _ => {
            let finding = Finding::at(Code::BadOption, span, format!("a section has no option `{word}`"));
            findings.push(match nearest(word, OPTIONS) {
                Some(known) => finding.help(format!("did you mean `{known}`?")),
                None => finding.help(format!("the options are {}", listed(&OPTIONS))),
            });
            return;
        }
    };
    if options.mode.is_some() {
        findings.push(
            Finding::at(Code::BadOption, span, "`no-transaction`, `repeat` and `rebuild` exclude each other")
                .help("give each its own section; the sections run in file order"),
        );
        return;
    }
    options.mode = Some(mode);
}

fn unknown_dialect(word: &str, direction: Direction, span: Span) -> Finding {
    if word.is_empty() {
        return Finding::at(Code::UnknownDialect, span, "a dialect is missing beside this comma")
            .help("remove the comma");
    }
    let finding = Finding::at(Code::UnknownDialect, span, format!("there is no dialect `{word}`"));
    let known = word.split_whitespace().map(Dialect::from_alias).collect::<Option<Vec<Dialect>>>();
    if let Some(known) = known.filter(|known| known.len() > 1) {
        let names: Vec<&str> = known.into_iter().map(Dialect::name).collect();
        return finding.help(format!("dialects are separated by commas: `{}`", names.join(", ")));
    }
    if let Some((names, option)) =
        OPTIONS.iter().find_map(|option| word.find(option)).and_then(|at| word.split_at_checked(at))
    {
        let names = names.trim_matches([' ', ':', ',']);
        let blank = if names.is_empty() { "" } else { " " };
        let marker = format!("@{}{blank}{names}; {option}", direction.name());
        return finding.help(format!("options stand behind a semicolon: `{marker}`"));
    }
    finding.help(dialect_help(word))
}
