//! The table `[revision]`: how the tool writes new revisions. The build reads it to name its mistakes, and uses nothing
//! of it.

use toml::Spanned;
use toml::de::DeValue;

use super::file_template::FileTemplate;
use super::shape::{Spans, string, table, unknown_key};
use crate::revision::Language;
use crate::{Code, Finding, Findings};

/// How new revisions are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionSettings {
    /// How a file is called.
    pub file_template: FileTemplate,
    /// After how many characters a slug is cut.
    pub truncate_slug_length: usize,
    /// Where the times in names and headers are those of the clock on the wall.
    pub timezone: TimeZone,
    /// The template of `.sql` files, relative to the migrations directory.
    pub template: Option<String>,
    /// The template of `.rs` files, relative to the migrations directory.
    pub template_rust: Option<String>,
    /// The programs that a new file is given to, in order.
    pub hooks: Vec<Hook>,
}

/// Where a clock hangs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeZone {
    /// So many minutes from UTC, all the year.
    Offset(i32),
    /// In a zone of the time zone database, `Europe/Berlin`. Written like one; whether there is one of that name, only
    /// who has the database can say.
    Named(String),
}

/// A program that a new file is given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The program and its arguments. Never empty.
    pub command: Vec<String>,
    /// Where it runs, relative to the migrations directory; without it where the tool runs.
    pub cwd: Option<String>,
    /// The files that it is for; without it all.
    pub format: Option<Language>,
}

const KEYS: [&str; 6] = ["file_template", "truncate_slug_length", "timezone", "template", "template_rust", "hooks"];
const HOOK_KEYS: [&str; 3] = ["command", "cwd", "format"];

/// Alembic's.
const SLUG_LENGTH: usize = 40;

/// The longest of the database's names has half of that.
const MAX_ZONE_LENGTH: usize = 64;

/// No file system holds longer names.
const MAX_SLUG_LENGTH: i64 = 200;

impl Default for RevisionSettings {
    fn default() -> RevisionSettings {
        RevisionSettings {
            file_template: FileTemplate::default(),
            truncate_slug_length: SLUG_LENGTH,
            timezone: TimeZone::Offset(0),
            template: None,
            template_rust: None,
            hooks: Vec::new(),
        }
    }
}

/// Reads the table.
pub(super) fn read(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> RevisionSettings {
    let mut settings = RevisionSettings::default();
    let Some(table) = table(value, span, "revision", "[revision]", findings) else { return settings };
    for (key, value) in table {
        let place = span(value.span());
        let mut wrong = |message: String, help: String| {
            findings.push(Finding::at(Code::ConfigValue, place, message).help(help));
        };
        match key.get_ref().as_ref() {
            "file_template" => match string(value).map(FileTemplate::parse) {
                Some(Ok(template)) => settings.file_template = template,
                Some(Err((message, help))) => wrong(message, help),
                None => wrong(
                    "`file_template` is a text in quotes".to_owned(),
                    "for instance `file_template = \"%(rev)s_%(slug)s\"`".to_owned(),
                ),
            },
            "truncate_slug_length" => {
                let length = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<i64>().ok());
                match length.filter(|length| (1..=MAX_SLUG_LENGTH).contains(length)) {
                    Some(length) => settings.truncate_slug_length = usize::try_from(length).unwrap_or(SLUG_LENGTH),
                    None => wrong(
                        format!("`truncate_slug_length` is a number from 1 to {MAX_SLUG_LENGTH}"),
                        format!("leave the key out for Alembic's {SLUG_LENGTH}"),
                    ),
                }
            }
            "timezone" => match string(value).and_then(time_zone) {
                Some(zone) => settings.timezone = zone,
                None => wrong(
                    "`timezone` is `\"utc\"`, an offset from it or the name of a time zone".to_owned(),
                    "for instance `timezone = \"+02:00\"` or `timezone = \"Europe/Berlin\"`".to_owned(),
                ),
            },
            name @ ("template" | "template_rust") => match string(value).filter(|path| !path.is_empty()) {
                Some(path) if name == "template" => settings.template = Some(path.to_owned()),
                Some(path) => settings.template_rust = Some(path.to_owned()),
                None => wrong(
                    format!("`{name}` is a path in quotes"),
                    "it is relative to the migrations directory, for instance `\"revision.sql.template\"`".to_owned(),
                ),
            },
            "hooks" => match value.get_ref() {
                DeValue::Array(hooks) => {
                    settings.hooks = hooks.iter().filter_map(|hook| read_hook(hook, span, findings)).collect();
                }
                _ => wrong("`hooks` is a list of tables".to_owned(), HOOK_HELP.to_owned()),
            },
            unknown => findings.push(unknown_key(unknown, "[revision]", &KEYS, span(key.span()))),
        }
    }
    settings
}

