//! What the compiler shows: put together by hand, because a constant can't format.

use crate::TableModel;

/// What is left for the end.
const END: usize = 256;
/// How many differences of all are shown.
const SHOWN: u32 = 40;

/// Differences, as text; of no size they are only counted.
#[derive(Debug)]
pub struct Message<const SIZE: usize> {
    bytes: [u8; SIZE],
    length: usize,
    /// How many there are.
    lines: u32,
    /// What nobody was told of yet: of which struct they are.
    of: Option<(&'static str, &'static str, u32)>,
}

/// How far it was.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    length: usize,
    lines: u32,
}

impl<const SIZE: usize> Message<SIZE> {
    /// Without any.
    #[expect(clippy::new_without_default, reason = "made while a program is compiled, where there are no traits")]
    pub const fn new() -> Message<SIZE> {
        Message { bytes: [0; SIZE], length: 0, lines: 0, of: None }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// From here on it is about a struct. Gives where that is.
    pub(super) const fn begin(&mut self, model: &TableModel) -> Mark {
        let declared = model.declared;
        self.of = Some((declared.name, declared.file, declared.line));
        Mark { length: self.length, lines: self.lines }
    }

    /// Whether something was said since.
    pub(super) const fn is_behind(&self, mark: Mark) -> bool {
        self.lines > mark.lines
    }

    /// Takes back what was said since.
    pub(super) const fn go_back(&mut self, mark: Mark, model: &TableModel) {
        (self.length, self.lines) = (mark.length, mark.lines);
        self.begin(model);
    }

    /// A line begins: a table, what of it, and the name of that.
    pub(super) const fn line(&mut self, table: &str, what: &str, name: &str) -> &mut Message<SIZE> {
        self.lines += 1;
        if SIZE == 0 || self.lines > SHOWN {
            return self;
        }
        match self.of {
            Some((name, file, line)) => {
                self.of = None;
                self.text(if self.length == 0 { "model `" } else { "\nmodel `" }).text(name).text("`");
                if !file.is_empty() {
                    self.text(" (").text(file).text(":").number(line).text(")");
                }
                self.text(" and the chain disagree:");
            }
            None if self.length == 0 => {
                self.text("models and chain disagree:");
            }
            None => {}
        }
        self.text("\n  table `").text(table).text("`").text(what);
        if !name.is_empty() {
            self.text(" `").text(name).text("`");
        }
        self
    }

    pub(super) const fn text(&mut self, text: &str) -> &mut Message<SIZE> {
        let from = text.as_bytes();
        if self.lines > SHOWN || self.length + from.len() + END > SIZE {
            return self;
        }
        self.push(from);
        self
    }

    const fn push(&mut self, from: &[u8]) {
        let mut at = 0;
        while at < from.len() && self.length < SIZE {
            self.bytes[self.length] = from[at];
            self.length += 1;
            at += 1;
        }
    }

    const fn number(&mut self, number: u32) -> &mut Message<SIZE> {
        let mut digits = [0; 10];
        let (mut rest, mut at) = (number, digits.len());
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let (_, shown) = digits.split_at(at);
        self.push(shown);
        self
    }

    /// Where that is, unless it is everywhere.
    pub(super) const fn on(&mut self, dialects: u32, all: u32) -> &mut Message<SIZE> {
        if dialects == all {
            return self;
        }
        let names = ["PostgreSQL", "MySQL", "SQLite"];
        let (mut at, mut between) = (0, " on ");
        while at < names.len() {
            if dialects & 1 << at != 0 {
                self.text(between).text(names[at]);
                between = " and ";
            }
            at += 1;
        }
        self
    }

    /// Columns in parentheses.
    pub(super) const fn columns(&mut self, columns: &[&str]) -> &mut Message<SIZE> {
        let (mut at, mut between) = (0, "(");
        while at < columns.len() {
            self.text(between).text(columns[at]);
            between = ", ";
            at += 1;
        }
        self.text(")")
    }

    /// What to do, and the end.
    const fn end(&mut self) {
        if self.lines > SHOWN {
            let more = self.lines - SHOWN;
            self.push(b"\n  and ");
            self.number(more);
            self.push(b" more");
        }
        self.push("\nhelp: run `cargo revchain revision --autogenerate -m \"…\"`".as_bytes());
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        let (used, _) = self.bytes.split_at(self.length);
        match core::str::from_utf8(used) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    /// Stops the compiler where there are differences.
    #[track_caller]
    pub(super) const fn refuse(mut self) {
        if !self.is_empty() {
            self.end();
            #[expect(clippy::panic, reason = "evaluated by the compiler: this is how a constant refuses")]
            {
                panic!("{}", self.as_str());
            }
        }
    }
}
