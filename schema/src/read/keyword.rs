//! The words that the readers of tables know, for a `match`. In builds without optimisation one look at the text and many at
//! a constant cost a fraction of comparing the text with each word in turn.

use super::Cursor;

/// An unquoted word, in upper case.
pub(crate) struct Keyword;

impl Keyword {
    /// The word so many places ahead. Empty where there is none, or one that no reader knows.
    pub(crate) fn at(cursor: &Cursor<'_>, ahead: usize) -> &'static str {
        cursor.keyword(ahead)
    }
}

/// How many places there are; a power of two, some times as many as words.
const PLACES: usize = 2048;

/// For each place the word that is there, or nothing.
static TABLE: [&str; PLACES] = table();

const fn table() -> [&'static str; PLACES] {
    let (mut table, mut word) = ([""; PLACES], 0);
    while word < WORDS.len() {
        let mut place = place(WORDS[word].as_bytes());
        while !table[place].is_empty() {
            place = (place + 1) % PLACES;
        }
        table[place] = WORDS[word];
        word += 1;
    }
    table
}

/// Where a word is, or the next one free. Of ASCII letters the case doesn't matter.
const fn place(word: &[u8]) -> usize {
    let length = word.len();
    if length == 0 {
        return 0;
    }
    let first = (word[0] & 0xdf) as usize;
    let middle = (word[length / 2] & 0xdf) as usize;
    let last = (word[length - 1] & 0xdf) as usize;
    // Bits are mixed, not added: a sum is looked at for its overflow.
    (first << 2 ^ middle << 6 ^ last << 5 ^ length) & (PLACES - 1)
}

/// The word that a text is, whatever its case; empty where it is none of them.
pub(super) fn find(text: &[u8]) -> &'static str {
    let mut place = place(text);
    loop {
        let word = TABLE[place];
        if word.is_empty() || is_same(text, word.as_bytes()) {
            return word;
        }
        place = (place + 1) & (PLACES - 1);
    }
}

