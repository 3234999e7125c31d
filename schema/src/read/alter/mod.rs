//! `ALTER TABLE`: its actions, one by one. One that isn't understood is stepped over, until the next comma.

mod mysql;
mod postgres;

use revchain_core::Dialect;

use super::{Cursor, Keyword, column, constraint};
use crate::change::{Action, Change, ColumnChange, Kind, Named, Part, Position};
use crate::model::{Name, ObjectName};

/// Reads it from behind `ALTER TABLE`. Gives the clauses that it doesn't understand, too. `None` where that is all.
pub(crate) fn table(cursor: &mut Cursor<'_>) -> Option<(Vec<Change>, Vec<Part>)> {
    if cursor.take(&["ALL", "IN", "TABLESPACE"]) {
        return Some((Vec::new(), Vec::new()));
    }
    let if_exists = cursor.take_if_exists();
    let postgres = cursor.dialect() == Dialect::Postgres;
    if postgres {
        cursor.take(&["ONLY"]);
    }
    let table = cursor.object()?;
    match cursor.dialect() {
        Dialect::Postgres => drop(cursor.take_mark('*')),
        Dialect::Mysql if cursor.take(&["WAIT"]) => drop(cursor.next()),
        Dialect::Mysql => drop(cursor.take(&["NOWAIT"])),
        Dialect::Sqlite => {}
    }
    let mut reader = Reader { cursor, table: table.name.clone(), actions: Vec::new(), unknown: Vec::new() };
    reader.actions();
    let Reader { mut actions, unknown, .. } = reader;
    // Alone, these are changes of the table's, not in it.
    let change = match actions.as_mut_slice() {
        [(Action::RenameTo(to), _)] => Change::RenameTable { from: table, to: to.clone(), if_exists },
        [(Action::SetSchema(to), _)] => Change::MoveTable { from: table, to: to.clone(), if_exists },
        _ => Change::AlterTable { table, if_exists, actions },
    };
    Some((vec![change], unknown))
}

struct Reader<'r, 'a> {
    cursor: &'r mut Cursor<'a>,
    table: ObjectName,
    actions: Vec<(Action, Part)>,
    unknown: Vec<Part>,
}

impl Reader<'_, '_> {
    fn actions(&mut self) {
        while !self.cursor.is_at_end() {
            let start = self.cursor.position();
            if self.action().is_none() {
                self.cursor.seek(start);
            }
            let end = self.cursor.position();
            // MySQL needs no comma between two options of a table.
            let another = self.cursor.dialect() == Dialect::Mysql && end > start && self.sees_option();
            if !another && !self.cursor.is_at_end() && !self.cursor.sees_mark(0, ',') {
                while self.cursor.skip_clause().0 < self.cursor.position() || self.cursor.sees_mark(0, ')') {
                    self.cursor.take_mark(')');
                }
                let part = self.cursor.part((end, self.cursor.position()));
                self.unknown.push(part);
                if end == start {
                    self.actions.push((Action::Unknown, part));
                }
            }
            self.cursor.take_mark(',');
        }
    }

    /// Puts an action that began there and ends here.
    fn push(&mut self, start: usize, action: Action) {
        let part = self.cursor.part((start, self.cursor.position()));
        self.actions.push((action, part));
    }

    /// Reads an action, and puts it. `None` where it is not understood.
    fn action(&mut self) -> Option<()> {
        let start = self.cursor.position();
        let word = Keyword::at(self.cursor, 0);
        let shared = match word {
            "ADD" => {
                self.cursor.next();
                return self.add(start);
            }
            "DROP" => {
                self.cursor.next();
                self.dropping()
            }
            "RENAME" => {
                self.cursor.next();
                self.renaming()
            }
            _ => None,
        };
        let action = match shared {
            Some(action) => action,
            None => {
                self.cursor.seek(start);
                match self.cursor.dialect() {
                    Dialect::Postgres => self.postgres()?,
                    Dialect::Mysql => self.mysql()?,
                    Dialect::Sqlite => return None,
                }
            }
        };
        self.push(start, action);
        Some(())
    }

    fn add(&mut self, start: usize) -> Option<()> {
        if let Some(column) = constraint::not_null(self.cursor) {
            let change = ColumnChange::Nullable(false);
            self.push(start, Action::AlterColumn { name: column, if_exists: false, change });
            return Some(());
        }
        if constraint::comes_next(self.cursor) {
            return self.add_constraint(start);
        }
        if self.cursor.dialect() == Dialect::Mysql && self.mysql_add(start) {
            return Some(());
        }
        self.cursor.take(&["COLUMN"]);
        let if_not_exists = self.cursor.take_if_not_exists();
        if self.cursor.dialect() == Dialect::Mysql && self.cursor.take_mark('(') {
            while !self.cursor.is_at_end() && !self.cursor.take_mark(')') {
                let start = self.cursor.position();
                match constraint::comes_next(self.cursor) {
                    true => self.add_constraint(start)?,
                    false => self.add_column(start, if_not_exists)?,
                }
                self.cursor.take_mark(',');
            }
            return Some(());
        }
        self.add_column(start, if_not_exists)
    }

