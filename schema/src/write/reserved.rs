//! The words that name nothing without quotes. Those of each database were tried on it; MySQL's are MariaDB's, and those that
//! only MySQL 8 and 9 have.

use revchain_core::Dialect;

/// Whether a word in lower case has to be quoted to be a name.
pub(crate) fn is_reserved(word: &str, dialect: Dialect) -> bool {
    let words: &[&str] = match dialect {
        Dialect::Postgres => &POSTGRES,
        Dialect::Mysql => &MYSQL,
        Dialect::Sqlite => &SQLITE,
    };
    words.binary_search(&word).is_ok()
}

/// Whether no version of a database takes a word, in lower case, for a name without quotes: neither MySQL nor MariaDB, SQLite no
/// more than PostgreSQL.
pub(crate) fn is_always_reserved(word: &str, dialect: Dialect) -> bool {
    let sometimes: &[&str] = match dialect {
        Dialect::Postgres => &[],
        Dialect::Mysql => &MYSQL_SOMETIMES,
        Dialect::Sqlite => &SQLITE_SOMETIMES,
    };
    is_reserved(word, dialect) && sometimes.binary_search(&word).is_err()
}

/// Whether a word, in lower case, has to be quoted on every MySQL from 8.0 on, and on MariaDB needs no quotes.
pub(crate) fn is_reserved_by_mysql_alone(word: &str) -> bool {
    MYSQL_ALONE.binary_search(&word).is_ok()
}

/// The other way round, of MariaDB from 10.6 on.
pub(crate) fn is_reserved_by_mariadb_alone(word: &str) -> bool {
    MARIADB_ALONE.binary_search(&word).is_ok()
}

/// `pg_get_keywords()`: those that no table or column may be called.
#[rustfmt::skip]
const POSTGRES: [&str; 100] = [
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
    "both", "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end",
    "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike",
    "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like",
    "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or",
    "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right", "select",
    "session_user", "similar", "some", "symmetric", "table", "tablesample", "then", "to", "trailing", "true",
    "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
];

/// What `CREATE TABLE <word> (<word> int)` is refused with.
#[rustfmt::skip]
const MYSQL: [&str; 271] = [
    "accessible", "add", "all", "alter", "analyze", "and", "as", "asc", "asensitive", "before", "between",
    "bigint", "binary", "blob", "both", "by", "call", "cascade", "case", "change", "char", "character", "check",
    "collate", "column", "condition", "constraint", "continue", "convert", "create", "cross", "cube", "cume_dist",
    "current_date", "current_role", "current_time", "current_timestamp", "current_user", "cursor", "databases",
    "day_hour", "day_microsecond", "day_minute", "day_second", "dec", "decimal", "declare", "default", "delayed",
    "delete", "delete_domain_id", "dense_rank", "desc", "describe", "deterministic", "distinct", "distinctrow",
    "div", "do_domain_ids", "double", "drop", "dual", "each", "else", "elseif", "empty", "enclosed", "escaped",
    "except", "exists", "exit", "explain", "false", "fetch", "first_value", "float", "for", "force", "foreign",
    "from", "fulltext", "function", "generated", "get", "grant", "group", "grouping", "groups", "having",
    "high_priority", "hour_microsecond", "hour_minute", "hour_second", "if", "ignore", "ignore_domain_ids", "in",
    "index", "infile", "inner", "inout", "insensitive", "insert", "int", "integer", "intersect", "interval",
    "into", "io_after_gtids", "io_before_gtids", "is", "iterate", "join", "json_table", "key", "keys", "kill",
    "lag", "last_value", "lateral", "lead", "leading", "leave", "left", "like", "limit", "linear", "lines", "load",
    "localtime", "localtimestamp", "lock", "long", "longblob", "longtext", "loop", "low_priority", "manual",
    "master_bind", "master_demote_to_replica", "master_demote_to_slave", "master_ssl_verify_server_cert", "match",
    "maxvalue", "mediumblob", "mediumint", "mediumtext", "middleint", "minute_microsecond", "minute_second", "mod",
    "modifies", "natural", "no_write_to_binlog", "not", "nth_value", "ntile", "null", "numeric", "of", "offset",
    "on", "optimize", "optimizer_costs", "optionally", "or", "order", "out", "outer", "outfile", "over",
    "page_checksum", "parallel", "parse_vcol_expr", "partition", "percent_rank", "portion", "precision", "primary",
    "procedure", "purge", "qualify", "range", "rank", "read", "read_write", "reads", "real", "recursive",
    "ref_system_id", "references", "regexp", "release", "rename", "repeat", "replace", "require", "resignal",
    "restrict", "return", "returning", "revoke", "right", "rlike", "row", "row_number", "rows", "schemas",
    "second_microsecond", "select", "sensitive", "separator", "set", "show", "signal", "smallint", "spatial",
    "specific", "sql", "sql_big_result", "sql_calc_found_rows", "sql_small_result", "sqlexception", "sqlstate",
    "sqlwarning", "ssl", "starting", "stats_auto_recalc", "stats_persistent", "stats_sample_pages", "stored",
    "straight_join", "system", "table", "tablesample", "terminated", "then", "tinyblob", "tinyint", "tinytext",
    "to", "trailing", "trigger", "true", "undo", "union", "unique", "unlock", "unsigned", "update", "usage", "use",
    "using", "utc_date", "utc_time", "utc_timestamp", "values", "varbinary", "varchar", "varcharacter", "varying",
    "virtual", "when", "where", "while", "window", "with", "write", "xor", "year_month", "zerofill",
];

