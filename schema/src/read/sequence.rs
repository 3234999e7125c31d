//! Sequences. What is said of one is put as the server would: a default that is said is none.

use revchain_core::Dialect;

use crate::change::Change;
use crate::model::{Name, ObjectName, Sequence};

use super::create::Modifiers;
use super::{Cursor, Reading, data_type};

/// What a statement says of a sequence.
#[derive(Debug, Default)]
struct Said {
    /// By name, in the order of the names. One without a value is a default.
    options: Vec<(String, String)>,
    owned_by: Option<Option<(ObjectName, Name)>>,
}

/// Reads what follows `CREATE SEQUENCE`.
pub(super) fn create(cursor: &mut Cursor<'_>, modifiers: Modifiers) -> Option<Reading> {
    let if_not_exists = cursor.take_if_not_exists();
    let name = cursor.object()?;
    if modifiers.temporary || modifiers.or_replace {
        super::rest_of(cursor);
        return Some(Reading::touching([name]));
    }
    let mut said = Said::default();
    while option(cursor, &mut said) {}
    said.options.retain(|(_, value)| !value.is_empty());
    let sequence = Sequence { options: said.options, owned_by: said.owned_by.flatten() };
    Some(Reading::one(Change::CreateSequence { name, if_not_exists, sequence }))
}

/// Reads what follows `ALTER SEQUENCE`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Reading> {
    let if_exists = cursor.take_if_exists();
    let name = cursor.object()?;
    if cursor.take(&["RENAME", "TO"]) {
        let to = cursor.name()?;
        let to = crate::change::Named { name: name.name.beside(to.name), part: to.part };
        return Some(Reading::one(Change::RenameTable { from: name, to, if_exists }));
    }
    if cursor.take(&["SET", "SCHEMA"]) {
        return Some(Reading::one(Change::MoveTable { from: name, to: cursor.name()?.name, if_exists }));
    }
    if cursor.is(&["OWNER", "TO"]) || cursor.is(&["SET"]) {
        return Some(Reading::Neutral);
    }
    let mut said = Said::default();
    while option(cursor, &mut said) {}
    if cursor.is_at_end() && said.options.is_empty() && said.owned_by.is_none() {
        // RESTART is data.
        return Some(Reading::Neutral);
    }
    let Said { options, owned_by } = said;
    Some(Reading::one(Change::AlterSequence { name, if_exists, options, owned_by }))
}

/// Reads one option.
fn option(cursor: &mut Cursor<'_>, said: &mut Said) -> bool {
    if cursor.take(&["OWNED", "BY"]) {
        if cursor.take(&["NONE"]) {
            said.owned_by = Some(None);
            return true;
        }
        let Some(owner) = owner(cursor) else { return false };
        said.owned_by = Some(Some(owner));
        return true;
    }
    if cursor.take(&["RESTART"]) {
        cursor.take(&["WITH"]);
        cursor.take_mark('=');
        if cursor.text(0).starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            number(cursor);
        }
        return true;
    }
    if cursor.take(&["NO"]) {
        let Some(word) = cursor.take_any(&["MINVALUE", "MAXVALUE", "CYCLE", "CACHE"]) else { return false };
        put(said, word, String::new());
        return true;
    }
    if let Some(word) = cursor.take_any(&["NOMINVALUE", "NOMAXVALUE", "NOCYCLE", "NOCACHE"]) {
        put(said, word.get(2..).unwrap_or_default(), String::new());
        return true;
    }
    if cursor.take(&["CYCLE"]) {
        put(said, "CYCLE", "yes".to_owned());
        return true;
    }
    if cursor.take(&["AS"]) {
        let data_type = data_type::read(cursor).map(|data_type| data_type.to_string());
        put(said, "AS", data_type.filter(|name| name != "bigint").unwrap_or_default());
        return true;
    }
    let Some(word) = cursor.take_any(&["INCREMENT", "MINVALUE", "MAXVALUE", "START", "CACHE"]) else { return false };
    if cursor.take_any(&["BY", "WITH"]).is_none() {
        cursor.take_mark('=');
    }
    let value = number(cursor);
    let default = matches!(
        (word, value.as_str(), cursor.dialect()),
        ("INCREMENT" | "MINVALUE" | "START", "1", _)
            | ("CACHE", "1", Dialect::Postgres)
            | ("CACHE", "1000", _)
            | ("MAXVALUE", "9223372036854775807" | "9223372036854775806", _)
    );
    put(said, word, if default { String::new() } else { value });
    true
}

/// `table.column`.
fn owner(cursor: &mut Cursor<'_>) -> Option<(ObjectName, Name)> {
    let mut names = vec![cursor.name()?.name];
    while cursor.take_mark('.') {
        names.push(cursor.name()?.name);
    }
    let column = names.pop()?;
    let name = names.pop()?;
    let schema = names.pop().filter(|schema| !cursor.is_default_schema(schema));
    Some((ObjectName { schema, name }, column))
}

fn number(cursor: &mut Cursor<'_>) -> String {
    let mut number = String::new();
    if cursor.take_mark('-') {
        number.push('-');
    } else {
        cursor.take_mark('+');
    }
    number.push_str(cursor.text(0));
    cursor.next();
    number
}

fn put(said: &mut Said, word: &str, value: String) {
    let key = word.to_lowercase();
    match said.options.binary_search_by(|(known, _)| known.as_str().cmp(&key)) {
        Ok(at) => {
            if let Some(option) = said.options.get_mut(at) {
                option.1 = value;
            }
        }
        Err(at) => said.options.insert(at, (key, value)),
    }
}
