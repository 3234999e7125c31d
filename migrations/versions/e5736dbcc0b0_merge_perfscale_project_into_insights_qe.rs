//! merge_perfscale_project_into_insights_qe
//!
//! Moves what belongs to the project hcc-perfscale-cpt over to insights-qe. It is Rust because it asks before it acts:
//! an installation without the first project has nothing to move, one without the second must not lose anything.
//! The old project itself stays, with its members: removing it is for people to decide.
//!
//! revision: e5736dbcc0b0
//! down_revision: 8cf9148b9ad9
//! created: 2026-04-10T12:00:00Z

use revchain::{Dialect, Op, Result};

/// hcc-perfscale-cpt is there.
const SOURCE_EXISTS: &str = "SELECT 1 FROM projects WHERE id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'";

/// insights-qe is there.
const TARGET_EXISTS: &str = "SELECT 1 FROM projects WHERE id = '3915c900-85fc-1222-833c-10d51af56f2e'";

/// Runs and results say in their `data`, too, which project they are from; on PostgreSQL that is put right. `||` is
/// meant as it is: `data` that is no object becomes an array with the new member as its last element.
const MOVE_WITH_DATA: [(&str, &str); 2] = [
    (
        "runs",
        "UPDATE runs
         SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e',
             data = coalesce(data, '{}'::jsonb) || '{\"project\": \"insights-qe\"}'::jsonb
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
    (
        "results",
        "UPDATE results
         SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e',
             data = coalesce(data, '{}'::jsonb) || '{\"project\": \"insights-qe\"}'::jsonb
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
];

/// The same without `data`: MySQL and SQLite keep it as it was written.
const MOVE_WITHOUT_DATA: [(&str, &str); 2] = [
    (
        "runs",
        "UPDATE runs SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e'
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
    (
        "results",
        "UPDATE results SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e'
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
];

/// Filters and parameters that mention the old project are texts of their users' making, and stay.
const MOVE_VIEWS: [(&str, &str); 2] = [
    (
        "dashboards",
        "UPDATE dashboards SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e'
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
    (
        "widget_configs",
        "UPDATE widget_configs SET project_id = '3915c900-85fc-1222-833c-10d51af56f2e'
         WHERE project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'",
    ),
];

/// Who could see the old project can see the new one. Links that are there already are passed over.
const LINK_USERS: &str = "INSERT INTO users_projects (user_id, project_id)
     SELECT source.user_id, '3915c900-85fc-1222-833c-10d51af56f2e'
     FROM users_projects AS source
     WHERE source.project_id = 'c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c'
       AND NOT EXISTS (
           SELECT 1 FROM users_projects AS target
           WHERE target.user_id = source.user_id
             AND target.project_id = '3915c900-85fc-1222-833c-10d51af56f2e')";

pub async fn upgrade(op: &mut Op<'_>) -> Result {
    if !op.exists(SOURCE_EXISTS).await? {
        op.log("Source project c6fd19a7-858a-4226-8c27-d8fa7ddf6d0c not found, skipping migration");
        return Ok(());
    }
    if !op.exists(TARGET_EXISTS).await? {
        return Err(op.fail("Target project 3915c900-85fc-1222-833c-10d51af56f2e does not exist"));
    }
    let runs_and_results = match op.dialect() {
        Dialect::Postgres => MOVE_WITH_DATA,
        _ => MOVE_WITHOUT_DATA,
    };
    for (table, sql) in runs_and_results.into_iter().chain(MOVE_VIEWS) {
        let rows = op.execute(sql).await?;
        op.log(format!("  updated {rows} {table} rows"));
    }
    let rows = op.execute(LINK_USERS).await?;
    op.log(format!("  inserted {rows} users_projects rows"));
    Ok(())
}

/// What came from where is not written down anywhere: there is nothing to undo by.
pub async fn downgrade(_op: &mut Op<'_>) -> Result {
    Ok(())
}
