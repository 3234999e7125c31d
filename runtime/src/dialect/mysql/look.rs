//! What an object is like: `SHOW CREATE`, as a digest, so that whoever finds a statement in doubt can tell whether it ran. Which
//! objects a statement names is the journal's.

use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Row, raw_sql};

use super::number;
use super::quotes::in_backticks;
use crate::journal::{Object, UNSEEN, digest};

/// What objects are like: see [`Session::state_of`](super::Session::state_of).
pub(super) async fn states(connection: &mut MySqlConnection, objects: &[Object]) -> Vec<String> {
    let mut states = Vec::with_capacity(objects.len());
    for object in objects {
        states.push(state(raw_sql(AssertSqlSafe(look(object))).fetch_optional(&mut *connection).await));
    }
    states
}

/// The query that tells what an object is like.
pub(super) fn look(object: &Object) -> String {
    format!("SHOW CREATE {} {}", object.kind, object.name)
}

/// What its answer says: a digest, `-` where there is no such object, or that nobody could look.
pub(super) fn state(found: std::result::Result<Option<MySqlRow>, sqlx::Error>) -> String {
    match found {
        Ok(Some(row)) => {
            let columns = (0..row.len()).map(|column| row.try_get_unchecked::<Option<String>, _>(column));
            let columns =
                columns.filter_map(|text| text.ok().flatten()).map(|text| without_counter(&in_backticks(&text)));
            digest(columns.collect::<Vec<_>>().iter().map(String::as_str))
        }
        Ok(None) => "-".to_owned(),
        Err(error) if is_absent(&error) => "-".to_owned(),
        Err(_) => UNSEEN.to_owned(),
    }
}

/// Whether there is no such object.
pub(super) fn is_absent(error: &sqlx::Error) -> bool {
    // No such table, database, procedure, trigger, event, sequence; or something else has the name.
    const ABSENT: [u16; 8] = [1146, 1049, 1305, 1360, 1539, 4091, 1347, 4089];
    number(error).is_some_and(|number| ABSENT.contains(&number))
}

/// The definition of a table, without the counter of `AUTO_INCREMENT`, which moves with the rows.
fn without_counter(definition: &str) -> String {
    const COUNTER: &str = " AUTO_INCREMENT=";
    match definition.split_once(COUNTER) {
        Some((before, rest)) => {
            format!("{before}{}", rest.trim_start_matches(|character: char| character.is_ascii_digit()))
        }
        None => definition.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_counter;

    #[test]
    fn a_counter_is_no_change() {
        let table = |counter| format!("CREATE TABLE `t` (`id` int)\n) ENGINE=InnoDB{counter} DEFAULT CHARSET=utf8mb4");
        assert_eq!(without_counter(&table(" AUTO_INCREMENT=17")), table(""));
        assert_eq!(without_counter(&table("")), table(""));
    }
}
