//! The differences between MySQL and MariaDB that are told: who lacks what, and what to write instead.

/// A server that the dialect `mysql` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    Mysql,
    Mariadb,
}

/// Something that one of them does not have.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) lacked_by: Server,
    /// What is said; `{}` is the part of the statement.
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

const fn not_mysql(message: &'static str, help: &'static str) -> Difference {
    Difference { lacked_by: Server::Mysql, message, help }
}

const fn not_mariadb(message: &'static str, help: &'static str) -> Difference {
    Difference { lacked_by: Server::Mariadb, message, help }
}

pub(super) static IF_EXISTS: Difference = not_mysql(
    "on MySQL there is no `IF EXISTS` and no `IF NOT EXISTS` here: they are MariaDB's",
    "leave it out: what is there at this point of the chain is known",
);
pub(super) static OR_REPLACE: Difference = not_mysql(
    "on MySQL only a view can be made with `CREATE OR REPLACE`: for all else that is MariaDB's",
    "drop the old one first, in a statement of its own",
);
pub(super) static SEQUENCE: Difference = not_mysql(
    "on MySQL there are no sequences: they are MariaDB's",
    "let the table count, with `AUTO_INCREMENT`, or keep the number in a table of its own",
);
pub(super) static PACKAGE: Difference = not_mysql("on MySQL there are no packages", "make the routines one by one");
pub(super) static TYPE: Difference = not_mysql(
    "on MySQL there is no type `{}`: it is MariaDB's",
    "for `uuid` write `BINARY(16)` or `CHAR(36)`; for `inet6` and `inet4` `VARBINARY(16)`",
);
pub(super) static RETURNING: Difference = not_mysql(
    "on MySQL there is no `RETURNING`: it is MariaDB's",
    "leave it out: nobody reads what a revision returns",
);
pub(super) static PERSISTENT: Difference =
    not_mysql("on MySQL there is no `PERSISTENT` column: MariaDB's other word for it is `STORED`", "write `STORED`");
pub(super) static COMPRESSED_COLUMN: Difference = not_mysql(
    "on MySQL no column is `COMPRESSED`: that is MariaDB's",
    "leave it out, or compress the table: `ROW_FORMAT=COMPRESSED`",
);
pub(super) static DEFAULT_EXPRESSION: Difference = not_mysql(
    "on MySQL a default that is computed stands in parentheses: MariaDB takes it without",
    "put parentheses around it, which both take: `DEFAULT (uuid())`",
);
pub(super) static LONG_DEFAULT: Difference = not_mysql(
    "on MySQL a TEXT, BLOB, JSON or GEOMETRY column has no such default: MariaDB takes it",
    "put parentheses around it, which both take: `DEFAULT ('…')`",
);
pub(super) static NAMED_REFERENCE: Difference = not_mysql(
    "on MySQL REFERENCES in a column has no name: MariaDB takes one",
    "write it as a constraint of the table's: `CONSTRAINT … FOREIGN KEY (…) REFERENCES …`",
);
pub(super) static SYSTEM_VERSIONING: Difference = not_mysql(
    "on MySQL there are no system-versioned tables: they are MariaDB's",
    "keep old rows in a table of your own, with triggers",
);
pub(super) static PERIOD: Difference = not_mysql(
    "on MySQL there are no periods: `PERIOD FOR` and `WITHOUT OVERLAPS` are MariaDB's",
    "write two columns, and look at overlaps in a trigger",
);
pub(super) static WAIT: Difference = not_mysql(
    "on MySQL there is no `WAIT` and no `NOWAIT` here: they are MariaDB's",
    "leave it out: `lock_timeout` in revchain.toml is for all statements; for one, `SET SESSION lock_wait_timeout = …` before it",
);
pub(super) static ALTER_ONLINE: Difference = not_mysql(
    "on MySQL there is no `ALTER ONLINE TABLE`: it is MariaDB's",
    "write `LOCK=NONE` as one of the actions, which both take",
);
pub(super) static ALTER_IGNORE: Difference = not_mysql(
    "on MySQL there is no `ALTER IGNORE TABLE`: it is MariaDB's",
    "delete the rows that are in the way first, in a statement of its own",
);
pub(super) static CONVERT_PARTITION: Difference = not_mysql(
    "on MySQL no partition is converted to a table, or back: that is MariaDB's",
    "write `EXCHANGE PARTITION … WITH TABLE …`, which both take",
);
pub(super) static IGNORED_INDEX: Difference = not_mysql(
    "on MySQL an index is not `IGNORED`, but `INVISIBLE`: each server has its own word for it",
    "write `INVISIBLE` or `VISIBLE` for MySQL; for both, drop the index",
);
pub(super) static TABLE_OPTION_OF_MARIADB: Difference =
    not_mysql("on MySQL a table has no option `{}`: it is MariaDB's", "leave it out");
pub(super) static ENGINE: Difference =
    not_mysql("on MySQL there is no engine Aria: it is MariaDB's", "write `ENGINE=InnoDB`, or leave it out");
pub(super) static COLLATION: Difference = not_mysql(
    "on MySQL there is no collation `{}`: it is MariaDB's",
    "write one that both have: `utf8mb4_unicode_520_ci`, `utf8mb4_general_ci` or `utf8mb4_bin`",
);
pub(super) static REF_SYSTEM_ID: Difference =
    not_mysql("on MySQL there is no `REF_SYSTEM_ID`: it is MariaDB's", "for MySQL write `SRID` and the number");
