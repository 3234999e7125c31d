//! `revision`: writes a new revision on top of the newest. Whatever can be refused is refused before anything is written.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use revchain_core::config::{Field, RevisionSettings};
use revchain_core::revision::{Language, MAX_ID_LENGTH, RESERVED_IDS, RevisionFile};
use revchain_core::{Dialect, DialectSet, Findings, Sources, VerifiedChain, chain, load};
use serde_json::json;

use super::autogenerate::{changes, compared, shown};
use super::chosen::Chosen;
use super::command::{Format, Revision};
use super::directory::{Directory, Faulty};
use super::drift::Drift;
use super::hook;
use super::lock;
use super::moment::{Moment, Zone};
use super::reading::id;
use super::skeleton::{self, Words};
use super::slug::slug;
use super::usage;
use crate::BoxError;
use crate::json::object;
use crate::output::print;
use crate::terminal::{WARNING, say};

pub(super) fn run(
    chosen: &Chosen,
    matches: &ArgMatches,
    words: &Revision,
    json: bool,
    quiet: bool,
) -> Result<ExitCode, BoxError> {
    let directory = &chosen.directory;
    let hinted = !(words.hints.rename.is_empty() && words.hints.drop.is_empty());
    if hinted && !words.autogenerate {
        return Err(usage("--rename and --drop go with --autogenerate: they are about models"));
    }
    if words.autogenerate && words.format == Format::Rust {
        return Err(usage("--autogenerate writes SQL: leave `--format rust` out"));
    }
    let (sources, chain) = directory.verified().map_err(|faulty| faulty.so(REFUSAL))?;
    let sections = match words.autogenerate {
        true => match generated(chosen, matches, words, (&sources, &chain), json, quiet)? {
            Some(sections) => Some(sections),
            None => return Ok(ExitCode::SUCCESS),
        },
        false => None,
    };
    let written = create(directory, (sources, &chain), words, sections.as_deref())?;
    print(&match json {
        true => {
            let Written { id, down_revision, file } = &written;
            object("revision", json!({ "revision": id, "down_revision": down_revision, "file": file }))
        }
        false => format!("{}\n", written.file),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What leads from the chain, or from a database at its head, to the models; nothing where they are the same.
fn generated(
    chosen: &Chosen,
    matches: &ArgMatches,
    words: &Revision,
    (sources, chain): (&Sources, &VerifiedChain),
    json: bool,
    quiet: bool,
) -> Result<Option<String>, BoxError> {
    let live = words.database.then(|| Drift::at_head(chosen, matches, (sources, chain))).transpose()?;
    if let Some(live) = &live {
        look(live, chain.config().dialects, quiet);
    }
    let compared = compared(&chosen.directory, sources, chain, &words.hints, live.as_ref(), true)?;
    for one in &compared.not_compared {
        say(&format!("not compared: {one}\n"));
    }
    if compared.is_clean() {
        // A database that has what the models say, and a chain that has not, need one all the same.
        if live.is_some_and(|live| !live.is_clean()) {
            compared.sections()?;
        }
        if json {
            print(&object("revision", json!({ "revision": null, "down_revision": null, "file": null })))?;
        } else if !quiet {
            say("No changes in schema detected; no revision was written.\n");
        }
        return Ok(None);
    }
    if !quiet {
        changes(&compared).iter().for_each(|change| say(&format!("Detected: {}\n", shown(change, &compared))));
    }
    compared.sections().map(Some)
}

/// Says what the database differs in, and that nobody asks one for other dialects.
fn look(live: &Drift, served: DialectSet, quiet: bool) {
    say(&live.not_compared());
    for caution in live.cautions() {
        say(&format!("{WARNING}warning:{WARNING:#} {caution}\n"));
    }
    if !live.is_clean() {
        say(&format!("{WARNING}warning:{WARNING:#} {}\n{}", live.summary(), indented(&live.text())));
    }
    let others: Vec<&str> = served.iter().filter(|one| *one != live.dialect).map(Dialect::name).collect();
    if !quiet && !others.is_empty() {
        say(&format!(
            "Compared with {}; for {} with what the chain leads to, since a database is of one dialect.\n",
            live.url,
            others.join(" and ")
        ));
    }
}

/// A text, line by line behind two spaces.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

/// What becomes of a directory that is faulty.
const REFUSAL: &str = "no revision was written";

/// A revision that was written.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) down_revision: Option<String>,
    /// How messages name it.
    pub(super) file: String,
}

/// Writes a revision behind a chain; `sections` is what stands in it, where that is not for the author to write.
pub(super) fn create(
    directory: &Directory,
    (sources, chain): (Sources, &VerifiedChain),
    words: &Revision,
    sections: Option<&str>,
) -> Result<Written, BoxError> {
    let settings = &chain.config().revision;
    let id = match &words.rev_id {
        Some(given) => checked(given, chain)?,
        None => fresh(chain),
    };
    let language = match words.format {
        Format::Sql => Language::Sql,
        Format::Rust => Language::Rust,
    };
    if words.per_dialect && language == Language::Rust {
        return Err(usage("--per-dialect is about sections of SQL: a revision in Rust asks `op.dialect()`"));
    }
    if words.per_dialect && settings.template.is_some() {
        return Err(usage(
            "--per-dialect: which sections a new file has says `template` in revchain.toml; leave one out",
        ));
    }
    let hooks = settings.hooks.iter().filter(|hook| hook.format.is_none_or(|format| format == language));
    let hooks = hooks.map(|hook| hook::check(directory, hook)).collect::<Result<Vec<_>, _>>()?;
    let moment = Moment::now(&Zone::find(&settings.timezone, directory)?);
    let message = words.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text(directory, chain, words, sections, (&id, &message), moment)?;
    let name = name(settings, words.format, &id, &message, moment);
    let shown = format!("{}/{}/{name}", directory.shown, load::VERSIONS);

    let mut imagined = sources;
    let added = imagined.add(shown.clone(), format!("{}/{name}", load::VERSIONS), text.clone().into_bytes());
    let judged = judge(directory, chain.and(&imagined, added), &imagined, (&id, &message));
    let grown = judged.map_err(|error| match error.downcast::<Faulty>() {
        Ok(faulty) => (*faulty).so(REFUSAL).into(),
        Err(other) => other,
    })?;

    let path = directory.path.join(load::VERSIONS).join(&name);
    write(&path, &text).map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
    let recorded =
        lock::list_judged(directory, (&imagined, &grown)).map_err(|error| match error.downcast::<Faulty>() {
            Ok(faulty) => faulty.so("the new revision was taken away again").into(),
            Err(other) => other,
        });
    if let Err(error) = recorded {
        let _ = fs::remove_file(&path);
        return Err(error);
    }
    for hook in &hooks {
        hook.run(&path).map_err(|error| {
            format!(
                "{error}\n  `{shown}` is written, as the hook left it, and is in revchain.lock\n  \
                 mend it by hand, or delete the file and run `revchain lock` to begin again"
            )
        })?;
    }
    if !hooks.is_empty() {
        let sources = lock::without(&directory.sources());
        let (chain, findings) = chain::verify(&sources);
        let consequence = format!("that is what the hooks made of `{shown}`");
        let chain = chain.ok_or_else(|| Faulty::new(directory, &sources, &findings).so(&consequence))?;
        if !chain.revisions().iter().any(|revision| super::reading::id(revision) == id) {
            return Err(format!(
                "the hooks took revision `{id}` away, or gave it another id; `{shown}` is what was written, and \
                 revchain.lock has its line: `revchain lock` makes it right"
            )
            .into());
        }
    }
    let down_revision = chain.revisions().last().map(|revision| super::reading::id(revision).to_owned());
    Ok(Written { id, down_revision, file: shown })
}

/// An id that the user chose, if it may be one.
fn checked(given: &str, chain: &VerifiedChain) -> Result<String, BoxError> {
    let mut illegal: Vec<char> = given.chars().filter(|c| !(c.is_ascii_alphanumeric() || *c == '_')).collect();
    illegal.sort_unstable();
    illegal.dedup();
    if !illegal.is_empty() {
        let illegal: Vec<String> = illegal.iter().map(|c| c.escape_debug().to_string()).collect();
        // Alembic's sentence.
        return Err(usage(format!(
            "--rev-id: Character(s) '{}' not allowed in revision identifier '{}'; letters, digits and `_` are",
            illegal.join(", "),
            given.escape_debug()
        )));
    }
    if given.is_empty() || given.len() > MAX_ID_LENGTH {
        return Err(usage(format!(
            "--rev-id: a revision id has 1 to {MAX_ID_LENGTH} characters, and `{given}` has {}",
            given.len()
        )));
    }
    if RESERVED_IDS.iter().any(|word| word.eq_ignore_ascii_case(given)) {
        return Err(usage(format!("--rev-id: `{given}` is a word that targets use; choose another id")));
    }
    match chain.revisions().iter().map(id).find(|id| id.eq_ignore_ascii_case(given)) {
        Some(known) if known == given => {
            Err(usage(format!("--rev-id: there is a revision `{given}` already; choose another id")))
        }
        Some(known) => Err(usage(format!(
            "--rev-id: there is a revision `{known}`, and MySQL does not tell ids by their case; choose another id"
        ))),
        None => Ok(given.to_owned()),
    }
}

/// Twelve hexadecimal digits that no revision has.
fn fresh(chain: &VerifiedChain) -> String {
    loop {
        // The operating system's randomness, as hash tables take it: good enough against a chance encounter.
        let id = format!("{:012x}", RandomState::new().build_hasher().finish() >> 16);
        if !chain.revisions().iter().any(|revision| super::reading::id(revision) == id) {
            return id;
        }
    }
}

fn text(
    directory: &Directory,
    chain: &VerifiedChain,
    words: &Revision,
    sections: Option<&str>,
    (id, message): (&str, &str),
    moment: Moment,
) -> Result<String, BoxError> {
    let created = moment.to_string();
    let down_revision = chain.revisions().last().map_or("base", super::reading::id);
    let empty = skeleton::sections(if words.per_dialect { chain.config().dialects } else { DialectSet::EMPTY });
    let filling =
        Words { message, revision: id, down_revision, created: &created, sections: sections.unwrap_or(&empty) };
    if let Some((template, shown)) = skeleton::template(directory, &chain.config().revision, words.format)? {
        if sections.is_some() && !template.contains(&format!("${{{}}}", skeleton::SECTIONS)) {
            return Err(format!(
                "the template `{shown}` has no place for what is written: put `${{{}}}` where its sections are",
                skeleton::SECTIONS
            )
            .into());
        }
        return skeleton::fill(&template, &shown, &filling);
    }
    Ok(match words.format {
        Format::Rust => skeleton::rust(&filling),
        Format::Sql => skeleton::sql(&filling),
    })
}

fn name(settings: &RevisionSettings, format: Format, id: &str, message: &str, moment: Moment) -> String {
    let parts = moment.parts();
    let stem = settings.file_template.render(|field| match field {
        Field::Rev => id.to_owned(),
        Field::Slug => slug(message, settings.truncate_slug_length),
        Field::Epoch => moment.epoch.to_string(),
        Field::Year => parts.year.to_string(),
        Field::Month => parts.month.to_string(),
        Field::Day => parts.day.to_string(),
        Field::Hour => parts.hour.to_string(),
        Field::Minute => parts.minute.to_string(),
        Field::Second => parts.second.to_string(),
    });
    match format {
        Format::Sql => format!("{stem}.sql"),
        Format::Rust => format!("{stem}.rs"),
    }
}

/// The chain with the new revision, where it would be sound, and the new revision what was asked for.
fn judge(
    directory: &Directory,
    (chain, findings): (Option<VerifiedChain>, Findings),
    sources: &Sources,
    (id, message): (&str, &str),
) -> Result<VerifiedChain, BoxError> {
    let Some(chain) = chain else { return Err(Faulty::new(directory, sources, &findings).into()) };
    let head = chain.revisions().last();
    if head.is_none_or(|head| super::reading::id(head) != id) {
        return Err(format!("the template does not make revision `{id}` of it; nothing was written").into());
    }
    match head.map(|head: &RevisionFile| head.message.as_str()) {
        Some(read) if read == message || message.is_empty() => Ok(chain),
        read => Err(format!(
            "the message `{message}` would be read as `{}`: put it in other words; nothing was written",
            read.unwrap_or_default()
        )
        .into()),
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    let done = file.write_all(text.as_bytes());
    if done.is_err() {
        let _ = fs::remove_file(path);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use revchain_core::config::FileTemplate;

    /// Alembic's vectors C-14, C-15 and, for names, C-16.
    #[test]
    fn names_are_alembics() {
        let name = |template: &str, zone| {
            let settings =
                RevisionSettings { file_template: FileTemplate::parse(template).unwrap(), ..Default::default() };
            let moment = Zone::named(zone).unwrap().moment(1_343_228_885);
            name(&settings, Format::Sql, "12345", "this is a message", moment)
        };
        let all = "%(rev)s_%(slug)s_%(year)s_%(month)s_%(day)s_%(hour)s_%(minute)s_%(second)s";
        assert_eq!(name(all, "utc"), "12345_this_is_a_message_2012_7_25_15_8_5.sql");
        assert_eq!(name(all, "Europe/Berlin"), "12345_this_is_a_message_2012_7_25_17_8_5.sql");
        assert_eq!(name("%(rev)s_%(epoch)s", "Europe/Berlin"), "12345_1343228885.sql");
    }
}
