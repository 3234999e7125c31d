//! The forms of MySQL's statements, of 8 and later, and of MariaDB's, of 10.5 and later: what one of them knows.

use super::Then::{Each, End, Free, Never, To};
use super::Way::{Also, Else, Given, Literal, Mark, Name, Open, Words};
use super::{Place, if_exists, if_not_exists, place, place_of};

#[rustfmt::skip]
pub(super) static STATEMENT: Place = place(&[
    Words(&["CREATE"], To(&CREATE)),
    Words(&["ALTER"], To(&ALTER)),
    Words(&["DROP"], To(&DROP)),
    Words(&["INSERT", "REPLACE"], To(&INSERT)),
    Words(&["UPDATE"], To(&UPDATE)),
    Words(&["DELETE"], To(&DELETE)),
    Words(&["RENAME"], To(&place_of!(Words(&["TABLE", "TABLES"], To(&RENAME_TABLE)), Words(&["USER"], Free)))),
    Else(End),
]);

#[rustfmt::skip]
static CREATE: Place = place(&[
    Words(&["TABLE"], To(&CREATE_TABLE)),
    Words(&["INDEX"], To(&CREATE_INDEX)),
    Words(&["UNIQUE"], To(&place_of!(Words(&["INDEX"], To(&CREATE_INDEX))))),
    Words(&["FULLTEXT", "VECTOR", "CLUSTERING"], To(&place_of!(Words(&["INDEX"], To(&CREATE_INDEX))))),
    Words(&["SPATIAL"], To(&place_of!(
        Words(&["INDEX"], To(&CREATE_INDEX)), Words(&["REFERENCE"], To(&place_of!(Words(&["SYSTEM"], Free))))
    ))),
    Words(&["OR"], To(&place_of!(Words(&["REPLACE"], To(&CREATE))))),
    Words(&["DEFINER"], To(&place_of!(Mark(b'=', To(&DEFINER))))),
    Words(&["ALGORITHM"], To(&place_of!(Mark(b'=', To(&place_of!(Words(&["UNDEFINED", "MERGE", "TEMPTABLE"], To(&DEFINED)))))))),
    Also(&DEFINED),
    Words(&["DATABASE", "SCHEMA"], To(&place_of!(if_not_exists!(Free, &NOTHING), Else(Free)))),
    Words(&["TEMPORARY"], To(&place_of!(Words(&["TABLE"], To(&CREATE_TABLE)), Words(&["SEQUENCE"], Free)))),
    Words(&["AGGREGATE"], To(&place_of!(Words(&["FUNCTION"], Free)))),
    Words(&["LOGFILE", "RESOURCE"], To(&place_of!(Words(&["GROUP"], Free)))),
    Words(&["UNDO"], To(&place_of!(Words(&["TABLESPACE"], Free)))),
    Words(&["ONLINE", "OFFLINE"], Free),
    Words(&[
        "CATALOG", "COMPRESSION_DICTIONARY", "EXTERNAL", "GLOBAL", "JSON", "LIBRARY", "MASKING", "MATERIALIZED", "PACKAGE", "ROLE",
        "SEQUENCE", "SERVER", "TABLESPACE", "TYPE", "USER",
    ], Free),
]);

/// Who it is that makes it, and what stands behind that.
#[rustfmt::skip]
static DEFINER: Place = place(&[Name(To(&OF_A_HOST)), Literal(To(&OF_A_HOST))]);

#[rustfmt::skip]
static OF_A_HOST: Place = place(&[
    Mark(b'@', To(&place_of!(Name(To(&DEFINED)), Literal(To(&DEFINED))))),
    Open(Free, To(&DEFINED)),
    Also(&DEFINED),
]);

