//! What only PostgreSQL's `ALTER TABLE` has.

use super::super::{Cursor, Keyword, column, constraint, data_type, index_part};
use super::Reader;
use crate::change::{Action, ColumnChange};
use crate::model::Identity;

impl Reader<'_, '_> {
    pub(super) fn postgres(&mut self) -> Option<Action> {
        let word = Keyword::at(self.cursor, 0);
        self.cursor.next();
        let cursor = &mut *self.cursor;
        let action = match word {
            "ALTER" if cursor.take(&["CONSTRAINT"]) => {
                let name = cursor.name()?;
                Action::AlterConstraint { name, deferrable: deferrable(cursor), enforced: None }
            }
            "ALTER" => return self.alter_column(),
            "VALIDATE" if cursor.take(&["CONSTRAINT"]) => return Some(Action::Validate { name: cursor.name()? }),
            "SET" if cursor.take(&["SCHEMA"]) => return Some(Action::SetSchema(cursor.name()?.name)),
            "SET" if cursor.take(&["LOGGED"]) => Action::SetOption("unlogged".to_owned(), None),
            "SET" if cursor.take(&["UNLOGGED"]) => Action::SetOption("unlogged".to_owned(), Some("yes".to_owned())),
            "SET" => match Keyword::at(cursor, 0) {
                "TABLESPACE" | "ACCESS" | "WITHOUT" | "WITH" => Action::Neutral,
                _ if cursor.sees_mark(0, '(') => Action::Neutral,
                _ => return None,
            },
            "ENABLE" | "DISABLE" if cursor.take(&["ROW", "LEVEL", "SECURITY"]) => {
                let value = (word == "ENABLE").then(|| "enabled".to_owned());
                Action::SetOption("row level security".to_owned(), value)
            }
            "ENABLE" | "DISABLE" => match Keyword::at(cursor, 0) {
                "TRIGGER" | "RULE" | "REPLICA" | "ALWAYS" => Action::Neutral,
                _ => return None,
            },
            "FORCE" if cursor.take(&["ROW", "LEVEL", "SECURITY"]) => {
                Action::SetOption("force row level security".to_owned(), Some("yes".to_owned()))
            }
            "NO" if cursor.take(&["FORCE", "ROW", "LEVEL", "SECURITY"]) => {
                Action::SetOption("force row level security".to_owned(), None)
            }
            "NO" if cursor.take(&["INHERIT"]) => Action::Detach { table: cursor.object()?, concurrently: false },
            "INHERIT" => Action::Attach(cursor.object()?),
            "ATTACH" if cursor.take(&["PARTITION"]) => {
                let table = cursor.object()?;
                // Where its rows lie.
                cursor.skip_clause();
                Action::Attach(table)
            }
            "DETACH" if cursor.take(&["PARTITION"]) => {
                let table = cursor.object()?;
                let concurrently = cursor.take(&["CONCURRENTLY"]);
                cursor.take(&["FINALIZE"]);
                Action::Detach { table, concurrently }
            }
            "OWNER" | "CLUSTER" | "RESET" | "REPLICA" | "OPTIONS" | "OF" | "NOT" | "DEPENDS" => Action::Neutral,
            _ => return None,
        };
        if matches!(action, Action::Neutral | Action::AlterConstraint { .. }) {
            self.cursor.skip_clause();
        }
        Some(action)
    }

