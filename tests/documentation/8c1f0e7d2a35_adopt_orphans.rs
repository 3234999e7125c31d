//! Give every run a project
//!
//! revision: 8c1f0e7d2a35
//! down_revision: 53994db980f1
//! created: 2026-01-08T09:30:00Z

use revchain::{Dialect, Op, Result};

pub async fn upgrade(op: &mut Op<'_>) -> Result {
    if !op.exists("SELECT 1 FROM runs WHERE project IS NULL").await? {
        op.log("every run has a project");
        return Ok(());
    }
    if !op.exists("SELECT 1 FROM projects WHERE name = 'default'").await? {
        return Err(op.fail("some runs have no project, and there is no project `default` for them: make one first"));
    }
    let rows = op.execute("UPDATE runs SET project = 'default' WHERE project IS NULL").await?;
    op.log(format!("{rows} runs belong to `default` now"));
    if op.dialect() == Dialect::Postgres {
        op.execute("ANALYZE runs").await?;
    }
    Ok(())
}

/// Which runs had no project is not known any more.
pub async fn downgrade(_op: &mut Op<'_>) -> Result {
    Ok(())
}