const HOOK_HELP: &str =
    "write `[[revision.hooks]]`, and below it `command = [\"rustfmt\", \"REVISION_SCRIPT_FILENAME\"]`";

fn read_hook(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> Option<Hook> {
    let mut hook = Hook { command: Vec::new(), cwd: None, format: None };
    let before = findings.len();
    let place = span(value.span());
    for (key, value) in table(value, span, "hooks", "[[revision.hooks]]", findings)? {
        let place = span(value.span());
        let mut wrong =
            |message: &str, help: &str| findings.push(Finding::at(Code::ConfigValue, place, message).help(help));
        match key.get_ref().as_ref() {
            "command" => {
                let words = match value.get_ref() {
                    DeValue::Array(words) => words.iter().map(|word| string(word).map(str::to_owned)).collect(),
                    _ => None,
                };
                match words.filter(|words: &Vec<String>| words.first().is_some_and(|program| !program.is_empty())) {
                    Some(words) => hook.command = words,
                    None => wrong("`command` is a list: the program, and its arguments", HOOK_HELP),
                }
            }
            "cwd" => match string(value).filter(|path| !path.is_empty()) {
                Some(path) => hook.cwd = Some(path.to_owned()),
                None => wrong("`cwd` is a path in quotes", "it is relative to the migrations directory"),
            },
            "format" => match string(value) {
                Some("sql") => hook.format = Some(Language::Sql),
                Some("rust") => hook.format = Some(Language::Rust),
                _ => wrong("`format` is `\"sql\"` or `\"rust\"`", "leave the key out for a hook that is for both"),
            },
            unknown => findings.push(unknown_key(unknown, "[[revision.hooks]]", &HOOK_KEYS, span(key.span()))),
        }
    }
    if hook.command.is_empty() {
        if findings.len() == before {
            findings.push(Finding::at(Code::ConfigValue, place, "this hook has no `command`").help(HOOK_HELP));
        }
        return None;
    }
    Some(hook)
}

/// An offset, or what is written like the names of the time zone database: `Europe/Berlin`, `EST5EDT`, `Etc/GMT+5`.
fn time_zone(text: &str) -> Option<TimeZone> {
    if let Some(minutes) = offset(text) {
        return Some(TimeZone::Offset(minutes));
    }
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte));
    let named = text.len() <= MAX_ZONE_LENGTH
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.split('/').all(|part| !part.is_empty() && letters(part));
    named.then(|| TimeZone::Named(text.to_owned()))
}

