//! Findings: what is wrong, where, and what to do. Data only; `render.rs` turns them into text.

use crate::revision::Direction;
use crate::{Code, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build stops.
    Error,
    /// The build goes on.
    Warning,
}

impl Severity {
    /// The word used in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place that a finding talks about, and what is said there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said beside the marker. May be empty.
    pub text: String,
}

/// One compile-time diagnostic. One mistake gives one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence, lower case, no full stop, the user's own words in backticks.
    pub message: String,
    /// The guilty place. `None` where no file could be read: then `path` names what was looked at.
    pub primary: Option<Label>,
    /// Other places that belong to it ("first here").
    pub secondary: Vec<Label>,
    /// The path to show when there is no primary span.
    pub path: Option<String>,
    /// What to do, as one sentence or a few lines.
    pub help: Option<String>,
    /// The revision that it is about, where it is told elsewhere than in its file.
    pub revision: Option<String>,
    /// The direction that it is about, where the place is in no section of it.
    pub direction: Option<Direction>,
}

impl Finding {
    /// An error at a place.
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Some(Label { span, text: String::new() }),
            secondary: Vec::new(),
            path: None,
            help: None,
            revision: None,
            direction: None,
        }
    }

    /// An error about a path that could not be read.
    pub fn about(code: Code, path: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            path: Some(path.into()),
            help: None,
            revision: None,
            direction: None,
        }
    }

    /// Says something beside the primary marker.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Finding {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Finding {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Names the revision, for a place that is not in its file.
    #[must_use]
    pub fn of(mut self, revision: impl Into<String>) -> Finding {
        self.revision = Some(revision.into());
        self
    }

    /// Names the direction, for a place that is in none of its sections.
    #[must_use]
    pub fn towards(mut self, direction: Direction) -> Finding {
        self.direction = Some(direction);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(text.into());
        self
    }
}

/// Findings, collected while a stage runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds all of another collection.
    pub fn append(&mut self, mut other: Findings) {
        self.0.append(&mut other.0);
    }

    /// Keeps those that the function keeps. It may change them.
    pub(crate) fn retain(&mut self, keep: impl FnMut(&mut Finding) -> bool) {
        self.0.retain_mut(keep);
    }

    /// Whether a build may go on.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts them in the order in which a person reads: those without a place first, then by file and offset.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|finding| (finding.primary.as_ref().map(|label| label.span), finding.code));
    }

    /// In the present order.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
