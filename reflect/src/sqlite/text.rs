//! What only the statement tells that made a table.
//!
//! SEAM: the reader of DDL in `revchain_schema` is to read these statements (and those of indexes that have an expression or a
//! predicate), and this file to take from the result what no pragma tells: checks, names of constraints, collations, what a
//! generated column is made of, what is deferrable, and unique constraints that repeat another key. Until then a table whose statement has any of that is tainted, so that
//! nothing is claimed of it.

use revchain_core::Dialect;
use revchain_core::sql::Lexer;
use revchain_schema::model::{Identity, Place, Table, Taint};

/// What no pragma tells, and is compared.
const UNTOLD: [&str; 4] = ["CHECK", "COLLATE", "GENERATED", "DEFERRABLE"];

/// Completes a table from the statement that made it.
pub(super) fn complete(table: &mut Table, statement: &str) {
    let (mut untold, mut uniques) = (Vec::new(), 0);
    let mut lexer = Lexer::new(statement, Dialect::Sqlite);
    while let Some(token) = lexer.next_significant() {
        // Only the rowid's column can have it.
        if token.is_word(statement, "AUTOINCREMENT") {
            let key = table.primary_key.as_ref().and_then(|key| key.columns.first());
            for column in table.columns.iter_mut().filter(|column| Some(&column.name) == key) {
                column.identity = Some(Identity::AutoIncrement);
            }
        }
        uniques += usize::from(token.is_word(statement, "UNIQUE"));
        let found = UNTOLD.into_iter().find(|word| token.is_word(statement, word));
        untold.extend(found.filter(|word| !untold.contains(word)));
    }
    // `AS (…)` alone makes a generated column, too.
    if table.columns.iter().any(|column| column.generated.is_some()) && !untold.contains(&"GENERATED") {
        untold.push("GENERATED");
    }
    // A unique constraint on what another key has already gets no index.
    if uniques != table.uniques.len() {
        untold.push("UNIQUE");
    }
    let taint = |word: &str| Taint { place: Place::NOWHERE, what: word.to_owned() };
    table.unknown.extend(untold.into_iter().map(taint));
}
