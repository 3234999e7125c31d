use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::{Names, expression, statement};

/// What is named: the columns, and of a statement behind each the number of its scope where that isn't the first.
fn shown(names: Option<Names>, text: &str) -> String {
    let Some(names) = names else { return "-".to_owned() };
    let at = |(from, to): (usize, usize)| text.get(from..to).unwrap();
    let columns = names.references.iter().map(|reference| {
        let qualifier = reference.qualifier.map(|part| format!("{}.", at(part))).unwrap_or_default();
        let scope = if reference.scope == 0 { String::new() } else { format!("@{}", reference.scope) };
        format!("{qualifier}{}{scope}", at(reference.part))
    });
    columns.collect::<Vec<_>>().join(" ")
}

#[test]
fn columns_of_expressions() {
    for (dialect, text, expected) in [
        (Postgres, "a > 0 AND (b IS NOT NULL OR NOT c)", "a b c"),
        (Postgres, "lower(a) = 'x' AND f(b, g(c + 1)) IN (1, d)", "a b c d"),
        (Postgres, "a::timestamp(3) with time zone > now() - interval '1 day'", "a"),
        (Postgres, "a BETWEEN b AND c AND d NOT BETWEEN SYMMETRIC 1 AND 2", "a b c d"),
        (Postgres, "CASE a WHEN 1 THEN b ELSE c END || d", "a b c d"),
        (Postgres, "CASE WHEN a THEN 1 END", "a"),
        (Postgres, "a -> 'b' ->> 'c' = 'd' AND a @> '{}' AND NOT a ? 'x'", "a a a"),
        (Postgres, "a[1] = ANY (b) AND c[1:2] = ARRAY[1, d]", "a b c d"),
        (Postgres, "a = ANY ('{x,y}'::character varying[])", "a"),
        (Postgres, "a COLLATE \"C\" ~* '^x' AND b SIMILAR TO 'y' ESCAPE '!'", "a b"),
        (Postgres, "t.a = \"B\" AND s.t.c > 0", "t.a \"B\""),
        (Postgres, "a AT TIME ZONE 'utc' IS DISTINCT FROM b", "a b"),
        (Postgres, "extract(year FROM a) > 1 AND CAST(b AS date) = date '2020-01-01'", "a b"),
        (Postgres, "(a, b) = (1, 2) AND (c).d = ROW(1, 2)", "a b c"),
        (Postgres, "count(*) > 1 AND count(DISTINCT a) FILTER (WHERE b) > row_number() OVER (ORDER BY c)", "a"),
        // What isn't read within parentheses is passed over.
        (Postgres, "trim(both 'x' from a) = b AND position('x' in a) > 0 AND f(x => c)", "a b c"),
        (
            Postgres,
            "a > timestamp with time zone '2020-01-01' AND b OPERATOR(pg_catalog.=) substring(c from 1 for 2)",
            "a b c",
        ),
        (Postgres, "normalize(a, NFC) = b", "b"),
        (Postgres, "a IN (SELECT b FROM u WHERE c = d)", "a b@1 c@1 d@1"),
        (Postgres, "a IN (WITH x AS (SELECT 1) SELECT b FROM x)", "a"),
        (Postgres, "current_date > a AND current_timestamp(3) > b AND user = c", "a b c"),
        // Words that are no column.
        (Postgres, "a IS JSON", "-"),
        (Postgres, "a IS NFC NORMALIZED", "-"),
        (Postgres, "interval '1' day > a", "-"),
        (Postgres, "a => 1", "-"),
        (Postgres, "a b", "-"),
        (Postgres, "U&\"d\\0061t\" > a", "a"),
        (Postgres, "(a", "-"),
        (Postgres, "", "-"),
        (Mysql, "`a` = \"x\" AND b <=> c AND d DIV 2 XOR e", "`a` b c d e"),
        (Mysql, "a > NOW() - INTERVAL b DAY AND c REGEXP 'x'", "a b c"),
        (Mysql, "DATE_ADD(a, INTERVAL 1 MONTH) > b AND TIMESTAMPDIFF(DAY, a, c) > 1", "a b"),
        (Mysql, "a = _utf8mb4'x' COLLATE utf8mb4_bin AND b = @c AND @@session.d = 1", "a b"),
        (Mysql, "CONVERT(a USING utf8mb4) = b AND BINARY c = d", "b c d"),
        (Mysql, "MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE)", "-"),
        (Mysql, "a->'$.x' = 1 AND a MEMBER OF ('[1]')", "-"),
        (Mysql, "a = 1 /*!50000 AND b = 2 */", "-"),
        (Mysql, "date(a) = DATE '2020-01-01' AND left(b, 3) = if(c, 1, 2)", "a b c"),
        (Sqlite, "a IS NOT b AND c NOT NULL AND \"d\" = [e] AND f GLOB 'x*' ESCAPE '!'", "a b c [e] f"),
        (Sqlite, "a == 1 OR c ISNULL", "a c"),
        (Sqlite, "a == 1 OR b IN ()", "-"),
        (Sqlite, "a == 1 AND (b AND 0)", "-"),
        (Sqlite, "a = 0 AND b BETWEEN 0 AND 1 AND coalesce(c, 0)", "a b c"),
        (Sqlite, "\"t\".\"a\" = date('now', '-1 day')", "\"t\".\"a\""),
        (Sqlite, "a IN b", "-"),
    ] {
        assert_eq!(shown(expression(text, dialect), text), expected, "{dialect}: {text}");
    }
    let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
    for text in
        [deep.get(..3000).unwrap(), "(".repeat(2000).as_str(), "a[".repeat(1000).as_str(), "NOT ".repeat(900).as_str()]
    {
        for dialect in Dialect::ALL {
            let _ = expression(text, dialect);
        }
    }
}

