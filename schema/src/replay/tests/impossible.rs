//! What no view, trigger, partition, key or default can be.

use revchain_core::Dialect::{self, Mysql, Postgres, Sqlite};

use super::said;

/// The tables that the statements below find.
const BASE: &str = "CREATE TABLE users (id int PRIMARY KEY, name varchar(80) NOT NULL, email text, age int);\n\
                    CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL, title text);\nCREATE VIEW named AS SELECT id, name FROM users";

fn found(statements: &str, dialect: Dialect) -> Vec<String> {
    said(&format!("{BASE};\n{statements}"), dialect)
}

#[test]
fn what_can_not_be() {
    for (dialect, statements, expected) in [
        (
            Postgres,
            "ALTER TABLE users ADD a text DEFAULT active",
            "ImpossibleColumn: the default `active` of column `a` is a name, and no value",
        ),
        (
            Postgres,
            "ALTER TABLE users ADD a text DEFAULT \"active\" NOT NULL",
            "ImpossibleColumn: the default `\"active\"` of column `a` is a name, and no value",
        ),
        (
            Postgres,
            "ALTER TABLE users ALTER name SET DEFAULT now",
            "ImpossibleColumn: the default `now` of column `name` is a name, and no value",
        ),
        (
            Mysql,
            "CREATE TABLE t (a varchar(9) DEFAULT active)",
            "ImpossibleColumn: the default `active` of column `a` is a name, and no value",
        ),
        (
            Mysql,
            "ALTER TABLE users ADD a datetime DEFAULT NOW",
            "ImpossibleColumn: the default `now` of column `a` is a name, and no value",
        ),
        (
            Sqlite,
            "CREATE TABLE t (a int DEFAULT (idd))",
            "ImpossibleColumn: the default `idd` of column `a` is a name, and no value",
        ),
        (
            Postgres,
            "CREATE VIEW v AS SELECT u.id, p.id FROM users u JOIN posts p ON p.user_id = u.id",
            "DuplicateColumn: view `v` has two columns `id`",
        ),
        (
            Mysql,
            "CREATE VIEW v AS SELECT u.id, p.ID FROM users u JOIN posts p ON p.user_id = u.id",
            "DuplicateColumn: view `v` has two columns `id`",
        ),
        (
            Postgres,
            "CREATE VIEW v AS SELECT x.name FROM users u",
            "UnknownColumn: nothing that is selected from is called `x` here",
        ),
        (
            Mysql,
            "UPDATE users u SET age = 1 WHERE users.id = 1",
            "UnknownColumn: nothing that is selected from is called `users` here",
        ),
        (
            Sqlite,
            "DELETE FROM users WHERE EXISTS (SELECT 1 FROM posts p WHERE p.user_id = usrs.id)",
            "UnknownColumn: nothing that is selected from is called `usrs` here",
        ),
        (Postgres, "UPDATE users u SET u.name = 'x'", "UnknownColumn: table `users` has no column `u`"),
        (
            Postgres,
            "INSERT INTO users (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET users.name = 'y'",
            "UnknownColumn: table `users` has no column `users`",
        ),
        (
            Postgres,
            "CREATE TRIGGER g INSTEAD OF UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "NoSuchForm: `users` is a table, and a trigger `INSTEAD OF` is for views",
        ),
        (
            Sqlite,
            "CREATE TRIGGER g INSTEAD OF UPDATE ON users BEGIN SELECT 1; END",
            "NoSuchForm: `users` is a table, and a trigger `INSTEAD OF` is for views",
        ),
        (
            Postgres,
            "CREATE TABLE t PARTITION OF users FOR VALUES FROM (1) TO (2)",
            "NoSuchForm: table `users` has no partitions",
        ),
        (
            Postgres,
            "CREATE TABLE t (id int, b date) PARTITION BY RANGE (dt)",
            "UnknownColumn: table `t` has no column `dt`",
        ),
        (Mysql, "CREATE TABLE t (id int) PARTITION BY HASH (YEAR(dt))", "UnknownColumn: table `t` has no column `dt`"),
        (
            Postgres,
            "CREATE TABLE t (id int PRIMARY KEY, b date) PARTITION BY RANGE (id, b)",
            "NoSuchForm: the primary key lacks `b`, by which the table is parted",
        ),
        (
            Mysql,
            "CREATE TABLE t (id int, b int, UNIQUE (id)) PARTITION BY HASH (b + 1)",
            "NoSuchForm: the unique key lacks `b`, by which the table is parted",
        ),
        (Postgres, "CREATE DOMAIN d AS txt CHECK (VALUE <> '')", "UnknownType: type `txt` does not exist"),
        (
            Mysql,
            "ALTER TABLE users RENAME COLUMN name TO email",
            "DuplicateColumn: column `email` of table `users` already exists",
        ),
        (
            Mysql,
            "ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL",
            "ImpossibleColumn: column `user_id` is NOT NULL, and `ON DELETE SET NULL` would make it NULL",
        ),
        (
            Mysql,
            "CREATE TABLE t (id int PRIMARY KEY, FOREIGN KEY (id) REFERENCES users (id) ON UPDATE SET NULL)",
            "ImpossibleColumn: column `id` is NOT NULL, and `ON UPDATE SET NULL` would make it NULL",
        ),
    ] {
        assert_eq!(found(statements, dialect), [expected], "{dialect}: {statements}");
    }
}

