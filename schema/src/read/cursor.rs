//! A place in a statement's tokens, and the small things that every reader of DDL asks for. Never goes back further than it is
//! told to, and never past the end.

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};

use super::keyword;
use crate::change::{Named, Part};
use crate::model::{Expression, Name, ObjectName, unquoted};

/// The significant tokens of a statement, and how far they are read.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    dialect: Dialect,
    /// A boxed slice: to look at an element of a `Vec` is several calls, in builds without optimisation.
    tokens: Box<[Lexeme]>,
    at: usize,
    /// Whether something was passed over that means something.
    abridges: bool,
    /// Whether something was passed over that means something to people.
    annotates: bool,
}

/// A token, and what is asked of it time and again.
#[derive(Debug, Clone, Copy)]
struct Lexeme {
    token: Token,
    /// The word, where it is an unquoted one that the readers know.
    keyword: &'static str,
    /// Its first byte.
    first: u8,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Cursor<'a> {
        Cursor::reading(text, Lexer::new(text, dialect), dialect, text.len())
    }

    /// A part of a longer text, as a statement of its own. Its parts are the longer text's.
    pub(crate) fn within(text: &'a str, dialect: Dialect, from: usize, to: usize) -> Cursor<'a> {
        let mut lexer = Lexer::new(text.get(..to).unwrap_or_default(), dialect);
        lexer.seek(from);
        Cursor::reading(text, lexer, dialect, to.saturating_sub(from).min(text.len()))
    }

    /// Reads what the lexer has: so many bytes.
    fn reading(text: &'a str, mut lexer: Lexer<'_>, dialect: Dialect, length: usize) -> Cursor<'a> {
        let mut tokens = Vec::with_capacity(length / 6 + 4);
        let bytes = text.as_bytes();
        while let Some(token) = lexer.next_significant() {
            let mut lexeme = Lexeme { token, keyword: "", first: bytes[token.start] };
            match token.kind {
                TokenKind::Semicolon => continue,
                TokenKind::Word => lexeme.keyword = keyword::find(&bytes[token.start..token.end]),
                _ => {}
            }
            tokens.push(lexeme);
        }
        Cursor { text, dialect, tokens: tokens.into_boxed_slice(), at: 0, abridges: false, annotates: false }
    }

    /// The text that is read.
    pub(crate) fn source(&self) -> &'a str {
        self.text
    }

    /// Whether a semicolon stands before the next token. They are no tokens here.
    pub(crate) fn is_behind_semicolon(&self) -> bool {
        let Some(last) = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)) else { return false };
        let end = self.peek(0).map_or(self.text.len(), |next| next.start);
        let between = self.text.get(last.token.end..end).unwrap_or_default();
        let mut lexer = Lexer::new(between, self.dialect);
        between.contains(';') && lexer.next_significant().is_some_and(|token| token.kind == TokenKind::Semicolon)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Says that something was passed over that the model has no place for, and that means something.
    pub(crate) fn abridge(&mut self) {
        self.abridges = true;
    }

    /// Whether anything was.
    pub(crate) fn is_abridged(&self) -> bool {
        self.abridges
    }

    /// Says that something was passed over that tells people something.
    pub(crate) fn annotate(&mut self) {
        self.annotates = true;
    }

    /// Whether anything was, or there are comments between the tokens; in what SQLite keeps as text.
    pub(crate) fn is_annotated(&self) -> bool {
        self.dialect == Dialect::Sqlite && (self.annotates || self.has_comment())
    }

    fn has_comment(&self) -> bool {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else { return false };
        let source = self.text.get(first.token.start..last.token.end).unwrap_or_default();
        let bytes = source.as_bytes();
        // Most have none of these bytes, let alone a comment.
        (bytes.contains(&b'-') || bytes.contains(&b'/'))
            && (source.contains("--") || source.contains("/*"))
            && Lexer::new(source, self.dialect)
                .any(|token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment))
    }

    /// How many tokens are read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes back, or on, to a position.
    pub(crate) fn seek(&mut self, position: usize) {
        self.at = position.min(self.tokens.len());
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The token so many places ahead.
    pub(crate) fn peek(&self, ahead: usize) -> Option<Token> {
        let at = self.at + ahead;
        if at < self.tokens.len() { Some(self.tokens[at].token) } else { None }
    }

    /// The text of the token so many places ahead; empty past the end.
    pub(crate) fn text(&self, ahead: usize) -> &'a str {
        match self.peek(ahead) {
            Some(token) => token.text(self.text),
            None => "",
        }
    }

    /// The unquoted word so many places ahead, in upper case. Empty where there is none, or one that no reader knows.
    pub(super) fn keyword(&self, ahead: usize) -> &'static str {
        let at = self.at + ahead;
        if at < self.tokens.len() { self.tokens[at].keyword } else { "" }
    }

    /// Reads one token.
    pub(crate) fn next(&mut self) -> Option<Token> {
        let token = self.peek(0);
        if token.is_some() {
            self.at += 1;
        }
        token
    }

    /// Whether an unquoted word stands so many places ahead.
    pub(crate) fn sees(&self, ahead: usize, word: &str) -> bool {
        let at = self.at + ahead;
        if at >= self.tokens.len() {
            return false;
        }
        // Most are told apart by their length, and the others by their first letter.
        let Lexeme { token, keyword, first } = &self.tokens[at];
        token.end - token.start == word.len()
            && (*first ^ word.as_bytes()[0]) & 0xdf == 0
            && (*keyword == word || token.is_word(self.text, word))
    }

    /// Whether these words come next.
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        // A loop, not `all`: this is asked more often than anything else, in builds without optimisation.
        let mut ahead = 0;
        while ahead < words.len() {
            if !self.sees(ahead, words[ahead]) {
                return false;
            }
            ahead += 1;
        }
        true
    }

    /// Whether one of these words comes next.
    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        let mut at = 0;
        while at < words.len() {
            if self.sees(0, words[at]) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Reads these words, all of them, if they come next.
    pub(crate) fn take(&mut self, words: &[&str]) -> bool {
        let found = self.is(words);
        if found {
            self.at += words.len();
        }
        found
    }

    /// Reads one of these words, and says which.
    pub(crate) fn take_any<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        let mut at = 0;
        while at < words.len() {
            if self.sees(0, words[at]) {
                self.at += 1;
                return Some(words[at]);
            }
            at += 1;
        }
        None
    }

    /// Whether this one-byte token stands so many places ahead.
    pub(crate) fn sees_mark(&self, ahead: usize, mark: char) -> bool {
        self.mark(ahead) == mark as u8
    }

    /// The one-byte token so many places ahead. NUL where there is none.
    pub(super) fn mark(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        match at < self.tokens.len() && matches!(self.tokens[at].token.kind, TokenKind::Punctuation) {
            true => self.tokens[at].first,
            false => 0,
        }
    }

    /// Reads this one-byte token, if it comes next.
    pub(crate) fn take_mark(&mut self, mark: char) -> bool {
        let found = self.sees_mark(0, mark);
        self.at += usize::from(found);
        found
    }

    /// `IF NOT EXISTS`.
    pub(crate) fn take_if_not_exists(&mut self) -> bool {
        self.take(&["IF", "NOT", "EXISTS"])
    }

    /// `IF EXISTS`.
    pub(crate) fn take_if_exists(&mut self) -> bool {
        self.take(&["IF", "EXISTS"])
    }

    /// `CASCADE` (true), `RESTRICT` or nothing.
    pub(crate) fn take_cascade(&mut self) -> bool {
        let cascade = self.take(&["CASCADE"]);
        if !cascade {
            self.take(&["RESTRICT"]);
        }
        cascade
    }

    /// Whether a name comes next: a word, or a quoted identifier (SQLite and MySQL take a string for one, too).
    pub(crate) fn sees_name(&self) -> bool {
        match self.peek(0) {
            Some(Token { kind: TokenKind::Word | TokenKind::QuotedIdentifier, .. }) => true,
            Some(Token { kind: TokenKind::String, .. }) => matches!(self.dialect, Dialect::Sqlite),
            _ => false,
        }
    }

    /// Reads a name without a schema.
    pub(crate) fn name(&mut self) -> Option<Named<Name>> {
        match self.peek(0) {
            Some(token) if self.sees_name() => {
                self.at += 1;
                Some(Named { name: self.name_of(token), part: (token.start, token.end) })
            }
            _ => None,
        }
    }

    /// Reads a name that may have a schema before it.
    pub(crate) fn schema_before(&self) -> Option<Name> {
        let before = |back: usize| self.tokens.get(self.at.checked_sub(back)?).map(|lexeme| lexeme.token);
        before(1).filter(|dot| dot.text(self.text) == ".")?;
        before(2).map(|token| self.name_of(token))
    }

    /// A name, and its schema where one is said.
    pub(crate) fn object(&mut self) -> Option<Named> {
        let first = self.name()?;
        let (mut schema, mut last) = (None, first);
        while self.sees_mark(0, '.') {
            self.at += 1;
            let next = self.name()?;
            // `database.schema.table`: the database is this one.
            schema = Some(last.name);
            last = Named { name: next.name, part: (last.part.0, next.part.1) };
        }
        let schema = schema.filter(|schema| !self.is_default_schema(schema));
        Some(Named { name: ObjectName { schema, name: last.name }, part: last.part })
    }

    /// Whether names in that schema have none here.
    pub(crate) fn is_default_schema(&self, schema: &Name) -> bool {
        match self.dialect {
            Dialect::Postgres => schema.key() == "public",
            Dialect::Mysql => false,
            Dialect::Sqlite => schema.key() == "main",
        }
    }

    /// Reads names parted by commas.
    pub(crate) fn objects(&mut self) -> Vec<Named> {
        let mut names = Vec::new();
        while let Some(name) = self.object() {
            names.push(name);
            if !self.take_mark(',') {
                break;
            }
        }
        names
    }

    /// Reads `(a, b)`. `None`, and nothing read, where it is anything else.
    pub(crate) fn names_in_parentheses(&mut self) -> Option<Vec<Named<Name>>> {
        let start = self.at;
        let mut names = Vec::new();
        if self.take_mark('(') {
            while let Some(name) = self.name() {
                names.push(name);
                if self.take_mark(')') {
                    return Some(names);
                }
                if !self.take_mark(',') {
                    break;
                }
            }
        }
        self.at = start;
        None
    }

    /// The identifier that a token is.
    pub(crate) fn name_of(&self, token: Token) -> Name {
        let text = token.text(self.text);
        match (token.kind, self.dialect) {
            (TokenKind::Word, _) => Name::unquoted(text, self.dialect),
            _ => Name::new(&unquoted(text), self.dialect),
        }
    }

    /// Reads a string constant, and gives what it says (but for escapes by number).
    pub(crate) fn string(&mut self) -> Option<String> {
        let token = self.peek(0)?;
        let text = token.text(self.text);
        // MySQL's double quotes are a string's.
        let mut value = match token.kind {
            TokenKind::String | TokenKind::QuotedIdentifier => {
                let has_escapes = match self.dialect {
                    Dialect::Postgres => text.starts_with(['e', 'E']),
                    Dialect::Mysql => true,
                    Dialect::Sqlite => false,
                };
                let value = unquoted(text);
                if has_escapes && value.contains('\\') { unescaped(&value) } else { value }
            }
            TokenKind::DollarString => {
                let tag = text.get(1..).and_then(|rest| rest.find('$')).map_or(0, |end| end + 2);
                text.get(tag..text.len().saturating_sub(tag)).unwrap_or_default().to_owned()
            }
            _ => return None,
        };
        self.at += 1;
        // Two strings on two lines are one, where somebody forgot the comma between them; on MySQL on one line, too.
        let mut end = token.end;
        while let Some(next) = self.peek(0)
            && (token.kind, next.kind) == (TokenKind::String, TokenKind::String)
            && (self.dialect == Dialect::Mysql
                || self.dialect == Dialect::Postgres
                    && self.text.get(end..next.start).is_some_and(|gap| gap.contains('\n')))
        {
            value.push_str(&unquoted(next.text(self.text)));
            end = next.end;
            self.at += 1;
        }
        Some(value)
    }

    /// Steps over a group in parentheses, and gives its inside as a range of tokens.
    pub(crate) fn skip_parentheses(&mut self) -> Option<(usize, usize)> {
        if !self.take_mark('(') {
            return None;
        }
        let (inside, mut depth) = (self.at, 1usize);
        while self.at < self.tokens.len() {
            match self.mark(0) {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some((inside, self.at - 1));
            }
        }
        Some((inside, self.at))
    }

    /// Steps over one token, or over a whole group where one is opened here.
    pub(crate) fn skip(&mut self) {
        // PostgreSQL's `ARRAY[1, 2]`.
        let mut brackets = 0usize;
        loop {
            match self.mark(0) {
                b'[' => brackets += 1,
                b']' if brackets > 0 => brackets -= 1,
                _ => {}
            }
            match self.mark(0) {
                b'(' => drop(self.skip_parentheses()),
                _ if self.at < self.tokens.len() => self.at += 1,
                _ => {}
            }
            if brackets == 0 || self.is_at_end() {
                return;
            }
        }
    }

    /// Steps on until a comma or a closing parenthesis at this depth, or the end. Gives the tokens.
    pub(crate) fn skip_clause(&mut self) -> (usize, usize) {
        let start = self.at;
        while self.at < self.tokens.len() && !matches!(self.mark(0), b',' | b')') {
            self.skip();
        }
        (start, self.at)
    }

    /// The tokens of a range as an expression.
    pub(crate) fn expression(&self, (from, to): (usize, usize)) -> Expression {
        let (start, end) = self.part((from, to));
        Expression::new(self.text.get(start..end).unwrap_or_default(), self.dialect)
    }

    /// The same, which keeps the case of its words.
    pub(crate) fn kept(&self, (from, to): (usize, usize)) -> Expression {
        let (start, end) = self.part((from, to));
        Expression::kept(self.text.get(start..end).unwrap_or_default(), self.dialect)
    }

    /// Reads an expression in parentheses; these are not a part of it.
    pub(crate) fn expression_in_parentheses(&mut self) -> Option<Expression> {
        let range = self.skip_parentheses()?;
        Some(self.expression(range))
    }

    /// Everything that is left, as an expression.
    pub(crate) fn rest(&mut self) -> Expression {
        let start = self.at;
        self.at = self.tokens.len();
        self.expression((start, self.at))
    }

    /// Where the tokens of a range are in the statement, in bytes. Of an empty one, where the next token begins.
    pub(crate) fn part(&self, (from, to): (usize, usize)) -> Part {
        let tokens = &self.tokens;
        let start = if from < tokens.len() { tokens[from].token.start } else { self.text.len() };
        let end = if to > 0 && to <= tokens.len() { tokens[to - 1].token.end } else { start };
        (start, if end > start { end } else { start })
    }
}

/// What a string says whose backslashes mean something. `\%` and `\_` are MySQL's, for LIKE, and stay; so do escapes by number.
pub(crate) fn unescaped(text: &str) -> String {
    let (mut said, mut rest) = (String::with_capacity(text.len()), text.chars());
    while let Some(character) = rest.next() {
        if character != '\\' {
            said.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => said.push('\n'),
            Some('t') => said.push('\t'),
            Some('r') => said.push('\r'),
            Some('b') => said.push('\u{8}'),
            Some(kept @ ('%' | '_' | 'x' | 'u' | 'U' | '0'..='9')) => said.extend(['\\', kept]),
            Some(other) => said.push(other),
            None => said.push('\\'),
        }
    }
    said
}
