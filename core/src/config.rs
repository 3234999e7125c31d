//! `revchain.toml`: what alembic.ini and env.py hold for Alembic. Reads a table, names every key that it does not know.

mod check;
mod database;
mod edited;
mod file_template;
mod flavour;
mod models;
mod naming;
mod objects;
mod revision;
mod secret;
mod shape;
mod timeout;

pub use check::{Level, Levels};
pub use database::NamedDatabase;
pub use edited::Edited;
pub use file_template::{Field, FileTemplate};
pub use flavour::Flavour;
pub use models::{Drift, ModelSettings};
pub use naming::{Given, NameNeeded, Named, NamingConvention, Subject};
pub use objects::ObjectFilter;
pub use revision::{Hook, RevisionSettings, TimeZone};
pub(crate) use secret::concealed;

use std::time::Duration;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::suggest::nearest;
use crate::{Code, Dialect, DialectSet, FileId, Finding, Findings, Sources, Span};
use shape::{string, wrong_value};

/// The settings of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The dialects that every revision must serve. Empty where the file is faulty and does not tell: then nothing is
    /// claimed that depends on them.
    pub dialects: DialectSet,
    /// Which server the dialect `mysql` is; without it either, and nothing that one of them has is an error.
    pub flavour: Option<Flavour>,
    /// The version table's name: Alembic's, unless something else is asked for.
    pub version_table: String,
    /// The version table's schema; without one the connection's own decides.
    pub version_table_schema: Option<String>,
    /// Where a run commits; without it the dialect decides.
    pub transaction: Option<Transaction>,
    /// What a run does about applied revisions that have been edited since.
    pub edited: Edited,
    /// The database where nothing else names one: a URL, with `${NAME}` for environment variables.
    pub url: Option<String>,
    /// How long a statement may wait for a lock; zero is without end. Without it the server decides.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may take; zero is without end. Without it the server decides.
    pub statement_timeout: Option<Duration>,
    /// The databases that `--name` chooses, by name.
    pub databases: Vec<NamedDatabase>,
    /// What autogenerate calls indexes and constraints.
    pub naming: NamingConvention,
    /// What autogenerate and check look at.
    pub objects: ObjectFilter,
    /// Where the models are.
    pub models: ModelSettings,
    /// How new revisions are written.
    pub revision: RevisionSettings,
    /// How much each kind of finding matters.
    pub levels: Levels,
}

/// Where a run commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// After every revision.
    PerRevision,
    /// Once, as far as the revisions allow.
    PerRun,
}

/// The longest table name: PostgreSQL cuts identifiers at 63 bytes, and the primary key's name adds `_pkc`.
const MAX_TABLE_NAME: usize = 59;

const KEYS: [&str; 15] = [
    "dialects",
    "flavour",
    "version_table",
    "version_table_schema",
    "transaction",
    "edited",
    "url",
    "lock_timeout",
    "statement_timeout",
    "databases",
    "naming",
    "objects",
    "models",
    "revision",
    "check",
];

impl Default for Config {
    fn default() -> Config {
        Config {
            dialects: DialectSet::ALL,
            flavour: None,
            version_table: "alembic_version".to_owned(),
            version_table_schema: None,
            transaction: None,
            edited: Edited::default(),
            url: None,
            lock_timeout: None,
            statement_timeout: None,
            databases: Vec::new(),
            naming: NamingConvention::default(),
            objects: ObjectFilter::default(),
            models: ModelSettings::default(),
            revision: RevisionSettings::default(),
            levels: Levels::default(),
        }
    }
}

impl Config {
    /// Stands in for a file that could not be read.
    pub(crate) fn unknown() -> Config {
        Config { dialects: DialectSet::EMPTY, ..Config::default() }
    }
}

