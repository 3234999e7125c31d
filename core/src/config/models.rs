//! The table `[models]`: where it is described what the chain should lead to. The build reads it to name its mistakes, and
//! uses nothing of it.

use toml::Spanned;
use toml::de::DeValue;

use super::shape::{Spans, string, table, unknown_key};
use crate::{Code, Finding, Findings};

/// Where the models are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelSettings {
    /// A file of DDL, relative to the migrations directory, in place of structs.
    pub schema: Option<String>,
    /// The binary that has them; without it the package's only one, or the one that it runs by itself.
    pub binary: Option<String>,
    /// Its package; without it the one that the migrations directory is in.
    pub package: Option<String>,
    /// The features that it is built with, beside the defaults.
    pub features: Vec<String>,
    /// What stands before the verb on its command line, where the verbs are mounted below a word: `["db"]`.
    pub arguments: Vec<String>,
    /// What a build makes of structs that are not what the chain leads to.
    pub drift: Drift,
}

/// What a build makes of models that are not what the chain leads to, where it compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drift {
    /// An error.
    #[default]
    Error,
    /// A warning.
    Warning,
    /// An error in a build for tests; else nothing.
    Tests,
    /// Nothing.
    Off,
}

const KEYS: [&str; 6] = ["schema", "drift", "binary", "package", "features", "arguments"];

/// The keys that are about the application's binary.
const OF_THE_BINARY: [&str; 4] = ["binary", "package", "features", "arguments"];

/// Reads the table.
pub(super) fn read(value: &Spanned<DeValue<'_>>, span: &Spans<'_>, findings: &mut Findings) -> ModelSettings {
    let mut settings = ModelSettings::default();
    let Some(table) = table(value, span, "models", "[models]", findings) else { return settings };
    let mut of_the_binary = None;
    for (key, value) in table {
        let place = span(value.span());
        let mut wrong = |message: String, help: &str| {
            findings.push(Finding::at(Code::ConfigValue, place, message).help(help));
        };
        match key.get_ref().as_ref() {
            "schema" => match string(value).filter(|path| !path.is_empty()) {
                Some(path) => settings.schema = Some(path.to_owned()),
                None => wrong(
                    "`schema` is a path in quotes".to_owned(),
                    "it is relative to the migrations directory, for instance `\"schema.sql\"`",
                ),
            },
            "drift" => match string(value) {
                Some("error") => settings.drift = Drift::Error,
                Some("warning") => settings.drift = Drift::Warning,
                Some("tests") => settings.drift = Drift::Tests,
                Some("off") => settings.drift = Drift::Off,
                _ => wrong(
                    "`drift` is `\"error\"`, `\"warning\"`, `\"tests\"` or `\"off\"`".to_owned(),
                    "it says what a build makes of models that are not what the chain leads to",
                ),
            },
            name @ ("binary" | "package") => match string(value).filter(|name| is_name(name)) {
                Some(word) if name == "binary" => settings.binary = Some(word.to_owned()),
                Some(word) => settings.package = Some(word.to_owned()),
                None => wrong(format!("`{name}` is a name in quotes"), "the name that it has in its `Cargo.toml`"),
            },
            name @ ("features" | "arguments") => match words(value) {
                Some(words) if name == "features" => settings.features = words,
                Some(words) => settings.arguments = words,
                None => wrong(format!("`{name}` is a list of words in quotes"), "for instance `[\"db\"]`"),
            },
            unknown => findings.push(unknown_key(unknown, "[models]", &KEYS, span(key.span()))),
        }
        if OF_THE_BINARY.contains(&key.get_ref().as_ref()) {
            of_the_binary.get_or_insert(span(key.span()));
        }
    }
    if let (Some(place), Some(_)) = (of_the_binary, &settings.schema) {
        let message = "`[models]` names a file and a binary; the models are in one of them";
        findings
            .push(Finding::at(Code::ConfigValue, place, message).help("leave `schema` out, or the keys of the binary"));
    }
    settings
}

/// The words of a list; nothing else is in it.
fn words(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let DeValue::Array(words) = value.get_ref() else { return None };
    words.iter().map(|word| string(word).filter(|word| !word.is_empty()).map(str::to_owned)).collect()
}

/// Whether cargo would take it for a name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('-') && !name.contains(char::is_whitespace)
}
