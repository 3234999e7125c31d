//! What tests on a server share: one thread of this process that holds the connections which outlive a test, the templates that
//! were asked for, and the databases that are still to be dropped. How a database is made is each driver's own file.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::key::{Key, State};
use super::{Test, name, told};
use crate::database::redacted;
use crate::dialect::Dialect;

/// How many tests of a process have a database at once. Each may open several connections, and servers allow a hundred or so, to
/// all processes together; whoever comes later waits.
const ROOM: usize = 12;
/// How many connections each of them may open, unless it says more.
pub(super) const CONNECTIONS: u32 = 5;
/// How many databases are made and dropped at once.
pub(super) const HANDS: u32 = 4;
/// A template that nobody has used for this long is in the way only: to make it again costs one run of its chain.
pub(super) const STALE: i64 = 3 * 24 * 60 * 60;
/// How exactly it is known when a template was used.
pub(super) const USED: i64 = 60 * 60;

/// What the databases of a process that lives, and the templates of all, are called. The process holds a lock of the server's with
/// the number that is in the names: a sign of life that ends with it, however it ends.
pub(super) const OURS: &str = "revchain_test_";
pub(super) const TEMPLATE: &str = "revchain_template_";

/// A server, as its driver speaks to it.
pub(super) trait Server: Sized + Send + Sync + 'static {
    const DIALECT: Dialect;
    /// The pool that a test takes, and a URL, for messages.
    const POOL: &'static str;
    const EXAMPLE: &'static str;

    /// Those that this process has met.
    fn known() -> &'static Known<Self>;

    /// Connects, and gives the sign of life.
    fn open(url: &str) -> impl Future<Output = Result<Self, String>> + Send;

    /// As whom.
    fn user(&self) -> &str;

    /// Drops what dead processes left, and tells which databases are kept: by the name of the test that failed.
    fn sweep(&self) -> impl Future<Output = Result<BTreeMap<String, Vec<String>>, String>> + Send;

    /// Sees that there is a template.
    fn prepare(&self, test: Test, state: &State) -> impl Future<Output = Result<(), String>> + Send;

    /// Makes a database of a template. `None` where the template has gone.
    fn copy(&self, key: Key, database: &str) -> impl Future<Output = Result<Option<()>, String>> + Send;

    fn drop(&self, database: &str) -> impl Future<Output = Result<(), String>> + Send;

    /// Keeps a database, and says under which name.
    fn keep(&self, database: &str, test: &str) -> impl Future<Output = Result<String, String>> + Send;
}

/// By their URLs: what was found out, or why nothing was. Who can't reach a server once is not made to wait again.
pub(super) type Known<S> = Mutex<BTreeMap<String, Arc<OnceCell<Result<Arc<Shared<S>>, String>>>>>;

/// A server, and what this process has under way there.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "part of a driver's associated type, which nobody names")]
pub struct Shared<S> {
    pub(super) server: S,
    url: String,
    pub(super) room: Arc<Semaphore>,
    /// The databases of tests that failed, by the tests' names.
    kept: Mutex<BTreeMap<String, Vec<String>>>,
    templates: Mutex<BTreeMap<Key, Found<()>>>,
    /// The databases that tests share.
    pub(super) lent: Mutex<BTreeMap<Key, Found<String>>>,
    ends: Mutex<Ends>,
}

/// What is there for many tests, or why it can't be.
type Found<T> = Arc<OnceCell<Result<T, String>>>;

/// What is left to be waited for.
#[derive(Debug, Default)]
struct Ends {
    /// Tests that have a database.
    running: usize,
    /// What is being dropped.
    dropped: Vec<JoinHandle<Result<(), String>>>,
}

/// A test's database.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "a driver's associated type, which nobody names")]
pub struct Place<S> {
    shared: Arc<Shared<S>>,
    pub(super) database: String,
    room: OwnedSemaphorePermit,
}

