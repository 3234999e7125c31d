//! What a long chain costs a build: an ordinary debug build after a change in the migrations directory, beside the same
//! build with an empty chain. Run it on a quiet machine:
//!
//! ```sh
//! cargo run --release -p bench --bin compile -- 1000
//! ```
//!
//! Generates a package outside this workspace with that many revisions of five statements for three dialects, and
//! prints the minimum, median and maximum wall-clock time of its incremental builds.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};

const ROUNDS: usize = 9;

fn main() -> Result<()> {
    let revisions: usize = env::args().nth(1).as_deref().unwrap_or("1000").parse().context("how many revisions?")?;
    let directory = tempfile::tempdir()?;
    write_package(directory.path())?;
    let mut medians = Vec::new();
    for count in [0, revisions] {
        write_chain(&directory.path().join("migrations/versions"), count)?;
        let first = build(directory.path())?;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            // As an edit, an added or a deleted file would: the directory's time changes, the script runs again.
            let probe = directory.path().join("migrations/versions/.touched");
            fs::write(&probe, "")?;
            fs::remove_file(&probe)?;
            times.push(build(directory.path())?);
        }
        times.sort();
        let median = times[ROUNDS / 2];
        medians.push(median);
        println!(
            "{count:>6} revisions: first {first:>7.1?}, again min {:>7.1?} median {median:>7.1?} max {:>7.1?}",
            times[0],
            times[ROUNDS - 1],
        );
    }
    println!("{revisions} revisions add {:.0?} to an incremental debug build", medians[1].saturating_sub(medians[0]));
    Ok(())
}

fn write_package(directory: &Path) -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace")?;
    fs::create_dir_all(directory.join("src"))?;
    fs::create_dir_all(directory.join("migrations/versions"))?;
    fs::write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = \"bench_compile\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nrevchain = {{ path = '{0}/runtime' }}\n\n\
             [build-dependencies]\nrevchain-build = {{ path = '{0}/build' }}\n",
            workspace.display()
        ),
    )?;
    fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock"))?;
    fs::write(directory.join("build.rs"), "fn main() {\n    revchain_build::watch(\"migrations\");\n}\n")?;
    fs::write(
        directory.join("src/main.rs"),
        "revchain::embed_migrations!(\"migrations\");\n\nfn main() {\n    println!(\"{}\", MIGRATIONS.len());\n}\n",
    )?;
    Ok(())
}

fn write_chain(versions: &Path, count: usize) -> Result<()> {
    fs::remove_dir_all(versions)?;
    fs::create_dir(versions)?;
    let mut down = "base".to_owned();
    for number in 0..count {
        let id = format!("{:012x}", number * 7919 + 1);
        let text = format!(
            "-- Step {number}\n--\n-- revision: {id}\n-- down_revision: {down}\n-- created: 2025-01-01T00:00:00Z\n\n\
             -- @upgrade\n\
             CREATE TABLE t{number} (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, note TEXT,\n    \
             amount NUMERIC(10,2) DEFAULT 0, created TIMESTAMP);\n\
             CREATE INDEX ix_t{number}_name ON t{number} (name);\n\
             -- Why this column is here.\n\
             ALTER TABLE t{number} ADD COLUMN extra INTEGER DEFAULT 5;\n\
             INSERT INTO t{number} (id, name) VALUES (1, 'a'), (2, 'b''c'), (3, 'd');\n\n\
             -- @downgrade\nDROP TABLE t{number};\n"
        );
        fs::write(versions.join(format!("{id}_step_{number}.sql")), text)?;
        down = id;
    }
    Ok(())
}

fn build(directory: &Path) -> Result<Duration> {
    let started = Instant::now();
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline"])
        .current_dir(directory)
        .env_remove("CARGO_TARGET_DIR")
        .status()?;
    ensure!(status.success(), "the build failed");
    Ok(started.elapsed())
}
