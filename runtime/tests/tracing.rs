//! What a service's log gets from a run, without anybody listening.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests say so when they fail")]

mod common;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use common::{TestDatabase, three};
use revchain::Dialect;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down what revchain says. (What sqlx says is its own affair.)
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => write!(self.0, " {value:?}").unwrap(),
            // No two runs take the same time.
            "elapsed" => self.0.push_str(" elapsed"),
            name => write!(self.0, " {name}={value:?}").unwrap(),
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "revchain"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.0.lock().unwrap().push(format!("SPAN {}", span.metadata().name()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

#[tokio::test]
async fn a_run_is_logged() {
    let db = TestDatabase::make(Dialect::Sqlite).await.unwrap();
    let (log, chain, mut open) = (Log::default(), three().build(), db.open().await);
    let guard = tracing::subscriber::set_default(log.clone());
    chain.upgrade(&mut open, "a1").await.unwrap();
    chain.migrator().watch_statements().downgrade(&mut open, "base").await.unwrap();
    drop(guard);
    let expected = [
        "SPAN upgrade",
        r#"INFO revision started revision="a1" direction="upgrade" from="base" to="a1" about="a test""#,
        r#"INFO revision committed revision="a1" direction="upgrade" elapsed"#,
        "SPAN downgrade",
        r#"INFO revision started revision="a1" direction="downgrade" from="a1" to="base" about="a test""#,
        r#"DEBUG statement started revision="a1" file="migrations/versions/a1_test.sql" line=11 sql="DROP TABLE runs""#,
        r#"DEBUG statement done revision="a1" file="migrations/versions/a1_test.sql" line=11 elapsed"#,
        r#"INFO revision committed revision="a1" direction="downgrade" elapsed"#,
    ];
    assert_eq!(*log.0.lock().unwrap(), expected);
}
