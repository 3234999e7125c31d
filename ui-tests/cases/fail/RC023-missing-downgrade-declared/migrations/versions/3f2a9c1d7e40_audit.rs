//! Write down who changes what
//!
//! revision: 3f2a9c1d7e40
//! down_revision: base
//!
//! @upgrade-schema
//!     CREATE TABLE audit (id BIGINT PRIMARY KEY);

use revchain::{Op, Result};

pub async fn upgrade(op: &mut Op<'_>) -> Result {
    op.execute("CREATE TABLE audit (id BIGINT PRIMARY KEY)").await?;
    Ok(())
}

pub async fn downgrade(op: &mut Op<'_>) -> Result {
    op.execute("DROP TABLE audit").await?;
    Ok(())
}
