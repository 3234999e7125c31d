//! The forms of SQLite's statements. Its types are any words, and most of its own words may be names.

use super::Then::{Each, End, Free, To};
use super::Way::{Also, Else, Literal, Mark, Name, Open, Words};
use super::{Place, if_exists, if_not_exists, place, place_of};

#[rustfmt::skip]
pub(super) static STATEMENT: Place = place(&[
    Words(&["CREATE"], To(&CREATE)),
    Words(&["ALTER"], To(&place_of!(Words(&["TABLE"], To(&ALTER_TABLE))))),
    Words(&["DROP"], To(&DROP)),
    Words(&["INSERT"], To(&INSERT)),
    Words(&["REPLACE"], To(&place_of!(Words(&["INTO"], To(&INTO))))),
    Words(&["UPDATE"], To(&UPDATE)),
    Words(&["DELETE"], To(&place_of!(Words(&["FROM"], To(&DELETE))))),
    Else(End),
]);

#[rustfmt::skip]
static CREATE: Place = place(&[
    Words(&["TABLE"], To(&CREATE_TABLE)),
    Words(&["INDEX"], To(&CREATE_INDEX)),
    Words(&["UNIQUE"], To(&place_of!(Words(&["INDEX"], To(&CREATE_INDEX))))),
    Words(&["VIEW"], To(&CREATE_VIEW)),
    Words(&["TRIGGER"], To(&CREATE_TRIGGER)),
    Words(&["TEMP", "TEMPORARY"], To(&place_of!(
        Words(&["TABLE"], To(&CREATE_TABLE)), Words(&["VIEW"], To(&CREATE_VIEW)), Words(&["TRIGGER"], To(&CREATE_TRIGGER))
    ))),
    Words(&["VIRTUAL"], To(&place_of!(Words(&["TABLE"], To(&place_of!(
        if_not_exists!(To(&place_of!(Name(To(&MODULE)))), &MODULE), Name(To(&MODULE))
    )))))),
]);

static MODULE: Place = place(&[Words(&["USING"], Free)]);

static CREATE_TABLE: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&TABLE_BODY)))), &TABLE_BODY), Name(To(&TABLE_BODY))]);

static TABLE_BODY: Place = place(&[Words(&["AS"], Free), Open(Each(&ELEMENT), Each(&TABLE_OPTION))]);

static TABLE_OPTION: Place =
    place(&[Words(&["WITHOUT"], To(&place_of!(Words(&["ROWID"], Free)))), Words(&["STRICT"], Free)]);

/// What a table is made of. Behind a column's name its type may be any words, and behind a constraint another one without a comma.
#[rustfmt::skip]
static ELEMENT: Place = place(&[
    Words(&["CONSTRAINT"], To(&place_of!(Name(To(&CONSTRAINT))))),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], Free)))),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["UNIQUE", "CHECK"], To(&place_of!(Open(Free, Free)))),
    Name(To(&COLUMN)),
]);

#[rustfmt::skip]
static CONSTRAINT: Place = place(&[
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], Free)))),
    Words(&["FOREIGN"], To(&FOREIGN)),
    Words(&["UNIQUE", "CHECK"], To(&place_of!(Open(Free, Free)))),
    Words(&["CONSTRAINT"], To(&place_of!(Name(To(&CONSTRAINT))))),
]);

#[rustfmt::skip]
static FOREIGN: Place = place(&[Words(&["KEY"], To(&place_of!(Open(Free, To(&place_of!(Words(&["REFERENCES"], To(&REFERRED))))))))]);

/// A column behind its name: a type of any words, and what is said of it.
#[rustfmt::skip]
static COLUMN: Place = place(&[
    Also(&SAID),
    Open(To(&SIZE), To(&SAID)),
    Name(To(&COLUMN)),
]);

/// What a type takes.
static SIZE: Place = place(&[Literal(Free), Mark(b'-', Free), Mark(b'+', Free)]);

