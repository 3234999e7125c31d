//! The tables as plain structs: what the chain has to lead to. `cargo revchain check` says whether it does, `cargo revchain
//! revision --autogenerate -m "…"` writes what is missing.
//!
//! Nothing here is looked at when the program runs, and this one reads no rows. A service would derive `sqlx::FromRow` on
//! the same structs, and have `uuid::Uuid`, `serde_json::Value` and `chrono::NaiveDateTime` in the fields: revchain knows what
//! those stand for. Here the types below say it, and the application pays for none of them.
//!
//! That `id` is `unique` beside being the primary key comes from Ibutsu's own models: it says nothing, but SQLite's tables have it.

#![allow(missing_docs, reason = "a field is a column, and called as it is")]

use revchain::{SqlType, Table};

/// A UUID, as text with its dashes where the database has no type for it. (SQLite enforces no length: 36 characters fit.)
#[derive(Debug, SqlType)]
#[column(type(postgres = "UUID", mysql = "CHAR(36)", sqlite = "CHAR(32)"))]
pub struct Id(pub String);

/// JSON.
#[derive(Debug, SqlType)]
#[column(type(postgres = "JSONB", mysql = "JSON", sqlite = "JSON"))]
pub struct Json(pub String);

/// A time of day in UTC, to the microsecond.
#[derive(Debug, SqlType)]
#[column(type(postgres = "TIMESTAMP", mysql = "DATETIME(6)", sqlite = "DATETIME"))]
pub struct Timestamp(pub String);

/// Whom users and projects belong to.
#[derive(Debug, Table)]
#[table(name = "groups")]
pub struct Group {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(index)]
    pub name: Option<String>,
    pub data: Option<Json>,
}

/// Somebody who logs in.
#[derive(Debug, Table)]
#[table(name = "users")]
pub struct User {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(index(unique))]
    pub email: String,
    /// Hashed; none where somebody logs in elsewhere.
    #[column(name = "_password")]
    pub password: Option<String>,
    pub name: Option<String>,
    pub activation_code: Option<String>,
    pub is_superadmin: bool,
    pub is_active: bool,
    #[column(references = "groups(id)", index)]
    pub group_id: Option<Id>,
}

/// What a program logs in with.
#[derive(Debug, Table)]
#[table(name = "tokens")]
pub struct Token {
    #[column(primary_key, unique)]
    pub id: Id,
    pub name: String,
    pub token: String,
    pub expires: Option<Timestamp>,
    #[column(references = "users(id)", index)]
    pub user_id: Option<Id>,
}

/// What runs and results are filed under.
#[derive(Debug, Table)]
#[table(name = "projects")]
pub struct Project {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(index)]
    pub name: Option<String>,
    #[column(index)]
    pub title: Option<String>,
    #[column(references = "users(id)", index)]
    pub owner_id: Option<Id>,
    #[column(references = "groups(id)", index)]
    pub group_id: Option<Id>,
    /// Closes a circle: a dashboard has a project. Nothing has to be said of that here.
    #[column(references("dashboards(id)", name = "fk_project_default_dashboard"))]
    pub default_dashboard_id: Option<Id>,
}

/// A page of widgets.
#[derive(Debug, Table)]
#[table(name = "dashboards")]
pub struct Dashboard {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(index)]
    pub title: Option<String>,
    pub description: Option<String>,
    pub filters: Option<String>,
    #[column(references("projects(id)", name = "fk_dashboards_project_id"), index)]
    pub project_id: Option<Id>,
    #[column(references = "users(id)", index)]
    pub user_id: Option<Id>,
}

/// A widget of a dashboard, or of a project.
#[derive(Debug, Table)]
#[table(name = "widget_configs")]
pub struct WidgetConfig {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(references = "projects(id)", index)]
    pub project_id: Option<Id>,
    #[column(references = "dashboards(id)", index)]
    pub dashboard_id: Option<Id>,
    #[column(index)]
    pub title: Option<String>,
    #[column(name = "type", index)]
    pub kind: Option<String>,
    #[column(index)]
    pub weight: Option<i32>,
    #[column(index)]
    pub widget: Option<String>,
    pub params: Option<Json>,
    #[column(index)]
    pub navigable: Option<bool>,
}

/// A file of results that somebody sent.
#[derive(Debug, Table)]
#[table(name = "imports")]
pub struct Import {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(index)]
    pub filename: Option<String>,
    #[column(index)]
    pub format: Option<String>,
    pub data: Option<Json>,
    #[column(index)]
    pub status: Option<String>,
    #[column(default(postgres = "now()", mysql = "CURRENT_TIMESTAMP(6)", sqlite = "CURRENT_TIMESTAMP"), index)]
    pub created: Timestamp,
}

/// What was in it. Goes with the import.
#[derive(Debug, Table)]
#[table(name = "import_files")]
pub struct ImportFile {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(references = "imports(id)", on_delete = "cascade", index)]
    pub import_id: Id,
    #[column(type(mysql = "LONGBLOB"))]
    pub content: Option<Vec<u8>>,
}

