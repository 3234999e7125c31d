//! A field's column: what `#[column(…)]` says of it, and sqlx's attributes where the struct is read from rows, too.

use proc_macro2::{Span, TokenStream, TokenTree};

use super::case::Style;
use super::constraint::{Check, Columns, ForeignKey, Index, Key};
use super::meta::{Literal, Meta, PerDialect, Value, set};
use super::problems::Problems;
use super::shape::Field;

/// A column.
pub(crate) struct Column {
    pub(crate) field: String,
    pub(crate) span: Span,
    pub(crate) name: String,
    pub(crate) rust_type: RustType,
    /// What the attribute says, instead of what the Rust type stands for.
    pub(crate) sql_type: PerDialect,
    /// Whether it takes NULL, where the attribute says so or where the type is not asked.
    pub(crate) nullable: Option<bool>,
    pub(crate) default: PerDialect,
    /// A variant of `IdentityModel`.
    pub(crate) identity: Option<&'static str>,
    pub(crate) generated: PerDialect,
    pub(crate) is_virtual: bool,
    pub(crate) collation: PerDialect,
    pub(crate) comment: Option<String>,
    pub(crate) on_update: Option<String>,
    pub(crate) renamed_from: Option<String>,
    attributes: Vec<Meta>,
}

/// Where the SQL type comes from.
pub(crate) enum RustType {
    /// A type's `SqlType`.
    Trait(TokenStream),
    /// It is written as JSON.
    Json,
    /// The attribute says all of it.
    Said,
}

/// What the constraints of fields add up to.
#[derive(Default)]
pub(crate) struct Constraints {
    pub(crate) primary_key: Option<Key>,
    pub(crate) primary_key_span: Option<Span>,
    pub(crate) uniques: Vec<Key>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
    pub(crate) indexes: Vec<Index>,
}

const KEYS: [&str; 21] = [
    "name",
    "primary_key",
    "type",
    "nullable",
    "not_null",
    "default",
    "unique",
    "index",
    "references",
    "on_delete",
    "on_update",
    "deferrable",
    "check",
    "identity",
    "generated",
    "stored",
    "virtual",
    "collation",
    "comment",
    "renamed_from",
    "skip",
];

impl Column {
    /// The column of a field; `None` where the field is none.
    pub(crate) fn of(field: Field, style: Option<Style>, problems: &mut Problems) -> Option<Column> {
        let name = syn::ext::IdentExt::unraw(&field.name).to_string();
        let mut attributes = Vec::new();
        let mut sqlx = Vec::new();
        for attribute in &field.attributes {
            match attribute.name.as_str() {
                "column" => attributes.extend(attribute.read(problems)),
                "sqlx" => sqlx.extend(attribute.read(problems)),
                _ => {}
            }
        }
        let is_skip = |meta: &Meta| meta.name == "skip";
        if let Some(skip) = attributes.iter().find(|meta| is_skip(meta)) {
            skip.flag(problems);
            if attributes.len() > 1 {
                problems.push(skip.span, "a field that is skipped has no column: nothing else can be said of it");
            }
            return None;
        }
        if sqlx.iter().any(is_skip) {
            if let Some(meta) = attributes.first() {
                problems.push(meta.span, "sqlx skips this field: it has no column");
            }
            return None;
        }
        let mut column = Column {
            span: field.name.span(),
            name: style.map_or_else(|| name.clone(), |style| style.apply(&name)),
            field: name,
            rust_type: RustType::Trait(field.rust_type),
            sql_type: PerDialect::default(),
            nullable: None,
            default: PerDialect::default(),
            identity: None,
            generated: PerDialect::default(),
            is_virtual: false,
            collation: PerDialect::default(),
            comment: None,
            on_update: None,
            renamed_from: None,
            attributes: Vec::new(),
        };
        column.read_sqlx(&sqlx, problems);
        let is_option = matches!(&column.rust_type, RustType::Trait(rust_type) if is_option(rust_type));
        column.read(&attributes, is_option, problems);
        column.attributes = attributes;
        Some(column)
    }

