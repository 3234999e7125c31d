//! The module: structs, enums, and `schema![…]` behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use revchain_core::Dialect;
use revchain_model::{ForeignKeyModel, IdentityModel, IndexModel, IndexPartModel, PerDialect};

use super::Known;
use super::describe::{Described, DescribedEnum, DescribedTable, Field};
use super::words::variants;

/// How long a line of attributes is at the most.
const WIDTH: usize = 110;

/// The whole module. With `has_sqlx`, rows are read into the structs, too.
pub(super) fn text(described: &Described, known: &Known<'_>, has_sqlx: bool) -> String {
    let mut text = String::from(
        "//! The tables of the database, as they were when it was taken over: a struct for each.\n//!\n\
         //! `revchain check` says whether they are what the revisions lead to, and `revchain revision --autogenerate -m …`\n\
         //! writes the revision for what you change here.\n",
    );
    if !described.features.is_empty() {
        let features: Vec<String> = described.features.iter().map(|feature| format!("\"{feature}\"")).collect();
        let _ = writeln!(text, "//!\n//! `revchain` needs the features {}.", features.join(", "));
    }
    imports(described, has_sqlx, &mut text);
    for one in &described.enums {
        enumeration(one, has_sqlx, &mut text);
    }
    for table in &described.tables {
        self::table(table, known, has_sqlx, &mut text);
    }
    let names: Vec<&str> = described.tables.iter().map(|table| table.declared.as_str()).collect();
    let list = match names.iter().map(|name| name.len() + 2).sum::<usize>() > 60 {
        true => format!("\n    {},\n", names.join(",\n    ")),
        false => names.join(", "),
    };
    let _ = writeln!(
        text,
        "\n/// All of them: `Cli::new(&MIGRATIONS).models(models::MODELS)`.\n\
         pub const MODELS: &[&revchain::model::TableModel] = revchain::schema![{list}];"
    );
    text
}

fn imports(described: &Described, has_sqlx: bool, text: &mut String) {
    let crate_of = if has_sqlx { "sqlx" } else { "revchain::sqlx" };
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let fields = described.tables.iter().flat_map(|table| &table.fields);
    for (module, name) in fields.flat_map(|field| field.rust.imports).filter_map(|path| path.rsplit_once("::")) {
        all.entry(module).or_default().insert(name);
    }
    text.push_str(if all.is_empty() { "" } else { "\n" });
    // As rustfmt puts them: what lies deeper comes first.
    let mut all: Vec<(&str, BTreeSet<&str>)> = all.into_iter().collect();
    all.sort_by_key(|(module, _)| format!("{module}::{{"));
    for (module, names) in all {
        let names: Vec<&str> = names.into_iter().collect();
        let _ = match names.as_slice() {
            [one] => writeln!(text, "use {crate_of}::{module}::{one};"),
            several => writeln!(text, "use {crate_of}::{module}::{{{}}};", several.join(", ")),
        };
    }
}

fn enumeration(one: &DescribedEnum, has_sqlx: bool, text: &mut String) {
    let derive = if has_sqlx { ", sqlx::Type" } else { "" };
    let _ = writeln!(
        text,
        "\n#[derive(Debug, Clone, Copy, PartialEq, Eq, revchain::SqlType{derive})]\n#[sqlx(type_name = {})]\npub enum {} {{",
        literal(&one.sql),
        one.declared
    );
    for (value, variant) in one.values.iter().zip(variants(&one.values)) {
        if *value != variant {
            let _ = writeln!(text, "    #[sqlx(rename = {})]", literal(value));
        }
        let _ = writeln!(text, "    {variant},");
    }
    text.push_str("}\n");
}

