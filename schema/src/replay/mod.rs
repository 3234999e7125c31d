//! Replaying: what a statement makes of a schema, or why it can't. Knows what the three databases do; never reads SQL.

mod fault;

pub(crate) use fault::{Fault, FaultKind};
