//! The forms of PostgreSQL's statements, of 12 and later.

use super::Then::{Each, End, Free, Never, To};
use super::Way::{Also, Else, Literal, Mark, Name, Open, Words};
use super::{Place, if_exists, if_not_exists, place, place_of};

#[rustfmt::skip]
pub(super) static STATEMENT: Place = place(&[
    Words(&["CREATE"], To(&CREATE)),
    Words(&["ALTER"], To(&ALTER)),
    Words(&["DROP"], To(&DROP)),
    Words(&["INSERT"], To(&place_of!(Words(&["INTO"], To(&INSERT))))),
    Words(&["UPDATE"], To(&UPDATE)),
    Words(&["DELETE"], To(&place_of!(Words(&["FROM"], To(&DELETE))))),
    Words(&["MERGE"], To(&place_of!(Words(&["INTO"], Free)))),
    Words(&["COMMENT"], To(&place_of!(Words(&["ON"], To(&COMMENT))))),
    Words(&["REFRESH"], To(&place_of!(Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], Free))))))),
    Words(&["REINDEX"], To(&REINDEX)),
    Else(End),
]);

static REINDEX: Place =
    place(&[Words(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"], Free), Open(Free, To(&REINDEX))]);

#[rustfmt::skip]
static CREATE: Place = place(&[
    Words(&["TABLE"], To(&CREATE_TABLE)),
    Words(&["INDEX"], To(&CREATE_INDEX)),
    Words(&["UNIQUE"], To(&place_of!(Words(&["INDEX"], To(&CREATE_INDEX))))),
    Words(&["TYPE"], To(&CREATE_TYPE)),
    Words(&["VIEW"], To(&CREATE_VIEW)),
    Words(&["FUNCTION", "PROCEDURE"], To(&CREATE_ROUTINE)),
    Words(&["TRIGGER"], To(&CREATE_TRIGGER)),
    Words(&["OR"], To(&place_of!(Words(&["REPLACE"], To(&REPLACED))))),
    Words(&["EXTENSION"], To(&CREATE_EXTENSION)),
    Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], To(&CREATE_STORED_VIEW))))),
    Words(&["SEQUENCE", "SCHEMA"], To(&CREATE_SPACE)),
    Words(&["RECURSIVE"], To(&place_of!(Words(&["VIEW"], Free)))),
    Words(&["TEMP", "TEMPORARY"], To(&OF_A_SESSION)),
    Words(&["LOCAL", "GLOBAL"], To(&place_of!(Words(&["TEMP", "TEMPORARY"], To(&OF_A_SESSION))))),
    Words(&["UNLOGGED"], To(&place_of!(
        Also(&OF_A_SESSION), Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], To(&CREATE_STORED_VIEW)))))
    ))),
    Words(&["CONSTRAINT"], To(&place_of!(Words(&["TRIGGER"], To(&CREATE_TRIGGER))))),
    Words(&["EVENT"], To(&place_of!(Words(&["TRIGGER"], Free)))),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["TEXT"], To(&TEXT_SEARCH)),
    Words(&["ACCESS"], To(&place_of!(Words(&["METHOD"], Free)))),
    Words(&["DEFAULT"], To(&place_of!(Words(&["CONVERSION"], Free)))),
    Words(&["TRUSTED", "PROCEDURAL"], To(&place_of!(Words(&["PROCEDURAL", "LANGUAGE"], Free)))),
    Words(&["PROPERTY"], To(&place_of!(Words(&["GRAPH"], Free)))),
    Words(&[
        "AGGREGATE", "ASSERTION", "CAST", "COLLATION", "CONVERSION", "DATABASE", "DOMAIN", "GROUP", "LANGUAGE", "OPERATOR",
        "POLICY", "PUBLICATION", "ROLE", "RULE", "SERVER", "STATISTICS", "SUBSCRIPTION", "TABLESPACE", "TRANSFORM", "USER",
    ], Free),
]);

/// Behind `OR REPLACE`.
#[rustfmt::skip]
static REPLACED: Place = place(&[
    Words(&["VIEW"], To(&CREATE_VIEW)),
    Words(&["FUNCTION", "PROCEDURE"], To(&CREATE_ROUTINE)),
    Words(&["TRIGGER"], To(&CREATE_TRIGGER)),
    Words(&["CONSTRAINT"], To(&place_of!(Words(&["TRIGGER"], To(&CREATE_TRIGGER))))),
    Words(&[
        "AGGREGATE", "GLOBAL", "LANGUAGE", "LOCAL", "PROCEDURAL", "RECURSIVE", "RULE", "TEMP", "TEMPORARY", "TRANSFORM", "TRUSTED",
        "UNLOGGED",
    ], Free),
]);

