//! `baseline`: a database that is there already becomes the beginning of a chain. Reads the database, and writes files;
//! into the database only where `--stamp` says so, and only where the database is what was written. What can be refused is
//! refused before anything is written.

mod beside;
mod builds;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use revchain::{Access, Migrations};
use revchain_autogenerate::{Baseline, Structs, Written, sections, structs};
use revchain_core::Dialect;
use revchain_core::config::Config;
use revchain_schema::model::Name;
use revchain_schema::{Changed, Comparison, Schema};
use serde_json::json;

use super::chosen::Chosen;
use super::command::{BaselineWords, Format, Hints, MODELS, Revision};
use super::directory::Directory;
use super::embed::embed;
use super::peers;
use super::reflected::Live;
use super::revision::create;
use crate::choice::Choice;
use crate::json::object;
use crate::lines::counted;
use crate::output::print;
use crate::terminal::{one_line, say};
use crate::verbs::opened;
use crate::{BoxError, Cli};

/// How many differences are named.
const SHOWN: usize = 10;

pub(super) fn run(
    chosen: &Chosen,
    matches: &ArgMatches,
    words: &BaselineWords,
    as_json: bool,
) -> Result<ExitCode, BoxError> {
    let directory = &chosen.directory;
    let (sources, chain) = directory.verified().map_err(|faulty| faulty.so("nothing was written"))?;
    if let Some(first) = chain.revisions().first() {
        return Err(format!(
            "the chain has {} already, beginning with `{}`: a base revision is for an empty chain; nothing was written\n  \
             help: `revchain check --database` says whether a database is what the chain leads to, and `revchain stamp \
             <REVISION>` notes where it stands",
            counted(chain.revisions().len() as u64, "revision"),
            super::reading::id(first)
        )
        .into());
    }
    let models = words.models.as_deref().map(|path| Target::free(directory, path)).transpose()?;
    let migrations = embed(&sources, &chain, &directory.shown);
    let cli = chosen.cli(migrations);
    let taken = Taken::from(&cli, migrations, chain.config(), matches, words)?;
    let dialects: Vec<Dialect> = chain.config().dialects.iter().collect();
    let (all, comparison) =
        builds::made((&taken.schema, &taken.finer), &dialects, directory, &super::lock::without(&sources))?;
    if words.stamp && !is_equal(&comparison) {
        return Err(refusal(&comparison).into());
    }
    let schemas: Vec<&Schema> = all.iter().map(|one| &one.schema).collect();
    let found = models.as_ref().map(|file| (file, described(&schemas, &taken.schema, chain.config(), &file.path)));

    let written: Vec<Written> = all.iter().map(|one| one.written.clone()).collect();
    let revision = Revision {
        message: words.message.clone(),
        rev_id: words.rev_id.clone(),
        format: Format::Sql,
        per_dialect: false,
        autogenerate: false,
        database: false,
        hints: Hints { rename: Vec::new(), drop: Vec::new() },
    };
    let made = create(directory, (sources, &chain), &revision, Some(&sections(&written, written.len())))?;
    if let Some((file, found)) = &found {
        put(file, &found.text)?;
    }
    let quiet = matches.get_flag("quiet");
    if !quiet {
        say(&report(&taken, &all, &comparison, found.as_ref().map(|(file, found)| (file.shown.as_str(), found))));
    }
    if words.stamp {
        stamp(chosen, matches, &made.id, quiet)?;
    }
    print(&match as_json {
        true => object(
            "baseline",
            json!({
                "revision": made.id,
                "file": made.file,
                "models": found.as_ref().map(|(file, _)| &file.shown),
                "left_out": taken.left_out.iter().map(|(table, _)| table.to_string()).collect::<Vec<_>>(),
                "other_schemas": &taken.elsewhere,
                "gaps": all.iter().flat_map(|one| one.gaps.iter().map(|gap| {
                    json!({ "dialect": one.written.dialect.name(), "what": gap })
                })).collect::<Vec<_>>(),
                "differences": comparison.differences.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "not_compared": comparison.unclear.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "stamped": words.stamp,
            }),
        ),
        false => {
            let models = found.as_ref().map_or_else(String::new, |(file, _)| format!("{}\n", file.shown));
            format!("{}\n{models}", made.file)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What a database was found to hold.
struct Taken {
    schema: Schema,
    /// Statements for what stands in no schema.
    finer: Vec<String>,
    /// Tables of other tools, and whose each is.
    left_out: Vec<(revchain_schema::ObjectName, &'static str)>,
    /// Schemas that nobody asked to look at.
    elsewhere: Vec<String>,
    url: String,
}

impl Taken {
    fn from(
        cli: &Cli,
        migrations: &'static Migrations,
        config: &Config,
        matches: &ArgMatches,
        words: &BaselineWords,
    ) -> Result<Taken, BoxError> {
        let (choice, url) = chosen(cli, matches)?;
        let mut live = Live::open(&choice, url)?;
        if let Some(path) = live.missing() {
            return Err(
                format!("there is no file `{path}`; nothing was written\n  help: check the path in the URL").into()
            );
        }
        let dialect = live.dialect();
        if !config.dialects.contains(dialect) {
            return Err(format!(
                "the chain is not made for {}: `dialects` in revchain.toml has {}; nothing was written",
                dialect.name(),
                config.dialects
            )
            .into());
        }
        live.current(migrations).map_err(|error| {
            format!(
                "{error}\n  help: this database has a history already, and goes on from its row: bring that history's \
                 revisions into the migrations directory. To begin a new one with what is there, empty the version table first"
            )
        })?;
        let namespaces: BTreeSet<Name> = words.schemas.iter().map(|name| Name::new(name, dialect)).collect();
        let mut schema = live.schema(config, &namespaces)?;
        let left_out = peers::leave_out(&mut schema, &Schema::empty(dialect));
        let ours = config.version_table_schema.iter().map(|name| Name::new(name, dialect));
        let elsewhere = beside::elsewhere(&mut live, &namespaces.iter().cloned().chain(ours).collect())?;
        if schema.tables.is_empty() {
            let help = match elsewhere.first() {
                Some(name) => format!("there is something in {}: `--schema {name}`", beside::named(&elsewhere)),
                None => "`revchain revision -m …` begins a chain for an empty database; `[objects]` in revchain.toml says which \
                         tables are looked at"
                    .to_owned(),
            };
            return Err(format!(
                "`{}` has no table that could be taken over; nothing was written\n  help: {help}",
                live.url()
            )
            .into());
        }
        let finer = beside::finer(&mut live, &schema, &namespaces)?;
        Ok(Taken { schema, finer, left_out, elsewhere, url: live.url().to_owned() })
    }
}

/// Which database the command line means.
fn chosen<'a>(cli: &'a Cli, matches: &'a ArgMatches) -> Result<(Choice<'a>, Option<&'a str>), BoxError> {
    let word = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    Ok((cli.choose(word("name"))?, word("url")))
}

/// A file to write, and how messages name it.
struct Target {
    path: PathBuf,
    shown: String,
}

impl Target {
    /// Where the structs go: nothing is overwritten. Without a name, into the package that the migrations directory lies in.
    fn free(directory: &Directory, named: &Path) -> Result<Target, BoxError> {
        let (path, shown) = match named == Path::new(MODELS) {
            true => {
                let (package, shown) = package(directory);
                (package.join(named), shown.join(named))
            }
            false => (named.to_owned(), named.to_owned()),
        };
        let shown = shown.display().to_string().replace('\\', "/");
        match fs::symlink_metadata(&path) {
            Ok(_) => Err(format!(
                "`{shown}` is there already, and nothing is overwritten; nothing was written\n  help: name another file: \
                 `--models FILE`"
            )
            .into()),
            Err(_) => Ok(Target { path, shown }),
        }
    }
}

/// The package that a migrations directory belongs to, and how messages name it; where there is none, what is around it.
fn package(directory: &Directory) -> (PathBuf, PathBuf) {
    let depth = directory.path.ancestors().position(|above| above.join("Cargo.toml").is_file()).unwrap_or(1);
    let above = |path: &Path| path.ancestors().nth(depth).map(Path::to_owned);
    let path = above(&directory.path).unwrap_or_default();
    // `..` and `.` are not above what they stand for.
    let is_plain = !directory.shown.split('/').any(|part| part == "." || part == "..");
    let shown = above(Path::new(&directory.shown)).filter(|_| is_plain);
    (path.clone(), shown.unwrap_or(path))
}

/// Whether a database is proved to be what was written.
fn is_equal(comparison: &Comparison) -> bool {
    comparison.differences.is_empty() && comparison.unclear.is_empty()
}

/// The structs, and what of them the models would be found to differ in.
fn described(schemas: &[&Schema], stored: &Schema, config: &Config, path: &Path) -> Structs {
    let own = schemas.iter().position(|schema| schema.dialect == stored.dialect).unwrap_or_default();
    let has_sqlx = manifest(path).is_some_and(|text| depends_on_sqlx(&text));
    structs(schemas, own, &config.naming, has_sqlx)
}

/// The manifest of the package that a file belongs to.
fn manifest(path: &Path) -> Option<String> {
    let above = path.parent()?.ancestors();
    let found = above.map(|above| above.join("Cargo.toml")).find(|manifest| manifest.is_file())?;
    fs::read_to_string(found).ok()
}

/// Whether a package has sqlx for its own: a key of that name in its dependencies.
fn depends_on_sqlx(manifest: &str) -> bool {
    let mut within = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            within = table.trim_end_matches(']') == "dependencies";
            if table.starts_with("dependencies.sqlx]") {
                return true;
            }
        } else if within && line.split(['=', '.', ' ']).next() == Some("sqlx") {
            return true;
        }
    }
    false
}

fn put(Target { path, shown }: &Target, text: &str) -> Result<(), BoxError> {
    let create = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        File::create_new(path)?.write_all(text.as_bytes())
    };
    create()
        .map_err(|error| format!("`{shown}` cannot be written: {error}\n  help: the base revision is written").into())
}

/// Notes where the database stands, which was proved to be there.
fn stamp(chosen: &Chosen, matches: &ArgMatches, id: &str, quiet: bool) -> Result<(), BoxError> {
    let directory = &chosen.directory;
    let (sources, chain) = directory.verified()?;
    let migrations = embed(&sources, &chain, &directory.shown);
    let cli = chosen.cli(migrations);
    let (choice, url) = self::chosen(&cli, matches)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stamped = runtime.block_on(async {
        let mut database = opened(&choice.url(url)?, Access::Write).await?;
        Ok::<_, BoxError>(migrations.stamp(&mut database, id).await?)
    });
    stamped
        .map_err(|error| format!("{error}\n  help: the base revision is written; `revchain stamp {id}` tries again"))?;
    if !quiet {
        say(&format!("Stamped base -> {id}. Nothing was run.\n"));
    }
    Ok(())
}

/// Why nothing is stamped.
fn refusal(comparison: &Comparison) -> String {
    let mut text =
        "--stamp: what would be written does not make just this database; nothing was written, and nothing stamped"
            .to_owned();
    list(comparison, &mut text);
    text.push_str(
        "\n  help: write it without --stamp, complete the revision by hand, and `revchain stamp head` when it is right",
    );
    text
}

fn list(comparison: &Comparison, text: &mut String) {
    let differences = comparison.differences.iter().map(|difference| match &difference.change {
        Changed::Extra => format!("{} is in the database, and would not be made", difference.object),
        Changed::Missing => format!("{} would be made, and is not in the database", difference.object),
        Changed::Differs { what, before, after } => {
            format!("{}: {what} is {after} in the database, and would be {before}", difference.object)
        }
    });
    let unclear = comparison.unclear.iter().map(|one| format!("not compared: {one}"));
    let all: Vec<String> = differences.chain(unclear).collect();
    for one in all.iter().take(SHOWN) {
        text.push_str(&format!("\n  {}", one_line(one)));
    }
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("\n  and {more} more"));
    }
}

