//! Names of tables, columns and values as Rust has them.

use std::collections::BTreeSet;

/// Words that are no identifiers of a user's.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// What a raw identifier can't be either.
const NEVER: [&str; 5] = ["self", "super", "crate", "_", ""];

/// Types that the module has already.
const TAKEN: [&str; 20] = [
    "String",
    "Option",
    "Vec",
    "Some",
    "None",
    "Ok",
    "Err",
    "Box",
    "Self",
    "DateTime",
    "Utc",
    "NaiveDate",
    "NaiveTime",
    "NaiveDateTime",
    "Decimal",
    "JsonValue",
    "Uuid",
    "Hyphenated",
    "IpNetwork",
    "PgInterval",
];

/// Words that end as a plural does, and are none.
const ALONE: [&str; 5] = ["news", "series", "species", "lens", "means"];

/// The names of types so far.
pub(super) struct Types(BTreeSet<String>);

impl Types {
    pub(super) fn new() -> Types {
        Types(TAKEN.iter().map(|name| (*name).to_owned()).collect())
    }

    /// That of a table: one row of `users` is a `User`.
    pub(super) fn table(&mut self, table: &str) -> String {
        let plain = camel(table, "Table");
        let one = camel(&singular(table), "Table");
        self.first([one, plain.clone(), format!("{plain}Row")])
    }

    /// That of an enum.
    pub(super) fn enumeration(&mut self, name: &str) -> String {
        let plain = camel(name, "Kind");
        self.first([plain.clone(), format!("{plain}Kind"), format!("{plain}Value")])
    }

    fn first(&mut self, wanted: [String; 3]) -> String {
        let last = wanted.last().cloned().unwrap_or_default();
        let numbered = (2..).map(|number| format!("{last}{number}"));
        let mut free = wanted.into_iter().chain(numbered).filter(|name| !self.0.contains(name));
        let name = free.next().unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

/// The field of a column: in snake case, raw where it is a word of Rust's, and unlike those before it.
pub(super) fn field(column: &str, before: &[String]) -> String {
    let mut name = snake(column);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert_str(0, "column_");
    }
    if NEVER.contains(&name.as_str()) {
        name.push('_');
    }
    let name = if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name };
    let plain = name.trim_start_matches("r#").to_owned();
    let mut all = std::iter::once(name).chain((2..).map(|number| format!("{plain}_{number}")));
    all.find(|name| !before.contains(name)).unwrap_or_default()
}

/// The variants of an enum.
pub(super) fn variants(values: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in values {
        let name = camel(value, "Value");
        let mut numbered = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}{number}")));
        all.extend(numbered.find(|name| !all.contains(name)));
    }
    all
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// The words of a name, in lower case: `projectId`, `project_id` and `Project ID` are of two.
fn parts(name: &str) -> Vec<String> {
    let (mut parts, mut last_small) = (vec![String::new()], false);
    for character in name.chars() {
        if !is_letter(character) || character.is_ascii_uppercase() && last_small {
            parts.push(String::new());
        }
        if let (Some(part), true) = (parts.last_mut(), is_letter(character)) {
            part.push(character.to_ascii_lowercase());
        }
        last_small = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn snake(name: &str) -> String {
    // What is one already stays so, whatever is doubled in it.
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.chars().all(is_plain) && name.chars().any(is_letter) {
        return name.to_owned();
    }
    parts(name).join("_")
}

fn camel(name: &str, otherwise: &str) -> String {
    let upper = |part: &String| {
        let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    let name: String = parts(name).iter().map(upper).collect();
    match name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true if name != "Self" => name,
        _ => format!("{otherwise}{name}"),
    }
}

/// One of many, where English is plain about it.
fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit('_').next().unwrap_or_default();
    if ALONE.contains(&last) || last.len() < 4 {
        return name.to_owned();
    }
    let without = |count: usize| name.get(..name.len() - count).unwrap_or(name).to_owned();
    if last.ends_with("ies") {
        return format!("{}y", without(3));
    }
    if ["sses", "tuses", "iases", "xes", "ches", "shes"].iter().any(|end| last.ends_with(end)) {
        return without(2);
    }
    match last.ends_with('s') && !["ss", "us", "is", "as", "os"].iter().any(|end| last.ends_with(end)) {
        true => without(1),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_rusts() {
        let mut types = Types::new();
        for (table, expect) in [
            ("users", "User"),
            ("categories", "Category"),
            ("boxes", "Boxes"),
            ("statuses", "Status"),
            ("address", "Address"),
            ("meta_data", "MetaData"),
            ("user", "UserRow"),
            ("2nd things", "Table2ndThing"),
            ("größe", "GrE"),
            ("---", "Table"),
            ("news", "News"),
            ("aliases", "Alias"),
            ("self", "TableSelf"),
        ] {
            let found = types.table(table);
            assert_eq!(found, expect, "{table}");
        }
        let mut before = Vec::new();
        for (column, expect) in [
            ("id", "id"),
            ("type", "r#type"),
            ("Created At", "created_at"),
            ("createdAt", "created_at_2"),
            ("self", "self_"),
            ("2", "column_2"),
            ("__v", "__v"),
            ("", "column_"),
            ("URL", "url"),
        ] {
            before.push(field(column, &before));
            assert_eq!(before.last().unwrap(), expect, "{column}");
        }
        let values: Vec<String> = ["new", "in progress", "New", "4k", ""].map(str::to_owned).to_vec();
        assert_eq!(variants(&values), ["New", "InProgress", "New2", "Value4k", "Value"]);
    }
}
