//! The schema that a chain leads to, known without a database.
//!
//! ```text
//! read     a statement               -> Reading          what it changes, as far as we understand it
//! replay   Schema, Reading           -> Schema, faults   what it makes of a schema, or why it can't
//! compare  Schema, Schema            -> differences      and of a database's schema what can't be compared
//! kept     a statement               -> Table, …         what a database keeps as text, read back
//! hazard   Reading, Schema           -> hazards          what is dangerous about it on a live database
//! write    Schema                    -> DDL              what makes it
//! check    VerifiedChain             -> findings         the chain of them, in both directions and all dialects
//! head     Schemas                   -> bytes            what the compiler compares models with
//! ```
//!
//! Only what is known is judged. An unknown clause taints its table, an opaque statement taints what it may touch, and of
//! what is tainted nothing is claimed. This crate never prints, never connects, and never panics on input. It runs
//! unoptimised in users' builds: a table that doesn't change is never copied.

mod apply;
mod change;
mod check;
pub mod compare;
mod hazard;
mod head;
mod holds;
mod kept;
pub mod model;
mod quick;
mod read;
mod replay;
pub mod write;

pub use apply::{Applied, Problem, apply};
pub use check::{Trip, Unjudged, check, check_and_lead, replay, replay_steps, trips, unjudged, verify};
pub use compare::{
    Changed, Comparison, Difference, Object, Unclear, admit, compare, compare_live, compare_stored, namespaces,
    reworded,
};
pub use head::head;
pub use holds::holds;
pub use kept::{read_index, read_routine, read_table, read_trigger, read_view, reads_as_condition};
pub use model::{Column, DataType, ForeignKey, Index, Key, Name, ObjectName, Place, Schema, Table};
pub use quick::{Digest, quick};
