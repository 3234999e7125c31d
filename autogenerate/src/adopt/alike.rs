//! What says the same, spelt in another way: defaults, checks, parts of indexes.

use revchain_core::Dialect;
use revchain_core::sql::Lexer;
use revchain_model::Kind;
use revchain_schema::compare::canonical;
use revchain_schema::model::{Default, Expression, ForeignKey, Index, IndexPart, Name, ObjectName, ReferentialAction};

/// Whether two expressions say the same.
pub(super) fn expressions(one: Option<&Expression>, other: Option<&Expression>, dialect: Dialect) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other || text(one, dialect) == text(other, dialect),
        (one, other) => one.is_none() == other.is_none(),
    }
}

/// What an expression says: on PostgreSQL also where a cast is a call, or stands before a constant.
pub(super) fn text(expression: &Expression, dialect: Dialect) -> String {
    let source = expression.as_str();
    let text = match dialect == Dialect::Postgres && source.contains("cast") {
        true => canonical(&Expression::new(&without_cast(source), dialect), dialect),
        false => canonical(expression, dialect),
    };
    match text.split_once(" '") {
        Some((of, constant)) if dialect == Dialect::Postgres && is_typed(of, constant) => format!("'{constant}"),
        _ => text,
    }
}

/// Whether a constant with a word before it is all there is: `interval '14 days'`.
fn is_typed(of: &str, constant: &str) -> bool {
    let is_type = ["interval", "date", "time", "timestamp", "timestamptz", "json", "jsonb", "uuid", "text", "bytea"]
        .contains(&of);
    is_type && constant.strip_suffix('\'').is_some_and(|inner| !inner.contains('\''))
}

/// `cast(a as b)` as `(a)`.
fn without_cast(source: &str) -> String {
    let (mut lexer, mut text, mut last, mut is_cast) =
        (Lexer::new(source, Dialect::Postgres), String::new(), "", false);
    // For each open parenthesis, whether it is a cast's; and from which depth on nothing is kept.
    let (mut open, mut cut): (Vec<bool>, Option<usize>) = (Vec::new(), None);
    while let Some(token) = lexer.next_significant() {
        let shown = token.text(source);
        match shown {
            "(" => open.push(std::mem::take(&mut is_cast)),
            ")" => {
                cut = cut.filter(|depth| *depth < open.len());
                open.pop();
            }
            "as" if open.last() == Some(&true) && cut.is_none() => cut = Some(open.len()),
            _ => {}
        }
        is_cast = shown == "cast";
        if cut.is_none() && !is_cast {
            let is_word = |text: &str| text.ends_with(|last: char| last.is_alphanumeric() || "_'\"".contains(last));
            text.push_str(if is_word(last) && shown != "(" && shown != ")" { " " } else { "" });
            text.push_str(shown);
            last = shown;
        }
    }
    text
}

/// Whether two defaults are one.
pub(super) fn defaults(one: Option<&Default>, other: Option<&Default>, kind: Kind, dialect: Dialect) -> bool {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (&one.0, &other.0),
        (one, other) => return one.is_none() == other.is_none(),
    };
    if expressions(Some(one), Some(other), dialect) {
        return true;
    }
    let (one, other) = (canonical(one, dialect), canonical(other, dialect));
    let is_now = |text: &str| text == "now" || text.strip_prefix("now ").is_some_and(|rest| rest.parse::<u8>().is_ok());
    match kind {
        // The precision is the type's.
        Kind::Timestamp | Kind::TimestampTz => is_now(&one) && is_now(&other),
        Kind::Boolean => truth(&one, dialect).is_some() && truth(&one, dialect) == truth(&other, dialect),
        _ => false,
    }
}

