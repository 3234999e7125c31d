//! A lowered chain becomes tokens.
//!
//! The tables are a few literals. The compiler itself makes them, of bytes or of Rust source, as it does with what stands
//! around them: this crate is compiled without optimisation in most builds, the compiler is not.

use std::fmt::Write;
use std::time::Duration;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use revchain_core::lower::{self, Chain, Work};
use revchain_core::{Code, Finding, Findings, Sources, chain, checksum, config, load, pack, render};
use syn::LitStr;

use crate::directory::{self, Directory};
use crate::drift;
use crate::input::{Expression, Item};
use crate::replayed;

/// The item form: `pub static MIGRATIONS`, the modules of `.rs` revisions beside it.
pub(crate) fn item(item: &Item) -> TokenStream {
    let visibility = item.visibility.to_string();
    let name = item.name.as_ref().map_or("MIGRATIONS".to_owned(), ToString::to_string);
    let directory = directory::find(&item.directory);
    let sources = load::load(&directory.path, &directory.shown);
    let (chain, findings) = chain::verify(&sources);
    let doc = format!("The revisions of `{}`, from base to head.", directory.written);
    let mut tokens = errors(&sources, findings, &item.directory);
    let digest = checksum::of_sources(&sources);
    let level = drift::level(item.models.as_ref(), chain.as_ref());
    let replayed = replayed::of(&sources, &digest, chain.as_ref(), &directory, &item.directory, level.is_some());
    tokens.extend(replayed.errors);
    if let Some(models) = &item.models {
        let gathered = item.name.as_ref().map_or("MODELS".to_owned(), |name| format!("{name}_MODELS"));
        tokens.extend(drift::gather(models, &item.visibility, &gathered));
        tokens.extend(
            level
                .zip(replayed.head)
                .map(|(level, head)| drift::check(models, Some(&gathered), &head, level, item.directory.span())),
        );
    }
    let (mut before, mut after) = (String::new(), String::from(";"));
    let table = match chain {
        Some(chain) => {
            let chain = lower::lower(&sources, &chain);
            write_modules(&chain, &directory, &name, &mut before);
            write_watch(&sources, &digest, &directory, &mut after);
            table(&chain, &directory, &name, &item.directory)
        }
        None => {
            write_tracking(&sources, &directory, &mut after);
            empty()
        }
    };
    let _ = write!(before, "#[doc = {doc:?}] {visibility} static {name}: ::revchain::Migrations = ");
    tokens.extend([lex(&before, &item.directory), table, lex(&after, &item.directory)]);
    tokens
}

