//! Which database tests on a server share. It is there for all processes, as a template is, and is made of one; whoever finds it
//! spoilt makes another.

use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::OwnedSemaphorePermit;

use super::super::Test;
use super::super::key::{Key, State};
use super::super::server::{Server, Shared, background, held, met, waited};

/// What these databases are called: with the key, and a number for each of a key.
pub(in crate::testing) const SHARED: &str = "revchain_rollback_";

/// A server that can have such a database.
pub(in crate::testing) trait Lender: Server {
    /// Sees that there is one of a state, and tells its name. `None` where the template has gone.
    fn share(&self, key: Key) -> impl Future<Output = Result<Option<String>, String>> + Send;

    /// Lets nobody begin in it any more, and drops it, as soon as nobody is in it.
    fn spoil(&self, key: Key, database: &str) -> impl Future<Output = Result<(), String>> + Send;
}

/// A database, for as long as a test is in it.
#[derive(Debug)]
#[allow(unreachable_pub, reason = "a driver's associated type, which nobody names")]
pub struct Lent<S> {
    pub(in crate::testing) shared: Arc<Shared<S>>,
    pub(in crate::testing) key: Key,
    pub(in crate::testing) database: String,
    _room: OwnedSemaphorePermit,
}

/// Finds the database for a test, or makes it.
pub(in crate::testing) fn lend<S: Lender>(test: Test, runtime: &Runtime) -> Result<Lent<S>, String> {
    let state = State::of(&test, S::DIALECT)?;
    let lent = met::<S>(&test)?;
    let lent = background()?.spawn(async move {
        let shared = lent.await?;
        let state = state.of_user(shared.server.user());
        let room = Arc::clone(&shared.room).acquire_owned().await.map_err(|error| error.to_string())?;
        let slot = Arc::clone(held(&shared.lent).entry(state.key).or_default());
        let found = || shared.of_template(test, &state, || shared.server.share(state.key));
        let database = slot.get_or_init(found).await.clone()?;
        Ok(Lent { key: state.key, database, _room: room, shared })
    });
    runtime.block_on(lent).unwrap_or_else(|error| Err(format!("finding it broke off: {error}")))
}

/// Lets no test begin in it any more, of this process or of another.
pub(in crate::testing) fn spoil<S: Lender>(lent: Lent<S>) -> Result<(), String> {
    let Lent { shared, key, database, .. } = lent;
    {
        let mut lent = held(&shared.lent);
        // Another test may have done so before, and there is a new one already.
        let is_current =
            lent.get(&key).and_then(|slot| slot.get()).is_some_and(|found| found.as_ref() == Ok(&database));
        if is_current {
            lent.remove(&key);
        }
    }
    waited(async move { shared.server.spoil(key, &database).await })?
}
