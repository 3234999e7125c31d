//! The bytes, in the layout that `revchain-model` has in its `drift/head.rs`.

use revchain_core::config::Config;
use revchain_model::drift::{KINDS, fact, size};

use super::{Head, Of, Text};

pub(super) fn write(mut head: Head, dialects: u32, unsure: u32, config: &Config) -> Vec<u8> {
    let patterns: Vec<_> = config
        .objects
        .patterns()
        .map(|(is_looked_at, schema, table)| {
            let (of_schema, of_table) = (head.texts.place(schema.unwrap_or_default()), head.texts.place(table));
            (u32::from(is_looked_at), u32::from(schema.is_some()), of_schema, of_table)
        })
        .collect();
    let sizes = head.tables.values().map(|of| {
        size::TABLE
            + of.columns.len() * size::COLUMN
            + of.keys.len() * size::KEY
            + of.foreign_keys.len() * size::FOREIGN_KEY
    });
    let first = size::HEADER + head.tables.len() * size::ENTRY;
    let behind: usize = first + sizes.clone().sum::<usize>();
    let texts = behind + patterns.len() * size::PATTERN;
    let mut out = Bytes { bytes: Vec::with_capacity(texts + head.texts.text.len()), texts: number(texts) };
    out.words(&[dialects, unsure, number(head.tables.len()), number(patterns.len()), number(behind)]);
    let mut at = first;
    for (hash, size) in head.tables.keys().zip(sizes) {
        out.long(*hash);
        out.words(&[number(at)]);
        at += size;
    }
    for of in head.tables.values() {
        out.table(of);
    }
    for (is_looked_at, has_schema, schema, table) in patterns {
        out.words(&[is_looked_at, has_schema]);
        out.text(schema);
        out.text(table);
    }
    out.bytes.append(&mut head.texts.text);
    out.bytes
}

/// What is written.
struct Bytes {
    bytes: Vec<u8>,
    /// Where the texts begin.
    texts: u32,
}

impl Bytes {
    fn table(&mut self, of: &Of) {
        self.words(&[of.present, of.silent, of.quiet]);
        self.text(of.name);
        self.words(&[of.columns.len(), of.keys.len(), of.foreign_keys.len()].map(number));
        of.primary_keys.iter().for_each(|(digest, _)| self.long(*digest));
        of.primary_keys.iter().for_each(|(_, shown)| self.text(*shown));
        for (hash, column) in &of.columns {
            // Half of its hash is enough to find it.
            self.words(&[(*hash & u64::from(u32::MAX)) as u32, alike(column.facts, of.present)]);
            self.words(&column.facts);
            self.text(column.name);
            column.types.iter().for_each(|shown| self.text(*shown));
            column.spellings.iter().flatten().for_each(|spelling| self.long(*spelling));
        }
        for ((digest, is_unique), (first, present, spare, shown)) in &of.keys {
            self.long(*digest);
            self.long(*first);
            self.words(&[*present, *spare, u32::from(*is_unique)]);
            self.text(*shown);
        }
        for ((digests, does, shown), present) in &of.foreign_keys {
            digests.iter().for_each(|digest| self.long(*digest));
            self.words(&[*does, *present]);
            self.text(*shown);
        }
    }

    fn words(&mut self, words: &[u32]) {
        for word in words {
            self.bytes.extend_from_slice(&word.to_le_bytes());
        }
    }

    fn long(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, [begin, length]: Text) {
        self.words(&[self.texts + begin, length]);
    }
}

/// No chain has so many that they would not fit.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What is so on all dialects where the table is.
fn alike(facts: [u32; 3], present: u32) -> u32 {
    let kinds = (1 << KINDS.len()) - 1;
    let mut there = facts.into_iter().enumerate().filter(|(at, _)| present & 1 << at != 0).map(|(_, facts)| facts);
    let first = there.next().unwrap_or(0);
    there.fold(first, |all, facts| {
        let is_mixed = (all ^ facts) & !kinds & !fact::MIXED & !fact::ROW_NUMBER & !fact::KEY != 0;
        (all & (facts | !kinds)) | if is_mixed { fact::MIXED } else { 0 }
    })
}
