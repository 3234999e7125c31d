//! Which variable names the server of a dialect. Reads the environment, and connects to nothing.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use super::fails;
use crate::dialect::Dialect;

/// The variable; `None` where there is no server: then nothing is proved, and it says so. Under `CI=true` that is a failure.
#[track_caller]
pub(super) fn variable(dialect: Dialect, named: [Option<&'static str>; 3]) -> Option<&'static str> {
    let own = match dialect {
        // A file, which nobody has to name.
        Dialect::Sqlite => return Some("DATABASE_URL"),
        Dialect::Postgres => "REVCHAIN_PROVE_POSTGRES",
        Dialect::Mysql => "REVCHAIN_PROVE_MYSQL",
    };
    let found = match named[dialect as usize] {
        Some(variable) => Some(variable).filter(|variable| std::env::var_os(variable).is_some()),
        None if is_of("DATABASE_URL", dialect) => Some("DATABASE_URL"),
        None => Some(own).filter(|variable| std::env::var_os(variable).is_some()),
    };
    if found.is_none() {
        let wanted = named[dialect as usize].unwrap_or(own);
        let (dialect, reason) = (dialect.name(), "no server to make databases on");
        if std::env::var("CI").as_deref() == Ok("true") {
            fails(&format!("nothing is proved on {dialect}: {reason}, and CI=true\n  help: set {wanted} to its URL"));
        }
        say_once(&format!("SKIPPED: nothing is proved on {dialect}: {reason}; {wanted}=<URL> names one"));
    }
    found
}

fn is_of(variable: &str, dialect: Dialect) -> bool {
    std::env::var(variable).is_ok_and(|url| Dialect::of_url(&url).is_ok_and(|of| of == dialect))
}

/// Past the test harness, which keeps what passing tests print to itself; and not for each revision.
fn say_once(text: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned()) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }
}
