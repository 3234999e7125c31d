//! Reads what `cargo tree --prefix depth` prints.
//!
//! `cargo metadata` would be the machine's format, but its graph holds packages that no chosen feature switches on
//! (sqlx-macros, through weak features); `cargo tree` shows what is really built.

/// The format to hand to `cargo tree --format`: package, then licence.
pub(crate) const FORMAT: &str = "{p}\t{l}";

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The licence expression; empty when the package states none.
    pub(crate) licence: String,
    /// The names from the root of the tree to this package, both included.
    pub(crate) path: Vec<String>,
}

impl Node {
    /// Returns the name of the package that depends on this one; none for a root.
    pub(crate) fn parent(&self) -> Option<&str> {
        self.path.len().checked_sub(2).and_then(|i| self.path.get(i)).map(String::as_str)
    }
}

/// Reads the tree. Lines that are not packages are passed over.
pub(crate) fn parse(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut path: Vec<String> = Vec::new();
    for line in text.lines() {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let Ok(depth) = line[..line.len() - rest.len()].parse::<usize>() else { continue };
        let (package, licence) = rest.split_once('\t').unwrap_or((rest, ""));
        let mut words = package.split_whitespace();
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        path.truncate(depth);
        path.push(name.to_owned());
        nodes.push(Node {
            name: name.to_owned(),
            version: version.trim_start_matches('v').to_owned(),
            // The mark for "its dependencies were shown above".
            licence: licence.trim_end_matches("(*)").trim().to_owned(),
            path: path.clone(),
        });
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths_and_licences() {
        let text = "0app v0.1.0 (/x y/app)\tMIT OR Apache-2.0\n1a v1.0.0\tMIT\n2b v2.0.0 (proc-macro)\tMIT/Apache-2.0\n\
                    1c v0.3.0\tZlib\n2b v2.0.0 (proc-macro)\tMIT/Apache-2.0 (*)\n\n0other v0.1.0\t\n";
        let nodes = parse(text);
        let seen: Vec<_> =
            nodes.iter().map(|n| (n.path.join(" → "), n.version.as_str(), n.licence.as_str(), n.parent())).collect();
        assert_eq!(
            seen,
            [
                ("app".to_owned(), "0.1.0", "MIT OR Apache-2.0", None),
                ("app → a".to_owned(), "1.0.0", "MIT", Some("app")),
                ("app → a → b".to_owned(), "2.0.0", "MIT/Apache-2.0", Some("a")),
                ("app → c".to_owned(), "0.3.0", "Zlib", Some("app")),
                ("app → c → b".to_owned(), "2.0.0", "MIT/Apache-2.0", Some("c")),
                ("other".to_owned(), "0.1.0", "", None),
            ]
        );
    }
}