fn is_same(text: &[u8], word: &[u8]) -> bool {
    let mut at = 0;
    if text.len() != word.len() {
        return false;
    }
    while at < word.len() {
        // A small letter is its capital and one bit more; no other byte of a word is a letter of ours with that bit.
        if text[at] != word[at] && text[at] & 0xdf != word[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// All that stand in a `match` on [`Keyword::at`].
const WORDS: &[&str] = &[
    "ABORT",
    "ACCESS",
    "ACTION",
    "ADD",
    "AFTER",
    "AGGREGATE",
    "ALGORITHM",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYSE",
    "ANALYZE",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "ASC",
    "ASCII",
    "ASYMMETRIC",
    "AT",
    "ATOMIC",
    "ATTACH",
    "AUTHORIZATION",
    "AUTOEXTEND_SIZE",
    "AUTOINCREMENT",
    "AUTO_INCREMENT",
    "AVG_ROW_LENGTH",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BIGINT",
    "BIGSERIAL",
    "BINARY",
    "BINLOG",
    "BIT",
    "BLOB",
    "BOOL",
    "BOOLEAN",
    "BOTH",
    "BY",
    "BYTE",
    "CACHE",
    "CALL",
    "CASCADE",
    "CASE",
    "CAST",
    "CHANGE",
    "CHAR",
    "CHARACTER",
    "CHARSET",
    "CHECK",
    "CHECKPOINT",
    "CHECKSUM",
    "CLOSE",
    "CLUSTER",
    "CLUSTERING",
    "COALESCE",
    "COLLATE",
    "COLLATION",
    "COLUMN",
    "COLUMN_FORMAT",
    "COMMENT",
    "COMMENTS",
    "COMMIT",
    "COMPRESSED",
    "COMPRESSION",
    "CONCURRENTLY",
    "CONFIGURATION",
    "CONFLICT",
    "CONNECTION",
    "CONSTRAINT",
    "CONSTRAINTS",
    "CONTAINS",
    "CONTINUE",
    "CONVERSION",
    "CONVERT",
    "COPY",
    "CREATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "CYCLE",
    "DATA",
    "DATABASE",
    "DATETIME",
    "DAY",
    "DEALLOCATE",
    "DEBUG",
    "DEC",
    "DECIMAL",
    "DECLARE",
    "DEFAULT",
    "DEFAULTS",
    "DEFERRABLE",
    "DEFERRED",
    "DEFINER",
    "DELAYED",
    "DELAY_KEY_WRITE",
    "DELETE",
    "DEPENDS",
    "DESC",
    "DESCRIBE",
    "DETACH",
    "DETERMINISTIC",
    "DICTIONARY",
    "DIRECTORY",
    "DISABLE",
    "DISCARD",
    "DISTANCE",
    "DISTINCT",
    "DIV",
    "DO",
    "DOMAIN",
    "DOUBLE",
    "DROP",
    "DUPLICATE",
    "EACH",
    "ELSE",
    "ELSEIF",
    "ELSIF",
    "ENABLE",
    "ENCRYPTED",
    "ENCRYPTION",
    "ENCRYPTION_KEY_ID",
    "END",
    "ENFORCED",
    "ENGINE",
    "ENGINE_ATTRIBUTE",
    "ENUM",
    "ESCAPE",
    "EVENT",
    "EXCEPT",
    "EXCEPTION",
    "EXCHANGE",
    "EXCLUDE",
    "EXCLUDING",
    "EXEC",
    "EXECUTE",
    "EXISTS",
    "EXIT",
    "EXPLAIN",
    "EXPRESSION",
    "EXTENSION",
    "EXTRACT",
    "FALSE",
    "FETCH",
    "FILTER",
    "FINALIZE",
    "FIRST",
    "FIXED",
    "FLOAT",
    "FLOAT4",
    "FLOAT8",
    "FLUSH",
    "FOR",
    "FORCE",
    "FOREACH",
    "FOREIGN",
    "FROM",
    "FULL",
    "FULLTEXT",
    "FUNCTION",
    "GENERATED",
    "GEOMCOLLECTION",
    "GET",
    "GLOB",
    "GLOBAL",
    "GRANT",
    "GROUP",
    "HANDLER",
    "HAVING",
    "HELP",
    "HIGH_PRIORITY",
    "HOUR",
    "IDENTITY",
    "IF",
    "IGNORE",
    "IGNORED",
    "ILIKE",
    "IMMEDIATE",
    "IMPORT",
    "IN",
    "INCLUDE",
    "INCLUDING",
    "INCREMENT",
    "INDEX",
    "INDEXES",
    "INFO",
    "INHERIT",
    "INHERITS",
    "INITIALLY",
    "INNER",
    "INOUT",
    "INSERT",
    "INSERT_METHOD",
    "INSTALL",
    "INSTANCE",
    "INSTEAD",
    "INT",
    "INT1",
    "INT2",
    "INT3",
    "INT4",
    "INT8",
    "INTEGER",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "INVISIBLE",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "KEYS",
    "KEY_BLOCK_SIZE",
    "KILL",
    "LANGUAGE",
    "LARGE",
    "LAST",
    "LATERAL",
    "LEADING",
    "LEFT",
    "LEVEL",
    "LIKE",
    "LIMIT",
    "LISTEN",
    "LOAD",
    "LOCAL",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "LOCK",
    "LOG",
    "LOGFILE",
    "LOGGED",
    "LONG",
    "LOOP",
    "LOW_PRIORITY",
    "M",
    "MAIN",
    "MATCH",
    "MATERIALIZED",
    "MAXVALUE",
    "MAX_ROWS",
    "MEDIUMINT",
    "MERGE",
    "MIDDLEINT",
    "MINUTE",
    "MINVALUE",
    "MIN_ROWS",
    "MOD",
    "MODIFIES",
    "MODIFY",
    "MONTH",
    "MOVE",
    "NATIONAL",
    "NATURAL",
    "NCHAR",
    "NO",
    "NOCACHE",
    "NOCYCLE",
    "NOMAXVALUE",
    "NOMINVALUE",
    "NONE",
    "NOT",
    "NOTHING",
    "NOTICE",
    "NOTIFY",
    "NOTNULL",
    "NOWAIT",
    "NULL",
    "NULLS",
    "NUMERIC",
    "NVARCHAR",
    "OF",
    "OFFLINE",
    "OFFSET",
    "OIDS",
    "ON",
    "ONLINE",
    "ONLY",
    "OPERATOR",
    "OPTIMIZE",
    "OPTIONS",
    "OR",
    "ORDER",
    "ORDINALITY",
    "OUT",
    "OUTER",
    "OVER",
    "OVERLAPS",
    "OVERRIDING",
    "OWNED",
    "OWNER",
    "PACKAGE",
    "PACK_KEYS",
    "PAGE_CHECKSUM",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "PARSER",
    "PARTIAL",
    "PARTITION",
    "PARTITIONING",
    "PARTITIONS",
    "PASSWORD",
    "PERFORM",
    "PERIOD",
    "PERSISTENT",
    "PLACING",
    "POLICY",
    "PRAGMA",
    "PRECISION",
    "PREPARE",
    "PRESERVE",
    "PRIMARY",
    "PROCEDURAL",
    "PROCEDURE",
    "PROFILE",
    "PUBLIC",
    "PUBLICATION",
    "PURGE",
    "QUICK",
    "RAISE",
    "RANGE",
    "READS",
    "REAL",
    "REASSIGN",
    "REBUILD",
    "RECURSIVE",
    "REFERENCES",
    "REFRESH",
    "REF_SYSTEM_ID",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "REMOVE",
    "RENAME",
    "REORGANIZE",
    "REPAIR",
    "REPEAT",
    "REPLACE",
    "REPLICA",
    "RESET",
    "RESIGNAL",
    "RESOURCE",
    "RESTART",
    "RESTRICT",
    "RETURN",
    "RETURNING",
    "RETURNS",
    "REVOKE",
    "RIGHT",
    "RLIKE",
    "ROLE",
    "ROLLBACK",
    "ROUTINE",
    "ROW",
    "ROWID",
    "ROWS",
    "ROW_FORMAT",
    "RULE",
    "SAVEPOINT",
    "SCHEDULE",
    "SCHEMA",
    "SEARCH",
    "SECOND",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "SECURITY",
    "SELECT",
    "SEQUENCE",
    "SERIAL",
    "SERIAL2",
    "SERIAL4",
    "SERIAL8",
    "SERVER",
    "SESSION",
    "SESSION_USER",
    "SET",
    "SETOF",
    "SHOW",
    "SIGNAL",
    "SIGNED",
    "SIMILAR",
    "SIMPLE",
    "SMALLINT",
    "SMALLSERIAL",
    "SOME",
    "SONAME",
    "SOUNDS",
    "SPATIAL",
    "SQL",
    "SQL_BUFFER_RESULT",
    "SQL_CACHE",
    "SQL_NO_CACHE",
    "SRID",
    "START",
    "STATEMENT",
    "STATISTICS",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "STOP",
    "STORAGE",
    "STORED",
    "STRAIGHT_JOIN",
    "STRICT",
    "SUBSCRIPTION",
    "SYMMETRIC",
    "SYSTEM",
    "TABLE",
    "TABLES",
    "TABLESPACE",
    "TABLE_CHECKSUM",
    "TEMP",
    "TEMPORARY",
    "TEXT",
    "THEN",
    "TIME",
    "TIMESTAMP",
    "TINYINT",
    "TO",
    "TRAILING",
    "TRANSACTION",
    "TRANSACTIONAL",
    "TRANSFORM",
    "TRIGGER",
    "TRUE",
    "TRUNCATE",
    "TRUSTED",
    "TYPE",
    "UNDO",
    "UNICODE",
    "UNINSTALL",
    "UNION",
    "UNIQUE",
    "UNKNOWN",
    "UNLISTEN",
    "UNLOCK",
    "UNLOGGED",
    "UNSIGNED",
    "UPDATE",
    "UPGRADE",
    "USE",
    "USER",
    "USING",
    "VACUUM",
    "VALID",
    "VALIDATE",
    "VALIDATION",
    "VALUE",
    "VALUES",
    "VARBINARY",
    "VARCHAR",
    "VARCHARACTER",
    "VARIADIC",
    "VARYING",
    "VECTOR",
    "VERBOSE",
    "VERSIONING",
    "VIEW",
    "VIRTUAL",
    "VISIBLE",
    "WAIT",
    "WARNING",
    "WHEN",
    "WHERE",
    "WHILE",
    "WINDOW",
    "WITH",
    "WITHOUT",
    "WRAPPER",
    "XA",
    "XOR",
    "YEAR",
    "ZEROFILL",
    "ZONE",
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use revchain_core::Dialect;

    use super::super::Cursor;
    use super::{Keyword, WORDS, find};

    #[test]
    fn every_word_is_found() {
        for word in WORDS {
            assert_eq!(find(word.to_lowercase().as_bytes()), *word);
        }
        for other in ["", "nobody", "é", "defaultx", "d\u{65}"] {
            assert_eq!(find(other.as_bytes()), "", "{other}");
        }
        let cursor = Cursor::new("Default \"default\" 'x'", Dialect::Postgres);
        assert_eq!((0..4).map(|ahead| Keyword::at(&cursor, ahead)).collect::<Vec<_>>(), ["DEFAULT", "", "", ""]);
    }

    /// A word that a reader asks for and that is not known here would never be seen.
    #[test]
    fn the_words_of_the_readers_are_known() {
        let mut directories = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/read")];
        let mut sources = Vec::new();
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else if !path.ends_with("tests.rs") && !path.components().any(|part| part.as_os_str() == "tests") {
                    sources.push(fs::read_to_string(path).unwrap());
                }
            }
        }
        assert!(sources.len() > 20, "{}", sources.len());
        for source in sources {
            let code = source.split("mod tests {").next().unwrap();
            for literal in code.split('"') {
                if literal.len() > 1 && literal.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
                    assert!(WORDS.contains(&literal), "{literal}");
                }
            }
        }
    }
}
