//! What models cost a build: `cargo check` of a package with so many structs of fifteen columns, from scratch and without
//! incremental compilation; then with `#[derive(Table)]`; then compared with the chain. Run it on a quiet machine:
//!
//! ```sh
//! cargo run --release -p bench --bin drift -- 100
//! ```
//!
//! Generates a package outside this workspace, whose chain makes the tables for three dialects, and prints the minimum and
//! median of wall-clock and processor time of the package's own check, its build script's run not counted.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};

const ROUNDS: usize = 7;

/// A column: what the struct says, and what the chain does.
const COLUMNS: [(&str, &str); 14] = [
    ("name: String", "name VARCHAR(80) NOT NULL"),
    ("title: Option<String>", "title VARCHAR(200)"),
    ("is_active: bool", "is_active BOOLEAN NOT NULL"),
    ("age: i32", "age INTEGER NOT NULL"),
    ("size: Option<i64>", "size BIGINT"),
    ("ratio: f64", "ratio DOUBLE PRECISION NOT NULL"),
    ("note: Option<String>", "note TEXT"),
    ("first_seen_in: Option<String>", "first_seen_in VARCHAR(40)"),
    ("last_seen_in: Option<String>", "last_seen_in VARCHAR(40)"),
    ("#[column(type = \"VARCHAR(64)\")] code: String", "code VARCHAR(64) NOT NULL"),
    ("#[column(default = \"0\")] count: i32", "count INTEGER DEFAULT 0 NOT NULL"),
    ("rank: i32", "rank INTEGER NOT NULL"),
    ("#[column(index)] kind: i32", "kind INTEGER NOT NULL"),
    ("parent: Option<i64>", "parent BIGINT"),
];

fn main() -> Result<()> {
    let tables: usize = env::args().nth(1).as_deref().unwrap_or("100").parse().context("how many tables?")?;
    let directory = tempfile::tempdir()?;
    write_package(directory.path(), tables)?;
    let mut before: Option<(Duration, Duration)> = None;
    for (what, derives, compares) in
        [("structs", false, false), ("with #[derive(Table)]", true, false), ("compared with the chain", true, true)]
    {
        write_models(directory.path(), tables, derives, compares)?;
        check(directory.path())?;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            // Later than what was built of it.
            write_models(directory.path(), tables, derives, compares)?;
            times.push(check(directory.path())?);
        }
        let (mut wall, mut processor): (Vec<_>, Vec<_>) = times.into_iter().unzip();
        wall.sort();
        processor.sort();
        let (wall, processor) = ((wall[0], wall[ROUNDS / 2]), (processor[0], processor[ROUNDS / 2]));
        print!(
            "{tables:>5} tables, {what:<24} wall min {:>7.2?} median {:>7.2?}, processor min {:>7.2?} median {:>7.2?}",
            wall.0, wall.1, processor.0, processor.1
        );
        if let Some((wall_before, processor_before)) = before {
            print!(
                "; adds {:.2?}, {:.2?} of the processor's",
                wall.0.saturating_sub(wall_before),
                processor.0.saturating_sub(processor_before)
            );
        }
        println!();
        before = Some((wall.0, processor.0));
    }
    Ok(())
}

fn write_package(directory: &Path, tables: usize) -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?;
    fs::create_dir_all(directory.join("src"))?;
    fs::create_dir_all(directory.join("migrations/versions"))?;
    fs::write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = \"bench_drift\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nrevchain = {{ path = '{0}/runtime' }}\n\n\
             [build-dependencies]\nrevchain-build = {{ path = '{0}/build' }}\n",
            workspace.display()
        ),
    )?;
    fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock"))?;
    fs::write(directory.join("build.rs"), "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n")?;
    let (mut upgrade, mut downgrade) = (String::new(), String::new());
    for number in 0..tables {
        let columns: Vec<&str> = COLUMNS.iter().map(|(_, column)| *column).collect();
        writeln!(
            upgrade,
            "CREATE TABLE table_{number} (id BIGINT NOT NULL PRIMARY KEY, {});\n\
             CREATE INDEX ix_{number} ON table_{number} (kind);",
            columns.join(", ")
        )?;
        writeln!(downgrade, "DROP TABLE table_{number};")?;
    }
    let text = format!(
        "-- All tables\n--\n-- revision: a1\n-- down_revision: base\n\n-- @upgrade\n{upgrade}\n-- @downgrade\n{downgrade}"
    );
    fs::write(directory.join("migrations/versions/a1_all_tables.sql"), text)?;
    Ok(())
}

fn write_models(directory: &Path, tables: usize, derives: bool, compares: bool) -> Result<()> {
    let (mut text, mut names) = (String::from("#![allow(dead_code)]\n"), Vec::new());
    for number in 0..tables {
        if derives {
            writeln!(text, "#[derive(revchain::Table)]\n#[table(name = \"table_{number}\")]")?;
        }
        let id = if derives { "#[column(primary_key)] id: i64" } else { "id: i64" };
        write!(text, "pub struct Table{number} {{\n    {id},\n")?;
        for (field, _) in COLUMNS {
            let field = if derives { field } else { field.rsplit("] ").next().unwrap_or(field) };
            writeln!(text, "    {field},")?;
        }
        text.push_str("}\n");
        names.push(format!("Table{number}"));
    }
    match compares {
        true => writeln!(text, "revchain::embed_migrations!(\"migrations\", models = [{}]);", names.join(", "))?,
        false => text.push_str("revchain::embed_migrations!(\"migrations\");\n"),
    }
    fs::write(directory.join("src/lib.rs"), text)?;
    Ok(())
}

/// How long a check takes, by the clock and by the processor.
fn check(directory: &Path) -> Result<(Duration, Duration)> {
    let (started, before) = (Instant::now(), of_children());
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "--offline"])
        .current_dir(directory)
        .env("CARGO_INCREMENTAL", "0")
        .status()?;
    ensure!(status.success(), "the check failed");
    Ok((started.elapsed(), of_children().saturating_sub(before)))
}

/// What this program's children took of the processor so far. Only Linux tells, in hundredths of a second.
fn of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the program's name, which may hold anything.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = fields.split(' ').skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
