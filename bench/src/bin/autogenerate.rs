//! How long it takes to compare many tables with a live database: `revchain check --database` and `revchain revision
//! --autogenerate --database` beside Alembic's `check` and `revision --autogenerate`, on one database, from models that say
//! the same. Run it on a quiet machine, with an empty database (of SQLite `sqlite:///`, and the whole path) and a Python environment that has
//! Alembic and a driver (psycopg2, PyMySQL):
//!
//! ```sh
//! cargo build --release -p revchain-cli --features tool,postgres,mysql,sqlite --bin revchain
//! cargo run --release -p bench --bin autogenerate -- postgres://me@localhost/empty path/to/bin/alembic 300
//! ```
//!
//! Prints the minimum, median and maximum wall-clock time of whole processes. The tables are made by the one and taken away
//! at the end; each has fifteen columns, four indexes (one of them unique) and a foreign key to the one before.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};

const ROUNDS: usize = 7;

/// The columns of each table, beside its key and what it refers to: name, SQL, SQLAlchemy.
const COLUMNS: [(&str, &str, &str); 13] = [
    ("name", "VARCHAR(100) NOT NULL", "sa.String(100), nullable=False"),
    ("note", "TEXT", "sa.Text()"),
    ("created", "TIMESTAMP", "sa.DateTime()"),
    ("amount", "NUMERIC(10, 2) DEFAULT 0", "sa.Numeric(10, 2), server_default=sa.text('0')"),
    ("active", "BOOLEAN DEFAULT true NOT NULL", "sa.Boolean(), server_default=sa.text('true'), nullable=False"),
    ("kind", "VARCHAR(20)", "sa.String(20)"),
    ("started", "DATE", "sa.Date()"),
    ("total", "BIGINT", "sa.BigInteger()"),
    ("ratio", "DOUBLE PRECISION", "sa.Double()"),
    ("code", "VARCHAR(12) UNIQUE", "sa.String(12), unique=True"),
    ("position", "INTEGER", "sa.Integer()"),
    ("owner", "VARCHAR(40)", "sa.String(40)"),
    ("state", "VARCHAR(9) DEFAULT 'new' NOT NULL", "sa.String(9), server_default='new', nullable=False"),
];

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [url, alembic, rest @ ..] = words.as_slice() else {
        anyhow::bail!("usage: autogenerate <URL of an empty database> <path of alembic> [<tables>]");
    };
    let tables: usize = rest.first().map_or("300", String::as_str).parse().context("how many tables?")?;
    let revchain = env::current_exe()?.with_file_name("revchain");
    ensure!(revchain.exists(), "build it first: {}", revchain.display());
    let alembic = fs::canonicalize(alembic).or_else(|_| which(alembic))?;
    let directory = tempfile::tempdir()?;
    let scheme = url.split(':').next().unwrap_or_default();
    let dialect =
        *DIALECTS.iter().find(|dialect| dialect.scheme == scheme).context("postgres://, mysql:// or sqlite:///")?;
    let bench = Bench { directory: directory.path(), url, dialect, revchain, alembic };
    bench.prepare(tables)?;
    let done = bench.measure(tables);
    bench.revchain(&["downgrade", "base"])?;
    done
}

fn which(name: &str) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|path| path.join(name)).find(|path| path.is_file()).context("no such program")
}

/// A database that is measured.
#[derive(Clone, Copy)]
struct Dialect {
    /// What its URLs begin with, and files call it.
    scheme: &'static str,
    /// What Alembic's URLs begin with.
    driver: &'static str,
    /// What it calls a moment, and a number in binary: other names than these aren't what SQLAlchemy asks for.
    types: [&'static str; 2],
}

const DIALECTS: [Dialect; 3] = [
    Dialect { scheme: "postgres", driver: "postgresql+psycopg2://", types: ["TIMESTAMP", "DOUBLE PRECISION"] },
    Dialect { scheme: "mysql", driver: "mysql+pymysql://", types: ["DATETIME", "DOUBLE"] },
    Dialect { scheme: "sqlite", driver: "sqlite:///", types: ["DATETIME", "DOUBLE"] },
];

struct Bench<'a> {
    directory: &'a Path,
    url: &'a str,
    dialect: Dialect,
    revchain: PathBuf,
    alembic: PathBuf,
}

