//! What a MySQL or MariaDB statement that commits by itself does to which objects, as far as its first words tell: so that
//! whoever finds it in doubt can compare what they are like with what they were like. Where the words don't tell, a
//! person is asked.

use super::words::{is, next, words};

/// What a statement does, for whoever finds it in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It changes these objects, each as a whole or not at all.
    Objects(Vec<Object>),
    /// It may as well run twice.
    Harmless,
    /// Nobody can tell from outside.
    Unknown,
}

/// An object that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object {
    /// As `SHOW CREATE` calls it.
    pub(crate) kind: &'static str,
    /// As the statement writes it, quotes and schema included.
    pub(crate) name: String,
}

/// Stands for what an object is like where nobody could look: nothing is like it, not even itself.
pub(crate) const UNSEEN: &str = "?";

const KINDS: [&str; 8] = ["TABLE", "VIEW", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "SEQUENCE", "DATABASE"];

/// Words that stand between the verb and the kind.
const BETWEEN: [&str; 12] = [
    "OR",
    "REPLACE",
    "TEMPORARY",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "ONLINE",
    "OFFLINE",
    "IGNORE",
    "AGGREGATE",
    "ALGORITHM",
    "DEFINER",
];

/// Reads a statement.
pub(crate) fn effect(sql: &str) -> Effect {
    let words = words(sql);
    let mut rest = words.as_slice();
    let Some(verb) = next(&mut rest) else { return Effect::Unknown };
    match verb.to_ascii_uppercase().as_str() {
        "CREATE" | "ALTER" | "DROP" => changed(rest).map_or(Effect::Unknown, Effect::Objects),
        "RENAME" if next(&mut rest).is_some_and(|word| is(word, "TABLE") || is(word, "TABLES")) => {
            let names: Vec<_> = rest.iter().copied().filter(|word| !is(word, "TO") && *word != ",").collect();
            match names.is_empty() || rest.iter().any(|word| is(word, "WAIT") || is(word, "NOWAIT")) {
                true => Effect::Unknown,
                false => Effect::Objects(names.into_iter().map(|name| object("TABLE", name)).collect()),
            }
        }
        "ANALYZE" | "OPTIMIZE" | "FLUSH" | "CHECK" | "LOCK" | "UNLOCK" | "USE" | "SET" => Effect::Harmless,
        _ => Effect::Unknown,
    }
}

/// The objects of `CREATE`, `ALTER` and `DROP`.
fn changed(mut rest: &[&str]) -> Option<Vec<Object>> {
    // Whatever stands before the kind: options, and a definer's account.
    let at = rest
        .iter()
        .position(|word| is(word, "INDEX") || is(word, "SCHEMA") || KINDS.iter().any(|kind| is(word, kind)))?;
    let before = rest.get(..at)?;
    if before.iter().any(|word| is(word, "TEMPORARY")) || !before.iter().all(|word| is_option(word)) {
        return None;
    }
    rest = rest.get(at..)?;
    let kind = next(&mut rest)?;
    if is(kind, "INDEX") {
        // The table has it.
        let on = rest.iter().position(|word| is(word, "ON"))?;
        return Some(vec![object("TABLE", rest.get(on + 1)?)]);
    }
    let kind = if is(kind, "SCHEMA") { "DATABASE" } else { KINDS.into_iter().find(|known| is(kind, known))? };
    for word in ["IF", "NOT", "EXISTS"] {
        if rest.first().is_some_and(|next| is(next, word)) {
            rest = rest.get(1..)?;
        }
    }
    let mut objects = vec![object(kind, next(&mut rest)?)];
    // `DROP TABLE a, b`; and `ALTER TABLE a RENAME TO b`, which makes one of another name.
    while rest.first() == Some(&",") && objects.len() < 1000 {
        rest = rest.get(1..)?;
        match rest.first() {
            Some(name)
                if rest.get(1).is_none_or(|after| *after == "," || is(after, "RESTRICT") || is(after, "CASCADE")) =>
            {
                objects.push(object(kind, name));
                rest = rest.get(1..)?;
            }
            _ => break,
        }
    }
    Some(objects)
}

fn is_option(word: &str) -> bool {
    let account = |character: char| !character.is_ascii_alphanumeric() && character != '_';
    BETWEEN.iter().any(|option| is(word, option)) || word.contains(account) || {
        // `ALGORITHM = INPLACE`, `DEFINER = app@localhost`, `SQL SECURITY INVOKER`.
        ["UNDEFINED", "MERGE", "TEMPTABLE", "SQL", "SECURITY", "INVOKER", "CURRENT_USER"]
            .iter()
            .any(|option| is(word, option))
    }
}

fn object(kind: &'static str, name: &str) -> Object {
    Object { kind, name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_statements_change() {
        for (sql, objects) in [
            ("CREATE TABLE runs (id INT)", "TABLE runs"),
            ("create table if not exists `my db`.`runs`(id int)", "TABLE `my db`.`runs`"),
            ("-- why\nCREATE OR REPLACE TABLE r AS SELECT 1", "TABLE r"),
            ("ALTER TABLE runs ADD COLUMN a INT, DROP COLUMN b", "TABLE runs"),
            ("ALTER TABLE runs RENAME TO walks", "TABLE runs"),
            ("ALTER IGNORE TABLE runs FORCE", "TABLE runs"),
            ("DROP TABLE a, b , `c`", "TABLE a TABLE b TABLE `c`"),
            ("DROP TABLE IF EXISTS a CASCADE", "TABLE a"),
            ("CREATE UNIQUE INDEX i ON runs (name)", "TABLE runs"),
            ("DROP INDEX i ON runs", "TABLE runs"),
            ("RENAME TABLE a TO b, c TO d", "TABLE a TABLE b TABLE c TABLE d"),
            ("CREATE DEFINER = `app`@`%` TRIGGER t BEFORE INSERT ON runs FOR EACH ROW SET @x = 1", "TRIGGER t"),
            ("CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1", "VIEW v"),
            ("CREATE PROCEDURE p() BEGIN END", "PROCEDURE p"),
            ("DROP SCHEMA s", "DATABASE s"),
            ("ANALYZE TABLE runs", "harmless"),
            ("GRANT SELECT ON runs TO app", "unknown"),
            ("CALL p()", "unknown"),
            ("TRUNCATE TABLE runs", "unknown"),
            ("CREATE TEMPORARY TABLE t (x INT)", "unknown"),
            ("CREATE USER app", "unknown"),
            ("/*!50000 CREATE TABLE t (x int) */", "unknown"),
            ("", "unknown"),
            ("CREATE TABLE `open", "TABLE `open"),
        ] {
            let found = match effect(sql) {
                Effect::Objects(objects) => objects
                    .iter()
                    .map(|object| format!("{} {}", object.kind, object.name))
                    .collect::<Vec<_>>()
                    .join(" "),
                Effect::Harmless => "harmless".to_owned(),
                Effect::Unknown => "unknown".to_owned(),
            };
            assert_eq!(found, objects, "{sql}");
        }
    }
}