static OF_A_SESSION: Place = place(&[
    Words(&["TABLE"], To(&CREATE_TABLE)),
    Words(&["VIEW"], To(&CREATE_VIEW)),
    Words(&["SEQUENCE"], To(&CREATE_SPACE)),
    Words(&["RECURSIVE"], To(&place_of!(Words(&["VIEW"], Free)))),
]);

static FOREIGN: Place = place(&[Words(&["TABLE"], Free), Words(&["DATA"], To(&place_of!(Words(&["WRAPPER"], Free))))]);

static TEXT_SEARCH: Place =
    place(&[Words(&["SEARCH"], To(&place_of!(Words(&["CONFIGURATION", "DICTIONARY", "PARSER", "TEMPLATE"], Free))))]);

/// A sequence or schema that is made.
static CREATE_SPACE: Place = place(&[if_not_exists!(Free, &SPACE_BODY), Else(Free)]);

#[rustfmt::skip]
static SPACE_BODY: Place = place(&[Words(&[
    "AS", "AUTHORIZATION", "CACHE", "CREATE", "CYCLE", "GRANT", "INCREMENT", "MAXVALUE", "MINVALUE", "NO", "OWNED", "START",
], Free)]);

static NOTHING: Place = place(&[]);

static CREATE_TABLE: Place = place(&[if_not_exists!(To(&CREATE_TABLE_NAMED), &TABLE_BODY), Name(To(&TABLE_BODY))]);

static CREATE_TABLE_NAMED: Place = place(&[Name(To(&TABLE_BODY))]);

#[rustfmt::skip]
static TABLE_BODY: Place = place(&[
    Open(Each(&ELEMENT), To(&TABLE_OPTIONS)),
    Words(&["PARTITION"], To(&place_of!(Words(&["OF"], Free)))),
    Words(&["AS", "OF", "ON", "TABLESPACE", "USING", "WITH", "WITHOUT"], Free),
]);

#[rustfmt::skip]
static TABLE_OPTIONS: Place = place(&[
    Words(&["PARTITION"], To(&place_of!(Words(&["BY"], To(&place_of!(Words(&["RANGE", "LIST", "HASH"], Free))))))),
    Words(&["WITHOUT"], To(&place_of!(Words(&["OIDS"], Free)))),
    Words(&["INHERITS", "WITH", "ON", "TABLESPACE", "USING", "AS"], Free),
]);

/// What a table is made of.
static ELEMENT: Place = place(&[Words(&["LIKE", "EXCLUDE"], Free), Also(&CONSTRAINT), Name(To(&TYPE))]);

/// A constraint of a table.
#[rustfmt::skip]
static CONSTRAINT: Place = place(&[
    Words(&["CONSTRAINT"], To(&place_of!(Name(To(&CONSTRAINT_BODY))))),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], Free)))),
    Words(&["FOREIGN"], To(&place_of!(Words(&["KEY"], To(&place_of!(Open(Free, To(&REFERENCES)))))))),
    Words(&["UNIQUE"], To(&place_of!(Open(Free, Free), Words(&["USING", "NULLS"], Free)))),
    Words(&["CHECK"], To(&place_of!(Open(Free, Free)))),
    Words(&["NOT"], To(&place_of!(Words(&["NULL"], Free)))),
]);

static CONSTRAINT_BODY: Place = place(&[Words(&["EXCLUDE"], Free), Also(&CONSTRAINT)]);

static REFERENCES: Place = place(&[Words(&["REFERENCES"], To(&REFERRED))]);

static REFERRED: Place = place(&[Name(To(&COLUMN))]);

static TYPE: Place = place(&[Words(&["SETOF"], Free), Name(To(&TYPED)), Mark(b'(', Never)]);

/// Behind the first word of a type.
#[rustfmt::skip]
static TYPED: Place = place(&[
    Words(&["WITH"], To(&place_of!(Words(&["TIME"], To(&TYPED)), Open(Free, To(&COLUMN))))),
    Also(&COLUMN),
    Words(&["PRECISION", "VARYING", "CHARACTER", "CHAR", "WITHOUT", "TIME", "ZONE", "ARRAY"], To(&TYPED)),
    Words(&["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"], To(&TYPED)),
    Mark(b'[', To(&place_of!(Mark(b']', To(&TYPED)), Literal(To(&place_of!(Mark(b']', To(&TYPED)))))))),
    Mark(b'%', Free),
]);