#[rustfmt::skip]
static DEFINED: Place = place(&[
    Words(&["VIEW"], To(&CREATE_VIEW)),
    Words(&["TRIGGER"], To(&CREATE_TRIGGER)),
    Words(&["PROCEDURE", "FUNCTION"], To(&CREATE_ROUTINE)),
    Words(&["EVENT"], To(&CREATE_EVENT)),
    Words(&["DEFINER"], To(&place_of!(Mark(b'=', To(&DEFINER))))),
    Words(&["SQL"], To(&place_of!(Words(&["SECURITY"], To(&place_of!(Words(&["DEFINER", "INVOKER"], To(&DEFINED)))))))),
    Words(&["AGGREGATE", "PACKAGE", "LIBRARY", "JSON", "MATERIALIZED"], Free),
]);

static CREATE_TABLE: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&TABLE_BODY)))), &NOTHING), Name(To(&TABLE_BODY))]);

static NOTHING: Place = place(&[]);

#[rustfmt::skip]
static TABLE_BODY: Place = place(&[
    Open(Each(&ELEMENT), To(&TABLE_OPTIONS)),
    Words(&["LIKE"], Free),
    Also(&TABLE_OPTIONS),
]);

#[rustfmt::skip]
static TABLE_OPTIONS: Place = place(&[
    Words(&["AS", "SELECT", "IGNORE", "REPLACE", "VALUES", "TABLE"], Free),
    Words(&["PARTITION"], To(&place_of!(Words(&["BY"], Free)))),
    Also(&OPTION),
]);

/// An option of a table, where a table is made or altered.
#[rustfmt::skip]
static OPTION: Place = place(&[
    Words(&[
        "ENGINE", "DEFAULT", "CHARSET", "CHARACTER", "COLLATE", "COMMENT", "AUTO_INCREMENT", "ROW_FORMAT", "AUTOEXTEND_SIZE",
        "AVG_ROW_LENGTH", "CHAR", "CHECKSUM", "COMPRESSION", "CONNECTION", "DATA", "DELAY_KEY_WRITE", "ENCRYPTION", "ENGINE_ATTRIBUTE",
        "EXTERNAL", "INDEX", "INSERT_METHOD", "KEY_BLOCK_SIZE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS", "PAGE_CHECKSUM", "PASSWORD",
        "RAID_TYPE", "SECONDARY_ENGINE", "SECONDARY_ENGINE_ATTRIBUTE", "SEQUENCE", "START", "STATS_AUTO_RECALC", "STATS_PERSISTENT",
        "STATS_SAMPLE_PAGES", "STORAGE", "TABLESPACE", "TABLE_CHECKSUM", "TRANSACTIONAL", "TYPE", "UNION", "WITH",
    ], Free),
    Words(&["WITHOUT"], To(&place_of!(Words(&["SYSTEM", "VALIDATION"], Free)))),
    Given(Free),
]);

/// What a table is made of.
#[rustfmt::skip]
static ELEMENT: Place = place(&[
    Words(&["LIKE", "PERIOD", "VECTOR"], Free),
    Also(&CONSTRAINT),
    // A query.
    Words(&["SELECT", "WITH", "VALUES", "TABLE"], End),
    Mark(b'(', End),
    Name(To(&TYPE)),
]);

/// A key or a check of a table.
#[rustfmt::skip]
static CONSTRAINT: Place = place(&[
    Words(&["CONSTRAINT"], To(&place_of!(Also(&KEY), Words(&["IF"], Free), Name(To(&KEY))))),
    Words(&["INDEX", "KEY"], To(&INDEX_NAMED)),
    Words(&["FULLTEXT", "SPATIAL", "CLUSTERING"], Free),
    Also(&KEY),
]);

/// An index of a table, with a name or without.
#[rustfmt::skip]
static INDEX_NAMED: Place = place(&[
    Open(Free, Free),
    Words(&["USING"], Free),
    // `IF NOT EXISTS`, and `TYPE BTREE`.
    Name(To(&Place {
        ways: &[Words(&["USING", "TYPE", "NOT", "BTREE", "HASH", "RTREE"], Free), Open(Free, Free)], help: "the columns of an index stand in parentheses: `KEY name (a, b)`",
    })),
]);