/// What is said of a column.
#[rustfmt::skip]
static SAID: Place = place(&[
    Words(&["NOT"], To(&place_of!(Words(&["NULL"], To(&SAID)), Words(&["DEFERRABLE"], To(&SAID))))),
    Words(&["NULL", "UNIQUE", "AUTOINCREMENT", "ASC", "DESC", "DEFERRABLE", "STORED", "VIRTUAL"], To(&SAID)),
    Words(&["PRIMARY"], To(&place_of!(Words(&["KEY"], To(&SAID))))),
    Words(&["DEFAULT"], To(&place_of!(Literal(To(&SAID)), Open(Free, To(&SAID)), Name(To(&SAID))))),
    Words(&["REFERENCES"], To(&REFERRED)),
    Words(&["CHECK"], To(&place_of!(Open(Free, To(&SAID))))),
    Words(&["CONSTRAINT", "COLLATE"], To(&place_of!(Name(To(&SAID))))),
    // As every word, a type's name where nothing else goes on.
    Words(&["GENERATED"], To(&place_of!(
        Words(&["ALWAYS"], To(&place_of!(Words(&["AS"], To(&COMPUTED)), Also(&COLUMN)))), Also(&COLUMN)
    ))),
    Words(&["AS"], To(&COMPUTED)),
    Words(&["ON"], To(&place_of!(
        Words(&["DELETE", "UPDATE"], To(&REACTION)),
        Words(&["INSERT"], Free),
        Words(&["CONFLICT"], To(&place_of!(Words(&["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"], To(&SAID))))),
    ))),
    Words(&["MATCH"], To(&place_of!(Name(To(&SAID))))),
    Words(&["INITIALLY"], To(&place_of!(Words(&["DEFERRED", "IMMEDIATE"], To(&SAID))))),
    Words(&["FOREIGN"], To(&FOREIGN)),
]);

static COMPUTED: Place = place(&[Open(Free, To(&SAID))]);

static REFERRED: Place = place(&[Name(To(&place_of!(Open(Free, To(&SAID)), Also(&SAID))))]);

#[rustfmt::skip]
static REACTION: Place = place(&[
    Words(&["CASCADE", "RESTRICT"], To(&SAID)),
    Words(&["NO"], To(&place_of!(Words(&["ACTION"], To(&SAID))))),
    Words(&["SET"], To(&place_of!(Words(&["NULL", "DEFAULT"], To(&SAID))))),
]);

#[rustfmt::skip]
static CREATE_INDEX: Place = place(&[
    if_not_exists!(To(&place_of!(Name(To(&ON)))), &ON),
    Name(To(&ON)),
]);

static ON: Place = place(&[Words(&["ON"], To(&place_of!(Name(To(&place_of!(Open(Free, To(&WHERE))))))))]);

static WHERE: Place = place(&[Words(&["WHERE"], Free)]);

static CREATE_VIEW: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&VIEW_BODY)))), &VIEW_BODY), Name(To(&VIEW_BODY))]);

static VIEW_BODY: Place = place(&[Words(&["AS"], Free), Open(Free, To(&VIEW_BODY))]);

static CREATE_TRIGGER: Place =
    place(&[if_not_exists!(To(&place_of!(Name(To(&TRIGGER_TIME)))), &TRIGGER_TIME), Name(To(&TRIGGER_TIME))]);

static TRIGGER_TIME: Place = place(&[
    Words(&["BEFORE", "AFTER"], To(&TRIGGER_EVENT)),
    Words(&["INSTEAD"], To(&place_of!(Words(&["OF"], To(&TRIGGER_EVENT))))),
    Also(&TRIGGER_EVENT),
]);

#[rustfmt::skip]
static TRIGGER_EVENT: Place = place(&[
    Words(&["INSERT", "DELETE"], To(&TRIGGER_TABLE)),
    Words(&["UPDATE"], To(&place_of!(Words(&["OF"], Free), Also(&TRIGGER_TABLE)))),
]);

