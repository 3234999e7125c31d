//! What a function of another database is called here: for whoever comes from there.

use revchain_core::Dialect;

/// What to write for a function, in lower case, that another database has.
pub(super) fn instead(name: &str, dialect: Dialect) -> Option<&'static str> {
    let known: &[(&str, &str)] = match dialect {
        Dialect::Postgres => &POSTGRES,
        Dialect::Mysql => &MYSQL,
        Dialect::Sqlite => &SQLITE,
    };
    let at = known.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    known.get(at).map(|(_, instead)| *instead)
}

/// Sorted.
#[rustfmt::skip]
const POSTGRES: [(&str, &str); 98] = [
    ("add_months", "`a + interval '1 month'`"), ("adddate", "`a + interval '1 day'`"), ("array_contains", "`a = ANY (b)`"),
    ("bin", "`a::bit(32)`"), ("charindex", "`strpos(text, part)`"), ("curdate", "`current_date`"), ("curtime", "`current_time`"),
    ("database", "`current_database()`"), ("date_format", "`to_char(a, 'YYYY-MM-DD')`"), ("date_sub", "`a - interval '1 day'`"),
    ("dateadd", "`a + interval '1 day'`"), ("datediff", "`a::date - b::date`"), ("datename", "`to_char(a, 'Day')`"),
    ("datepart", "`extract(year FROM a)`"), ("datetime", "`now()`, or a cast: `a::timestamptz`"), ("day", "`extract(day FROM a)`"),
    ("dayofmonth", "`extract(day FROM a)`"), ("dayofweek", "`extract(dow FROM a)`"), ("dayofyear", "`extract(doy FROM a)`"),
    ("field", "`array_position(ARRAY['a', 'b'], a)`"), ("find_in_set", "`a = ANY (string_to_array(b, ','))`"),
    ("from_base64", "`decode(a, 'base64')`"), ("from_unixtime", "`to_timestamp(a)`"), ("gen_random_uid", "`gen_random_uuid()`"),
    ("generate_uuid", "`gen_random_uuid()`"), ("getdate", "`now()`"), ("getutcdate", "`now() AT TIME ZONE 'utc'`"),
    ("glob", "`a LIKE 'x%'`, or `a ~ '^x'`"), ("group_concat", "`string_agg(a, ',')`"),
    ("hex", "`encode(a, 'hex')`, or of a number `to_hex(a)`"), ("hour", "`extract(hour FROM a)`"),
    ("if", "`CASE WHEN … THEN … ELSE … END`"), ("ifnull", "`coalesce(a, b)`"), ("iif", "`CASE WHEN … THEN … ELSE … END`"),
    ("instr", "`strpos(text, part)`"), ("isnull", "`a IS NULL`, or `coalesce(a, b)`"), ("json_contains", "`a @> b`"),
    ("json_extract", "`a -> 'b'`, or `jsonb_path_query_first(a, '$.b')`"), ("json_group_array", "`jsonb_agg(a)`"),
    ("json_group_object", "`jsonb_object_agg(a, b)`"), ("json_insert", "`jsonb_set(a, '{b}', '1')`"),
    ("json_length", "`jsonb_array_length(a)`"), ("json_merge", "`a || b`"), ("json_merge_patch", "`a || b`"),
    ("json_quote", "`to_jsonb(a)`"), ("json_remove", "`a - 'b'`, or `a #- '{b,c}'`"),
    ("json_replace", "`jsonb_set(a, '{b}', '1', false)`"), ("json_search", "`jsonb_path_query(a, '$.b')`"),
    ("json_set", "`jsonb_set(a, '{b}', '1')`"), ("json_type", "`jsonb_typeof(a)`"), ("json_unquote", "`a ->> 'b'`"),
    ("json_valid", "`a IS JSON`, from 16 on"), ("julianday", "`extract(julian FROM a)`"),
    ("last_day", "`date_trunc('month', a) + interval '1 month - 1 day'`"),
    ("last_insert_id", "`RETURNING id` behind the INSERT, or `lastval()`"),
    ("last_insert_rowid", "`RETURNING id` behind the INSERT, or `lastval()`"), ("lcase", "`lower(a)`"), ("len", "`length(a)`"),
    ("locate", "`strpos(text, part)`"), ("mid", "`substr(a, 1, n)`"), ("minute", "`extract(minute FROM a)`"),
    ("month", "`extract(month FROM a)`"), ("monthname", "`to_char(a, 'Month')`"), ("newid", "`gen_random_uuid()`"),
    ("nvl", "`coalesce(a, b)`"), ("nvl2", "`CASE WHEN … THEN … ELSE … END`"), ("printf", "`format('%s', a)`"),
    ("quarter", "`extract(quarter FROM a)`"), ("rand", "`random()`"),
    ("randomblob", "`gen_random_bytes(n)`, of the extension pgcrypto"), ("second", "`extract(second FROM a)`"),
    ("sha1", "`digest(a, 'sha1')`, of the extension pgcrypto"), ("sha2", "`sha256(a)`"), ("space", "`repeat(' ', n)`"),
    ("str_to_date", "`to_date(a, 'YYYY-MM-DD')`, or `to_timestamp`"), ("strftime", "`to_char(a, 'YYYY-MM-DD')`"),
    ("subdate", "`a - interval '1 day'`"), ("substring_index", "`split_part(a, ',', 1)`"), ("sysdate", "`now()`"),
    ("sysdatetime", "`now()`"), ("timestampadd", "`a + interval '1 day'`"),
    ("timestampdiff", "`a - b`, or `extract(epoch FROM a - b)`"), ("to_base64", "`encode(a, 'base64')`"),
    ("total", "`coalesce(sum(a), 0)`"), ("truncate", "`trunc(a)`"), ("typeof", "`pg_typeof(a)`"), ("ucase", "`upper(a)`"),
    ("unhex", "`decode(a, 'hex')`"), ("unix_timestamp", "`extract(epoch FROM a)`"), ("unixepoch", "`extract(epoch FROM a)`"),
    ("utc_date", "`(now() AT TIME ZONE 'utc')::date`"), ("utc_timestamp", "`now() AT TIME ZONE 'utc'`"),
    ("uuid_v4", "`gen_random_uuid()`"), ("uuidgen", "`gen_random_uuid()`"), ("week", "`extract(week FROM a)`"),
    ("weekday", "`extract(isodow FROM a) - 1`"), ("year", "`extract(year FROM a)`"), ("zeroblob", "`repeat('\\000', n)::bytea`"),
];

