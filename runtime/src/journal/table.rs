//! The journal's table: its shape, and the statements that read and write it, for each dialect.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::alive::{Alive, process};
use crate::dialect::Dialect;
use crate::plan::Step;
use crate::version_table::{VersionTable, literal};

/// The table's name. It lies beside the version table.
const NAME: &str = "revchain_journal";

/// The table of a chain, and the claim that stands in it while a step of that chain is under way.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    pub(super) dialect: Dialect,
    pub(super) name: String,
    pub(super) versions: VersionTable,
    /// Who we are, where the server has said so already.
    who: Option<String>,
}

/// A row of the table: a step that was begun and is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) revision: String,
    pub(crate) direction: String,
    /// Whose it is: a number that nobody else has.
    pub(crate) epoch: u64,
    /// How many statements are over.
    pub(crate) done: u32,
    /// The statement that was announced, and not noted as over.
    pub(crate) doubt: Option<u32>,
    /// What the objects that it names were like before.
    pub(crate) state_before: Option<String>,
    /// Of the statements that are over.
    pub(crate) digest: String,
    /// Rows that the rounds of a `repeat` statement affected so far.
    pub(crate) affected: u64,
    pub(crate) who: String,
    pub(crate) started_at: String,
    /// Whether whoever wrote it is still at it; `None` where the database can't tell.
    pub(crate) alive: Option<bool>,
    pub(crate) error: Option<String>,
    /// How many statements the step had for whoever began it.
    pub(crate) statements: u32,
    /// Whether whoever wrote it has not confirmed it yet: nothing runs before that, and so anybody may take it.
    pub(crate) is_promise: bool,
    /// Where it is ours: says so to the rest of this process.
    pub(crate) ours: Option<Alive>,
}

impl Journal {
    pub(crate) fn new(dialect: Dialect, versions: &VersionTable) -> Journal {
        Journal { dialect, name: versions.beside(NAME), versions: versions.clone(), who: None }
    }

    /// The same, for a session that has learnt what [`who`](Journal::who) is.
    pub(crate) fn of(self, who: Option<String>) -> Journal {
        Journal { who, ..self }
    }

