//! What `revchain::prove!` expands to: one revision on one real database, up, down and up again, and after each step the schema
//! that is there beside the one that the replay makes of the files.
//!
//! Nothing here compares schemas or reads statements: that is done as `check --database` and `verify` do it. A test starts at a copy
//! of a prepared database a few revisions below its own, so that neither the time nor the room grows with the square of the chain.

mod driver;
mod effects;
mod files;
mod look;
mod reach;
mod rows;
mod server;
mod value;
mod walk;
mod with_driver;

use sqlx::{ConnectOptions as _, Connection as _};

use super::{Outcome, Test, told, within};
use crate::chain::Migrations;
use crate::dialect::Dialect;
use driver::Driver;
use files::Files;
use rows::Filling;
use walk::Walk;

/// A chain that is proved, as the macro says it.
#[derive(Debug, Clone, Copy)]
pub struct Proof {
    chain: &'static Migrations,
    /// Where the package was when it was built, and the migrations directory in it.
    package: &'static str,
    directory: &'static str,
    /// The variables that name servers, where the macro says any.
    variables: [Option<&'static str>; 3],
}

/// How a test ended.
enum Verdict {
    /// Nothing is wrong. What was not looked at, and why.
    Holds(Vec<String>),
    /// The upgrade does not run on the rows that were made up for it.
    Refused(String),
    /// What is wrong.
    Fails(String),
}

impl Outcome for Verdict {
    fn is_success(&self) -> bool {
        !matches!(self, Verdict::Fails(_))
    }
}

impl Proof {
    /// The proof of a chain that was embedded from this directory of this package.
    pub const fn new(chain: &'static Migrations, package: &'static str, directory: &'static str) -> Proof {
        Proof { chain, package, directory, variables: [None; 3] }
    }

    /// Reads the URL of a dialect's server from this variable, and from no other.
    #[must_use]
    pub const fn env(mut self, dialect: Dialect, variable: &'static str) -> Proof {
        self.variables[dialect as usize] = Some(variable);
        self
    }

    /// Proves a revision on a dialect: up, down, and up again.
    ///
    /// # Panics
    ///
    /// Where something differs, with what, and where the database is kept.
    #[track_caller]
    pub fn revision(&self, path: &'static str, dialect: Dialect, id: &'static str) {
        let test = Test::new(path, self.chain);
        match dialect {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => self.proves::<sqlx::Postgres>(test, id),
            #[cfg(feature = "mysql")]
            Dialect::Mysql => self.proves::<sqlx::MySql>(test, id),
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => self.proves::<sqlx::Sqlite>(test, id),
            #[allow(unreachable_patterns, reason = "what there is depends on the features")]
            _ => {}
        }
    }

    /// Shows that a database at the head is what the chain says.
    ///
    /// # Panics
    ///
    /// As [`revision`](Proof::revision).
    #[track_caller]
    pub fn head(&self, path: &'static str, dialect: Dialect) {
        let test = Test::new(path, self.chain);
        match dialect {
            #[cfg(feature = "postgres")]
            Dialect::Postgres => self.is_clean::<sqlx::Postgres>(test),
            #[cfg(feature = "mysql")]
            Dialect::Mysql => self.is_clean::<sqlx::MySql>(test),
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => self.is_clean::<sqlx::Sqlite>(test),
            #[allow(unreachable_patterns, reason = "what there is depends on the features")]
            _ => {}
        }
    }

    /// With rows first. Whether it is the revision or the rows that were made up that stops an upgrade, nobody knows: then with other
    /// rows, and at last without.
    #[track_caller]
    fn proves<DB: Driver>(&self, test: Test, id: &'static str) {
        let Some(variable) = server::variable(DB::DIALECT, self.variables) else { return };
        let files = self.files(&test);
        let Some(position) = self.chain.position(id) else { fails(&format!("the chain has no revision {id}")) };
        let last = start(position, self.chain.len()).checked_sub(1).and_then(|last| self.chain.at(last));
        let at = last.map_or("base", |revision| revision.id());
        let test = test.at(at).env(variable);
        let mut refused = Vec::new();
        for filling in [Filling::Both, Filling::Full, Filling::Sparse, Filling::None] {
            let verdict = within::<DB, _, _, _>(test, async |_, connect| {
                let mut connection = connect.connect().await.map_err(super::unreachable)?;
                let walk = Walk { chain: self.chain, files: &files, position };
                let verdict = walk.go::<DB>(&mut connection, filling).await;
                connection.close().await.map_err(super::unreachable)?;
                Ok(verdict)
            });
            match verdict {
                Verdict::Refused(reason) => refused.push(reason),
                Verdict::Fails(reason) => fails(&reason),
                Verdict::Holds(notes) => {
                    if let Some(reason) = refused.first() {
                        let rows = if filling == Filling::None { "without rows" } else { "with other rows" };
                        told(&format!(
                            "`{}`: proved {rows}, for the upgrade does not run on those that were made up first: {reason}",
                            test.path
                        ));
                    }
                    notes.iter().for_each(|note| told(&format!("`{}`: {note}", test.path)));
                    return;
                }
            }
        }
        fails(&refused.concat())
    }

    #[track_caller]
    fn is_clean<DB: Driver>(&self, test: Test) {
        let Some(variable) = server::variable(DB::DIALECT, self.variables) else { return };
        let files = self.files(&test);
        let test = test.env(variable);
        let verdict = within::<DB, _, _, _>(test, async |_, connect| {
            let mut connection = connect.connect().await.map_err(super::unreachable)?;
            let seen = look::look::<DB>(&mut connection, &files, files.head(DB::CORE), None).await;
            connection.close().await.map_err(super::unreachable)?;
            let seen = match seen {
                Ok(seen) => seen,
                Err(reason) => return Ok(Verdict::Fails(reason)),
            };
            Ok(match seen.comparison.differences.as_slice() {
                [] => Verdict::Holds(Vec::new()),
                differences => Verdict::Fails(format!(
                    "a database at the head is not what the chain says, on {}{}",
                    DB::DIALECT.name(),
                    look::lines(differences)
                )),
            })
        });
        if let Verdict::Fails(reason) = verdict {
            fails(&reason);
        }
    }

    #[track_caller]
    fn files(&self, test: &Test) -> std::sync::Arc<Files> {
        match files::of(self.chain, self.package, self.directory) {
            Ok(files) => files,
            Err(reason) => fails(&format!("`{}` can't be proved: {reason}", test.path)),
        }
    }
}

/// How many revisions the copy has that a test of this position starts from. Each copy's original stays on the server for a while: of
/// a hundred revisions there are ten of them, and a test runs nine revisions at most before its own.
fn start(position: usize, revisions: usize) -> usize {
    let apart = revisions.isqrt().max(1);
    position - position % apart
}

/// This is how a test fails.
#[track_caller]
#[expect(clippy::panic, reason = "the author of the chain reads this")]
fn fails(reason: &str) -> ! {
    panic!("{reason}\n")
}

#[cfg(test)]
mod tests {
    use super::start;

    #[test]
    fn copies_are_few_and_near() {
        for revisions in [1, 2, 10, 100, 1000_usize] {
            let mut starts: Vec<usize> = (0..revisions).map(|position| start(position, revisions)).collect();
            let far = starts.iter().enumerate().map(|(position, start)| position - start).max();
            assert!(far < Some(revisions.isqrt()), "{revisions}: {far:?}");
            starts.dedup();
            assert!(starts.len() <= revisions.isqrt() + 3, "{revisions}: {starts:?}");
        }
    }
}
