//! Schemas, sequences, routines, extensions, comments, and the search path.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_core::sql::Lexer;

use super::known::Relation;
use super::naming::judge_length;
use super::step::{Step, Target};
use super::{FaultKind, Replay};
use crate::change::{Drops, Named};
use crate::model::{Column, Identity, Name, ObjectName, Routine, Sequence};
use crate::read::Cursor;

/// Extensions that make functions and types, but no table and no view.
const WITHOUT_RELATIONS: [&str; 37] = [
    "amcheck",
    "autoinc",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "insert_username",
    "intagg",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "moddatetime",
    "pageinspect",
    "pg_prewarm",
    "pg_trgm",
    "pg_uuidv7",
    "pgcrypto",
    "pgrowlocks",
    "plpgsql",
    "postgres_fdw",
    "refint",
    "seg",
    "tablefunc",
    "tcn",
    "unaccent",
    "uuid-ossp",
    "vector",
    "xml2",
    "pg_hashids",
];

impl Replay {
    /// A schema's name as objects have it: the default one has none.
    pub(crate) fn namespace(&self, name: &Name) -> Option<Name> {
        let is_default = match self.dialect() {
            Dialect::Postgres => name.key() == "public",
            Dialect::Sqlite => name.key() == "main",
            Dialect::Mysql => false,
        };
        (!is_default).then(|| name.clone())
    }

    pub(super) fn set_path(&mut self, path: &[Name]) {
        let postgres = self.dialect() == Dialect::Postgres;
        // `$user` is nobody's that we know of, and the catalog has nothing of ours.
        let is_ours = |name: &&Name| !(postgres && matches!(name.key(), "$user" | "pg_catalog" | "pg_temp"));
        self.path = path.iter().filter(is_ours).map(|name| self.namespace(name)).collect();
    }

    pub(super) fn create_namespace(&mut self, named: &Named<Name>, if_not_exists: bool, step: &mut Step<'_>) {
        if self.namespace(&named.name).is_none() {
            if !if_not_exists && !std::mem::take(&mut self.lacks_public) && self.schema.unknown.is_empty() {
                let message = format!("schema `{}` already exists", named.name);
                let _ = step
                    .fault(FaultKind::Other, message, named.part)
                    .help("every database has it: remove the statement, or say IF NOT EXISTS");
            }
            return;
        }
        judge_length(&named.name, "schema", self.dialect(), Some(named.part), step);
        let sure = self.schema.unknown.is_empty();
        if let Some(place) = self.schema.namespaces.get(&named.name).copied() {
            if !if_not_exists && sure {
                let message = format!("schema `{}` already exists", named.name);
                let _ = step.fault(FaultKind::Other, message, named.part).also(place, "made here");
            }
            return;
        }
        // Where IF NOT EXISTS is said it may hold more than the chain made; then it is the chain's all the same.
        self.schema.namespaces.insert(named.name.clone(), step.at(named.part));
    }

    /// Of a schema that the chain didn't make nothing is claimed, not even that it isn't there.
    pub(super) fn drop_namespaces(&mut self, drops: &Drops<Name>, step: &mut Step<'_>) {
        for named in &drops.names {
            let schema = self.namespace(&named.name);
            self.lacks_public |= schema.is_none();
            let place = self.schema.namespaces.remove(&named.name);
            let holds = |full: &ObjectName| full.schema == schema;
            let first = (self.schema.tables.keys())
                .chain(self.schema.views.keys())
                .chain(self.schema.types.keys())
                .chain(self.schema.sequences.keys())
                .find(|full| holds(full) && !self.is_unsure(full))
                .cloned();
            // MySQL's databases are dropped with all that is in them.
            let takes_all = drops.cascade || self.dialect() == Dialect::Mysql;
            if let (Some(first), Some(place), false) = (&first, place, takes_all) {
                let message = format!("schema `{}` is not empty: it holds `{first}`", named.name);
                let _ = step
                    .fault(FaultKind::StillNeeded, message, named.part)
                    .also(place, "made here")
                    .help("drop what is in it first, or say CASCADE");
            }
            let tables: Vec<ObjectName> = self.schema.tables.keys().filter(|full| holds(full)).cloned().collect();
            for table in &tables {
                self.cut_references(table, None);
                self.remove_table(table);
                self.made(table);
            }
            self.schema.views.retain(|full, _| !holds(full));
            self.schema.types.retain(|full, _| !holds(full));
            self.schema.sequences.retain(|full, _| !holds(full));
            let dialect = self.dialect();
            let gone: Vec<Name> =
                self.schema.routines.keys().filter(|full| holds(full)).map(|full| full.name.clone()).collect();
            // Triggers that call its functions go, too.
            self.schema.triggers.retain(|(table, _), trigger| {
                !holds(table) && !gone.iter().any(|name| trigger.body.mentions(name, dialect))
            });
            self.schema.routines.retain(|full, _| !holds(full));
        }
    }

