//! What a terminal gets, and a file or a pipe does not. The terminal is that of `script`, of util-linux.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::project::{Project, revision_text, run};

const URL: &str = "sqlite:app.db";

/// Variables that say something about colours. None of them may come from whoever runs the tests.
const VARIABLES: [&str; 5] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM"];

/// A command that cares for nothing but what it is told.
fn plain(mut command: Command) -> Command {
    for name in VARIABLES {
        command.env_remove(name);
    }
    command
}

/// Starts a line of the shell on a terminal; `$R` is `revchain`.
fn start(project: &Project, line: &str, environment: &[(&str, &str)]) -> Child {
    let mut command = Command::new("script");
    command.args(["-qec", line, "/dev/null"]).current_dir(project.root());
    for name in ["DATABASE_URL", "REVCHAIN_CONFIG"] {
        command.env_remove(name);
    }
    let mut command = plain(command);
    command.env("SHELL", "/bin/sh").env("TERM", "xterm").env("R", env!("CARGO_BIN_EXE_revchain"));
    command.envs(environment.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().expect("`script` is there: it belongs to util-linux (bsdutils)")
}

fn on_terminal(project: &Project, line: &str, environment: &[(&str, &str)]) -> String {
    let output = start(project, line, environment).wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")
}

/// What is left on the terminal at the end: of a line that was drawn over, the last.
fn seen(text: &str) -> String {
    let last = |line: &str| line.rsplit("\u{1b}[2K").next().unwrap_or_default().to_owned();
    let lines: Vec<String> = text.replace("\r\n", "\n").split('\n').map(last).collect();
    anstream::adapter::strip_str(&lines.join("\n")).to_string()
}

/// Durations are not what is compared.
fn timeless(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_inclusive([' ', '\n']) {
        let number = word.trim_start_matches('(').trim_end();
        match number.parse::<f64>() {
            Ok(_) if !number.is_empty() => shown.push_str(&word.replace(number, "_")),
            _ => shown.push_str(&word.replace("ms)", "s)").replace("ms.", "s.")),
        }
    }
    // Where it took long enough for one.
    shown.replace(", _ rows/s", "")
}

#[test]
fn colours_are_for_who_wants_them() {
    let project = Project::new(&["a1 -> base", "b2 -> a1"]);
    let coloured = "a1 -> \u{1b}[33mb2\u{1b}[0m \u{1b}[1m\u{1b}[32m(head)\u{1b}[0m, The b2\n\
                    <base> -> \u{1b}[33ma1\u{1b}[0m, The a1\n";
    let plain = anstream::adapter::strip_str(coloured).to_string();
    for (line, environment, expected) in [
        ("$R history", &[][..], coloured),
        ("$R history", &[("NO_COLOR", "1")], &plain),
        ("$R history", &[("NO_COLOR", "")], coloured),
        ("$R history", &[("TERM", "dumb")], &plain),
        ("$R history", &[("CLICOLOR", "0")], &plain),
        ("$R --color never history", &[("CLICOLOR_FORCE", "1")], &plain),
        ("$R history --color=always", &[("NO_COLOR", "1")], coloured),
        ("$R history --color auto", &[("NO_COLOR", "1")], &plain),
        ("$R history | cat", &[], &plain),
        ("$R history 2>&1 | cat", &[("CLICOLOR_FORCE", "1")], coloured),
        ("$R history --color always > out; cat out", &[], coloured),
    ] {
        assert_eq!(on_terminal(&project, line, environment), expected, "{line} {environment:?}");
    }
}

#[test]
fn each_stream_is_asked_by_itself() {
    let project = Project::new(&["a1 -> base"]);
    let coloured = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m ";
    let said = on_terminal(&project, "$R history | cat; $R explain x > out", &[]);
    assert_eq!(
        said,
        format!("<base> -> a1 (head), The a1\n{coloured}there is no code `x`; `revchain explain` lists them all\n")
    );
    let said = on_terminal(&project, "$R explain x 2> out; $R heads; cat out", &[]);
    assert!(said.starts_with("\u{1b}[33ma1\u{1b}[0m ") && said.contains("\nerror: there is no code"), "{said}");
    // clap's own, too.
    assert!(on_terminal(&project, "$R upgarde", &[]).contains("\u{1b}[31merror:\u{1b}[0m "));
    assert!(on_terminal(&project, "$R upgarde --color never", &[]).starts_with("error: "));
    assert!(on_terminal(&project, "$R upgarde", &[("NO_COLOR", "1")]).starts_with("error: "));
    assert!(on_terminal(&project, "$R upgrade x", &[]).contains("\n  \u{1b}[1m\u{1b}[36mhelp:\u{1b}[0m "));
}

#[test]
fn what_programs_read_is_never_coloured() {
    let project = Project::new(&["a1 -> base"]);
    for line in ["heads --json", "upgrade --sql --dialect sqlite", "show a1 --sql --dialect sqlite", "completions bash"]
    {
        let said = on_terminal(&project, &format!("$R --color always {line}"), &[]);
        assert!(!said.is_empty() && !said.contains('\u{1b}'), "{line}: {said}");
    }
    // What stands in a file is written as it stands there: a stream without colours would take it out.
    project.write(
        "migrations/versions/b2_x.sql",
        &revision_text("b2", "a1").replace("n INTEGER", "n TEXT DEFAULT '\u{1b}[1m'"),
    );
    let said = project.run(&["upgrade", "--sql", "--dialect", "sqlite"]).done();
    assert!(said.contains("'\u{1b}[1m'"), "{said}");
}

#[test]
fn findings_have_the_compilers_colours() {
    let project = Project::new(&["a1 -> base", "b2 -> a2"]);
    let said = on_terminal(&project, "$R verify", &[]);
    for part in [
        "\u{1b}[1m\u{1b}[31merror: [RC104]\u{1b}[0m \u{1b}[1m`b2` follows `a2`",
        "\u{1b}[1m\u{1b}[31m^^",
        "\u{1b}[1m\u{1b}[36mhelp:\u{1b}[0m did you mean",
        "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m `migrations` has 1 error\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(seen(&said), project.run(&["verify"]).stderr);
}

#[test]
fn a_message_gives_the_terminal_no_orders() {
    let project = Project::new(&["a1 -> base"]);
    let text = revision_text("a1", "base").replace("The a1", "One \u{1b}[2J\u{7} two");
    project.write("migrations/versions/a1_x.sql", &text);
    assert_eq!(project.run(&["history"]).done(), "<base> -> a1 (head), One  [2J  two\n");
    let said = on_terminal(&project, &format!("$R --url {URL} --color never upgrade -v"), &[]);
    assert!(!said.contains('\u{1b}') && said.contains("Running upgrade  -> a1, One  [2J  two"), "{said}");
}

/// The same lines stay, whoever watches.
#[test]
fn a_run_leaves_the_same_lines_everywhere() {
    let project = Project::new(&["a1 -> base", "b2 -> a1", "c3 -> b2"]);
    project.write(
        "migrations/versions/c3_x.sql",
        "-- The c3\n--\n-- revision: c3\n-- down_revision: b2\n\n-- @upgrade; repeat: 2\n\
         INSERT INTO a1 SELECT 1 WHERE (SELECT count(*) FROM a1) < 3;\n\n-- @downgrade\n",
    );
    let piped = run(&mut plain(project.command(&["--url", "sqlite:piped.db", "upgrade"]))).stderr;
    let expected = "Running upgrade  -> a1, The a1 (_ s)\nRunning upgrade a1 -> b2, The b2 (_ s)\n\
                    Running upgrade b2 -> c3, The c3\n  1 row in 1 round\n  c3 done (_ s)\n\
                    Upgraded sqlite:piped.db to c3: _ revisions in _ s.\n";
    assert_eq!(timeless(&piped), expected.replace("1 row in 1 round", "_ row in _ round"));
    let said = on_terminal(&project, &format!("$R --url {URL} upgrade"), &[]);
    assert_eq!(timeless(&seen(&said)), timeless(&piped).replace("piped.db", "app.db"));
    let said = on_terminal(&project, "$R --url sqlite:quiet.db upgrade -q", &[]);
    assert_eq!(said, "");
}

/// A step that waits for a lock is shown, however narrow the terminal; what stays is what would without.
#[tokio::test]
async fn a_step_that_takes_long_is_shown_while_it_does() {
    for (columns, shown) in [(100, " s  upgrade base -> a1, The a1"), (1, "\u{1b}[2K")] {
        let project = Project::new(&["a1 -> base"]);
        let options = SqliteConnectOptions::new().filename(project.path("app.db")).create_if_missing(true);
        let mut holder = options.connect().await.unwrap();
        // Others may read, and wait when they want to write.
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
        let line = format!("stty rows 24 cols {columns}; $R --url {URL} upgrade");
        let mut child = start(&project, &line, &[]);
        let mut terminal = child.stdout.take().unwrap();
        let mut said = Vec::new();
        let mut buffer = [0; 1024];
        // It comes, sooner or later; or the program ends, and the comparison below fails.
        while !String::from_utf8_lossy(&said).contains(shown) {
            match terminal.read(&mut buffer).unwrap() {
                0 => break,
                count => said.extend_from_slice(&buffer[..count]),
            }
        }
        let so_far = String::from_utf8_lossy(&said).into_owned();
        sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        holder.close().await.unwrap();
        terminal.read_to_end(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{}", String::from_utf8_lossy(&said));
        assert!(so_far.contains(shown), "{columns}: {so_far:?}");
        let expected = "Running upgrade  -> a1, The a1 (_ s)\nUpgraded sqlite:app.db to a1: _ revision in _ s.\n";
        assert_eq!(timeless(&seen(&String::from_utf8(said).unwrap())), expected, "{columns}");
    }
}
