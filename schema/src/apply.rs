//! Statements, applied to a schema that is not a chain's. Says what can't work, and judges nothing else.

use std::ops::Range;

use revchain_core::sql::split;

use crate::model::{Place, Schema};
use crate::read::{Reading, read};
use crate::replay::Replay;

/// What statements make of a schema.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The schema. What can't work has changed nothing in it.
    pub schema: Schema,
    /// What can't work, in the order of the statements.
    pub problems: Vec<Problem>,
}

/// Something that can't work, or that nobody understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, in bytes of the text.
    pub at: Range<usize>,
    /// What is wrong: one sentence, lower case, names in backticks.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

/// Applies SQL to a schema, in its dialect.
///
/// ```
/// use revchain_core::Dialect;
/// use revchain_schema::{Schema, apply};
///
/// let made = apply(&Schema::empty(Dialect::Sqlite), "CREATE TABLE runs (id INTEGER PRIMARY KEY);");
/// assert!(made.problems.is_empty());
/// let again = apply(&made.schema, "CREATE TABLE runs (id INTEGER PRIMARY KEY);");
/// assert_eq!(again.problems[0].message, "table `runs` already exists");
/// ```
pub fn apply(schema: &Schema, sql: &str) -> Applied {
    let dialect = schema.dialect;
    let mut replay = Replay::of(schema.clone());
    // What is written from a difference says itself what stays in the way; the chain that it goes into is judged.
    replay.judges_columns = false;
    let mut problems = Vec::new();
    for statement in split(sql, dialect).statements() {
        let at = statement.start as usize..statement.end as usize;
        let Some(text) = sql.get(at.clone()) else { continue };
        let reading = read(text, dialect);
        if matches!(reading, Reading::Opaque(_) | Reading::Call(_)) {
            let message = "nobody can say what this statement makes of the schema".to_owned();
            problems.push(Problem { at: at.clone(), message, help: None });
        }
        for fault in replay.apply(reading, text, Place::NOWHERE, &|_| Place::NOWHERE) {
            let (from, to) = fault.part.unwrap_or((0, text.len()));
            let at = at.start + from..at.start + to;
            problems.push(Problem { at, message: fault.message, help: fault.help });
        }
    }
    Applied { schema: replay.into_schema(), problems }
}

#[cfg(test)]
mod tests {
    use revchain_core::Dialect;

    use super::apply;
    use crate::model::Schema;

    #[test]
    fn a_sequence_of_a_columns_own_makes_it_serial() {
        let made = |sql: &str| apply(&Schema::empty(Dialect::Postgres), sql).schema;
        let serial = made("CREATE TABLE t (id serial, n int)");
        for (default, is_serial) in [
            ("nextval('t_id_seq')", true),
            ("nextval('public.t_id_seq'::regclass)", true),
            ("nextval('t_id_seq') + 1", false),
            ("nextval('other')", false),
            ("1", false),
        ] {
            let sql = format!(
                "CREATE TABLE t (id int NOT NULL, n int); CREATE SEQUENCE t_id_seq; CREATE SEQUENCE other;
                 ALTER TABLE t ALTER id SET DEFAULT {default}; ALTER SEQUENCE t_id_seq OWNED BY t.id; DROP SEQUENCE other"
            );
            assert_eq!(made(&sql) == serial, is_serial, "{default}");
        }
    }
}