fn table(table: &DescribedTable, known: &Known<'_>, has_sqlx: bool, text: &mut String) {
    let writing = Writing { known, table, has_sqlx: has_sqlx && !table.is_link };
    let mut body = String::new();
    for remark in &table.remarks {
        let _ = writeln!(body, "// {}", remark.replace(['\n', '\r'], " "));
    }
    if !table.is_link {
        let derive = if has_sqlx { ", sqlx::FromRow" } else { "" };
        let _ = writeln!(body, "#[derive(Debug, Clone, PartialEq, revchain::Table{derive})]");
    }
    attribute("table", &writing.of_table(), "", &mut body);
    let visibility = if table.is_link { "" } else { "pub " };
    let _ = writeln!(body, "{visibility}struct {} {{", table.declared);
    for field in &table.fields {
        if writing.has_sqlx && field.ident.trim_start_matches("r#") != field.column.name {
            let _ = writeln!(body, "    #[sqlx(rename = {})]", literal(field.column.name));
        }
        attribute("column", &writing.of_field(field), "    ", &mut body);
        let rust = match field.column.nullable {
            true => format!("Option<{}>", field.rust.text),
            false => field.rust.text.clone(),
        };
        let _ = writeln!(body, "    {visibility}{}: {rust},", field.ident);
    }
    body.push_str("}\n");
    text.push('\n');
    if table.is_link {
        text.push_str("revchain::table! {\n");
        for line in body.lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push_str("}\n");
    } else {
        text.push_str(&body);
    }
}

/// `#[table(…)]` or `#[column(…)]`, in one line where it fits.
fn attribute(name: &str, words: &[String], indent: &str, text: &mut String) {
    if words.is_empty() {
        return;
    }
    let line = format!("{indent}#[{name}({})]", words.join(", "));
    let _ = match line.len() <= WIDTH {
        true => writeln!(text, "{line}"),
        false => {
            let between = format!(",\n{indent}    ");
            writeln!(text, "{indent}#[{name}(\n{indent}    {}\n{indent})]", words.join(&between))
        }
    };
}

struct Writing<'a> {
    known: &'a Known<'a>,
    table: &'a DescribedTable,
    /// Whether sqlx reads the struct, and renames its fields.
    has_sqlx: bool,
}