/// Sorted.
#[rustfmt::skip]
const MYSQL: [(&str, &str); 71] = [
    ("age", "`timestampdiff(YEAR, a, b)`"), ("array_agg", "`json_arrayagg(a)`"), ("array_append", "`json_array_append(a, '$', b)`"),
    ("array_length", "`json_length(a)`"), ("array_to_string", "`group_concat(a SEPARATOR ',')`"), ("bool_and", "`min(a)`"),
    ("bool_or", "`max(a)`"), ("btrim", "`trim(a)`"), ("charindex", "`locate(part, text)`"), ("clock_timestamp", "`sysdate(6)`"),
    ("currval", "`last_insert_id()`"), ("date_part", "`extract(YEAR FROM a)`"), ("date_trunc", "`date_format(a, '%Y-%m-01')`"),
    ("dateadd", "`date_add(a, INTERVAL 1 DAY)`"), ("datetime", "`now()`, or `cast(a AS datetime)`"), ("digest", "`sha2(a, 256)`"),
    ("every", "`min(a)`"), ("gen_random_bytes", "`random_bytes(n)`"), ("gen_random_uid", "`uuid()`"),
    ("gen_random_uuid", "`uuid()`"), ("generate_series", "a table of numbers, by `WITH RECURSIVE`"), ("generate_uuid", "`uuid()`"),
    ("getdate", "`now()`"), ("getutcdate", "`utc_timestamp()`"), ("iif", "`if(a, b, c)`"),
    ("initcap", "`concat(upper(left(a, 1)), substr(a, 2))`"), ("json_agg", "`json_arrayagg(a)`"),
    ("json_array_elements", "`json_table(…)`"), ("json_array_length", "`json_length(a)`"), ("json_build_array", "`json_array(…)`"),
    ("json_build_object", "`json_object(…)`"), ("json_group_array", "`json_arrayagg(a)`"),
    ("json_group_object", "`json_objectagg(a, b)`"), ("json_object_agg", "`json_objectagg(a, b)`"),
    ("json_typeof", "`json_type(a)`"), ("jsonb_agg", "`json_arrayagg(a)`"), ("jsonb_array_elements", "`json_table(…)`"),
    ("jsonb_array_length", "`json_length(a)`"), ("jsonb_build_array", "`json_array(…)`"),
    ("jsonb_build_object", "`json_object(…)`"), ("jsonb_insert", "`json_insert(a, '$.b', 1)`"),
    ("jsonb_object_agg", "`json_objectagg(a, b)`"), ("jsonb_set", "`json_set(a, '$.b', 1)`"), ("jsonb_typeof", "`json_type(a)`"),
    ("julianday", "`to_days(a)`"), ("last_insert_rowid", "`last_insert_id()`"), ("len", "`char_length(a)`"),
    ("make_date", "`makedate(year, day)`, or `str_to_date`"), ("newid", "`uuid()`"), ("printf", "`concat(…)`"),
    ("quote_literal", "`quote(a)`"), ("random", "`rand()`"), ("randomblob", "`random_bytes(n)`"),
    ("regexp_matches", "`regexp_substr(a, 'x')`"), ("sha256", "`sha2(a, 256)`"), ("split_part", "`substring_index(a, ',', 1)`"),
    ("statement_timestamp", "`now(6)`"), ("strftime", "`date_format(a, '%Y-%m-%d')`"),
    ("string_agg", "`group_concat(a SEPARATOR ',')`"), ("strpos", "`locate(part, text)`"), ("to_hex", "`hex(a)`"),
    ("to_json", "`cast(a AS json)`"), ("to_jsonb", "`cast(a AS json)`"), ("to_tsvector", "`MATCH (a) AGAINST ('x')`"),
    ("total", "`ifnull(sum(a), 0)`"), ("transaction_timestamp", "`now(6)`"), ("unicode", "`ord(a)`"),
    ("unixepoch", "`unix_timestamp(a)`"), ("uuid_generate_v1", "`uuid()`"), ("uuid_generate_v4", "`uuid()`"),
    ("zeroblob", "`repeat('\\0', n)`"),
];

