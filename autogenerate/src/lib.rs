//! Autogenerate: from the schema that there is and the one that there should be to the statements of a revision.
//!
//! ```text
//! declared  models, or schema.sql   -> Schema               what there should be, on one dialect
//! adopt     Schema, what there is   -> Schema               what nobody declares stays; what is the same in other words, too
//! renamed   Schemas, hints          -> Renames, questions   what may be a rename is asked, never guessed
//! write     Schema, Schema, Renames -> Script               the statements, in an order in which they run
//! prove     Schema, Script, Schema  -> differences          whether they lead where they should, by replay
//! ```
//!
//! A downgrade is written as the upgrade is, from the schema that this leads to back to the one before. Pure: never connects,
//! prints, asks or touches a file, and never decides what there should be.

mod adopt;
mod alter;
mod baseline;
mod declared;
mod layout;
mod prove;
mod rebuild;
mod renamed;
mod script;
mod structs;
mod translate;

pub use adopt::{Adopted, NotCompared, NothingDeclared, adopt};
pub use baseline::{Baseline, LeftOut, baseline, baseline_for};
pub use declared::{Around, Declared, Fault, declare, declare_sql};
pub use layout::{Written, sections};
pub use prove::{Proof, prove};
pub use renamed::{Answers, Candidates, Question, WrongHint, candidates, renamed};
pub use script::{Omitted, Renames, Script, Step, write};
pub use structs::{Structs, structs};
pub use translate::{Gap, Translated, translate};
