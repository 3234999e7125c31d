//! The columns of a table that is both a struct's and the chain's.

use super::compare::{MYSQL, POSTGRES, Pair, SQLITE, of};
use super::head::{At, size};
use super::names::{is_one_of, name, same};
use super::words::Message;
use super::{exact, fact, usual};
use crate::{ColumnModel, IdentityModel, Kind, PerDialect};

/// What matters of a column that is nothing special, beside its kind.
pub(super) const OPEN: u32 = fact::PRESENT
    | fact::NULLABLE
    | fact::DEFAULT
    | fact::UNSURE_DEFAULT
    | fact::COUNTS
    | fact::GENERATED
    | fact::UNSURE_TYPE
    | fact::MIXED;

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
    pub(super) const fn columns<const M: usize>(&self, message: &mut Message<M>) {
        let (mut at, mut found, mut next) = (0, 0, 0);
        while at < self.model.columns.len() {
            let column = &self.model.columns[at];
            match self.table.find_from(next, name(column.name), self.columns, size::COLUMN) {
                Some(number) => {
                    found += 1;
                    next = number + 1;
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

    const fn missing<const M: usize>(&self, column: &ColumnModel, dialects: u32, message: &mut Message<M>) {
        let line = message.line(self.model.name, ": column", column.name);
        line.text(" is in the model, not in the chain").on(dialects, self.dialects);
    }

    const fn columns_without_field<const M: usize>(&self, message: &mut Message<M>) {
        let mut at = 0;
        while at < self.columns {
            let there = self.table.further(at * size::COLUMN);
            at += 1;
            let (hash, mut is_known, mut field) = (there.word(0), false, 0);
            while field < self.model.columns.len() && !is_known {
                is_known = name(self.model.columns[field].name) as u32 == hash;
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

    pub(super) const fn column<const M: usize>(&self, column: &ColumnModel, there: At, message: &mut Message<M>) {
        // As most columns are, and on all dialects at once.
        let is_open =
            !(column.sql_type.is_exact.postgres | column.sql_type.is_exact.mysql | column.sql_type.is_exact.sqlite);
        if is_open
            && matches!((&column.identity, &column.generated), (None, None))
            && !matches!(column.sql_type.kind, Kind::Exact)
        {
            let default = match &column.default {
                PerDialect { postgres: None, mysql: None, sqlite: None } => Some(0),
                PerDialect { postgres: Some(_), mysql: Some(_), sqlite: Some(_) } => Some(fact::DEFAULT),
                _ => None,
            };
            if let Some(default) = default {
                let kind = 1 << column.sql_type.kind as u32;
                let nullable = if column.nullable { fact::NULLABLE } else { 0 };
                let expected = fact::PRESENT | kind | default | nullable;
                if there.word(4) & (OPEN | kind) == expected {
                    return;
                }
            }
        }
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

    const fn say<const M: usize>(&self, column: &ColumnModel, there: At, differs: Differs, message: &mut Message<M>) {
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
    let counts_by_type = dialect != SQLITE && matches!(kind, Kind::Exact) && mentions_serial(sql);
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
        // Nearly always it is called as it usually is.
        let spelling = exact::spelling(sql);
        let is_one = there.long(52 + 16 * dialect) == spelling || there.long(60 + 16 * dialect) == spelling;
        let is_enum = !column.sql_type.values.is_empty();
        return !is_one && exact::differ(dialect, sql, there.text(28 + 8 * dialect), is_enum);
    }
    facts & 1 << kind as u32 == 0 && is_one_of(sql, usual(kind)[dialect])
}

/// PostgreSQL's `serial` and its likes, which are a type and more.
pub(super) const fn mentions_serial(sql: &str) -> bool {
    let (bytes, mut at) = (sql.as_bytes(), 0);
    while at + 6 <= bytes.len() {
        let is_it = bytes[at] | 0x20 == b's' && bytes[at + 1] | 0x20 == b'e' && bytes[at + 2] | 0x20 == b'r';
        if is_it && bytes[at + 3] | 0x20 == b'i' {
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
        if bytes[at] | 0x20 == b'n' && bytes[at + 1] | 0x20 == b'u' && bytes[at + 2] | 0x20 == b'l' {
            return true;
        }
        at += 1;
    }
    false
}