/// Makes a database for a test.
pub(super) fn make<S: Server>(test: Test, runtime: &Runtime) -> Result<Place<S>, String> {
    let state = State::of(&test, S::DIALECT)?;
    let shared = met::<S>(&test)?;
    let made = background()?.spawn(async move { shared.await?.make(test, state).await });
    runtime.block_on(made).unwrap_or_else(|error| Err(format!("making it broke off: {error}")))
}

/// The server that a test names.
pub(super) fn met<S: Server>(
    test: &Test,
) -> Result<impl Future<Output = Result<Arc<Shared<S>>, String>> + use<S>, String> {
    let (url, variable) = (url::<S>(test)?, test.variable);
    Ok(async move {
        let slot = Arc::clone(held(S::known()).entry(url.clone()).or_default());
        slot.get_or_init(|| Shared::open(url, variable)).await.clone()
    })
}

impl<S: Server> Shared<S> {
    async fn open(url: String, variable: &str) -> Result<Arc<Shared<S>>, String> {
        let server = S::open(&url).await.map_err(|reason| format!("`{variable}` is {}: {reason}", redacted(&url)))?;
        let shared = Shared {
            url,
            room: Arc::new(Semaphore::new(ROOM)),
            kept: Mutex::new(server.sweep().await?),
            templates: Mutex::default(),
            lent: Mutex::default(),
            ends: Mutex::default(),
            server,
        };
        Ok(Arc::new(shared))
    }

    async fn make(self: Arc<Shared<S>>, test: Test, state: State) -> Result<Place<S>, String> {
        let state = state.of_user(self.server.user());
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|error| error.to_string())?;
        // What the test left when it failed the last time is not wanted any more.
        let kept = held(&self.kept).remove(&name::of_test(test.path)).unwrap_or_default();
        for database in kept {
            // Another user's is not ours to drop, and not in our way.
            let _ = self.server.drop(&database).await;
        }
        let database = format!("{OURS}{:08x}_{}", name::process(), name::number());
        self.of_template(test, &state, || self.server.copy(state.key, &database)).await?;
        held(&self.ends).running += 1;
        Ok(Place { shared: self, database, room })
    }

    /// Makes something of a template, which is there then. Should somebody drop it at this very moment, it is made again; once.
    pub(super) async fn of_template<T, Fut>(
        &self,
        test: Test,
        state: &State,
        make: impl Fn() -> Fut,
    ) -> Result<T, String>
    where
        Fut: Future<Output = Result<Option<T>, String>>,
    {
        for _ in 0..2 {
            let slot = Arc::clone(held(&self.templates).entry(state.key).or_default());
            slot.get_or_init(|| self.server.prepare(test, state)).await.clone()?;
            if let Some(made) = make().await? {
                return Ok(made);
            }
            held(&self.templates).remove(&state.key);
        }
        Err("its template is dropped as soon as it is made".to_owned())
    }
}

/// The server of a test's database.
pub(super) fn of<S: Server>(place: &Place<S>) -> &S {
    &place.shared.server
}

/// Drops it. While other tests run, beside them; whoever is the last one waits, so that a process leaves nothing behind.
pub(super) fn discard<S: Server>(place: Place<S>) {
    let Place { shared, database, room } = place;
    let Ok(background) = background() else { return };
    let server = Arc::clone(&shared);
    let dropped = background.spawn(async move {
        let dropped = server.server.drop(&database).await;
        drop(room);
        dropped.map_err(|reason| format!("{database} could not be dropped, which the next run does: {reason}"))
    });
    shared.end(Some(dropped));
}

/// Keeps it, and says where it is.
pub(super) fn keep<S: Server>(place: Place<S>, test: &Test) -> Result<String, String> {
    let Place { shared, database, room } = place;
    let (server, test) = (Arc::clone(&shared), name::of_test(test.path));
    let kept = waited(async move {
        let kept = server.server.keep(&database, &test).await;
        drop(room);
        kept.inspect(|kept| held(&server.kept).entry(test).or_default().push(kept.clone()))
            .map_err(|reason| format!("{database}: {reason}"))
    });
    shared.end(None);
    Ok(redacted(&of_database(&shared.url, &kept??)))
}

