//! What `cargo xtask test` and `cargo xtask servers` do with servers and without them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test's own helpers")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

/// Calls xtask where no server can be found. `echo` stands for cargo.
fn without_servers(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("CARGO", "echo")
        .env("REVCHAIN_POSTGRES_BIN", "")
        .env("REVCHAIN_MYSQL_BIN", "")
        .env_remove("REVCHAIN_TEST_POSTGRES")
        .env_remove("REVCHAIN_TEST_MYSQL")
        .env_remove("CI")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_missing_server_is_said_loudly_and_the_rest_runs() {
    let output = without_servers(&["test", "--", "--no-fail-fast"], &[]);
    let err = text(&output.stderr);
    assert!(output.status.success(), "{err}");
    assert_eq!(text(&output.stdout), "test --workspace --all-features --no-fail-fast\n");
    for part in [
        "SKIPPED: every test that needs PostgreSQL\n",
        "SKIPPED: every test that needs MariaDB or MySQL\n",
        "postgresql",
        "mariadb",
        "`cargo xtask test --install`",
        "REVCHAIN_TEST_MYSQL",
    ] {
        // Before the tests, and after them.
        assert!(err.matches(part).count() >= 2, "{part}: {err}");
    }
}

#[test]
fn under_ci_a_missing_server_is_a_failure() {
    let output = without_servers(&["test"], &[("CI", "true"), ("REVCHAIN_TEST_POSTGRES", "postgres://x@y/z")]);
    let err = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""), "{err}");
    assert!(err.contains("no server for MariaDB or MySQL, and under CI nothing may be skipped"), "{err}");
    assert!(!err.contains("needs PostgreSQL"), "{err}");
}

#[test]
fn the_tests_exit_code_is_ours() {
    let output = without_servers(&["test"], &[("CARGO", "sh")]);
    assert!(!output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_server_of_ones_own_is_handed_on() {
    let variables = [("REVCHAIN_TEST_POSTGRES", "postgres://a@b/c"), ("REVCHAIN_TEST_MYSQL", "mysql://d@e/")];
    let output = without_servers(&["servers"], &variables);
    assert_eq!(
        text(&output.stdout),
        "export REVCHAIN_TEST_POSTGRES=postgres://a@b/c\nexport REVCHAIN_TEST_MYSQL=mysql://d@e/\n"
    );
}

#[test]
fn servers_answer_until_the_input_ends() {
    // Only where `cargo xtask test` has shown that servers start: a bare `cargo test` must pass on any machine.
    if std::env::var_os("REVCHAIN_TEST_POSTGRES").is_none() {
        println!("skipped: run by `cargo xtask test` only");
        return;
    }
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("servers")
        .env_remove("REVCHAIN_TEST_POSTGRES")
        .env_remove("REVCHAIN_TEST_MYSQL")
        .env_remove("CI")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(xtask.stdout.take().unwrap());
    let mut ports = Vec::new();
    for _ in 0..2 {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let Some((_, rest)) = line.split_once("@127.0.0.1:") else { continue };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        ports.push(digits.parse::<u16>().unwrap());
    }
    for port in &ports {
        TcpStream::connect(("127.0.0.1", *port)).unwrap();
    }
    drop(xtask.stdin.take());
    output.read_to_end(&mut Vec::new()).unwrap();
    assert!(xtask.wait().unwrap().success());
    for port in ports {
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "port {port} still answers");
    }
}
