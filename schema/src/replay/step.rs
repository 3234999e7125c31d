//! One statement on its way: where it stands, what is wrong with it so far, and what in it nobody understood.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};
use revchain_core::suggest::nearest;

use super::{Fault, FaultKind};
use crate::change::Part;
use crate::model::{Name, ObjectName, Place, Table, Taint, unquoted};

/// A statement that is being applied.
pub(super) struct Step<'a> {
    text: &'a str,
    dialect: Dialect,
    pub(super) place: Place,
    at: &'a dyn Fn(Part) -> Place,
    /// The clauses that nobody understood: they taint what the statement changes.
    pub(super) taints: Vec<Taint>,
    pub(super) faults: Vec<Fault>,
    /// The columns that the statement drops, and doesn't add again.
    pub(super) dropped: Vec<Name>,
    /// Whether it is an `ALTER TABLE` of one action.
    pub(super) is_single: bool,
}

impl<'a> Step<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect, place: Place, at: &'a dyn Fn(Part) -> Place) -> Step<'a> {
        Step { text, dialect, place, at, taints: Vec::new(), faults: Vec::new(), dropped: Vec::new(), is_single: false }
    }

    /// A place of a part of the statement.
    pub(super) fn at(&self, part: Part) -> Place {
        (self.at)(part)
    }

    /// The statement.
    pub(super) fn source(&self) -> &'a str {
        self.text
    }

    /// A part of the statement as text.
    pub(super) fn text(&self, part: Part) -> &'a str {
        self.text.get(part.0..part.1).unwrap_or_default()
    }

    /// The statement from here on.
    pub(super) fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Where a name stands, or a string: in this part of the statement, else anywhere in it. It is the part where it stands
    /// nowhere (the database made it up). For what is wrong: nothing else is worth looking for it.
    pub(super) fn word(&self, part: impl Into<Option<Part>>, name: &str) -> Option<Part> {
        let part = part.into();
        let within = part.and_then(|part| self.find(part, name));
        within.or_else(|| self.find((0, self.text.len()), name)).or(part)
    }

    fn find(&self, (from, to): Part, name: &str) -> Option<Part> {
        let text = self.text.get(..to)?;
        let mut lexer = Lexer::new(text, self.dialect);
        lexer.seek(from);
        while let Some(token) = lexer.next_significant() {
            let shown = token.text(text);
            let is_it = match token.kind {
                TokenKind::Word => shown.eq_ignore_ascii_case(name),
                TokenKind::QuotedIdentifier | TokenKind::String => unquoted(shown) == name,
                _ => false,
            };
            if is_it {
                return Some((token.start, token.end));
            }
        }
        None
    }

    /// How often a name stands in the statement, whatever it names there.
    pub(super) fn times(&self, name: &str) -> usize {
        let mut lexer = Lexer::new(self.text, self.dialect);
        let mut times = 0;
        while let Some(token) = lexer.next_significant() {
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
            times += usize::from(is_name && unquoted(token.text(self.text)).eq_ignore_ascii_case(name));
        }
        times
    }

    /// A taint from a part of the statement.
    pub(super) fn taint(&self, part: Part) -> Taint {
        Taint::new(self.at(part), self.text(part))
    }

    /// A taint from the statement as a whole.
    pub(super) fn whole(&self) -> Taint {
        Taint::new(self.place, self.text)
    }

    /// Notes what is wrong.
    pub(super) fn fault(&mut self, kind: FaultKind, message: String, part: impl Into<Option<Part>>) -> Report<'_> {
        self.faults.push(Fault { kind, message, part: part.into(), also: None, help: None });
        Report(self.faults.last_mut())
    }
}

/// A fault that was noted, to say more of.
pub(super) struct Report<'a>(Option<&'a mut Fault>);

impl Report<'_> {
    /// Another place that belongs to it.
    pub(super) fn also(mut self, place: Place, what: impl Into<String>) -> Self {
        if let Some(fault) = &mut self.0 {
            fault.also = Some((place, what.into()));
        }
        self
    }

    /// What to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(fault) = &mut self.0 {
            fault.help = Some(help.into());
        }
        self
    }

    /// The nearest of what there is, as a suggestion.
    pub(super) fn meant<'n>(self, word: &str, known: impl IntoIterator<Item = &'n str>) {
        if let Some(name) = nearest(word, known) {
            let help = format!("did you mean `{name}`?");
            let _ = self.help(help);
        }
    }
}

/// A table that is being changed. It is out of the schema meanwhile.
pub(super) struct Target<'t> {
    pub(super) name: &'t ObjectName,
    pub(super) table: &'t mut Table,
    /// Whether an opaque statement may have changed it.
    pub(super) sure: bool,
}

impl Target<'_> {
    /// Whether anything may be claimed of it.
    pub(super) fn is_known(&self) -> bool {
        self.sure && self.table.is_known()
    }

    /// Something doesn't fit: whether that may be said. Either way nothing more is claimed.
    pub(super) fn judge(&mut self, step: &Step<'_>) -> bool {
        let known = self.is_known();
        self.doubt(step);
        known
    }

    /// Nothing more is claimed of it.
    pub(super) fn doubt(&mut self, step: &Step<'_>) {
        if self.table.is_known() {
            self.table.unknown.push(step.whole());
        }
    }
}