    /// `ALTER [COLUMN] name …`.
    fn alter_column(&mut self) -> Option<Action> {
        let cursor = &mut *self.cursor;
        cursor.take(&["COLUMN"]);
        let name = cursor.name()?;
        let word = Keyword::at(cursor, 0);
        let second = Keyword::at(cursor, 1);
        cursor.next();
        let change = match (word, second) {
            ("TYPE", _) | ("SET", "DATA") => {
                if word == "SET" && !cursor.take(&["DATA", "TYPE"]) {
                    return None;
                }
                let data_type = data_type::read(cursor)?;
                let collation = match cursor.take(&["COLLATE"]) {
                    true => index_part::collation(cursor),
                    false => None,
                };
                let using = cursor.take(&["USING"]).then(|| cursor.skip_clause());
                let using = using.map(|range| cursor.expression(range));
                ColumnChange::Type { data_type, collation, using }
            }
            ("SET", "DEFAULT") => {
                cursor.next();
                let range = cursor.skip_clause();
                ColumnChange::Default(column::default_of(cursor, range))
            }
            ("DROP", "DEFAULT") => {
                cursor.next();
                ColumnChange::Default(None)
            }
            ("SET" | "DROP", "NOT") if cursor.take(&["NOT", "NULL"]) => ColumnChange::Nullable(word == "DROP"),
            ("SET", "EXPRESSION") if cursor.take(&["EXPRESSION", "AS"]) => {
                ColumnChange::Expression(Some(cursor.expression_in_parentheses()?))
            }
            ("DROP", "EXPRESSION") => {
                cursor.next();
                cursor.take_if_exists();
                ColumnChange::Expression(None)
            }
            ("ADD", "GENERATED") => {
                ColumnChange::Identity { identity: Some(column::identity(cursor)?), is_new: true, if_exists: false }
            }
            ("DROP", "IDENTITY") => {
                cursor.next();
                ColumnChange::Identity { identity: None, is_new: false, if_exists: cursor.take_if_exists() }
            }
            ("SET", "GENERATED") => {
                cursor.next();
                let identity = if cursor.take(&["ALWAYS"]) {
                    Identity::Always
                } else if cursor.take(&["BY", "DEFAULT"]) {
                    Identity::ByDefault
                } else {
                    return None;
                };
                // Options of its sequence.
                cursor.skip_clause();
                ColumnChange::Identity { identity: Some(identity), is_new: false, if_exists: false }
            }
            ("RESTART" | "RESET" | "OPTIONS", _)
            | (
                "SET",
                "STATISTICS" | "STORAGE" | "COMPRESSION" | "INCREMENT" | "START" | "RESTART" | "CACHE" | "MINVALUE"
                | "MAXVALUE" | "NO" | "CYCLE" | "SEQUENCE" | "",
            ) => {
                cursor.skip_clause();
                ColumnChange::Neutral
            }
            _ => return None,
        };
        Some(Action::AlterColumn { name, if_exists: false, change })
    }

    /// `[CONSTRAINT name] PRIMARY KEY|UNIQUE USING INDEX index …`. Reads nothing where it is anything else.
    pub(super) fn using_index(&mut self) -> Option<Action> {
        let start = self.cursor.position();
        let name = constraint::constraint_name(self.cursor);
        let primary = self.cursor.take(&["PRIMARY", "KEY"]);
        if !(primary || self.cursor.take(&["UNIQUE"])) || !self.cursor.take(&["USING", "INDEX"]) {
            self.cursor.seek(start);
            return None;
        }
        let Some(index) = self.cursor.name() else {
            self.cursor.seek(start);
            return None;
        };
        let mut deferrable = None;
        loop {
            if self.cursor.take(&["NOT", "DEFERRABLE"]) || self.cursor.take(&["INITIALLY", "IMMEDIATE"]) {
            } else if self.cursor.take(&["DEFERRABLE"]) {
                deferrable = deferrable.or(Some(false));
            } else if self.cursor.take(&["INITIALLY", "DEFERRED"]) {
                deferrable = Some(true);
            } else {
                return Some(Action::AddUsingIndex { name, index, primary, deferrable });
            }
        }
    }
}

/// `[NOT] DEFERRABLE`, `INITIALLY …`: what is not said is not so (tried). `None` where it is about something else.
fn deferrable(cursor: &mut Cursor<'_>) -> Option<Option<bool>> {
    let mut found = None;
    loop {
        if cursor.take(&["NOT", "DEFERRABLE"]) || cursor.take(&["INITIALLY", "IMMEDIATE"]) {
            found = found.or(Some(None));
        } else if cursor.take(&["DEFERRABLE"]) {
            found = found.filter(Option::is_some).or(Some(Some(false)));
        } else if cursor.take(&["INITIALLY", "DEFERRED"]) {
            found = Some(Some(true));
        } else {
            return found;
        }
    }
}
