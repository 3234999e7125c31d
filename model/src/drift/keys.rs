//! Keys, indexes and foreign keys of a table that is both a struct's and the chain's.

use super::column::mentions_serial;
use super::compare::{MYSQL, Pair, at_home, mask};
use super::head::{At, size};
use super::names::{expression, ordered, same, table_name, unordered};
use super::words::Message;
use crate::{ForeignKeyModel, IndexModel, IndexPartModel, TableModel};

impl Pair<'_> {
    pub(super) const fn primary_key<const M: usize>(&self, table: At, message: &mut Message<M>) {
        let columns: &[&str] = match &self.model.primary_key {
            Some(key) => key.columns,
            None => &[],
        };
        let (mut digest, mut at) = (0, 0);
        while at < columns.len() {
            digest = ordered(digest, columns[at]);
            at += 1;
        }
        let (mut left, mut dialect) = (0, 0);
        while dialect < 3 {
            if self.dialects & 1 << dialect != 0 && table.long(32 + 8 * dialect) != digest {
                left |= 1 << dialect;
            }
            dialect += 1;
        }
        dialect = 0;
        while dialect < 3 {
            if left & 1 << dialect != 0 {
                let chain = table.text(56 + 8 * dialect);
                let (mut same_here, mut other) = (0, dialect);
                while other < 3 {
                    if same(chain, table.text(56 + 8 * other)) {
                        same_here |= left & 1 << other;
                    }
                    other += 1;
                }
                left &= !same_here;
                let line = message.line(self.model.name, ": the primary key is ", "");
                let line = if columns.is_empty() { line.text("nothing") } else { line.columns(columns) };
                let line = line.text(" in the model, ").text(if chain.is_empty() { "nothing" } else { chain });
                line.text(" in the chain").on(same_here, self.dialects);
            }
            dialect += 1;
        }
    }

    /// Unique constraints and indexes: which of the two is no matter here.
    pub(super) const fn keys<const M: usize>(&self, message: &mut Message<M>) {
        let mut unjudged = 0;
        let mut at = 0;
        while at < self.model.uniques.len() {
            let columns = self.model.uniques[at].columns;
            let missing = self.dialects & !self.keys_with(unique(columns), true);
            if missing != 0 && !self.is_primary(columns) {
                let line = message.line(self.model.name, ": unique ", "").columns(columns);
                line.text(" is in the model, not in the chain").on(missing, self.dialects);
            }
            at += 1;
        }
        at = 0;
        while at < self.model.indexes.len() {
            let index = &self.model.indexes[at];
            let dialects = self.dialects & mask(index.dialects);
            match indexed(index) {
                Some(digest) => {
                    let missing = dialects & !self.keys_with(digest, index.is_unique);
                    if missing != 0 {
                        let what = if index.is_unique { ": unique index " } else { ": index " };
                        let line = parts(message.line(self.model.name, what, ""), index.parts);
                        line.text(" is in the model, not in the chain").on(missing, self.dialects);
                    }
                }
                None => unjudged |= dialects,
            }
            at += 1;
        }
        at = 0;
        while at < self.keys {
            let key = self.key(at);
            let mut extra = key.word(16) & !key.word(20) & self.dialects & !unjudged;
            if extra != 0 {
                extra &= !self.declared(key.long(0), key.word(24) != 0);
            }
            if extra & 2 != 0 && key.word(24) != 0 && self.has_serial() {
                extra &= !2;
            }
            if extra & 2 != 0 && key.word(24) == 0 && self.serves_foreign_key(key.long(8)) {
                extra &= !2;
            }
            if extra != 0 {
                let line = message.line(self.model.name, ": ", "").text(key.text(28));
                line.text(" is in the chain, not in the model").on(extra, self.dialects);
            }
            at += 1;
        }
    }

    /// Whether columns are those of the primary key: being unique once more, they may be nothing of their own.
    const fn is_primary(&self, columns: &[&str]) -> bool {
        matches!(&self.model.primary_key, Some(key) if unique(key.columns) == unique(columns))
    }

    const fn key(&self, number: usize) -> At {
        self.table.further(self.columns * size::COLUMN + number * size::KEY)
    }

    /// On which dialects the chain has such a key.
    const fn keys_with(&self, digest: u64, is_unique: bool) -> u32 {
        let (mut dialects, mut at) = (0, 0);
        while at < self.keys {
            let key = self.key(at);
            if key.long(0) == digest && (key.word(24) != 0) == is_unique {
                dialects |= key.word(16);
            }
            at += 1;
        }
        dialects
    }

    /// On which dialects the struct has such a key.
    const fn declared(&self, digest: u64, is_unique: bool) -> u32 {
        let (mut dialects, mut at) = (0, 0);
        while is_unique && at < self.model.uniques.len() {
            if unique(self.model.uniques[at].columns) == digest {
                dialects = 7;
            }
            at += 1;
        }
        at = 0;
        while at < self.model.indexes.len() {
            let index = &self.model.indexes[at];
            if index.is_unique == is_unique && matches!(indexed(index), Some(other) if other == digest) {
                dialects |= mask(index.dialects);
            }
            at += 1;
        }
        dialects
    }

    /// Whether a column is MySQL's `serial`, which is unique by itself.
    const fn has_serial(&self) -> bool {
        let mut at = 0;
        while at < self.model.columns.len() {
            if let Some(sql) = self.model.columns[at].sql_type.sql.mysql
                && mentions_serial(sql)
            {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether a foreign key begins with a column: MySQL has an index for each, which nobody has to declare.
    const fn serves_foreign_key(&self, column: u64) -> bool {
        let mut at = 0;
        while at < self.model.foreign_keys.len() {
            if let [first, ..] = self.model.foreign_keys[at].columns
                && ordered(0, first) == column
            {
                return true;
            }
            at += 1;
        }
        false
    }

    pub(super) const fn foreign_keys<const M: usize>(&self, message: &mut Message<M>) {
        let mut at = 0;
        while at < self.model.foreign_keys.len() {
            let key = &self.model.foreign_keys[at];
            let (mut missing, mut number) = (self.dialects, 0);
            while number < self.foreign_keys {
                let there = self.foreign_key(number);
                missing &= !refers_alike(self.model, key, there);
                number += 1;
            }
            if missing != 0 {
                let line = message.line(self.model.name, ": the foreign key ", "").columns(key.columns);
                let line = refers(line.text(" to ").text(key.table), key);
                line.text(" is in the model, not in the chain").on(missing, self.dialects);
            }
            at += 1;
        }
        at = 0;
        while at < self.foreign_keys {
            let there = self.foreign_key(at);
            let (mut extra, mut number) = (there.word(28) & self.dialects, 0);
            while number < self.model.foreign_keys.len() {
                extra &= !refers_alike(self.model, &self.model.foreign_keys[number], there);
                number += 1;
            }
            if extra != 0 {
                let line = message.line(self.model.name, ": the foreign key ", "").text(there.text(32));
                line.text(" is in the chain, not in the model").on(extra, self.dialects);
            }
            at += 1;
        }
    }

    const fn foreign_key(&self, number: usize) -> At {
        let before = self.columns * size::COLUMN + self.keys * size::KEY;
        self.table.further(before + number * size::FOREIGN_KEY)
    }
}

const fn unique(columns: &[&str]) -> u64 {
    let (mut digest, mut at) = (0, 0);
    while at < columns.len() {
        digest = unordered(digest, columns[at]);
        at += 1;
    }
    digest
}

/// An index as a number; none where one of its expressions may be a column.
const fn indexed(index: &IndexModel) -> Option<u64> {
    let (mut digest, mut at) = (0, 0);
    while at < index.parts.len() {
        let part = &index.parts[at];
        if part.is_expression && is_name(part.text) {
            return None;
        }
        digest = match (part.is_expression, index.is_unique) {
            (true, is_unique) => expression(digest, !is_unique),
            (false, true) => unordered(digest, part.text),
            (false, false) => ordered(digest, part.text),
        };
        at += 1;
    }
    Some(digest)
}

/// Whether an expression is no more than a name, in parentheses or quotes or not.
const fn is_name(text: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        let byte = bytes[at];
        let is_of_name = byte.is_ascii_alphanumeric()
            || byte.is_ascii_whitespace()
            || matches!(byte, b'_' | b'(' | b')' | b'"' | b'`' | b'.')
            || !byte.is_ascii();
        if !is_of_name || byte == b'(' && at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
            return false;
        }
        at += 1;
    }
    true
}