    /// The statement that makes the table.
    ///
    /// MySQL's parser is what a note costs there, next to the disk. So what is the same in each claim is the table's default,
    /// and `claim` is its key: a second index would be made, and written twice for each step.
    pub(crate) fn create(&self) -> String {
        let (key, time) = match self.dialect {
            Dialect::Postgres => (
                "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, claim VARCHAR(64) NULL UNIQUE",
                "TIMESTAMP WITH TIME ZONE",
            ),
            Dialect::Mysql => ("claim VARCHAR(64) NOT NULL PRIMARY KEY", "DATETIME(6)"),
            Dialect::Sqlite => ("id INTEGER PRIMARY KEY, claim VARCHAR(64) NULL UNIQUE", "TEXT"),
        };
        let (set, changed) = match self.dialect {
            Dialect::Mysql => (" DEFAULT CURRENT_TIMESTAMP(6)", " ON UPDATE CURRENT_TIMESTAMP(6)"),
            _ => ("", ""),
        };
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({key}, revision VARCHAR(32) NOT NULL, direction VARCHAR(9) NOT NULL, \
             epoch BIGINT NOT NULL, session_id VARCHAR(64) NULL, who VARCHAR(255) NOT NULL, \
             started_at {time} NOT NULL{set}, changed_at {time} NOT NULL{set}{changed}, finished_at {time} NULL, \
             statements INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, doubt INTEGER NULL, state_before TEXT NULL, \
             digest CHAR(16) NOT NULL DEFAULT {}, affected BIGINT NOT NULL DEFAULT 0, error TEXT NULL, \
             checksum CHAR(16) NULL, chain VARCHAR(64) NULL){}",
            self.name,
            literal(&super::digest([])),
            // Whatever the database's default is: a journal has to take part in transactions.
            if self.dialect == Dialect::Mysql { " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4" } else { "" }
        )
    }

    /// The statement that reads the entry under way. Every column is text, or NULL.
    pub(crate) fn read(&self) -> String {
        let alive = match self.dialect {
            Dialect::Postgres => self.alive_on_postgres(),
            Dialect::Mysql => format!(
                "CASE WHEN session_id IS NULL THEN 'f' WHEN session_id = '?' THEN NULL \
                 WHEN {used} IS NULL THEN 'f' WHEN {used} = CONNECTION_ID() THEN 'f' \
                 WHEN (SELECT p.COMMAND FROM information_schema.PROCESSLIST p WHERE p.ID = {used}) = 'Sleep' THEN NULL \
                 ELSE 't' END",
                used = format_args!("IS_USED_LOCK({})", self.lock())
            ),
            // One step of the work is one transaction there, and whoever comes may do the next.
            Dialect::Sqlite => "'f'".to_owned(),
        };
        let text = if self.dialect == Dialect::Mysql { "CHAR" } else { "TEXT" };
        const COLUMNS: [&str; 13] = [
            "revision",
            "direction",
            "epoch",
            "done",
            "doubt",
            "state_before",
            "digest",
            "affected",
            "who",
            "started_at",
            "error",
            "statements",
            "session_id",
        ];
        let columns = COLUMNS.map(|column| format!("CAST({column} AS {text})"));
        format!("SELECT {}, {alive} FROM {} WHERE {}", columns.join(", "), self.name, self.is_claimed())
    }

    /// Whether somebody is at it, as far as the server can tell: `t`, `f`, or NULL.
    ///
    /// A session that is the server's own is no proof of life, nor is its end one of death: behind a pooler that hands
    /// sessions out by the transaction, the one that wrote the claim belongs to somebody else by now, or to nobody. So
    /// there are two signs. Whoever can open a second connection holds the epoch's lock there, in a transaction, which
    /// no pooler cuts in two (`beacon`). And a statement that runs outside any transaction names the epoch in a comment:
    /// its client may be gone, and it goes on.
    ///
    /// Without a second connection the session is all there is. While it does something, somebody is at it; where it is
    /// idle, nobody can tell; where it is gone, they are. What another user's session does is hidden, that it is there
    /// is not.
    fn alive_on_postgres(&self) -> String {
        let others = "FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_backend_pid()";
        let mark = "'/* revchain ' || epoch::text || ' */%'";
        let writer = "a.pid::text = split_part(session_id, ' ', 1) \
                      AND (a.backend_start IS NULL OR extract(epoch FROM a.backend_start)::text = split_part(session_id, ' ', 2))";
        let lock = "SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) \
                    AND l.classid::bigint = epoch >> 32 AND l.objid::bigint = epoch & 4294967295";
        format!(
            "CASE WHEN session_id IS NULL THEN 'f' WHEN session_id = '?' THEN NULL \
             WHEN EXISTS (SELECT {others} AND a.state <> 'idle' AND a.query LIKE {mark}) THEN 't' \
             WHEN session_id LIKE '% beacon' AND EXISTS ({lock}) THEN 't' \
             WHEN EXISTS (SELECT {others} AND a.state <> 'idle' AND {writer}) THEN 't' \
             WHEN session_id LIKE '% beacon' AND NOT EXISTS (SELECT {others} AND a.state IS NULL AND {writer}) THEN 'f' \
             WHEN split_part(session_id, ' ', 1) = pg_backend_pid()::text THEN NULL \
             WHEN EXISTS (SELECT {others} AND {writer}) THEN NULL ELSE 'f' END"
        )
    }

    /// The statement that says of a claim that it is still ours, and whether its epoch's lock is held. Affects one row,
    /// unless it is somebody else's by now.
    pub(crate) fn confirm(&self, entry: &Entry, has_beacon: bool) -> String {
        let beacon = if has_beacon { " || ' beacon'" } else { "" };
        format!("UPDATE {} SET session_id = {}{beacon} WHERE {}", self.name, self.session(), self.held(entry))
    }

    /// The statement that says that nobody is at it any more.
    pub(crate) fn release(&self, entry: &Entry) -> String {
        format!("UPDATE {} SET session_id = NULL WHERE {}", self.name, self.held(entry))
    }

    /// The statement that claims a step, for a database that stands where the step begins. Affects one row, or none;
    /// fails where someone else has the claim.
    pub(crate) fn claim(&self, step: &Step, entry: &Entry, statements: u32, promise: bool) -> String {
        let versions = self.versions.name();
        let is_there = match step.from() {
            Some(from) => format!(
                "(SELECT count(*) FROM {versions}) = 1 AND EXISTS (SELECT 1 FROM {versions} WHERE version_num = {})",
                self.versions.literal(from)
            ),
            None => format!("(SELECT count(*) FROM {versions}) = 0"),
        };
        let dual = if self.dialect == Dialect::Mysql { " FROM DUAL" } else { "" };
        self.claim_by(entry, statements, promise, ("SELECT ", &format!("{dual} WHERE {is_there}")))
    }

    /// The same, where the version row's move in the same transaction tells where the database stands.
    pub(crate) fn claim_at_once(&self, entry: &Entry, statements: u32, promise: bool) -> String {
        self.claim_by(entry, statements, promise, ("VALUES (", ")"))
    }

    /// A claim, with what stands around its values.
    fn claim_by(&self, entry: &Entry, statements: u32, promise: bool, (open, close): (&str, &str)) -> String {
        let (columns, values) = match self.dialect {
            // The table knows.
            Dialect::Mysql => ("", String::new()),
            _ => {
                let (now, digest) = (self.now(), literal(&entry.digest));
                (", started_at, changed_at, done, digest, affected", format!(", {now}, {now}, 0, {digest}, 0"))
            }
        };
        format!(
            "INSERT INTO {} (claim, revision, direction, epoch, session_id, who, statements, doubt, state_before{columns}{}) \
             {open}{}, {}, {}, {}, {}, {}, {statements}, {}, {}{values}{}{close}",
            self.name,
            self.chain().0,
            self.claim_key(),
            self.versions.literal(&entry.revision),
            literal(&entry.direction),
            entry.epoch,
            self.session_or_promise(promise),
            self.who(),
            number(entry.doubt),
            optional(entry.state_before.as_deref()),
            self.chain().1,
        )
    }

    /// The statement that keeps everybody else from the version row while a step is claimed, where reading it does not: on
    /// PostgreSQL a statement that waits for somebody's claim to end goes on with what it had read before.
    pub(crate) fn exclude(&self) -> Option<String> {
        let lock = || format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", self.versions.name());
        (self.dialect == Dialect::Postgres).then(lock)
    }

    /// The statement that takes an entry over from whoever wrote it. Affects one row, unless someone else was quicker.
    pub(crate) fn take_over(&self, entry: &Entry, epoch: u64, promise: bool) -> String {
        format!(
            "UPDATE {} SET epoch = {epoch}, session_id = {}, who = {}, changed_at = {}, error = NULL WHERE {}",
            self.name,
            self.session_or_promise(promise),
            self.who(),
            self.now(),
            self.held(entry)
        )
    }

    /// The statement that notes how far the step is, and announces a statement that commits by itself. Affects one row,
    /// unless the entry is somebody else's by now, or somebody else got further.
    pub(crate) fn advance(&self, before: &Entry, after: &Entry) -> String {
        format!(
            "UPDATE {} SET {}done = {}, doubt = {}, state_before = {}, digest = {}, affected = {}{} \
             WHERE {} AND done = {}",
            self.name,
            self.same_session(),
            after.done,
            number(after.doubt),
            optional(after.state_before.as_deref()),
            literal(&after.digest),
            after.affected,
            self.changed(),
            self.held(before),
            before.done
        )
    }

    /// The statement that adds the rows of a round.
    pub(crate) fn add(&self, entry: &Entry, rows: u64) -> String {
        format!(
            "UPDATE {} SET affected = affected + {rows}, changed_at = {} WHERE {} AND done = {}",
            self.name,
            self.now(),
            self.held(entry),
            entry.done
        )
    }

    /// The statement that notes an error. The entry waits for whoever tries again.
    pub(crate) fn fail(&self, entry: &Entry, error: &str, in_doubt: bool) -> String {
        format!(
            "UPDATE {} SET {}session_id = NULL, error = {}, changed_at = {} WHERE {}",
            self.name,
            if in_doubt { "" } else { "doubt = NULL, state_before = NULL, " },
            self.versions.literal(&shortened(error)),
            self.now(),
            self.held(entry)
        )
    }

    /// The statement that ends a step of which nothing ran.
    pub(crate) fn give_up(&self, entry: &Entry, error: &str) -> String {
        format!(
            "UPDATE {} SET claim = {}, doubt = NULL, state_before = NULL, session_id = NULL, error = {}, \
             changed_at = {now}, finished_at = {now} WHERE {} AND done = 0",
            self.name,
            self.free(),
            self.versions.literal(&shortened(error)),
            self.held(entry),
            now = self.now(),
        )
    }

    /// The statement that ends the step: the claim is free.
    ///
    /// With it goes the checksum of what ran, where the step has one.
    pub(crate) fn finish(&self, before: &Entry, after: &Entry, checksum: Option<&str>) -> String {
        let checksum = checksum.map_or_else(String::new, |checksum| format!(", checksum = {}", literal(checksum)));
        let cleared = match self.dialect {
            // What else was noted means nothing to anybody once the claim is free, and an error ended when the entry was
            // taken over.
            Dialect::Mysql => "",
            _ => ", doubt = NULL, state_before = NULL, session_id = NULL, error = NULL",
        };
        format!(
            "UPDATE {} SET claim = {}, done = {}, digest = {}{cleared}{checksum}{}, finished_at = {} WHERE {} AND done = {}",
            self.name,
            self.free(),
            after.done,
            literal(&after.digest),
            self.changed(),
            self.now(),
            self.held(before),
            before.done,
        )
    }

    /// The statement that gives up whatever is under way: somebody says where the database stands.
    pub(crate) fn abandon(&self) -> String {
        format!(
            "UPDATE {} SET claim = {}, finished_at = {}, error = 'given up by stamp' WHERE {}",
            self.name,
            self.free(),
            self.now(),
            self.is_claimed()
        )
    }

    /// The condition on its rows that a step is under way.
    pub(crate) fn is_claimed(&self) -> String {
        format!("claim = {}", self.claim_key())
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The table's name in SQL.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// MySQL's lock that stands for whoever is at it, as a literal: it goes with the session. Locks are the server's, not a
    /// database's, and their names end at 64 characters.
    pub(crate) fn lock(&self) -> String {
        literal(&format!("revchain {}", super::digest([self.versions.name().as_str()])))
    }

    pub(super) fn claim_key(&self) -> String {
        self.versions.literal(self.versions.bare())
    }

    /// What stands in `claim` once a step is over: nothing, and where it is the key, what no other row has.
    fn free(&self) -> &'static str {
        if self.dialect == Dialect::Mysql { "epoch" } else { "NULL" }
    }

    /// What notes the time of a change, where the table doesn't by itself.
    fn changed(&self) -> String {
        match self.dialect {
            Dialect::Mysql => String::new(),
            _ => format!(", changed_at = {}", self.now()),
        }
    }

    fn held(&self, entry: &Entry) -> String {
        format!("{} AND epoch = {}", self.is_claimed(), entry.epoch)
    }

    pub(super) fn now(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres => "clock_timestamp()",
            Dialect::Mysql => "NOW(6)",
            Dialect::Sqlite => "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        }
    }

    /// What becomes of the session's name where it is another one by now, and nothing else tells who is at it: then
    /// nobody can tell.
    fn same_session(&self) -> String {
        match self.dialect {
            Dialect::Postgres => format!(
                "session_id = CASE WHEN session_id LIKE '% beacon' OR session_id = {} THEN session_id ELSE '?' END, ",
                self.session()
            ),
            _ => String::new(),
        }
    }

    fn session_or_promise(&self, promise: bool) -> String {
        let promise = if promise { " || ' promise'" } else { "" };
        format!("{}{promise}", self.session())
    }

    fn session(&self) -> String {
        match self.dialect {
            Dialect::Postgres => format!(
                "(SELECT pid || ' ' || extract(epoch FROM backend_start)::text || ' {}' \
                 FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid())",
                process()
            ),
            // Where the server has no such locks (Galera), nobody can tell who is at it. (Should somebody else have it by now,
            // they take the step over anyway.)
            Dialect::Mysql => format!("COALESCE(IS_USED_LOCK({}), '?')", self.lock()),
            Dialect::Sqlite => "NULL".to_owned(),
        }
    }

    /// Who is at it, for people.
    pub(crate) fn who(&self) -> String {
        if let Some(who) = &self.who {
            return self.versions.literal(who);
        }
        let process = std::process::id();
        match self.dialect {
            Dialect::Postgres => format!(
                "left(current_user || coalesce(' at ' || inet_client_addr()::text, '') || ', backend ' || pg_backend_pid() \
                 || ', process {process}' || coalesce(', ' || nullif(current_setting('application_name'), ''), ''), 255)"
            ),
            Dialect::Mysql => {
                format!("LEFT(CONCAT(USER(), ', connection ', CONNECTION_ID(), ', process {process}'), 255)")
            }
            Dialect::Sqlite => literal(&format!("process {process}")),
        }
    }
}

