//! The names of what has none: what the convention says, made to fit.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::config::{Given, NameNeeded, Named, NamingConvention, Subject};
use revchain_core::sql::{Lexer, TokenKind};
use revchain_model::{IndexPartModel, TableModel};
use revchain_schema::model::Name;

/// Gives names on one dialect.
pub(super) struct Naming<'a> {
    pub(super) dialect: Dialect,
    pub(super) convention: &'a NamingConvention,
    /// The indexes so far: no two may have one name.
    pub(super) taken: BTreeSet<Name>,
}

impl Naming<'_> {
    /// The name of a constraint; `None` leaves it to the database.
    pub(super) fn constraint(
        &self,
        kind: Named,
        given: Option<&str>,
        model: &TableModel,
        columns: &[&str],
        referred: Option<(&str, &[&str])>,
    ) -> Result<Option<Name>, NameNeeded> {
        let said = given.map_or(Given::Nothing, Given::Name);
        let subject = Subject { kind, given: said, schema: model.schema, table: model.name, columns, referred };
        let name = self.convention.name(&subject)?;
        Ok(name.map(|name| self.fitting(&name, given.is_some())))
    }

    /// The name of an index.
    pub(super) fn index(
        &mut self,
        given: Option<&str>,
        model: &TableModel,
        parts: &[IndexPartModel],
    ) -> Result<Option<Name>, NameNeeded> {
        let words: Vec<String> = parts.iter().map(|part| word(part, self.dialect)).collect();
        let columns: Vec<&str> = words.iter().map(String::as_str).collect();
        let name = self.constraint(Named::Index, given, model, &columns, None)?;
        let Some(mut name) = name.filter(|_| given.is_none()) else {
            return self.constraint(Named::Index, given, model, &columns, None);
        };
        // SQLAlchemy's own convention names an index by its first column: a second one that begins with it has the others, too.
        let first = name.as_str().to_owned();
        if self.taken.contains(&name) && columns.len() > 1 {
            let rest = columns.get(1..).unwrap_or_default().join("_");
            name = self.fitting(&format!("{first}_{rest}"), false);
        }
        let mut number = 1;
        while self.taken.contains(&name) {
            number += 1;
            name = self.fitting(&format!("{first}_{number}"), false);
        }
        self.taken.insert(name.clone());
        Ok(Some(name))
    }

    /// A name that nobody gave is cut where it is too long, and told from others by a number made of the whole.
    fn fitting(&self, name: &str, is_given: bool) -> Name {
        let (length, limit) = match self.dialect {
            Dialect::Postgres => (name.len(), 63),
            Dialect::Mysql => (name.chars().count(), 64),
            Dialect::Sqlite => (0, 64),
        };
        if is_given || length <= limit {
            return Name::new(name, self.dialect);
        }
        // FNV-1a.
        let digest =
            name.bytes().fold(0x811c_9dc5_u32, |digest, byte| (digest ^ u32::from(byte)).wrapping_mul(16_777_619));
        let mut end = 0;
        for (position, (at, character)) in name.char_indices().enumerate() {
            let stop = at + character.len_utf8();
            let length = if self.dialect == Dialect::Mysql { position + 1 } else { stop };
            if length > limit - 5 {
                break;
            }
            end = stop;
        }
        Name::new(&format!("{}_{:04x}", name.get(..end).unwrap_or_default(), digest & 0xffff), self.dialect)
    }
}

/// What an index's part is called in its name: the column, or the words of the expression.
fn word(part: &IndexPartModel, dialect: Dialect) -> String {
    if !part.is_expression {
        return part.text.to_owned();
    }
    let (mut lexer, mut words) = (Lexer::new(part.text, dialect), Vec::new());
    while let Some(token) = lexer.next_significant() {
        if token.kind == TokenKind::Word && words.len() < 4 {
            words.push(token.text(part.text).to_lowercase());
        }
    }
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        let convention = NamingConvention::default();
        for dialect in Dialect::ALL {
            let naming = Naming { dialect, convention: &convention, taken: BTreeSet::new() };
            let (one, other) = ("ä".repeat(80), format!("{}b", "ä".repeat(79)));
            let (cut, other) = (naming.fitting(&one, false), naming.fitting(&other, false));
            assert_ne!(cut, other);
            match dialect {
                Dialect::Postgres => assert!(cut.as_str().len() <= 63, "{cut}"),
                Dialect::Mysql => assert_eq!(cut.as_str().chars().count(), 64, "{cut}"),
                Dialect::Sqlite => assert_eq!(cut.as_str(), one),
            }
            assert_eq!(naming.fitting(&one, true).as_str(), one);
        }
    }
}
