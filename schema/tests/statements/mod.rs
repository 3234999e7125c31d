//! Statements that people would write: those of the cases in `ui-tests`, cut at their semicolons.

use std::path::Path;

use revchain_core::load;

/// All of them, each once.
pub(crate) fn all() -> Vec<String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui-tests/cases");
    let mut statements = Vec::new();
    for kind in ["pass", "fail", "warn"] {
        let Ok(folders) = std::fs::read_dir(cases.join(kind)) else { continue };
        let mut folders: Vec<_> = folders.flatten().map(|folder| folder.path()).collect();
        folders.sort();
        for folder in folders {
            let sources = load::load(&folder.join("migrations"), "migrations");
            for (_, file) in sources.iter().filter(|(_, file)| file.relative.ends_with(".sql")) {
                let lines = file.text.lines().filter(|line| !line.starts_with("--"));
                let text = lines.collect::<Vec<_>>().join("\n");
                statements.extend(text.split_inclusive(';').map(|statement| statement.trim().to_owned()));
            }
        }
    }
    // What is cut in the middle of a string, or of a body, is half of it.
    statements.retain(|statement| statement.len() > 1 && is_closed(statement));
    statements.sort();
    statements.dedup();
    assert!(statements.len() > 200, "the cases of ui-tests are not there");
    statements
}

/// Whether every quote is closed, as far as counting tells: what isn't is refused before the replay.
pub(crate) fn is_closed(text: &str) -> bool {
    let even = |mark: &str| text.matches(mark).count().is_multiple_of(2);
    even("'") && even("\"") && even("`") && even("$") && !text.contains("/*") && !text.contains('\0')
}
