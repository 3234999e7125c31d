//! Identifiers, compared as their dialect compares them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use revchain_core::Dialect;

/// An identifier. Two are equal where the database takes them for one: PostgreSQL has folded the unquoted ones to lower
/// case already; MySQL's columns and indexes, and everything of SQLite's, are equal whatever their case. (MySQL's tables
/// depend on the server's file system. A chain that tells two tables apart by case alone is none that we could judge.)
#[derive(Clone)]
pub struct Name(Arc<Spelling>);

struct Spelling {
    /// How what is compared begins: most names differ here, and two numbers are soon compared.
    head: u64,
    text: Box<str>,
    /// The lower case, where that is what is compared and another.
    folded: Option<Box<str>>,
    /// Whether what is compared is in lower case.
    is_lower: bool,
}

impl Name {
    /// A name as it is stored: without quotes, folded already where the dialect folds.
    pub fn new(text: &str, dialect: Dialect) -> Name {
        let folded = text.to_lowercase();
        // Most names are in lower case: this is the copy, then, that has to be made anyway.
        if folded == text {
            return Name::lower(folded);
        }
        let folded = (dialect != Dialect::Postgres).then(|| folded.into_boxed_str());
        let head = head(folded.as_deref().unwrap_or(text));
        let is_lower = folded.is_some();
        Name(Arc::new(Spelling { head, text: text.into(), folded, is_lower }))
    }

    /// A name that was written without quotes.
    pub(crate) fn unquoted(text: &str, dialect: Dialect) -> Name {
        match dialect {
            Dialect::Postgres => Name::lower(text.to_lowercase()),
            Dialect::Mysql | Dialect::Sqlite => Name::new(text, dialect),
        }
    }

    /// One in lower case.
    fn lower(text: String) -> Name {
        Name(Arc::new(Spelling { head: head(&text), text: text.into(), folded: None, is_lower: true }))
    }

    /// The same name where case means nothing: equal to whatever a dialect like that has of it.
    pub(crate) fn without_case(&self) -> Name {
        match self.0.is_lower {
            true => self.clone(),
            false => Name::new(&self.0.text, Dialect::Sqlite),
        }
    }

    /// As it was written first.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// What is compared.
    pub fn key(&self) -> &str {
        let spelling = &*self.0;
        match &spelling.folded {
            Some(folded) => folded,
            None => &spelling.text,
        }
    }
}

/// The first eight bytes of a text, as a number that orders as they do. By hand: every name of every statement is made here,
/// in builds without optimisation.
fn head(text: &str) -> u64 {
    u64::from_be_bytes(match *text.as_bytes() {
        [] => [0; 8],
        [a] => [a, 0, 0, 0, 0, 0, 0, 0],
        [a, b] => [a, b, 0, 0, 0, 0, 0, 0],
        [a, b, c] => [a, b, c, 0, 0, 0, 0, 0],
        [a, b, c, d] => [a, b, c, d, 0, 0, 0, 0],
        [a, b, c, d, e] => [a, b, c, d, e, 0, 0, 0],
        [a, b, c, d, e, f] => [a, b, c, d, e, f, 0, 0],
        [a, b, c, d, e, f, g] => [a, b, c, d, e, f, g, 0],
        [a, b, c, d, e, f, g, h, ..] => [a, b, c, d, e, f, g, h],
    })
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.head == other.0.head && self.key() == other.key()
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        let (one, two) = (self.0.head, other.0.head);
        if one < two {
            Ordering::Less
        } else if one > two {
            Ordering::Greater
        } else {
            self.key().cmp(other.key())
        }
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The name of a table, a type, a sequence…: with its schema, where one is said.
///
/// A statement's name without a schema is looked for where the session would look; the replay puts what it finds there in
/// place. In a [`Schema`](crate::Schema) what lies in the default schema has none.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// The schema; on MySQL the database, on SQLite an attached one.
    pub schema: Option<Name>,
    /// The bare name.
    pub name: Name,
}

impl ObjectName {
    /// A name in the default schema.
    pub fn bare(name: Name) -> ObjectName {
        ObjectName { schema: None, name }
    }

    /// Another name in the same schema.
    #[must_use]
    pub fn beside(&self, name: Name) -> ObjectName {
        ObjectName { schema: self.schema.clone(), name }
    }
}

impl PartialOrd for ObjectName {
    fn partial_cmp(&self, other: &ObjectName) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ObjectName {
    /// By hand: the maps of a schema ask for nothing else, in builds without optimisation.
    fn cmp(&self, other: &ObjectName) -> Ordering {
        let schemas = match (&self.schema, &other.schema) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(two)) => one.cmp(two),
        };
        match schemas {
            Ordering::Equal => self.name.cmp(&other.name),
            unequal => unequal,
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => fmt::Display::fmt(&self.name, f),
        }
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
