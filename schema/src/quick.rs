//! What a chain and a struct are by a few numbers for each column: by them the compiler sees soon that the two agree. Read by
//! `revchain-model`, whose `drift::quick` has the layouts. What numbers don't say enough of is marked, and judged there.

use std::collections::BTreeSet;

use revchain_model::drift::quick::{ASK, FIELD, WRITTEN};
use revchain_model::drift::{fact, name, ordered, size, spelling, table_name, unordered};

/// Of keys: the numbers of the one side and of the other where they can't be said, and what all others have.
const UNSURE: [u64; 2] = [0, 1];
const SURE: u64 = 2;

/// What [`head`](crate::head) wrote, for the first question.
pub fn quick(head: &[u8]) -> Vec<u64> {
    let at = |at: usize| At { bytes: head, at };
    let (dialects, count) = (at(0).word(0), at(0).count(8));
    let mut words = vec![0; 1 + 2 * count];
    words[0] = count as u64;
    for number in 0..count {
        let entry = at(size::HEADER + number * size::ENTRY);
        words[1 + 2 * number] = entry.long(0);
        let table = at(entry.count(8));
        // Present wherever the chain is, and nothing of it in doubt.
        if table.word(0) == dialects
            && table.word(4) == 0
            && let Some(of) = of_table(table, dialects)
        {
            words[2 + 2 * number] = words.len() as u64;
            words.extend(of);
        }
    }
    words
}

/// A table; `None` where two of its columns are one number.
fn of_table(table: At<'_>, dialects: u32) -> Option<Vec<u64>> {
    let [columns, keys, foreign_keys] = [20, 24, 28].map(|at| table.count(at));
    let there = || (0..3).filter(move |dialect| dialects & 1 << dialect != 0);
    let digests: BTreeSet<u64> = there().map(|dialect| table.long(32 + 8 * dialect)).collect();
    let primary_key = if digests.len() == 1 { digests.first().map(|digest| *digest | SURE) } else { None };
    let mut at = table.further(size::TABLE);
    let mut of_columns: Vec<[u64; 3]> = (0..columns)
        .map(|place| {
            let column = at.further(place * size::COLUMN);
            let spellings = |dialect: usize| [60, 52].map(|at| column.long(at + 16 * dialect));
            let first = there().next().map(spellings).unwrap_or_default();
            let common = first.into_iter().find(|one| there().all(|dialect| spellings(dialect).contains(one)));
            let facts = u64::from(column.word(4)) | (place as u64) << 32;
            [name(column.text(20)), facts, common.unwrap_or(0)]
        })
        .collect();
    of_columns.sort_unstable();
    if of_columns.windows(2).any(|two| matches!(two, [one, other] if one[0] == other[0])) {
        return None;
    }
    at = at.further(columns * size::COLUMN);
    let of_keys = (0..keys).map(|number| at.further(number * size::KEY));
    let of_keys = of_keys.map(|key| (key.word(16) == dialects).then(|| key_number(key.long(0), key.word(24) != 0)));
    let of_keys: Option<BTreeSet<u64>> = of_keys.collect();
    at = at.further(keys * size::KEY);
    let of_foreign_keys = (0..foreign_keys).map(|number| at.further(number * size::FOREIGN_KEY));
    let of_foreign_keys = of_foreign_keys.map(|key| {
        let digests = [0, 8, 16].map(|at| key.long(at));
        (key.word(28) == dialects).then(|| foreign_key_number(digests, key.word(24)))
    });
    let of_foreign_keys: Option<BTreeSet<u64>> = of_foreign_keys.collect();
    let [_, unsure] = UNSURE;
    let mut words = vec![
        columns as u64,
        primary_key.unwrap_or(unsure),
        of_keys.as_ref().map_or(unsure, sum),
        of_foreign_keys.as_ref().map_or(unsure, sum),
    ];
    words.extend(of_columns.into_iter().flatten());
    Some(words)
}

/// A struct's table, of every dialect and in the default schema: no others are asked for first.
#[derive(Debug)]
pub struct Digest {
    table: u64,
    primary_key: u64,
    /// `None` where they can't be said.
    keys: Option<BTreeSet<u64>>,
    foreign_keys: Option<BTreeSet<u64>>,
    columns: Vec<(u64, u64, Option<u64>)>,
}

impl Digest {
    /// One that has nothing yet.
    pub fn new(table: &str) -> Digest {
        let none = || Some(BTreeSet::new());
        let table = table_name(None, table);
        Digest { table, primary_key: SURE, keys: none(), foreign_keys: none(), columns: Vec::new() }
    }

