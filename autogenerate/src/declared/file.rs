//! What there should be, as a file of SQL: `schema.sql`, or for a dialect that needs other words `schema.<dialect>.sql` beside
//! it, which is then read instead.
//!
//! The file makes everything from nothing, as `pg_dump --schema-only` writes it: CREATE TABLE, CREATE INDEX, COMMENT, and what
//! has to be there for them (types, domains). ALTER TABLE is read as well; rows are not looked at. Views, functions and triggers
//! may stand there; they are left alone. In SQL everything is said: a type is just that type, and a table that the file has not
//! is not meant to be.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind, split};
use revchain_schema::model::{ForeignKey, Name, Schema};
use revchain_schema::{Problem, apply};

use super::{Around, Declared, Fault, Said, base};
use crate::script::{Renames, write};

/// What a file declares, on the dialect of what there is. `file` is its name, for messages.
pub fn declare_sql(sql: &str, file: &str, around: Around<'_>) -> (Declared, Vec<Fault>) {
    let dialect = around.have.dialect;
    let mut base = base(around);
    let nothing = Schema { unsure: Arc::clone(&base.unsure), ..Schema::empty(dialect) };
    let alone = apply(&nothing, sql);
    let own = alone.schema.clone();
    base.namespaces.retain(|name, _| !own.namespaces.contains_key(name));
    base.types.retain(|name, _| !own.types.contains_key(name));
    base.sequences.retain(|name, _| !own.sequences.contains_key(name));
    base.routines.retain(|name, _| !own.routines.contains_key(name));
    base.extensions.retain(|name, _| !own.extensions.contains_key(name));
    // Mostly there is nothing but what the file makes.
    let applied = if base == nothing { alone } else { apply(&base, sql) };
    let mut schema = applied.schema;
    let (further, problems): (Vec<Problem>, Vec<Problem>) =
        applied.problems.into_iter().partition(|problem| is_further_down(problem, &schema, sql));
    let mut faults: Vec<Fault> = problems.into_iter().map(|problem| fault(problem, sql, file, dialect)).collect();
    if !further.is_empty() {
        lead_further_down(&mut schema);
        let script = write(&base, &schema, &Renames::default());
        let omitted = script.omitted.iter().map(|omitted| format!("{}: {}", omitted.difference.object, omitted.why));
        // Where more is wrong, that is told first.
        if let (true, Some(first)) = (faults.is_empty(), further.first()) {
            let again = omitted.map(|message| Problem { at: first.at.clone(), message, help: None });
            faults.extend(again.map(|problem| fault(problem, sql, file, dialect)));
        }
    }
    faults.sort();
    faults.dedup();
    let names = Arc::new(names(sql, dialect));
    let declared = schema.tables.keys().filter(|name| !base.tables.contains_key(name));
    let said = || Said { names: Arc::clone(&names), is_all: true, ..Said::default() };
    let tables = declared.map(|name| (name.clone(), said())).collect();
    let left_alone = left_alone(&schema, &own);
    (Declared { schema, tables, left_alone }, faults)
}

/// Whether nothing is wrong but that a foreign key leads to a table that stands further down: what is declared has no order, and
/// two tables may refer to each other. Whatever else names such a table (an index, LIKE) has lost something.
fn is_further_down(problem: &Problem, schema: &Schema, sql: &str) -> bool {
    let dialect = schema.dialect;
    let found = schema.tables.keys().find(|name| problem.message == format!("table `{name}` does not exist"));
    let Some(table) = found else { return false };
    let statements = split(sql, dialect);
    let holds = |start: u32, end: u32| (start as usize..end as usize).contains(&problem.at.start);
    let Some(statement) = statements.statements().find(|statement| holds(statement.start, statement.end)) else {
        return false;
    };
    let text = sql.get(statement.start as usize..statement.end as usize).unwrap_or_default();
    let (mut lexer, mut before, mut is_referred) = (Lexer::new(text, dialect), [""; 2], false);
    while let Some(token) = lexer.next_significant() {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        if is_name && name(&token, text, dialect) == table.name {
            let is_one = |words: &[&str]| words.iter().any(|word| before.iter().any(|b| b.eq_ignore_ascii_case(word)));
            is_referred |= is_one(&["references"]);
            if is_one(&["table", "exists", "only", "on", "like", "inherits", "of", "from", "join"]) {
                return false;
            }
        }
        let shown = token.text(text);
        if shown != "." {
            before = [before[1], shown];
        }
    }
    is_referred
}

/// Finds the columns that foreign keys refer to, where only the table is said.
fn lead_further_down(schema: &mut Schema) {
    if schema.dialect != Dialect::Postgres {
        return;
    }
    let tables = schema.tables.clone();
    let is_open = |key: &ForeignKey| key.references.is_empty();
    for (name, _) in tables.iter().filter(|(_, table)| table.foreign_keys.iter().any(is_open)) {
        let Some(table) = schema.tables.get_mut(name).map(Arc::make_mut) else { continue };
        for key in table.foreign_keys.iter_mut().filter(|key| is_open(key)) {
            let primary = tables.get(&key.table).and_then(|parent| parent.primary_key.as_ref());
            key.references = primary.map(|primary| primary.columns.clone()).unwrap_or_default();
        }
    }
}

fn fault(problem: Problem, sql: &str, file: &str, dialect: Dialect) -> Fault {
    let before = sql.get(..problem.at.start).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    // A rebuild is for tables that have rows.
    let is_key = dialect == Dialect::Sqlite && problem.message.contains("`ALTER TABLE");
    let help =
        is_key.then(|| "say it in CREATE TABLE: a foreign key there may refer to a table further down".to_owned());
    Fault {
        declared: String::new(),
        file: file.to_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        help: help.or(problem.help),
        message: problem.message,
    }
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
