//! Statements that name columns: queries, what changes rows, views, policies and triggers.

use revchain_core::Dialect;

use super::{Assigned, Filled, Reader, Reference, Source};
use crate::change::{Named, Part};
use crate::model::Name;

impl Reader<'_> {
    pub(super) fn statement(&mut self) -> Option<()> {
        let word = self.keyword();
        self.cursor.next();
        match word {
            "UPDATE" => self.within(None, Self::update).map(|_| ()),
            "DELETE" => self.within(None, Self::delete).map(|_| ()),
            "INSERT" | "REPLACE" => self.insert(),
            "CREATE" => self.create(),
            "SELECT" => {
                self.cursor.seek(0);
                self.query(None)?;
                self.cursor.is_at_end().then_some(())
            }
            _ => None,
        }
    }

    /// MySQL's and SQLite's words behind the first.
    fn modifiers(&mut self) {
        match self.dialect {
            Dialect::Postgres => {}
            Dialect::Mysql => {
                let words = ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE"];
                while self.cursor.take_any(&words).is_some() {}
            }
            Dialect::Sqlite => {
                if self.cursor.take(&["OR"]) {
                    // What a row doesn't take may be left out.
                    self.names.has_condition = true;
                    self.cursor.next();
                }
            }
        }
    }

    fn update(&mut self) -> Option<()> {
        self.modifiers();
        self.sources()?;
        if !self.cursor.take(&["SET"]) {
            return None;
        }
        self.assignments()?;
        if self.cursor.take(&["FROM"]) {
            self.names.has_condition = true;
            self.sources()?;
        }
        self.condition_and_rest()
    }

    fn delete(&mut self) -> Option<()> {
        self.modifiers();
        let mysql = self.is(Dialect::Mysql);
        if !self.cursor.take(&["FROM"]) {
            // `DELETE a, b FROM a JOIN b`.
            self.cursor.objects();
            if !mysql || !self.cursor.take(&["FROM"]) {
                return None;
            }
        }
        self.sources()?;
        if self.cursor.take(&["USING"]) {
            // On MySQL those before are named again.
            if mysql {
                self.names.scopes.get_mut(self.scope)?.sources.clear();
            }
            self.sources()?;
        }
        self.condition_and_rest()
    }

    /// `WHERE …`, and what may follow it, to the end.
    fn condition_and_rest(&mut self) -> Option<()> {
        if self.cursor.take(&["WHERE"]) {
            self.names.has_condition = true;
            self.condition()?;
        }
        if !self.is(Dialect::Postgres) && self.cursor.take(&["ORDER", "BY"]) {
            loop {
                self.expression()?;
                self.cursor.take_any(&["ASC", "DESC"]);
                if !self.cursor.take_mark(',') {
                    break;
                }
            }
        }
        if !self.is(Dialect::Postgres) && self.cursor.take(&["LIMIT"]) {
            self.names.has_condition = true;
            self.expressions()?;
        }
        self.returning()
    }

    /// `RETURNING …`, or nothing: the end.
    fn returning(&mut self) -> Option<()> {
        if self.cursor.take(&["RETURNING"]) {
            drop(self.selected()?);
        }
        self.cursor.is_at_end().then_some(())
    }

    /// `a = 1, (b, c) = (1, 2)`.
    fn assignments(&mut self) -> Option<()> {
        loop {
            let (before, mut is_one) = (self.names.references.len(), true);
            if self.cursor.sees_mark(0, '(') {
                let columns = self.cursor.names_in_parentheses()?;
                columns.iter().for_each(|column| self.refer(None, column.part));
                is_one = false;
            } else {
                let column = self.cursor.name()?;
                if !self.cursor.take_mark('.') {
                    self.refer(None, column.part);
                } else {
                    let next = self.cursor.name()?;
                    match self.dialect {
                        Dialect::Mysql if !self.cursor.sees_mark(0, '.') => self.refer(Some(column.part), next.part),
                        // A field of a column; of the row it is the column that counts.
                        Dialect::Postgres => {
                            let field = Reference { scope: self.scope, qualifier: None, part: column.part };
                            self.names.fields.push(field);
                            while self.cursor.take_mark('.') {
                                self.cursor.name()?;
                            }
                        }
                        Dialect::Mysql | Dialect::Sqlite => return None,
                    }
                }
                // An element of an array.
                while self.cursor.sees_mark(0, '[') {
                    self.cursor.skip();
                    is_one = false;
                }
            }
            if !self.cursor.take_mark('=') {
                return None;
            }
            let column = self.names.references.get(before).copied().filter(|_| is_one);
            self.expression()?;
            if let Some(column) = column {
                self.names.assigned.push(Assigned { column, value: self.whole });
            }
            if !self.cursor.take_mark(',') {
                return Some(());
            }
        }
    }

    fn insert(&mut self) -> Option<()> {
        self.modifiers();
        let is_said = self.cursor.take(&["INTO"]);
        if !is_said && !self.is(Dialect::Mysql) {
            return None;
        }
        let table = self.cursor.object()?;
        let alias = match self.cursor.take(&["AS"]) {
            true => Some(self.cursor.name()?.name),
            false => None,
        };
        let is_listed = self.cursor.sees_mark(0, '(') && !self.cursor.sees(1, "SELECT");
        let columns = match is_listed {
            true => self.cursor.names_in_parentheses()?,
            false => Vec::new(),
        };
        let is_overriding = self.cursor.take(&["OVERRIDING"]);
        if is_overriding {
            self.cursor.next();
            self.cursor.take(&["VALUE"]);
        }
        let of = |table: &Named| Source { table: Some(table.clone()), alias: alias.clone() };
        let own = of(&table);
        self.within(None, |reader| {
            reader.names.scopes.get_mut(reader.scope)?.sources.push(own);
            columns.iter().for_each(|column| reader.refer(None, column.part));
            Some(())
        })?;
        let mut is_query = false;
        if self.cursor.take_any(&["VALUES", "VALUE"]).is_some() {
            let own = of(&table);
            self.within(None, |reader| {
                // Elsewhere a value can't be said by a column.
                if reader.is(Dialect::Mysql) {
                    reader.names.scopes.get_mut(reader.scope)?.sources.push(own);
                }
                reader.rows()
            })?;
        } else if self.is(Dialect::Mysql) && self.cursor.take(&["SET"]) {
            let own = of(&table);
            self.within(None, |reader| {
                reader.names.scopes.get_mut(reader.scope)?.sources.push(own);
                reader.assignments()
            })?;
        } else if !self.cursor.take(&["DEFAULT", "VALUES"]) {
            is_query = true;
            let parts = columns.iter().map(|column| column.part).collect();
            self.names.filled = Some(Filled { columns: parts, scope: self.names.scopes.len(), is_overriding });
            self.query(None)?;
        }
        self.conflict(&table, alias.as_ref(), is_query)
    }

    /// Rows behind VALUES.
    fn rows(&mut self) -> Option<()> {
        loop {
            if self.cursor.sees_mark(0, '(') && self.cursor.sees_mark(1, ')') {
                self.pass_group()?;
            } else {
                self.group(Self::expressions)?;
            }
            if !self.cursor.take_mark(',') {
                return Some(());
            }
        }
    }

    /// What happens to rows that are there already, and what is given back.
    fn conflict(&mut self, table: &Named, alias: Option<&Name>, is_query: bool) -> Option<()> {
        let excluded = Name::new("excluded", self.dialect);
        self.within(None, |reader| {
            let sources = &mut reader.names.scopes.get_mut(reader.scope)?.sources;
            sources.push(Source { table: Some(table.clone()), alias: alias.cloned() });
            if reader.cursor.take(&["ON", "DUPLICATE", "KEY", "UPDATE"]) {
                // Columns of the query may stand there, too, and MySQL's row that has a name.
                if is_query {
                    return None;
                }
                reader.assignments()?;
            }
            while reader.cursor.take(&["ON", "CONFLICT"]) {
                if reader.cursor.take(&["ON", "CONSTRAINT"]) {
                    reader.cursor.name()?;
                } else if reader.cursor.sees_mark(0, '(') {
                    reader.group(Self::expressions)?;
                    if reader.cursor.take(&["WHERE"]) {
                        reader.condition()?;
                    }
                }
                if !reader.cursor.take(&["DO"]) {
                    return None;
                }
                if reader.cursor.take(&["UPDATE", "SET"]) {
                    let sources = &mut reader.names.scopes.get_mut(reader.scope)?.sources;
                    sources.push(Source { table: Some(table.clone()), alias: Some(excluded.clone()) });
                    reader.assignments()?;
                    if reader.cursor.take(&["WHERE"]) {
                        reader.condition()?;
                    }
                } else if !reader.cursor.take(&["NOTHING"]) {
                    return None;
                }
            }
            reader.returning()
        })
        .map(|_| ())
    }

    fn create(&mut self) -> Option<()> {
        loop {
            match self.keyword() {
                "VIEW" => return self.view(),
                "POLICY" => return self.policy(),
                "TRIGGER" => return self.trigger(),
                "TABLE" | "INDEX" | "FUNCTION" | "PROCEDURE" => return None,
                _ => {}
            }
            self.cursor.next()?;
        }
    }

    fn view(&mut self) -> Option<()> {
        while !self.cursor.sees(0, "AS") {
            if self.cursor.is_at_end() || self.cursor.sees(0, "RECURSIVE") {
                return None;
            }
            self.cursor.skip();
        }
        self.cursor.next();
        self.query(None)?;
        self.cursor.is_at_end().then_some(())
    }

    /// `CREATE POLICY name ON t … USING (…) WITH CHECK (…)`.
    fn policy(&mut self) -> Option<()> {
        self.cursor.next();
        self.cursor.name()?;
        if !self.cursor.take(&["ON"]) {
            return None;
        }
        let table = self.cursor.object()?;
        self.within(None, |reader| {
            let source = Source { table: Some(table), alias: None };
            reader.names.scopes.get_mut(reader.scope)?.sources.push(source);
            reader.conditions()
        })
        .map(|_| ())
    }

    /// A policy's `USING (…) WITH CHECK (…)`.
    pub(super) fn conditions(&mut self) -> Option<()> {
        while !self.cursor.is_at_end() {
            if self.cursor.take(&["USING"]) || self.cursor.take(&["WITH", "CHECK"]) {
                self.group(Self::condition)?;
            } else {
                self.cursor.next();
            }
        }
        Some(())
    }

    /// A trigger, as it is kept: `update of a for each row when (…)`.
    pub(super) fn trigger_of_table(&mut self) -> Option<()> {
        let columns = self.events()?;
        columns.iter().for_each(|part| self.refer(None, *part));
        self.condition_of_trigger()
    }

    /// `CREATE TRIGGER … UPDATE OF a ON t … WHEN (…)`: what it does is not looked at.
    fn trigger(&mut self) -> Option<()> {
        // MySQL's have neither.
        if self.is(Dialect::Mysql) {
            return None;
        }
        while !self.cursor.is_any(&["BEFORE", "AFTER", "INSTEAD", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]) {
            self.cursor.next()?;
        }
        let columns = self.events()?;
        if !self.cursor.take(&["ON"]) {
            return None;
        }
        let table = self.cursor.object()?;
        let row = |name: &str| Source { table: Some(table.clone()), alias: Some(Name::new(name, self.dialect)) };
        let rows = [row("new"), row("old")];
        self.within(None, |reader| {
            reader.names.scopes.get_mut(reader.scope)?.sources.extend(rows);
            columns.iter().for_each(|part| reader.refer(None, *part));
            reader.condition_of_trigger()
        })
        .map(|_| ())
    }

    /// `BEFORE INSERT OR UPDATE OF a, b`: the columns.
    fn events(&mut self) -> Option<Vec<Part>> {
        let mut columns = Vec::new();
        self.cursor.take_any(&["BEFORE", "AFTER", "INSTEAD"]);
        self.cursor.take(&["OF"]);
        while self.cursor.take_any(&["INSERT", "UPDATE", "DELETE", "TRUNCATE", "OR"]).is_some() {
            if self.cursor.take(&["OF"]) {
                loop {
                    columns.push(self.cursor.name()?.part);
                    if !self.cursor.take_mark(',') {
                        break;
                    }
                }
            }
        }
        Some(columns)
    }

    /// `… WHEN (…) EXECUTE …`: what it does is not looked at.
    fn condition_of_trigger(&mut self) -> Option<()> {
        while !self.cursor.is_at_end() {
            if matches!(self.keyword(), "EXECUTE" | "BEGIN") {
                return Some(());
            }
            match self.cursor.take(&["WHEN"]) {
                true if self.cursor.sees_mark(0, '(') => self.group(Self::condition)?,
                true => return self.condition(),
                false => drop(self.cursor.next()),
            }
        }
        Some(())
    }
}

