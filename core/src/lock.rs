//! `revchain.lock`: the revisions in chain order, and those that have been released, each with its checksum. Text in, a
//! value and findings out, and back. Never judges a chain by it (`chain/released.rs` and `chain/listed.rs` do), never
//! touches the disk.
//!
//! ```text
//! [order]
//! a1
//! b2
//!
//! [released]
//! a1 8f2d…
//! ```
//!
//! Two blocks, so that git sees a conflict where two branches each add a revision, and none where one adds a revision
//! and the other releases.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::parse::{find_conflict, is_legal, lines};
use crate::revision::Id;
use crate::{Code, FileId, Finding, Findings, Sources, Span};

const HEADER: &str = "\
# The revisions in chain order, a line each: two branches that each add one meet here, as a conflict. Below them those that
# have been released, each with its checksum. `revchain` writes this file; keep it in version control.
";
const ORDER: &str = "[order]";
const RELEASED: &str = "[released]";

/// What git leaves where two branches changed one place.
const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// What a lock file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// The revisions in chain order.
    pub order: Vec<Id>,
    /// Those that have been released, in chain order.
    pub released: Vec<Released>,
    /// The line that opens a merge that was not finished. Then both sides are in the lists.
    pub torn: Option<Span>,
}

/// A revision that has been released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The revision.
    pub id: Id,
    /// What its checksum was.
    pub checksum: u128,
}

impl Lock {
    /// Whether and as what a revision has been released.
    pub fn released(&self, id: &str) -> Option<&Released> {
        self.released.iter().find(|released| released.id.text == id)
    }

    /// The text of a lock file with this order. What has been released stays.
    pub fn text<'a>(&self, order: impl IntoIterator<Item = &'a str>) -> String {
        let mut text = format!("{HEADER}\n{ORDER}\n");
        for id in order {
            text.push_str(id);
            text.push('\n');
        }
        let _ = writeln!(text, "\n{RELEASED}");
        for Released { id, checksum } in &self.released {
            let _ = writeln!(text, "{} {checksum:032x}", id.text);
        }
        text
    }
}

/// Reads a lock file. Reports lines that say nothing, and leaves [`Lock::torn`] to whoever knows the chain.
pub fn read(sources: &Sources, file: FileId, findings: &mut Findings) -> Lock {
    let source = sources.file(file);
    let mut lock = Lock::default();
    if let Some(valid) = source.valid_up_to {
        findings.push(
            Finding::at(Code::NotUtf8, Span::new(file, valid, valid), "this file stops being UTF-8 here")
                .help("get it back from version control: `revchain` writes nothing but ASCII into it"),
        );
        return lock;
    }
    lock.torn = find_conflict(&source.text).map(|(start, end)| Span::new(file, start, end));
    let is_torn = lock.torn.is_some();
    let is_mark = |line: &str| is_torn && MARKS.iter().any(|mark| line.starts_with(mark));
    let mut in_released = false;
    let mut known = HashMap::new();
    let byte_order_mark = source.text.len() - source.text.trim_start_matches('\u{feff}').len();
    for line in lines(&source.text, byte_order_mark) {
        let words = line.text.trim();
        if words.is_empty() || words.starts_with('#') || is_mark(line.text) {
            continue;
        }
        let start = line.start + line.text.len() - line.text.trim_start().len();
        let place = |length: usize| Span::new(file, start, start + length);
        match words {
            ORDER => in_released = false,
            RELEASED => in_released = true,
            words => {
                if let Some(finding) = lock.add(words, in_released, &mut known, &place) {
                    findings.push(finding);
                }
            }
        }
    }
    lock
}

/// What is said about a merge that was not finished, where the chain itself is whole.
pub(crate) fn conflict(torn: Span) -> Finding {
    Finding::at(Code::MergeConflict, torn, "this file holds a merge that was not finished")
        .help("the chain is whole: run `revchain lock`, which writes the file anew and keeps what has been released")
}

