//! The key `flavour`: which of the two servers the dialect `mysql` is. Without it nobody knows, and nothing is judged by it.

use toml::Spanned;
use toml::de::DeValue;

use super::shape::string;
use crate::{Code, Finding, Findings, Span};

/// The servers that the dialect `mysql` is, where somebody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// MySQL proper.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// Either: what runs has to run on both.
    Both,
}

impl Flavour {
    /// Whether MySQL proper is one of them.
    pub const fn has_mysql(self) -> bool {
        matches!(self, Flavour::Mysql | Flavour::Both)
    }

    /// Whether MariaDB is one of them.
    pub const fn has_mariadb(self) -> bool {
        matches!(self, Flavour::Mariadb | Flavour::Both)
    }
}

/// Reads the value.
pub(super) fn read(value: &Spanned<DeValue<'_>>, place: Span, findings: &mut Findings) -> Option<Flavour> {
    match string(value) {
        Some("mysql") => return Some(Flavour::Mysql),
        Some("mariadb") => return Some(Flavour::Mariadb),
        Some("both") => return Some(Flavour::Both),
        _ => {}
    }
    findings.push(
        Finding::at(Code::ConfigValue, place, "`flavour` is `\"mysql\"`, `\"mariadb\"` or `\"both\"`")
            .help("it says which server the dialect `mysql` is; leave the key out where that is nobody's business"),
    );
    None
}