/// Reads a `revchain.toml`. What is wrong is reported, and the default stands in for it.
pub fn read(sources: &Sources, file: FileId, findings: &mut Findings) -> Config {
    let mut config = Config::default();
    let text = &sources.file(file).text;
    if let Some(valid) = sources.file(file).valid_up_to {
        findings.push(
            Finding::at(Code::NotUtf8, Span::new(file, valid, valid), "this file stops being UTF-8 here")
                .help("save it as UTF-8: TOML is written in nothing else"),
        );
        return Config::unknown();
    }
    let span = |range: std::ops::Range<usize>| Span::new(file, range.start, range.end);
    let (table, errors) = DeTable::parse_recoverable(text);
    // The parser goes on after a fault and stumbles over its consequences: the first is the mistake.
    if let Some(error) = errors.first() {
        let place = error.span().unwrap_or(0..0);
        findings.push(
            Finding::at(Code::ConfigSyntax, span(place), format!("`revchain.toml` is not TOML: {}", error.message()))
                .help("a key and its value look like `dialects = [\"postgres\", \"sqlite\"]`"),
        );
        return Config::unknown();
    }
    let (mut urls, mut flavoured) = (Vec::new(), None);
    for (key, value) in table.get_ref() {
        let place = span(value.span());
        match key.get_ref().as_ref() {
            "dialects" => {
                config.dialects = read_dialects(value, place, &span, findings).unwrap_or(DialectSet::EMPTY);
            }
            "flavour" => {
                config.flavour = flavour::read(value, place, findings);
                flavoured = Some(place);
            }
            "version_table" => {
                if let Some(name) = read_name(value, place, "version_table", findings) {
                    config.version_table = name;
                }
            }
            "version_table_schema" => {
                config.version_table_schema = read_name(value, place, "version_table_schema", findings);
            }
            "transaction" => match string(value) {
                Some("per-revision") => config.transaction = Some(Transaction::PerRevision),
                Some("per-run") => config.transaction = Some(Transaction::PerRun),
                _ => findings.push(
                    Finding::at(Code::ConfigValue, place, "`transaction` is `\"per-revision\"` or `\"per-run\"`")
                        .help("leave the key out for each dialect's own habit"),
                ),
            },
            "edited" => config.edited = edited::read(value, place, findings),
            "url" => config.url = database::read_url(value, "url", &span, &mut urls, findings),
            "lock_timeout" => config.lock_timeout = read_timeout(value, place, "lock_timeout", findings),
            "statement_timeout" => config.statement_timeout = read_timeout(value, place, "statement_timeout", findings),
            "databases" => config.databases = database::read(value, &span, &mut urls, findings),
            "naming" => config.naming = naming::read(value, &span, findings),
            "objects" => config.objects = objects::read(value, &span, findings),
            "models" => config.models = models::read(value, &span, findings),
            "revision" => config.revision = revision::read(value, &span, findings),
            "check" => config.levels = check::read(value, &span, findings),
            unknown => {
                let finding =
                    Finding::at(Code::ConfigKey, span(key.span()), format!("`revchain.toml` has no key `{unknown}`"));
                let meant = nearest(unknown, KEYS);
                if meant == Some("dialects") {
                    config.dialects = DialectSet::EMPTY;
                }
                findings.push(match meant {
                    Some(known) => finding.help(format!("did you mean `{known}`?")),
                    None => finding.help(format!("the keys are {}", listed(&KEYS))),
                });
            }
        }
    }
    if let Some(place) = flavoured
        && !config.dialects.is_empty()
        && !config.dialects.contains(Dialect::Mysql)
    {
        findings.push(
            Finding::at(
                Code::ConfigValue,
                place,
                "`flavour` says which server `mysql` is, and this chain does not serve it",
            )
            .help("add `\"mysql\"` to `dialects`, or remove the line"),
        );
    }
    database::compare(urls, config.dialects, findings);
    config
}

fn read_timeout(value: &Spanned<DeValue<'_>>, place: Span, key: &str, findings: &mut Findings) -> Option<Duration> {
    timeout::parse(key, string(value)).map_err(|fault| findings.push(wrong_value(place, fault))).ok()
}

fn read_dialects(
    value: &Spanned<DeValue<'_>>,
    place: Span,
    span: &impl Fn(std::ops::Range<usize>) -> Span,
    findings: &mut Findings,
) -> Option<DialectSet> {
    let DeValue::Array(names) = value.get_ref() else {
        findings.push(dialects_shape(place, "`dialects` is a list of names"));
        return None;
    };
    let names: &DeArray<'_> = names;
    let mut dialects = DialectSet::EMPTY;
    let mut sound = true;
    for name in names {
        let here = span(name.span());
        let Some(word) = string(name) else {
            findings.push(dialects_shape(here, "a dialect is a name in quotes"));
            sound = false;
            continue;
        };
        match Dialect::from_name(word) {
            Some(dialect) => {
                if !dialects.insert(dialect) {
                    findings.push(
                        Finding::at(Code::ConfigValue, here, format!("`{word}` is listed twice"))
                            .help("remove one of the two"),
                    );
                }
            }
            None => {
                sound = false;
                findings.push(
                    Finding::at(Code::ConfigValue, here, format!("there is no dialect `{word}`"))
                        .help(dialect_help(word)),
                );
            }
        }
    }
    if sound && dialects.is_empty() {
        findings.push(dialects_shape(place, "`dialects` is empty, so no revision could run anywhere"));
    }
    (sound && !dialects.is_empty()).then_some(dialects)
}

fn dialects_shape(place: Span, message: &str) -> Finding {
    Finding::at(Code::ConfigValue, place, message)
        .help("for instance `dialects = [\"postgres\", \"mysql\", \"sqlite\"]`")
}

/// What to write instead of an unknown dialect's name.
pub(crate) fn dialect_help(word: &str) -> String {
    let names = Dialect::ALL.map(Dialect::name);
    match Dialect::from_alias(word).map(Dialect::name).or_else(|| nearest(word, names)) {
        Some(name) if name == "mysql" && word.to_ascii_lowercase().starts_with("maria") => {
            "MariaDB's dialect is called `mysql` here".to_owned()
        }
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the dialects are {}", listed(&names)),
    }
}

