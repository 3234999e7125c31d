//! Functions, views and triggers that a downgrade brings back, and not as they were. Only for two schemas that were both
//! replayed: a database tells a view's text in words of its own.
//!
//! A function's text is stored as it stands, and so compared, token by token. A view is stored parsed: one that was written
//! anew may say the same in other words, so that only what those words can't hide is compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, TokenKind};

use super::selected::selected;
use super::{Changed, Difference, Object};
use crate::model::{Expression, Routine, Schema, Trigger, View};

/// How much of a text is shown around the first place where it differs.
const BEFORE: usize = 24;
const SHOWN: usize = 60;

/// What both schemas have, and differs in its body.
pub(crate) fn bodies(before: &Schema, after: &Schema) -> Vec<Difference> {
    let mut found = Vec::new();
    let dialect = before.dialect;
    let mut differs = |object, what, (one, other): (String, String)| {
        let change = Changed::Differs { what, before: one, after: other };
        found.push(Difference { object, change });
    };
    for (name, one) in &before.routines {
        let Some(other) = after.routines.get(name) else { continue };
        for (one, other) in pairs(one, other) {
            if !Arc::ptr_eq(one, other) && is_text(&one.body) && is_text(&other.body) && one.body != other.body {
                let object = Object::Routine(name.clone(), one.arguments.clone());
                differs(object, "the body", around(one.body.as_str(), other.body.as_str()));
            }
        }
    }
    for (name, one) in &before.views {
        if let Some(other) = after.views.get(name)
            && !Arc::ptr_eq(one, other)
            && let Some((what, pair)) = views(one, other, dialect)
        {
            differs(Object::View(name.clone()), what, pair);
        }
    }
    for ((table, name), one) in &before.triggers {
        if let Some(other) = after.triggers.get(&(table.clone(), name.clone()))
            && !Arc::ptr_eq(one, other)
            && let Some((what, pair)) = triggers(one, other, dialect)
        {
            differs(Object::Trigger(table.clone(), name.clone()), what, pair);
        }
    }
    found
}

/// The same function in both, where that is certain.
fn pairs<'a>(
    before: &'a [Arc<Routine>],
    after: &'a [Arc<Routine>],
) -> impl Iterator<Item = (&'a Arc<Routine>, &'a Arc<Routine>)> {
    let alone = |routines: &[Arc<Routine>], one: &Arc<Routine>| {
        routines.iter().filter(|other| other.arguments == one.arguments).count() == 1
    };
    before.iter().filter_map(move |one| {
        let other = after.iter().find(|other| other.arguments == one.arguments)?;
        (alone(before, one) && alone(after, one)).then_some((one, other))
    })
}

/// Whether a function's body is kept as text. PostgreSQL parses `BEGIN ATOMIC` and `RETURN`, and carries new names into them.
fn is_text(body: &Expression) -> bool {
    let text = body.as_str();
    !text.is_empty() && !text.starts_with("begin atomic") && !text.starts_with("return ")
}

type Found = (&'static str, (String, String));

fn views(one: &View, other: &View, dialect: Dialect) -> Option<Found> {
    if one.body == other.body {
        return None;
    }
    if one.materialized != other.materialized {
        let kind = |view: &View| if view.materialized { "materialized" } else { "not materialized" }.to_owned();
        return Some(("it", (kind(one), kind(other))));
    }
    if let (Some(from), Some(to)) = (selected(&one.body, dialect), selected(&other.body, dialect))
        && (from.len() != to.len()
            || from.iter().zip(&to).any(|(from, to)| from.is_some() && to.is_some() && from != to))
    {
        return Some(("what it selects", first_of(&from, &to)));
    }
    let tables = |view: &View| -> BTreeSet<String> {
        view.mentions.iter().map(|name| name.name.as_str().to_lowercase()).collect()
    };
    let (from, to) = (tables(one), tables(other));
    if from != to {
        let shown = |names: BTreeSet<String>| format!("`{}`", names.into_iter().collect::<Vec<_>>().join("`, `"));
        return Some(("what it selects from", (shown(from), shown(to))));
    }
    let (from, to) = (strings(&one.body, dialect), strings(&other.body, dialect));
    (from != to).then(|| ("what it selects", around(one.body.as_str(), other.body.as_str())))
}

/// The strings in a text, in whatever order: those of a view mean something.
fn strings(body: &Expression, dialect: Dialect) -> BTreeSet<&str> {
    let text = body.as_str();
    let mut lexer = Lexer::new(text, dialect);
    let mut found = BTreeSet::new();
    while let Some(token) = lexer.next_significant() {
        if token.kind == TokenKind::String {
            found.insert(token.text(text));
        }
    }
    found
}

/// The columns that one of them has and the other has not, or the first that is another.
fn first_of(from: &[Option<String>], to: &[Option<String>]) -> (String, String) {
    let only = |these: &[Option<String>], those: &[Option<String>]| {
        let names: Vec<&str> =
            these.iter().filter(|name| !those.contains(name)).filter_map(|name| name.as_deref()).take(4).collect();
        let count = these.len();
        let columns = if count == 1 { "column" } else { "columns" };
        match names.is_empty() {
            true => format!("{count} {columns}"),
            false => format!("{count} {columns}, with `{}`", names.join("`, `")),
        }
    };
    (only(from, to), only(to, from))
}

fn triggers(one: &Trigger, other: &Trigger, dialect: Dialect) -> Option<Found> {
    if one.body == other.body {
        return None;
    }
    if dialect != Dialect::Postgres {
        return None;
    }
    let (from, to) = (Fires::of(&one.body)?, Fires::of(&other.body)?);
    let (text, twin) = (one.body.as_str(), other.body.as_str());
    (from != to).then(|| ("what it does", around(text, twin)))
}

/// When a trigger of PostgreSQL's fires, and what it calls.
#[derive(PartialEq, Eq)]
struct Fires<'a> {
    when: BTreeSet<&'a str>,
    for_rows: bool,
    calls: &'a str,
}