/// Likewise.
#[rustfmt::skip]
const SQLITE: [&str; 64] = [
    "add", "all", "alter", "and", "as", "autoincrement", "between", "case", "cast", "check", "collate", "commit",
    "constraint", "create", "current_date", "current_time", "current_timestamp", "default", "deferrable", "delete",
    "distinct", "drop", "else", "escape", "except", "exists", "foreign", "from", "group", "having", "if", "in",
    "index", "insert", "intersect", "into", "is", "isnull", "join", "limit", "not", "nothing", "notnull", "null",
    "on", "or", "order", "primary", "raise", "references", "returning", "select", "set", "table", "then", "to",
    "transaction", "union", "unique", "update", "using", "values", "when", "where",
];

/// Of MySQL's, those that a supported version of MySQL or MariaDB takes for a name: what only one of them reserves, what either did
/// of late, and what a query begins with that makes the table.
#[rustfmt::skip]
const MYSQL_SOMETIMES: [&str; 67] = [
    "accessible", "cube", "cume_dist", "current_role", "delete_domain_id", "dense_rank", "do_domain_ids", "empty",
    "except", "first_value", "function", "generated", "get", "grouping", "groups", "ignore_domain_ids", "intersect",
    "interval", "io_after_gtids", "io_before_gtids", "json_table", "lag", "last_value", "lateral", "lead", "linear",
    "manual", "master_bind", "master_demote_to_replica", "master_demote_to_slave", "master_ssl_verify_server_cert",
    "maxvalue", "nth_value", "ntile", "of", "offset", "optimizer_costs", "over", "page_checksum", "parallel",
    "parse_vcol_expr", "percent_rank", "portion", "qualify", "rank", "recursive", "ref_system_id", "resignal",
    "returning", "row", "row_number", "rows", "select", "signal", "specific", "ssl", "stats_auto_recalc",
    "stats_persistent", "stats_sample_pages", "stored", "system", "table", "tablesample", "values", "virtual",
    "window", "with",
];

/// What `CREATE TABLE <word> (<word> int)` is refused with by MySQL 8.0 and 9.7, and taken by MariaDB 10.11 and 11.8. What MySQL reserved
/// later than 8.0.11 is not among them (`lateral`, `manual`, `parallel`, `qualify`, `tablesample`, `library`, `external`).
#[rustfmt::skip]
const MYSQL_ALONE: [&str; 27] = [
    "cube", "cume_dist", "dense_rank", "empty", "first_value", "function", "generated", "get", "grouping", "groups",
    "io_after_gtids", "io_before_gtids", "json_table", "lag", "last_value", "lead", "nth_value", "ntile", "of",
    "optimizer_costs", "percent_rank", "rank", "row", "stored", "system", "virtual", "window",
];

/// The other way round.
#[rustfmt::skip]
const MARIADB_ALONE: [&str; 13] = [
    "current_role", "delete_domain_id", "do_domain_ids", "ignore_domain_ids", "offset", "page_checksum", "parse_vcol_expr",
    "portion", "ref_system_id", "returning", "stats_auto_recalc", "stats_persistent", "stats_sample_pages",
];

/// Of SQLite's, those that a version takes for a name.
#[rustfmt::skip]
const SQLITE_SOMETIMES: [&str; 7] = [
    "cast", "current_date", "current_time", "current_timestamp", "if", "raise", "returning",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_in_order() {
        assert!(POSTGRES.is_sorted() && MYSQL.is_sorted() && SQLITE.is_sorted());
        assert!(MYSQL_SOMETIMES.is_sorted() && SQLITE_SOMETIMES.is_sorted());
        assert!(MYSQL_ALONE.is_sorted() && MARIADB_ALONE.is_sorted());
        assert!(MYSQL_ALONE.iter().chain(&MARIADB_ALONE).all(|word| !is_always_reserved(word, Dialect::Mysql)));
        assert!(is_reserved("user", Dialect::Postgres) && !is_reserved("user", Dialect::Mysql));
        assert!(is_reserved("rank", Dialect::Mysql) && !is_always_reserved("rank", Dialect::Mysql));
    }
}
