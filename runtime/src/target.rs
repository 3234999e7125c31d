//! Targets and ranges as people write them. Parsing knows the grammar and no chain; resolving knows the chain and no
//! database. A place on the chain is a *level*: 0 is the base, `k` means that `revisions[k - 1]` is the newest applied.

use std::fmt;

use crate::chain::{Migrations, Revision};
use crate::database::redacted;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::Direction;

/// Where a database should go: `head`, `base`, a revision id, a unique prefix of one, `+2`, `-1`, `<id>+1`, `<id>-2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    text: String,
    anchor: Anchor,
    offset: Option<Offset>,
}

/// The place that a target starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Anchor {
    /// Where the database stands, or the other end of a range.
    Relative,
    Head,
    Base,
    /// A revision id or a prefix of one.
    Id(String),
}

/// How far from the anchor, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Offset {
    towards_head: bool,
    count: usize,
}

impl Target {
    /// Parses a target. Whether the chain has such a revision is decided later, when the target is resolved.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadTarget`] for text that is no target in any chain, [`ErrorKind::RangeNotAllowed`] for a range.
    #[inline]
    pub fn parse(text: &str) -> Result<Target> {
        match text {
            // What services say when they start.
            "head" => Ok(Target { text: text.to_owned(), anchor: Anchor::Head, offset: None }),
            _ => Target::parse_any(text),
        }
    }

    fn parse_any(text: &str) -> Result<Target> {
        let bad =
            |reason: &str| Error::new(ErrorKind::BadTarget { target: text.to_owned(), reason: reason.to_owned() });
        if text.is_empty() {
            return Err(bad("it is empty"));
        }
        if text.contains("://") {
            // Its password is nobody's business.
            let (target, reason) =
                (redacted(text), "it is the URL of a database, which is written after `--url`".to_owned());
            return Err(Error::new(ErrorKind::BadTarget { target, reason }));
        }
        if text.contains('@') {
            return Err(bad("a linear chain has no branches, so nothing can stand before or after `@`"));
        }
        if text.contains(':') {
            return Err(Error::new(ErrorKind::RangeNotAllowed { target: text.to_owned() }));
        }
        let (name, offset) = match text.find(['+', '-']) {
            None => (text, None),
            Some(at) => {
                let (name, rest) = text.split_at(at);
                let digits = rest.get(1..).unwrap_or_default();
                if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(bad("after `+` or `-` comes a number and nothing else"));
                }
                // Alembic reads `b7ea+1xyz` as `b7ea+1`; a number too long for a usize is too long for any chain.
                let count = digits.parse().unwrap_or(usize::MAX);
                (name, Some(Offset { towards_head: rest.starts_with('+'), count }))
            }
        };
        let anchor = match name {
            "" => Anchor::Relative,
            "head" | "heads" => Anchor::Head,
            "base" => Anchor::Base,
            id => Anchor::Id(id.to_owned()),
        };
        Ok(Target { text: text.to_owned(), anchor, offset })
    }

    /// The target as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is the head, whatever the chain.
    pub(crate) fn is_head(&self) -> bool {
        self.anchor == Anchor::Head && self.offset.is_none()
    }

    /// Refuses what goes nowhere, wherever the database stands: `+0`, `upgrade -1`, `downgrade +1`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RelativeCount`].
    pub fn check(&self, direction: Direction) -> Result {
        let Some(offset) = self.offset.filter(|_| self.anchor == Anchor::Relative) else { return Ok(()) };
        let wrong_way = offset.towards_head != (direction == Direction::Upgrade);
        if offset.count > 0 && !wrong_way {
            return Ok(());
        }
        let (offset, count) = (offset.signed(), offset.count);
        Err(Error::new(ErrorKind::RelativeCount { offset, count, available: 0, wrong_way }))
    }

    /// The level that the target names, for a database that stands at the level `current`.
    pub(crate) fn resolve(&self, chain: &Migrations, current: usize, direction: Direction) -> Result<usize> {
        let length = chain.len();
        let start = match &self.anchor {
            Anchor::Relative => current,
            Anchor::Head => length,
            Anchor::Base => 0,
            Anchor::Id(id) => level_of(chain, id)?,
        };
        let Some(offset) = self.offset else { return Ok(start) };
        let relative = self.anchor == Anchor::Relative;
        // `upgrade -1` and `downgrade +1` go nowhere, in Alembic as here; from a named revision both signs make sense.
        let wrong_way = relative && offset.towards_head != (direction == Direction::Upgrade);
        let available = if offset.towards_head { length.saturating_sub(start) } else { start };
        if offset.count == 0 || wrong_way || offset.count > available {
            if !relative && direction == Direction::Downgrade && offset.count != 0 {
                return Err(Error::new(ErrorKind::WalkedTooFar { target: self.text.clone(), available }));
            }
            return Err(Error::new(ErrorKind::RelativeCount {
                offset: offset.signed(),
                count: offset.count,
                available: if wrong_way { 0 } else { available },
                wrong_way,
            }));
        }
        Ok(if offset.towards_head { start + offset.count } else { start - offset.count })
    }

    /// The level that the target names where both signs are welcome: `stamp`, `show`.
    pub(crate) fn resolve_either(&self, chain: &Migrations, current: usize) -> Result<usize> {
        let direction = match self.offset {
            Some(Offset { towards_head: false, .. }) if self.anchor == Anchor::Relative => Direction::Downgrade,
            _ => Direction::Upgrade,
        };
        self.resolve(chain, current, direction)
    }

    /// Whether the target says nothing without knowing where the database stands.
    pub(crate) fn is_relative(&self) -> bool {
        self.anchor == Anchor::Relative
    }
}