    fn add_column(&mut self, start: usize, if_not_exists: bool) -> Option<()> {
        let name = self.cursor.name()?.name;
        let (column, constraints) = column::definition(self.cursor, name, &mut self.unknown);
        let position = self.position();
        self.push(start, Action::AddColumn { column: Box::new(column), constraints, if_not_exists, position });
        let (abridged, annotated) = (self.cursor.is_abridged(), self.cursor.is_annotated());
        if abridged || annotated {
            self.push(start, Action::SaysMore { abridged, annotated });
        }
        Some(())
    }

    fn add_constraint(&mut self, start: usize) -> Option<()> {
        if self.cursor.dialect() == Dialect::Postgres
            && let Some(action) = self.using_index()
        {
            self.push(start, action);
            return Some(());
        }
        // MariaDB has it at several places.
        let from = self.cursor.position();
        let if_not_exists = self.cursor.dialect() == Dialect::Mysql
            && (0..6).any(|ahead| self.cursor.sees(ahead, "IF") && self.cursor.sees(ahead + 1, "NOT"));
        self.cursor.seek(from);
        let constraint = constraint::read(self.cursor)?;
        self.push(start, Action::Add { constraint, if_not_exists });
        Some(())
    }

    /// MySQL's `FIRST`, `AFTER other`.
    fn position(&mut self) -> Option<Position> {
        if self.cursor.dialect() != Dialect::Mysql {
            None
        } else if self.cursor.take(&["FIRST"]) {
            Some(Position::First)
        } else if self.cursor.take(&["AFTER"]) {
            self.cursor.name().map(Position::After)
        } else {
            None
        }
    }

    fn dropping(&mut self) -> Option<Action> {
        let mysql = self.cursor.dialect() == Dialect::Mysql;
        let kind = match (Keyword::at(self.cursor, 0), Keyword::at(self.cursor, 1)) {
            ("CONSTRAINT", _) => Some((Kind::Constraint, 1)),
            ("PRIMARY", "KEY") if mysql => Some((Kind::PrimaryKey, 2)),
            ("FOREIGN", "KEY") if mysql => Some((Kind::ForeignKey, 2)),
            ("INDEX" | "KEY", _) if mysql => Some((Kind::Index, 1)),
            ("CHECK", _) if mysql => Some((Kind::Check, 1)),
            ("PARTITION", _) | ("PERIOD", "FOR") if mysql => return None,
            ("SYSTEM", "VERSIONING") if mysql => return None,
            _ => None,
        };
        if let Some((kind, words)) = kind {
            self.cursor.seek(self.cursor.position() + words);
            let if_exists = self.cursor.take_if_exists();
            let name = match kind {
                Kind::PrimaryKey => None,
                _ => Some(self.cursor.name()?),
            };
            let cascade = self.cursor.take_cascade();
            return Some(Action::Drop { kind, name, if_exists, cascade });
        }
        self.cursor.take(&["COLUMN"]);
        let if_exists = self.cursor.take_if_exists();
        let name = self.cursor.name()?;
        let cascade = self.cursor.take_cascade();
        Some(Action::DropColumn { name, if_exists, cascade })
    }

    fn renaming(&mut self) -> Option<Action> {
        let mysql = self.cursor.dialect() == Dialect::Mysql;
        let kind = if self.cursor.take(&["CONSTRAINT"]) {
            Some(Kind::Constraint)
        } else if mysql && !self.cursor.sees(1, "TO") && self.cursor.take_any(&["INDEX", "KEY"]).is_some() {
            Some(Kind::Index)
        } else if mysql && self.cursor.is_any(&["INDEX", "KEY"]) && self.cursor.sees(2, "TO") {
            self.cursor.next();
            Some(Kind::Index)
        } else {
            None
        };
        if let Some(kind) = kind {
            self.cursor.take_if_exists();
            let (from, to) = self.old_and_new()?;
            return Some(Action::Rename { kind, from, to });
        }
        let to_table = match mysql {
            // `RENAME new`, `RENAME AS new`, `RENAME = new`.
            true => !self.cursor.sees(0, "COLUMN"),
            // A column called `to` is none that a name without quotes could mean.
            false => self.cursor.sees(0, "TO"),
        };
        if to_table {
            if self.cursor.take_any(&["TO", "AS"]).is_none() {
                self.cursor.take_mark('=');
            }
            let mut to = self.cursor.object()?;
            if to.name.schema.is_none() {
                to.name = self.table.beside(to.name.name);
            }
            return Some(Action::RenameTo(to));
        }
        self.cursor.take(&["COLUMN"]);
        self.cursor.take_if_exists();
        let (from, to) = self.old_and_new()?;
        Some(Action::RenameColumn { from, to })
    }

    /// `a TO b`.
    fn old_and_new(&mut self) -> Option<(Named<Name>, Name)> {
        let from = self.cursor.name()?;
        self.cursor.take(&["TO"]).then_some(())?;
        Some((from, self.cursor.name()?.name))
    }
}

#[cfg(test)]
mod tests;
