//! What the chain leads to, as bytes: a literal that the compiler takes as it is, of which only what is asked for is read.
//! Numbers are little-endian; a text is where it begins and how long it is; a mask has a bit for PostgreSQL (1), MySQL (2) and
//! SQLite (4). Written by `revchain-schema`.
//!
//! ```text
//! dialects, unsure: masks, tables, patterns: counts, where the patterns begin
//! for each table, by hash:   hash (8 bytes), where it is
//! a table:    present, silent, quiet: masks, name, columns, keys, foreign keys: counts,
//!             for each dialect the digest (8) of the primary key, and as text, then the columns, in their order, and the others
//! a column:   half of its hash, facts on all dialects, for each dialect facts, name, for each dialect type, for each dialect two
//!             spellings (8) of it
//! a key:      digest (8), hash of the first column (8), masks: present, spare; whether it is unique, text
//! a foreign key: digests (8) of the columns, the table and the columns there, what it does, mask, text
//! a pattern:  whether it includes, whether it names a schema, schema, table
//! ```

/// A chain's tables, columns, keys.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    bytes: &'static [u8],
    /// What is asked first: see `quick`.
    pub(super) quick: &'static [u64],
}

/// The sizes of what is written.
pub mod size {
    /// Of what stands before the tables.
    pub const HEADER: usize = 20;
    /// Of a table among the tables.
    pub const ENTRY: usize = 12;
    /// Of a table, without what follows.
    pub const TABLE: usize = 80;
    /// Of a column.
    pub const COLUMN: usize = 100;
    /// Of a key.
    pub const KEY: usize = 36;
    /// Of a foreign key.
    pub const FOREIGN_KEY: usize = 40;
    /// Of a pattern.
    pub const PATTERN: usize = 24;
}

/// A place in it.
#[derive(Clone, Copy)]
pub(super) struct At {
    bytes: &'static [u8],
    at: usize,
}

impl At {
    // By hand: a call of the library's is a dozen calls to who evaluates constants.
    pub(super) const fn word(self, offset: usize) -> u32 {
        let (bytes, at) = (self.bytes, self.at + offset);
        bytes[at] as u32 | (bytes[at + 1] as u32) << 8 | (bytes[at + 2] as u32) << 16 | (bytes[at + 3] as u32) << 24
    }

    pub(super) const fn long(self, offset: usize) -> u64 {
        self.word(offset) as u64 | (self.word(offset + 4) as u64) << 32
    }

    pub(super) const fn text(self, offset: usize) -> &'static str {
        let (begin, length) = (self.word(offset) as usize, self.word(offset + 4) as usize);
        let (_, rest) = self.bytes.split_at(begin);
        let (text, _) = rest.split_at(length);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    pub(super) const fn further(self, offset: usize) -> At {
        At { bytes: self.bytes, at: self.at + offset }
    }

    /// The record with this hash, among as many of this size, looked for from one of them on and around: fields and columns have
    /// one order nearly always.
    pub(super) const fn find_from(self, from: usize, hash: u64, count: usize, size: usize) -> Option<usize> {
        let (bytes, hash) = (self.bytes, hash as u32);
        let (mut left, mut number) = (count, from);
        while left > 0 {
            if number >= count {
                number = 0;
            }
            let at = self.at + number * size;
            let found = bytes[at] as u32
                | (bytes[at + 1] as u32) << 8
                | (bytes[at + 2] as u32) << 16
                | (bytes[at + 3] as u32) << 24;
            if found == hash {
                return Some(number);
            }
            number += 1;
            left -= 1;
        }
        None
    }
}

impl Head {
    /// What somebody wrote, and what of it is asked first.
    pub const fn new(bytes: &'static [u8], quick: &'static [u64]) -> Head {
        Head { bytes, quick }
    }

    const fn start(self) -> At {
        At { bytes: self.bytes, at: 0 }
    }

    /// The dialects that the chain serves.
    pub(super) const fn dialects(self) -> u32 {
        self.start().word(0)
    }

    /// Those where anything at all may have happened.
    pub(super) const fn unsure(self) -> u32 {
        self.start().word(4)
    }

    /// How many tables there are.
    pub const fn len(self) -> usize {
        self.start().word(8) as usize
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Which table that is.
    pub(super) const fn find(self, hash: u64) -> Option<usize> {
        let (quick, mut low, mut high) = (self.quick, 0, self.quick[0] as usize);
        while low < high {
            let middle = (low + high) / 2;
            let found = quick[1 + 2 * middle];
            if found == hash {
                return Some(middle);
            }
            if found < hash {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        None
    }

    /// A table.
    pub(super) const fn table(self, number: usize) -> At {
        let entry = self.start().further(size::HEADER + number * size::ENTRY);
        At { bytes: self.bytes, at: entry.word(8) as usize }
    }

    /// Whether `[objects]` leaves a table out, or may do so.
    pub(super) const fn leaves_out(self, schema: Option<&str>, table: &str) -> bool {
        let count = self.start().word(12) as usize;
        let begin = self.start().word(16) as usize;
        let (mut has_include, mut is_included) = (false, false);
        let mut at = 0;
        while at < count {
            let pattern = At { bytes: self.bytes, at: begin + at * size::PATTERN };
            let in_schema = match schema {
                _ if pattern.word(4) == 0 => true,
                Some(schema) => fits(pattern.text(8), schema),
                None => false,
            };
            let is_it = in_schema && fits(pattern.text(16), table);
            if pattern.word(0) == 0 && is_it {
                return true;
            }
            if pattern.word(0) != 0 {
                has_include = true;
                is_included = is_included || is_it;
            }
            at += 1;
        }
        has_include && !is_included
    }
}

/// Whether a pattern is the whole of a text: `*` is any text, `?` any character.
const fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut here) = (0, 0);
    // Behind the last `*`, and where its text ends so far.
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        if at < pattern.len() && pattern[at] == b'*' {
            at += 1;
            star = Some((at, here));
        } else if at < pattern.len() && (pattern[at] == b'?' || pattern[at] == text[here]) {
            // A character may be several bytes.
            while pattern[at] == b'?' && here + 1 < text.len() && text[here + 1] & 0xc0 == 0x80 {
                here += 1;
            }
            at += 1;
            here += 1;
        } else {
            match star {
                None => return false,
                Some((behind, end)) => {
                    at = behind;
                    here = end + 1;
                    star = Some((behind, here));
                }
            }
        }
    }
    while at < pattern.len() && pattern[at] == b'*' {
        at += 1;
    }
    at == pattern.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_configuration() {
        for (pattern, text, expected) in [
            ("users", "users", true),
            ("user", "users", false),
            ("pg_stat_*", "pg_stat_statements", true),
            ("a*b*c", "axxbxbxc", true),
            ("a*b*c", "axxbxbx", false),
            ("t?", "té", true),
            ("t?", "t", false),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