impl Offset {
    /// As Alembic prints it: the sign is kept, except for nothing at all.
    fn signed(self) -> String {
        match (self.count, self.towards_head) {
            (0, _) => "0".to_owned(),
            (count, true) => format!("+{count}"),
            (count, false) => format!("-{count}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A range of revisions as `history` takes it: `a:b`, `a:`, `:b`, `-2:head`, `a:+2`, `current:`. Both ends count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    text: String,
    start: Option<End>,
    end: Option<End>,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// `current`, with an offset where there is one.
    Current(Target),
    Other(Target),
}

impl Range {
    /// Everything, from base to head.
    pub const fn all() -> Range {
        Range { text: String::new(), start: None, end: None }
    }

    /// Parses a range. The empty text is everything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRange`] for anything but one colon; [`ErrorKind::BadTarget`] for an end that is no target.
    pub fn parse(text: &str) -> Result<Range> {
        if text.is_empty() {
            return Ok(Range::all());
        }
        let bad = || Error::new(ErrorKind::BadRange { range: redacted(text) });
        let (start, end) = text.split_once(':').ok_or_else(bad)?;
        if end.contains(':') {
            return Err(bad());
        }
        Ok(Range { text: text.to_owned(), start: End::parse(start)?, end: End::parse(end)? })
    }

    /// Whether an end is `current`, so that only a database can say what the range means.
    pub fn needs_current(&self) -> bool {
        [&self.start, &self.end].into_iter().any(|end| matches!(end, Some(End::Current(_))))
    }

    /// The revisions in the range, newest first, for a database at the level `current`.
    pub(crate) fn resolve(&self, chain: &Migrations, current: usize) -> Result<Vec<Revision>> {
        let length = chain.len();
        let relative = |end: &Option<End>| matches!(end, Some(End::Other(target)) if target.is_relative());
        if relative(&self.start) && relative(&self.end) {
            return Err(Error::new(ErrorKind::BadRange { range: self.text.clone() }));
        }
        // A relative end is counted from the other end, as Alembic documents it (its code counts from the head). Too
        // far is the base or the head: `-9:head` asks for the last nine of a shorter chain.
        let (start, end) = if relative(&self.start) {
            let end = level_of_end(&self.end, chain, current, length)?;
            (walk(&self.start, end, length), end)
        } else {
            let start = level_of_end(&self.start, chain, current, 0)?;
            let end = match relative(&self.end) {
                true => walk(&self.end, start, length),
                false => level_of_end(&self.end, chain, current, length)?,
            };
            (start, end)
        };
        if start > end {
            return Err(Error::new(ErrorKind::ReversedRange { range: self.text.clone() }));
        }
        let first = start.saturating_sub(1);
        Ok((first..end).rev().filter_map(|position| chain.at(position)).collect())
    }
}

impl End {
    fn parse(text: &str) -> Result<Option<End>> {
        if text.is_empty() {
            return Ok(None);
        }
        let target = Target::parse(text)?;
        Ok(Some(match &target.anchor {
            Anchor::Id(id) if id == "current" => {
                End::Current(Target { text: target.text, anchor: Anchor::Relative, offset: target.offset })
            }
            _ => End::Other(target),
        }))
    }
}

fn level_of_end(end: &Option<End>, chain: &Migrations, current: usize, absent: usize) -> Result<usize> {
    match end {
        None => Ok(absent),
        Some(End::Current(target) | End::Other(target)) => target.resolve_either(chain, current),
    }
}

/// The level of a relative end, held to the chain's ends.
fn walk(end: &Option<End>, from: usize, length: usize) -> usize {
    match end {
        Some(End::Other(Target { offset: Some(offset), .. })) if offset.towards_head => {
            from.saturating_add(offset.count).min(length)
        }
        Some(End::Other(Target { offset: Some(offset), .. })) => from.saturating_sub(offset.count),
        _ => from,
    }
}

/// The level at which the revision with this id, or this unique prefix of one, is the newest applied.
fn level_of(chain: &Migrations, id: &str) -> Result<usize> {
    if let Some(position) = chain.position(id) {
        return Ok(position + 1);
    }
    let found: Vec<usize> = chain.positions_with_prefix(id).collect();
    match found.as_slice() {
        [position] => Ok(position + 1),
        [] => Err(Error::new(ErrorKind::UnknownTarget { target: id.to_owned(), nearest: nearest(chain, id) })),
        several => {
            let candidates = several.iter().filter_map(|at| chain.at(*at)).map(|revision| revision.id().to_owned());
            Err(Error::new(ErrorKind::AmbiguousTarget { target: id.to_owned(), candidates: candidates.collect() }))
        }
    }
}

/// The ids that someone who typed `id` may have meant: nearest first, three at the most. Case counts for nothing.
pub(crate) fn nearest(chain: &Migrations, id: &str) -> Vec<String> {
    let id = id.trim();
    if let Some(word) = ["head", "heads", "base"].into_iter().find(|word| word.eq_ignore_ascii_case(id)) {
        return vec![word.to_owned()];
    }
    let lower = |text: &str, most: usize| text.chars().take(most).map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let typed = lower(id, 64);
    let allowed = (typed.len() / 3).clamp(1, 3);
    let mut scored: Vec<(usize, &str)> = Vec::new();
    for revision in chain.revisions() {
        // People type the first characters of an id: compare with as many.
        let start = lower(revision.id(), typed.len());
        let distance = distance(&typed, &start);
        // Nothing in common is not near, however short it is.
        if distance <= allowed && distance < typed.len() {
            scored.push((distance, revision.id()));
        }
    }
    scored.sort();
    scored.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

/// How many characters must be put in, taken out or exchanged to make one of the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, r) in row.iter_mut().skip(1).zip(right) {
            let here = (diagonal + usize::from(l != r)).min(*cell + 1).min(before + 1);
            diagonal = *cell;
            *cell = here;
            before = here;
        }
    }
    row.last().copied().unwrap_or_default()
}
