//! Everything about a revision chain that can be decided without a database.
//!
//! The journey is a pipeline, and each stage has a type of its own:
//!
//! ```text
//! load     directory            -> Sources          (load.rs, the only module that touches the disk)
//! parse    Sources              -> Vec<RevisionFile> and findings
//! check    RevisionFile         -> findings         (one statement, one file)
//! link     Vec<RevisionFile>    -> VerifiedChain    (holding one is the proof that the chain is sound)
//! lower    VerifiedChain        -> lower::Chain     (what a door turns into tokens or values)
//! ```
//!
//! This crate never prints, never connects, never reads an environment variable, and never panics on input. It is
//! compiled without optimisation in most builds (macros and build scripts are), so its loops are written to be fast
//! in debug: bytes, indices, one pass.

pub mod chain;
pub mod check;
pub mod checksum;
pub mod code;
pub mod config;
pub mod dialect;
pub mod finding;
pub mod load;
pub mod lock;
pub mod lower;
pub mod pack;
pub mod parse;
pub mod render;
pub mod revision;
pub mod source;
pub mod sql;
pub mod suggest;

pub use chain::VerifiedChain;
pub use code::Code;
pub use dialect::{Dialect, DialectSet};
pub use finding::{Finding, Findings, Label, Severity};
pub use source::{FileId, SourceFile, Sources, Span};
