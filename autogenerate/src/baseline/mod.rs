//! A base revision: what makes, from nothing, a schema that is there already.
//!
//! What can't be said is left out, with a comment where it would have stood, and never guessed: a [`Gap`] is for people. Each
//! statement is replayed before it is written; one that can't work, or that nobody could judge, is left out too.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{
    Check, DataType, ForeignKey, Index, Name, ObjectName, ReferentialAction, Schema, Table, Taint,
};
use revchain_schema::write::{Piece, script};
use revchain_schema::{Comparison, Object, Unclear, apply, compare, compare_stored};

use crate::translate::{Gap, translate};
use crate::{Proof, Renames, Script, Step, Written, prove, write};

/// What is written for one dialect.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// What makes the schema, and what drops it.
    pub written: Written,
    /// The schema that it makes, by replay.
    pub schema: Schema,
    /// What is missing or is not quite the same, for people.
    pub gaps: Vec<String>,
    /// Whether the downgrade leads back to nothing.
    pub way_back: Proof,
}

impl Baseline {
    /// Says more behind the schema: what changes nothing that a schema holds. Statements that can't work are left out.
    pub fn add(&mut self, statements: &[String], left_out: &LeftOut) {
        for sql in statements.iter().filter(|sql| !left_out.contains_key(*sql)) {
            match apply(&self.schema, sql).problems.first() {
                Some(problem) => self.gaps.push(format!("`{sql}` is left out: {}", problem.message)),
                None => self.written.upgrade.steps.push(Step { sql: sql.clone(), note: None }),
            }
        }
    }
}

/// Statements that are not written, and why.
pub type LeftOut = BTreeMap<String, String>;

/// The base revision of a database, on its own dialect; and what of the database it would not make.
pub fn baseline(stored: &Schema, left_out: &LeftOut) -> (Baseline, Comparison) {
    let (judged, gaps) = understood(stored);
    let own = begin(&judged, &gaps, left_out);
    let mut comparison = compare_stored(&own.schema, stored);
    for gap in gaps {
        if !comparison.unclear.iter().any(|known| known.object == gap.object) {
            comparison.unclear.push(Unclear { object: gap.object, why: gap.what });
        }
    }
    for key in stored.others.keys().filter(|key| !own.schema.others.contains_key(*key)) {
        let object = Object::Other(key.0, key.2.clone());
        comparison.unclear.push(Unclear { object, why: "it is not written".to_owned() });
    }
    (own, comparison)
}

/// The same on another dialect.
pub fn baseline_for(stored: &Schema, dialect: Dialect, left_out: &LeftOut) -> Baseline {
    let (judged, mut gaps) = understood(stored);
    let translated = translate(&judged, dialect);
    // What its own dialect says more.
    gaps.retain(|gap| gap.object.table().is_some_and(|table| !judged.tables.contains_key(table)));
    gaps.extend(translated.gaps);
    let mut made = begin(&translated.schema, &gaps, left_out);
    compared(&mut made, &translated.schema);
    made
}

/// Says what of a schema is not made, where no statement that was left out said so.
fn compared(made: &mut Baseline, wanted: &Schema) {
    let remarks = &mut made.written.upgrade.remarks;
    for difference in compare(&unsaid(&made.schema, wanted), wanted) {
        let name = difference.object.table().map(|table| table.name.as_str()).unwrap_or_default();
        let is_known = remarks.iter().any(|remark| remark.starts_with(' ') && remark.contains(name));
        if !is_known {
            remarks.push(format!("gap: it is not quite what is meant: {difference}"));
            made.gaps.push(format!("it is not quite what is meant: {difference}"));
        }
    }
}