pub(super) static DATABASE_COMMENT: Difference =
    not_mysql("on MySQL a database has no comment: that is MariaDB's", "leave it out");
pub(super) static ANONYMOUS_BLOCK: Difference = not_mysql(
    "on MySQL there is no `BEGIN NOT ATOMIC`: it is MariaDB's",
    "write its statements one by one, or make a procedure, call it and drop it",
);
pub(super) static SET_STATEMENT: Difference = not_mysql(
    "on MySQL there is no `SET STATEMENT … FOR`: it is MariaDB's",
    "write the setting as a statement of its own, and set it back behind",
);
pub(super) static EXECUTE_IMMEDIATE: Difference = not_mysql(
    "on MySQL there is no `EXECUTE IMMEDIATE`: it is MariaDB's",
    "write `PREPARE`, `EXECUTE` and `DEALLOCATE PREPARE`, which both take",
);
pub(super) static WORD_OF_MYSQL: Difference = not_mysql(
    "`{}` is a word of MySQL's own, and no name without quotes there: MariaDB takes it for one",
    "choose another name, or write it in backticks wherever it stands",
);

pub(super) static WORD_OF_MARIADB: Difference = not_mariadb(
    "`{}` is a word of MariaDB's own, and no name without quotes there: MySQL takes it for one",
    "choose another name, or write it in backticks wherever it stands",
);
pub(super) static FUNCTIONAL_KEY: Difference = not_mariadb(
    "on MariaDB an index has columns only: an expression in one is MySQL's",
    "add a generated column, `… AS (…) VIRTUAL`, and index that: both take it",
);
pub(super) static INVISIBLE_INDEX: Difference = not_mariadb(
    "on MariaDB an index is not `INVISIBLE`, but `IGNORED`: each server has its own word for it",
    "write `IGNORED` or `NOT IGNORED` for MariaDB; for both, drop the index",
);
pub(super) static VISIBLE_COLUMN: Difference = not_mariadb(
    "on MariaDB no column is said to be `VISIBLE`: that is MySQL's",
    "leave it out: a column is visible; to show or hide one, say all of it again: `MODIFY COLUMN … INVISIBLE`",
);
pub(super) static ENFORCED: Difference = not_mariadb(
    "on MariaDB a check is always enforced: `ENFORCED` and `NOT ENFORCED` are MySQL's",
    "leave the word out; in place of `NOT ENFORCED`, drop the check",
);
pub(super) static DROP_CHECK: Difference =
    not_mariadb("on MariaDB there is no `DROP CHECK`: it is MySQL's", "write `DROP CONSTRAINT`, which both take");
pub(super) static NAMED_CHECK: Difference = not_mariadb(
    "on MariaDB a check in a column has no `CONSTRAINT` before it: that is MySQL's",
    "write it as a constraint of the table's, which both take: `CONSTRAINT … CHECK (…)`",
);
pub(super) static BEHIND_CHECK: Difference = not_mariadb(
    "on MariaDB a column's check stands behind all else that is said of the column: MySQL has no order",
    "write the check last, which both take",
);
pub(super) static BEHIND_GENERATED: Difference = not_mariadb(
    "on MariaDB `{}` has no place behind the expression of a generated column: MySQL takes it",
    "leave it out, or say it as a constraint of the table's: `CHECK (… IS NOT NULL)`, `PRIMARY KEY (…)`; a collation stands before `AS`",
);
pub(super) static SRID: Difference = not_mariadb(
    "on MariaDB a column has no `SRID`: that is MySQL's",
    "leave it out, or for MariaDB write `REF_SYSTEM_ID=` and the number",
);
pub(super) static COLUMN_STORAGE: Difference = not_mariadb(
    "on MariaDB a column has no `COLUMN_FORMAT` and no `STORAGE`: they are for MySQL's NDB cluster",
    "leave it out: InnoDB makes nothing of it",
);
pub(super) static TABLE_OPTION_OF_MYSQL: Difference =
    not_mariadb("on MariaDB a table has no option `{}`: it is MySQL's", "leave it out");
pub(super) static DATABASE_OPTION: Difference =
    not_mariadb("on MariaDB a database has no such option: it is MySQL's", "leave it out");
pub(super) static DROP_INDEX_OPTION: Difference = not_mariadb(
    "on MariaDB `DROP INDEX` takes no `ALGORITHM` and no `LOCK`: MySQL's does",
    "write `ALTER TABLE … DROP INDEX …, ALGORITHM=…, LOCK=…`, which both take",
);
pub(super) static ROW_ALIAS: Difference = not_mariadb(
    "on MariaDB the rows of INSERT have no name: `AS` behind them is MySQL's",
    "write `VALUES(column)` behind ON DUPLICATE KEY UPDATE, which both take",
);
pub(super) static VALUES_ROW: Difference = not_mariadb(
    "on MariaDB there is no `ROW` behind `VALUES`: it is MySQL's",
    "leave `ROW` out in INSERT, which both take; elsewhere write `SELECT … UNION ALL SELECT …`",
);
pub(super) static STATEMENT_OF_MYSQL: Difference = not_mariadb(
    "on MariaDB there is no such statement: it is MySQL's",
    "leave it out, or have it done where the server is set up",
);
pub(super) static PERSIST: Difference = not_mariadb(
    "on MariaDB there is no `SET PERSIST`: it is MySQL's",
    "have the setting made where the server is set up",
);