    fn read_sqlx(&mut self, attributes: &[Meta], problems: &mut Problems) {
        for meta in attributes {
            match (meta.name.as_str(), &meta.value) {
                ("rename", Value::Is(literal)) => self.name.clone_from(&literal.text),
                ("flatten", _) => problems.push(
                    meta.span,
                    "the columns of a flattened struct can't be seen from here\nhelp: write its fields into this struct, or \
                     declare the table with `revchain::table!` and leave the derive off",
                ),
                ("try_from", Value::Is(literal)) => self.rust_type = RustType::Trait(source(literal, problems)),
                ("json", value) => {
                    self.rust_type = RustType::Json;
                    let is_nullable = matches!(value, Value::List(list) if list.iter().any(|it| it.name == "nullable"));
                    self.nullable = Some(is_nullable);
                }
                _ => {}
            }
        }
    }

    /// Reads what makes the column itself. The constraints wait until all columns have their names.
    fn read(&mut self, attributes: &[Meta], is_option: bool, problems: &mut Problems) {
        let (mut name, mut nullability, mut storage) = (None, None, None);
        for meta in attributes {
            match meta.name.as_str() {
                "name" => set(&mut name, meta.text(problems), meta, problems),
                "type" => set_sql(&mut self.sql_type, meta, problems),
                "nullable" | "not_null" => {
                    meta.flag(problems);
                    set(&mut nullability, Some(meta), meta, problems);
                }
                "default" => set_sql(&mut self.default, meta, problems),
                "identity" => set(&mut self.identity, identity(meta, problems), meta, problems),
                "generated" => set_sql(&mut self.generated, meta, problems),
                "stored" | "virtual" => {
                    meta.flag(problems);
                    set(&mut storage, Some(meta), meta, problems);
                }
                "collation" => set_sql(&mut self.collation, meta, problems),
                "comment" => set(&mut self.comment, meta.text(problems), meta, problems),
                "on_update" => {
                    if let Value::List(_) = meta.value {
                        self.read_on_update(meta, problems);
                    }
                }
                "renamed_from" => set(&mut self.renamed_from, meta.text(problems), meta, problems),
                word if KEYS.contains(&word) => {}
                "" => problems.push(meta.span, "expected a key, as in `name = \"…\"`"),
                other => problems.unknown(meta.span, "key", other, &KEYS),
            }
        }
        if let Some(name) = name {
            self.name = name;
        }
        self.judge(attributes, storage, problems);
        if self.sql_type.is_whole() {
            self.rust_type = RustType::Said;
            self.nullable = Some(self.nullable.unwrap_or(is_option));
        }
        if let Some(meta) = nullability {
            let is_nullable = meta.name == "nullable";
            if is_nullable && is_option {
                problems.push(meta.span, "an `Option` is nullable already: leave `nullable` out");
            }
            if is_nullable && attributes.iter().any(|meta| meta.name == "primary_key") {
                problems.push(meta.span, "a column of a primary key takes no NULL");
            }
            self.nullable = Some(is_nullable);
        }
    }

    /// What excludes each other.
    fn judge(&mut self, attributes: &[Meta], storage: Option<&Meta>, problems: &mut Problems) {
        let find = |name: &str| attributes.iter().find(|meta| meta.name == name);
        if let Some(meta) = storage {
            self.is_virtual = meta.name == "virtual";
            if find("generated").is_none() {
                problems.push(meta.span, format!("`{}` is said of generated columns: `generated = \"…\"`", meta.name));
            }
        }
        for (one, other) in [("default", "generated"), ("default", "identity"), ("identity", "generated")] {
            if let (Some(_), Some(meta)) = (find(one), find(other)) {
                problems.push(meta.span, format!("a column has `{one}` or `{other}`, not both"));
            }
        }
        if find("references").is_none() {
            for word in ["on_delete", "on_update", "deferrable"] {
                let meta = find(word).filter(|meta| word != "on_update" || !matches!(meta.value, Value::List(_)));
                if let Some(meta) = meta {
                    let help = match word {
                        "on_update" => "; MySQL's clause of a column is `on_update(mysql = \"…\")`",
                        _ => "",
                    };
                    problems.push(meta.span, format!("`{word}` is said of foreign keys: `references = \"…\"`{help}"));
                }
            }
        }
    }

