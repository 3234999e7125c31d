//! A second opinion: what sqlparser reads in a `CREATE TABLE`, our reader reads, too. Where sqlparser reads nothing, nothing is
//! compared; how often that is, is counted.

#![allow(clippy::print_stdout, reason = "a count for people")]

mod statements;

use std::collections::BTreeSet;

use revchain_core::{Dialect, Sources, chain};
use revchain_schema::Table;
use sqlparser::ast::{ColumnOption, CreateTable, Statement, TableConstraint};
use sqlparser::dialect::{MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// What both can say of a table, in lower case.
#[derive(Debug, PartialEq, Eq, Default)]
struct Shape {
    columns: Vec<String>,
    required: BTreeSet<String>,
    defaults: BTreeSet<String>,
    primary_key: Vec<String>,
    foreign_keys: BTreeSet<(Vec<String>, String)>,
    checks: usize,
}

fn ours(sql: &str, dialect: Dialect) -> Option<Shape> {
    let mut sources = Sources::default();
    sources.add("revchain.toml", "revchain.toml", format!("dialects = ['{dialect}']\n").into_bytes());
    let text = format!(
        "-- m\n-- revision: a\n-- down_revision: base\n-- @upgrade\n{sql};\n-- @downgrade; irreversible: a test\n"
    );
    sources.add("versions/a.sql", "versions/a.sql", text.into_bytes());
    let chain = chain::verify(&sources).0?;
    let schema = revchain_schema::replay(&sources, &chain, dialect, Some(0));
    let (_, table) = schema.tables.iter().next()?;
    Some(shape(table))
}

fn shape(table: &Table) -> Shape {
    let lower = |name: &revchain_schema::Name| name.as_str().to_lowercase();
    let all = |names: &[revchain_schema::Name]| names.iter().map(lower).collect::<Vec<_>>();
    let named = |wanted: &dyn Fn(&revchain_schema::Column) -> bool| {
        table.columns.iter().filter(|column| wanted(column)).map(|column| lower(&column.name)).collect()
    };
    Shape {
        columns: table.columns.iter().map(|column| lower(&column.name)).collect(),
        required: named(&|column| !column.nullable),
        defaults: named(&|column| column.default.is_some()),
        primary_key: table.primary_key.as_ref().map(|key| all(&key.columns)).unwrap_or_default(),
        foreign_keys: table.foreign_keys.iter().map(|key| (all(&key.columns), lower(&key.table.name))).collect(),
        checks: table.checks.len(),
    }
}

fn theirs(sql: &str, dialect: Dialect) -> Option<Shape> {
    let parsed = match dialect {
        Dialect::Postgres => Parser::parse_sql(&PostgreSqlDialect {}, sql),
        Dialect::Mysql => Parser::parse_sql(&MySqlDialect {}, sql),
        Dialect::Sqlite => Parser::parse_sql(&SQLiteDialect {}, sql),
    };
    match &parsed.ok()?[..] {
        [Statement::CreateTable(table)]
            if table.query.is_none() && table.like.is_none() && table.inherits.is_none() =>
        {
            Some(their_shape(table, dialect))
        }
        _ => None,
    }
}

fn their_shape(table: &CreateTable, dialect: Dialect) -> Shape {
    let lower = |name: &str| name.to_lowercase();
    let last = |name: &sqlparser::ast::ObjectName| {
        name.0.last().and_then(|part| part.as_ident()).map(|ident| lower(&ident.value)).unwrap_or_default()
    };
    let all = |names: &[sqlparser::ast::Ident]| names.iter().map(|name| lower(&name.value)).collect::<Vec<_>>();
    let mut shape = Shape::default();
    for column in &table.columns {
        let name = lower(&column.name.value);
        let kind = column.data_type.to_string().to_lowercase();
        for option in &column.options {
            match &option.option {
                ColumnOption::NotNull => drop(shape.required.insert(name.clone())),
                ColumnOption::Default(_) => drop(shape.defaults.insert(name.clone())),
                ColumnOption::PrimaryKey(_) => shape.primary_key = vec![name.clone()],
                ColumnOption::ForeignKey(key) => {
                    shape.foreign_keys.insert((vec![name.clone()], last(&key.foreign_table)));
                }
                ColumnOption::Check(_) => shape.checks += 1,
                ColumnOption::Generated { generation_expr: None, .. } => drop(shape.required.insert(name.clone())),
                _ => {}
            }
        }
        if kind.contains("serial") && dialect != Dialect::Sqlite {
            shape.required.insert(name.clone());
        }
        shape.columns.push(name);
    }
    for constraint in &table.constraints {
        match constraint {
            TableConstraint::PrimaryKey(key) => {
                let columns =
                    key.columns.iter().map(|column| lower(column.column.expr.to_string().trim_matches(['"', '`'])));
                shape.primary_key = columns.collect();
            }
            TableConstraint::ForeignKey(key) => {
                shape.foreign_keys.insert((all(&key.columns), last(&key.foreign_table)));
            }
            TableConstraint::Check(_) => shape.checks += 1,
            _ => {}
        }
    }
    // SQLite lets NULL into primary keys, but for the one that is the row's id.
    let is_row_id = |name: &String| {
        let kind = table.columns.iter().find(|column| lower(&column.name.value) == *name);
        kind.is_some_and(|column| column.data_type.to_string().eq_ignore_ascii_case("integer"))
    };
    if dialect != Dialect::Sqlite
        || shape.primary_key.len() == 1 && shape.primary_key.iter().all(is_row_id)
        || table.without_rowid
        || table.strict
    {
        shape.required.extend(shape.primary_key.iter().cloned());
    }
    shape
}

#[test]
fn a_table_is_what_another_parser_reads() {
    let (mut compared, mut unread, mut differences) = (0, 0, Vec::new());
    for sql in statements::all() {
        let sql = sql.trim_end_matches(';');
        // No database takes a second primary key, and each parser keeps another one of them.
        if !sql.to_uppercase().starts_with("CREATE TABLE") || sql.matches("PRIMARY KEY").count() > 1 {
            continue;
        }
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite] {
            // sqlparser takes MySQL's double quotes for a name's, and PostgreSQL's types everywhere.
            let is_misread = dialect == Dialect::Mysql && (sql.contains('"') || sql.contains("TIME ZONE"))
                || dialect != Dialect::Postgres && sql.contains("billing.money_amount");
            if is_misread {
                continue;
            }
            match (ours(sql, dialect), theirs(sql, dialect)) {
                (Some(ours), Some(theirs)) if ours == theirs => compared += 1,
                (Some(ours), Some(theirs)) => {
                    differences.push(format!("{dialect}: {sql}\nours:   {ours:?}\ntheirs: {theirs:?}"))
                }
                (None, Some(_)) => differences.push(format!("{dialect}: only sqlparser reads\n{sql}")),
                (_, None) => unread += 1,
            }
        }
    }
    println!("{compared} tables are the same; {unread} sqlparser doesn't read");
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n\n"));
    assert!(compared > 200, "{compared}");
}
