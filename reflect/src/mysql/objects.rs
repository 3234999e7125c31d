//! Functions, procedures and triggers: names, and everything else as text.

use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Expression, Place, Routine, Trigger};
use revchain_schema::read_trigger;

use super::{Reading, Server, name, object};
use crate::row::Row;

/// A row is an argument of a routine, or a routine without any.
pub(super) const ROUTINES: &str = "SELECT r.ROUTINE_NAME, r.ROUTINE_TYPE, r.DTD_IDENTIFIER, r.ROUTINE_DEFINITION, \
    p.ORDINAL_POSITION, p.DTD_IDENTIFIER \
    FROM information_schema.ROUTINES r LEFT JOIN information_schema.PARAMETERS p ON p.SPECIFIC_SCHEMA = DATABASE() \
    AND p.SPECIFIC_NAME = r.SPECIFIC_NAME AND p.ROUTINE_TYPE = r.ROUTINE_TYPE AND p.ORDINAL_POSITION > 0 \
    WHERE r.ROUTINE_SCHEMA = DATABASE() ORDER BY r.ROUTINE_NAME, r.ROUTINE_TYPE, p.ORDINAL_POSITION";

/// A row is a trigger.
pub(super) const TRIGGERS: &str = "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, \
    ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()";

/// The question for a trigger's statement as it was written, where what is listed may be another: MySQL lists texts without
/// their escapes, so that `'it''s'` is `'it's'`; MariaDB doubles quotes in them, and nothing else.
pub(super) fn as_written(server: &Server, row: &Row) -> Option<String> {
    let [trigger, _, _, _, body] = row.columns();
    let is_spoilt = match server.is_mariadb {
        true => body?.contains('\\'),
        false => body?.contains(['\'', '"']),
    };
    is_spoilt.then(|| format!("SHOW CREATE TRIGGER `{}`", trigger.unwrap_or_default().replace('`', "``")))
}

impl Reading<'_> {
    pub(super) fn routines(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [routine, kind, returns, body, at, argument] = row.columns();
            let routines = self.schema.routines.entry(object(routine)).or_default();
            if matches!(at, None | Some("1")) {
                let [kind, returns, body] = [kind, returns, body].map(Option::unwrap_or_default);
                let body = Expression::new(&format!("{kind} {returns} {body}"), Dialect::Mysql);
                routines.push(Arc::new(Routine { arguments: String::new(), body, written: None }));
            }
            if let (Some(argument), Some(routine)) = (argument, routines.last_mut()) {
                let arguments = &mut Arc::make_mut(routine).arguments;
                if !arguments.is_empty() {
                    arguments.push_str(", ");
                }
                arguments.push_str(argument);
            }
        }
    }

    /// Each with the statement that made it, where that was asked for.
    pub(super) fn triggers(&mut self, rows: Vec<(Row, Option<String>)>) {
        for (row, written) in rows {
            let [trigger, table, timing, event, body] = row.columns();
            let table = object(table);
            if !self.tables.contains_key(&table) {
                continue;
            }
            let [timing, event, body] = [timing, event, body].map(Option::unwrap_or_default);
            let text = format!("{timing} {event} FOR EACH ROW {body}");
            let statement = format!("CREATE TRIGGER t {timing} {event} ON t FOR EACH ROW {body}");
            let body = written.and_then(|written| read_trigger(&written, Dialect::Mysql));
            let body = body.or_else(|| read_trigger(&statement, Dialect::Mysql));
            let body = body.unwrap_or_else(|| Expression::kept(&text, Dialect::Mysql));
            let key = (table.clone(), name(trigger));
            self.schema.triggers.insert(key, Arc::new(Trigger { table, body, place: Place::NOWHERE }));
        }
    }
}
