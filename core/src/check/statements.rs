//! Checks the statements of a revision's sections one by one: the walk, and how what is found becomes findings.
//!
//! The rules are in the files beside this one. Each looks at one statement, as one dialect reads it, and says what is
//! wrong; here equal words from several dialects and several statements become one finding, because they are one
//! mistake. Never reports on text that it could not read (RC201 alone then).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Code, Dialect, DialectSet, Finding, Findings, Sources, Span,
    check::{client, rebuild, repeat, session, transaction},
    revision::{Direction, Mode, Section},
    sql::{PieceKind, Split, Words},
};

/// How many places one finding shows beside its first.
const PLACES: usize = 6;

/// Checks the statements of one revision's sections, for the configured dialects.
///
/// Reports RC201 to RC208. `sections` are all those of the file, in file order: a table rebuild may span several. Gives the
/// `@allow` lines that silenced something.
pub fn check_statements(
    sections: &[Section],
    sources: &Sources,
    configured: DialectSet,
    findings: &mut Findings,
) -> BTreeSet<Span> {
    let silenced = RefCell::default();
    let mut walks: Vec<Walk<'_>> = sections
        .iter()
        // What a Rust revision declares never runs.
        .filter(|section| section.declared.is_none())
        .map(|section| Walk { section, text: sources.text(section.body), hits: BTreeMap::new(), silenced: &silenced })
        .collect();
    for walk in &mut walks {
        walk.run(configured);
    }
    if configured.contains(Dialect::Sqlite) {
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            rebuild::check(&mut walks, direction);
        }
    }
    for walk in walks {
        walk.report(configured, findings);
    }
    silenced.into_inner()
}

/// What one rule says about one statement.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) code: Code,
    /// The guilty words, as offsets in the section's text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) message: String,
    /// What is said beside the guilty words.
    pub(super) label: String,
    /// What to do. Hits of one section with equal help are one mistake.
    pub(super) help: String,
    /// Another place that belongs to it.
    pub(super) also: Option<(Span, String)>,
    pub(super) dialects: DialectSet,
}

/// One section being checked.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) section: &'a Section,
    pub(super) text: &'a str,
    hits: BTreeMap<(usize, usize, Code), Hit>,
    silenced: &'a RefCell<BTreeSet<Span>>,
}

/// One statement being checked, as one dialect reads it.
pub(super) struct Subject<'a, 'b> {
    pub(super) section: &'a Section,
    pub(super) dialect: Dialect,
    /// The first word in upper case.
    pub(super) first: &'b str,
    pub(super) words: Words<'a>,
    /// Where the statement starts in the section's text.
    offset: usize,
}

/// What earlier statements of the section did, as far as later ones depend on it.
#[derive(Debug, Default)]
pub(super) struct State {
    /// A role was set: RESET ROLE undoes no more than that.
    pub(super) role: bool,
    /// The search path was set: resetting it undoes no more than that.
    pub(super) search_path: bool,
    /// A subscription was parted from its slot: now it can be dropped inside a transaction.
    pub(super) slot_parted: bool,
}

impl Subject<'_, '_> {
    /// A hit on the words `from..to`.
    pub(super) fn hit(&mut self, code: Code, from: usize, to: usize, message: String) -> Hit {
        let (start, end) = self.words.range(from, to);
        Hit {
            code,
            start: self.offset + start,
            end: self.offset + end,
            message,
            label: String::new(),
            help: String::new(),
            also: None,
            dialects: DialectSet::from_iter([self.dialect]),
        }
    }

    /// The words `from..to` in upper case with single blanks, as a message shows them.
    pub(super) fn show(&mut self, from: usize, to: usize) -> String {
        let mut shown = String::new();
        for at in from..to {
            let word = self.words.text(at);
            if !shown.is_empty() && !word.is_empty() {
                shown.push(' ');
            }
            shown.push_str(&word.to_uppercase());
        }
        shown
    }