    pub(super) fn rename_namespace(&mut self, from: &Named<Name>, to: &Name, step: &mut Step<'_>) {
        let old = self.namespace(&from.name);
        self.lacks_public |= old.is_none();
        if let Some(place) = self.schema.namespaces.remove(&from.name) {
            self.schema.namespaces.insert(to.clone(), place);
        }
        let new = self.namespace(to);
        let tables: Vec<ObjectName> = self.schema.tables.keys().filter(|full| full.schema == old).cloned().collect();
        for table in tables {
            let target = ObjectName { schema: new.clone(), name: table.name.clone() };
            self.rename_found(&Relation::Table(table), &target, step);
        }
        let moved = |full: ObjectName| match full.schema == old {
            true => ObjectName { schema: new.clone(), name: full.name },
            false => full,
        };
        let schema = &mut self.schema;
        schema.views = std::mem::take(&mut schema.views).into_iter().map(|(full, view)| (moved(full), view)).collect();
        schema.types = std::mem::take(&mut schema.types).into_iter().map(|(full, kind)| (moved(full), kind)).collect();
        schema.sequences =
            std::mem::take(&mut schema.sequences).into_iter().map(|(full, it)| (moved(full), it)).collect();
        schema.routines =
            std::mem::take(&mut schema.routines).into_iter().map(|(full, it)| (moved(full), it)).collect();
        let is_it = |column: &crate::model::Column| {
            column.data_type.as_ref().is_some_and(|it| it.schema.is_some() && it.schema == old)
        };
        schema.tables.change(
            |table| table.columns.iter().any(is_it),
            |_, table| {
                for column in Arc::make_mut(table).columns.iter_mut().filter(|column| is_it(column)) {
                    if let Some(data_type) = &mut column.data_type {
                        data_type.schema.clone_from(&new);
                    }
                }
            },
        );
        for entry in self.path.iter_mut().filter(|entry| **entry == old && old.is_some()) {
            entry.clone_from(&new);
        }
    }

    pub(super) fn create_sequence(
        &mut self,
        named: &Named,
        if_not_exists: bool,
        sequence: &Sequence,
        step: &mut Step<'_>,
    ) {
        let full = self.target(&named.name);
        if !self.makes_room(named, &full, if_not_exists, false, step) {
            return;
        }
        judge_length(&named.name.name, "sequence", self.dialect(), Some(named.part), step);
        let mut sequence = sequence.clone();
        self.resolve_owner(&mut sequence.owned_by);
        self.schema.sequences.insert(full.clone(), Arc::new(sequence));
        self.made(&full);
    }

    fn resolve_owner(&self, owner: &mut Option<(ObjectName, Name)>) {
        if let Some((table, _)) = owner
            && let Relation::Table(full) = self.relation(table)
        {
            *table = full;
        }
    }

    /// Whether a column may have brought a sequence of that name: one that is hinted at, or that the server made up in another way than
    /// we would.
    pub(super) fn is_columns_own(&self, name: &ObjectName) -> bool {
        let text = name.name.as_str();
        let is_made_up = text.trim_end_matches(|last: char| last.is_ascii_digit()).ends_with("_seq");
        self.hints.borrow().contains_key(&ObjectName::bare(name.name.clone()))
            || self.schema.tables.values().any(|table| {
                !table.is_known()
                    || is_made_up
                        && table.columns.iter().any(|column| {
                            super::alter::has_sequence(column.identity) && text.contains(column.name.as_str())
                        })
            })
    }

