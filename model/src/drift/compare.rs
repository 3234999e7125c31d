//! A struct's table against the chain's: on all dialects at once, because most say the same of most.

use super::head::{At, Head, size};
use super::names::{same, table_name};
use super::words::Message;
use crate::{PerDialect, TableModel};

pub(super) const POSTGRES: usize = 0;
pub(super) const MYSQL: usize = 1;
pub(super) const SQLITE: usize = 2;

/// A table that is both a struct's and the chain's.
pub(super) struct Pair<'a> {
    pub(super) model: &'a TableModel,
    pub(super) table: At,
    /// Where both are, and nothing is in doubt.
    pub(super) dialects: u32,
    pub(super) columns: usize,
    pub(super) keys: usize,
    pub(super) foreign_keys: usize,
}

impl<'a> Pair<'a> {
    /// A struct's table and the one of this number, where the chain is.
    pub(super) const fn of(model: &'a TableModel, head: Head, number: usize) -> Pair<'a> {
        let table = head.table(number);
        Pair {
            model,
            table: table.further(size::TABLE),
            dialects: head.dialects(),
            columns: table.word(20) as usize,
            keys: table.word(24) as usize,
            foreign_keys: table.word(28) as usize,
        }
    }
}

pub(super) const fn mask(each: PerDialect<bool>) -> u32 {
    each.postgres as u32 | (each.mysql as u32) << 1 | (each.sqlite as u32) << 2
}

pub(super) const fn of(each: &PerDialect<Option<&'static str>>, dialect: usize) -> Option<&'static str> {
    match dialect {
        POSTGRES => each.postgres,
        MYSQL => each.mysql,
        _ => each.sqlite,
    }
}

/// Looks for what differs between a struct's table and the chain's.
pub const fn compare<const M: usize>(model: &TableModel, head: Head, message: &mut Message<M>) {
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

const fn compare_on<const M: usize>(model: &TableModel, head: Head, wanted: u32, message: &mut Message<M>) {
    match model.schema {
        Some(schema) if same(schema, "public") || same(schema, "main") => {
            let (at_home, elsewhere) = if same(schema, "public") { (1, 6) } else { (4, 3) };
            compare_in(model, None, head, wanted & at_home, message);
            compare_in(model, Some(schema), head, wanted & elsewhere, message);
        }
        schema => compare_in(model, schema, head, wanted, message),
    }
}

const fn compare_in<const M: usize>(
    model: &TableModel,
    schema: Option<&str>,
    head: Head,
    wanted: u32,
    message: &mut Message<M>,
) {
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
            let pair = Pair { dialects: judged, ..Pair::of(model, head, number) };
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

pub(super) const fn at_home(schema: Option<&'static str>, dialect: usize) -> Option<&'static str> {
    match schema {
        Some(name) if dialect == POSTGRES && same(name, "public") => None,
        Some(name) if dialect == SQLITE && same(name, "main") => None,
        schema => schema,
    }
}

/// The tables of the chain that no struct describes.
pub(super) const fn without_model<const N: usize, const M: usize>(
    models: &[&TableModel],
    head: Head,
    message: &mut Message<M>,
) {
    let mut described = [0; N];
    let mut at = 0;
    while at < models.len() {
        let (model, mut left) = (models[at], mask(models[at].dialects));
        while left != 0 {
            // All of them at once, but where a schema's name is the default one's.
            let dialects = if model.schema.is_none() { left } else { left & left.wrapping_neg() };
            let schema = at_home(model.schema, dialects.trailing_zeros() as usize);
            if let Some(number) = head.find(table_name(schema, model.name)) {
                described[number] |= dialects;
            }
            left &= !dialects;
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
