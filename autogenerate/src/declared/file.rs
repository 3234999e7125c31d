//! What there should be, as a file of SQL: `schema.sql`, or for a dialect that needs other words `schema.<dialect>.sql` beside
//! it, which is then read instead.
//!
//! The file makes everything from nothing, as `pg_dump --schema-only` writes it: CREATE TABLE, CREATE INDEX, COMMENT, and what
//! has to be there for them (types, domains). ALTER TABLE is read as well; rows are not looked at. Views, functions and triggers
//! may stand there; they are left alone. In SQL everything is said: a type is just that type, and a table that the file has not
//! is not meant to be.

use std::collections::BTreeSet;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};
use revchain_schema::apply;
use revchain_schema::model::{Name, Schema};

use super::{Around, Declared, Fault, Said, base};

/// What a file declares, on the dialect of what there is. `file` is its name, for messages.
pub fn declare_sql(sql: &str, file: &str, around: Around<'_>) -> (Declared, Vec<Fault>) {
    let dialect = around.have.dialect;
    let mut base = base(around);
    let own = apply(&Schema::empty(dialect), sql).schema;
    base.namespaces.retain(|name, _| !own.namespaces.contains_key(name));
    base.types.retain(|name, _| !own.types.contains_key(name));
    base.sequences.retain(|name, _| !own.sequences.contains_key(name));
    base.routines.retain(|name, _| !own.routines.contains_key(name));
    base.extensions.retain(|name, _| !own.extensions.contains_key(name));
    let applied = apply(&base, sql);
    let faults = applied.problems.into_iter().map(|problem| {
        let before = sql.get(..problem.at.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Fault {
            declared: String::new(),
            file: file.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            help: problem.help.or_else(|| below(&problem.message, &own)),
            message: problem.message,
        }
    });
    let mut faults: Vec<Fault> = faults.collect();
    faults.sort();
    faults.dedup();
    let (schema, names) = (applied.schema, names(sql, dialect));
    let declared = schema.tables.keys().filter(|name| !base.tables.contains_key(name));
    let said = || Said { names: names.clone(), is_all: true, ..Said::default() };
    let tables = declared.map(|name| (name.clone(), said())).collect();
    let left_alone = left_alone(&schema, &own);
    (Declared { schema, tables, left_alone }, faults)
}

/// What to do where the table that is missed stands further down. `own` is what the whole file makes.
fn below(message: &str, own: &Schema) -> Option<String> {
    let name = own.tables.keys().find(|name| message == format!("table `{name}` does not exist"))?;
    Some(format!(
        "the file is read from top to bottom, as a database reads it: put `{name}` above, or the foreign key below both \
         tables, with ALTER TABLE"
    ))
}

/// What else stands there, and is not compared.
fn left_alone(schema: &Schema, own: &Schema) -> Vec<String> {
    let views = schema.views.keys().map(|name| format!("view `{name}`"));
    let triggers = schema.triggers.keys().map(|(_, name)| format!("trigger `{name}`"));
    let routines = own.routines.keys().map(|name| format!("function `{name}`"));
    let sequences = own.sequences.keys().map(|name| format!("sequence `{name}`"));
    let others = schema.others.keys().map(|(kind, _, name)| format!("{kind} `{name}`"));
    views.chain(triggers).chain(routines).chain(sequences).chain(others).collect()
}

/// The names that somebody gave to keys, checks and indexes: what stands behind these words.
fn names(sql: &str, dialect: Dialect) -> BTreeSet<Name> {
    let (mut lexer, mut names) = (Lexer::new(sql, dialect), BTreeSet::new());
    let mut is_next = false;
    while let Some(token) = lexer.next_significant() {
        let text = token.text(sql);
        if is_next && matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier) {
            names.insert(name(&token, sql, dialect));
        }
        let before = ["constraint", "index", "key", "unique", "exists", "concurrently", "."];
        is_next = before.iter().any(|word| text.eq_ignore_ascii_case(word));
    }
    names
}

/// A name as the dialect keeps it.
fn name(token: &Token, sql: &str, dialect: Dialect) -> Name {
    let text = token.text(sql);
    match token.kind {
        TokenKind::QuotedIdentifier => {
            let quote = text.get(..1).unwrap_or_default();
            let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
            Name::new(&inner.replace(&quote.repeat(2), quote), dialect)
        }
        _ if dialect == Dialect::Postgres => Name::new(&text.to_lowercase(), dialect),
        _ => Name::new(text, dialect),
    }
}
