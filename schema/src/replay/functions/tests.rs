//! Calls as people write them, from the text on.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::{Replay, mysql, postgres, sqlite};
use crate::model::Place;
use crate::read::read;
use crate::replay::tests::said;

#[test]
fn the_lists_can_be_searched() {
    assert!(postgres::FUNCTIONS.is_sorted() && mysql::FUNCTIONS.is_sorted() && sqlite::FUNCTIONS.is_sorted());
    assert!(mysql::IS_LOADED.is_sorted() && super::COMMON.is_sorted());
}

const TABLE: &str = "CREATE TABLE t (a int, b text)";

#[test]
fn a_function_that_no_server_has() {
    for (dialect, statement, function, help) in [
        (Postgres, "UPDATE t SET b = IFNULL(b, 'x')", "ifnull", "write `coalesce(a, b)`"),
        (Postgres, "UPDATE t SET b = 'x' WHERE pg_catalog.lowr(b) = 'x'", "lowr", "did you mean `lower`?"),
        (Postgres, "ALTER TABLE t ADD CHECK (lenght(b) > 0)", "lenght", "did you mean `length`?"),
        (Postgres, "ALTER TABLE t ADD u uuid DEFAULT gen_random_uid()", "gen_random_uid", "write `gen_random_uuid()`"),
        (Postgres, "ALTER TABLE t ALTER b SET DEFAULT uper('x')", "uper", "did you mean `upper`?"),
        (
            Postgres,
            "CREATE TABLE u (a text DEFAULT nope())",
            "nope",
            "correct the name, or make the function in a revision before this one",
        ),
        (Postgres, "ALTER TABLE t ADD c text GENERATED ALWAYS AS (uper(b)) STORED", "uper", "did you mean `upper`?"),
        (Postgres, "CREATE INDEX i ON t (lowr(b))", "lowr", "did you mean `lower`?"),
        (Postgres, "CREATE INDEX i ON t (a) WHERE lowr(b) = 'x'", "lowr", "did you mean `lower`?"),
        (Postgres, "CREATE VIEW v AS SELECT cuont(*) FROM t", "cuont", "did you mean `count`?"),
        (Postgres, "CREATE POLICY p ON t USING (lowr(b) = 'x')", "lowr", "did you mean `lower`?"),
        (Postgres, "SELECT a FROM t WHERE a IN (SELECT lowr(b) FROM t)", "lowr", "did you mean `lower`?"),
        (
            Postgres,
            "INSERT INTO t SELECT * FROM generate_serise(1, 3)",
            "generate_serise",
            "did you mean `generate_series`?",
        ),
        (Postgres, "CREATE EXTENSION pgcrypto;\nUPDATE t SET b = digset(b, 'md5')", "digset", ""),
        (Mysql, "UPDATE t SET b = split_part(b, ' ', 1)", "split_part", "write `substring_index(a, ',', 1)`"),
        (Mysql, "ALTER TABLE t ADD u char(36) DEFAULT (gen_random_uuid())", "gen_random_uuid", "write `uuid()`"),
        (
            Mysql,
            "CREATE VIEW v AS SELECT string_agg(b, ',') FROM t",
            "string_agg",
            "write `group_concat(a SEPARATOR ',')`",
        ),
        (Mysql, "INSERT INTO t (b) VALUES (lenght('x'))", "lenght", "did you mean `length`?"),
        (Sqlite, "INSERT INTO t (b) VALUES (now())", "now", "write `CURRENT_TIMESTAMP`, or `datetime('now')`"),
        (Sqlite, "UPDATE t SET b = left(b, 3)", "left", "write `substr(a, 1, n)`"),
        (Sqlite, "CREATE INDEX i ON t (lowr(b))", "lowr", "did you mean `lower`?"),
        (Sqlite, "CREATE TABLE u (a text, CHECK (concat_w(a, 'x') > 'y'))", "concat_w", "did you mean `concat_ws`?"),
        (Sqlite, "SELECT json_extrct(b, '$.a') FROM t", "json_extrct", "did you mean `json_extract`?"),
        (
            Mysql,
            "SELECT quite_another(b) FROM t",
            "quite_another",
            "correct the name, or make the function in a revision before this one",
        ),
    ] {
        let mut replay = Replay::new(dialect);
        replay.begin_revision();
        let statements = format!("{TABLE};\n{statement}");
        let faults: Vec<_> = (statements.split(";\n"))
            .flat_map(|text| {
                let faults = replay.apply(read(text, dialect), text, Place::NOWHERE, &|_| Place::NOWHERE);
                faults.into_iter().map(move |fault| (fault, text))
            })
            .collect();
        let [(fault, text)] = faults.as_slice() else { panic!("{statement}: {faults:?}") };
        assert_eq!(fault.message, format!("there is no function `{function}` on {}", super::server(dialect)));
        let part = fault.part.and_then(|(from, to)| text.get(from..to));
        assert_eq!(part.map(str::to_lowercase).as_deref(), Some(function), "{statement}");
        let said = fault.help.as_deref().unwrap_or_default();
        assert!(said == help || help.is_empty(), "{statement}: {said}");
    }
}

