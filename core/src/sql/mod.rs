//! SQL as text: one lexer, one lossless splitter, everything built on them. Knows the three dialects' quoting and
//! body rules; never judges a statement (see `check/`).

mod body;
pub mod lexer;
pub mod split;
mod tokens;
pub mod words;

pub use lexer::{Lexer, Token, TokenKind};
pub use split::{Piece, PieceKind, Split, Statement, Unterminated, readings, split};
pub use words::Words;
