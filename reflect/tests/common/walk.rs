//! A chain that is run on a database and replayed beside it: after every step, in both directions, the two schemas are one.

use std::collections::BTreeSet;
use std::fmt::Write;

use revchain_core::revision::{Direction, Mode};
use revchain_core::{Dialect, Sources, VerifiedChain, chain};
use revchain_reflect::Scope;
use revchain_schema::model::{Name, ObjectName};
use revchain_schema::{compare_stored, replay_steps};

use super::TestDatabase;

/// A chain in memory.
pub struct Chain {
    pub sources: Sources,
    pub chain: VerifiedChain,
    pub dialect: Dialect,
}

/// What the author of a test is told.
pub enum Apart {
    /// The database refused a statement.
    Refused(String),
    /// The two are not one.
    Differs(String),
}

impl Chain {
    /// Of revisions: what goes up, and what goes down. `@rebuild` in SQLite's says that it is one.
    pub fn of<S: AsRef<str>>(dialect: Dialect, revisions: &[(S, S)]) -> Chain {
        let mut sources = Sources::default();
        let config = format!("dialects = [\"{}\"]\n", dialect.name());
        sources.add("revchain.toml", "revchain.toml", config.into_bytes());
        let mut parent = "base".to_owned();
        for (at, (up, down)) in revisions.iter().enumerate() {
            let id = format!("a{at:011}");
            let mut text = format!("-- Step {at}\n--\n-- revision: {id}\n-- down_revision: {parent}\n");
            for (direction, sql) in [("upgrade", up.as_ref()), ("downgrade", down.as_ref())] {
                let marker = if sql.contains("@rebuild") { "; rebuild" } else { "" };
                write!(text, "\n-- @{direction}{marker}\n{}\n", sql.replace("@rebuild", "")).unwrap();
            }
            let path = format!("versions/{id}_step.sql");
            sources.add(path.clone(), path, text.into_bytes());
            parent = id;
        }
        Chain::read(sources, dialect)
    }

    /// Of a directory's files.
    pub fn read(sources: Sources, dialect: Dialect) -> Chain {
        let (chain, findings) = chain::verify(&sources);
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        let chain = chain.unwrap_or_else(|| panic!("the chain is broken: {messages:?}"));
        Chain { sources, chain, dialect }
    }

    pub fn len(&self) -> usize {
        self.chain.revisions().len()
    }

    /// The statements of a step, those that SQLite wants around a rebuild among them.
    pub fn statements(&self, position: usize, direction: Direction) -> Vec<String> {
        let mut statements = Vec::new();
        let revision = &self.chain.revisions()[position];
        for section in &revision.sections {
            if section.direction != direction || !section.dialects.contains(self.dialect) {
                continue;
            }
            let rebuild = section.mode == Mode::Rebuild;
            statements.extend(rebuild.then(|| "PRAGMA foreign_keys = OFF".to_owned()));
            let body = self.sources.text(section.body);
            let split = section.split(self.dialect).unwrap();
            let text = |statement: revchain_core::sql::Statement| {
                body[statement.start as usize..statement.end as usize].to_owned()
            };
            statements.extend(split.statements().map(text));
            statements.extend(rebuild.then(|| "PRAGMA foreign_keys = ON".to_owned()));
        }
        statements
    }

    /// Runs a step, and compares what there is with what is replayed. Adds to `unclear` what could not be compared.
    pub async fn step(
        &self,
        db: &mut TestDatabase,
        done: &mut Vec<(usize, Direction)>,
        step: (usize, Direction),
        unclear: &mut BTreeSet<String>,
    ) -> Result<(), Apart> {
        let (position, direction) = step;
        let statements = self.statements(position, direction);
        for statement in &statements {
            if let Err(error) = db.execute(statement).await {
                return Err(Apart::Refused(format!("step {position} ({}): {error}\n{statement}", direction.name())));
            }
        }
        done.push(step);
        let version_table = ObjectName::bare(Name::new("alembic_version", self.dialect));
        let mut scope = Scope::of_chain(version_table, self.dialect);
        if self.dialect == Dialect::Postgres {
            let schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'";
            let schemas = db.texts(schemas).await;
            scope.schemas = schemas;
        }
        let stored = db.reflect(&scope).await;
        let said = replay_steps(&self.sources, &self.chain, self.dialect, done.iter().copied());
        let compared = compare_stored(&said, &stored);
        unclear.extend(compared.unclear.iter().map(ToString::to_string));
        if compared.differences.is_empty() {
            return Ok(());
        }
        let mut text = format!("after step {position} ({}) on {}:\n", direction.name(), self.dialect);
        for difference in &compared.differences {
            writeln!(text, "  {difference}").unwrap();
        }
        for statement in statements {
            writeln!(text, "    {statement};").unwrap();
        }
        Err(Apart::Differs(text))
    }

    /// Each step up, down and up again; then all of it down. Gives what could not be compared.
    pub async fn walk(&self, db: &mut TestDatabase) -> Result<BTreeSet<String>, Apart> {
        let (mut done, mut unclear) = (Vec::new(), BTreeSet::new());
        for position in 0..self.len() {
            for direction in [Direction::Upgrade, Direction::Downgrade, Direction::Upgrade] {
                self.step(db, &mut done, (position, direction), &mut unclear).await?;
            }
        }
        for position in (0..self.len()).rev() {
            self.step(db, &mut done, (position, Direction::Downgrade), &mut unclear).await?;
        }
        Ok(unclear)
    }
}

impl std::fmt::Display for Apart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Apart::Refused(text) | Apart::Differs(text)) = self;
        f.write_str(text)
    }
}

/// Walks a fixed chain on a database of its own. `unclear` is what can't be compared: all of it, line by line.
pub async fn is_what_is_replayed<S: AsRef<str>>(dialect: Dialect, revisions: &[(S, S)], unclear: &str) {
    let Some(mut db) = TestDatabase::make(dialect).await else { return };
    let found = match Chain::of(dialect, revisions).walk(&mut db).await {
        Ok(found) => found,
        Err(apart) => panic!("{apart}"),
    };
    db.finish().await;
    super::assert_text(&found.into_iter().collect::<Vec<_>>().join("\n"), unclear);
}
