//! Rows that are played: a directory, what is typed in it, and what comes of it.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use crate::project::{Project, Said, run};
use crate::with_ids;

/// A row of a table.
pub(crate) struct Played {
    /// Its vector, or what it is about.
    pub(crate) name: &'static str,
    /// The revisions, `id -> down` or, where the file's name matters, `name/id -> down`, with spaces between them.
    pub(crate) chain: &'static str,
    /// What happens, a line each. `{a}` to `{e}` are Alembic's five ids.
    ///
    /// ```text
    /// > file; text    a file is written
    /// : file; sql     SQL is run on a SQLite file; the rows that it gives follow as standard output
    /// $ words         the tool is run, with DATABASE_URL=sqlite:app.db
    /// % words         the same, without a word about the files: it must leave them as they are
    /// | text          a line of standard output; all of them are given
    /// ~ text          what is somewhere in standard output, in place of `|`
    /// ! text          what is somewhere in standard error
    /// = code          the exit code, where it is not 0
    /// ? name          a file that is there
    /// 0 name          a file that is not
    /// ```
    pub(crate) does: &'static str,
    /// What Alembic does where that is something else.
    #[allow(dead_code, reason = "for whoever reads the table")]
    pub(crate) alembic: &'static str,
}

/// What a line did, until the lines after it have been compared.
struct Pending {
    line: String,
    said: Said,
    output: Vec<String>,
    loose: bool,
    code: i32,
}

/// Plays every row, and says all that went otherwise than the rows say.
#[track_caller]
pub(crate) fn play(rows: &[Played]) {
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len(), "two rows have one name");
    let wrong: Vec<String> =
        rows.iter().flat_map(|row| differences(row).into_iter().map(|what| format!("{}: {what}", row.name))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn differences(row: &Played) -> Vec<String> {
    let project = Project::new(&[]);
    for file in with_ids(row.chain).split(", ").filter(|file| !file.is_empty()) {
        let (id, down) = file.split_once(" -> ").unwrap();
        let (name, id) = id.split_once('/').unwrap_or((id, id));
        project.write(&format!("migrations/versions/{name}_x.sql"), &revision(id, down));
    }
    let (mut wrong, mut pending) = (Vec::new(), None);
    for line in with_ids(row.does).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (sign, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        if !matches!((sign, &mut pending), ("|" | "~" | "!" | "=", Some(_))) {
            finish(pending.take(), &mut wrong);
        }
        let two = || rest.split_once("; ").unwrap();
        match (sign, &mut pending) {
            (">", _) => project.write(two().0, &two().1.replace("\\n", "\n")),
            (":", _) => pending = Some(Pending::new(line, sql(&project, two().0, two().1))),
            ("$", _) => pending = Some(Pending::new(line, tool(&project, rest))),
            ("%", _) => {
                let before = project.files();
                pending = Some(Pending::new(line, tool(&project, rest)));
                if project.files() != before {
                    wrong.push(format!("`{line}` changed files"));
                }
            }
            ("?", _) if project.path(rest).exists() => {}
            ("?", _) => wrong.push(format!("there is no {rest}")),
            ("0", _) if !project.path(rest).exists() => {}
            ("0", _) => wrong.push(format!("there is a {rest}")),
            ("|", Some(pending)) => pending.output.push(rest.to_owned()),
            ("~", Some(pending)) => {
                pending.loose = true;
                if !pending.said.stdout.contains(rest) {
                    wrong.push(format!("`{}` does not print `{rest}`: {:#?}", pending.line, pending.said));
                }
            }
            ("!", Some(pending)) if !pending.said.stderr.contains(rest) => {
                wrong.push(format!("`{}` does not say `{rest}`: {:#?}", pending.line, pending.said));
            }
            ("!", Some(_)) => {}
            ("=", Some(pending)) => pending.code = rest.parse().unwrap(),
            _ => panic!("what is `{line}`?"),
        }
    }
    finish(pending, &mut wrong);
    wrong
}

impl Pending {
    fn new(line: &str, said: Said) -> Pending {
        Pending { line: line.to_owned(), said, output: Vec::new(), loose: false, code: 0 }
    }
}

fn finish(pending: Option<Pending>, wrong: &mut Vec<String>) {
    let Some(Pending { line, said, output, loose, code }) = pending else { return };
    let printed: Vec<&str> = said.stdout.lines().map(str::trim_end).collect();
    if (!loose && printed != output) || said.code != code || said.stderr.contains("panicked") {
        wrong.push(format!("`{line}`: not code {code} and {output:#?}, but {said:#?}"));
    }
}

/// Words are separated by spaces; `_` stands for one inside a word that begins with `'`.
fn tool(project: &Project, words: &str) -> Said {
    let words: Vec<String> = words
        .split_whitespace()
        .map(|word| word.strip_prefix('\'').map_or(word.to_owned(), |word| word.replace('_', " ")))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = project.command(&words);
    run(command.env("DATABASE_URL", "sqlite:app.db").env("EDITOR", "echo"))
}

/// A revision that makes a table of its own.
pub(crate) fn revision(id: &str, down: &str) -> String {
    format!(
        "-- create {}\n--\n-- revision: {id}\n-- down_revision: {down}\n\n-- @upgrade\n\
         CREATE TABLE t_{id} (n INTEGER);\n\n-- @downgrade\nDROP TABLE t_{id};\n",
        crate::letter(Some(id))
    )
}

/// The chain of this many of the five revisions.
pub(crate) fn chain(length: usize) -> Project {
    let project = Project::new(&[]);
    let mut down = "base";
    for (_, id) in &crate::IDS[..length] {
        project.write(&format!("migrations/versions/{id}_x.sql"), &revision(id, down));
        down = id;
    }
    project
}

/// What a query gives, a line for each row.
pub(crate) fn rows(project: &Project, file: &str, query: &str) -> Vec<String> {
    sql(project, file, query).done().lines().map(str::to_owned).collect()
}

fn sql(project: &Project, file: &str, query: &str) -> Said {
    let options = SqliteConnectOptions::new().filename(project.path(file)).create_if_missing(true).foreign_keys(true);
    let work = async {
        let mut connection = options.connect().await.unwrap();
        let found = sqlx::raw_sql(AssertSqlSafe(query.to_owned())).fetch_all(&mut connection).await;
        connection.close().await.unwrap();
        let text = |row: &sqlx::sqlite::SqliteRow| {
            let columns = (0..row.len()).map(|at| match row.try_get::<Option<String>, _>(at) {
                Ok(text) => text.unwrap_or_default(),
                Err(_) => row.get_unchecked::<i64, _>(at).to_string(),
            });
            columns.collect::<Vec<_>>().join(" ")
        };
        found.map(|rows| rows.iter().map(|row| format!("{}\n", text(row))).collect::<String>())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    match runtime.block_on(work) {
        Ok(stdout) => Said { code: 0, stdout, stderr: String::new() },
        Err(error) => Said { code: 1, stdout: String::new(), stderr: error.to_string() },
    }
}
