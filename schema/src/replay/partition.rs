//! By what a table is parted: that its columns are there, and in each of its unique keys. Of PostgreSQL's and MySQL's expressions
//! only those are judged whose columns can be read.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::names::name_at;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::Name;
use crate::read::names;

impl Replay {
    /// Judges the columns by which a new table is parted.
    pub(super) fn judge_parted(&self, target: &mut Target<'_>, part: Part, step: &mut Step<'_>) {
        let Some(parted) = target.table.options.get("partition by").filter(|_| target.is_known()) else { return };
        let Some((columns, are_plain)) = columns(parted, self.dialect()) else { return };
        // A whole row is called as its table.
        if columns.contains(&target.name.name) {
            return;
        }
        if let Some(missing) = columns.iter().find(|name| target.table.column(name).is_none()) {
            if !self.is_system_column(missing) {
                let part = step.word(None, missing.as_str());
                self.unknown_column_at(target, missing, part, step);
            }
            return;
        }
        // What PostgreSQL makes of an expression is another matter.
        if self.dialect() == Dialect::Postgres && !are_plain {
            return;
        }
        let keys = target.table.primary_key.iter().map(|key| (key, "primary key"));
        let mut keys = keys.chain(target.table.uniques.iter().map(|key| (key, "unique key")));
        let found = keys.find_map(|(key, what)| {
            let left_out = columns.iter().find(|name| !key.columns.contains(name))?;
            Some((left_out.clone(), what))
        });
        if let Some((column, what)) = found {
            let message = format!("the {what} lacks `{column}`, by which the table is parted");
            let help = format!("a {what} of such a table has all these columns: add `{column}` to it");
            let _ = step.fault(FaultKind::NoSuchForm, message, part).help(help);
        }
    }
}

/// The columns that stand in the parentheses, and whether nothing else does.
fn columns(parted: &str, dialect: Dialect) -> Option<(Vec<Name>, bool)> {
    let mut lexer = Lexer::new(parted, dialect);
    let (mut depth, mut start, mut are_plain) = (0usize, None, true);
    let mut columns = Vec::new();
    while let Some(token) = lexer.next_significant() {
        let mark = if token.kind == TokenKind::Punctuation { token.text(parted) } else { "" };
        match mark {
            "(" => {
                depth += 1;
                if depth == 1 {
                    start = Some(token.end);
                }
            }
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        let ends = mark == ")" && depth == 0 || mark == "," && depth == 1;
        if !ends {
            continue;
        }
        let text = parted.get(start?..token.start)?.trim();
        let names = names::expression(text, dialect)?;
        are_plain &= matches!(names.references.as_slice(), [only] if only.part == (0, text.len()));
        for reference in &names.references {
            if reference.qualifier.is_some() || reference.scope != 0 {
                return None;
            }
            columns.push(name_at(text, reference.part, dialect));
        }
        if depth == 0 {
            return Some((columns, are_plain));
        }
        start = Some(token.end);
    }
    None
}
