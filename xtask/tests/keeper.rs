//! What a keeper keeps does not outlive the process that holds the other end of its pipe.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test's own helpers")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// Starts a job in the background, says so, then waits for a day. The output stays open as long as one of them lives.
const SCRIPT: &str = "sleep 86400 & echo here; sleep 86400";

/// Reads to the end, which comes when the last process that can write is gone.
fn ends(mut output: impl std::io::Read) -> String {
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    rest
}

#[test]
fn ends_with_its_input_and_removes_the_folder() {
    for stop in ["terminate", "quit", "kill"] {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        std::fs::create_dir(&own).unwrap();
        File::create(own.join("file")).unwrap();
        let mut keeper = Command::new(XTASK)
            .args(["keep", stop, "-", "-"])
            .arg(&own)
            .args(["sh", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(keeper.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "here\n");
        drop(keeper.stdin.take());
        assert_eq!(ends(output), "", "{stop}");
        assert!(!keeper.wait().unwrap().success());
        assert!(!own.exists(), "{stop}");
    }
}

#[test]
fn passes_on_the_exit_code() {
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] {
        let mut keeper = Command::new(XTASK)
            .args(["keep", "terminate", "-", "-", "-", "sh", "-c", script])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let line = keeper.stdin.take();
        assert_eq!(keeper.wait().unwrap().code(), Some(code), "{script}");
        drop(line);
    }
}

#[test]
fn ends_when_its_owner_is_killed() {
    // `sh` stands for cargo: xtask gives it to a keeper, and its output ends when it does.
    let folder = tempfile::tempdir().unwrap();
    let cargo = folder.path().join("cargo");
    std::os::unix::fs::symlink(Path::new("/bin/sh"), &cargo).unwrap();
    std::fs::write(folder.path().join("test"), SCRIPT).unwrap();
    let root = folder.path().join("xtask");
    std::fs::create_dir(&root).unwrap();
    let mut xtask = Command::new(XTASK)
        .arg("test")
        // The workspace, and so where `sh test --workspace` looks for the script `test`.
        .env("CARGO_MANIFEST_DIR", &root)
        .env("CARGO", &cargo)
        .env("REVCHAIN_POSTGRES_BIN", "")
        .env("REVCHAIN_MYSQL_BIN", "")
        .env_remove("REVCHAIN_TEST_POSTGRES")
        .env_remove("REVCHAIN_TEST_MYSQL")
        .env_remove("CI")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(xtask.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "here\n");
    // SIGKILL: no destructor and no handler of ours runs.
    xtask.kill().unwrap();
    xtask.wait().unwrap();
    assert_eq!(ends(output), "");
}
