//! Statements that change no schema, as people write them: whether there is what they name.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::said;

const TABLE: &str = "CREATE TABLE t (id int);\nCREATE VIEW v AS SELECT id FROM t";
const MORE: &str = "CREATE TABLE s (id serial, n int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME own));\nCREATE SEQUENCE q;\n\
                    CREATE MATERIALIZED VIEW m AS SELECT id FROM t";

#[test]
fn what_is_not_there() {
    for (dialect, statement, expected) in [
        (Postgres, "TRUNCATE TABLE t, usrs CASCADE", "UnknownTable: table `usrs` does not exist"),
        (Mysql, "TRUNCATE usrs", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "LOCK TABLE ONLY usrs IN EXCLUSIVE MODE", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "GRANT SELECT, UPDATE (id) ON t, usrs TO public", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "REVOKE ALL ON TABLE usrs FROM public", "UnknownTable: table `usrs` does not exist"),
        (
            Postgres,
            "GRANT USAGE ON SEQUENCE s_idd_seqq TO public",
            "UnknownTable: sequence `s_idd_seqq` does not exist",
        ),
        (Postgres, "ALTER SEQUENCE qq RESTART", "UnknownTable: sequence `qq` does not exist"),
        (Postgres, "REFRESH MATERIALIZED VIEW mm", "UnknownTable: materialized view `mm` does not exist"),
        (
            Postgres,
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "Other: `v` is no materialized view, but a view that is computed whenever it is read",
        ),
        (Postgres, "REINDEX TABLE usrs", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "REINDEX INDEX ix", "UnknownIndex: index `ix` does not exist"),
        (Postgres, "ANALYZE VERBOSE t (id), usrs", "UnknownTable: table `usrs` does not exist"),
        (Sqlite, "ANALYZE usrs", "UnknownTable: table `usrs` does not exist"),
        (Sqlite, "REINDEX usrs", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "SELECT setval('s_id_sequence', 1)", "UnknownTable: sequence `s_id_sequence` does not exist"),
        (Postgres, "UPDATE t SET id = nextval('qq')", "UnknownTable: sequence `qq` does not exist"),
        (
            Postgres,
            "CREATE TABLE u (a int DEFAULT nextval('qq'::regclass))",
            "UnknownTable: sequence `qq` does not exist",
        ),
        (Postgres, "SELECT * FROM t JOIN usrs USING (id)", "UnknownTable: table `usrs` does not exist"),
        (Mysql, "SELECT * FROM usrs", "UnknownTable: table `usrs` does not exist"),
        (Sqlite, "SELECT (SELECT 1 FROM usrs)", "UnknownTable: table `usrs` does not exist"),
        (Postgres, "SELECT nme FROM t", "UnknownColumn: table `t` has no column `nme`"),
    ] {
        let more = if dialect == Postgres { MORE } else { "" };
        assert_eq!(said(&format!("{TABLE};\n{more};\n{statement}"), dialect), [expected], "{statement}");
    }
}

#[test]
fn what_is_there_or_may_be() {
    let statements: &[(Dialect, &str)] = &[
        (Postgres, "GRANT SELECT ON v, m, s_id_seq, own, pg_class, information_schema.tables TO public"),
        (Postgres, "GRANT usrs TO other"),
        (Postgres, "GRANT ALL ON ALL TABLES IN SCHEMA public TO public"),
        (Postgres, "GRANT EXECUTE ON FUNCTION f() TO public"),
        (Postgres, "GRANT USAGE ON SCHEMA app TO public"),
        (Postgres, "ALTER SEQUENCE s_id_seq RESTART"),
        (Postgres, "ALTER SEQUENCE own RESTART"),
        (Postgres, "ALTER SEQUENCE IF EXISTS qq RESTART"),
        (Postgres, "REFRESH MATERIALIZED VIEW m WITH DATA"),
        (Postgres, "SELECT setval('own', 1), setval('s_id_seq', 1), setval('public.q', 1), nextval('q'::regclass)"),
        (Postgres, "SELECT setval(pg_get_serial_sequence('s', 'id'), 1), nextval('q' || 'q')"),
        (Postgres, "ALTER SEQUENCE s_id_seq RENAME TO other;\nSELECT setval('other', 1)"),
        (Postgres, "REINDEX DATABASE usrs"),
        (Postgres, "ANALYZE;\nVACUUM;\nLOCK t;\nTRUNCATE ONLY t * RESTART IDENTITY"),
        (Postgres, "DO $$ BEGIN EXECUTE 'x'; END $$;\nTRUNCATE usrs;\nSELECT * FROM usrs"),
        (Postgres, "WITH usrs AS (SELECT 1) SELECT * FROM usrs"),
        (Postgres, "SELECT * FROM generate_series(1, 2) AS usrs, (SELECT 1) x"),
        (Mysql, "GRANT SELECT ON db.* TO u"),
        (Mysql, "ANALYZE TABLE usrs"),
        (Mysql, "SELECT seq FROM seq_1_to_9"),
        (Sqlite, "ANALYZE main;\nANALYZE t;\nREINDEX nocase;\nREINDEX t;\nANALYZE sqlite_schema"),
        (Sqlite, "SELECT * FROM pragma_table_info('t'), sqlite_master, json_each('[]')"),
    ];
    for (dialect, statement) in statements {
        let more = if *dialect == Postgres { MORE } else { "" };
        let said = said(&format!("{TABLE};\n{more};\n{statement}"), *dialect);
        assert!(said.is_empty(), "{statement}: {said:?}");
    }
}
