//! SQLite: a prepared image of the migrated database, read once by each process, and written for each test into a folder of its
//! own, in memory where the system has one there. As a file, so that a pool may have several connections and a test another
//! process, and so that what a failed test left can be kept. Never needs a server or a URL.

mod rollback;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Sqlite, SqliteConnection, raw_sql};
use tokio::runtime::Runtime;

use super::key::{Key, State};
use super::place::{self, Folder};
use super::{Made, Test, Testable, migrate, name};
use crate::dialect::Dialect;

const FILE: &str = "test.db";
/// A database's file, and what may stand beside it and belong to it.
const FILES: [&str; 3] = ["", "-wal", "-journal"];
/// What SQLite makes anew.
const INDEX: &str = "-shm";

/// A migrated database's bytes, or why there are none.
type Image = Result<Arc<[u8]>, String>;

impl Testable for Sqlite {
    type Place = Folder;

    fn make(test: &Test, runtime: &Runtime) -> Result<Made<Sqlite>, String> {
        let image = image(test, runtime)?;
        let (folder, path) = (|| {
            let folder = Folder::make()?;
            // What it left when it failed the last time is not wanted any more.
            let kept = kept(test)?;
            remove(&kept)?;
            let path = folder.path().join(FILE);
            fs::write(&path, &image)?;
            io::Result::Ok((folder, path))
        })()
        .map_err(|error| format!("its SQLite file can't be made: {error}"))?;
        Ok(Made { place: folder, pool: PoolOptions::new(), connect: hasty().filename(path) })
    }

    async fn script(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
        raw_sql(sql).execute(connection).await.map(drop)
    }

    fn discard(place: Folder) {
        drop(place);
    }

    fn keep(place: Folder, test: &Test) -> Result<String, String> {
        let copied = || {
            let kept = kept(test)?;
            fs::create_dir_all(kept.parent().unwrap_or(Path::new(".")))?;
            // What a connection has not written back yet, too: the pool may have been left open.
            remove(&kept)?;
            for ending in FILES {
                absent(fs::copy(with(&place.path().join(FILE), ending), with(&kept, ending)).map(drop))?;
            }
            io::Result::Ok(kept.display().to_string())
        };
        copied().map_err(|error| error.to_string())
    }
}

fn remove(database: &Path) -> io::Result<()> {
    let mut endings = FILES.into_iter().chain([INDEX]);
    endings.try_for_each(|ending| absent(fs::remove_file(with(database, ending))))
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// Nothing there is as good as nothing left.
fn absent(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Where the database of a test is kept that failed.
fn kept(test: &Test) -> io::Result<PathBuf> {
    Ok(place::lasting()?.join("failed").join(format!("{}.db", name::of_test(test.path))))
}

/// Nobody needs what a test wrote after the machine has lost its power.
fn hasty() -> SqliteConnectOptions {
    SqliteConnectOptions::new().synchronous(SqliteSynchronous::Off)
}

/// The image of the state that a test asks for: made by the first who asks, of all threads and processes.
fn image(test: &Test, runtime: &Runtime) -> Image {
    static IMAGES: Mutex<BTreeMap<Key, Arc<OnceLock<Image>>>> = Mutex::new(BTreeMap::new());
    let state = State::of(test, Dialect::Sqlite)?;
    let slot = Arc::clone(IMAGES.lock().unwrap_or_else(PoisonError::into_inner).entry(state.key).or_default());
    slot.get_or_init(|| found(test, &state, runtime)).clone()
}

/// The image on disk, or a new one.
fn found(test: &Test, state: &State, runtime: &Runtime) -> Image {
    let broken = |error: io::Error| format!("its chain's image can't be kept: {error}");
    let folder = place::lasting().map_err(broken)?;
    let image = folder.join(format!("{}.db", state.key));
    if let Ok(bytes) = fs::read(&image) {
        place::touch(&image);
        return Ok(bytes.into());
    }
    // One makes it. The lock goes with the process, the file stays: to remove it would be to let two in.
    let lock = File::create(folder.join("lock")).map_err(broken)?;
    lock.lock().map_err(broken)?;
    if let Ok(bytes) = fs::read(&image) {
        return Ok(bytes.into());
    }
    place::sweep_images(&folder);
    let work = Folder::make().map_err(broken)?;
    let made = work.path().join(FILE);
    runtime.block_on(migrated(test, state, &made))?;
    let bytes = fs::read(&made).map_err(broken)?;
    // Its name is its proof that it is whole: it gets that last.
    let new = image.with_extension("new");
    fs::write(&new, &bytes).and_then(|()| fs::rename(&new, &image)).map_err(broken)?;
    Ok(bytes.into())
}

/// Runs the chain on a new file.
async fn migrated(test: &Test, state: &State, path: &Path) -> Result<(), String> {
    let broken = |error: sqlx::Error| format!("its chain's image can't be made: {error}");
    let mut connection = hasty().filename(path).create_if_missing(true).connect().await.map_err(broken)?;
    migrate(test, state.target, &mut connection).await?;
    // All of it in one file, whatever journal the chain may have chosen.
    let whole = AssertSqlSafe("PRAGMA wal_checkpoint(TRUNCATE)");
    raw_sql(whole).execute(&mut connection).await.map_err(broken)?;
    connection.close().await.map_err(broken)
}
