//! Says where a `;` is inside a statement: in the body of a routine, trigger or event, by the rules of each dialect.
//! Fed with the tokens of one statement after another. Knows the words that open and close bodies, and no other
//! grammar.
//!
//! Traps, each met in real migrations: `BEGIN; … COMMIT;` is no body, so nothing counts before a CREATE of the right
//! kind; CASE has an END of its own; `END IF` closes no BEGIN; `IF(a, b, c)` and `REPEAT('x', 3)` are functions;
//! columns may be called `begin` and `end` on MySQL and SQLite, so a word after `.` counts for nothing and the END of
//! a block has to follow a `;`.

use crate::{
    Dialect,
    sql::{Token, TokenKind},
};

/// What kind of statement the first words announce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// Nothing was read yet.
    Start,
    /// CREATE (or ALTER), and no word yet that decides.
    Create,
    /// BEGIN: a block if NOT (ATOMIC) follows.
    Begin,
    /// COPY.
    Copy,
    /// COPY … FROM STDIN.
    CopyFromStdin,
    /// A statement that may hold others.
    Block,
    /// Any other statement.
    Plain,
}

/// A token, as far as the next one wants to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Semicolon,
    Colon,
    Close,
    Dot,
    Punctuation,
    String,
    Name,
    Word(Key),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Begin,
    Case,
}

#[derive(Debug, Clone, Copy)]
struct End {
    /// END alone would close a block or a CASE.
    alone: bool,
    after_semicolon: bool,
}

/// Where in one statement we are.
#[derive(Debug)]
pub(super) struct Body {
    dialect: Dialect,
    head: Head,
    previous: Seen,
    before: Seen,
    /// BEGIN and CASE that are open.
    open: Vec<Open>,
    /// MySQL: IF, LOOP, WHILE, REPEAT and FOR that are open outside any BEGIN.
    loops: usize,
    /// MySQL: an END whose next token decides what it closes.
    end: Option<End>,
    /// MySQL: a SELECT was met: a FOR may be that of FOR UPDATE.
    selects: bool,
    /// SQLite: the BEGIN of a trigger was met.
    begun: bool,
    /// SQLite: the token before was the END that closes a trigger.
    ended: bool,
    sensitive: bool,
}

impl Body {
    pub(super) fn new(dialect: Dialect) -> Body {
        Body {
            dialect,
            head: Head::Start,
            previous: Seen::Nothing,
            before: Seen::Nothing,
            open: Vec::new(),
            loops: 0,
            end: None,
            selects: false,
            begun: false,
            ended: false,
            sensitive: false,
        }
    }

    /// Gets ready for the next statement.
    pub(super) fn reset(&mut self) {
        self.head = Head::Start;
        self.previous = Seen::Nothing;
        self.before = Seen::Nothing;
        self.open.clear();
        self.loops = 0;
        self.end = None;
        self.selects = false;
        self.begun = false;
        self.ended = false;
    }

    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// Whether another dialect might have decided otherwise, in this statement or an earlier one.
    pub(super) fn is_dialect_sensitive(&self) -> bool {
        self.sensitive
    }

    pub(super) fn is_copy_from_stdin(&self) -> bool {
        self.head == Head::CopyFromStdin
    }

    /// Whether the statement is over if a `;` comes next.
    pub(super) fn may_end(&mut self) -> bool {
        if self.head != Head::Block {
            return true;
        }
        match self.dialect {
            Dialect::Postgres => self.open.is_empty(),
            Dialect::Sqlite => !self.begun || self.ended,
            Dialect::Mysql => {
                self.resolve_end(Key::Other);
                self.open.is_empty() && self.loops == 0
            }
        }
    }

    /// Takes the next token of the statement that is not trivia.
    pub(super) fn take(&mut self, text: &str, token: Token) {
        if self.head == Head::Plain || token.is_executable_mark() {
            return;
        }
        let seen = see(text, token);
        let key = match seen {
            Seen::Word(key) => key,
            _ => Key::Other,
        };
        match self.head {
            Head::Start => self.start(key),
            Head::Create => self.create(seen, key),
            Head::Begin => self.head = self.begin(key),
            Head::Copy if key == Key::Stdin && self.previous == Seen::Word(Key::From) => {
                self.head = Head::CopyFromStdin
            }
            Head::Block => match self.dialect {
                Dialect::Postgres => self.postgres(key),
                Dialect::Mysql => self.mysql(seen, key),
                Dialect::Sqlite => self.sqlite(key),
            },
            Head::Copy | Head::CopyFromStdin | Head::Plain => {}
        }
        self.before = self.previous;
        self.previous = seen;
    }

