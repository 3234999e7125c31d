//! The service and the `db` command see to one database, which one configuration names.

#![allow(clippy::expect_used, clippy::panic, reason = "tests say so when they fail")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Stops the service when the test ends, however it ends.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn notes(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    command.args(words).current_dir(folder).env_remove("DATABASE_URL");
    command.env("NOTES_DATABASE", "sqlite:configured.db").env("NOTES_LISTEN", "127.0.0.1:0");
    command
}

fn db(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = notes(folder, &[&["db"], words].concat()).output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What the service answers.
fn served(folder: &Path) -> String {
    let child = notes(folder, &["serve"]).stdout(Stdio::piped()).spawn().expect("the service starts");
    let mut service = Service(child);
    let mut url = String::new();
    BufReader::new(service.0.stdout.take().expect("it is piped")).read_line(&mut url).expect("it says where");
    let address = url.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/notes")).expect("a URL");
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(b"GET /notes HTTP/1.1\r\nHost: notes\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer.split_once("\r\n\r\n").expect("a header and a body").1.to_owned()
}

#[test]
fn the_service_and_the_command_share_a_database() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    assert_eq!(db(folder, &["current", "--check-heads"]), (Some(3), String::new()));
    assert_eq!(db(folder, &["upgrade", "+1"]), (Some(0), String::new()));
    assert_eq!(db(folder, &["current"]), (Some(0), "4a1be5b2d0c7\n".to_owned()));
    // The service does the rest by itself.
    assert_eq!(served(folder), "this service migrates itself\n");
    assert_eq!(db(folder, &["current"]), (Some(0), "9c07d2f6e831 (head)\n".to_owned()));
    assert_eq!(db(folder, &["downgrade", "-1"]), (Some(0), String::new()));
    // Another database, named on the command line.
    assert_eq!(db(folder, &["status", "--url", "sqlite:other.db"]).0, Some(3));
    assert!(folder.join("configured.db").exists() && !folder.join("other.db").exists());
}

#[test]
fn a_service_makes_its_database() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    assert_eq!(served(folder.path()), "this service migrates itself\n");
}
