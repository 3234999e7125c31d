//! The chains that everybody runs: blocks of five revisions, the same SQL for all three databases. (The way back is there to
//! be embedded; nobody runs it, and MySQL spells DROP INDEX otherwise.)

/// A revision.
#[derive(Debug)]
pub(crate) struct Revision {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) slug: String,
    pub(crate) up: String,
    pub(crate) down: String,
}

/// What a block of five is made of.
pub(crate) const BLOCK: usize = 5;

/// Returns a chain. Its length is a multiple of [`BLOCK`].
pub(crate) fn chain(length: usize) -> Vec<Revision> {
    (0..length).map(revision).collect()
}

/// Returns the name of the table of the last block, which holds three rows once the chain has run.
pub(crate) fn last_table(length: usize) -> String {
    table((length / BLOCK).saturating_sub(1))
}

fn table(block: usize) -> String {
    format!("customer_orders_{block:04}")
}

fn revision(position: usize) -> Revision {
    let table = table(position / BLOCK);
    let (what, up, down) = match position % BLOCK {
        0 => (
            "create",
            format!(
                "CREATE TABLE {table} (\n    id INTEGER NOT NULL PRIMARY KEY,\n    customer_name VARCHAR(120) NOT NULL,\n    \
                 reference VARCHAR(64) NOT NULL,\n    amount NUMERIC(12, 2) NOT NULL DEFAULT 0,\n    remark TEXT,\n    \
                 created_at TIMESTAMP NULL\n);\nCREATE INDEX ix_{table}_customer_name ON {table} (customer_name);\n"
            ),
            format!("DROP TABLE {table};\n"),
        ),
        1 => (
            "add_delivered_at_to",
            format!("ALTER TABLE {table} ADD COLUMN delivered_at TIMESTAMP NULL;\n"),
            format!("ALTER TABLE {table} DROP COLUMN delivered_at;\n"),
        ),
        2 => (
            "index",
            format!("CREATE INDEX ix_{table}_reference_created_at ON {table} (reference, created_at);\n"),
            // MySQL alone wants the table, and alone reads this comment.
            format!("DROP INDEX ix_{table}_reference_created_at /*! ON {table} */;\n"),
        ),
        3 => (
            "seed",
            format!(
                "INSERT INTO {table} (id, customer_name, reference, amount, remark) VALUES\n    \
                 (1, 'Ada Lovelace', 'A-0001', 12.50, 'first of all; with a semicolon'),\n    \
                 (2, 'Grace Hopper', 'A-0002', 99.90, 'it''s quoted'),\n    \
                 (3, 'Edgar Codd', 'A-0003', 7.00, NULL);\n"
            ),
            format!("DELETE FROM {table} WHERE id IN (1, 2, 3);\n"),
        ),
        _ => (
            "require_priority_of",
            format!("ALTER TABLE {table} ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;\n"),
            format!("ALTER TABLE {table} DROP COLUMN priority;\n"),
        ),
    };
    let id = format!("{:012x}", (position + 1) * 7919);
    Revision { number: position + 1, id, slug: format!("{what}_{table}"), up, down }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_about_two_hundred_bytes_a_revision() {
        let chain = chain(1000);
        let up: usize = chain.iter().map(|revision| revision.up.len()).sum();
        let down: usize = chain.iter().map(|revision| revision.down.len()).sum();
        assert!((150..250).contains(&(up / 1000)), "{}", up / 1000);
        assert!((40..100).contains(&(down / 1000)), "{}", down / 1000);
        assert_eq!(last_table(1000), "customer_orders_0199");
    }
}
