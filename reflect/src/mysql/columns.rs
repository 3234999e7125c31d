//! Columns. The two servers keep defaults in two ways: MariaDB as SQL, MySQL as a value, or as SQL where `EXTRA` says so.

use revchain_core::Dialect;
use revchain_schema::model::{Column, DataType, Default, Expression, Generated, Identity, Storage};

use super::{Collation, Reading, Server, data_type, name, object};
use crate::row::{Row, filled, is_true};

/// A row is a column.
pub(super) const QUERY: &str = "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, \
    CHARACTER_SET_NAME, COLLATION_NAME, EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION \
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION";

impl Reading<'_> {
    pub(super) fn columns(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [table, column, value, nullable, column_type, character_set, collation, extra, comment, generated] =
                row.columns();
            let server = &self.server;
            let Some(table) = self.tables.get_mut(&object(table)) else { continue };
            let mut data_type = data_type::read(column_type.unwrap_or_default());
            let mut column = Column::new(name(column), None);
            column.nullable = is_true(nullable);
            column.comment = filled(comment);
            let extra = extra.unwrap_or_default().to_lowercase();
            if extra.contains("auto_increment") {
                column.identity = Some(Identity::AutoIncrement);
            }
            if let Some((_, update)) = extra.split_once("on update ") {
                let update = update.split([' ', ',']).next().unwrap_or_default();
                column.on_update = Some(Expression::new(update, Dialect::Mysql));
            }
            match filled(generated) {
                Some(text) => {
                    let storage = match extra.contains("virtual") {
                        true => Storage::Virtual,
                        false => Storage::Stored,
                    };
                    column.generated = Some(Generated { expression: server.expression(&text), storage });
                }
                None => column.default = default(server, value, &data_type, extra.contains("default_generated")),
            }
            if let (Some(character_set), Some(collation)) = (character_set, collation) {
                let own = Collation { character_set: character_set.to_owned(), collation: collation.to_owned() };
                let of_table = table.options.get("collate").map(|collation| Collation::named(collation));
                let (character_set, collation) = server.said(&own, &of_table.unwrap_or_default());
                data_type.character_set = character_set;
                column.collation = collation.map(|collation| name(Some(&collation)));
            }
            column.data_type = Some(data_type);
            table.columns.push(column);
        }
    }
}

fn default(server: &Server, value: Option<&str>, data_type: &DataType, is_expression: bool) -> Option<Default> {
    let value = value?;
    if server.is_mariadb || is_expression {
        return (value != "NULL").then(|| Default(server.expression(value)));
    }
    let is_time = value.to_uppercase().starts_with("CURRENT_TIMESTAMP")
        && matches!(data_type.name.as_str(), "timestamp" | "datetime");
    // Bytes are shown as a number, up to the first that is zero.
    let is_bytes = value.starts_with("0x") && matches!(data_type.name.as_str(), "binary" | "varbinary");
    let text = match is_time || is_bytes || data_type::is_numeric(data_type) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\\', "\\\\").replace('\'', "''")),
    };
    Some(Default(Expression::new(&text, Dialect::Mysql)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_both_servers() {
        let (mysql, mariadb) = (Server::default(), Server { is_mariadb: true, ..Server::default() });
        for (server, value, column_type, is_expression, expected) in [
            (&mysql, None, "int", false, ""),
            (&mysql, Some("5"), "int", false, "5"),
            (&mysql, Some("it's"), "varchar(9)", false, "'it''s'"),
            (&mysql, Some("b'1'"), "bit(1)", false, "b'1'"),
            (&mysql, Some("2020-01-01"), "date", false, "'2020-01-01'"),
            (&mysql, Some("0x6162"), "binary(4)", false, "0x6162"),
            (&mysql, Some("0x6162"), "varchar(9)", false, "'0x6162'"),
            (&mysql, Some("CURRENT_TIMESTAMP"), "datetime", false, "current_timestamp"),
            (&mysql, Some("json_array(_utf8mb4\\'a\\')"), "json", true, "json_array(_utf8mb4 'a')"),
            (&mysql, Some(r"_utf8mb4\'it\\\'s\'"), "text", true, r"_utf8mb4 'it\'s'"),
            (&mariadb, Some("NULL"), "int", false, ""),
            (&mariadb, Some("'NULL'"), "varchar(9)", false, "'NULL'"),
            (&mariadb, Some("'it\\'s'"), "varchar(9)", false, "'it\\'s'"),
            (&mariadb, Some("current_timestamp()"), "timestamp", false, "current_timestamp()"),
        ] {
            let found = default(server, value, &data_type::read(column_type), is_expression);
            let found = found.map_or_else(String::new, |default| default.0.to_string());
            assert_eq!(found, expected, "{value:?} of {column_type}");
        }
    }
}
