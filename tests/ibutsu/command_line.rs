//! The program as people use it: what is typed, what it says on which stream, and the exit code. The transcripts in
//! `transcripts/` are compared word for word; what depends on the machine (durations, URLs) stands there as a name.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use crate::database::{Database, Dialect};

every_database!(a_server_or_a_file_goes_up_and_down);

#[tokio::test]
async fn every_verb_says_what_it_did() {
    compare("verbs", include_str!("transcripts/verbs.txt"), &[]).await;
}

#[tokio::test]
async fn a_mistake_is_named_and_changes_nothing() {
    compare("mistakes", include_str!("transcripts/mistakes.txt"), &[("{closed}", &closed_port())]).await;
}

#[tokio::test]
async fn a_database_in_disorder_is_explained() {
    compare("disorder", include_str!("transcripts/disorder.txt"), &[]).await;
}

#[tokio::test]
async fn the_database_is_the_one_that_is_named() {
    compare("choice", include_str!("transcripts/choice.txt"), &[]).await;
}

#[tokio::test]
async fn what_would_run_is_shown_and_does_not() {
    compare("preview", include_str!("transcripts/preview.txt"), &[]).await;
}

#[tokio::test]
async fn sql_needs_no_database() {
    compare("offline", include_str!("transcripts/offline.txt"), &[]).await;
}

