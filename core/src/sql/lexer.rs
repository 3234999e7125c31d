//! SQL as tokens, by the quoting rules of a dialect. The tokens tile the text: nothing is dropped, nothing fails.
//! Knows no grammar and no keywords; what is opened and never closed is a token with a flag.
//!
//! The lexer runs unoptimised in users' builds, so it works on bytes with one table look-up each. Every token
//! boundary is beside an ASCII byte (or a whole byte-order mark), and so is always a character boundary.

use crate::Dialect;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Blanks and line ends. Also a byte-order mark at the start of the text.
    Whitespace,
    /// `-- …`, on MySQL also `# …`, without its line end.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/*!40101` or `/*M!100100`: what follows is code to MySQL or MariaDB.
    ExecutableOpen,
    /// The `*/` that ends an executable comment.
    ExecutableClose,
    /// A keyword or an unquoted name.
    Word,
    /// A quoted name, with its quotes.
    QuotedIdentifier,
    /// A string constant, with its quotes and prefix.
    String,
    /// A dollar-quoted string constant, with both tags.
    DollarString,
    /// A number.
    Number,
    /// One other byte (or a run of bytes that no dialect knows).
    Punctuation,
    /// `;`.
    Semicolon,
}

/// One token: its kind and its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Whether a quote or comment is closed. Always true for other tokens.
    pub closed: bool,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token {
    /// The token's own text. Empty when `text` is not the text that was lexed.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Whether this is white space or a comment.
    pub const fn is_trivia(&self) -> bool {
        matches!(self.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Whether this marks an executable comment, whose content is code. Grammar readers skip it like trivia.
    pub const fn is_executable_mark(&self) -> bool {
        matches!(self.kind, TokenKind::ExecutableOpen | TokenKind::ExecutableClose)
    }

    /// Whether this is an unquoted word, equal but for ASCII case.
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word
            && self.end - self.start == word.len()
            && self.text(text).eq_ignore_ascii_case(word)
    }
}

/// Reads a text as tokens. An iterator; cheap to make and to copy.
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    dialect: Dialect,
    position: usize,
    /// Where the executable comment that we are in was opened.
    executable: Option<Token>,
    /// Whether anything was met whose extent depends on the dialect.
    sensitive: bool,
}

