//! Indexes, views, tables and what is said about them.

use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{check, has};

#[test]
fn indexes() {
    has(&[
        (
            Postgres,
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY public.t USING btree (a, b) INCLUDE (c) NULLS NOT DISTINCT \
             WITH (fillfactor=70) TABLESPACE x WHERE d IS NULL",
            &[
                "name: Some(\"i\")",
                "unique: true",
                "method: None",
                "predicate: Some(\"d is null\")",
                "include: [\"c\"]",
                "nulls_not_distinct: true",
                "options: [\"fillfactor = 70\"]",
                "table: \"t\"",
                "if_not_exists: true",
                "concurrently: true",
                "only: true",
            ],
        ),
        (Postgres, "CREATE INDEX ON s.t USING GIN (a)", &["name: None", "method: Some(\"gin\")", "table: \"s.t\""]),
        (
            Mysql,
            "CREATE FULLTEXT INDEX i ON t (a) WITH PARSER ngram COMMENT 'x'",
            &["method: Some(\"fulltext\")", "options: [\"parser ngram\"]", "comment: Some(\"x\")"],
        ),
        (
            Mysql,
            "CREATE INDEX `i` USING BTREE ON `t` (`a`) ALGORITHM=INPLACE LOCK=NONE",
            &["name: Some(\"i\")", "method: None"],
        ),
        (
            Mysql,
            "CREATE OR REPLACE INDEX i ON t (a)",
            &["DropIndex { drops: Drops { names: [\"i\"], if_exists: true", "; CreateIndex"],
        ),
        (Sqlite, "CREATE INDEX main.i ON t (a) WHERE a > 1", &["name: Some(\"i\")", "predicate: Some(\"a>1\")"]),
    ]);
    check(&[
        (
            Postgres,
            "DROP INDEX CONCURRENTLY IF EXISTS a, s.b CASCADE",
            "DropIndex { drops: Drops { names: [\"a\", \"s.b\"], if_exists: true, cascade: true }, table: None, concurrently: true }",
        ),
        (
            Mysql,
            "DROP INDEX a ON t LOCK=NONE",
            "DropIndex { drops: Drops { names: [\"a\"], if_exists: false, cascade: false }, table: Some(\"t\"), concurrently: false }",
        ),
        (Postgres, "ALTER INDEX IF EXISTS a RENAME TO b", "RenameIndex { from: \"a\", to: \"b\", if_exists: true }"),
        (
            Postgres,
            "DROP INDEX a FOO",
            "DropIndex { drops: Drops { names: [\"a\"], if_exists: false, cascade: false }, table: None, concurrently: false }; unknown FOO",
        ),
    ]);
    has(&[(Mysql, "DROP INDEX `PRIMARY` ON t", &["AlterTable { table: \"t\"", "kind: PrimaryKey"])]);
}

#[test]
fn views() {
    check(&[
        (
            Mysql,
            "CREATE VIEW v AS SELECT 1 FROM (a, b)",
            "CreateView { name: \"v\", or_replace: false, if_not_exists: false, view: View { materialized: false, body: \"select 1 from(a,b)\", mentions: [\"a\", \"b\"], indexes: [], comment: None, security: None } }",
        ),
        (
            Postgres,
            "CREATE OR REPLACE VIEW v (x) WITH (security_barrier) AS SELECT a FROM t, s.u JOIN (w LEFT JOIN z ON true) ON 1 = 1 WHERE b IN (SELECT c FROM y)",
            "Reads([\"t\", \"y\"]); CreateView { name: \"v\", or_replace: true, if_not_exists: false, view: View { materialized: false, body: \"(x)select a from t,s.u join(w left join z on true)on 1=1 where b in(select c from y)\", mentions: [\"t\", \"s.u\", \"w\", \"z\", \"y\"], indexes: [], comment: None, security: Some(\"security_barrier\") } }",
        ),
        (
            Postgres,
            "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1 FROM generate_series(1, 2), t WITH NO DATA",
            "CreateView { name: \"v\", or_replace: false, if_not_exists: true, view: View { materialized: true, body: \"select 1 from generate_series(1,2),t\", mentions: [\"t\"], indexes: [], comment: None, security: None } }",
        ),
        (
            Mysql,
            "CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`%` SQL SECURITY DEFINER VIEW v AS SELECT 1",
            "CreateView { name: \"v\", or_replace: false, if_not_exists: false, view: View { materialized: false, body: \"select 1\", mentions: [], indexes: [], comment: None, security: None } }",
        ),
        (
            Mysql,
            "ALTER DEFINER = CURRENT_USER VIEW v AS SELECT 2",
            "CreateView { name: \"v\", or_replace: true, if_not_exists: false, view: View { materialized: false, body: \"select 2\", mentions: [], indexes: [], comment: None, security: None } }",
        ),
        (
            Postgres,
            "DROP MATERIALIZED VIEW v",
            "DropView { drops: Drops { names: [\"v\"], if_exists: false, cascade: false }, materialized: true }",
        ),
        (
            Postgres,
            "ALTER VIEW IF EXISTS s.v RENAME TO w",
            "RenameTable { from: \"s.v\", to: \"s.w\", if_exists: true }",
        ),
        (Postgres, "ALTER MATERIALIZED VIEW v SET SCHEMA s", "MoveTable { from: \"v\", to: \"s\", if_exists: false }"),
        (Postgres, "ALTER VIEW v SET (security_barrier = true)", "neutral"),
    ]);
}

#[test]
fn tables_and_comments() {
    check(&[
        (
            Postgres,
            "DROP TABLE IF EXISTS a, public.b CASCADE",
            "DropTable(Drops { names: [\"a\", \"b\"], if_exists: true, cascade: true })",
        ),
        (Postgres, "DROP FOREIGN TABLE a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (Mysql, "DROP TEMPORARY TABLE a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (
            Mysql,
            "RENAME TABLE a TO b, `c` TO d.e",
            "RenameTable { from: \"a\", to: \"b\", if_exists: false }; RenameTable { from: \"c\", to: \"d.e\", if_exists: false }",
        ),
        (Sqlite, "DROP TABLE main.a", "DropTable(Drops { names: [\"a\"], if_exists: false, cascade: false })"),
        (Postgres, "COMMENT ON TABLE public.t IS 'x'", "CommentTable { table: \"t\", comment: Some(\"x\") }"),
        (Postgres, "COMMENT ON MATERIALIZED VIEW t IS NULL", "CommentTable { table: \"t\", comment: None }"),
        (Postgres, "COMMENT ON COLUMN s.t.c IS ''", "CommentColumn { table: \"s.t\", column: \"c\", comment: None }"),
    ]);
    has(&[
        (
            Postgres,
            "SELECT a, f(b) INTO TEMP TABLE x FROM t",
            &["CreateTable(CreateTable { name: \"x\"", "temporary: true", "as_query: true"],
        ),
        (
            Postgres,
            "WITH a AS (SELECT 1) SELECT * INTO x FROM a",
            &["CreateTable(CreateTable { name: \"x\"", "as_query: true"],
        ),
    ]);
}
