//! The sign of life of a step outside transactions: a lock on a second connection. Says nothing about the step itself.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, raw_sql};

use super::Session;

impl Session<'_> {
    /// Opens a second connection, and holds the lock of an epoch there, in a transaction, until it is closed: the sign that
    /// somebody is at it. It goes with this process, and no pooler lends a session to another in the middle of a
    /// transaction.
    ///
    /// READ COMMITTED, whatever the default is: an idle transaction has no snapshot then, and so CREATE INDEX
    /// CONCURRENTLY does not wait for it. Nor may the server think that it has been idle for too long.
    pub(crate) async fn light_beacon(&mut self, epoch: u64) -> std::result::Result<(), sqlx::Error> {
        let Some(options) = &self.options else { return Ok(()) };
        self.beacon = None;
        let mut beacon = options.connect().await?;
        let sql = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT set_config(name, '0', true) FROM pg_catalog.pg_settings \
             WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout'); \
             SELECT 1 / pg_try_advisory_xact_lock({epoch})::int"
        );
        raw_sql(AssertSqlSafe(sql)).execute(&mut beacon).await?;
        self.beacon = Some(beacon);
        Ok(())
    }

    /// Whether the lock is still held: it is as long as its transaction is there. `true` where there never was one.
    pub(crate) async fn beacon_burns(&mut self) -> bool {
        match &mut self.beacon {
            // Not just any answer: behind a pooler the transaction may be gone, and the connection not.
            Some(beacon) => {
                let sql = "SELECT (transaction_timestamp() <> statement_timestamp())::text";
                let row = raw_sql(sql).fetch_one(beacon).await;
                row.and_then(|row| row.try_get::<String, _>(0)).is_ok_and(|inside| inside == "true")
            }
            None => true,
        }
    }

    /// Lets go of the lock.
    pub(crate) async fn put_out_beacon(&mut self) {
        if let Some(beacon) = self.beacon.take() {
            // Where it fails, it is gone.
            beacon.close().await.ok();
        }
    }
}
