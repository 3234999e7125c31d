//! The models, the chain and databases next to each other: there is no difference to find. Not in a database that Alembic
//! made, either, of which its own `check` says 27 things.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ibutsu_db::MODELS;
use revchain::model::{ColumnModel, IndexModel, Kind, TableModel, TypeModel};
use revchain_autogenerate::{Around, adopt, declare};
use revchain_core::config::Config;
use revchain_core::{Sources, VerifiedChain, chain, load};
use revchain_reflect::Scope;
use revchain_schema::{Name, ObjectName, Schema, compare, compare_stored, replay};

use crate::command_line::{program, text};
use crate::database::{Database, Dialect};
use crate::evidence::{self, REVISIONS};
use crate::schema::assert_schema;

every_database!(
    a_database_at_head_is_what_the_models_say,
    a_database_at_head_is_what_the_chain_says,
    autogenerate_writes_nothing_then,
);

const DIALECTS: [Dialect; 3] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];

#[test]
fn the_chain_leads_to_the_models() {
    for dialect in DIALECTS {
        assert_eq!(differences(MODELS, &head(dialect)), [""; 0], "{}", dialect.name());
    }
}

/// What would be found, if it were there.
#[test]
fn a_change_of_the_models_is_found() {
    const WITHOUT_LAST: &[IndexModel] = MODELS[7].indexes.split_last().expect("runs have indexes").1;
    let run = TableModel { indexes: WITHOUT_LAST, ..*MODELS[7] };
    let mut changed = MODELS.to_vec();
    (changed[7], _) = (&run, changed.pop());
    for (dialect, expected) in [
        (
            Dialect::Postgres,
            &["index `ix_runs_pass_percent` of `runs` is missing", "table `widget_configs` is missing"][..],
        ),
        (Dialect::Mysql, &["table `widget_configs` is missing"]),
        (Dialect::Sqlite, &["table `widget_configs` is missing"]),
    ] {
        assert_eq!(differences(&changed, &head(dialect)), expected, "{}", dialect.name());
    }
}

/// With the types of the crates that a service has in its structs, there is none either.
#[test]
fn types_that_say_less_do_as_well() {
    const UUID: TypeModel = TypeModel::on_each(Kind::Uuid, Some("UUID"), Some("BINARY(16)"), Some("BLOB"));
    const TIME: TypeModel = TypeModel::on_each(Kind::Timestamp, Some("TIMESTAMP"), Some("DATETIME"), Some("DATETIME"));
    let services = |sql_type: TypeModel| match sql_type.sql.postgres {
        Some("UUID") => UUID,
        Some("JSONB") => TypeModel::JSON,
        Some("TIMESTAMP") => TIME,
        _ => sql_type,
    };
    let retyped = |column: &ColumnModel| ColumnModel { sql_type: services(column.sql_type), ..*column };
    let models: Vec<TableModel> = MODELS
        .iter()
        .map(|model| TableModel { columns: Vec::leak(model.columns.iter().map(retyped).collect()), ..**model })
        .collect();
    let models: Vec<&TableModel> = models.iter().collect();
    for dialect in DIALECTS {
        assert_eq!(differences(&models, &head(dialect)), [""; 0], "{}", dialect.name());
    }
}

async fn a_database_at_head_is_what_the_models_say(database: Database) {
    database.upgrade("head").await;
    assert_eq!(differences(MODELS, &of_chain(&database).await), [""; 0]);
}

async fn a_database_at_head_is_what_the_chain_says(database: Database) {
    database.upgrade("head").await;
    let found = compare_stored(&head(database.dialect()), &of_chain(&database).await);
    assert_eq!((found.differences, found.unclear), (vec![], vec![]));
}

mod alembics_database_differs_in_nothing {
    use crate::database::{self, Dialect};

    #[tokio::test]
    async fn postgres() {
        database::with(Dialect::Postgres, super::alembics_database_differs_in_nothing).await;
    }

    #[tokio::test]
    async fn sqlite() {
        database::with(Dialect::Sqlite, super::alembics_database_differs_in_nothing).await;
    }
}

