//! Whole directories: what order they give, or what is said.

use super::verify;
use crate::{Code, Sources};

/// Links revisions given as `id -> down`, and gives the order or what is said.
pub(super) fn check(files: &[&str]) -> String {
    let mut sources = Sources::default();
    for (number, file) in files.iter().enumerate() {
        let (name, rest) = file.split_once('/').unwrap_or(("", file));
        let (id, down) = rest.split_once(" -> ").unwrap();
        let path = if name.is_empty() { format!("versions/{id}_{number}.sql") } else { format!("versions/{name}.sql") };
        let text = format!("-- x\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n-- @downgrade\n");
        sources.add(path.clone(), path, text.into_bytes());
    }
    let (chain, findings) = verify(&sources);
    match chain {
        Some(chain) => {
            let ids: Vec<_> = chain
                .revisions()
                .iter()
                .filter_map(|revision| revision.id.as_ref())
                .map(|id| id.text.clone())
                .collect();
            ids.join(" ")
        }
        None => {
            let said: Vec<_> =
                findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
            said.join("; ")
        }
    }
}

#[test]
fn a_sound_chain_is_put_in_order_whatever_the_file_names_say() {
    assert_eq!(check(&[]), "");
    assert_eq!(check(&["c -> b", "a -> base", "b -> a"]), "a b c");
    assert_eq!(check(&["user_foo -> base", "user -> user_foo"]), "user_foo user", "B-7");
}

#[test]
fn each_defect_is_told_once() {
    for (files, expect) in [
        (&["a -> a"][..], "RC107: revision `a` follows itself"),
        (&["a -> a", "b -> a", "c -> b"], "RC107: revision `a` follows itself"),
        (&["a -> c", "b -> a", "c -> b"], "RC108: 3 revisions follow each other in a circle: a → c → b → a"),
        (
            &["a -> c", "b -> a", "c -> b", "d -> base", "e -> d"],
            "RC108: 3 revisions follow each other in a circle: a → c → b → a",
        ),
        (
            &["a -> c", "b -> a", "c -> b", "d -> c", "e -> d"],
            "RC108: 3 revisions follow each other in a circle: a → c → b → a",
        ),
        (&["a -> base", "b -> zzz"], "RC104: `b` follows `zzz`, which does not exist"),
        (
            &["a -> zzzz", "b -> a"],
            "RC106: no revision opens the chain: `a` is the first, and follows `zzzz`, which does not exist",
        ),
        (&["b_one/b -> base", "b_two/b -> base"], "RC101: revision `b` exists twice"),
        (&["a -> base", "b -> a", "b2 -> a"], "RC103: 2 revisions follow `a`: `b2` and `b`"),
        (&["a -> base", "z -> base"], "RC105: 2 revisions open the chain: `a` and `z`"),
        (&["ab -> base", "AB -> ab"], "RC102: revision ids `AB` and `ab` differ only in case"),
        (&["x_y/a -> base"], "RC016: the header says `a`, and the file is called `x_y.sql`"),
    ] {
        assert_eq!(check(files), expect, "{files:?}");
    }
}

/// What is said about a `revchain.toml` and a file that serves SQLite alone.
fn check_config(config: &[u8]) -> Vec<Code> {
    let mut sources = Sources::default();
    sources.add("revchain.toml", "revchain.toml", config.to_vec());
    let text = "-- x\n-- revision: a\n-- down_revision: base\n-- @upgrade sqlite; rebuild\n-- @downgrade sqlite\n";
    sources.add("versions/a.sql", "versions/a.sql", text.as_bytes().to_vec());
    verify(&sources).1.iter().map(|finding| finding.code).collect()
}

#[test]
fn without_a_sound_configuration_nothing_is_said_about_dialects() {
    assert_eq!(check_config(b"dialects = ['sqlite']"), []);
    assert_eq!(check_config(b"dialects = ['sqlite', 'postgres']"), [Code::MissingDialect; 2]);
    for (config, code) in [
        (&b"dialect = ['sqlite']"[..], Code::ConfigKey),
        (b"dialects = 'sqlite'", Code::ConfigValue),
        (b"dialects = ['sqlit']", Code::ConfigValue),
        (b"dialects = [sqlite]", Code::ConfigSyntax),
        (b"# \xff\ndialects = ['sqlite']", Code::NotUtf8),
    ] {
        assert_eq!(check_config(config), [code]);
    }
}