    /// The marker line of a section like this one, for this dialect, with this option.
    pub(super) fn marker(&self, option: &str) -> String {
        format!("-- @{} {}; {option}", self.section.direction.name(), self.dialect)
    }

    /// Whether the statements of the section run inside a transaction that the runner holds.
    pub(super) fn in_transaction(&self) -> bool {
        self.section.mode != Mode::NoTransaction
    }
}

impl Hit {
    pub(super) fn label(mut self, label: impl Into<String>) -> Hit {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Hit {
        self.help = help.into();
        self
    }
}

impl Walk<'_> {
    fn run(&mut self, configured: DialectSet) {
        for reading in &self.section.readings {
            for dialect in reading.dialects.intersection(configured).iter() {
                if let Some(hit) = unterminated(self.text, &reading.split, dialect) {
                    self.add(hit);
                } else {
                    self.read(&reading.split, dialect);
                }
            }
        }
        if matches!(self.section.mode, Mode::Repeat(_)) && self.hits.is_empty() {
            for reading in &self.section.readings {
                for dialect in reading.dialects.intersection(configured).iter() {
                    if let Some(hit) = repeat::check(self, &reading.split, dialect)
                        && !self.is_allowed(&reading.split, &hit)
                    {
                        self.add(hit);
                    }
                }
            }
        }
    }

    fn read(&mut self, split: &Split, dialect: Dialect) {
        let mut state = State::default();
        for piece in &split.pieces {
            let hit = match piece.kind {
                PieceKind::Trivia => continue,
                PieceKind::Client => client::line(self.text, piece.start as usize, piece.end as usize, dialect),
                PieceKind::Statement(statement) => {
                    let (start, end) = (statement.start as usize, statement.end as usize);
                    let Some(text) = self.text.get(start..end) else { continue };
                    let mut buffer = [0; 9];
                    let Some(first) = suspicious(text, dialect, &mut buffer) else { continue };
                    let section = self.section;
                    let mut subject =
                        Subject { section, dialect, first, words: Words::new(text, dialect), offset: start };
                    transaction::control(&mut subject)
                        .or_else(|| session::check(&mut subject, &mut state))
                        .or_else(|| transaction::pragma(&mut subject))
                        .or_else(|| transaction::outside(&mut subject, &mut state))
                        .or_else(|| client::copy(&mut subject))
                }
            };
            if let Some(hit) = hit
                && !self.is_allowed(split, &hit)
            {
                self.add(hit);
            }
        }
    }

    pub(super) fn add(&mut self, hit: Hit) {
        match self.hits.get_mut(&(hit.start, hit.end, hit.code)) {
            Some(known) => known.dialects = known.dialects.union(hit.dialects),
            None => {
                self.hits.insert((hit.start, hit.end, hit.code), hit);
            }
        }
    }

    pub(super) fn has(&self, code: Code) -> bool {
        self.hits.keys().any(|(_, _, known)| *known == code)
    }

    /// Whether an `@allow` line silences this: one that stands before its statement and after the one before.
    pub(super) fn is_allowed(&self, split: &Split, hit: &Hit) -> bool {
        let allow = self.section.allowing(split, hit.start, hit.code);
        allow.is_some_and(|allow| {
            self.silenced.borrow_mut().insert(allow.span);
            true
        })
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let base = self.section.body.start as usize;
        Span::new(self.section.body.file, base + start, base + end)
    }

