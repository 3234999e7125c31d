//! The words of the tool: its own, and the application's.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::Cli;

/// What every verb may be told.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The revchain.toml of the migrations directory [default: $REVCHAIN_CONFIG, else the nearest one upwards]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// The verbs about files.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Make a migrations directory, and a build script that watches it
    Init(Init),
    /// Write a new revision on top of the newest
    Revision(Revision),
    /// Say whether the models, or with --database a live database, are what the chain leads to
    Check(Check),
    /// Open a revision in your editor: an id or the start of one, head, current
    Edit(Edit),
    /// Put a revision behind another one: mends two heads
    Rebase(Rebase),
    /// Check the migrations directory, as the compiler does
    Verify(Verify),
    /// Print the schema that the chain has made by a revision, as SQL or with --json
    Schema(SchemaWords),
    /// Show what changes in the schema between two revisions
    Diff(DiffWords),
    /// Draw the tables and their foreign keys; with two revisions, what changes between them
    Diagram(DiagramWords),
    /// Freeze the chain as it is: what is released stays as it is from then on
    Release(Release),
    /// Write the chain's order into revchain.lock
    Lock,
    /// Explain a finding by its code or name; without one, list them all
    Explain {
        /// For instance RC103 or fork
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Print the completions for a shell
    Completions {
        /// For which shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// Write a page for each verb into this directory instead
        #[arg(long = "dir", value_name = "DIR")]
        directory: Option<PathBuf>,
    },
}

/// The words of `init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The directory to make
    #[arg(value_name = "DIR", default_value = "migrations")]
    pub(super) directory: PathBuf,
    /// The databases that the chain will serve
    #[arg(long, value_name = "DIALECTS", value_delimiter = ',', default_value = "postgres,mysql,sqlite")]
    pub(super) dialects: Vec<String>,
}

/// The words of `revision`.
#[derive(Debug, Args)]
pub(super) struct Revision {
    /// What the revision does, in a line
    #[arg(short, long, value_name = "TEXT", default_value = "", allow_hyphen_values = true)]
    pub(super) message: String,
    /// The id, instead of twelve random hexadecimal digits
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) rev_id: Option<String>,
    /// What to write it in
    #[arg(long, value_name = "FORMAT", default_value = "sql")]
    pub(super) format: Format,
    /// Write a section for each dialect, instead of one that serves all
    #[arg(long)]
    pub(super) per_dialect: bool,
    /// Write what leads from the chain to the models, and back
    #[arg(long, conflicts_with = "per_dialect")]
    pub(super) autogenerate: bool,
    /// Compare the models with the live database, in place of what the chain leads to
    #[arg(long, requires = "autogenerate")]
    pub(super) database: bool,
    #[command(flatten)]
    pub(super) hints: Hints,
}

/// The words of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Compare the live database with what the chain says of the revision where it stands
    #[arg(long, conflicts_with_all = ["rename", "drop"])]
    pub(super) database: bool,
    /// With --database, print the statements that make the database what the chain says
    #[arg(long, requires = "database")]
    pub(super) sql: bool,
    #[command(flatten)]
    pub(super) hints: Hints,
}

/// What has another name, and what is really gone, where models are compared.
#[derive(Debug, Args)]
pub(super) struct Hints {
    /// A table or column that has another name: old=new, table.old=table.new
    #[arg(long, value_name = "OLD=NEW")]
    pub(super) rename: Vec<String>,
    /// A table or column that is gone, and no other one under a new name
    #[arg(long, value_name = "NAME")]
    pub(super) drop: Vec<String>,
}

/// What a revision is written in.
// Its values explain themselves: with a comment each, clap spreads the help over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Sql,
    Rust,
}

/// The words of `edit`.
#[derive(Debug, Args)]
pub(super) struct Edit {
    /// The revision
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    pub(super) revision: String,
}

/// The words of `rebase`.
#[derive(Debug, Args)]
pub(super) struct Rebase {
    /// The revision to move, with all that follow it
    #[arg(value_name = "REVISION")]
    pub(super) revision: String,
    /// The revision that it shall follow [default: the other head]
    #[arg(long, value_name = "REVISION")]
    pub(super) onto: Option<String>,
}

/// The words of `verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Print the findings as SARIF 2.1.0, which code scanning reads
    #[arg(long, conflicts_with = "github")]
    pub(super) sarif: bool,
    /// Print the findings as annotations of a GitHub workflow
    #[arg(long)]
    pub(super) github: bool,
}

/// For which dialect a chain is replayed.
#[derive(Debug, Args)]
pub(super) struct OfDialect {
    /// The dialect: postgres, mysql or sqlite [default: the chain's only one, else that of the URL]
    // Like the dialect of SQL, but for those that this program has no driver for.
    #[arg(long, value_name = "DIALECT", value_parser = ["postgres", "mysql", "sqlite"], hide_possible_values = true)]
    pub(super) dialect: Option<String>,
}

/// The words of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaWords {
    /// The revision, after which the schema is like that
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    pub(super) revision: String,
    #[command(flatten)]
    pub(super) of: OfDialect,
    /// Write it into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// The words of `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffWords {
    /// The revision to begin with, or <FROM>:<TO>; a step counts from the other one
    #[arg(value_name = "FROM", default_value = "-1", allow_negative_numbers = true)]
    pub(super) from: String,
    /// The revision to end with [default: head]
    #[arg(value_name = "TO", allow_negative_numbers = true)]
    pub(super) to: Option<String>,
    #[command(flatten)]
    pub(super) of: OfDialect,
}

/// The words of `diagram`.
#[derive(Debug, Args)]
pub(super) struct DiagramWords {
    /// The revision, or <FROM>:<TO> for what changes between two
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    pub(super) revision: String,
    /// With two revisions, the second
    #[arg(value_name = "TO", allow_negative_numbers = true)]
    pub(super) to: Option<String>,
    #[command(flatten)]
    pub(super) of: OfDialect,
    /// svg or mermaid [default: what the name of the file says, else svg]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    pub(super) format: Option<Drawing>,
    /// Write it into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// What a diagram is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    Svg,
    Mermaid,
}

/// The words of `release`.
#[derive(Debug, Args)]
pub(super) struct Release {
    /// Change nothing; say what is not released yet, and exit with 1 if there is any
    #[arg(long)]
    pub(super) check: bool,
    /// Take an edited revision as it is now, and nothing else: an edit that no database has met
    #[arg(long, value_name = "REVISION", conflicts_with = "check")]
    pub(super) amend: Vec<String>,
}

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
    // Not a shell: what the scripts of all three ask for.
    #[value(hide = true)]
    Revisions,
}

/// The tool's own words, for help and completions in the order in which a developer meets them.
#[derive(Debug, Parser)]
struct Tool {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    verb: Verb,
}

/// The whole command line.
pub(super) fn command() -> clap::Command {
    let mut command = Tool::command()
        .name("revchain")
        .about("Writes and checks revisions, and moves databases along them")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .arg_required_else_help(true);
    let theirs = Cli::command();
    for argument in theirs.get_arguments() {
        command = command.arg(argument.clone());
    }
    let own = command.get_subcommands().count();
    // What is hidden is for a program that knows its models: this one asks.
    for (position, verb) in theirs.get_subcommands().filter(|verb| !verb.is_hide_set()).enumerate() {
        command = command.subcommand(verb.clone().display_order(own + position));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_command_lines_fit_together() {
        command().debug_assert();
    }
}
