-- backfill_pass_percent_in_run_summary
--
-- Gives the summary of every run a `pass_percent`, and an index over it, while the service goes on working. It cannot
-- be one transaction: each batch commits by itself, and CREATE INDEX CONCURRENTLY refuses to run in one. So whatever
-- stops this revision may leave some batches behind, and each section below can be run again.
--
-- revision: d18de2b3253f
-- down_revision: e5736dbcc0b0
-- created: 2026-05-18T19:30:00Z

-- @upgrade postgres; no-transaction
-- Whoever holds a lock on runs makes this step give up after thirty seconds, rather than have the service queue behind
-- it. A `repeat` section is one statement and has no place for this, hence for the session and not SET LOCAL; the last
-- statement of the step takes it back.
SET lock_timeout = '30s';

-- @upgrade postgres; repeat: 5000
-- A run is pending while it has a summary without the member; a member that is JSON null is one. Counts are read from
-- text that is all ASCII digits, and anything else counts as not given. A summary that is no object is an error, and
-- meant to be: the batch that it is in changes nothing then.
UPDATE runs
SET summary = jsonb_set(pending.summary, '{pass_percent}', to_jsonb(derived.pass_percent))
FROM (
    -- The rows are locked here, so that LIMIT counts rows as they are now: one that another session has just filled in
    -- is passed over, and does not make this batch look like the last.
    SELECT id, summary
    FROM runs
    WHERE summary IS NOT NULL AND summary -> 'pass_percent' IS NULL
    LIMIT 5000
    FOR NO KEY UPDATE
) AS pending
CROSS JOIN LATERAL (
    SELECT
        substring(pending.summary ->> 'tests' FROM '^[0-9]+$')::numeric AS tests,
        substring(pending.summary ->> 'passes' FROM '^[0-9]+$')::numeric AS passes,
        coalesce(substring(pending.summary ->> 'failures' FROM '^[0-9]+$')::numeric, 0)
            + coalesce(substring(pending.summary ->> 'errors' FROM '^[0-9]+$')::numeric, 0)
            + coalesce(substring(pending.summary ->> 'skips' FROM '^[0-9]+$')::numeric, 0)
            + coalesce(substring(pending.summary ->> 'xpasses' FROM '^[0-9]+$')::numeric, 0)
            + coalesce(substring(pending.summary ->> 'xfailures' FROM '^[0-9]+$')::numeric, 0) AS not_passed
) AS counted
CROSS JOIN LATERAL (
    -- To int before it is cut to 0..100: a count that makes no sense is to be seen, not to pass for 100.
    SELECT CASE
        WHEN coalesce(counted.tests, 0) = 0 THEN 0
        ELSE least(100, greatest(0,
            floor(coalesce(counted.passes, counted.tests - counted.not_passed) * 100 / counted.tests)::int))
    END AS pass_percent
) AS derived
WHERE runs.id = pending.id;

-- @upgrade postgres; no-transaction
-- A concurrent build that fails leaves an invalid index behind, which IF NOT EXISTS would take for the real one. (It
-- fails when a run already had a pass_percent that is no integer, or a transaction stays open too long.)
-- @replay nothing
DO $$
DECLARE
    leftover regclass;
BEGIN
    SELECT ix.indexrelid INTO leftover
    FROM pg_index AS ix
    JOIN pg_class AS rel ON rel.oid = ix.indexrelid
    WHERE ix.indrelid = 'runs'::regclass AND rel.relname = 'ix_runs_pass_percent' AND NOT ix.indisvalid;
    IF FOUND THEN
        EXECUTE format('DROP INDEX %s', leftover);
    END IF;
END
$$;
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_runs_pass_percent ON runs (((summary ->> 'pass_percent')::int));
RESET lock_timeout;

-- @upgrade mysql, sqlite
-- Nothing to do here: a section without statements says so, where a section left out would be an oversight.

-- @downgrade postgres
-- The figures stay: nobody can tell them from those that the application has written since.
DROP INDEX IF EXISTS ix_runs_pass_percent;

-- @downgrade mysql, sqlite
-- Nothing was made, so nothing goes.