/// Minutes from UTC: `utc`, `Z`, `+02:00`, `-0330`.
fn offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits = rest.replacen(':', "", 1);
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;

    fn check(text: &str) -> (RevisionSettings, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("revchain.toml", "revchain.toml", text.as_bytes().to_vec());
        let mut findings = Findings::default();
        let config = crate::config::read(&sources, file, &mut findings);
        let said = findings
            .iter()
            .map(|finding| format!("{} {}; {}", finding.code, finding.message, finding.help.as_deref().unwrap_or("")))
            .collect();
        (config.revision, said)
    }

    #[test]
    fn every_key_is_read() {
        let (settings, said) = check(
            "[revision]\nfile_template = '%(rev)s_%(epoch)s'\ntruncate_slug_length = 10\ntimezone = '-03:30'\n\
             template = 'a.sql'\ntemplate_rust = 'a.rs'\n[[revision.hooks]]\ncommand = ['x', '-y']\ncwd = '..'\n\
             format = 'rust'\n[[revision.hooks]]\ncommand = ['z']\n",
        );
        assert_eq!(said, Vec::<String>::new());
        let hooks = vec![
            Hook {
                command: vec!["x".to_owned(), "-y".to_owned()],
                cwd: Some("..".to_owned()),
                format: Some(Language::Rust),
            },
            Hook { command: vec!["z".to_owned()], cwd: None, format: None },
        ];
        let expect = RevisionSettings {
            file_template: FileTemplate::parse("%(rev)s_%(epoch)s").unwrap(),
            truncate_slug_length: 10,
            timezone: TimeZone::Offset(-210),
            template: Some("a.sql".to_owned()),
            template_rust: Some("a.rs".to_owned()),
            hooks,
        };
        assert_eq!(settings, expect);
    }

    #[test]
    fn a_time_zone_is_an_offset_or_a_name() {
        for (text, expect) in [
            ("utc", TimeZone::Offset(0)),
            ("Z", TimeZone::Offset(0)),
            ("+05:30", TimeZone::Offset(330)),
            ("-0330", TimeZone::Offset(-210)),
            ("Europe/Berlin", TimeZone::Named("Europe/Berlin".to_owned())),
            ("est5edt", TimeZone::Named("est5edt".to_owned())),
            ("Etc/GMT+5", TimeZone::Named("Etc/GMT+5".to_owned())),
            ("fake", TimeZone::Named("fake".to_owned())),
        ] {
            let (settings, said) = check(&format!("[revision]\ntimezone = '{text}'"));
            assert_eq!((settings.timezone, said), (expect, Vec::new()), "{text}");
        }
    }

    #[test]
    fn wrong_keys_and_values_are_named_with_a_remedy() {
        for (text, expect) in [
            ("revision = 3", "RC032 `revision` is a table"),
            (
                "[revision]\nfile_tmplate = ''",
                "RC031 `[revision]` has no key `file_tmplate`; did you mean `file_template`?",
            ),
            ("[revision]\nwhat = ''", "its keys are `file_template`, `truncate_slug_length`"),
            ("[revision]\nfile_template = 3", "RC032 `file_template` is a text"),
            ("[revision]\nfile_template = '%(x)s'", "RC032 `file_template` has no key `%(x)s`"),
            ("[revision]\ntruncate_slug_length = 0", "RC032 `truncate_slug_length` is a number"),
            ("[revision]\ntruncate_slug_length = '9'", "RC032 `truncate_slug_length` is a number"),
            ("[revision]\ntimezone = '+24:00'", "RC032 `timezone` is"),
            ("[revision]\ntimezone = '../etc/passwd'", "RC032 `timezone` is"),
            ("[revision]\ntimezone = 'Europe/'", "RC032 `timezone` is"),
            ("[revision]\ntimezone = 'Mitteleuropäische Zeit'", "RC032 `timezone` is"),
            ("[revision]\ntimezone = ''", "RC032 `timezone` is"),
            ("[revision]\ntimezone = 2", "RC032 `timezone` is"),
            ("[revision]\ntemplate = ''", "RC032 `template` is a path"),
            ("[revision]\nhooks = 'x'", "RC032 `hooks` is a list"),
            ("[revision]\nhooks = ['x']", "RC032 `hooks` is a table"),
            ("[[revision.hooks]]", "RC032 this hook has no `command`"),
            ("[[revision.hooks]]\ncommand = []", "RC032 `command` is a list"),
            ("[[revision.hooks]]\ncommand = ['x', 3]", "RC032 `command` is a list"),
            (
                "[[revision.hooks]]\ncommand = ['x']\ncdw = 'x'",
                "RC031 `[[revision.hooks]]` has no key `cdw`; did you mean `cwd`?",
            ),
            ("[[revision.hooks]]\ncommand = ['x']\nformat = 'py'", "RC032 `format` is"),
        ] {
            let (_, said) = check(text);
            assert_eq!(said.len(), 1, "{text}: {said:#?}");
            assert!(said[0].contains(expect), "{text}: {said:#?}");
        }
    }
}
