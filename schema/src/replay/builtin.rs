//! The types that every PostgreSQL server has, under all the names that a statement may give them.

/// Types that people write most: what a misspelled one may mean.
pub(super) const COMMON: [&str; 12] = [
    "text",
    "integer",
    "bigint",
    "boolean",
    "numeric",
    "timestamptz",
    "timestamp",
    "date",
    "uuid",
    "jsonb",
    "varchar",
    "bytea",
];

/// Those without blanks, sorted.
const TYPES: [&str; 96] = [
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bigint",
    "bigserial",
    "bit",
    "bool",
    "boolean",
    "box",
    "bpchar",
    "bytea",
    "char",
    "character",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "dec",
    "decimal",
    "event_trigger",
    "fdw_handler",
    "float",
    "float4",
    "float8",
    "gtsvector",
    "inet",
    "int",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "integer",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "nchar",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "real",
    "record",
    "refcursor",
    "serial",
    "serial2",
    "serial4",
    "serial8",
    "smallint",
    "smallserial",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xml",
];

/// Types of well-known extensions, which are often made outside the chain: it takes a superuser.
const OF_EXTENSIONS: [&str; 22] = [
    "box2d",
    "box3d",
    "citext",
    "cube",
    "ean13",
    "earth",
    "geography",
    "geometry",
    "geomval",
    "halfvec",
    "hstore",
    "intbig",
    "isbn",
    "lquery",
    "ltree",
    "ltxtquery",
    "query_int",
    "raster",
    "seg",
    "semver",
    "sparsevec",
    "vector",
];

/// Whether a name, in lower case, is a type that an extension may have brought before the chain began.
pub(super) fn is_of_extension(name: &str) -> bool {
    OF_EXTENSIONS.binary_search(&name).is_ok()
}

/// Whether a name, in lower case, is a type of the server's own.
pub(crate) fn is_builtin(name: &str) -> bool {
    TYPES.binary_search(&name).is_ok()
        // `double precision`, `timestamp with time zone`; `regclass` and its kin; the catalogs'.
        || name.contains(' ')
        || name.starts_with("reg")
        || name.starts_with("pg_")
        || name.starts_with("xid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(TYPES.is_sorted() && OF_EXTENSIONS.is_sorted());
        assert!(is_builtin("timestamptz") && is_builtin("double precision") && !is_builtin("citext"));
    }
}