#[rustfmt::skip]
static KEY: Place = place(&[
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], Free)))),
    Words(&["FOREIGN"], To(&place_of!(Words(&["KEY"], To(&FOREIGN_KEY))))),
    Words(&["UNIQUE"], Free),
    Words(&["CHECK"], To(&place_of!(Open(Free, Free)))),
]);

#[rustfmt::skip]
static FOREIGN_KEY: Place = place(&[
    Words(&["IF"], Free),
    Open(Free, To(&REFERENCES)),
    Name(To(&place_of!(Open(Free, To(&REFERENCES))))),
]);

static REFERENCES: Place = place(&[Words(&["REFERENCES"], To(&REFERRED))]);

static REFERRED: Place = place(&[Name(To(&place_of!(Open(Free, To(&COLUMN)), Also(&COLUMN))))]);

/// A type. MariaDB's plugins bring types of any name.
#[rustfmt::skip]
static TYPE: Place = place(&[
    Words(&["NATIONAL"], To(&place_of!(Words(&["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"], To(&TYPED))))),
    Words(&["LONG"], To(&place_of!(Words(&["VARBINARY", "VARCHAR", "VARCHARACTER", "CHAR"], To(&TYPED)), Also(&TYPED)))),
    Name(To(&TYPED)),
]);

/// Behind the first word of a type.
#[rustfmt::skip]
static TYPED: Place = place(&[
    Mark(b'[', Never),
    Words(&["UNSIGNED", "SIGNED", "ZEROFILL", "PRECISION", "VARYING", "VARCHAR", "BINARY", "ASCII", "UNICODE", "BYTE"], To(&TYPED)),
    Words(&["CHARSET"], To(&place_of!(Name(To(&TYPED)), Literal(To(&TYPED))))),
    Words(&["CHARACTER", "CHAR"], To(&place_of!(
        Words(&["SET"], To(&place_of!(Name(To(&TYPED)), Literal(To(&TYPED))))), Words(&["VARYING"], To(&TYPED)), Also(&TYPED)
    ))),
    Open(Free, To(&TYPED)),
    Also(&COLUMN),
]);

/// What is said of a column behind its type.
#[rustfmt::skip]
static COLUMN: Place = place(&[
    Words(&["NOT"], To(&place_of!(Words(&["NULL", "ENFORCED", "SECONDARY"], To(&COLUMN)), Words(&["IGNORED"], Free)))),
    Words(&["NULL", "AUTO_INCREMENT", "KEY", "INVISIBLE", "VISIBLE", "ENFORCED", "VIRTUAL", "STORED", "PERSISTENT"], To(&COLUMN)),
    Words(&["DEFAULT"], To(&DEFAULT)),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], To(&COLUMN))))),
    Words(&["UNIQUE"], To(&COLUMN)),
    Words(&["COMMENT"], To(&place_of!(Literal(To(&COLUMN)), Else(Free)))),
    Words(&["COLLATE"], To(&place_of!(Mark(b'=', Free), Name(To(&COLUMN)), Literal(To(&COLUMN))))),
    Words(&["ON"], To(&place_of!(
        Words(&["UPDATE"], To(&ON_UPDATE)), Words(&["DELETE"], To(&REACTION))
    ))),
    Words(&["REFERENCES"], To(&REFERRED)),
    Words(&["CHECK", "AS"], To(&place_of!(Open(Free, To(&COLUMN)), Words(&["ROW"], Free)))),
    Words(&["CONSTRAINT"], To(&place_of!(Words(&["CHECK"], Free), Name(To(&place_of!(Words(&["CHECK", "REFERENCES"], Free))))))),
    Words(&["GENERATED"], To(&place_of!(Words(&["ALWAYS"], To(&place_of!(
        Words(&["AS"], To(&place_of!(Open(Free, To(&COLUMN)), Words(&["ROW"], Free))))
    )))))),
    Words(&["MATCH"], To(&place_of!(Words(&["FULL", "PARTIAL", "SIMPLE"], To(&COLUMN))))),
    Words(&["AFTER"], To(&place_of!(Name(To(&COLUMN))))),
    Words(&["FIRST"], To(&COLUMN)),
    Words(&[
        "CHARACTER", "CHARSET", "COLUMN_FORMAT", "COMPRESSED", "ENGINE_ATTRIBUTE", "HIDDEN", "REF_SYSTEM_ID",
        "SECONDARY_ENGINE_ATTRIBUTE", "SERIAL", "SRID", "STORAGE", "WITH", "WITHOUT",
    ], Free),
    // Behind the last of several actions of one `ALTER TABLE`.
    Words(&["PARTITION", "REMOVE"], End),
    Given(Free),
]);