/// What is said of a column behind its type, and of a key behind its columns.
#[rustfmt::skip]
static COLUMN: Place = place(&[
    Words(&["NOT"], To(&place_of!(Words(&["NULL", "DEFERRABLE", "VALID", "ENFORCED"], To(&COLUMN))))),
    Words(&["NULL", "DEFERRABLE", "ENFORCED", "STORED", "VIRTUAL"], To(&COLUMN)),
    Words(&["DEFAULT"], To(&DEFAULT)),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], To(&COLUMN))))),
    Words(&["REFERENCES"], To(&REFERRED)),
    Words(&["UNIQUE"], To(&COLUMN)),
    Words(&["CHECK"], To(&place_of!(Open(Free, To(&COLUMN))))),
    Words(&["CONSTRAINT"], To(&place_of!(Name(To(&COLUMN))))),
    Words(&["COLLATE"], To(&place_of!(Name(To(&COLUMN))))),
    Words(&["ON"], To(&place_of!(Words(&["DELETE", "UPDATE"], To(&REACTION))))),
    Words(&["MATCH"], To(&place_of!(Words(&["FULL", "PARTIAL", "SIMPLE"], To(&COLUMN))))),
    Words(&["INITIALLY"], To(&place_of!(Words(&["DEFERRED", "IMMEDIATE"], To(&COLUMN))))),
    Words(&["NO"], To(&place_of!(Words(&["INHERIT"], To(&COLUMN))))),
    Words(&["GENERATED"], To(&place_of!(
        Words(&["ALWAYS"], To(&GENERATED)), Words(&["BY"], To(&place_of!(Words(&["DEFAULT"], To(&GENERATED)))))
    ))),
    Words(&["STORAGE", "COMPRESSION"], To(&place_of!(Name(To(&COLUMN))))),
    Words(&["USING", "NULLS", "OPTIONS", "WITH", "INCLUDE"], Free),
    Open(Free, To(&TYPED)),
]);

static GENERATED: Place =
    place(&[Words(&["AS"], To(&place_of!(Words(&["IDENTITY"], To(&COLUMN)), Open(Free, To(&COLUMN)))))]);

#[rustfmt::skip]
static REACTION: Place = place(&[
    Words(&["CASCADE", "RESTRICT"], To(&COLUMN)),
    Words(&["NO"], To(&place_of!(Words(&["ACTION"], To(&COLUMN))))),
    Words(&["SET"], To(&place_of!(Words(&["NULL", "DEFAULT"], To(&COLUMN))))),
]);

/// Of a default only a value is passed.
static DEFAULT: Place = place(&[
    Literal(To(&DEFAULTED)),
    Words(&["NULL", "TRUE", "FALSE"], To(&DEFAULTED)),
    Open(Free, To(&DEFAULTED)),
    Else(Free),
]);

static DEFAULTED: Place = place(&[Also(&COLUMN), Words(&["AT", "IS", "OPERATOR", "UESCAPE"], Free)]);

#[rustfmt::skip]
static CREATE_INDEX: Place = place(&[
    Words(&["CONCURRENTLY"], To(&CREATE_INDEX)),
    Words(&["ON"], To(&INDEXED)),
    if_not_exists!(To(&place_of!(Name(To(&ON_INDEXED)))), &ON_INDEXED),
    Name(To(&ON_INDEXED)),
]);

static ON_INDEXED: Place = place(&[Words(&["ON"], To(&INDEXED))]);

#[rustfmt::skip]
static INDEXED: Place = place(&[
    Words(&["ONLY"], To(&place_of!(Name(To(&INDEX_METHOD))))),
    Name(To(&INDEX_METHOD)),
]);

#[rustfmt::skip]
static INDEX_METHOD: Place = place(&[
    Words(&["USING"], To(&place_of!(Name(To(&place_of!(Open(Free, To(&INDEX_OPTIONS)))))))),
    Open(Free, To(&INDEX_OPTIONS)),
]);