/// A truth value, as databases write it. To PostgreSQL a number is none: one is the default of what was a number before.
fn truth(text: &str, dialect: Dialect) -> Option<bool> {
    match text {
        "true" | "'t'" => Some(true),
        "false" | "'f'" => Some(false),
        _ if dialect == Dialect::Postgres => None,
        "1" | "b'1'" | "b '1'" | "b 1" => Some(true),
        "0" | "b'0'" | "b '0'" | "b 0" => Some(false),
        _ => None,
    }
}

/// What a check says: without the table's own name before its columns, which it need not say.
pub(super) fn check(expression: &Expression, table: &ObjectName, dialect: Dialect) -> String {
    let text = text(expression, dialect);
    if !text.contains(" . ") {
        return text;
    }
    let own = table.name.as_str().to_lowercase();
    let mut kept: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        if matches!(kept.as_slice(), [.., name, "."] if *name == own) {
            kept.truncate(kept.len() - 2);
        }
        kept.push(word);
    }
    kept.join(" ")
}

/// Whether two checks say the same.
pub(crate) fn same_check(one: &Expression, other: &Expression, dialect: Dialect) -> bool {
    one == other || text(one, dialect) == text(other, dialect)
}

/// Whether a check is what a column's type brings on some databases: `a IN (0, 1)`, `json_valid(a)`.
pub(super) fn is_of_type(text: &str, column: &Name, kind: Kind) -> bool {
    let name = column.as_str().to_lowercase();
    match kind {
        Kind::Boolean => text == format!("{name} in 0 , 1"),
        Kind::Json => text == format!("json_valid {name}"),
        _ => false,
    }
}

/// Whether two foreign keys say the same. Their names mean nothing; the columns that they refer to are said in both.
pub(crate) fn foreign_keys(one: &ForeignKey, other: &ForeignKey, dialect: Dialect) -> bool {
    let action = |action: ReferentialAction| match action {
        ReferentialAction::Restrict if dialect == Dialect::Mysql => ReferentialAction::NoAction,
        action => action,
    };
    one.columns == other.columns
        && one.table == other.table
        && (one.references == other.references || one.references.is_empty() || other.references.is_empty())
        && action(one.on_delete) == action(other.on_delete)
        && action(one.on_update) == action(other.on_update)
        && one.deferrable == other.deferrable
}

/// Whether two indexes say the same, whatever their names. What a struct has no word for is not looked at.
pub(crate) fn indexes(there: &Index, declared: &Index, dialect: Dialect) -> bool {
    let method = |index: &Index| index.method.clone().filter(|method| method != "btree");
    there.unique == declared.unique
        && method(there) == method(declared)
        && there.include == declared.include
        && expressions(there.predicate.as_ref(), declared.predicate.as_ref(), dialect)
        && there.parts.len() == declared.parts.len()
        && there.parts.iter().zip(&declared.parts).all(|(there, declared)| parts(there, declared, dialect))
}

fn parts(there: &IndexPart, declared: &IndexPart, dialect: Dialect) -> bool {
    there.column == declared.column
        && expressions(there.expression.as_ref(), declared.expression.as_ref(), dialect)
        && there.order == declared.order
        && there.nulls_first == declared.nulls_first
        && (declared.length.is_none() || there.length == declared.length)
        && (declared.collation.is_none() || there.collation == declared.collation)
        && there.operator_class == declared.operator_class
}

/// The columns of a unique index that is nothing but a unique constraint by another name.
pub(crate) fn unique_columns(index: &Index) -> Option<Vec<Name>> {
    let is_plain = index.unique
        && index.predicate.is_none()
        && index.include.is_empty()
        && index.method.as_deref().is_none_or(|method| method == "btree")
        && index
            .parts
            .iter()
            .all(|part| part.length.is_none() && part.operator_class.is_none() && part.collation.is_none());
    if !is_plain {
        return None;
    }
    index.parts.iter().map(|part| part.column.clone()).collect()
}

/// Whether two lists hold the same columns, in whatever order.
pub(crate) fn same_set(one: &[Name], other: &[Name]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}
