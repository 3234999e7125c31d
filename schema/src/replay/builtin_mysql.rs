//! The types of MySQL and MariaDB, under the names that the reader gives them. Nobody can make another there.

/// Types that people write most: what a misspelled one may mean.
pub(super) const COMMON: [&str; 14] = [
    "int",
    "bigint",
    "varchar",
    "text",
    "boolean",
    "datetime",
    "timestamp",
    "date",
    "decimal",
    "json",
    "char",
    "blob",
    "double",
    "smallint",
];

/// All of them, sorted. Of MariaDB's alone: `inet4`, `inet6`, `uuid`, `xmltype`, Oracle's words, and the schemas that a type's
/// name may begin with (<https://mariadb.com/docs/server/reference/data-types>).
#[rustfmt::skip]
const TYPES: [&str; 56] = [
    "bigint", "binary", "bit", "blob", "char", "clob", "date", "datetime", "decimal", "double", "enum", "float", "geometry",
    "geometrycollection", "inet4", "inet6", "int", "json", "linestring", "longblob", "longtext", "mariadb_schema",
    "maxdb_schema", "mediumblob", "mediumint", "mediumtext", "multilinestring", "multipoint", "multipolygon", "nclob", "number",
    "numeric", "nvarchar", "nvarchar2", "oracle_schema", "point", "polygon", "raw", "row", "serial", "set", "smallint",
    "sys_refcursor", "text", "time", "timestamp", "tinyblob", "tinyint", "tinytext", "uuid", "varbinary", "varchar", "varchar2",
    "vector", "xmltype", "year",
];

/// Whether a name, in lower case, is a type.
pub(super) fn is_type(name: &str) -> bool {
    TYPES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(TYPES.is_sorted());
        assert!(is_type("year") && is_type("bigint") && is_type("vector") && !is_type("jsonb"));
    }
}
