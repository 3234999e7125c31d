//! `[check]`: how much each kind of finding matters. Applied once, where a directory is verified, so that the compiler, the
//! build script and the tool agree. Never touches what has to be an error: a broken chain can't run.

use toml::Spanned;
use toml::de::DeValue;

use super::shape::{Spans, string, table, wrong_value};
use crate::suggest::nearest;
use crate::{Code, Finding, Findings, Severity, Span};

/// How much a kind of finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The build stops.
    Error,
    /// The build goes on.
    Warning,
    /// Nothing is said.
    Off,
}

/// The levels that were asked for, by the number of a code or by the beginning that a family's numbers share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels(Vec<(String, Level)>);

impl Levels {
    /// What was asked for. The longer beginning is the one that is meant.
    fn of(&self, code: Code) -> Option<Level> {
        let fitting = self.0.iter().filter(|(beginning, _)| code.number().starts_with(beginning));
        let level = fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, level)| *level)?;
        (level == Level::Error || code.can_be_lowered()).then_some(level)
    }

    /// Whether a kind of finding is said at all: so that nobody looks for what nobody hears.
    pub fn says(&self, code: Code) -> bool {
        self.of(code).map_or(!code.is_off_by_itself(), |level| level != Level::Off)
    }

    /// Makes findings errors, warnings or nothing, as was asked. For those who judge: each finding once.
    pub fn apply(&self, findings: &mut Findings) {
        findings.retain(|finding| {
            match self.of(finding.code) {
                Some(Level::Off) => return false,
                Some(Level::Warning) => finding.severity = Severity::Warning,
                Some(Level::Error) => finding.severity = Severity::Error,
                None if finding.code.is_off_by_itself() => return false,
                None => {}
            }
            true
        });
    }
}

