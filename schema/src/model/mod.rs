//! The schema as a value. What it holds is what the three databases hold of it, named as they name it; how a statement
//! becomes a part of it is `read`'s and `replay`'s business.

mod catalog;
mod column;
mod constraint;
mod data_type;
mod expression;
mod index;
mod name;
mod objects;
mod shared;
mod table;

pub use catalog::Catalog;
pub(crate) use catalog::Twins;
pub use column::{Column, Default, Generated, Identity, Storage};
pub use constraint::{Check, Exclusion, ForeignKey, Key, Match, ReferentialAction};
pub use data_type::{DataType, Family};
pub use expression::Expression;
pub(crate) use expression::{unquoted, written};
pub use index::{Index, IndexPart, Order};
pub use name::{Name, ObjectName};
pub use objects::{Domain, Enum, Routine, Sequence, Trigger, UserType, View, Written};
pub use shared::Shared;
pub use table::{OtherName, Place, Schema, Table, Taint};