    fn report(self, configured: DialectSet, findings: &mut Findings) {
        let served = self.section.dialects.intersection(configured);
        let mut reported: Vec<(String, usize, Finding)> = Vec::new();
        for hit in self.hits.values() {
            // What is missing has no words of its own.
            let span = if hit.start == hit.end { self.section.marker } else { self.span(hit.start, hit.end) };
            let label = match (hit.label.is_empty(), hit.dialects == served) {
                (_, true) => hit.label.clone(),
                (true, false) => format!("on {}", hit.dialects),
                (false, false) => format!("{} (on {})", hit.label, hit.dialects),
            };
            let same = reported.iter_mut().find(|(help, _, known)| known.code == hit.code && *help == hit.help);
            if let Some((_, places, known)) = same {
                *places += 1;
                if *places <= PLACES {
                    known.secondary.push(crate::Label { span, text: "here, too".to_owned() });
                }
                continue;
            }
            let mut finding = Finding::at(hit.code, span, hit.message.clone()).label(label);
            if !hit.help.is_empty() {
                finding = finding.help(hit.help.clone());
            }
            if let Some((span, text)) = &hit.also {
                finding = finding.also(*span, text.clone());
            }
            reported.push((hit.help.clone(), 0, finding));
        }
        for (_, _, finding) in reported {
            findings.push(finding);
        }
    }
}

/// The first word in upper case, if a rule of this dialect wants to see statements that begin with it. Most don't get
/// further.
fn suspicious<'b>(statement: &str, dialect: Dialect, buffer: &'b mut [u8; 9]) -> Option<&'b str> {
    let mut bytes = statement.as_bytes();
    if !bytes.first()?.is_ascii_alphabetic() {
        // An executable comment, or nothing that a server knows.
        bytes = Words::new(statement, dialect).text(0).as_bytes();
    }
    // By hand: asked for each statement and dialect, in builds without optimisation.
    let mut end = 0;
    while end < bytes.len() {
        let byte = match bytes[end] {
            byte @ b'a'..=b'z' => byte - b'a' + b'A',
            byte @ (b'A'..=b'Z' | b'0'..=b'9' | b'_') => byte,
            _ => break,
        };
        if end == buffer.len() {
            return None;
        }
        buffer[end] = byte;
        end += 1;
    }
    let word = buffer.get(..end)?;
    let known = match dialect {
        Dialect::Postgres => matches!(
            word,
            b"ABORT"
                | b"ALTER"
                | b"BEGIN"
                | b"CLUSTER"
                | b"COMMIT"
                | b"COPY"
                | b"CREATE"
                | b"DISCARD"
                | b"DROP"
                | b"END"
                | b"PREPARE"
                | b"REINDEX"
                | b"RESET"
                | b"ROLLBACK"
                | b"SELECT"
                | b"SET"
                | b"START"
                | b"USE"
                | b"VACUUM"
        ),
        Dialect::Mysql => {
            matches!(word, b"BEGIN" | b"COMMIT" | b"FLUSH" | b"LOCK" | b"ROLLBACK" | b"SET" | b"START" | b"USE" | b"XA")
        }
        Dialect::Sqlite => matches!(
            word,
            b"BEGIN" | b"COMMIT" | b"DETACH" | b"END" | b"PRAGMA" | b"ROLLBACK" | b"START" | b"USE" | b"VACUUM"
        ),
    };
    if known { std::str::from_utf8(word).ok() } else { None }
}

fn unterminated(text: &str, split: &Split, dialect: Dialect) -> Option<Hit> {
    let found = split.unterminated?;
    let (start, end) = (found.start as usize, found.end as usize);
    let opening = text.get(start..end).unwrap_or("");
    let rest = text.get(end..).unwrap_or("");
    let help = match found.what {
        "comment" => "close it with `*/`".to_owned(),
        "dollar-quoted string" => format!("close it with the same tag, `{opening}`"),
        _ if dialect == Dialect::Mysql && opening != "`" && rest.contains('\\') => {
            format!(
                "close it with `{opening}`; on mysql a backslash keeps the next quote from closing: write `\\\\` for one"
            )
        }
        _ if opening == "[" => "close it with `]`".to_owned(),
        _ => format!("close it with `{opening}`; a `{opening}` that belongs to the text is written twice"),
    };
    Some(Hit {
        code: Code::Unterminated,
        start,
        end,
        message: format!("this {} is never closed", found.what),
        label: "opened here".to_owned(),
        help,
        also: None,
        dialects: DialectSet::from_iter([dialect]),
    })
}
