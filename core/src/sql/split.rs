//! Cuts SQL text into statements, by the rules of a dialect. Lossless: the pieces concatenate to the input. Never
//! judges a statement, never fails: what cannot be read is a piece like any other, and is reported.

use crate::{
    Dialect, DialectSet,
    sql::{
        body::{Body, Head},
        lexer::{Lexer, Token, TokenKind},
        tokens::Tokens,
    },
};

/// A text, cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// The pieces, in order; together they are the whole text.
    pub pieces: Vec<Piece>,
    /// The quote or comment that is never closed, when there is one. It reaches to the end of the text.
    pub unterminated: Option<Unterminated>,
    /// The statements' tokens. Taken here because they pass by; to read them again would cost as much as the whole
    /// splitting.
    tokens: Tokens,
}

/// A stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// White space and comments before the statement, the statement, its terminator.
    Statement(Statement),
    /// White space and comments (and stray terminators) that belong to no statement.
    Trivia,
    /// Lines for a client, not for a server: `DELIMITER` (obeyed and left out), a `\meta` line of psql, a `.dot` line
    /// of sqlite3, the data of a `COPY … FROM STDIN`.
    Client,
}

/// The part of a piece that is sent to the server: from the first token to the last, without the terminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Something that is opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unterminated {
    /// The opening quote.
    pub start: u32,
    /// One past the opening quote.
    pub end: u32,
    /// What is never closed: `string`, `quoted identifier`, `comment`, `dollar-quoted string`.
    pub what: &'static str,
}

impl Split {
    /// Whether both are the same pieces. Their tokens may differ: `E''` is one to PostgreSQL and two to the others.
    pub fn is_cut_like(&self, other: &Split) -> bool {
        self.pieces == other.pieces && self.unterminated == other.unterminated
    }

    /// The digest of the statements' tokens: comments, white space and client lines do not count.
    pub fn digest(&self) -> u128 {
        self.tokens.digest()
    }

    /// The statements, in order.
    pub fn statements(&self) -> impl Iterator<Item = Statement> {
        self.pieces.iter().filter_map(|piece| match piece.kind {
            PieceKind::Statement(statement) => Some(statement),
            PieceKind::Trivia | PieceKind::Client => None,
        })
    }
}

/// Cuts `text` into pieces as `dialect` reads it.
pub fn split(text: &str, dialect: Dialect) -> Split {
    Splitter::new(text, dialect).run().0
}

/// Cuts `text` into pieces as each of `dialects` reads it, once for those that read it alike.
///
/// Most text is lexed once: the first reading notices whether it met anything (a backslash in a string, a `$`, a
/// trigger body, …) that another dialect might read otherwise.
pub fn readings(text: &str, dialects: DialectSet) -> Vec<(DialectSet, Split)> {
    let mut groups: Vec<(DialectSet, Split)> = Vec::new();
    for dialect in dialects.iter() {
        let (split, sensitive) = Splitter::new(text, dialect).run();
        // What is never closed has a name and an opening of its own in each dialect.
        if groups.is_empty() && !sensitive && split.unterminated.is_none() {
            groups.push((dialects, split));
            break;
        }
        match groups.iter_mut().find(|(_, known)| known.is_cut_like(&split)) {
            Some((set, _)) => {
                set.insert(dialect);
            }
            None => groups.push((DialectSet::from_iter([dialect]), split)),
        }
    }
    groups
}

