//! The walk itself; what is found in a revision is the business of the cases in `ui-tests`.

use revchain_core::{Code, Sources, chain};

use super::{ALONE, check};

/// Sound revisions, and a last one that drops a table which no dialect has, and makes one on SQLite alone.
fn said(sound: usize) -> Vec<(Code, String)> {
    let mut sources = Sources::default();
    for position in 0..=sound {
        let sql = match position == sound {
            true => "-- @upgrade postgres, mysql\nDROP TABLE nothing;\n-- @upgrade sqlite\nDROP TABLE nothing;\nCREATE TABLE x (id int);\n".to_owned(),
            false => format!("-- @upgrade\nCREATE TABLE t{position} (id int);\n"),
        };
        let down = position.checked_sub(1).map_or("base".to_owned(), |before| format!("r{before}"));
        let text = format!(
            "-- m\n-- revision: r{position}\n-- down_revision: {down}\n{sql}-- @downgrade; irreversible: a test\n"
        );
        let path = format!("versions/r{position}.sql");
        sources.add(path.clone(), path, text.into_bytes());
    }
    let (chain, findings) = chain::verify(&sources);
    let chain = chain.unwrap_or_else(|| panic!("a faulty test: {findings:?}"));
    check(&sources, &chain).iter().map(|finding| (finding.code, finding.message.clone())).collect()
}

#[test]
fn a_long_chain_is_walked_in_threads_and_says_the_same() {
    let short = said(1);
    let codes: Vec<Code> = short.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [Code::UnknownTable, Code::DialectsDiffer, Code::UnknownTable], "{short:?}");
    assert_eq!(said(ALONE + 1), short);
}
