//! Whole directories: what order they give, or what is said.

use super::{VerifiedChain, verify};
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

fn revision(id: &str, down: &str, rest: &str) -> (String, Vec<u8>) {
    let text = format!("-- x\n-- revision: {id}\n-- down_revision: {down}\n-- @upgrade\n{rest}-- @downgrade\n");
    (format!("versions/{id}.sql"), text.into_bytes())
}

/// What is said of a chain that grows by a file is what is said of them all together.
#[test]
fn one_more_revision_is_judged_as_if_it_had_been_there() {
    for (id, down, rest, expect) in [
        ("c", "b", "", "a b c"),
        ("c", "a", "", "RC103"),
        ("c", "zzz", "", "RC104"),
        ("a", "b", "", "RC101"),
        ("0", "base", "", "RC105"),
        ("c", "b", "COMMIT;\n", "RC202"),
    ] {
        let mut sources = Sources::default();
        for (path, text) in [revision("a", "base", ""), revision("b", "a", "")] {
            sources.add(path.clone(), path, text);
        }
        let (chain, _) = verify(&sources);
        let (_, text) = revision(id, down, rest);
        let added = sources.add("versions/c_new.sql", format!("versions/{id}_new.sql"), text);
        let (grown, findings) = chain.unwrap().and(&sources, added);
        let (whole, all) = verify(&sources);
        assert_eq!(findings, all, "{id} -> {down}");
        let ids = |chain: Option<VerifiedChain>| -> Vec<String> {
            let revisions = chain.map(|chain| chain.revisions().to_vec()).unwrap_or_default();
            revisions.into_iter().filter_map(|revision| Some(revision.id?.text)).collect()
        };
        let said = ids(grown);
        assert_eq!(said, ids(whole));
        let codes = findings.iter().map(|finding| finding.code.number().to_owned());
        assert_eq!(said.into_iter().chain(codes).collect::<Vec<_>>().join(" "), expect, "{id} -> {down}");
    }
}

/// The same of a lock that is put beside a chain, or in the place of another.
#[test]
fn under_a_lock_it_is_judged_as_if_that_had_been_there() {
    let mut sources = Sources::default();
    for (path, text) in [revision("a", "base", ""), revision("b", "a", "")] {
        sources.add(path.clone(), path, text);
    }
    let chain = verify(&sources).0.unwrap();
    for (lock, released, codes) in [
        ("[order]\na\nb\n", Some(0), &[][..]),
        ("[order]\na\n", Some(0), &[Code::LockBehind]),
        ("[order]\na\nb\n[released]\na 00000000000000000000000000000000\n", None, &[Code::ReleasedEdited]),
        ("[order]\na\nb\n[released]\ngone 00000000000000000000000000000000\n", None, &[Code::ReleasedGone]),
        ("[order]\na\nb\n!!!\n", None, &[Code::LockSyntax]),
    ] {
        let mut sources = sources.clone();
        let file = sources.add("revchain.lock", "revchain.lock", lock.into());
        let (under, findings) = chain.under(&sources, file);
        let (whole, all) = verify(&sources);
        assert_eq!(findings, all, "{lock}");
        assert_eq!(under.as_ref().map(VerifiedChain::released), released, "{lock}: {findings:?}");
        assert_eq!(whole.map(|chain| chain.released()), released);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), codes, "{lock}");
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