struct Splitter<'a> {
    text: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    pieces: Vec<Piece>,
    unterminated: Option<Unterminated>,
    /// Where the next piece starts: all before it is in `pieces`.
    piece_start: usize,
    /// The statement being read: from its first token to its last that is not a `;`.
    statement: Option<(usize, usize)>,
    /// Open parentheses in the statement being read.
    parens: usize,
    body: Body,
    /// What `DELIMITER` set, when it is not `;`.
    delimiter: Option<&'a str>,
    /// Set when a search for the `\.` of a COPY found none: it is not repeated.
    no_copy_end: bool,
    /// Whether a decision was taken that another dialect might take otherwise.
    sensitive: bool,
    tokens: Tokens,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Splitter<'a> {
        Splitter {
            text,
            dialect,
            lexer: Lexer::new(text, dialect),
            pieces: Vec::new(),
            unterminated: None,
            piece_start: 0,
            statement: None,
            parens: 0,
            body: Body::new(dialect),
            delimiter: None,
            no_copy_end: false,
            sensitive: false,
            tokens: Tokens::of(text),
        }
    }

    fn run(mut self) -> (Split, bool) {
        loop {
            if self.delimiter.is_some() && self.at_delimiter() {
                continue;
            }
            let Some(mut token) = self.lexer.next() else { break };
            if !token.closed {
                self.note_unterminated(token);
            }
            if token.is_trivia() {
                continue;
            }
            if self.delimiter.is_some() {
                token = self.cut_at_delimiter(token);
            }
            self.take(token);
        }
        if let Some(open) = self.lexer.open_executable() {
            self.note_unterminated(open);
        }
        self.finish(self.text.len());
        let sensitive = self.sensitive || self.body.is_dialect_sensitive() || self.lexer.is_dialect_sensitive();
        (Split { pieces: self.pieces, unterminated: self.unterminated, tokens: self.tokens }, sensitive)
    }

    fn take(&mut self, token: Token) {
        if token.kind == TokenKind::Semicolon {
            if !self.semicolon_ends() {
                self.tokens.add(self.text, token);
                self.body.take(self.text, token);
                return;
            }
            let copies = self.body.is_copy_from_stdin();
            self.finish(token.end);
            if copies {
                self.skip_copy_data();
            }
            return;
        }
        match &mut self.statement {
            Some((_, end)) => *end = token.end,
            None => {
                if self.is_client_line(token) {
                    self.client_line(token);
                    return;
                }
                self.statement = Some((token.start, token.end));
            }
        }
        self.tokens.add(self.text, token);
        if token.kind == TokenKind::Punctuation {
            match self.text.as_bytes()[token.start] {
                b'(' => self.parens += 1,
                b')' => self.parens = self.parens.saturating_sub(1),
                _ => {}
            }
        }
        self.body.take(self.text, token);
    }

    fn semicolon_ends(&mut self) -> bool {
        if self.parens > 0 {
            // CREATE RULE … DO (a; b). The other dialects have no such statement: there the parenthesis is a slip.
            self.sensitive = true;
            if self.dialect == Dialect::Postgres {
                return false;
            }
        }
        if self.lexer.open_executable().is_some() {
            return false;
        }
        if self.delimiter.is_some() && self.body.head() == Head::Block {
            return false;
        }
        self.body.may_end()
    }

    /// Closes the piece that ends at `end`.
    fn finish(&mut self, end: usize) {
        if end > self.piece_start {
            let kind = match self.statement {
                Some((start, last)) => PieceKind::Statement(Statement { start: offset(start), end: offset(last) }),
                None => PieceKind::Trivia,
            };
            self.push(end, kind);
        }
        if self.statement.take().is_some() {
            self.tokens.end_statement();
        }
        self.parens = 0;
        self.body.reset();
    }

    fn push(&mut self, end: usize, kind: PieceKind) {
        self.pieces.push(Piece { start: offset(self.piece_start), end: offset(end), kind });
        self.piece_start = end;
    }

    /// Whether a statement that begins with this token is none: a line for the client.
    fn is_client_line(&mut self, token: Token) -> bool {
        match token.kind {
            TokenKind::Punctuation => match self.text.as_bytes()[token.start] {
                b'\\' => {
                    self.sensitive = true;
                    self.dialect != Dialect::Sqlite
                }
                b'.' => {
                    self.sensitive = true;
                    self.dialect == Dialect::Sqlite
                }
                _ => false,
            },
            TokenKind::Word if token.is_word(self.text, "DELIMITER") => true,
            TokenKind::Word if token.is_word(self.text, "SOURCE") => {
                self.sensitive = true;
                self.dialect == Dialect::Mysql
            }
            _ => false,
        }
    }

    fn client_line(&mut self, token: Token) {
        self.finish(token.start);
        let end = line_end(self.text, token.start);
        // Obeyed on every dialect: where it is a mistake it is reported, and the rest is still read as was meant.
        if token.kind == TokenKind::Word && token.is_word(self.text, "DELIMITER") {
            let argument = self.text[token.end.min(end)..end].split_ascii_whitespace().next();
            self.delimiter = argument.map(without_quotes).filter(|delimiter| !matches!(*delimiter, "" | ";"));
        }
        self.push(end, PieceKind::Client);
        self.lexer.seek(end);
    }

    /// Takes the delimiter, if it stands here.
    fn at_delimiter(&mut self) -> bool {
        let Some(delimiter) = self.delimiter else { return false };
        let at = self.lexer.position();
        if !self.text.as_bytes()[at..].starts_with(delimiter.as_bytes()) {
            return false;
        }
        if self.statement.is_none() && is_delimiter_command(&self.text.as_bytes()[at..]) {
            // `DELIMITER delimiter` is legal, and the command still ends it.
            return false;
        }
        let end = at + delimiter.len();
        self.lexer.seek(end);
        self.finish(end);
        true
    }

    /// On MySQL `END$$` is one word, unless `$$` is the delimiter.
    fn cut_at_delimiter(&mut self, token: Token) -> Token {
        let unquoted = matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::ExecutableOpen);
        let Some(delimiter) = self.delimiter.filter(|_| unquoted) else { return token };
        match token.text(self.text).find(delimiter) {
            Some(found) if found > 0 => {
                self.lexer.seek(token.start + found);
                Token { end: token.start + found, ..token }
            }
            _ => token,
        }
    }

    /// After `COPY … FROM STDIN;` the lines up to `\.` are data for psql to send.
    fn skip_copy_data(&mut self) {
        self.sensitive = true;
        if self.dialect != Dialect::Postgres || self.no_copy_end {
            return;
        }
        let start = self.piece_start;
        let rest = &self.text[start..];
        match rest.find("\n\\.") {
            Some(found) => {
                let end = line_end(self.text, start + found + 1);
                self.push(end, PieceKind::Client);
                self.lexer.seek(end);
            }
            None => self.no_copy_end = true,
        }
    }

    fn note_unterminated(&mut self, token: Token) {
        let text = token.text(self.text);
        // Of a string only the quote, not its prefix: then two dialects that both miss the end mean the same place.
        let quote = |quotes: &[char]| text.find(quotes).map_or((0, text.len()), |at| (at, at + 1));
        let (what, (start, end)) = match token.kind {
            TokenKind::BlockComment => ("comment", (0, 2)),
            TokenKind::ExecutableOpen => ("comment", (0, text.len())),
            TokenKind::QuotedIdentifier => ("quoted identifier", quote(&['"', '`', '['])),
            TokenKind::DollarString => {
                let tag = text.get(1..).and_then(|rest| rest.find('$')).map_or(text.len(), |at| at + 2);
                ("dollar-quoted string", (0, tag))
            }
            _ => ("string", quote(&['\'', '"'])),
        };
        let unterminated = Unterminated { start: offset(token.start + start), end: offset(token.start + end), what };
        self.unterminated.get_or_insert(unterminated);
    }
}

/// The mysql client takes `DELIMITER '//'`, too.
fn without_quotes(argument: &str) -> &str {
    ['\'', '"', '`'].iter().find_map(|quote| argument.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(argument)
}

fn is_delimiter_command(text: &[u8]) -> bool {
    let word = b"DELIMITER";
    text.len() > word.len() && text[..word.len()].eq_ignore_ascii_case(word) && matches!(text[word.len()], b' ' | b'\t')
}

/// Where the line that `start` is on ends: before its line end.
fn line_end(text: &str, start: usize) -> usize {
    text[start..].find(['\n', '\r']).map_or(text.len(), |found| start + found)
}

/// Offsets in texts over 4 GiB are cut short, not wrapped around.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
