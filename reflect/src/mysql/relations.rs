//! Tables, MariaDB's sequences, and views.

use std::collections::BTreeSet;
use std::sync::Arc;

use revchain_core::Dialect;
use revchain_schema::model::{Expression, Sequence, View};

use super::{Collation, Reading, object};
use crate::mentions::mentions;
use crate::row::{Row, filled};
use crate::tables;

/// A row is a table, or a sequence.
pub(super) const QUERY: &str = "SELECT t.TABLE_NAME, t.TABLE_TYPE, t.ENGINE, t.TABLE_COLLATION, t.TABLE_COMMENT, \
    p.PARTITION_METHOD, p.PARTITION_EXPRESSION \
    FROM information_schema.TABLES t LEFT JOIN information_schema.PARTITIONS p ON p.TABLE_SCHEMA = t.TABLE_SCHEMA \
    AND p.TABLE_NAME = t.TABLE_NAME AND p.PARTITION_ORDINAL_POSITION = 1 \
    AND COALESCE(p.SUBPARTITION_ORDINAL_POSITION, 1) = 1 AND p.TABLE_SCHEMA = DATABASE() \
    WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE NOT LIKE '%VIEW' AND t.TABLE_TYPE NOT LIKE 'TEMPORARY%'";

/// A row is a view.
pub(super) const VIEWS: &str = "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS \
    WHERE TABLE_SCHEMA = DATABASE()";

impl Reading<'_> {
    pub(super) fn relations(&mut self, rows: Vec<Row>) {
        for row in rows {
            let [table, kind, engine, collation, comment, method, partitions] = row.columns();
            let named = object(table);
            if !self.scope.has(&named) {
                continue;
            }
            if kind == Some("SEQUENCE") {
                // What it does is told by itself alone, one at a time.
                let sequence = Sequence { options: Vec::new(), owned_by: None };
                self.schema.sequences.insert(named, Arc::new(sequence));
                continue;
            }
            let table = tables::begin(&mut self.tables, named);
            table.comment = filled(comment);
            // Both are said of every table: whether the database's are the author's nobody knows.
            let character_set = collation.map(|collation| Collation::named(collation).character_set);
            let usual = [self.server.engine.as_str(), "InnoDB"];
            let engine = engine.filter(|engine| !usual.iter().any(|usual| usual.eq_ignore_ascii_case(engine)));
            let partition_by = method.map(|method| {
                // Quotes are the server's.
                let text = format!("{method}({})", partitions.unwrap_or_default().replace('`', ""));
                Expression::new(&text, Dialect::Mysql).to_string()
            });
            for (option, value) in [
                ("engine", engine.map(str::to_lowercase)),
                ("character set", character_set),
                ("collate", filled(collation)),
                ("partition by", partition_by),
                ("system versioning", (kind == Some("SYSTEM VERSIONED")).then(|| "yes".to_owned())),
            ] {
                table.options.extend(value.map(|value| (option.to_owned(), value)));
            }
        }
    }

    pub(super) fn views(&mut self, rows: Vec<Row>) {
        let database = format!("`{}`.", self.server.database.replace('`', "``"));
        let mut views = Vec::new();
        for row in rows {
            let [view, body] = row.columns();
            let body = body.unwrap_or_default().replace(&database, "");
            views.push((object(view), Expression::new(&body, Dialect::Mysql)));
        }
        let known: BTreeSet<_> =
            self.tables.keys().chain(views.iter().map(|(named, _)| named)).map(|named| named.name.clone()).collect();
        for (named, body) in views {
            let mentions = mentions(&body, Dialect::Mysql, &known);
            let view = View { materialized: false, body, mentions, indexes: Vec::new(), comment: None, security: None };
            self.schema.views.insert(named, Arc::new(view));
        }
    }
}
