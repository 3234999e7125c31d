//! A package outside of the workspace, whose program cargo builds and runs.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::project::{Project, Said, run};

pub(crate) struct Package<'a> {
    project: &'a Project,
}

impl<'a> Package<'a> {
    /// Makes a package of a project: `manifest` names what it depends on; the crates come from here. Two packages of one
    /// name would write over each other's program.
    pub(crate) fn new(project: &'a Project, name: &str, manifest: &str) -> Package<'a> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n{manifest}\n\
             [patch.crates-io]\n",
        );
        for (name, folder) in [
            ("revchain", "runtime"),
            ("revchain-build", "build"),
            ("revchain-cli", "cli"),
            ("revchain-core", "core"),
            ("revchain-macros", "macros"),
        ] {
            manifest.push_str(&format!("{name} = {{ path = '{}/{folder}' }}\n", workspace.display()));
        }
        project.write("Cargo.toml", &manifest);
        // The workspace's own lock file: whatever it names is on this machine already, so no network is needed.
        fs::copy(workspace.join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
        Package { project }
    }

    /// `cargo run` with these words for the program.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.run_with(&[], words)
    }

    /// The same with variables.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], words: &[&str]) -> Said {
        let mut command = self.cargo(&["run", "--quiet", "--offline", "--"]);
        run(command.args(words).envs(variables.iter().copied()))
    }

    /// `cargo build`.
    pub(crate) fn build(&self) -> Said {
        run(&mut self.cargo(&["build", "--quiet", "--offline"]))
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(words).current_dir(self.project.root());
        command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside"));
        // Half of the time would go into what nobody debugs.
        command
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .env_remove("DATABASE_URL");
        command
    }
}
