//! What differs, in words and as JSON: one change once, whatever the number of dialects.

use std::collections::BTreeSet;

use revchain_autogenerate::{Fault, Proof};
use revchain_core::Dialect;
use revchain_schema::{Changed, Difference};
use serde_json::{Value, json};

use super::{Compared, OfDialect};
use crate::lines::counted;
use crate::terminal::one_line;

/// A change, and the dialects on which it is one.
pub(in crate::tool) struct Change {
    /// `added table `users``.
    pub(in crate::tool) what: String,
    dialects: Vec<Dialect>,
}

/// All changes, in the order in which they are found.
pub(in crate::tool) fn changes(compared: &Compared) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for of in &compared.of {
        for what in of_dialect(of) {
            match all.iter_mut().find(|known| known.what == what) {
                Some(known) => known.dialects.push(of.dialect),
                None => all.push(Change { what, dialects: vec![of.dialect] }),
            }
        }
    }
    all
}

fn of_dialect(of: &OfDialect) -> Vec<String> {
    let tables = of.renames.tables.iter().map(|(from, to)| format!("renamed table `{from}` to `{to}`"));
    let columns =
        of.renames.columns.iter().map(|((table, from), to)| format!("renamed column `{table}.{from}` to `{to}`"));
    tables.chain(columns).chain(of.differences.iter().map(detected)).collect()
}

/// What has to change, seen from the chain.
fn detected(difference: &Difference) -> String {
    let object = &difference.object;
    match &difference.change {
        Changed::Missing => format!("removed {object}"),
        Changed::Extra => format!("added {object}"),
        Changed::Differs { what, before, after } => format!("changed {object}: {what} from {before} to {after}"),
    }
}

/// A line for people; the dialects are named where it is not all of them.
pub(in crate::tool) fn shown(change: &Change, compared: &Compared) -> String {
    let what = one_line(&change.what).into_owned();
    if change.dialects.len() == compared.of.len() {
        return what;
    }
    let names: Vec<&str> = change.dialects.iter().map(|dialect| dialect.name()).collect();
    format!("{what} ({})", names.join(", "))
}

/// The same for programs.
pub(in crate::tool) fn json(compared: &Compared) -> Value {
    let change = |change: &Change| {
        let dialects: Vec<&str> = change.dialects.iter().map(|dialect| dialect.name()).collect();
        json!({ "change": change.what, "dialects": dialects })
    };
    json!({
        "clean": compared.is_clean(),
        "changes": changes(compared).iter().map(change).collect::<Vec<_>>(),
        "not_compared": compared.not_compared,
    })
}

/// What is declared and can't be.
pub(super) fn faulty(faults: &BTreeSet<Fault>, writes: bool) -> String {
    let rest = if writes { "; nothing was written" } else { "" };
    let mut text = format!("{} in the models{rest}", counted(faults.len() as u64, "mistake"));
    for fault in faults {
        let whose = if fault.declared.is_empty() { String::new() } else { format!("`{}`: ", fault.declared) };
        text.push_str(&format!("\n  {}:{}: {whose}{}", fault.file, fault.line, one_line(&fault.message)));
        if let Some(help) = &fault.help {
            text.push_str(&format!("\n    help: {}", one_line(help)));
        }
    }
    text
}

/// What is written from a database would not do on the chain what it is for: because the two differ.
pub(super) fn drifted(dialect: Dialect, proof: &Proof) -> String {
    let mut text = format!(
        "what leads from this database to the models does not lead there from the chain, which differs from it on {dialect}, \
         and which every build replays; no revision was written"
    );
    let problems = proof.problems.iter().map(|problem| problem.message.clone());
    let differences = proof.differences.iter().map(|difference| format!("afterwards, {difference}"));
    for line in problems.chain(differences) {
        text.push_str(&format!("\n  on the chain: {}", one_line(&line)));
    }
    text.push_str(
        "\n  help: `revchain check --database --sql` prints the statements that make the database what the chain says; or, \
         where the database is right, write the revision from the chain (`revchain revision --autogenerate` without \
         `--database`), and record it here with `revchain stamp` in place of running it",
    );
    text
}

/// What was written, and would not do what it is for. A fault of ours, which nobody shall run.
pub(super) fn unproved(dialect: Dialect, direction: &str, proof: &Proof) -> String {
    let mut text = format!(
        "what would be written for the {direction} on {dialect} does not lead where it should; nothing was written"
    );
    for problem in &proof.problems {
        text.push_str(&format!("\n  {}", one_line(&problem.message)));
    }
    for difference in &proof.differences {
        text.push_str(&format!("\n  {}", one_line(&difference.to_string())));
    }
    for table in &proof.lost {
        text.push_str(&format!("\n  nothing can be said of table `{table}` any more"));
    }
    text.push_str(
        "\n  help: this is a fault of revchain's: please report it, and write the revision by hand meanwhile",
    );
    text
}
