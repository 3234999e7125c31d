//! What generated code touches, and nobody else.

pub use crate::chain::{Edited, Migrations, Settings, StepFn, StepFuture, Transaction};
pub use crate::database::Connection;
pub use crate::packed::{LAYOUT_3, Layout3, Packed};
pub use revchain_model::drift::{Head, agree, agree_on, complete, differ, differ_on, lack};

#[cfg(feature = "prove")]
pub use crate::testing::Proof;
#[cfg(feature = "prove")]
pub use crate::{__prove_mysql as prove_mysql, __prove_postgres as prove_postgres, __prove_sqlite as prove_sqlite};

/// Refuses, at compile time, a chain that was embedded from other bytes than the build script saw.
pub const fn assert_fresh(seen: Option<&str>, embedded: &str) {
    let Some(seen) = seen else { return };
    let (seen, embedded) = (seen.as_bytes(), embedded.as_bytes());
    let mut same = seen.len() == embedded.len();
    let mut at = 0;
    while same && at < seen.len() {
        same = seen[at] == embedded[at];
        at += 1;
    }
    #[expect(clippy::panic, reason = "evaluated by the compiler: this is how a constant refuses")]
    if !same {
        panic!("stale: the migrations directory changed after the build script looked at it; run the build again");
    }
}

#[cfg(test)]
mod tests {
    use super::assert_fresh;

    const _: () = assert_fresh(Some("a1"), "a1");
    const _: () = assert_fresh(None, "a1");

    #[test]
    fn other_bytes_are_stale() {
        for (seen, embedded) in [("a1", "a2"), ("a1", "a"), ("", "a")] {
            std::panic::catch_unwind(|| assert_fresh(Some(seen), embedded)).unwrap_err();
        }
    }
}
