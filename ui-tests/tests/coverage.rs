//! Nothing is forgotten: every code has a broken directory, a near miss, a report and a page; every folder is whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail loudly, too")]

mod case;

use std::fs;
use std::path::Path;

use revchain_core::Code;

const HEADINGS: [&str; 4] = ["## What it says", "## Why it is refused", "## How it happens", "## What to do"];
const HEADINGS_OF_HAZARDS: [&str; 4] =
    ["## What it says", "## On a live database", "## When it is harmless", "## What to do"];

/// The folders in which something is wrong.
fn faulty() -> Vec<case::Case> {
    case::all("fail").into_iter().chain(case::all("warn")).collect()
}

#[test]
fn every_code_has_a_case() {
    let cases = faulty();
    for code in Code::ALL {
        assert!(
            cases.iter().any(|case| case.code() == Some(*code)),
            "no folder for {code}-{} in cases/fail or cases/warn",
            code.slug()
        );
    }
}

#[test]
fn one_mistake_is_one_finding() {
    for case in faulty() {
        let code = case.code().unwrap_or_else(|| panic!("cases/fail/{}: no code has this number and slug", case.name));
        let said: Vec<Code> = case.verify().findings.iter().map(|finding| finding.code).collect();
        if case::ONLY_THE_MACRO.contains(&code) {
            assert_eq!(said, [], "cases/fail/{}", case.name);
        } else if let Some(reason) = case.read("several") {
            assert!(said.len() > 1 && said.contains(&code), "cases/fail/{}: {said:?}", case.name);
            assert!(reason.trim().len() > 20, "cases/fail/{}/several says why there are several findings", case.name);
        } else {
            assert_eq!(said, [code], "cases/fail/{}", case.name);
        }
    }
}

#[test]
fn every_finding_says_what_to_do_in_the_house_style() {
    for case in faulty() {
        for finding in case.verify().findings {
            let place = format!("cases/fail/{}: {}", case.name, finding.message);
            assert!(finding.help.as_deref().is_some_and(|help| !help.is_empty()), "{place}: no help");
            assert!(!finding.message.ends_with('.'), "{place}: ends with a full stop");
            assert!(!finding.message.contains('\n'), "{place}: is one line");
            assert!(!finding.message.starts_with(|c: char| c.is_uppercase()), "{place}: begins with a capital");
            assert!(finding.message.matches('`').count() % 2 == 0, "{place}: a backtick is not closed");
            assert!(finding.primary.is_some() || finding.path.is_some(), "{place}: no place");
        }
    }
}

#[test]
fn every_folder_is_whole() {
    for case in case::all("fail") {
        let is_macro = case.code().is_some_and(|code| case::ONLY_THE_MACRO.contains(&code));
        for file in ["main.rs", "main.stderr"] {
            assert!(case.path.join(file).is_file(), "cases/fail/{}: no {file}", case.name);
        }
        assert_eq!(case.path.join("report.txt").is_file(), !is_macro, "cases/fail/{}: report.txt", case.name);
        assert_known_files(&case, &["main.rs", "main.stderr", "report.txt", "several", "migrations"]);
    }
    for case in case::all("warn") {
        for file in ["main.rs", "report.txt"] {
            assert!(case.path.join(file).is_file(), "cases/warn/{}: no {file}", case.name);
        }
        assert_known_files(&case, &["main.rs", "report.txt", "migrations"]);
    }
    for case in case::all("pass") {
        assert!(case.path.join("main.rs").is_file(), "cases/pass/{}: no main.rs", case.name);
        assert!(case.path.join("migrations/versions").is_dir(), "cases/pass/{}: no versions directory", case.name);
        assert_known_files(&case, &["main.rs", "migrations"]);
    }
}

fn assert_known_files(case: &case::Case, known: &[&str]) {
    for entry in fs::read_dir(&case.path).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name.as_str()), "{}: `{name}` belongs to no test", case.path.display());
    }
}

/// Messages and expectations must not name the machine that they were written on.
#[test]
fn no_expectation_names_a_machine() {
    for case in faulty() {
        for file in ["report.txt", "main.stderr"] {
            for line in case.read(file).unwrap_or_default().lines() {
                let path = line.trim_start().strip_prefix("-->").or_else(|| line.trim_start().strip_prefix(":::"));
                let is_absolute = path.is_some_and(|path| Path::new(path.trim()).is_absolute());
                assert!(!is_absolute, "cases/fail/{}/{file}: {line}", case.name);
            }
        }
    }
}

#[test]
fn every_code_has_a_near_miss() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let names: Vec<String> = case::all("pass").into_iter().map(|case| case.name).collect();
    for code in Code::ALL {
        let row = table.lines().find(|line| line.starts_with(&format!("| {code} ")));
        let row = row.unwrap_or_else(|| panic!("{code} has no row in ui-tests/README.md"));
        assert!(
            names.iter().any(|name| row.contains(&format!("`{name}`"))),
            "{code}: the row in ui-tests/README.md names no folder of cases/pass"
        );
    }
    for name in &names {
        assert!(table.contains(&format!("`{name}`")), "cases/pass/{name} is in no row of ui-tests/README.md");
    }
}

#[test]
fn every_page_is_written() {
    for code in Code::ALL {
        let page = code.page();
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(lines.first().copied(), Some(format!("# {code} {}", code.slug()).as_str()));
        let headings: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with("## ")).collect();
        let expected = if code.is_hazard() { HEADINGS_OF_HAZARDS } else { HEADINGS };
        assert_eq!(headings, expected, "{code}");
        for part in page.split("\n## ").skip(1) {
            let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
            assert!(body.trim().len() > 20, "{code}: nothing below `{heading}`");
        }
        assert!(lines.len() <= 50, "{code}: {} lines, and pages are short", lines.len());
    }
}

/// The example on a page is what is really said about one of the code's cases.
#[test]
fn every_page_quotes_a_message_that_is_said() {
    let cases = faulty();
    for code in Code::ALL {
        let said = cases.iter().filter(|case| case.code() == Some(*code)).flat_map(|case| {
            ["report.txt", "main.stderr"].into_iter().filter_map(|file| case.read(file)).collect::<Vec<_>>()
        });
        let begins = ["error", "warning"].map(|severity| format!("{severity}: [{code}] "));
        let quoted = code.page().lines().find(|line| begins.iter().any(|begin| line.starts_with(begin)));
        let quoted = quoted.unwrap_or_else(|| panic!("{code}: the page quotes no line `error: [{code}] …`"));
        assert!(
            said.into_iter().any(|text| text.lines().any(|line| line == quoted)),
            "{code}: no case says `{quoted}`"
        );
    }
}