/// A run of a test suite.
///
/// The indexes with names reach into `data` and `summary`, for which only PostgreSQL has words.
#[derive(Debug, Table)]
#[allow(clippy::duplicated_attributes, reason = "indexes of one kind, which clippy takes for one said twice")]
#[table(
    name = "runs",
    index(expr("data -> 'jenkins' ->> 'build_number'"), name = "ix_runs_jenkins_build_number", only(postgres)),
    index(expr("data -> 'jenkins' ->> 'job_name'"), name = "ix_runs_jenkins_job_name", only(postgres)),
    index(
        expr("data -> 'jenkins' ->> 'job_name'"),
        expr("data -> 'jenkins' ->> 'build_number'"),
        name = "ix_runs_jjn_jbn",
        only(postgres)
    ),
    index(summary, name = "ix_runs_summary", method = "gin", only(postgres)),
    index(expr("data -> 'tags'"), name = "ix_runs_tags", method = "gin", only(postgres)),
    index(expr("(summary ->> 'pass_percent')::int"), name = "ix_runs_pass_percent", only(postgres))
)]
pub struct Run {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(references = "projects(id)", index)]
    pub project_id: Option<Id>,
    pub data: Option<Json>,
    #[column(index)]
    pub env: Option<String>,
    #[column(index)]
    pub component: Option<String>,
    #[column(index)]
    pub source: Option<String>,
    #[column(index)]
    pub start_time: Timestamp,
    #[column(index)]
    pub duration: Option<f64>,
    pub summary: Option<Json>,
    #[column(index)]
    pub created: Timestamp,
}

/// What a test of a run came to.
///
/// The indexes with names were made for what Ibutsu's users ask for, and only on PostgreSQL.
#[derive(Debug, Table)]
#[allow(clippy::duplicated_attributes, reason = "indexes of one kind, which clippy takes for one said twice")]
#[table(
    name = "results",
    index(expr("data ->> 'assignee'"), name = "ix_results_assignee", only(postgres)),
    index(expr("data ->> 'classification'"), name = "ix_results_classification", only(postgres)),
    index(component, env, project_id, desc(start_time), name = "ix_results_component_env_project", only(postgres)),
    index(
        component,
        start_time,
        result,
        project_id,
        name = "ix_results_component_start_time_result_project_id",
        only(postgres)
    ),
    index(expr("data ->> 'exception_name'"), name = "ix_results_exception_name", only(postgres)),
    index(expr("data -> 'jenkins' ->> 'build_number'"), name = "ix_results_jenkins_build_number", only(postgres)),
    index(expr("data -> 'jenkins' ->> 'job_name'"), name = "ix_results_jenkins_job_name", only(postgres)),
    index(expr("data -> 'requirements'"), name = "ix_results_requirements", method = "gin", only(postgres)),
    index(
        result,
        expr("data ->> 'SatelliteVersion'"),
        project_id,
        run_id,
        expr("data ->> 'SnapVersion'"),
        name = "ix_results_result_satver_project_id_run_id_snapver",
        only(postgres)
    ),
    index(expr("data -> 'tags'"), name = "ix_results_tags", method = "gin", only(postgres))
)]
pub struct TestResult {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(references = "projects(id)", index)]
    pub project_id: Option<Id>,
    #[column(references = "runs(id)", index)]
    pub run_id: Option<Id>,
    #[column(index)]
    pub test_id: Option<String>,
    #[column(index)]
    pub result: Option<String>,
    pub data: Option<Json>,
    pub params: Option<Json>,
    #[column(index)]
    pub duration: Option<f64>,
    #[column(index)]
    pub start_time: Timestamp,
    #[column(index)]
    pub source: Option<String>,
    #[column(index)]
    pub env: Option<String>,
    #[column(index)]
    pub component: Option<String>,
}

/// A file that belongs to a run, or to a result.
#[derive(Debug, Table)]
#[table(name = "artifacts")]
pub struct Artifact {
    #[column(primary_key, unique)]
    pub id: Id,
    #[column(type(mysql = "LONGBLOB"))]
    pub content: Option<Vec<u8>>,
    #[column(references = "results(id)", index)]
    pub result_id: Option<Id>,
    #[column(references = "runs(id)", index)]
    pub run_id: Option<Id>,
    #[column(index)]
    pub filename: Option<String>,
    pub data: Option<Json>,
    #[column(index)]
    pub upload_date: Timestamp,
}

revchain::table! {
    /// Who works on which projects. Nobody needs a struct of it.
    #[table(name = "users_projects", primary_key(user_id, project_id))]
    pub struct UsersProjects {
        #[column(references = "users(id)")]
        user_id: Id,
        #[column(references = "projects(id)")]
        project_id: Id,
    }
}
