//! The application's binary, which alone knows its models: found with cargo, built, and asked. Nothing is decided here about
//! what it says.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use revchain_core::config::ModelSettings;
use serde_json::Value;

use super::directory::Directory;
use crate::BoxError;

/// The verb by which a binary prints its models.
pub(crate) const VERB: &str = "models";

/// How long a binary may take to print them. One that takes the verb for nothing is a server, and runs for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// The name that a binary with nothing but the command line has by habit.
const HABIT: &str = "migrate";

/// Builds the application's binary, and gives what it prints of its models.
pub(super) fn ask(directory: &Directory, settings: &ModelSettings) -> Result<String, BoxError> {
    let package = package(directory, settings)?;
    let binary = choose(&package, settings)?;
    let program = build(&package, &binary, settings)?;
    let mut command = Command::new(&program);
    command.args(&settings.arguments).arg(VERB).current_dir(&package.directory);
    let printed =
        run(command).map_err(|error| format!("the binary `{binary}` cannot be asked for its models: {error}"))?;
    match printed {
        Some(text) => Ok(text),
        None => Err(not_mounted(&binary, settings).into()),
    }
}

/// With this the models may differ from the chain: else nobody could ask for them just when it matters. Read by what
/// `embed_migrations!(…, models = …)` expands to.
const SUSPENDED: &str = "REVCHAIN_SUSPEND_DRIFT";

/// A package of cargo's.
struct Package {
    name: String,
    directory: PathBuf,
    /// Where the workspace's programs are built.
    target: PathBuf,
    default: Option<String>,
    binaries: Vec<String>,
}