impl Lock {
    /// Takes a line, or says what is wrong with it. Before there were blocks, a line of the order had a second word: a
    /// checksum, or `-` for none.
    fn add<'a>(
        &mut self,
        line: &'a str,
        in_released: bool,
        known: &mut HashMap<&'a str, Released>,
        place: &impl Fn(usize) -> Span,
    ) -> Option<Finding> {
        let (name, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let rest = rest.trim();
        let fault = |message: String| Some(Finding::at(Code::LockSyntax, place(line.len()), message).help(HELP));
        if !is_legal(name) {
            return fault(format!("`{}` is no line of `revchain.lock`", shortened(line)));
        }
        let id = Id { text: name.to_owned(), span: place(name.len()) };
        if !in_released {
            self.order.push(id.clone());
            if matches!(rest, "" | "-") {
                return None;
            }
        }
        let Some(checksum) = checksum(rest) else { return fault(format!("`{name}` has no checksum here")) };
        match known.get(name) {
            None => {
                let released = Released { id, checksum };
                self.released.push(released.clone());
                known.insert(name, released);
                None
            }
            Some(known) if known.checksum != checksum => {
                fault(format!("`{name}` has been released with two checksums"))
                    .map(|finding| finding.also(known.id.span, "the other"))
            }
            Some(_) => None,
        }
    }
}

const HELP: &str = "get the line back from version control: a line below `[order]` is a revision's id, below `[released]` the id and \
                    its checksum";

fn checksum(text: &str) -> Option<u128> {
    let is_one = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u128::from_str_radix(text, 16).ok().filter(|_| is_one)
}

fn shortened(line: &str) -> String {
    let mut shown: String = line.chars().take(40).map(|c| if c == '`' || c.is_control() { ' ' } else { c }).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> (Lock, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("revchain.lock", "revchain.lock", text.as_bytes().to_vec());
        let mut findings = Findings::default();
        let lock = read(&sources, file, &mut findings);
        for id in lock.order.iter().chain(lock.released.iter().map(|released| &released.id)) {
            assert_eq!(sources.text(id.span), id.text);
        }
        let said = findings.iter().map(|finding| {
            let place = finding.primary.as_ref().map_or("", |label| sources.text(label.span));
            format!("{} {place}: {}", finding.code, finding.message)
        });
        (lock, said.collect())
    }

    fn ids(lock: &Lock) -> (Vec<&str>, Vec<(&str, u128)>) {
        let order = lock.order.iter().map(|id| id.text.as_str()).collect();
        (order, lock.released.iter().map(|released| (released.id.text.as_str(), released.checksum)).collect())
    }

    #[test]
    fn what_is_written_is_read() {
        let (lock, said) = check("a1 -\r\nb2 -\n");
        assert_eq!((ids(&lock), said), ((vec!["a1", "b2"], vec![]), vec![]), "before there were blocks");
        let hex = format!("{:032x}", 0xff_u128);
        let (lock, said) = check(&format!("\u{feff}# x\na1 {hex}\nb2 -\n"));
        assert_eq!((ids(&lock), said), ((vec!["a1", "b2"], vec![("a1", 0xff)]), vec![]));
        let text = lock.text(["a1", "b2", "c3"]);
        assert_eq!(text, format!("{HEADER}\n[order]\na1\nb2\nc3\n\n[released]\na1 {hex}\n"));
        let (lock, said) = check(&text.replace('\n', "\r\n"));
        assert_eq!((ids(&lock), said), ((vec!["a1", "b2", "c3"], vec![("a1", 0xff)]), vec![]));
    }

    #[test]
    fn a_conflict_keeps_both_sides() {
        let (lock, said) =
            check("[order]\na1\n<<<<<<< HEAD\nb2\n||||||| base\n=======\nc3\n>>>>>>> other\n\n[released]\n");
        assert!(lock.torn.is_some());
        assert_eq!((ids(&lock), said), ((vec!["a1", "b2", "c3"], vec![]), vec![]));
    }

    #[test]
    fn lines_that_say_nothing_are_named() {
        let hex = format!("{:032x}", 1);
        for (text, expect) in [
            ("[order]\n[relased]\n".to_owned(), "RC340 [relased]: `[relased]` is no line of `revchain.lock`"),
            ("[released]\na1\n".to_owned(), "RC340 a1: `a1` has no checksum here"),
            ("[released]\na1 -\n".to_owned(), "RC340 a1 -: `a1` has no checksum here"),
            ("a1 00ff\n".to_owned(), "RC340 a1 00ff: `a1` has no checksum here"),
            ("=======\n".to_owned(), "RC340 =======: `=======` is no line of `revchain.lock`"),
            (format!("[released]\na1 {hex}\na1 {hex}\n"), ""),
            (
                format!("[released]\na1 {hex}\n a1 {}\n", hex.replace('1', "2")),
                "RC340 a1 00000000000000000000000000000002: `a1` has been released with two checksums",
            ),
        ] {
            assert_eq!(check(&text).1.join("; "), expect, "{text}");
        }
    }
}