const fn parts<'m, const M: usize>(line: &'m mut Message<M>, parts: &[IndexPartModel]) -> &'m mut Message<M> {
    let (mut line, mut at, mut between) = (line, 0, "(");
    while at < parts.len() {
        line = line.text(between).text(parts[at].text);
        between = ", ";
        at += 1;
    }
    line.text(")")
}

const fn refers<'m, const M: usize>(line: &'m mut Message<M>, key: &ForeignKeyModel) -> &'m mut Message<M> {
    let mut line = line;
    if !key.references.is_empty() {
        line = line.text(" ").columns(key.references);
    }
    if let Some(action) = key.on_delete {
        line = line.text(" ON DELETE ").text(action);
    }
    if let Some(action) = key.on_update {
        line = line.text(" ON UPDATE ").text(action);
    }
    line
}

/// On which dialects a foreign key of the chain is a struct's.
const fn refers_alike(model: &TableModel, key: &ForeignKeyModel, there: At) -> u32 {
    if of_columns(key.columns) != there.long(0) {
        return 0;
    }
    let references = there.long(16);
    if !key.references.is_empty() && references != 0 && of_columns(key.references) != references {
        return 0;
    }
    let (mut dialects, mut dialect) = (0, 0);
    while dialect < 3 {
        let bit = there.word(28) & 1 << dialect;
        let does = actions(key, dialect);
        let is_alike = does == there.word(24) || does >= UNKNOWN;
        if bit != 0 && is_alike && refers_to(model, key, there.long(8), dialect) {
            dialects |= bit;
        }
        dialect += 1;
    }
    dialects
}

