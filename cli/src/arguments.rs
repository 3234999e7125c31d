//! The words of the command line.

use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use revchain::Dialect;

use crate::terminal::Color;

/// Moves a database along the chain of revisions in this program.
#[derive(Debug, Parser)]
// The version is this crate's, and says so: the application's own is not known here.
#[command(name = "revchain", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// The database, for instance sqlite:app.db, postgres://user@host/name, mysql://user@host/name
    #[arg(long, global = true, value_name = "URL", display_order = 100)]
    pub(crate) url: Option<String>,
    /// Another database than the default one: [databases.<NAME>] in revchain.toml
    #[arg(short, long, global = true, value_name = "NAME", display_order = 100)]
    pub(crate) name: Option<String>,
    /// Say nothing but errors and what was asked for
    #[arg(short, long, global = true, display_order = 101)]
    pub(crate) quiet: bool,
    /// Show more: whole entries, and the statements of each revision as it runs
    #[arg(short, long, global = true, conflicts_with = "quiet", display_order = 102)]
    pub(crate) verbose: bool,
    /// Print what was asked for as one JSON object
    #[arg(long, global = true, display_order = 103)]
    pub(crate) json: bool,
    /// Colour what people read; auto is on a terminal
    #[arg(long, global = true, value_name = "WHEN", display_order = 104)]
    pub(crate) color: Option<Color>,
    /// The same as after the verb: where Alembic has it
    // Not global: clap would give the verb's own values alone.
    #[arg(short = 'x', id = "before_the_verb", value_name = "KEY=VALUE", value_parser = argument, hide = true)]
    pub(crate) arguments: Vec<(String, String)>,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring the database up to a revision: head, an id or the start of one, +2, <id>+1
    Upgrade {
        /// Where to; with --sql also <start>:<end>
        #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
        target: String,
        #[command(flatten)]
        run: Run,
        #[command(flatten)]
        offline: Offline,
    },
    /// Take the database back to a revision: -1, an id or the start of one, base
    Downgrade {
        /// Where to; with --sql <start>:<end>
        #[arg(value_name = "TARGET", allow_negative_numbers = true)]
        target: String,
        #[command(flatten)]
        run: Run,
        #[command(flatten)]
        offline: Offline,
    },
    /// Say what would run to bring the database to a revision, and change nothing
    Plan {
        /// Where to, up or down
        #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
        target: String,
    },
    /// Show which database this is, where it stands and how far it is from head
    Status,
    /// Show where the database stands
    Current {
        /// Exit with code 3 unless the database is at head
        #[arg(short, long)]
        check_heads: bool,
    },
    /// List the revisions, newest first
    History {
        /// Only these: <start>:<end>, each an id, base, head, current, or a step from the other (-2:head)
        #[arg(short, long, value_name = "START:END", allow_hyphen_values = true)]
        rev_range: Option<String>,
        /// Mark the revision at which the database stands
        #[arg(short, long)]
        indicate_current: bool,
    },
    /// Show the newest revision of the chain
    Heads,
    /// Show one revision: head, current, an id or the start of one, head-1
    Show {
        /// Which one
        #[arg(value_name = "REVISION", allow_negative_numbers = true)]
        revision: String,
        #[command(flatten)]
        offline: Offline,
    },
    /// Say at which revision the database stands, running nothing
    Stamp {
        /// Where it stands; with --sql also <start>:<end>
        #[arg(value_name = "TARGET", allow_negative_numbers = true)]
        target: String,
        /// Empty the version table first, whatever it holds
        #[arg(long, conflicts_with = "sql")]
        purge: bool,
        #[command(flatten)]
        offline: Offline,
    },
    /// Say whether the statement ran that an interrupted revision left in doubt
    Settle {
        /// What became of it
        #[arg(value_name = "OUTCOME")]
        outcome: Outcome,
    },
    /// Make the version table where there is none, and run nothing
    // Alembic's own spelling works too.
    #[command(alias = "ensure_version")]
    EnsureVersion {
        #[command(flatten)]
        offline: Offline,
    },
    /// Print the tables that the program's structs describe, for revchain's own tool
    #[command(hide = true)]
    Models,
}

impl Verb {
    /// Its name, as it is typed.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Verb::Upgrade { .. } => "upgrade",
            Verb::Downgrade { .. } => "downgrade",
            Verb::Plan { .. } => "plan",
            Verb::Status => "status",
            Verb::Current { .. } => "current",
            Verb::History { .. } => "history",
            Verb::Heads => "heads",
            Verb::Show { .. } => "show",
            Verb::Stamp { .. } => "stamp",
            Verb::Settle { .. } => "settle",
            Verb::EnsureVersion { .. } => "ensure-version",
            Verb::Models => "models",
        }
    }
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Outcome {
    // It did its work. (A doc comment would be help, of a page for each.)
    Ran,
    // It did not.
    NotRun,
}

