//! What only MySQL's and MariaDB's `ALTER TABLE` have.

use super::super::table_option::{self, TableOption};
use super::super::{Keyword, column, data_type, index_part};
use super::Reader;
use crate::change::{Action, ColumnChange};

impl Reader<'_, '_> {
    /// Whether an option of the table comes next, or what else stands at the end without a comma.
    pub(super) fn sees_option(&mut self) -> bool {
        let start = self.cursor.position();
        let found = table_option::read(self.cursor).is_some()
            || matches!(Keyword::at(self.cursor, 0), "PARTITION" | "REMOVE" | "ORDER" | "CONVERT");
        self.cursor.seek(start);
        found
    }

    /// Behind `ADD`, what is neither a column nor a constraint.
    pub(super) fn mysql_add(&mut self, start: usize) -> bool {
        let action = match (Keyword::at(self.cursor, 0), Keyword::at(self.cursor, 1)) {
            ("PARTITION", _)
                if self.cursor.sees_mark(1, '(') || self.cursor.sees(1, "PARTITIONS") || self.cursor.sees(1, "IF") =>
            {
                Action::Neutral
            }
            ("PERIOD", "FOR") => Action::Neutral,
            ("SYSTEM", "VERSIONING") => Action::SetOption("system versioning".to_owned(), Some("yes".to_owned())),
            _ => return false,
        };
        self.cursor.skip_clause();
        self.push(start, action);
        true
    }

    pub(super) fn mysql(&mut self) -> Option<Action> {
        let word = Keyword::at(self.cursor, 0);
        let second = Keyword::at(self.cursor, 1);
        let start = self.cursor.position();
        self.cursor.next();
        let cursor = &mut *self.cursor;
        Some(match (word, second) {
            ("MODIFY" | "CHANGE", _) => {
                cursor.take(&["COLUMN"]);
                let if_exists = cursor.take_if_exists();
                let from = cursor.name()?;
                let name = if word == "CHANGE" { cursor.name()?.name } else { from.name.clone() };
                let (column, constraints) = column::definition(cursor, name, &mut self.unknown);
                let position = self.position();
                Action::ModifyColumn { from, column: Box::new(column), constraints, if_exists, position }
            }
            ("ALTER", "INDEX" | "KEY") => return self.alter_index(),
            ("ALTER", "CHECK" | "CONSTRAINT") => {
                cursor.next();
                cursor.take_if_exists();
                let name = cursor.name()?;
                let enforced = !cursor.take(&["NOT"]);
                cursor.take(&["ENFORCED"]).then_some(())?;
                Action::AlterConstraint { name, deferrable: None, enforced: Some(enforced) }
            }
            ("ALTER", _) => return self.mysql_alter_column(),
            ("CONVERT", "TO") => {
                cursor.next();
                data_type::takes_character_set(cursor).then_some(())?;
                let character_set = data_type::character_set(cursor).filter(|name| name != "default");
                let collation = match cursor.take(&["COLLATE"]) {
                    true => index_part::collation(cursor),
                    false => None,
                };
                Action::Convert { character_set, collation }
            }
            ("ORDER", "BY") => {
                cursor.next();
                self.order_by()
            }
            ("FORCE", _) => Action::Neutral,
            ("DISABLE" | "ENABLE", "KEYS")
            | ("DISCARD" | "IMPORT", "TABLESPACE")
            | ("WITH" | "WITHOUT", "VALIDATION")
            | ("UPGRADE", "PARTITIONING") => {
                cursor.next();
                Action::Neutral
            }
            ("PARTITION", "BY") => {
                cursor.next();
                let by = table_option::partition_by(cursor);
                cursor.seek(usize::MAX);
                Action::SetOption("partition by".to_owned(), Some(by))
            }
            ("REMOVE", "PARTITIONING") => {
                cursor.next();
                Action::SetOption("partition by".to_owned(), None)
            }
            ("DROP", "SYSTEM") if cursor.sees(1, "VERSIONING") => {
                cursor.skip_clause();
                Action::SetOption("system versioning".to_owned(), None)
            }
            // Which partitions there are is nothing that is compared.
            (
                "DROP" | "COALESCE" | "REORGANIZE" | "EXCHANGE" | "TRUNCATE" | "ANALYZE" | "CHECK" | "OPTIMIZE"
                | "REBUILD" | "REPAIR" | "DISCARD" | "IMPORT",
                "PARTITION",
            ) => {
                cursor.seek(usize::MAX);
                Action::Neutral
            }
            ("DROP", "PERIOD") => {
                cursor.skip_clause();
                Action::Neutral
            }
            _ => {
                cursor.seek(start);
                match table_option::read(cursor)? {
                    TableOption::Comment(comment) => Action::Comment(comment),
                    TableOption::Set(key, value) => Action::SetOption(key.to_owned(), value),
                    TableOption::Neutral => Action::Neutral,
                }
            }
        })
    }

    /// `ALTER INDEX name VISIBLE|INVISIBLE|[NOT] IGNORED`: nothing that an application sees.
    fn alter_index(&mut self) -> Option<Action> {
        self.cursor.next();
        self.cursor.take_if_exists();
        self.cursor.name()?;
        self.cursor.take(&["NOT"]);
        self.cursor.take_any(&["VISIBLE", "INVISIBLE", "IGNORED"])?;
        Some(Action::Neutral)
    }

    fn mysql_alter_column(&mut self) -> Option<Action> {
        let cursor = &mut *self.cursor;
        cursor.take(&["COLUMN"]);
        let if_exists = cursor.take_if_exists();
        let name = cursor.name()?;
        let change = if cursor.take(&["SET", "DEFAULT"]) {
            ColumnChange::Default(column::default(cursor))
        } else if cursor.take(&["DROP", "DEFAULT"]) {
            ColumnChange::Default(None)
        } else if cursor.take(&["SET"]) {
            cursor.take_any(&["VISIBLE", "INVISIBLE"])?;
            ColumnChange::Neutral
        } else {
            return None;
        };
        Some(Action::AlterColumn { name, if_exists, change })
    }

    /// The order of the rows, whose columns have commas between them.
    fn order_by(&mut self) -> Action {
        loop {
            self.cursor.name();
            self.cursor.take_any(&["ASC", "DESC"]);
            let after = Keyword::at(self.cursor, 2);
            let more =
                self.cursor.sees_mark(2, ',') || self.cursor.peek(2).is_none() || matches!(after, "ASC" | "DESC");
            if !more || !self.cursor.take_mark(',') {
                return Action::Neutral;
            }
        }
    }
}
