//! The journal: what a step that can't be one transaction writes down while it runs, so that whoever comes next can
//! tell whether it goes on, where it stopped, and take it up there.
//!
//! One row for each such step. While the step is under way, `claim` names the version table, and is unique: nobody
//! else begins a step meanwhile. (Afterwards it is NULL; on MySQL, where it is the table's key, the epoch.) `done` counts the statements that are over; a statement that commits by itself is
//! announced in `doubt` before it runs, together with what the objects that it names were like (`state_before`). Every
//! write asks for the `epoch` of the claim, which a successor raises: who was thought dead and was not, writes no more.
//!
//! Here are the table's shape and its SQL, and what a step consists of. Nothing here runs anything.

mod alive;
mod apart;
mod objects;
mod record;
mod table;
mod unit;
mod words;

pub(crate) use alive::Alive;
pub(crate) use apart::{Apart, apart};
pub(crate) use objects::{Effect, Object, UNSEEN, effect};
pub(crate) use record::{CLAIMED, STAMP};
pub(crate) use table::{Entry, Journal, epoch};
pub(crate) use unit::{Unit, UnitKind, units};

/// A digest of statements, to tell whether the ones that ran are still the ones in the file: FNV-1a, 64 bits, over their
/// texts. (Not for secrets: it only has to notice an edit.)
pub(crate) fn digest<'s>(statements: impl IntoIterator<Item = &'s str>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for statement in statements {
        statement.bytes().for_each(&mut add);
        add(0);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn digests_tell_edits() {
        assert_eq!(digest([]), "cbf29ce484222325");
        assert_ne!(digest(["a", "b"]), digest(["ab"]));
        assert_ne!(digest(["a"]), digest(["a", ""]));
    }
}