static TRIGGER_TABLE: Place = place(&[Words(
    &["ON"],
    To(&place_of!(Name(To(&place_of!(Words(&["WHEN", "BEGIN"], Free), Also(&FOR_EACH_ROW)))))),
)]);

static FOR_EACH_ROW: Place = place(&[Words(
    &["FOR"],
    To(&place_of!(Words(
        &["EACH"],
        To(&Place {
            ways: &[Words(&["ROW"], Free)],
            help: "SQLite's triggers run for each row: write `FOR EACH ROW`, or leave it out",
        })
    ))),
)]);

static ALTER_TABLE: Place = place(&[Name(To(&ACTION))]);

#[rustfmt::skip]
static ACTION: Place = Place { ways: &[
    Words(&["ADD"], To(&place_of!(
        Words(&["COLUMN"], To(&place_of!(Name(To(&COLUMN))))),
        Words(&["CONSTRAINT"], To(&place_of!(Name(To(&CONSTRAINT))))),
        Words(&["CHECK"], Free),
        Name(To(&COLUMN)),
    ))),
    Words(&["DROP"], To(&place_of!(Words(&["COLUMN", "CONSTRAINT"], To(&place_of!(Name(To(&NOTHING))))), Name(To(&NOTHING))))),
    Words(&["RENAME"], To(&place_of!(
        Words(&["COLUMN"], To(&place_of!(Name(To(&place_of!(Words(&["TO"], Free))))))),
        Words(&["TO"], Free),
        Name(To(&place_of!(Words(&["TO"], Free)))),
    ))),
    Words(&["ALTER"], Free),
], help: "SQLite's `ALTER TABLE` renames, and adds and drops columns; for the rest make a new table in a section that says `rebuild`" };

static NOTHING: Place = place(&[]);

static DROP: Place = place(&[Words(
    &["TABLE", "INDEX", "VIEW", "TRIGGER"],
    To(&place_of!(if_exists!(To(&place_of!(Name(To(&NOTHING)))), &NOTHING), Name(To(&NOTHING)),)),
)]);

#[rustfmt::skip]
static INSERT: Place = place(&[
    Words(&["INTO"], To(&INTO)),
    Words(&["OR"], To(&place_of!(
        Words(&["ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE"], To(&place_of!(Words(&["INTO"], To(&INTO)))))
    ))),
]);

#[rustfmt::skip]
static INTO: Place = place(&[Name(To(&place_of!(
    Words(&["AS"], To(&place_of!(Name(To(&place_of!(Open(Free, To(&ROWS)), Also(&ROWS))))))),
    Open(Free, To(&ROWS)),
    Also(&ROWS),
)))]);

#[rustfmt::skip]
static ROWS: Place = place(&[
    Words(&["VALUES", "SELECT", "WITH"], Free),
    Words(&["DEFAULT"], To(&place_of!(Words(&["VALUES"], Free)))),
]);

#[rustfmt::skip]
static UPDATE: Place = place(&[
    Words(&["OR"], To(&place_of!(Words(&["ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE"], To(&UPDATED))))),
    Also(&UPDATED),
]);

#[rustfmt::skip]
static UPDATED: Place = place(&[Name(To(&place_of!(
    Words(&["SET"], Free),
    Words(&["AS"], To(&place_of!(Name(To(&place_of!(Words(&["SET", "INDEXED", "NOT"], Free))))))),
    Words(&["INDEXED", "NOT"], Free),
)))]);

#[rustfmt::skip]
static DELETE: Place = place(&[Name(To(&place_of!(
    Words(&["WHERE", "RETURNING", "ORDER", "LIMIT", "INDEXED", "NOT"], Free),
    Words(&["AS"], To(&place_of!(Name(To(&place_of!(Words(&["WHERE", "RETURNING", "ORDER", "LIMIT", "INDEXED", "NOT"], Free))))))),
)))]);