impl Entry {
    /// The entry of a step that is about to begin.
    pub(crate) fn new(step: &Step) -> Entry {
        let epoch = epoch();
        Entry {
            revision: step.revision.id().to_owned(),
            direction: step.direction.name().to_owned(),
            epoch,
            done: 0,
            doubt: None,
            state_before: None,
            digest: super::digest([]),
            affected: 0,
            who: String::new(),
            started_at: String::new(),
            alive: None,
            error: None,
            statements: 0,
            is_promise: false,
            ours: Some(Alive::new(epoch)),
        }
    }

    /// Reads a row of [`Journal::read`].
    pub(crate) fn from_row(mut row: Vec<Option<String>>) -> Option<Entry> {
        let mut text = |position: usize| row.get_mut(position).and_then(Option::take);
        let epoch = text(2)?.parse().ok()?;
        let (mut alive, session) = (text(13).map(|alive| alive == "t"), text(12).unwrap_or_default());
        // Of this very process we know better than the server.
        if alive != Some(true) && session.split(' ').nth(2) == Some(process()) {
            alive = Some(Alive::has(epoch));
        }
        Some(Entry {
            revision: text(0)?,
            direction: text(1)?,
            epoch,
            done: text(3)?.parse().ok()?,
            doubt: text(4).and_then(|position| position.parse().ok()),
            state_before: text(5),
            digest: text(6)?,
            affected: text(7)?.parse().ok()?,
            who: text(8)?,
            started_at: text(9)?,
            error: text(10),
            statements: text(11)?.parse().ok()?,
            alive,
            is_promise: session.ends_with(" promise"),
            ours: None,
        })
    }
}

/// A number that nobody else has: of the standard library's random keys, 62 bits.
pub(crate) fn epoch() -> u64 {
    RandomState::new().build_hasher().finish() >> 2
}

fn shortened(error: &str) -> String {
    error.chars().take(2000).collect()
}

fn number(number: Option<u32>) -> String {
    number.map_or_else(|| "NULL".to_owned(), |number| number.to_string())
}

/// For digests, which need no escape.
pub(super) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}
