//! An application that depends on `revchain` alone gets no parser and no command line at run time.

use std::process::Command;

#[test]
fn revchain_is_small_at_run_time() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("diet").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert_eq!(out.lines().count(), 6, "{out}{err}");
}

#[test]
fn licences_and_bans_hold() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("deny").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