/// Whether a statement may name a column that nobody judges by reading its first words: not an INSERT of rows without any word
/// behind VALUES but `NULL` and its like. A look at the bytes, which only a comment deceives, and then to read more than has to be.
pub(super) fn may_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes, [b'I' | b'i' | b'R' | b'r', ..]) {
        return true;
    }
    let (mut at, mut is_behind) = (0, false);
    // By hand: asked of every INSERT, in builds without optimisation.
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'\'' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'\'' {
                    // What a backslash does, depends.
                    if bytes[at] == b'\\' {
                        return true;
                    }
                    at += 1;
                }
                at += 1;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                while at < bytes.len() && matches!(bytes[at], b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | 0x80..) {
                    at += 1;
                }
                let word = &bytes[start..at];
                if is_behind {
                    let says_nothing = word.eq_ignore_ascii_case(b"NULL")
                        || word.eq_ignore_ascii_case(b"TRUE")
                        || word.eq_ignore_ascii_case(b"FALSE")
                        || word.eq_ignore_ascii_case(b"DEFAULT");
                    if !says_nothing {
                        return true;
                    }
                } else {
                    is_behind = word.eq_ignore_ascii_case(b"VALUES");
                    if word.eq_ignore_ascii_case(b"SELECT") || word.eq_ignore_ascii_case(b"SET") {
                        return true;
                    }
                }
            }
            b'"' | b'`' | b'[' if is_behind => return true,
            _ => at += 1,
        }
    }
    false
}
