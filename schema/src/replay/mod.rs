//! Replaying: what a statement makes of a schema, or why it can't. Knows what the three databases do; never reads SQL.
//!
//! Nothing is claimed about what is not sure. Of a table that is tainted, or that an opaque statement may have changed, a
//! change is applied as far as it goes, and what doesn't fit taints it. After a fault its table is tainted, too: one
//! mistake is said once.

mod absent;
mod alter;
mod assigned;
mod builtin;
mod builtin_mysql;
mod columns;
mod constraints;
mod data;
mod depends;
mod fault;
mod fit;
mod foreign_keys;
mod functions;
mod indexes;
mod inherit;
mod known;
mod mention;
mod mentioned;
mod names;
mod naming;
mod needs;
mod objects;
mod operands;
mod others;
mod partition;
mod resume;
mod row;
mod rows;
mod step;
mod tables;
mod types;
mod unconstrained;
mod users;
mod views;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use revchain_core::Dialect;

use crate::change::{Change, CreateTable, Part};
use crate::model::{Catalog, Name, ObjectName, Place, Schema};
use crate::read::{Reading, Touches, body, named};

pub(crate) use builtin::is_builtin;
pub(crate) use fault::{Fault, FaultKind};
pub(crate) use known::Relation;
use step::Step;

/// A schema, and what has to be known beside it to change it.
///
/// A copy is cheap, and goes its own way: a downgrade is tried on one.
#[derive(Debug, Clone)]
pub(crate) struct Replay {
    /// What there is.
    pub(crate) schema: Schema,
    /// Where names without a schema are looked for. `None` is the default schema.
    path: Vec<Option<Name>>,
    /// Tables of this session, and their indexes.
    temporary: BTreeSet<ObjectName>,
    /// Names of which nothing is claimed: an opaque statement may have made, changed or dropped what they mean, or they were
    /// missing, and that was said.
    unsure: Arc<BTreeSet<ObjectName>>,
    /// How many of them were so from the beginning, and by no statement.
    granted: usize,
    /// Relations that were dropped since the last opaque statement: they are surely not there.
    gone: Catalog<()>,
    /// Indexes that MySQL made for a foreign key, by table. They outlive the foreign key (tried), but not another index that
    /// will do: then they are here, and no longer in the table.
    generated: Arc<BTreeSet<(ObjectName, Name)>>,
    /// Which tables may hold an index, a constraint or a column's sequence of a name. Never forgets, so that copies share it:
    /// what it says is looked up in the schema. The names are bare.
    hints: Rc<RefCell<Catalog<Vec<ObjectName>>>>,
    /// Which tables may have a foreign key to one. Never forgets, and is shared, as [`hints`](Replay::hints).
    referred: Rc<RefCell<Catalog<Vec<ObjectName>>>>,
    /// Whether what names columns in expressions is judged: that they are there, and that it doesn't need them when they go.
    pub(crate) judges_columns: bool,
    /// Checks that were written with a column, by table, column and text: they go with it.
    own_checks: Arc<BTreeSet<(ObjectName, Name, String)>>,
    /// Tables that were renamed, or a column of theirs: what names them as text may mean another by now.
    renamed: Arc<BTreeSet<ObjectName>>,
    /// What nobody understood, in lower case, and the names that unknown tables had before: an index may have its name from
    /// there. Never forgets, and is shared, as [`hints`](Replay::hints).
    unread: Rc<RefCell<Vec<String>>>,
    /// How often anything may have happened.
    pub(crate) doubts: usize,
    /// Whether an extension may have made tables.
    foreign_relations: bool,
    /// Whether PostgreSQL's `public` was dropped.
    lacks_public: bool,
    /// Whether a plug-in may have brought functions.
    foreign_functions: bool,
    /// MySQL's `foreign_key_checks`.
    foreign_key_checks: bool,
    /// SQLite's `legacy_alter_table`.
    legacy_renames: bool,
    /// Whether there is a cast of the user's, or an operator.
    casts: bool,
}

impl Replay {
    /// An empty database.
    pub(crate) fn new(dialect: Dialect) -> Replay {
        Replay {
            schema: Schema::empty(dialect),
            path: vec![None],
            temporary: BTreeSet::new(),
            unsure: Arc::default(),
            granted: 0,
            gone: Catalog::new(),
            generated: Arc::default(),
            hints: Rc::default(),
            referred: Rc::default(),
            judges_columns: true,
            own_checks: Arc::default(),
            renamed: Arc::default(),
            unread: Rc::default(),
            doubts: 0,
            foreign_relations: false,
            lacks_public: false,
            foreign_functions: false,
            foreign_key_checks: true,
            legacy_renames: false,
            casts: false,
        }
    }

