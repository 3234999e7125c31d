//! This test program as a program of its own, which can be killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use revchain::{Database, Event};

use crate::common::everything::chain;

/// What the other program does: not a test, and nothing where nobody asked for it.
#[tokio::test]
async fn child() {
    let (Ok(url), Ok(verb)) = (std::env::var("FAULTS_URL"), std::env::var("FAULTS_VERB")) else { return };
    let mut database = Database::connect(&url).await.unwrap();
    let chain = chain(database.dialect());
    let run = chain.migrator().on_event(|event| {
        if std::env::var_os("FAULTS_SAY").is_none() {
            return;
        }
        match event {
            Event::Waiting { .. } => eprintln!("waits"),
            Event::Resumed { .. } => eprintln!("takes over"),
            _ => {}
        }
    });
    let done = match verb.as_str() {
        "upgrade" if std::env::var_os("FAULTS_LENT").is_some() => {
            let mut lent = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
            run.upgrade(&mut lent, "head").await
        }
        "upgrade" => run.upgrade(&mut database, "head").await,
        _ => chain.downgrade(&mut database, "base").await,
    };
    if let Err(error) = done {
        panic!("{error}");
    }
}

/// Starts it.
pub(crate) fn start(url: &str, verb: &str, variables: &[(&str, String)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program::child", "--nocapture"])
        .env("FAULTS_URL", url)
        .env("FAULTS_VERB", verb)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for its end, and says how it ended where that was not well.
pub(crate) fn ends_well(child: Child) -> Result<(), String> {
    let output = child.wait_with_output().unwrap();
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout))),
    }
}

/// Runs it so that it dies at a place. Gives what place that was; `None` where it came to its end.
pub(crate) fn die_at(place: u32, url: &str, verb: &str) -> Option<String> {
    die_at_with(place, url, verb, &[])
}

pub(crate) fn die_at_with(place: u32, url: &str, verb: &str, variables: &[(&str, String)]) -> Option<String> {
    let variables = [variables, &[("REVCHAIN_CRASH_AT", place.to_string())]].concat();
    let ended = ends_well(start(url, verb, &variables));
    let said = ended.err()?;
    let place = said.lines().find_map(|line| line.split_once("crashed ")).map(|(_, place)| place.to_owned());
    Some(place.unwrap_or_else(|| panic!("{said}")))
}

/// Calls a function once it says that it waits. An error where it takes over, or does not end well.
pub(crate) fn until_it_waits(mut child: Child, waits: impl FnOnce()) -> Result<(), String> {
    let mut waits = Some(waits);
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok) {
        if line == "waits"
            && let Some(waits) = waits.take()
        {
            waits();
        }
        said.push_str(&line);
        said.push('\n');
    }
    let is_well = child.wait().unwrap().success() && waits.is_none() && !said.contains("takes over");
    // Whoever waits for it to wait waits no longer.
    if let Some(waits) = waits {
        waits();
    }
    if is_well { Ok(()) } else { Err(said) }
}