/// What was done, and what is left to do, for people.
fn report(taken: &Taken, all: &[Baseline], comparison: &Comparison, models: Option<(&str, &Structs)>) -> String {
    let mut text = format!("Taken over: {} of {}\n", counted(taken.schema.tables.len() as u64, "table"), taken.url);
    for (table, owner) in &taken.left_out {
        text.push_str(&format!("left out: table `{table}`, in which {owner} notes what it has run\n"));
    }
    if !taken.elsewhere.is_empty() {
        text.push_str(&format!(
            "not looked at: {}: `--schema <NAME>` takes one over too\n",
            beside::named(&taken.elsewhere)
        ));
    }
    for one in all {
        for gap in &one.gaps {
            text.push_str(&format!("gap on {}: {}\n", one.written.dialect, one_line(gap)));
        }
        for difference in &one.way_back.differences {
            text.push_str(&format!(
                "gap on {}, downgrade: {}\n",
                one.written.dialect,
                one_line(&difference.to_string())
            ));
        }
    }
    if !is_equal(comparison) {
        let mut listed = "The revision does not make just this database:".to_owned();
        list(comparison, &mut listed);
        text.push_str(&format!("{listed}\n"));
    }
    if let Some((file, found)) = models {
        for gap in &found.gaps {
            text.push_str(&format!("gap in {file}: {}\n", one_line(gap)));
        }
        text.push_str(&format!(
            "The structs are gathered in `MODELS` of {file}: `mod models;`, and \
             `Cli::new(&MIGRATIONS).models(models::MODELS)`\n"
        ));
        if !found.features.is_empty() {
            let features: Vec<String> = found.features.iter().map(|feature| format!("\"{feature}\"")).collect();
            text.push_str(&format!("The structs need revchain's features {}\n", features.join(", ")));
        }
    }
    text
}
