-- Every object of the schema `public`, a line each, in the words of tests/ibutsu/evidence/postgres.txt.
SELECT line
FROM (
    SELECT format(
        'column %s.%s %s %s%s%s',
        rel.relname, att.attname, att.attnum, format_type(att.atttypid, att.atttypmod),
        CASE WHEN att.attnotnull THEN ' not null' ELSE '' END,
        coalesce(' default ' || pg_get_expr(def.adbin, def.adrelid), '')) AS line
    FROM pg_class AS rel
    JOIN pg_attribute AS att ON att.attrelid = rel.oid AND att.attnum > 0 AND NOT att.attisdropped
    LEFT JOIN pg_attrdef AS def ON def.adrelid = att.attrelid AND def.adnum = att.attnum
    WHERE rel.relkind = 'r' AND rel.relnamespace = 'public'::regnamespace AND rel.relname <> 'revchain_journal'
    UNION ALL
    SELECT format('constraint %s.%s %s', rel.relname, con.conname, pg_get_constraintdef(con.oid))
    FROM pg_class AS rel
    -- Not the NOT NULL constraints, which have rows of their own from PostgreSQL 18 on: their columns say it.
    JOIN pg_constraint AS con ON con.conrelid = rel.oid AND con.contype <> 'n'
    WHERE rel.relnamespace = 'public'::regnamespace AND rel.relname <> 'revchain_journal'
    UNION ALL
    SELECT format(
        'index %s%s',
        pg_get_indexdef(ix.indexrelid),
        CASE WHEN ix.indisvalid AND ix.indisready THEN '' ELSE ' INVALID' END)
    FROM pg_class AS rel
    JOIN pg_index AS ix ON ix.indrelid = rel.oid
    WHERE rel.relnamespace = 'public'::regnamespace AND rel.relname <> 'revchain_journal'
) AS objects
ORDER BY line COLLATE "C"