    /// Notes the name that `IDENTITY (SEQUENCE NAME a)` gives.
    pub(super) fn hint_said_sequence(&self, target: &Target<'_>, step: &Step<'_>) {
        let text = step.source();
        for words in ["SEQUENCE NAME ", "sequence name "] {
            for (at, _) in text.match_indices(words) {
                let mut cursor = Cursor::within(text, self.dialect(), at + words.len(), text.len());
                if let Some(named) = cursor.object() {
                    self.hint(&named.name.name, target.name);
                }
            }
        }
    }

    pub(super) fn alter_sequence(
        &mut self,
        named: &Named,
        if_exists: bool,
        options: &[(String, String)],
        owned_by: Option<&Option<(ObjectName, Name)>>,
        step: &mut Step<'_>,
    ) {
        let Relation::Sequence(full) = self.relation(&named.name) else {
            if !if_exists && self.relation(&named.name) == Relation::Nothing && !self.is_columns_own(&named.name) {
                self.missing(named, "sequence", step);
            }
            return;
        };
        let owner = owned_by.cloned().map(|mut owner| {
            self.resolve_owner(&mut owner);
            owner
        });
        let Some(sequence) = self.schema.sequences.get_mut(&full) else { return };
        let sequence = Arc::make_mut(sequence);
        for (key, value) in options {
            match sequence.options.binary_search_by(|(other, _)| other.cmp(key)) {
                // One without a value is the default again.
                Ok(at) if value.is_empty() => {
                    sequence.options.remove(at);
                }
                Ok(at) => {
                    if let Some((_, old)) = sequence.options.get_mut(at) {
                        old.clone_from(value);
                    }
                }
                Err(_) if value.is_empty() => {}
                Err(at) => sequence.options.insert(at, (key.clone(), value.clone())),
            }
        }
        if let Some(owner) = owner {
            sequence.owned_by = owner;
            self.make_serial(&full);
        }
    }

    /// A column whose default draws from a sequence that goes with it is what `serial` makes: the sequence is the column's.
    fn make_serial(&mut self, sequence: &ObjectName) {
        let owner = self.schema.sequences.get(sequence).and_then(|sequence| sequence.owned_by.clone());
        let Some((table, column)) = owner else { return };
        let is_drawn = |column: &Column| {
            let inside = column.default.as_ref().and_then(|default| default.0.as_str().strip_prefix("nextval('"));
            let name = inside.and_then(|inside| inside.split_once('\''));
            let name = name.filter(|(_, rest)| matches!(*rest, ")" | "::regclass)"));
            let bare = name.and_then(|(name, _)| name.rsplit('.').next());
            bare.is_some_and(|name| name.trim_matches('"') == sequence.name.as_str())
        };
        let Some(known) = self.schema.tables.get_mut(&table) else { return };
        let is_serial =
            |column: &Column| column.identity.is_none() && is_drawn(column) && super::alter::is_countable(column);
        if !known.column(&column).is_some_and(is_serial) {
            return;
        }
        if let Some(column) = Arc::make_mut(known).columns.iter_mut().find(|other| other.name == column) {
            (column.default, column.identity) = (None, Some(Identity::Serial));
        }
        self.schema.sequences.remove(sequence);
        self.hint(&sequence.name, &table);
    }

