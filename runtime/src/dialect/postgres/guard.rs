//! The guard: the statements at the head of a transaction that keep other writers out, and go on only where the version row
//! is where it should be. What it decides it decides in the server; here it is only written down.

use super::{Session, code, refused};
use crate::error::Result;
use crate::plan::Step;
use crate::run::{Outcome, Pieces};
use crate::version_table::{Swap, literal};

/// How the guard fails where the version row has moved: a sentence that is no boolean (`invalid_text_representation`). A
/// cast costs a fraction of what a `DO` block does, whose body is compiled anew each time.
const MOVED: &str = "22P02";

/// How often creating the version table may be lost to another session. Where it goes on failing, something else has
/// that name.
const CREATES: u32 = 100;

impl Session<'_> {
    /// The statements before the first of the revisions' own.
    pub(super) fn prefix(&self, swap: Option<Swap<'_>>, pieces: Pieces<'_>) -> Vec<String> {
        let mut prefix = Vec::new();
        if !self.held.is_lent() {
            prefix.push("BEGIN;\n".to_owned());
        }
        match (swap, pieces.is_empty()) {
            (Some(swap), is_empty) => prefix.extend(self.guard(swap, pieces.steps(), !is_empty)),
            (None, true) => {}
            (None, false) => prefix.extend(self.timeouts.of_postgres_transaction()),
        }
        prefix
    }

    /// The statements that exclude other writers, move the version row, and fail unless exactly that happened; that tell the
    /// journal of the steps; and with `limits` those that set the limits of what follows. They give one row, of which
    /// `Learnt` is what was not known.
    pub(super) fn guard(&self, swap: Swap<'_>, steps: &[Step], limits: bool) -> Vec<String> {
        let name = self.table.name();
        let mut statements = Vec::new();
        if self.missing {
            statements.push(format!("{};\n", self.table.create()));
        }
        // Keeps a second INSERT out, which the primary key does not: two starters may insert different ids. No snapshot is
        // older than this, at any level of isolation: LOCK takes none.
        statements.push(format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE;\n"));
        statements.push(self.check(swap, limits));
        statements.extend(self.table.swap(swap).map(|sql| format!("{sql};\n")));
        // Before the revision's own: it may change who we are, and what we may.
        if self.table.is_recorded() && !steps.is_empty() {
            let journal = self.journal();
            if !self.has_journal {
                statements.push(format!("{};\n", journal.create()));
            }
            statements.extend(journal.record(steps).map(|sql| format!("{sql};\n")));
        }
        if limits {
            statements.extend(self.timeouts.postgres("SET LOCAL"));
        }
        statements
    }

    /// The SELECT that fails unless the version row is where it should be, nothing else is under way, and nothing is there
    /// that nobody has looked at yet. It also sets the limit for locks where nobody has: waiting for another starter is no
    /// lock that someone holds by mistake, so not before LOCK.
    fn check(&self, swap: Swap<'_>, limits: bool) -> String {
        let name = self.table.name();
        let journal = self.journal();
        let here = match swap.from {
            None => "count(*) = 0".to_owned(),
            Some(from) => format!("count(*) = 1 AND min(version_num::text) = {}", literal(from)),
        };
        // Nor may a step be under way that is no single transaction: its version row names the lower revision meanwhile.
        // A journal of which the last read knew nothing is looked at by the next one.
        let free = match self.has_journal {
            true => format!("NOT EXISTS (SELECT FROM {} WHERE {})", journal.name(), journal.is_claimed()),
            false => format!("to_regclass({}) IS NULL", literal(journal.name())),
        };
        let alone = match self.is_known || self.table.has_schema() {
            true => String::new(),
            false => {
                let bare = literal(&format!(".{}", self.table.name()));
                format!(
                    " AND (SELECT count(*) FROM unnest(current_schemas(false)) s \
                     WHERE to_regclass(quote_ident(s) || {bare}) IS NOT NULL) = 1"
                )
            }
        };
        let limit = self.timeouts.of_postgres_locks().filter(|_| limits).unwrap_or_else(|| "NULL".to_owned());
        // The revision may change the search path (every pg_dump does): from here on the name is qualified.
        let schema = match self.table.has_schema() {
            true => "NULL".to_owned(),
            false => format!(
                "(SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n \
                 ON n.oid = c.relnamespace WHERE c.oid = {}::pg_catalog.regclass)",
                literal(&name)
            ),
        };
        // Who we are is the same for every revision, and the server's to say.
        let who = match self.who.is_none() && self.table.is_recorded() {
            true => journal.who(),
            false => "NULL".to_owned(),
        };
        // With a number that only the server knows, or the planner would find out at once that this is no boolean.
        format!(
            "SELECT CASE WHEN {here} AND {free}{alone} THEN {limit} \
             ELSE ('the version row has moved; rows: ' || count(*))::boolean::text END, {schema}, {who} FROM {name};\n"
        )
    }

    /// Tells a lost race from an error, for an error before the revision's own statements.
    pub(super) fn lost_or(&mut self, error: sqlx::Error) -> Result<Outcome> {
        if code(&error) == Some(MOVED) {
            return Ok(Outcome::Moved);
        }
        if create_lost(&error) && self.creates_lost < CREATES {
            self.creates_lost += 1;
            return Ok(Outcome::Moved);
        }
        Err(refused(error))
    }
}

/// Whether another session created the version table at the same moment. IF NOT EXISTS does not keep two from trying;
/// the loser meets the table (42P07), its row type (42710), or the catalogue's own unique indexes
/// (pg_type_typname_nsp_index, pg_class_relname_nsp_index), depending on how close it was.
fn create_lost(error: &sqlx::Error) -> bool {
    match (code(error), error) {
        (Some("42P07" | "42710"), _) => true,
        (Some("23505"), sqlx::Error::Database(error)) => error.constraint().is_some_and(|name| name.starts_with("pg_")),
        _ => false,
    }
}
