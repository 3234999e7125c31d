//! The proof of what was written, before anybody runs it: replayed, it leads where it should.

use revchain_schema::model::ObjectName;
use revchain_schema::{Difference, Problem, Schema, apply, compare};

use crate::Script;

/// What a script was found to do.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The schema that it leads to.
    pub schema: Schema,
    /// What can't work in it.
    pub problems: Vec<Problem>,
    /// What of that schema is not as it should be.
    pub differences: Vec<Difference>,
    /// Tables of which nothing can be said any more: nothing differs there because nothing was compared.
    pub lost: Vec<ObjectName>,
}

impl Proof {
    /// Whether it leads where it should.
    pub fn holds(&self) -> bool {
        self.problems.is_empty() && self.differences.is_empty() && self.lost.is_empty()
    }
}

/// Replays a script on the schema that it was written for, and compares what it leads to with what it should.
pub fn prove(from: &Schema, script: &Script, to: &Schema) -> Proof {
    let sql: String = script.steps.iter().map(|step| format!("{};\n", step.sql)).collect();
    let applied = apply(from, &sql);
    let differences = compare(&applied.schema, to);
    let is_known = |schema: &Schema, name: &ObjectName| {
        schema.tables.get(name).is_none_or(|table| table.is_known()) && !schema.unsure.contains(name)
    };
    let lost = to.tables.keys().filter(|name| is_known(from, name) && !is_known(&applied.schema, name));
    Proof { lost: lost.cloned().collect(), schema: applied.schema, problems: applied.problems, differences }
}

#[cfg(test)]
mod tests {
    use revchain_core::Dialect;

    use super::*;
    use crate::Step;

    #[test]
    fn a_table_that_nobody_understands_any_more_is_no_proof() {
        let there = apply(&Schema::empty(Dialect::Postgres), "CREATE TABLE runs (id integer);").schema;
        let script = |sql: &str| Script { steps: vec![Step::new(sql)], ..Script::default() };
        assert!(prove(&there, &Script::default(), &there).holds());
        let proof = prove(&there, &script("ALTER TABLE runs FROBNICATE EVERYTHING"), &there);
        assert_eq!((proof.differences.len(), proof.lost.len(), proof.holds()), (0, 1, false), "{proof:?}");
    }
}
