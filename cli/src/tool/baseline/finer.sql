SELECT n.nspname::text, c.relname::text, said.sql
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT 1, format('ALTER %s %s SET (%s)', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, c.oid::regclass,
        (SELECT string_agg(split_part(o, '=', 1) || ' = ' || CASE WHEN split_part(o, '=', 2) ~ '^(-?[0-9.]+|[a-z]+)$'
            THEN split_part(o, '=', 2) ELSE quote_literal(split_part(o, '=', 2)) END, ', ' ORDER BY o) FROM unnest(c.reloptions) o))
    WHERE c.relkind IN ('r', 'm') AND c.reloptions IS NOT NULL
    UNION ALL
    SELECT 2, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', c.oid::regclass, a.attname, a.attstattarget)
    FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0 AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 3, format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE %s', c.oid::regclass, a.attname,
        CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 4, format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
        CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname)
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'O'
    UNION ALL
    SELECT 5, format('ALTER TABLE %s REPLICA IDENTITY %s', c.oid::regclass, CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END)
    WHERE c.relkind IN ('r', 'p') AND c.relreplident IN ('f', 'n')
    UNION ALL
    SELECT 5, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', c.oid::regclass, x.relname)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'
    UNION ALL
    SELECT 6, format('ALTER SEQUENCE %s RENAME TO %I', CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE quote_ident(n.nspname) || '.' END
        || quote_ident(c.relname || '_' || a.attname || '_seq'), s.relname)
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
        AND s.relnamespace = c.relnamespace AND s.relname <> c.relname || '_' || a.attname || '_seq'
        AND length(c.relname || '_' || a.attname || '_seq') < 64 AND (d.deptype = 'i'
        OR d.deptype = 'a' AND t.typname IN ('int2', 'int4', 'int8') AND pg_get_expr(f.adbin, c.oid) LIKE 'nextval(''%''::regclass)'
        AND (SELECT count(*) FROM pg_depend u WHERE u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid AND u.refobjid = s.oid) > 0)
    UNION ALL
    SELECT 7, pg_get_statisticsobjdef(x.oid) FROM pg_statistic_ext x WHERE x.stxrelid = c.oid
    UNION ALL
    SELECT 7, format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, c.oid::regclass, d.description)
    FROM pg_constraint k JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid WHERE k.conrelid = c.oid
    UNION ALL
    SELECT 7, format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, c.oid::regclass, d.description)
    FROM pg_trigger t JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid WHERE t.tgrelid = c.oid
) said (turn, sql)
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
ORDER BY 1, 2, said.turn, 3
