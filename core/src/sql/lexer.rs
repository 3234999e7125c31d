//! Placeholder, being written.
/// x
#[derive(Debug)] pub struct Lexer;
/// x
#[derive(Debug)] pub struct Token;
/// x
#[derive(Debug)] pub enum TokenKind {}