impl Bench<'_> {
    fn prepare(&self, tables: usize) -> Result<()> {
        for directory in ["migrations/versions", "alembic/versions"] {
            fs::create_dir_all(self.directory.join(directory))?;
        }
        let settings = "[models]\nschema = 'schema.sql'\n\n[check]\nRC4 = 'off'\n";
        self.write("migrations/revchain.toml", &format!("dialects = ['{}']\n\n{settings}", self.dialect.scheme))?;
        self.models(tables, false)?;
        self.write("alembic.ini", "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n")?;
        self.write(
            "alembic/env.py",
            "import os\nimport sqlalchemy as sa\nfrom alembic import context\nimport models\n\
             engine = sa.create_engine(os.environ['BENCH_URL'])\n\
             with engine.connect() as connection:\n    \
             context.configure(connection=connection, target_metadata=models.metadata,\n        \
             include_name=lambda name, kind, parents: name != 'revchain_journal')\n    \
             with context.begin_transaction():\n        context.run_migrations()\n",
        )?;
        self.write(
            "alembic/script.py.mako",
            "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\nfrom alembic import op\n\
             import sqlalchemy as sa\ndef upgrade():\n    ${upgrades if upgrades else 'pass'}\n\
             def downgrade():\n    ${downgrades if downgrades else 'pass'}\n",
        )?;
        self.write(
            "alembic/versions/first.py",
            "revision = 'first'\ndown_revision = None\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n",
        )?;
        self.revchain(&["revision", "--autogenerate", "-m", "First", "--rev-id", "first"])?;
        self.revchain(&["upgrade"])?;
        Ok(())
    }

    /// The models of both, with a column more on demand.
    fn models(&self, tables: usize, more: bool) -> Result<()> {
        let mut sql = String::new();
        let mut python = String::from("import sqlalchemy as sa\nmetadata = sa.MetaData()\n");
        for number in 0..tables {
            let parent = number.saturating_sub(1);
            write!(sql, "CREATE TABLE t{number} (\n    id INTEGER NOT NULL PRIMARY KEY, parent_id INTEGER")?;
            write!(
                python,
                "sa.Table('t{number}', metadata, sa.Column('id', sa.Integer(), primary_key=True, autoincrement=False),\n    \
                 sa.Column('parent_id', sa.Integer(), sa.ForeignKey('t{parent}.id', name='fk_t{number}'), index=True)"
            )?;
            let [moment, number_in_binary] = self.dialect.types;
            for (name, in_sql, in_python) in COLUMNS {
                let in_sql = in_sql.replace("TIMESTAMP", moment).replace("DOUBLE PRECISION", number_in_binary);
                write!(sql, ",\n    {name} {in_sql}")?;
                write!(python, ",\n    sa.Column('{name}', {in_python})")?;
            }
            if more && number == 0 {
                write!(sql, ",\n    label VARCHAR(9)")?;
                write!(python, ",\n    sa.Column('label', sa.String(9))")?;
            }
            writeln!(
                sql,
                ",\n    CONSTRAINT fk_t{number} FOREIGN KEY (parent_id) REFERENCES t{parent} (id)\n);\n\
                 CREATE INDEX ix_t{number}_parent_id ON t{number} (parent_id);\n\
                 CREATE INDEX ix_t{number}_name ON t{number} (name);\n\
                 CREATE INDEX ix_t{number}_kind ON t{number} (kind, started);"
            )?;
            writeln!(
                python,
                ",\n    sa.Index('ix_t{number}_name', 'name'), sa.Index('ix_t{number}_kind', 'kind', 'started'))"
            )?;
        }
        self.write("migrations/schema.sql", &sql)?;
        self.write("models.py", &python)
    }

    fn measure(&self, tables: usize) -> Result<()> {
        self.alembic(&["check"]).context("Alembic sees the same tables")?;
        println!("{tables} tables of {} columns", COLUMNS.len() + 2);
        let ours = self.times("revchain check --database", || self.revchain(&["check", "--database"]))?;
        let theirs = self.times("alembic check", || self.alembic(&["check"]))?;
        self.ratio(ours, theirs);
        self.models(tables, true)?;
        let ours = self.times("revchain revision --autogenerate --database", || {
            self.revchain(&["revision", "--autogenerate", "--database", "-m", "Next", "--rev-id", "next"])
        })?;
        let theirs = self.times("alembic revision --autogenerate", || {
            self.alembic(&["revision", "--autogenerate", "-m", "Next", "--rev-id", "next"])
        })?;
        self.ratio(ours, theirs);
        let without = self.times("revchain revision --autogenerate (no database)", || {
            self.revchain(&["revision", "--autogenerate", "-m", "Next", "--rev-id", "next"])
        })?;
        self.ratio(without, theirs);
        Ok(())
    }

    fn ratio(&self, ours: Duration, theirs: Duration) {
        println!("  {:.3} of Alembic's time", ours.as_secs_f64() / theirs.as_secs_f64());
    }

    /// The median, of whole processes. What a run wrote is taken away behind it.
    fn times(&self, what: &str, run: impl Fn() -> Result<()>) -> Result<Duration> {
        let mut times = Vec::new();
        // The first one warms the caches up.
        for round in 0..=ROUNDS {
            let started = Instant::now();
            run()?;
            let taken = started.elapsed();
            times.extend((round > 0).then_some(taken));
            for file in ["migrations/versions/next_next.sql", "alembic/versions/next_next.py"] {
                let _ = fs::remove_file(self.directory.join(file));
            }
            self.revchain(&["lock"])?;
        }
        times.sort();
        let median = times[ROUNDS / 2];
        println!("{what:>48}: min {:>7.1?} median {median:>7.1?} max {:>7.1?}", times[0], times[ROUNDS - 1]);
        Ok(median)
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        Ok(fs::write(self.directory.join(file), text)?)
    }

    fn revchain(&self, words: &[&str]) -> Result<()> {
        finished(Command::new(&self.revchain).args(words).env("DATABASE_URL", self.url).current_dir(self.directory))
    }

    fn alembic(&self, words: &[&str]) -> Result<()> {
        let (_, address) = self.url.split_once("://").context("a URL")?;
        let url = format!("{}{address}", self.dialect.driver);
        finished(Command::new(&self.alembic).args(words).env("BENCH_URL", url).current_dir(self.directory))
    }
}

fn finished(command: &mut Command) -> Result<()> {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output()?;
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    ensure!(status.success(), "{command:?}: {status}\n{stdout}{stderr}");
    Ok(())
}