/// The expression form: a reference to a static of its own.
pub(crate) fn expression(expression: &Expression) -> TokenStream {
    let directory = directory::find(&expression.directory);
    let sources = load::load(&directory.path, &directory.shown);
    let (chain, mut findings) = chain::verify(&sources);
    let digest = checksum::of_sources(&sources);
    let level = drift::level(expression.models.as_ref(), chain.as_ref());
    let replayed = replayed::of(&sources, &digest, chain.as_ref(), &directory, &expression.directory, level.is_some());
    let drift = expression.models.as_ref().zip(level).zip(replayed.head);
    let drift =
        drift.map(|((models, level), head)| drift::check(models, None, &head, level, expression.directory.span()));
    let mut after = String::new();
    let mut table = match chain {
        Some(chain) => {
            let chain = lower::lower(&sources, &chain);
            findings.append(rust_revisions(&sources, &chain));
            write_watch(&sources, &digest, &directory, &mut after);
            table(&chain, &directory, "", &expression.directory)
        }
        None => empty(),
    };
    let mut errors = errors(&sources, findings, &expression.directory);
    errors.extend(replayed.errors);
    if !errors.is_empty() {
        (table, after) = (empty(), String::new());
    }
    let after = lex(&after, &expression.directory);
    quote!({ #errors #drift static MIGRATIONS: ::revchain::Migrations = #table; #after &MIGRATIONS })
}

/// An empty chain: stands in for a faulty one, so that the faults are the only errors.
fn empty() -> TokenStream {
    quote!(::revchain::__private::Migrations::empty())
}

/// What is written becomes tokens. By the compiler's own lexer and nobody else's: `proc_macro2` would read the text once
/// more by itself before.
pub(crate) fn lex(text: &str, literal: &LitStr) -> TokenStream {
    match text.parse::<proc_macro::TokenStream>() {
        Ok(tokens) => tokens.into(),
        Err(error) => {
            let message = format!("revchain wrote code that is not Rust: {error}");
            syn::Error::new(literal.span(), message).into_compile_error()
        }
    }
}

/// Each finding as an error of its own, shown at the directory's name.
pub(crate) fn errors(sources: &Sources, findings: Findings, literal: &LitStr) -> TokenStream {
    findings
        .into_iter()
        .filter(|finding| finding.severity == revchain_core::Severity::Error)
        .map(|finding| syn::Error::new(literal.span(), render::render(sources, &finding, false)).into_compile_error())
        .collect()
}

fn rust_revisions(sources: &Sources, chain: &Chain) -> Findings {
    let mut findings = Findings::default();
    for (_, file) in sources.iter() {
        let is_ours = chain.revisions.iter().any(|revision| revision.file == file.relative);
        if is_ours && file.relative.ends_with(".rs") {
            findings.push(
                Finding::about(Code::RustInExpression, file.path.clone(), "an expression cannot hold a Rust revision's module")
                    .help("write `revchain::embed_migrations!(\"…\");` as an item on its own line, and use the `MIGRATIONS` that it makes"),
            );
        }
    }
    findings
}

/// The modules of `.rs` revisions. Their functions are `pub` by the format, whatever the lints of the package say. The
/// path is absolute because rustc reads it relative to the file of the call.
fn write_modules(chain: &Chain, directory: &Directory, name: &str, text: &mut String) {
    for revision in chain.revisions.iter().filter(|revision| is_rust(revision)) {
        let path = directory.path.join(&revision.file).display().to_string();
        let _ = write!(
            text,
            "#[doc(hidden)] #[allow(unreachable_pub)] #[path = {path:?}] mod {};",
            module(name, &revision.id)
        );
    }
}

fn is_rust(revision: &lower::Revision) -> bool {
    revision.upgrade == Work::Rust || revision.downgrade == Work::Rust
}

fn module(name: &str, id: &str) -> String {
    format!("__revchain_{}_{id}", name.to_lowercase())
}

/// The chain as an expression.
fn table(chain: &Chain, directory: &Directory, name: &str, literal: &LitStr) -> TokenStream {
    let packed = pack::pack(chain, &directory.written);
    let transaction = match chain.transaction {
        None => "Default",
        Some(config::Transaction::PerRevision) => "PerRevision",
        Some(config::Transaction::PerRun) => "PerRun",
    };
    let settings = lex(
        &format!(
            "r::Settings::new({:?}, {:?}, {}, r::Transaction::{transaction}){}",
            chain.dialects,
            chain.version_table,
            option(chain.version_table_schema.as_deref()),
            settings(chain),
        ),
        literal,
    );
    let mut functions = String::new();
    for (id, direction) in &packed.functions {
        let (module, function) = (module(name, id), direction.name());
        let _ = write!(functions, "(|op| ::std::boxed::Box::pin({module}::{function}(op))) as r::StepFn,");
    }
    let functions = lex(&functions, literal);
    // As text once more: the compiler takes five times as long to make a literal of a long text as to read one.
    let text = lex(&format!("{:?}", packed.text), literal);
    let offsets = Literal::byte_string(&packed.offsets);
    let records = Literal::byte_string(&packed.records);
    quote!({
        use ::revchain::__private as r;
        r::Migrations::new(#settings, const { &r::Packed::new(r::LAYOUT_3, #text, #offsets, #records, &[#functions]) })
    })
}

/// The settings that most chains leave out, as calls that add them.
fn settings(chain: &Chain) -> String {
    let mut text = String::new();
    match chain.edited {
        config::Edited::Error => {}
        config::Edited::Warning => text.push_str(".edited(r::Edited::Warning)"),
        config::Edited::Off => text.push_str(".edited(r::Edited::Off)"),
    }
    if chain.lock_timeout.is_some() || chain.statement_timeout.is_some() {
        let milliseconds = |timeout: Option<Duration>| match timeout {
            Some(timeout) => format!("::core::option::Option::Some({})", timeout.as_millis()),
            None => option(None),
        };
        let (lock, statement) = (milliseconds(chain.lock_timeout), milliseconds(chain.statement_timeout));
        let _ = write!(text, ".timeouts({lock}, {statement})");
    }
    if chain.url.is_some() || !chain.databases.is_empty() {
        let _ = write!(text, ".databases({}, &[", option(chain.url.as_deref()));
        for database in &chain.databases {
            if let (None, Some(url)) = (&database.migrations, &database.url) {
                let _ = write!(text, "({:?}, {url:?}),", database.name);
            }
        }
        text.push_str("], &[");
        for database in chain.databases.iter().filter(|database| database.migrations.is_some()) {
            let _ = write!(text, "({:?}, {}),", database.name, option(database.url.as_deref()));
        }
        text.push_str("])");
    }
    text
}

fn option(value: Option<&str>) -> String {
    value.map_or("::core::option::Option::None".to_owned(), |value| format!("::core::option::Option::Some({value:?})"))
}

/// Makes a build that embeds other bytes than the build script saw fail, and says what is missed without one.
///
/// The comparison is left to the compiler (a constant's evaluation), not made here: an editor that expands this macro
/// again after an edit, before a build script ran, must not show a false "stale".
///
/// Where a build script watches, cargo tracks every file and builds the package again after each run of the script;
/// to have the compiler read and track them as well would cost 50 ms for a thousand.
fn write_watch(sources: &Sources, digest: &str, directory: &Directory, text: &mut String) {
    let is_watched = write_freshness(sources, digest, directory, text);
    if directory.in_package && !is_watched {
        let note = format!(
            "no build script watches `{0}`, so a revision file that is added is not seen until another changes: write \
             `fn main() {{ revchain_build::watch(\"{0}\"); }}` in build.rs",
            directory.written
        );
        let _ = write!(
            text,
            "const _: () = {{ #[deprecated(note = {note:?})] const BUILD_SCRIPT_IS_MISSING: () = (); BUILD_SCRIPT_IS_MISSING }};"
        );
    }
}

/// The same, without a word about a build script that is missing: who embeds the chain says it. Whether there is one.
pub(crate) fn write_freshness(sources: &Sources, digest: &str, directory: &Directory, text: &mut String) -> bool {
    let is_watched = std::env::var_os(&directory.variable).is_some();
    if !is_watched {
        write_tracking(sources, directory, text);
    }
    let variable = &directory.variable;
    let _ = write!(
        text,
        "const _: () = ::revchain::__private::assert_fresh(::core::option_env!({variable:?}), {digest:?});"
    );
    is_watched
}

/// Makes the compiler depend on every file that was read. The `.rs` revisions are modules, where there are no faults.
fn write_tracking(sources: &Sources, directory: &Directory, text: &mut String) {
    let files: Vec<_> = sources.iter().map(|(_, file)| file).filter(|file| file.valid_up_to.is_none()).collect();
    // `include_str!` is of one type for all; `include_bytes!` is of a type for each
    // length, and rustc weighs each element that needs a coercion against all before it: quadratic in the files.
    let _ = write!(text, "const _: [&str; {}] = [", files.len());
    for file in files {
        let _ = if directory.in_package {
            let path = format!("/{}/{}", directory.written, file.relative);
            write!(text, "::core::include_str!(::core::concat!(::core::env!(\"CARGO_MANIFEST_DIR\"), {path:?})),")
        } else {
            let path = directory.path.join(&file.relative).display().to_string();
            write!(text, "::core::include_str!({path:?}),")
        };
    }
    text.push_str("];");
}
