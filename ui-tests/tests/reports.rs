//! What is said about every case, to the letter. `UPDATE_EXPECT=1 cargo test -p ui-tests --test reports` rewrites the
//! expectations; the difference is then reviewed like code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail loudly, too")]

mod case;

use std::fmt::Write;
use std::fs;

#[test]
fn every_faulty_directory_gets_its_report() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = String::new();
    for case in [case::all("fail"), case::all("warn")].into_iter().flatten() {
        if case.code().is_some_and(|code| case::ONLY_THE_MACRO.contains(&code)) {
            continue;
        }
        let said = case.verify().text;
        let expected = case.read("report.txt").unwrap_or_default();
        if said == expected {
            continue;
        }
        if update {
            fs::write(case.path.join("report.txt"), &said).unwrap();
        } else {
            let _ = write!(wrong, "\n--- {}/report.txt\n{}", case.path.display(), difference(&expected, &said));
        }
    }
    assert!(wrong.is_empty(), "reports differ (UPDATE_EXPECT=1 rewrites them):\n{wrong}");
}

#[test]
fn a_warning_leaves_a_chain() {
    for case in case::all("warn") {
        assert!(case.verify().revisions.is_some(), "cases/warn/{}: no chain", case.name);
    }
}

#[test]
fn nothing_is_said_about_a_sound_directory() {
    for case in case::all("pass") {
        let verdict = case.verify();
        assert_eq!(verdict.text, "", "cases/pass/{}", case.name);
        assert!(verdict.revisions.is_some(), "cases/pass/{}: no chain", case.name);
    }
}

/// The lines that are alike, gone and new, as a person reads a diff. Quadratic; reports are short.
fn difference(expected: &str, said: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), said.lines().collect());
    // The length of the longest common run of lines from each pair of positions on.
    let mut common = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for left in (0..old.len()).rev() {
        for right in (0..new.len()).rev() {
            common[left][right] = if old[left] == new[right] {
                common[left + 1][right + 1] + 1
            } else {
                common[left + 1][right].max(common[left][right + 1])
            };
        }
    }
    let (mut left, mut right, mut text) = (0, 0, String::new());
    while left < old.len() || right < new.len() {
        let (mark, line) = if left < old.len() && right < new.len() && old[left] == new[right] {
            (left, right) = (left + 1, right + 1);
            (' ', old[left - 1])
        } else if right == new.len() || (left < old.len() && common[left + 1][right] >= common[left][right + 1]) {
            left += 1;
            ('-', old[left - 1])
        } else {
            right += 1;
            ('+', new[right - 1])
        };
        let _ = writeln!(text, "{mark} {line}");
    }
    text
}

#[test]
fn a_difference_shows_both_sides() {
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "  a\n- b\n+ x\n  c\n+ d\n");
    assert_eq!(difference("", "a\n"), "+ a\n");
}