    /// What there is, and of what of it nothing is claimed.
    pub(crate) fn into_schema(self) -> Schema {
        Schema { unsure: self.unsure, ..self.schema }
    }

    /// A revision begins: a session that knows nothing of the one before. (What was switched off and never on again stays
    /// off: that claims less.)
    pub(crate) fn begin_revision(&mut self) {
        self.path.clear();
        self.path.push(None);
        self.temporary.clear();
    }

    /// Whether a new foreign key is checked against the rows that are there (MySQL's `foreign_key_checks`).
    pub(crate) fn checks_foreign_keys(&self) -> bool {
        self.foreign_key_checks
    }

    /// Applies one statement. `text` is the statement, `place` where it stands, and `at` makes a place of a part of it.
    pub(crate) fn apply(
        &mut self,
        reading: Reading,
        text: &str,
        place: Place,
        at: &dyn Fn(Part) -> Place,
    ) -> Vec<Fault> {
        let mut step = Step::new(text, self.schema.dialect, place, at);
        match reading {
            Reading::Neutral => {
                self.pass(text);
                self.judge_neutral(&mut step);
            }
            Reading::Refused(refusal) => {
                let report = step.fault(FaultKind::NoSuchForm, refusal.message, refusal.part);
                let _ = report.help(refusal.help);
                // It was meant to change something there.
                if let Some(table) = refusal.table {
                    self.doubt(&table, &step);
                }
            }
            Reading::Call(name) => self.call(&name, &step),
            Reading::Rows(rows) => self.change_rows(&rows, &mut step),
            Reading::Known { changes, unknown } => {
                for part in unknown {
                    step.taints.push(step.taint(part));
                    self.note_unread(text.get(part.0..part.1).unwrap_or(text));
                }
                let names_columns = match changes.last() {
                    Some(Change::CreateView { .. }) => self.schema.dialect != Dialect::Sqlite,
                    Some(Change::CreateTrigger { .. } | Change::CreateOther { kind: "policy", .. }) => {
                        self.schema.dialect == Dialect::Postgres
                    }
                    _ => matches!(changes.first(), Some(Change::Writes { .. })),
                };
                for change in changes {
                    match change {
                        // Its columns become the table's.
                        Change::CreateTable(create) => self.create_table(*create, &mut step),
                        change => self.change(&change, &mut step),
                    }
                }
                if names_columns && step.faults.is_empty() {
                    self.judge_names(&mut step);
                }
            }
            Reading::Opaque(touches) => {
                if named::is_query(text) {
                    self.judge_query(&mut step);
                }
                // One that isn't there may have been meant to do anything.
                self.touch(&touches, &step);
            }
        }
        step.faults
    }

    /// Takes note of a statement that leaves the schema as it is.
    pub(crate) fn pass(&mut self, text: &str) {
        self.casts = self.casts || makes_casts(text);
    }