const SPACE: u8 = 1;
const WORD_START: u8 = 2;
/// May stand inside a word: letters, digits, `_`, `$`, every byte of a non-ASCII character.
const WORD: u8 = 4;
const DIGIT: u8 = 8;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => SPACE,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => WORD_START | WORD,
            b'0'..=b'9' => WORD | DIGIT,
            b'$' => WORD,
            _ => 0,
        };
        byte += 1;
    }
    table
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'a str, dialect: Dialect) -> Lexer<'a> {
        Lexer { text, bytes: text.as_bytes(), dialect, position: 0, executable: None, sensitive: false }
    }

    /// The offset of the next token.
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Whether every dialect would have read the text up to here as the same tokens (but for their kinds).
    pub const fn is_dialect_sensitive(&self) -> bool {
        self.sensitive
    }

    /// The executable comment that is open here: at the end of the text, one that is never closed.
    pub const fn open_executable(&self) -> Option<Token> {
        self.executable
    }

    /// Goes on at another place. A place inside a character is moved forward to its end.
    pub fn seek(&mut self, mut position: usize) {
        while position < self.bytes.len() && !self.text.is_char_boundary(position) {
            position += 1;
        }
        self.position = position.min(self.bytes.len());
    }

    /// The next token that is neither trivia nor the mark of an executable comment.
    pub fn next_significant(&mut self) -> Option<Token> {
        loop {
            // By hand, here and in `next`: asked for every word of every statement, in builds without optimisation. White
            // space, which stands before most words, becomes no token.
            while self.position < self.bytes.len() && CLASS[self.bytes[self.position] as usize] & SPACE != 0 {
                self.position += 1;
            }
            match self.next() {
                Some(Token {
                    kind:
                        TokenKind::Whitespace
                        | TokenKind::LineComment
                        | TokenKind::BlockComment
                        | TokenKind::ExecutableOpen
                        | TokenKind::ExecutableClose,
                    ..
                }) => {}
                token => return token,
            }
        }
    }

    fn byte(&self, at: usize) -> u8 {
        // NUL stands for "nothing": no rule of any dialect gives it a meaning.
        if at < self.bytes.len() { self.bytes[at] } else { 0 }
    }

    fn class(&self, at: usize) -> u8 {
        if at < self.bytes.len() { CLASS[self.bytes[at] as usize] } else { 0 }
    }

    fn while_class(&self, mut at: usize, class: u8) -> usize {
        let bytes = self.bytes;
        while at < bytes.len() && CLASS[bytes[at] as usize] & class != 0 {
            at += 1;
        }
        at
    }

    fn token(&mut self, kind: TokenKind, end: usize) -> Token {
        let start = self.position;
        self.position = end;
        Token { kind, closed: true, start, end }
    }

    /// A token that reaches to `end`, or, where its end was not found, to the end of the text.
    fn closing(&mut self, kind: TokenKind, end: Option<usize>) -> Token {
        let closed = end.is_some();
        let token = self.token(kind, end.unwrap_or(self.bytes.len()));
        Token { closed, ..token }
    }

    /// A letter with no word behind it: the prefix of a string, or a word by itself.
    fn letter(&mut self, first: u8) -> Token {
        let end = self.position + 1;
        let next = self.byte(end);
        if next == b'\'' {
            let body = self.position + 2;
            match first {
                b'e' | b'E' if self.dialect == Dialect::Postgres => {
                    let end = self.escape_string(body);
                    return self.closing(TokenKind::String, end);
                }
                b'b' | b'B' | b'x' | b'X' | b'n' | b'N' => {
                    let end = self.quoted(body, b'\'', self.dialect == Dialect::Mysql);
                    return self.closing(TokenKind::String, end);
                }
                _ => {}
            }
        } else if next == b'&' && matches!(first, b'u' | b'U') && self.dialect == Dialect::Postgres {
            let quote = self.byte(self.position + 2);
            if quote == b'\'' || quote == b'"' {
                let end = self.quoted(self.position + 3, quote, false);
                let kind = if quote == b'"' { TokenKind::QuotedIdentifier } else { TokenKind::String };
                return self.closing(kind, end);
            }
        }
        self.token(TokenKind::Word, end)
    }

    /// The end of a quoted token whose content begins at `at`. A doubled quote is content.
    fn quoted(&mut self, mut at: usize, quote: u8, backslash: bool) -> Option<usize> {
        let bytes = self.bytes;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte == quote {
                if at + 1 >= bytes.len() || bytes[at + 1] != quote {
                    return Some(at + 1);
                }
                at += 1;
            } else if byte == b'\\' {
                self.sensitive = true;
                if backslash {
                    at += 1;
                }
            }
            at += 1;
        }
        None
    }

    /// PostgreSQL's `E'…'`. A constant that goes on after a line end goes on with backslash escapes, too.
    fn escape_string(&mut self, at: usize) -> Option<usize> {
        let mut end = self.quoted(at, b'\'', true)?;
        loop {
            let next = self.while_class(end, SPACE);
            if self.byte(next) != b'\'' || !self.bytes[end..next].contains(&b'\n') {
                return Some(end);
            }
            end = self.quoted(next + 1, b'\'', true)?;
        }
    }

    fn number(&mut self) -> Token {
        let bytes = self.bytes;
        let mut at = self.while_class(self.position, DIGIT);
        if self.byte(at) == b'.' && self.byte(at + 1) != b'.' {
            at = self.while_class(at + 1, DIGIT);
        }
        let digits = at;
        // Letters that follow are an exponent, a radix (0x1F) or a MySQL name such as 2fa_tokens.
        at = self.while_class(at, WORD);
        let exponent = at > digits && matches!(bytes[at - 1], b'e' | b'E') && at - digits == 1;
        if exponent && matches!(self.byte(at), b'+' | b'-') && self.class(at + 1) & DIGIT != 0 {
            at = self.while_class(at + 1, DIGIT);
        }
        let mut kind = TokenKind::Number;
        if at > digits && self.dialect == Dialect::Mysql {
            let radix = bytes[self.position] == b'0' && matches!(bytes[digits], b'x' | b'X' | b'b' | b'B');
            let exponent = matches!(bytes[digits], b'e' | b'E');
            if !radix && !exponent && !bytes[self.position..digits].contains(&b'.') {
                kind = TokenKind::Word;
            }
        }
        self.token(kind, at)
    }

    fn line_comment(&mut self, at: usize) -> Token {
        let rest = &self.text[at..];
        let mut end = match rest.find('\n') {
            Some(newline) => at + newline,
            None => self.bytes.len(),
        };
        // PostgreSQL's scanner ends a comment at a lone carriage return, the others don't.
        if let Some(carriage) = self.text[at..end].find('\r')
            && at + carriage + 1 < end
        {
            self.sensitive = true;
            if self.dialect == Dialect::Postgres {
                end = at + carriage;
            }
        }
        self.token(TokenKind::LineComment, end)
    }

    fn block_comment(&mut self) -> Token {
        let bytes = self.bytes;
        let mut at = self.position + 2;
        if self.byte(at) == b'!' || (matches!(self.byte(at), b'M') && self.byte(at + 1) == b'!') {
            self.sensitive = true;
            if self.dialect == Dialect::Mysql && self.executable.is_none() {
                if self.byte(at) == b'M' {
                    at += 1;
                }
                let digits = at + 1;
                let open = self.while_class(digits, DIGIT);
                // Dump tools write versions that no server has (`/*M!999999\- enable the sandbox mode */`) for comments.
                if !matches!(&self.bytes[digits..open], b"99999" | b"999999") {
                    let token = self.token(TokenKind::ExecutableOpen, open);
                    self.executable = Some(token);
                    return token;
                }
            }
        }
        let mut depth = 1usize;
        while at + 1 < bytes.len() {
            match bytes[at] {
                b'*' if bytes[at + 1] == b'/' => {
                    at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return self.token(TokenKind::BlockComment, at);
                    }
                }
                b'/' if bytes[at + 1] == b'*' => {
                    self.sensitive = true;
                    at += 2;
                    if self.dialect == Dialect::Postgres {
                        depth += 1;
                    } else {
                        // `/*/` does not close what it seems to open.
                        at -= 1;
                    }
                }
                _ => at += 1,
            }
        }
        self.closing(TokenKind::BlockComment, None)
    }

    /// `$tag$ … $tag$` of PostgreSQL. A `$` inside a word never comes here.
    fn dollar(&mut self) -> Token {
        self.sensitive = true;
        let start = self.position;
        if self.dialect == Dialect::Mysql {
            let end = self.while_class(start + 1, WORD);
            return self.token(TokenKind::Word, end);
        }
        if self.dialect == Dialect::Postgres && self.class(start + 1) & DIGIT == 0 {
            let mut at = start + 1;
            while self.class(at) & WORD != 0 && self.byte(at) != b'$' {
                at += 1;
            }
            if self.byte(at) == b'$' {
                let tag = &self.text[start..at + 1];
                let end = self.text[at + 1..].find(tag).map(|found| at + 1 + found + tag.len());
                return self.closing(TokenKind::DollarString, end);
            }
        }
        self.token(TokenKind::Punctuation, start + 1)
    }

    fn bracket(&mut self) -> Token {
        self.sensitive = true;
        if self.dialect != Dialect::Sqlite {
            return self.token(TokenKind::Punctuation, self.position + 1);
        }
        let end = self.text[self.position..].find(']').map(|found| self.position + found + 1);
        self.closing(TokenKind::QuotedIdentifier, end)
    }

    fn dash(&mut self) -> Token {
        if self.byte(self.position + 1) != b'-' {
            return self.token(TokenKind::Punctuation, self.position + 1);
        }
        // MySQL reads `5--3` as 5 - (-3): its comment needs a blank, a control character or the end.
        if self.position + 2 < self.bytes.len() {
            let after = self.bytes[self.position + 2];
            if after > b' ' && after != 0x7f {
                self.sensitive = true;
                if self.dialect == Dialect::Mysql {
                    return self.token(TokenKind::Punctuation, self.position + 1);
                }
            }
        }
        self.line_comment(self.position + 2)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.position;
        if start >= self.bytes.len() {
            return None;
        }
        let byte = self.bytes[start];
        let class = CLASS[byte as usize];
        if start == 0 && byte == 0xef && self.bytes.len() >= 3 && self.bytes[1] == 0xbb && self.bytes[2] == 0xbf {
            return Some(self.token(TokenKind::Whitespace, 3));
        }
        if class & SPACE != 0 {
            let end = self.while_class(start + 1, SPACE);
            return Some(self.token(TokenKind::Whitespace, end));
        }
        if class & WORD_START != 0 {
            let end = self.while_class(start + 1, WORD);
            if end == start + 1 {
                return Some(self.letter(byte));
            }
            self.position = end;
            return Some(Token { kind: TokenKind::Word, closed: true, start, end });
        }
        if class & DIGIT != 0 {
            return Some(self.number());
        }
        let mysql = matches!(self.dialect, Dialect::Mysql);
        Some(match byte {
            b';' => self.token(TokenKind::Semicolon, start + 1),
            b'\'' => {
                let end = self.quoted(start + 1, b'\'', mysql);
                self.closing(TokenKind::String, end)
            }
            b'"' => {
                let kind = if mysql { TokenKind::String } else { TokenKind::QuotedIdentifier };
                let end = self.quoted(start + 1, b'"', mysql);
                self.closing(kind, end)
            }
            b'`' => {
                self.sensitive = true;
                if self.dialect == Dialect::Postgres {
                    self.token(TokenKind::Punctuation, start + 1)
                } else {
                    let end = self.quoted(start + 1, b'`', false);
                    self.closing(TokenKind::QuotedIdentifier, end)
                }
            }
            b'[' => self.bracket(),
            b'-' => self.dash(),
            b'#' => {
                self.sensitive = true;
                if mysql { self.line_comment(start + 1) } else { self.token(TokenKind::Punctuation, start + 1) }
            }
            b'/' if self.byte(start + 1) == b'*' => self.block_comment(),
            b'*' if self.executable.is_some() && self.byte(start + 1) == b'/' => {
                self.executable = None;
                self.token(TokenKind::ExecutableClose, start + 2)
            }
            b'$' => self.dollar(),
            _ => self.token(TokenKind::Punctuation, start + 1),
        })
    }
}