/// Sorted.
#[rustfmt::skip]
const SQLITE: [(&str, &str); 97] = [
    ("adddate", "`datetime(a, '+1 day')`"), ("array_agg", "`json_group_array(a)`"), ("ascii", "`unicode(a)`"),
    ("bool_and", "`min(a)`"), ("bool_or", "`max(a)`"), ("btrim", "`trim(a)`"), ("char_length", "`length(a)`"),
    ("character_length", "`length(a)`"), ("charindex", "`instr(text, part)`"), ("chr", "`char(a)`"),
    ("clock_timestamp", "`CURRENT_TIMESTAMP`, or `datetime('now')`"), ("convert", "`CAST(a AS text)`"),
    ("curdate", "`CURRENT_DATE`"),
    ("currval", "nothing: SQLite has no sequences, and numbers the rows of an `INTEGER PRIMARY KEY`"),
    ("curtime", "`CURRENT_TIME`"), ("date_add", "`datetime(a, '+1 day')`"), ("date_format", "`strftime('%Y-%m-%d', a)`"),
    ("date_part", "`strftime('%Y', a)`"), ("date_sub", "`datetime(a, '-1 day')`"),
    ("date_trunc", "`datetime(a, 'start of month')`"), ("dateadd", "`datetime(a, '+1 day')`"),
    ("datediff", "`julianday(a) - julianday(b)`"), ("day", "`strftime('%d', a)`"), ("encode", "`hex(a)`"), ("every", "`min(a)`"),
    ("from_unixtime", "`datetime(a, 'unixepoch')`"), ("gen_random_bytes", "`randomblob(n)`"),
    ("gen_random_uid", "`lower(hex(randomblob(16)))`"), ("gen_random_uuid", "`lower(hex(randomblob(16)))`"),
    ("generate_uuid", "`lower(hex(randomblob(16)))`"), ("getdate", "`CURRENT_TIMESTAMP`, or `datetime('now')`"),
    ("greatest", "`max(a, b)`"), ("hour", "`strftime('%H', a)`"), ("json_agg", "`json_group_array(a)`"),
    ("json_array_elements", "`json_each(a)`"), ("json_arrayagg", "`json_group_array(a)`"), ("json_build_array", "`json_array(…)`"),
    ("json_build_object", "`json_object(…)`"), ("json_contains", "`EXISTS (SELECT 1 FROM json_each(a) WHERE value = b)`"),
    ("json_length", "`json_array_length(a)`"), ("json_merge_patch", "`json_patch(a, b)`"),
    ("json_object_agg", "`json_group_object(a, b)`"), ("json_objectagg", "`json_group_object(a, b)`"),
    ("json_typeof", "`json_type(a)`"), ("json_unquote", "`a ->> '$.b'`"), ("jsonb_agg", "`json_group_array(a)`"),
    ("jsonb_array_elements", "`json_each(a)`"), ("jsonb_array_length", "`json_array_length(a)`"),
    ("jsonb_build_object", "`json_object(…)`"), ("jsonb_typeof", "`json_type(a)`"), ("last_insert_id", "`last_insert_rowid()`"),
    ("lastval", "`last_insert_rowid()`"), ("lcase", "`lower(a)`"), ("least", "`min(a, b)`"), ("left", "`substr(a, 1, n)`"),
    ("len", "`length(a)`"), ("locate", "`instr(text, part)`"), ("lpad", "`printf('%5s', a)`"), ("mid", "`substr(a, 1, n)`"),
    ("minute", "`strftime('%M', a)`"), ("month", "`strftime('%m', a)`"), ("newid", "`lower(hex(randomblob(16)))`"),
    ("nextval", "nothing: SQLite has no sequences, and numbers the rows of an `INTEGER PRIMARY KEY`"),
    ("now", "`CURRENT_TIMESTAMP`, or `datetime('now')`"), ("nvl", "`ifnull(a, b)`"), ("nvl2", "`CASE WHEN … THEN … ELSE … END`"),
    ("pg_typeof", "`typeof(a)`"), ("position", "`instr(text, part)`"), ("rand", "`random()`"),
    ("repeat", "`replace(hex(zeroblob(n)), '00', a)`"), ("right", "`substr(a, -n)`"), ("rpad", "`printf('%-5s', a)`"),
    ("second", "`strftime('%S', a)`"),
    ("setval", "nothing: SQLite has no sequences, and numbers the rows of an `INTEGER PRIMARY KEY`"),
    ("space", "`printf('%5s', '')`"), ("split_part", "`substr(a, 1, instr(a, ',') - 1)`"),
    ("statement_timestamp", "`CURRENT_TIMESTAMP`, or `datetime('now')`"), ("str_to_date", "`date(a)`"),
    ("strpos", "`instr(text, part)`"), ("subdate", "`datetime(a, '-1 day')`"),
    ("substring_index", "`substr(a, 1, instr(a, ',') - 1)`"), ("sysdate", "`CURRENT_TIMESTAMP`, or `datetime('now')`"),
    ("sysdatetime", "`CURRENT_TIMESTAMP`, or `datetime('now')`"), ("timestampdiff", "`julianday(a) - julianday(b)`"),
    ("to_char", "`strftime('%Y-%m-%d', a)`, or `printf`"), ("to_date", "`date(a)`"), ("to_number", "`CAST(a AS numeric)`"),
    ("to_timestamp", "`datetime(a, 'unixepoch')`"), ("transaction_timestamp", "`CURRENT_TIMESTAMP`, or `datetime('now')`"),
    ("truncate", "`trunc(a)`"), ("ucase", "`upper(a)`"), ("unix_timestamp", "`strftime('%s', a)`"),
    ("utc_timestamp", "`CURRENT_TIMESTAMP`, or `datetime('now')`"), ("uuid_generate_v4", "`lower(hex(randomblob(16)))`"),
    ("uuid_v4", "`lower(hex(randomblob(16)))`"), ("uuidgen", "`lower(hex(randomblob(16)))`"), ("year", "`strftime('%Y', a)`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_can_be_searched_and_name_what_is_not_here() {
        for (dialect, list) in
            [(Dialect::Postgres, &POSTGRES[..]), (Dialect::Mysql, &MYSQL[..]), (Dialect::Sqlite, &SQLITE[..])]
        {
            assert!(list.is_sorted());
            for (name, _) in list {
                assert!(!super::super::is_function(name, dialect), "{name}");
            }
        }
    }
}
