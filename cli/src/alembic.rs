//! What to type here instead of words that Alembic has and this command line does not, or that only the tool has, or that
//! stand in the wrong place. Adds a tip to what clap says, and decides nothing: the command line is refused either way.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error};

const LINE: &str =
    "a chain is a line, without branches: leave it out; two heads are mended by `revchain rebase <revision>`";
const PROJECT: &str = "there is one kind of project: leave it out";

/// Adds a tip to the error of a command line that cannot be read, where a word in it is known from elsewhere.
pub(crate) fn advised(mut error: Error) -> Error {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.clone()),
        _ => None,
    };
    let tip = word(ContextKind::InvalidSubcommand)
        .and_then(|verb| for_verb(&verb))
        .or_else(|| word(ContextKind::InvalidArg).and_then(|flag| for_flag(&flag).map(str::to_owned)));
    let mut tip = tip;
    for kind in [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue] {
        let Some(ContextValue::String(word)) = error.get(kind) else { continue };
        if word.contains("://") {
            let shown = revchain::redacted(word);
            error.insert(kind, ContextValue::String(shown));
            tip = Some("the URL of a database is written after `--url`".to_owned());
        }
    }
    if let Some(tip) = tip {
        // What clap guesses ("a similar subcommand exists: 'heads'", "to pass '--head' as a value") leads astray.
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    }
    error
}

fn for_verb(verb: &str) -> Option<String> {
    Some(match verb {
        "merge" => "a chain is a line: `revchain rebase <revision>` puts one of two heads behind the other".to_owned(),
        "branches" => "a chain is a line: a fork is an error of the build, and `revchain verify` shows it".to_owned(),
        "list_templates" | "list-templates" => "there is one kind of project: `revchain init` makes it".to_owned(),
        "help" => "it is a flag: `--help`, after a verb too".to_owned(),
        // Those of the tool never come here from the tool itself, which knows them.
        "revision" | "check" => format!(
            "that is about files: `revchain {verb}`, from the tool; or this program, built with the feature `tool` of \
             revchain-cli, where its sources are"
        ),
        "init" | "edit" | "rebase" | "verify" | "explain" | "completions" | "man" => {
            format!("that is about files, which are not in this program: `revchain {verb}`, from the tool")
        }
        _ => return None,
    })
}

fn for_flag(flag: &str) -> Option<&'static str> {
    // A long flag comes with the value that was given to it.
    Some(match flag.split('=').next().unwrap_or_default() {
        "--head" | "--splice" | "--branch-label" | "--depends-on" | "--resolve-dependencies" => LINE,
        "--version-path" => "there is one directory of revisions, `versions`: leave it out",
        "-t" | "--template" | "--package" => PROJECT,
        "-c" | "--config" => {
            "write `--config <FILE>`, with the tool, `revchain`; an application has its chain and its settings in it"
        }
        "--raiseerr" => "a message has its causes in it: leave it out",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Arguments;
    use clap::Parser as _;

    #[test]
    fn words_of_alembics_get_an_answer() {
        for (words, tip) in [
            (&["merge", "-m", "x", "a", "b"][..], "`revchain rebase <revision>`"),
            (&["branches"], "a fork is an error of the build"),
            (&["check"], "`revchain check`, from the tool"),
            (&["list_templates"], "`revchain init`"),
            (&["init", "-t", "generic", "x"], "`revchain init`, from the tool"),
            (&["revision", "--autogenerate", "-m", "x"], "`revchain revision`, from the tool"),
            (&["rebase"], "`revchain rebase`, from the tool"),
            (&["help", "upgrade"], "`--help`"),
            (&["-c", "alembic.ini", "upgrade", "head"], "write `--config <FILE>`, with the tool"),
            (&["--config=alembic.ini", "upgrade", "head"], "write `--config <FILE>`, with the tool"),
            (&["--raiseerr", "upgrade", "head"], "a message has its causes in it"),
            (&["heads", "--resolve-dependencies"], "a chain is a line"),
            (&["upgrade", "--head", "x"], "a chain is a line"),
            (&["upgrade", "--splice"], "a chain is a line"),
            (&["postgres://me:s3cret@host/db", "upgrade"], "written after `--url`"),
            (&["upgrade", "head", "postgres://me:s3cret@host/db"], "written after `--url`"),
        ] {
            let said = advised(Arguments::try_parse_from([&["app"], words].concat()).unwrap_err());
            assert_eq!(said.exit_code(), 2, "{words:?}");
            let said = said.to_string();
            assert!(!said.contains("s3cret"), "{said}");
            let tips: Vec<&str> = said.lines().filter_map(|line| line.trim().strip_prefix("tip: ")).collect();
            assert!(matches!(tips.as_slice(), [one] if one.contains(tip)), "{words:?}: {said}");
        }
    }

    /// clap adds no tip to the error of a value's own parser.
    #[test]
    fn no_password_is_shown() {
        let words = ["app", "upgrade", "--sql", "--dialect", "postgres://me:s3cret@host/db"];
        let said = advised(Arguments::try_parse_from(words).unwrap_err()).to_string();
        assert!(said.contains("postgres://me:***@host/db"), "{said}");
    }

    #[test]
    fn others_are_left_to_clap() {
        let said = advised(Arguments::try_parse_from(["app", "stampp"]).unwrap_err()).to_string();
        assert!(said.contains("a similar subcommand exists: 'stamp'"), "{said}");
    }
}
