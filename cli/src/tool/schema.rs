//! `schema`: what a chain has made by a revision, as DDL or JSON.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;
use revchain_core::Dialect;
use revchain_schema::Schema;
use revchain_schema::write::{Piece, script};

use super::chosen::Chosen;
use super::command::SchemaWords;
use super::replayed::{Replayed, Unknown, put, summary};
use super::schema_json;
use crate::BoxError;
use crate::json::object;
use crate::output::place;

pub(super) fn run(
    chosen: &Chosen,
    matches: &ArgMatches,
    words: &SchemaWords,
    json: bool,
) -> Result<ExitCode, BoxError> {
    let replayed = Replayed::of(chosen, matches, &words.of)?;
    let (schema, revision) = replayed.at(&words.revision)?;
    let unknown = replayed.unknown(&[&schema]);
    let text = match json {
        true => object("schema", schema_json::schema(&schema, revision, &unknown)),
        false => as_sql(&schema, revision, &unknown),
    };
    put(words.output.as_deref(), &text)?;
    // The script has it, too, but who redirects it should know.
    replayed.warn(&unknown);
    Ok(ExitCode::SUCCESS)
}

fn as_sql(schema: &Schema, revision: Option<&str>, unknown: &[Unknown]) -> String {
    let mut text = format!("-- The schema at {}, for {}\n", place(revision), schema.dialect.name());
    let anything: Vec<&Unknown> = unknown.iter().filter(|one| one.table.is_none()).collect();
    if !unknown.is_empty() {
        let _ = writeln!(text, "-- {}", comment(&summary(unknown)));
    }
    for one in anything {
        let _ = writeln!(text, "--   {}", comment(&one.line_of_text()));
    }
    // What takes a line stands together, a note with what it is about.
    let (mut is_line, mut after_note) = (false, false);
    for piece in script(schema) {
        let is_note = !matches!(piece, Piece::Statement(_));
        let was_line = std::mem::replace(&mut is_line, matches!(&piece, Piece::Statement(sql) if !sql.contains('\n')));
        let was_note = std::mem::replace(&mut after_note, is_note);
        let belongs_to_last = was_note || (was_line && is_line);
        if !belongs_to_last {
            text.push('\n');
        }
        match piece {
            Piece::Statement(sql) => text.push_str(&statement(&sql, schema.dialect)),
            Piece::Doubt(table, taint) => {
                let found =
                    unknown.iter().find(|one| one.table.as_ref() == Some(&table) && one.statement == taint.what);
                let said = found.map_or_else(|| taint.what.clone(), Unknown::line_of_text);
                let _ = writeln!(text, "-- not certain, for this is not understood: {}", comment(&said));
            }
            Piece::Omitted(what) => {
                let _ = writeln!(text, "-- left out: {}", comment(&what));
            }
        }
    }
    text
}

/// A comment ends with its line.
fn comment(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// A statement with its end. MySQL's client would end a body at its first semicolon.
fn statement(sql: &str, dialect: Dialect) -> String {
    match dialect == Dialect::Mysql && sql.contains(';') {
        true => format!("DELIMITER //\n{sql}\n//\nDELIMITER ;\n"),
        false => format!("{sql};\n"),
    }
}