static INDEX_OPTIONS: Place = place(&[
    Words(&["INCLUDE"], To(&place_of!(Open(Free, To(&INDEX_OPTIONS))))),
    Words(&["NULLS", "WITH", "TABLESPACE", "WHERE"], Free),
]);

#[rustfmt::skip]
static CREATE_TYPE: Place = place(&[Name(To(&place_of!(
    Words(&["AS"], To(&place_of!(Words(&["ENUM", "RANGE"], Free), Open(Free, Free)))),
)))]);

static CREATE_VIEW: Place = place(&[Name(To(&VIEW_BODY))]);

static VIEW_BODY: Place = place(&[
    Words(&["AS"], Free),
    Open(Free, To(&VIEW_BODY)),
    Words(&["WITH"], To(&place_of!(Open(Free, To(&VIEW_BODY))))),
]);

static CREATE_STORED_VIEW: Place = place(&[
    if_not_exists!(To(&place_of!(Name(To(&STORED_VIEW_BODY)))), &STORED_VIEW_BODY),
    Name(To(&STORED_VIEW_BODY)),
]);

static STORED_VIEW_BODY: Place =
    place(&[Words(&["AS", "TABLESPACE", "USING", "WITH"], Free), Open(Free, To(&STORED_VIEW_BODY))]);

#[rustfmt::skip]
static CREATE_ROUTINE: Place = place(&[Name(To(&place_of!(Open(Free, To(&place_of!(
    Words(&[
        "RETURNS", "LANGUAGE", "AS", "IMMUTABLE", "STABLE", "VOLATILE", "STRICT", "CALLED", "SECURITY", "PARALLEL", "COST", "ROWS",
        "SET", "SUPPORT", "TRANSFORM", "WINDOW", "NOT", "LEAKPROOF", "EXTERNAL", "RETURN", "BEGIN", "RESET",
    ], Free),
))))))]);

#[rustfmt::skip]
static CREATE_TRIGGER: Place = place(&[Name(To(&place_of!(
    Words(&["BEFORE", "AFTER"], To(&TRIGGER_EVENT)),
    Words(&["INSTEAD"], To(&place_of!(Words(&["OF"], To(&TRIGGER_EVENT))))),
)))]);

#[rustfmt::skip]
static TRIGGER_EVENT: Place = place(&[
    Words(&["INSERT", "DELETE", "TRUNCATE"], To(&place_of!(
        Words(&["OR"], To(&TRIGGER_EVENT)), Words(&["ON"], To(&place_of!(Name(To(&TRIGGER_BODY)))))
    ))),
    Words(&["UPDATE"], To(&place_of!(
        Words(&["OR"], To(&TRIGGER_EVENT)), Words(&["ON"], To(&place_of!(Name(To(&TRIGGER_BODY))))), Words(&["OF"], Free)
    ))),
]);

static TRIGGER_BODY: Place =
    place(&[Words(&["FOR", "WHEN", "EXECUTE", "REFERENCING", "FROM", "NOT", "NO", "DEFERRABLE", "INITIALLY"], Free)]);

static CREATE_EXTENSION: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&EXTENSION_BODY)))), &EXTENSION_BODY), Name(To(&EXTENSION_BODY))]);

static EXTENSION_BODY: Place = place(&[Words(&["WITH", "SCHEMA", "VERSION", "CASCADE", "FROM"], Free)]);

#[rustfmt::skip]
static ALTER: Place = place(&[
    Words(&["TABLE"], To(&ALTER_TABLE)),
    Words(&["INDEX"], To(&ALTER_INDEX)),
    Words(&["TYPE"], To(&ALTER_TYPE)),
    Words(&["SEQUENCE", "VIEW"], To(&IF_EXISTS)),
    Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], To(&IF_EXISTS))))),
    Words(&["DEFAULT"], To(&place_of!(Words(&["PRIVILEGES"], Free)))),
    Words(&["EVENT"], To(&place_of!(Words(&["TRIGGER"], Free)))),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["LARGE"], To(&place_of!(Words(&["OBJECT"], Free)))),
    Words(&["PROCEDURAL"], To(&place_of!(Words(&["LANGUAGE"], Free)))),
    Words(&["PROPERTY"], To(&place_of!(Words(&["GRAPH"], Free)))),
    Words(&["TEXT"], To(&TEXT_SEARCH)),
    Words(&[
        "AGGREGATE", "COLLATION", "CONVERSION", "DATABASE", "DOMAIN", "EXTENSION", "FUNCTION", "GROUP", "LANGUAGE", "OPERATOR",
        "POLICY", "PROCEDURE", "PUBLICATION", "ROLE", "ROUTINE", "RULE", "SCHEMA", "SERVER", "STATISTICS", "SUBSCRIPTION", "SYSTEM",
        "TABLESPACE", "TRIGGER", "USER",
    ], Free),
]);