static DEFAULT: Place = place(&[
    Literal(To(&COLUMN)),
    Words(&["NULL", "TRUE", "FALSE"], To(&COLUMN)),
    Open(Free, To(&COLUMN)),
    Words(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIMESTAMP", "LOCALTIME"], To(&NOW)),
    Else(Free),
]);

/// Behind the time of day.
static NOW: Place = place(&[Open(Free, To(&COLUMN)), Also(&COLUMN)]);

#[rustfmt::skip]
static ON_UPDATE: Place = place(&[
    Words(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIMESTAMP", "LOCALTIME"], To(&NOW)),
    Words(&["CURDATE", "CURRENT_DATE", "CURTIME", "CURRENT_TIME"], Free),
    Also(&REACTION),
]);

#[rustfmt::skip]
static REACTION: Place = place(&[
    Words(&["CASCADE", "RESTRICT"], To(&COLUMN)),
    Words(&["NO"], To(&place_of!(Words(&["ACTION"], To(&COLUMN))))),
    Words(&["SET"], To(&place_of!(Words(&["NULL", "DEFAULT"], To(&COLUMN))))),
]);

#[rustfmt::skip]
static CREATE_INDEX: Place = place(&[
    if_not_exists!(To(&place_of!(Name(To(&INDEX_BODY)))), &NOTHING),
    Name(To(&INDEX_BODY)),
]);

#[rustfmt::skip]
static INDEX_BODY: Place = place(&[
    Words(&["ON"], To(&place_of!(Name(To(&place_of!(Words(&["WAIT", "NOWAIT"], Free), Open(Free, To(&INDEX_OPTIONS)))))))),
    Words(&["USING", "TYPE"], To(&place_of!(Words(&["BTREE", "HASH", "RTREE"], To(&INDEX_BODY))))),
]);

#[rustfmt::skip]
static INDEX_OPTIONS: Place = place(&[
    Words(&[
        "USING", "COMMENT", "ALGORITHM", "LOCK", "KEY_BLOCK_SIZE", "WITH", "VISIBLE", "INVISIBLE", "TYPE", "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE", "IGNORED", "NOT", "WAIT", "NOWAIT", "CLUSTERING",
    ], Free),
    Given(Free),
]);

static CREATE_VIEW: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&VIEW_BODY)))), &NOTHING), Name(To(&VIEW_BODY))]);

static VIEW_BODY: Place = place(&[Words(&["AS"], Free), Open(Free, To(&VIEW_BODY))]);

static CREATE_TRIGGER: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&TRIGGER_TIME)))), &NOTHING), Name(To(&TRIGGER_TIME))]);

#[rustfmt::skip]
static TRIGGER_TIME: Place = place(&[Words(&["BEFORE", "AFTER"], To(&TRIGGER_EVENT))]);

/// MariaDB 12 lists several.
#[rustfmt::skip]
static TRIGGER_EVENT: Place = place(&[Words(&["INSERT", "UPDATE", "DELETE"], To(&place_of!(
    Words(&["OR"], To(&TRIGGER_EVENT)),
    Words(&["OF"], Free),
    Words(&["ON"], To(&place_of!(Name(To(&FOR_EACH_ROW))))),
)))]);

