//! What an index is made of: of `CREATE INDEX`, of keys and of exclusions. Reads MySQL's options of an index, too.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use super::{Cursor, Keyword};
use crate::model::{Index, IndexPart, Name, Order};

/// Reads `(part, part …)`. Nothing where no parenthesis is opened.
pub(crate) fn parts(cursor: &mut Cursor<'_>) -> Vec<IndexPart> {
    let mut parts = Vec::new();
    if !cursor.take_mark('(') {
        return parts;
    }
    while !cursor.is_at_end() && !cursor.take_mark(')') {
        parts.extend(part(cursor));
        // What nobody knows of a part: `WITHOUT OVERLAPS`, `AUTOINCREMENT`.
        cursor.skip_clause();
        cursor.take_mark(',');
    }
    parts
}

/// Reads one part, as far as it is understood: an exclusion's operator is left.
pub(crate) fn part(cursor: &mut Cursor<'_>) -> Option<IndexPart> {
    let mut part = target(cursor)?;
    if cursor.take(&["COLLATE"]) {
        part.collation = collation(cursor).map(|name| name.as_str().to_owned());
    }
    if cursor.dialect() == Dialect::Postgres && cursor.sees_name() && !is_attribute(Keyword::at(cursor, 0)) {
        part.operator_class = operator_class(cursor);
    }
    if cursor.take_any(&["ASC", "DESC"]) == Some("DESC") {
        part.order = Order::Descending;
    }
    if cursor.sees(0, "NULLS") && (cursor.sees(1, "FIRST") || cursor.sees(1, "LAST")) {
        let first = cursor.sees(1, "FIRST");
        cursor.seek(cursor.position() + 2);
        let implied = (part.order == Order::Descending) == (cursor.dialect() == Dialect::Postgres);
        part.nulls_first = Some(first).filter(|first| *first != implied);
    }
    Some(part)
}

/// What is indexed.
fn target(cursor: &mut Cursor<'_>) -> Option<IndexPart> {
    let start = cursor.position();
    match cursor.dialect() {
        // Any expression, without parentheses.
        Dialect::Sqlite => {
            while !cursor.is_at_end() && !cursor.sees_mark(0, ',') && !cursor.sees_mark(0, ')') {
                if cursor.position() > start
                    && matches!(Keyword::at(cursor, 0), "COLLATE" | "ASC" | "DESC" | "NULLS" | "AUTOINCREMENT")
                {
                    break;
                }
                cursor.skip();
            }
            let end = cursor.position();
            cursor.seek(start);
            if end == start + 1 && cursor.sees_name() && !cursor.sees(0, "NULL") {
                return Some(IndexPart::column(cursor.name()?.name));
            }
            let part = match cursor.expression_in_parentheses() {
                Some(inside) if cursor.position() == end => IndexPart::expression(inside),
                _ if end > start => IndexPart::expression(cursor.expression((start, end))),
                _ => return None,
            };
            cursor.seek(end);
            Some(part)
        }
        Dialect::Mysql => {
            if let Some(expression) = cursor.expression_in_parentheses() {
                return Some(IndexPart::expression(expression));
            }
            let mut part = IndexPart::column(cursor.name()?.name);
            if cursor.sees_mark(0, '(') && cursor.peek(1).is_some_and(|token| token.kind == TokenKind::Number) {
                part.length = cursor.text(1).parse().ok();
                cursor.skip();
            }
            Some(part)
        }
        Dialect::Postgres => {
            if let Some(expression) = cursor.expression_in_parentheses() {
                return Some(IndexPart::expression(expression));
            }
            let name = cursor.object()?.name;
            if cursor.sees_mark(0, '(') {
                cursor.skip();
                return Some(IndexPart::expression(cursor.expression((start, cursor.position()))));
            }
            Some(IndexPart::column(name.name))
        }
    }
}

/// Whether a word goes on with the part, and is no operator class.
fn is_attribute(word: &str) -> bool {
    matches!(word, "ASC" | "DESC" | "NULLS" | "WITH" | "WITHOUT")
}

/// An operator class, with its parameters: `gin_trgm_ops`, `vector_l2_ops(lists=100)`.
fn operator_class(cursor: &mut Cursor<'_>) -> Option<String> {
    let name = cursor.object()?.name;
    let mut text = match &name.schema {
        Some(schema) if schema.key() != "pg_catalog" => name.to_string(),
        _ => name.name.as_str().to_owned(),
    };
    if let Some(parameters) = cursor.expression_in_parentheses() {
        text.push('(');
        text.push_str(parameters.as_str());
        text.push(')');
    }
    Some(text)
}

