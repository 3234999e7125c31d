//! Where the databases are: `url`, and the tables `[databases.<name>]`. A URL may ask for environment variables,
//! `${NAME}`; they are filled in when a command line runs (`revchain-cli`), never here.

use toml::Spanned;
use toml::de::DeValue;

use super::secret;
use super::shape::{Spans, string, table, unknown_key, wrong_value};
use crate::suggest::nearest;
use crate::{Code, Dialect, DialectSet, Finding, Findings, Span};

/// A database that `--name` chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDatabase {
    /// The name.
    pub name: String,
    /// Its URL, with `${NAME}` for environment variables.
    pub url: Option<String>,
    /// The migrations directory of its own chain, relative to this one; without it the chain is this one.
    pub migrations: Option<String>,
}

/// A URL whose dialect is known, and where it stands: compared with `dialects` when all keys are read.
#[derive(Debug)]
pub(super) struct Located {
    dialect: Dialect,
    key: String,
    place: Span,
}

const KEYS: [&str; 2] = ["url", "migrations"];

/// Schemes, and the dialects that they name.
const SCHEMES: [(&str, Dialect); 5] = [
    ("postgres", Dialect::Postgres),
    ("postgresql", Dialect::Postgres),
    ("mysql", Dialect::Mysql),
    ("mariadb", Dialect::Mysql),
    ("sqlite", Dialect::Sqlite),
];

type Fault = (String, String);

/// Reads a URL.
pub(super) fn read_url(
    value: &Spanned<DeValue<'_>>,
    key: &str,
    span: &Spans<'_>,
    located: &mut Vec<Located>,
    findings: &mut Findings,
) -> Option<String> {
    let place = span(value.span());
    match parse(key, string(value)) {
        Ok((url, dialect)) => {
            located.extend(dialect.map(|dialect| Located { dialect, key: key.to_owned(), place }));
            Some(url)
        }
        Err(fault) => {
            findings.push(wrong_value(place, fault));
            None
        }
    }
}

/// Reads `[databases]`.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    span: &Spans<'_>,
    located: &mut Vec<Located>,
    findings: &mut Findings,
) -> Vec<NamedDatabase> {
    let mut databases = Vec::new();
    let Some(tables) = table(value, span, "databases", "[databases.<name>]", findings) else { return databases };
    for (key, value) in tables {
        let name = key.get_ref().as_ref();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            findings.push(
                Finding::at(
                    Code::ConfigKey,
                    span(key.span()),
                    format!("`{}` cannot be the name of a database", name.escape_debug()),
                )
                .help("`--name` takes letters, digits, `_` and `-`"),
            );
            continue;
        }
        databases.extend(read_named(name, value, span, located, findings));
    }
    databases
}

fn read_named(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    span: &Spans<'_>,
    located: &mut Vec<Located>,
    findings: &mut Findings,
) -> Option<NamedDatabase> {
    let header = format!("[databases.{name}]");
    let mut database = NamedDatabase { name: name.to_owned(), url: None, migrations: None };
    let before = findings.len();
    let mut own = Vec::new();
    for (key, value) in table(value, span, name, &header, findings)? {
        match key.get_ref().as_ref() {
            "url" => database.url = read_url(value, "url", span, &mut own, findings),
            "migrations" => match string(value).filter(|path| !path.is_empty()) {
                Some(path) => database.migrations = Some(path.to_owned()),
                None => findings.push(wrong_value(
                    span(value.span()),
                    (
                        "`migrations` is a path in quotes".to_owned(),
                        "it is relative to this migrations directory, for instance `\"../orders\"`".to_owned(),
                    ),
                )),
            },
            unknown => findings.push(unknown_key(unknown, &header, &KEYS, span(key.span()))),
        }
    }
    if database.migrations.is_none() {
        // Another chain has dialects of its own.
        located.append(&mut own);
        if database.url.is_none() && findings.len() == before {
            findings.push(wrong_value(
                span(value.span()),
                (
                    format!("`{header}` does not say where the database is"),
                    "write `url`, or `migrations` for the directory of another chain".to_owned(),
                ),
            ));
        }
    }
    Some(database)
}

/// Reports URLs of databases that the chain does not serve.
pub(super) fn compare(located: Vec<Located>, dialects: DialectSet, findings: &mut Findings) {
    for Located { dialect, key, place } in located {
        if !dialects.is_empty() && !dialects.contains(dialect) {
            let message = format!("`{key}` is a {dialect} database, and `dialects` has no `{dialect}`");
            let help = format!("name a database that this chain serves ({dialects}), or add the dialect");
            findings.push(wrong_value(place, (message, help)));
        }
    }
}

