//! What several dialects say of one place becomes one finding: one mistake, one message.

use std::collections::BTreeMap;

use revchain_core::{Code, Dialect, DialectSet, Finding, Findings, Severity, Span};

/// Something that is wrong, as one dialect says it.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) span: Span,
    pub(super) message: String,
    /// What is said beside the guilty words.
    pub(super) label: String,
    /// Other places.
    pub(super) also: Vec<(Span, String)>,
    pub(super) help: String,
}

/// What one dialect says, in the order of the chain; with the dialects that each place serves.
#[derive(Debug, Default)]
pub(super) struct Said(Vec<(Hit, DialectSet)>);

impl Said {
    /// Adds something that is said in a section that serves these.
    pub(super) fn add(&mut self, hit: Hit, served: DialectSet) {
        self.0.push((hit, served));
    }
}

/// All of them, by place.
#[derive(Debug)]
pub(super) struct Hits {
    configured: DialectSet,
    found: BTreeMap<(Span, Code), Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    hit: Hit,
    dialects: DialectSet,
    /// Those that the section serves.
    served: DialectSet,
}

impl Hits {
    pub(super) fn new(configured: DialectSet) -> Hits {
        Hits { configured, found: BTreeMap::new() }
    }

    /// Adds all that one dialect says.
    pub(super) fn take(&mut self, said: Said, dialect: Dialect) {
        for (hit, served) in said.0 {
            self.add(hit, dialect, served);
        }
    }

    /// Adds what one dialect says in a section that serves these.
    pub(super) fn add(&mut self, hit: Hit, dialect: Dialect, served: DialectSet) {
        let served = served.intersection(self.configured);
        let entries = self.found.entry((hit.span, hit.code)).or_default();
        // Dialects may say the same of one mistake in other words (a name that one of them makes up): one is enough.
        match entries.iter_mut().find(|entry| entry.hit.message == hit.message || !entry.dialects.contains(dialect)) {
            Some(entry) => {
                entry.dialects.insert(dialect);
            }
            None => entries.push(Entry { hit, dialects: DialectSet::from_iter([dialect]), served }),
        }
    }

    pub(super) fn into_findings(self) -> Findings {
        let mut findings = Findings::default();
        for Entry { hit, dialects, served } in self.found.into_values().flatten() {
            let on = match dialects == served || served.iter().count() < 2 {
                true => String::new(),
                false => format!("on {dialects}"),
            };
            let label = match (hit.label.is_empty(), on.is_empty()) {
                (_, true) => hit.label,
                (true, false) => on,
                (false, false) => format!("{} ({on})", hit.label),
            };
            let mut finding = Finding::at(hit.code, hit.span, hit.message).label(label);
            finding.severity = hit.severity;
            if !hit.help.is_empty() {
                finding = finding.help(hit.help);
            }
            for (span, text) in hit.also {
                finding = finding.also(span, text);
            }
            findings.push(finding);
        }
        findings.sort();
        findings
    }
}
