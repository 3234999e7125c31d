//! Keys, indexes and other constraints, as attributes of a struct and of a field say them.

use proc_macro2::Span;

use super::meta::{DIALECTS, Literal, Meta, PerDialect, Value, set};
use super::problems::{Problems, listed};

/// What there is to name: the fields, and what their columns are called.
pub(crate) struct Columns(pub(crate) Vec<(String, String)>);

impl Columns {
    /// The column that a word or a text names: a field's, or one of that name.
    fn find(&self, meta: &Meta, problems: &mut Problems) -> Option<String> {
        let said = match (&meta.value, meta.name.as_str()) {
            (Value::Nothing, word) => word,
            (Value::Text(text), _) => text,
            _ => {
                problems.push(meta.span, "expected a column");
                return None;
            }
        };
        let by_field = self.0.iter().find(|(field, _)| field == said);
        let found = by_field.or_else(|| self.0.iter().find(|(_, column)| column == said));
        if found.is_none() {
            let known: Vec<&str> = self.0.iter().map(|(field, _)| field.as_str()).collect();
            problems.unknown(meta.span, "column", said, &known);
        }
        found.map(|(_, column)| column.clone())
    }

    fn find_all<'m>(&self, list: impl IntoIterator<Item = &'m Meta>, problems: &mut Problems) -> Vec<String> {
        let mut columns = Vec::new();
        for meta in list {
            let Some(column) = self.find(meta, problems) else { continue };
            if columns.contains(&column) {
                problems.push(meta.span, format!("`{column}` is said twice"));
            } else {
                columns.push(column);
            }
        }
        columns
    }
}

/// A primary key or a unique constraint.
#[derive(Default)]
pub(crate) struct Key {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
}

impl Key {
    /// `unique(a, b, name = "…")`.
    pub(crate) fn of_table(meta: &Meta, columns: &Columns, problems: &mut Problems) -> Key {
        let list = meta.list(problems);
        let mut name = None;
        let (options, named): (Vec<&Meta>, Vec<&Meta>) = list.iter().partition(|meta| has_value(meta));
        for option in options {
            match option.name.as_str() {
                "name" => set(&mut name, option.text(problems), option, problems),
                other => problems.unknown(option.span, "key", other, &["name"]),
            }
        }
        let found = columns.find_all(named, problems);
        if found.is_empty() && list.iter().all(has_value) {
            problems.push(meta.span, format!("`{}` names no column: `{0}(…)`", meta.name));
        }
        Key { name, columns: found }
    }

    /// `unique`, `unique = "…"` or `unique(name = "…")`, on a field.
    pub(crate) fn of_field(meta: &Meta, column: &str, problems: &mut Problems) -> Key {
        let mut name = None;
        match &meta.value {
            Value::Nothing => {}
            Value::List(list) => {
                for option in list {
                    match option.name.as_str() {
                        "name" => set(&mut name, option.text(problems), option, problems),
                        other => problems.unknown(option.span, "key", other, &["name"]),
                    }
                }
            }
            _ => name = meta.text(problems),
        }
        Key { name, columns: vec![column.to_owned()] }
    }
}

fn has_value(meta: &Meta) -> bool {
    matches!(meta.value, Value::Is(_) | Value::List(_))
}

/// A foreign key.
#[derive(Default)]
pub(crate) struct ForeignKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) to: Reference,
    pub(crate) on_delete: Option<String>,
    pub(crate) on_update: Option<String>,
    pub(crate) deferrable: Option<bool>,
}

/// What a foreign key refers to.
#[derive(Default)]
pub(crate) struct Reference {
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
}

/// The keys of a foreign key, besides what it refers to.
const FOREIGN_KEY: [&str; 4] = ["name", "on_delete", "on_update", "deferrable"];

