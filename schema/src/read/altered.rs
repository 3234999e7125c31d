//! ALTER: by what it alters. Of tables see `alter`.

use super::create::take_definer;
use super::{Cursor, Keyword, Reading, alter, index, namespace, other, routine, sequence, trigger, user_type, view};

/// Reads what follows ALTER.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Reading> {
    while take_definer(cursor) {}
    let start = cursor.position();
    while !cursor.is(&["FOREIGN", "DATA"]) && cursor.take_any(&["FOREIGN", "IGNORE", "ONLINE", "OFFLINE"]).is_some() {}
    if cursor.take(&["TABLE"]) {
        let at = cursor.position();
        return Some(match alter::table(cursor) {
            Some((changes, unknown)) => Reading::Known { changes, unknown },
            None => {
                cursor.seek(at);
                cursor.take_if_exists();
                cursor.take(&["ONLY"]);
                Reading::touching(Some(cursor.object()?))
            }
        });
    }
    cursor.seek(start);
    let word = Keyword::at(cursor, 0);
    cursor.next()?;
    match word {
        "INDEX" => index::alter(cursor),
        "VIEW" => view::alter(cursor, false),
        "MATERIALIZED" if cursor.take(&["VIEW"]) => view::alter(cursor, true),
        "TYPE" => user_type::alter_type(cursor),
        "DOMAIN" => user_type::alter_domain(cursor),
        "SEQUENCE" => sequence::alter(cursor),
        "SCHEMA" => namespace::alter(cursor),
        // What an extension brings is not known anyway.
        "DATABASE" | "EXTENSION" => Some(Reading::Neutral),
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => routine::alter(cursor),
        "TRIGGER" => trigger::alter(cursor),
        _ => {
            cursor.seek(start);
            other::alter(cursor)
        }
    }
}