#[rustfmt::skip]
static IF_EXISTS: Place = place(&[if_exists!(Free, &place_of!(Words(&[
    "ALTER", "AS", "CACHE", "CASCADE", "CLUSTER", "CYCLE", "DEPENDS", "INCREMENT", "MAXVALUE", "MINVALUE", "NO", "ON", "OWNED", "OWNER",
    "RENAME", "RESET", "RESTART", "RESTRICT", "SET", "START",
], Free))), Else(Free)]);

#[rustfmt::skip]
static ALTER_TABLE: Place = place(&[
    if_exists!(To(&place_of!(Words(&["ONLY"], To(&place_of!(Name(Each(&ACTION))))), Name(Each(&ACTION)))), &ACTION),
    Words(&["ONLY"], To(&place_of!(Name(Each(&ACTION))))),
    Words(&["ALL"], Free),
    Name(Each(&ACTION)),
]);

/// What `ALTER TABLE` does.
#[rustfmt::skip]
static ACTION: Place = Place { ways: &[
    Words(&["ADD"], To(&ADD)),
    Words(&["DROP"], To(&DROP_PART)),
    Words(&["ALTER"], To(&ALTER_PART)),
    Words(&["RENAME"], To(&RENAME)),
    Words(&["SET"], To(&SET)),
    Words(&["OWNER"], To(&place_of!(Words(&["TO"], Free)))),
    Words(&["VALIDATE"], To(&place_of!(Words(&["CONSTRAINT"], Free)))),
    Words(&["ENABLE"], To(&place_of!(Words(&["TRIGGER", "RULE", "REPLICA", "ALWAYS"], Free), Also(&ROW_SECURITY)))),
    Words(&["DISABLE"], To(&place_of!(Words(&["TRIGGER", "RULE"], Free), Also(&ROW_SECURITY)))),
    Words(&["ATTACH", "DETACH"], To(&place_of!(Words(&["PARTITION"], Free)))),
    Words(&["REPLICA"], To(&place_of!(Words(&["IDENTITY"], Free)))),
    Words(&["CLUSTER"], To(&place_of!(Words(&["ON"], Free)))),
    Words(&["NO"], To(&place_of!(Words(&["INHERIT"], Free), Words(&["FORCE"], To(&ROW_SECURITY))))),
    Words(&["NOT"], To(&place_of!(Words(&["OF"], Free)))),
    Words(&["FORCE"], To(&ROW_SECURITY)),
    Words(&["INHERIT", "MERGE", "OF", "OPTIONS", "RESET", "SPLIT"], Free),
    Mark(b'*', Each(&ACTION)),
], help: "say it as PostgreSQL does: `ALTER COLUMN … TYPE …`, `RENAME …`" };

#[rustfmt::skip]
static ROW_SECURITY: Place =
    place(&[Words(&["ROW"], To(&place_of!(Words(&["LEVEL"], To(&place_of!(Words(&["SECURITY"], Free)))))))]);

static ADD: Place =
    place(&[Words(&["COLUMN"], To(&ADD_COLUMN)), Words(&["EXCLUDE"], Free), Also(&CONSTRAINT), Also(&ADD_COLUMN)]);

static ADD_COLUMN: Place = place(&[if_not_exists!(To(&place_of!(Name(To(&TYPE)))), &TYPE), Name(To(&TYPE))]);

#[rustfmt::skip]
static DROP_PART: Place = place(&[
    Words(&["COLUMN", "CONSTRAINT"], To(&place_of!(
        if_exists!(To(&place_of!(Name(To(&BEHAVIOUR)))), &BEHAVIOUR), Name(To(&BEHAVIOUR))
    ))),
    if_exists!(Free, &BEHAVIOUR),
    Name(To(&BEHAVIOUR)),
]);

static BEHAVIOUR: Place = place(&[Words(&["CASCADE", "RESTRICT"], Free)]);

#[rustfmt::skip]
static ALTER_PART: Place = place(&[
    Words(&["COLUMN"], To(&place_of!(Name(To(&COLUMN_ACTION))))),
    Words(&["CONSTRAINT"], Free),
    Name(To(&COLUMN_ACTION)),
]);