async fn a_server_or_a_file_goes_up_and_down(database: Database) {
    let url = database.url();
    let shown = revchain::redacted(&url);
    let transcript = match database.dialect() {
        Dialect::Postgres => include_str!("transcripts/postgres.txt"),
        Dialect::Mysql => include_str!("transcripts/mysql.txt"),
        _ => include_str!("transcripts/sqlite.txt"),
    };
    let nowhere = database.url_of_another("revchain_no_such_database");
    let names = [("{url}", url.as_str()), ("{shown}", &shown), ("{nowhere}", &nowhere)];
    compare(database.dialect().name(), transcript, &names).await;
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_has_to_listen() {
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it"));
    let broken = || {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        Stdio::from(writer)
    };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let run = |verb: &str, stdout: Stdio, stderr: Stdio| {
        let mut command = program(folder.path());
        command.args(verb.split_whitespace()).stdout(stdout).stderr(stderr).output().expect("the program runs")
    };

    // What is done does not depend on who watches.
    for (number, stderr) in [full(), broken()].into_iter().enumerate() {
        let output = run(if number == 0 { "upgrade head" } else { "downgrade base" }, Stdio::piped(), stderr);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    assert_eq!(run("upgrade nowhere", Stdio::piped(), full()).status.code(), Some(1));
    assert_eq!(run("nonsense", Stdio::piped(), broken()).status.code(), Some(2));

    // What was asked for is lost: an error, unless the reader had enough.
    for verb in ["history", "heads", "show head", "--help"] {
        let output = run(verb, broken(), Stdio::piped());
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{verb}");
        let output = run(verb, full(), Stdio::piped());
        assert_eq!(output.status.code(), Some(1), "{verb}");
    }
    let output = run("history", full(), Stdio::piped());
    let said = "error: can't write to standard output: No space left on device (os error 28)\n";
    assert_eq!(text(&output.stderr), said);
}

#[cfg(unix)]
#[test]
fn streams_may_be_closed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (verb, closed) in [("upgrade", ">&- 2>&-"), ("history", "2>&-"), ("downgrade -1", "2>&-"), ("current", "<&-")] {
        let script = format!("exec \"$0\" {verb} {closed}");
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_ibutsu-db")])
            .current_dir(folder.path())
            .env_remove("DATABASE_URL")
            .output()
            .expect("sh runs");
        assert_eq!(output.status.code(), Some(0), "{verb} {closed}: {output:?}");
    }
}

/// Plays a transcript in a folder of its own and compares.
async fn compare(name: &str, transcript: &str, names: &[(&str, &str)]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let found = play(&folder, transcript, names).await;
    assert!(
        found == transcript,
        "transcripts/{name}.txt does not say what happens.\n--- what happens:\n{found}\n--- the transcript:\n{transcript}"
    );
}

/// Does what the transcript's lines say and writes down what comes of it:
///
/// ```text
/// # a remark
/// $ [VARIABLE=value …] words     the program with these words; `''` is an empty one
/// $ ls                           the files in the folder
/// : file; sql                    SQL run on a SQLite file, behind the program's back
/// > file; text                   a file that is written
/// | standard output
/// ! standard error
/// = exit code, where it is not 0
/// ```
async fn play(folder: &TempDir, transcript: &str, names: &[(&str, &str)]) -> String {
    let mut found = String::new();
    for line in transcript.lines() {
        let Some((sign, rest)) = line.split_at_checked(2).filter(|(sign, _)| !["| ", "! ", "= "].contains(sign)) else {
            if line.is_empty() {
                found.push('\n');
            }
            continue;
        };
        found += &format!("{line}\n");
        let argument = |text: &str| names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        let two = || rest.split_once("; ").expect("a file and what is done with it");
        match sign {
            "$ " if rest == "ls" => {
                let entries = fs::read_dir(folder).expect("the folder is there");
                let mut files: Vec<String> =
                    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
                files.sort();
                found.extend(files.iter().map(|file| format!("| {file}\n")));
            }
            "$ " => {
                let mut command = program(folder.path());
                let mut words = rest.split_whitespace().peekable();
                while let Some((variable, value)) = words.peek().and_then(|word| word.split_once('=')) {
                    if variable.bytes().any(|byte| !byte.is_ascii_uppercase() && byte != b'_') {
                        break;
                    }
                    command.env(variable, argument(value));
                    words.next();
                }
                let output = command
                    .args(words.map(|word| if word == "''" { String::new() } else { argument(word) }))
                    .output()
                    .expect("the program runs");
                write_down(&output, names, &mut found);
            }
            ": " => sql(&folder.path().join(two().0), two().1).await,
            "> " => fs::write(folder.path().join(two().0), two().1).expect("a file can be written"),
            "# " => {}
            other => panic!("what is `{other}`?"),
        }
    }
    found
}

fn write_down(output: &Output, names: &[(&str, &str)], found: &mut String) {
    for (sign, stream) in [("|", &output.stdout), ("!", &output.stderr)] {
        let said = text(stream);
        assert!(said.is_empty() || said.ends_with('\n'), "the last line has no end: {said}");
        // Longest first: one URL may be the beginning of another.
        let mut names: Vec<_> = names.to_vec();
        names.sort_by_key(|(name, value)| (std::cmp::Reverse(value.len()), *name == "{url}"));
        for line in said.lines() {
            let line = names.iter().fold(line.to_owned(), |line, (name, value)| line.replace(value, name));
            let _ = writeln!(found, "{}", format!("{sign} {}", timeless(&line)).trim_end());
        }
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => *found += &format!("= {code}\n"),
        None => *found += "= killed\n",
    }
}

/// `(31 ms)` becomes `(_ ms)`; the number of an operating system's error goes, too.
pub(crate) fn timeless(line: &str) -> String {
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let unit = words[at].trim_end_matches([')', '.']);
        let is_unit = ["ms", "s"].contains(&unit) && unit.len() < words[at].len();
        let number = words[at - 1].trim_start_matches('(');
        if is_unit && number.parse::<f64>().is_ok() {
            let (number, unit) = (words[at - 1].replace(number, "_"), words[at].replace(unit, "ms"));
            (words[at - 1], words[at]) = (number, unit);
        }
        if words[at - 1] == "error"
            && words[at].ends_with(')')
            && words[at].trim_end_matches(')').parse::<u32>().is_ok()
        {
            words[at] = "_)".to_owned();
        }
    }
    words.join(" ")
}

pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibutsu-db"));
    command.current_dir(folder).env_remove("DATABASE_URL").stdin(Stdio::null());
    command
}

pub(crate) fn text(stream: &[u8]) -> String {
    String::from_utf8(stream.to_vec()).expect("what the program says is UTF-8")
}

async fn sql(file: &Path, sql: &str) {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.expect("the file opens");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the statement runs");
    connection.close().await.expect("the file closes");
}

/// A port of this machine on which nobody listens.
fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").to_string()
}