impl ForeignKey {
    /// `foreign_key(columns(a, b), references = "…", …)`.
    pub(crate) fn of_table(meta: &Meta, columns: &Columns, problems: &mut Problems) -> Option<ForeignKey> {
        let mut key = ForeignKey::default();
        let (mut to, before) = (None, problems.count());
        for option in meta.list(problems) {
            match (option.name.as_str(), &option.value) {
                ("columns", _) => key.columns = columns.find_all(option.list(problems), problems),
                ("references", _) => set(&mut to, reference(option, problems), option, problems),
                _ if key.option(option, problems) => {}
                (other, _) => {
                    problems.unknown(
                        option.span,
                        "key",
                        other,
                        &[&["columns", "references"], &FOREIGN_KEY[..]].concat(),
                    );
                }
            }
        }
        if key.columns.is_empty() || to.is_none() {
            if problems.count() == before {
                let example = "`foreign_key(columns(a, b), references = \"table(x, y)\")`";
                problems.push(meta.span, format!("a foreign key has columns, and refers to others: {example}"));
            }
            return None;
        }
        key.to = to?;
        key.counted(meta.span, problems);
        Some(key)
    }

    /// `references = "…"` or `references("…", on_delete = "…")`, on a field.
    pub(crate) fn of_field(meta: &Meta, column: &str, problems: &mut Problems) -> Option<ForeignKey> {
        let mut key = ForeignKey { columns: vec![column.to_owned()], ..ForeignKey::default() };
        match &meta.value {
            Value::List(list) => {
                let mut to = None;
                for option in list {
                    match &option.value {
                        Value::Text(_) => set(&mut to, reference(option, problems), option, problems),
                        _ if key.option(option, problems) => {}
                        _ => problems.unknown(option.span, "key", &option.name, &FOREIGN_KEY),
                    }
                }
                if to.is_none() {
                    problems.push(meta.span, "`references` names a table: `references(\"table(column)\", …)`");
                }
                key.to = to?;
            }
            _ => key.to = reference(meta, problems)?,
        }
        key.counted(meta.span, problems);
        Some(key)
    }

    /// Takes a key of a foreign key's own; also from among those of a field. Says whether it was one.
    pub(crate) fn option(&mut self, meta: &Meta, problems: &mut Problems) -> bool {
        match meta.name.as_str() {
            "name" => set(&mut self.name, meta.text(problems), meta, problems),
            "on_delete" => set(&mut self.on_delete, action(meta, problems), meta, problems),
            "on_update" => set(&mut self.on_update, action(meta, problems), meta, problems),
            "deferrable" => set(&mut self.deferrable, deferrable(meta, problems), meta, problems),
            _ => return false,
        }
        true
    }

    /// There are as many columns on one side as on the other.
    fn counted(&self, span: Span, problems: &mut Problems) {
        let (here, there) = (self.columns.len(), self.to.columns.len());
        if there != 0 && here != there {
            let columns = |count| if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
            problems.push(span, format!("{} cannot refer to {}", columns(here), columns(there)));
        }
    }
}

/// `projects(id)`, `app.projects(id, x)`, or `projects` for its primary key.
fn reference(meta: &Meta, problems: &mut Problems) -> Option<Reference> {
    let text = match &meta.value {
        Value::Text(text) => text.clone(),
        _ => meta.text(problems)?,
    };
    let (table, columns) = match text.split_once('(') {
        Some((table, rest)) => (table.trim(), rest.trim_end().strip_suffix(')')),
        None => (text.trim(), Some("")),
    };
    let columns: Option<Vec<String>> = columns.map(|columns| {
        columns.split(',').map(|column| column.trim().to_owned()).filter(|column| !column.is_empty()).collect()
    });
    let (schema, name) = table.rsplit_once('.').map_or((None, table), |(schema, name)| (Some(schema), name));
    let is_name = |name: &str| !name.is_empty() && !name.contains(['(', ')', ',']);
    let Some(columns) = columns.filter(|_| is_name(name) && schema.is_none_or(is_name)) else {
        problems
            .push(meta.span, "expected a table and its columns, as in `\"projects(id)\"` or `\"app.projects(id)\"`");
        return None;
    };
    // SQLAlchemy's way to write it, which would be a table `id` in a schema `projects`.
    if let (Some(schema), true) = (schema, columns.is_empty()) {
        problems.push(
            meta.span,
            format!(
                "`{table}` may be a table's column or a schema's table\nhelp: write `{schema}({name})` for the column `{name}` of \
                 `{schema}`, and `{table}(…)`, with its columns, for the table `{name}` of a schema"
            ),
        );
        return None;
    }
    Some(Reference { schema: schema.map(str::to_owned), table: name.to_owned(), columns })
}