impl<'a> Fires<'a> {
    fn of(body: &'a Expression) -> Option<Fires<'a>> {
        let text = body.as_str();
        let mut lexer = Lexer::new(text, Dialect::Postgres);
        let mut words = Vec::new();
        while let Some(token) = lexer.next_significant() {
            words.push(token.text(text));
        }
        let execute = words.iter().rposition(|word| *word == "execute")?;
        let events = ["before", "after", "instead", "insert", "update", "delete", "truncate"];
        let follows = ["for", "when", "execute", "referencing", "not", "deferrable", "initially", "from"];
        let when = words.iter().take_while(|word| !follows.contains(word)).filter(|word| events.contains(word));
        let open = words.iter().skip(execute).position(|word| *word == "(")? + execute;
        Some(Fires {
            when: when.copied().collect(),
            for_rows: words.windows(2).any(|pair| matches!(pair, ["for" | "each", "row"])),
            calls: words.get(open.checked_sub(1)?).copied()?.trim_matches('"'),
        })
    }
}

/// Both texts around the first place where they differ.
fn around(one: &str, other: &str) -> (String, String) {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let shown = |text: &str| {
        let mut start = same.saturating_sub(BEFORE);
        while start > 0 && !text.get(..start).is_some_and(|before| before.ends_with([' ', ';', '(', ','])) {
            start -= 1;
        }
        let rest = text.get(start..).unwrap_or(text);
        let piece: String = rest.chars().take(SHOWN).collect();
        let more = |more: bool| if more { "…" } else { "" };
        format!("`{}{piece}{}`", more(start > 0), more(piece.len() < rest.len()))
    };
    (shown(one), shown(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;
    use crate::read::read;
    use crate::replay::Replay;

    fn said(before: &str, after: &str) -> Vec<String> {
        let schema = |text: &str| {
            let mut replay = Replay::new(Dialect::Postgres);
            for statement in ["CREATE TABLE a (id int, b text)", "CREATE TABLE c (id int)", text] {
                replay.apply(read(statement, Dialect::Postgres), statement, Place::NOWHERE, &|_| Place::NOWHERE);
            }
            replay.schema
        };
        bodies(&schema(before), &schema(after)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_came_back_as_another_is_said() {
        for (before, after, expected) in [
            (
                "CREATE FUNCTION f() RETURNS trigger AS $$BEGIN RETURN NEW; END$$ LANGUAGE plpgsql",
                "CREATE FUNCTION f() RETURNS trigger AS $$BEGIN RETURN OLD; END$$ LANGUAGE plpgsql",
                "function `f()`: the body is `begin return old ; end`, and was `begin return new ; end`",
            ),
            (
                "CREATE VIEW v AS SELECT id FROM a",
                "CREATE VIEW v AS SELECT id, b FROM a",
                "view `v`: what it selects is 2 columns, with `b`, and was 1 column",
            ),
            (
                "CREATE VIEW v (x) AS SELECT id, b FROM a",
                "CREATE VIEW v AS SELECT id AS x, id FROM a",
                "view `v`: what it selects is 2 columns, with `id`, and was 2 columns, with `b`",
            ),
            (
                "CREATE VIEW v AS SELECT a.id FROM a JOIN c ON c.id = a.id",
                "CREATE VIEW v AS SELECT a.id FROM a",
                "view `v`: what it selects from is `a`, and was `a`, `c`",
            ),
            (
                "CREATE VIEW v AS SELECT id FROM a WHERE b = 'x'",
                "CREATE VIEW v AS SELECT id FROM a WHERE b = 'y'",
                "view `v`: what it selects is `select id from a where b='y'`, and was `select id from a where b='x'`",
            ),
            (
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER t BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f()",
                "trigger `t` of `a`: what it does is `before insert or update for each row execute function f()`, and was `before \
                 insert for each row execute function f()`",
            ),
            (
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION g()",
                "trigger `t` of `a`: what it does is `…each row execute function g()`, and was `…each row execute \
                 function f()`",
            ),
        ] {
            assert_eq!(said(before, after), [expected], "{after}");
        }
    }

    #[test]
    fn what_only_reads_otherwise_is_not_said() {
        for (before, after) in [
            (
                "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql",
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1 -- one'",
            ),
            (
                "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql RETURN x + 1",
                "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql RETURN (x + 1)",
            ),
            ("CREATE VIEW v AS SELECT * FROM a", "CREATE VIEW v AS SELECT a.id, a.b FROM public.a"),
            ("CREATE VIEW v AS SELECT a.id FROM a", "CREATE VIEW v AS SELECT id AS id FROM a"),
            ("CREATE VIEW v AS SELECT count(*) FROM a", "CREATE VIEW v AS SELECT (count(*)) AS count FROM a"),
            ("CREATE VIEW v (x, y) AS SELECT id, b FROM a", "CREATE VIEW v AS SELECT id AS x, b AS y FROM a"),
            (
                "CREATE TRIGGER t AFTER UPDATE OR INSERT ON a FOR EACH ROW EXECUTE PROCEDURE f()",
                "CREATE TRIGGER t AFTER INSERT OR UPDATE ON a FOR ROW EXECUTE FUNCTION public.f()",
            ),
        ] {
            assert_eq!(said(before, after), Vec::<String>::new(), "{after}");
        }
    }
}