fn parse(key: &str, text: Option<&str>) -> Result<(String, Option<Dialect>), Fault> {
    let Some(url) = text.filter(|text| !text.is_empty()) else {
        return Err((
            format!("`{key}` is a database's URL in quotes"),
            "for instance `\"sqlite:dev.db\"` or `\"${DATABASE_URL}\"`".to_owned(),
        ));
    };
    check_references(key, url)?;
    let dialect = dialect(key, url)?;
    if secret::literal(url).is_some() {
        return Err((
            format!("the password in `{key}` is written out, for all who read this file or the program made of it"),
            "write `${NAME}` in its place, and set that environment variable where the program runs".to_owned(),
        ));
    }
    Ok((url.to_owned(), dialect))
}

/// Whether every `${` begins the name of a variable. `$${` is a `${` of one's own.
fn check_references(key: &str, url: &str) -> Result<(), Fault> {
    let mut rest = url;
    while let Some(at) = rest.find("${") {
        let is_own = rest[..at].ends_with('$');
        rest = &rest[at + 2..];
        if is_own {
            continue;
        }
        let Some((name, after)) = rest.split_once('}') else {
            let help = "a variable is `${NAME}`; write `$${` for a `${` of your own";
            return Err((format!("a `${{` in `{key}` has no `}}`"), help.to_owned()));
        };
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
        if !is_name {
            return Err((
                format!("a `${{` in `{key}` is not followed by the name of an environment variable"),
                "names have letters, digits and `_`: `${DATABASE_URL}`; write `$${` for a `${` of your own".to_owned(),
            ));
        }
        rest = after;
    }
    Ok(())
}