impl Writing<'_> {
    fn of_table(&self) -> Vec<String> {
        let table = self.table;
        let mut words = vec![format!("name = {}", literal(table.name.name.as_str()))];
        words.extend(table.name.schema.iter().map(|schema| format!("schema = {}", literal(schema.as_str()))));
        words.extend(table.comment.map(|comment| format!("comment = {}", literal(comment))));
        if let Some(key) = table.primary_key.filter(|key| key.columns.len() != 1) {
            words.push(format!("primary_key({})", self.list(key.columns, key.name)));
        }
        for key in table.uniques.iter().filter(|key| key.columns.len() != 1) {
            words.push(format!("unique({})", self.list(key.columns, key.name)));
        }
        for (at, key) in table.foreign_keys.iter().enumerate().filter(|(at, key)| !self.is_of_field(*at, key)) {
            let _ = at;
            let mut parts = vec![format!("columns({})", self.list(key.columns, None))];
            parts.push(format!("references = {}", literal(&reference(key))));
            parts.extend(actions(key));
            parts.extend(named(key.name));
            words.push(format!("foreign_key({})", parts.join(", ")));
        }
        for check in &table.checks {
            let said = self.each(check.expression, literal);
            let mut parts: Vec<String> = match said {
                Said::Nothing => continue,
                Said::All(text) => vec![text],
                Said::Some(list) => list,
            };
            parts.extend(named(check.name));
            words.push(format!("check({})", parts.join(", ")));
        }
        for index in table.indexes.iter().filter(|index| !is_of_one_field(index)) {
            let mut parts: Vec<String> = index.parts.iter().map(|part| self.part(part)).collect();
            parts.extend(self.options(index));
            words.push(format!("index({})", parts.join(", ")));
        }
        words
    }

    fn of_field(&self, field: &Field) -> Vec<String> {
        let (table, column) = (self.table, &field.column);
        let mut words = Vec::new();
        let is_alone = |columns: &[&str]| columns == [column.name];
        if !self.has_sqlx && field.ident.trim_start_matches("r#") != column.name {
            words.push(format!("name = {}", literal(column.name)));
        }
        if let Some(key) = table.primary_key.filter(|key| is_alone(key.columns)) {
            words.push(
                key.name.map_or_else(|| "primary_key".to_owned(), |name| format!("primary_key = {}", literal(name))),
            );
        }
        match column.identity {
            None => {}
            Some(IdentityModel::Always) => words.push("identity = \"always\"".to_owned()),
            Some(_) => words.push("identity".to_owned()),
        }
        let everywhere = !field.rust.is_sql_type;
        let said = match self.each(field.said, literal) {
            // What is said for one dialect of several, or of one, leaves the field's own type to the others.
            Said::All(text) if everywhere || self.known.schemas.len() == 3 => Some(format!("type = {text}")),
            Said::All(_) | Said::Some(_) => match self.listed(field.said, literal) {
                list if everywhere && list.is_empty() => None,
                list => Some(format!("type({})", list.join(", "))),
            },
            Said::Nothing => None,
        };
        words.extend(said);
        words.extend(self.value("default", column.default));
        if let Some(generated) = column.generated {
            words.extend(self.value("generated", generated.expression));
            words.push(if generated.is_stored { "stored" } else { "virtual" }.to_owned());
        }
        words.extend(self.value("collation", column.collation));
        words.extend(column.on_update.map(|update| format!("on_update(mysql = {})", literal(update))));
        words.extend(column.comment.map(|comment| format!("comment = {}", literal(comment))));
        for key in table.uniques.iter().filter(|key| is_alone(key.columns)) {
            words.push(key.name.map_or_else(|| "unique".to_owned(), |name| format!("unique = {}", literal(name))));
        }
        for (at, key) in table.foreign_keys.iter().enumerate() {
            if !is_alone(key.columns) || !self.is_of_field(at, key) {
                continue;
            }
            let to = literal(&reference(key));
            words.push(match key.name {
                Some(name) => format!("references({to}, name = {})", literal(name)),
                None => format!("references = {to}"),
            });
            words.extend(actions(key));
        }
        for index in table.indexes.iter().filter(|index| is_of_one_field(index)) {
            let Some(part) = index.parts.first().filter(|part| part.text == column.name) else { continue };
            let mut parts = part_options(part);
            parts.splice(0..0, part.is_descending.then(|| "desc".to_owned()));
            parts.extend(self.options(index));
            words.push(match parts.is_empty() {
                true => "index".to_owned(),
                false => format!("index({})", parts.join(", ")),
            });
        }
        words
    }

    /// Whether a foreign key is said of its field: that of one column, and the first of it.
    fn is_of_field(&self, at: usize, key: &ForeignKeyModel) -> bool {
        let first = self.table.foreign_keys.iter().position(|other| other.columns == key.columns);
        key.columns.len() == 1 && first == Some(at)
    }

    /// How an attribute of the struct names a column.
    fn column(&self, name: &str) -> String {
        let field = self.table.fields.iter().find(|field| field.column.name.eq_ignore_ascii_case(name));
        match field.filter(|field| field.ident == name && name != "unique") {
            Some(field) => field.ident.clone(),
            None => literal(field.map_or(name, |field| field.column.name)),
        }
    }

    fn list(&self, columns: &[&str], name: Option<&str>) -> String {
        let mut parts: Vec<String> = columns.iter().map(|column| self.column(column)).collect();
        parts.extend(named(name));
        parts.join(", ")
    }

    fn part(&self, part: &IndexPartModel) -> String {
        let options = part_options(part);
        let named = match part.is_expression {
            true => format!("expr({})", literal(part.text)),
            false => self.column(part.text),
        };
        let more = |first: &str| [&[first.to_owned()][..], &options].concat().join(", ");
        match (part.is_descending, part.is_expression, options.is_empty()) {
            (true, ..) => format!("desc({})", more(&named)),
            (false, _, true) => named,
            (false, true, false) => format!("expr({})", more(&literal(part.text))),
            (false, false, false) => format!("column({})", more(&named)),
        }
    }

    /// What else is said of an index.
    fn options(&self, index: &IndexModel) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(named(index.name));
        words.extend(index.is_unique.then(|| "unique".to_owned()));
        let methods = self.listed(index.method, literal);
        let on: Vec<Dialect> = self.on(index).collect();
        let is_all = on.iter().all(|dialect| of(index.method, *dialect).is_some() && same(index.method, &on));
        match (methods.is_empty(), is_all, of(index.method, on.first().copied().unwrap_or(Dialect::Sqlite))) {
            (true, ..) => {}
            (false, true, Some(method)) => words.push(format!("method = {}", literal(method))),
            _ => words.push(format!("method({})", methods.join(", "))),
        }
        words.extend(index.predicate.map(|predicate| format!("where = {}", literal(predicate))));
        if !index.include.is_empty() {
            words.push(format!("include({})", self.list(index.include, None)));
        }
        if index.dialects != PerDialect::all(true) {
            let names: Vec<&str> = on.iter().map(|dialect| dialect.name()).collect();
            words.push(format!("only({})", names.join(", ")));
        }
        words
    }

    /// The dialects of the chain on which an index is.
    fn on(&self, index: &IndexModel) -> impl Iterator<Item = Dialect> {
        let known = self.known;
        let dialects = index.dialects;
        Dialect::ALL.into_iter().filter(move |dialect| known.has(*dialect) && of(dialects, *dialect))
    }

    /// `key = "…"`, or `key(postgres = "…")`.
    fn value(&self, key: &str, said: PerDialect<Option<&'static str>>) -> Option<String> {
        Some(match self.each(said, plain) {
            Said::Nothing => return None,
            Said::All(text) => format!("{key} = {text}"),
            Said::Some(list) => format!("{key}({})", list.join(", ")),
        })
    }

    fn each(&self, said: PerDialect<Option<&'static str>>, shown: impl Fn(&str) -> String) -> Said {
        let list = self.listed(said, &shown);
        let on: Vec<Dialect> = Dialect::ALL.into_iter().filter(|dialect| self.known.has(*dialect)).collect();
        match on.first().and_then(|first| of(said, *first)) {
            _ if list.is_empty() => Said::Nothing,
            Some(text) if same(said, &on) => Said::All(shown(text)),
            _ => Said::Some(list),
        }
    }

    fn listed(&self, said: PerDialect<Option<&'static str>>, shown: impl Fn(&str) -> String) -> Vec<String> {
        let on = Dialect::ALL.into_iter().filter(|dialect| self.known.has(*dialect));
        on.filter_map(|dialect| Some(format!("{} = {}", dialect.name(), shown(of(said, dialect)?)))).collect()
    }
}

