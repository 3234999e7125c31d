//! The schema as a whole, and a table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use revchain_core::{Dialect, Span};

use super::{
    Catalog, Check, Column, Exclusion, Expression, ForeignKey, Index, Key, Name, ObjectName, Routine, Sequence, Shared,
    Trigger, UserType, View,
};

/// Where something was written: which revision of the chain, counted from the base, and where in its file.
///
/// Places are all equal: where something was written is no part of what it is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The revision's position in the chain.
    pub revision: usize,
    /// The statement, or a part of it. `None` for what no file says: a reflected schema.
    pub span: Option<Span>,
}

impl Place {
    /// Nowhere in any file.
    pub const NOWHERE: Place = Place { revision: 0, span: None };
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Eq for Place {}

/// What is not known, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taint {
    /// The statement, or the part of one, that nobody understood.
    pub place: Place,
    /// How it begins, for people.
    pub what: String,
}

impl Taint {
    /// One from a statement, or a part of one.
    pub(crate) fn new(place: Place, text: &str) -> Taint {
        Taint { place, what: beginning(text) }
    }
}

/// The first line of a text, and not all of a long one.
fn beginning(text: &str) -> String {
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// What goes by a kind, by the table that it belongs to where its name is that table's, and by a name.
pub type OtherName = (&'static str, Option<ObjectName>, ObjectName);

/// A schema: everything that DDL makes in one database.
///
/// Cheap to copy: tables are shared until one of them changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Whose rules.
    pub dialect: Dialect,
    /// Schemas (PostgreSQL), databases (MySQL) that were made, by name.
    pub namespaces: Shared<BTreeMap<Name, Place>>,
    /// Tables.
    pub tables: Catalog<Table>,
    /// Views.
    pub views: Shared<BTreeMap<ObjectName, Arc<View>>>,
    /// Types.
    pub types: Shared<BTreeMap<ObjectName, Arc<UserType>>>,
    /// Sequences that have a statement of their own; those of `serial` and identity columns are the columns'.
    pub sequences: Shared<BTreeMap<ObjectName, Arc<Sequence>>>,
    /// Functions and procedures. Several may have one name.
    pub routines: Shared<BTreeMap<ObjectName, Vec<Arc<Routine>>>>,
    /// Triggers, by the table they are on (on MySQL and SQLite their names are the schema's, and that is theirs) and name.
    pub triggers: Shared<BTreeMap<(ObjectName, Name), Arc<Trigger>>>,
    /// Extensions.
    pub extensions: Shared<BTreeMap<Name, Place>>,
    /// What has a name and is not modelled (policies, rules, events…), as text: by kind, by table where the name is the
    /// table's, and by name.
    pub others: Shared<BTreeMap<OtherName, Arc<Expression>>>,
    /// What may have made, changed or dropped anything at all.
    pub unknown: Vec<Taint>,
    /// What is not claimed to be as it is here, although it is no table of which something is unknown: what was there when
    /// anything at all may have happened. Said of a replayed schema by [`replay`](crate::replay).
    pub unsure: Arc<BTreeSet<ObjectName>>,
}

impl Schema {
    /// An empty database.
    pub fn empty(dialect: Dialect) -> Schema {
        Schema {
            dialect,
            namespaces: Shared::default(),
            tables: Catalog::new(),
            views: Shared::default(),
            types: Shared::default(),
            sequences: Shared::default(),
            routines: Shared::default(),
            triggers: Shared::default(),
            extensions: Shared::default(),
            others: Shared::default(),
            unknown: Vec::new(),
            unsure: Arc::default(),
        }
    }

    /// Whether there is something of that name: a table, a view, a type, a sequence or a routine.
    pub fn has(&self, name: &ObjectName) -> bool {
        self.tables.contains_key(name)
            || self.views.contains_key(name)
            || self.types.contains_key(name)
            || self.sequences.contains_key(name)
            || self.routines.contains_key(name)
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Where it was made.
    pub place: Place,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The primary key.
    pub primary_key: Option<Key>,
    /// Unique constraints. MySQL and SQLite have them as unique indexes; here they are what the statement calls them, and
    /// `CREATE UNIQUE INDEX` makes an [`Index`].
    pub uniques: Vec<Key>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Exclusion constraints.
    pub exclusions: Vec<Exclusion>,
    /// Indexes that no constraint brought.
    pub indexes: Vec<Index>,
    /// The comment.
    pub comment: Option<String>,
    /// Gone at the session's end.
    pub temporary: bool,
    /// What is compared and not understood, by a key in lower case: `engine`, `partition by`, `inherits`, `strict`, `row level security`.
    pub options: BTreeMap<String, String>,
    /// What is not known of it: then nothing is claimed.
    pub unknown: Vec<Taint>,
    /// Whether the statement that made it says more than is kept here: SQLite's `ON CONFLICT`, an order or a collation in a key.
    /// Everything is known that is judged; but written anew, it would be another table.
    pub is_abridged: bool,
    /// Whether the statements that made it say more to people than is kept here: SQLite's comments, and names of NOT NULL. Written
    /// anew, it would be the same table without them.
    pub is_annotated: bool,
}

impl Table {
    /// A table without anything.
    pub fn new(place: Place) -> Table {
        Table {
            place,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            comment: None,
            temporary: false,
            options: BTreeMap::new(),
            unknown: Vec::new(),
            is_abridged: false,
            is_annotated: false,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    /// Whether everything about it is known.
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty()
    }
}