/// Reads the name of a collation. `None` for PostgreSQL's `"default"`, which is none.
pub(crate) fn collation(cursor: &mut Cursor<'_>) -> Option<Name> {
    match cursor.dialect() {
        Dialect::Mysql => super::data_type::collation(cursor).map(|name| Name::new(&name, Dialect::Mysql)),
        Dialect::Sqlite => cursor.name().map(|name| name.name),
        Dialect::Postgres => cursor.object().map(|name| name.name.name).filter(|name| name.key() != "default"),
    }
}

/// Reads `USING btree`. `None` where nothing is said, and for `btree`, which is what everybody makes.
pub(crate) fn method(cursor: &mut Cursor<'_>) -> Option<String> {
    let word = match cursor.dialect() {
        Dialect::Mysql => cursor.take_any(&["USING", "TYPE"]),
        _ => cursor.take_any(&["USING"]),
    };
    word?;
    cursor.name().map(|name| name.name.key().to_owned()).filter(|method| method != "btree")
}

/// Reads MySQL's options behind an index's parts, until something else comes.
pub(crate) fn options(cursor: &mut Cursor<'_>, index: &mut Index) {
    loop {
        match Keyword::at(cursor, 0) {
            "USING" => index.method = method(cursor).or(index.method.take()),
            "COMMENT" => {
                cursor.next();
                index.comment = cursor.string().filter(|comment| !comment.is_empty());
            }
            word @ ("INVISIBLE" | "IGNORED") => {
                cursor.next();
                // MySQL's word and MariaDB's: one is none to the other.
                index.options.push(word.to_ascii_lowercase());
            }
            "VISIBLE" => drop(cursor.next()),
            "NOT" if cursor.sees(1, "IGNORED") => cursor.seek(cursor.position() + 2),
            "WITH" if cursor.sees(1, "PARSER") => {
                cursor.seek(cursor.position() + 2);
                let parser = cursor.name().map(|name| format!("parser {}", name.name.key()));
                index.options.extend(parser);
            }
            "KEY_BLOCK_SIZE" | "ENGINE_ATTRIBUTE" | "SECONDARY_ENGINE_ATTRIBUTE" | "CLUSTERING" | "DISTANCE" | "M" => {
                cursor.next();
                cursor.take_mark('=');
                cursor.next();
            }
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use revchain_core::Dialect;

    use super::super::Cursor;
    use super::super::table::shown;

    fn all(dialect: Dialect, table: &[(&str, &str)]) {
        for (sql, expected) in table {
            let mut cursor = Cursor::new(sql, dialect);
            let parts: Vec<String> = super::parts(&mut cursor).iter().map(shown::part).collect();
            assert_eq!(parts.join(", "), *expected, "{dialect:?}: {sql}");
        }
    }

    #[test]
    fn postgres() {
        all(
            Dialect::Postgres,
            &[
                ("(a, \"B\" DESC)", "a, B desc"),
                ("(a ASC NULLS LAST, b ASC NULLS FIRST)", "a, b nulls first"),
                ("(a DESC NULLS LAST, b DESC NULLS FIRST)", "a desc nulls last, b desc"),
                ("(lower(a) text_pattern_ops, (a || b))", "[lower(a)] text_pattern_ops, [a||b]"),
                ("((data ->> 'x'::text) COLLATE \"C\" DESC)", "[data->>'x'::text] collate C desc"),
                ("(a public.gin_trgm_ops (siglen=32), b x.ops)", "a gin_trgm_ops(siglen=32), b x.ops"),
                ("(app.f(a, b) ASC)", "[app.f(a,b)]"),
                ("(a", "a"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn mysql() {
        all(
            Dialect::Mysql,
            &[
                ("(`a`(10) DESC, b)", "a:10 desc, b"),
                ("((lower(a)), (CAST(j AS CHAR(9) ARRAY)) DESC)", "[lower(a)], [cast(j as char(9)array)] desc"),
            ],
        );
    }

    #[test]
    fn sqlite() {
        all(
            Dialect::Sqlite,
            &[
                ("(a COLLATE NOCASE DESC, lower(b), c + 1 ASC)", "a collate NOCASE desc, [lower(b)], [c+1]"),
                ("((a || b) DESC, [c d])", "[a||b] desc, c d"),
                ("((a) || (b))", "[(a)||(b)]"),
            ],
        );
    }
}
