//! The functions of extensions that come with PostgreSQL, and that the owner of a database may make. Of others nobody knows which they bring,
//! nor who made them: it takes a superuser.

/// Extensions whose functions are [`FUNCTIONS`], or of no use to whoever calls them; sorted.
#[rustfmt::skip]
const KNOWN: [&str; 14] = [
    "btree_gin", "btree_gist", "citext", "fuzzystrmatch", "hstore", "intarray", "ltree", "moddatetime", "pg_trgm", "pgcrypto",
    "plpgsql", "tablefunc", "unaccent", "uuid-ossp",
];

/// In lower case, sorted, and whose they are.
#[rustfmt::skip]
const FUNCTIONS: [(&str, &str); 130] = [
    ("akeys", "hstore"), ("armor", "pgcrypto"), ("avals", "hstore"), ("boolop", "intarray"), ("bqarr_in", "intarray"),
    ("bqarr_out", "intarray"), ("cash_dist", "btree_gist"), ("connectby", "tablefunc"), ("crosstab", "tablefunc"),
    ("crosstab2", "tablefunc"), ("crosstab3", "tablefunc"), ("crosstab4", "tablefunc"), ("crypt", "pgcrypto"),
    ("daitch_mokotoff", "fuzzystrmatch"), ("date_dist", "btree_gist"), ("dearmor", "pgcrypto"), ("decrypt", "pgcrypto"),
    ("decrypt_iv", "pgcrypto"), ("defined", "hstore"), ("delete", "hstore"), ("difference", "fuzzystrmatch"),
    ("digest", "pgcrypto"), ("dmetaphone", "fuzzystrmatch"), ("dmetaphone_alt", "fuzzystrmatch"), ("each", "hstore"),
    ("encrypt", "pgcrypto"), ("encrypt_iv", "pgcrypto"), ("exist", "hstore"), ("exists_all", "hstore"), ("exists_any", "hstore"),
    ("fetchval", "hstore"), ("fips_mode", "pgcrypto"), ("float4_dist", "btree_gist"), ("float8_dist", "btree_gist"),
    ("gen_random_bytes", "pgcrypto"), ("gen_salt", "pgcrypto"), ("gist_translate_cmptype_btree", "btree_gist"),
    ("hash_ltree", "ltree"), ("hash_ltree_extended", "ltree"), ("hmac", "pgcrypto"), ("hs_concat", "hstore"),
    ("hs_contained", "hstore"), ("hs_contains", "hstore"), ("hstore", "hstore"), ("icount", "intarray"), ("idx", "intarray"),
    ("index", "ltree"), ("int2_dist", "btree_gist"), ("int4_dist", "btree_gist"), ("int8_dist", "btree_gist"),
    ("intarray_del_elem", "intarray"), ("intarray_push_array", "intarray"), ("intarray_push_elem", "intarray"),
    ("interval_dist", "btree_gist"), ("intset", "intarray"), ("intset_subtract", "intarray"), ("intset_union_elem", "intarray"),
    ("isdefined", "hstore"), ("isexists", "hstore"), ("lca", "ltree"), ("levenshtein", "fuzzystrmatch"),
    ("levenshtein_less_equal", "fuzzystrmatch"), ("lquery_in", "ltree"), ("lquery_out", "ltree"), ("lquery_recv", "ltree"),
    ("lquery_send", "ltree"), ("ltree2text", "ltree"), ("ltreeparentsel", "ltree"), ("metaphone", "fuzzystrmatch"),
    ("moddatetime", "moddatetime"), ("nlevel", "ltree"), ("normal_rand", "tablefunc"), ("oid_dist", "btree_gist"),
    ("pgp_armor_headers", "pgcrypto"), ("pgp_key_id", "pgcrypto"), ("pgp_pub_decrypt", "pgcrypto"),
    ("pgp_pub_decrypt_bytea", "pgcrypto"), ("pgp_pub_encrypt", "pgcrypto"), ("pgp_pub_encrypt_bytea", "pgcrypto"),
    ("pgp_sym_decrypt", "pgcrypto"), ("pgp_sym_decrypt_bytea", "pgcrypto"), ("pgp_sym_encrypt", "pgcrypto"),
    ("pgp_sym_encrypt_bytea", "pgcrypto"), ("populate_record", "hstore"), ("rboolop", "intarray"), ("set_limit", "pg_trgm"),
    ("show_limit", "pg_trgm"), ("show_trgm", "pg_trgm"), ("similarity", "pg_trgm"), ("similarity_dist", "pg_trgm"),
    ("similarity_op", "pg_trgm"), ("skeys", "hstore"), ("slice", "hstore"), ("slice_array", "hstore"), ("sort", "intarray"),
    ("sort_asc", "intarray"), ("sort_desc", "intarray"), ("soundex", "fuzzystrmatch"), ("strict_word_similarity", "pg_trgm"),
    ("strict_word_similarity_commutator_op", "pg_trgm"), ("strict_word_similarity_dist_commutator_op", "pg_trgm"),
    ("strict_word_similarity_dist_op", "pg_trgm"), ("strict_word_similarity_op", "pg_trgm"), ("subarray", "intarray"),
    ("subltree", "ltree"), ("subpath", "ltree"), ("svals", "hstore"), ("tconvert", "hstore"), ("text2ltree", "ltree"),
    ("text_soundex", "fuzzystrmatch"), ("time_dist", "btree_gist"), ("ts_dist", "btree_gist"), ("tstz_dist", "btree_gist"),
    ("unaccent", "unaccent"), ("uniq", "intarray"), ("uuid_generate_v1", "uuid-ossp"), ("uuid_generate_v1mc", "uuid-ossp"),
    ("uuid_generate_v3", "uuid-ossp"), ("uuid_generate_v4", "uuid-ossp"), ("uuid_generate_v5", "uuid-ossp"),
    ("uuid_nil", "uuid-ossp"), ("uuid_ns_dns", "uuid-ossp"), ("uuid_ns_oid", "uuid-ossp"), ("uuid_ns_url", "uuid-ossp"),
    ("uuid_ns_x500", "uuid-ossp"), ("word_similarity", "pg_trgm"), ("word_similarity_commutator_op", "pg_trgm"),
    ("word_similarity_dist_commutator_op", "pg_trgm"), ("word_similarity_dist_op", "pg_trgm"), ("word_similarity_op", "pg_trgm"),
];