const fn of_columns(columns: &[&str]) -> u64 {
    let (mut digest, mut at) = (0, 0);
    while at < columns.len() {
        digest = ordered(digest, columns[at]);
        at += 1;
    }
    digest
}

/// Whether a foreign key refers to a table: in the schema that it names, or in its own table's.
const fn refers_to(model: &TableModel, key: &ForeignKeyModel, table: u64, dialect: usize) -> bool {
    let own = if key.schema.is_none() { model.schema } else { key.schema };
    table_name(at_home(key.schema, dialect), key.table) == table
        || table_name(at_home(own, dialect), key.table) == table
}

/// What it does, as a number: on delete, on update, whether it is deferrable.
const fn actions(key: &ForeignKeyModel, dialect: usize) -> u32 {
    let deferrable = match key.deferrable {
        _ if dialect == MYSQL => 0,
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    };
    action(key.on_delete, dialect) | action(key.on_update, dialect) << 4 | deferrable << 8
}

/// `NO ACTION` 0, `RESTRICT` 1, `CASCADE` 2, `SET NULL` 3, `SET DEFAULT` 4. On MySQL the first two are one. What is none of them
/// is another matter, and like everything.
const fn action(said: Option<&str>, dialect: usize) -> u32 {
    let Some(said) = said else { return 0 };
    let (said, mut at) = (said.as_bytes(), 0);
    while at < ACTIONS.len() {
        if said.eq_ignore_ascii_case(ACTIONS[at].as_bytes()) {
            return if at == 1 && dialect == MYSQL { 0 } else { at as u32 };
        }
        at += 1;
    }
    UNKNOWN
}

const ACTIONS: [&str; 5] = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"];
const UNKNOWN: u32 = 1 << 16;
