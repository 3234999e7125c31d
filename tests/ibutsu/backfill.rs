//! The pass-percent backfill where it is hard: summaries that make no sense, batches, an index that could not be built.

use crate::database::Database;
use crate::evidence::REVISIONS;

postgres_only!(
    summaries_at_the_edge_succeed_or_stop_the_batch,
    batches_commit_by_themselves,
    an_invalid_index_is_built_again,
    the_lock_timeout_ends_with_the_step,
);

const BEFORE: &str = REVISIONS[4];
const HEAD: &str = REVISIONS[5];

/// Summaries and what becomes of them: the summary, or what the error says.
const EDGES: [(&str, Result<&str, &str>); 12] = [
    (r#"{"tests": 1e2, "passes": 5e1}"#, Ok(r#"{"tests": 100, "passes": 50, "pass_percent": 50}"#)),
    (r#"{"tests": 1, "passes": 21474836}"#, Ok(r#"{"tests": 1, "passes": 21474836, "pass_percent": 100}"#)),
    (r#"{"tests": 1, "passes": 21474837}"#, Err("integer out of range")),
    (r#"{"tests": 1, "passes": 99999999999}"#, Err("integer out of range")),
    (r#"{"tests": 10, "failures": 100000000000}"#, Err("integer out of range")),
    // The quotient has sixteen decimals: what is nearer to 100 than that is 100.
    (
        r#"{"tests": 100000000000000000000, "passes": 99999999999999999999}"#,
        Ok(r#"{"tests": 100000000000000000000, "passes": 99999999999999999999, "pass_percent": 100}"#),
    ),
    (
        r#"{"tests": 1000000000000000000, "passes": 999999999999999999}"#,
        Ok(r#"{"tests": 1000000000000000000, "passes": 999999999999999999, "pass_percent": 99}"#),
    ),
    ("null", Err("cannot set path in scalar")),
    (r#""x""#, Err("cannot set path in scalar")),
    ("5", Err("cannot set path in scalar")),
    ("[]", Err("path element at position 1 is not an integer")),
    ("[1, 2]", Err("path element at position 1 is not an integer")),
];

async fn summaries_at_the_edge_succeed_or_stop_the_batch(database: Database) {
    database.upgrade(BEFORE).await;
    for (summary, expected) in EDGES {
        database.execute(format!("TRUNCATE runs CASCADE; {}", runs(1, summary))).await;
        let outcome = database.try_upgrade("head").await;
        let found = database.texts("SELECT summary::text FROM runs").await;
        match expected {
            Ok(after) => {
                assert_eq!(outcome, Ok(()), "{summary}");
                assert_eq!(found, [after]);
                database.downgrade(BEFORE).await;
            }
            Err(sentence) => {
                let error = outcome.expect_err(summary);
                assert!(error.contains(sentence), "{summary}: {error}");
                assert_eq!(found, [summary]);
                assert_eq!(database.version().await, [BEFORE], "{summary}");
            }
        }
    }
}

async fn batches_commit_by_themselves(database: Database) {
    database.upgrade(BEFORE).await;
    for (count, batches) in [(12_001, vec!["2001", "5000", "5000"]), (5_000, vec!["5000"])] {
        database.execute(format!("TRUNCATE runs CASCADE; {}", runs(count, r#"{"tests": 3, "passes": 2}"#))).await;
        database.upgrade("head").await;
        // Rows that one transaction wrote carry its number.
        let sizes = "SELECT count(*)::text FROM runs GROUP BY xmin::text ORDER BY count(*)";
        assert_eq!(database.texts(sizes).await, batches);
        let filled = "SELECT count(*)::text FROM runs WHERE summary ->> 'pass_percent' = '66'";
        assert_eq!(database.texts(filled).await, [count.to_string()]);
        database.downgrade(BEFORE).await;
    }
}

async fn an_invalid_index_is_built_again(database: Database) {
    const VALID: &str =
        "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('public.ix_runs_pass_percent')";

    database.upgrade(BEFORE).await;
    database.execute(runs(1, r#"{"pass_percent": "abc"}"#) + &runs(1, r#"{"tests": 2, "passes": 1}"#)).await;
    let error = database.try_upgrade("head").await.expect_err("\"abc\" is no integer");
    assert!(error.contains("invalid input syntax for type integer"), "{error}");
    assert_eq!(database.version().await, [BEFORE]);
    assert_eq!(database.texts(VALID).await, ["false"]);

    database.execute("DELETE FROM runs WHERE summary ->> 'pass_percent' = 'abc'").await;
    database.upgrade("head").await;
    assert_eq!(database.texts(VALID).await, ["true"]);
    assert_eq!(database.version().await, [HEAD]);
}

async fn the_lock_timeout_ends_with_the_step(database: Database) {
    let Database::Postgres(pool) = &database else { panic!("PostgreSQL only") };
    let mut connection = pool.acquire().await.expect("the server answers").detach();
    let ours = "SELECT current_setting('lock_timeout')";
    let before: String = sqlx::query_scalar(ours).fetch_one(&mut connection).await.expect("a setting");
    ibutsu_db::MIGRATIONS.upgrade(&mut connection, "head").await.expect("an empty database upgrades");
    let after: String = sqlx::query_scalar(ours).fetch_one(&mut connection).await.expect("a setting");
    assert_eq!(after, before);
}

/// So many runs with this summary.
fn runs(count: u32, summary: &str) -> String {
    format!(
        "INSERT INTO runs (id, start_time, created, summary)
         SELECT gen_random_uuid(), now(), now(), '{summary}' FROM generate_series(1, {count});"
    )
}
