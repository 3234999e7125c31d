//! Checks of what a revision file says: one idea a file.

mod client;
mod rebuild;
mod repeat;
mod session;
pub mod statements;
mod transaction;

pub use statements::check_statements;
