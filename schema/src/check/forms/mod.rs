//! RC317: words that have no place where they stand. The forms of a dialect's statements are tables (`postgres`, `mysql`,
//! `sqlite`): what may follow what, as far as it is fixed; a walk along them stops where anything may follow. Not asked of
//! drops and renames that the reader could read as a whole. Claims nothing of names, values, expressions, bodies, nor of what
//! stands in comments that are executed.

mod mysql;
mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use revchain_core::Dialect;
use revchain_core::sql::{Lexer, Token, TokenKind};
use revchain_core::suggest::nearest;

use super::first_word::product;
use super::grammar::Wrong;
use crate::change::Change;
use crate::read::Reading;

/// What may stand at a place of a statement. Another word is wrong there; of another mark nothing is claimed.
struct Place {
    ways: &'static [Way],
    /// What to do where it is no misspelt word.
    help: &'static str,
}

/// One of the things that may stand at a place, and what follows it.
enum Way {
    /// One of these words.
    Words(&'static [&'static str], Then),
    /// A name, of one part or several.
    Name(Then),
    /// A string or a number.
    Literal(Then),
    /// A word that is given a value, with `=`.
    Given(Then),
    /// What stands in parentheses, and what behind them.
    Open(Then, Then),
    /// Another mark.
    Mark(u8, Then),
    /// What may stand at another place.
    Also(&'static Place),
    /// Anything.
    Else(Then),
}

