//! A script that makes a database like another one: its objects in the server's own words, and its rows copied by the server
//! itself, so that no value is ever spelt out. It is as long as the schema, however many revisions led there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Executor as _, MySqlConnection, raw_sql};

use super::text;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What the session is to be like while the script runs: rows come in any order and as they are, a 0 in a counted column is a 0. (With
/// `unique_checks` off, too, MariaDB expects many rows, and waits for the disk twice for each table that gets some.)
const BEFORE: &str = "SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n";
/// What has no mode of its own is read and made in this one, whatever the server's is.
const PLAIN: &str = "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n";
const AFTER: &str = "SET foreign_key_checks = 1, sql_mode = DEFAULT, time_zone = DEFAULT;\n";

/// The script of the connection's database.
pub(super) async fn of(connection: &mut MySqlConnection, database: &str) -> Result<String> {
    connection.execute(PLAIN).await?;
    let mut script = Script { connection, text: BEFORE.to_owned(), here: format!("`{database}`.") };
    script.defaults(database).await?;
    let tables = script.rows("SHOW FULL TABLES", &[0, 1]).await?;
    let of = |kind: &'static str| tables.iter().filter(move |row| row[1] == kind).map(|row| row[0].as_str());
    for sequence in of("SEQUENCE") {
        script.sequence(sequence).await?;
    }
    for table in of("BASE TABLE").chain(of("SYSTEM VERSIONED")) {
        script.object("TABLE", table, 1).await?;
    }
    script.copies(database, of("BASE TABLE").chain(of("SYSTEM VERSIONED"))).await?;
    // A view may call a function, and a trigger anything.
    let routines =
        "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()";
    for routine in script.rows(routines, &[0, 1]).await? {
        script.code(&routine[0], &routine[1], Some(1), 2, None).await?;
    }
    script.text.push_str(PLAIN);
    script.views(of("VIEW").collect()).await?;
    for trigger in script.rows("SHOW TRIGGERS", &[0]).await? {
        script.code("TRIGGER", &trigger[0], Some(1), 2, None).await?;
    }
    for event in script.rows("SHOW EVENTS WHERE Db = DATABASE()", &[1]).await? {
        script.code("EVENT", &event[0], Some(1), 3, Some(2)).await?;
    }
    script.text.push_str(AFTER);
    Ok(script.text)
}

struct Script<'c> {
    connection: &'c mut MySqlConnection,
    text: String,
    /// How the server names the database in front of what is in it.
    here: String,
}

impl Script<'_> {
    /// These columns of what a statement gives.
    async fn rows(&mut self, sql: &str, columns: &[usize]) -> Result<Vec<Vec<String>>> {
        let rows: Vec<MySqlRow> = raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *self.connection).await?;
        rows.iter().map(|row| columns.iter().map(|column| text(row, *column)).collect()).collect()
    }

    /// The same of a statement that gives one row, or none.
    async fn row(&mut self, sql: &str, columns: &[usize]) -> Result<Vec<String>> {
        self.rows(sql, columns).await?.pop().ok_or(sqlx::Error::RowNotFound)
    }

    /// What a table gets that doesn't say it.
    async fn defaults(&mut self, database: &str) -> Result<()> {
        let sql = format!(
            "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata \
             WHERE schema_name = '{database}'"
        );
        let row = self.row(&sql, &[0, 1]).await?;
        let _ = writeln!(self.text, "ALTER DATABASE CHARACTER SET {} COLLATE {};", row[0], row[1]);
        Ok(())
    }

    /// An object as the server writes it.
    async fn written(&mut self, kind: &str, name: &str, column: usize) -> Result<String> {
        let row = self.row(&format!("SHOW CREATE {kind} {}", quoted(name)), &[column]).await?;
        Ok(row[0].replace(&self.here, ""))
    }

    async fn object(&mut self, kind: &str, name: &str, column: usize) -> Result<()> {
        let written = self.written(kind, name, column).await?;
        let _ = writeln!(self.text, "{written};");
        Ok(())
    }

    /// Something that runs later, as it was meant when it was made: with that mode, and that time zone.
    async fn code(
        &mut self,
        kind: &str,
        name: &str,
        mode: Option<usize>,
        text: usize,
        zone: Option<usize>,
    ) -> Result<()> {
        for (variable, column) in [("sql_mode", mode), ("time_zone", zone)] {
            if let Some(column) = column {
                let value = self.row(&format!("SHOW CREATE {kind} {}", quoted(name)), &[column]).await?;
                let _ = writeln!(self.text, "SET {variable} = '{}';", value[0].replace('\'', "''"));
            }
        }
        self.object(kind, name, text).await
    }

    /// A sequence of MariaDB's, and how far it is.
    async fn sequence(&mut self, name: &str) -> Result<()> {
        self.object("TABLE", name, 1).await?;
        let next = self.row(&format!("SELECT next_not_cached_value FROM {}", quoted(name)), &[0]).await?;
        let _ = writeln!(self.text, "DO SETVAL({}, {}, 0);", quoted(name), next[0]);
        Ok(())
    }

    /// The rows of all tables, with one wait for the disk for those that are of one transaction. The others can't be: servers that log
    /// for replicas refuse to mix them.
    async fn copies(&mut self, database: &str, tables: impl Iterator<Item = &str>) -> Result<()> {
        let sql = format!(
            "SELECT t.table_name FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine \
             WHERE t.table_schema = '{database}' AND e.transactions = 'YES'"
        );
        let transactional: BTreeSet<String> = self.rows(&sql, &[0]).await?.into_iter().flatten().collect();
        let (together, apart): (Vec<&str>, Vec<&str>) = tables.partition(|table| transactional.contains(*table));
        for table in apart {
            self.copy(database, table).await?;
        }
        self.text.push_str("START TRANSACTION;\n");
        for table in together {
            self.copy(database, table).await?;
        }
        self.text.push_str("COMMIT;\n");
        Ok(())
    }

    /// The rows of a table, but for what is computed from them.
    async fn copy(&mut self, database: &str, table: &str) -> Result<()> {
        let name = quoted(table);
        if self.rows(&format!("SELECT 1 FROM {name} LIMIT 1"), &[0]).await?.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = '{database}' AND table_name = '{}' \
             AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position",
            table.replace('\\', "\\\\").replace('\'', "''")
        );
        let columns: Vec<String> = self.rows(&sql, &[0]).await?.iter().map(|row| quoted(&row[0])).collect();
        let columns = columns.join(", ");
        let _ = writeln!(self.text, "INSERT INTO {name} ({columns}) SELECT {columns} FROM {}{name};", self.here);
        Ok(())
    }

    /// Views, each behind those that it names.
    async fn views(&mut self, names: BTreeSet<&str>) -> Result<()> {
        let mut left = Vec::new();
        for name in &names {
            left.push((*name, self.written("VIEW", name, 1).await?));
        }
        while !left.is_empty() {
            let missing: Vec<String> = left.iter().map(|(name, _)| quoted(name)).collect();
            let waits = |(name, text): &(&str, String)| {
                missing.iter().any(|other| *other != quoted(name) && text.contains(other.as_str()))
            };
            let (later, now): (Vec<_>, Vec<_>) = left.into_iter().partition(waits);
            // A column may be called like a view: then the order is nobody's guess, and any will do as well.
            let (now, later) = if now.is_empty() { (later, now) } else { (now, later) };
            for (_, text) in now {
                let _ = writeln!(self.text, "{text};");
            }
            left = later;
        }
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