static FOR_EACH_ROW: Place =
    place(&[Words(&["FOR"], To(&place_of!(Words(&["EACH"], To(&place_of!(Words(&["ROW"], Free)))))))]);

static CREATE_ROUTINE: Place = place(&[if_not_exists!(Free, &NOTHING), Else(Free)]);

#[rustfmt::skip]
static CREATE_EVENT: Place = place(&[
    if_not_exists!(Free, &NOTHING),
    Name(To(&place_of!(Words(&["ON"], To(&place_of!(Words(&["SCHEDULE"], Free))))))),
]);

#[rustfmt::skip]
static ALTER: Place = place(&[
    Words(&["TABLE"], To(&ALTER_TABLE)),
    Words(&["ONLINE", "OFFLINE", "IGNORE"], To(&place_of!(
        Words(&["ONLINE", "OFFLINE", "IGNORE"], To(&place_of!(Words(&["TABLE"], To(&ALTER_TABLE))))), Words(&["TABLE"], To(&ALTER_TABLE))
    ))),
    Words(&["LOGFILE", "RESOURCE"], To(&place_of!(Words(&["GROUP"], Free)))),
    Words(&["UNDO"], To(&place_of!(Words(&["TABLESPACE"], Free)))),
    Words(&["DEFINER", "ALGORITHM"], To(&place_of!(Mark(b'=', Free)))),
    Words(&["SQL"], To(&place_of!(Words(&["SECURITY"], Free)))),
    Words(&[
        "DATABASE", "SCHEMA", "VIEW", "USER", "EVENT", "FUNCTION", "PROCEDURE", "SEQUENCE", "SERVER", "TABLESPACE", "INSTANCE", "CATALOG",
        "EXTERNAL", "JSON", "LIBRARY", "MASKING", "MATERIALIZED", "PACKAGE", "ROLE", "TRIGGER",
    ], Free),
]);

static ALTER_TABLE: Place = place(&[if_exists!(To(&place_of!(Name(Each(&ACTION)))), &NOTHING), Name(Each(&ACTION))]);

/// What `ALTER TABLE` does.
#[rustfmt::skip]
static ACTION: Place = Place { ways: &[
    Words(&["ADD"], To(&ADD)),
    Words(&["DROP"], To(&DROP_PART)),
    Words(&["MODIFY"], To(&place_of!(Words(&["COLUMN"], To(&ADD_COLUMN)), Also(&ADD_COLUMN)))),
    Words(&["CHANGE"], To(&CHANGE)),
    Words(&["ALTER"], To(&ALTER_PART)),
    Words(&["RENAME"], To(&RENAME)),
    Words(&["CONVERT"], To(&place_of!(
        Words(&["TO"], To(&place_of!(Words(&["CHARACTER", "CHARSET", "CHAR"], Free)))), Words(&["TABLE", "PARTITION"], Free)
    ))),
    Words(&["ORDER"], To(&place_of!(Words(&["BY"], End)))),
    Words(&["ENABLE", "DISABLE"], To(&place_of!(Words(&["KEYS"], Free)))),
    Words(&["REMOVE"], To(&place_of!(Words(&["PARTITIONING"], Free)))),
    Words(&["PARTITION"], To(&place_of!(Words(&["BY"], End)))),
    Words(&["COALESCE", "EXCHANGE", "OPTIMIZE", "REBUILD", "REORGANIZE", "REPAIR", "TRUNCATE"], To(&place_of!(Words(&["PARTITION"], End)))),
    Words(&["ALGORITHM", "LOCK", "FORCE"], Free),
    Words(&["WAIT"], To(&place_of!(Literal(To(&ACTION))))),
    Words(&["NOWAIT"], To(&ACTION)),
    Words(&["DISCARD", "IMPORT"], To(&place_of!(Words(&["TABLESPACE", "PARTITION"], End)))),
    Words(&["ANALYZE", "CHECK", "SECONDARY_LOAD", "SECONDARY_UNLOAD", "UPGRADE", "VALIDATE", "READ"], End),
    Also(&OPTION),
], help: "" };