/// What follows.
#[derive(Clone, Copy)]
enum Then {
    /// Anything, up to the end, the next comma of a list or the `)` that closes it.
    Free,
    /// What is not looked at, up to the end of the statement.
    End,
    To(&'static Place),
    /// A list of these, with commas.
    Each(&'static Place),
    /// Nothing: it is wrong itself.
    Never,
}

/// A place that has no advice.
const fn place(ways: &'static [Way]) -> Place {
    Place { ways, help: "" }
}

/// What is wrong with a statement, which has been read.
pub(super) fn wrong_with(statement: &str, reading: &Reading, dialect: Dialect) -> Option<Wrong> {
    if is_sound(reading) {
        return None;
    }
    let mut walk = Walk::new(statement, dialect);
    let (token, place) = walk.run()?;
    Some(walk.wrong(token, place))
}

/// Whether nothing is left to say: of what every database has, and says in one way.
fn is_sound(reading: &Reading) -> bool {
    match reading {
        Reading::Known { changes, unknown } => {
            unknown.is_empty()
                && matches!(
                    changes.first(),
                    Some(Change::DropTable(_) | Change::DropIndex { .. } | Change::RenameTable { .. })
                )
        }
        Reading::Refused(_) | Reading::Call(_) => true,
        // Of rows the reader looks at little, and of that nothing is judged.
        Reading::Rows(_) | Reading::Neutral | Reading::Opaque(_) => false,
    }
}

const fn start(dialect: Dialect) -> &'static Place {
    match dialect {
        Dialect::Postgres => &postgres::STATEMENT,
        Dialect::Mysql => &mysql::STATEMENT,
        Dialect::Sqlite => &sqlite::STATEMENT,
    }
}

/// A token that was passed.
struct Step {
    token: Token,
    /// Where it stood, if it was taken for a name.
    named_at: Option<&'static Place>,
}

/// A way along a statement.
struct Walk<'a> {
    text: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    ahead: Option<Token>,
    steps: Vec<Step>,
    /// What the elements of the list are that we are in.
    each: Option<&'static Place>,
    /// What each open parenthesis interrupted: the list around it, and what follows it.
    open: Vec<(Option<&'static Place>, Then)>,
    /// How many of PostgreSQL's `[` are open.
    brackets: usize,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, dialect: Dialect) -> Walk<'a> {
        let lexer = Lexer::new(text, dialect);
        Walk { text, dialect, lexer, ahead: None, steps: Vec::new(), each: None, open: Vec::new(), brackets: 0 }
    }

    /// The first word that has no place, and the place that it stands at.
    fn run(&mut self) -> Option<(Token, &'static Place)> {
        let mut then = Then::To(start(self.dialect));
        loop {
            let token = self.next()?;
            if token.is_executable_mark() || token.kind == TokenKind::Semicolon {
                return None;
            }
            let place = match then {
                Then::End | Then::Never => return None,
                Then::Free => {
                    then = self.pass(token)?;
                    continue;
                }
                Then::To(place) => place,
                Then::Each(place) => {
                    self.each = Some(place);
                    place
                }
            };
            then = match self.take(place, token, place) {
                Some(Then::Never) => return Some((token, place)),
                Some(then) => then,
                None if is_name(token) => return Some((token, place)),
                // MySQL's quote, which is PostgreSQL's for an operator.
                None if self.dialect == Dialect::Postgres && self.mark(token) == b'`' => return Some((token, place)),
                None => self.pass(token)?,
            };
            if matches!(then, Then::Free) && self.each.is_none() && self.open.is_empty() {
                return None;
            }
        }
    }

    fn next(&mut self) -> Option<Token> {
        if let Some(token) = self.ahead.take() {
            return Some(token);
        }
        // By hand: builds run it without optimisation.
        loop {
            match self.lexer.next() {
                Some(token) if token.is_trivia() => {}
                token => return token,
            }
        }
    }

    fn peek(&mut self) -> Option<Token> {
        self.ahead = self.next();
        self.ahead
    }

    /// The one byte of a mark.
    fn mark(&self, token: Token) -> u8 {
        match token.kind {
            TokenKind::Punctuation => self.text.as_bytes().get(token.start).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// Takes a token that may stand at a place, which is part of one that is `whole`.
    fn take(&mut self, place: &'static Place, token: Token, whole: &'static Place) -> Option<Then> {
        for way in place.ways {
            let (named_at, then) = match way {
                Way::Words(words, then) if words.iter().any(|word| token.is_word(self.text, word)) => (None, *then),
                Way::Name(then) if is_name(token) => (Some(whole), *then),
                Way::Given(then) if is_name(token) && self.peek().is_some_and(|next| self.mark(next) == b'=') => {
                    (None, *then)
                }
                Way::Literal(then)
                    if matches!(token.kind, TokenKind::String | TokenKind::DollarString | TokenKind::Number) =>
                {
                    (None, *then)
                }
                Way::Open(inside, after) if self.mark(token) == b'(' => {
                    self.open.push((self.each.take(), *after));
                    (None, *inside)
                }
                Way::Mark(mark, then) if self.mark(token) == *mark => (None, *then),
                Way::Also(place) => match self.take(place, token, whole) {
                    Some(then) => return Some(then),
                    None => continue,
                },
                Way::Else(Then::Free) => return self.pass(token),
                Way::Else(then) => (None, *then),
                _ => continue,
            };
            self.steps.push(Step { token, named_at });
            while named_at.is_some() && self.peek().is_some_and(|next| self.mark(next) == b'.') {
                for part in [self.next(), self.next()].into_iter().flatten() {
                    self.steps.push(Step { token: part, named_at: None });
                }
            }
            return Some(then);
        }
        None
    }

    /// Passes a token where anything may stand. `None` where nothing is open that it could end.
    fn pass(&mut self, token: Token) -> Option<Then> {
        self.steps.push(Step { token, named_at: None });
        match self.mark(token) {
            b'(' => {
                self.open.push((self.each.take(), Then::Free));
                Some(Then::Free)
            }
            b')' => {
                let (each, after) = self.open.pop()?;
                self.each = each;
                Some(after)
            }
            b'[' => {
                self.brackets += 1;
                Some(Then::Free)
            }
            b']' => {
                self.brackets = self.brackets.saturating_sub(1);
                Some(Then::Free)
            }
            // `DEFAULT ARRAY[1, 2]` goes on.
            b',' if self.brackets == 0 => Some(self.each.map_or(Then::Free, Then::To)),
            _ => Some(Then::Free),
        }
    }

    fn wrong(&self, token: Token, place: &'static Place) -> Wrong {
        if self.mark(token) == b'`' {
            return Wrong {
                part: (token.start, token.end),
                message: "PostgreSQL doesn't quote names with backticks".to_owned(),
                help: "quote them as `\"name\"`, or not at all".to_owned(),
            };
        }
        let (at, place, meant) = self.guilty(token, place);
        let before = self.steps.iter().take_while(|step| step.token.start < at.start);
        let is_beginning = before.clone().all(|step| step.named_at.is_none() && step.token.kind == TokenKind::Word);
        let (before, shown, product) = (self.shown(before), at.text(self.text).replace('`', ""), product(self.dialect));
        let message = match is_beginning {
            true => format!("no statement of {product}'s begins with `{before} {shown}`"),
            false => format!("on {product} there is no `{shown}` behind `{before}`"),
        };
        let expected = words_at(place);
        let has_it = |other: &Dialect| *other != self.dialect && passes(self.text, *other, at);
        let help = match (meant, Dialect::ALL.into_iter().find(has_it)) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            // The statement was whole, as a rule, and the semicolon is missing.
            (None, _)
                if self.open.is_empty()
                    && self.steps.len() > 2
                    && FIRST.iter().any(|word| at.is_word(self.text, word)) =>
            {
                format!("if a statement begins with this `{shown}`, end the one before it with a semicolon")
            }
            (None, _) if !place.help.is_empty() => place.help.to_owned(),
            (None, Some(other)) => format!(
                "{} has it: say it as {product} does, or in a section of its own, `-- @upgrade {}`",
                super::first_word::product(other),
                other.name()
            ),
            (None, None) if (1..=FEW).contains(&expected.len()) => {
                let expected: Vec<String> = expected.iter().map(|word| format!("`{word}`")).collect();
                format!("write {} here, {OTHERWISE}", expected.join(" or "))
            }
            (None, None) => format!("correct it, {OTHERWISE}"),
        };
        Wrong { part: (at.start, at.end), message, help }
    }

    /// Which word is the mistake: the one that has no place, or one before it that was taken for a name and is nearly a word.
    fn guilty(&self, token: Token, place: &'static Place) -> (Token, &'static Place, Option<&'static str>) {
        // Or before the parenthesis that has the word.
        let steps = self.steps.iter().rev().skip_while(|step| self.mark(step.token) == b'(');
        let named = steps.take_while(|step| step.named_at.is_some());
        let mut found = None;
        for step in named {
            let Some(place) = step.named_at.filter(|_| step.token.kind == TokenKind::Word) else { continue };
            let meant = nearest(step.token.text(self.text), words_at(place));
            found = meant.map(|meant| (step.token, place, Some(meant))).or(found);
        }
        found.unwrap_or_else(|| {
            let meant = match token.kind {
                TokenKind::Word => nearest(token.text(self.text), words_at(place)),
                _ => None,
            };
            (token, place, meant)
        })
    }

    /// The last tokens before the mistake, as they are written.
    fn shown<'s>(&self, steps: impl Iterator<Item = &'s Step>) -> String {
        let steps: Vec<&Step> = steps.collect();
        let first = if steps.len() > SHOWN { steps.len() - SHOWN + 1 } else { 0 };
        let mut shown = if first > 0 { "…".to_owned() } else { String::new() };
        let mut is_joined = first == 0;
        for step in steps.iter().skip(first) {
            let mark = self.mark(step.token);
            if !is_joined && !matches!(mark, b'.' | b',' | b')') {
                shown.push(' ');
            }
            shown.push_str(&step.token.text(self.text).replace('`', ""));
            is_joined = matches!(mark, b'.' | b'(');
        }
        shown
    }
}

