//! Write down who it was
//!
//! revision: 8b61d0e5a2f7
//! down_revision: 3f2a9c1d7e40
//!
//! Not where somebody has done so by hand.
//!
//! @upgrade-schema postgres
//!     ALTER TABLE audit ADD COLUMN who text;
//!     -- PostgreSQL has it in both letters.
//!     ALTER TABLE audit RENAME COLUMN who TO author;
//! @upgrade-schema sqlite
//!     ALTER TABLE audit ADD COLUMN author TEXT;
//! @downgrade-schema
//!
//!     ALTER TABLE audit DROP COLUMN author;
//!
//! Nothing else.

use revchain::{Op, Result};

pub async fn upgrade(op: &mut Op<'_>) -> Result {
    op.execute("ALTER TABLE audit ADD COLUMN author TEXT").await?;
    Ok(())
}

pub async fn downgrade(op: &mut Op<'_>) -> Result {
    op.execute("ALTER TABLE audit DROP COLUMN author").await?;
    Ok(())
}
