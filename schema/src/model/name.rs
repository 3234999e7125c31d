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
pub struct Name {
    text: Arc<str>,
    /// The lower case, where that is what is compared and another.
    folded: Option<Arc<str>>,
}

impl Name {
    /// A name as it is stored: without quotes, folded already where the dialect folds.
    pub fn new(text: &str, dialect: Dialect) -> Name {
        if matches!(dialect, Dialect::Postgres) || is_small(text) {
            return Name { text: Arc::from(text), folded: None };
        }
        let folded = text.to_lowercase();
        Name { text: Arc::from(text), folded: (folded != text).then(|| Arc::from(folded)) }
    }

    /// A name that was written without quotes.
    pub(crate) fn unquoted(text: &str, dialect: Dialect) -> Name {
        match matches!(dialect, Dialect::Postgres) && !is_small(text) {
            true => Name::new(&text.to_lowercase(), dialect),
            false => Name::new(text, dialect),
        }
    }

    /// As it was written first.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is compared.
    pub fn key(&self) -> &str {
        match &self.folded {
            Some(folded) => folded,
            None => &self.text,
        }
    }
}

/// Whether nothing is to be folded. By hand: asked of every name that is read, in builds without optimisation.
fn is_small(text: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'A'..=b'Z' | 0x80.. => return false,
            _ => at += 1,
        }
    }
    true
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.key() == other.key()
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
        self.key().cmp(other.key())
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
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
