//! This test binary as a program of its own, which may fail or be killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const FATE: &str = "REVCHAIN_TEST_CHILD";
const SAYS: &str = "child says: ";

/// A child that ended by itself.
pub struct Ended {
    /// What it said.
    pub said: Vec<String>,
    /// What the harness shows of it.
    pub output: String,
    pub is_success: bool,
}

/// Runs one test of this binary, until it ends.
pub fn ended(test: &str, variables: &[(&str, &str)]) -> Ended {
    let output = command(test, "end", variables).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout);
    let said = lines.lines().filter_map(words).map(str::to_owned).collect();
    let output_shown = format!("{lines}{}", String::from_utf8_lossy(&output.stderr));
    Ended { said, output: output_shown, is_success: output.status.success() }
}

/// One that was started, and has said something.
pub struct Running(std::process::Child, BufReader<std::process::ChildStdout>);

/// Starts one test of this binary, and waits until it says something.
pub fn started(test: &str, variables: &[(&str, &str)]) -> Running {
    let mut child = command(test, "end", variables).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while words(&line).is_none() {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "{test} said nothing");
    }
    Running(child, lines)
}

impl Running {
    /// Waits for its end, which is a good one, and gives what else it said.
    pub fn ended(mut self) -> Vec<String> {
        let said = self.1.lines().map(Result::unwrap).filter_map(|line| words(&line).map(str::to_owned)).collect();
        assert!(self.0.wait().unwrap().success());
        said
    }
}

/// Runs one test of this binary until it says something, and kills it then. Gives what it said.
pub fn killed(test: &str, variables: &[(&str, &str)]) -> String {
    let mut child = command(test, "stay", variables).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said = lines.into_iter().find_map(|line| words(&line).map(str::to_owned));
    child.kill().unwrap();
    child.wait().unwrap();
    said.unwrap()
}

/// The name of a revision that nobody has run yet.
pub fn unique() -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!("r{now:x}{:x}", std::process::id())
}

fn command(test: &str, fate: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(FATE, fate).stdin(Stdio::null());
    command.envs(variables.iter().copied());
    command
}

fn words(line: &str) -> Option<&str> {
    // The harness's own words may stand before it.
    Some(line.split_once(SAYS)?.1)
}

/// The process that was started here.
#[derive(Clone, Copy)]
pub struct Child {
    stays: bool,
}

impl Child {
    /// `None` in any other process.
    pub fn here() -> Option<Child> {
        let fate = std::env::var(FATE).ok()?;
        Some(Child { stays: fate == "stay" })
    }

    /// Says something, and then waits to be killed, if that is its fate.
    #[allow(clippy::print_stdout, reason = "its parent reads this")]
    pub fn says(self, words: &str) {
        println!("{SAYS}{words}");
        if self.stays {
            loop {
                std::thread::park();
            }
        }
    }
}