/// What a referenced row's end, or change, does.
fn action(meta: &Meta, problems: &mut Problems) -> Option<String> {
    const ACTIONS: [&str; 5] = ["cascade", "set null", "set default", "restrict", "no action"];
    let said = meta.text(problems)?;
    let words = said.to_ascii_lowercase().replace('_', " ");
    if ACTIONS.contains(&words.as_str()) {
        return Some(words.to_ascii_uppercase());
    }
    problems.unknown(meta.span, "action", &said, &ACTIONS);
    None
}

fn deferrable(meta: &Meta, problems: &mut Problems) -> Option<bool> {
    const TIMES: [&str; 2] = ["initially immediate", "initially deferred"];
    if matches!(meta.value, Value::Nothing) {
        return Some(false);
    }
    let said = meta.text(problems)?;
    let at = TIMES.iter().position(|time| *time == said.to_ascii_lowercase().replace('_', " "));
    if at.is_none() {
        problems.unknown(meta.span, "time", &said, &TIMES);
    }
    at.map(|at| at == 1)
}

/// A check.
pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) expression: PerDialect,
}

impl Check {
    /// `check = "…"`, `check("…", name = "…")`, `check(postgres = "…", name = "…")`.
    pub(crate) fn of(meta: &Meta, problems: &mut Problems) -> Check {
        let mut check = Check { name: None, expression: PerDialect::default() };
        let Value::List(list) = &meta.value else {
            check.expression = meta.sql(problems);
            return check;
        };
        for part in list {
            match (&part.value, part.name.as_str()) {
                (Value::Text(text), _) => check.expression = PerDialect::all(text.clone()),
                (_, "name") => set(&mut check.name, part.text(problems), part, problems),
                (_, dialect) => match DIALECTS.iter().position(|known| *known == dialect) {
                    Some(at) => check.expression.0[at] = part.text(problems),
                    None => problems.unknown(part.span, "key", dialect, &["name", "postgres", "mysql", "sqlite"]),
                },
            }
        }
        if check.expression.is_empty() {
            problems.push(meta.span, "`check` says what has to be true: `check(\"…\")`");
        }
        check
    }
}

/// An index.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) name: Option<String>,
    pub(crate) parts: Vec<Part>,
    pub(crate) is_unique: bool,
    pub(crate) method: PerDialect,
    pub(crate) predicate: Option<String>,
    pub(crate) include: Vec<String>,
    /// None: on all.
    pub(crate) only: Option<[bool; 3]>,
}

/// A part of an index.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) is_expression: bool,
    pub(crate) is_descending: bool,
    pub(crate) nulls_first: Option<bool>,
    pub(crate) operator_class: Option<String>,
    pub(crate) length: Option<u32>,
}

const INDEX: [&str; 6] = ["name", "unique", "method", "where", "include", "only"];
const PART: [&str; 6] = ["asc", "desc", "nulls_first", "nulls_last", "operator_class", "length"];
const PARTS: [&str; 4] = ["asc", "desc", "column", "expr"];

