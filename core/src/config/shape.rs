//! What the values of keys look like, and what is said where they don't: shared by all tables of `revchain.toml`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::listed;
use crate::suggest::nearest;
use crate::{Code, Finding, Findings, Span};

/// Makes a place in the file of a range of it.
pub(super) type Spans<'a> = dyn Fn(Range<usize>) -> Span + 'a;

/// The text of a value that is one.
pub(super) fn string<'a>(value: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.as_ref()),
        _ => None,
    }
}

/// The table that a value has to be.
pub(super) fn table<'a, 'b>(
    value: &'a Spanned<DeValue<'b>>,
    span: &Spans<'_>,
    key: &str,
    header: &str,
    findings: &mut Findings,
) -> Option<&'a DeTable<'b>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        let finding = Finding::at(Code::ConfigValue, span(value.span()), format!("`{key}` is a table"));
        findings.push(finding.help(format!("write `{header}` on a line of its own, and its keys below")));
    }
    table
}

/// A key that a table does not have.
pub(super) fn unknown_key(unknown: &str, table: &str, keys: &[&str], place: Span) -> Finding {
    let finding = Finding::at(Code::ConfigKey, place, format!("`{table}` has no key `{unknown}`"));
    match nearest(unknown, keys.iter().copied()) {
        Some(known) => finding.help(format!("did you mean `{known}`?")),
        None => finding.help(format!("its keys are {}", listed(keys))),
    }
}

/// A value that a key cannot have.
pub(super) fn wrong_value(place: Span, (message, help): (String, String)) -> Finding {
    Finding::at(Code::ConfigValue, place, message).help(help)
}