/// The package that the directory is in, or the one that the settings name.
fn package(directory: &Directory, settings: &ModelSettings) -> Result<Package, BoxError> {
    let start = std::path::absolute(&directory.path)?;
    let Some(root) = start.ancestors().find(|above| above.join("Cargo.toml").is_file()) else {
        return Err(format!(
            "no package of cargo's is above `{}`: models are structs of one\n  help: or describe the schema in a file, \
             and write `schema = \"schema.sql\"` below `[models]` in `{0}/revchain.toml`",
            directory.shown
        )
        .into());
    };
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]).arg(root.join("Cargo.toml"));
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|error| no_cargo(&error))?;
    if !output.status.success() {
        return Err("cargo cannot read the package; it says why above".into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let target = Path::new(metadata["target_directory"].as_str().unwrap_or("target"));
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let packages: Vec<Package> = packages.filter_map(|package| read_package(package, target)).collect();
    let found = match &settings.package {
        Some(name) => packages.into_iter().find(|package| package.name == *name),
        // A workspace lists all of its own; the nearest one is meant.
        None => packages
            .into_iter()
            .filter(|package| start.starts_with(&package.directory))
            .max_by_key(|package| package.directory.components().count()),
    };
    found.ok_or_else(|| match &settings.package {
        Some(name) => format!("`[models]` names the package `{name}`, which this workspace has not").into(),
        None => {
            format!("`{}` is in no package of its workspace; name one with `package` below `[models]`", directory.shown)
                .into()
        }
    })
}

fn read_package(package: &Value, target: &Path) -> Option<Package> {
    let binary = |target: &Value| {
        let is_one = target["kind"].as_array().into_iter().flatten().any(|kind| kind == "bin");
        is_one.then(|| target["name"].as_str().map(str::to_owned)).flatten()
    };
    Some(Package {
        name: package["name"].as_str()?.to_owned(),
        directory: Path::new(package["manifest_path"].as_str()?).parent()?.to_owned(),
        target: target.to_owned(),
        default: package["default_run"].as_str().map(str::to_owned),
        binaries: package["targets"].as_array().into_iter().flatten().filter_map(binary).collect(),
    })
}

/// Which of the package's binaries is asked.
fn choose(package: &Package, settings: &ModelSettings) -> Result<String, BoxError> {
    let listed = package.binaries.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if let Some(name) = &settings.binary {
        return match package.binaries.contains(name) {
            true => Ok(name.clone()),
            false => Err(format!(
                "`[models]` names the binary `{name}`, which package `{}` has not; it has {}",
                package.name,
                if listed.is_empty() { "none" } else { &listed }
            )
            .into()),
        };
    }
    if package.binaries.iter().any(|name| name == HABIT) {
        return Ok(HABIT.to_owned());
    }
    match (&package.default, package.binaries.as_slice()) {
        (Some(name), _) => Ok(name.clone()),
        (None, [name]) => Ok(name.clone()),
        (None, []) => Err(format!(
            "package `{}` has no binary that could be asked for its models\n  help: add {}",
            package.name,
            mounted()
        )
        .into()),
        (None, _) => Err(format!(
            "package `{}` has several binaries ({listed}); say which one has the models: `binary = \"…\"` below \
             `[models]` in revchain.toml",
            package.name
        )
        .into()),
    }
}

/// Builds it: without looking whether the models are what the chain leads to, and where no other build finds what comes of that.
fn build(package: &Package, binary: &str, settings: &ModelSettings) -> Result<PathBuf, BoxError> {
    let mut command = cargo();
    command
        .args(["build", "--quiet", "--message-format=json-render-diagnostics", "--bin", binary, "--manifest-path"])
        .arg(package.directory.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(package.target.join("revchain"))
        .env(SUSPENDED, "1");
    if !settings.features.is_empty() {
        command.args(["--features", &settings.features.join(",")]);
    }
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|error| no_cargo(&error))?;
    if !output.status.success() {
        return Err(format!(
            "the binary `{binary}` does not compile, and only it knows its models; nothing was written"
        )
        .into());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_it = message["reason"] == "compiler-artifact" && message["target"]["name"] == binary;
        is_it.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    };
    text.lines().filter_map(executable).next_back().ok_or_else(|| format!("cargo built no binary `{binary}`").into())
}

/// Runs it, and gives what it prints where that is an answer. A program that neither answers nor ends is stopped.
fn run(mut command: Command) -> io::Result<Option<String>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, receiver) = mpsc::channel();
    let Some(mut stdout) = child.stdout.take() else { return Ok(None) };
    thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.read_to_string(&mut text);
        // Nobody listens any more to one that was too slow.
        let _ = sender.send(read.map(|_| text));
    });
    let printed = receiver.recv_timeout(PATIENCE);
    stop(&mut child);
    match printed {
        Ok(text) => text.map(|text| Some(text).filter(|text| text.trim_start().starts_with('{'))),
        Err(_) => Ok(None),
    }
}

fn stop(child: &mut Child) {
    if !matches!(child.try_wait(), Ok(Some(_))) {
        let _ = child.kill();
    }
    let _ = child.wait();
}

fn cargo() -> Command {
    // Cargo says which one it is to what it starts.
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn no_cargo(error: &io::Error) -> BoxError {
    format!("cargo cannot run, which has to build the application: {error}").into()
}

fn not_mounted(binary: &str, settings: &ModelSettings) -> String {
    let words: Vec<&str> = settings.arguments.iter().map(String::as_str).chain([VERB]).collect();
    format!(
        "the binary `{binary}` does not print its models when it is asked (`{binary} {}`)\n  help: add {}\n  help: where \
         it mounts the verbs below a word of its own, write `arguments = [\"…\"]` below `[models]` in revchain.toml",
        words.join(" "),
        mounted()
    )
}

/// The lines of a binary that can be asked.
fn mounted() -> String {
    "`src/bin/migrate.rs`:\n\n    \
     fn main() -> std::process::ExitCode {\n        \
     revchain_cli::Cli::new(&app::MIGRATIONS)\n            \
     .models(revchain::schema![app::User, app::Project])\n            \
     .run()\n    \
     }\n"
    .to_owned()
}
