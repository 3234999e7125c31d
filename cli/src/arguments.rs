//! The words of the command line.

use clap::{Parser, Subcommand};

/// Moves a database along the chain of revisions in this program.
#[derive(Debug, Parser)]
// The version is this crate's, and says so: the application's own is not known here.
#[command(name = "revchain", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// The database, for instance sqlite:app.db, postgres://user@host/name, mysql://user@host/name
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Say nothing but errors and what was asked for
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Bring the database up to a revision: head, an id or the start of one, +2, <id>+1
    Upgrade {
        #[arg(value_name = "TARGET", default_value = "head", allow_negative_numbers = true)]
        target: String,
    },
    /// Take the database back to a revision: -1, an id or the start of one, base
    Downgrade {
        #[arg(value_name = "TARGET", allow_negative_numbers = true)]
        target: String,
    },
    /// Show where the database stands
    Current {
        /// Show the whole entry of the revision
        #[arg(short, long)]
        verbose: bool,
        /// Exit with code 3 unless the database is at head
        #[arg(short, long)]
        check_heads: bool,
    },
    /// List the revisions, newest first
    History {
        /// Only these: <start>:<end>, each an id, base, head, current, or a step from the other (-2:head)
        #[arg(short, long, value_name = "START:END", allow_hyphen_values = true)]
        rev_range: Option<String>,
        /// Show whole entries
        #[arg(short, long)]
        verbose: bool,
        /// Mark the revision at which the database stands
        #[arg(short, long)]
        indicate_current: bool,
    },
    /// Show the newest revision of the chain
    Heads {
        /// Show the whole entry
        #[arg(short, long)]
        verbose: bool,
    },
    /// Show one revision: head, current, an id or the start of one, head-1
    Show {
        #[arg(value_name = "REVISION", allow_negative_numbers = true)]
        revision: String,
    },
    /// Say at which revision the database stands, running nothing
    Stamp {
        #[arg(value_name = "TARGET", allow_negative_numbers = true)]
        target: String,
        /// Empty the version table first, whatever it holds
        #[arg(long)]
        purge: bool,
    },
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
            let Verb::Downgrade { target } = Arguments::try_parse_from(words).unwrap().verb else {
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
            let error = Arguments::try_parse_from(["app", verb, "--sql"]).unwrap_err();
            assert!(error.to_string().contains("unexpected argument '--sql'"), "{error}");
        }
    }

    #[test]
    fn options_may_stand_behind_the_target() {
        let arguments = Arguments::try_parse_from(["app", "upgrade", "head", "--url", "sqlite:x.db", "-q"]).unwrap();
        assert_eq!(arguments.url.as_deref(), Some("sqlite:x.db"));
        assert!(arguments.quiet);
    }
}