impl Index {
    /// `index(a, desc(b), expr("…"), name = "…", …)`.
    pub(crate) fn of_table(meta: &Meta, columns: &Columns, problems: &mut Problems) -> Index {
        let mut index = Index::default();
        for part in meta.list(problems) {
            match (&part.value, part.name.as_str()) {
                (Value::Nothing, "unique") => index.is_unique = true,
                (Value::Nothing | Value::Text(_), _) => {
                    let text = columns.find(part, problems).unwrap_or_default();
                    index.parts.push(Part { text, ..Part::default() });
                }
                (Value::List(list), word) if PARTS.contains(&word) => {
                    index.parts.extend(Part::of(part, list, columns, problems));
                }
                _ if index.option(part, columns, problems) => {}
                (_, other) => {
                    problems.unknown(part.span, "key", other, &[&INDEX[..], &PARTS].concat());
                }
            }
        }
        if index.parts.is_empty() {
            problems.push(meta.span, "`index` names no column: `index(…)`");
        }
        index
    }

    /// `index`, `index = "…"`, `index(name = "…", desc, …)`, on a field.
    pub(crate) fn of_field(meta: &Meta, column: &str, columns: &Columns, problems: &mut Problems) -> Index {
        let mut index = Index::default();
        let mut part = Part { text: column.to_owned(), ..Part::default() };
        match &meta.value {
            Value::Nothing => {}
            Value::List(list) => {
                for option in list {
                    if !index.option(option, columns, problems) && !part.option(option, problems) {
                        problems.unknown(option.span, "key", &option.name, &[&INDEX[..], &PART].concat());
                    }
                }
            }
            _ => index.name = meta.text(problems),
        }
        index.parts.push(part);
        index
    }

    fn option(&mut self, meta: &Meta, columns: &Columns, problems: &mut Problems) -> bool {
        match meta.name.as_str() {
            "name" => set(&mut self.name, meta.text(problems), meta, problems),
            "unique" => self.is_unique = meta.flag(problems),
            "method" => self.method = meta.sql(problems),
            "where" => set(&mut self.predicate, meta.text(problems), meta, problems),
            "include" => self.include = columns.find_all(meta.list(problems), problems),
            "only" => set(&mut self.only, Some(meta.only(problems)), meta, problems),
            _ => return false,
        }
        true
    }
}

impl Part {
    /// `desc(a, nulls_last)`, `expr("…")`, `column(a, operator_class = "…")`.
    fn of(meta: &Meta, list: &[Meta], columns: &Columns, problems: &mut Problems) -> Option<Part> {
        let mut part = Part { is_descending: meta.name == "desc", ..Part::default() };
        let Some((first, options)) = list.split_first() else {
            problems.push(meta.span, format!("`{}` names no column", meta.name));
            return None;
        };
        match (&first.value, first.name.as_str(), meta.name.as_str()) {
            (Value::Text(text), _, "expr") => (part.text, part.is_expression) = (text.clone(), true),
            (_, _, "expr") => problems.push(first.span, "an expression is a text: `expr(\"lower(name)\")`"),
            (Value::List(inner), "expr", _) => match inner.first().map(|meta| &meta.value) {
                Some(Value::Text(text)) if inner.len() == 1 => {
                    (part.text, part.is_expression) = (text.clone(), true);
                }
                _ => problems.push(first.span, "an expression is a text: `expr(\"lower(name)\")`"),
            },
            _ => part.text = columns.find(first, problems)?,
        }
        for option in options {
            if !part.option(option, problems) {
                problems.unknown(option.span, "key", &option.name, &PART);
            }
        }
        Some(part)
    }

    fn option(&mut self, meta: &Meta, problems: &mut Problems) -> bool {
        match meta.name.as_str() {
            "asc" => self.is_descending = !meta.flag(problems),
            "desc" => self.is_descending = meta.flag(problems),
            "nulls_first" => set(&mut self.nulls_first, Some(meta.flag(problems)), meta, problems),
            "nulls_last" => set(&mut self.nulls_first, Some(!meta.flag(problems)), meta, problems),
            "operator_class" => set(&mut self.operator_class, meta.text(problems), meta, problems),
            "length" => match &meta.value {
                Value::Is(Literal { text, .. }) if text.parse::<u32>().is_ok_and(|length| length > 0) => {
                    self.length = text.parse().ok();
                }
                _ => problems.push(meta.span, format!("`length` takes {}", listed(&["length = 32"]))),
            },
            _ => return false,
        }
        true
    }
}