/// What is made, without what nobody said: names that a server makes up, and the index that MySQL gives a foreign key.
fn unsaid(made: &Schema, wanted: &Schema) -> Schema {
    let mut schema = made.clone();
    for (name, wanted) in &wanted.tables {
        let Some(table) = schema.tables.get_mut(name).map(Arc::make_mut) else { continue };
        let keys = table.primary_key.iter_mut().chain(&mut table.uniques);
        for key in keys {
            let others = || wanted.primary_key.iter().chain(&wanted.uniques);
            let is_unnamed = others().any(|other| other.name.is_none() && other.columns == key.columns);
            if is_unnamed && others().all(|other| other.name != key.name) {
                key.name = None;
            }
        }
        for key in &mut table.foreign_keys {
            let is_it = |other: &&ForeignKey| other.columns == key.columns && other.table == key.table;
            let is_unnamed = wanted.foreign_keys.iter().filter(is_it).any(|other| other.name.is_none());
            if is_unnamed && wanted.foreign_keys.iter().all(|other| other.name != key.name) {
                key.name = None;
            }
        }
        for check in &mut table.checks {
            let is_it = |other: &Check| other.name.is_none() && other.expression == check.expression;
            if wanted.checks.iter().any(is_it) && wanted.checks.iter().all(|other| other.name != check.name) {
                check.name = None;
            }
        }
        let keys: Vec<Vec<Name>> = table.foreign_keys.iter().map(|key| key.columns.clone()).collect();
        table.indexes.retain(|index| {
            let is_wanted = wanted.indexes.iter().any(|other| other.name == index.name);
            let columns: Vec<Name> = index.parts.iter().filter_map(|part| part.column.clone()).collect();
            made.dialect != Dialect::Mysql || is_wanted || !keys.contains(&columns)
        });
    }
    schema
}

/// The tables of which everything is known. Of the others nothing is written: it would be something else.
fn understood(stored: &Schema) -> (Schema, Vec<Gap>) {
    let (mut judged, mut gaps) = (stored.clone(), Vec::new());
    for (name, table) in &stored.tables {
        let object = Object::Table(name.clone());
        if let Some(taint) = table.unknown.first() {
            judged.tables.remove(name);
            judged.triggers.retain(|(table, _), _| table != name);
            gaps.push(Gap { object, what: format!("left out: nobody understood `{}`", taint.what) });
        } else if table.is_abridged {
            let what = "its statement says more than is written: `ON CONFLICT`, or a collation or an order in a key";
            gaps.push(Gap { object, what: what.to_owned() });
        }
        // One that was begun and never finished.
        let is_valid = |index: &Index| !index.options.iter().any(|option| option == "invalid");
        for index in table.indexes.iter().filter(|index| !is_valid(index)) {
            let label = index.name.as_ref().map_or_else(String::new, ToString::to_string);
            let object = Object::Index(name.clone(), label);
            gaps.push(Gap { object, what: "left out: it is INVALID, and serves no query".to_owned() });
            if let Some(table) = judged.tables.get_mut(name).map(Arc::make_mut) {
                table.indexes.retain(is_valid);
            }
        }
    }
    if stored.dialect == Dialect::Mysql {
        let all: Vec<ObjectName> = judged.tables.keys().cloned().collect();
        for name in &all {
            let table = judged.tables.get_mut(name).map(Arc::make_mut);
            table.into_iter().flat_map(|table| &mut table.foreign_keys).for_each(unrestricted);
        }
    }
    (judged, gaps)
}

/// MySQL says of every foreign key that it restricts, which is what it does where nobody says anything.
fn unrestricted(key: &mut ForeignKey) {
    for action in [&mut key.on_delete, &mut key.on_update] {
        if *action == ReferentialAction::Restrict {
            *action = ReferentialAction::NoAction;
        }
    }
}

/// What makes a schema from nothing. `known` are gaps that it has already.
fn begin(schema: &Schema, known: &[Gap], left_out: &LeftOut) -> Baseline {
    let dialect = schema.dialect;
    let nothing = Schema::empty(dialect);
    let mut beginning = Beginning {
        now: nothing.clone(),
        wanted: schema,
        script: Script::default(),
        gaps: Vec::new(),
        of: by_table(known),
        left_out,
    };
    for piece in script(schema) {
        match piece {
            Piece::Statement(sql) => beginning.statement(sql),
            Piece::Doubt(table, taint) => beginning.doubt(&table, taint),
            Piece::Omitted(what) => beginning.remark(what),
        }
    }
    for gap in known {
        beginning.gaps.push(gap.to_string());
    }
    beginning.rest();
    let Beginning { now, script: upgrade, gaps, .. } = beginning;
    let mut downgrade = write(&now, &nothing, &Renames::default());
    // One word for all of them: nobody runs it to keep anything.
    let drops = !downgrade.steps.is_empty();
    downgrade.steps.iter_mut().for_each(|step| step.note = None);
    if let Some(first) = downgrade.steps.first_mut().filter(|_| drops) {
        first.note = Some("Drops everything, with all that is in it.".to_owned());
    }
    let way_back = prove(&now, &downgrade, &nothing);
    Baseline { written: Written { dialect, upgrade, downgrade }, schema: now, gaps, way_back }
}

