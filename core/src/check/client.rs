//! RC208: what psql, mysql and sqlite3 understand, and no server does.

use crate::{
    Code, Dialect, DialectSet,
    check::statements::{Hit, Subject},
};

/// A line that the splitter set apart. `DELIMITER` on MySQL is obeyed, and no finding.
pub(super) fn line(text: &str, start: usize, end: usize, dialect: Dialect) -> Option<Hit> {
    let line = text.get(start..end)?;
    let command = line.split_ascii_whitespace().next()?;
    let (message, help) = if line.starts_with(['\n', '\r', ' ', '\t']) {
        // The data after a COPY: that statement is reported.
        return None;
    } else if command.eq_ignore_ascii_case("DELIMITER") {
        if dialect == Dialect::Mysql {
            return None;
        }
        (
            "`DELIMITER` is a command of the mysql client".to_owned(),
            "remove it: bodies are recognised without it; what is for mysql alone goes into a section that says so, \
             `-- @upgrade mysql`"
                .to_owned(),
        )
    } else {
        let client = match dialect {
            Dialect::Postgres => "psql",
            Dialect::Mysql => "mysql",
            Dialect::Sqlite => "sqlite3",
        };
        (
            format!("`{command}` is a command of the {client} client, and no SQL"),
            format!("remove it: statements are sent to the server as they stand, without the {client} client"),
        )
    };
    let end = start + line.trim_end().len();
    Some(Hit {
        code: Code::ClientCommand,
        start,
        end,
        message,
        label: String::new(),
        help,
        also: None,
        dialects: DialectSet::from_iter([dialect]),
    })
}

/// `COPY … FROM STDIN` and `COPY … TO STDOUT`, whose rows travel outside of SQL.
pub(super) fn copy(subject: &mut Subject<'_, '_>) -> Option<Hit> {
    if subject.first != "COPY" || subject.dialect != Dialect::Postgres {
        return None;
    }
    let (at, help) = if let Some(at) = subject.words.find_outside(1, &["FROM", "STDIN"]) {
        (at, "write the rows as INSERT statements (`pg_dump --inserts` does), or load them from a `.rs` revision")
    } else {
        (subject.words.find_outside(1, &["TO", "STDOUT"])?, "remove it: nobody would read the rows")
    };
    let shown = subject.show(at, at + 2);
    let message = format!("`COPY … {shown}` needs a client that carries the rows");
    Some(subject.hit(Code::ClientCommand, at, at + 2, message).help(help))
}