#[rustfmt::skip]
static COLUMN_ACTION: Place = place(&[
    Words(&["TYPE"], To(&NEW_TYPE)),
    Words(&["SET"], To(&place_of!(
        Words(&["NOT"], To(&place_of!(Words(&["NULL"], Free)))),
        Words(&["DATA"], To(&place_of!(Words(&["TYPE"], To(&NEW_TYPE))))),
        Words(&[
            "DEFAULT", "STATISTICS", "STORAGE", "COMPRESSION", "EXPRESSION", "GENERATED", "START", "INCREMENT", "MINVALUE",
            "MAXVALUE", "CACHE", "CYCLE", "NO", "SEQUENCE", "OWNED", "AS", "RESTART", "LOGGED", "UNLOGGED",
        ], Free),
    ))),
    Words(&["DROP"], To(&place_of!(
        Words(&["NOT"], To(&place_of!(Words(&["NULL"], Free)))), Words(&["DEFAULT", "IDENTITY", "EXPRESSION"], Free)
    ))),
    Words(&["ADD"], To(&place_of!(Words(&["GENERATED"], Free)))),
    Words(&["RESTART", "RESET", "OPTIONS"], Free),
]);

static NEW_TYPE: Place = place(&[Words(&["SETOF"], Free), Name(To(&NEWLY_TYPED))]);

#[rustfmt::skip]
static NEWLY_TYPED: Place = place(&[
    Words(&["USING", "COLLATE"], Free),
    Words(&["PRECISION", "VARYING", "CHARACTER", "CHAR", "WITH", "WITHOUT", "TIME", "ZONE"], To(&NEWLY_TYPED)),
    Words(&["ARRAY", "YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"], To(&NEWLY_TYPED)),
    Open(Free, To(&NEWLY_TYPED)),
    Mark(b'[', To(&place_of!(Mark(b']', To(&NEWLY_TYPED)), Literal(To(&place_of!(Mark(b']', To(&NEWLY_TYPED)))))))),
]);

#[rustfmt::skip]
static RENAME: Place = place(&[
    Words(&["COLUMN", "CONSTRAINT"], To(&place_of!(Name(To(&place_of!(Words(&["TO"], Free))))))),
    Words(&["TO"], Free),
    Name(To(&place_of!(Words(&["TO"], Free)))),
]);

#[rustfmt::skip]
static SET: Place = place(&[Words(&[
    "SCHEMA", "TABLESPACE", "LOGGED", "UNLOGGED", "WITHOUT", "WITH", "ACCESS",
], Free)]);

#[rustfmt::skip]
static ALTER_INDEX: Place = place(&[
    if_exists!(To(&place_of!(Name(To(&INDEX_ACTION)))), &INDEX_ACTION),
    Words(&["ALL"], Free),
    Name(To(&INDEX_ACTION)),
]);

static INDEX_ACTION: Place =
    place(&[Words(&["RENAME", "SET", "RESET", "ATTACH", "ALTER", "DEPENDS", "NO", "OWNER"], Free)]);

#[rustfmt::skip]
static ALTER_TYPE: Place = place(&[Name(To(&place_of!(
    Words(&["ADD"], To(&place_of!(Words(&["VALUE"], To(&place_of!(if_not_exists!(Free, &NOTHING)))), Words(&["ATTRIBUTE"], Free)))),
    Words(&["RENAME"], To(&place_of!(Words(&["TO", "VALUE", "ATTRIBUTE"], Free)))),
    Words(&["OWNER"], To(&place_of!(Words(&["TO"], Free)))),
    Words(&["SET", "DROP", "ALTER"], Free),
)))]);

