//! The Ibutsu Server's schema history, embedded: the reference application of revchain.
//!
//! An application that uses revchain looks like this one: a `migrations` directory, a `build.rs` of one call, this
//! line, the tables as structs (the build stops where they are not what the chain leads to), and a `main` that mounts the command line.

pub mod models;

use models::{
    Artifact, Dashboard, Group, Import, ImportFile, Project, Run, TestResult, Token, User, UsersProjects, WidgetConfig,
};

revchain::embed_migrations!(
    "migrations",
    models = [
        Artifact,
        Dashboard,
        Group,
        Import,
        ImportFile,
        Project,
        TestResult,
        Run,
        Token,
        User,
        UsersProjects,
        WidgetConfig,
    ]
);