/// Each was taken by a server.
#[test]
fn what_can_be() {
    for (dialect, statements) in [
        (
            Postgres,
            "CREATE TABLE t (a text DEFAULT current_user, b date DEFAULT CURRENT_DATE, c name DEFAULT user, d bool DEFAULT true, e text DEFAULT 'x')",
        ),
        (
            Mysql,
            "CREATE TABLE t (a int DEFAULT 1, b int DEFAULT (a), c datetime DEFAULT LOCALTIME, d bool DEFAULT TRUE)",
        ),
        // MariaDB.
        (Mysql, "ALTER TABLE users ADD a int DEFAULT age"),
        (Mysql, "CREATE TABLE t (b int DEFAULT a, a int)"),
        (
            Sqlite,
            "CREATE TABLE t (a text DEFAULT active, b int DEFAULT (TRUE), c text DEFAULT (CURRENT_TIMESTAMP), d text DEFAULT ('x'))",
        ),
        (Sqlite, "CREATE VIEW v AS SELECT u.id, p.id FROM users u JOIN posts p ON p.user_id = u.id"),
        (Postgres, "CREATE VIEW v (a, b) AS SELECT u.id, p.id FROM users u JOIN posts p ON p.user_id = u.id"),
        (Postgres, "CREATE VIEW v AS SELECT id, id AS \"ID\" FROM users"),
        (
            Postgres,
            "CREATE VIEW v AS SELECT users.id, (SELECT count(*) FROM posts WHERE posts.user_id = users.id) AS n FROM users",
        ),
        (Postgres, "CREATE VIEW v AS SELECT x.a FROM users u, LATERAL (SELECT u.age AS a) x"),
        (Postgres, "CREATE VIEW v AS SELECT u.name FROM (users u JOIN posts p ON p.user_id = u.id)"),
        (Postgres, "CREATE VIEW v AS SELECT generate_series.generate_series FROM generate_series(1, 2)"),
        (Postgres, "INSERT INTO users (id, name) VALUES (1, 'x') RETURNING new.id"),
        (Mysql, "UPDATE users u JOIN posts p ON p.user_id = u.id SET u.age = 1, p.title = 'x' WHERE u.id = 1"),
        (Mysql, "INSERT INTO users (id, name) VALUES (1, 'x') AS n ON DUPLICATE KEY UPDATE name = n.name"),
        (Sqlite, "INSERT INTO users (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name"),
        (Postgres, "CREATE TYPE c AS (x int, y int);\nCREATE TABLE t (a c);\nUPDATE t SET a.x = 1"),
        (
            Postgres,
            "CREATE TRIGGER g INSTEAD OF UPDATE ON named FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ),
        (Sqlite, "CREATE TRIGGER g INSTEAD OF UPDATE ON named BEGIN SELECT 1; END"),
        (Postgres, "CREATE TABLE t (id int) PARTITION BY LIST (id);\nCREATE TABLE t1 PARTITION OF t DEFAULT"),
        (Postgres, "CREATE TABLE t (id int, b date, PRIMARY KEY (b, id)) PARTITION BY RANGE (date_part('year', b), b)"),
        (
            Postgres,
            "CREATE TABLE t (id int, b text COLLATE \"C\") PARTITION BY RANGE (b COLLATE \"C\" text_pattern_ops)",
        ),
        (
            Mysql,
            "CREATE TABLE t (id int, b date, PRIMARY KEY (b, id)) PARTITION BY RANGE (YEAR(b)) (PARTITION p VALUES LESS THAN (2000))",
        ),
        (Mysql, "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 4"),
        (Postgres, "CREATE DOMAIN d AS double precision;\nCREATE DOMAIN e AS d;\nCREATE DOMAIN f AS varchar(3)[]"),
        (Mysql, "ALTER TABLE users RENAME COLUMN name TO email, RENAME COLUMN email TO name"),
        (
            Mysql,
            "ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL, MODIFY user_id int",
        ),
        // MySQL 8 doesn't read it.
        (Mysql, "CREATE TABLE t (id int NOT NULL REFERENCES users (id) ON DELETE SET NULL)"),
    ] {
        assert!(found(statements, dialect).is_empty(), "{dialect}: {statements}: {:?}", found(statements, dialect));
    }
}