#[rustfmt::skip]
static DROP: Place = Place { ways: &[
    Words(&["TABLE", "SEQUENCE", "TYPE", "VIEW", "DOMAIN", "SCHEMA", "EXTENSION"], To(&DROPPED)),
    Words(&["INDEX"], To(&place_of!(Words(&["CONCURRENTLY"], To(&DROPPED)), Also(&DROPPED)))),
    Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], To(&DROPPED))))),
    Words(&["FUNCTION", "PROCEDURE", "ROUTINE", "TRIGGER", "POLICY"], To(&IF_EXISTS)),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["EVENT"], To(&place_of!(Words(&["TRIGGER"], Free)))),
    Words(&["ACCESS"], To(&place_of!(Words(&["METHOD"], Free)))),
    Words(&["PROCEDURAL"], To(&place_of!(Words(&["LANGUAGE"], Free)))),
    Words(&["OWNED"], To(&place_of!(Words(&["BY"], Free)))),
    Words(&["PROPERTY"], To(&place_of!(Words(&["GRAPH"], Free)))),
    Words(&["TEXT"], To(&TEXT_SEARCH)),
    Words(&[
        "AGGREGATE", "CAST", "COLLATION", "CONVERSION", "DATABASE", "GROUP", "LANGUAGE", "OPERATOR", "PUBLICATION", "ROLE", "RULE",
        "SERVER", "STATISTICS", "SUBSCRIPTION", "TABLESPACE", "TRANSFORM", "USER",
    ], Free),
], help: "a part of a table is dropped with `ALTER TABLE … DROP …`" };

static DROPPED: Place = place(&[if_exists!(Free, &BEHAVIOUR), Else(Free)]);

#[rustfmt::skip]
static INSERT: Place = place(&[Name(To(&place_of!(
    Words(&["AS"], To(&place_of!(Name(To(&place_of!(Open(Free, To(&LISTED)), Also(&ROWS))))))),
    Open(Free, To(&LISTED)),
    Also(&ROWS),
)))]);

static ROWS: Place = place(&[
    Words(&["VALUES", "SELECT", "WITH", "TABLE"], Free),
    Words(&["DEFAULT"], To(&place_of!(Words(&["VALUES"], Free)))),
    Words(&["OVERRIDING"], Free),
]);

/// Behind what stands in parentheses: columns, or a query.
static LISTED: Place = place(&[
    Also(&ROWS),
    Words(&["ON", "RETURNING", "UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"], Free),
]);

static UPDATE: Place = place(&[Words(&["ONLY"], To(&UPDATE_NAMED)), Also(&UPDATE_NAMED)]);

#[rustfmt::skip]
static UPDATE_NAMED: Place = place(&[Name(To(&place_of!(
    Words(&["SET"], Free),
    Words(&["AS"], To(&place_of!(Name(To(&place_of!(Words(&["SET"], Free))))))),
    Words(&["FOR"], Free),
    Name(To(&place_of!(Words(&["SET"], Free)))),
)))]);

static DELETE: Place = place(&[Words(&["ONLY"], To(&DELETE_NAMED)), Also(&DELETE_NAMED)]);

#[rustfmt::skip]
static DELETE_NAMED: Place = place(&[Name(To(&place_of!(
    Also(&CONDITION),
    Words(&["AS"], To(&place_of!(Name(To(&CONDITION))))),
    Words(&["FOR"], Free),
    Name(To(&CONDITION)),
)))]);

static CONDITION: Place = place(&[Words(&["WHERE", "USING", "RETURNING"], Free)]);

#[rustfmt::skip]
static COMMENT: Place = place(&[
    Words(&["TABLE", "COLUMN", "VIEW", "INDEX", "TYPE", "SEQUENCE", "SCHEMA", "EXTENSION", "DOMAIN"], To(&COMMENTED)),
    Words(&["MATERIALIZED"], To(&place_of!(Words(&["VIEW"], To(&COMMENTED))))),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["ACCESS"], To(&place_of!(Words(&["METHOD"], Free)))),
    Words(&["EVENT"], To(&place_of!(Words(&["TRIGGER"], Free)))),
    Words(&["LARGE"], To(&place_of!(Words(&["OBJECT"], Free)))),
    Words(&["PROCEDURAL"], To(&place_of!(Words(&["LANGUAGE"], Free)))),
    Words(&["PROPERTY"], To(&place_of!(Words(&["GRAPH"], Free)))),
    Words(&["TEXT"], To(&TEXT_SEARCH)),
    Words(&[
        "AGGREGATE", "CAST", "COLLATION", "CONSTRAINT", "CONVERSION", "DATABASE", "FUNCTION", "LANGUAGE", "OPERATOR", "POLICY",
        "PROCEDURE", "PUBLICATION", "ROLE", "ROUTINE", "RULE", "SERVER", "STATISTICS", "SUBSCRIPTION", "TABLESPACE", "TRANSFORM",
        "TRIGGER",
    ], Free),
]);

static COMMENTED: Place = place(&[Name(To(&place_of!(Words(&["IS"], Free))))]);