#[rustfmt::skip]
static ADD: Place = place(&[
    Words(&["COLUMN"], To(&ADD_COLUMN)),
    Words(&["PARTITION"], End),
    Words(&["PERIOD", "SYSTEM", "VECTOR"], Free),
    Also(&CONSTRAINT),
    Also(&ADD_COLUMN),
]);

#[rustfmt::skip]
static ADD_COLUMN: Place = place(&[
    if_not_exists!(To(&NEW_COLUMN), &place_of!(Words(&["EXISTS"], To(&NEW_COLUMN)))),
    Open(Each(&ELEMENT), Free),
    Name(To(&TYPE)),
]);

static NEW_COLUMN: Place = place(&[Open(Each(&ELEMENT), Free), Name(To(&TYPE))]);

#[rustfmt::skip]
static RENAME: Place = place(&[
    Words(&["COLUMN", "INDEX", "KEY"], To(&place_of!(Words(&["IF"], Free), Name(To(&place_of!(Words(&["TO"], Free))))))),
    Words(&["TO", "AS"], Free),
    Name(To(&BEHIND)),
]);

#[rustfmt::skip]
static CHANGE: Place = place(&[
    Words(&["COLUMN"], To(&CHANGED)),
    Also(&CHANGED),
]);

static CHANGED: Place = place(&[Words(&["IF"], Free), Name(To(&place_of!(Name(To(&TYPE)))))]);

#[rustfmt::skip]
static DROP_PART: Place = place(&[
    Words(&["COLUMN"], To(&DROP_NAMED)),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], To(&BEHIND))))),
    Words(&["FOREIGN"], To(&place_of!(Words(&["KEY"], To(&DROP_NAMED))))),
    Words(&["INDEX", "KEY", "CHECK"], To(&DROP_NAMED)),
    Words(&["CONSTRAINT"], To(&place_of!(Words(&["PRIMARY"], Free), Also(&DROP_NAMED)))),
    Words(&["PARTITION", "PERIOD", "SYSTEM"], End),
    Also(&DROP_NAMED),
]);

static DROP_NAMED: Place = place(&[if_exists!(To(&place_of!(Name(To(&BEHIND)))), &NOTHING), Name(To(&BEHIND))]);

/// Behind what is dropped.
static BEHIND: Place = place(&[Words(&["CASCADE", "RESTRICT"], Free), Words(&["PARTITION", "REMOVE"], End)]);

#[rustfmt::skip]
static ALTER_PART: Place = place(&[
    Words(&["INDEX", "KEY", "CHECK", "CONSTRAINT", "IF"], Free),
    Words(&["COLUMN"], To(&ALTER_COLUMN)),
    Also(&ALTER_COLUMN),
]);

static ALTER_COLUMN: Place = place(&[
    Words(&["IF"], Free),
    Name(To(&place_of!(
        Words(&["SET"], To(&place_of!(Words(&["DEFAULT", "VISIBLE", "INVISIBLE"], Free)))),
        Words(&["DROP"], To(&place_of!(Words(&["DEFAULT"], Free)))),
    ))),
]);