/// Reads the table.
pub(super) fn read(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> Levels {
    let mut levels = Levels::default();
    let Some(table) = table(value, span, "check", "[check]", findings) else { return levels };
    for (key, value) in table {
        let (name, place) = (key.get_ref().as_ref(), span(key.span()));
        let Some(beginning) = beginning(name) else {
            findings.push(unknown(name, place));
            continue;
        };
        let level = match string(value) {
            Some("error") => Level::Error,
            Some("warning") => Level::Warning,
            Some("off") => Level::Off,
            _ => {
                let message = format!("`{}` is `\"error\"`, `\"warning\"` or `\"off\"`", name.escape_debug());
                let help = "leave the key out for what the code is by itself".to_owned();
                findings.push(wrong_value(span(value.span()), (message, help)));
                continue;
            }
        };
        let mut family = Code::ALL.iter().filter(|code| code.number().starts_with(&beginning));
        if level != Level::Error && !family.any(|code| code.can_be_lowered()) {
            let message = format!("`{name}` stays an error");
            let help = "without a sound chain there is nothing that could run, and what is released is frozen: remove the line";
            findings.push(wrong_value(span(value.span()), (message, help.to_owned())));
        } else if levels.0.iter().any(|(known, _)| *known == beginning) {
            let help = "a code's number and its name are the same key: remove one of the two".to_owned();
            findings.push(wrong_value(place, (format!("`{name}` is given twice"), help)));
        } else {
            levels.0.push((beginning, level));
        }
    }
    levels
}

/// The number that a key names, or the beginning of a family's.
fn beginning(name: &str) -> Option<String> {
    if let Some(code) = Code::find(name) {
        return Some(code.number().to_owned());
    }
    let family = name.to_ascii_uppercase();
    let is_one = (3..5).contains(&family.len()) && Code::ALL.iter().any(|code| code.number().starts_with(&family));
    is_one.then_some(family)
}

fn unknown(name: &str, place: Span) -> Finding {
    let known = Code::ALL.iter().flat_map(|code| [code.number(), code.slug()]);
    let finding =
        Finding::at(Code::ConfigKey, place, format!("`[check]` names no code: `{}` is not one", name.escape_debug()));
    match nearest(name, known) {
        Some(like) => finding.help(format!("did you mean `{like}`?")),
        None => {
            finding.help("a key is a code's number or name, or a family such as `RC2`; `revchain explain` lists them")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Findings, Severity, Sources, chain};

    /// A `SET search_path` (RC203), a `BEGIN` (RC202), a lock that is behind (RC344): what is said, an error in capitals.
    fn check(config: &str) -> (String, bool) {
        let mut sources = Sources::default();
        sources.add("revchain.toml", "revchain.toml", format!("dialects = ['postgres']\n{config}").into_bytes());
        sources.add("revchain.lock", "revchain.lock", b"[order]\n".to_vec());
        let text =
            "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\nSET search_path TO a;\nBEGIN;\n-- @downgrade\n";
        sources.add("versions/a.sql", "versions/a.sql", text.as_bytes().to_vec());
        let (chain, findings) = chain::verify(&sources);
        (said(&findings), chain.is_some())
    }

    fn said(findings: &Findings) -> String {
        let said = findings.iter().map(|finding| match finding.severity {
            Severity::Error => finding.code.number().to_owned(),
            Severity::Warning => finding.code.number().to_lowercase(),
        });
        said.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn levels_are_what_was_asked_for() {
        for (config, expect, is_sound) in [
            ("", "RC203 RC202 rc344", false),
            ("[check]\nRC203 = 'warning'\ntransaction-control = 'off'", "rc203 rc344", true),
            ("[check]\nrc2 = 'warning'\nLOCK-BEHIND = 'error'", "rc203 rc202 RC344", false),
            ("[check]\nRC2 = 'off'\nRC34 = 'off'", "", true),
            ("[check]\nRC20 = 'warning'\nRC203 = 'error'\nRC2 = 'off'", "RC203 rc202 rc344", false),
            ("[check]\nRC203 = 'off'\nRC2 = 'warning'", "rc202 rc344", true),
        ] {
            let (mut said, sound) = check(config);
            // One file's findings are in the order of their places.
            let mut words: Vec<&str> = said.split(' ').collect();
            words.sort_by_key(|word| !word.to_uppercase().starts_with("RC203"));
            words.sort_by_key(|word| word.to_uppercase() == "RC344");
            said = words.join(" ");
            assert_eq!((said.as_str(), sound), (expect, is_sound), "{config}");
        }
    }

    #[test]
    fn what_cannot_be_lowered_and_what_is_no_code_is_said() {
        for (config, expect) in [
            ("[check]\nRC103 = 'warning'", "RC032"),
            ("[check]\nRC1 = 'off'", "RC032"),
            ("[check]\nRC201 = 'off'", "RC032"),
            ("[check]\nRC341 = 'warning'", "RC032"),
            ("[check]\nRC203 = 'warn'", "RC032"),
            ("[check]\nRC203 = false", "RC032"),
            ("[check]\nRC203 = 'off'\nsession-state = 'off'", "RC032"),
            ("[check]\nRC999 = 'off'", "RC031"),
            ("[check]\nRC = 'off'", "RC031"),
            ("[check]\nsesion-state = 'off'", "RC031"),
            ("check = 'off'", "RC032"),
        ] {
            let (said, _) = check(config);
            assert!(said.split(' ').any(|code| code == expect), "{config}: {said}");
        }
        assert!(!check("[check]\nRC1 = 'error'\nRC103 = 'error'").0.contains("RC03"));
    }

    #[test]
    fn only_what_leaves_a_chain_can_be_lowered() {
        for code in Code::ALL {
            let frozen = ["RC201", "RC340", "RC341", "RC342", "RC343"].contains(&code.number());
            let expect = code.number() >= "RC2" && !frozen;
            assert_eq!(code.can_be_lowered(), expect, "{code}");
        }
    }
}
