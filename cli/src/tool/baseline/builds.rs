//! What the next build says of a base revision, before it is written: what can't work is left out, with the reason; what is meant
//! to differ says so. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use revchain_autogenerate::{Baseline, LeftOut, Step, Written, baseline, baseline_for, sections};
use revchain_core::revision::Direction;
use revchain_core::source::Span;
use revchain_core::{Code, Dialect, Finding, Severity, Sources};
use revchain_schema::{Comparison, Schema};

use super::super::directory::{Directory, Faulty};
use crate::BoxError;

/// How often a build is imagined: each time, less is written.
const ROUNDS: usize = 50;

/// The base revision on all dialects; and what of the database it would not make. `finer` is said behind the schema, and `sources`
/// are the directory's.
pub(super) fn made(
    (stored, finer): (&Schema, &[String]),
    dialects: &[Dialect],
    directory: &Directory,
    sources: &Sources,
) -> Result<(Vec<Baseline>, Comparison), BoxError> {
    let mut said = Said::default();
    let nothing = LeftOut::new();
    for _ in 0..ROUNDS {
        let left_out = said.left_out.get(&stored.dialect).unwrap_or(&nothing);
        let (mut own, comparison) = baseline(stored, left_out);
        own.add(finer, left_out);
        let mut all: Vec<Baseline> = dialects
            .iter()
            .map(|dialect| match *dialect == stored.dialect {
                true => own.clone(),
                false => baseline_for(stored, *dialect, said.left_out.get(dialect).unwrap_or(&nothing)),
            })
            .collect();
        all.iter_mut().for_each(|one| said.allow(one));
        let written: Vec<Written> = all.iter().map(|one| one.written.clone()).collect();
        let text = format!(
            "-- Baseline\n--\n-- revision: baseline\n-- down_revision: base\n{}",
            sections(&written, written.len())
        );
        let mut imagined = sources.clone();
        let name = "versions/baseline.sql";
        let file = imagined.add(format!("{}/{name}", directory.shown), name, text.clone().into_bytes());
        let (_, findings) = revchain_schema::verify(&imagined);
        if !findings.has_errors() {
            return Ok((all, comparison));
        }
        let is_ours = |span: &Span| span.file == file;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors = errors.filter_map(|finding| Some((finding, finding.primary.as_ref()?.span)));
        let heard =
            errors.filter(|(_, span)| is_ours(span)).filter(|(finding, span)| said.hear(finding, *span, &text, &all));
        if heard.count() == 0 {
            return Err(Faulty::new(directory, &imagined, &findings).so("nothing was written").into());
        }
    }
    Err("the base revision cannot be made to build; nothing was written".into())
}

/// What a build said so far.
#[derive(Default)]
struct Said {
    left_out: BTreeMap<Dialect, LeftOut>,
    /// What is meant, as the author would say it: for a whole section, or for a statement.
    allowed: BTreeSet<(Dialect, &'static str, Option<String>, Code)>,
}

impl Said {
    /// Takes a finding's word; false where that is nothing new, and nothing would become of it.
    fn hear(&mut self, finding: &Finding, span: Span, text: &str, all: &[Baseline]) -> bool {
        let at = span.start as usize;
        let Some((direction, dialects)) = section(text, at) else { return false };
        let mut is_new = false;
        for one in all.iter().filter(|one| dialects.is_empty() || dialects.contains(&one.written.dialect.name())) {
            let dialect = one.written.dialect;
            let script = match direction {
                Direction::Upgrade => &one.written.upgrade,
                Direction::Downgrade => &one.written.downgrade,
            };
            let is_whole = matches!(finding.code, Code::NotRestored | Code::DialectsDiffer);
            let covers = |step: &&Step| {
                text.match_indices(&step.sql).any(|(start, sql)| (start..start + sql.len()).contains(&at))
            };
            let statement = script.steps.iter().find(covers).map(|step| step.sql.clone());
            is_new |= match statement {
                _ if is_whole => self.allowed.insert((dialect, direction.name(), None, finding.code)),
                Some(sql) if finding.code.number().starts_with("RC4") => {
                    self.allowed.insert((dialect, direction.name(), Some(sql), finding.code))
                }
                Some(sql) if direction == Direction::Upgrade => {
                    self.left_out.entry(dialect).or_default().insert(sql, finding.message.clone()).is_none()
                }
                _ => false,
            };
        }
        is_new
    }

    /// Says above the statements what is meant.
    fn allow(&self, one: &mut Baseline) {
        let written = &mut one.written;
        for (dialect, direction, statement, code) in &self.allowed {
            if *dialect != written.dialect {
                continue;
            }
            let script = match *direction == Direction::Upgrade.name() {
                true => &mut written.upgrade,
                false => &mut written.downgrade,
            };
            let line = format!("@allow {}: the database is so, and the gaps are known", code.number());
            let mut steps = script.steps.iter_mut();
            let step = match statement {
                Some(sql) => steps.find(|step| step.sql == *sql),
                None => steps.next(),
            };
            match step {
                Some(step) => {
                    step.note = Some(step.note.take().map_or_else(|| line.clone(), |note| format!("{line}\n{note}")));
                }
                None => script.remarks.push(line),
            }
        }
    }
}

/// The section that a place is in: its direction, and the dialects that it names.
fn section(text: &str, at: usize) -> Option<(Direction, Vec<&str>)> {
    let line_end = text.get(at..)?.find('\n').map_or(text.len(), |end| at + end);
    let marker = text.get(..line_end)?.lines().rev().find_map(|line| line.strip_prefix("-- @"))?;
    let words = marker.split(';').next()?;
    let (direction, dialects) = words.split_once(' ').unwrap_or((words, ""));
    let direction = match direction.trim() {
        "upgrade" => Direction::Upgrade,
        "downgrade" => Direction::Downgrade,
        _ => return None,
    };
    Some((direction, dialects.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()))
}
