//! What the journal remembers of steps that are over: the statements that tell it of those that were one transaction, and that ask
//! for all of them. What becomes of the answer is `applied`'s.

use super::table::{Journal, epoch, optional};
use crate::dialect::Dialect;
use crate::plan::Step;
use crate::version_table::literal;

/// How many steps one statement tells of at the most: what is told of a run does not stand in memory all at once.
const RECORDED: usize = 100;

/// What [`Journal::read_last`] has in place of a direction: of a step that is not over, and where somebody said `stamp`.
pub(crate) const CLAIMED: &str = "claimed";
pub(crate) const STAMP: &str = "stamp";

impl Journal {
    /// The statements that tell of steps that share a transaction: in that transaction, so that all of it is there or nothing.
    pub(crate) fn record<'s>(&'s self, steps: &'s [Step]) -> impl Iterator<Item = String> + 's {
        steps.chunks(RECORDED).map(|steps| self.record_chunk(steps))
    }

    fn record_chunk(&self, steps: &[Step]) -> String {
        let now = self.now();
        let (chain, of_chain) = self.chain();
        let (own, values) = match self.dialect {
            Dialect::Mysql => ("claim, ", String::new()),
            _ => ("", format!(", {now}, {now}")),
        };
        let times = if values.is_empty() { "" } else { ", started_at, changed_at" };
        let rows = steps.iter().map(|step| {
            let (epoch, count) = (epoch(), step.batches(self.dialect).iter().map(|batch| batch.len()).sum::<usize>());
            let claim = if own.is_empty() { String::new() } else { format!("{epoch}, ") };
            format!(
                "({claim}{}, {}, {epoch}, {}, {count}, {count}, {}, {now}{values}{of_chain})",
                self.versions.literal(step.revision.id()),
                literal(step.direction.name()),
                self.who(),
                optional(step.checksum(self.dialect).as_deref()),
            )
        });
        format!(
            "INSERT INTO {} ({own}revision, direction, epoch, who, statements, done, checksum, finished_at{times}{chain}) VALUES {}",
            self.name,
            rows.collect::<Vec<_>>().join(", ")
        )
    }

    /// The statement that says that somebody has said where the database stands: what ran there before tells nothing any more.
    pub(crate) fn record_stamp(&self, to: Option<&str>) -> String {
        let now = self.now();
        let (chain, of_chain) = self.chain();
        let (own, epoch) = (self.dialect == Dialect::Mysql, epoch());
        format!(
            "INSERT INTO {} ({}revision, direction, epoch, who, statements, started_at, changed_at, finished_at{chain}) \
             VALUES ({}{}, '{STAMP}', {epoch}, {}, 0, {now}, {now}, {now}{of_chain})",
            self.name,
            if own { "claim, " } else { "" },
            if own { format!("{epoch}, ") } else { String::new() },
            self.versions.literal(to.unwrap_or_default()),
            self.who(),
        )
    }

    /// The statement that reads what ran last of each revision, in order: revision, direction, checksum, who, when; and what
    /// is under way, whose direction is [`CLAIMED`]. Every column is text, or NULL.
    ///
    /// The last of each, since the table only grows: a database that went up and down a thousand times is read as quickly as one
    /// that went up once. The last stamp counts apart, or the next upgrade of the same revision would hide that all before it
    /// means nothing. Grouped is by a column and nothing else: MySQL makes `(a, b) IN (SELECT …)` a HAVING, and there its default
    /// mode ONLY_FULL_GROUP_BY takes no expression.
    pub(crate) fn read_last(&self) -> String {
        let (text, order) = if self.dialect == Dialect::Mysql { ("CHAR", "finished_at") } else { ("TEXT", "id") };
        let is_claimed = self.is_claimed();
        let direction = format!("CASE WHEN {is_claimed} THEN '{CLAIMED}' ELSE direction END");
        let columns = ["revision", &direction, "checksum", "who", "started_at"];
        let chain = match self.chain() {
            ("", _) => "chain IS NULL".to_owned(),
            _ => format!("chain = {}", self.claim_key()),
        };
        let over = format!("finished_at IS NOT NULL AND error IS NULL AND {chain}");
        format!(
            "SELECT {} FROM {name} WHERE {is_claimed} OR \
             {over} AND direction <> '{STAMP}' AND (revision, {order}) IN \
             (SELECT revision, max({order}) FROM {name} WHERE {over} AND direction <> '{STAMP}' GROUP BY revision) OR \
             {over} AND direction = '{STAMP}' AND {order} = \
             (SELECT max({order}) FROM {name} WHERE {over} AND direction = '{STAMP}') ORDER BY {order}",
            columns.map(|column| format!("CAST({column} AS {text})")).join(", "),
            name = self.name,
        )
    }

    /// What tells the rows of several chains apart, whose version tables lie beside one journal: the column, and the value.
    /// Neither is said of the usual version table.
    pub(super) fn chain(&self) -> (&'static str, String) {
        match self.versions.bare() {
            "alembic_version" => ("", String::new()),
            _ => (", chain", format!(", {}", self.claim_key())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Settings, Transaction};
    use crate::version_table::VersionTable;

    /// `GROUP BY revision, direction = 'stamp'` MySQL 9.7.4 refused, with error 1055: "Expression #1 of HAVING clause is not in
    /// GROUP BY clause". MariaDB takes it in the same mode.
    #[test]
    fn columns_alone_are_grouped_by() {
        let settings = Settings::new([true; 3], "alembic_version", None, Transaction::Default);
        for (dialect, quote) in [(Dialect::Mysql, '`'), (Dialect::Postgres, '"'), (Dialect::Sqlite, '"')] {
            let sql = Journal::new(dialect, &VersionTable::new(&settings, quote)).read_last();
            assert_eq!(sql.matches("GROUP BY").count(), sql.matches("GROUP BY revision)").count(), "{sql}");
        }
    }
}