fn read_name(value: &Spanned<DeValue<'_>>, place: Span, key: &str, findings: &mut Findings) -> Option<String> {
    match string(value) {
        Some(name) if !name.is_empty() && name.len() <= MAX_TABLE_NAME && !name.contains('\0') => Some(name.to_owned()),
        _ => {
            findings.push(
                Finding::at(
                    Code::ConfigValue,
                    place,
                    format!("`{key}` is a name in quotes, of 1 to {MAX_TABLE_NAME} bytes"),
                )
                .help(match key {
                    "version_table" => "leave the key out for Alembic's own `alembic_version`",
                    _ => "leave the key out for the schema that the connection uses by itself",
                }),
            );
            None
        }
    }
}

/// Words as they stand in a sentence: "`a`, `b` and `c`".
pub fn listed(words: &[&str]) -> String {
    let mut text = String::new();
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            text.push_str(if position + 1 == words.len() { " and " } else { ", " });
        }
        text.push('`');
        text.push_str(word);
        text.push('`');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> (Config, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("revchain.toml", "revchain.toml", text.as_bytes().to_vec());
        let mut findings = Findings::default();
        let config = read(&sources, file, &mut findings);
        let said = findings
            .iter()
            .map(|finding| {
                let place = finding.primary.as_ref().map_or("", |label| sources.text(label.span));
                format!("{} {place}: {}; {}", finding.code, finding.message, finding.help.as_deref().unwrap_or(""))
            })
            .collect();
        (config, said)
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        assert_eq!(check("# nothing\n"), (Config::default(), vec![]));
    }

    #[test]
    fn every_key_is_read() {
        let (config, said) = check(
            "dialects = ['sqlite', 'postgres']\nversion_table = 'v'\nversion_table_schema = 'app'\ntransaction = 'per-run'\nedited = 'warning'\n",
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(config.dialects.to_string(), "postgres, sqlite");
        assert_eq!(config.version_table, "v");
        assert_eq!(config.version_table_schema.as_deref(), Some("app"));
        assert_eq!(config.transaction, Some(Transaction::PerRun));
        assert_eq!(config.edited, Edited::Warning);
        assert_eq!(Config::default().edited, Edited::Error);
    }

    #[test]
    fn wrong_keys_and_values_are_named_with_a_remedy() {
        let (_, said) = check("dialect = ['sqlite']\ntransaction = 1\n[extra]\n");
        assert_eq!(said.len(), 3, "{said:#?}");
        assert!(
            said[0].contains("RC031 dialect: `revchain.toml` has no key `dialect`; did you mean `dialects`?"),
            "{said:#?}"
        );
        let (_, said) = check("dialects = ['mariadb', 'oracle', 3]\n");
        assert!(said[0].contains("MariaDB's dialect is called `mysql` here"), "{said:#?}");
        assert!(said[1].contains("the dialects are `postgres`, `mysql` and `sqlite`"), "{said:#?}");
        assert!(said[2].contains("a dialect is a name in quotes"), "{said:#?}");
        assert_eq!(check("dialects = []\n").1.len(), 1);
        assert_eq!(check("version_table = ''\n").1.len(), 1);
        let (_, said) = check("edited = true\n");
        assert!(said[0].contains("RC032 true: `edited` is `\"error\"`, `\"warning\"` or `\"off\"`"), "{said:#?}");
    }

    #[test]
    fn the_flavour_is_one_of_three_and_mysqls() {
        for (text, expect) in [
            ("", None),
            ("flavour = 'mysql'", Some(Flavour::Mysql)),
            ("dialects = ['mysql']\nflavour = 'mariadb'", Some(Flavour::Mariadb)),
            ("flavour = 'both'\ndialects = ['sqlite', 'mysql']", Some(Flavour::Both)),
        ] {
            let (config, said) = check(text);
            assert_eq!((config.flavour, said), (expect, vec![]), "{text}");
        }
        for (text, expect) in [
            ("flavour = 'percona'", "RC032 'percona': `flavour` is `\"mysql\"`, `\"mariadb\"` or `\"both\"`"),
            ("flavour = ['mysql']", "RC032 ['mysql']: `flavour` is"),
            ("flavor = 'mysql'", "RC031 flavor: `revchain.toml` has no key `flavor`; did you mean `flavour`?"),
            (
                "flavour = 'mysql'\ndialects = ['postgres']",
                "RC032 'mysql': `flavour` says which server `mysql` is, and this chain does not serve it; add `\"mysql\"`",
            ),
        ] {
            let (_, said) = check(text);
            assert!(said.len() == 1 && said[0].starts_with(expect), "{text}: {said:#?}");
        }
        // What is wrong with the dialects explains the rest.
        assert_eq!(check("flavour = 'mysql'\ndialects = ['oracle']").1.len(), 1);
    }

    #[test]
    fn what_is_not_toml_is_one_finding_where_it_stops() {
        let (config, said) = check("dialects = [\n");
        assert!(config.dialects.is_empty(), "nothing is known");
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].starts_with("RC030"), "{said:#?}");
    }
}