/// What is written so far.
struct Beginning<'a> {
    now: Schema,
    /// What is meant to be there in the end.
    wanted: &'a Schema,
    script: Script,
    gaps: Vec<String>,
    /// Gaps that have to be told above a table, by its name; and those of no table, below an empty one.
    of: BTreeMap<String, Vec<String>>,
    left_out: &'a LeftOut,
}

impl Beginning<'_> {
    fn statement(&mut self, sql: String) {
        let sql = local(sql);
        if let Some(why) = self.left_out.get(&sql) {
            return self.leave_out(&sql, why);
        }
        let mut applied = apply(&self.now, &sql);
        self.with_parent(&mut applied.schema);
        let loses = || {
            let before = |name: &ObjectName| self.now.tables.get(name).map_or(0, |table| table.unknown.len());
            applied.schema.tables.iter().find(|(name, table)| table.unknown.len() > before(name))
        };
        let why = match (applied.problems.first(), loses()) {
            (Some(problem), _) => Some(problem.message.clone()),
            (None, Some((name, _))) => Some(format!("nobody can say what becomes of `{name}`")),
            (None, None) => None,
        };
        if let Some(why) = why {
            return self.leave_out(&sql, &why);
        }
        let made = applied.schema.tables.keys().find(|name| !self.now.tables.contains_key(name));
        let notes = made.and_then(|name| self.of.remove(&name.name.as_str().to_lowercase()));
        self.now = applied.schema;
        self.script.steps.push(Step { sql, note: notes.map(|notes| notes.join("\n")) });
    }

    /// What a partition, or an heir, has of another table: the replay doesn't guess it, and here it was read.
    fn with_parent(&mut self, made: &mut Schema) {
        let is_new = |name: &&ObjectName| !self.now.tables.contains_key(name);
        let Some(name) = made.tables.keys().find(is_new).cloned() else { return };
        let Some(wanted) = self.wanted.tables.get(&name) else { return };
        let (partition, heir) = (wanted.options.get("partition of"), wanted.options.get("inherits"));
        let Some(table) = made.tables.get_mut(&name).map(Arc::make_mut).filter(|table| !table.unknown.is_empty())
        else {
            return;
        };
        if let Some(parents) = heir {
            table.unknown.clear();
            table.options.insert("inherits".to_owned(), parents.clone());
        } else if partition.is_some() {
            let columns = |table: &Table| -> Vec<(Name, Option<DataType>)> {
                table.columns.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect()
            };
            let is_alike = columns(table) == columns(wanted);
            *table = Table { indexes: Vec::new(), ..Table::clone(wanted) };
            let attached =
                wanted.indexes.iter().filter(|index| index.options.iter().any(|option| option == "attached"));
            table.indexes.extend(attached.cloned());
            if !is_alike {
                self.gaps.push(format!("partition `{name}`: its columns are written as those of the whole table"));
            }
        }
    }

    /// A statement that stays in the file as a comment.
    fn leave_out(&mut self, sql: &str, why: &str) {
        let first = sql.lines().next().unwrap_or_default().trim_end_matches(['(', ' ']);
        self.gaps.push(format!("`{first}` is left out: {why}"));
        self.script.remarks.push(format!("gap: left out: {why}:"));
        self.script.remarks.extend(sql.lines().map(|line| format!("  {line}")));
    }

    /// Something of which only so much is known.
    fn doubt(&mut self, table: &ObjectName, taint: &Taint) {
        let what = format!("table `{table}`: nobody understood `{}`", taint.what);
        self.of.entry(table.name.as_str().to_lowercase()).or_default().push(format!("gap: {what}"));
        self.gaps.push(what);
    }

    fn remark(&mut self, what: String) {
        self.script.remarks.push(format!("gap: {what}"));
        self.gaps.push(what);
    }

    /// Gaps that belong to no statement.
    fn rest(&mut self) {
        let left = std::mem::take(&mut self.of);
        self.script.remarks.extend(left.into_values().flatten());
    }
}

/// A setting that is the statement's own, and not the session's afterwards.
fn local(sql: String) -> String {
    match sql.strip_prefix("SET check_function_bodies") {
        Some(rest) => format!("SET LOCAL check_function_bodies{rest}"),
        None => sql,
    }
}

/// Comments to stand above the table that they are about, by its name.
fn by_table(gaps: &[Gap]) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for gap in gaps {
        let table = gap.object.table().map_or_else(String::new, |table| table.name.as_str().to_lowercase());
        all.entry(table).or_default().push(format!("gap: {gap}"));
    }
    all
}
