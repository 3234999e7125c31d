//! Greet every customer
//!
//! revision: c4e7129fb083
//! down_revision: 8b61d0e5a2f7
//!
//! @downgrade; irreversible: greetings cannot be taken back

pub async fn upgrade(op: &mut revchain::Op<'_>) -> revchain::Result {
    op.log("hello");
    Ok(())
}