impl<S> Shared<S> {
    /// A test has ended.
    fn end(&self, dropped: Option<JoinHandle<Result<(), String>>>) {
        let last = {
            let mut ends = held(&self.ends);
            ends.running -= 1;
            ends.dropped.extend(dropped);
            if ends.running > 0 {
                return;
            }
            std::mem::take(&mut ends.dropped)
        };
        for dropped in last {
            let dropped = async { dropped.await.unwrap_or_else(|error| Err(error.to_string())) };
            if let Err(reason) = waited(dropped).flatten() {
                told(&reason);
            }
        }
    }
}

/// The server's URL, as the test names it.
fn url<S: Server>(test: &Test) -> Result<String, String> {
    let (variable, pool, example) = (test.variable, S::POOL, S::EXAMPLE);
    // An empty one is none, as on the command line.
    let Some(url) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        return Err(format!(
            "`{variable}` is not set: a test that takes a `{pool}` needs a server on which databases may be made\n  \
             help: {variable}={example} cargo test"
        ));
    };
    match Dialect::of_url(&url) {
        Ok(dialect) if dialect == S::DIALECT => Ok(url),
        Ok(_) => Err(format!(
            "`{variable}` is {}, and the test takes a `{pool}`\n  help: a URL like {example}; for tests on several databases, a \
             variable for each, as in `#[revchain::test(env = \"OTHER_DATABASE_URL\")]`",
            redacted(&url)
        )),
        Err(error) => Err(format!("`{variable}`: {error}")),
    }
}

/// A URL with another database.
fn of_database(url: &str, database: &str) -> String {
    let (bare, query) = url.split_once('?').map_or((url, None), |(bare, query)| (bare, Some(query)));
    let scheme = bare.find("://").map_or(0, |at| at + "://".len());
    // A password may hold a slash: the host begins behind the last `@`.
    let host = bare.rfind('@').unwrap_or(scheme).max(scheme);
    let end = bare.get(host..).and_then(|rest| rest.find('/')).map_or(bare.len(), |at| host + at);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{}/{database}{query}", bare.get(..end).unwrap_or_default())
}

/// Whose process a database belongs to, and whether that is one of ours.
pub(super) fn owner(database: &str) -> Option<u32> {
    u32::from_str_radix(database.strip_prefix(OURS)?.split_once('_')?.0, 16).ok()
}

/// Nobody leaves one of these half-changed.
pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for something that runs on the other thread, from one that is no task.
pub(super) fn waited<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, String> {
    let (send, receive) = mpsc::channel();
    background()?.spawn(async move { send.send(work.await) });
    receive.recv().map_err(|_| "it broke off".to_owned())
}

/// The thread of what outlives a test. It ends with the process.
pub(super) fn background() -> Result<&'static Handle, String> {
    static BACKGROUND: OnceLock<Result<Handle, String>> = OnceLock::new();
    let background = BACKGROUND.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
        let handle = runtime.handle().clone();
        let forever = move || runtime.block_on(std::future::pending::<()>());
        std::thread::Builder::new()
            .name("revchain-test".to_owned())
            .spawn(forever)
            .map_err(|error| error.to_string())?;
        Ok(handle)
    });
    background.as_ref().map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_another_database() {
        for (url, expected) in [
            ("postgres://me:p/w@host:1/app?sslmode=off", "postgres://me:p/w@host:1/x?sslmode=off"),
            ("postgres://host", "postgres://host/x"),
            ("postgres:///app?host=/run", "postgres:///x?host=/run"),
            ("mysql://root@localhost/", "mysql://root@localhost/x"),
        ] {
            assert_eq!(of_database(url, "x"), expected);
        }
    }

    #[test]
    fn databases_name_their_process() {
        assert_eq!(owner("revchain_test_0000002a_17"), Some(42));
        for other in ["revchain_test_2a", "revchain_template_2a_1", "revchain_test_x_1", "app"] {
            assert_eq!(owner(other), None, "{other}");
        }
    }
}
