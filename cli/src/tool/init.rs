//! `init`: what a project needs, on disk where it is nobody's yet, printed where it is the user's.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use revchain_core::{Dialect, load};

use super::command::Init;
use super::usage;
use crate::BoxError;
use crate::output::print;

pub(super) fn run(words: &Init) -> Result<ExitCode, BoxError> {
    let dialects = dialects(&words.dialects)?;
    let directory = &words.directory;
    let shown = directory.display();
    match fs::read_dir(directory).map(|mut entries| entries.next().is_some()) {
        Ok(true) => {
            return Err(format!("Directory {shown} already exists and is not empty; name another one").into());
        }
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("`{shown}` cannot be a migrations directory: {error}").into());
        }
        _ => {}
    }
    let package = package(directory);
    let watched = match &package {
        Some((_, relative)) => relative.clone(),
        None => slashed(directory),
    };
    let config = config(&dialects);
    let build_script = format!("fn main() {{\n    revchain_build::watch({watched:?});\n}}\n");
    let versions = directory.join(load::VERSIONS);
    let mut said = String::new();
    let mut put = |path: &Path, text: &str| -> Result<(), BoxError> {
        fs::write(path, text).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
        said.push_str(&format!("  wrote {}\n", slashed(path)));
        Ok(())
    };
    fs::create_dir_all(&versions).map_err(|error| format!("`{}` cannot be made: {error}", versions.display()))?;
    put(&directory.join(load::CONFIG), &config)?;
    // Version control keeps no empty directory, and without it the build fails.
    put(&versions.join(".gitkeep"), "")?;
    let script = package.as_ref().map(|(root, _)| root.join("build.rs"));
    let mut yours = String::new();
    match &script {
        Some(script) if !script.exists() => put(script, &build_script)?,
        Some(_) => yours.push_str(&format!("\nbuild.rs, in its `main`:\n\n    revchain_build::watch({watched:?});\n")),
        // There is no package yet whose root it could be written to.
        None => yours.push_str(&format!("\nbuild.rs:\n\n    {}\n", build_script.trim_end().replace('\n', "\n    "))),
    }
    print(&format!("{said}{yours}{}", lines(&watched, &dialects)))?;
    Ok(ExitCode::SUCCESS)
}

/// The lines that belong into files which are the user's own.
fn lines(watched: &str, dialects: &[Dialect]) -> String {
    let quoted: Vec<String> = dialects.iter().map(|dialect| format!("{:?}", dialect.name())).collect();
    let (features, version) = (quoted.join(", "), env!("CARGO_PKG_VERSION"));
    format!(
        "\nCargo.toml:\n\n    \
         [dependencies]\n    \
         revchain = {{ version = \"{version}\", features = [{features}] }}\n    \
         revchain-cli = {{ version = \"{version}\", features = [{features}] }}\n\n    \
         [build-dependencies]\n    \
         revchain-build = \"{version}\"\n\
         \nsrc/main.rs (with a library, the first line belongs there):\n\n    \
         revchain::embed_migrations!({watched:?});\n\n    \
         fn main() -> std::process::ExitCode {{\n        \
         revchain_cli::run(&MIGRATIONS)\n    \
         }}\n\
         \nThen: revchain revision -m \"first tables\"\n"
    )
}

fn config(dialects: &[Dialect]) -> String {
    let names: Vec<String> = dialects.iter().map(|dialect| format!("{:?}", dialect.name())).collect();
    let url = match dialects.first() {
        Some(Dialect::Postgres) => "postgres://me:${DB_PASSWORD}@localhost/app",
        Some(Dialect::Mysql) => "mysql://me:${DB_PASSWORD}@localhost/app",
        Some(Dialect::Sqlite) | None => "sqlite:dev.db",
    };
    format!(
        "# The databases that this chain serves: every revision has to say something for each.\n\
         dialects = [{}]\n\
         \n\
         # The database where --url, the application and DATABASE_URL name none; `${{NAME}}` is an environment variable.\n\
         # url = {url:?}\n\
         \n\
         # The version table, if it shall not be Alembic's.\n\
         # version_table = \"alembic_version\"\n",
        names.join(", ")
    )
}

fn dialects(words: &[String]) -> Result<Vec<Dialect>, BoxError> {
    let mut chosen = Vec::new();
    for word in words {
        let Some(dialect) = Dialect::from_name(word) else {
            let meant = Dialect::from_alias(word).map(Dialect::name);
            return Err(usage(
                match meant.or_else(|| revchain_core::suggest::nearest(word, Dialect::ALL.map(Dialect::name))) {
                    Some(name) => format!("--dialects: there is no dialect `{word}`; did you mean `{name}`?"),
                    None => format!("--dialects: there is no dialect `{word}`; there are postgres, mysql and sqlite"),
                },
            ));
        };
        if !chosen.contains(&dialect) {
            chosen.push(dialect);
        }
    }
    Ok(chosen)
}

/// The package that a directory will belong to: where its Cargo.toml is, and the directory as seen from there.
fn package(directory: &Path) -> Option<(PathBuf, String)> {
    // The user's own directory is written as they would write it; the real path is only for the comparison.
    let whole = std::path::absolute(directory).ok()?;
    let here = std::env::current_dir().ok()?;
    let root = whole.ancestors().skip(1).find(|above| above.join("Cargo.toml").is_file())?;
    let relative = slashed(whole.strip_prefix(root).ok()?);
    let shown = root.strip_prefix(&here).map_or_else(|_| root.to_owned(), Path::to_owned);
    Some((shown, relative))
}

/// With `/` between its parts, on every system: it goes into a source file.
fn slashed(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    let path: PathBuf = parts.collect();
    path.display().to_string().replace('\\', "/")
}