    /// Its primary key.
    pub fn primary_key<'c>(&mut self, columns: impl IntoIterator<Item = &'c str>) {
        self.primary_key = in_order(columns) | SURE;
    }

    /// A unique constraint.
    pub fn unique<'c>(&mut self, columns: impl IntoIterator<Item = &'c str>) {
        let digest = columns.into_iter().fold(0, unordered);
        self.key(digest, true);
    }

    /// An index of every dialect, of columns alone.
    pub fn index<'c>(&mut self, columns: impl IntoIterator<Item = &'c str>, is_unique: bool) {
        if is_unique {
            return self.unique(columns);
        }
        self.key(in_order(columns), false);
    }

    fn key(&mut self, digest: u64, is_unique: bool) {
        if let Some(keys) = &mut self.keys {
            keys.insert(key_number(digest, is_unique));
        }
    }

    /// There are keys or indexes of which numbers don't say enough.
    pub fn other_keys(&mut self) {
        self.keys = None;
    }

    /// A foreign key to a table in the default schema, which does nothing but what is said.
    pub fn foreign_key<'c>(
        &mut self,
        columns: impl IntoIterator<Item = &'c str>,
        table: &str,
        references: impl IntoIterator<Item = &'c str>,
        [on_delete, on_update]: [Option<&str>; 2],
    ) {
        let digests = [in_order(columns), table_name(None, table), in_order(references)];
        let [_, _, there] = digests;
        let does = action(on_delete).zip(action(on_update)).filter(|_| there != 0);
        let Some((on_delete, on_update)) = does else { return self.other_foreign_keys() };
        if let Some(keys) = &mut self.foreign_keys {
            keys.insert(foreign_key_number(digests, on_delete | on_update << 4));
        }
    }

    /// There are foreign keys of which numbers don't say enough.
    pub fn other_foreign_keys(&mut self) {
        self.foreign_keys = None;
    }

    /// The column of the next field: the dialects on which it has a default, whether the database counts or computes it, and its
    /// type where somebody wrote one, the same for all dialects.
    pub fn column(&mut self, column: &str, has_default: [bool; 3], is_computed: bool, written: Option<&str>) {
        let place = self.columns.len() as u64;
        let is_serial = written.is_some_and(|sql| sql.to_ascii_lowercase().contains("seri"));
        let expected = match has_default {
            _ if is_computed || is_serial => ASK,
            [false, false, false] => u64::from(fact::PRESENT),
            [true, true, true] => u64::from(fact::PRESENT | fact::DEFAULT),
            _ => ASK,
        };
        let written = written.filter(|_| expected != ASK).map(spelling);
        let flag = if written.is_some() { WRITTEN } else { 0 };
        self.columns.push((name(column), expected | flag | place, written));
    }

    /// The numbers; none where two columns are one number, or are too many.
    pub fn words(mut self) -> Vec<u64> {
        self.columns.sort_unstable();
        let has_twins = self.columns.windows(2).any(|two| matches!(two, [one, other] if one.0 == other.0));
        if has_twins || self.columns.len() as u64 > FIELD {
            return Vec::new();
        }
        let [unsure, _] = UNSURE;
        let keys = [&self.keys, &self.foreign_keys].map(|keys| keys.as_ref().map_or(unsure, sum));
        let mut words = vec![self.table, self.primary_key];
        words.extend(keys);
        words.extend(self.columns.iter().flat_map(|(name, expected, _)| [*name, *expected]));
        words.extend(self.columns.iter().filter_map(|(_, _, written)| *written));
        words
    }
}

fn in_order<'c>(columns: impl IntoIterator<Item = &'c str>) -> u64 {
    columns.into_iter().fold(0, ordered)
}

/// What is the same on every dialect.
fn action(said: Option<&str>) -> Option<u32> {
    let Some(said) = said else { return Some(0) };
    let known = [("no action", 0), ("cascade", 2), ("set null", 3), ("set default", 4)];
    known.into_iter().find(|(word, _)| word.eq_ignore_ascii_case(said)).map(|(_, number)| number)
}

fn key_number(digest: u64, is_unique: bool) -> u64 {
    mixed(digest, u64::from(is_unique))
}

fn foreign_key_number(digests: [u64; 3], does: u32) -> u64 {
    digests.into_iter().fold(u64::from(does), mixed)
}

/// A set as a number.
fn sum(set: &BTreeSet<u64>) -> u64 {
    set.iter().fold(0, |sum: u64, number| sum.wrapping_add(*number)) | SURE
}

/// Two numbers as one, in which each bit of theirs shows anywhere (the end of SplitMix64): sums of others are other sums.
fn mixed(one: u64, other: u64) -> u64 {
    let mut mixed = one.rotate_left(32).wrapping_add(other.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// A place in what `head` wrote. What is not there is 0.
#[derive(Clone, Copy)]
struct At<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> At<'a> {
    fn further(self, offset: usize) -> At<'a> {
        At { at: self.at + offset, ..self }
    }

    fn word(self, offset: usize) -> u32 {
        let bytes = self.bytes.get(self.at + offset..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    fn long(self, offset: usize) -> u64 {
        u64::from(self.word(offset)) | u64::from(self.word(offset + 4)) << 32
    }

    fn count(self, offset: usize) -> usize {
        self.word(offset) as usize
    }

    fn text(self, offset: usize) -> &'a str {
        let (begin, length) = (self.count(offset), self.count(offset + 4));
        let text = self.bytes.get(begin..begin + length).and_then(|text| std::str::from_utf8(text).ok());
        text.unwrap_or_default()
    }
}