/// The program itself, where it has the verbs for development (`revchain-cli/tool`), on a copy of the directory.
async fn autogenerate_writes_nothing_then(database: Database) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let type_in = |words: &[&str]| {
        let mut command = program(folder.path());
        let output = command.env("DATABASE_URL", database.url()).args(words).output().expect("the program runs");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    if type_in(&["check", "--help"]).0 != Some(0) {
        let what = "the feature `revchain-cli/tool` is off; `cargo xtask test` has it on";
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{what}, and under CI=true nothing is skipped");
        let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
        return;
    }
    let copy = folder.path().join("migrations");
    fs::create_dir_all(copy.join("versions")).expect("a folder can be made");
    for part in ["", "versions"] {
        for entry in fs::read_dir(migrations_directory().join(part)).expect("the directory is there") {
            let path = entry.expect("an entry").path();
            let to = copy.join(part).join(path.file_name().expect("it has a name"));
            if path.is_file() {
                fs::copy(path, to).expect("a file can be copied");
            }
        }
    }
    database.upgrade("head").await;
    let files = || fs::read_dir(copy.join("versions")).expect("the directory is there").count();
    let before = files();
    for more in [&[][..], &["--database"]] {
        let words = [&["revision", "--autogenerate", "-m", "Description of changes"], more].concat();
        let (code, stdout, stderr) = type_in(&words);
        assert_eq!((code, stdout.as_str()), (Some(0), ""), "{words:?}: {stderr}");
        assert!(stderr.ends_with("No changes in schema detected; no revision was written.\n"), "{words:?}: {stderr}");
        let (code, stdout, stderr) = type_in(&[&["check"], more].concat());
        assert_eq!((code, stdout.as_str()), (Some(0), ""), "{more:?}: {stderr}");
    }
    assert_eq!(files(), before);
}

/// At every revision; and at head the models say it all. Alembic never got anywhere on MySQL.
async fn alembics_database_differs_in_nothing(database: Database) {
    let schemas = evidence::schemas(database.dialect());
    for (number, (revision, objects)) in schemas[1..].iter().enumerate() {
        database.execute(evidence::script(objects)).await;
        database.execute(format!("INSERT INTO alembic_version (version_num) VALUES ('{revision}')")).await;
        assert_schema(&database, revision, objects).await;
        let stored = of_chain(&database).await;
        let found = compare_stored(&at(database.dialect(), number), &stored);
        assert_eq!((found.differences, found.unclear), (vec![], vec![]), "{revision}");
        if *revision == REVISIONS[5] {
            assert_eq!(differences(MODELS, &stored), [""; 0]);
        }
        // All of it can be taken back, and leaves room for the next.
        database.downgrade("base").await;
        assert_schema(&database, "base", &schemas[0].1).await;
        database.execute("DROP TABLE alembic_version; DROP TABLE IF EXISTS revchain_journal").await;
    }
}

/// What would be written to make the models of a schema.
pub(crate) fn differences(models: &[&TableModel], have: &Schema) -> Vec<String> {
    let (_, chain) = migrations();
    let Config { objects, naming, .. } = chain.config();
    let (declared, faults) = declare(models, Around { have, filter: objects }, naming);
    assert_eq!(faults, []);
    let adopted = adopt(&declared, have, objects).expect("tables are declared");
    assert_eq!(adopted.not_compared, []);
    compare(have, &adopted.schema).iter().map(ToString::to_string).collect()
}

/// What the chain leads to.
fn head(dialect: Dialect) -> Schema {
    at(dialect, REVISIONS.len() - 1)
}

/// What it has led to by one of its revisions.
fn at(dialect: Dialect, number: usize) -> Schema {
    let (sources, chain) = migrations();
    replay(&sources, &chain, of_core(dialect), Some(number))
}

fn migrations_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

fn migrations() -> (Sources, VerifiedChain) {
    let sources = load::load(&migrations_directory(), "migrations");
    let (chain, _) = chain::verify(&sources);
    (sources, chain.expect("the chain is sound"))
}

/// What is there of what the chain is about.
pub(crate) async fn of_chain(database: &Database) -> Schema {
    let dialect = of_core(database.dialect());
    reflected(database, &Scope::of_chain(ObjectName::bare(Name::new("alembic_version", dialect)), dialect)).await
}

/// What is there.
pub(crate) async fn reflected(database: &Database, scope: &Scope) -> Schema {
    let read = match database {
        Database::Postgres(pool) => {
            revchain_reflect::postgres(&mut pool.acquire().await.expect("a connection"), scope).await
        }
        Database::Mysql(pool) => revchain_reflect::mysql(&mut pool.acquire().await.expect("a connection"), scope).await,
        Database::Sqlite(pool) => {
            revchain_reflect::sqlite(&mut pool.acquire().await.expect("a connection"), scope).await
        }
    };
    read.expect("the catalogue can be read")
}

fn of_core(dialect: Dialect) -> revchain_core::Dialect {
    revchain_core::Dialect::ALL.into_iter().find(|core| core.name() == dialect.name()).expect("it has the same name")
}