#[rustfmt::skip]
static DROP: Place = Place { ways: &[
    Words(&["TABLE", "TABLES", "VIEW"], To(&DROPPED)),
    Words(&["INDEX"], To(&place_of!(if_exists!(Free, &NOTHING), Name(To(&place_of!(Words(&["ON"], Free))))))),
    Words(&["TEMPORARY"], To(&place_of!(Words(&["TABLE", "TABLES"], To(&DROPPED)), Words(&["SEQUENCE"], Free)))),
    Words(&["DATABASE", "SCHEMA", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"], To(&DROPPED)),
    Words(&["LOGFILE", "RESOURCE"], To(&place_of!(Words(&["GROUP"], Free)))),
    Words(&["SPATIAL"], To(&place_of!(Words(&["REFERENCE"], Free)))),
    Words(&["UNDO"], To(&place_of!(Words(&["TABLESPACE"], Free)))),
    Words(&[
        "CATALOG", "COMPRESSION_DICTIONARY", "EXTERNAL", "JSON", "LIBRARY", "MASKING", "MATERIALIZED", "PACKAGE", "PREPARE", "ROLE",
        "SEQUENCE", "SERVER", "TABLESPACE", "USER",
    ], Free),
], help: "a part of a table is dropped with `ALTER TABLE … DROP …`" };

#[rustfmt::skip]
static DROPPED: Place = place(&[
    if_exists!(To(&place_of!(Name(To(&DROPPED_BEHIND)))), &NOTHING),
    Name(To(&DROPPED_BEHIND)),
]);

static DROPPED_BEHIND: Place = place(&[Words(&["CASCADE", "RESTRICT", "WAIT", "NOWAIT"], Free)]);

static RENAME_TABLE: Place = place(&[if_exists!(Each(&RENAMED), &NOTHING), Also(&RENAMED)]);

#[rustfmt::skip]
static RENAMED: Place = place(&[Name(To(&place_of!(
    Words(&["TO"], To(&place_of!(Name(Each(&RENAMED))))), Words(&["WAIT", "NOWAIT"], Free)
)))]);

#[rustfmt::skip]
static INSERT: Place = place(&[
    Words(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"], To(&INSERT)),
    Words(&["INTO"], To(&INTO)),
    Also(&INTO),
]);

#[rustfmt::skip]
static INTO: Place = place(&[Words(&["TABLE"], Free), Name(To(&place_of!(
    Words(&["PARTITION"], Free),
    Open(Free, To(&LISTED)),
    Also(&ROWS),
)))]);

static ROWS: Place = place(&[Words(&["VALUES", "VALUE", "SELECT", "SET", "WITH", "TABLE", "AS"], Free)]);

/// Behind what stands in parentheses: columns, or a query.
static LISTED: Place =
    place(&[Also(&ROWS), Words(&["ON", "RETURNING", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "FOR"], Free)]);

#[rustfmt::skip]
static UPDATE: Place = place(&[
    Words(&["LOW_PRIORITY", "IGNORE"], To(&UPDATE)),
    Name(To(&place_of!(
        Words(&["AS"], To(&place_of!(Name(To(&UPDATED))))),
        Words(&["PARTITION", "FOR"], Free),
        Also(&UPDATED),
        Name(To(&UPDATED)),
    ))),
]);

#[rustfmt::skip]
static UPDATED: Place = place(&[Words(&[
    "SET", "JOIN", "INNER", "LEFT", "RIGHT", "CROSS", "NATURAL", "STRAIGHT_JOIN", "USE", "FORCE", "IGNORE",
], Free)]);

#[rustfmt::skip]
static DELETE: Place = place(&[
    Words(&["LOW_PRIORITY", "QUICK", "IGNORE"], To(&DELETE)),
    Words(&["FROM"], To(&place_of!(Name(To(&DELETED))))),
    Words(&["HISTORY"], Free),
    Name(To(&place_of!(Words(&["FROM"], Free)))),
]);

#[rustfmt::skip]
static DELETED: Place = place(&[
    Also(&CONDITION),
    Words(&["PARTITION", "FOR"], Free),
    Words(&["AS"], To(&place_of!(Name(To(&CONDITION))))),
    Name(To(&CONDITION)),
]);

static CONDITION: Place =
    place(&[Words(&["WHERE", "ORDER", "LIMIT", "RETURNING", "USING", "USE", "FORCE", "IGNORE", "INDEX"], Free)]);