#[test]
fn columns_of_statements() {
    for (dialect, text, expected) in [
        (Postgres, "UPDATE t SET a = b + 1, c[1] = DEFAULT WHERE d RETURNING e AS x, *", "a b c d e"),
        (
            Postgres,
            "UPDATE ONLY s.t AS x SET (a, b) = (SELECT c, d FROM u) FROM v WHERE x.e = v.f",
            "a b c@1 d@1 x.e v.f",
        ),
        (Postgres, "UPDATE t SET a.b = 1", ""),
        (Postgres, "UPDATE t SET a = 1 WHERE CURRENT OF c", "-"),
        (Postgres, "DELETE FROM t x USING u JOIN v ON u.a = v.b WHERE x.c = u.d", "u.a v.b x.c u.d"),
        (Postgres, "INSERT INTO t (a, b) VALUES (c, DEFAULT), (now(), 'x')", "a b c@1"),
        (Postgres, "INSERT INTO t (a) SELECT b FROM u WHERE c GROUP BY d ORDER BY e", "a b@1 c@1"),
        (
            Postgres,
            "INSERT INTO t AS x (a) VALUES (1) ON CONFLICT (b) WHERE c DO UPDATE SET d = excluded.e WHERE x.f RETURNING g",
            "a b@2 c@2 d@2 excluded.e@2 x.f@2 g@2",
        ),
        (
            Postgres,
            "CREATE OR REPLACE VIEW v (x) AS SELECT t.a, u.b y FROM t LEFT JOIN u USING (id) WHERE c",
            "t.a u.b c",
        ),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t WHERE b > timestamp with time zone", "-"),
        (Mysql, "INSERT INTO t (a) SELECT NEXT VALUE FOR s", "-"),
        (Postgres, "CREATE VIEW v AS SELECT mode() WITHIN GROUP (ORDER BY a) FROM t", "-"),
        (Mysql, "CREATE VIEW v AS SELECT SQL_NO_CACHE a FROM t", "-"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t UNION ALL SELECT b FROM u", "a b@1"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t TABLESAMPLE system (1)", "-"),
        (Postgres, "CREATE VIEW v AS SELECT a FROM t JOIN (SELECT b FROM u) x ON c, LATERAL (SELECT d) y", "a b@1 c"),
        (Postgres, "CREATE VIEW v AS WITH t AS (SELECT 1) SELECT a FROM t", "-"),
        (Postgres, "CREATE POLICY p ON t FOR ALL TO public USING (a = current_user) WITH CHECK (b > 0)", "a b"),
        (
            Postgres,
            "CREATE TRIGGER x BEFORE UPDATE OF a, b ON t FOR EACH ROW WHEN (NEW.c > OLD.d) EXECUTE FUNCTION f()",
            "a b NEW.c OLD.d",
        ),
        (Postgres, "SELECT a, f(b) FROM t WHERE c ORDER BY d", "a b c"),
        (Postgres, "TABLE t", "-"),
        (Mysql, "UPDATE t JOIN u ON t.a = u.b SET t.c = u.d, e = 1 WHERE f", "t.a u.b t.c u.d e f"),
        (Mysql, "UPDATE IGNORE t SET a = 1 WHERE b ORDER BY c DESC LIMIT 3", "a b c"),
        (Mysql, "DELETE x FROM t AS x WHERE x.a = 1", "x.a"),
        (Mysql, "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE b = VALUES(c)", "a b@2 c@2"),
        (Mysql, "INSERT t SET a = b", "a@1 b@1"),
        (Mysql, "CREATE VIEW v AS SELECT a FROM t PARTITION (p) JOIN u", "-"),
        (Sqlite, "UPDATE OR IGNORE t AS x SET a = 1 WHERE rowid IN (SELECT b FROM u)", "a rowid b@1"),
        (Sqlite, "UPDATE t INDEXED BY i SET a = 1", "-"),
        (Sqlite, "REPLACE INTO t SELECT a, 'x' FROM u", "a@1"),
    ] {
        assert_eq!(shown(statement(text, dialect), text), expected, "{dialect}: {text}");
    }
}
