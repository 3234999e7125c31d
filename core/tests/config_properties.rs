//! Whatever stands in `revchain.toml`: nothing panics, and no finding shows a password.

use proptest::prelude::*;
use revchain_core::{Findings, Sources, config, render};

/// What is said about a file, as a person would read it.
fn said(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("migrations/revchain.toml", "revchain.toml", text.as_bytes().to_vec());
    let mut findings = Findings::default();
    config::read(&sources, file, &mut findings);
    findings.iter().map(|finding| render::render(&sources, finding, true)).collect()
}

proptest! {
    #[test]
    fn any_value_of_any_key_is_read(
        header in "(\\[naming\\]|\\[objects\\]|\\[databases\\.x\\]|\\[databases\\]|)",
        key in "(url|migrations|lock_timeout|statement_timeout|databases|naming|objects|ix|fk|ck|include|exclude|x)",
        value in "[ -&(-~é]{0,24}",
        list in any::<bool>(),
    ) {
        let value = if list { format!("['{value}']") } else { format!("'{value}'") };
        for finding in said(&format!("{header}\n{key} = {value}\n")) {
            prop_assert!(finding.starts_with("error: [RC03"), "{finding}");
            prop_assert!(finding.contains("= help: "), "{finding}");
        }
    }

    #[test]
    fn urls_and_tokens_are_read(
        parts in prop::collection::vec("(://|:|@|/|\\?|#|&|\\$\\{|\\}|\\$|%|\\(|\\)s|password=|pwd|sqlite|postgres|_N_|column_0|é|a)", 0..12),
        key in "(url|naming\\.ix|naming\\.fk|objects\\.exclude|lock_timeout)",
    ) {
        said(&format!("{key} = '{}'", parts.concat()));
    }

    #[test]
    fn no_finding_shows_a_password(
        rest in "[ -&(-~é]{0,12}",
        scheme in "(postgres|postgre|mysql|x)",
        after in "(| x|\n[databases.x]|\nurl = 3|\nbad = 1)",
        form in 0..3usize,
    ) {
        let url = match form {
            0 => format!("{scheme}://me:S3CR{rest}@host/db"),
            1 => format!("{scheme}:///db?password=S3CR"),
            _ => format!("{scheme}://me@host/db?x=1&sslPassword=S3CR&y={rest}"),
        };
        for text in [format!("url = '{url}'{after}"), format!("lock_timeout = '5' # {url}"), format!("urls = '{url}'")] {
            for finding in said(&text) {
                prop_assert!(!finding.contains("S3CR"), "{text}\n{finding}");
            }
        }
    }
}