/// What statements begin with.
const FIRST: [&str; 7] = ["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "SELECT"];

/// So many words are told.
const FEW: usize = 4;

/// So many tokens are shown.
const SHOWN: usize = 6;

const OTHERWISE: &str = "or, if your server knows it all the same, say so: `-- @allow RC317: <reason>`";

/// Whether what may be a name stands here: a word, or what is quoted as one.
const fn is_name(token: Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
}

/// Whether a statement goes on behind a token on another dialect, as far as its forms tell.
fn passes(statement: &str, dialect: Dialect, token: Token) -> bool {
    let mut walk = Walk::new(statement, dialect);
    let is_far =
        |walk: &Walk<'_>| walk.steps.iter().any(|step| step.token.start == token.start && step.named_at.is_none());
    let is_wrong_before = walk.run().is_some_and(|(wrong, _)| wrong.start <= token.start);
    !is_wrong_before && is_far(&walk)
}

/// The words that a place knows.
fn words_at(place: &Place) -> Vec<&'static str> {
    let mut words = Vec::new();
    for way in place.ways {
        match way {
            Way::Words(all, _) => words.extend_from_slice(all),
            Way::Also(other) => words.extend(words_at(other)),
            _ => {}
        }
    }
    words
}

/// A place, where it is needed once.
macro_rules! place_of {
    ($($way:expr),* $(,)?) => {
        $crate::check::forms::Place { ways: &[$($way),*], help: "" }
    };
}

/// `IF NOT EXISTS`, and what follows it. IF alone is a name, where it may be one: then the place behind the name follows.
macro_rules! if_not_exists {
    ($then:expr, $named:expr) => {
        $crate::check::forms::Way::Words(
            &["IF"],
            $crate::check::forms::Then::To(&$crate::check::forms::Place {
                ways: &[
                    $crate::check::forms::Way::Words(
                        &["NOT"],
                        $crate::check::forms::Then::To(&$crate::check::forms::Place {
                            ways: &[$crate::check::forms::Way::Words(&["EXISTS"], $then)],
                            help: "",
                        }),
                    ),
                    $crate::check::forms::Way::Also($named),
                ],
                help: "",
            }),
        )
    };
}

/// `IF EXISTS`, likewise.
macro_rules! if_exists {
    ($then:expr, $named:expr) => {
        $crate::check::forms::Way::Words(
            &["IF"],
            $crate::check::forms::Then::To(&$crate::check::forms::Place {
                ways: &[$crate::check::forms::Way::Words(&["EXISTS"], $then), $crate::check::forms::Way::Also($named)],
                help: "",
            }),
        )
    };
}

use {if_exists, if_not_exists, place_of};