#[test]
fn a_function_of_an_extension_that_nobody_made() {
    let call = "CREATE TABLE u (a uuid DEFAULT uuid_generate_v4())";
    let expected = "Other: the function `uuid_generate_v4` is the extension `uuid-ossp`'s, which no revision makes";
    assert_eq!(said(call, Postgres), [expected]);
    assert_eq!(said(&format!("CREATE EXTENSION pgcrypto;\n{call}"), Postgres), [expected]);
    for before in ["CREATE EXTENSION \"uuid-ossp\"", "CREATE EXTENSION postgis", "DO $$ BEGIN EXECUTE 'x'; END $$"] {
        assert!(said(&format!("{before};\n{call}"), Postgres).is_empty(), "{before}");
    }
}

#[test]
fn what_may_be_called() {
    let statements: &[(Dialect, &str)] = &[
        // Made by the chain.
        (Postgres, "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nUPDATE t SET a = F(a)"),
        (Postgres, "CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';\nUPDATE t SET a = f()"),
        (Postgres, "CREATE AGGREGATE f (int) (sfunc = int4pl, stype = int);\nSELECT f(a) FROM t"),
        (Postgres, "DO $$ BEGIN CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'x'; END $$;\nUPDATE t SET a = f()"),
        (Mysql, "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;\nUPDATE t SET a = f()"),
        (Mysql, "CREATE FUNCTION f RETURNS STRING SONAME 'f.so';\nUPDATE t SET a = f()"),
        // Of somebody else's.
        (Postgres, "UPDATE t SET a = auth.uid()"),
        (Postgres, "UPDATE t SET a = st_area(b)"),
        (Mysql, "UPDATE t SET a = other.f(a)"),
        (Mysql, "INSTALL COMPONENT 'file://component_x';\nUPDATE t SET a = f(a)"),
        (Mysql, "UPDATE t SET a = mask_ssn(b)"),
        (Sqlite, "SELECT load_extension('x');\nUPDATE t SET a = f(a)"),
        // An application's, or its extensions'.
        (Sqlite, "SELECT AddGeometryColumn('t', 'g', 4326, 'POINT', 'XY')"),
        (Sqlite, "UPDATE t SET b = vec_f32('[1]'), a = st_area(b) WHERE bin2b64(b) = ulid()"),
        // No functions, or not looked at.
        (Postgres, "SELECT numeric(5,2) '3.1', int4('5'), b::varchar(3), cast(b AS numeric(5,2)) FROM t"),
        (Postgres, "SELECT b(t), t(x) FROM t, (VALUES (1)) AS v (x)"),
        (Postgres, "CREATE TYPE r AS RANGE (subtype = float8);\nSELECT r(1, 2), floatmultirange(r(1, 2))"),
        (Postgres, "CREATE DOMAIN d AS text;\nSELECT d(b) FROM t"),
        (Postgres, "SELECT count(*) FILTER (WHERE a > 1) OVER (PARTITION BY b) FROM t"),
        (Postgres, "WITH x AS (SELECT 1) SELECT nope(1) FROM x"),
        (Postgres, "SELECT a IN (1, 2), a = ANY (ARRAY[1]), EXISTS (SELECT 1) FROM t"),
        (Mysql, "INSERT INTO t VALUES (1, 'x') ON DUPLICATE KEY UPDATE a = VALUES(a) + 1"),
        (Mysql, "SELECT a FROM t WHERE MATCH (b) AGAINST ('x')"),
        (Mysql, "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = nope()"),
        (Sqlite, "CREATE TABLE u (a text DEFAULT (nope()))"),
        (Sqlite, "CREATE VIEW v AS SELECT nope(a) FROM t"),
        (Sqlite, "UPDATE t SET a = 1 WHERE 0 AND nope(a)"),
        (Sqlite, "UPDATE t SET a = 1 WHERE b = 'x' OR 0 AND nope(a)"),
        (Sqlite, "UPDATE t SET a = 1 WHERE nope(a) AND 0 OR b = 'x'"),
        (Sqlite, "UPDATE t SET a = jsonb_set(b, '$', 1), b = string_agg(b, ','), b = iif(a, 1, 2)"),
    ];
    for (dialect, statements) in statements {
        let said = said(&format!("{TABLE};\n{statements}"), *dialect);
        assert!(said.is_empty(), "{statements}: {said:?}");
    }
}