/// What the verbs that run revisions take.
#[derive(Debug, Default, Args)]
pub(crate) struct Run {
    /// Say what would run, and change nothing
    #[arg(long, conflicts_with = "sql")]
    pub(crate) dry_run: bool,
    /// Tell Rust revisions something, which they read with op.argument("key"); may be repeated
    #[arg(short = 'x', value_name = "KEY=VALUE", value_parser = argument)]
    pub(crate) arguments: Vec<(String, String)>,
    /// Tell Rust revisions one thing, which they read with op.tag()
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Wait between the rounds of a repeat section: a whole number and ms, s or min
    #[arg(long, value_name = "DURATION", value_parser = pause, conflicts_with = "sql")]
    pub(crate) pause: Option<Duration>,
}

/// What the verbs that can write SQL take.
#[derive(Debug, Default, Args)]
pub(crate) struct Offline {
    /// Print SQL, and connect to nothing
    #[arg(long)]
    pub(crate) sql: bool,
    /// The SQL's dialect: postgres, mysql or sqlite; that of the URL where it is not given
    #[arg(long, value_name = "DIALECT", value_parser = dialect, requires = "sql")]
    pub(crate) dialect: Option<Dialect>,
}

/// As in Alembic, a key without `=` has the empty value.
#[allow(clippy::unnecessary_wraps, reason = "clap asks for a Result")]
fn argument(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').unwrap_or((text, ""));
    match key.is_empty() {
        true => Err("it has no key; write `-x key=value`".to_owned()),
        false => Ok((key.to_owned(), value.to_owned())),
    }
}

/// A duration as in `revchain.toml`. (Its own reader is the compiler's, and not in an application.)
fn pause(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        _ => return Err("write a whole number and `ms`, `s` or `min`, for instance `200ms`".to_owned()),
    };
    let milliseconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    // An hour between two rounds is none that anybody means, and the clock has its limits.
    match milliseconds.filter(|milliseconds| *milliseconds <= 3_600_000) {
        Some(milliseconds) => Ok(Duration::from_millis(milliseconds)),
        None => Err("write a whole number, and no more than an hour, for instance `200ms`".to_owned()),
    }
}

fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::named(name).ok_or_else(|| "there are `postgres`, `mysql` (for MariaDB too) and `sqlite`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_negative_step_is_a_target_and_not_a_flag() {
        for words in [&["app", "downgrade", "-1"][..], &["app", "--url", "x", "downgrade", "-1"]] {
            let Verb::Downgrade { target, .. } = Arguments::try_parse_from(words).unwrap().verb else {
                panic!("{words:?}")
            };
            assert_eq!(target, "-1");
        }
        let Verb::History { rev_range, .. } =
            Arguments::try_parse_from(["app", "history", "-r", "-2:head"]).unwrap().verb
        else {
            panic!()
        };
        assert_eq!(rev_range.as_deref(), Some("-2:head"));
    }

    /// A flag of Alembic's that is not here, taken for a target, would be answered with nonsense.
    #[test]
    fn an_unknown_flag_is_no_target() {
        for verb in ["upgrade", "downgrade", "stamp", "show"] {
            let error = Arguments::try_parse_from(["app", verb, "--splice"]).unwrap_err();
            assert!(error.to_string().contains("unexpected argument '--splice'"), "{error}");
        }
    }

    #[test]
    fn options_may_stand_behind_the_target() {
        let arguments = Arguments::try_parse_from(["app", "upgrade", "head", "--url", "sqlite:x.db", "-q"]).unwrap();
        assert_eq!(arguments.url.as_deref(), Some("sqlite:x.db"));
        assert!(arguments.quiet);
    }

    #[test]
    fn arguments_have_a_key() {
        let words = ["app", "upgrade", "-x", "a=1=2", "-x", "b", "-x", "a="];
        let Verb::Upgrade { run, target, .. } = Arguments::try_parse_from(words).unwrap().verb else { panic!() };
        let pairs: Vec<_> = run.arguments.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1=2"), ("b", ""), ("a", "")]);
        assert_eq!(target, "head");
        assert!(Arguments::try_parse_from(["app", "upgrade", "-x", "=1"]).is_err());
        let before = Arguments::try_parse_from(["app", "-x", "a=1", "upgrade", "-x", "b=2"]).unwrap();
        assert_eq!(before.arguments, [("a".to_owned(), "1".to_owned())]);
        let Verb::Upgrade { run, .. } = before.verb else { panic!() };
        assert_eq!(run.arguments, [("b".to_owned(), "2".to_owned())]);
    }

    #[test]
    fn pauses() {
        for (text, milliseconds) in [("200ms", 200), ("2 s", 2_000), ("1min", 60_000), ("0s", 0)] {
            assert_eq!(pause(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "5", "ms", "1.5s", "-1s", "1h", "61min", "99999999999999999999s", "18446744073709551615min"] {
            assert!(pause(text).unwrap_err().contains("for instance `200ms`"), "{text}");
        }
    }

    #[test]
    fn what_excludes_each_other() {
        for words in [
            &["app", "upgrade", "--sql", "--dry-run"][..],
            &["app", "stamp", "head", "--sql", "--purge"],
            &["app", "upgrade", "--sql", "--pause", "1s"],
            &["app", "upgrade", "--dialect", "mysql"],
            &["app", "upgrade", "--sql", "--dialect", "oracle"],
            &["app", "-q", "-v", "current"],
        ] {
            assert_eq!(Arguments::try_parse_from(words).unwrap_err().exit_code(), 2, "{words:?}");
        }
    }
}
