//! `[naming]`: the names that autogenerate gives to indexes and constraints. The rules are SQLAlchemy's naming conventions
//! (its `sql/naming.py`), so that names which a Python project made come out the same. Names are made when a revision is
//! written and stand in its file; nothing is renamed when it runs.

use std::fmt::Write as _;

use toml::Spanned;
use toml::de::DeValue;

use super::shape::{Spans, string, table, unknown_key, wrong_value};
use crate::Findings;
use crate::suggest::nearest;

/// How indexes and constraints are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamingConvention([Option<Template>; 5]);

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// An index, `ix`.
    Index,
    /// A unique constraint, `uq`.
    Unique,
    /// A check constraint, `ck`.
    Check,
    /// A foreign key, `fk`.
    ForeignKey,
    /// A primary key, `pk`.
    PrimaryKey,
}

/// The name that somebody gave, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// None.
    Nothing,
    /// One to which the convention may add: SQLAlchemy's plain `name=`.
    Name(&'a str),
    /// One that is whole: `op.f(…)`, or what stands in a database.
    Whole(&'a str),
}

/// What a name is made of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What it is.
    pub kind: Named,
    /// The name that it was given.
    pub given: Given<'a>,
    /// The table's schema, where one is written.
    pub schema: Option<&'a str>,
    /// The table.
    pub table: &'a str,
    /// The columns, in order.
    pub columns: &'a [&'a str],
    /// The table that a foreign key refers to, and its columns.
    pub referred: Option<(&'a str, &'a [&'a str])>,
}

/// The convention asks for `%(constraint_name)s`, and no name was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameNeeded;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    TableName,
    ConstraintName,
    ReferredTableName,
    /// Names of columns: of the table's own, or those that it refers to.
    Column {
        referred: bool,
        /// With the table's name in front.
        label: bool,
        which: Which,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    At(usize),
    /// All, with this between them.
    All(&'static str),
}

const KEYS: [&str; 5] = ["ix", "uq", "ck", "fk", "pk"];

/// What people call them.
const ALIASES: [(&str, &str); 8] = [
    ("index", "ix"),
    ("idx", "ix"),
    ("unique", "uq"),
    ("check", "ck"),
    ("foreign_key", "fk"),
    ("foreignkey", "fk"),
    ("primary_key", "pk"),
    ("primarykey", "pk"),
];

/// The tokens that a faulty one may have meant.
const TOKENS: [&str; 11] = [
    "table_name",
    "constraint_name",
    "referred_table_name",
    "column_0_name",
    "column_0_label",
    "column_0_key",
    "column_0_N_name",
    "column_0N_name",
    "column_0_N_label",
    "referred_column_0_name",
    "referred_column_0_N_name",
];

/// No table has more columns (PostgreSQL 1600, MySQL 4096, SQLite 32767).
const MAX_COLUMN: usize = 32_767;

impl Default for NamingConvention {
    /// SQLAlchemy's: indexes have names, constraints what the database gives them.
    fn default() -> NamingConvention {
        let label = Piece::Column { referred: false, label: true, which: Which::At(0) };
        let index = Template(vec![Piece::Text("ix_".to_owned()), label]);
        NamingConvention([Some(index), None, None, None, None])
    }
}

impl NamingConvention {
    /// The name of something; `None` leaves it to the database. Not cut to what a database can hold.
    ///
    /// # Errors
    ///
    /// [`NameNeeded`] where the convention only adds to a name and there is none.
    pub fn name(&self, subject: &Subject<'_>) -> Result<Option<String>, NameNeeded> {
        let template = self.0.get(subject.kind as usize).and_then(Option::as_ref);
        match (subject.given, template) {
            (Given::Whole(name), _) => Ok(Some(name.to_owned())),
            // A name is as good as the convention's own, unless that is made from names.
            (Given::Name(name), Some(template)) if template.0.contains(&Piece::ConstraintName) => {
                Ok(Some(template.render(name, subject)))
            }
            (Given::Name(name), _) => Ok(Some(name.to_owned())),
            (Given::Nothing, Some(template)) if template.0.contains(&Piece::ConstraintName) => Err(NameNeeded),
            (Given::Nothing, template) => Ok(template.map(|template| template.render("", subject))),
        }
    }
}

/// Reads the table. Keys that are left out keep their default.
pub(super) fn read(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> NamingConvention {
    let mut convention = NamingConvention::default();
    let Some(table) = table(value, span, "naming", "[naming]", findings) else { return convention };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let Some(position) = KEYS.iter().position(|known| *known == name) else {
            let finding = unknown_key(name, "[naming]", &KEYS, span(key.span()));
            findings.push(match ALIASES.iter().find(|(alias, _)| *alias == name.to_ascii_lowercase()) {
                Some((_, known)) => finding.help(format!("did you mean `{known}`?")),
                None => finding,
            });
            continue;
        };
        match Template::parse(name, string(value)) {
            Ok(template) => {
                if let Some(place) = convention.0.get_mut(position) {
                    *place = Some(template);
                }
            }
            Err(fault) => findings.push(wrong_value(span(value.span()), fault)),
        }
    }
    convention
}

impl Template {
    fn parse(key: &str, text: Option<&str>) -> Result<Template, (String, String)> {
        let Some(text) = text else {
            return Err((
                format!("`{key}` is a text in quotes"),
                format!("for instance `{key} = \"{key}_%(table_name)s_%(column_0_N_name)s\"`"),
            ));
        };
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(percent) = rest.find('%') {
            literal.push_str(&rest[..percent]);
            rest = &rest[percent + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                literal.push('%');
                rest = after;
                continue;
            }
            let token = rest.strip_prefix('(').and_then(|rest| rest.split_once(")s"));
            let Some((token, after)) = token.filter(|(token, _)| !token.contains([')', '(', '%'])) else {
                return Err((
                    format!("a `%` in `{key}` begins a token, and this one does not"),
                    "tokens look like `%(table_name)s`; `%%` is a `%`".to_owned(),
                ));
            };
            rest = after;
            let Some(piece) = piece(token) else {
                let message = format!("`{key}` has no token `%({})s`", token.escape_debug());
                return Err(match nearest(token, TOKENS) {
                    Some(known) => (message, format!("did you mean `%({known})s`?")),
                    None => (
                        message,
                        "there are `table_name`, `constraint_name`, `referred_table_name`, `column_0_name`, \
                         `column_0_label`, `column_0_N_name` and `referred_column_0_name`"
                            .to_owned(),
                    ),
                });
            };
            if piece.is_referred() && key != "fk" {
                return Err((
                    format!("`{key}` has `%({token})s`, and only a foreign key refers to anything"),
                    "it belongs into `fk`".to_owned(),
                ));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(piece);
        }
        literal.push_str(rest);
        if pieces.is_empty() {
            return Err((
                format!("`{key}` would give all the same name"),
                format!("write what tells them apart, for instance `{key}_%(table_name)s_%(column_0_N_name)s`"),
            ));
        }
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Ok(Template(pieces))
    }

    fn render(&self, given: &str, subject: &Subject<'_>) -> String {
        let mut name = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::TableName => name.push_str(subject.table),
                Piece::ConstraintName => name.push_str(given),
                Piece::ReferredTableName => name.push_str(subject.referred.map_or("", |(table, _)| table)),
                Piece::Column { referred, label, which } => {
                    let columns = match (referred, subject.referred) {
                        (false, _) => subject.columns,
                        (true, Some((_, columns))) => columns,
                        (true, None) => &[],
                    };
                    let (columns, between) = match which {
                        // Past the last column there is nothing, as in SQLAlchemy.
                        Which::At(position) => (columns.get(*position..=*position).unwrap_or_default(), ""),
                        Which::All(between) => (columns, *between),
                    };
                    for (number, column) in columns.iter().enumerate() {
                        if number > 0 {
                            name.push_str(between);
                        }
                        if *label {
                            if let Some(schema) = subject.schema {
                                // Writing to a String cannot fail.
                                let _ = write!(name, "{}_", schema.replace('.', "_"));
                            }
                            let _ = write!(name, "{}_", subject.table);
                        }
                        name.push_str(column);
                    }
                }
            }
        }
        name
    }
}

impl Piece {
    const fn is_referred(&self) -> bool {
        matches!(self, Piece::ReferredTableName | Piece::Column { referred: true, .. })
    }
}

/// The piece of a token: `table_name`, `column_0_name`, `column_0N_name`, `referred_column_0_N_name`, …
fn piece(token: &str) -> Option<Piece> {
    match token {
        "table_name" => return Some(Piece::TableName),
        "constraint_name" => return Some(Piece::ConstraintName),
        "referred_table_name" => return Some(Piece::ReferredTableName),
        _ => {}
    }
    let (referred, rest) = match token.strip_prefix("referred_") {
        Some(rest) => (true, rest),
        None => (false, token),
    };
    let rest = rest.strip_prefix("column_")?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at(digits);
    let number = number.parse::<usize>().ok().filter(|number| *number <= MAX_COLUMN)?;
    let (which, what) = match (rest.strip_prefix("_N_"), rest.strip_prefix("N_")) {
        (Some(what), _) if number == 0 => (Which::All("_"), what),
        (_, Some(what)) if number == 0 => (Which::All(""), what),
        (None, None) => (Which::At(number), rest.strip_prefix('_')?),
        _ => return None,
    };
    match what {
        // A column has one name here; SQLAlchemy's key is what Python calls it.
        "name" => Some(Piece::Column { referred, label: false, which }),
        "key" if !referred => Some(Piece::Column { referred, label: false, which }),
        "label" if !referred => Some(Piece::Column { referred, label: true, which }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: Subject<'_> = Subject {
        kind: Named::Check,
        given: Given::Nothing,
        schema: None,
        table: "t1",
        columns: &["a", "b"],
        referred: Some(("users", &["id", "tenant"])),
    };

    fn with(key: &str, template: &str) -> NamingConvention {
        let mut convention = NamingConvention::default();
        let position = KEYS.iter().position(|known| *known == key).unwrap();
        convention.0[position] = Some(Template::parse(key, Some(template)).unwrap());
        convention
    }

    /// Alembic's vectors G-1 to G-6 (its tests/test_op_naming_convention.py).
    #[test]
    fn names_are_alembics() {
        let ck = "ck_%(table_name)s_%(constraint_name)s";
        use Given::{Name, Nothing, Whole};
        for (vector, key, template, kind, table, given, expect) in [
            ("G-1", "ck", ck, Named::Check, "user_table", Name("foo"), "ck_user_table_foo"),
            ("G-2", "uq", "uq_%(table_name)s_foo", Named::Unique, "user_table", Nothing, "uq_user_table_foo"),
            ("G-3", "ix", "ix_%(table_name)s_foo", Named::Index, "user_table", Nothing, "ix_user_table_foo"),
            ("G-4", "ck", ck, Named::Check, "some_table", Whole("ck_some_table_cc1"), "ck_some_table_cc1"),
            ("G-5", "ck", ck, Named::Check, "t1", Name("foo_bar_bat"), "ck_t1_foo_bar_bat"),
            ("G-5", "ck", ck, Named::Check, "t1", Whole("foo_bar_bat"), "foo_bar_bat"),
            ("G-6", "ck", ck, Named::Check, "t1", Name("foo"), "ck_t1_foo"),
        ] {
            let subject = Subject { kind, given, table, ..SUBJECT };
            assert_eq!(with(key, template).name(&subject), Ok(Some(expect.to_owned())), "{vector}");
        }
    }

    #[test]
    fn tokens_are_sqlalchemys() {
        for (template, expect) in [
            ("fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "fk_t1_a_users"),
            ("%(column_1_name)s", "b"),
            ("%(column_0_key)s", "a"),
            ("%(column_0_label)s", "t1_a"),
            ("%(column_0_N_name)s", "a_b"),
            ("%(column_0N_name)s", "ab"),
            ("%(column_0_N_label)s", "t1_a_t1_b"),
            ("%(referred_column_0_name)s", "id"),
            ("%(referred_column_0_N_name)s", "id_tenant"),
            ("%(column_7_name)s_%(referred_column_7_name)s", "_"),
            ("100%%_%(table_name)s%%", "100%_t1%"),
        ] {
            let subject = Subject { kind: Named::ForeignKey, ..SUBJECT };
            assert_eq!(with("fk", template).name(&subject), Ok(Some(expect.to_owned())), "{template}");
        }
        let subject = Subject { kind: Named::Index, schema: Some("a.b"), ..SUBJECT };
        assert_eq!(NamingConvention::default().name(&subject), Ok(Some("ix_a_b_t1_a".to_owned())));
    }

    #[test]
    fn a_given_name_stays_unless_the_convention_is_made_from_names() {
        let plain = with("uq", "uq_%(table_name)s");
        let name = |convention: &NamingConvention, given, kind| {
            convention.name(&Subject { given, kind, ..SUBJECT }).map(|name| name.unwrap_or_else(|| "-".to_owned()))
        };
        assert_eq!(name(&plain, Given::Name("mine"), Named::Unique), Ok("mine".to_owned()));
        assert_eq!(name(&plain, Given::Nothing, Named::Unique), Ok("uq_t1".to_owned()));
        assert_eq!(name(&plain, Given::Nothing, Named::PrimaryKey), Ok("-".to_owned()));
        assert_eq!(name(&with("ck", "%(constraint_name)s"), Given::Nothing, Named::Check), Err(NameNeeded));
    }

    #[test]
    fn a_template_that_says_nothing_is_refused_with_a_remedy() {
        for (key, template, expect) in [
            ("ix", None, "`ix` is a text in quotes"),
            ("ix", Some("ix"), "`ix` would give all the same name"),
            ("ix", Some(""), "`ix` would give all the same name"),
            ("ix", Some("%(table)s"), "`ix` has no token `%(table)s`; there are"),
            ("ix", Some("%(tabel_name)s"), "did you mean `%(table_name)s`?"),
            ("ix", Some("%(column_0_nmae)s"), "did you mean `%(column_0_name)s`?"),
            ("ix", Some("%(column_1_N_name)s"), "did you mean `%(column_0_N_name)s`?"),
            ("fk", Some("%(referred_column_0_label)s"), "`fk` has no token `%(referred_column_0_label)s`"),
            ("uq", Some("%(column_99999999999999999999_name)s"), "`uq` has no token"),
            ("uq", Some("%(referred_table_name)s"), "only a foreign key refers to anything; it belongs into `fk`"),
            ("pk", Some("pk_%table_name"), "a `%` in `pk` begins a token"),
            ("pk", Some("pk_%(table_name)"), "a `%` in `pk` begins a token"),
            ("pk", Some("pk_%(table_name)d_%(table_name)s"), "a `%` in `pk` begins a token"),
            ("pk", Some("%(table_name)s%"), "a `%` in `pk` begins a token"),
        ] {
            let (message, help) = Template::parse(key, template).unwrap_err();
            let said = format!("{message}; {help}");
            assert!(said.contains(expect), "{template:?}: {said}");
        }
    }
}