/// What is said for the dialects of a chain.
enum Said {
    Nothing,
    /// The same for all.
    All(String),
    /// `postgres = "…"`, each by itself.
    Some(Vec<String>),
}

fn of<T>(each: PerDialect<T>, dialect: Dialect) -> T {
    crate::declared::of(each, dialect)
}

/// Whether all of some dialects say the same.
fn same(said: PerDialect<Option<&'static str>>, on: &[Dialect]) -> bool {
    let first = on.first().and_then(|dialect| of(said, *dialect));
    on.iter().all(|dialect| of(said, *dialect) == first)
}

/// Whether an index is said of its field.
fn is_of_one_field(index: &IndexModel) -> bool {
    matches!(index.parts, [part] if !part.is_expression)
}

fn part_options(part: &IndexPartModel) -> Vec<String> {
    let mut words = Vec::new();
    match part.nulls_first {
        Some(true) => words.push("nulls_first".to_owned()),
        Some(false) => words.push("nulls_last".to_owned()),
        None => {}
    }
    words.extend(part.operator_class.map(|class| format!("operator_class = {}", literal(class))));
    words.extend(part.length.map(|length| format!("length = {length}")));
    words
}

fn reference(key: &ForeignKeyModel) -> String {
    let schema = key.schema.map_or_else(String::new, |schema| format!("{schema}."));
    match key.references {
        [] => format!("{schema}{}", key.table),
        columns => format!("{schema}{}({})", key.table, columns.join(", ")),
    }
}

fn actions(key: &ForeignKeyModel) -> Vec<String> {
    let mut words = Vec::new();
    for (event, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        words.extend(action.map(|action| format!("{event} = {}", literal(&action.to_lowercase()))));
    }
    match key.deferrable {
        None => {}
        Some(false) => words.push("deferrable".to_owned()),
        Some(true) => words.push("deferrable = \"initially deferred\"".to_owned()),
    }
    words
}

fn named(name: Option<&str>) -> Option<String> {
    name.map(|name| format!("name = {}", literal(name)))
}

/// A text of Rust's.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// A value, without quotes where it needs none.
fn plain(text: &str) -> String {
    let is_number = text.parse::<i32>().is_ok_and(|number| number >= 0 && number.to_string() == text);
    match text {
        "true" | "false" => text.to_owned(),
        _ if is_number => text.to_owned(),
        _ => literal(text),
    }
}