    fn start(&mut self, key: Key) {
        self.head = match key {
            Key::Create | Key::Alter => Head::Create,
            Key::Begin => Head::Begin,
            Key::Copy => Head::Copy,
            // MariaDB runs compound statements outside of routines, too.
            Key::If | Key::Loop | Key::While | Key::Repeat | Key::For | Key::Case => {
                self.sensitive = true;
                if self.dialect == Dialect::Mysql {
                    match key {
                        Key::Case => self.open.push(Open::Case),
                        _ => self.loops = 1,
                    }
                    Head::Block
                } else {
                    Head::Plain
                }
            }
            _ => Head::Plain,
        };
    }

    fn create(&mut self, seen: Seen, key: Key) {
        // DEFINER = user@host, with or without quotes.
        if !matches!(seen, Seen::Word(_)) || matches!(self.previous, Seen::Punctuation | Seen::Dot) {
            return;
        }
        self.head = match key {
            Key::Or | Key::Replace | Key::Temporary | Key::Aggregate | Key::Definer => Head::Create,
            Key::Trigger | Key::Procedure | Key::Function | Key::Event | Key::Package => {
                self.sensitive = true;
                let holds = match self.dialect {
                    Dialect::Postgres => matches!(key, Key::Procedure | Key::Function),
                    Dialect::Mysql => true,
                    Dialect::Sqlite => key == Key::Trigger,
                };
                if holds { Head::Block } else { Head::Plain }
            }
            _ => Head::Plain,
        };
    }

    fn begin(&mut self, key: Key) -> Head {
        if key != Key::Not {
            return Head::Plain;
        }
        self.sensitive = true;
        if self.dialect != Dialect::Mysql {
            return Head::Plain;
        }
        self.open.push(Open::Begin);
        Head::Block
    }

    fn postgres(&mut self, key: Key) {
        // CASE needs no counting: its END never follows a `;`, and that of a body always does, or follows ATOMIC.
        match key {
            Key::Atomic if self.previous == Seen::Word(Key::Begin) && self.open.is_empty() => {
                self.open.push(Open::Begin);
            }
            Key::End if matches!(self.previous, Seen::Semicolon | Seen::Word(Key::Atomic)) => {
                self.open.pop();
            }
            _ => {}
        }
    }

    /// SQLite's own rule (`sqlite3_complete`): a trigger ends with `; END ;`.
    fn sqlite(&mut self, key: Key) {
        self.ended = self.begun && key == Key::End && self.previous == Seen::Semicolon;
        // A table or column may be called `begin`: the block's BEGIN is the one before a statement.
        let statement = matches!(
            key,
            Key::Select | Key::Insert | Key::Update | Key::Delete | Key::Replace | Key::With | Key::Values
        );
        if statement && self.previous == Seen::Word(Key::Begin) && self.before != Seen::Dot {
            self.begun = true;
        }
    }

    fn mysql(&mut self, seen: Seen, key: Key) {
        if self.end.is_some() && self.resolve_end(key) {
            return;
        }
        if self.previous == Seen::Dot || !matches!(seen, Seen::Word(_)) {
            return;
        }
        match key {
            Key::End => {
                let after_semicolon = self.previous == Seen::Semicolon;
                let alone = match self.open.last() {
                    Some(Open::Case) => true,
                    Some(Open::Begin) => {
                        after_semicolon || matches!(self.previous, Seen::Word(Key::Begin | Key::Atomic))
                    }
                    None => false,
                };
                self.end = Some(End { alone, after_semicolon });
            }
            Key::Case => self.open.push(Open::Case),
            Key::Begin if self.may_begin() => self.open.push(Open::Begin),
            Key::While | Key::Loop if self.open.is_empty() => self.loops += 1,
            // SELECT … WHERE (a) FOR UPDATE is no loop.
            Key::For if self.selects && !matches!(self.previous, Seen::Semicolon | Seen::Word(_)) => {}
            Key::If | Key::Repeat | Key::For if self.open.is_empty() && self.at_statement() => self.loops += 1,
            Key::Select => self.selects = true,
            _ => {}
        }
    }

