//! SQLite: what it can by itself, and by a new table the rest.

use revchain_schema::{Difference, Schema};

use crate::Script;

/// Writes what leads from one schema to the other.
pub(crate) fn write(_from: &Schema, _to: &Schema, _differences: &[Difference], _script: &mut Script) {}
