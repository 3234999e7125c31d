//! Statements that change no schema: that there is what they name. Nothing is changed by them here.

use revchain_core::Dialect;

use super::known::Relation;
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::{Named, Part};
use crate::model::Name;
use crate::read::Cursor;
use crate::read::named::{self, Mentioned};
use crate::read::names::Names;

impl Replay {
    /// Judges a statement that leaves the schema as it is.
    pub(super) fn judge_neutral(&mut self, step: &mut Step<'_>) {
        let text = step.source();
        if named::loads_functions(text) {
            self.foreign_functions = true;
        } else if named::is_query(text) {
            self.judge_query(step);
        } else if let Some(mentioned) = named::mentioned(text, self.dialect()) {
            match mentioned {
                Mentioned::Tables(mut tables) => {
                    // What a GRANT names may be a column's own sequence.
                    tables.retain(|named| !self.is_columns_own(&named.name));
                    self.judge_reads(&tables, step);
                }
                Mentioned::Sequences(sequences) => {
                    for named in &sequences {
                        self.judge_sequence(named, step);
                    }
                }
                Mentioned::Materialized(view) => self.judge_refreshed(&view, step),
                Mentioned::Index(index) => self.judge_reindexed(&index, step),
                Mentioned::Any(named) => self.judge_any(&named, step),
            }
        }
    }

    fn judge_sequence(&mut self, named: &Named, step: &mut Step<'_>) {
        if self.relation(&named.name) == Relation::Nothing && !self.is_columns_own(&named.name) {
            self.missing(named, "sequence", step);
        }
    }

    /// Judges the sequences that `nextval('…')` and its like name. `part` is where in the statement the text stands, where that isn't all of it.
    pub(super) fn judge_sequences(&self, names: &Names, text: &str, part: Option<Part>, step: &mut Step<'_>) {
        if self.dialect() != Dialect::Postgres {
            return;
        }
        let shown = |(from, to): Part| text.get(from..to).unwrap_or_default();
        for call in &names.calls {
            let function = shown(call.part);
            let is_it = ["nextval", "currval", "setval"].iter().any(|word| function.eq_ignore_ascii_case(word));
            let Some(said) = call.constant.filter(|_| is_it) else { continue };
            let inner = shown(said).strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            let Some(inner) = inner.filter(|inner| !inner.contains(['\'', '\\'])) else { continue };
            let mut cursor = Cursor::new(inner, Dialect::Postgres);
            let Some(named) = cursor.object().filter(|_| cursor.is_at_end()) else { continue };
            if self.relation(&named.name) == Relation::Nothing
                && !self.is_columns_own(&named.name)
                && self.is_surely_absent(&named.name)
            {
                let known = self.schema.sequences.keys().map(|known| known.name.as_str());
                let part = if step.text(said) == shown(said) { Some(said) } else { step.word(part, inner) };
                let message = format!("sequence `{}` does not exist", named.name);
                return step.fault(FaultKind::UnknownTable, message, part).meant(inner, known);
            }
        }
    }

    fn judge_refreshed(&mut self, named: &Named, step: &mut Step<'_>) {
        let full = match self.relation(&named.name) {
            Relation::Nothing => return self.missing(named, "materialized view", step),
            Relation::View(full) | Relation::Table(full) if !self.is_unsure(&full) => full,
            _ => return,
        };
        let word = match self.schema.views.get(&full) {
            Some(view) if view.materialized => return,
            Some(_) => "a view that is computed whenever it is read",
            None => "a table",
        };
        let message = format!("`{}` is no materialized view, but {word}", named.name);
        let _ =
            step.fault(FaultKind::Other, message, named.part).help("name a materialized view, or remove the statement");
    }

    fn judge_reindexed(&mut self, named: &Named, step: &mut Step<'_>) {
        if self.relation(&named.name) == Relation::Nothing && self.is_surely_absent(&named.name) && self.is_all_known()
        {
            let message = format!("index `{}` does not exist", named.name);
            let _ = step.fault(FaultKind::UnknownIndex, message, named.part);
        }
    }

    /// SQLite's REINDEX and ANALYZE take a table, an index or a schema, and REINDEX an order.
    fn judge_any(&mut self, named: &Named, step: &mut Step<'_>) {
        let key = named.name.name.key();
        let is_there = named.name.schema.is_some()
            || is_order(&named.name.name)
            || ["main", "temp"].contains(&key)
            || key.starts_with("sqlite_")
            || self.relation(&named.name) != Relation::Nothing;
        if !is_there && self.is_all_known() {
            self.missing(named, "table", step);
        }
    }
}

/// SQLite's own collations.
pub(super) const SQLITE_ORDERS: [&str; 3] = ["binary", "nocase", "rtrim"];

/// Whether SQLite orders texts in this way by itself.
pub(super) fn is_order(name: &Name) -> bool {
    SQLITE_ORDERS.contains(&name.key())
}
