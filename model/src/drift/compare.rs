//! A struct's table against the chain's: on all dialects at once, because most say the same of most.

use super::head::{At, Head, size};
use super::names::{expression, is_one_of, name, ordered, same, table_name, unordered};
use super::words::Message;
use super::{exact, fact, usual};
use crate::{ColumnModel, ForeignKeyModel, IdentityModel, IndexModel, IndexPartModel, Kind, PerDialect, TableModel};

const POSTGRES: usize = 0;
const MYSQL: usize = 1;
const SQLITE: usize = 2;

/// A table that is both a struct's and the chain's.
struct Pair<'a> {
    model: &'a TableModel,
    table: At,
    /// Where both are, and nothing is in doubt.
    dialects: u32,
    columns: usize,
    keys: usize,
    foreign_keys: usize,
}

const fn mask(each: PerDialect<bool>) -> u32 {
    each.postgres as u32 | (each.mysql as u32) << 1 | (each.sqlite as u32) << 2
}

const fn of(each: &PerDialect<Option<&'static str>>, dialect: usize) -> Option<&'static str> {
    match dialect {
        POSTGRES => each.postgres,
        MYSQL => each.mysql,
        _ => each.sqlite,
    }
}

/// Looks for what differs between a struct's table and the chain's.
pub const fn compare(model: &TableModel, head: Head, message: &mut Message) {
    let mark = message.begin(model);
    compare_on(model, head, mask(model.dialects) & head.dialects(), message);
    // MySQL and SQLite take no notice of the case of other letters, and nobody here knows them.
    if message.is_behind(mark) && !is_ascii(model) {
        message.go_back(mark, model);
        compare_on(model, head, mask(model.dialects) & head.dialects() & 1, message);
    }
}

/// Whether all of a struct's names are.
const fn is_ascii(model: &TableModel) -> bool {
    let (mut is_ascii, mut at) = (model.name.is_ascii(), 0);
    while at < model.columns.len() {
        is_ascii = is_ascii && model.columns[at].name.is_ascii();
        at += 1;
    }
    at = 0;
    while at < model.foreign_keys.len() {
        let key = &model.foreign_keys[at];
        is_ascii = is_ascii && key.table.is_ascii();
        let mut column = 0;
        while column < key.references.len() {
            is_ascii = is_ascii && key.references[column].is_ascii();
            column += 1;
        }
        at += 1;
    }
    is_ascii
}

const fn compare_on(model: &TableModel, head: Head, wanted: u32, message: &mut Message) {
    match model.schema {
        Some(schema) if same(schema, "public") || same(schema, "main") => {
            let (at_home, elsewhere) = if same(schema, "public") { (1, 6) } else { (4, 3) };
            compare_in(model, None, head, wanted & at_home, message);
            compare_in(model, Some(schema), head, wanted & elsewhere, message);
        }
        schema => compare_in(model, schema, head, wanted, message),
    }
}

const fn compare_in(model: &TableModel, schema: Option<&str>, head: Head, wanted: u32, message: &mut Message) {
    if wanted == 0 {
        return;
    }
    let (mut present, mut silent) = (0, head.unsure());
    let found = head.find(table_name(schema, model.name));
    if let Some(number) = found {
        let table = head.table(number);
        (present, silent) = (table.word(0), silent | table.word(4));
        let judged = wanted & present & !table.word(4);
        if judged != 0 {
            let pair = Pair {
                model,
                table: table.further(size::TABLE),
                dialects: judged,
                columns: table.word(20) as usize,
                keys: table.word(24) as usize,
                foreign_keys: table.word(28) as usize,
            };
            pair.columns(message);
            pair.primary_key(table, message);
            pair.keys(message);
            pair.foreign_keys(message);
        }
    }
    let missing = wanted & !present & !silent;
    if missing != 0 && !head.leaves_out(schema, model.name) {
        message.line(model.name, " is in the model, not in the chain", "").on(missing, wanted);
    }
}

/// What differs of a column, and where.
#[derive(Clone, Copy)]
struct Differs {
    missing: u32,
    nullable_in_chain: u32,
    nullable_in_model: u32,
    sql_type: u32,
    default_in_chain: u32,
    default_in_model: u32,
    counts_in_chain: u32,
    counts_in_model: u32,
    generated_in_chain: u32,
    generated_in_model: u32,
}

impl Pair<'_> {
    const fn columns(&self, message: &mut Message) {
        let (mut at, mut found) = (0, 0);
        while at < self.model.columns.len() {
            let column = &self.model.columns[at];
            match self.table.find(name(column.name), self.columns, size::COLUMN) {
                Some(number) => {
                    found += 1;
                    let there = self.table.further(number * size::COLUMN);
                    self.column(column, there, message);
                }
                None => self.missing(column, self.dialects, message),
            }
            at += 1;
        }
        if found < self.columns {
            self.columns_without_field(message);
        }
    }

    const fn missing(&self, column: &ColumnModel, dialects: u32, message: &mut Message) {
        let line = message.line(self.model.name, ": column", column.name);
        line.text(" is in the model, not in the chain").on(dialects, self.dialects);
    }

    const fn columns_without_field(&self, message: &mut Message) {
        let mut at = 0;
        while at < self.columns {
            let there = self.table.further(at * size::COLUMN);
            at += 1;
            let (hash, mut is_known, mut field) = (there.long(0), false, 0);
            while field < self.model.columns.len() && !is_known {
                is_known = name(self.model.columns[field].name) == hash;
                field += 1;
            }
            let (mut present, mut dialect) = (0, 0);
            while dialect < 3 {
                present |= ((there.word(8 + 4 * dialect) & fact::PRESENT != 0) as u32) << dialect;
                dialect += 1;
            }
            let extra = present & self.dialects;
            if !is_known && extra != 0 {
                let line = message.line(self.model.name, ": column", there.text(20));
                line.text(" is in the chain, not in the model").on(extra, self.dialects);
            }
        }
    }

    const fn is_key(&self, column: &ColumnModel) -> bool {
        match &self.model.primary_key {
            Some(key) => is_one_of(column.name, key.columns),
            None => false,
        }
    }

    const fn column(&self, column: &ColumnModel, there: At, message: &mut Message) {
        let is_key = self.is_key(column);
        let mut differs = Differs {
            missing: 0,
            nullable_in_chain: 0,
            nullable_in_model: 0,
            sql_type: 0,
            default_in_chain: 0,
            default_in_model: 0,
            counts_in_chain: 0,
            counts_in_model: 0,
            generated_in_chain: 0,
            generated_in_model: 0,
        };
        let (mut dialect, mut any) = (0, false);
        while dialect < 3 {
            let bit = 1 << dialect;
            if self.dialects & bit != 0 {
                let facts = there.word(8 + 4 * dialect);
                any = judge(column, is_key, facts, there, dialect, &mut differs) || any;
            }
            dialect += 1;
        }
        if any {
            self.say(column, there, differs, message);
        }
    }

    const fn say(&self, column: &ColumnModel, there: At, differs: Differs, message: &mut Message) {
        if differs.missing != 0 {
            self.missing(column, differs.missing, message);
        }
        let lines = [
            (differs.nullable_in_chain, " is nullable in the chain, not in the model"),
            (differs.nullable_in_model, " is nullable in the model, not in the chain"),
            (differs.default_in_chain, " has a default in the chain, not in the model"),
            (differs.default_in_model, " has a default in the model, not in the chain"),
            (differs.counts_in_chain, " counts by itself in the chain, not in the model"),
            (differs.counts_in_model, " counts by itself in the model, and not so in the chain"),
            (differs.generated_in_chain, " is generated in the chain, not in the model"),
            (differs.generated_in_model, " is generated in the model, not in the chain"),
        ];
        let mut at = 0;
        while at < lines.len() {
            let (dialects, what) = lines[at];
            if dialects != 0 {
                message.line(self.model.name, ": column", column.name).text(what).on(dialects, self.dialects);
            }
            at += 1;
        }
        // One line for all dialects on which the two are called the same.
        let (mut left, mut dialect) = (differs.sql_type, 0);
        while dialect < 3 {
            if left & 1 << dialect != 0 {
                let (written, chain) = (shown(column, dialect), there.text(28 + 8 * dialect));
                let (mut same_here, mut other) = (0, dialect);
                while other < 3 {
                    let bit = left & 1 << other;
                    if same(written, shown(column, other)) && same(chain, there.text(28 + 8 * other)) {
                        same_here |= bit;
                    }
                    other += 1;
                }
                left &= !same_here;
                let line = message.line(self.model.name, ": column", column.name).text(" is `").text(written);
                line.text("` in the model, `").text(chain).text("` in the chain").on(same_here, self.dialects);
            }
            dialect += 1;
        }
    }

    const fn primary_key(&self, table: At, message: &mut Message) {
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
    const fn keys(&self, message: &mut Message) {
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

    const fn foreign_keys(&self, message: &mut Message) {
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

/// The kind that is left open. SQLite has five types, whatever they are called: nobody means more, unless it is written.
const fn kind(column: &ColumnModel, dialect: usize) -> Kind {
    let of = &column.sql_type;
    let is_exact = match dialect {
        POSTGRES => of.is_exact.postgres,
        MYSQL => of.is_exact.mysql,
        _ => of.is_exact.sqlite,
    };
    let kind = if is_exact { Kind::Exact } else { of.kind };
    if dialect != SQLITE || is_exact || !matches!(kind, Kind::Exact) {
        return kind;
    }
    let Some(sql) = of.sql.sqlite else { return kind };
    let is_plain = matches!((of.sql.postgres, of.sql.mysql), (Some(postgres), Some(mysql)) if same(postgres, sql) && same(mysql, sql));
    match sql {
        _ if is_plain => kind,
        _ if same(sql, "INTEGER") => Kind::BigInteger,
        _ if same(sql, "TEXT") => Kind::Text,
        _ if same(sql, "BLOB") => Kind::Bytes,
        _ if same(sql, "REAL") => Kind::Double,
        _ => kind,
    }
}

/// As the message names it.
const fn shown(column: &ColumnModel, dialect: usize) -> &'static str {
    match of(&column.sql_type.sql, dialect) {
        Some(sql) => sql,
        None => "",
    }
}

/// What is to be said of a column on one dialect; whether there is anything.
const fn judge(
    column: &ColumnModel,
    is_key: bool,
    facts: u32,
    there: At,
    dialect: usize,
    differs: &mut Differs,
) -> bool {
    let bit = 1 << dialect;
    if facts & fact::PRESENT == 0 {
        differs.missing |= bit;
        return true;
    }
    let Some(sql) = of(&column.sql_type.sql, dialect) else { return false };
    let kind = kind(column, dialect);
    let counts_by_type = matches!(kind, Kind::Exact) && dialect != SQLITE && mentions_serial(sql);
    let mut any = false;
    if !counts_by_type && facts & fact::UNSURE_TYPE == 0 && is_other_type(column, kind, sql, facts, there, dialect) {
        differs.sql_type |= bit;
        any = true;
    }
    let is_generated = match &column.generated {
        Some(generated) => of(&generated.expression, dialect).is_some(),
        None => false,
    };
    let was_generated = facts & fact::GENERATED != 0;
    let (is_nullable, was_nullable) = (column.nullable && !is_key, facts & fact::NULLABLE != 0);
    // SQLite's keys may take NULL, and nobody means it. MySQL's generated columns take what they take. What counts takes none,
    // said or not.
    let is_meant = !(dialect == SQLITE && (is_key || facts & fact::KEY != 0)
        || dialect == MYSQL && is_generated && was_generated
        || is_nullable && (counts_by_type || column.identity.is_some()));
    if is_meant && is_nullable != was_nullable {
        if was_nullable {
            differs.nullable_in_chain |= bit;
        } else {
            differs.nullable_in_model |= bit;
        }
        any = true;
    }
    if is_generated != was_generated {
        if was_generated {
            differs.generated_in_chain |= bit;
        } else {
            differs.generated_in_model |= bit;
        }
        return true;
    }
    if is_generated || counts_by_type {
        return any;
    }
    if let Some(identity) = column.identity {
        if !counts_alike(identity, facts, dialect) {
            differs.counts_in_model |= bit;
            any = true;
        }
        return any;
    }
    if facts & fact::COUNTS != 0 {
        differs.counts_in_chain |= bit;
        return true;
    }
    let default = of(&column.default, dialect);
    let is_null = matches!(default, Some(text) if is_null(text));
    if facts & fact::UNSURE_DEFAULT == 0 && !is_null && default.is_some() != (facts & fact::DEFAULT != 0) {
        if default.is_none() {
            differs.default_in_chain |= bit;
        } else {
            differs.default_in_model |= bit;
        }
        any = true;
    }
    any
}

const fn counts_alike(identity: IdentityModel, facts: u32, dialect: usize) -> bool {
    match (dialect, identity) {
        (POSTGRES, IdentityModel::Always) => facts & fact::ALWAYS != 0,
        (POSTGRES, IdentityModel::Serial) => facts & fact::SERIAL != 0,
        (POSTGRES, _) => facts & (fact::SERIAL | fact::COUNTS) != 0,
        (MYSQL, _) | (_, IdentityModel::Autoincrement) => facts & fact::COUNTS != 0,
        // The row's number, where it is the key: which is another matter.
        _ => true,
    }
}

const fn is_other_type(column: &ColumnModel, kind: Kind, sql: &str, facts: u32, there: At, dialect: usize) -> bool {
    // Only `INTEGER` is the row's number.
    if dialect == SQLITE && column.identity.is_some() && facts & fact::ROW_NUMBER == 0 {
        return true;
    }
    if matches!(kind, Kind::Exact) {
        return exact::differ(dialect, sql, there.text(28 + 8 * dialect), !column.sql_type.values.is_empty());
    }
    facts & 1 << kind as u32 == 0 && is_one_of(sql, usual(kind)[dialect])
}

/// PostgreSQL's `serial` and its likes, which are a type and more.
const fn mentions_serial(sql: &str) -> bool {
    let (bytes, mut at) = (sql.as_bytes(), 0);
    while at + 6 <= bytes.len() {
        let (_, rest) = bytes.split_at(at);
        let (part, _) = rest.split_at(6);
        if part.eq_ignore_ascii_case(b"serial") {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a default is none, or may be.
const fn is_null(text: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at + 4 <= bytes.len() {
        let (_, rest) = bytes.split_at(at);
        let (part, _) = rest.split_at(4);
        if part.eq_ignore_ascii_case(b"null") {
            return true;
        }
        at += 1;
    }
    false
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

const fn parts<'m>(line: &'m mut Message, parts: &[IndexPartModel]) -> &'m mut Message {
    let (mut line, mut at, mut between) = (line, 0, "(");
    while at < parts.len() {
        line = line.text(between).text(parts[at].text);
        between = ", ";
        at += 1;
    }
    line.text(")")
}

const fn refers<'m>(line: &'m mut Message, key: &ForeignKeyModel) -> &'m mut Message {
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

const fn at_home(schema: Option<&'static str>, dialect: usize) -> Option<&'static str> {
    match schema {
        Some(name) if dialect == POSTGRES && same(name, "public") => None,
        Some(name) if dialect == SQLITE && same(name, "main") => None,
        schema => schema,
    }
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

/// The tables of the chain that no struct describes.
pub(super) const fn without_model<const N: usize>(models: &[&TableModel], head: Head, message: &mut Message) {
    let mut described = [0; N];
    let mut at = 0;
    while at < models.len() {
        let model = models[at];
        let mut dialect = 0;
        while dialect < 3 {
            if mask(model.dialects) & 1 << dialect != 0
                && let Some(number) = head.find(table_name(at_home(model.schema, dialect), model.name))
            {
                described[number] |= 1 << dialect;
            }
            dialect += 1;
        }
        at += 1;
    }
    at = 0;
    while at < N {
        let table = head.table(at);
        let extra = table.word(0) & !table.word(4) & !table.word(8) & !described[at];
        if extra != 0 {
            message.line(table.text(12), " is in the chain, and no model describes it", "").on(extra, head.dialects());
        }
        at += 1;
    }
}
