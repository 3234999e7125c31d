use revchain_core::Dialect::{Mysql, Postgres, Sqlite};

use super::{helped, said, said_in};

const BASE: &str = "CREATE TABLE users (id int PRIMARY KEY, tenant int NOT NULL, email varchar(99), gone int);";

#[test]
fn rows_may_not_be_unique() {
    let message = ["RC411: this fails if two rows of `users` have the same `email`"];
    for (dialect, options, upgrade) in [
        (Postgres, "; no-transaction", "CREATE UNIQUE INDEX CONCURRENTLY u ON users (email);"),
        (Mysql, "", "CREATE UNIQUE INDEX u ON users (email);"),
        (Mysql, "", "ALTER TABLE users ADD UNIQUE KEY u (email);"),
        (Mysql, "", "CREATE UNIQUE INDEX u ON users (email DESC);"),
        (Sqlite, "", "CREATE UNIQUE INDEX u ON users (email);"),
    ] {
        assert_eq!(said_in(dialect, options, BASE, upgrade), message, "{dialect} {upgrade}");
    }
    // One mistake, one message: there RC401, RC408 and RC409 say it.
    for upgrade in ["CREATE UNIQUE INDEX u ON users (email);", "ALTER TABLE users ADD UNIQUE (email);"] {
        assert_eq!(said(Postgres, BASE, upgrade).len(), 1, "{upgrade}");
        assert!(helped(Postgres, BASE, upgrade)[0].contains("HAVING count(*) > 1;"), "{upgrade}");
    }
}

#[test]
fn what_was_unique_stays_so() {
    for silent in [
        "CREATE UNIQUE INDEX v ON users (email);",
        "CREATE UNIQUE INDEX v ON users (tenant, email);",
        "CREATE UNIQUE INDEX v ON users (id, gone);",
        "CREATE UNIQUE INDEX v ON users (email) WHERE gone IS NULL;",
        "DROP INDEX u; CREATE UNIQUE INDEX u ON users (email, gone);",
        "CREATE TABLE t (a int); CREATE UNIQUE INDEX v ON t (a);",
        "ALTER TABLE users ADD COLUMN token text; CREATE UNIQUE INDEX v ON users (token);",
        "UPDATE users SET gone = id; CREATE UNIQUE INDEX v ON users (gone);",
        "DELETE FROM users WHERE tenant IN (SELECT 1); CREATE UNIQUE INDEX v ON users (tenant);",
    ] {
        let base = &format!("{BASE} CREATE UNIQUE INDEX u ON users (email);");
        let said = said(Sqlite, base, silent);
        assert!(said.is_empty(), "{silent} {said:?}");
    }
    let base = &format!("{BASE} CREATE UNIQUE INDEX u ON users (email) WHERE gone IS NULL;");
    assert!(said(Sqlite, base, "CREATE UNIQUE INDEX v ON users (tenant, email) WHERE gone IS NULL;").is_empty());
    assert_eq!(said(Sqlite, base, "CREATE UNIQUE INDEX v ON users (email);").len(), 1, "others may be there twice");
    let base = &format!("{BASE} CREATE UNIQUE INDEX u ON users (email);");
    assert!(said(Mysql, base, "ALTER TABLE users DROP INDEX u, ADD UNIQUE u (email, gone);").is_empty());
}

#[test]
fn the_query_finds_what_is_in_the_way() {
    for (dialect, upgrade, query) in [
        (
            Sqlite,
            "CREATE UNIQUE INDEX u ON users (tenant, lower(email) COLLATE NOCASE DESC) WHERE gone IS NULL;",
            "SELECT tenant, lower(email), count(*) FROM users WHERE gone is null AND lower(email) IS NOT NULL \
             GROUP BY tenant, lower(email) HAVING count(*) > 1;",
        ),
        (
            Mysql,
            "ALTER TABLE users ADD UNIQUE KEY u (`tenant`, email(10));",
            "SELECT `tenant`, left(email, 10), count(*) FROM users WHERE left(email, 10) IS NOT NULL \
             GROUP BY `tenant`, left(email, 10) HAVING count(*) > 1;",
        ),
        (
            Postgres,
            "CREATE UNIQUE INDEX u ON users USING btree (tenant, (id + 1), \"email\" varchar_pattern_ops);",
            "SELECT tenant, (id + 1), \"email\", count(*) FROM users WHERE (id + 1) IS NOT NULL AND \"email\" IS NOT NULL \
             GROUP BY tenant, (id + 1), \"email\" HAVING count(*) > 1;",
        ),
        (
            Sqlite,
            "CREATE UNIQUE INDEX u ON users (tenant);",
            "SELECT tenant, count(*) FROM users GROUP BY tenant HAVING count(*) > 1;",
        ),
    ] {
        let helps = helped(dialect, BASE, upgrade);
        assert!(helps.iter().any(|help| help.contains(&format!("\n{query}"))), "{dialect} {upgrade}\n{helps:?}");
    }
}
