//! Which columns somebody gave values to: what `UPDATE` and `DELETE` statements name. A column that one of them names is taken
//! for filled; whether every row was reached nobody can tell without the rows.

use std::collections::{BTreeMap, BTreeSet};

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use crate::model::{Name, unquoted};

/// The names in such statements, by the table that they change; all as they are compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filled {
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Filled {
    /// Notes a statement, if it is one of these. PostgreSQL's rules ask for none.
    pub(crate) fn note(&mut self, text: &str, dialect: Dialect) {
        let begins = |word: &str| text.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
        if dialect != Dialect::Postgres && (begins("UPDATE") || begins("DELETE") || begins("WITH")) {
            self.note_all(text, dialect);
        }
    }

    /// The same of a text of several statements.
    pub(super) fn of(text: &str, dialect: Dialect) -> Filled {
        let mut filled = Filled::default();
        filled.note_all(text, dialect);
        filled
    }

    /// Whether rows of a table got a value for a column, or went.
    pub(super) fn holds(&self, table: &Name, column: &Name) -> bool {
        self.names.get(table.key()).is_some_and(|names| names.contains(column.key()))
    }

    fn note_all(&mut self, text: &str, dialect: Dialect) {
        let mut lexer = Lexer::new(text, dialect);
        // The table is the first name behind the verb, or what is in its place: every word up to SET or WHERE.
        let (mut changing, mut tables, mut names) = (None, BTreeSet::new(), BTreeSet::new());
        loop {
            let token = lexer.next_significant();
            let ends = token.is_none_or(|token| token.kind == TokenKind::Semicolon);
            if ends {
                for table in std::mem::take(&mut tables) {
                    self.names.entry(table).or_default().extend(names.iter().cloned());
                }
                names.clear();
                changing = None;
            }
            let Some(token) = token else { return };
            let shown = token.text(text);
            let name = match token.kind {
                TokenKind::Word => Name::new(shown, dialect),
                TokenKind::QuotedIdentifier => Name::new(&unquoted(shown), dialect),
                _ => continue,
            };
            match changing {
                None if ["update", "delete"].contains(&name.key()) => changing = Some(true),
                None => {}
                Some(true) if ["set", "where"].contains(&name.key()) => changing = Some(false),
                Some(true) => drop(tables.insert(name.key().to_owned())),
                Some(false) => drop(names.insert(name.key().to_owned())),
            }
        }
    }
}