    pub(super) fn drop_sequences(&mut self, drops: &Drops, step: &mut Step<'_>) {
        for named in &drops.names {
            match self.relation(&named.name) {
                Relation::Sequence(full) => {
                    if !drops.cascade {
                        self.judge_drawn(&full, named, step);
                    }
                    self.schema.sequences.remove(&full);
                    self.dropped(&full);
                }
                Relation::Nothing if !drops.if_exists && !self.is_columns_own(&named.name) => {
                    self.missing(named, "sequence", step);
                }
                Relation::Nothing if !drops.cascade => {
                    let full = self.target(&named.name);
                    self.judge_drawn(&full, named, step);
                }
                Relation::Nothing => {
                    // A column's own: its default goes.
                    let bare = ObjectName::bare(named.name.name.clone());
                    let owners = self.hints.borrow().get(&bare).cloned().unwrap_or_default();
                    for table in owners.iter() {
                        self.taint(table, step);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn create_routine(
        &mut self,
        named: &Named,
        or_replace: bool,
        if_not_exists: bool,
        routine: &Routine,
        step: &mut Step<'_>,
    ) {
        let full = self.target(&named.name);
        judge_length(&named.name.name, "function", self.dialect(), Some(named.part), step);
        let sure = !self.is_unsure(&full);
        let overloads = self.dialect() == Dialect::Postgres;
        let there = self.schema.routines.entry(full).or_default();
        let same = |other: &Arc<Routine>| !overloads || other.arguments == routine.arguments;
        match there.iter().position(same) {
            Some(at) if or_replace => {
                if let Some(old) = there.get_mut(at) {
                    *old = Arc::new(routine.clone());
                }
            }
            Some(_) if if_not_exists => {}
            // MySQL's functions and procedures have names apart: nothing is claimed.
            Some(_) if sure && overloads => {
                let message = format!("function `{}` already exists with the same arguments", named.name);
                let _ =
                    step.fault(FaultKind::Other, message, named.part).help("say OR REPLACE, or drop the old one first");
            }
            _ => there.push(Arc::new(routine.clone())),
        }
    }

    /// A procedure is run. One that was made here tells whether it is rows that it changes, and nothing else.
    pub(super) fn call(&mut self, name: &ObjectName, step: &Step<'_>) {
        let known = self.find(&self.schema.routines, name).filter(|full| !self.is_unsure(full));
        let routines = known.and_then(|full| self.schema.routines.get(&full));
        let is_harmless = |routine: &Arc<Routine>| !has_ddl(routine.body.as_str());
        if !routines.is_some_and(|routines| !routines.is_empty() && routines.iter().all(is_harmless)) {
            self.doubt_everything(step);
        }
    }

    pub(super) fn drop_routines(&mut self, drops: &Drops, arguments: &[Option<String>], step: &mut Step<'_>) {
        for (position, named) in drops.names.iter().enumerate() {
            let arguments = arguments.get(position).and_then(Option::as_ref);
            let Some(full) = self.find(&self.schema.routines, &named.name) else {
                let is_judged = !drops.if_exists && self.schema.extensions.is_empty() && self.schema.unknown.is_empty();
                if is_judged && self.is_surely_absent(&named.name) {
                    let known = self.schema.routines.keys().map(|known| known.name.as_str());
                    let message = format!("function `{}` does not exist", named.name);
                    step.fault(FaultKind::Other, message, named.part).meant(named.name.name.as_str(), known);
                }
                let target = self.target(&named.name);
                self.forget(target);
                continue;
            };
            if !drops.cascade && self.schema.routines.get(&full).is_some_and(|there| there.len() == 1) {
                self.judge_needed_by_trigger(&full, named, step);
            }
            let Some(there) = self.schema.routines.get_mut(&full) else { continue };
            // Arguments may be spelled in many ways: what isn't found among several is the only one that it can be.
            let at = match arguments {
                Some(arguments) => there.iter().position(|routine| routine.arguments == *arguments),
                None => None,
            };
            match at {
                Some(at) => {
                    there.remove(at);
                }
                None if there.len() == 1 => there.clear(),
                None => {
                    there.clear();
                    self.forget(full.clone());
                }
            }
            if self.schema.routines.get(&full).is_some_and(Vec::is_empty) {
                self.schema.routines.remove(&full);
            }
            if drops.cascade {
                // Triggers that call it go, too.
                let name = &full.name;
                let dialect = self.dialect();
                self.schema.triggers.retain(|_, trigger| !trigger.body.mentions(name, dialect));
            }
        }
    }

    /// Another name, or another schema, for a routine.
    pub(super) fn move_routine(
        &mut self,
        from: &Named,
        arguments: Option<&str>,
        to: impl FnOnce(&ObjectName) -> ObjectName,
        step: &mut Step<'_>,
    ) {
        let Some(full) = self.find(&self.schema.routines, &from.name) else {
            let drops = Drops { names: vec![from.clone()], if_exists: false, cascade: false };
            self.drop_routines(&drops, &[], step);
            return;
        };
        let to = to(&full);
        let Some(there) = self.schema.routines.get_mut(&full) else { return };
        let at = arguments.and_then(|arguments| there.iter().position(|routine| routine.arguments == arguments));
        let at = at.or_else(|| (there.len() == 1).then_some(0));
        let moved = at.map(|at| there.remove(at));
        if there.is_empty() {
            self.schema.routines.remove(&full);
        }
        match moved {
            Some(routine) => {
                // Triggers call what they called, whatever its name is now.
                let dialect = self.dialect();
                for trigger in self.schema.triggers.values_mut() {
                    if trigger.body.mentions(&full.name, dialect) {
                        let trigger = Arc::make_mut(trigger);
                        trigger.body = trigger.body.with_renamed(&full.name, &to.name, dialect);
                    }
                }
                self.schema.routines.entry(to).or_default().push(routine);
            }
            None => {
                self.forget(full);
                self.forget(to);
            }
        }
    }

    pub(super) fn create_extension(&mut self, named: &Named<Name>, step: &mut Step<'_>) {
        if named.name.key() == "uuid_ossp" {
            let message = format!("there is no extension `{}`", named.name);
            let _ = step.fault(FaultKind::Other, message, named.part).help("write `\"uuid-ossp\"`, with the quotes");
        }
        self.schema.extensions.insert(named.name.clone(), step.at(named.part));
        self.foreign_relations |= !WITHOUT_RELATIONS.contains(&named.name.key());
    }

    pub(super) fn drop_extensions(&mut self, drops: &Drops<Name>, step: &mut Step<'_>) {
        for named in &drops.names {
            self.schema.extensions.remove(&named.name);
            if drops.cascade {
                // Columns and indexes that use its types and operators go: which those are nobody knows.
                self.doubt_everything(step);
            }
        }
    }

    pub(super) fn comment_table(&mut self, named: &Named, comment: Option<&str>, step: &mut Step<'_>) {
        match self.relation(&named.name) {
            Relation::Table(full) => {
                self.edit(&full, step, |_, target, _| target.table.comment = comment.map(str::to_owned));
            }
            Relation::View(full) => {
                if let Some(view) = self.schema.views.get_mut(&full) {
                    Arc::make_mut(view).comment = comment.map(str::to_owned);
                }
            }
            Relation::Nothing => self.missing(named, "table", step),
            Relation::Temporary | Relation::Sequence(_) | Relation::Index(..) => {}
        }
    }

    pub(super) fn comment_column(
        &mut self,
        named: &Named,
        column: &Named<Name>,
        comment: Option<&str>,
        step: &mut Step<'_>,
    ) {
        let Some(full) = self.table(named, false, step) else { return };
        self.edit(&full, step, |replay, target, step| {
            match target.table.columns.iter_mut().find(|other| other.name == column.name) {
                Some(column) => column.comment = comment.map(str::to_owned),
                None => replay.unknown_column(target, column, step),
            }
        });
    }
}

/// Whether any word of a procedure may be that of a statement that changes a schema, or of one that nobody sees.
fn has_ddl(body: &str) -> bool {
    const WORDS: [&str; 7] = ["ALTER", "CALL", "CREATE", "DROP", "EXECUTE", "PREPARE", "RENAME"];
    let mut lexer = Lexer::new(body, Dialect::Mysql);
    while let Some(token) = lexer.next_significant() {
        if WORDS.iter().any(|word| token.is_word(body, word)) {
            return true;
        }
    }
    false
}
