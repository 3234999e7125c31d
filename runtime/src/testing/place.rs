//! Where SQLite's files of tests are. What lasts (prepared images, the databases of failed tests) is in the target directory;
//! what a test works on is in memory, where the system has a folder there. Never opens a database.
//!
//! A folder that a test works in has a lock file, which its process holds: whoever gets the lock knows that it is dead. So nothing
//! is asked about pids or clocks.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, SystemTime};

use super::name;

const PREFIX: &str = "revchain-test-";
const LOCK: &str = "lock";
/// An image that nobody has used for this long is in the way only: to make it again costs one run of its chain.
const STALE: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How exactly it is known when an image was used.
const USED: Duration = Duration::from_secs(60 * 60);

/// What lasts: beside the program, in the target directory.
pub(super) fn lasting() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.parent().unwrap_or(Path::new("."));
    // cargo's own folder of test binaries; a program that was copied elsewhere has it beside itself.
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let lasting = folder.join("revchain-test");
    fs::create_dir_all(&lasting)?;
    Ok(lasting)
}

/// A folder for one test, gone with it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Held as long as the folder is in use.
    lock: File,
}

impl Folder {
    /// Makes one. The first of a process takes away what dead ones have left.
    pub(super) fn make() -> io::Result<Folder> {
        static SWEPT: Once = Once::new();
        let lasting = lasting()?;
        let memory = memory();
        SWEPT.call_once(|| memory.into_iter().chain([lasting.as_path()]).for_each(sweep));
        match memory.map(Folder::make_in) {
            Some(Ok(folder)) => Ok(folder),
            // Full, or not for us.
            Some(Err(_)) | None => Folder::make_in(&lasting),
        }
    }

    fn make_in(parent: &Path) -> io::Result<Folder> {
        loop {
            let path = parent.join(format!("{PREFIX}{:016x}", name::token()));
            create_private(&path)?;
            let lock = path.join(LOCK);
            let locked = File::create(&lock).and_then(|file| file.lock().map(|()| file));
            match locked {
                // Whoever sweeps may have come between: then it is gone, and nobody else's.
                Ok(file) if lock.exists() => return Ok(Folder { path, lock: file }),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let _ = fs::remove_dir_all(&path);
                    return Err(error);
                }
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed now (on Windows, a file that is still open) the next run's sweep removes.
        let _ = fs::remove_dir_all(&self.path);
        let _ = self.lock.unlock();
    }
}

/// Where files are memory: Linux's, if this is a Linux that has it.
fn memory() -> Option<&'static Path> {
    let memory = Path::new("/dev/shm");
    (cfg!(target_os = "linux") && memory.is_dir()).then_some(memory)
}

/// Others may list the parent. What is in a test's database is nobody's business.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes away the folders of processes that are dead. What can't be had or removed stays: it is somebody else's.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let path = entry.path();
        match File::open(path.join(LOCK)) {
            Ok(lock) if lock.try_lock().is_ok() => drop(fs::remove_dir_all(&path)),
            // Its maker died before there was a lock, or is about to make one, and then makes another folder.
            Err(error) if error.kind() == ErrorKind::NotFound => drop(fs::remove_dir(&path)),
            _ => {}
        }
    }
}

/// Notes that an image is used.
pub(super) fn touch(image: &Path) {
    let now = SystemTime::now();
    if age(image, now).is_some_and(|age| age > USED) {
        let _ = File::options().append(true).open(image).and_then(|file| file.set_modified(now));
    }
}

/// Takes away the images that nobody uses any more.
pub(super) fn sweep_images(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let now = SystemTime::now();
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_image = path.extension().is_some_and(|ending| ending == "db");
        if is_image && age(&path, now).is_some_and(|age| age > STALE) {
            let _ = fs::remove_file(path);
        }
    }
}

fn age(path: &Path, now: SystemTime) -> Option<Duration> {
    now.duration_since(path.metadata().ok()?.modified().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_dead_left_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let alive = Folder::make_in(parent.path()).unwrap();
        let dead = Folder::make_in(parent.path()).unwrap();
        fs::write(dead.path().join("test.db"), "rows").unwrap();
        // As a process that was killed leaves it: the lock is gone, and the folder is not.
        dead.lock.unlock().unwrap();
        let unborn = parent.path().join(format!("{PREFIX}0"));
        fs::create_dir(&unborn).unwrap();
        let other = parent.path().join("other");
        fs::create_dir(&other).unwrap();
        sweep(parent.path());
        assert!(!dead.path().exists());
        assert!(!unborn.exists());
        assert!(alive.path().exists());
        assert!(other.exists());
        let path = alive.path().to_owned();
        drop(alive);
        assert!(!path.exists());
    }

    #[test]
    fn images_go_when_nobody_uses_them() {
        let folder = tempfile::tempdir().unwrap();
        let made = |name: &str, age: Duration| {
            let path = folder.path().join(name);
            File::create(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
            path
        };
        let hour = Duration::from_secs(60 * 60);
        let (stale, used, lock) = (made("a.db", 73 * hour), made("b.db", 71 * hour), made("a.lock", 73 * hour));
        touch(&used);
        assert!(age(&used, SystemTime::now()).unwrap() < hour);
        sweep_images(folder.path());
        assert_eq!((stale.exists(), used.exists(), lock.exists()), (false, true, true));
    }
}