/// The dialect that the scheme names; nothing where a variable hides it.
fn dialect(key: &str, url: &str) -> Result<Option<Dialect>, Fault> {
    let examples = "for instance `postgres://user@host/name`, `mysql://user@host/name` or `sqlite:dev.db`";
    let scheme = match url.split_once(':') {
        Some((scheme, _)) if !scheme.contains("${") => scheme,
        None if !url.contains("${") => {
            return Err((format!("`{key}` is no URL, for it has no scheme"), examples.to_owned()));
        }
        _ => return Ok(None),
    };
    if let Some((_, dialect)) = SCHEMES.iter().find(|(known, _)| *known == scheme) {
        return Ok(Some(*dialect));
    }
    // SQLAlchemy's: `postgresql+psycopg2`.
    let (word, driver) = scheme.split_once('+').map_or((scheme, false), |(word, _)| (word, true));
    let known = SCHEMES.iter().map(|(known, _)| *known);
    let meant = nearest(word, known).or_else(|| Dialect::from_alias(word).map(Dialect::name));
    let message = format!("`{key}` has an unknown scheme, `{}`", scheme.escape_debug());
    Err(match meant {
        Some(meant) if driver => (message, format!("that names a driver of Python's; write `{meant}:`")),
        Some(meant) => (message, format!("did you mean `{meant}:`?")),
        None => (message, format!("there are `postgres`, `mysql` (for MariaDB too) and `sqlite`, {examples}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;
    use crate::config::Config;

    fn check(text: &str) -> (Config, Vec<String>) {
        let mut sources = Sources::default();
        let file = sources.add("revchain.toml", "revchain.toml", text.as_bytes().to_vec());
        let mut findings = Findings::default();
        let config = crate::config::read(&sources, file, &mut findings);
        let said = findings.iter().map(|finding| crate::render::render(&sources, finding, false)).collect();
        (config, said)
    }

    #[test]
    fn every_form_is_read() {
        let (config, said) = check(
            "url = 'sqlite:dev.db'\n[databases.staging]\nurl = 'postgres://app:${PASSWORD}@host/app'\n\
             [databases.a-B_9]\nurl = '${X}'\n[databases.orders]\nmigrations = '../orders'\n\
             [databases.both]\nmigrations = '../both'\nurl = 'sqlite:$${x.db'\n",
        );
        assert_eq!(said, Vec::<String>::new());
        let named = |name: &str, url: Option<&str>, migrations: Option<&str>| NamedDatabase {
            name: name.to_owned(),
            url: url.map(str::to_owned),
            migrations: migrations.map(str::to_owned),
        };
        assert_eq!(config.url.as_deref(), Some("sqlite:dev.db"));
        assert_eq!(
            config.databases,
            [
                named("a-B_9", Some("${X}"), None),
                named("both", Some("sqlite:$${x.db"), Some("../both")),
                named("orders", None, Some("../orders")),
                named("staging", Some("postgres://app:${PASSWORD}@host/app"), None),
            ]
        );
    }

    #[test]
    fn wrong_urls_and_names_are_named_with_a_remedy() {
        for (text, expect) in [
            ("url = 3", "[RC032] `url` is a database's URL in quotes"),
            ("url = ''", "[RC032] `url` is a database's URL in quotes"),
            ("url = 'app.db'", "[RC032] `url` is no URL, for it has no scheme"),
            ("url = 'oracle://h/d'", "`url` has an unknown scheme, `oracle`"),
            ("url = 'postgre://h/d'", "did you mean `postgres:`?"),
            ("url = 'pg://h/d'", "did you mean `postgres:`?"),
            ("url = 'sqlite3:x'", "did you mean `sqlite:`?"),
            ("url = 'postgresql+psycopg2://h/d'", "that names a driver of Python's; write `postgresql:`"),
            ("url = 'postgres://${HOST/d'", "a `${` in `url` has no `}`"),
            ("url = '${}'", "is not followed by the name of an environment variable"),
            ("url = '${1X}'", "is not followed by the name of an environment variable"),
            ("url = '${X:-sqlite:dev.db}'", "is not followed by the name of an environment variable"),
            ("url = 'postgres://me:s3cret@h/d'", "the password in `url` is written out"),
            ("url = 'postgre://me:s3cret@h/d'", "did you mean `postgres:`?"),
            ("url = '${S}://me:s3cret@h/d'", "the password in `url` is written out"),
            ("url = 'postgres:///d?password=s3cret'", "the password in `url` is written out"),
            ("dialects = ['mysql']\nurl = 'sqlite:x'", "`url` is a sqlite database, and `dialects` has no `sqlite`"),
            ("dialects = ['mysql']\ndatabases.x.url = 'sqlite:x'", "and `dialects` has no `sqlite`"),
            ("databases = 3", "[RC032] `databases` is a table"),
            ("databases.x = 'sqlite:x'", "[RC032] `x` is a table"),
            ("databases.x = 'sqlite:x'", "write `[databases.x]` on a line of its own"),
            ("[databases.x]", "[RC032] `[databases.x]` does not say where the database is"),
            ("[databases.x]\nurk = 'sqlite:x'", "[RC031] `[databases.x]` has no key `urk`"),
            ("[databases.x]\nurk = 'sqlite:x'", "did you mean `url`?"),
            ("[databases.x]\nmigrations = ''", "[RC032] `migrations` is a path in quotes"),
            ("[databases.x]\nurl = 'postgres://me:s3cret@h/d'", "the password in `url` is written out"),
            ("[databases.'a b']\nurl = 'sqlite:x'", "[RC031] `a b` cannot be the name of a database"),
            ("[databases.'']\nurl = 'sqlite:x'", "[RC031] `` cannot be the name of a database"),
            ("lock_timeout = 5", "[RC032] `lock_timeout` is a duration in quotes"),
            ("statement_timeout = '5m'", "[RC032] `statement_timeout` has an unknown unit, `m`"),
            ("statement_tiemout = '5m'", "did you mean `statement_timeout`?"),
            ("naming = 3", "[RC032] `naming` is a table"),
            ("[naming]\nix = '%(tabel_name)s'", "[RC032] `ix` has no token"),
            ("[naming]\nidx = '%(table_name)s'", "[RC031] `[naming]` has no key `idx`"),
            ("[naming]\nIndex = '%(table_name)s'", "did you mean `ix`?"),
            ("[objects]\nexclude = 'x'", "[RC032] `exclude` is a list of patterns in quotes"),
            ("[objects]\nexclude = ['x', 3]", "[RC032] `exclude` is a list of patterns in quotes"),
            ("[objects]\nexclude = ['a.b.c']", "[RC032] `a.b.c` names no table"),
            ("[objects]\ninclude = []", "[RC032] `include` is empty"),
            ("[objects]\nexclud = []", "[RC031] `[objects]` has no key `exclud`"),
            ("password = 's3cret'", "[RC031] `revchain.toml` has no key `password`"),
            ("url = 'postgres://me:s3cret@h/d", "[RC030]"),
        ] {
            let (_, said) = check(text);
            assert_eq!(said.len(), 1, "{text}: {said:#?}");
            assert!(said[0].contains(expect), "{text}: {}", said[0]);
            assert!(!said[0].contains("s3cret"), "{text}: {}", said[0]);
        }
    }

    #[test]
    fn another_chain_has_dialects_of_its_own() {
        let (_, said) = check("dialects = ['mysql']\n[databases.x]\nmigrations = '../x'\nurl = 'sqlite:x'\n");
        assert_eq!(said, Vec::<String>::new());
        let (_, said) = check("dialects = ['oracle']\nurl = 'sqlite:x'\n");
        assert_eq!(said.len(), 1, "what is not known is not compared: {said:#?}");
    }
}
