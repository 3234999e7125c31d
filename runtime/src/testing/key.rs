//! Which migrated state a test asks for. Two tests of one key start from the same rows, whoever runs them and when; never the
//! other way round: a key may change although the state does not, which costs a run of the chain.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use super::Test;
use crate::chain::Work;
use crate::dialect::Dialect;
use crate::plan::Direction;

/// A digest of all that makes the state: the revisions up to the target, what they run on the dialect, and the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u128);

/// What a test starts from.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) key: Key,
    /// The revision to go to; `None` where nothing is to run.
    pub(super) target: Option<&'static str>,
}

impl State {
    /// The state that a test asks for; in words, why there is none.
    pub(super) fn of(test: &Test, dialect: Dialect) -> Result<State, String> {
        // A chain of a thousand revisions takes longer to read than a copy of its tables does to make.
        static FOUND: Mutex<BTreeMap<(usize, &str, &str), State>> = Mutex::new(BTreeMap::new());
        let found = || FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (std::ptr::from_ref(test.chain).addr(), test.at, dialect.name());
        if let Some(state) = found().get(&asked) {
            return Ok(*state);
        }
        let state = State::of_program(test, dialect, program)?;
        found().insert(asked, state);
        Ok(state)
    }

    fn of_program(test: &Test, dialect: Dialect, program: fn() -> String) -> Result<State, String> {
        let chain = test.chain;
        let target = chain.find(test.at).map_err(|error| format!("it starts at `{}`: {error}", test.at))?;
        let mut digest = Digest::new();
        digest.add(env!("CARGO_PKG_VERSION").as_bytes());
        digest.add(dialect.name().as_bytes());
        digest.add(chain.version_table().as_bytes());
        digest.add(format!("{:?} {:?}", chain.settings.transaction, chain.settings.edited).as_bytes());
        let Some(target) = target else { return Ok(State { key: digest.key(), target: None }) };
        let mut is_code = false;
        for revision in chain.revisions() {
            digest.add(revision.id().as_bytes());
            digest.add(&revision.checksum().to_le_bytes());
            digest.add(revision.upgrade_checksum(dialect).unwrap_or_default().as_bytes());
            is_code |= matches!(revision.work(Direction::Upgrade), Work::Rust(_));
            if revision.id() == target.id() {
                break;
            }
        }
        if is_code {
            digest.add(program().as_bytes());
        }
        Ok(State { key: digest.key(), target: Some(target.id()) })
    }

    /// The same, made by this user of a server: what one may copy and read is not another's.
    #[cfg(any(test, feature = "postgres", feature = "mysql"))]
    pub(super) fn of_user(&self, user: &str) -> State {
        let mut digest = Digest(self.key.0);
        digest.add(user.as_bytes());
        State { key: digest.key(), target: self.target }
    }
}

/// This build of this program. A `.rs` revision may call anything in it, and of that no checksum tells.
fn program() -> String {
    let program = std::env::current_exe().ok();
    let built = program.as_ref().and_then(|program| {
        let data = program.metadata().ok()?;
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((data.len(), modified))
    });
    format!("{program:?} {built:?}")
}

/// FNV-1a with 128 bits: no two states are told apart by malice here.
struct Digest(u128);

impl Digest {
    const fn new() -> Digest {
        Digest(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, field: &[u8]) {
        let length = (field.len() as u64).to_le_bytes();
        for byte in length.iter().chain(field) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    const fn key(&self) -> Key {
        Key(self.0)
    }
}

/// The digest of a text.
pub(super) fn digest(text: &str) -> Key {
    let mut digest = Digest::new();
    digest.add(text.as_bytes());
    digest.key()
}

impl Key {
    /// One that was written down.
    pub(super) fn parse(text: &str) -> Option<Key> {
        u128::from_str_radix(text, 16).ok().map(Key)
    }

    /// Half of it, as a lock's number.
    pub(super) const fn half(self) -> u64 {
        (self.0 ^ (self.0 >> 64)) as u64
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::{self, Mode, Revision, work};

    const SQL: &str = "CREATE TABLE a (id INTEGER)";

    fn revision(id: &'static str, sql: &str) -> Revision {
        let batch = embed::Batch {
            mode: Mode::Transaction,
            sql: sql.to_owned(),
            statements: vec![embed::Statement { start: 0, end: sql.len() as u32, line: 1 }],
        };
        Revision { id, file: format!("{id}.sql"), message: "", upgrade: work(&[batch]), downgrade: work(&[]) }
    }

    fn chain(revisions: &[Revision], table: &'static str) -> &'static crate::Migrations {
        use crate::chain::{Settings, Transaction};
        embed::embed(revisions, Settings::new([true; 3], table, None, Transaction::Default))
    }

    fn key(test: Test) -> Key {
        State::of(&test, Dialect::Sqlite).unwrap().key
    }

    #[test]
    fn a_key_is_of_what_runs_and_of_nothing_else() {
        let two = [revision("a1", SQL), revision("b2", "DROP TABLE a")];
        let test = Test::new("one", chain(&two, "alembic_version"));
        assert_eq!(Key::parse(&key(test).to_string()), Some(key(test)));
        assert_eq!(key(test), key(Test::new("another", chain(&two, "alembic_version")).env("X").at("b2")));
        let edited = [revision("a1", SQL), revision("b2", "DROP TABLE b")];
        let renamed = [revision("a1", SQL), revision("c3", "DROP TABLE a")];
        let others = [
            Test::new("one", chain(&edited, "alembic_version")),
            Test::new("one", chain(&renamed, "alembic_version")),
            Test::new("one", chain(&two, "versions")),
            test.at("a1"),
            test.at("base"),
        ];
        for other in others {
            assert_ne!(key(test), key(other), "{other:?}");
        }
        assert_ne!(key(test), State::of(&test, Dialect::Postgres).unwrap().key);
        let of_user = |user: &str| State::of(&test, Dialect::Postgres).unwrap().of_user(user).key;
        assert_eq!(of_user("me"), of_user("me"));
        assert_ne!(of_user("me"), of_user("you"));
        // What comes behind the target is another state's.
        assert_eq!(key(test.at("a1")), key(Test::new("one", chain(&edited, "alembic_version")).at("b2-1")));
    }

    #[test]
    fn what_a_function_does_is_its_programs() {
        let nothing = || embed::Work::Rust(|_| Box::pin(async { Ok(()) }));
        let function = Revision { upgrade: nothing(), downgrade: nothing(), ..revision("b2", SQL) };
        let chain = chain(&[revision("a1", SQL), function], "alembic_version");
        let key =
            |at, program| State::of_program(&Test::new("one", chain).at(at), Dialect::Sqlite, program).unwrap().key;
        assert_ne!(key("b2", || "one".to_owned()), key("b2", || "two".to_owned()));
        assert_eq!(key("a1", || "one".to_owned()), key("a1", || "two".to_owned()), "there is none yet");
        assert_eq!(program(), program());
    }

    #[test]
    fn a_target_that_is_none_is_named() {
        let test = Test::new("one", chain(&[revision("a1", SQL)], "alembic_version")).at("b");
        let reason = State::of(&test, Dialect::Sqlite).err().unwrap();
        assert!(reason.starts_with("it starts at `b`: Can't locate revision identified by 'b'"), "{reason}");
    }
}