    /// MySQL: decides what the END before this word closes. Returns whether the word belongs to the END.
    fn resolve_end(&mut self, key: Key) -> bool {
        let Some(end) = self.end.take() else { return false };
        match key {
            // CASE … END FOR UPDATE: END FOR follows a `;`.
            Key::For if !end.after_semicolon => {
                if end.alone {
                    self.open.pop();
                }
                true
            }
            Key::If | Key::Loop | Key::While | Key::Repeat | Key::For => {
                if self.open.is_empty() {
                    self.loops = self.loops.saturating_sub(1);
                }
                true
            }
            Key::Case => {
                if self.open.last() == Some(&Open::Case) {
                    self.open.pop();
                }
                true
            }
            _ => {
                if end.alone {
                    self.open.pop();
                }
                false
            }
        }
    }

    /// MySQL: whether BEGIN can open a block here; elsewhere it is somebody's column.
    fn may_begin(&self) -> bool {
        !matches!(
            self.previous,
            Seen::Punctuation
                | Seen::Dot
                | Seen::Word(Key::Select | Key::Set | Key::Where | Key::Or | Key::As | Key::On)
        )
    }

    /// MySQL, outside any BEGIN: whether a statement can start here.
    fn at_statement(&self) -> bool {
        match self.previous {
            Seen::Semicolon | Seen::Colon => true,
            Seen::Word(Key::Then | Key::Else | Key::Do | Key::Loop | Key::Repeat) => true,
            _ if self.loops > 0 => false,
            // The end of a routine's head: `p()`, `COMMENT 'x'`, `FOR EACH ROW`, `READS SQL DATA`, `RETURNS INT`, …
            Seen::Close | Seen::String => true,
            Seen::Word(Key::Row | Key::Data | Key::Sql | Key::Deterministic | Key::Definer | Key::Invoker) => true,
            _ => matches!(self.before, Seen::Word(Key::Follows | Key::Precedes | Key::Returns)),
        }
    }
}

fn see(text: &str, token: Token) -> Seen {
    match token.kind {
        TokenKind::Word => Seen::Word(Key::of(text.as_bytes().get(token.start..token.end).unwrap_or(b""))),
        TokenKind::Semicolon => Seen::Semicolon,
        TokenKind::String | TokenKind::DollarString => Seen::String,
        TokenKind::QuotedIdentifier | TokenKind::Number => Seen::Name,
        _ => match text.as_bytes().get(token.start) {
            Some(b'.') => Seen::Dot,
            Some(b':') => Seen::Colon,
            Some(b')') => Seen::Close,
            _ => Seen::Punctuation,
        },
    }
}

macro_rules! keys {
    ($($key:ident $($word:literal)+,)*) => {
        /// The words that matter to bodies.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Key { $($key,)* Other }

        impl Key {
            fn of(word: &[u8]) -> Key {
                let mut upper = [0u8; 13];
                if word.len() > upper.len() {
                    return Key::Other;
                }
                let mut at = 0;
                while at < word.len() {
                    upper[at] = word[at].to_ascii_uppercase();
                    at += 1;
                }
                match &upper[..word.len()] {
                    $($($word)|+ => Key::$key,)*
                    _ => Key::Other,
                }
            }
        }
    };
}

keys! {
    Aggregate b"AGGREGATE",
    Alter b"ALTER",
    As b"AS",
    Atomic b"ATOMIC",
    Begin b"BEGIN",
    Case b"CASE",
    Copy b"COPY",
    Create b"CREATE",
    Data b"DATA",
    Definer b"DEFINER",
    Delete b"DELETE",
    Deterministic b"DETERMINISTIC",
    Do b"DO",
    Else b"ELSE",
    End b"END",
    Event b"EVENT",
    Follows b"FOLLOWS",
    For b"FOR",
    From b"FROM",
    Function b"FUNCTION",
    If b"IF",
    Insert b"INSERT",
    Invoker b"INVOKER",
    Loop b"LOOP",
    Not b"NOT",
    On b"ON",
    Or b"OR" b"AND" b"BY" b"OF" b"DECLARE",
    Package b"PACKAGE",
    Precedes b"PRECEDES",
    Procedure b"PROCEDURE",
    Repeat b"REPEAT",
    Replace b"REPLACE",
    Returns b"RETURNS",
    Row b"ROW",
    Select b"SELECT",
    Set b"SET",
    Sql b"SQL",
    Stdin b"STDIN",
    Temporary b"TEMPORARY" b"TEMP",
    Then b"THEN",
    Trigger b"TRIGGER",
    Update b"UPDATE",
    Values b"VALUES",
    Where b"WHERE",
    While b"WHILE",
    With b"WITH",
}
