//! SQLite's functions, of all its builds since 3.35: those of its core, of the extensions in its tree that a build may have, and of
//! its command line. Not among them are those that begin with `sqlite_` and `shell_`.

/// In lower case, sorted.
#[rustfmt::skip]
pub(super) static FUNCTIONS: [&str; 272] = [
    "abs", "acos", "acosh", "any_value", "asin", "asinh", "atan", "atan2", "atanh", "auto_json", "avg", "base64", "base85",
    "blobio", "bm25", "case", "cast", "ceil", "ceiling", "changes", "char", "closure", "coalesce", "collate", "compress", "concat",
    "concat_ws", "cos", "cosh", "count", "cume_dist", "current_date", "current_time", "current_timestamp", "date", "datetime",
    "decimal", "decimal_add", "decimal_cmp", "decimal_collation", "decimal_exp", "decimal_mul", "decimal_pow2", "decimal_sub",
    "decimal_sum", "degrees", "dense_rank", "distinct", "dtostr", "edit", "editdist1", "editdist3", "eval", "exists", "exp",
    "filter", "first_value", "floor", "format", "fsdir", "fts3", "fts3_tokenizer", "fts4", "fts5", "fts5_decode",
    "fts5_decode_none", "fts5_expr", "fts5_expr_tcl", "fts5_fold", "fts5_get_locale", "fts5_insttoken", "fts5_isalnum",
    "fts5_locale", "fts5_rowid", "fts5_source_id", "generate_series", "geopoly_area", "geopoly_bbox", "geopoly_blob", "geopoly_ccw",
    "geopoly_contains_point", "geopoly_debug", "geopoly_group_bbox", "geopoly_json", "geopoly_overlap", "geopoly_regular",
    "geopoly_svg", "geopoly_within", "geopoly_xform", "glob", "group_concat", "hex", "highlight", "icu_load_collation", "ieee754",
    "ieee754_exponent", "ieee754_from_blob", "ieee754_from_int", "ieee754_inc", "ieee754_mantissa", "ieee754_to_blob",
    "ieee754_to_int", "if", "ifnull", "iif", "in", "instr", "intreal", "is_base85", "json", "json_array", "json_array_insert",
    "json_array_length", "json_each", "json_error_position", "json_extract", "json_group_array", "json_group_object", "json_insert",
    "json_object", "json_patch", "json_pretty", "json_quote", "json_remove", "json_replace", "json_set", "json_tree", "json_type",
    "json_valid", "jsonb", "jsonb_array", "jsonb_array_insert", "jsonb_each", "jsonb_extract", "jsonb_group_array",
    "jsonb_group_object", "jsonb_insert", "jsonb_object", "jsonb_patch", "jsonb_remove", "jsonb_replace", "jsonb_set", "jsonb_tree",
    "julianday", "lag", "last_insert_rowid", "last_value", "lead", "length", "like", "likelihood", "likely", "ln", "load_extension",
    "log", "log10", "log2", "lower", "lsmode", "ltrim", "match", "matchinfo", "max", "median", "min", "mod", "mprintf", "name",
    "next_char", "nextchar", "not", "nth_value", "ntile", "nullif", "octet_length", "offsets", "optimize", "over", "parseuri",
    "percent_rank", "percentile", "percentile_cont", "percentile_disc", "pi", "pow", "power", "printf", "quote", "radians", "raise",
    "random", "randomblob", "randomjson", "rank", "readfile", "realpath", "regexp", "regexp_like", "regexpi", "remember", "replace",
    "rot13", "round", "row", "row_number", "rowid", "rtreecheck", "rtreedepth", "rtreenode", "rtrim", "series", "sha1",
    "sha1_query", "sha1b", "sha3", "sha3_agg", "sha3_query", "showauth", "sign", "sin", "sinh", "snippet", "soundex",
    "spellfix1_editdist", "spellfix1_phonehash", "spellfix1_scriptcode", "spellfix1_translit", "sqlar_compress", "sqlar_uncompress",
    "sqrt", "stmtrand", "strftime", "string_agg", "strtod", "substr", "substring", "subtype", "sum", "tan", "tanh", "time",
    "timediff", "timezone", "tointeger", "toreal", "total", "total_changes", "totype", "trim", "trunc", "typeof", "uncompress",
    "unhex", "unicode", "unistr", "unistr_quote", "unixepoch", "unlikely", "upper", "urifuncs", "usleep", "uuid", "uuid_blob",
    "uuid_str", "values", "vec", "vfs", "window", "writefile", "zeroblob", "zipfile", "zipfile_cds",
];
