//! What the databases' own functions do to a schema: nothing. And a few well-known ones of extensions, which change one table.

/// Whether a function of an extension changes the table that it is told as a string, and nothing else.
pub(super) fn changes_table(name: &str) -> bool {
    matches!(
        name,
        "create_hypertable"
            | "create_distributed_table"
            | "create_reference_table"
            | "undistribute_table"
            | "set_integer_now_func"
            | "set_chunk_time_interval"
            | "add_retention_policy"
            | "remove_retention_policy"
            | "add_compression_policy"
            | "remove_compression_policy"
            | "addgeometrycolumn"
            | "dropgeometrycolumn"
            | "recovergeometrycolumn"
            | "discardgeometrycolumn"
            | "updategeometrysrid"
            | "createspatialindex"
            | "disablespatialindex"
            | "diesel_manage_updated_at"
    )
}

/// Whether calling it changes no schema, for all we know. Words that a parenthesis follows for another reason are here, too.
pub(super) fn is_harmless(name: &str) -> bool {
    const BEGINNINGS: [&str; 32] = [
        "array_",
        "bit_",
        "cardinality",
        "char",
        "clock_",
        "current_",
        "date",
        "enum_",
        "generate_",
        "has_",
        "inet",
        "int",
        "json",
        "lo_",
        "percent",
        "pg_",
        "range_",
        "regexp_",
        "row_",
        "session_",
        "st_",
        "stddev",
        "str",
        "substr",
        "time",
        "to_",
        "ts",
        "txid_",
        "uuid",
        "var",
        "width_",
        "xml",
    ];
    SORTED.binary_search(&name).is_ok() || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

#[rustfmt::skip]
const SORTED: &[&str] = &[
    "abs", "age", "all", "and", "any", "array", "as", "ascii", "avg", "between", "bigint", "bool_and", "bool_or", "btrim",
    "by", "case", "cast", "ceil", "ceiling", "changes", "check", "coalesce", "col_description", "concat", "concat_ws",
    "convert", "convert_from", "convert_to", "count", "crypt", "cube", "currval", "decimal", "decode", "dense_rank",
    "digest", "distinct", "div", "double", "else", "encode", "every", "except", "exists", "exp", "explode", "extract",
    "filter", "first_value", "float", "floor", "format", "format_type", "from", "gen_random_bytes", "gen_random_uuid",
    "gen_salt", "greatest", "group", "group_concat", "grouping", "having", "hex", "hstore", "if", "ifnull", "iif", "in",
    "initcap", "instr", "intersect", "interval", "into", "is", "isnull", "join", "lag", "last_insert_rowid", "last_value",
    "lastval", "lateral", "lead", "least", "left", "length", "like", "limit", "ln", "localtimestamp", "log", "lower",
    "lpad", "ltrim", "make_date", "make_interval", "max", "md5", "min", "mod", "mode", "nextval", "not", "notnull", "now",
    "nth_value", "ntile", "nullif", "numeric", "obj_description", "octet_length", "offset", "on", "only", "or", "over",
    "overlay", "partition", "position", "pow", "power", "printf", "quote_ident", "quote_literal", "quote_nullable",
    "random", "rank", "replace", "returning", "reverse", "right", "round", "rtrim", "select", "set", "setseed", "setval",
    "sha256", "similar", "some", "split_part", "sqrt", "sum", "then", "translate", "trim", "trunc", "typeof", "unicode",
    "union", "unnest", "upper", "using", "values", "version", "when", "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(SORTED.is_sorted());
    }

    #[test]
    fn harmless_or_not() {
        for name in ["now", "setval", "pg_notify", "jsonb_build_object", "unnest", "abs", "where"] {
            assert!(is_harmless(name), "{name}");
        }
        for name in ["create_hypertable", "create_parent", "run_maintenance", "drop_all", "exec", "dblink_exec"] {
            assert!(!is_harmless(name), "{name}");
        }
    }
}