    fn read_on_update(&mut self, meta: &Meta, problems: &mut Problems) {
        let said = meta.sql(problems);
        let [postgres, mysql, sqlite] = said.0;
        if postgres.is_some() || sqlite.is_some() {
            problems.push(meta.span, "only MySQL has an `ON UPDATE` of a column: `on_update(mysql = \"…\")`");
        }
        self.on_update = mysql;
    }

    /// Adds the constraints of this column to those of the table.
    pub(crate) fn constrain(&self, columns: &Columns, constraints: &mut Constraints, problems: &mut Problems) {
        let mut references = None;
        for meta in &self.attributes {
            match meta.name.as_str() {
                "primary_key" => {
                    let key = Key::of_field(meta, &self.name, problems);
                    constraints.primary_key_span.get_or_insert(meta.span);
                    let whole = constraints.primary_key.get_or_insert_default();
                    whole.columns.extend(key.columns);
                    if key.name.is_some() {
                        set(&mut whole.name, key.name, meta, problems);
                    }
                }
                "unique" => constraints.uniques.push(Key::of_field(meta, &self.name, problems)),
                "index" => constraints.indexes.push(Index::of_field(meta, &self.name, columns, problems)),
                "check" => constraints.checks.push(Check::of(meta, problems)),
                "references" => set(&mut references, ForeignKey::of_field(meta, &self.name, problems), meta, problems),
                _ => {}
            }
        }
        // Where what it refers to can't be read, the rest is read all the same.
        let is_read = references.is_some();
        let mut key = references.unwrap_or_default();
        if !self.attributes.iter().any(|meta| meta.name == "references") {
            return;
        }
        for meta in &self.attributes {
            let is_its_own = match meta.name.as_str() {
                "on_delete" | "deferrable" => true,
                "on_update" => !matches!(meta.value, Value::List(_)),
                _ => false,
            };
            if is_its_own {
                key.option(meta, problems);
            }
        }
        if is_read {
            constraints.foreign_keys.push(key);
        }
    }
}

fn set_sql(slot: &mut PerDialect, meta: &Meta, problems: &mut Problems) {
    let mut said = (!slot.is_empty()).then(PerDialect::default);
    set(&mut said, Some(meta.sql(problems)), meta, problems);
    *slot = said.unwrap_or_default();
}

fn identity(meta: &Meta, problems: &mut Problems) -> Option<&'static str> {
    const KINDS: [(&str, &str); 3] = [("always", "Always"), ("serial", "Serial"), ("autoincrement", "Autoincrement")];
    if matches!(meta.value, Value::Nothing) {
        return Some("Any");
    }
    let said = meta.text(problems)?;
    let found = KINDS.into_iter().find(|(word, _)| *word == said.to_ascii_lowercase());
    if found.is_none() {
        problems.unknown(meta.span, "kind of identity", &said, &KINDS.map(|(word, _)| word));
    }
    found.map(|(_, kind)| kind)
}

/// The type that a text names.
fn source(literal: &Literal, problems: &mut Problems) -> TokenStream {
    match literal.text.parse::<TokenStream>() {
        Ok(tokens) => tokens
            .into_iter()
            .map(|mut token: TokenTree| {
                token.set_span(literal.span);
                token
            })
            .collect(),
        Err(_) => {
            problems.push(literal.span, "expected a type");
            quote::quote!(())
        }
    }
}

/// Whether a type is written as an `Option`. An alias of one can't be seen from here.
fn is_option(rust_type: &TokenStream) -> bool {
    let mut last = String::new();
    for token in rust_type.clone() {
        match token {
            TokenTree::Ident(ident) => last = ident.to_string(),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            TokenTree::Punct(punct) if punct.as_char() == '<' => return last == "Option",
            TokenTree::Group(group) => return is_option(&group.stream()),
            _ => return false,
        }
    }
    false
}
