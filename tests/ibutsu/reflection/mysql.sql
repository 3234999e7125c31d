-- Every object of the database, a line each, in the words of tests/ibutsu/evidence/mysql.txt. MySQL and MariaDB spell some
-- things differently: JSON is LONGTEXT to MariaDB (no column here is a real one), and "no default" is the text NULL.
SELECT CAST(line AS CHAR) AS line
FROM (
    SELECT CONCAT(
        'column ', col.TABLE_NAME, '.', col.COLUMN_NAME, ' ', col.ORDINAL_POSITION, ' ',
        CASE
            WHEN col.DATA_TYPE IN ('json', 'longtext') THEN 'json'
            WHEN col.DATA_TYPE IN ('char', 'varchar') THEN CONCAT(col.DATA_TYPE, '(', col.CHARACTER_MAXIMUM_LENGTH, ')')
            WHEN col.DATA_TYPE = 'datetime' THEN CONCAT('datetime(', col.DATETIME_PRECISION, ')')
            ELSE col.DATA_TYPE
        END,
        CASE WHEN col.IS_NULLABLE = 'NO' THEN ' not null' ELSE '' END,
        COALESCE(CONCAT(' default ', LOWER(NULLIF(col.COLUMN_DEFAULT, 'NULL'))), '')) AS line
    FROM information_schema.COLUMNS AS col
    WHERE col.TABLE_SCHEMA = DATABASE() AND col.TABLE_NAME <> 'revchain_journal'
    UNION ALL
    SELECT CONCAT(
        CASE WHEN ix.NON_UNIQUE = 0 THEN 'unique index ' ELSE 'index ' END, ix.TABLE_NAME, '.', ix.INDEX_NAME,
        ' (', GROUP_CONCAT(ix.COLUMN_NAME ORDER BY ix.SEQ_IN_INDEX SEPARATOR ', '), ')')
    FROM information_schema.STATISTICS AS ix
    WHERE ix.TABLE_SCHEMA = DATABASE() AND ix.TABLE_NAME <> 'revchain_journal'
    GROUP BY ix.TABLE_NAME, ix.INDEX_NAME, ix.NON_UNIQUE
    UNION ALL
    SELECT CONCAT(
        'foreign key ', col.TABLE_NAME, '.', col.CONSTRAINT_NAME, ' (', col.COLUMN_NAME, ') references ',
        col.REFERENCED_TABLE_NAME, ' (', col.REFERENCED_COLUMN_NAME, ')',
        CASE WHEN ref.DELETE_RULE = 'CASCADE' THEN ' on delete cascade' ELSE '' END)
    FROM information_schema.KEY_COLUMN_USAGE AS col
    JOIN information_schema.REFERENTIAL_CONSTRAINTS AS ref
        ON ref.CONSTRAINT_SCHEMA = col.CONSTRAINT_SCHEMA
        AND ref.TABLE_NAME = col.TABLE_NAME
        AND ref.CONSTRAINT_NAME = col.CONSTRAINT_NAME
    WHERE col.TABLE_SCHEMA = DATABASE() AND col.REFERENCED_TABLE_NAME IS NOT NULL
) AS objects
