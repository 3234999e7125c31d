//! Expressions: operands, and what stands between them. Nothing of precedence, which no name depends on.

use revchain_core::Dialect;
use revchain_core::sql::{Token, TokenKind};

use super::super::Keyword;
use super::operands::{AND, Chain, OR, Operand, Operation, PATTERN, Sign, UNKNOWN, strength};
use super::{Call, DEEPEST, Reader};
use crate::change::Part;
use crate::write::is_reserved;

/// What follows an operand.
enum Next {
    /// Something that ends as an operand does: `IS NULL`, `IN (…)`, a cast.
    Suffix,
    /// Something that another operand follows.
    Operand(Sign),
    /// Nothing of the expression.
    End,
}

impl Reader<'_> {
    /// Reads as far as an expression goes. `None` where that isn't certain.
    pub(super) fn expression(&mut self) -> Option<()> {
        self.chain(Chain::new(false))
    }

    /// The same, of an expression that has to be true.
    pub(super) fn condition(&mut self) -> Option<()> {
        self.chain(Chain::new(true))
    }

    fn chain(&mut self, mut chain: Chain) -> Option<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        self.note_false(false);
        loop {
            self.operand()?;
            loop {
                match self.next()? {
                    Next::Suffix => self.operand = Operand::Other,
                    Next::Operand(sign) => {
                        self.note_operand(&mut chain, Some(sign));
                        self.note_between(&mut chain, sign);
                        break;
                    }
                    Next::End => {
                        self.note_operand(&mut chain, None);
                        self.depth -= 1;
                        return Some(());
                    }
                }
            }
        }
    }

    /// Notes what SQLite knows to be false without a look at any row: `0 AND a`, `a AND 0`.
    fn note_false(&mut self, after_and: bool) {
        let is_false = self.is(Dialect::Sqlite) && (self.cursor.text(0) == "0" || self.keyword() == "FALSE");
        let ends = self.cursor.peek(1).is_none()
            || self.cursor.sees_mark(1, ')')
            || self.cursor.sees(1, "AND")
            || self.cursor.sees(1, "OR");
        if is_false && if after_and { ends } else { self.cursor.sees(1, "AND") } {
            self.is_dropped = true;
        }
    }

    /// `a, b`.
    pub(super) fn expressions(&mut self) -> Option<()> {
        let mut is_one = true;
        loop {
            self.expression()?;
            if !self.cursor.take_mark(',') {
                if !is_one {
                    self.whole = Operand::Other;
                }
                return Some(());
            }
            is_one = false;
        }
    }

    fn operand(&mut self) -> Option<()> {
        (self.operand, self.is_negated) = (Operand::Other, false);
        if self.signed_number().is_some() {
            return Some(());
        }
        let (mut is_negated, mut is_plain) = (false, true);
        let token = loop {
            let token = self.cursor.peek(0)?;
            let is_prefix = match token.kind {
                TokenKind::Punctuation => matches!(self.cursor.mark(0), b'-' | b'+' | b'~' | b'!'),
                TokenKind::Word => match self.keyword() {
                    "" => false,
                    "NOT" => true,
                    "BINARY" => self.is(Dialect::Mysql) && !self.cursor.sees_mark(1, '.'),
                    _ => false,
                },
                _ => false,
            };
            if !is_prefix {
                break token;
            }
            match self.keyword() {
                "NOT" => is_negated = true,
                _ => is_plain = false,
            }
            self.cursor.next();
        };
        let (start, references, scopes) =
            (self.cursor.position(), self.names.references.len(), self.names.scopes.len());
        let mut operand = Operand::Other;
        match token.kind {
            TokenKind::Number | TokenKind::DollarString => drop(self.cursor.next()),
            TokenKind::String => self.strings(),
            TokenKind::Punctuation if self.cursor.sees_mark(0, '(') => {
                let is_query = begins_query(Keyword::at(&self.cursor, 1));
                self.parenthesised()?;
                operand = if is_query { self.query_since(start, scopes) } else { std::mem::take(&mut self.whole) };
            }
            // MySQL's variables: `@a`, `@@session.b`.
            TokenKind::Punctuation if self.is(Dialect::Mysql) && self.cursor.take_mark('@') => {
                self.cursor.take_mark('@');
                self.cursor.object()?;
            }
            TokenKind::Word => self.word(token)?,
            TokenKind::QuotedIdentifier => self.name(token)?,
            _ => return None,
        }
        if token.kind != TokenKind::Punctuation {
            operand = self.operand_since(start, references);
        }
        (self.operand, self.is_negated) = (if is_plain { operand } else { Operand::Other }, is_negated);
        Some(())
    }

    /// String constants, of which those that stand side by side are one.
    fn strings(&mut self) {
        while self.cursor.peek(0).is_some_and(|token| token.kind == TokenKind::String) {
            self.cursor.next();
        }
    }

    fn parenthesised(&mut self) -> Option<()> {
        match begins_query(Keyword::at(&self.cursor, 1)) {
            true => self.subquery(Some(self.scope)),
            false if self.cursor.sees_mark(1, ')') => {
                self.is_dropped = true;
                None
            }
            false => self.group(Self::expressions),
        }
    }

    fn word(&mut self, token: Token) -> Option<()> {
        let opens = self.cursor.sees_mark(1, '(');
        match self.keyword() {
            // Most are none.
            "" => {}
            "CASE" => return self.case(),
            "CAST" if opens => {
                self.cursor.next();
                return self.group(|reader| {
                    reader.expression()?;
                    if !reader.cursor.take(&["AS"]) {
                        return None;
                    }
                    // A type, whatever it is.
                    while !reader.cursor.is_at_end() && !reader.cursor.sees_mark(0, ')') {
                        reader.cursor.skip();
                    }
                    Some(())
                });
            }
            "EXTRACT" if opens => {
                self.cursor.next();
                return self.group(|reader| {
                    reader.cursor.next();
                    if !reader.cursor.take(&["FROM"]) {
                        return None;
                    }
                    reader.expression()
                });
            }
            "INTERVAL" if self.is(Dialect::Mysql) => {
                self.cursor.next();
                self.expression()?;
                // Its unit; without one it was a function.
                if matches!(self.cursor.peek(0), Some(Token { kind: TokenKind::Word, .. })) {
                    self.cursor.next();
                }
                return Some(());
            }
            "EXISTS" if opens => {
                self.cursor.next();
                return self.parenthesised();
            }
            "ARRAY" if self.cursor.sees_mark(1, '[') => {
                self.cursor.next();
                return self.brackets();
            }
            "ARRAY" | "ROW" | "ANY" | "SOME" | "ALL" if opens => {
                self.cursor.next();
                return self.parenthesised();
            }
            "NULL" | "TRUE" | "FALSE" | "CURRENT_DATE" | "CURRENT_TIME" | "CURRENT_TIMESTAMP" | "LOCALTIME"
            | "LOCALTIMESTAMP" | "CURRENT_USER" | "SESSION_USER" | "DEFAULT" | "USER" | "CURRENT_ROLE" => {
                // On SQLite some of these are names as well.
                self.cursor.next();
                if opens {
                    self.pass_group()?;
                }
                return Some(());
            }
            _ => {}
        }
        // `timestamp with time zone '2020-01-01'`.
        if self.is(Dialect::Postgres)
            && (self.cursor.sees(1, "WITH") || self.cursor.sees(1, "WITHOUT"))
            && self.cursor.sees(2, "TIME")
        {
            self.cursor.seek(self.cursor.position() + 4);
            return self.cursor.string().map(|_| ());
        }
        if let Some(Token { kind: TokenKind::String, .. }) = self.cursor.peek(1) {
            // `date '2020-01-01'`, `_utf8 'a'`.
            self.cursor.next();
            self.strings();
            return (!self.is(Dialect::Sqlite)).then_some(());
        }
        self.name(token)
    }

    /// A column, or a call.
    fn name(&mut self, token: Token) -> Option<()> {
        self.cursor.next();
        let mut last = (token.start, token.end);
        let (mut qualifier, mut parts) = (None, 1);
        while self.cursor.take_mark('.') {
            if self.cursor.take_mark('*') {
                self.has_star = true;
                return Some(());
            }
            let next = self.cursor.peek(0)?;
            if !matches!(next.kind, TokenKind::Word | TokenKind::QuotedIdentifier) {
                return None;
            }
            self.cursor.next();
            (qualifier, last, parts) = (Some(last), (next.start, next.end), parts + 1);
        }
        if self.cursor.sees_mark(0, '(') {
            let is_the_servers = parts == 2 && self.is(Dialect::Postgres) && self.is_word(qualifier, "pg_catalog");
            if parts == 1 || is_the_servers {
                self.called(last);
            }
            return self.call(token, parts);
        }
        // SQLite takes what is in double quotes and no column for a string. PostgreSQL's `U&"…"` is spelled in numbers.
        let first = token.text(self.cursor.source()).as_bytes().first().copied().unwrap_or(0);
        let is_quoted = token.kind == TokenKind::QuotedIdentifier;
        let may_be_string = is_quoted && parts == 1 && first == b'"' && self.is(Dialect::Sqlite);
        if parts <= 2 && !may_be_string && !(is_quoted && first.is_ascii_alphabetic()) {
            self.refer(qualifier, last);
        }
        Some(())
    }

    fn is_word(&self, part: Option<Part>, word: &str) -> bool {
        let text = part.and_then(|(from, to)| self.cursor.source().get(from..to));
        text.is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    /// Notes a call. Its parenthesis is the next token.
    pub(super) fn called(&mut self, part: Part) {
        let first = self.cursor.peek(1).filter(|token| token.kind == TokenKind::String);
        let ends = [')', ',', ':'].iter().any(|mark| self.cursor.sees_mark(2, *mark));
        let constant = first.filter(|_| ends).map(|token| (token.start, token.end));
        self.names.calls.push(Call { part, constant });
    }

    /// The arguments of a function, and what may stand behind them.
    fn call(&mut self, function: Token, parts: usize) -> Option<()> {
        let name = function.text(self.cursor.source());
        if parts == 1 && self.takes_words(name) {
            self.pass_group()?;
        } else if begins_query(Keyword::at(&self.cursor, 1)) {
            self.subquery(Some(self.scope))?;
        } else {
            self.group(|reader| {
                if reader.cursor.take_mark('*') || reader.cursor.sees_mark(0, ')') {
                    return Some(());
                }
                if !reader.cursor.sees_mark(1, '(') {
                    reader.cursor.take_any(&["DISTINCT", "ALL"]);
                }
                reader.arguments()
            })?;
        }
        if self.cursor.sees(0, "FILTER") && self.cursor.sees_mark(1, '(') {
            self.cursor.next();
            self.pass_group()?;
        }
        if self.cursor.take(&["OVER"]) && self.pass_group().is_none() {
            self.cursor.name()?;
        }
        Some(())
    }

    /// What stands between a call's parentheses: also behind names of their own (`days => 1`), and parted by the words of SQL's own
    /// functions, `substring(a FROM 1 FOR 2)`.
    fn arguments(&mut self) -> Option<()> {
        loop {
            let is_named = self.cursor.sees_mark(1, '=') && self.cursor.sees_mark(2, '>') && self.cursor.sees_name();
            if is_named {
                self.cursor.seek(self.cursor.position() + 3);
            }
            self.cursor.take_any(&["BOTH", "LEADING", "TRAILING"]);
            self.expression()?;
            if !self.cursor.take_mark(',') && self.cursor.take_any(&["FROM", "FOR", "PLACING"]).is_none() {
                return Some(());
            }
        }
    }

    /// Whether a function takes words among its arguments that are no columns, and commas between them.
    fn takes_words(&self, function: &str) -> bool {
        let words: &[&str] = match self.dialect {
            Dialect::Postgres => &["normalize", "xmlroot"],
            Dialect::Mysql => &[
                "char",
                "convert",
                "get_format",
                "json_table",
                "json_value",
                "lastval",
                "nextval",
                "setval",
                "timestampadd",
                "timestampdiff",
                "weight_string",
            ],
            Dialect::Sqlite => &["raise"],
        };
        words.iter().any(|word| function.eq_ignore_ascii_case(word))
    }

    fn case(&mut self) -> Option<()> {
        self.cursor.next();
        if !self.cursor.sees(0, "WHEN") {
            self.expression()?;
        }
        while self.cursor.take(&["WHEN"]) {
            self.expression()?;
            if !self.cursor.take(&["THEN"]) {
                return None;
            }
            self.expression()?;
        }
        if self.cursor.take(&["ELSE"]) {
            self.expression()?;
        }
        self.cursor.take(&["END"]).then_some(())
    }

    /// `[1, 2]`, `[1:2]`.
    fn brackets(&mut self) -> Option<()> {
        self.cursor.next();
        while !self.cursor.take_mark(']') {
            match self.cursor.mark(0) {
                b',' | b':' => drop(self.cursor.next()),
                b'[' => self.brackets_within()?,
                _ => self.expression()?,
            }
        }
        Some(())
    }

    fn brackets_within(&mut self) -> Option<()> {
        self.depth += 1;
        let read = if self.depth > DEEPEST { None } else { self.brackets() };
        self.depth -= 1;
        read
    }

    /// What follows an operand, and reads it.
    fn next(&mut self) -> Option<Next> {
        let postgres = self.is(Dialect::Postgres);
        let Some(token) = self.cursor.peek(0) else { return Some(Next::End) };
        if token.kind == TokenKind::Punctuation {
            return match self.cursor.mark(0) {
                b':' if postgres && self.cursor.sees_mark(1, ':') => self.cast().map(|()| Next::Suffix),
                b'[' if postgres => self.brackets().map(|()| Next::Suffix),
                // A field of a row.
                b'.' if postgres => {
                    self.cursor.next();
                    let is_star = self.cursor.take_mark('*');
                    self.has_star |= is_star;
                    (is_star || self.cursor.name().is_some()).then_some(Next::Suffix)
                }
                _ => self.operator(),
            };
        }
        if token.kind != TokenKind::Word {
            return Some(Next::End);
        }
        if self.keyword().is_empty() {
            return Some(Next::End);
        }
        let start = self.cursor.position();
        let is_negated = self.cursor.take(&["NOT"]);
        let (word, at) = (self.keyword(), self.cursor.position());
        self.cursor.next();
        let sign = |reader: &Self, strength| Sign { part: reader.cursor.part((at, at + 1)), strength };
        let next = match word {
            "IN" => {
                if !self.cursor.sees_mark(0, '(') {
                    return None;
                }
                self.members(sign(self, PATTERN).part)?;
                Next::Suffix
            }
            "BETWEEN" => {
                self.cursor.take_any(&["SYMMETRIC", "ASYMMETRIC"]);
                Next::Operand(sign(self, PATTERN))
            }
            "LIKE" | "ILIKE" | "GLOB" | "REGEXP" | "RLIKE" | "MATCH" => Next::Operand(sign(self, PATTERN)),
            "SIMILAR" if self.cursor.take(&["TO"]) => Next::Operand(sign(self, PATTERN)),
            "NULL" if is_negated && self.is(Dialect::Sqlite) => Next::Suffix,
            _ if is_negated => {
                self.cursor.seek(start);
                Next::End
            }
            "AND" => {
                self.note_false(true);
                Next::Operand(sign(self, AND))
            }
            "OR" => {
                self.note_false(false);
                Next::Operand(sign(self, OR))
            }
            "ESCAPE" => Next::Operand(sign(self, UNKNOWN)),
            "XOR" | "DIV" | "MOD" if self.is(Dialect::Mysql) => Next::Operand(sign(self, UNKNOWN)),
            "SOUNDS" if self.cursor.take(&["LIKE"]) => Next::Operand(sign(self, UNKNOWN)),
            "OVERLAPS" if postgres => Next::Operand(sign(self, UNKNOWN)),
            "OPERATOR" if postgres => {
                self.pass_group()?;
                Next::Operand(sign(self, UNKNOWN))
            }
            "AT" if postgres && self.cursor.take(&["TIME", "ZONE"]) => Next::Operand(sign(self, UNKNOWN)),
            "COLLATE" => {
                // MySQL's may be a word that is nothing else; PostgreSQL's has a schema.
                self.cursor.object()?;
                Next::Suffix
            }
            "ISNULL" | "NOTNULL" if !self.is(Dialect::Mysql) => Next::Suffix,
            "IS" => {
                self.cursor.take(&["NOT"]);
                if self.cursor.take(&["DISTINCT", "FROM"]) {
                    Next::Operand(sign(self, UNKNOWN))
                } else if self.cursor.take_any(&["NULL", "TRUE", "FALSE", "UNKNOWN"]).is_some() {
                    Next::Suffix
                } else if self.is(Dialect::Sqlite) {
                    Next::Operand(sign(self, UNKNOWN))
                } else {
                    return None;
                }
            }
            _ => {
                self.cursor.seek(start);
                Next::End
            }
        };
        Some(next)
    }

    /// Reads an operator: signs without anything between them.
    fn operator(&mut self) -> Option<Next> {
        let start = self.cursor.position();
        let mut end = None;
        while let Some(token) = self.cursor.peek(0)
            && end.is_none_or(|end| end == token.start)
            && matches!(
                self.cursor.mark(0),
                b'+' | b'-'
                    | b'*'
                    | b'/'
                    | b'<'
                    | b'>'
                    | b'='
                    | b'~'
                    | b'!'
                    | b'@'
                    | b'#'
                    | b'%'
                    | b'^'
                    | b'&'
                    | b'|'
                    | b'?'
            )
        {
            end = Some(token.end);
            self.cursor.next();
        }
        let Some(end) = end else { return Some(Next::End) };
        let (from, _) = self.cursor.part((start, start + 1));
        // An argument that is named.
        let sign = self.cursor.source().get(from..end).unwrap_or_default();
        (sign != "=>").then(|| Next::Operand(Sign { part: (from, end), strength: strength(sign) }))
    }

    /// What stands behind IN: values, or a query of one column.
    fn members(&mut self, sign: Part) -> Option<()> {
        let (left, start, scopes) =
            (std::mem::take(&mut self.operand), self.cursor.position(), self.names.scopes.len());
        let is_query = begins_query(Keyword::at(&self.cursor, 1));
        self.parenthesised()?;
        if is_query
            && matches!(left, Operand::Column(_) | Operand::Constant(_))
            && let right @ Operand::Query(..) = self.query_since(start, scopes)
        {
            self.names.operations.push(Operation { left, sign, right });
        }
        Some(())
    }

    /// PostgreSQL's `::type`.
    fn cast(&mut self) -> Option<()> {
        self.cursor.seek(self.cursor.position() + 2);
        self.cursor.object()?;
        loop {
            if self.cursor.sees_mark(0, '(') {
                self.pass_group()?;
            } else if self.cursor.sees_mark(0, '[') {
                self.cursor.next();
                while !self.cursor.take_mark(']') {
                    self.cursor.next()?;
                }
            } else if self.cursor.take_any(&["PRECISION", "VARYING"]).is_none()
                && !self.cursor.take(&["WITH", "TIME", "ZONE"])
                && !self.cursor.take(&["WITHOUT", "TIME", "ZONE"])
            {
                return Some(());
            }
        }
    }

    /// Whether a word is one of the database's own, and no name without quotes.
    pub(super) fn is_reserved(&self, token: Token) -> bool {
        is_reserved(&token.text(self.cursor.source()).to_ascii_lowercase(), self.dialect)
    }
}

/// Whether a group that begins with this word is a query.
fn begins_query(word: &str) -> bool {
    matches!(word, "SELECT" | "WITH" | "VALUES" | "TABLE")
}
