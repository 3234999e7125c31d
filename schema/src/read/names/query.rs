//! Queries: what they select, from which tables, under which condition. What they are sorted and grouped by is passed over: names
//! that they give may stand there.

use revchain_core::Dialect;
use revchain_core::sql::TokenKind;

use super::{Reader, Selected, Source};

impl Reader<'_> {
    /// `(SELECT …)`. What isn't understood of it is passed over.
    pub(super) fn subquery(&mut self, outer: Option<usize>) -> Option<()> {
        self.group(|reader| reader.query(outer))
    }

    /// Reads a query, to its end: `)` or the statement's.
    pub(super) fn query(&mut self, outer: Option<usize>) -> Option<()> {
        self.depth += 1;
        if self.depth > super::DEEPEST {
            return None;
        }
        loop {
            // `WITH` has tables of its own.
            if !self.cursor.take(&["SELECT"]) {
                return None;
            }
            let scope = self.within(outer, Self::select)?;
            if !self.goes_on() {
                return None;
            }
            // Another one may follow.
            loop {
                if self.cursor.is_at_end() || self.cursor.sees_mark(0, ')') || self.ends_query() {
                    self.depth -= 1;
                    return Some(());
                }
                if self.cursor.take_any(&["UNION", "INTERSECT", "EXCEPT"]).is_some() {
                    self.names.scopes.get_mut(scope)?.is_joined = true;
                    self.cursor.take_any(&["ALL", "DISTINCT"]);
                    break;
                }
                self.cursor.skip();
            }
        }
    }

    /// Whether what comes next may stand behind the tables and the condition: else one of them was not understood.
    fn goes_on(&self) -> bool {
        let clauses = [
            "GROUP",
            "HAVING",
            "WINDOW",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "FOR",
            "LOCK",
            "UNION",
            "INTERSECT",
            "EXCEPT",
        ];
        let is_option = self.cursor.sees(0, "WITH") && !self.cursor.sees(1, "TIME");
        self.cursor.is_at_end()
            || self.cursor.sees_mark(0, ')')
            || self.cursor.is_any(&clauses)
            || is_option
            || self.ends_query()
    }

    /// Whether a statement goes on behind a query of its: what to do with rows that are there, what to give back, a view's option.
    fn ends_query(&self) -> bool {
        self.cursor.sees(0, "RETURNING")
            || self.cursor.sees(0, "ON") && (self.cursor.sees(1, "CONFLICT") || self.cursor.sees(1, "DUPLICATE"))
    }

    fn select(&mut self) -> Option<()> {
        self.cursor.take(&["ALL"]);
        // MySQL's words about how, which it doesn't reserve.
        if self.is(Dialect::Mysql) && self.cursor.is_any(&["SQL_NO_CACHE", "SQL_CACHE", "SQL_BUFFER_RESULT"]) {
            return None;
        }
        if self.cursor.take(&["DISTINCT"]) && self.cursor.take(&["ON"]) {
            self.group(Self::expressions)?;
        }
        let selected = self.selected()?;
        self.names.scopes.get_mut(self.scope)?.selected = selected;
        if self.cursor.take(&["FROM"]) {
            self.sources()?;
        }
        if self.cursor.take(&["WHERE"]) {
            self.condition()?;
        }
        Some(())
    }

    /// `a, b AS c, *`.
    pub(super) fn selected(&mut self) -> Option<Selected> {
        let (start, mut found) = (self.cursor.position(), Selected::default());
        loop {
            self.has_star = self.cursor.take_mark('*');
            if !self.has_star {
                self.expression()?;
                found.columns.push(self.whole);
                self.given()?;
            }
            found.has_star |= self.has_star;
            if !self.cursor.take_mark(',') {
                found.part = self.cursor.part((start, self.cursor.position()));
                return Some(found);
            }
        }
    }

    /// What a column is called that is selected.
    fn given(&mut self) -> Option<()> {
        let is_said = self.cursor.take(&["AS"]);
        let Some(token) = self.cursor.peek(0) else { return (!is_said).then_some(()) };
        if token.kind == TokenKind::String && (is_said || !self.is(Dialect::Postgres)) {
            self.cursor.next();
            return Some(());
        }
        if !is_said && token.kind == TokenKind::Word && self.is_reserved(token) {
            return Some(());
        }
        match self.cursor.name() {
            Some(named) => self.names.scopes.get_mut(self.scope)?.given.push(named.name),
            None if is_said => return None,
            None => return Some(()),
        }
        // Without AS it may as well be a word that we don't know.
        let ends = self.cursor.is_at_end()
            || matches!(self.cursor.mark(0), b',' | b')')
            || self.cursor.is_any(&["FROM", "WHERE", "UNION", "INTERSECT", "EXCEPT"]);
        (is_said || ends).then_some(())
    }

    /// The tables of FROM, with their joins.
    pub(super) fn sources(&mut self) -> Option<()> {
        loop {
            self.source()?;
            while self.take_join() {
                self.source()?;
                if self.cursor.take(&["ON"]) {
                    self.condition()?;
                } else if self.cursor.take(&["USING"]) {
                    // Each side has them: which one has not, is not told.
                    self.cursor.names_in_parentheses()?;
                    if self.cursor.take(&["AS"]) {
                        return None;
                    }
                }
            }
            if !self.cursor.take_mark(',') {
                return Some(());
            }
        }
    }

    fn take_join(&mut self) -> bool {
        let start = self.cursor.position();
        self.cursor.take(&["NATURAL"]);
        if self.cursor.take_any(&["INNER", "CROSS", "LEFT", "RIGHT", "FULL"]).is_some() {
            self.cursor.take(&["OUTER"]);
        }
        let found = self.cursor.take_any(&["JOIN", "STRAIGHT_JOIN"]).is_some();
        if !found {
            self.cursor.seek(start);
        }
        found
    }

    fn source(&mut self) -> Option<()> {
        let is_lateral = self.cursor.take(&["LATERAL"]);
        self.cursor.take(&["ONLY"]);
        let mut table = None;
        if self.cursor.sees_mark(0, '(') {
            // One that sees its neighbours is not looked into; nor are tables that stand in parentheses.
            let outer = self.names.scopes.get(self.scope)?.outer;
            match self.cursor.sees(1, "SELECT") && !is_lateral {
                true => self.subquery(outer)?,
                false => self.pass_group()?,
            }
        } else {
            if self.begins_clause() {
                return None;
            }
            let start = self.cursor.position();
            table = Some(self.cursor.object()?);
            if self.cursor.sees_mark(0, '(') {
                table = None;
                // Elsewhere they are kinds of tables.
                if self.is(Dialect::Postgres) && self.cursor.position() == start + 1 {
                    let part = self.cursor.part((start, start + 1));
                    self.called(part);
                }
                self.pass_group()?;
                self.cursor.take(&["WITH", "ORDINALITY"]);
            }
            self.cursor.take_mark('*');
        }
        let is_said = self.cursor.take(&["AS"]);
        let mut alias = None;
        if is_said || !self.begins_clause() {
            alias = self.cursor.name().map(|named| named.name);
            if is_said && alias.is_none() {
                return None;
            }
        }
        if alias.is_some() && self.cursor.sees_mark(0, '(') {
            // It says what its columns are called.
            table = None;
            self.pass_group()?;
        }
        self.names.scopes.get_mut(self.scope)?.sources.push(Source { table, alias });
        Some(())
    }

    /// Whether a word comes next that goes on with the statement, and is no table's other name.
    fn begins_clause(&self) -> bool {
        let Some(token) = self.cursor.peek(0) else { return true };
        if token.kind != TokenKind::Word {
            return token.kind != TokenKind::QuotedIdentifier;
        }
        let is_join = matches!(
            self.keyword(),
            "NATURAL"
                | "INNER"
                | "CROSS"
                | "LEFT"
                | "RIGHT"
                | "FULL"
                | "JOIN"
                | "STRAIGHT_JOIN"
                | "SET"
                | "USING"
                | "ON"
        );
        is_join || self.is_reserved(token)
    }
}
