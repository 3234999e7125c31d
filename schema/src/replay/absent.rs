//! Collations, character sets, engines, access methods and operator classes that no server has. Of names that a plug-in, an extension or
//! an operating system may bring nothing is claimed but where they are nearly one that everybody has.

use revchain_core::Dialect;
use revchain_core::suggest::nearest;

use super::fit::{is_character_set, is_no_collation};
use super::functions;
use super::mentioned::{SQLITE_ORDERS, is_order};
use super::step::Step;
use super::{FaultKind, Replay};
use crate::change::Part;
use crate::model::{Index, Name};

/// PostgreSQL's own access methods of indexes, and what it takes for `gist`.
const METHODS: [&str; 7] = ["brin", "btree", "gin", "gist", "hash", "rtree", "spgist"];

/// PostgreSQL's operator classes that people name.
const CLASSES: [&str; 8] = [
    "array_ops",
    "bpchar_pattern_ops",
    "inet_ops",
    "jsonb_ops",
    "jsonb_path_ops",
    "range_ops",
    "text_pattern_ops",
    "varchar_pattern_ops",
];

/// Operator classes of an extension that the owner of a database may make.
const OF_TRIGRAMS: [&str; 2] = ["gin_trgm_ops", "gist_trgm_ops"];

/// MySQL's and MariaDB's engines.
#[rustfmt::skip]
const ENGINES: [&str; 22] = [
    "archive", "aria", "blackhole", "columnstore", "connect", "csv", "example", "federated", "heap", "innodb", "memory",
    "merge", "mrg_myisam", "myisam", "mroonga", "ndb", "ndbcluster", "rocksdb", "s3", "sequence", "spider", "tokudb",
];

impl Replay {
    /// Says if no server orders texts in this way. MySQL's are judged with their column.
    pub(super) fn judge_collation(&self, collation: &Name, part: Option<Part>, step: &mut Step<'_>) {
        let (key, dialect) = (collation.key(), self.dialect());
        let help = match dialect {
            // An application brings others, and nobody sees that here.
            Dialect::Sqlite if !is_order(collation) => match nearest(key, SQLITE_ORDERS) {
                Some(near) => format!("did you mean `{}`?", near.to_uppercase()),
                None if is_mysqls(key) => "write BINARY, NOCASE or RTRIM".to_owned(),
                None => return,
            },
            Dialect::Postgres if is_of_another(key) => {
                "leave it out, or write one of PostgreSQL's: `\"C\"`, `\"en-x-icu\"`; for texts that differ in case alone there is `lower(…)` in an index".to_owned()
            }
            _ => return,
        };
        let is_made = self.schema.others.keys().any(|(kind, _, name)| *kind == "collation" && name.name == *collation);
        if is_made || !self.schema.unknown.is_empty() {
            return;
        }
        let part = step.word(part, collation.as_str());
        let message = format!("there is no collation `{collation}` on {}", functions::server(dialect));
        let _ = step.fault(FaultKind::Other, message, part).help(help);
    }

    /// Says if no server has what an option of a table of MySQL's names.
    pub(super) fn judge_option(&self, key: &str, value: &str, part: Option<Part>, step: &mut Step<'_>) {
        let value = value.to_ascii_lowercase();
        let value = value.as_str();
        let (what, help) = match key {
            "character set" if value != "default" && !is_character_set(value) => {
                ("character set", "choose another: `utf8mb4` has every letter".to_owned())
            }
            "collate" if is_no_collation(value) => (
                "collation",
                "choose one that begins with a character set, as `utf8mb4_bin` does, or leave it out".to_owned(),
            ),
            "engine" if !ENGINES.contains(&value) => match nearest(value, ENGINES) {
                Some(near) => ("storage engine", format!("did you mean `{near}`?")),
                None => return,
            },
            _ => return,
        };
        let part = step.word(part, value);
        let message = format!("there is no {what} `{value}` on {}", functions::server(self.dialect()));
        let _ = step.fault(FaultKind::Other, message, part).help(help);
    }

    /// Says if no server makes an index in this way.
    pub(super) fn judge_kind(&self, index: &Index, part: Option<Part>, step: &mut Step<'_>) {
        if self.dialect() == Dialect::Mysql {
            return;
        }
        for collation in index.parts.iter().filter_map(|part| part.collation.as_deref()) {
            self.judge_collation(&Name::new(collation, self.dialect()), part, step);
        }
        if self.dialect() != Dialect::Postgres || self.may_have_others() {
            return;
        }
        if let Some(method) = index.method.as_deref().filter(|method| !METHODS.contains(method))
            && let Some(near) = nearest(method, METHODS)
        {
            let message = format!("there is no access method `{method}` on PostgreSQL");
            let part = step.word(part, method);
            let _ = step.fault(FaultKind::Other, message, part).help(format!("did you mean `{near}`?"));
            return;
        }
        for class in index.parts.iter().filter_map(|part| part.operator_class.as_deref()) {
            let is_trigrams = OF_TRIGRAMS.contains(&class);
            let (message, help) = if is_trigrams && !self.has_extension("pg_trgm") {
                (
                    format!("the operator class `{class}` is the extension `pg_trgm`'s, which no revision makes"),
                    "write `CREATE EXTENSION IF NOT EXISTS pg_trgm` before it".to_owned(),
                )
            } else if let Some(near) = nearest(class, CLASSES).filter(|_| !class.ends_with("_ops")) {
                (format!("there is no operator class `{class}` on PostgreSQL"), format!("did you mean `{near}`?"))
            } else {
                continue;
            };
            let part = step.word(part, class);
            let _ = step.fault(FaultKind::Other, message, part).help(help);
            return;
        }
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.schema.extensions.keys().any(|name| name.key() == extension)
    }
}

/// Whether a collation is MySQL's or SQLite's, and surely none of an operating system's.
fn is_of_another(name: &str) -> bool {
    is_mysqls(name) || name == "nocase" || name == "rtrim"
}

/// Whether a collation begins with one of MySQL's character sets, and ends as its collations do.
fn is_mysqls(name: &str) -> bool {
    ["_ci", "_cs", "_bin"].iter().any(|end| name.ends_with(end))
        && name.split_once('_').is_some_and(|(set, _)| is_character_set(set))
}