    fn touch(&mut self, touches: &Touches, step: &Step<'_>) {
        match touches {
            Touches::Anything => self.doubt_everything(step),
            Touches::Objects(names) => names.iter().for_each(|name| self.doubt(name, step)),
            Touches::More(names) => {
                names.iter().for_each(|name| self.doubt(name, step));
                self.doubt_absence(step);
            }
            Touches::Calls(names) => {
                for name in names {
                    let bodies = self.find(&self.schema.routines, name).filter(|full| !self.is_unsure(full));
                    let bodies = bodies.and_then(|full| self.schema.routines.get(&full).cloned());
                    // A function that calls another is not followed.
                    match bodies {
                        None => self.doubt_everything(step),
                        Some(bodies) => {
                            for routine in bodies {
                                match body(routine.body.as_str(), self.dialect()) {
                                    Touches::Calls(_) => self.doubt_everything(step),
                                    touches => self.touch(&touches, step),
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn note_unread(&self, text: &str) {
        if !text.is_empty() {
            self.unread.borrow_mut().push(text.to_lowercase());
        }
    }

    fn change(&mut self, change: &Change, step: &mut Step<'_>) {
        match change {
            Change::CreateNamespace { name, if_not_exists } => self.create_namespace(name, *if_not_exists, step),
            Change::DropNamespace(drops) => self.drop_namespaces(drops, step),
            Change::RenameNamespace { from, to } => self.rename_namespace(from, to, step),
            Change::CreateTable(create) => self.create_table(CreateTable::clone(create), step),
            Change::DropTable(drops) => self.drop_tables(drops, step),
            Change::RenameTable { from, to, if_exists } => self.rename_relation(from, to, *if_exists, step),
            Change::MoveTable { from, to, if_exists } => self.move_relation(from, to, *if_exists, step),
            Change::AlterTable { table, if_exists, actions } => self.alter_table(table, *if_exists, actions, step),
            Change::CreateIndex(create) => self.create_index(create, step),
            Change::DropIndex { drops, table, .. } => self.drop_indexes(drops, table.as_ref(), step),
            Change::RenameIndex { from, to, if_exists } => self.rename_index(from, to, *if_exists, step),
            Change::CreateType { name, if_not_exists, definition } => {
                self.create_type(name, *if_not_exists, definition, step);
            }
            Change::DropType { drops, .. } => self.drop_types(drops, step),
            Change::RenameType { from, to } => self.rename_type(from, &from.name.beside(to.clone()), step),
            Change::MoveType { from, to } => self.move_type(from, to, step),
            Change::AddValue { name, value, if_not_exists, beside } => {
                self.add_value(name, value, *if_not_exists, beside.as_ref(), step);
            }
            Change::RenameValue { name, from, to } => self.rename_value(name, from, to, step),
            Change::AlterType { name } => self.alter_type(name, step),
            Change::AlterDomain { name, change } => self.alter_domain(name, change, step),
            Change::CreateSequence { name, if_not_exists, sequence } => {
                self.create_sequence(name, *if_not_exists, sequence, step);
            }
            Change::AlterSequence { name, if_exists, options, owned_by } => {
                self.alter_sequence(name, *if_exists, options, owned_by.as_ref(), step);
            }
            Change::DropSequence(drops) => self.drop_sequences(drops, step),
            Change::CreateView { name, or_replace, if_not_exists, view } => {
                self.create_view(name, *or_replace, *if_not_exists, view, step);
            }
            Change::DropView { drops, .. } => self.drop_views(drops, step),
            Change::CreateRoutine { name, or_replace, if_not_exists, routine } => {
                self.create_routine(name, *or_replace, *if_not_exists, routine, step);
            }
            Change::DropRoutine { drops, arguments } => self.drop_routines(drops, arguments, step),
            Change::RenameRoutine { from, arguments, to } => {
                let beside = |full: &ObjectName| full.beside(to.clone());
                self.move_routine(from, arguments.as_deref(), beside, step);
            }
            Change::MoveRoutine { from, arguments, to } => {
                let schema = self.namespace(to);
                let there = |full: &ObjectName| ObjectName { schema, name: full.name.clone() };
                self.move_routine(from, arguments.as_deref(), there, step);
            }
            Change::CreateTrigger { name, table, or_replace, if_not_exists, body } => {
                self.create_trigger(name, table, *or_replace || *if_not_exists, body, step);
            }
            Change::DropTrigger { name, table, if_exists } => {
                self.drop_trigger(name, table.as_ref(), *if_exists, step);
            }
            Change::RenameTrigger { from, table, to } => self.rename_trigger(from, table, to, step),
            Change::Reads(tables) => self.judge_reads(tables, step),
            Change::Writes { table, columns } => self.judge_writes(table, columns, step),
            Change::Inserts(rows) => self.judge_inserted(rows, step),
            Change::CommentTable { table, comment } => self.comment_table(table, comment.as_deref(), step),
            Change::CommentColumn { table, column, comment } => {
                self.comment_column(table, column, comment.as_deref(), step);
            }
            Change::SearchPath(path) => self.set_path(path),
            Change::CreateExtension { name, .. } => self.create_extension(name, step),
            Change::DropExtension(drops) => self.drop_extensions(drops, step),
            Change::ForeignKeyChecks(on) => self.foreign_key_checks = *on,
            Change::LegacyAlterTable(on) => self.legacy_renames = *on,
            Change::CreateOther { kind, name, on, or_replace, if_not_exists, definition } => {
                self.create_other(kind, name, on.as_ref(), *or_replace || *if_not_exists, definition, step);
            }
            Change::DropOther { kind, drops, on } => self.drop_others(kind, drops, on.as_ref(), step),
            Change::RenameOther { kind, from, on, to } => self.rename_other(kind, from, on.as_ref(), to),
            Change::AlterOther { name, .. } => {
                // What it is now nobody knows.
                let full = self.target(&name.name);
                self.forget(full);
            }
        }
    }
}

/// Whether a statement that leaves the schema as it is brings a cast or an operator.
fn makes_casts(text: &str) -> bool {
    // Most are data, and told by their first letter.
    if !text.starts_with(['c', 'C']) {
        return false;
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let is = |word: Option<&str>, known: &[&str]| {
        word.is_some_and(|word| known.iter().any(|it| word.eq_ignore_ascii_case(it)))
    };
    is(words.next(), &["CREATE"]) && is(words.next(), &["CAST", "OPERATOR"])
}