/// How functions begin of extensions that are made outside the chain, and of those that are types' alone.
#[rustfmt::skip]
const OFTEN_THERE: [&str; 28] = [
    "_lt", "_int", "_st_", "add_", "box2d", "box3d", "citext", "create_", "cron", "dblink", "g_int", "gbt_", "geography", "geometry",
    "ghstore", "gin_", "ginint4", "gtrgm", "hnsw", "hstore_", "ivfflat", "l2_", "lt_q", "ltq", "ltree_", "ltxtq", "postgis", "st_",
];

/// The rest of them, sorted.
#[rustfmt::skip]
const OFTEN_THERE_EXACTLY: [&str; 26] = [
    "addgeometrycolumn", "alter_job", "approximate_row_count", "binary_quantize", "cosine_distance", "dropgeometrycolumn",
    "find_srid", "first", "gen_ulid", "halfvec_accum", "hamming_distance", "histogram", "inner_product", "jaccard_distance",
    "l1_distance", "last", "locf", "nanoid", "time_bucket", "time_bucket_gapfill", "truncate_tables", "ulid", "updategeometrysrid",
    "uuid_generate_v7", "vector_dims", "vector_norm",
];

/// Whose function it is.
pub(super) fn of(name: &str) -> Option<&'static str> {
    let at = FUNCTIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    FUNCTIONS.get(at).map(|(_, extension)| *extension)
}

/// Whether an extension brings no function but those listed here.
pub(super) fn is_known(extension: &str) -> bool {
    KNOWN.binary_search(&extension).is_ok()
}

/// Whether a function may be one of an extension that a superuser made before the chain began.
pub(super) fn is_often_there(name: &str) -> bool {
    OFTEN_THERE_EXACTLY.binary_search(&name).is_ok() || OFTEN_THERE.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_searched() {
        assert!(KNOWN.is_sorted() && FUNCTIONS.is_sorted() && OFTEN_THERE_EXACTLY.is_sorted());
        assert!(FUNCTIONS.iter().all(|(_, extension)| is_known(extension)));
        assert_eq!(of("uuid_generate_v4"), Some("uuid-ossp"));
        assert!(is_often_there("st_distance") && is_often_there("ulid") && !is_often_there("lenght"));
    }
}
